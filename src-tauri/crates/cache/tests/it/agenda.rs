//! The agenda, the board and the day: what stands when, and what becomes possible when.

use cache::pulled::AppointmentOrder;
use chrono::TimeDelta;
use domain::appointment::AppointmentState;
use domain::availability::Taken;
use domain::ticket::Party;
use domain::time::{Now, midnight};
use store::{Change, Entity, EntityKey, TakenAt};

use crate::world::{
    Desk, appointment, appointment_id, code, communication, day, decision, fiscal, instant, now, present,
    put_appointment, slot, ticket, ticket_code,
};

#[tokio::test]
async fn taken_places_are_counted_until_they_are_given_back() {
    let desk = Desk::with(Vec::new()).await;
    let held = |count: u16| {
        let slot = slot("2026-03-19T08:00:00Z");
        Change::Put(Entity::Taken(TakenAt {
            point: slot.point,
            taken: Taken {
                start: slot.start.instant(),
                end: slot.end.instant(),
                count,
            },
        }))
    };
    let count = |desk: &Desk| {
        let pulled = desk.cache.pulled.clone();
        async move {
            let taken = pulled.taken(&code("LU-AZIENDE"), now()).await.expect("reads");
            taken.held_in(&slot("2026-03-19T08:00:00Z"))
        }
    };
    desk.apply(vec![held(2)]).await;
    assert_eq!(count(&desk).await, 2);
    desk.apply(vec![held(1)]).await;
    assert_eq!(count(&desk).await, 1);
    desk.apply(vec![held(0)]).await;
    assert_eq!(count(&desk).await, 0);
    desk.apply(vec![held(1), Change::Gone(EntityKey::Point(code("LU-AZIENDE")))])
        .await;
    assert_eq!(count(&desk).await, 0, "a point takes its places with it");
}

#[tokio::test]
async fn the_agenda_has_two_sides_of_now() {
    let desk = Desk::new().await;
    let mut cancelled = appointment(3, decision(3), &["LU-3"], "2026-03-26T08:00:00Z");
    cancelled.state = AppointmentState::Cancelled {
        by: Party::Sede,
        at: now(),
    };
    let past = appointment(1, decision(1), &["LU-1"], "2026-03-05T08:00:00Z");
    let going_on = appointment(2, decision(2), &["LU-1"], "2026-03-12T07:45:00Z");
    let to_come = appointment(4, decision(4), &["LU-4"], "2026-04-02T07:00:00Z");
    desk.apply(
        [&cancelled, &past, &going_on, &to_come]
            .into_iter()
            .cloned()
            .map(put_appointment)
            .collect(),
    )
    .await;
    let pulled = &desk.cache.pulled;
    let list = |order| async move { pulled.appointment_list(order, now(), 10).await.expect("reads") };
    assert_eq!(
        list(AppointmentOrder::ToCome).await,
        [going_on.clone(), to_come.clone()]
    );
    assert_eq!(list(AppointmentOrder::Past).await, [cancelled.clone(), past.clone()]);
    let week = pulled
        .appointments(midnight(day("2026-03-09")), midnight(day("2026-03-16")))
        .await
        .expect("reads");
    assert_eq!(week, std::slice::from_ref(&going_on));
    let of_ticket = pulled
        .appointments_of_ticket(&ticket_code("LU-1"))
        .await
        .expect("reads");
    assert_eq!(of_ticket, [going_on.clone(), past.clone()], "newest first");
    let of_company = pulled
        .appointments_of_company(&code(&fiscal(1)), now())
        .await
        .expect("reads");
    assert_eq!(of_company, [going_on.clone(), to_come.clone()]);
    assert_eq!(
        pulled.appointment_of_decision(decision(4)).await.expect("reads"),
        Some(to_come)
    );
    let carriers = pulled
        .carriers(&[ticket_code("LU-1"), ticket_code("LU-3")], now())
        .await
        .expect("reads");
    assert_eq!(carriers.len(), 1);
    assert_eq!(carriers[&ticket_code("LU-1")].0, going_on.id);
    desk.apply(vec![Change::Gone(EntityKey::Appointment(going_on.id))])
        .await;
    assert_eq!(pulled.appointment(going_on.id).await.expect("reads"), None);
    assert_eq!(
        pulled
            .appointments_of_ticket(&ticket_code("LU-1"))
            .await
            .expect("reads"),
        [past]
    );
}

#[tokio::test]
async fn communications_wait_until_the_store_says_they_were_read() {
    let desk = Desk::new().await;
    let mut meeting = appointment(1, decision(1), &["LU-1"], "2026-03-19T08:00:00Z");
    meeting.communications = vec![
        communication(2, "2026-03-11T10:00:00Z"),
        communication(1, "2026-03-10T10:00:00Z"),
    ];
    desk.apply(vec![put_appointment(meeting.clone())]).await;
    let pulled = &desk.cache.pulled;
    let unread = pulled.unread().await.expect("reads");
    assert_eq!(unread.len(), 2);
    assert_eq!(
        unread[0].communication.at,
        instant("2026-03-10T10:00:00Z"),
        "oldest first"
    );
    let found = pulled
        .appointment_of_unread(unread[0].communication.id)
        .await
        .expect("reads");
    assert_eq!(found, Some(appointment_id(1)));
    for communication in &mut meeting.communications {
        communication.acknowledged_at = Some(now());
    }
    desk.apply(vec![put_appointment(meeting)]).await;
    assert_eq!(pulled.unread().await.expect("reads"), []);
}

#[tokio::test]
async fn days_know_what_ripens_on_them() {
    let desk = Desk::with(vec![
        ticket("LU-1", 1, "DENUNCE", "2026-03-06"),
        ticket("LU-2", 1, "DENUNCE", "2026-03-07"),
        ticket("LU-3", 1, "DENUNCE", "2026-03-07"),
        ticket("LU-4", 1, "DENUNCE", "2026-01-07"),
        ticket("LU-5", 1, "NESSUNO", "2026-03-06"),
    ])
    .await;
    let pulled = &desk.cache.pulled;
    let ripened = pulled.ripened_today(present(), 20).await.expect("reads");
    let codes: Vec<_> = ripened.rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!((codes, ripened.total), (vec!["LU-1"], 1));
    let tomorrow = Now::at(now() + TimeDelta::days(1));
    let ripened = pulled.ripened_today(tomorrow, 1).await.expect("reads");
    assert_eq!((ripened.rows.len(), ripened.total), (1, 2));
    let days = pulled
        .ripening(day("2026-03-11"), day("2026-03-13"))
        .await
        .expect("reads");
    let figures: Vec<_> = days.into_values().collect();
    assert_eq!(figures, [0, 1, 2]);
    assert_eq!(pulled.bookable_now(present()).await.expect("counts"), 2);
    assert_eq!(pulled.bookable_now(tomorrow).await.expect("counts"), 4);
}

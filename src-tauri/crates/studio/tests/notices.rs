//! What is told outside the page, as a studio lives it.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use std::sync::Arc;

use domain::appointment::SedeChange;
use domain::code::AppointmentId;
use domain::communication::Change;
use domain::slot::Slot;
use domain::time::Civil;
use office::Office;
use store::{SedeDesk, TicketAct};
use studio::notices::{News, Notice, Stop};
use studio::view::app::Area;
use studio::view::notices::Place;
use sync::TracingWatcher;
use world::gate::{Call, unreachable};
use world::{POINT, rome};

async fn taken(office: &Office) -> Vec<Notice> {
    office.studio.sync_now().await.unwrap();
    office.studio.notices_take(false).await.unwrap()
}

/// The one notice that there is.
async fn one(office: &Office) -> Notice {
    let mut notices = taken(office).await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.remove(0)
}

/// An appointment on Thursday the 26th at 9:30 that was told.
async fn booked(office: &Office) -> AppointmentId {
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    let notice = one(office).await;
    let News::Booked { appointment } = notice.news else {
        panic!("{notice:?}");
    };
    let id = appointment.id.to_string();
    assert_eq!(
        (appointment.company.as_str(), notice.place),
        ("Azienda 1", Place::Appointment { id })
    );
    assert_eq!(appointment.point, "Consulenza aziende");
    appointment.id
}

async fn tell(office: &Office, appointment: AppointmentId, change: SedeChange) {
    let desk = office.world.store.desk();
    desk.tell(appointment, change, "").await.unwrap();
}

fn an_hour_later() -> SedeChange {
    SedeChange::MoveTo {
        slot: Slot {
            point: POINT.parse().unwrap(),
            start: Civil::at(rome(11, 26, 10, 30)),
            end: Civil::at(rome(11, 26, 11, 0)),
        },
    }
}

/// With the first reading over and told.
async fn office() -> Office {
    let office = Office::new().await;
    assert_eq!(taken(&office).await, []);
    office
}

#[tokio::test]
async fn a_moved_appointment_is_told_once_also_by_a_program_that_was_started_again() {
    let office = office().await;
    let appointment = booked(&office).await;
    tell(&office, appointment, an_hour_later()).await;
    let notice = one(&office).await;
    let News::Communication {
        appointment,
        change: Change::Rescheduled { before, after },
    } = notice.news
    else {
        panic!("{notice:?}");
    };
    assert_eq!(
        (before.start, after.start),
        (Civil::at(rome(11, 26, 9, 30)), appointment.start)
    );
    assert_eq!(taken(&office).await, []);
    let office = office.restarted().await;
    assert_eq!(taken(&office).await, []);
}

#[tokio::test]
async fn a_computer_that_reads_its_sede_for_the_first_time_has_nothing_to_tell_and_tells_what_comes_then() {
    let office = office().await;
    let appointment = booked(&office).await;
    tell(&office, appointment, an_hour_later()).await;
    let colleague = office.colleague().await;
    assert_eq!(colleague.notices_take(false).await.unwrap(), []);
    tell(&office, appointment, SedeChange::Cancel).await;
    colleague.sync_now().await.unwrap();
    let notices = colleague.notices_take(false).await.unwrap();
    assert!(
        matches!(
            notices.as_slice(),
            [Notice {
                news: News::Communication {
                    change: Change::Cancelled,
                    ..
                },
                ..
            }]
        ),
        "{notices:?}"
    );
}

#[tokio::test]
async fn a_copy_that_is_pulled_anew_tells_nothing_twice() {
    let office = office().await;
    let appointment = booked(&office).await;
    tell(&office, appointment, an_hour_later()).await;
    one(&office).await;
    office.studio.close().await;
    let Office { world, studio, .. } = office;
    drop(studio);
    for name in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        let _ = std::fs::remove_file(world.folder.path().join("desk").join(name));
    }
    let office = Office::over(world, Arc::new(TracingWatcher)).await;
    assert_eq!(
        office.studio.notices_take(false).await.unwrap(),
        [],
        "nothing was read yet"
    );
    assert_eq!(taken(&office).await, []);
}

#[tokio::test]
async fn what_was_acknowledged_before_it_was_told_is_told_no_more() {
    let office = office().await;
    let appointment = booked(&office).await;
    tell(&office, appointment, an_hour_later()).await;
    office.studio.sync_now().await.unwrap();
    let unread = office.studio.today_read().await.unwrap().communications;
    office.studio.communication_acknowledge(&unread[0].id).await.unwrap();
    assert_eq!(office.studio.notices_take(false).await.unwrap(), []);
}

#[tokio::test]
async fn a_deposit_is_told_when_it_comes_to_an_appointment_and_when_an_answer_stops_it() {
    let office = office().await;
    let draft = office.ready(&["LU-3"], &["09:30"]).await;
    office.send(&draft).await;
    assert_eq!(taken(&office).await, [], "it lies with the sede");
    let desk = office.world.store.desk();
    desk.act(&world::code("LU-3"), TicketAct::Reply, "Stiamo verificando.")
        .await
        .unwrap();
    office.studio.sync_now().await.unwrap();
    let stopped = one(&office).await;
    let id = draft.id.clone();
    let news = News::Stopped {
        company: "Azienda 1".into(),
        stop: Stop::Answered,
    };
    assert_eq!(
        stopped,
        Notice {
            news,
            place: Place::Draft { id }
        }
    );

    office.studio.draft_retry(&draft.id).await.unwrap();
    assert_eq!(taken(&office).await, []);
    office.world.clock.set(rome(11, 25, 0, 0));
    office.studio.sync_now().await.unwrap();
    assert!(matches!(one(&office).await.news, News::Booked { .. }));
}

#[tokio::test]
async fn a_booking_that_the_sede_refuses_leads_to_its_draft() {
    let office = office().await;
    booked(&office).await;
    let draft = office.ready(&["LU-2"], &["09:30"]).await;
    office.send(&draft).await;
    let refused = one(&office).await;
    let news = News::Stopped {
        company: "Azienda 1".into(),
        stop: Stop::NotBooked,
    };
    let id = draft.id;
    assert_eq!(
        refused,
        Notice {
            news,
            place: Place::Draft { id }
        }
    );
}

#[tokio::test]
async fn what_a_person_has_just_sent_is_told_by_the_page_that_they_look_at() {
    let office = office().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    office.studio.sync_now().await.unwrap();
    assert_eq!(office.studio.notices_take(true).await.unwrap(), []);
    assert_eq!(office.studio.notices_take(false).await.unwrap(), []);
}

#[tokio::test]
async fn tomorrows_appointment_is_told_in_the_morning_of_its_eve() {
    let office = office().await;
    let appointment = booked(&office).await;
    office.world.clock.set(rome(11, 24, 9, 0));
    assert_eq!(taken(&office).await, [], "it is the day after tomorrow");
    office.world.clock.set(rome(11, 25, 7, 59));
    assert_eq!(taken(&office).await, []);
    office.world.clock.set(rome(11, 25, 8, 0));
    let notice = one(&office).await;
    let id = appointment.to_string();
    assert_eq!(notice.place, Place::Appointment { id });
    let office = office.restarted().await;
    assert_eq!(taken(&office).await, []);
}

#[tokio::test]
async fn a_studio_at_work_tells_whoever_listens() {
    let office = office().await;
    let appointment = booked(&office).await;
    tell(&office, appointment, an_hour_later()).await;
    let studio = Arc::clone(&office.studio);
    let work = tokio::spawn(async move { studio.run().await });
    office.noticed(1).await;
    let told = office.heard.notices.lock().unwrap().clone();
    assert!(matches!(told[0].news, News::Communication { .. }), "{told:?}");
    office.studio.stop();
    work.await.unwrap();
}

#[tokio::test]
async fn a_studio_that_had_nothing_and_no_network_tells_the_first_thing_that_comes() {
    let world = world::World::new().await;
    world.enrol(1).await;
    world.admit(vec![world::open_ticket("LU-1", 1, 6)]).await;
    let office = Office::over(world, Arc::new(TracingWatcher)).await;
    office.gate.shut(Call::Hello, unreachable());
    let studio = Arc::clone(&office.studio);
    let work = tokio::spawn(async move { studio.run().await });
    office.told(&[Area::Status]).await;
    assert_eq!(
        office.studio.notices_take(false).await.unwrap(),
        [],
        "nothing was read yet"
    );
    office.gate.open();
    assert_eq!(taken(&office).await, []);
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    office.send(&draft).await;
    office.noticed(1).await;
    office.studio.stop();
    work.await.unwrap();
}

//! R16: what stands on the portal alone.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use cache::drafts::Judged;
use cache::portal::{Imported, Registration};
use cache::pulled::{AppointmentOrder, Bookable, StatusKind, TicketFilter, TicketRow, TicketSort};
use cache::{CacheError, Repair};
use chrono::TimeDelta;
use domain::booking::BookedTicket;
use domain::code::{AppointmentId, TicketCode};
use domain::content::Content;
use domain::dossier::{Entry, Subject, TicketEntry};
use domain::eligibility::{Eligibility, Obstacle};
use domain::portal::comparison::{Field, RowRefusal, Verdict};
use domain::portal::registered::{PortalAnswer, RegisterRefusal, RegisteredAppointment};
use domain::portal::{PortalStatus, PortalTicket, place};
use domain::ticket::{Judgement, Outcome, Party, ReplyAssessment};
use domain::time::{Civil, Now, midnight};
use store::{Change, Entity, EntityKey};

use crate::world::{
    Desk, EPOCH, code, company, day, decision, draft_id, fiscal, gone, instant, matricola, new_draft, now, offer, page,
    present, put, ticket, ticket_code,
};

/// A row of a list: a ticket, open since `opened`, of the `position`th position.
fn row(text: &str, position: u32, opened: &str) -> PortalTicket {
    PortalTicket {
        code: code(text),
        position: code(&matricola(position)),
        company: None,
        company_name: Some(code("Cartiera Lucchese")),
        sede: Some(code("Lucca")),
        subject: code("Aziende > DURC"),
        opened_on: day(opened),
        status: PortalStatus::Open,
        request: Some(code("Chiediamo la rettifica del DURC")),
        reply: None,
    }
}

fn answered(text: &str, outcome: Outcome) -> PortalTicket {
    PortalTicket {
        status: PortalStatus::Closed {
            outcome,
            on: Some(day("2026-03-10")),
        },
        reply: Some(code("Pratica definita")),
        ..row(text, 7, "2026-03-09")
    }
}

/// One that is bookable, one that will be on the 14th, one closed OK, one closed KO.
fn list() -> Vec<PortalTicket> {
    vec![
        row("P-1", 7, "2026-03-01"),
        row("P-2", 7, "2026-03-08"),
        answered("P-3", Outcome::Ok),
        answered("P-4", Outcome::Ko),
    ]
}

async fn import(desk: &Desk, rows: &[PortalTicket]) -> Imported {
    let imported = desk
        .cache
        .portal
        .import(rows, now(), |_| ControlFlow::Continue(()))
        .await;
    imported.expect("imports").expect("nobody broke off")
}

async fn rows(desk: &Desk, filter: TicketFilter) -> Vec<TicketRow> {
    let pulled = &desk.cache.pulled;
    let list = pulled.open_tickets(&filter, TicketSort::Code, false, present()).await;
    pulled.tickets_at(&list.expect("opens").rowids).await.expect("reads")
}

async fn line(desk: &Desk, text: &str) -> TicketRow {
    let found = desk.cache.pulled.tickets_of(&[ticket_code(text)]).await;
    found.expect("reads").pop().expect("is there")
}

async fn codes(desk: &Desk, filter: TicketFilter) -> Vec<String> {
    rows(desk, filter)
        .await
        .iter()
        .map(|row| row.code.to_string())
        .collect()
}

fn searched(text: &str) -> TicketFilter {
    TicketFilter {
        text: text.into(),
        ..TicketFilter::default()
    }
}

fn standing(bookable: Bookable) -> TicketFilter {
    TicketFilter {
        bookable: Some(bookable),
        ..TicketFilter::default()
    }
}

const ALL: TicketFilter = TicketFilter {
    bookable: None,
    statuses: Vec::new(),
    company: None,
    topic: None,
    opened_from: None,
    opened_to: None,
    in_charge: None,
    text: String::new(),
};

#[tokio::test]
async fn imported_tickets_stand_in_lists_search_and_companies_beside_those_of_the_sede() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-03-01")]).await;
    let imported = import(&desk, &list()).await;
    assert_eq!((imported.new, imported.refused), (4, 0));
    assert_eq!(codes(&desk, ALL).await, ["LU-1", "P-1", "P-2", "P-3", "P-4"]);
    assert_eq!(
        codes(&desk, standing(Bookable::Now)).await,
        ["LU-1", "P-1", "P-4"],
        "R3, R4 hold for them, with no point known"
    );
    assert_eq!(codes(&desk, standing(Bookable::Soon)).await, ["P-2"]);
    assert_eq!(codes(&desk, searched("rettifica")).await, ["P-1", "P-2", "P-3", "P-4"]);
    assert_eq!(codes(&desk, searched("definita")).await, ["P-3", "P-4"]);
    let marked: Vec<bool> = rows(&desk, ALL).await.iter().map(|row| row.portal).collect();
    assert_eq!(marked, [false, true, true, true, true]);
    let companies = desk.cache.pulled.companies("lucchese", now()).await.expect("reads");
    let known: Vec<bool> = companies
        .iter()
        .map(|one| place::known_by(&one.company.code).is_none())
        .collect();
    assert_eq!(
        known,
        [false, true],
        "one goes by its position, the other is the sede's"
    );
    let ripening = desk.cache.pulled.ripening(day("2026-03-14"), day("2026-03-14")).await;
    assert_eq!(ripening.expect("counts")[&day("2026-03-14")], 1);
}

#[tokio::test]
async fn what_is_imported_twice_changes_nothing() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    let before = rows(&desk, ALL).await;
    let again = import(&desk, &list()).await;
    assert_eq!(
        again,
        Imported {
            same: 4,
            ..Imported::default()
        }
    );
    assert_eq!(rows(&desk, ALL).await, before);
    let preview = desk.cache.portal.preview(&list(), day("2026-03-12")).await;
    assert_eq!(preview.expect("compares").verdicts, vec![Verdict::Same; 4]);
}

#[tokio::test]
async fn a_list_says_row_by_row_what_would_come_of_it_and_writes_nothing() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-03-01")]).await;
    import(&desk, &list()).await;
    let closed = PortalTicket {
        status: PortalStatus::Closed {
            outcome: Outcome::Ko,
            on: None,
        },
        ..row("P-1", 7, "2026-03-01")
    };
    let next = [
        closed,
        row("P-2", 7, "2026-03-08"),
        row("P-9", 8, "2026-03-01"),
        row("P-9", 8, "2026-03-02"),
        row("P-3", 7, "2026-03-09"),
        row("LU-1", 1, "2026-03-01"),
        row("P-4", 8, "2026-03-09"),
    ];
    let preview = desk
        .cache
        .portal
        .preview(&next, day("2026-03-12"))
        .await
        .expect("compares");
    let refused = Verdict::Refused;
    assert_eq!(
        preview.verdicts,
        [
            Verdict::Changed(vec![Field::Status]),
            Verdict::Same,
            Verdict::New,
            refused(RowRefusal::Twice),
            refused(RowRefusal::Older),
            refused(RowRefusal::AtTheSede),
            refused(RowRefusal::OtherPosition),
        ]
    );
    assert_eq!(codes(&desk, ALL).await.len(), 5, "nothing was written");
    let imported = import(&desk, &next).await;
    assert_eq!(imported, preview.counts(), "what was promised is what comes");
    assert_eq!(line(&desk, "P-1").await.status, StatusKind::ClosedKo);
    let last = import(&desk, &next).await;
    assert_eq!(
        (last.new, last.changed),
        (0, 0),
        "nor does the second time change anything"
    );
}

#[tokio::test]
async fn a_list_that_is_broken_off_is_not_taken_at_all() {
    let desk = Desk::new().await;
    let many: Vec<_> = (0..3_000)
        .map(|n| row(&format!("P-{n}"), n % 50, "2026-03-01"))
        .collect();
    let mut heard = Vec::new();
    let broken_off = desk.cache.portal.import(&many, now(), |done| {
        heard.push(done);
        if done >= 2_000 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(broken_off.await.expect("breaks off"), None);
    assert_eq!(heard, [0, 1_000, 2_000]);
    assert_eq!(desk.cache.portal.count().await.expect("counts"), 0);
    let (desk, _) = desk.reopened().await;
    assert_eq!(codes(&desk, ALL).await, [""; 0]);
    assert_eq!(import(&desk, &many).await.new, 3_000);
}

#[tokio::test]
async fn a_program_that_dies_while_importing_leaves_nothing_of_the_list() {
    let desk = Desk::new().await;
    let portal = desk.cache.portal.clone();
    let many: Vec<_> = (0..5_000).map(|n| row(&format!("P-{n}"), 7, "2026-03-01")).collect();
    // The future is dropped where it stands, as the program's end drops it.
    let mut pieces = 0;
    let (reached, wait) = tokio::sync::oneshot::channel();
    let mut reached = Some(reached);
    let task = tokio::spawn(async move {
        portal
            .import(&many, now(), |_| {
                pieces += 1;
                if pieces == 3
                    && let Some(reached) = reached.take()
                {
                    let _ = reached.send(());
                }
                ControlFlow::Continue(())
            })
            .await
    });
    wait.await.expect("it came half-way");
    task.abort();
    let ended = task.await;
    let (desk, _) = desk.reopened().await;
    let count = desk.cache.portal.count().await.expect("counts");
    assert!(
        count == 0 || (count == 5_000 && ended.is_ok()),
        "all of it or nothing: {count}"
    );
}

#[tokio::test]
async fn fifty_thousand_rows_are_taken_within_seconds_and_lists_are_as_quick_as_ever() {
    let desk = Desk::new().await;
    let many: Vec<_> = (0..50_000)
        .map(|n| row(&format!("INPS-{n}"), n % 2_000, "2026-03-01"))
        .collect();
    let begun = Instant::now();
    import(&desk, &many).await;
    let took = begun.elapsed();
    println!("50,000 rows in {took:?}");
    assert!(took < Duration::from_secs(60), "{took:?}, even in a debug build");
    assert_eq!(rows(&desk, searched("INPS-49999")).await.len(), 1);
}

#[tokio::test]
async fn a_fiscal_code_that_a_later_list_brings_gives_all_tickets_of_the_position_their_company() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    let nameless = place::company_of(&code(&matricola(7)));
    assert!(rows(&desk, ALL).await.iter().all(|row| row.company == nameless));
    let named = PortalTicket {
        company: Some(code(&fiscal(7))),
        company_name: Some(code("Cartiera Lucchese S.p.A.")),
        ..row("P-5", 7, "2026-03-02")
    };
    import(&desk, &[named]).await;
    let all = rows(&desk, ALL).await;
    assert_eq!(all.len(), 5);
    assert!(all.iter().all(|row| row.company == code(&fiscal(7))), "{all:?}");
    let companies = desk.cache.pulled.companies("", now()).await.expect("reads");
    let names: Vec<_> = companies.iter().map(|one| one.company.name.as_str()).collect();
    assert_eq!(names, ["Cartiera Lucchese S.p.A."], "the nameless one is gone");
}

#[tokio::test]
async fn what_the_sede_tells_of_a_company_or_a_position_wins() {
    let desk = Desk::new().await;
    import(&desk, &[row("P-1", 1, "2026-03-01")]).await;
    desk.apply(offer()).await;
    let all = rows(&desk, ALL).await;
    assert_eq!(all[0].company, code(&fiscal(1)), "whose position it is the sede knows");
    assert_eq!(all[0].company_name, company(1, "Cartiera Lucchese S.p.A.").name);
    let other_name = PortalTicket {
        company: Some(code(&fiscal(9))),
        company_name: Some(code("Altro nome")),
        ..row("P-2", 1, "2026-03-01")
    };
    import(&desk, &[other_name]).await;
    let names: Vec<_> = rows(&desk, ALL).await.into_iter().map(|row| row.company_name).collect();
    assert_eq!(names, ["Cartiera Lucchese S.p.A."; 2]);
}

#[tokio::test]
async fn a_ticket_that_the_sede_has_by_now_is_the_sedes_and_comes_back_when_that_has_it_no_more() {
    let desk = Desk::with(Vec::new()).await;
    import(&desk, &[row("LU-5", 1, "2026-03-01")]).await;
    desk.apply(vec![put(ticket("LU-5", 1, "DENUNCE", "2026-03-05"))]).await;
    let all = rows(&desk, ALL).await;
    assert_eq!((all.len(), all[0].portal), (1, false));
    assert_eq!(desk.cache.portal.count().await.expect("counts"), 0);
    let judged = Judged {
        decision: decision(1),
        ticket: ticket_code("LU-5"),
        judgement: judgement("2026-03-10"),
    };
    let decided = desk.cache.outbox.assess(&judged, now()).await;
    decided.expect("the sede hears of its own ticket");
    let (desk, _) = desk.reopened().await;
    assert!(!rows(&desk, ALL).await[0].portal, "also after a start");
    desk.apply(vec![gone("LU-5")]).await;
    let all = rows(&desk, ALL).await;
    assert_eq!((all.len(), all[0].portal), (1, true));
}

#[tokio::test]
async fn another_life_of_the_store_takes_nothing_of_the_portal_away() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-03-01")]).await;
    import(&desk, &list()).await;
    desk.cache.apply(&page(offer()), "second life").await.expect("applies");
    assert_eq!(codes(&desk, ALL).await, ["P-1", "P-2", "P-3", "P-4"]);
    desk.cache.reset().await.expect("resets");
    assert_eq!(codes(&desk, ALL).await, ["P-1", "P-2", "P-3", "P-4"]);
    // The next life has one of them.
    let mut third = offer();
    third.push(put(ticket("P-3", 1, "DENUNCE", "2026-03-05")));
    desk.cache.apply(&page(third), "third life").await.expect("applies");
    assert_eq!(codes(&desk, ALL).await, ["P-1", "P-2", "P-3", "P-4"]);
    assert_eq!(desk.cache.portal.count().await.expect("counts"), 3);
    let judged = Judged {
        decision: decision(1),
        ticket: ticket_code("P-3"),
        judgement: judgement("2026-03-10"),
    };
    let assessed = desk.cache.outbox.assess(&judged, now()).await;
    assessed.expect("the sede hears of its own ticket");
    // And the one after that does not.
    desk.cache.apply(&page(offer()), "fourth life").await.expect("applies");
    assert_eq!(codes(&desk, ALL).await, ["P-1", "P-2", "P-3", "P-4"]);
    assert_eq!(desk.cache.portal.count().await.expect("counts"), 4);
}

fn judgement(closed_on: &str) -> Judgement {
    Judgement {
        assessment: ReplyAssessment::Unsatisfactory,
        closed_at: midnight(day(closed_on)),
    }
}

#[tokio::test]
async fn r3_a_judgement_on_a_reply_of_the_portal_stays_here() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    let portal = &desk.cache.portal;
    portal
        .judge(&ticket_code("P-3"), judgement("2026-03-10"))
        .await
        .expect("judges");
    assert_eq!(codes(&desk, standing(Bookable::Now)).await, ["P-1", "P-3", "P-4"]);
    assert_eq!(desk.cache.outbox.pending().await.expect("reads"), []);
    let (desk, _) = desk.reopened().await;
    assert_eq!(codes(&desk, standing(Bookable::Now)).await, ["P-1", "P-3", "P-4"]);
}

/// An appointment on the 19th, from half past nine.
fn appointment(n: u128, tickets: &[&str]) -> RegisteredAppointment {
    RegisteredAppointment {
        id: AppointmentId::new(uuid::Uuid::from_u128(0xb_0000 + n)),
        company: place::company_of(&code(&matricola(7))),
        sede: place::sede(Some(&code("Lucca"))).code,
        tickets: tickets.iter().map(|ticket| ticket_code(ticket)).collect(),
        answer: answer("2026-03-19T08:30:00Z"),
        content: Content::default(),
        by: None,
        registered_at: now(),
        cancelled: None,
        before: Vec::new(),
    }
}

fn answer(start: &str) -> PortalAnswer {
    let start = instant(start);
    PortalAnswer {
        identifier: Some(code("Prenotazione n. 12")),
        start: Civil::at(start),
        end: Civil::at(start + TimeDelta::minutes(30)),
        place: Some(code("Lucca, Piazza dei Martiri")),
    }
}

#[tokio::test]
async fn r16_a_registered_appointment_stands_in_the_agenda_and_carries_its_tickets() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    let portal = &desk.cache.portal;
    let one = appointment(1, &["P-1"]);
    let registered = portal.register(&one, None, present()).await.expect("registers");
    assert_eq!(registered, Registration::Registered(Box::new(one.clone())));
    let pulled = &desk.cache.pulled;
    let to_come = pulled
        .appointment_list(AppointmentOrder::ToCome, now(), 9)
        .await
        .expect("reads");
    assert_eq!(to_come, [one.as_appointment()]);
    assert!(pulled.is_registered(one.id).await.expect("reads"));
    let carried = line(&desk, "P-1").await;
    let until = one.answer.end.instant();
    assert_eq!(
        carried.eligibility(present()),
        Eligibility::NotBookable(Obstacle::Carried { until })
    );
    let second = portal.register(&appointment(2, &["P-1", "P-4"]), None, present()).await;
    assert_eq!(
        second.expect("looks"),
        Registration::Carried {
            ticket: ticket_code("P-1"),
            by: one.id
        },
        "R5"
    );
    let afterwards = Now::at(until);
    assert!(
        matches!(carried.eligibility(afterwards), Eligibility::Bookable(_)),
        "R4 decides again"
    );
    let next = portal
        .register(
            &RegisteredAppointment {
                answer: answer("2026-04-02T08:30:00Z"),
                ..appointment(3, &["P-1"])
            },
            None,
            afterwards,
        )
        .await;
    assert!(matches!(next, Ok(Registration::Registered(_))), "{next:?}");
}

#[tokio::test]
async fn what_the_portal_says_later_is_written_down_and_a_cancellation_frees_the_tickets() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    let portal = &desk.cache.portal;
    let one = appointment(1, &["P-1"]);
    portal.register(&one, None, present()).await.expect("registers");
    let moved = answer("2026-03-20T10:00:00Z");
    let changed = portal.change(one.id, &one.answer, moved.clone(), present()).await;
    let Ok(Registration::Registered(changed)) = changed else {
        panic!("{changed:?}")
    };
    assert_eq!(changed.before.len(), 1, "R15");
    let overtaken = portal.change(one.id, &one.answer, moved.clone(), present()).await;
    assert!(matches!(overtaken, Err(CacheError::Moved)), "{overtaken:?}");
    let (desk, _) = desk.reopened().await;
    let portal = &desk.cache.portal;
    let pulled = &desk.cache.pulled;
    let shown = pulled.appointment(one.id).await.expect("reads").expect("is there");
    assert_eq!(shown.slot.start, moved.start);
    portal.cancel(one.id, Party::Sede, present()).await.expect("cancels");
    assert_eq!(codes(&desk, standing(Bookable::Now)).await, ["P-1", "P-4"]);
    let again = portal.cancel(one.id, Party::Studio, present()).await.expect("looks");
    assert_eq!(again, Registration::Refused(RegisterRefusal::Cancelled));
    let unknown = portal
        .cancel(AppointmentId::new(uuid::Uuid::nil()), Party::Sede, present())
        .await;
    assert!(matches!(unknown, Err(CacheError::UnknownAppointment)), "{unknown:?}");
}

fn draft_of(n: u128, tickets: &[&str]) -> cache::drafts::NewDraft {
    cache::drafts::NewDraft {
        company: place::company_of(&code(&matricola(7))),
        point: place::point_code(&place::sede(Some(&code("Lucca"))).code),
        ..new_draft(n, tickets)
    }
}

#[tokio::test]
async fn a_draft_comes_to_its_end_with_the_appointment_that_it_was_prepared_for() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    let drafts = &desk.cache.drafts;
    drafts
        .prepare(draft_of(1, &["P-1"]), None, now())
        .await
        .expect("prepares");
    let portal = &desk.cache.portal;
    let one = appointment(1, &["P-1"]);
    let elsewhere = portal.register(&one, None, present()).await;
    assert!(
        matches!(elsewhere, Err(CacheError::TicketInDraft { .. })),
        "it is being prepared: {elsewhere:?}"
    );
    portal
        .register(&one, Some(draft_id(1)), present())
        .await
        .expect("registers");
    let draft = drafts.get(draft_id(1)).await.expect("reads");
    assert_eq!(draft.state, cache::drafts::DraftState::Booked { appointment: one.id });
    let again = portal
        .register(&appointment(2, &["P-4"]), Some(draft_id(1)), present())
        .await;
    assert!(matches!(again, Err(CacheError::Locked { .. })), "{again:?}");
}

#[tokio::test]
async fn r16_the_outbox_takes_nothing_of_the_portal_whoever_asks() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    let (drafts, outbox) = (&desk.cache.drafts, &desk.cache.outbox);
    let draft = drafts
        .prepare(draft_of(1, &["P-1"]), None, now())
        .await
        .expect("prepares");
    let entries = std::collections::HashMap::new();
    let sent = drafts
        .send(draft.id, draft.revision, decision(1), None, &entries, now())
        .await;
    assert!(matches!(sent, Err(CacheError::OfThePortal)), "{sent:?}");
    let judged = Judged {
        decision: decision(2),
        ticket: ticket_code("P-3"),
        judgement: judgement("2026-03-10"),
    };
    let assessed = outbox.assess(&judged, now()).await;
    assert!(matches!(assessed, Err(CacheError::OfThePortal)), "{assessed:?}");
    let reminded = outbox.remind(&ticket_code("P-1"), "", decision(3), now()).await;
    assert!(matches!(reminded, Err(CacheError::OfThePortal)), "{reminded:?}");
    let note = note("P-1");
    let entered = outbox.enter(note, decision(4), now()).await;
    assert!(matches!(entered, Err(CacheError::OfThePortal)), "{entered:?}");
    let one = appointment(1, &["P-4"]);
    desk.cache
        .portal
        .register(&one, None, present())
        .await
        .expect("registers");
    let cancelled = outbox.cancel(one.id, decision(5), now()).await;
    assert!(matches!(cancelled, Err(CacheError::OfThePortal)), "{cancelled:?}");
    assert_eq!(outbox.pending().await.expect("reads"), []);
    assert_eq!(
        drafts.get(draft.id).await.expect("reads").state,
        cache::drafts::DraftState::Editing,
        "and the draft is the person's"
    );
    let from_reply = cache::drafts::NewDraft {
        tickets: vec![BookedTicket {
            code: ticket_code("P-3"),
            judgement: Some(judged.judgement),
            read: None,
        }],
        ..draft_of(2, &[])
    };
    drafts
        .prepare(from_reply, Some(judged), now())
        .await
        .expect("a judgement stays here");
    assert_eq!(outbox.pending().await.expect("reads"), []);
    assert_eq!(codes(&desk, standing(Bookable::Now)).await, ["P-1", "P-3"]);
}

fn note(ticket: &str) -> Entry {
    Entry::Ticket {
        ticket: ticket_code(ticket),
        entry: TicketEntry::Note {
            words: code("Sentire il cliente"),
        },
    }
}

#[tokio::test]
async fn notes_about_tickets_of_the_portal_are_kept_here() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    desk.cache.portal.enter(&note("P-1"), now()).await.expect("enters");
    let (desk, _) = desk.reopened().await;
    let subject = Subject::Ticket(ticket_code("P-1"));
    let dossier = desk.cache.pulled.dossier(&subject).await.expect("reads");
    let shown = serde_json::to_string(&dossier).expect("writes");
    assert!(shown.contains("Sentire il cliente"), "{shown}");
}

#[tokio::test]
async fn a_cache_that_is_thrown_away_is_projected_again() {
    let desk = Desk::new().await;
    import(&desk, &list()).await;
    let one = appointment(1, &["P-1"]);
    desk.cache
        .portal
        .register(&one, None, present())
        .await
        .expect("registers");
    let before = rows(&desk, ALL).await;
    desk.cache.close().await;
    for name in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        let _ = std::fs::remove_file(desk.folder.path().join(name));
    }
    let (desk, repairs) = Desk::opened(desk.folder, now()).await;
    assert_eq!(repairs, []);
    assert_eq!(rows(&desk, ALL).await, before);
    assert!(desk.cache.pulled.is_registered(one.id).await.expect("reads"));
    assert_eq!(codes(&desk, searched("rettifica")).await.len(), 4);
}

#[tokio::test]
async fn a_damaged_studio_file_keeps_what_can_be_read_of_the_portal() {
    let desk = Desk::new().await;
    import(&desk, &list()[..1]).await;
    // The first opening of a day backs up.
    let (desk, _) = desk.reopened().await;
    import(&desk, &list()).await;
    let one = appointment(1, &["P-4"]);
    desk.cache
        .portal
        .register(&one, None, present())
        .await
        .expect("registers");
    desk.cache
        .portal
        .remember("codice;stato", &["code", "status"], now())
        .await
        .expect("remembers");
    desk.cache.portal.enter(&note("P-1"), now()).await.expect("enters");
    desk.cache.close().await;
    let path = desk.folder.path().join("studio.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
        .await
        .expect("opens");
    // No release has made such a file; its rows can be read.
    sqlx::query("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1")
        .execute(&mut connection)
        .await
        .expect("damages");
    sqlx::Connection::close(connection).await.expect("closes");
    let (desk, repairs) = Desk::opened(desk.folder, now() + TimeDelta::hours(2)).await;
    assert!(
        matches!(repairs.as_slice(), [Repair::StudioRestored { backup_of: Some(_), .. }]),
        "{repairs:?}"
    );
    assert_eq!(codes(&desk, ALL).await, ["P-1", "P-2", "P-3", "P-4"]);
    assert!(desk.cache.pulled.is_registered(one.id).await.expect("reads"));
    assert_eq!(
        codes(&desk, standing(Bookable::Now)).await,
        ["P-1"],
        "R5: P-4 is carried"
    );
    let mapping: Option<Vec<String>> = desk.cache.portal.mapping("codice;stato").await.expect("reads");
    assert_eq!(mapping, Some(vec!["code".into(), "status".into()]));
    let subject = Subject::Ticket(ticket_code("P-1"));
    let dossier = desk.cache.pulled.dossier(&subject).await.expect("reads");
    assert!(serde_json::to_string(&dossier).expect("writes").contains("Sentire"));
}

#[tokio::test]
async fn a_studio_file_that_was_lost_takes_its_projection_along() {
    let desk = Desk::new().await;
    let (desk, _) = desk.reopened().await;
    import(&desk, &list()).await;
    desk.cache
        .portal
        .register(&appointment(1, &["P-1"]), None, present())
        .await
        .expect("registers");
    desk.cache.close().await;
    std::fs::write(desk.folder.path().join("studio.db"), b"no database").expect("damages");
    for name in ["studio.db-wal", "studio.db-shm"] {
        let _ = std::fs::remove_file(desk.folder.path().join(name));
    }
    let (desk, repairs) = Desk::opened(desk.folder, now()).await;
    assert!(
        matches!(repairs.as_slice(), [Repair::StudioRestored { .. }]),
        "{repairs:?}"
    );
    assert_eq!(codes(&desk, ALL).await, [""; 0], "nothing is shown that is not held");
    assert_eq!(import(&desk, &list()).await.new, 4);
    assert_eq!(codes(&desk, ALL).await.len(), 4);
}

#[tokio::test]
async fn a_single_ticket_is_typed_in_and_corrected() {
    let desk = Desk::with(vec![ticket("LU-1", 1, "DENUNCE", "2026-03-01")]).await;
    let portal = &desk.cache.portal;
    let one = row("P-1", 7, "2026-03-05");
    assert_eq!(portal.write(&one, now()).await.expect("writes"), Verdict::New);
    assert_eq!(portal.write(&one, now()).await.expect("writes"), Verdict::Same);
    let corrected = row("P-1", 7, "2026-03-01");
    assert_eq!(
        portal.write(&corrected, now()).await.expect("writes"),
        Verdict::Changed(vec![Field::OpenedOn]),
        "a slip of the hand is put right, which no list could"
    );
    let of_the_sede = row("LU-1", 1, "2026-03-01");
    assert_eq!(
        portal.write(&of_the_sede, now()).await.expect("looks"),
        Verdict::Refused(RowRefusal::AtTheSede)
    );
    let held = portal
        .ticket(&ticket_code("P-1"))
        .await
        .expect("reads")
        .expect("is held");
    assert_eq!(held.ticket.opened_on, day("2026-03-01"));
    assert_eq!(portal.ticket(&ticket_code("LU-1")).await.expect("reads"), None);
    let among: Vec<TicketCode> = portal
        .among(&[ticket_code("LU-1"), ticket_code("P-1")])
        .await
        .expect("reads");
    assert_eq!(among, [ticket_code("P-1")]);
}

#[tokio::test]
async fn a_company_that_the_sede_names_no_more_goes_on_by_what_lists_call_it() {
    let desk = Desk::with(Vec::new()).await;
    import(&desk, &[row("P-1", 1, "2026-03-01")]).await;
    desk.apply(vec![
        Change::Gone(EntityKey::Position(code(&matricola(1)))),
        Change::Gone(EntityKey::Company(code(&fiscal(1)))),
    ])
    .await;
    let all = rows(&desk, ALL).await;
    assert_eq!(all[0].company_name, "Cartiera Lucchese");
    desk.cache
        .apply(
            &page(vec![Change::Put(Entity::Company(company(1, "Cartiera S.p.A.")))]),
            EPOCH,
        )
        .await
        .expect("applies");
    assert_eq!(codes(&desk, ALL).await, ["P-1"]);
}

//! From tickets to drafts, and what a person does with a draft.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use domain::company::Delegation;
use office::{Office, code, failure, texts, thursday};
use store::{Admission, AdmittedDelegation, SedeDesk as _};
use studio::view::app::{Settings, Theme};
use studio::view::drafts::{DraftChange, DraftStateView, Due, LeftOut, Missing, NeverView, WishView};
use studio::view::failure::FailureCode;
use studio::view::tickets::{AssessmentView, BookableView, ObstacleView};

#[tokio::test]
async fn a_selection_falls_into_appointments_in_its_own_order() {
    let office = Office::new().await;
    let held = office.prepare(&["LU-2"]).await;
    let selection = texts(&["LU-6", "LU-4", "LU-1", "LU-3", "LU-2", "LU-5", "LU-1"]);
    let grouping = office.studio.booking_group(&selection).await.unwrap();
    let groups: Vec<_> = grouping
        .groups
        .iter()
        .map(|group| (group.point.code.as_str(), group.tickets.join(" ")))
        .collect();
    assert_eq!(
        groups,
        [
            (world::OTHER_POINT, "LU-6".to_owned()),
            (world::POINT, "LU-1 LU-3 LU-5".to_owned())
        ]
    );
    let LeftOut {
        ticket,
        bookable,
        draft,
    } = &grouping.left_out[0];
    assert_eq!((ticket.as_str(), draft), ("LU-4", &None));
    assert_eq!(
        *bookable,
        BookableView::No {
            obstacle: ObstacleView::Unassessed
        }
    );
    assert_eq!(grouping.left_out[1].draft.as_ref(), Some(&held.id));
    assert_eq!(grouping.left_out.len(), 2, "none is dropped silently (R8)");
}

#[tokio::test]
async fn a_draft_begins_with_the_contact_of_the_settings() {
    let office = Office::new().await;
    let settings = Settings {
        theme: Theme::Dark,
        phone: "999".into(),
        email: "studio@example.it".into(),
        ..Settings::default()
    };
    let status = office.studio.settings_save(settings.clone()).await.unwrap();
    assert_eq!(status.settings, settings);
    let draft = office.prepare(&["LU-1", "LU-2"]).await;
    assert_eq!(
        (draft.phone.as_str(), draft.email.as_str()),
        ("999", "studio@example.it")
    );
    assert_eq!(draft.state, DraftStateView::Editing);
    assert_eq!(draft.company_name, "Azienda 1");
    assert_eq!(draft.point.code, world::POINT);
    assert_eq!(draft.due, Due::Now);
    assert_eq!(draft.saved_time, "9:41");
    assert_eq!(
        draft.missing,
        [Missing::Wish, Missing::BadPhone],
        "three digits are no number"
    );
    assert_eq!(draft.limits.notes_max, 500);
}

#[tokio::test]
async fn what_can_not_be_prepared_says_why_and_leaves_no_draft() {
    let office = Office::new().await;
    let held = office.prepare(&["LU-2"]).await;
    let cases: Vec<(&[&str], FailureCode)> = vec![
        (&[], FailureCode::NothingSelected),
        (&["LU-77"], FailureCode::UnknownTicket),
        (&["LU-1", "not a code!"], FailureCode::UnknownTicket),
        (&["LU-1", "LU-9"], FailureCode::MixedCompanies),
        (&["LU-1", "LU-6"], FailureCode::MixedPoints),
        (&["LU-1", "LU-4"], FailureCode::NotBookable),
        (&["LU-1", "LU-2"], FailureCode::AlreadyInDraft),
    ];
    for (tickets, expected) in cases {
        let refused = failure(office.studio.booking_prepare(&texts(tickets)).await);
        assert_eq!(refused.code, expected, "{tickets:?}");
        let with = (expected == FailureCode::AlreadyInDraft).then(|| held.id.clone());
        assert_eq!(refused.details.draft, with);
    }
    let mixed = office.studio.booking_group(&texts(&["LU-1", "LU-9"])).await;
    assert_eq!(code(mixed), FailureCode::MixedCompanies);
    assert_eq!(
        office.studio.drafts_list().await.unwrap().len(),
        1,
        "no draft but the one that was there"
    );
}

#[tokio::test]
async fn a_reply_that_is_not_satisfactory_is_judged_and_its_booking_begun_in_one_step() {
    let office = Office::new().await;
    let draft = office.studio.booking_from_reply("LU-4").await.unwrap();
    assert_eq!(draft.tickets[0].code, "LU-4");
    assert_eq!(draft.due, Due::Now);
    let ticket = office.studio.ticket_open("LU-4").await.unwrap();
    assert_eq!(ticket.assessment, AssessmentView::Unsatisfactory);
    assert_eq!(
        office.studio.status().await.unwrap().connection.waiting,
        1,
        "the judgement is on its way"
    );

    let from_reply = |ticket| office.studio.booking_from_reply(ticket);
    assert_eq!(code(from_reply("LU-4").await), FailureCode::AlreadyInDraft);
    assert_eq!(
        code(from_reply("LU-1").await),
        FailureCode::NotAssessable,
        "nothing was replied"
    );
    assert_eq!(code(from_reply("LU-77").await), FailureCode::UnknownTicket);
    let office = office.restarted().await;
    assert_eq!(office.studio.drafts_list().await.unwrap().len(), 1);
    let kept = office.studio.ticket_open("LU-4").await.unwrap();
    assert_eq!(kept.assessment, AssessmentView::Unsatisfactory, "both are still there");
}

#[tokio::test]
async fn a_draft_is_always_saved_and_knows_who_changed_it_last() {
    let office = Office::new().await;
    let draft = office.prepare(&["LU-1"]).await;
    let change = DraftChange {
        wishes: Some(vec![
            thursday("09:30"),
            WishView::Pattern {
                weekdays: vec![4],
                from: Some("09:00".into()),
                to: Some("12:00".into()),
                until: Some("2026-12-15".into()),
            },
        ]),
        notes: Some("Portiamo il DURC.".into()),
        email: Some("studio@example.it".into()),
        ..DraftChange::default()
    };
    let saved = office
        .studio
        .draft_save(&draft.id, draft.revision, change.clone())
        .await
        .unwrap();
    assert_eq!(saved.revision, draft.revision + 1);
    assert_eq!(saved.missing, []);
    assert_eq!(
        saved.wishes[0],
        WishView::Slot {
            start: "2026-11-26T09:30:00+01:00[Europe/Rome]".into(),
            date: "2026-11-26".into(),
            time: "09:30".into(),
            free: Some(1),
        }
    );
    assert_eq!(saved.wishes[1], change.wishes.as_ref().unwrap()[1]);
    let stale = office
        .studio
        .draft_save(&draft.id, draft.revision, change.clone())
        .await;
    assert_eq!(code(stale), FailureCode::DraftStale);
    assert_eq!(
        office.studio.draft_open(&draft.id).await.unwrap(),
        saved,
        "nothing was changed by it"
    );

    let office = office.restarted().await;
    assert_eq!(office.studio.draft_open(&draft.id).await.unwrap(), saved);
    let sent = office.send(&saved).await;
    let locked = office.studio.draft_save(&draft.id, sent.revision, change).await;
    assert_eq!(code(locked), FailureCode::DraftLocked);
}

#[tokio::test]
async fn what_is_written_into_a_draft_and_can_not_be_meant_changes_nothing() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    let base = DraftChange::default;
    let cases = [
        (
            ("notes", FailureCode::TooLong, Some(20_000)),
            DraftChange {
                notes: Some("è".repeat(20_001)),
                ..base()
            },
        ),
        (
            ("phone", FailureCode::TooLong, Some(500)),
            DraftChange {
                phone: Some("1".repeat(501)),
                ..base()
            },
        ),
        (
            ("email", FailureCode::TooLong, Some(500)),
            DraftChange {
                email: Some("x".repeat(501)),
                ..base()
            },
        ),
        (
            ("wishes", FailureCode::InvalidArgument, None),
            DraftChange {
                wishes: Some(vec![thursday("09:30"); 11]),
                ..base()
            },
        ),
        (
            ("wishes", FailureCode::InvalidArgument, None),
            DraftChange {
                wishes: Some(vec![thursday("9")]),
                notes: Some("this is not kept either".into()),
                ..base()
            },
        ),
    ];
    for ((argument, expected, max), change) in cases {
        let refused = failure(office.studio.draft_save(&draft.id, draft.revision, change).await);
        assert_eq!(refused.code, expected);
        assert_eq!(refused.details.argument.as_deref(), Some(argument));
        assert_eq!(refused.details.max, max);
        assert_eq!(
            office.studio.draft_open(&draft.id).await.unwrap(),
            draft,
            "nothing was changed"
        );
    }
    // Long, but written: it is kept, and what is too much is said.
    let long = DraftChange {
        notes: Some("x".repeat(501)),
        ..base()
    };
    let saved = office.studio.draft_save(&draft.id, draft.revision, long).await.unwrap();
    assert_eq!(saved.missing, [Missing::NotesTooLong { length: 501, max: 500 }]);
    let refused = office.studio.draft_send(&saved.id, saved.revision).await;
    assert_eq!(code(refused), FailureCode::DraftIncomplete);
    assert_eq!(
        office.studio.draft_open(&draft.id).await.unwrap().state,
        DraftStateView::Editing
    );
}

#[tokio::test]
async fn a_draft_that_is_not_there_is_told_by_every_command() {
    let office = Office::new().await;
    let studio = &office.studio;
    for id in [
        "",
        "1",
        "no-id",
        "00000000-0000-0000-0000-000000000000",
        &"9".repeat(10_000),
    ] {
        let unknown = FailureCode::UnknownDraft;
        assert_eq!(code(studio.draft_open(id).await), unknown);
        assert_eq!(code(studio.draft_save(id, 1, DraftChange::default()).await), unknown);
        assert_eq!(code(studio.draft_send(id, 1).await), unknown);
        assert_eq!(code(studio.draft_recall(id).await), unknown);
        assert_eq!(code(studio.draft_retry(id).await), unknown);
        assert_eq!(code(studio.draft_discard(id).await), unknown);
        assert_eq!(code(studio.draft_restore(id).await), unknown);
        assert_eq!(code(studio.attach(id, Vec::new()).await), unknown);
        assert_eq!(code(studio.attachment_remove(id, "00").await), unknown);
        assert_eq!(code(studio.attachment_path(id, "00").await), unknown);
    }
}

#[tokio::test]
async fn a_draft_for_a_ticket_that_ripens_names_the_day_and_waits_for_it() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1", "LU-3"], &["09:30"]).await;
    let day = Due::On {
        date: "2026-11-25".into(),
    };
    assert_eq!(draft.due, day, "the latest of its tickets");
    let sent = office.send(&draft).await;
    assert_eq!((sent.state, sent.due), (DraftStateView::Queued, day.clone()));
    office.studio.sync_now().await.unwrap();
    let today = office.studio.today_read().await.unwrap();
    assert_eq!(today.leaving.len(), 1);
    assert_eq!(today.leaving[0].due, day);
    office.world.clock.set(world::rome(11, 25, 0, 0));
    office.studio.sync_now().await.unwrap();
    assert_eq!(
        office.studio.draft_open(&draft.id).await.unwrap().state,
        DraftStateView::Booked
    );
}

#[tokio::test]
async fn a_wish_that_would_be_over_by_then_is_found_before_it_is_sent() {
    let office = Office::new().await;
    let draft = office.prepare(&["LU-3"]).await;
    let change = DraftChange {
        wishes: Some(vec![
            WishView::Slot {
                start: "2026-11-24T13:30:00+01:00[Europe/Rome]".into(),
                date: String::new(),
                time: String::new(),
                free: None,
            },
            thursday("09:30"),
        ]),
        phone: Some("0583 123456".into()),
        ..DraftChange::default()
    };
    let saved = office
        .studio
        .draft_save(&draft.id, draft.revision, change)
        .await
        .unwrap();
    assert_eq!(saved.missing, [Missing::PastWish { index: 0 }]);
}

#[tokio::test]
async fn a_sent_draft_can_be_taken_back_thrown_away_and_restored() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-3"], &["09:30"]).await;
    let sent = office.send(&draft).await;
    let again = office.studio.draft_send(&draft.id, sent.revision).await;
    assert_eq!(code(again), FailureCode::DraftLocked);
    let recalled = office.studio.draft_recall(&draft.id).await.unwrap();
    assert_eq!(recalled.state, DraftStateView::Editing);
    assert_eq!(
        code(office.studio.draft_recall(&draft.id).await),
        FailureCode::DraftLocked
    );
    assert_eq!(office.studio.status().await.unwrap().connection.waiting, 0);
    let row = office.studio.draft_discard(&draft.id).await.unwrap();
    assert_eq!(row.state, DraftStateView::Discarded);
    assert_eq!(
        code(office.studio.draft_discard(&draft.id).await),
        FailureCode::DraftLocked
    );
    assert_eq!(
        code(office.studio.draft_retry(&draft.id).await),
        FailureCode::DraftLocked
    );

    let other = office.prepare(&["LU-3"]).await;
    let restored = office.studio.draft_restore(&draft.id).await;
    let refused = failure(restored);
    assert_eq!(
        (refused.code, refused.details.draft),
        (FailureCode::AlreadyInDraft, Some(other.id.clone()))
    );
    office.studio.draft_discard(&other.id).await.unwrap();
    let restored = office.studio.draft_restore(&draft.id).await.unwrap();
    assert_eq!(
        (restored.state, &restored.wishes),
        (DraftStateView::Editing, &recalled.wishes)
    );
    let list = office.studio.drafts_list().await.unwrap();
    let states: Vec<_> = list.iter().map(|row| row.state).collect();
    assert_eq!(
        states,
        [DraftStateView::Editing, DraftStateView::Discarded],
        "open ones first"
    );
    office.world.clock.advance(chrono::TimeDelta::days(31));
    assert_eq!(
        office.studio.drafts_list().await.unwrap().len(),
        1,
        "thirty days are enough"
    );
}

#[tokio::test]
async fn days_that_never_suit_stay_with_the_draft_whatever_else_is_chosen() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    let never = NeverView {
        weekdays: vec![2, 2],
        dates: vec!["2026-12-03".into(), "2026-11-26".into()],
    };
    let change = DraftChange {
        never: Some(never),
        ..DraftChange::default()
    };
    let saved = office
        .studio
        .draft_save(&draft.id, draft.revision, change)
        .await
        .unwrap();
    let kept = NeverView {
        weekdays: vec![2],
        dates: vec!["2026-11-26".into(), "2026-12-03".into()],
    };
    assert_eq!((&saved.never, saved.wishes.len()), (&kept, 1));
    assert_eq!(
        saved.missing,
        [Missing::UnsuitableWish { index: 0 }],
        "the slot that was chosen is on such a day"
    );
    let change = DraftChange {
        wishes: Some(vec![WishView::Pattern {
            weekdays: Vec::new(),
            from: None,
            to: None,
            until: None,
        }]),
        ..DraftChange::default()
    };
    let saved = office
        .studio
        .draft_save(&draft.id, saved.revision, change)
        .await
        .unwrap();
    assert_eq!((&saved.never, saved.wishes.len()), (&kept, 1));
    office.send(&saved).await;
    office.studio.sync_now().await.unwrap();
    let appointment = office.studio.draft_open(&draft.id).await.unwrap().appointment.unwrap();
    let booked = office.studio.appointment_open(&appointment).await.unwrap();
    assert_eq!(booked.row.slot.date, "2026-12-10", "the first Thursday that is left");
    assert_eq!(office.studio.drafts_list().await.unwrap()[0].wishes, 1);
}

#[tokio::test]
async fn a_draft_that_only_says_what_never_suits_wishes_for_nothing() {
    let office = Office::new().await;
    let draft = office.prepare(&["LU-1"]).await;
    let save = |never: NeverView, revision| {
        let change = DraftChange {
            never: Some(never),
            phone: Some("0583 123456".into()),
            ..DraftChange::default()
        };
        let (studio, id) = (office.studio.clone(), draft.id.clone());
        async move { studio.draft_save(&id, revision, change).await }
    };
    let fridays = NeverView {
        weekdays: vec![5],
        ..NeverView::default()
    };
    let saved = save(fridays, draft.revision).await.unwrap();
    assert_eq!(saved.missing, [Missing::Wish]);
    for never in [
        NeverView {
            weekdays: vec![8],
            ..NeverView::default()
        },
        NeverView {
            dates: vec!["domani".into()],
            ..NeverView::default()
        },
        NeverView {
            dates: vec!["2026-11-26".into(); 41],
            ..NeverView::default()
        },
    ] {
        assert_eq!(code(save(never, saved.revision).await), FailureCode::InvalidArgument);
    }
    let saved = save(NeverView::default(), saved.revision).await.unwrap();
    assert_eq!(saved.never, NeverView::default(), "and can be taken back");
}

#[tokio::test]
async fn a_ticket_whose_delegation_has_ended_is_gone_and_is_not_said_to_be_withdrawn() {
    let office = Office::new().await;
    let draft = office.ready(&["LU-1"], &["09:30"]).await;
    assert_eq!(draft.missing, []);
    let ended = AdmittedDelegation {
        studio: "STUDIO-1".parse().unwrap(),
        delegation: Delegation {
            position: "4600000001".parse().unwrap(),
            from: world::day(1, 1),
            until: Some(world::day(11, 23)),
        },
    };
    let admission = Admission {
        delegations: vec![ended],
        ..Admission::default()
    };
    office.world.store.desk().admit(&admission).await.unwrap();
    office.world.clock.set(world::rome(11, 24, 9, 0));
    office.studio.sync_now().await.unwrap();
    assert_eq!(
        code(office.studio.ticket_open("LU-1").await),
        FailureCode::UnknownTicket
    );
    let gone = || BookableView::No {
        obstacle: ObstacleView::Gone,
    };
    let draft = office.studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(draft.tickets[0].bookable, gone(), "R6: the reason is the true one");
    let missing = Missing::Ticket {
        code: "LU-1".into(),
        bookable: gone(),
    };
    assert!(draft.missing.contains(&missing), "{:?}", draft.missing);
    assert_eq!(draft.due, Due::Never);
}

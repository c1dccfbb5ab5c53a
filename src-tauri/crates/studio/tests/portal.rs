//! R16: tickets of the portal, imported or typed in; booked on the portal, and written down.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod office;
#[path = "../../sync/tests/world/mod.rs"]
mod world;

use std::sync::Arc;

use chrono::TimeDelta;
use office::{Heard, Office, code, everything, texts};
use store::Clock;
use studio::notices::News;
use studio::view::agenda::{AppointmentStateView, TimelineEvent};
use studio::view::app::{ConnectionState, Settings, Work};
use studio::view::desk::DeskView;
use studio::view::drafts::{DraftStateView, Due};
use studio::view::failure::FailureCode;
use studio::view::import::{
    FieldView, ImportCounts, ImportFilter, ImportList, ImportMatching, ImportOpened, ImportOutcome, MatchedColumn,
    MatchedState, ReasonView, RowOutcomeView, UnreadableView,
};
use studio::view::portal::{PortalAnswerForm, PortalTicketForm, RegisterOutcome, RegisterRefusalView, TicketWritten};
use studio::view::reminders::{ReminderObstacleView, ReminderView};
use studio::view::tickets::{AssessmentView, BookableFilter, BookableView, ObstacleView, StatusView, TicketQuery};
use studio::{Options, Studio, StudioError};
use sync::TracingWatcher;
use world::World;
use world::gate::Call;

/// Every call of a store.
const CALLS: [Call; 4] = [Call::Hello, Call::Pull, Call::Book, Call::Assess];

const LIST: &str = "Codice;Matricola;Azienda;Sede;Argomento;Data apertura;Stato;Esito;Data chiusura;Risposta
P-1;4600000001;Cartiera Lucchese;Lucca;DURC;10/11/2026;Aperta;;;
P-2;4600000001;Cartiera Lucchese;Lucca;Denunce;20/11/2026;In carico;;;
P-3;4600000001;Cartiera Lucchese;Lucca;DURC;01/11/2026;Chiusa;OK;12/11/2026;Pratica definita
P-4;4600000002;Zeta Trasporti;Pisa;DURC;01/11/2026;Chiusa;KO;12/11/2026;Respinta
P-5;46000;Zeta Trasporti;Pisa;DURC;01/11/2026;Aperta;;;
";

/// A studio without a sede, on Monday 23 November, 9:41.
async fn alone() -> (World, Arc<Heard>, Studio) {
    let world = World::new().await;
    let heard = Arc::new(Heard::default());
    let studio = Studio::open(Options {
        desk: DeskView::portal(),
        folder: world.folder.path().join("portal"),
        clock: world.clock.clone() as Arc<dyn Clock>,
        store: None,
        watcher: Arc::new(TracingWatcher),
        listener: heard.clone(),
    });
    let studio = studio.await.unwrap();
    (world, heard, studio)
}

async fn pasted(studio: &Studio, text: &str) -> ImportList {
    match studio.import_paste(None, text.to_owned()).await.unwrap() {
        ImportOpened::Read { list } => *list,
        other => panic!("{other:?}"),
    }
}

async fn imported(studio: &Studio) -> ImportCounts {
    pasted(studio, LIST).await;
    match studio.import_take().await.unwrap() {
        ImportOutcome::Imported { counts, .. } => counts,
        ImportOutcome::CalledOff => panic!("nobody called it off"),
    }
}

async fn listed(studio: &Studio, query: TicketQuery) -> Vec<String> {
    let list = studio.tickets_open(query).await.unwrap();
    let rows = studio.tickets_window(list.list, 0, 100).await.unwrap();
    rows.into_iter().map(|row| row.code).collect()
}

fn answer() -> PortalAnswerForm {
    PortalAnswerForm {
        identifier: "Prenotazione n. 12".into(),
        date: "2026-11-26".into(),
        from: "09:30".into(),
        to: "10:00".into(),
        place: "Sportello aziende\nPiazza dei Martiri, Lucca".into(),
    }
}

#[tokio::test]
async fn a_list_is_looked_at_before_it_is_taken_and_twice_changes_nothing() {
    let (_world, _, studio) = alone().await;
    let list = pasted(&studio, LIST).await;
    assert_eq!(list.missing, []);
    assert_eq!(
        list.counts,
        Some(ImportCounts {
            new: 4,
            refused: 1,
            ..ImportCounts::default()
        })
    );
    assert!(listed(&studio, everything()).await.is_empty(), "nothing was taken yet");
    let refused = studio.import_rows(ImportFilter::Refused, 0, 10).unwrap();
    let RowOutcomeView::Refused { faults } = &refused[0].comes else {
        panic!("{refused:?}")
    };
    assert_eq!(refused[0].row, 6);
    assert_eq!(faults[0].field, Some(FieldView::Matricola));
    assert_eq!(faults[0].found, "46000");
    let window = studio.import_rows(ImportFilter::New, 1, 2).unwrap();
    let codes: Vec<_> = window.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["P-2", "P-3"]);
    let ImportOutcome::Imported { counts, bookable } = studio.import_take().await.unwrap() else {
        panic!("nobody called it off")
    };
    assert_eq!((counts.new, counts.refused, bookable), (4, 1, 2));
    assert_eq!(
        code(studio.import_take().await),
        FailureCode::ListExpired,
        "it is taken once"
    );
    let again = imported(&studio).await;
    assert_eq!((again.new, again.changed, again.same), (0, 0, 4));
}

#[tokio::test]
async fn columns_that_nobody_recognises_are_matched_by_hand_and_remembered() {
    let (_world, _, studio) = alone().await;
    let odd = LIST
        .replace("Codice;", "Rif;")
        .replace("Stato", "Fase")
        .replace("In carico", "Boh");
    let list = pasted(&studio, &odd).await;
    let column = |title: &str| {
        let found = list.columns.iter().find(|column| column.title == title);
        found.unwrap_or_else(|| panic!("{title}: {list:?}")).name.clone()
    };
    let mut columns: Vec<MatchedColumn> = list
        .columns
        .iter()
        .filter(|column| !["Rif", "Fase"].contains(&column.title.as_str()))
        .filter_map(|column| {
            Some(MatchedColumn {
                name: column.name.clone(),
                field: column.field?,
            })
        })
        .collect();
    columns.push(MatchedColumn {
        name: column("Rif"),
        field: FieldView::Code,
    });
    columns.push(MatchedColumn {
        name: column("Fase"),
        field: FieldView::State,
    });
    let matching = ImportMatching {
        table: 0,
        columns,
        states: vec![MatchedState {
            text: "Boh".into(),
            status: StatusView::InProgress,
        }],
    };
    let ImportOpened::Read { list } = studio.import_match(&matching).await.unwrap() else {
        panic!("it can be read")
    };
    assert_eq!(list.counts.unwrap().new, 4);
    assert_eq!(list.unknown_states, []);
    studio.import_close();
    let again = pasted(&studio, &odd).await;
    assert!(again.remembered);
    assert_eq!(again.counts.unwrap().new, 4, "the word for the state, too");
    let unknown = ImportMatching {
        columns: vec![MatchedColumn {
            name: "nessuna".into(),
            field: FieldView::Code,
        }],
        ..matching
    };
    assert_eq!(code(studio.import_match(&unknown).await), FailureCode::InvalidArgument);
}

#[tokio::test]
async fn what_is_no_list_is_refused_with_the_reason_and_changes_nothing() {
    let (world, _, studio) = alone().await;
    imported(&studio).await;
    let path = world.folder.path().join("visura.pdf");
    std::fs::write(&path, b"%PDF-1.7 ...").unwrap();
    let opened = studio.import_open(path).await.unwrap();
    assert_eq!(
        opened,
        ImportOpened::Unreadable {
            name: "visura.pdf".into(),
            why: UnreadableView::Pdf
        }
    );
    let missing = studio.import_open("/nowhere/at/all.csv".into()).await.unwrap();
    assert!(
        matches!(
            missing,
            ImportOpened::Unreadable {
                why: UnreadableView::NotReadable,
                ..
            }
        ),
        "{missing:?}"
    );
    let nothing = studio.import_paste(None, "Ciao".into()).await.unwrap();
    assert!(matches!(nothing, ImportOpened::Unreadable { .. }), "{nothing:?}");
    assert_eq!(code(studio.import_take().await), FailureCode::ListExpired);
    assert_eq!(listed(&studio, everything()).await.len(), 4);
}

#[tokio::test]
async fn a_large_list_tells_how_far_it_is_and_can_be_called_off() {
    let (_world, heard, studio) = alone().await;
    let mut many = "Codice;Matricola;Argomento;Data apertura;Stato\n".to_owned();
    for n in 0..6_000 {
        many.push_str(&format!("P-{n};46000{:05};DURC;10/11/2026;Aperta\n", n % 50));
    }
    pasted(&studio, &many).await;
    let works: Vec<Work> = heard.progress.lock().unwrap().iter().map(|one| one.work).collect();
    assert!(works.contains(&Work::ReadList), "{works:?}");
    let studio = Arc::new(studio);
    let taking = {
        let studio = Arc::clone(&studio);
        tokio::spawn(async move { studio.import_take().await })
    };
    let called_off = async {
        while !heard
            .progress
            .lock()
            .unwrap()
            .iter()
            .any(|one| one.work == Work::ImportList)
        {
            tokio::task::yield_now().await;
        }
        studio.import_call_off();
    };
    called_off.await;
    let outcome = taking.await.unwrap().unwrap();
    let held = listed(&studio, everything()).await.len();
    match outcome {
        ImportOutcome::CalledOff => assert_eq!(held, 0),
        ImportOutcome::Imported { .. } => assert_eq!(held, 100, "it was over before"),
    }
}

#[tokio::test]
async fn a_desk_without_a_sede_says_so_and_everything_works_there() {
    let (world, _, studio) = alone().await;
    imported(&studio).await;
    let status = studio.sync_now().await.unwrap();
    assert_eq!(status.connection.state, ConnectionState::NoSede);
    assert_eq!((status.portal_tickets, status.connection.waiting), (4, 0));
    let now = TicketQuery {
        bookable: BookableFilter::Now,
        ..everything()
    };
    assert_eq!(listed(&studio, now).await, ["P-1", "P-4"], "R3, R4");
    let today = studio.today_read().await.unwrap();
    assert_eq!((today.bookable_total, today.ripened_total), (2, 0));
    world.clock.advance(TimeDelta::days(3));
    let today = studio.today_read().await.unwrap();
    assert_eq!(today.ripened[0].code, "P-2", "R4: from the 26th");
    assert!(today.ripened[0].portal);
    let notices = studio.notices_take(false).await.unwrap();
    let ripened = notices
        .iter()
        .any(|notice| matches!(&notice.news, News::Ripened { count: 1, .. }));
    assert!(ripened, "{notices:?}");
    let companies = studio.companies_list("zeta").await.unwrap();
    assert!(!companies[0].has_fiscal_code);
    let company = studio.company_open(&companies[0].code).await.unwrap();
    assert_eq!(company.positions[0].matricola, "4600000002");
    assert_eq!(
        studio.request_topics().await.unwrap().topics,
        [],
        "no sede can be asked about these"
    );
}

#[tokio::test]
async fn a_ticket_of_the_portal_opens_with_what_the_list_told_and_nothing_made_up() {
    let (_world, _, studio) = alone().await;
    imported(&studio).await;
    let opened = studio.ticket_open("P-3").await.unwrap();
    assert_eq!(opened.sede_name, "Lucca");
    assert_eq!(opened.messages.len(), 1);
    assert_eq!(
        (opened.messages[0].date.as_str(), opened.messages[0].time.as_str()),
        ("2026-11-12", "")
    );
    assert!(opened.can_assess);
    assert_eq!(
        opened.reminder,
        ReminderView::No {
            obstacle: ReminderObstacleView::OfThePortal
        }
    );
    assert_eq!(opened.portal.unwrap().form.closed_on, "2026-11-12");
    let judged = studio
        .ticket_assess("P-3", AssessmentView::Unsatisfactory)
        .await
        .unwrap();
    assert!(matches!(judged.row.bookable, BookableView::Yes { .. }), "R3");
    assert_eq!(code(studio.ticket_remind("P-1", "").await), FailureCode::OfThePortal);
    let noted = studio.ticket_note("P-1", "Sentire il cliente").await.unwrap();
    assert_eq!(noted.dossier.notes.len(), 1);
    assert_eq!(
        studio.status().await.unwrap().connection.waiting,
        0,
        "nothing waits for a sede"
    );
}

#[tokio::test]
async fn what_was_prepared_is_booked_on_the_portal_and_written_down() {
    let (_world, _, studio) = alone().await;
    imported(&studio).await;
    let draft = studio.booking_prepare(&texts(&["P-1", "P-2"])).await.unwrap();
    assert!(draft.portal);
    assert_eq!(draft.missing, [], "wishes and delegations the portal asks itself");
    assert_eq!(
        draft.due,
        Due::On {
            date: "2026-11-26".into()
        }
    );
    assert_eq!(
        code(studio.draft_send(&draft.id, draft.revision).await),
        FailureCode::OfThePortal
    );
    let draft = studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(draft.state, DraftStateView::Editing, "it is the person's still");
    let registered = studio
        .appointment_register(&texts(&["P-1", "P-2"]), Some(&draft.id), &answer())
        .await
        .unwrap();
    let RegisterOutcome::Registered { appointment } = registered else {
        panic!("{registered:?}")
    };
    assert_eq!(appointment.row.state, AppointmentStateView::Registered);
    assert_eq!(appointment.row.code, "Prenotazione n. 12");
    assert_eq!(appointment.row.point.name, "Sportello aziende");
    assert_eq!(appointment.row.point.place, "Piazza dei Martiri, Lucca");
    assert!(!appointment.can_cancel && !appointment.can_change);
    assert!(matches!(
        appointment.timeline[0].event,
        TimelineEvent::Registered { .. }
    ));
    let draft = studio.draft_open(&draft.id).await.unwrap();
    assert_eq!(draft.appointment, Some(appointment.row.id.clone()));
    let ticket = studio.ticket_open("P-1").await.unwrap();
    assert!(
        matches!(
            &ticket.row.bookable,
            BookableView::No { obstacle: ObstacleView::Carried { appointment: Some(id), .. } } if *id == appointment.row.id
        ),
        "R5"
    );
    let week = studio.agenda_read("2026-11-23", "2026-11-29").await.unwrap();
    assert_eq!(week, std::slice::from_ref(&appointment.row));
    assert_eq!(
        code(studio.appointment_cancel(&appointment.row.id).await),
        FailureCode::NotCancellable
    );
    assert_eq!(
        code(studio.appointment_change(&appointment.row.id).await),
        FailureCode::NotChangeable
    );
    let document = studio
        .appointment_document(&appointment.row.id, "Visura", true)
        .await
        .unwrap();
    assert_eq!(document.dossier.documents, ["Visura"]);
    assert_eq!(
        studio.notices_take(false).await.unwrap(),
        [],
        "who wrote it down needs no notice of it"
    );
}

#[tokio::test]
async fn what_the_portal_says_later_is_written_down_too() {
    let (_world, _, studio) = alone().await;
    imported(&studio).await;
    let registered = studio
        .appointment_register(&texts(&["P-1"]), None, &answer())
        .await
        .unwrap();
    let RegisterOutcome::Registered { appointment } = registered else {
        panic!("{registered:?}")
    };
    let id = appointment.row.id;
    let moved = PortalAnswerForm {
        date: "2026-11-27".into(),
        ..answer()
    };
    let changed = studio.registration_change(&id, &answer(), &moved).await.unwrap();
    let RegisterOutcome::Registered { appointment } = changed else {
        panic!("{changed:?}")
    };
    assert!(matches!(
        appointment.timeline[1].event,
        TimelineEvent::RegisteredAnew { .. }
    ));
    let overtaken = studio.registration_change(&id, &answer(), &moved).await.unwrap();
    assert_eq!(
        overtaken,
        RegisterOutcome::Refused {
            why: RegisterRefusalView::Overtaken
        }
    );
    let second = studio
        .appointment_register(&texts(&["P-1"]), None, &answer())
        .await
        .unwrap();
    assert!(
        matches!(
            second,
            RegisterOutcome::Refused {
                why: RegisterRefusalView::Carried { .. }
            }
        ),
        "{second:?}"
    );
    let cancelled = studio.registration_cancel(&id, true).await.unwrap();
    let RegisterOutcome::Registered { appointment } = cancelled else {
        panic!("{cancelled:?}")
    };
    assert_eq!(appointment.row.state, AppointmentStateView::CancelledBySede);
    assert!(matches!(
        studio.ticket_open("P-1").await.unwrap().row.bookable,
        BookableView::Yes { .. }
    ));
}

#[tokio::test]
async fn an_answer_that_cannot_be_meant_names_what_is_wrong() {
    let (_world, _, studio) = alone().await;
    imported(&studio).await;
    for bad in [
        PortalAnswerForm {
            date: "26/11/2026".into(),
            ..answer()
        },
        PortalAnswerForm {
            date: "2036-11-26".into(),
            ..answer()
        },
        PortalAnswerForm {
            from: "9.30".into(),
            ..answer()
        },
        PortalAnswerForm {
            to: "09:30".into(),
            ..answer()
        },
        PortalAnswerForm {
            identifier: "x".repeat(61),
            ..answer()
        },
        PortalAnswerForm {
            place: "y".repeat(301),
            ..answer()
        },
    ] {
        let refused = studio.appointment_register(&texts(&["P-1"]), None, &bad).await.unwrap();
        assert!(matches!(refused, RegisterOutcome::Refused { .. }), "{bad:?}");
    }
    assert_eq!(studio.agenda_list(false).await.unwrap(), []);
    let unknown = studio.appointment_register(&texts(&["P-99"]), None, &answer()).await;
    assert_eq!(code(unknown), FailureCode::UnknownTicket);
    let mixed = studio
        .appointment_register(&texts(&["P-1", "P-4"]), None, &answer())
        .await;
    assert_eq!(code(mixed), FailureCode::MixedCompanies, "R2");
}

#[tokio::test]
async fn r16_a_sede_never_hears_of_what_was_imported_at_its_desk() {
    let office = Office::new().await;
    let asked = |office: &Office| CALLS.map(|call| office.gate.count(call));
    imported(&office.studio).await;
    let studio = &office.studio;
    let listed = listed(studio, everything()).await;
    assert!(
        listed.contains(&"LU-1".into()) && listed.contains(&"P-1".into()),
        "{listed:?}"
    );
    let before = asked(&office);
    studio
        .ticket_assess("P-3", AssessmentView::Unsatisfactory)
        .await
        .unwrap();
    studio.ticket_note("P-1", "Una nota").await.unwrap();
    studio.ticket_in_charge("P-1", Some("Anna Ricci")).await.unwrap();
    let draft = studio.booking_prepare(&texts(&["P-1"])).await.unwrap();
    let register = studio
        .appointment_register(&texts(&["P-1"]), Some(&draft.id), &answer())
        .await;
    let RegisterOutcome::Registered { appointment } = register.unwrap() else {
        panic!("it is written down")
    };
    assert_eq!(appointment.row.registered.unwrap().by.as_deref(), Some("Anna Ricci"));
    assert_eq!(studio.status().await.unwrap().connection.waiting, 0);
    studio.sync_now().await.unwrap();
    let after = asked(&office);
    assert_eq!(after[2..], before[2..], "only what changed is asked for, as ever");
    assert!(
        studio.ticket_open("P-1").await.unwrap().portal.is_some(),
        "a pull takes nothing away"
    );
    let with_the_sedes = studio.appointment_register(&texts(&["LU-1"]), None, &answer()).await;
    assert_eq!(code(with_the_sedes), FailureCode::OfThePortal);
}

fn typed(ticket: &str) -> PortalTicketForm {
    PortalTicketForm {
        code: ticket.into(),
        matricola: "4600000009".into(),
        company: String::new(),
        company_name: String::new(),
        sede: String::new(),
        subject: "DURC".into(),
        opened_on: "2026-11-10".into(),
        status: StatusView::Open,
        closed_on: String::new(),
        request: String::new(),
        reply: String::new(),
    }
}

#[tokio::test]
async fn a_ticket_is_typed_in_with_all_that_is_wrong_named_at_once() {
    let (_world, _, studio) = alone().await;
    let written = studio.portal_ticket_write(&typed("P-9")).await.unwrap();
    assert_eq!(written, TicketWritten::New { code: "P-9".into() });
    let row = &studio.ticket_open("P-9").await.unwrap().row;
    assert_eq!(row.company_name, "4600000009", "nothing else is known of the company");
    let again = studio.portal_ticket_write(&typed("P-9")).await.unwrap();
    assert_eq!(again, TicketWritten::Same { code: "P-9".into() });
    let bad = PortalTicketForm {
        code: String::new(),
        matricola: "12".into(),
        opened_on: "10/11/2026".into(),
        subject: "x".repeat(301),
        ..typed("")
    };
    let TicketWritten::Refused { faults } = studio.portal_ticket_write(&bad).await.unwrap() else {
        panic!("it is refused")
    };
    let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
    assert_eq!(
        fields,
        [
            FieldView::Code,
            FieldView::Matricola,
            FieldView::Subject,
            FieldView::OpenedOn
        ]
    );
    assert_eq!(faults[0].reason, ReasonView::Missing);
    let future = PortalTicketForm {
        opened_on: "2026-11-24".into(),
        ..typed("P-10")
    };
    let TicketWritten::Refused { faults } = studio.portal_ticket_write(&future).await.unwrap() else {
        panic!("it is refused")
    };
    assert_eq!(faults[0].reason, ReasonView::OpenedInFuture);
}

#[tokio::test]
async fn the_portal_is_opened_where_the_person_says_and_nowhere_else() {
    let (_world, _, studio) = alone().await;
    assert_eq!(studio.portal_address().await.unwrap(), "https://www.inps.it");
    let settings = |portal: &str| Settings {
        portal: portal.into(),
        ..Settings::default()
    };
    studio
        .settings_save(settings("https://servizi.inps.it/agenda"))
        .await
        .unwrap();
    assert_eq!(studio.portal_address().await.unwrap(), "https://servizi.inps.it/agenda");
    for bad in ["http://www.inps.it", "file:///etc/passwd", "calc.exe", ""] {
        let refused: Result<_, StudioError> = studio.settings_save(settings(bad)).await;
        assert_eq!(code(refused), FailureCode::InvalidArgument, "{bad}");
    }
}

#[tokio::test]
async fn the_files_of_a_draft_lie_in_one_folder_for_the_portals_page() {
    let (world, _, studio) = alone().await;
    imported(&studio).await;
    let draft = studio.booking_prepare(&texts(&["P-1"])).await.unwrap();
    assert_eq!(
        code(studio.draft_files_folder(&draft.id).await),
        FailureCode::UnknownAttachment
    );
    let desktop = world.folder.path().join("desktop");
    std::fs::create_dir_all(desktop.join("due")).unwrap();
    let paths = [desktop.join("visura.pdf"), desktop.join("due/visura.pdf")];
    std::fs::write(&paths[0], b"%PDF-1.7 uno").unwrap();
    std::fs::write(&paths[1], b"%PDF-1.7 due").unwrap();
    studio.attach(&draft.id, paths.to_vec()).await.unwrap();
    let folder = studio.draft_files_folder(&draft.id).await.unwrap();
    let count = |folder: &std::path::Path| std::fs::read_dir(folder).unwrap().count();
    assert_eq!(count(&folder), 2, "two files of one name");
    let again = studio.draft_files_folder(&draft.id).await.unwrap();
    assert_eq!(count(&again), 2, "not more each time");
}

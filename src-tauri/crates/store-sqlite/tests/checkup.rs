//! A checkup finds what is broken, whatever broke it, and names it without saying whose it is.

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{booked, code, decided, exactly, filled, raw, ticket};
use domain::attachment::{Attachment, FileKind, FileName};
use domain::code::ContentHash;
use store::Checked::{self, *};
use store::{CalendarStore, Checkup, SedeRecords, Upload, UploadOutcome};
use store_sqlite::SqliteStore;

const SLOT: &str = "2026-11-24T08:00:00Z";
const NEXT: &str = "2026-11-24T08:30:00Z";
const PDF: &[u8] = b"%PDF-1.7 una ricevuta";

/// One desk, two appointments of ALFA's after each other, the first with a file.
async fn in_use(folder: &Path) -> SqliteStore {
    let store = filled(folder, 1, 3).await;
    let session = store.studio(&code("ALFA"));
    let upload = Upload {
        hash: ContentHash::of(PDF),
        bytes: PDF.len() as u64,
        kind: FileKind::Pdf,
    };
    assert_eq!(session.upload(&upload, 0, PDF).await, Ok(UploadOutcome::Complete));
    let mut first = exactly(&ticket("ALFA", 0), SLOT);
    first.content.attachments = vec![Attachment {
        hash: upload.hash,
        name: FileName::sanitised("ricevuta.pdf"),
        kind: upload.kind,
        bytes: upload.bytes,
    }];
    booked(session.book(decided(), &first).await.expect("an outcome"));
    booked(
        session
            .book(decided(), &exactly(&ticket("ALFA", 1), NEXT))
            .await
            .expect("an outcome"),
    );
    store
}

fn found(checkup: &Checkup) -> BTreeSet<Checked> {
    checkup
        .findings
        .iter()
        .filter(|finding| finding.broken > 0)
        .map(|finding| finding.checked)
        .collect()
}

#[tokio::test]
async fn what_is_broken_is_found_and_named() {
    let damages: &[(&[&'static str], &[Checked], &str)] = &[
        (
            &["UPDATE taken SET count = 0 WHERE id = 1"],
            &[CountsAreThePlaces],
            "LU-AZIENDE 2026-11-24T08:00:00+00:00",
        ),
        (
            &["DELETE FROM taken WHERE id = 1"],
            &[CountsAreThePlaces],
            "LU-AZIENDE 2026-11-24T08:00:00+00:00",
        ),
        (
            &[
                "DROP TRIGGER place_is_free_on_update",
                "UPDATE place SET starts_at = starts_at - 60 WHERE appointment = 2",
            ],
            &[
                NeverMoreThanDesks,
                NoDeskTwice,
                CountsAreThePlaces,
                AppointmentsHoldWhatTheySay,
            ],
            "LU-A-000002",
        ),
        (
            &["UPDATE point SET desks = 0, body = json_set(body, '$.desks', 0)"],
            &[NeverMoreThanDesks],
            "LU-A-000001",
        ),
        (
            &["DELETE FROM carriage WHERE appointment = 1"],
            &[AppointmentsHoldWhatTheySay],
            "LU-A-000001",
        ),
        (
            &["UPDATE place SET released = 1 WHERE appointment = 2"],
            &[CountsAreThePlaces, AppointmentsHoldWhatTheySay],
            "LU-A-000002",
        ),
        (
            &[
                "DROP INDEX carriage_live",
                "INSERT INTO carriage SELECT 2, ticket, ends_at, 0 FROM carriage WHERE appointment = 1",
            ],
            &[OneAppointmentPerTicket, AppointmentsHoldWhatTheySay],
            "LU-ALFA-0",
        ),
        (
            &["UPDATE appointment SET decision = zeroblob(16) WHERE id = 1"],
            &[OneAppointmentPerDecision, OutcomesHaveTheirAppointments],
            "LU-A-000001",
        ),
        (
            &["DELETE FROM attempt"],
            &[OutcomesHaveTheirAppointments],
            "LU-A-000002",
        ),
        (
            &[
                "UPDATE attempt SET outcome = json_set(outcome, '$.appointment.id', '00000000-0000-7000-8000-000000000000')",
            ],
            &[OutcomesHaveTheirAppointments],
            "LU-A-000001",
        ),
        (
            &["UPDATE piece SET bytes = CAST(bytes || x'0A' AS BLOB)"],
            &[AttachmentsAreWhole],
            "LU-A-000001",
        ),
        (
            &["UPDATE piece SET bytes = CAST(replace(bytes, 'una', 'due') AS BLOB)"],
            &[AttachmentsAreWhole],
            "LU-A-000001",
        ),
        (&["DELETE FROM upload"], &[AttachmentsAreWhole], "LU-A-000001"),
        (
            &["UPDATE delegation SET phase = 'gone' WHERE studio = 1"],
            &[DelegationsFitTheDay, FeedShowsNothingElse],
            "ALFA 4600000001",
        ),
        (
            &["UPDATE delegation SET settles_at = 9999999999"],
            &[DelegationsFitTheDay],
            "BETA 4600000002",
        ),
        (
            &["DELETE FROM feed WHERE kind = 'ticket' AND entity = 1"],
            &[FeedShowsEverything],
            "ALFA LU-ALFA-0",
        ),
        (
            &["UPDATE feed SET gone = 1 WHERE kind = 'appointment'"],
            &[FeedShowsEverything],
            "ALFA LU-A-000001",
        ),
        (
            &["DELETE FROM feed WHERE kind = 'company'"],
            &[FeedShowsEverything],
            "ALFA 4600000001",
        ),
        (
            &["DELETE FROM feed WHERE kind = 'point'"],
            &[FeedShowsEverything],
            "point LU-AZIENDE",
        ),
        (
            &["INSERT INTO feed (stream, kind, entity) VALUES (2, 'ticket', 1)"],
            &[FeedShowsNothingElse],
            "BETA ticket LU-ALFA-0",
        ),
        (
            &["INSERT INTO feed (stream, kind, entity) VALUES (2, 'appointment', 1)"],
            &[FeedShowsNothingElse],
            "BETA appointment LU-A-000001",
        ),
        (
            &["DROP INDEX ticket_waiting", "UPDATE ticket SET body = '{' WHERE id = 1"],
            &[RecordsAreReadable],
            "ticket LU-ALFA-0",
        ),
        (
            &["UPDATE ticket SET body = json_set(body, '$.code', 'LU-9') WHERE id = 1"],
            &[RecordsAreReadable],
            "ticket LU-ALFA-0",
        ),
        (
            &["UPDATE company SET body = json_set(body, '$.name', 7) WHERE id = 1"],
            &[RecordsAreReadable],
            "company in row 1",
        ),
        (
            &[
                "PRAGMA foreign_keys = off",
                "DELETE FROM judgement",
                "DELETE FROM company WHERE id = 2",
            ],
            &[StorageIsSound, RecordsAreReadable],
            "row 2 of position names a company that is not there",
        ),
    ];
    for (statements, broken, example) in damages {
        let folder = tempfile::tempdir().unwrap();
        let store = in_use(folder.path()).await;
        assert_eq!(
            found(&store.records().checkup().await.unwrap()),
            [].into(),
            "nothing is broken yet"
        );
        let mut database = raw(folder.path()).await;
        for statement in *statements {
            sqlx::query(*statement).execute(&mut database).await.unwrap();
        }
        let checkup = store.records().checkup().await.unwrap();
        assert_eq!(
            found(&checkup),
            broken.iter().copied().collect(),
            "{statements:?}: {checkup:?}"
        );
        assert!(!checkup.is_kept());
        let examples: Vec<&String> = checkup.findings.iter().flat_map(|finding| &finding.examples).collect();
        assert!(
            examples.iter().any(|named| named.starts_with(example)),
            "{statements:?}: {examples:?}"
        );
        for named in examples {
            assert!(
                !named.contains("0100000000"),
                "a company's code may be a person's: {named}"
            );
        }
    }
}

#[tokio::test]
async fn a_checkup_changes_nothing_and_sees_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_use(folder.path()).await;
    let session = store.studio(&code("BETA"));
    // Bookings come in while it looks: none is seen by half.
    let bookings = async {
        for (index, start) in ["2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z"]
            .iter()
            .enumerate()
        {
            let ticket = ticket("BETA", u32::try_from(index).unwrap());
            booked(session.book(decided(), &exactly(&ticket, start)).await.unwrap());
        }
    };
    let records = store.records();
    let checkups = async {
        for _ in 0..20 {
            let checkup = records.checkup().await.unwrap();
            assert!(checkup.is_kept(), "{:?}", checkup.broken().collect::<Vec<_>>());
        }
    };
    tokio::join!(bookings, checkups);
    let (before, after) = (records.checkup().await.unwrap(), records.checkup().await.unwrap());
    assert_eq!(before, after);
    assert_eq!(before.counts.appointments, 5);
}

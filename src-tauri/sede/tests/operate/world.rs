//! A store with a point, two studios and a few tickets, and the program that works on it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use domain::appointment::Appointment;
use domain::attachment::{Attachment, FileKind, FileName};
use domain::booking::{BookedTicket, Booking};
use domain::code::{ContentHash, DecisionId, StudioCode};
use domain::company::{Company, Delegation, Position};
use domain::content::{Contact, Content};
use domain::point::{ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::slot::{Slot, slots_on};
use domain::ticket::{Ticket, TicketStatus};
use domain::time::{TimeOfDay, civil_day};
use domain::topic::Topic;
use domain::wish::Wish;
use serde_json::Value;
use store::{
    Admission, AdmittedDelegation, AppointmentFilter, Attempt, BookOutcome, CalendarStore, DelegationFilter,
    DepositOutcome, DeviceRegister, Offering, SedeDesk, SedeRecords, StudioProfile, SystemClock, TicketFilter, Upload,
    UploadOutcome, WithdrawOutcome,
};
use store_sqlite::SqliteStore;
use tempfile::TempDir;
use uuid::Uuid;

/// The point of most tests, and one of another sede.
pub(crate) const AZIENDE: &str = "LU-AZIENDE";
pub(crate) const PISA: &str = "PI-AZIENDE";
/// ROSSI's positions, of one company, and BIANCHI's.
pub(crate) const ROSSI_1: &str = "4600000001";
pub(crate) const ROSSI_2: &str = "4600000002";
pub(crate) const BIANCHI_1: &str = "4600000011";

/// A small file that is a PDF by content.
pub(crate) const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";

pub(crate) fn code<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("the codes of the tests are well formed")
}

/// What a process ended with and said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) bytes: Vec<u8>,
}

/// The program, with what it is given on its standard input.
pub(crate) fn run(folder: &Path, store: Option<&str>, args: &[&str], input: &str) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sede"));
    command
        .args(args)
        .current_dir(folder)
        .env_remove("SEDE_STORE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(store) = store {
        command.env("SEDE_STORE", store);
    }
    let mut process = command.spawn().expect("the program starts");
    let mut stdin = process.stdin.take().expect("its input");
    // A program that has refused its arguments reads nothing.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    let output = process.wait_with_output().expect("the program ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Answer {
        code: output.status.code().expect("it ends by itself"),
        out: text(&output.stdout),
        err: text(&output.stderr),
        bytes: output.stdout,
    }
}

pub(crate) struct World {
    pub(crate) folder: TempDir,
    /// The same store, opened beside the program: what is there.
    pub(crate) store: SqliteStore,
    point: ConsultationPoint,
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store.sqlite");
        let store = SqliteStore::create(&path, Arc::new(SystemClock))
            .await
            .expect("a store");
        let desk = store.desk();
        let offering = offering();
        let point = offering.points[0].clone();
        desk.publish(&offering).await.expect("published");
        for studio in ["ROSSI", "BIANCHI"] {
            let profile = StudioProfile {
                code: code(studio),
                name: format!("Studio {studio}"),
            };
            desk.enrol(&profile).await.expect("enrolled");
        }
        desk.admit(&admission()).await.expect("admitted");
        Self { folder, store, point }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("store.sqlite")
    }

    fn address(&self) -> String {
        format!("sqlite:{}", self.path().display())
    }

    /// What the program says to `args`.
    pub(crate) fn sede(&self, args: &[&str]) -> Answer {
        self.sede_reading("", args)
    }

    /// … with `input` on its standard input.
    pub(crate) fn sede_reading(&self, input: &str, args: &[&str]) -> Answer {
        run(self.folder.path(), Some(&self.address()), args, input)
    }

    /// What it says to scripts, where it does what it is told.
    pub(crate) fn done(&self, args: &[&str]) -> Value {
        let answer = self.sede(&[args, &["--json"]].concat());
        assert_eq!(answer.code, 0, "{args:?}: {answer:?}");
        assert_eq!(answer.err, "", "{args:?}");
        serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{args:?}: {error}: {}", answer.out))
    }

    /// What it says to people, where it does what it is told.
    pub(crate) fn told(&self, args: &[&str]) -> String {
        let answer = self.sede(args);
        assert_eq!(answer.code, 0, "{args:?}: {answer:?}");
        answer.out
    }

    /// What it must refuse, ending with `number`; nothing may be different afterwards. The refusal, as people read it.
    pub(crate) async fn refused(&self, number: i32, args: &[&str]) -> String {
        let before = self.seen().await;
        let answer = self.sede(args);
        assert_eq!(answer.code, number, "{args:?}: {answer:?}");
        assert_eq!(
            answer.out, "",
            "{args:?}: a refusal says nothing on the standard output"
        );
        assert_eq!(self.seen().await, before, "{args:?}: a refusal changes nothing");
        answer.err
    }

    /// Everything that is there, and how far the studios' feeds have come.
    pub(crate) async fn seen(&self) -> String {
        let (records, register) = (self.store.records(), self.store.register());
        let tickets = records
            .tickets(&TicketFilter::default(), None, 1_000)
            .await
            .expect("tickets");
        let appointments = records
            .appointments(&AppointmentFilter::default(), None, 1_000)
            .await
            .expect("appointments");
        let delegations = records
            .delegations(&DelegationFilter::default(), None, 1_000)
            .await
            .expect("delegations");
        let offered = (
            records.sedi().await.expect("sedi"),
            records.topics().await.expect("topics"),
            records.points().await.expect("points"),
        );
        let admitted = (
            register.studios().await.expect("studios"),
            register.devices(None).await.expect("devices"),
        );
        let feeds = self
            .store
            .newest(&[code("ROSSI"), code("BIANCHI")])
            .await
            .expect("feeds");
        let checkup = records.checkup().await.expect("a checkup");
        format!("{tickets:?} {appointments:?} {delegations:?} {offered:?} {admitted:?} {feeds:?} {checkup:?}")
    }

    /// The `index`-th slot of the `day`-th day on which `point` opens, from the day after tomorrow on.
    pub(crate) fn slot(&self, day: usize, index: usize) -> Slot {
        let from = civil_day(Utc::now()) + TimeDelta::days(2);
        let days = from.iter_days().filter_map(|date| slots_on(&self.point, date));
        let day = days
            .filter(|day| !day.slots.is_empty())
            .nth(day)
            .expect("it opens again");
        day.slots[index].clone()
    }

    /// `studio` books the slot for the ticket, with these files.
    pub(crate) async fn book_with(&self, studio: &str, ticket: &str, slot: &Slot, files: &[&[u8]]) -> Appointment {
        let session = self.store.studio(&code::<StudioCode>(studio));
        let mut attachments = Vec::new();
        for content in files {
            let upload = Upload {
                hash: ContentHash::of(content),
                bytes: content.len() as u64,
                kind: FileKind::Pdf,
            };
            assert_eq!(session.upload(&upload, 0, content).await, Ok(UploadOutcome::Complete));
            attachments.push(Attachment {
                hash: upload.hash,
                name: FileName::sanitised("ricevuta.pdf"),
                kind: upload.kind,
                bytes: upload.bytes,
            });
        }
        let booking = booking(ticket, slot, attachments);
        let attempt = Attempt::first(DecisionId::new(Uuid::now_v7()));
        match session.book(attempt, &booking).await.expect("an outcome") {
            BookOutcome::Booked { appointment } => *appointment,
            BookOutcome::Refused { why } => panic!("this must be booked: {why:?}"),
        }
    }

    /// `studio` would take the slot for the ticket, where it comes free; it does not, and the studio takes its wish back.
    pub(crate) async fn wait_in_vain(&self, studio: &str, ticket: &str, slot: &Slot) {
        let session = self.store.studio(&code::<StudioCode>(studio));
        let attempt = Attempt::first(DecisionId::new(Uuid::now_v7()));
        let outcome = session.deposit(attempt, &booking(ticket, slot, Vec::new()), true).await;
        assert!(matches!(outcome, Ok(DepositOutcome::Deposited { .. })), "{outcome:?}");
        assert_eq!(session.withdraw(attempt).await, Ok(WithdrawOutcome::Withdrawn));
    }

    /// `studio` books the slot for the ticket.
    pub(crate) async fn book(&self, studio: &str, ticket: &str, slot: &Slot) -> Appointment {
        self.book_with(studio, ticket, slot, &[]).await
    }
}

fn booking(ticket: &str, slot: &Slot, attachments: Vec<Attachment>) -> Booking {
    Booking {
        tickets: vec![BookedTicket {
            code: code(ticket),
            judgement: None,
            read: None,
        }],
        point: slot.point.clone(),
        wishes: vec![Wish::Slot { start: slot.start }],
        content: Content {
            contact: Contact {
                phone: "0583 000000".into(),
                email: String::new(),
            },
            attachments,
            ..Content::default()
        },
    }
}

/// The beginning of a slot as an argument names it.
pub(crate) fn moment(slot: &Slot) -> String {
    format!("{}T{}", slot.start.date(), slot.start.time().format("%H:%M"))
}

/// The day `days` from today, as the sede counts them.
pub(crate) fn day(days: i64) -> String {
    (civil_day(Utc::now()) + TimeDelta::days(days)).to_string()
}

/// The names of a list, read off one field.
pub(crate) fn names(listed: &Value, field: &str) -> Vec<String> {
    let items = listed["items"].as_array().expect("a list has items");
    items
        .iter()
        .map(|item| item[field].as_str().expect("a text").to_owned())
        .collect()
}

fn offering() -> Offering {
    let part = DayPart::new(
        TimeOfDay::new(9, 0).expect("a time"),
        TimeOfDay::new(11, 0).expect("a time"),
    );
    let point = |point: &str, sede: &str, desks| ConsultationPoint {
        code: code(point),
        sede: code(sede),
        name: "Consulenza aziende".into(),
        place: "Piazza dei Martiri".into(),
        topics: vec![code("DENUNCE")],
        slot_length: SlotLength::from_minutes(30).expect("a length"),
        desks,
        horizon_days: 60,
        hours: [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]
            .map(|weekday| OpeningHours {
                weekday,
                part: part.expect("a part of a day"),
                valid_from: None,
                valid_until: None,
            })
            .into(),
        closures: Vec::new(),
    };
    Offering {
        sedi: [("LU", "Lucca"), ("PI", "Pisa")]
            .map(|(sede, name)| Sede {
                code: code(sede),
                name: name.into(),
            })
            .into(),
        topics: vec![Topic {
            code: code("DENUNCE"),
            area: "Aziende".into(),
            subject: "Contributi".into(),
            detail: "Denunce".into(),
            threshold: None,
        }],
        points: vec![point(AZIENDE, "LU", 2), point(PISA, "PI", 1)],
    }
}

/// Two positions of ROSSI's and one of BIANCHI's, with ripe tickets `LU-1` to `LU-3` and `LU-91`.
fn admission() -> Admission {
    let opened_at: DateTime<Utc> = Utc::now() - TimeDelta::days(20);
    let positions = [
        (ROSSI_1, "01000000001", "ROSSI"),
        (ROSSI_2, "01000000001", "ROSSI"),
        (BIANCHI_1, "01000000011", "BIANCHI"),
    ];
    let from: NaiveDate = day(-300).parse().expect("a day");
    Admission {
        companies: ["01000000001", "01000000011"]
            .map(|company| Company {
                code: code(company),
                name: "Azienda".into(),
            })
            .into(),
        positions: positions
            .iter()
            .map(|(matricola, company, _)| Position {
                matricola: code(matricola),
                company: code(company),
                sede: code("LU"),
            })
            .collect(),
        delegations: positions
            .iter()
            .map(|(matricola, _, studio)| AdmittedDelegation {
                studio: code(studio),
                delegation: Delegation {
                    position: code(matricola),
                    from,
                    until: None,
                },
            })
            .collect(),
        tickets: [("LU-1", 0), ("LU-2", 0), ("LU-3", 1), ("LU-91", 2)]
            .map(|(ticket, position)| Ticket {
                code: code(ticket),
                position: code(positions[position].0),
                company: code(positions[position].1),
                sede: code("LU"),
                topic: code("DENUNCE"),
                opened_at,
                reopened_at: None,
                status: TicketStatus::Open,
                withdrawn: None,
                messages: Vec::new(),
            })
            .into(),
    }
}

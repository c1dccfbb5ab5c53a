//! The line cut in the middle of each message, in every part of it. When it is there again, everything arrives, and every
//! decision has one outcome.

use std::collections::{BTreeMap, BTreeSet};

use agenda_sede_tests::documents;
use agenda_sede_tests::served::Way;
use agenda_sede_tests::world::{self, Tickets};
use chrono::{TimeDelta, Utc};
use domain::appointment::{AppointmentState, SedeChange};
use domain::ticket::TicketStatus;
use store::Admission;
use studio::Studio;
use studio::view::agenda::AppointmentStateView;
use studio::view::app::ConnectionState;
use studio::view::drafts::DraftStateView;
use studio::view::requests::{RequestChange, RequestStateView};
use studio::view::tickets::AssessmentView;

use crate::desk;
use crate::dice::{self, Dice};
use crate::office::Office;
use crate::wire::{Act, Direction, Message, Spoken};

/// Cuts of each message at bytes that a die chose, where nobody can tell its parts.
const AT_RANDOM: usize = 6;

/// What a message is about.
#[derive(Debug, Clone)]
enum About {
    Nothing,
    Ticket(String),
    Draft(String),
    Appointment(String),
    Communication(String),
    Request(String),
    Reminder(String),
    Note { ticket: String, words: String },
}

/// A studio at work, and what it has decided so far.
struct Scene<'a> {
    office: &'a Office,
    studio: Studio,
    next: Next,
    /// Decisions that the store must remember an outcome of.
    decisions: u64,
    /// The tickets that are to stand in one appointment each.
    booked: BTreeSet<String>,
    /// Bookings that lie with the sede.
    deposited: usize,
    /// What the notes of changed appointments are.
    notes: BTreeMap<String, String>,
    /// Tickets that the sede took in, and those that requests are to become.
    tickets: u32,
    /// How many there were at the beginning.
    began_with: u64,
}

/// The numbers of the tickets that are not used yet.
#[derive(Default)]
struct Next {
    ko: usize,
    ok: usize,
    fresh: usize,
    new: usize,
}

fn taken(counter: &mut usize) -> usize {
    *counter += 1;
    *counter - 1
}

impl<'a> Scene<'a> {
    async fn begin(office: &'a Office) -> Self {
        let studio = office.studio("anna").await;
        desk::online(&studio).await;
        Self {
            office,
            studio,
            next: Next::default(),
            decisions: 0,
            booked: BTreeSet::new(),
            deposited: 0,
            notes: BTreeMap::new(),
            tickets: 0,
            began_with: office.tickets().await,
        }
    }

    /// Everything that comes before `message`, up to the decision that it carries.
    async fn decided(&mut self, message: Message) -> About {
        match message {
            Message::Hello => {
                // After a failure, a studio greets first.
                self.office.wire.cut();
                desk::offline(&self.studio).await;
                self.office.wire.mend();
                About::Nothing
            }
            Message::Pull => About::Ticket(self.another_ticket(TimeDelta::days(1)).await),
            Message::Book => About::Draft(self.sent(false).await),
            Message::Upload => About::Draft(self.sent(true).await),
            Message::Deposit => About::Draft(self.deposited().await),
            Message::Withdraw => {
                let draft = self.deposited().await;
                desk::online(&self.studio).await;
                self.studio.draft_recall(&draft).await.unwrap();
                self.deposited -= 1;
                self.decisions += 1;
                About::Draft(draft)
            }
            Message::Change => {
                let appointment = self.appointment().await;
                let notes = format!("Viene il titolare ({}).", self.decisions);
                let draft = desk::changed(&self.studio, &appointment, &notes).await;
                self.notes.insert(appointment, notes);
                self.decisions += 1;
                About::Draft(desk::sent(&self.studio, &draft).await)
            }
            Message::Cancel => {
                let appointment = self.appointment().await;
                self.studio.appointment_cancel(&appointment).await.unwrap();
                self.decisions += 1;
                About::Appointment(appointment)
            }
            Message::Assess => {
                let ticket = world::answered_code(taken(&mut self.next.ok)).to_string();
                let judgement = AssessmentView::Unsatisfactory;
                self.studio.ticket_assess(&ticket, judgement).await.unwrap();
                self.decisions += 1;
                About::Ticket(ticket)
            }
            Message::Acknowledge => {
                let appointment = self.appointment().await;
                self.the_sede_says(&appointment).await;
                desk::online(&self.studio).await;
                let said = self.unread().await.pop().expect("what the sede said is shown");
                self.studio.communication_acknowledge(&said).await.unwrap();
                self.decisions += 1;
                About::Communication(said)
            }
            Message::OpenTicket => About::Request(self.requested().await),
            Message::Remind => {
                // S5: more than the days that were promised have passed.
                let ticket = self.another_ticket(TimeDelta::days(20)).await;
                desk::online(&self.studio).await;
                self.studio
                    .ticket_remind(&ticket, "Attendiamo un cenno.")
                    .await
                    .unwrap();
                self.decisions += 1;
                About::Reminder(ticket)
            }
            Message::Enter => {
                let ticket = world::ticket_code(taken(&mut self.next.ko)).to_string();
                let words = format!("Sentito il cliente ({}).", self.decisions);
                self.studio.ticket_note(&ticket, &words).await.unwrap();
                self.decisions += 1;
                About::Note { ticket, words }
            }
        }
    }

    /// A draft that is sent, with a file or without.
    async fn sent(&mut self, with_file: bool) -> String {
        let code = world::ticket_code(taken(&mut self.next.ko));
        let mut draft = desk::written(&self.studio, &code, Utc::now()).await;
        if with_file {
            // Three pieces, and another content each time: what the store has it does not ask for.
            let mut content = documents::pdf(code.as_str());
            content.resize(600_000, b'\n');
            let file = documents::put(&self.office.files("documenti"), &format!("{code}.pdf"), &content);
            let attached = self.studio.attach(&draft.id, vec![file]).await.unwrap();
            assert_eq!(attached.refused, []);
            draft = attached.draft;
        }
        self.booked.insert(code.to_string());
        self.decisions += 1;
        desk::sent(&self.studio, &draft).await
    }

    /// A draft for a ticket that is not bookable yet, sent.
    async fn deposited(&mut self) -> String {
        let code = world::fresh_code(taken(&mut self.next.fresh));
        let draft = desk::written(&self.studio, &code, Utc::now()).await;
        self.deposited += 1;
        desk::sent(&self.studio, &draft).await
    }

    async fn appointment(&mut self) -> String {
        let code = world::ticket_code(taken(&mut self.next.ko));
        self.decisions += 1;
        self.booked.insert(code.to_string());
        desk::booked(&self.studio, &code, Utc::now()).await.id
    }

    /// A request that is sent.
    async fn requested(&mut self) -> String {
        let begun = self.studio.request_begin(Some(world::MATRICOLA)).await.unwrap();
        let change = RequestChange {
            topic: Some(world::TOPIC.to_owned()),
            text: Some(format!("Si chiede un chiarimento ({}).", self.decisions)),
            email: Some("studio@prova.example".to_owned()),
            ..RequestChange::default()
        };
        let written = self.studio.request_save(&begun.id, begun.revision, change).await;
        let written = written.unwrap();
        self.decisions += 1;
        self.tickets += 1;
        let sent = self.studio.request_send(&written.id, written.revision).await;
        sent.unwrap().id
    }

    async fn another_ticket(&mut self, age: TimeDelta) -> String {
        self.tickets += 1;
        // Below those of the beginning: the sede numbers requests above the highest.
        let code = format!("LU-2{:04}", taken(&mut self.next.new));
        let opened_at = Utc::now() - age;
        let admission = Admission {
            tickets: vec![world::ticket(code.parse().unwrap(), opened_at, TicketStatus::Open)],
            ..Admission::default()
        };
        let store = self.office.sede.store().await;
        store.desk().admit(&admission).await.unwrap();
        store.close().await;
        code
    }

    async fn the_sede_says(&self, appointment: &str) {
        let store = self.office.sede.store().await;
        let label = SedeChange::Say {
            label: "documenti".into(),
        };
        let desk = store.desk();
        let told = desk.tell(appointment.parse().unwrap(), label, "Portare il DURC.");
        told.await.unwrap();
        store.close().await;
    }

    async fn unread(&self) -> Vec<String> {
        let today = self.studio.today_read().await.unwrap();
        today.communications.into_iter().map(|said| said.id).collect()
    }

    /// A round in which `message` meets a fault, then one on a line that is mended. Returns whether the first one failed.
    async fn with_fault(&mut self, message: Message, fault: Option<(Direction, usize)>) -> bool {
        let about = self.decided(message).await;
        if let Some((way, after)) = fault {
            self.office.wire.then(message, way, after, Act::Cut);
        }
        let status = self.studio.sync_now().await.unwrap();
        let failed = status.connection.state == ConnectionState::Offline;
        if failed && !matches!(message, Message::Hello | Message::Pull) {
            assert_eq!(
                status.connection.waiting, 1,
                "{message:?}: it is told that a decision waits"
            );
        }
        self.office.wire.mend();
        desk::online(&self.studio).await;
        self.has_arrived(message, &about).await;
        failed
    }

    /// What came of it is what was decided.
    async fn has_arrived(&self, message: Message, about: &About) {
        let studio = &self.studio;
        match about {
            About::Nothing => {}
            About::Ticket(code) => {
                studio.ticket_open(code).await.expect("the ticket is there");
            }
            About::Draft(id) => {
                let draft = studio.draft_open(id).await.unwrap();
                let expected = match message {
                    Message::Deposit => (DraftStateView::Queued, true),
                    Message::Withdraw => (DraftStateView::Editing, false),
                    _ => (DraftStateView::Booked, false),
                };
                assert_eq!(
                    (draft.state, draft.deposit.is_some()),
                    expected,
                    "{message:?}: {:?}",
                    draft.attention
                );
                assert!(!draft.withdrawing, "the sede has heard that it was taken back");
            }
            About::Appointment(id) => {
                let row = desk::appointment(studio, id).await;
                assert_eq!(row.state, AppointmentStateView::CancelledByStudio);
            }
            About::Request(id) => {
                let request = studio.request_open(id).await.unwrap();
                assert_eq!(request.state, RequestStateView::Opened, "{:?}", request.attention);
            }
            About::Reminder(ticket) => {
                assert_eq!(studio.reminders_list().await.unwrap(), []);
                let messages = studio.ticket_open(ticket).await.unwrap().messages;
                let reminders = messages.iter().filter(|message| message.reminder).count();
                assert_eq!(reminders, 1, "the sede was reminded once");
            }
            About::Note { ticket, words } => {
                assert_eq!(studio.refusals_list().await.unwrap(), []);
                let notes = studio.ticket_open(ticket).await.unwrap().dossier.notes;
                let times = notes.iter().filter(|note| note.text == *words).count();
                assert_eq!(times, 1, "noted once");
            }
            About::Communication(id) => {
                assert!(!self.unread().await.contains(id), "it was acknowledged");
            }
        }
    }

    /// The store has what was decided, once; another computer of the studio sees the same.
    async fn ends(self) {
        let outcomes = self.office.sound().await;
        assert_eq!(
            outcomes, self.decisions,
            "one outcome for each decision, and none besides"
        );
        let mut carried: BTreeMap<String, usize> = BTreeMap::new();
        for record in self.office.appointments().await {
            let appointment = record.appointment;
            let id = appointment.id.to_string();
            assert_eq!(
                appointment.edits.len(),
                usize::from(self.notes.contains_key(&id)),
                "changed once"
            );
            if let Some(notes) = self.notes.get(&id) {
                assert_eq!(appointment.content.notes, *notes);
            }
            assert!(
                appointment
                    .communications
                    .iter()
                    .all(|said| said.acknowledged_at.is_some())
            );
            assert!(!matches!(appointment.state, AppointmentState::Resolved { .. }));
            for ticket in appointment.tickets {
                *carried.entry(ticket.to_string()).or_default() += 1;
            }
        }
        assert!(
            carried.values().all(|count| *count == 1),
            "a ticket stands in one appointment: {carried:?}"
        );
        assert_eq!(carried.into_keys().collect::<BTreeSet<_>>(), self.booked);

        assert_eq!(
            self.office.tickets().await,
            self.began_with + u64::from(self.tickets),
            "each request became one ticket"
        );
        let other = self.office.studio("bruno").await;
        desk::online(&other).await;
        let (ours, theirs) = (self.studio.agenda_list(false).await, other.agenda_list(false).await);
        assert_eq!(ours.unwrap(), theirs.unwrap(), "both computers show the same");
        let lie =
            |drafts: Vec<studio::view::drafts::DraftRow>| drafts.iter().filter(|draft| draft.deposit.is_some()).count();
        assert_eq!(lie(self.studio.drafts_list().await.unwrap()), self.deposited);
        other.close().await;
        self.studio.close().await;
    }
}

/// Every part of a message and of its answer, as HTTP/1.1 has them.
fn parts(spoken: &Spoken) -> Vec<(Direction, usize)> {
    let mut places = Vec::new();
    for (way, bytes) in [(Direction::Up, &spoken.up), (Direction::Down, &spoken.down)] {
        let head = bytes.windows(4).position(|end| end == b"\r\n\r\n").expect("a head") + 4;
        let body = bytes.len() - head;
        places.push((way, 0));
        places.push((way, head / 2));
        if body > 0 {
            places.push((way, head));
            places.push((way, head + body / 2));
        }
        // Near the end, however long the next one's moments are as text.
        places.push((way, bytes.len() - 12));
    }
    places.sort_by_key(|(way, after)| (*way == Direction::Down, *after));
    places.dedup();
    places
}

#[test]
fn a_line_that_is_cut_in_any_part_of_any_message_costs_time_and_nothing_else() {
    let tickets = Tickets {
        answered_ko: 90,
        answered_ok: 20,
        fresh: 40,
    };
    let office = Office::open(Way::Plain, tickets);
    office.run(async {
        let mut scene = Scene::begin(&office).await;
        let mut cuts = 0;
        for message in Message::ALL {
            assert!(
                !scene.with_fault(message, None).await,
                "{message:?} passes where nothing is cut"
            );
            for (way, after) in parts(&office.wire.last(message)) {
                let failed = scene.with_fault(message, Some((way, after))).await;
                assert!(failed, "{message:?}, {way:?}, cut after {after} bytes: it was not cut");
                cuts += 1;
            }
        }
        assert_eq!(office.wire.happened(), cuts);
        eprintln!("{cuts} cuts");
        scene.ends().await;
    });
}

#[test]
fn an_encrypted_line_that_is_cut_at_any_byte_costs_time_and_nothing_else() {
    let tickets = Tickets {
        answered_ko: 60,
        answered_ok: 10,
        fresh: 20,
    };
    let office = Office::open(Way::Encrypted, tickets);
    office.run(async {
        let mut scene = Scene::begin(&office).await;
        let (mut dice, mut failed) = (Dice::of(dice::seed()), 0);
        for message in Message::ALL {
            assert!(
                !scene.with_fault(message, None).await,
                "{message:?} passes where nothing is cut"
            );
            let spoken = office.wire.last(message);
            for number in 0..AT_RANDOM {
                let (way, bytes) = match number % 2 {
                    0 => (Direction::Up, spoken.up.len()),
                    _ => (Direction::Down, spoken.down.len()),
                };
                let after = dice.below(bytes);
                eprintln!(
                    "seed {}: {message:?}, {way:?}, after {after} of {bytes} bytes",
                    dice::seed()
                );
                failed += usize::from(scene.with_fault(message, Some((way, after))).await);
            }
        }
        let cuts = AT_RANDOM * Message::ALL.len();
        assert!(
            failed * 2 > cuts,
            "{failed} of {cuts} rounds failed: what cuts nobody proves nothing"
        );
        scene.ends().await;
    });
}

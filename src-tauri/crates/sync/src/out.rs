//! The outbox, on its way out.

use cache::CacheError;
use cache::drafts::{Attention, Draft, Request};
use cache::outbox::{GaveUp, OutboxRow, Settled, Work};
use cache::requests::RequestAttention;
use chrono::{DateTime, TimeDelta, Utc};
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, DraftId, TicketCode};
use domain::dossier::Entry;
use domain::studio_change::StudioChange;
use domain::ticket::Judgement;
use store::{
    Attempt, BookOutcome, ChangeOutcome, DepositOutcome, OpenOutcome, RemindOutcome, StoreError, WithdrawOutcome,
};

use crate::engine::{Broken, Engine, RoundReport};
use crate::plan::{LONGEST_PAUSE, Pauses, Queue, pause};
use crate::upload::Sent;
use crate::{Waypoint, plan};

/// Where a row stands after it was tried.
enum Tried {
    /// It is over.
    Over,
    /// It waits for another round; those after it on its subjects wait with it.
    Waits,
}

impl Engine {
    /// When the next decision can go out; nothing where none is left.
    pub(crate) async fn next_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, CacheError> {
        let outbox = &self.parts.cache.outbox;
        let rows = outbox.due(now).await?;
        let due = plan::wake(rows.iter().map(entry).collect(), now);
        let deposited = outbox.next_deposited().await?;
        Ok(due.into_iter().chain(deposited).min())
    }

    /// Sends what may go now, one after the other. A network that is gone ends it: the rest waits.
    pub(crate) async fn send_due(&self, pauses: Pauses, report: &mut RoundReport) -> Result<(), Broken> {
        let rows = self.parts.cache.outbox.due(self.present()).await?;
        let mut queue = Queue::new(rows.iter().map(entry).collect(), self.present(), pauses);
        while let Some(next) = queue.take_next() {
            let Some(row) = rows.iter().find(|row| row.id == next.row) else {
                continue;
            };
            match self.send(row, report).await? {
                Tried::Over => {}
                Tried::Waits => queue.hold(&next),
            }
        }
        Ok(())
    }

    /// Sends one row and writes down what came of it.
    async fn send(&self, row: &OutboxRow, report: &mut RoundReport) -> Result<Tried, Broken> {
        let outbox = &self.parts.cache.outbox;
        let Some(row) = outbox.take(row, self.present()).await? else {
            // Recalled meanwhile.
            return Ok(Tried::Over);
        };
        self.parts.listener.decisions_moved();
        let answered = match &row.work {
            Work::Book { draft } | Work::Change { draft, .. } => self.draft(&row, *draft, report).await,
            Work::Withdraw { attempt, .. } => self.withdraw(&row, *attempt, report).await,
            Work::Cancel { appointment } => self.cancel(&row, *appointment, report).await,
            Work::Assess { ticket, judgement } => self.assess(&row, ticket, *judgement, report).await,
            Work::OpenTicket { request } => self.open_ticket(&row, *request, report).await,
            Work::Remind { ticket, words } => self.remind(&row, ticket, words, report).await,
            Work::Acknowledge {
                appointment,
                communication,
            } => self.acknowledge(&row, *appointment, *communication, report).await,
            Work::Enter { entry } => self.enter(&row, entry, report).await,
        };
        let tried = match answered {
            Ok(tried) => {
                report.answered += 1;
                Ok(tried)
            }
            Err(Broken::Store(error)) => self.unanswered(&row, error, report).await,
            // Its draft is not there any more: nothing can be asked for it.
            Err(Broken::Cache(CacheError::UnknownDraft)) => {
                tracing::error!(decision = %row.attempt.decision, "a decision without its draft");
                outbox.give_up(&row, GaveUp::StoreFailed, self.present()).await?;
                Ok(Tried::Over)
            }
            Err(Broken::Cache(error)) => Err(Broken::Cache(error)),
        };
        self.parts.listener.decisions_moved();
        tried
    }

    /// What an error means for the row that met it. Each on purpose:
    async fn unanswered(&self, row: &OutboxRow, error: StoreError, report: &mut RoundReport) -> Result<Tried, Broken> {
        let outbox = &self.parts.cache.outbox;
        let now = self.present();
        match &error {
            // Nobody knows whether it was carried out: the same attempt goes out again. The round is over.
            StoreError::Unreachable { .. } => {
                outbox
                    .swallowed(row, now + pause(row.tries, row.attempt.decision))
                    .await?;
                report.swallowed += 1;
                Err(Broken::Store(error))
            }
            // Nothing was done: the store says when the same attempt may come again. The round is over.
            StoreError::Busy { seconds } => {
                let asked = now + TimeDelta::seconds(i64::from(*seconds)).min(LONGEST_PAUSE);
                outbox.swallowed(row, asked).await?;
                report.swallowed += 1;
                Err(Broken::Store(error))
            }
            // Nothing was done, and nothing will be until one of the sides is another. It waits for that.
            StoreError::Incompatible { .. }
            | StoreError::StudioUnknown
            | StoreError::DeviceUnknown
            | StoreError::DeviceRevoked
            | StoreError::StudioSuspended => {
                outbox.swallowed(row, now).await?;
                report.swallowed += 1;
                Err(Broken::Store(error))
            }
            // Nothing was done, and the store has yet to learn what was asked. Who asked is told, and decides when to ask again.
            StoreError::Unsupported
                if matches!(
                    row.work,
                    Work::OpenTicket { .. } | Work::Remind { .. } | Work::Enter { .. }
                ) =>
            {
                tracing::warn!(decision = %row.attempt.decision, "the store does not know yet what was asked");
                match &row.work {
                    Work::OpenTicket { .. } => {
                        let why = RequestAttention::Unsupported;
                        outbox.request_needs_attention(row, &why, now).await?;
                    }
                    _ => outbox.give_up(row, GaveUp::Unsupported, now).await?,
                }
                report.refused += 1;
                Ok(Tried::Over)
            }
            // A bug of ours, of the store, or damage there. A draft needs the person: another attempt may do. The
            // others are tried again, less and less often; the rest of the outbox goes on.
            StoreError::AttemptReused
            | StoreError::Failed { .. }
            | StoreError::EpochChanged
            | StoreError::Unsupported => {
                tracing::error!(%error, decision = %row.attempt.decision, attempt = row.attempt.number, "a decision failed at the store");
                match (&row.work, &error) {
                    (Work::Book { .. } | Work::Change { .. }, _) => {
                        outbox.needs_attention(row, &Attention::StoreFailed, now).await?;
                        report.refused += 1;
                        Ok(Tried::Over)
                    }
                    (Work::OpenTicket { .. }, _) => {
                        let why = RequestAttention::StoreFailed;
                        outbox.request_needs_attention(row, &why, now).await?;
                        report.refused += 1;
                        Ok(Tried::Over)
                    }
                    // The pair will never be answered otherwise.
                    (_, StoreError::AttemptReused) => {
                        outbox.give_up(row, GaveUp::StoreFailed, now).await?;
                        report.refused += 1;
                        Ok(Tried::Over)
                    }
                    _ => {
                        outbox
                            .swallowed(row, now + pause(row.tries, row.attempt.decision))
                            .await?;
                        report.swallowed += 1;
                        Ok(Tried::Waits)
                    }
                }
            }
        }
    }

    async fn draft(&self, row: &OutboxRow, draft: DraftId, report: &mut RoundReport) -> Result<Tried, Broken> {
        let draft = self.parts.cache.drafts.get(draft).await?;
        self.reached(Waypoint::BeforeRequest, row);
        if let Some(over) = self.upload_all(row, &draft, report).await? {
            return Ok(over);
        }
        match draft.request() {
            Request::Book(booking) => self.book(row, &booking, draft.waits, report).await,
            Request::Change(appointment, change) => self.change(row, appointment, &change, report).await,
        }
    }

    /// R10: the files of a draft, before what names them. Where one can't be sent, the draft is over with for now.
    async fn upload_all(
        &self,
        row: &OutboxRow,
        draft: &Draft,
        report: &mut RoundReport,
    ) -> Result<Option<Tried>, Broken> {
        let outbox = &self.parts.cache.outbox;
        for (index, file) in draft.content.attachments.iter().enumerate() {
            let why = match self.upload(file, index).await? {
                Sent::Whole => continue,
                Sent::Lost => Attention::AttachmentLost {
                    name: file.name.clone(),
                },
                Sent::NoRoom => Attention::NoRoomForFiles,
                Sent::Refused(why) => {
                    // Its limits are not those that we knew.
                    self.link().greet = true;
                    Attention::Refused { why }
                }
            };
            outbox.needs_attention(row, &why, self.present()).await?;
            report.refused += 1;
            return Ok(Some(Tried::Over));
        }
        Ok(None)
    }

    /// What can go now is booked. What has to wait is left with the store (promise 4): it goes out even if this computer is
    /// off by then. Where it lies there already, that is asked again under the same attempt.
    async fn book(
        &self,
        row: &OutboxRow,
        booking: &Booking,
        waits: bool,
        report: &mut RoundReport,
    ) -> Result<Tried, Broken> {
        let now = self.present();
        let waits_for_its_day = row.not_before.is_some_and(|not_before| now < not_before);
        let store = self.store()?;
        let outcome = if waits || waits_for_its_day || row.deposit.is_some() {
            store.deposit(row.attempt, booking, waits).await?
        } else {
            DepositOutcome::Decided {
                of_it: store.book(row.attempt, booking).await?,
            }
        };
        self.reached(Waypoint::AfterStoreCommit, row);
        if let DepositOutcome::Decided {
            of_it: BookOutcome::Refused { why },
        } = &outcome
        {
            tracing::info!(decision = %row.attempt.decision, attempt = row.attempt.number, why = kind(why), "not booked");
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        let outbox = &self.parts.cache.outbox;
        let settled = outbox.complete_deposit(row, &outcome, self.present()).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(match settled {
            Settled::Deposited => {
                report.deposited += 1;
                Tried::Over
            }
            Settled::Booked(_) => {
                report.booked += 1;
                Tried::Over
            }
            Settled::NeedsAttention(_) => {
                report.refused += 1;
                // Perhaps its limits are not those that we knew.
                self.link().greet = true;
                Tried::Over
            }
            Settled::Requeued { .. } => {
                report.requeued += 1;
                // Our clock was ahead of the store's: have another look at it.
                self.link().greet = true;
                Tried::Waits
            }
        })
    }

    async fn change(
        &self,
        row: &OutboxRow,
        appointment: AppointmentId,
        change: &StudioChange,
        report: &mut RoundReport,
    ) -> Result<Tried, Broken> {
        let outcome = self.store()?.change(row.attempt, appointment, change).await?;
        self.reached(Waypoint::AfterStoreCommit, row);
        if let ChangeOutcome::Refused { .. } = &outcome {
            tracing::info!(decision = %row.attempt.decision, attempt = row.attempt.number, "not changed");
            report.refused += 1;
            // Perhaps its limits are not those that we knew.
            self.link().greet = true;
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        let outbox = &self.parts.cache.outbox;
        outbox.complete_change(row, &outcome, self.present()).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(Tried::Over)
    }

    async fn withdraw(&self, row: &OutboxRow, attempt: Attempt, report: &mut RoundReport) -> Result<Tried, Broken> {
        self.reached(Waypoint::BeforeRequest, row);
        let outcome = self.store()?.withdraw(attempt).await?;
        self.reached(Waypoint::AfterStoreCommit, row);
        if let WithdrawOutcome::Decided {
            of_it: BookOutcome::Booked { .. },
        } = &outcome
        {
            tracing::info!(decision = %attempt.decision, "booked before it was taken back");
            report.booked += 1;
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        let outbox = &self.parts.cache.outbox;
        outbox.complete_withdraw(row, &outcome, self.present()).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(Tried::Over)
    }

    async fn cancel(
        &self,
        row: &OutboxRow,
        appointment: AppointmentId,
        report: &mut RoundReport,
    ) -> Result<Tried, Broken> {
        self.reached(Waypoint::BeforeRequest, row);
        let outcome = self.store()?.cancel(row.attempt, appointment).await?;
        self.reached(Waypoint::AfterStoreCommit, row);
        if matches!(outcome, store::CancelOutcome::Refused { .. }) {
            report.refused += 1;
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        let outbox = &self.parts.cache.outbox;
        outbox.complete_cancel(row, &outcome, self.present()).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(Tried::Over)
    }

    async fn assess(
        &self,
        row: &OutboxRow,
        ticket: &TicketCode,
        judgement: Judgement,
        report: &mut RoundReport,
    ) -> Result<Tried, Broken> {
        self.reached(Waypoint::BeforeRequest, row);
        let outcome = self.store()?.assess_reply(row.attempt, ticket, judgement).await?;
        self.reached(Waypoint::AfterStoreCommit, row);
        if outcome != store::AssessOutcome::Assessed {
            report.refused += 1;
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        self.parts.cache.outbox.complete_assess(row, outcome).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(Tried::Over)
    }

    /// Its files first; then the request. One that a try of it has opened already is opened: a decision has one ticket.
    async fn open_ticket(&self, row: &OutboxRow, id: DraftId, report: &mut RoundReport) -> Result<Tried, Broken> {
        let cache = &self.parts.cache;
        let draft = cache.requests.get(id).await?;
        self.reached(Waypoint::BeforeRequest, row);
        let Some(request) = draft.request() else {
            return Err(Broken::Cache(CacheError::Bug {
                what: "a request was sent without position or topic".to_owned(),
            }));
        };
        for (index, file) in request.content.attachments.iter().enumerate() {
            let name = || file.name.as_str().to_owned();
            let why = match self.upload(file, index).await? {
                Sent::Whole => continue,
                Sent::Lost => RequestAttention::AttachmentLost { name: name() },
                Sent::NoRoom => RequestAttention::NoRoomForFiles,
                Sent::Refused(_) => {
                    // Its limits are not those that we knew.
                    self.link().greet = true;
                    RequestAttention::FileTooLarge { name: name() }
                }
            };
            cache.outbox.request_needs_attention(row, &why, self.present()).await?;
            report.refused += 1;
            return Ok(Tried::Over);
        }
        let outcome = self.store()?.open_ticket(row.attempt, &request).await?;
        self.reached(Waypoint::AfterStoreCommit, row);
        if let OpenOutcome::Refused { .. } = &outcome {
            report.refused += 1;
            // Perhaps its limits are not those that we knew.
            self.link().greet = true;
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        cache.outbox.complete_open(row, &outcome, self.present()).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(Tried::Over)
    }

    async fn remind(
        &self,
        row: &OutboxRow,
        ticket: &TicketCode,
        words: &str,
        report: &mut RoundReport,
    ) -> Result<Tried, Broken> {
        self.reached(Waypoint::BeforeRequest, row);
        let outcome = self.store()?.remind(row.attempt, ticket, words).await?;
        self.reached(Waypoint::AfterStoreCommit, row);
        if let RemindOutcome::Refused { .. } = &outcome {
            report.refused += 1;
            // Perhaps its limits are not those that we knew.
            self.link().greet = true;
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        let outbox = &self.parts.cache.outbox;
        outbox.complete_remind(row, &outcome, self.present()).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(Tried::Over)
    }

    async fn acknowledge(
        &self,
        row: &OutboxRow,
        appointment: AppointmentId,
        communication: CommunicationId,
        report: &mut RoundReport,
    ) -> Result<Tried, Broken> {
        self.reached(Waypoint::BeforeRequest, row);
        let store = self.store()?;
        let outcome = store.acknowledge(row.attempt, appointment, communication).await?;
        self.reached(Waypoint::AfterStoreCommit, row);
        if outcome != store::AcknowledgeOutcome::Acknowledged {
            report.refused += 1;
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        let outbox = &self.parts.cache.outbox;
        outbox.complete_acknowledge(row, outcome, self.present()).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(Tried::Over)
    }

    async fn enter(&self, row: &OutboxRow, entry: &Entry, report: &mut RoundReport) -> Result<Tried, Broken> {
        self.reached(Waypoint::BeforeRequest, row);
        let outcome = self.store()?.enter(row.attempt, entry).await?;
        self.reached(Waypoint::AfterStoreCommit, row);
        if matches!(outcome, store::EnterOutcome::Refused { .. }) {
            report.refused += 1;
        }
        self.reached(Waypoint::BeforeAnswerWritten, row);
        let outbox = &self.parts.cache.outbox;
        outbox.complete_enter(row, &outcome, self.present()).await?;
        self.reached(Waypoint::AfterAnswerWritten, row);
        Ok(Tried::Over)
    }

    fn reached(&self, waypoint: Waypoint, row: &OutboxRow) {
        self.parts.watcher.reached(waypoint, row.attempt.decision);
    }
}

/// What is not with the store yet has no day to wait for: it is left there at once.
fn entry(row: &OutboxRow) -> plan::Entry {
    let may_be_left_there = matches!(row.work, Work::Book { .. }) && row.deposit.is_none();
    plan::Entry {
        row: row.id,
        decision: row.attempt.decision,
        subjects: row.subjects.clone(),
        decided_at: row.decided_at,
        not_before: row.not_before.filter(|_| !may_be_left_there),
        next_attempt: row.next_attempt,
    }
}

/// For the log: which refusal, without what it is about.
fn kind(why: &store::BookRefusal) -> String {
    match why {
        store::BookRefusal::UnknownTicket { .. } => "unknown ticket".to_owned(),
        store::BookRefusal::UnknownPoint => "unknown point".to_owned(),
        store::BookRefusal::AttachmentMissing { .. } => "attachment missing".to_owned(),
        store::BookRefusal::Withdrawn => "withdrawn".to_owned(),
        store::BookRefusal::Rule { refusal } => refusal.rule().to_string(),
    }
}

//! A way to the store on which answers get lost.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, TicketCode};
use domain::contact_request::ContactRequest;
use domain::dossier::Entry;
use domain::studio_change::StudioChange;
use domain::ticket::Judgement;
use store::{
    AcknowledgeOutcome, AssessOutcome, Attempt, BookOutcome, CalendarStore, CancelOutcome, ChangeOutcome, Cursor,
    DepositOutcome, EnterOutcome, OpenOutcome, Page, RemindOutcome, StoreError, Upload, UploadOutcome, Welcome,
    WithdrawOutcome,
};
use tokio::sync::Notify;

/// A method of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Hello,
    Pull,
    Book,
    Deposit,
    Withdraw,
    Change,
    Cancel,
    Assess,
    OpenTicket,
    Remind,
    Acknowledge,
    Enter,
    Upload,
}

/// What goes wrong.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The request does not arrive.
    Before(StoreError),
    /// The request is carried out, and its answer gets lost.
    After(StoreError),
}

pub fn unreachable() -> StoreError {
    StoreError::Unreachable {
        reason: "the cable is out".into(),
    }
}

/// See the module.
pub struct Gate {
    store: Arc<dyn CalendarStore>,
    faults: Mutex<VecDeque<(usize, Call, Fault)>>,
    shut: Mutex<Vec<(Call, StoreError)>>,
    pub asked: Mutex<Vec<Call>>,
    pub attempts: Mutex<Vec<Attempt>>,
    pub bytes: AtomicUsize,
    /// When the store says that it wants to be asked again; as it says itself, if nothing is set.
    pub ask_again_after: Mutex<Option<u32>>,
    hints: Notify,
}

impl Gate {
    pub fn before(store: impl CalendarStore + 'static) -> Arc<Self> {
        Arc::new(Self {
            store: Arc::new(store),
            faults: Mutex::default(),
            shut: Mutex::default(),
            asked: Mutex::default(),
            attempts: Mutex::default(),
            bytes: AtomicUsize::new(0),
            ask_again_after: Mutex::default(),
            hints: Notify::new(),
        })
    }

    /// The store hints that something changed.
    pub fn hint(&self) {
        self.hints.notify_one();
    }

    /// The next such call goes wrong, once.
    pub fn once(&self, call: Call, fault: Fault) {
        self.later(0, call, fault);
    }

    /// After `passed` more such calls, one goes wrong.
    pub fn later(&self, passed: usize, call: Call, fault: Fault) {
        self.faults.lock().unwrap().push_back((passed, call, fault));
    }

    /// Every such call fails until [`Gate::open`].
    pub fn shut(&self, call: Call, error: StoreError) {
        self.shut.lock().unwrap().push((call, error));
    }

    pub fn open(&self) {
        self.shut.lock().unwrap().clear();
    }

    /// How often the store was asked for this.
    pub fn count(&self, call: Call) -> usize {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|asked| **asked == call)
            .count()
    }

    fn passes(&self, call: Call) -> Result<Option<StoreError>, StoreError> {
        self.asked.lock().unwrap().push(call);
        if let Some((_, error)) = self.shut.lock().unwrap().iter().find(|(shut, _)| *shut == call) {
            return Err(error.clone());
        }
        let mut faults = self.faults.lock().unwrap();
        let Some(index) = faults.iter().position(|(_, faulty, _)| *faulty == call) else {
            return Ok(None);
        };
        if faults[index].0 > 0 {
            faults[index].0 -= 1;
            return Ok(None);
        }
        match faults.remove(index) {
            Some((_, _, Fault::Before(error))) => Err(error),
            Some((_, _, Fault::After(error))) => Ok(Some(error)),
            None => Ok(None),
        }
    }
}

/// The answer, unless it gets lost.
fn lost<T>(error: Option<StoreError>, answer: T) -> Result<T, StoreError> {
    error.map_or(Ok(answer), Err)
}

#[async_trait]
impl CalendarStore for Gate {
    async fn hello(&self, version: u32) -> Result<Welcome, StoreError> {
        let error = self.passes(Call::Hello)?;
        let mut welcome = self.store.hello(version).await?;
        if let Some(seconds) = *self.ask_again_after.lock().unwrap() {
            welcome.ask_again_after = seconds;
        }
        lost(error, welcome)
    }

    async fn pull(&self, cursor: Option<&Cursor>) -> Result<Page, StoreError> {
        let error = self.passes(Call::Pull)?;
        lost(error, self.store.pull(cursor).await?)
    }

    async fn book(&self, attempt: Attempt, booking: &Booking) -> Result<BookOutcome, StoreError> {
        self.attempts.lock().unwrap().push(attempt);
        let error = self.passes(Call::Book)?;
        lost(error, self.store.book(attempt, booking).await?)
    }

    async fn deposit(&self, attempt: Attempt, booking: &Booking, waits: bool) -> Result<DepositOutcome, StoreError> {
        self.attempts.lock().unwrap().push(attempt);
        let error = self.passes(Call::Deposit)?;
        lost(error, self.store.deposit(attempt, booking, waits).await?)
    }

    async fn withdraw(&self, attempt: Attempt) -> Result<WithdrawOutcome, StoreError> {
        let error = self.passes(Call::Withdraw)?;
        lost(error, self.store.withdraw(attempt).await?)
    }

    async fn change(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        change: &StudioChange,
    ) -> Result<ChangeOutcome, StoreError> {
        let error = self.passes(Call::Change)?;
        lost(error, self.store.change(attempt, appointment, change).await?)
    }

    async fn cancel(&self, attempt: Attempt, appointment: AppointmentId) -> Result<CancelOutcome, StoreError> {
        let error = self.passes(Call::Cancel)?;
        lost(error, self.store.cancel(attempt, appointment).await?)
    }

    async fn assess_reply(
        &self,
        attempt: Attempt,
        ticket: &TicketCode,
        judgement: Judgement,
    ) -> Result<AssessOutcome, StoreError> {
        let error = self.passes(Call::Assess)?;
        lost(error, self.store.assess_reply(attempt, ticket, judgement).await?)
    }

    async fn open_ticket(&self, attempt: Attempt, request: &ContactRequest) -> Result<OpenOutcome, StoreError> {
        let error = self.passes(Call::OpenTicket)?;
        lost(error, self.store.open_ticket(attempt, request).await?)
    }

    async fn remind(&self, attempt: Attempt, ticket: &TicketCode, words: &str) -> Result<RemindOutcome, StoreError> {
        let error = self.passes(Call::Remind)?;
        lost(error, self.store.remind(attempt, ticket, words).await?)
    }

    async fn acknowledge(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        communication: CommunicationId,
    ) -> Result<AcknowledgeOutcome, StoreError> {
        let error = self.passes(Call::Acknowledge)?;
        lost(
            error,
            self.store.acknowledge(attempt, appointment, communication).await?,
        )
    }

    async fn enter(&self, attempt: Attempt, entry: &Entry) -> Result<EnterOutcome, StoreError> {
        let error = self.passes(Call::Enter)?;
        lost(error, self.store.enter(attempt, entry).await?)
    }

    async fn upload(&self, upload: &Upload, offset: u64, piece: &[u8]) -> Result<UploadOutcome, StoreError> {
        let error = self.passes(Call::Upload)?;
        self.bytes.fetch_add(piece.len(), Ordering::Relaxed);
        lost(error, self.store.upload(upload, offset, piece).await?)
    }

    async fn watch(&self) {
        self.hints.notified().await;
    }
}

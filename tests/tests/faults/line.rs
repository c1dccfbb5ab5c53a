//! The real client of the store, which tells the line where a message begins and ends.

use std::sync::Arc;

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
use store_http::HttpStore;

use crate::wire::{Message, Wire};

/// See the module.
pub(crate) struct Line {
    pub(crate) store: HttpStore,
    pub(crate) wire: Arc<Wire>,
    /// Added to the version of the contract that the program speaks.
    pub(crate) ahead: u32,
}

impl Line {
    async fn say<T>(&self, message: Message, said: impl Future<Output = T>) -> T {
        self.wire.begins(message);
        let answer = said.await;
        self.wire.over();
        answer
    }
}

#[async_trait]
impl CalendarStore for Line {
    async fn hello(&self, version: u32) -> Result<Welcome, StoreError> {
        self.say(Message::Hello, self.store.hello(version + self.ahead)).await
    }

    async fn pull(&self, cursor: Option<&Cursor>) -> Result<Page, StoreError> {
        self.say(Message::Pull, self.store.pull(cursor)).await
    }

    async fn book(&self, attempt: Attempt, booking: &Booking) -> Result<BookOutcome, StoreError> {
        self.say(Message::Book, self.store.book(attempt, booking)).await
    }

    async fn deposit(&self, attempt: Attempt, booking: &Booking, waits: bool) -> Result<DepositOutcome, StoreError> {
        self.say(Message::Deposit, self.store.deposit(attempt, booking, waits))
            .await
    }

    async fn withdraw(&self, attempt: Attempt) -> Result<WithdrawOutcome, StoreError> {
        self.say(Message::Withdraw, self.store.withdraw(attempt)).await
    }

    async fn change(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        change: &StudioChange,
    ) -> Result<ChangeOutcome, StoreError> {
        self.say(Message::Change, self.store.change(attempt, appointment, change))
            .await
    }

    async fn cancel(&self, attempt: Attempt, appointment: AppointmentId) -> Result<CancelOutcome, StoreError> {
        self.say(Message::Cancel, self.store.cancel(attempt, appointment)).await
    }

    async fn assess_reply(
        &self,
        attempt: Attempt,
        ticket: &TicketCode,
        judgement: Judgement,
    ) -> Result<AssessOutcome, StoreError> {
        self.say(Message::Assess, self.store.assess_reply(attempt, ticket, judgement))
            .await
    }

    async fn acknowledge(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        communication: CommunicationId,
    ) -> Result<AcknowledgeOutcome, StoreError> {
        let said = self.store.acknowledge(attempt, appointment, communication);
        self.say(Message::Acknowledge, said).await
    }

    async fn open_ticket(&self, attempt: Attempt, request: &ContactRequest) -> Result<OpenOutcome, StoreError> {
        self.say(Message::OpenTicket, self.store.open_ticket(attempt, request))
            .await
    }

    async fn remind(&self, attempt: Attempt, ticket: &TicketCode, words: &str) -> Result<RemindOutcome, StoreError> {
        self.say(Message::Remind, self.store.remind(attempt, ticket, words))
            .await
    }

    async fn enter(&self, attempt: Attempt, entry: &Entry) -> Result<EnterOutcome, StoreError> {
        self.say(Message::Enter, self.store.enter(attempt, entry)).await
    }

    async fn upload(&self, upload: &Upload, offset: u64, piece: &[u8]) -> Result<UploadOutcome, StoreError> {
        match piece.is_empty() {
            true => self.store.upload(upload, offset, piece).await,
            false => {
                self.say(Message::Upload, self.store.upload(upload, offset, piece))
                    .await
            }
        }
    }

    async fn watch(&self) {
        self.store.watch().await;
    }
}

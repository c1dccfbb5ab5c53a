//! The store as the device of one studio sees it.

use std::sync::Arc;

use async_trait::async_trait;
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, StudioCode, TicketCode};
use domain::contact_request::ContactRequest;
use domain::content::Limits;
use domain::dossier::Entry;
use domain::people::Person;
use domain::studio_change::StudioChange;
use domain::ticket::Judgement;
use sqlx::types::Json;
use store::{
    AcknowledgeOutcome, AssessOutcome, Attempt, BookOutcome, CONTRACT_VERSION, CalendarStore, CancelOutcome,
    ChangeOutcome, Cursor, DepositOutcome, EnterOutcome, OpenOutcome, Page, RemindOutcome, StoreError, Upload,
    UploadOutcome, Welcome, WithdrawOutcome,
};

use crate::failure::{Failure, inner};
use crate::reach::Reach;
use crate::{afterwards, booking, deposit, dossier, pull, register, reminder, request, studio_change, upload};

/// The versions of the contract that this store speaks.
const VERSIONS: (u32, u32) = (1, CONTRACT_VERSION);

/// Hints come from the server that stands before the store; who asks without one asks at this pace.
const ASK_AGAIN_AFTER: u32 = 30;

/// A studio's way into a [`crate::PostgresStore`]. Cheap to clone.
#[derive(Clone)]
pub struct PostgresSession {
    reach: Arc<Reach>,
    studio: StudioCode,
    person: Option<Person>,
}

impl PostgresSession {
    pub(crate) const fn new(reach: Arc<Reach>, studio: StudioCode) -> Self {
        Self {
            reach,
            studio,
            person: None,
        }
    }

    /// The same in the name of `person`, one of the studio's, or of nobody.
    #[must_use]
    pub fn in_the_name_of(self, person: Option<Person>) -> Self {
        Self { person, ..self }
    }

    async fn welcome(&self) -> Result<Welcome, Failure> {
        let mut reading = self.reach.read().await?;
        let life = sqlx::query!(
            r#"SELECT life.epoch, life.limits AS "limits: Json<Limits>", studio.name
               FROM life JOIN studio ON studio.code = $1"#,
            self.studio.as_str()
        )
        .fetch_optional(reading.connection())
        .await?
        .ok_or(StoreError::StudioUnknown)?;
        Ok(Welcome {
            versions: VERSIONS,
            epoch: life.epoch.to_string(),
            now: self.reach.now().instant(),
            limits: inner(life.limits),
            studio: self.studio.clone(),
            studio_name: life.name,
            people: register::people(reading.connection(), &self.studio, self.person.as_ref()).await?,
            person: self.person.clone(),
            ask_again_after: ASK_AGAIN_AFTER,
        })
    }
}

#[async_trait]
impl CalendarStore for PostgresSession {
    async fn hello(&self, version: u32) -> Result<Welcome, StoreError> {
        let (oldest, newest) = VERSIONS;
        if !(oldest..=newest).contains(&version) {
            return Err(StoreError::Incompatible { oldest, newest });
        }
        Ok(self.welcome().await?)
    }

    async fn pull(&self, cursor: Option<&Cursor>) -> Result<Page, StoreError> {
        Ok(pull::pull(&self.reach, &self.studio, cursor).await?)
    }

    async fn book(&self, attempt: Attempt, booking: &Booking) -> Result<BookOutcome, StoreError> {
        Ok(booking::book(&self.reach, &self.studio, attempt, booking).await?)
    }

    async fn deposit(&self, attempt: Attempt, booking: &Booking, waits: bool) -> Result<DepositOutcome, StoreError> {
        Ok(deposit::deposit(&self.reach, &self.studio, self.person.as_ref(), attempt, booking, waits).await?)
    }

    async fn withdraw(&self, attempt: Attempt) -> Result<WithdrawOutcome, StoreError> {
        Ok(deposit::withdraw(&self.reach, &self.studio, attempt).await?)
    }

    async fn change(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        change: &StudioChange,
    ) -> Result<ChangeOutcome, StoreError> {
        Ok(studio_change::change(&self.reach, &self.studio, attempt, appointment, change).await?)
    }

    async fn cancel(&self, attempt: Attempt, appointment: AppointmentId) -> Result<CancelOutcome, StoreError> {
        Ok(afterwards::cancel(&self.reach, &self.studio, attempt, appointment).await?)
    }

    async fn assess_reply(
        &self,
        attempt: Attempt,
        ticket: &TicketCode,
        judgement: Judgement,
    ) -> Result<AssessOutcome, StoreError> {
        Ok(afterwards::assess_reply(&self.reach, &self.studio, attempt, ticket, judgement).await?)
    }

    async fn open_ticket(&self, attempt: Attempt, request: &ContactRequest) -> Result<OpenOutcome, StoreError> {
        Ok(request::open_ticket(&self.reach, &self.studio, attempt, request).await?)
    }

    async fn remind(&self, attempt: Attempt, ticket: &TicketCode, words: &str) -> Result<RemindOutcome, StoreError> {
        Ok(reminder::remind(&self.reach, &self.studio, attempt, ticket, words).await?)
    }

    async fn acknowledge(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        communication: CommunicationId,
    ) -> Result<AcknowledgeOutcome, StoreError> {
        Ok(afterwards::acknowledge(&self.reach, &self.studio, attempt, appointment, communication).await?)
    }

    async fn enter(&self, attempt: Attempt, entry: &Entry) -> Result<EnterOutcome, StoreError> {
        Ok(dossier::enter(&self.reach, &self.studio, self.person.as_ref(), attempt, entry).await?)
    }

    async fn upload(&self, upload: &Upload, offset: u64, piece: &[u8]) -> Result<UploadOutcome, StoreError> {
        Ok(upload::upload(&self.reach, &self.studio, upload, offset, piece).await?)
    }
}

//! What the sede reads. Nothing here writes; each list is one statement over an index.

mod appointments;
mod counts;
mod register;
mod tickets;

use std::sync::Arc;

use async_trait::async_trait;
use domain::code::{AppointmentCode, AppointmentId, ContentHash, Matricola, PointCode, StudioCode, TicketCode};
use domain::content::Limits;
use domain::point::{ConsultationPoint, Sede};
use domain::topic::Topic;
use store::{
    AppointmentFilter, AppointmentMark, AppointmentRecord, Checkup, Counts, DelegationFilter, DelegationRecord,
    MOST_RECORDS, PositionRecord, RequestRecord, SedeRecords, StoreError, TicketFilter, TicketRecord,
};

use crate::checkup;
use crate::failure::Failure;
use crate::reach::Reach;

pub(crate) use counts::counts;

/// The sede's eyes on a [`crate::PostgresStore`]. Cheap to clone.
#[derive(Clone)]
pub struct PostgresRecords {
    reach: Arc<Reach>,
}

impl PostgresRecords {
    pub(crate) const fn new(reach: Arc<Reach>) -> Self {
        Self { reach }
    }

    async fn counted(&self) -> Result<Counts, Failure> {
        let mut snapshot = self.reach.snapshot().await?;
        counts(&mut snapshot, self.reach.now()).await
    }

    async fn checked(&self) -> Result<Checkup, Failure> {
        let mut snapshot = self.reach.snapshot().await?;
        checkup::checkup(&mut snapshot, self.reach.now()).await
    }
}

/// How many rows a page has.
fn rows(most: u16) -> i64 {
    i64::from(most.min(MOST_RECORDS))
}

#[async_trait]
impl SedeRecords for PostgresRecords {
    async fn sedi(&self) -> Result<Vec<Sede>, StoreError> {
        Ok(register::sedi(self.reach.read().await?.connection()).await?)
    }

    async fn limits(&self) -> Result<Limits, StoreError> {
        Ok(register::limits(self.reach.read().await?.connection()).await?)
    }

    async fn topics(&self) -> Result<Vec<Topic>, StoreError> {
        Ok(register::topics(self.reach.read().await?.connection()).await?)
    }

    async fn points(&self) -> Result<Vec<ConsultationPoint>, StoreError> {
        Ok(register::points(self.reach.read().await?.connection()).await?)
    }

    async fn point(&self, code: &PointCode) -> Result<Option<ConsultationPoint>, StoreError> {
        Ok(register::point(self.reach.read().await?.connection(), code).await?)
    }

    async fn position(&self, matricola: &Matricola) -> Result<Option<PositionRecord>, StoreError> {
        Ok(register::position(self.reach.read().await?.connection(), matricola).await?)
    }

    async fn delegations(
        &self,
        filter: &DelegationFilter,
        after: Option<(&StudioCode, &Matricola)>,
        most: u16,
    ) -> Result<Vec<DelegationRecord>, StoreError> {
        let mut survey = self.reach.survey().await?;
        Ok(register::delegations(&mut survey, filter, after, rows(most)).await?)
    }

    async fn tickets(
        &self,
        filter: &TicketFilter,
        after: Option<&TicketCode>,
        most: u16,
    ) -> Result<Vec<TicketRecord>, StoreError> {
        let now = self.reach.now();
        let mut survey = self.reach.survey().await?;
        Ok(tickets::page(&mut survey, filter, after, rows(most), now).await?)
    }

    async fn ticket(&self, code: &TicketCode) -> Result<Option<TicketRecord>, StoreError> {
        let now = self.reach.now();
        Ok(tickets::one(self.reach.read().await?.connection(), code, now).await?)
    }

    async fn appointments(
        &self,
        filter: &AppointmentFilter,
        after: Option<&AppointmentMark>,
        most: u16,
    ) -> Result<Vec<AppointmentRecord>, StoreError> {
        let now = self.reach.now();
        let mut survey = self.reach.survey().await?;
        Ok(appointments::page(&mut survey, filter, after, rows(most), now).await?)
    }

    async fn appointment(&self, code: &AppointmentCode) -> Result<Option<AppointmentRecord>, StoreError> {
        Ok(appointments::one(self.reach.read().await?.connection(), code).await?)
    }

    async fn attachment(
        &self,
        appointment: AppointmentId,
        hash: ContentHash,
        offset: u64,
        most: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut reading = self.reach.read().await?;
        Ok(appointments::piece(reading.connection(), appointment, hash, offset, most).await?)
    }

    async fn request(&self, ticket: &TicketCode) -> Result<Option<RequestRecord>, StoreError> {
        let mut reading = self.reach.read().await?;
        Ok(appointments::request(reading.connection(), ticket).await?)
    }

    async fn request_file(
        &self,
        ticket: &TicketCode,
        hash: ContentHash,
        offset: u64,
        most: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let mut reading = self.reach.read().await?;
        Ok(appointments::request_piece(reading.connection(), ticket, hash, offset, most).await?)
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        Ok(self.counted().await?)
    }

    async fn checkup(&self) -> Result<Checkup, StoreError> {
        Ok(self.checked().await?)
    }
}

//! What the sede reads. Nothing here writes; each list is one statement over an index.

mod appointments;
mod attachments;
mod counts;
mod delegations;
mod offering;
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
use crate::reach::Reach;

pub(crate) use counts::counts;

/// The sede's eyes on a [`crate::SqliteStore`]. Cheap to clone.
#[derive(Clone)]
pub struct SqliteRecords {
    reach: Arc<Reach>,
}

impl SqliteRecords {
    pub(crate) const fn new(reach: Arc<Reach>) -> Self {
        Self { reach }
    }
}

/// How many rows a page has.
fn rows(most: u16) -> i64 {
    i64::from(most.min(MOST_RECORDS))
}

#[async_trait]
impl SedeRecords for SqliteRecords {
    async fn sedi(&self) -> Result<Vec<Sede>, StoreError> {
        Ok(offering::sedi(&self.reach.read().await?).await?)
    }

    async fn limits(&self) -> Result<Limits, StoreError> {
        Ok(offering::limits(&self.reach.read().await?).await?)
    }

    async fn topics(&self) -> Result<Vec<Topic>, StoreError> {
        Ok(offering::topics(&self.reach.read().await?).await?)
    }

    async fn points(&self) -> Result<Vec<ConsultationPoint>, StoreError> {
        Ok(offering::points(&self.reach.read().await?).await?)
    }

    async fn point(&self, code: &PointCode) -> Result<Option<ConsultationPoint>, StoreError> {
        Ok(offering::point(&self.reach.read().await?, code).await?)
    }

    async fn position(&self, matricola: &Matricola) -> Result<Option<PositionRecord>, StoreError> {
        Ok(delegations::position(&self.reach.read().await?, matricola).await?)
    }

    async fn delegations(
        &self,
        filter: &DelegationFilter,
        after: Option<(&StudioCode, &Matricola)>,
        most: u16,
    ) -> Result<Vec<DelegationRecord>, StoreError> {
        Ok(delegations::page(&self.reach.read().await?, filter, after, rows(most)).await?)
    }

    async fn tickets(
        &self,
        filter: &TicketFilter,
        after: Option<&TicketCode>,
        most: u16,
    ) -> Result<Vec<TicketRecord>, StoreError> {
        let now = self.reach.now();
        Ok(tickets::page(&self.reach.read().await?, filter, after, rows(most), now).await?)
    }

    async fn ticket(&self, code: &TicketCode) -> Result<Option<TicketRecord>, StoreError> {
        let now = self.reach.now();
        Ok(tickets::one(&self.reach.read().await?, code, now).await?)
    }

    async fn appointments(
        &self,
        filter: &AppointmentFilter,
        after: Option<&AppointmentMark>,
        most: u16,
    ) -> Result<Vec<AppointmentRecord>, StoreError> {
        let now = self.reach.now();
        Ok(appointments::page(&self.reach.read().await?, filter, after, rows(most), now).await?)
    }

    async fn appointment(&self, code: &AppointmentCode) -> Result<Option<AppointmentRecord>, StoreError> {
        Ok(appointments::one(&self.reach.read().await?, code).await?)
    }

    async fn attachment(
        &self,
        appointment: AppointmentId,
        hash: ContentHash,
        offset: u64,
        most: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(attachments::piece(&self.reach.read().await?, appointment, hash, offset, most).await?)
    }

    async fn request(&self, ticket: &TicketCode) -> Result<Option<RequestRecord>, StoreError> {
        Ok(attachments::request(&self.reach.read().await?, ticket).await?)
    }

    async fn request_file(
        &self,
        ticket: &TicketCode,
        hash: ContentHash,
        offset: u64,
        most: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(attachments::request_piece(&self.reach.read().await?, ticket, hash, offset, most).await?)
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let now = self.reach.now();
        let mut connection = self.reach.reading().await?;
        Ok(counts(&mut connection, now).await?)
    }

    async fn checkup(&self) -> Result<Checkup, StoreError> {
        let now = self.reach.now();
        let mut snapshot = self.reach.reading().await?;
        Ok(checkup::checkup(&mut snapshot, now).await?)
    }
}

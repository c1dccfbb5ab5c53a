//! The store of a server.

use async_trait::async_trait;
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, TicketCode};
use domain::contact_request::ContactRequest;
use domain::dossier::Entry;
use domain::studio_change::StudioChange;
use domain::ticket::Judgement;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder};
use store::{
    AcknowledgeOutcome, AssessOutcome, Attempt, BookOutcome, CalendarStore, CancelOutcome, ChangeOutcome, Cursor,
    DepositOutcome, DeviceName, DeviceToken, EnterOutcome, InvitationCode, OpenOutcome, Page, RedeemOutcome,
    RemindOutcome, StoreError, Upload, UploadOutcome, Welcome, WithdrawOutcome,
};

use super::watch::Watch;
use super::wire::{Patience, Wire, answered, authorized};
use super::{ServerAddress, Trust};
use crate::api::{
    Answer, Assessment, Deposition, Greeting, IDEMPOTENCY_KEY, IdempotencyKey, LARGEST_PIECE, PieceOf, PullFrom,
    Redemption, Reminding, path,
};

/// The calendar store behind a server, as one admitted device sees it. It listens for hints from the first
/// [`CalendarStore::watch`] on, until it is dropped.
pub struct HttpStore {
    wire: Wire,
    token: DeviceToken,
    watch: Watch,
}

impl HttpStore {
    /// The store at `address`, for the device that has `token`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where this computer can't speak HTTPS.
    pub fn new(address: ServerAddress, trust: &Trust, token: DeviceToken) -> Result<Self, StoreError> {
        Self::with_patience(address, trust, token, Patience::default())
    }

    /// The same, with a patience of its own.
    ///
    /// # Errors
    /// Those of [`HttpStore::new`].
    pub fn with_patience(
        address: ServerAddress,
        trust: &Trust,
        token: DeviceToken,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        let wire = Wire::to(address, trust, patience)?;
        let watch = Watch::new(wire.clone(), token.clone());
        Ok(Self { wire, token, watch })
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        authorized(self.wire.request(method, path), &self.token)
    }

    fn write(&self, path: &str, attempt: Attempt) -> RequestBuilder {
        self.ask(Method::POST, path)
            .header(IDEMPOTENCY_KEY, IdempotencyKey(attempt).to_string())
    }
}

/// Trades an invitation for the admission of this device, which has `token` in its keyring already. The same pair again has
/// the same outcome, so an answer that was lost does no harm.
///
/// # Errors
/// Those of [`store::DeviceRegister::redeem`]; [`StoreError::Busy`] for who tries too often.
pub async fn redeem(
    address: &ServerAddress,
    trust: &Trust,
    invitation: InvitationCode,
    device: DeviceName,
    token: &DeviceToken,
) -> Result<RedeemOutcome, StoreError> {
    let wire = Wire::to(address.clone(), trust, Patience::default())?;
    let request = authorized(wire.request(Method::POST, path::DEVICES), token);
    answered(request.json(&Redemption { invitation, device })).await
}

#[async_trait]
impl CalendarStore for HttpStore {
    async fn hello(&self, version: u32) -> Result<Welcome, StoreError> {
        answered(self.ask(Method::GET, path::HELLO).query(&Greeting { version })).await
    }

    async fn pull(&self, cursor: Option<&Cursor>) -> Result<Page, StoreError> {
        let from = PullFrom { after: cursor.cloned() };
        answered(self.ask(Method::GET, path::CHANGES).query(&from)).await
    }

    async fn book(&self, attempt: Attempt, booking: &Booking) -> Result<BookOutcome, StoreError> {
        answered(self.write(path::APPOINTMENTS, attempt).json(booking)).await
    }

    async fn deposit(&self, attempt: Attempt, booking: &Booking, waits: bool) -> Result<DepositOutcome, StoreError> {
        let deposition = Deposition {
            booking: booking.clone(),
            waits,
        };
        answered(self.write(path::DEPOSITS, attempt).json(&deposition)).await
    }

    async fn withdraw(&self, attempt: Attempt) -> Result<WithdrawOutcome, StoreError> {
        answered(self.write(path::WITHDRAWALS, attempt)).await
    }

    async fn change(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        change: &StudioChange,
    ) -> Result<ChangeOutcome, StoreError> {
        let path = path::CHANGE.replace("{appointment}", &appointment.to_string());
        answered(self.write(&path, attempt).json(change)).await
    }

    async fn cancel(&self, attempt: Attempt, appointment: AppointmentId) -> Result<CancelOutcome, StoreError> {
        let path = path::CANCELLATION.replace("{appointment}", &appointment.to_string());
        answered(self.write(&path, attempt)).await
    }

    async fn assess_reply(
        &self,
        attempt: Attempt,
        ticket: &TicketCode,
        judgement: Judgement,
    ) -> Result<AssessOutcome, StoreError> {
        let assessment = Assessment {
            ticket: ticket.clone(),
            judgement,
        };
        let request = self.write(path::ASSESSMENTS, attempt).json(&assessment);
        answered::<Answer<_>>(request).await.map(|answer| answer.outcome)
    }

    async fn open_ticket(&self, attempt: Attempt, request: &ContactRequest) -> Result<OpenOutcome, StoreError> {
        answered(self.write(path::TICKETS, attempt).json(request)).await
    }

    async fn remind(&self, attempt: Attempt, ticket: &TicketCode, words: &str) -> Result<RemindOutcome, StoreError> {
        let reminding = Reminding {
            ticket: ticket.clone(),
            words: words.to_owned(),
        };
        answered(self.write(path::REMINDERS, attempt).json(&reminding)).await
    }

    async fn acknowledge(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        communication: CommunicationId,
    ) -> Result<AcknowledgeOutcome, StoreError> {
        let path = path::ACKNOWLEDGEMENT
            .replace("{appointment}", &appointment.to_string())
            .replace("{communication}", &communication.to_string());
        let request = self.write(&path, attempt);
        answered::<Answer<_>>(request).await.map(|answer| answer.outcome)
    }

    async fn enter(&self, attempt: Attempt, entry: &Entry) -> Result<EnterOutcome, StoreError> {
        answered(self.write(path::DOSSIERS, attempt).json(entry)).await
    }

    async fn upload(&self, upload: &Upload, offset: u64, piece: &[u8]) -> Result<UploadOutcome, StoreError> {
        let path = path::UPLOAD.replace("{hash}", &upload.hash.to_string());
        // A server takes pieces up to a size; of a larger one it keeps the beginning, and asks for the rest.
        let piece = piece.get(..LARGEST_PIECE).unwrap_or(piece);
        let request = self
            .ask(Method::PUT, &path)
            .query(&PieceOf {
                bytes: upload.bytes,
                kind: upload.kind,
                offset,
            })
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(piece.to_vec());
        answered(request).await
    }

    async fn watch(&self) {
        self.watch.hinted().await;
    }
}

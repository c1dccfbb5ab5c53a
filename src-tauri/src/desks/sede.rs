//! A sede over the network: how this computer is admitted there, and how its store is spoken to.

use std::io;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, StudioCode, TicketCode};
use domain::contact_request::ContactRequest;
use domain::dossier::Entry;
use domain::people::Person;
use domain::studio_change::StudioChange;
use domain::ticket::Judgement;
use serde::{Deserialize, Serialize};
use store::{
    AcknowledgeOutcome, AssessOutcome, Attempt, BookOutcome, CONTRACT_VERSION, CalendarStore, CancelOutcome,
    ChangeOutcome, Cursor, DepositOutcome, DeviceId, DeviceName, DeviceToken, EnterOutcome, InvitationCode,
    OpenOutcome, Page, RedeemOutcome, RemindOutcome, StoreError, Upload, UploadOutcome, Welcome, WithdrawOutcome,
};
use store_http::{HttpStore, ServerAddress, Trust};
use studio::view::desk::{DeskView, SedeView};
use studio::view::failure::FailureCode;
use tokio::sync::OnceCell;

use crate::credentials::{KeyName, KeyringError};
use crate::desks::DeskError;
use crate::desks::choice::{self, DeskId, SedeFolder, digest, write_whole};
use crate::folders::{Desk, Folders};

/// The certificates of the office's own authority, as they were picked.
#[derive(Clone)]
pub(crate) struct Authority {
    content: Vec<u8>,
    trust: Trust,
}

impl Authority {
    /// What the file at `path` (PEM) holds.
    ///
    /// # Errors
    /// [`DeskError::Authority`] where that is no certificate.
    pub(crate) fn read(path: &Path) -> Result<Self, DeskError> {
        let trust = Trust::system_and(path).map_err(|_| DeskError::Authority)?;
        let content = std::fs::read(path)?;
        Ok(Self { content, trust })
    }

    /// By which the page names it.
    pub(crate) fn digest(&self) -> String {
        digest(&[&String::from_utf8_lossy(&self.content)])
    }

    /// Whom to trust with it; without one, whom this computer trusts.
    pub(crate) fn trust(authority: Option<&Self>) -> Result<Trust, DeskError> {
        match authority {
            Some(authority) => Ok(authority.trust.clone()),
            None => Trust::system().map_err(|_| DeskError::Authority),
        }
    }
}

/// What is kept of a sede that admitted this computer. No secret: the key is in the keyring.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Connection {
    #[serde(with = "as_text")]
    address: ServerAddress,
    studio: StudioCode,
    studio_name: String,
    person: Person,
    device: DeviceId,
}

/// An address as it is shown.
mod as_text {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};
    use store_http::ServerAddress;

    pub(super) fn serialize<S: Serializer>(address: &ServerAddress, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(address)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ServerAddress, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl Connection {
    /// What is kept at `desk`.
    ///
    /// # Errors
    /// [`DeskError::Folder`], [`DeskError::Connection`].
    pub(crate) fn read(desk: &Desk) -> Result<Self, DeskError> {
        let text = std::fs::read(desk.connection())?;
        serde_json::from_slice(&text).map_err(|_| DeskError::Connection("it is not what this program writes"))
    }

    fn write(&self, desk: &Desk) -> io::Result<()> {
        write_whole(&desk.connection(), &serde_json::to_vec_pretty(self)?)
    }

    /// As it is shown.
    pub(crate) fn view(&self, folder: &SedeFolder) -> DeskView {
        DeskView {
            id: folder.as_str().to_owned(),
            sede: Some(SedeView {
                address: self.address.to_string(),
                studio: self.studio_name.clone(),
                person: self.person.to_string(),
            }),
        }
    }

    /// By which the sede knows this computer.
    pub(crate) const fn device(&self) -> DeviceId {
        self.device
    }

    /// Where the sede is.
    pub(crate) const fn address(&self) -> &ServerAddress {
        &self.address
    }
}

/// Whom `desk` trusts.
pub(crate) fn trust(desk: &Desk) -> Result<Trust, DeskError> {
    let authority = desk.authority();
    let authority = authority.exists().then(|| Authority::read(&authority)).transpose()?;
    Authority::trust(authority.as_ref())
}

/// An address and an invitation, as somebody typed them.
pub(crate) struct Joining {
    address: ServerAddress,
    invitation: InvitationCode,
    authority: Option<Authority>,
}

impl Joining {
    /// What was typed.
    ///
    /// # Errors
    /// [`DeskError::Address`], [`DeskError::Invitation`].
    pub(crate) fn parse(address: &str, invitation: &str, authority: Option<Authority>) -> Result<Self, DeskError> {
        Ok(Self {
            address: address.parse().map_err(|_| DeskError::Address)?,
            invitation: invitation.parse().map_err(|_| DeskError::Invitation)?,
            authority,
        })
    }

    /// The name of the key that this invitation is traded for. It tells neither side.
    fn trade(&self) -> KeyName {
        KeyName::of_trade(&digest(&[&self.address.to_string(), &self.invitation.reveal()]))
    }
}

/// Trades an invitation for the admission of this computer, and makes or renews the desk for it.
///
/// The key is in the keyring before anybody hears of it, under the name of the trade: an answer that is lost, or a
/// program that dies, costs nothing but another try with the same invitation.
///
/// # Errors
/// [`DeskError`]; the desks are as they were.
pub(crate) async fn join(folders: &Folders, joining: Joining) -> Result<SedeFolder, DeskError> {
    let trust = Authority::trust(joining.authority.as_ref())?;
    let trade = joining.trade();
    let token = match trade.read().await?.map(|kept| kept.parse::<DeviceToken>()) {
        Some(Ok(kept)) => kept,
        None | Some(Err(_)) => {
            let new = DeviceToken::random();
            trade.write(new.reveal()).await?;
            new
        }
    };
    let redeemed = store_http::redeem(
        &joining.address,
        &trust,
        joining.invitation.clone(),
        device_name(),
        &token,
    );
    let admitted = match redeemed.await.map_err(|error| DeskError::Trade(refusal(&error)))? {
        RedeemOutcome::Admitted { admitted } => admitted,
        RedeemOutcome::UnknownInvitation => return Err(DeskError::Trade(FailureCode::InvitationUnknown)),
        RedeemOutcome::Expired => return Err(DeskError::Trade(FailureCode::InvitationExpired)),
        RedeemOutcome::Used | RedeemOutcome::TokenTaken => {
            return Err(DeskError::Trade(FailureCode::InvitationUsed));
        }
    };
    let store = HttpStore::new(joining.address.clone(), &trust, token.clone());
    let store = store.map_err(|error| DeskError::Trade(refusal(&error)))?;
    let welcome = store.hello(CONTRACT_VERSION).await;
    let welcome = welcome.map_err(|error| DeskError::Trade(refusal(&error)))?;

    let folder = SedeFolder::of(&joining.address.to_string(), admitted.studio.as_str());
    let desk = folders.sede(&folder);
    let before = Connection::read(&desk).ok();
    KeyName::of_device(admitted.device).write(token.reveal()).await?;
    std::fs::create_dir_all(desk.folder())?;
    match &joining.authority {
        Some(authority) => write_whole(&desk.authority(), &authority.content)?,
        None => match std::fs::remove_file(desk.authority()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        },
    }
    let connection = Connection {
        address: joining.address.clone(),
        studio: admitted.studio,
        studio_name: welcome.studio_name,
        person: admitted.person,
        device: admitted.device,
    };
    connection.write(&desk)?;
    // From here on the desk has its key: what is left of the trade, and of an earlier admission, opens nothing.
    let mut left = vec![trade];
    left.extend(
        before
            .filter(|before| before.device != admitted.device)
            .map(|before| KeyName::of_device(before.device)),
    );
    for key in left {
        if let Err(error) = key.forget().await {
            tracing::warn!(%error, "a key that opens nothing any more stays in the keyring");
        }
    }
    Ok(folder)
}

/// Takes the keys of this computer out of the keyring, of every sede that admitted it. Answers whether all are gone; the
/// sedi know these devices until they are revoked there.
pub(crate) async fn forget_keys(folders: &Folders) -> bool {
    let mut gone = true;
    for desk in choice::all(folders) {
        let DeskId::Sede(folder) = desk else { continue };
        gone &= match Connection::read(&folders.sede(&folder)) {
            Ok(connection) => KeyName::of_device(connection.device).forget().await.is_ok(),
            Err(_) => false,
        };
    }
    gone
}

/// What this computer calls itself in the sede's list.
fn device_name() -> DeviceName {
    let name = gethostname::gethostname().to_string_lossy().into_owned();
    let short: String = name.chars().filter(|letter| !letter.is_control()).take(80).collect();
    short
        .parse()
        .unwrap_or_else(|_| "computer".parse().expect("a name of its own"))
}

/// What a person is told when the trade came to nothing.
const fn refusal(error: &StoreError) -> FailureCode {
    match error {
        StoreError::Unreachable { .. } => FailureCode::SedeUnreachable,
        StoreError::Busy { .. } => FailureCode::SedeBusy,
        StoreError::StudioSuspended => FailureCode::StudioSuspended,
        // The invitation admitted this computer once, and the sede revoked it since.
        StoreError::DeviceRevoked => FailureCode::InvitationUsed,
        StoreError::Incompatible { .. }
        | StoreError::EpochChanged
        | StoreError::AttemptReused
        | StoreError::StudioUnknown
        | StoreError::DeviceUnknown
        | StoreError::Unsupported
        | StoreError::Failed { .. } => FailureCode::SedeIncompatible,
    }
}

/// The key of this computer at a sede that knows it as `device`.
///
/// # Errors
/// [`KeyringError`].
pub(crate) async fn key(device: DeviceId) -> Result<Option<DeviceToken>, KeyringError> {
    let kept = KeyName::of_device(device).read().await?;
    Ok(kept.and_then(|kept| kept.parse().ok()))
}

/// The store of a sede that admitted this computer. The key is asked of the keyring when the store is first needed: a
/// keyring that waits for a person keeps nobody from the drafts.
///
/// # Errors
/// [`DeskError::Authority`], [`DeskError::Folder`].
pub(crate) fn store(desk: &Desk, connection: &Connection) -> Result<Arc<dyn CalendarStore>, DeskError> {
    Ok(Arc::new(KeyedStore {
        device: connection.device,
        address: connection.address.clone(),
        trust: trust(desk)?,
        store: OnceCell::new(),
    }))
}

/// A store behind a key that is still in the keyring.
struct KeyedStore {
    device: DeviceId,
    address: ServerAddress,
    trust: Trust,
    store: OnceCell<HttpStore>,
}

impl KeyedStore {
    async fn store(&self) -> Result<&HttpStore, StoreError> {
        self.store
            .get_or_try_init(|| async {
                let key = key(self.device).await.map_err(|error| StoreError::Unreachable {
                    reason: error.to_string(),
                })?;
                // Without a key this computer is one that the sede does not know.
                let key = key.ok_or(StoreError::DeviceUnknown)?;
                HttpStore::new(self.address.clone(), &self.trust, key)
            })
            .await
    }
}

#[async_trait]
impl CalendarStore for KeyedStore {
    async fn hello(&self, version: u32) -> Result<Welcome, StoreError> {
        self.store().await?.hello(version).await
    }

    async fn pull(&self, cursor: Option<&Cursor>) -> Result<Page, StoreError> {
        self.store().await?.pull(cursor).await
    }

    async fn book(&self, attempt: Attempt, booking: &Booking) -> Result<BookOutcome, StoreError> {
        self.store().await?.book(attempt, booking).await
    }

    async fn deposit(&self, attempt: Attempt, booking: &Booking, waits: bool) -> Result<DepositOutcome, StoreError> {
        self.store().await?.deposit(attempt, booking, waits).await
    }

    async fn withdraw(&self, attempt: Attempt) -> Result<WithdrawOutcome, StoreError> {
        self.store().await?.withdraw(attempt).await
    }

    async fn change(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        change: &StudioChange,
    ) -> Result<ChangeOutcome, StoreError> {
        self.store().await?.change(attempt, appointment, change).await
    }

    async fn cancel(&self, attempt: Attempt, appointment: AppointmentId) -> Result<CancelOutcome, StoreError> {
        self.store().await?.cancel(attempt, appointment).await
    }

    async fn assess_reply(
        &self,
        attempt: Attempt,
        ticket: &TicketCode,
        judgement: Judgement,
    ) -> Result<AssessOutcome, StoreError> {
        self.store().await?.assess_reply(attempt, ticket, judgement).await
    }

    async fn open_ticket(&self, attempt: Attempt, request: &ContactRequest) -> Result<OpenOutcome, StoreError> {
        self.store().await?.open_ticket(attempt, request).await
    }

    async fn remind(&self, attempt: Attempt, ticket: &TicketCode, words: &str) -> Result<RemindOutcome, StoreError> {
        self.store().await?.remind(attempt, ticket, words).await
    }

    async fn acknowledge(
        &self,
        attempt: Attempt,
        appointment: AppointmentId,
        communication: CommunicationId,
    ) -> Result<AcknowledgeOutcome, StoreError> {
        self.store()
            .await?
            .acknowledge(attempt, appointment, communication)
            .await
    }

    async fn enter(&self, attempt: Attempt, entry: &Entry) -> Result<EnterOutcome, StoreError> {
        self.store().await?.enter(attempt, entry).await
    }

    async fn upload(&self, upload: &Upload, offset: u64, piece: &[u8]) -> Result<UploadOutcome, StoreError> {
        self.store().await?.upload(upload, offset, piece).await
    }

    async fn watch(&self) {
        match self.store().await {
            Ok(store) => store.watch().await,
            Err(_) => std::future::pending().await,
        }
    }
}

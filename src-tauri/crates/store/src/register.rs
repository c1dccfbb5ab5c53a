//! The register of studios and their devices: whom the sede's server admits, and in whose name.
//!
//! The administrator invites a person of a studio; the person's program makes a token, keeps it, and trades the
//! invitation for its admission. From then on the token says which studio a request is for: no argument ever does.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::code::{MalformedCode, StudioCode};
use domain::people::Person;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{DeviceToken, InvitationCode, StoreError};

/// Identity of a device, for logs and for whoever revokes it. Not a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct DeviceId(Uuid);

impl DeviceId {
    /// Wraps a UUID made elsewhere (version 7 by those who make new ones).
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// The UUID.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl FromStr for DeviceId {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        Uuid::try_parse(text)
            .map(Self)
            .map_err(|_| MalformedCode { kind: "DeviceId" })
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a device calls itself, so that its person knows it in a list: 1 to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
#[serde(try_from = "String", into = "String")]
pub struct DeviceName(Box<str>);

impl DeviceName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DeviceName {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        let text = text.trim();
        let fits = (1..=80).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(MalformedCode { kind: "DeviceName" })
        }
    }
}

impl TryFrom<String> for DeviceName {
    type Error = MalformedCode;

    fn try_from(text: String) -> Result<Self, MalformedCode> {
        text.parse()
    }
}

impl From<DeviceName> for String {
    fn from(name: DeviceName) -> String {
        name.0.into()
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A studio as the administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredStudio {
    /// Its identity.
    pub code: StudioCode,
    /// Its name.
    pub name: String,
    /// Since when it is suspended, if it is: none of its devices is served.
    pub suspended_since: Option<DateTime<Utc>>,
    /// Its devices that are not revoked.
    pub devices: u32,
}

/// A device as the administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredDevice {
    /// The device, its studio and its person.
    #[serde(flatten)]
    pub admitted: AdmittedDevice,
    /// What it calls itself.
    pub name: DeviceName,
    /// When it was admitted.
    pub admitted_at: DateTime<Utc>,
    /// Since when it is revoked, if it is.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Whom a token stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdmittedDevice {
    /// The device.
    pub device: DeviceId,
    /// The studio that it acts for.
    pub studio: StudioCode,
    /// The person who was invited with it.
    pub person: Person,
}

/// What comes of [`DeviceRegister::invite`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteOutcome {
    /// Invited. This is the only time that the code can be seen.
    Invited {
        /// What the person types.
        code: InvitationCode,
        /// It admits nobody from then on.
        expires_at: DateTime<Utc>,
    },
    /// No such studio.
    UnknownStudio,
}

/// What comes of [`DeviceRegister::redeem`]. Who has the whole code was invited: it may be said why it is of no use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum RedeemOutcome {
    /// The token admits the device from now on.
    Admitted {
        /// Whom it stands for.
        admitted: AdmittedDevice,
    },
    /// No such invitation.
    UnknownInvitation,
    /// The invitation has expired.
    Expired,
    /// The invitation was redeemed with another token.
    Used,
    /// The token admits, or admitted, another device: make a new one.
    TokenTaken,
}

/// What comes of [`DeviceRegister::suspend`] and [`DeviceRegister::resume`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuspendOutcome {
    /// It is as was asked, by this call or an earlier one.
    Done,
    /// No such studio.
    UnknownStudio,
}

/// What comes of [`DeviceRegister::revoke`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeOutcome {
    /// The device is revoked, by this call or an earlier one.
    Revoked,
    /// No such device.
    UnknownDevice,
}

/// The register of a store. Studios are enrolled by [`crate::SedeDesk::enrol`].
#[async_trait]
pub trait DeviceRegister: Send + Sync {
    /// Every studio, by code.
    async fn studios(&self) -> Result<Vec<RegisteredStudio>, StoreError>;

    /// Suspends a studio: its devices are told so, and lose nothing. The first time counts.
    async fn suspend(&self, studio: &StudioCode) -> Result<SuspendOutcome, StoreError>;

    /// Ends a suspension.
    async fn resume(&self, studio: &StudioCode) -> Result<SuspendOutcome, StoreError>;

    /// Invites a person of a studio, for as long as `valid`. The store keeps the hash of the code only.
    async fn invite(&self, studio: &StudioCode, person: &Person, valid: TimeDelta)
    -> Result<InviteOutcome, StoreError>;

    /// Trades an invitation for the admission of the device that has `token`. The same pair again, whenever it comes, has
    /// the same outcome: an answer that was lost does no harm.
    ///
    /// # Errors
    /// [`StoreError::StudioSuspended`] for an invitation of such a studio; nothing was done.
    /// [`StoreError::DeviceRevoked`] for a pair whose device was revoked since.
    async fn redeem(
        &self,
        invitation: &InvitationCode,
        name: &DeviceName,
        token: &DeviceToken,
    ) -> Result<RedeemOutcome, StoreError>;

    /// The devices of a studio, or of all, in the order of their admission. Revoked ones stay in the list (R15).
    async fn devices(&self, studio: Option<&StudioCode>) -> Result<Vec<RegisteredDevice>, StoreError>;

    /// Revokes a device: it is told so. The first time counts; its person can be invited again.
    async fn revoke(&self, device: DeviceId) -> Result<RevokeOutcome, StoreError>;

    /// Whom `token` stands for: asked with every request.
    ///
    /// # Errors
    /// [`StoreError::DeviceUnknown`], [`StoreError::DeviceRevoked`], [`StoreError::StudioSuspended`].
    async fn admitted(&self, token: &DeviceToken) -> Result<AdmittedDevice, StoreError>;
}

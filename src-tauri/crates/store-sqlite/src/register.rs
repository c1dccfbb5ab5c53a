//! The register of studios and devices.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::code::StudioCode;
use domain::people::Person;
use sqlx::{SqliteConnection, SqlitePool};
use store::{
    AdmittedDevice, DeviceId, DeviceName, DeviceRegister, DeviceToken, InvitationCode, InviteOutcome, RedeemOutcome,
    RegisteredDevice, RegisteredStudio, RevokeOutcome, StoreError, SuspendOutcome, keeping,
};
use uuid::Uuid;

use crate::failure::Failure;
use crate::reach::{Reach, instant, seconds};

/// The administrator's way to the devices of a [`crate::SqliteStore`], and the server's. Cheap to clone.
#[derive(Clone)]
pub struct SqliteRegister {
    reach: Arc<Reach>,
}

/// A device with all that its admission depends on.
struct StoredDevice {
    uuid: Uuid,
    token_hash: Vec<u8>,
    studio: String,
    person: String,
    name: String,
    admitted_at: i64,
    revoked_at: Option<i64>,
    suspended_since: Option<i64>,
}

impl StoredDevice {
    async fn of_token(connection: &mut SqliteConnection, token: &DeviceToken) -> Result<Option<Self>, Failure> {
        let hash = token.hash();
        let hash = hash.as_bytes().as_slice();
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT d.uuid AS "uuid: Uuid", d.token_hash, s.code AS studio, i.person, d.name, d.admitted_at, d.revoked_at,
                   s.suspended_since
               FROM device AS d JOIN invitation AS i ON i.id = d.invitation JOIN studio AS s ON s.id = i.studio
               WHERE d.token_hash = ?1"#,
            hash
        )
        .fetch_optional(connection)
        .await?)
    }

    async fn of_invitation(connection: &mut SqliteConnection, invitation: i64) -> Result<Option<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT d.uuid AS "uuid: Uuid", d.token_hash, s.code AS studio, i.person, d.name, d.admitted_at, d.revoked_at,
                   s.suspended_since
               FROM device AS d JOIN invitation AS i ON i.id = d.invitation JOIN studio AS s ON s.id = i.studio
               WHERE d.invitation = ?1"#,
            invitation
        )
        .fetch_optional(connection)
        .await?)
    }

    async fn all(connection: &mut SqliteConnection, studio: Option<&str>) -> Result<Vec<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT d.uuid AS "uuid: Uuid", d.token_hash, s.code AS studio, i.person, d.name, d.admitted_at, d.revoked_at,
                   s.suspended_since
               FROM device AS d JOIN invitation AS i ON i.id = d.invitation JOIN studio AS s ON s.id = i.studio
               WHERE ?1 IS NULL OR s.code = ?1 ORDER BY d.id"#,
            studio
        )
        .fetch_all(connection)
        .await?)
    }

    fn named(&self) -> Result<AdmittedDevice, Failure> {
        Ok(AdmittedDevice {
            device: DeviceId::new(self.uuid),
            studio: self.studio.parse().map_err(|_| Failure::Body("studio"))?,
            person: self.person.parse().map_err(|_| Failure::Body("person"))?,
        })
    }

    /// Whom it stands for, while it may.
    fn admitted(&self) -> Result<AdmittedDevice, Failure> {
        if self.revoked_at.is_some() {
            return Err(StoreError::DeviceRevoked.into());
        }
        if self.suspended_since.is_some() {
            return Err(StoreError::StudioSuspended.into());
        }
        self.named()
    }

    fn registered(&self) -> Result<RegisteredDevice, Failure> {
        Ok(RegisteredDevice {
            admitted: self.named()?,
            name: self.name.parse::<DeviceName>().map_err(|_| Failure::Body("name"))?,
            admitted_at: instant(self.admitted_at),
            revoked_at: self.revoked_at.map(instant),
        })
    }
}

/// An invitation that somebody redeems.
struct StoredInvitation {
    id: i64,
    expires_at: i64,
    suspended_since: Option<i64>,
}

impl StoredInvitation {
    async fn of(connection: &mut SqliteConnection, code: &InvitationCode) -> Result<Option<Self>, Failure> {
        let hash = code.hash();
        let hash = hash.as_bytes().as_slice();
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT i.id AS "id!", i.expires_at, s.suspended_since
               FROM invitation AS i JOIN studio AS s ON s.id = i.studio WHERE i.code_hash = ?1"#,
            hash
        )
        .fetch_optional(connection)
        .await?)
    }
}

impl SqliteRegister {
    pub(crate) const fn new(reach: Arc<Reach>) -> Self {
        Self { reach }
    }

    async fn list_studios(&self) -> Result<Vec<RegisteredStudio>, Failure> {
        let reads = self.reach.read().await?;
        let rows = sqlx::query!(
            r#"SELECT s.code, s.name, s.suspended_since,
                   (SELECT count(*) FROM invitation AS i JOIN device AS d ON d.invitation = i.id
                    WHERE i.studio = s.id AND d.revoked_at IS NULL) AS "devices!: u32"
               FROM studio AS s ORDER BY s.code"#
        )
        .fetch_all(&reads)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(RegisteredStudio {
                    code: row.code.parse().map_err(|_| Failure::Body("studio"))?,
                    name: row.name,
                    suspended_since: row.suspended_since.map(instant),
                    devices: row.devices,
                })
            })
            .collect()
    }

    /// Suspends a studio from `since` on, or no longer.
    async fn suspend_since(
        &self,
        studio: &StudioCode,
        since: Option<DateTime<Utc>>,
    ) -> Result<SuspendOutcome, Failure> {
        let (code, since) = (studio.as_str(), since.map(seconds));
        let mut transaction = self.reach.write().await?;
        let found = sqlx::query!(
            "UPDATE studio SET suspended_since = iif(?2 IS NULL, NULL, coalesce(suspended_since, ?2)) WHERE code = ?1",
            code,
            since
        )
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        self.reach.commit(transaction).await?;
        Ok(if found == 0 {
            SuspendOutcome::UnknownStudio
        } else {
            SuspendOutcome::Done
        })
    }

    async fn invite_one(
        &self,
        studio: &StudioCode,
        person: &Person,
        valid: TimeDelta,
    ) -> Result<InviteOutcome, Failure> {
        let code = InvitationCode::random();
        let now = self.reach.now().instant();
        // A term that no calendar holds is the longest there is.
        let expires_at = now.checked_add_signed(valid).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let hash = code.hash();
        let (studio, person, hash) = (studio.as_str(), person.as_str(), hash.as_bytes().as_slice());
        let (invited, expires) = (seconds(now), seconds(expires_at));
        let mut transaction = self.reach.write().await?;
        let made = sqlx::query!(
            "INSERT INTO invitation (code_hash, studio, person, invited_at, expires_at)
             SELECT ?1, id, ?3, ?4, ?5 FROM studio WHERE code = ?2",
            hash,
            studio,
            person,
            invited,
            expires
        )
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        self.reach.commit(transaction).await?;
        Ok(if made == 0 {
            InviteOutcome::UnknownStudio
        } else {
            InviteOutcome::Invited {
                code,
                expires_at: instant(expires),
            }
        })
    }

    async fn redeem_one(
        &self,
        invitation: &InvitationCode,
        name: &DeviceName,
        token: &DeviceToken,
    ) -> Result<RedeemOutcome, Failure> {
        let mut transaction = self.reach.write().await?;
        let now = seconds(self.reach.now().instant());
        let Some(invitation) = StoredInvitation::of(&mut transaction, invitation).await? else {
            return Ok(RedeemOutcome::UnknownInvitation);
        };
        if let Some(device) = StoredDevice::of_invitation(&mut transaction, invitation.id).await? {
            if device.token_hash != token.hash().as_bytes() {
                return Ok(RedeemOutcome::Used);
            }
            let admitted = device.admitted()?;
            return Ok(RedeemOutcome::Admitted { admitted });
        }
        if invitation.expires_at <= now {
            return Ok(RedeemOutcome::Expired);
        }
        if invitation.suspended_since.is_some() {
            return Err(StoreError::StudioSuspended.into());
        }
        if StoredDevice::of_token(&mut transaction, token).await?.is_some() {
            return Ok(RedeemOutcome::TokenTaken);
        }
        let (uuid, hash, name) = (Uuid::now_v7(), token.hash(), name.as_str());
        let hash = hash.as_bytes().as_slice();
        sqlx::query!(
            "INSERT INTO device (uuid, invitation, token_hash, name, admitted_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            uuid,
            invitation.id,
            hash,
            name,
            now
        )
        .execute(&mut *transaction)
        .await?;
        let admitted = StoredDevice::of_invitation(&mut transaction, invitation.id)
            .await?
            .ok_or(Failure::Body("device"))?
            .admitted()?;
        self.reach.commit(transaction).await?;
        Ok(RedeemOutcome::Admitted { admitted })
    }

    async fn list_devices(&self, studio: Option<&StudioCode>) -> Result<Vec<RegisteredDevice>, Failure> {
        let mut reads = self.reach.read().await?.acquire().await?;
        let devices = StoredDevice::all(&mut reads, studio.map(StudioCode::as_str)).await?;
        devices.iter().map(StoredDevice::registered).collect()
    }

    async fn revoke_one(&self, device: DeviceId) -> Result<RevokeOutcome, Failure> {
        let (uuid, now) = (device.uuid(), seconds(self.reach.now().instant()));
        let mut transaction = self.reach.write().await?;
        let found = sqlx::query!(
            "UPDATE device SET revoked_at = coalesce(revoked_at, ?2) WHERE uuid = ?1",
            uuid,
            now
        )
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        self.reach.commit(transaction).await?;
        Ok(if found == 0 {
            RevokeOutcome::UnknownDevice
        } else {
            RevokeOutcome::Revoked
        })
    }

    async fn whom(&self, token: &DeviceToken) -> Result<AdmittedDevice, Failure> {
        let mut reads = self.reach.read().await?.acquire().await?;
        StoredDevice::of_token(&mut reads, token)
            .await?
            .ok_or(StoreError::DeviceUnknown)?
            .admitted()
    }
}

/// The people of a studio, by name: those with a device that is admitted, and `asking`.
pub(crate) async fn people(
    reads: &SqlitePool,
    studio: &StudioCode,
    asking: Option<&Person>,
) -> Result<Vec<Person>, Failure> {
    let studio = studio.as_str();
    let names = sqlx::query_scalar!(
        "SELECT DISTINCT i.person FROM device AS d JOIN invitation AS i ON i.id = d.invitation
         JOIN studio ON studio.id = i.studio WHERE studio.code = ?1 AND d.revoked_at IS NULL",
        studio
    )
    .fetch_all(reads)
    .await?;
    keeping::people(names, asking).ok_or(Failure::Body("person"))
}

#[async_trait]
impl DeviceRegister for SqliteRegister {
    async fn studios(&self) -> Result<Vec<RegisteredStudio>, StoreError> {
        Ok(self.list_studios().await?)
    }

    async fn suspend(&self, studio: &StudioCode) -> Result<SuspendOutcome, StoreError> {
        let now = self.reach.now().instant();
        Ok(self.suspend_since(studio, Some(now)).await?)
    }

    async fn resume(&self, studio: &StudioCode) -> Result<SuspendOutcome, StoreError> {
        Ok(self.suspend_since(studio, None).await?)
    }

    async fn invite(
        &self,
        studio: &StudioCode,
        person: &Person,
        valid: TimeDelta,
    ) -> Result<InviteOutcome, StoreError> {
        Ok(self.invite_one(studio, person, valid).await?)
    }

    async fn redeem(
        &self,
        invitation: &InvitationCode,
        name: &DeviceName,
        token: &DeviceToken,
    ) -> Result<RedeemOutcome, StoreError> {
        Ok(self.redeem_one(invitation, name, token).await?)
    }

    async fn devices(&self, studio: Option<&StudioCode>) -> Result<Vec<RegisteredDevice>, StoreError> {
        Ok(self.list_devices(studio).await?)
    }

    async fn revoke(&self, device: DeviceId) -> Result<RevokeOutcome, StoreError> {
        Ok(self.revoke_one(device).await?)
    }

    async fn admitted(&self, token: &DeviceToken) -> Result<AdmittedDevice, StoreError> {
        Ok(self.whom(token).await?)
    }
}

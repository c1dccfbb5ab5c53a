//! The register of studios and devices.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::code::StudioCode;
use domain::people::Person;
use sqlx::PgConnection;
use store::{
    AdmittedDevice, DeviceId, DeviceName, DeviceRegister, DeviceToken, InvitationCode, InviteOutcome, RedeemOutcome,
    RegisteredDevice, RegisteredStudio, RevokeOutcome, StoreError, SuspendOutcome, keeping,
};
use uuid::Uuid;

use crate::failure::Failure;
use crate::reach::Reach;

/// The administrator's way to the devices of a [`crate::PostgresStore`], and the server's. Cheap to clone.
#[derive(Clone)]
pub struct PostgresRegister {
    reach: Arc<Reach>,
}

/// A device with all that its admission depends on.
struct StoredDevice {
    id: Uuid,
    token_hash: Vec<u8>,
    studio: String,
    person: String,
    name: String,
    admitted_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    suspended_since: Option<DateTime<Utc>>,
}

impl StoredDevice {
    async fn of_token(connection: &mut PgConnection, token: &DeviceToken) -> Result<Option<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            "SELECT d.id, d.token_hash, i.studio, i.person, d.name, d.admitted_at, d.revoked_at, s.suspended_since
             FROM device AS d JOIN invitation AS i ON i.code_hash = d.invitation JOIN studio AS s ON s.code = i.studio
             WHERE d.token_hash = $1",
            token.hash().as_bytes().to_vec()
        )
        .fetch_optional(connection)
        .await?)
    }

    async fn of_invitation(connection: &mut PgConnection, code: &InvitationCode) -> Result<Option<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            "SELECT d.id, d.token_hash, i.studio, i.person, d.name, d.admitted_at, d.revoked_at, s.suspended_since
             FROM device AS d JOIN invitation AS i ON i.code_hash = d.invitation JOIN studio AS s ON s.code = i.studio
             WHERE d.invitation = $1",
            code.hash().as_bytes().to_vec()
        )
        .fetch_optional(connection)
        .await?)
    }

    async fn all(connection: &mut PgConnection, studio: Option<&str>) -> Result<Vec<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            "SELECT d.id, d.token_hash, i.studio, i.person, d.name, d.admitted_at, d.revoked_at, s.suspended_since
             FROM device AS d JOIN invitation AS i ON i.code_hash = d.invitation JOIN studio AS s ON s.code = i.studio
             WHERE $1::text IS NULL OR i.studio = $1 ORDER BY d.admitted_at, d.id",
            studio
        )
        .fetch_all(connection)
        .await?)
    }

    fn named(&self) -> Result<AdmittedDevice, Failure> {
        Ok(AdmittedDevice {
            device: DeviceId::new(self.id),
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
            admitted_at: self.admitted_at,
            revoked_at: self.revoked_at,
        })
    }
}

/// The last moment that PostgreSQL and the contract both write down.
fn longest() -> DateTime<Utc> {
    chrono::NaiveDate::from_ymd_opt(9999, 12, 31)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map_or(DateTime::<Utc>::MAX_UTC, |last| last.and_utc())
}

impl PostgresRegister {
    pub(crate) const fn new(reach: Arc<Reach>) -> Self {
        Self { reach }
    }

    async fn list_studios(&self) -> Result<Vec<RegisteredStudio>, Failure> {
        let mut reading = self.reach.read().await?;
        let rows = sqlx::query!(
            r#"SELECT s.code, s.name, s.suspended_since,
                   (SELECT count(*) FROM invitation AS i JOIN device AS d ON d.invitation = i.code_hash
                    WHERE i.studio = s.code AND d.revoked_at IS NULL) AS "devices!"
               FROM studio AS s ORDER BY s.code"#
        )
        .fetch_all(reading.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(RegisteredStudio {
                    code: row.code.parse().map_err(|_| Failure::Body("studio"))?,
                    name: row.name,
                    suspended_since: row.suspended_since,
                    devices: u32::try_from(row.devices).unwrap_or(u32::MAX),
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
        let mut transaction = self.reach.begin().await?;
        let found = sqlx::query!(
            "UPDATE studio SET suspended_since =
                 CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE coalesce(suspended_since, $2) END
             WHERE code = $1",
            studio.as_str(),
            since
        )
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        transaction.commit().await?;
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
        let expires_at = now.checked_add_signed(valid).unwrap_or(longest()).min(longest());
        let mut transaction = self.reach.begin().await?;
        let made = sqlx::query!(
            "INSERT INTO invitation (code_hash, studio, person, invited_at, expires_at)
             SELECT $1, code, $3, $4, $5 FROM studio WHERE code = $2",
            code.hash().as_bytes().to_vec(),
            studio.as_str(),
            person.as_str(),
            now,
            expires_at
        )
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        transaction.commit().await?;
        Ok(if made == 0 {
            InviteOutcome::UnknownStudio
        } else {
            InviteOutcome::Invited { code, expires_at }
        })
    }

    async fn redeem_once(
        &self,
        code: &InvitationCode,
        name: &DeviceName,
        token: &DeviceToken,
    ) -> Result<RedeemOutcome, Failure> {
        let now = self.reach.now().instant();
        let mut transaction = self.reach.begin().await?;
        // One redeems it at a time.
        let Some(invitation) = sqlx::query!(
            "SELECT i.expires_at, s.suspended_since FROM invitation AS i JOIN studio AS s ON s.code = i.studio
             WHERE i.code_hash = $1 FOR UPDATE OF i",
            code.hash().as_bytes().to_vec()
        )
        .fetch_optional(&mut *transaction)
        .await?
        else {
            return Ok(RedeemOutcome::UnknownInvitation);
        };
        if let Some(device) = StoredDevice::of_invitation(&mut transaction, code).await? {
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
        sqlx::query!(
            "INSERT INTO device (id, invitation, token_hash, name, admitted_at) VALUES ($1, $2, $3, $4, $5)",
            Uuid::now_v7(),
            code.hash().as_bytes().to_vec(),
            token.hash().as_bytes().to_vec(),
            name.as_str(),
            now
        )
        .execute(&mut *transaction)
        .await?;
        let admitted = StoredDevice::of_invitation(&mut transaction, code)
            .await?
            .ok_or(Failure::Body("device"))?
            .admitted()?;
        transaction.commit().await?;
        Ok(RedeemOutcome::Admitted { admitted })
    }

    async fn list_devices(&self, studio: Option<&StudioCode>) -> Result<Vec<RegisteredDevice>, Failure> {
        let mut reading = self.reach.read().await?;
        let devices = StoredDevice::all(reading.connection(), studio.map(StudioCode::as_str)).await?;
        devices.iter().map(StoredDevice::registered).collect()
    }

    async fn revoke_one(&self, device: DeviceId) -> Result<RevokeOutcome, Failure> {
        let mut transaction = self.reach.begin().await?;
        let found = sqlx::query!(
            "UPDATE device SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1",
            device.uuid(),
            self.reach.now().instant()
        )
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        transaction.commit().await?;
        Ok(if found == 0 {
            RevokeOutcome::UnknownDevice
        } else {
            RevokeOutcome::Revoked
        })
    }

    async fn whom(&self, token: &DeviceToken) -> Result<AdmittedDevice, Failure> {
        let mut reading = self.reach.read().await?;
        StoredDevice::of_token(reading.connection(), token)
            .await?
            .ok_or(StoreError::DeviceUnknown)?
            .admitted()
    }
}

/// The people of a studio, by name: those with a device that is admitted, and `asking`.
pub(crate) async fn people(
    connection: &mut PgConnection,
    studio: &StudioCode,
    asking: Option<&Person>,
) -> Result<Vec<Person>, Failure> {
    let names = sqlx::query_scalar!(
        "SELECT DISTINCT i.person FROM device AS d JOIN invitation AS i ON i.code_hash = d.invitation
         WHERE i.studio = $1 AND d.revoked_at IS NULL",
        studio.as_str()
    )
    .fetch_all(connection)
    .await?;
    keeping::people(names, asking).ok_or(Failure::Body("person"))
}

#[async_trait]
impl DeviceRegister for PostgresRegister {
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
        let call = || self.redeem_once(invitation, name, token);
        Ok(self.reach.tried(call).await?)
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

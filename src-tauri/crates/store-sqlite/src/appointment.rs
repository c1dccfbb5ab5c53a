//! Appointments as rows, with the places and tickets that they hold.

use domain::appointment::Appointment;
use domain::availability::{Taken, TakenPlaces};
use domain::code::AppointmentId;
use domain::point::ConsultationPoint;
use domain::slot::Slot;
use domain::time::Now;
use sqlx::SqliteConnection;
use store::keeping;

use crate::failure::{Failure, read, written};
use crate::feed::{self, Shared};
use crate::reach::{instant, seconds};
use crate::{delegation, deposit};

/// A point with its row.
pub(crate) struct StoredPoint {
    pub(crate) id: i64,
    pub(crate) sede: i64,
    pub(crate) point: ConsultationPoint,
}

impl StoredPoint {
    /// The point of this code.
    pub(crate) async fn of(connection: &mut SqliteConnection, code: &str) -> Result<Option<Self>, Failure> {
        sqlx::query!(r#"SELECT id AS "id!", sede, body FROM point WHERE code = ?1"#, code)
            .fetch_optional(connection)
            .await?
            .map(|row| {
                Ok(Self {
                    id: row.id,
                    sede: row.sede,
                    point: read(&row.body, "point")?,
                })
            })
            .transpose()
    }

    /// What is held there from `now` on. An appointment that is about to be moved does not stand in its own way.
    pub(crate) async fn taken(
        &self,
        connection: &mut SqliteConnection,
        now: Now,
        but: Option<&Slot>,
    ) -> Result<TakenPlaces, Failure> {
        let now = seconds(now.instant());
        let mut taken: Vec<Taken> = sqlx::query!(
            "SELECT starts_at, ends_at, count FROM taken
             WHERE point = ?1 AND starts_at > ?2 - 86400 AND ends_at > ?2 AND count > 0",
            self.id,
            now
        )
        .fetch_all(connection)
        .await?
        .into_iter()
        .map(|row| Taken {
            start: instant(row.starts_at),
            end: instant(row.ends_at),
            count: u16::try_from(row.count).unwrap_or(u16::MAX),
        })
        .collect();
        if let Some(own) = but.filter(|slot| slot.point == self.point.code) {
            keeping::without(&mut taken, own);
        }
        Ok(TakenPlaces::new(taken))
    }
}

/// An appointment with its row.
pub(crate) struct StoredAppointment {
    pub(crate) id: i64,
    pub(crate) studio: i64,
    pub(crate) appointment: Appointment,
}

impl StoredAppointment {
    /// The appointment of this id, whosever it is.
    pub(crate) async fn of(connection: &mut SqliteConnection, id: AppointmentId) -> Result<Option<Self>, Failure> {
        let uuid = id.uuid();
        sqlx::query!(
            r#"SELECT id AS "id!", studio, body FROM appointment WHERE uuid = ?1"#,
            uuid
        )
        .fetch_optional(connection)
        .await?
        .map(|row| {
            Ok(Self {
                id: row.id,
                studio: row.studio,
                appointment: read(&row.body, "appointment")?,
            })
        })
        .transpose()
    }

    /// The appointment of this id, if it is this studio's: of another's, nothing can be learned (promise 2).
    pub(crate) async fn of_studio(
        connection: &mut SqliteConnection,
        id: AppointmentId,
        studio: i64,
    ) -> Result<Option<Self>, Failure> {
        Ok(Self::of(connection, id).await?.filter(|stored| stored.studio == studio))
    }

    /// Writes it down as it is now and tells its studio.
    pub(crate) async fn save(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let body = written(&self.appointment, "appointment")?;
        sqlx::query!("UPDATE appointment SET body = ?2 WHERE id = ?1", self.id, body)
            .execute(&mut *connection)
            .await?;
        feed::appointment(connection, self.studio, self.id).await
    }

    /// Its slot is free again, its tickets are bookable again if R3 or R4 holds (R14).
    pub(crate) async fn release(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let place = sqlx::query!(
            "UPDATE place SET released = 1 WHERE appointment = ?1 AND released = 0 RETURNING point, starts_at, ends_at",
            self.id
        )
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(place) = place {
            count_taken(connection, place.point, (place.starts_at, place.ends_at), -1).await?;
            deposit::places_came_free(connection, place.point).await?;
        }
        sqlx::query!(
            "UPDATE carriage SET released = 1 WHERE appointment = ?1 AND released = 0",
            self.id
        )
        .execute(&mut *connection)
        .await?;
        self.touch_tickets(connection).await
    }

    /// Holds a place at `to` instead of the one before.
    pub(crate) async fn move_to(
        &self,
        connection: &mut SqliteConnection,
        point: &StoredPoint,
        to: &Slot,
    ) -> Result<(), Failure> {
        let before = sqlx::query!(
            "SELECT point, starts_at, ends_at FROM place WHERE appointment = ?1",
            self.id
        )
        .fetch_one(&mut *connection)
        .await?;
        let (starts_at, ends_at) = interval(to);
        let desk = free_desk(connection, point.id, (starts_at, ends_at), self.id).await?;
        sqlx::query!(
            "UPDATE place SET point = ?2, starts_at = ?3, ends_at = ?4, desk = ?5 WHERE appointment = ?1",
            self.id,
            point.id,
            starts_at,
            ends_at,
            desk
        )
        .execute(&mut *connection)
        .await?;
        count_taken(connection, before.point, (before.starts_at, before.ends_at), -1).await?;
        deposit::places_came_free(connection, before.point).await?;
        count_taken(connection, point.id, (starts_at, ends_at), 1).await?;
        sqlx::query!(
            "UPDATE carriage SET ends_at = ?2 WHERE appointment = ?1 AND released = 0",
            self.id,
            ends_at
        )
        .execute(&mut *connection)
        .await?;
        self.touch_tickets(connection).await
    }

    async fn touch_tickets(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let tickets = sqlx::query_scalar!("SELECT ticket FROM carriage WHERE appointment = ?1", self.id)
            .fetch_all(&mut *connection)
            .await?;
        feed::tickets(connection, &tickets).await?;
        delegation::hasten(connection, self.id).await
    }
}

/// A slot as columns hold it.
pub(crate) fn interval(slot: &Slot) -> (i64, i64) {
    (seconds(slot.start.instant()), seconds(slot.end.instant()))
}

/// The first desk of `point` that no live appointment but `but` holds in any part of `interval`. Where fewer appointments
/// than desks touch the interval, it is one of the point's.
pub(crate) async fn free_desk(
    connection: &mut SqliteConnection,
    point: i64,
    (starts_at, ends_at): (i64, i64),
    but: i64,
) -> Result<i64, Failure> {
    let held = sqlx::query_scalar!(
        "SELECT desk FROM place
         WHERE point = ?1 AND released = 0 AND appointment <> ?4
           AND starts_at > ?2 - 86400 AND starts_at < ?3 AND ends_at > ?2",
        point,
        starts_at,
        ends_at,
        but
    )
    .fetch_all(connection)
    .await?;
    let mut desk = 1;
    while held.contains(&desk) {
        desk += 1;
    }
    Ok(desk)
}

/// One more place held, or one fewer, for everybody to see.
pub(crate) async fn count_taken(
    connection: &mut SqliteConnection,
    point: i64,
    (starts_at, ends_at): (i64, i64),
    by: i64,
) -> Result<(), Failure> {
    let row = sqlx::query_scalar!(
        r#"INSERT INTO taken (point, starts_at, ends_at, count) VALUES (?1, ?2, ?3, max(?4, 0))
           ON CONFLICT (point, starts_at, ends_at) DO UPDATE SET count = max(count + ?4, 0)
           RETURNING id AS "id!""#,
        point,
        starts_at,
        ends_at,
        by
    )
    .fetch_one(&mut *connection)
    .await?;
    feed::shared(connection, Shared::Taken, &[row]).await
}

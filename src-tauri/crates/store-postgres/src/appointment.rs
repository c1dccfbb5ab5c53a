//! Appointments as rows, with the places and tickets that they hold.

use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};
use domain::appointment::Appointment;
use domain::availability::{Taken, TakenPlaces};
use domain::code::{AppointmentId, PointCode};
use domain::point::ConsultationPoint;
use domain::slot::Slot;
use domain::time::Now;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::keeping;

use crate::attempt::{Asked, admitted};
use crate::deposit::At;
use crate::failure::{Failure, inner, written};
use crate::feed::{self, As, Kind, count_taken, told};
use crate::turn;
use crate::{delegation, deposit};

/// An interval that may reach into the present began less than this ago: none is longer than a day.
pub(crate) const LONGEST: TimeDelta = TimeDelta::days(1);

/// A point with the sede that keeps its places.
pub(crate) struct StoredPoint {
    pub(crate) sede: String,
    pub(crate) point: ConsultationPoint,
}

impl StoredPoint {
    /// The point of this code.
    pub(crate) async fn of(connection: &mut PgConnection, code: &PointCode) -> Result<Option<Self>, Failure> {
        Ok(sqlx::query!(
            r#"SELECT sede, body AS "body: Json<ConsultationPoint>" FROM point WHERE code = $1"#,
            code.as_str()
        )
        .fetch_optional(connection)
        .await?
        .map(|row| Self {
            sede: row.sede,
            point: inner(row.body),
        }))
    }

    /// Its place among the points of all sedi.
    pub(crate) fn place(&self) -> At {
        At {
            sede: self.sede.clone(),
            point: self.point.code.to_string(),
        }
    }

    /// What is held there from `now` on. An appointment that is about to be moved does not stand in its own way.
    pub(crate) async fn taken(
        &self,
        connection: &mut PgConnection,
        now: Now,
        but: Option<&Slot>,
    ) -> Result<TakenPlaces, Failure> {
        let mut taken: Vec<Taken> = sqlx::query!(
            "SELECT starts_at, ends_at, count FROM taken
             WHERE sede = $1 AND point = $2 AND starts_at > $3 AND ends_at > $4 AND count > 0",
            self.sede,
            self.point.code.as_str(),
            now.instant() - LONGEST,
            now.instant()
        )
        .fetch_all(connection)
        .await?
        .into_iter()
        .map(|row| Taken {
            start: row.starts_at,
            end: row.ends_at,
            count: u16::try_from(row.count).unwrap_or(u16::MAX),
        })
        .collect();
        if let Some(own) = but.filter(|slot| slot.point == self.point.code) {
            keeping::without(&mut taken, own);
        }
        Ok(TakenPlaces::new(taken))
    }
}

/// An appointment with what names its row.
pub(crate) struct StoredAppointment {
    pub(crate) studio: String,
    pub(crate) appointment: Appointment,
    sede: String,
    positions: Vec<String>,
    /// The sede that keeps its place.
    place: String,
}

impl StoredAppointment {
    /// The appointment of this id, whosever it is; it may have changed by the time that it is one's turn.
    async fn of(connection: &mut PgConnection, id: AppointmentId) -> Result<Option<Self>, Failure> {
        let Some(row) = sqlx::query!(
            r#"SELECT sede, studio, positions, body AS "body: Json<Appointment>" FROM appointment WHERE id = $1"#,
            id.uuid()
        )
        .fetch_optional(&mut *connection)
        .await?
        else {
            return Ok(None);
        };
        let appointment = inner(row.body);
        let place = sqlx::query_scalar!(
            "SELECT sede FROM point WHERE code = $1",
            appointment.slot.point.as_str()
        )
        .fetch_optional(connection)
        .await?
        .ok_or(Failure::Body("appointment"))?;
        Ok(Some(Self {
            sede: row.sede,
            studio: row.studio,
            positions: row.positions,
            place,
            appointment,
        }))
    }

    /// The appointment of this id, when it is the turn of all that it concerns; and of `also`, and of the sede where it is
    /// about to be moved.
    pub(crate) async fn in_turn(
        connection: &mut PgConnection,
        id: AppointmentId,
        also: Option<&str>,
        moved_to: Option<&str>,
    ) -> Result<Option<Self>, Failure> {
        let also = also.map(str::to_owned);
        let Some(before) = Self::of(connection, id).await? else {
            turn::take(connection, &also.into_iter().collect::<Vec<_>>(), &[]).await?;
            return Ok(None);
        };
        let mut studios = turn::studios_of(connection, &before.positions).await?;
        studios.push(before.studio);
        studios.extend(also);
        let sedi: Vec<String> = [Some(before.place.as_str()), moved_to]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect();
        turn::take(connection, &studios, &sedi).await?;
        match Self::of(connection, id).await? {
            Some(stored) if stored.place == before.place => Ok(Some(stored)),
            _ => Err(Failure::Overtaken),
        }
    }

    /// The appointment of this id for who `asked`, when it is the turn of all that it concerns; or what came of it, where it
    /// was asked before. Of another studio's, nothing can be learned (promise 2).
    pub(crate) async fn asked_for<T: DeserializeOwned>(
        connection: &mut PgConnection,
        asked: &Asked,
        id: AppointmentId,
        now: Now,
    ) -> Result<ControlFlow<T, Option<Self>>, Failure> {
        admitted(connection, &asked.studio, now).await?;
        let stored = Self::in_turn(connection, id, Some(&asked.studio), None).await?;
        Ok(match asked.earlier(connection).await? {
            Some(earlier) => ControlFlow::Break(earlier),
            None => ControlFlow::Continue(stored.filter(|stored| stored.studio == asked.studio)),
        })
    }

    /// Writes it down as it is now and tells its studio, whatever became of its delegation (R18).
    pub(crate) async fn save(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        let id = self.appointment.id;
        let (starts_at, ends_at) = interval(&self.appointment.slot);
        sqlx::query!(
            "UPDATE appointment SET point = $3, starts_at = $4, ends_at = $5, body = $6::text::json
             WHERE sede = $1 AND id = $2",
            self.sede,
            id.uuid(),
            self.appointment.slot.point.as_str(),
            starts_at,
            ends_at,
            written(&self.appointment, "appointment")?
        )
        .execute(&mut *connection)
        .await?;
        let changed = told(
            self.studio.clone(),
            Kind::Appointment,
            self.sede.clone(),
            id.to_string(),
        );
        feed::tell(connection, [(changed, As::Put)]).await
    }

    /// Its slot is free again, its tickets are bookable again if R3 or R4 holds (R14).
    pub(crate) async fn release(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        self.leave(connection).await?;
        sqlx::query!(
            "DELETE FROM carriage USING ticket AS t
             WHERE t.code = ANY ($1) AND carriage.sede = t.sede AND carriage.ticket = t.code AND carriage.appointment = $2",
            &self.tickets(),
            self.appointment.id.uuid()
        )
        .execute(&mut *connection)
        .await?;
        self.touch_tickets(connection).await
    }

    /// Holds a place at `to` instead of the one before.
    pub(crate) async fn move_to(
        &self,
        connection: &mut PgConnection,
        point: &StoredPoint,
        to: &Slot,
    ) -> Result<(), Failure> {
        let (starts_at, ends_at) = interval(to);
        let (id, code) = (self.appointment.id.uuid(), to.point.as_str());
        self.leave(connection).await?;
        let held = sqlx::query_scalar!(
            "SELECT desk FROM place
             WHERE sede = $1 AND point = $2 AND tstzrange(starts_at, ends_at) && tstzrange($3, $4)",
            point.sede,
            code,
            starts_at,
            ends_at
        )
        .fetch_all(&mut *connection)
        .await?;
        let mut desk = 1;
        while held.contains(&desk) {
            desk += 1;
        }
        sqlx::query!(
            "INSERT INTO place (sede, point, desk, starts_at, ends_at, appointment) VALUES ($1, $2, $3, $4, $5, $6)",
            point.sede,
            code,
            desk,
            starts_at,
            ends_at,
            id
        )
        .execute(&mut *connection)
        .await?;
        count_taken(connection, (&point.sede, code), (starts_at, ends_at), 1).await?;
        sqlx::query!(
            "UPDATE carriage SET ends_at = $3 FROM ticket AS t
             WHERE t.code = ANY ($1) AND carriage.sede = t.sede AND carriage.ticket = t.code AND carriage.appointment = $2",
            &self.tickets(),
            id,
            ends_at
        )
        .execute(&mut *connection)
        .await?;
        // From now on it is told what is taken there.
        sqlx::query!(
            "INSERT INTO dealing (studio, sede) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            self.studio,
            point.sede
        )
        .execute(&mut *connection)
        .await?;
        self.touch_tickets(connection).await
    }

    async fn leave(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        let left = sqlx::query!(
            "DELETE FROM place WHERE sede = $1 AND appointment = $2 RETURNING point, starts_at, ends_at",
            self.place,
            self.appointment.id.uuid()
        )
        .fetch_optional(&mut *connection)
        .await?;
        match left {
            Some(place) => {
                let held = (place.starts_at, place.ends_at);
                count_taken(connection, (&self.place, &place.point), held, -1).await?;
                deposit::places_came_free(connection, &[place.point]).await
            }
            None => Ok(()),
        }
    }

    async fn touch_tickets(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        let tickets = sqlx::query!("SELECT sede, code FROM ticket WHERE code = ANY ($1)", &self.tickets())
            .fetch_all(&mut *connection)
            .await?;
        let (sedi, codes): (Vec<_>, Vec<_>) = tickets.into_iter().map(|row| (row.sede, row.code)).unzip();
        let watchers = feed::watchers(connection, &sedi, &codes).await?;
        feed::tell(connection, watchers).await?;
        delegation::hasten(connection, &self.studio, &self.positions).await
    }

    fn tickets(&self) -> Vec<String> {
        self.appointment.tickets.iter().map(ToString::to_string).collect()
    }
}

/// A slot as columns hold it.
pub(crate) fn interval(slot: &Slot) -> (DateTime<Utc>, DateTime<Utc>) {
    (slot.start.instant(), slot.end.instant())
}

//! The store as the sede sees it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::appointment::SedeChange;
use domain::code::{AppointmentId, CommunicationId, Matricola, StudioCode, TicketCode};
use domain::content::Limits;
use domain::point::ConsultationPoint;
use domain::ticket::Ticket;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::keeping;
use store::{
    Admission, DeskOutcome, EndOutcome, Offering, PointOutcome, SedeDesk, StoreError, StudioProfile, TicketAct,
};
use uuid::Uuid;

use crate::admission;
use crate::appointment::{StoredAppointment, StoredPoint};
use crate::attempt::nothing_due;
use crate::changes;
use crate::deposit;
use crate::failure::{Failure, all_written, inner, written};
use crate::feed;
use crate::reach::Reach;
use crate::turn;

/// The sede's way into a [`crate::PostgresStore`]. Cheap to clone.
#[derive(Clone)]
pub struct PostgresDesk {
    reach: Arc<Reach>,
}

impl PostgresDesk {
    pub(crate) const fn new(reach: Arc<Reach>) -> Self {
        Self { reach }
    }

    /// What waits goes on at once, and not only when somebody asks.
    async fn freed(&self) {
        deposit::settled(&self.reach).await;
    }

    async fn publish_once(&self, offering: &Offering) -> Result<(), Failure> {
        let mut transaction = self.reach.begin().await?;
        turn::take_offering(&mut transaction).await?;
        let mut numbers = Numbers::of(&mut transaction, offering).await?;
        let sedi: BTreeMap<_, _> = offering.sedi.iter().map(|sede| (sede.code.as_str(), sede)).collect();
        let mut changed = sqlx::query_scalar!(
            r#"INSERT INTO sede (code, body, at)
               SELECT code, body::json, at FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (code, body, at)
               ON CONFLICT (code) DO UPDATE SET body = excluded.body, at = excluded.at
                   WHERE sede.body::text <> excluded.body::text
               RETURNING code"#,
            &owned(sedi.keys()),
            &all_written(sedi.values().copied(), "sede")?,
            &numbers.next(sedi.len())
        )
        .fetch_all(&mut *transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO sede_stream (sede) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING",
            &changed
        )
        .execute(&mut *transaction)
        .await?;
        let topics: BTreeMap<_, _> = offering
            .topics
            .iter()
            .map(|topic| (topic.code.as_str(), topic))
            .collect();
        changed.extend(
            sqlx::query_scalar!(
                r#"INSERT INTO topic (code, body, at)
                   SELECT code, body::json, at FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (code, body, at)
                   ON CONFLICT (code) DO UPDATE SET body = excluded.body, at = excluded.at
                       WHERE topic.body::text <> excluded.body::text
                   RETURNING code"#,
                &owned(topics.keys()),
                &all_written(topics.values().copied(), "topic")?,
                &numbers.next(topics.len())
            )
            .fetch_all(&mut *transaction)
            .await?,
        );
        changed.extend(publish_points(&mut transaction, offering, &mut numbers).await?);
        if changed.is_empty() {
            // Published again as it was: nobody has anything to pull.
            return Ok(());
        }
        Ok(transaction.commit().await?)
    }

    async fn limit(&self, limits: Limits) -> Result<(), Failure> {
        let mut transaction = self.reach.begin().await?;
        sqlx::query!(
            "UPDATE life SET limits = $1::text::json, head = head + 1",
            written(&limits, "limits")?
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    async fn renew(&self) -> Result<(), Failure> {
        let mut transaction = self.reach.begin().await?;
        let epoch = Uuid::now_v7();
        sqlx::query!("UPDATE life SET epoch = $1", epoch)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn enrol_one(&self, studio: &StudioProfile) -> Result<(), Failure> {
        let mut transaction = self.reach.begin().await?;
        sqlx::query!(
            "INSERT INTO studio (code, name) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET name = excluded.name",
            studio.code.as_str(),
            studio.name
        )
        .execute(&mut *transaction)
        .await?;
        sqlx::query!(
            "INSERT INTO studio_stream (studio) VALUES ($1) ON CONFLICT DO NOTHING",
            studio.code.as_str()
        )
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    async fn act_once(&self, code: &TicketCode, act: TicketAct, text: &str) -> Result<DeskOutcome, Failure> {
        let now = self.reach.now();
        let mut transaction = self.reach.begin().await?;
        nothing_due(&mut transaction, now).await?;
        let Some(known) = sqlx::query!("SELECT sede, position FROM ticket WHERE code = $1", code.as_str())
            .fetch_optional(&mut *transaction)
            .await?
        else {
            return Ok(DeskOutcome::UnknownTicket);
        };
        let studios = turn::studios_of(&mut transaction, &[known.position]).await?;
        turn::take(&mut transaction, &studios, &[]).await?;
        let ticket = sqlx::query_scalar!(
            r#"SELECT body AS "body: Json<Ticket>" FROM ticket WHERE sede = $1 AND code = $2 FOR UPDATE"#,
            known.sede,
            code.as_str()
        )
        .fetch_one(&mut *transaction)
        .await?;
        let mut ticket = inner(ticket);
        if !keeping::act(&mut ticket, act, text, now) {
            return Ok(DeskOutcome::WrongStatus);
        }
        sqlx::query!(
            "UPDATE ticket SET body = $3::text::json WHERE sede = $1 AND code = $2",
            known.sede,
            code.as_str(),
            written(&ticket, "ticket")?
        )
        .execute(&mut *transaction)
        .await?;
        let watchers = feed::watchers(&mut transaction, &[known.sede], &[code.to_string()]).await?;
        feed::tell(&mut transaction, watchers).await?;
        deposit::ticket_changed(&mut transaction, code.as_str()).await?;
        transaction.commit().await?;
        Ok(DeskOutcome::Done)
    }

    async fn tell_once(&self, id: AppointmentId, change: &SedeChange, text: &str) -> Result<DeskOutcome, Failure> {
        let now = self.reach.now();
        let mut transaction = self.reach.begin().await?;
        nothing_due(&mut transaction, now).await?;
        let target = match change {
            SedeChange::MoveTo { slot } => StoredPoint::of(&mut transaction, &slot.point).await?,
            _ => None,
        };
        let moved_to = target.as_ref().map(|point| point.sede.as_str());
        let Some(mut stored) = StoredAppointment::in_turn(&mut transaction, id, None, moved_to).await? else {
            return Ok(DeskOutcome::UnknownAppointment);
        };
        let before = stored.appointment.slot.clone();
        let communication = CommunicationId::new(Uuid::now_v7());
        if let Err(refusal) = stored
            .appointment
            .hear(communication, change.clone(), text.to_owned(), now)
        {
            return Ok(DeskOutcome::Life(refusal));
        }
        match change {
            SedeChange::Resolve | SedeChange::Cancel => stored.release(&mut transaction).await?,
            SedeChange::MoveTo { slot } => {
                // As it is now that nobody else can take a place there.
                let Some(point) = StoredPoint::of(&mut transaction, &slot.point).await? else {
                    return Ok(DeskOutcome::NoPlace);
                };
                deposit::nothing_due_at(&mut transaction, &point.place(), now).await?;
                let taken = point.taken(&mut transaction, now, Some(&before)).await?;
                if !keeping::has_room(&point.point, slot, &taken, now) {
                    return Ok(DeskOutcome::NoPlace);
                }
                stored.move_to(&mut transaction, &point, slot).await?;
            }
            SedeChange::Say { .. } => {}
        }
        stored.save(&mut transaction).await?;
        transaction.commit().await?;
        Ok(DeskOutcome::Done)
    }
}

/// Numbers of the offering's stream, one for each row that may change.
struct Numbers(std::ops::RangeInclusive<i64>);

impl Numbers {
    async fn of(connection: &mut PgConnection, offering: &Offering) -> Result<Self, Failure> {
        let most = offering.sedi.len() + offering.topics.len() + offering.points.len();
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let last = sqlx::query_scalar!("UPDATE life SET head = head + $1 RETURNING head", most)
            .fetch_one(connection)
            .await?;
        Ok(Self(last - most + 1..=last))
    }

    fn next(&mut self, count: usize) -> Vec<i64> {
        self.0.by_ref().take(count).collect()
    }
}

/// It is the turn of the offering, and here of the sedi whose points these are: who books there finds them as they are or
/// as they were.
async fn publish_points(
    connection: &mut PgConnection,
    offering: &Offering,
    numbers: &mut Numbers,
) -> Result<Vec<String>, Failure> {
    let points: BTreeMap<_, _> = offering
        .points
        .iter()
        .map(|point| (point.code.as_str(), point))
        .collect();
    let codes = owned(points.keys());
    let sedi: Vec<String> = points.values().map(|point| point.sede.to_string()).collect();
    let kept = sqlx::query_scalar!("SELECT DISTINCT sede FROM point WHERE code = ANY ($1)", &codes)
        .fetch_all(&mut *connection)
        .await?;
    let kept: Vec<String> = kept.into_iter().chain(sedi.iter().cloned()).collect();
    turn::take(connection, &[], &kept).await?;
    let desks: Vec<i32> = points.values().map(|point| i32::from(point.desks)).collect();
    let changed = sqlx::query_scalar!(
        r#"INSERT INTO point (code, sede, desks, body, at)
           SELECT code, sede, desks, body::json, at
           FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::bigint[]) AS new (code, sede, desks, body, at)
           ON CONFLICT (code) DO UPDATE SET desks = excluded.desks, body = excluded.body, at = excluded.at
               WHERE point.body::text <> excluded.body::text
           RETURNING code"#,
        &codes,
        &sedi,
        &desks,
        &all_written(points.values().copied(), "point")?,
        &numbers.next(points.len())
    )
    .fetch_all(&mut *connection)
    .await?;
    if !changed.is_empty() {
        sqlx::query!("UPDATE sede_stream SET head = head + 1 WHERE sede = ANY ($1)", &kept)
            .execute(&mut *connection)
            .await?;
        deposit::places_came_free(connection, &changed).await?;
    }
    Ok(changed)
}

fn owned<'a>(codes: impl Iterator<Item = &'a &'a str>) -> Vec<String> {
    codes.map(|code| (*code).to_owned()).collect()
}

#[async_trait]
impl SedeDesk for PostgresDesk {
    async fn publish(&self, offering: &Offering) -> Result<(), StoreError> {
        self.reach.tried(|| self.publish_once(offering)).await?;
        self.freed().await;
        Ok(())
    }

    async fn change_point(
        &self,
        before: &ConsultationPoint,
        after: &ConsultationPoint,
    ) -> Result<PointOutcome, StoreError> {
        let call = || changes::change_point(&self.reach, before, after);
        let outcome = self.reach.tried(call).await?;
        self.freed().await;
        Ok(outcome)
    }

    async fn set_limits(&self, limits: Limits) -> Result<(), StoreError> {
        Ok(self.reach.tried(|| self.limit(limits)).await?)
    }

    async fn begin_new_life(&self) -> Result<(), StoreError> {
        Ok(self.reach.tried(|| self.renew()).await?)
    }

    async fn enrol(&self, studio: &StudioProfile) -> Result<(), StoreError> {
        Ok(self.reach.tried(|| self.enrol_one(studio)).await?)
    }

    async fn admit(&self, admission: &Admission) -> Result<(), StoreError> {
        Ok(self.reach.tried(|| admission::admit(&self.reach, admission)).await?)
    }

    async fn end_delegation(
        &self,
        studio: &StudioCode,
        position: &Matricola,
        last_day: NaiveDate,
    ) -> Result<EndOutcome, StoreError> {
        let call = || changes::end_delegation(&self.reach, studio, position, last_day);
        Ok(self.reach.tried(call).await?)
    }

    async fn act(&self, ticket: &TicketCode, act: TicketAct, text: &str) -> Result<DeskOutcome, StoreError> {
        let outcome = self.reach.tried(|| self.act_once(ticket, act, text)).await?;
        self.freed().await;
        Ok(outcome)
    }

    async fn tell(
        &self,
        appointment: AppointmentId,
        change: SedeChange,
        text: &str,
    ) -> Result<DeskOutcome, StoreError> {
        let outcome = self.reach.tried(|| self.tell_once(appointment, &change, text)).await?;
        self.freed().await;
        Ok(outcome)
    }
}

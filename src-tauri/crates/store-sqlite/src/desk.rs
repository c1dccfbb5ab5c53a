//! The store as the sede sees it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::appointment::SedeChange;
use domain::code::{AppointmentId, CommunicationId, Matricola, StudioCode, TicketCode};
use domain::content::Limits;
use domain::point::ConsultationPoint;
use domain::slot::Slot;
use domain::ticket::Ticket;
use domain::time::Now;
use serde::Serialize;
use sqlx::SqliteConnection;
use store::keeping;
use store::{
    Admission, AdmittedDelegation, DeskOutcome, EndOutcome, Offering, PointOutcome, SedeDesk, StoreError,
    StudioProfile, TicketAct,
};
use uuid::Uuid;

use crate::appointment::{StoredAppointment, StoredPoint};
use crate::changes;
use crate::failure::{Failure, read, written};
use crate::feed::{self, Shared};
use crate::reach::Reach;
use crate::{attempt, delegation, deposit};

/// Entities in one statement: enough that statements cost nothing, few enough that their text stays small.
const BATCH: usize = 2_000;

/// The sede's way into a [`crate::SqliteStore`]. Cheap to clone.
#[derive(Clone)]
pub struct SqliteDesk {
    reach: Arc<Reach>,
}

impl SqliteDesk {
    pub(crate) const fn new(reach: Arc<Reach>) -> Self {
        Self { reach }
    }

    async fn publish_whole(&self, offering: &Offering) -> Result<(), Failure> {
        let mut transaction = self.reach.write().await?;
        let sedi = written(&offering.sedi, "sedi")?;
        let changed = sqlx::query_scalar!(
            r#"INSERT INTO sede (code, body) SELECT value ->> 'code', value FROM json_each(?1) WHERE true
               ON CONFLICT (code) DO UPDATE SET body = excluded.body WHERE body <> excluded.body
               RETURNING id AS "id!""#,
            sedi
        )
        .fetch_all(&mut *transaction)
        .await?;
        feed::shared(&mut transaction, Shared::Sede, &changed).await?;
        let topics = written(&offering.topics, "topics")?;
        let changed = sqlx::query_scalar!(
            r#"INSERT INTO topic (code, body) SELECT value ->> 'code', value FROM json_each(?1) WHERE true
               ON CONFLICT (code) DO UPDATE SET body = excluded.body WHERE body <> excluded.body
               RETURNING id AS "id!""#,
            topics
        )
        .fetch_all(&mut *transaction)
        .await?;
        feed::shared(&mut transaction, Shared::Topic, &changed).await?;
        let points = written(&offering.points, "points")?;
        let changed = sqlx::query_scalar!(
            r#"INSERT INTO point (code, sede, desks, body)
               SELECT value ->> 'code', (SELECT id FROM sede WHERE code = value ->> 'sede'), value ->> 'desks', value
               FROM json_each(?1) WHERE true
               ON CONFLICT (code) DO UPDATE SET sede = excluded.sede, desks = excluded.desks, body = excluded.body
                   WHERE body <> excluded.body
               RETURNING id AS "id!""#,
            points
        )
        .fetch_all(&mut *transaction)
        .await?;
        feed::shared(&mut transaction, Shared::Point, &changed).await?;
        for point in changed {
            deposit::places_came_free(&mut transaction, point).await?;
        }
        attempt::settle(&mut transaction, self.reach.now()).await?;
        self.reach.commit(transaction).await
    }

    async fn limit(&self, limits: Limits) -> Result<(), Failure> {
        let limits = written(&limits, "limits")?;
        let mut transaction = self.reach.write().await?;
        sqlx::query!("UPDATE life SET limits = ?1", limits)
            .execute(&mut *transaction)
            .await?;
        self.reach.commit(transaction).await
    }

    async fn renew(&self) -> Result<(), Failure> {
        let epoch = Uuid::now_v7().to_string();
        let mut transaction = self.reach.write().await?;
        sqlx::query!("UPDATE life SET epoch = ?1", epoch)
            .execute(&mut *transaction)
            .await?;
        self.reach.commit(transaction).await
    }

    async fn enrol_one(&self, studio: &StudioProfile) -> Result<(), Failure> {
        let (code, name) = (studio.code.as_str(), &studio.name);
        let mut transaction = self.reach.write().await?;
        sqlx::query!(
            "INSERT INTO studio (code, name) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET name = excluded.name",
            code,
            name
        )
        .execute(&mut *transaction)
        .await?;
        self.reach.commit(transaction).await
    }

    async fn admit_all(&self, admission: &Admission) -> Result<(), Failure> {
        // Who has seen the last of a position must not be told of what comes in now.
        let (mut transaction, now) = attempt::in_turn(&self.reach).await?;
        for companies in admission.companies.chunks(BATCH) {
            let listed = written(companies, "companies")?;
            let changed = sqlx::query_scalar!(
                r#"INSERT INTO company (code, body) SELECT value ->> 'code', value FROM json_each(?1) WHERE true
                   ON CONFLICT (code) DO UPDATE SET body = excluded.body WHERE body <> excluded.body
                   RETURNING id AS "id!""#,
                listed
            )
            .fetch_all(&mut *transaction)
            .await?;
            feed::companies(&mut transaction, &changed).await?;
        }
        for positions in admission.positions.chunks(BATCH) {
            let listed = written(positions, "positions")?;
            let changed = sqlx::query_scalar!(
                r#"INSERT INTO position (matricola, company, sede, body)
                   SELECT value ->> 'matricola',
                       (SELECT id FROM company WHERE code = value ->> 'company'),
                       (SELECT id FROM sede WHERE code = value ->> 'sede'),
                       value
                   FROM json_each(?1) WHERE true
                   ON CONFLICT (matricola) DO UPDATE
                       SET company = excluded.company, sede = excluded.sede, body = excluded.body
                       WHERE body <> excluded.body
                   RETURNING id AS "id!""#,
                listed
            )
            .fetch_all(&mut *transaction)
            .await?;
            feed::positions(&mut transaction, &changed).await?;
        }
        for delegations in admission.delegations.chunks(BATCH) {
            admit_delegations(&mut transaction, delegations).await?;
        }
        // Before the tickets: those that are new are put into the feed once, below or here, and positions before them.
        delegation::settle(&mut transaction, now).await?;
        for tickets in admission.tickets.chunks(BATCH) {
            admit_tickets(&mut transaction, tickets).await?;
        }
        self.reach.commit(transaction).await
    }

    async fn act_on(&self, ticket: &TicketCode, act: TicketAct, text: &str) -> Result<DeskOutcome, Failure> {
        let (mut transaction, now) = attempt::in_turn(&self.reach).await?;
        let code = ticket.as_str();
        let Some(row) = sqlx::query!(r#"SELECT id AS "id!", body FROM ticket WHERE code = ?1"#, code)
            .fetch_optional(&mut *transaction)
            .await?
        else {
            return Ok(DeskOutcome::UnknownTicket);
        };
        let mut ticket: Ticket = read(&row.body, "ticket")?;
        if !keeping::act(&mut ticket, act, text, now) {
            return Ok(DeskOutcome::WrongStatus);
        }
        let body = written(&ticket, "ticket")?;
        sqlx::query!("UPDATE ticket SET body = ?2 WHERE id = ?1", row.id, body)
            .execute(&mut *transaction)
            .await?;
        feed::tickets(&mut transaction, &[row.id]).await?;
        deposit::ticket_changed(&mut transaction, row.id, now).await?;
        self.reach.commit(transaction).await?;
        Ok(DeskOutcome::Done)
    }

    async fn tell_of(
        &self,
        appointment: AppointmentId,
        change: SedeChange,
        text: &str,
    ) -> Result<DeskOutcome, Failure> {
        let (mut transaction, now) = attempt::in_turn(&self.reach).await?;
        let Some(mut stored) = StoredAppointment::of(&mut transaction, appointment).await? else {
            return Ok(DeskOutcome::UnknownAppointment);
        };
        let before = stored.appointment.slot.clone();
        let id = CommunicationId::new(Uuid::now_v7());
        if let Err(refusal) = stored.appointment.hear(id, change.clone(), text.to_owned(), now) {
            return Ok(DeskOutcome::Life(refusal));
        }
        match change {
            SedeChange::Resolve | SedeChange::Cancel => stored.release(&mut transaction).await?,
            SedeChange::MoveTo { slot } => {
                let Some(point) = room(&mut transaction, &slot, &before, now).await? else {
                    return Ok(DeskOutcome::NoPlace);
                };
                stored.move_to(&mut transaction, &point, &slot).await?;
            }
            SedeChange::Say { .. } => {}
        }
        stored.save(&mut transaction).await?;
        attempt::settle(&mut transaction, now).await?;
        self.reach.commit(transaction).await?;
        Ok(DeskOutcome::Done)
    }
}

/// A delegation as a statement takes many of them.
#[derive(Serialize)]
struct ListedDelegation<'a> {
    studio: &'a StudioCode,
    #[serde(flatten)]
    admitted: &'a domain::company::Delegation,
    body: &'a domain::company::Delegation,
}

/// Writes them down as due: [`delegation::settle`] tells the studios.
async fn admit_delegations(
    connection: &mut SqliteConnection,
    delegations: &[AdmittedDelegation],
) -> Result<(), Failure> {
    // One studio has one delegation for a position: the last one named.
    let listed: BTreeMap<_, _> = delegations
        .iter()
        .map(|AdmittedDelegation { studio, delegation }| {
            let listed = ListedDelegation {
                studio,
                admitted: delegation,
                body: delegation,
            };
            ((studio, &delegation.position), listed)
        })
        .collect();
    let listed = written(&listed.values().collect::<Vec<_>>(), "delegations")?;
    sqlx::query!(
        "INSERT INTO delegation (studio, position, from_day, until_day, body, settles_at)
         SELECT (SELECT id FROM studio WHERE code = value ->> 'studio'),
             (SELECT id FROM position WHERE matricola = value ->> 'position'),
             value ->> 'from', value ->> 'until', value -> 'body', 0
         FROM json_each(?1) WHERE true
         ON CONFLICT (studio, position) DO UPDATE
             SET from_day = excluded.from_day, until_day = excluded.until_day, body = excluded.body, settles_at = 0
             WHERE body <> excluded.body",
        listed
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Tickets are many and long: their bodies go in one piece beside a list of where each begins, so that SQLite does not read
/// them as JSON only to find them.
async fn admit_tickets(connection: &mut SqliteConnection, tickets: &[Ticket]) -> Result<(), Failure> {
    let mut bodies = Vec::new();
    let mut listed = Vec::with_capacity(tickets.len());
    for ticket in tickets {
        let begins = bodies.len();
        serde_json::to_writer(&mut bodies, ticket).map_err(|_| Failure::Body("ticket"))?;
        let length = bodies.len() - begins;
        listed.push((&ticket.code, &ticket.position, &ticket.topic, begins + 1, length));
    }
    let listed = written(&listed, "list of tickets")?;
    let changed = sqlx::query_scalar!(
        r#"INSERT INTO ticket (code, position, topic, body)
           SELECT value ->> 0,
               (SELECT id FROM position WHERE matricola = value ->> 1),
               (SELECT id FROM topic WHERE code = value ->> 2),
               CAST(substr(?2, value ->> 3, value ->> 4) AS TEXT)
           FROM json_each(?1) WHERE true
           ON CONFLICT (code) DO UPDATE
               SET position = excluded.position, topic = excluded.topic, body = excluded.body
               WHERE body <> excluded.body
           RETURNING id AS "id!""#,
        listed,
        bodies
    )
    .fetch_all(&mut *connection)
    .await?;
    feed::tickets(connection, &changed).await
}

/// R11: the point of `slot`, if that has room for an appointment that stands at `before`.
async fn room(
    connection: &mut SqliteConnection,
    slot: &Slot,
    before: &Slot,
    now: Now,
) -> Result<Option<StoredPoint>, Failure> {
    let Some(point) = StoredPoint::of(connection, slot.point.as_str()).await? else {
        return Ok(None);
    };
    let taken = point.taken(connection, now, Some(before)).await?;
    Ok(keeping::has_room(&point.point, slot, &taken, now).then_some(point))
}

#[async_trait]
impl SedeDesk for SqliteDesk {
    async fn publish(&self, offering: &Offering) -> Result<(), StoreError> {
        Ok(self.publish_whole(offering).await?)
    }

    async fn change_point(
        &self,
        before: &ConsultationPoint,
        after: &ConsultationPoint,
    ) -> Result<PointOutcome, StoreError> {
        Ok(changes::change_point(&self.reach, before, after).await?)
    }

    async fn set_limits(&self, limits: Limits) -> Result<(), StoreError> {
        Ok(self.limit(limits).await?)
    }

    async fn begin_new_life(&self) -> Result<(), StoreError> {
        Ok(self.renew().await?)
    }

    async fn enrol(&self, studio: &StudioProfile) -> Result<(), StoreError> {
        Ok(self.enrol_one(studio).await?)
    }

    async fn admit(&self, admission: &Admission) -> Result<(), StoreError> {
        Ok(self.admit_all(admission).await?)
    }

    async fn end_delegation(
        &self,
        studio: &StudioCode,
        position: &Matricola,
        last_day: NaiveDate,
    ) -> Result<EndOutcome, StoreError> {
        Ok(changes::end_delegation(&self.reach, studio, position, last_day).await?)
    }

    async fn act(&self, ticket: &TicketCode, act: TicketAct, text: &str) -> Result<DeskOutcome, StoreError> {
        Ok(self.act_on(ticket, act, text).await?)
    }

    async fn tell(
        &self,
        appointment: AppointmentId,
        change: SedeChange,
        text: &str,
    ) -> Result<DeskOutcome, StoreError> {
        Ok(self.tell_of(appointment, change, text).await?)
    }
}

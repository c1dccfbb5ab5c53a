//! The rows of each stream, with all that their changes need.

use domain::availability::Taken;
use domain::code::{AppointmentId, PointCode};
use domain::time::Now;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use store::keeping;
use store::{Change, Entity, EntityKey, TakenAt};

use super::Numbered;
use super::position::{Mark, Position};
use crate::failure::Failure;

/// What the sedi offer.
pub(super) async fn offering(connection: &mut PgConnection, mark: Mark, limit: i64) -> Result<Vec<Numbered>, Failure> {
    sqlx::query!(
        r#"SELECT at AS "at!", kind AS "kind!", body::text AS "body!" FROM (
               SELECT at, 'sede' AS kind, body FROM sede WHERE at > $1
               UNION ALL SELECT at, 'topic', body FROM topic WHERE at > $1
               UNION ALL SELECT at, 'point', body FROM point WHERE at > $1
           ) AS offered ORDER BY at LIMIT $2"#,
        mark.at,
        limit
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        let entity = match row.kind.as_str() {
            "sede" => Entity::Sede(read(&row.body, "sede")?),
            "topic" => Entity::Topic(read(&row.body, "topic")?),
            _ => Entity::Point(Box::new(read(&row.body, "point")?)),
        };
        Ok((row.at, Change::Put(entity)))
    })
    .collect()
}

/// What the studio alone sees. Bodies are looked up one by one, by their keys: there are never more than fit on a page.
pub(super) async fn seen(
    connection: &mut PgConnection,
    studio: &str,
    mark: Mark,
    limit: i64,
) -> Result<Vec<Numbered>, Failure> {
    sqlx::query!(
        r#"WITH page AS MATERIALIZED (
               SELECT at, kind, sede, key, gone, snapshot FROM seen
               WHERE studio = $1 AND at > $2 AND NOT (gone AND at <= $3)
               ORDER BY at LIMIT $4
           )
           SELECT at AS "at!", kind AS "kind!", key AS "key!", gone AS "gone!", snapshot IS NOT NULL AS "frozen!",
               (CASE WHEN gone THEN NULL WHEN snapshot IS NOT NULL THEN snapshot ELSE CASE kind
                    WHEN 'ticket' THEN (SELECT body FROM ticket AS t WHERE t.sede = page.sede AND t.code = page.key)
                    WHEN 'company' THEN (SELECT body FROM company AS c WHERE c.code = page.key)
                    WHEN 'position' THEN (SELECT body FROM position AS p WHERE p.matricola = page.key)
                    WHEN 'delegation' THEN (SELECT body FROM delegation AS d WHERE d.studio = $1 AND d.position = page.key)
                    WHEN 'appointment' THEN
                        (SELECT body FROM appointment AS a WHERE a.sede = page.sede AND a.id = page.key::uuid)
                    WHEN 'deposit' THEN
                        (SELECT body FROM deposit AS d WHERE d.sede = page.sede AND d.studio = $1
                             AND d.decision = page.key::uuid AND d.ended_at IS NULL)
                    WHEN 'dossier' THEN (SELECT body FROM dossier AS d WHERE d.studio = $1 AND d.subject = page.key)
                END END)::text AS body,
               (CASE WHEN kind = 'ticket' AND NOT gone AND snapshot IS NULL THEN
                    (SELECT body FROM judgement AS j WHERE j.sede = page.sede AND j.ticket = page.key AND j.studio = $1)
                END)::text AS judgement,
               CASE WHEN kind = 'ticket' AND NOT gone AND snapshot IS NULL THEN
                    (SELECT ends_at FROM carriage AS c WHERE c.sede = page.sede AND c.ticket = page.key)
                END AS carried_until
           FROM page ORDER BY at"#,
        studio,
        mark.at,
        mark.top,
        limit
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        let kind = Seen::of(&row.kind)?;
        let change = if row.gone {
            Change::Gone(kind.key(row.key)?)
        } else {
            let body = row.body.ok_or(Failure::Body(kind.name()))?;
            Change::Put(match kind {
                Seen::Ticket if row.frozen => Entity::Ticket(Box::new(read(&body, "ticket")?)),
                Seen::Ticket => {
                    let judgement = row.judgement.map(|body| read(&body, "judgement")).transpose()?;
                    let ticket = keeping::seen(read(&body, "ticket")?, judgement, row.carried_until);
                    Entity::Ticket(Box::new(ticket))
                }
                Seen::Company => Entity::Company(read(&body, "company")?),
                Seen::Position => Entity::Position(read(&body, "position")?),
                Seen::Delegation => Entity::Delegation(read(&body, "delegation")?),
                Seen::Appointment => Entity::Appointment(Box::new(read(&body, "appointment")?)),
                Seen::Deposit => Entity::Deposit(Box::new(read(&body, "deposit")?)),
                Seen::Dossier => Entity::Dossier(Box::new(read(&body, "dossier")?)),
            })
        };
        Ok((row.at, change))
    })
    .collect()
}

/// What is taken at a sede.
pub(super) async fn taken(
    connection: &mut PgConnection,
    sede: &str,
    mark: Mark,
    now: Now,
    limit: i64,
) -> Result<Vec<Numbered>, Failure> {
    sqlx::query!(
        "SELECT at, point, starts_at, ends_at, count FROM taken
         WHERE sede = $1 AND at > $2 AND NOT (ends_at <= $4 AND at <= $3)
         ORDER BY at LIMIT $5",
        sede,
        mark.at,
        mark.top,
        now.instant(),
        limit
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| {
        let held = TakenAt {
            point: PointCode::try_from(row.point).map_err(|_| Failure::Body("taken place"))?,
            taken: Taken {
                start: row.starts_at,
                end: row.ends_at,
                count: u16::try_from(row.count).unwrap_or(u16::MAX),
            },
        };
        Ok((row.at, Change::Put(Entity::Taken(held))))
    })
    .collect()
}

/// How many rows come after `position`, as far as is known.
pub(super) async fn count(connection: &mut PgConnection, position: &Position) -> Result<i64, Failure> {
    let (sedi, marks): (Vec<String>, Vec<i64>) =
        position.sedi.iter().map(|(sede, mark)| (sede.clone(), mark.at)).unzip();
    Ok(sqlx::query_scalar!(
        r#"SELECT (SELECT count(*) FROM seen WHERE studio = $1 AND at > $2 AND NOT (gone AND at <= $3))
               + (SELECT count(*) FROM unnest($4::text[], $5::bigint[]) AS stream (sede, reached)
                  JOIN taken ON taken.sede = stream.sede AND taken.at > stream.reached)
               + (SELECT count(*) FROM sede WHERE at > $6) + (SELECT count(*) FROM topic WHERE at > $6)
               + (SELECT count(*) FROM point WHERE at > $6) AS "count!""#,
        position.studio,
        position.seen.at,
        position.seen.top,
        &sedi,
        &marks,
        position.offering.at
    )
    .fetch_one(connection)
    .await?)
}

fn read<T: DeserializeOwned>(body: &str, what: &'static str) -> Result<T, Failure> {
    serde_json::from_str(body).map_err(|_| Failure::Body(what))
}

/// What a row of `seen` is about.
#[derive(Debug, Clone, Copy)]
enum Seen {
    Company,
    Position,
    Delegation,
    Ticket,
    Appointment,
    Deposit,
    Dossier,
}

impl Seen {
    fn of(kind: &str) -> Result<Self, Failure> {
        Ok(match kind {
            "company" => Self::Company,
            "position" => Self::Position,
            "delegation" => Self::Delegation,
            "ticket" => Self::Ticket,
            "appointment" => Self::Appointment,
            "deposit" => Self::Deposit,
            "dossier" => Self::Dossier,
            _ => return Err(Failure::Body("feed")),
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Position => "position",
            Self::Delegation => "delegation",
            Self::Ticket => "ticket",
            Self::Appointment => "appointment",
            Self::Deposit => "deposit",
            Self::Dossier => "dossier",
        }
    }

    fn key(self, key: String) -> Result<EntityKey, Failure> {
        fn parsed<K: TryFrom<String>>(key: String, what: &'static str) -> Result<K, Failure> {
            K::try_from(key).map_err(|_| Failure::Body(what))
        }
        Ok(match self {
            Self::Company => EntityKey::Company(parsed(key, "company")?),
            Self::Position | Self::Delegation => EntityKey::Position(parsed(key, "position")?),
            Self::Ticket => EntityKey::Ticket(parsed(key, "ticket")?),
            Self::Appointment => {
                let id: AppointmentId = key.parse().map_err(|_| Failure::Body("appointment"))?;
                EntityKey::Appointment(id)
            }
            Self::Deposit => EntityKey::Deposit(key.parse().map_err(|_| Failure::Body("deposit"))?),
            Self::Dossier => EntityKey::Dossier(parsed(key, "dossier")?),
        })
    }
}

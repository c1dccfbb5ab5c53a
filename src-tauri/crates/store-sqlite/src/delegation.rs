//! R18: what a studio is told when a delegation begins, ends, or is given back.
//!
//! Most of it happens by the calendar, when nobody calls. So each delegation knows when it must be looked at again, and
//! whoever pulls or changes tickets after that moment settles it first.

use domain::time::Now;
use sqlx::SqliteConnection;
use store::keeping::{Phase, Standing};

use crate::failure::{Failure, read, written};
use crate::feed::ids;
use crate::pull::pulled;
use crate::reach::{instant, seconds};

/// A delegation that must be looked at.
struct Due {
    id: i64,
    body: String,
    /// End of the last live appointment that its studio holds for its position.
    held_until: Option<i64>,
}

impl Due {
    async fn all(connection: &mut SqliteConnection, now: i64) -> Result<Vec<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT d.id AS "id!", d.body,
                   (SELECT max(c.ends_at) FROM ticket AS t
                    JOIN carriage AS c ON c.ticket = t.id AND c.released = 0 AND c.ends_at > ?1
                    JOIN appointment AS a ON a.id = c.appointment AND a.studio = d.studio
                    WHERE t.position = d.position AND d.until_day IS NOT NULL) AS "held_until?: i64"
               FROM delegation AS d WHERE d.settles_at <= ?1"#,
            now
        )
        .fetch_all(connection)
        .await?)
    }

    fn standing(&self, now: Now) -> Result<Standing, Failure> {
        let delegation = read(&self.body, "delegation")?;
        Ok(Standing::of(&delegation, self.held_until.map(instant), now))
    }
}

/// Brings every delegation whose moment has come to where it stands at `now`, and tells its studio. Returns whether there was
/// one.
pub(crate) async fn settle(connection: &mut SqliteConnection, now: Now) -> Result<bool, Failure> {
    let due = Due::all(connection, seconds(now.instant())).await?;
    if due.is_empty() {
        return Ok(false);
    }
    let mut moments = Vec::with_capacity(due.len());
    let [mut announced, mut active, mut held, mut gone] = [const { Vec::new() }; 4];
    for delegation in &due {
        let Standing { phase, settles_at } = delegation.standing(now)?;
        moments.push((delegation.id, settles_at.map(seconds)));
        match phase {
            Phase::Announced => announced.push(delegation.id),
            Phase::Active => active.push(delegation.id),
            Phase::Held => held.push(delegation.id),
            Phase::Gone => gone.push(delegation.id),
        }
    }
    let moments = written(&moments, "list of moments")?;
    sqlx::query!(
        "UPDATE delegation SET settles_at = moment.value ->> 1
         FROM json_each(?1) AS moment WHERE delegation.id = moment.value ->> 0",
        moments
    )
    .execute(&mut *connection)
    .await?;
    announce(connection, &announced).await?;
    begin(connection, &active).await?;
    hold(connection, &held).await?;
    end(connection, &gone).await?;
    Ok(true)
}

/// The studio learns of the position; of its tickets nothing yet, or nothing more.
async fn announce(connection: &mut SqliteConnection, delegations: &[i64]) -> Result<(), Failure> {
    if delegations.is_empty() {
        return Ok(());
    }
    let rows = ids(delegations)?;
    take_tickets_back(connection, &rows).await?;
    put_position(connection, &rows).await?;
    set_phase(connection, &rows, Phase::Announced).await
}

/// The studio sees everything of the position, also what it had lost.
async fn begin(connection: &mut SqliteConnection, delegations: &[i64]) -> Result<(), Failure> {
    if delegations.is_empty() {
        return Ok(());
    }
    let rows = ids(delegations)?;
    put_position(connection, &rows).await?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT d.studio, 'ticket', t.id FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value AND d.phase <> 'active'
         JOIN ticket AS t ON t.position = d.position
         ORDER BY d.id, t.id",
        rows
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT DISTINCT d.studio, 'appointment', a.id FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value AND d.phase IN ('gone', 'announced')
         JOIN ticket AS t ON t.position = d.position
         JOIN carriage AS c ON c.ticket = t.id
         JOIN appointment AS a ON a.id = c.appointment AND a.studio = d.studio",
        rows
    )
    .execute(&mut *connection)
    .await?;
    set_phase(connection, &rows, Phase::Active).await
}

/// A ticket in the stream of a studio whose delegation is over.
struct LastSight {
    seq: i64,
    body: String,
    judgement: Option<String>,
    carried_until: Option<i64>,
}

/// The studio keeps what it has, as it is at this moment.
async fn hold(connection: &mut SqliteConnection, delegations: &[i64]) -> Result<(), Failure> {
    if delegations.is_empty() {
        return Ok(());
    }
    let rows = ids(delegations)?;
    let seen = sqlx::query_as!(
        LastSight,
        r#"SELECT f.seq AS "seq!", t.body,
               (SELECT body FROM judgement WHERE studio = d.studio AND ticket = t.id) AS "judgement?: String",
               (SELECT ends_at FROM carriage WHERE ticket = t.id AND released = 0) AS "carried_until?: i64"
           FROM json_each(?1) AS changed
           JOIN delegation AS d ON d.id = changed.value
           JOIN ticket AS t ON t.position = d.position
           JOIN feed AS f ON f.stream = d.studio AND f.kind = 'ticket' AND f.entity = t.id
               AND f.gone = 0 AND f.snapshot IS NULL"#,
        rows
    )
    .fetch_all(&mut *connection)
    .await?;
    for LastSight {
        seq,
        body,
        judgement,
        carried_until,
    } in seen
    {
        let last = pulled(&body, judgement.as_deref(), carried_until.map(instant))?;
        let last = written(&last, "ticket")?;
        sqlx::query!("UPDATE feed SET snapshot = ?2 WHERE seq = ?1", seq, last)
            .execute(&mut *connection)
            .await?;
    }
    put_position(connection, &rows).await?;
    set_phase(connection, &rows, Phase::Held).await
}

/// The studio's copy is taken back: tickets, position, the company and the appointments that nothing else keeps.
async fn end(connection: &mut SqliteConnection, delegations: &[i64]) -> Result<(), Failure> {
    if delegations.is_empty() {
        return Ok(());
    }
    let rows = ids(delegations)?;
    set_phase(connection, &rows, Phase::Gone).await?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity, gone)
         SELECT DISTINCT f.stream, f.kind, f.entity, 1 FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value
         JOIN ticket AS t ON t.position = d.position
         JOIN carriage AS c ON c.ticket = t.id
         JOIN feed AS f ON f.stream = d.studio AND f.kind = 'appointment' AND f.entity = c.appointment AND f.gone = 0
         WHERE NOT EXISTS (
             SELECT 1 FROM carriage AS other
             JOIN ticket AS kept ON kept.id = other.ticket
             JOIN delegation AS e ON e.position = kept.position AND e.studio = d.studio AND e.phase IN ('active', 'held')
             WHERE other.appointment = c.appointment)",
        rows
    )
    .execute(&mut *connection)
    .await?;
    take_tickets_back(connection, &rows).await?;
    sqlx::query!(
        "DELETE FROM feed WHERE kind = 'delegation' AND entity IN (SELECT value FROM json_each(?1))",
        rows
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity, gone)
         SELECT f.stream, f.kind, f.entity, 1 FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value
         JOIN feed AS f ON f.stream = d.studio AND f.kind = 'position' AND f.entity = d.position AND f.gone = 0",
        rows
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity, gone)
         SELECT DISTINCT f.stream, f.kind, f.entity, 1 FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value
         JOIN position AS p ON p.id = d.position
         JOIN feed AS f ON f.stream = d.studio AND f.kind = 'company' AND f.entity = p.company AND f.gone = 0
         WHERE NOT EXISTS (
             SELECT 1 FROM position AS other
             JOIN delegation AS e ON e.position = other.id AND e.studio = d.studio
             WHERE other.company = p.company AND e.phase IN ('announced', 'active', 'held'))",
        rows
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

async fn put_position(connection: &mut SqliteConnection, rows: &str) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT DISTINCT d.studio, 'company', p.company FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value AND d.phase IN ('new', 'gone')
         JOIN position AS p ON p.id = d.position",
        rows
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT d.studio, 'position', d.position FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value AND d.phase IN ('new', 'gone')",
        rows
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity)
         SELECT d.studio, 'delegation', d.id FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value",
        rows
    )
    .execute(&mut *connection)
    .await?;
    Ok(())
}

async fn take_tickets_back(connection: &mut SqliteConnection, rows: &str) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT OR REPLACE INTO feed (stream, kind, entity, gone)
         SELECT f.stream, f.kind, f.entity, 1 FROM json_each(?1) AS changed
         JOIN delegation AS d ON d.id = changed.value
         JOIN ticket AS t ON t.position = d.position
         JOIN feed AS f ON f.stream = d.studio AND f.kind = 'ticket' AND f.entity = t.id AND f.gone = 0",
        rows
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn set_phase(connection: &mut SqliteConnection, rows: &str, phase: Phase) -> Result<(), Failure> {
    let phase = phase.as_str();
    sqlx::query!(
        "UPDATE delegation SET phase = ?2 WHERE id IN (SELECT value FROM json_each(?1))",
        rows,
        phase
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The appointment of row `appointment` changed: whoever holds one of its positions only for it must be looked at.
pub(crate) async fn hasten(connection: &mut SqliteConnection, appointment: i64) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE delegation SET settles_at = 0
         WHERE phase = 'held'
           AND studio = (SELECT studio FROM appointment WHERE id = ?1)
           AND position IN (SELECT position FROM ticket JOIN carriage ON carriage.ticket = ticket.id
                            WHERE carriage.appointment = ?1)",
        appointment
    )
    .execute(connection)
    .await?;
    Ok(())
}

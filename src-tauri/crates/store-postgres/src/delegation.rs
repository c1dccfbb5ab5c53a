//! R18: what a studio is told when a delegation begins, ends, or is given back.
//!
//! Most of it happens by the calendar, when nobody calls. So each delegation knows when it must be looked at again, and
//! whoever calls after that moment settles it first, in a transaction of its own.

use chrono::{DateTime, Utc};
use domain::company::Delegation;
use domain::ticket::{Judgement, Ticket};
use domain::time::Now;
use sqlx::PgConnection;
use sqlx::types::Json;
use store::keeping::{self, Phase, Standing};

use crate::failure::{Failure, inner, written};
use crate::feed::{As, Kind, Told, tell, told};
use crate::reach::Reach;
use crate::turn;

/// Delegations, as a statement takes many of them.
#[derive(Debug, Default)]
struct Rows {
    studios: Vec<String>,
    positions: Vec<String>,
}

impl Rows {
    fn push(&mut self, due: &Due) {
        self.studios.push(due.studio.clone());
        self.positions.push(due.position.clone());
    }
}

/// A delegation that must be looked at.
struct Due {
    studio: String,
    position: String,
    body: Json<Delegation>,
    /// End of the last live appointment that its studio holds for its position.
    held_until: Option<DateTime<Utc>>,
}

impl Due {
    async fn of(connection: &mut PgConnection, studios: &[String], now: DateTime<Utc>) -> Result<Vec<Self>, Failure> {
        Ok(sqlx::query_as!(
            Self,
            r#"SELECT d.studio, d.position, d.body AS "body: Json<Delegation>",
                   (SELECT max(c.ends_at) FROM ticket AS t
                    JOIN carriage AS c ON c.sede = t.sede AND c.ticket = t.code AND c.ends_at > $2
                    JOIN appointment AS a ON a.id = c.appointment AND a.studio = d.studio
                    WHERE t.position = d.position AND d.until_day IS NOT NULL) AS held_until
               FROM delegation AS d WHERE d.studio = ANY ($1) AND d.settles_at <= $2
               ORDER BY d.studio, d.position"#,
            studios,
            now
        )
        .fetch_all(connection)
        .await?)
    }
}

/// Brings every delegation whose moment has come to where it stands, and tells its studio.
pub(crate) async fn settle_all(reach: &Reach) -> Result<(), Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    let studios = sqlx::query_scalar!(
        "SELECT DISTINCT studio FROM delegation WHERE settles_at <= $1",
        now.instant()
    )
    .fetch_all(&mut *transaction)
    .await?;
    turn::take(&mut transaction, &studios, &[]).await?;
    settle(&mut transaction, &studios, now).await?;
    Ok(transaction.commit().await?)
}

/// The same for these studios, whose turn it is.
pub(crate) async fn settle(connection: &mut PgConnection, studios: &[String], now: Now) -> Result<(), Failure> {
    let due = Due::of(connection, studios, now.instant()).await?;
    if due.is_empty() {
        return Ok(());
    }
    let mut all = Rows::default();
    let mut moments = Vec::with_capacity(due.len());
    let [mut announced, mut active, mut held, mut gone] = [const {
        Rows {
            studios: Vec::new(),
            positions: Vec::new(),
        }
    }; 4];
    for delegation in &due {
        let standing = Standing::of(&delegation.body, delegation.held_until, now);
        moments.push(standing.settles_at);
        all.push(delegation);
        match standing.phase {
            Phase::Announced => announced.push(delegation),
            Phase::Active => active.push(delegation),
            Phase::Held => held.push(delegation),
            Phase::Gone => gone.push(delegation),
        }
    }
    sqlx::query!(
        "UPDATE delegation AS d SET settles_at = moment.settles_at
         FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS moment (studio, position, settles_at)
         WHERE d.studio = moment.studio AND d.position = moment.position",
        &all.studios,
        &all.positions,
        &moments as &[Option<DateTime<Utc>>]
    )
    .execute(&mut *connection)
    .await?;
    announce(connection, &announced).await?;
    begin(connection, &active).await?;
    hold(connection, &held).await?;
    end(connection, &gone).await
}

/// The studio learns of the position; of its tickets nothing yet, or nothing more.
async fn announce(connection: &mut PgConnection, rows: &Rows) -> Result<(), Failure> {
    if rows.studios.is_empty() {
        return Ok(());
    }
    take_tickets_back(connection, rows).await?;
    put_position(connection, rows).await?;
    set_phase(connection, rows, Phase::Announced).await
}

/// The studio sees everything of the position, also what it had lost.
async fn begin(connection: &mut PgConnection, rows: &Rows) -> Result<(), Failure> {
    if rows.studios.is_empty() {
        return Ok(());
    }
    put_position(connection, rows).await?;
    let tickets = sqlx::query!(
        "SELECT d.studio, t.sede, t.code FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         JOIN delegation AS d ON d.studio = changed.studio AND d.position = changed.position AND d.phase <> 'active'
         JOIN ticket AS t ON t.position = d.position",
        &rows.studios,
        &rows.positions
    )
    .fetch_all(&mut *connection)
    .await?;
    let tickets = tickets
        .into_iter()
        .map(|row| (told(row.studio, Kind::Ticket, row.sede, row.code), As::Put));
    tell(connection, tickets).await?;
    let appointments = sqlx::query!(
        "SELECT s.studio, s.sede, s.key FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         JOIN delegation AS d ON d.studio = changed.studio AND d.position = changed.position
             AND d.phase IN ('gone', 'announced')
         JOIN seen AS s ON s.studio = d.studio AND s.kind = 'appointment'
         JOIN appointment AS a ON a.sede = s.sede AND a.id = s.key::uuid AND d.position = ANY (a.positions)",
        &rows.studios,
        &rows.positions
    )
    .fetch_all(&mut *connection)
    .await?;
    let appointments = appointments
        .into_iter()
        .map(|row| (told(row.studio, Kind::Appointment, row.sede, row.key), As::Put));
    tell(connection, appointments).await?;
    set_phase(connection, rows, Phase::Active).await
}

/// The studio keeps what it has, as it is at this moment.
async fn hold(connection: &mut PgConnection, rows: &Rows) -> Result<(), Failure> {
    if rows.studios.is_empty() {
        return Ok(());
    }
    let last_sight = sqlx::query!(
        r#"SELECT s.studio, s.sede, s.key, t.body AS "body: Json<Ticket>",
               j.body AS "judgement?: Json<Judgement>", c.ends_at AS "carried_until?"
           FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
           JOIN ticket AS t ON t.position = changed.position
           JOIN seen AS s ON s.studio = changed.studio AND s.kind = 'ticket' AND s.sede = t.sede AND s.key = t.code
               AND NOT s.gone AND s.snapshot IS NULL
           LEFT JOIN judgement AS j ON j.sede = t.sede AND j.ticket = t.code AND j.studio = s.studio
           LEFT JOIN carriage AS c ON c.sede = t.sede AND c.ticket = t.code"#,
        &rows.studios,
        &rows.positions
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in last_sight {
        let last = keeping::seen(inner(row.body), row.judgement.map(inner), row.carried_until);
        let last = written(&last, "ticket")?;
        sqlx::query!(
            "UPDATE seen SET snapshot = $4::text::json
             WHERE studio = $1 AND kind = 'ticket' AND sede = $2 AND key = $3",
            row.studio,
            row.sede,
            row.key,
            last
        )
        .execute(&mut *connection)
        .await?;
    }
    put_position(connection, rows).await?;
    set_phase(connection, rows, Phase::Held).await
}

/// The studio's copy is taken back: tickets, position, the company and the appointments that nothing else keeps.
async fn end(connection: &mut PgConnection, rows: &Rows) -> Result<(), Failure> {
    if rows.studios.is_empty() {
        return Ok(());
    }
    set_phase(connection, rows, Phase::Gone).await?;
    let appointments = sqlx::query!(
        "SELECT s.studio, s.sede, s.key FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         JOIN seen AS s ON s.studio = changed.studio AND s.kind = 'appointment' AND NOT s.gone
         JOIN appointment AS a ON a.sede = s.sede AND a.id = s.key::uuid AND changed.position = ANY (a.positions)
         WHERE NOT EXISTS (
             SELECT FROM delegation AS e
             WHERE e.studio = s.studio AND e.position = ANY (a.positions) AND e.phase IN ('active', 'held'))",
        &rows.studios,
        &rows.positions
    )
    .fetch_all(&mut *connection)
    .await?;
    let appointments = appointments
        .into_iter()
        .map(|row| (told(row.studio, Kind::Appointment, row.sede, row.key), As::Gone));
    tell(connection, appointments).await?;
    take_tickets_back(connection, rows).await?;
    sqlx::query!(
        "DELETE FROM seen AS s USING unnest($1::text[], $2::text[]) AS changed (studio, position)
         WHERE s.studio = changed.studio AND s.kind = 'delegation' AND s.sede = '' AND s.key = changed.position",
        &rows.studios,
        &rows.positions
    )
    .execute(&mut *connection)
    .await?;
    // The position goes with its delegation, and before the company.
    let positions = sqlx::query!(
        "SELECT s.studio, s.key FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         JOIN seen AS s ON s.studio = changed.studio AND s.kind = 'position' AND s.sede = '' AND s.key = changed.position
             AND NOT s.gone",
        &rows.studios,
        &rows.positions
    )
    .fetch_all(&mut *connection)
    .await?;
    let positions = positions
        .into_iter()
        .map(|row| (told(row.studio, Kind::Position, String::new(), row.key), As::Gone));
    tell(connection, positions).await?;
    let companies = sqlx::query!(
        "SELECT s.studio, s.key FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         JOIN position AS p ON p.matricola = changed.position
         JOIN seen AS s ON s.studio = changed.studio AND s.kind = 'company' AND s.sede = '' AND s.key = p.company
             AND NOT s.gone
         WHERE NOT EXISTS (
             SELECT FROM position AS other
             JOIN delegation AS e ON e.position = other.matricola AND e.studio = s.studio
             WHERE other.company = p.company AND e.phase IN ('announced', 'active', 'held'))",
        &rows.studios,
        &rows.positions
    )
    .fetch_all(&mut *connection)
    .await?;
    let companies = companies
        .into_iter()
        .map(|row| (told(row.studio, Kind::Company, String::new(), row.key), As::Gone));
    tell(connection, companies).await
}

/// What names the position, where the studio does not have it yet; the delegation, in any case; and from now on the places
/// that are taken at its sede.
async fn put_position(connection: &mut PgConnection, rows: &Rows) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT INTO dealing (studio, sede)
         SELECT changed.studio, p.sede FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         JOIN position AS p ON p.matricola = changed.position
         ON CONFLICT DO NOTHING",
        &rows.studios,
        &rows.positions
    )
    .execute(&mut *connection)
    .await?;
    let new = sqlx::query!(
        "SELECT d.studio, d.position, p.company, d.phase IN ('new', 'gone') AS \"unseen!\"
         FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         JOIN delegation AS d ON d.studio = changed.studio AND d.position = changed.position
         JOIN position AS p ON p.matricola = d.position",
        &rows.studios,
        &rows.positions
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut put: Vec<(Told, As)> = Vec::with_capacity(new.len());
    for row in new {
        if row.unseen {
            put.push((
                told(row.studio.clone(), Kind::Company, String::new(), row.company),
                As::Put,
            ));
            put.push((
                told(row.studio.clone(), Kind::Position, String::new(), row.position.clone()),
                As::Put,
            ));
        }
        put.push((told(row.studio, Kind::Delegation, String::new(), row.position), As::Put));
    }
    tell(connection, put).await
}

async fn take_tickets_back(connection: &mut PgConnection, rows: &Rows) -> Result<(), Failure> {
    let tickets = sqlx::query!(
        "SELECT s.studio, s.sede, s.key FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         JOIN ticket AS t ON t.position = changed.position
         JOIN seen AS s ON s.studio = changed.studio AND s.kind = 'ticket' AND s.sede = t.sede AND s.key = t.code
             AND NOT s.gone",
        &rows.studios,
        &rows.positions
    )
    .fetch_all(&mut *connection)
    .await?;
    let tickets = tickets
        .into_iter()
        .map(|row| (told(row.studio, Kind::Ticket, row.sede, row.key), As::Gone));
    tell(connection, tickets).await
}

async fn set_phase(connection: &mut PgConnection, rows: &Rows, phase: Phase) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE delegation AS d SET phase = $3
         FROM unnest($1::text[], $2::text[]) AS changed (studio, position)
         WHERE d.studio = changed.studio AND d.position = changed.position",
        &rows.studios,
        &rows.positions,
        phase.as_str()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An appointment of `studio` about these positions changed: where it holds one of them only for that, it must be looked at.
pub(crate) async fn hasten(connection: &mut PgConnection, studio: &str, positions: &[String]) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE delegation SET settles_at = '-infinity'
         WHERE studio = $1 AND position = ANY ($2) AND phase = 'held'",
        studio,
        positions
    )
    .execute(connection)
    .await?;
    Ok(())
}

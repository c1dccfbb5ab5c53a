//! Putting what changed at the end of a stream; [`crate::pull`] reads it.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::failure::Failure;

/// What a studio alone sees, by the name of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Company,
    Position,
    Delegation,
    Ticket,
    Appointment,
    Deposit,
    Dossier,
}

impl Kind {
    const fn as_str(self) -> &'static str {
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
}

/// What a studio is told: in this order, companies before positions before tickets before appointments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) studio: String,
    pub(crate) kind: Kind,
    /// The sede in the key of the entity's row; empty where there is none.
    pub(crate) sede: String,
    pub(crate) key: String,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum As {
    /// It is new or different.
    Put,
    /// The studio does not see it any more.
    Gone,
}

/// Tells the studios, whose turn it is. One that is named twice is told once.
pub(crate) async fn tell(
    connection: &mut PgConnection,
    told: impl IntoIterator<Item = (Told, As)>,
) -> Result<(), Failure> {
    let told: BTreeMap<Told, As> = told.into_iter().collect();
    if told.is_empty() {
        return Ok(());
    }
    let column =
        |column: fn(&Told) -> &str| -> Vec<String> { told.keys().map(|told| column(told).to_owned()).collect() };
    let (studios, kinds) = (column(|told| &told.studio), column(|told| told.kind.as_str()));
    let (sedi, keys) = (column(|told| &told.sede), column(|told| &told.key));
    let gone: Vec<bool> = told.values().map(|told| *told == As::Gone).collect();
    sqlx::query!(
        "WITH told AS (
             SELECT studio, kind, sede, key, gone, row_number() OVER (PARTITION BY studio ORDER BY place) AS number
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[])
                 WITH ORDINALITY AS told (studio, kind, sede, key, gone, place)
         ),
         heads AS (
             UPDATE studio_stream AS s SET head = s.head + t.count
             FROM (SELECT studio, count(*) AS count FROM told GROUP BY studio) AS t
             WHERE s.studio = t.studio
             RETURNING s.studio, s.head - t.count AS before
         )
         INSERT INTO seen (studio, kind, sede, key, at, gone)
         SELECT studio, kind, sede, key, before + number, gone FROM told JOIN heads USING (studio)
         ON CONFLICT (studio, kind, sede, key) DO UPDATE SET at = excluded.at, gone = excluded.gone, snapshot = NULL",
        &studios,
        &kinds,
        &sedi,
        &keys,
        &gone
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Everybody who sees one of these tickets, by sede and code, and acts for its position.
pub(crate) async fn watchers(
    connection: &mut PgConnection,
    sedi: &[String],
    tickets: &[String],
) -> Result<Vec<(Told, As)>, Failure> {
    Ok(sqlx::query!(
        r#"SELECT d.studio, t.sede, t.code
           FROM unnest($1::text[], $2::text[]) AS changed (sede, code)
           JOIN ticket AS t ON t.sede = changed.sede AND t.code = changed.code
           JOIN delegation AS d ON d.position = t.position AND d.phase = 'active'"#,
        sedi,
        tickets
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(|row| (told(row.studio, Kind::Ticket, row.sede, row.code), As::Put))
    .collect())
}

pub(crate) fn told(studio: String, kind: Kind, sede: String, key: String) -> Told {
    Told {
        studio,
        kind,
        sede,
        key,
    }
}

/// One more place held in these intervals, or one fewer, for everybody to see. It is the sede's turn.
pub(crate) async fn count_taken(
    connection: &mut PgConnection,
    (sede, point): (&str, &str),
    (starts_at, ends_at): (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>),
    by: i32,
) -> Result<(), Failure> {
    sqlx::query!(
        "WITH next AS (UPDATE sede_stream SET head = head + 1 WHERE sede = $1 RETURNING head)
         INSERT INTO taken (sede, point, starts_at, ends_at, count, at)
         SELECT $1, $2, $3, $4, greatest($5, 0), head FROM next
         ON CONFLICT (sede, point, starts_at, ends_at)
             DO UPDATE SET count = greatest(taken.count + $5, 0), at = excluded.at",
        sede,
        point,
        starts_at,
        ends_at,
        by
    )
    .execute(connection)
    .await?;
    Ok(())
}

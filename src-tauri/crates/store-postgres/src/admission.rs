//! Taking in companies, positions, delegations and tickets, in one transaction.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::ticket::Ticket;
use sqlx::PgConnection;
use store::{Admission, AdmittedDelegation};

use crate::attempt::nothing_due;
use crate::delegation;
use crate::failure::{Failure, all_written, written};
use crate::feed::{self, As, Kind, told};
use crate::reach::Reach;
use crate::turn;

/// Entities in one statement: enough that statements cost nothing, few enough that their text stays small.
const BATCH: usize = 2_000;

pub(crate) async fn admit(reach: &Reach, admission: &Admission) -> Result<(), Failure> {
    let now = reach.now();
    let mut transaction = reach.begin().await?;
    turn::take_admission(&mut transaction).await?;
    // Who has seen the last of a position must not be told of what comes in now.
    nothing_due(&mut transaction, now).await?;
    let studios = concerned(&mut transaction, admission).await?;
    turn::take(&mut transaction, &studios, &[]).await?;
    for companies in admission.companies.chunks(BATCH) {
        // Of those that have the same code, the last one named.
        let companies: BTreeMap<_, _> = companies.iter().map(|company| (&company.code, company)).collect();
        let changed = sqlx::query_scalar!(
            r#"INSERT INTO company (code, body)
               SELECT code, body::json FROM unnest($1::text[], $2::text[]) AS new (code, body)
               ON CONFLICT (code) DO UPDATE SET body = excluded.body WHERE company.body::text <> excluded.body::text
               RETURNING code"#,
            &owned(companies.keys()),
            &all_written(companies.values().copied(), "company")?
        )
        .fetch_all(&mut *transaction)
        .await?;
        tell_of_companies(&mut transaction, &changed).await?;
    }
    for positions in admission.positions.chunks(BATCH) {
        let positions: BTreeMap<_, _> = positions
            .iter()
            .map(|position| (&position.matricola, position))
            .collect();
        let changed = sqlx::query_scalar!(
            r#"INSERT INTO position (matricola, company, sede, body)
               SELECT matricola, company, sede, body::json
               FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS new (matricola, company, sede, body)
               ON CONFLICT (matricola) DO UPDATE
                   SET company = excluded.company, sede = excluded.sede, body = excluded.body
                   WHERE position.body::text <> excluded.body::text
               RETURNING matricola"#,
            &owned(positions.keys()),
            &owned(positions.values().map(|position| &position.company)),
            &owned(positions.values().map(|position| &position.sede)),
            &all_written(positions.values().copied(), "position")?
        )
        .fetch_all(&mut *transaction)
        .await?;
        tell_of_positions(&mut transaction, &changed).await?;
    }
    for delegations in admission.delegations.chunks(BATCH) {
        admit_delegations(&mut transaction, delegations).await?;
    }
    // Before the tickets: those that are new are told once, below or here, and positions before them.
    delegation::settle(&mut transaction, &studios, now).await?;
    for tickets in admission.tickets.chunks(BATCH) {
        admit_tickets(&mut transaction, tickets).await?;
    }
    Ok(transaction.commit().await?)
}

/// The studios that may be told something of it.
async fn concerned(connection: &mut PgConnection, admission: &Admission) -> Result<Vec<String>, Failure> {
    let mut positions: Vec<String> = owned(admission.positions.iter().map(|position| &position.matricola));
    positions.extend(owned(admission.tickets.iter().map(|ticket| &ticket.position)));
    positions.sort_unstable();
    positions.dedup();
    let companies = owned(admission.companies.iter().map(|company| &company.code));
    let mut studios = sqlx::query_scalar!(
        "SELECT studio FROM delegation WHERE position = ANY ($1)
         UNION
         SELECT d.studio FROM position AS p JOIN delegation AS d ON d.position = p.matricola WHERE p.company = ANY ($2)",
        &positions,
        &companies
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .flatten()
    .collect::<Vec<String>>();
    studios.extend(owned(admission.delegations.iter().map(|admitted| &admitted.studio)));
    studios.sort_unstable();
    studios.dedup();
    Ok(studios)
}

/// For the studios that see one of their positions.
async fn tell_of_companies(connection: &mut PgConnection, changed: &[String]) -> Result<(), Failure> {
    let watchers = sqlx::query!(
        "SELECT DISTINCT d.studio, p.company FROM position AS p
         JOIN delegation AS d ON d.position = p.matricola AND d.phase IN ('announced', 'active')
         WHERE p.company = ANY ($1)",
        changed
    )
    .fetch_all(&mut *connection)
    .await?;
    let watchers = watchers
        .into_iter()
        .map(|row| (told(row.studio, Kind::Company, String::new(), row.company), As::Put));
    feed::tell(connection, watchers).await
}

/// For the studios that see them; and where one came under another sede, they are told from now on what is taken there.
async fn tell_of_positions(connection: &mut PgConnection, changed: &[String]) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT INTO dealing (studio, sede)
         SELECT d.studio, p.sede FROM position AS p
         JOIN delegation AS d ON d.position = p.matricola AND d.phase IN ('announced', 'active', 'held')
         WHERE p.matricola = ANY ($1)
         ON CONFLICT DO NOTHING",
        changed
    )
    .execute(&mut *connection)
    .await?;
    let watchers = sqlx::query!(
        "SELECT studio, position FROM delegation WHERE position = ANY ($1) AND phase IN ('announced', 'active')",
        changed
    )
    .fetch_all(&mut *connection)
    .await?;
    let watchers = watchers
        .into_iter()
        .map(|row| (told(row.studio, Kind::Position, String::new(), row.position), As::Put));
    feed::tell(connection, watchers).await
}

/// Writes them down as due: [`delegation::settle`] tells the studios.
async fn admit_delegations(connection: &mut PgConnection, delegations: &[AdmittedDelegation]) -> Result<(), Failure> {
    // One studio has one delegation for a position: the last one named.
    let delegations: BTreeMap<_, _> = delegations
        .iter()
        .map(|AdmittedDelegation { studio, delegation }| ((studio, &delegation.position), delegation))
        .collect();
    let (studios, positions): (Vec<String>, Vec<String>) = delegations
        .keys()
        .map(|(studio, position)| (studio.to_string(), position.to_string()))
        .unzip();
    let from: Vec<NaiveDate> = delegations.values().map(|delegation| delegation.from).collect();
    let until: Vec<Option<NaiveDate>> = delegations.values().map(|delegation| delegation.until).collect();
    sqlx::query!(
        "INSERT INTO delegation (studio, position, from_day, until_day, body, settles_at)
         SELECT studio, position, from_day, until_day, body::json, '-infinity'
         FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[])
             AS new (studio, position, from_day, until_day, body)
         ON CONFLICT (studio, position) DO UPDATE
             SET from_day = excluded.from_day, until_day = excluded.until_day, body = excluded.body,
                 settles_at = excluded.settles_at
             WHERE delegation.body::text <> excluded.body::text",
        &studios,
        &positions,
        &from,
        &until as &[Option<NaiveDate>],
        &all_written(delegations.values().copied(), "delegation")?
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn admit_tickets(connection: &mut PgConnection, tickets: &[Ticket]) -> Result<(), Failure> {
    let tickets: BTreeMap<_, _> = tickets.iter().map(|ticket| (&ticket.code, ticket)).collect();
    let bodies = tickets
        .values()
        .map(|ticket| written(*ticket, "ticket"))
        .collect::<Result<Vec<_>, _>>()?;
    let changed = sqlx::query!(
        r#"INSERT INTO ticket (sede, code, position, topic, body)
           SELECT coalesce(known.sede, new.sede), new.code, new.position, new.topic, new.body::json
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS new (sede, code, position, topic, body)
           LEFT JOIN ticket AS known ON known.code = new.code
           ON CONFLICT (sede, code) DO UPDATE
               SET position = excluded.position, topic = excluded.topic, body = excluded.body
               WHERE ticket.body::text <> excluded.body::text
           RETURNING sede, code"#,
        &owned(tickets.values().map(|ticket| &ticket.sede)),
        &owned(tickets.keys()),
        &owned(tickets.values().map(|ticket| &ticket.position)),
        &owned(tickets.values().map(|ticket| &ticket.topic)),
        &bodies
    )
    .fetch_all(&mut *connection)
    .await?;
    let (sedi, codes): (Vec<_>, Vec<_>) = changed.into_iter().map(|row| (row.sede, row.code)).unzip();
    let watchers = feed::watchers(connection, &sedi, &codes).await?;
    feed::tell(connection, watchers).await
}

fn owned<T: ToString>(codes: impl IntoIterator<Item = T>) -> Vec<String> {
    codes.into_iter().map(|code| code.to_string()).collect()
}

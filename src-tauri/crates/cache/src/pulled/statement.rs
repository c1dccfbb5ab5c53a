//! The one statement that is put together at run time: the walk along a list. Its parts are all written here; what a
//! person typed or chose only ever reaches it as a bound value.

use super::filter::TicketSort;

/// Where a walk begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// All tickets, along the index of the order.
    All,
    /// The tickets of one company (`?2`).
    Company,
    /// These rowids (`?7`): the few that a search found.
    These,
}

/// A walk: which tickets, which filters, which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Walk {
    pub(super) source: Source,
    /// Only statuses of `?3`.
    pub(super) statuses: bool,
    /// Only topics of `?4`.
    pub(super) topics: bool,
    /// Only opened on or after `?5`.
    pub(super) opened_from: bool,
    /// Only opened on or before `?6`.
    pub(super) opened_to: bool,
    /// Only of the company `?2`, where that is not the source.
    pub(super) company: bool,
    pub(super) sort: TicketSort,
    pub(super) descending: bool,
}

impl Walk {
    /// The index that holds all that the walk asks for.
    pub(super) const fn index(&self) -> &'static str {
        match self.source {
            Source::These => "",
            Source::Company => "ticket_sorted_company",
            Source::All => match self.sort {
                TicketSort::Code => "ticket_sorted_code",
                TicketSort::Company => "ticket_sorted_company",
                TicketSort::Topic => "ticket_sorted_topic",
                TicketSort::Opened => "ticket_sorted_opened",
                TicketSort::Status => "ticket_sorted_status",
                TicketSort::Bookable => "ticket_sorted_bookable",
            },
        }
    }

    /// The statement: one row. One text, for each ticket its rowid times four plus its class at `?1` (see
    /// [`super::list::Class`]), and the next second at which a class changes by itself. One row of 200,000 numbers comes far
    /// sooner than 200,000 rows.
    pub(super) fn sql(&self) -> String {
        let indexed = match self.index() {
            "" => String::new(),
            index => format!("INDEXED BY {index}"),
        };
        let source = match (self.source, self.sort) {
            (Source::These, TicketSort::Company) => {
                "json_each(?7) e CROSS JOIN ticket t ON t.id = e.value CROSS JOIN company c ON c.id = t.company_id"
                    .into()
            }
            (Source::These, TicketSort::Topic) => {
                "json_each(?7) e CROSS JOIN ticket t ON t.id = e.value CROSS JOIN topic o ON o.id = t.topic_id".into()
            }
            (Source::These, _) => "json_each(?7) e CROSS JOIN ticket t ON t.id = e.value".into(),
            (Source::All, TicketSort::Company) => {
                format!("company c CROSS JOIN ticket t {indexed} ON t.company_id = c.id")
            }
            (Source::All | Source::Company, TicketSort::Topic) => match self.source {
                Source::Company => format!("ticket t {indexed} CROSS JOIN topic o ON o.id = t.topic_id"),
                Source::All | Source::These => format!("topic o CROSS JOIN ticket t {indexed} ON t.topic_id = o.id"),
            },
            (Source::All | Source::Company, _) => format!("ticket t {indexed}"),
        };
        // The sign keeps SQLite from leaving the order for a list of values, which would sort what it finds.
        let mut filters: Vec<&str> = Vec::new();
        if self.company || self.source == Source::Company {
            filters.push("t.company_id = ?2");
        }
        if self.statuses {
            filters.push("+t.status IN (SELECT value FROM json_each(?3))");
        }
        if self.topics {
            filters.push("+t.topic_id IN (SELECT value FROM json_each(?4))");
        }
        if self.opened_from {
            filters.push("t.opened_day >= ?5");
        }
        if self.opened_to {
            filters.push("t.opened_day <= ?6");
        }
        let filters = if filters.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", filters.join(" AND "))
        };
        format!(
            "SELECT group_concat(x), min(f), min(c) FROM (SELECT t.id * 4 + CASE WHEN t.bookable_from <= ?1 THEN 0 \
             WHEN t.bookable_from IS NULL THEN 3 WHEN t.carried > ?1 THEN 2 ELSE 1 END AS x, \
             iif(t.bookable_from > ?1, t.bookable_from, NULL) AS f, iif(t.carried > ?1, t.carried, NULL) AS c \
             FROM {source} {filters} ORDER BY {})",
            self.order()
        )
    }

    fn order(&self) -> String {
        let keys: &[&str] = match (self.source, self.sort) {
            (_, TicketSort::Code) => &["t.code"],
            // Within one company the name is the same for all.
            (Source::Company, TicketSort::Company) => &["t.id"],
            (_, TicketSort::Company) => &["c.name_key", "c.id", "t.id"],
            (_, TicketSort::Topic) => &["o.label_key", "o.id", "t.id"],
            (_, TicketSort::Opened) => &["t.opened_day", "t.id"],
            (_, TicketSort::Status) => &["t.status", "t.id"],
            (_, TicketSort::Bookable) => &["t.bookable_from", "t.id"],
        };
        let direction = if self.descending { " DESC" } else { "" };
        keys.iter()
            .map(|key| format!("{key}{direction}"))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Every walk that can be asked for.
    #[cfg(test)]
    pub(super) fn every() -> Vec<Self> {
        let both = [false, true];
        let mut walks = Vec::new();
        for source in [Source::All, Source::Company, Source::These] {
            for sort in TicketSort::ALL {
                for bits in 0_u32..64 {
                    let bit = |n: u32| both[usize::from(bits & (1 << n) != 0)];
                    walks.push(Self {
                        source,
                        statuses: bit(0),
                        topics: bit(1),
                        opened_from: bit(2),
                        opened_to: bit(3),
                        company: bit(4) && source == Source::These,
                        sort,
                        descending: bit(5),
                    });
                }
            }
        }
        walks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Database, connect};
    use crate::error::File;
    use sqlx::AssertSqlSafe;

    #[tokio::test]
    async fn every_walk_prepares_and_goes_along_the_index_meant_for_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cache.db");
        let mut connection = connect(File::Cache, &path, true).await.expect("opens");
        File::Cache
            .migrator()
            .run_direct(None, &mut connection, false)
            .await
            .expect("migrates");
        let database = Database::open(File::Cache, &path).await.expect("opens");
        for walk in Walk::every() {
            let sql = walk.sql();
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
                .bind(0)
                .bind(1)
                .bind("[0]")
                .bind("[0]")
                .bind(0)
                .bind(0)
                .bind("[1]")
                .fetch_all(&database.readers)
                .await
                .unwrap_or_else(|error| panic!("{walk:?}: {error}\n{sql}"));
            let plan = plan.into_iter().map(|step| step.3).collect::<Vec<_>>().join("\n");
            let sorted_by_itself =
                plan.contains("USE TEMP B-TREE FOR ORDER BY") || plan.contains("USE TEMP B-TREE FOR LAST");
            match walk.source {
                Source::All => {
                    assert!(
                        plan.contains(&format!("USING COVERING INDEX {}", walk.index())),
                        "{walk:?} reads more than its index:\n{plan}"
                    );
                    assert!(!sorted_by_itself, "{walk:?} sorts 200,000 tickets:\n{plan}");
                }
                Source::Company => assert!(
                    plan.contains("INDEX ticket_sorted_company (company_id=?)"),
                    "{walk:?} reads other companies' tickets:\n{plan}"
                ),
                Source::These => assert!(
                    plan.contains("SEARCH t USING INTEGER PRIMARY KEY"),
                    "{walk:?} reads tickets that were not found:\n{plan}"
                ),
            }
            assert!(
                !plan.contains("SCAN t\n") && !plan.ends_with("SCAN t"),
                "{walk:?} scans the table:\n{plan}"
            );
        }
    }
}

//! The one statement that is put together at run time: the walk along a list. Its parts are all written here; what a
//! person typed or chose only ever reaches it as a bound value.

use super::list::TicketSort;

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

    /// The statement: one row with one text, for each ticket its rowid times four plus its class at `?1`
    /// (see [`super::list::Class`]). One row of 200,000 numbers comes far sooner than 200,000 rows.
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
        let mut filters: Vec<&str> = Vec::new();
        if self.company || self.source == Source::Company {
            filters.push("t.company_id = ?2");
        }
        if self.statuses {
            filters.push("t.status IN (SELECT value FROM json_each(?3))");
        }
        if self.topics {
            filters.push("t.topic_id IN (SELECT value FROM json_each(?4))");
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
            "SELECT group_concat(x) FROM (SELECT t.id * 4 + CASE WHEN t.bookable_from <= ?1 THEN 0 \
             WHEN t.bookable_from IS NULL THEN 3 WHEN t.carried > ?1 THEN 2 ELSE 1 END AS x \
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

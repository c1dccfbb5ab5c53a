//! Pages: how many records a list tells at once, and where the next begins.

use clap::Args;
use serde::Serialize;
use store::MOST_RECORDS;

/// How long a list is.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Limit {
    /// How many to list at most.
    #[arg(long, value_name = "N", default_value_t = 100)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_RECORDS)))]
    pub(super) limit: u16,
}

/// A list as scripts read it: the records of a page, and what to give to `--after` for the next one.
#[derive(Debug, Serialize)]
pub(super) struct Listed<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl<T> Listed<T> {
    /// A page of `records`, each written as `item`; `mark` names the last for the next page. A page that is not full is
    /// the last one.
    pub(super) fn new<'a, R>(
        records: &'a [R],
        limit: Limit,
        mark: impl FnOnce(&R) -> String,
        item: impl Fn(&'a R) -> T,
    ) -> Self {
        let full = records.len() == usize::from(limit.limit);
        Self {
            next: records.last().filter(|_| full).map(mark),
            items: records.iter().map(item).collect(),
        }
    }

    /// All there are.
    pub(super) const fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    /// `table`, with a line that says how to go on.
    pub(super) fn below(&self, table: &str) -> String {
        match &self.next {
            Some(next) => format!("{table}\nthere may be more: --after {next}"),
            None => table.to_owned(),
        }
    }
}

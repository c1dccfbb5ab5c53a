//! What a verb says, to people and to scripts.

use serde::Serialize;
use serde_json::Value;

/// What a verb has to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// To people: lines, without the last line's end.
    pub people: String,
    /// To scripts.
    pub script: Value,
    /// What the program ends with: a check that found something has said what.
    pub broken: bool,
}

impl Said {
    /// The same thing twice.
    pub(super) fn new(people: impl Into<String>, script: &impl Serialize) -> Self {
        Self {
            people: people.into(),
            // What is said is made of texts, numbers and lists of these: JSON can write it.
            script: serde_json::to_value(script).unwrap_or_default(),
            broken: false,
        }
    }

    /// What had to be said is said already.
    pub(super) const fn nothing() -> Self {
        Self {
            people: String::new(),
            script: Value::Null,
            broken: false,
        }
    }
}

/// Columns that stand below each other, as wide as what is in them.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these headings.
    pub(super) fn of(headings: &[&str]) -> Self {
        Self {
            rows: vec![headings.iter().map(|heading| (*heading).to_owned()).collect()],
        }
    }

    /// Adds a row. What people wrote stays on its line: line ends and other control characters become blanks.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows
            .push(cells.into_iter().map(|cell| on_one_line(&cell)).collect());
    }

    /// The table, or `nothing` where it has no row.
    pub(super) fn or(&self, nothing: &str) -> String {
        if self.rows.len() == 1 {
            return nothing.to_owned();
        }
        let columns = self.rows[0].len();
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let lines = self.rows.iter().map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// `text` without what would begin another line or steer a terminal.
pub(super) fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `text` as a paragraph below something: each line indented, nothing that steers a terminal.
pub(super) fn indented(text: &str) -> String {
    let lines = text.lines().map(|line| format!("    {}", on_one_line(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// `1 ticket`, `2 tickets`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let mut table = Table::of(&["CODE", "NAME"]);
        table.row(["LU".into(), "Città".into()]);
        table.row(["LU-AZIENDE".into(), "Aziende".into()]);
        assert_eq!(
            table.or("none"),
            "CODE        NAME\nLU          Città\nLU-AZIENDE  Aziende"
        );
        assert_eq!(Table::of(&["CODE"]).or("none"), "none");
    }

    #[test]
    fn what_people_wrote_neither_breaks_a_line_nor_steers_a_terminal() {
        let mut table = Table::of(&["TEXT"]);
        table.row(["one\ntwo\u{1b}[2J".into()]);
        assert_eq!(table.or(""), "TEXT\none two [2J");
        assert_eq!(indented("a\u{7}\nb"), "    a \n    b");
    }
}

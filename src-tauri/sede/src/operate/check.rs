//! `check`.

use serde::Serialize;
use store::{Checkup, Counts, Finding};

use super::text::{Table, counted};
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Looks at every row of the store, as it is at one moment, and says whether its promises are kept: never more appointments
than desks, one appointment for a ticket and for a decision, every outcome kept, every file whole, every studio told what
it may see and nothing else. Nothing is changed. It ends with 4 where a promise is broken.

What the sede itself changed since (hours, topics of a point) may leave appointments where nobody expects them: that is
listed too, and breaks no promise.

Examples:
  sede check
  sede check --json | jq '.findings[] | select(.broken > 0)'";

#[derive(Serialize)]
struct Script<'a> {
    kept: bool,
    counts: Counts,
    findings: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    name: &'static str,
    rule: Option<String>,
    for_the_sede: bool,
    looked_at: u64,
    broken: u64,
    examples: &'a [String],
}

pub(super) async fn check(work: &Work) -> Result<Said, Failure> {
    let checkup = work.store.records().checkup().await?;
    let script = Script {
        kept: checkup.is_kept(),
        counts: checkup.counts,
        findings: checkup.findings.iter().map(item).collect(),
    };
    Ok(Said {
        broken: !script.kept,
        ..Said::new(people(&checkup), &script)
    })
}

fn item(finding: &Finding) -> Item<'_> {
    Item {
        name: finding.checked.name(),
        rule: finding.checked.rule().map(|rule| rule.to_string()),
        for_the_sede: finding.checked.is_for_the_sede(),
        looked_at: finding.looked_at,
        broken: finding.broken,
        examples: &finding.examples,
    }
}

fn people(checkup: &Checkup) -> String {
    let counts = &checkup.counts;
    let mut table = Table::of(&["", "LOOKED AT", "BROKEN", "PROMISE"]);
    for finding in &checkup.findings {
        let mark = match (finding.broken, finding.checked.is_for_the_sede()) {
            (0, _) => "ok",
            (_, false) => "BROKEN",
            (_, true) => "see to",
        };
        let rule = finding
            .checked
            .rule()
            .map(|rule| format!(" ({rule})"))
            .unwrap_or_default();
        table.row([
            mark.to_owned(),
            finding.looked_at.to_string(),
            finding.broken.to_string(),
            format!("{}{rule}", finding.checked.sentence()),
        ]);
    }
    let mut lines = vec![
        [
            counted(counts.studios, "studio", "studios"),
            counted(counts.points, "point", "points"),
            counted(counts.delegations, "delegation", "delegations"),
            counted(counts.tickets, "ticket", "tickets"),
            counted(counts.appointments, "appointment", "appointments"),
            format!("{} of them live", counts.live_appointments),
            counted(counts.attachments, "file", "files"),
        ]
        .join(", "),
        String::new(),
        table.or(""),
    ];
    for finding in checkup.findings.iter().filter(|finding| finding.broken > 0) {
        lines.push(format!("\n{}:", finding.checked.sentence()));
        lines.extend(finding.examples.iter().map(|example| format!("    {example}")));
        let more = finding.broken - u64::try_from(finding.examples.len()).unwrap_or(finding.broken);
        if more > 0 {
            lines.push(format!("    and {more} more"));
        }
    }
    lines.push(String::new());
    lines.push(
        if checkup.is_kept() {
            "every promise is kept"
        } else {
            "promises are broken"
        }
        .to_owned(),
    );
    lines.join("\n")
}

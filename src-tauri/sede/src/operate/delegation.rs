//! `delegation`.

use std::str::FromStr;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use domain::code::{FiscalCode, Matricola, SedeCode, StudioCode};
use domain::company::{Company, Delegation, Position};
use serde::Serialize;
use store::{Admission, AdmittedDelegation, DelegationFilter, DelegationRecord, EndOutcome};

use super::listing::{Limit, Listed};
use super::point::known_sede;
use super::studio::known;
use super::text::Table;
use super::written::Day;
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Delegations: a studio may act for a position from a day on, perhaps to a day; both days count (R2). When a delegation
ends, the studio keeps its live appointments of the position until they are over, and gets nothing new of it (R18).

Examples:
  sede delegation add ROSSI 4600000001
  sede delegation add ROSSI 4600000001 --from 2026-12-01 --until 2027-11-30
  sede delegation add ROSSI 4600000009 --company 01234567890 --company-name 'Alfa srl' --sede LU
                                            the position is new to the store: whose it is, and which sede is competent
  sede delegation end ROSSI 4600000001                           today is the last day
  sede delegation end ROSSI 4600000001 --last-day yesterday      at once
  sede delegation list --studio ROSSI";

/// What is done to delegations.
#[derive(Debug, Subcommand)]
pub enum DelegationVerb {
    /// Gives a studio a delegation, or other days to the one that it has.
    Add(AddArgs),
    /// Sets the last day of a delegation.
    End {
        /// Whose delegation.
        studio: StudioCode,
        /// For which position: ten digits.
        position: Matricola,
        /// The last day that counts; one that has passed ends it at once.
        #[arg(long, value_name = "DAY", default_value = "today")]
        last_day: Day,
    },
    /// Lists delegations by studio and position, ended ones too.
    List(ListArgs),
}

/// The arguments of `delegation add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Who may act.
    studio: StudioCode,
    /// For which position: ten digits.
    position: Matricola,
    /// First day.
    #[arg(long, value_name = "DAY", default_value = "today")]
    from: Day,
    /// Last day; without one it has no end.
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
    /// Of a position that the store does not know: whose it is, 11 digits or 16 characters.
    #[arg(long, value_name = "FISCAL-CODE", requires = "company_name", requires = "sede")]
    company: Option<FiscalCode>,
    /// … the company's name.
    #[arg(long, value_name = "NAME", requires = "company")]
    company_name: Option<String>,
    /// … and the sede that is competent for it.
    #[arg(long, value_name = "CODE", requires = "company")]
    sede: Option<SedeCode>,
}

/// The arguments of `delegation list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Held by this studio.
    #[arg(long, value_name = "CODE")]
    studio: Option<StudioCode>,
    /// For this position.
    #[arg(long, value_name = "MATRICOLA")]
    position: Option<Matricola>,
    /// For positions of this company.
    #[arg(long, value_name = "FISCAL-CODE")]
    company: Option<FiscalCode>,
    #[command(flatten)]
    limit: Limit,
    /// Go on after this one, as the page before named it.
    #[arg(long, value_name = "STUDIO/POSITION")]
    after: Option<Mark>,
}

/// Where a page ended.
#[derive(Debug, Clone)]
struct Mark(StudioCode, Matricola);

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.rsplit_once('/')
            .and_then(|(studio, position)| Some(Self(studio.parse().ok()?, position.parse().ok()?)))
            .ok_or_else(|| "a page goes on after STUDIO/POSITION".to_owned())
    }
}

/// A delegation as scripts read it.
#[derive(Serialize)]
struct Item<'a> {
    studio: &'a StudioCode,
    position: &'a Matricola,
    company: &'a FiscalCode,
    sede: &'a SedeCode,
    from: NaiveDate,
    until: Option<NaiveDate>,
    active_today: bool,
}

#[derive(Serialize)]
struct Changed<'a> {
    studio: &'a StudioCode,
    position: &'a Matricola,
    until: Option<NaiveDate>,
    now: &'static str,
}

pub(super) async fn run(work: &Work, verb: DelegationVerb) -> Result<Said, Failure> {
    match verb {
        DelegationVerb::Add(args) => add(work, args).await,
        DelegationVerb::End {
            studio,
            position,
            last_day,
        } => end(work, &studio, &position, last_day.at(work.now)).await,
        DelegationVerb::List(args) => list(work, args).await,
    }
}

async fn add(work: &Work, args: AddArgs) -> Result<Said, Failure> {
    let (from, until) = (args.from.at(work.now), args.until.map(|until| until.at(work.now)));
    if until.is_some_and(|until| until < from) {
        return Err(Failure::Usage("a delegation ends on its first day or later".into()));
    }
    known(work, &args.studio).await?;
    let mut admission = Admission {
        delegations: vec![AdmittedDelegation {
            studio: args.studio.clone(),
            delegation: Delegation {
                position: args.position.clone(),
                from,
                until,
            },
        }],
        ..Admission::default()
    };
    let there = work.store.records().position(&args.position).await?;
    match (there, args.company.zip(args.company_name).zip(args.sede)) {
        (None, None) => {
            return Err(Failure::NotFound {
                what: format!(
                    "there is no position {}: say whose it is with --company, --company-name and --sede",
                    args.position
                ),
            });
        }
        (None, Some(((company, name), sede))) => {
            known_sede(work, &sede).await?;
            admission.companies.push(Company {
                code: company.clone(),
                name: name.trim().to_owned(),
            });
            admission.positions.push(Position {
                matricola: args.position.clone(),
                company,
                sede,
            });
        }
        (Some(there), Some(((company, _), sede))) => {
            if there.position.company != company || there.position.sede != sede {
                let reason = "the position is known, and of another company or sede";
                return Err(Failure::refused(reason));
            }
        }
        (Some(_), None) => {}
    }
    work.store.desk().admit(&admission).await?;
    let days = until.map_or_else(|| format!("from {from}"), |until| format!("from {from} to {until}"));
    Ok(Said::new(
        format!("{} may act for {} {days}", args.studio, args.position),
        &Changed {
            studio: &args.studio,
            position: &args.position,
            until,
            now: "delegated",
        },
    ))
}

async fn end(work: &Work, studio: &StudioCode, position: &Matricola, last_day: NaiveDate) -> Result<Said, Failure> {
    match work.store.desk().end_delegation(studio, position, last_day).await? {
        EndOutcome::Ended => Ok(Said::new(
            format!("the delegation of {studio} for {position} ends with {last_day}"),
            &Changed {
                studio,
                position,
                until: Some(last_day),
                now: "ended",
            },
        )),
        EndOutcome::UnknownDelegation => Err(Failure::not_found("delegation", format!("of {studio} for {position}"))),
        EndOutcome::NotBegunByThen { from } => Err(Failure::rule(2, format!("it begins on {from}, later than that"))),
        EndOutcome::EndsEarlier { until } => {
            let reason = format!("it ends with {until} already: sede delegation add gives it other days");
            Err(Failure::rule(2, reason))
        }
    }
}

async fn list(work: &Work, args: ListArgs) -> Result<Said, Failure> {
    if let Some(studio) = &args.studio {
        known(work, studio).await?;
    }
    if let Some(position) = &args.position {
        let found = work.store.records().position(position).await?;
        found.ok_or_else(|| Failure::not_found("position", position))?;
    }
    let filter = DelegationFilter {
        studio: args.studio,
        position: args.position,
        company: args.company,
    };
    let after = args.after.as_ref().map(|Mark(studio, position)| (studio, position));
    let records = work
        .store
        .records()
        .delegations(&filter, after, args.limit.limit)
        .await?;
    let mut table = Table::of(&["STUDIO", "POSITION", "COMPANY", "SEDE", "FROM", "UNTIL", "TODAY"]);
    for record in &records {
        let Delegation { position, from, until } = &record.delegation;
        table.row([
            record.studio.to_string(),
            position.to_string(),
            record.company.to_string(),
            record.sede.to_string(),
            from.to_string(),
            until.map(|until| until.to_string()).unwrap_or_default(),
            if record.delegation.active_on(work.now.today()) {
                "active"
            } else {
                ""
            }
            .to_owned(),
        ]);
    }
    let mark = |record: &DelegationRecord| format!("{}/{}", record.studio, record.delegation.position);
    let listed = Listed::new(&records, args.limit, mark, |record| Item {
        studio: &record.studio,
        position: &record.delegation.position,
        company: &record.company,
        sede: &record.sede,
        from: record.delegation.from,
        until: record.delegation.until,
        active_today: record.delegation.active_on(work.now.today()),
    });
    Ok(Said::new(listed.below(&table.or("no such delegation")), &listed))
}

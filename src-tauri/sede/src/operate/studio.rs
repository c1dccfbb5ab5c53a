//! `studio`.

use chrono::{DateTime, TimeDelta, Utc};
use clap::Subcommand;
use domain::code::StudioCode;
use domain::people::Person;
use domain::time::Civil;
use serde::Serialize;
use store::{InviteOutcome, RegisteredStudio, StudioProfile, SuspendOutcome};

use super::listing::Listed;
use super::text::Table;
use super::written::moment;
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Studios: the firms that may book with the sede. A studio acts for positions by delegations (sede delegation), and its
people's programs are admitted by invitations.

Examples:
  sede studio add ROSSI 'Studio Rossi e Associati'
  sede studio invite ROSSI 'Anna Rossi'     prints a code that Anna types once, in Impostazioni, Connessione
  sede studio suspend ROSSI                 its programs are told so, and lose nothing
  sede studio resume ROSSI
  sede studio list";

/// What is done to studios.
#[derive(Debug, Subcommand)]
pub enum StudioVerb {
    /// Enrols a studio.
    Add {
        /// Its code: up to 32 letters, digits, '-', '/', '.' and '_'. It never changes.
        code: StudioCode,
        /// Its name, as its people read it.
        name: String,
        /// The studio is enrolled already: give it this name.
        #[arg(long)]
        rename: bool,
    },
    /// Lists the studios.
    List,
    /// Suspends a studio: none of its programs is served until it is resumed. Its appointments stand.
    Suspend {
        /// Which.
        code: StudioCode,
    },
    /// Ends a suspension.
    Resume {
        /// Which.
        code: StudioCode,
    },
    /// Invites a person: prints a code that admits one program, once.
    Invite {
        /// The studio that the person works for.
        code: StudioCode,
        /// The person's name: 1 to 80 characters.
        person: Person,
        /// Days until the code expires.
        #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=90))]
        valid: u16,
    },
}

#[derive(Serialize)]
struct Changed<'a> {
    studio: &'a StudioCode,
    now: &'static str,
}

#[derive(Serialize)]
struct Invitation<'a> {
    studio: &'a StudioCode,
    person: &'a Person,
    code: &'a str,
    expires_at: DateTime<Utc>,
}

pub(super) async fn run(work: &Work, verb: StudioVerb) -> Result<Said, Failure> {
    match verb {
        StudioVerb::Add { code, name, rename } => add(work, code, &name, rename).await,
        StudioVerb::List => list(work).await,
        StudioVerb::Suspend { code } => match work.store.register().suspend(&code).await? {
            SuspendOutcome::Done => Ok(changed(&code, "suspended")),
            SuspendOutcome::UnknownStudio => Err(unknown(&code)),
        },
        StudioVerb::Resume { code } => match work.store.register().resume(&code).await? {
            SuspendOutcome::Done => Ok(changed(&code, "served")),
            SuspendOutcome::UnknownStudio => Err(unknown(&code)),
        },
        StudioVerb::Invite { code, person, valid } => invite(work, &code, &person, valid).await,
    }
}

fn changed(studio: &StudioCode, now: &'static str) -> Said {
    Said::new(format!("{studio} is {now}"), &Changed { studio, now })
}

/// There is no such studio.
pub(super) fn unknown(studio: &StudioCode) -> Failure {
    Failure::not_found("studio", studio)
}

/// The studio of a code, or that there is none.
pub(super) async fn known(work: &Work, code: &StudioCode) -> Result<RegisteredStudio, Failure> {
    let studios = work.store.register().studios().await?;
    studios
        .into_iter()
        .find(|studio| studio.code == *code)
        .ok_or_else(|| unknown(code))
}

async fn add(work: &Work, code: StudioCode, name: &str, rename: bool) -> Result<Said, Failure> {
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err(Failure::Usage(
            "a studio's name has 1 to 120 characters on one line".into(),
        ));
    }
    let now = match (known(work, &code).await, rename) {
        (Ok(_), false) => {
            let reason = format!("{code} is enrolled already: use --rename to give it another name");
            return Err(Failure::refused(reason));
        }
        (Err(Failure::NotFound { .. }), true) => return Err(unknown(&code)),
        (Err(Failure::NotFound { .. }), false) => "enrolled",
        (Ok(_), true) => "renamed",
        (Err(failure), _) => return Err(failure),
    };
    let profile = StudioProfile { code, name };
    work.store.desk().enrol(&profile).await?;
    Ok(changed(&profile.code, now))
}

async fn list(work: &Work) -> Result<Said, Failure> {
    let studios = work.store.register().studios().await?;
    let mut table = Table::of(&["CODE", "NAME", "DEVICES", "SUSPENDED SINCE"]);
    for studio in &studios {
        let since = studio.suspended_since.map(|at| moment(Civil::at(at)));
        table.row([
            studio.code.to_string(),
            studio.name.clone(),
            studio.devices.to_string(),
            since.unwrap_or_default(),
        ]);
    }
    Ok(Said::new(table.or("no studio is enrolled"), &Listed::whole(studios)))
}

async fn invite(work: &Work, studio: &StudioCode, person: &Person, valid: u16) -> Result<Said, Failure> {
    let valid = TimeDelta::days(i64::from(valid));
    match work.store.register().invite(studio, person, valid).await? {
        InviteOutcome::UnknownStudio => Err(unknown(studio)),
        InviteOutcome::Invited { code, expires_at } => {
            let code = code.reveal();
            let until = moment(Civil::at(expires_at));
            let people = format!("{}\nadmits one program of {studio}, once, until {until}", code.as_str());
            let script = Invitation {
                studio,
                person,
                code: &code,
                expires_at,
            };
            Ok(Said::new(people, &script))
        }
    }
}

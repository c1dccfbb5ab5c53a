//! What the sede's administrator and its operators do: one verb, one file.
//!
//! A verb reads its arguments, asks the store, and says what came of it: to people as text, to scripts (`--json`) as one
//! JSON value of a stable shape. It decides nothing: what is refused, the store's rules refuse, and what was refused has
//! changed nothing. What people wrote (texts, reasons) may come from the standard input, so that it stands in no list of
//! processes.

mod appointment;
mod attachment;
mod check;
mod delegation;
mod device;
mod hours;
mod install;
mod limits;
mod listing;
mod point;
mod restored;
mod seed;
mod studio;
mod text;
mod ticket;
mod topic;
mod written;

use std::sync::Arc;

use chrono::Utc;
use clap::{Command, Subcommand};
use domain::time::Now;

use crate::exit::Failure;
use crate::store::{Backing, StoreArgs};

pub use text::Said;

/// The verbs of the administrator and the operators.
#[derive(Debug, Subcommand)]
pub enum Operation {
    /// Makes a store ready: creates it, or brings its schema up to date. Twice changes nothing.
    #[command(long_about = install::LONG)]
    Install,
    /// Fills a store with training data: invented sedi, companies and tickets.
    #[command(long_about = seed::LONG)]
    Seed(seed::SeedArgs),
    /// Studios: who may book with the sede.
    #[command(subcommand, long_about = studio::LONG)]
    Studio(studio::StudioVerb),
    /// Devices: the programs of the studios' people.
    #[command(subcommand, long_about = device::LONG)]
    Device(device::DeviceVerb),
    /// Delegations: which studio may act for which position.
    #[command(subcommand, long_about = delegation::LONG)]
    Delegation(delegation::DelegationVerb),
    /// Topics: what tickets are about.
    #[command(subcommand, long_about = topic::LONG)]
    Topic(topic::TopicVerb),
    /// Consultation points: the desks that answer some topics.
    #[command(subcommand, long_about = point::LONG)]
    Point(point::PointVerb),
    /// Opening hours and closures of a point.
    #[command(subcommand, long_about = hours::LONG)]
    Hours(hours::HoursVerb),
    /// Tickets: read, answer, close.
    #[command(subcommand, long_about = ticket::LONG)]
    Ticket(ticket::TicketVerb),
    /// Appointments: read, move, resolve, cancel.
    #[command(subcommand, long_about = appointment::LONG)]
    Appointment(appointment::AppointmentVerb),
    /// Limits on what studios add to their bookings.
    #[command(subcommand, long_about = limits::LONG)]
    Limits(limits::LimitsVerb),
    /// Files that came with appointments.
    #[command(subcommand, long_about = attachment::LONG)]
    Attachment(attachment::AttachmentVerb),
    /// Says that the store was restored from a backup: every studio pulls from the beginning.
    #[command(long_about = restored::LONG)]
    Restored,
    /// Looks at every row and says whether the store keeps its promises.
    #[command(long_about = check::LONG)]
    Check,
}

/// `program`, in which the help of each verb has the examples that the text about its noun gives for it.
pub fn teach(program: Command) -> Command {
    program.mut_subcommands(|noun| {
        let text = noun.get_long_about().map(ToString::to_string).unwrap_or_default();
        let name = noun.get_name().to_owned();
        noun.mut_subcommands(
            |verb| match examples(&text, &format!("  sede {name} {}", verb.get_name())) {
                examples if examples.is_empty() => verb,
                examples => verb.after_help(format!("Examples:\n{}", examples.join("\n"))),
            },
        )
    })
}

/// The lines of `text` that begin with `beginning` and a word more, with the lines that go on below each.
fn examples<'a>(text: &'a str, beginning: &str) -> Vec<&'a str> {
    let mut within = false;
    let of_it = |line: &&str| {
        if !line.starts_with("   ") {
            within = line
                .strip_prefix(beginning)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        }
        within
    };
    text.lines().filter(of_it).collect()
}

/// A store that a verb works on, at one moment.
pub(crate) struct Work {
    store: Arc<dyn Backing>,
    now: Now,
}

/// Does what a verb says.
///
/// # Errors
/// [`Failure`], with what the program ends with.
pub async fn operate(args: &StoreArgs, operation: Operation) -> Result<Said, Failure> {
    let now = Now::at(Utc::now());
    if let Operation::Install = operation {
        return install::install(args).await;
    }
    let work = Work {
        store: args.open().await?,
        now,
    };
    let said = match operation {
        Operation::Install => install::install(args).await,
        Operation::Seed(seed) => seed::seed(&work, &seed).await,
        Operation::Studio(verb) => studio::run(&work, verb).await,
        Operation::Device(verb) => device::run(&work, verb).await,
        Operation::Delegation(verb) => delegation::run(&work, verb).await,
        Operation::Topic(verb) => topic::run(&work, verb).await,
        Operation::Point(verb) => point::run(&work, verb).await,
        Operation::Hours(verb) => hours::run(&work, verb).await,
        Operation::Ticket(verb) => ticket::run(&work, verb).await,
        Operation::Appointment(verb) => appointment::run(&work, verb).await,
        Operation::Limits(verb) => limits::run(&work, verb).await,
        Operation::Attachment(verb) => attachment::run(&work, verb).await,
        Operation::Restored => restored::restored(&work).await,
        Operation::Check => check::check(&work).await,
    };
    work.store.close().await;
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_has_the_examples_that_begin_with_it() {
        let text =
            "Things.\n\nExamples:\n  sede thing add A \\\n      --name B\n  sede thing additional\n  sede thing list";
        assert_eq!(
            examples(text, "  sede thing add"),
            ["  sede thing add A \\", "      --name B"]
        );
        assert_eq!(examples(text, "  sede thing list"), ["  sede thing list"]);
        assert!(examples(text, "  sede thing remove").is_empty());
    }
}

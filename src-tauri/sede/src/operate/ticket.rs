//! `ticket`.

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};
use domain::code::{AppointmentCode, FiscalCode, Matricola, SedeCode, StudioCode, TicketCode, TopicCode};
use domain::ticket::{Message, Outcome, Party, StatusChange, Ticket, TicketStatus, Withdrawal};
use domain::time::Civil;
use serde::Serialize;
use store::{DeskOutcome, TicketAct, TicketCondition, TicketFilter, TicketRecord};

use super::listing::{Limit, Listed};
use super::point::known_sede;
use super::studio::known;
use super::text::{Table, indented, on_one_line};
use super::written::{moment, text, words};
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Tickets: what studios have asked about their companies' positions. What is written here, the studio reads in the
ticket's conversation. A text given as '-' is read from the standard input, and stands in no list of processes.

Examples:
  sede ticket list --state open --sede LU
  sede ticket show LU-48213
  sede ticket take LU-48213
  sede ticket reply LU-48213 --text 'Serve il modello SC37.'
  sede ticket close LU-48213 --ok --text - < reply.txt
  sede ticket close LU-48213 --ko --text 'Non competente.'     bookable at once (R3)
  sede ticket reopen LU-48213                                  the days of waiting count anew (R4)
  sede ticket withdraw LU-48213                                never bookable again (R5)";

/// What is done to tickets.
#[derive(Debug, Subcommand)]
pub enum TicketVerb {
    /// Lists tickets by code.
    List(ListArgs),
    /// Shows a ticket with its conversation.
    Show {
        /// Which.
        code: TicketCode,
    },
    /// Takes an open ticket in charge.
    Take(ActArgs),
    /// Answers without closing.
    Reply {
        /// Which.
        code: TicketCode,
        /// The answer, '-' for the standard input.
        #[arg(long)]
        text: String,
    },
    /// Closes a ticket with the reply.
    Close(CloseArgs),
    /// Opens a closed ticket again: the days of waiting count anew (R4).
    Reopen(ActArgs),
    /// Withdraws a ticket: it never carries an appointment any more (R5).
    Withdraw(ActArgs),
}

/// A ticket, and a text that may be missing.
#[derive(Debug, Args)]
pub struct ActArgs {
    /// Which.
    code: TicketCode,
    /// What the studio reads, '-' for the standard input.
    #[arg(long, default_value = "", hide_default_value = true)]
    text: String,
}

/// The arguments of `ticket close`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("outcome").required(true).args(["ok", "ko"]))]
pub struct CloseArgs {
    /// Which.
    code: TicketCode,
    /// With a positive outcome.
    #[arg(long)]
    ok: bool,
    /// With a negative outcome.
    #[arg(long)]
    ko: bool,
    /// The reply, '-' for the standard input.
    #[arg(long)]
    text: String,
}

/// The arguments of `ticket list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// In this state.
    #[arg(long)]
    state: Option<State>,
    /// Of positions that this sede is competent for.
    #[arg(long, value_name = "CODE")]
    sede: Option<SedeCode>,
    /// Of this company.
    #[arg(long, value_name = "FISCAL-CODE")]
    company: Option<FiscalCode>,
    /// Of positions that this studio may act for today (R2).
    #[arg(long, value_name = "CODE")]
    studio: Option<StudioCode>,
    #[command(flatten)]
    limit: Limit,
    /// Go on after this ticket.
    #[arg(long, value_name = "CODE")]
    after: Option<TicketCode>,
}

/// How a ticket stands.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum State {
    /// Aperta.
    Open,
    /// In carico.
    InProgress,
    /// Chiusa, with either outcome.
    Closed,
    /// Withdrawn by either side.
    Withdrawn,
}

impl From<State> for TicketCondition {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::InProgress => Self::InProgress,
            State::Closed => Self::Closed,
            State::Withdrawn => Self::Withdrawn,
        }
    }
}

/// A ticket as scripts read it, without the studio's judgement: that is the studio's own.
#[derive(Serialize)]
struct Item<'a> {
    code: &'a TicketCode,
    state: &'static str,
    outcome: Option<Outcome>,
    sede: &'a SedeCode,
    company: &'a FiscalCode,
    position: &'a Matricola,
    topic: &'a TopicCode,
    opened_at: DateTime<Utc>,
    reopened_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    withdrawn: Option<Withdrawal>,
    messages: usize,
    appointment: Option<&'a AppointmentCode>,
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    item: Item<'a>,
    conversation: &'a [Message],
}

#[derive(Serialize)]
struct Done<'a> {
    ticket: &'a TicketCode,
    now: &'static str,
}

/// In one word.
const fn state(ticket: &Ticket) -> &'static str {
    match ticket.status {
        _ if ticket.withdrawn.is_some() => "withdrawn",
        TicketStatus::Open => "open",
        TicketStatus::InProgress => "in_progress",
        TicketStatus::Closed { .. } => "closed",
    }
}

/// In words for people.
const fn standing(ticket: &Ticket) -> &'static str {
    match ticket.status {
        _ if ticket.withdrawn.is_some() => "withdrawn",
        TicketStatus::Open => "open",
        TicketStatus::InProgress => "in progress",
        TicketStatus::Closed {
            outcome: Outcome::Ok, ..
        } => "closed ok",
        TicketStatus::Closed {
            outcome: Outcome::Ko, ..
        } => "closed ko",
    }
}

impl<'a> Item<'a> {
    fn of(record: &'a TicketRecord) -> Self {
        let ticket = &record.ticket;
        let closed = match ticket.status {
            TicketStatus::Closed { outcome, at, .. } => Some((outcome, at)),
            _ => None,
        };
        Self {
            code: &ticket.code,
            state: state(ticket),
            outcome: closed.map(|(outcome, _)| outcome),
            sede: &ticket.sede,
            company: &ticket.company,
            position: &ticket.position,
            topic: &ticket.topic,
            opened_at: ticket.opened_at,
            reopened_at: ticket.reopened_at,
            closed_at: closed.map(|(_, at)| at),
            withdrawn: ticket.withdrawn,
            messages: ticket.messages.len(),
            appointment: record.carried.as_ref().map(|carried| &carried.appointment),
        }
    }
}

pub(super) async fn run(work: &Work, verb: TicketVerb) -> Result<Said, Failure> {
    match verb {
        TicketVerb::List(args) => list(work, args).await,
        TicketVerb::Show { code } => show(work, &code).await,
        TicketVerb::Take(args) => act(work, &args.code, TicketAct::TakeInProgress, &text(&args.text)?).await,
        TicketVerb::Reply { code, text } => act(work, &code, TicketAct::Reply, &words(&text)?).await,
        TicketVerb::Close(args) => {
            let outcome = if args.ok { Outcome::Ok } else { Outcome::Ko };
            act(work, &args.code, TicketAct::Close(outcome), &words(&args.text)?).await
        }
        TicketVerb::Reopen(args) => act(work, &args.code, TicketAct::Reopen, &text(&args.text)?).await,
        TicketVerb::Withdraw(args) => act(work, &args.code, TicketAct::Withdraw, &text(&args.text)?).await,
    }
}

async fn list(work: &Work, args: ListArgs) -> Result<Said, Failure> {
    if let Some(studio) = &args.studio {
        known(work, studio).await?;
    }
    if let Some(sede) = &args.sede {
        known_sede(work, sede).await?;
    }
    let filter = TicketFilter {
        condition: args.state.map(TicketCondition::from),
        sede: args.sede,
        company: args.company,
        delegated_to: args.studio,
    };
    let records = work
        .store
        .records()
        .tickets(&filter, args.after.as_ref(), args.limit.limit)
        .await?;
    let mut table = Table::of(&["CODE", "STATE", "SEDE", "POSITION", "TOPIC", "OPENED", "APPOINTMENT"]);
    for record in &records {
        let ticket = &record.ticket;
        let carried = record.carried.as_ref().map(|carried| carried.appointment.to_string());
        table.row([
            ticket.code.to_string(),
            standing(ticket).to_owned(),
            ticket.sede.to_string(),
            ticket.position.to_string(),
            ticket.topic.to_string(),
            Civil::at(ticket.opened_at).date().to_string(),
            carried.unwrap_or_default(),
        ]);
    }
    let listed = Listed::new(&records, args.limit, |record| record.ticket.code.to_string(), Item::of);
    Ok(Said::new(listed.below(&table.or("no such ticket")), &listed))
}

async fn record(work: &Work, code: &TicketCode) -> Result<TicketRecord, Failure> {
    let record = work.store.records().ticket(code).await?;
    record.ok_or_else(|| Failure::not_found("ticket", code))
}

async fn show(work: &Work, code: &TicketCode) -> Result<Said, Failure> {
    let record = record(work, code).await?;
    let ticket = &record.ticket;
    let mut table = Table::of(&[ticket.code.as_str(), standing(ticket)]);
    let mut rows = vec![
        ("sede", ticket.sede.to_string()),
        ("company", ticket.company.to_string()),
        ("position", ticket.position.to_string()),
        ("topic", ticket.topic.to_string()),
        ("opened", moment(Civil::at(ticket.opened_at))),
    ];
    if let Some(at) = ticket.reopened_at {
        rows.push(("reopened", moment(Civil::at(at))));
    }
    if let Some(carried) = &record.carried {
        rows.push(("appointment", carried.appointment.to_string()));
    }
    // What only the sede sees of a request that a studio wrote here.
    let written = work.store.records().request(code).await?;
    if let Some(written) = &written {
        rows.push(("studio", written.studio.to_string()));
        let contact = &written.request.content.contact;
        let named = [("telephone", &contact.phone), ("e-mail", &contact.email)];
        let given = named.into_iter().filter(|(_, value)| !value.trim().is_empty());
        rows.extend(given.map(|(name, value)| (name, on_one_line(value))));
    }
    for (name, value) in rows {
        table.row([name.to_owned(), value]);
    }
    let conversation: Vec<_> = ticket.messages.iter().map(entry).collect();
    let people = format!("{}\n\n{}", table.or(""), conversation.join("\n"));
    let script = Whole {
        item: Item::of(&record),
        conversation: &ticket.messages,
    };
    Ok(Said::new(people.trim_end(), &script))
}

/// An entry of the conversation, as people read it.
fn entry(message: &Message) -> String {
    let author = match message.author {
        Party::Studio => "studio",
        Party::Sede => "sede",
    };
    let change = message.change.map(|change| match change {
        StatusChange::Opened => ": opened",
        StatusChange::TakenInProgress => ": in progress",
        StatusChange::ClosedOk => ": closed ok",
        StatusChange::ClosedKo => ": closed ko",
        StatusChange::Withdrawn => ": withdrawn",
    });
    let mut lines = vec![format!(
        "{}  {author}{}",
        moment(Civil::at(message.at)),
        change.unwrap_or_default()
    )];
    if !message.text.is_empty() {
        lines.push(indented(&message.text));
    }
    let files = message.files.iter().map(|file| format!("    [{}]", on_one_line(file)));
    lines.extend(files);
    lines.join("\n")
}

async fn act(work: &Work, code: &TicketCode, act: TicketAct, text: &str) -> Result<Said, Failure> {
    match work.store.desk().act(code, act, text).await? {
        DeskOutcome::Done => {
            let (now, people) = match act {
                TicketAct::TakeInProgress => ("in_progress", "is in progress"),
                TicketAct::Reply => ("answered", "is answered"),
                TicketAct::Close(Outcome::Ok) => ("closed_ok", "is closed ok"),
                TicketAct::Close(Outcome::Ko) => ("closed_ko", "is closed ko"),
                TicketAct::Reopen => ("open", "is open again"),
                TicketAct::Withdraw => ("withdrawn", "is withdrawn"),
            };
            Ok(Said::new(format!("{code} {people}"), &Done { ticket: code, now }))
        }
        DeskOutcome::UnknownTicket => Err(Failure::not_found("ticket", code)),
        _ => {
            let ticket = record(work, code).await?.ticket;
            let reason = format!("the ticket is {}: that can't be done to it", standing(&ticket));
            Err(if ticket.withdrawn.is_some() {
                Failure::rule(5, reason)
            } else {
                Failure::refused(reason)
            })
        }
    }
}

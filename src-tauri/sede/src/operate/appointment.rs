//! `appointment`.

use std::str::FromStr;

use chrono::DateTime;
use clap::{Args, Subcommand, ValueEnum};
use domain::appointment::{Appointment, LifeRefusal, SedeChange, Stage};
use domain::code::{AppointmentCode, PointCode, SedeCode, StudioCode, TicketCode};
use domain::communication::{Change, Communication};
use domain::point::ConsultationPoint;
use domain::slot::{Slot, slots_on};
use domain::ticket::Party;
use domain::time::{Civil, Now};
use serde::Serialize;
use store::{AppointmentCondition, AppointmentFilter, AppointmentMark, AppointmentRecord, DeskOutcome};

use super::listing::{Limit, Listed};
use super::text::{Table, indented, on_one_line};
use super::written::{Day, Moment, moment, text, words};
use super::{Said, Work, point, studio};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Appointments: read them, and tell the studio what changed (R13). The studio sees what was before and after, and
acknowledges it. A text given as '-' is read from the standard input, and stands in no list of processes.

Examples:
  sede appointment list --from today --until tomorrow --sede LU
  sede appointment show LU-A-000123
  sede appointment move LU-A-000123 --to 2026-11-26T09:30 --text 'Per sciopero.'
  sede appointment relocate LU-A-000123 --point PI-AZIENDE --to 2026-11-25T09:00
  sede appointment resolve LU-A-000123 --text 'Definita: non occorre venire.'
  sede appointment cancel LU-A-000123 --text 'Ufficio chiuso.'
  sede appointment say LU-A-000123 --label documenti --text 'Portare il modello SC37.'";

/// What is done to appointments.
#[derive(Debug, Subcommand)]
pub enum AppointmentVerb {
    /// Lists appointments in the order of their beginning.
    List(ListArgs),
    /// Shows an appointment with what the sede said since.
    Show {
        /// Which.
        code: AppointmentCode,
    },
    /// Moves it to another day or time at its point.
    Move(MoveArgs),
    /// Moves it to another point, of this or another sede.
    Relocate {
        #[command(flatten)]
        to: MoveArgs,
        /// The point.
        #[arg(long, value_name = "CODE")]
        point: PointCode,
    },
    /// Solved, no need to come (chiuso e definito). Its place is free again.
    Resolve(SayArgs),
    /// Cancels it. Its place is free again.
    Cancel(SayArgs),
    /// Says something else about it; nothing changes.
    Say {
        #[command(flatten)]
        said: SayArgs,
        /// Its kind in a word, as the studio reads it.
        #[arg(long, default_value = "avviso")]
        label: String,
    },
}

/// An appointment, and what the studio reads.
#[derive(Debug, Args)]
pub struct SayArgs {
    /// Which.
    code: AppointmentCode,
    /// What the studio reads, '-' for the standard input.
    #[arg(long, default_value = "", hide_default_value = true)]
    text: String,
}

/// An appointment, and where it goes.
#[derive(Debug, Args)]
pub struct MoveArgs {
    #[command(flatten)]
    said: SayArgs,
    /// When the slot begins, on the sede's clocks: 2026-11-26T09:30.
    #[arg(long, value_name = "MOMENT")]
    to: Moment,
}

/// The arguments of `appointment list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// In this state.
    #[arg(long)]
    state: Option<State>,
    /// At points of this sede.
    #[arg(long, value_name = "CODE")]
    sede: Option<SedeCode>,
    /// At this point.
    #[arg(long, value_name = "CODE")]
    point: Option<PointCode>,
    /// Of this studio.
    #[arg(long, value_name = "CODE")]
    studio: Option<StudioCode>,
    /// On this day or later.
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// On this day or earlier.
    #[arg(long, value_name = "DAY")]
    until: Option<Day>,
    #[command(flatten)]
    limit: Limit,
    /// Go on after this one, as the page before named it.
    #[arg(long, value_name = "BEGINNING/CODE")]
    after: Option<Mark>,
}

/// How an appointment stands.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum State {
    /// Confirmed, and not over yet.
    Confirmed,
    /// Confirmed, and over.
    Past,
    /// Resolved by the sede.
    Resolved,
    /// Cancelled by either side.
    Cancelled,
}

impl From<State> for AppointmentCondition {
    fn from(state: State) -> Self {
        match state {
            State::Confirmed => Self::Confirmed,
            State::Past => Self::Past,
            State::Resolved => Self::Resolved,
            State::Cancelled => Self::Cancelled,
        }
    }
}

/// Where a page ended.
#[derive(Debug, Clone)]
struct Mark(AppointmentMark);

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split_once('/')
            .and_then(|(start, code)| {
                Some(Self(AppointmentMark {
                    start: DateTime::parse_from_rfc3339(start).ok()?.to_utc(),
                    code: code.parse().ok()?,
                }))
            })
            .ok_or_else(|| "a page goes on after BEGINNING/CODE, as the one before named it".to_owned())
    }
}

fn mark(record: &AppointmentRecord) -> String {
    let AppointmentMark { start, code } = AppointmentMark::of(&record.appointment);
    format!("{}/{code}", start.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// In one word.
const fn state(stage: Stage) -> &'static str {
    match stage {
        Stage::Confirmed => "confirmed",
        Stage::Past => "past",
        Stage::Resolved => "resolved",
        Stage::Cancelled(Party::Studio) => "cancelled by the studio",
        Stage::Cancelled(Party::Sede) => "cancelled by the sede",
    }
}

/// An appointment as scripts read it.
#[derive(Serialize)]
struct Item<'a> {
    code: &'a AppointmentCode,
    state: &'static str,
    cancelled_by: Option<Party>,
    studio: &'a StudioCode,
    point: &'a PointCode,
    start: Civil,
    end: Civil,
    tickets: &'a [TicketCode],
    attachments: usize,
    communications: usize,
}

impl<'a> Item<'a> {
    fn of(record: &'a AppointmentRecord, now: Now) -> Self {
        let appointment = &record.appointment;
        let (state, cancelled_by) = match appointment.stage(now) {
            Stage::Cancelled(by) => ("cancelled", Some(by)),
            stage => (state(stage), None),
        };
        Self {
            code: &appointment.code,
            state,
            cancelled_by,
            studio: &record.studio,
            point: &appointment.slot.point,
            start: appointment.slot.start,
            end: appointment.slot.end,
            tickets: &appointment.tickets,
            attachments: appointment.content.attachments.len(),
            communications: appointment.communications.len(),
        }
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    studio: &'a StudioCode,
    state: &'static str,
    appointment: &'a Appointment,
}

#[derive(Serialize)]
struct Done<'a> {
    appointment: &'a AppointmentCode,
    now: &'static str,
    slot: Option<&'a Slot>,
}

pub(super) async fn run(work: &Work, verb: AppointmentVerb) -> Result<Said, Failure> {
    match verb {
        AppointmentVerb::List(args) => list(work, args).await,
        AppointmentVerb::Show { code } => show(work, &code).await,
        AppointmentVerb::Move(args) => {
            let text = text(&args.said.text)?;
            let record = known(work, &args.said.code).await?;
            let point = point::known(work, &record.appointment.slot.point).await?;
            transfer(work, &record, &point, args.to, &text).await
        }
        AppointmentVerb::Relocate { to, point } => {
            let text = text(&to.said.text)?;
            let record = known(work, &to.said.code).await?;
            if record.appointment.slot.point == point {
                return Err(Failure::Usage(format!("it is at {point} already: use move")));
            }
            let point = point::known(work, &point).await?;
            transfer(work, &record, &point, to.to, &text).await
        }
        AppointmentVerb::Resolve(said) => {
            let text = text(&said.text)?;
            tell(work, &known(work, &said.code).await?, SedeChange::Resolve, &text).await
        }
        AppointmentVerb::Cancel(said) => {
            let text = text(&said.text)?;
            tell(work, &known(work, &said.code).await?, SedeChange::Cancel, &text).await
        }
        AppointmentVerb::Say { said, label } => {
            let label = label.trim().to_owned();
            if label.is_empty() || label.chars().count() > 60 || label.chars().any(char::is_control) {
                return Err(Failure::Usage("a label has 1 to 60 characters on one line".into()));
            }
            let text = words(&said.text)?;
            tell(work, &known(work, &said.code).await?, SedeChange::Say { label }, &text).await
        }
    }
}

/// The appointment of a code, or that there is none.
pub(super) async fn known(work: &Work, code: &AppointmentCode) -> Result<AppointmentRecord, Failure> {
    let record = work.store.records().appointment(code).await?;
    record.ok_or_else(|| Failure::not_found("appointment", code))
}

async fn list(work: &Work, args: ListArgs) -> Result<Said, Failure> {
    if let Some(studio) = &args.studio {
        studio::known(work, studio).await?;
    }
    if let Some(point) = &args.point {
        point::known(work, point).await?;
    }
    if let Some(sede) = &args.sede {
        point::known_sede(work, sede).await?;
    }
    let filter = AppointmentFilter {
        condition: args.state.map(AppointmentCondition::from),
        sede: args.sede,
        point: args.point,
        studio: args.studio,
        from: args.from.map(|day| day.at(work.now)),
        until: args.until.map(|day| day.at(work.now)),
    };
    let after = args.after.as_ref().map(|Mark(mark)| mark);
    let records = work
        .store
        .records()
        .appointments(&filter, after, args.limit.limit)
        .await?;
    let mut table = Table::of(&["BEGINS", "CODE", "POINT", "STUDIO", "STATE", "TICKETS"]);
    for AppointmentRecord { studio, appointment } in &records {
        let tickets: Vec<_> = appointment.tickets.iter().map(TicketCode::as_str).collect();
        table.row([
            moment(appointment.slot.start),
            appointment.code.to_string(),
            appointment.slot.point.to_string(),
            studio.to_string(),
            state(appointment.stage(work.now)).to_owned(),
            tickets.join(", "),
        ]);
    }
    let listed = Listed::new(&records, args.limit, mark, |record| Item::of(record, work.now));
    Ok(Said::new(listed.below(&table.or("no such appointment")), &listed))
}

async fn show(work: &Work, code: &AppointmentCode) -> Result<Said, Failure> {
    let AppointmentRecord { studio, appointment } = known(work, code).await?;
    let stage = appointment.stage(work.now);
    let tickets: Vec<_> = appointment.tickets.iter().map(TicketCode::as_str).collect();
    let mut table = Table::of(&[appointment.code.as_str(), state(stage)]);
    let mut rows = vec![
        ("begins", moment(appointment.slot.start)),
        ("ends", moment(appointment.slot.end)),
        ("point", appointment.slot.point.to_string()),
        ("studio", studio.to_string()),
        ("company", appointment.company.to_string()),
        ("tickets", tickets.join(", ")),
        ("telephone", appointment.content.contact.phone.clone()),
        ("e-mail", appointment.content.contact.email.clone()),
        ("booked", moment(Civil::at(appointment.booked_at))),
    ];
    rows.retain(|(_, value)| !value.is_empty());
    for (name, value) in rows {
        table.row([name.to_owned(), value]);
    }
    for (index, file) in appointment.content.attachments.iter().enumerate() {
        table.row([format!("file {}", index + 1), file.name.as_str().to_owned()]);
    }
    let mut people = vec![table.or("")];
    if !appointment.content.notes.is_empty() {
        people.push(format!("notes\n{}", indented(&appointment.content.notes)));
    }
    people.extend(appointment.communications.iter().map(communication));
    people.extend((0..appointment.edits.len()).filter_map(|edit| changed(&appointment, edit)));
    let script = Whole {
        studio: &studio,
        state: match stage {
            Stage::Cancelled(_) => "cancelled",
            stage => state(stage),
        },
        appointment: &appointment,
    };
    Ok(Said::new(people.join("\n"), &script))
}

/// What the studio changed, as people read it.
fn changed(appointment: &Appointment, edit: usize) -> Option<String> {
    let (slot, content) = appointment.after(edit)?;
    let made = appointment.edits.get(edit)?;
    let before = made.content.as_ref().unwrap_or(content);
    let mut what: Vec<String> = Vec::new();
    if let Some(left) = &made.slot {
        what.push(format!("moved from {} to {}", moment(left.start), moment(slot.start)));
    }
    let parts = [
        ("notes", before.notes != content.notes),
        ("contact", before.contact != content.contact),
        ("files", before.attachments != content.attachments),
    ];
    what.extend(
        parts
            .iter()
            .filter(|(_, changed)| *changed)
            .map(|(part, _)| format!("{part} changed")),
    );
    Some(format!(
        "{}  {} by the studio",
        moment(Civil::at(made.at)),
        what.join(", ")
    ))
}

/// What the sede said, as people read it.
fn communication(said: &Communication) -> String {
    let what = match &said.change {
        Change::Resolved => "resolved".to_owned(),
        Change::Cancelled => "cancelled".to_owned(),
        Change::Rescheduled { before, after } => {
            format!("moved from {} to {}", moment(before.start), moment(after.start))
        }
        Change::Relocated { before, after } => format!(
            "relocated from {} at {} to {} at {}",
            moment(before.start),
            before.point,
            moment(after.start),
            after.point
        ),
        Change::Other { label, .. } => on_one_line(label),
    };
    let read = if said.acknowledged_at.is_some() {
        "acknowledged"
    } else {
        "not acknowledged yet"
    };
    let line = format!("{}  {what} ({read})", moment(Civil::at(said.at)));
    if said.text.is_empty() {
        line
    } else {
        format!("{line}\n{}", indented(&said.text))
    }
}

/// R11: the slot of `point` that begins at `to`, or which there are on that day.
async fn transfer(
    work: &Work,
    record: &AppointmentRecord,
    point: &ConsultationPoint,
    Moment(to): Moment,
    text: &str,
) -> Result<Said, Failure> {
    let slots = slots_on(point, to.date()).map(|day| day.slots).unwrap_or_default();
    let Some(slot) = slots.iter().find(|slot| slot.start == to).cloned() else {
        let begin: Vec<_> = slots
            .iter()
            .map(|slot| slot.start.time().format("%H:%M").to_string())
            .collect();
        let there = if begin.is_empty() {
            format!("{} has no slot on {}", point.code, to.date())
        } else {
            format!(
                "{} has no slot that begins then; on that day: {}",
                point.code,
                begin.join(", ")
            )
        };
        return Err(Failure::rule(11, there));
    };
    if slot == record.appointment.slot {
        return Err(Failure::Usage("the appointment stands in that slot already".into()));
    }
    tell(work, record, SedeChange::MoveTo { slot }, text).await
}

async fn tell(work: &Work, record: &AppointmentRecord, change: SedeChange, text: &str) -> Result<Said, Failure> {
    let code = &record.appointment.code;
    let (now, people, slot) = match &change {
        SedeChange::Resolve => ("resolved", format!("{code} is resolved"), None),
        SedeChange::Cancel => ("cancelled", format!("{code} is cancelled"), None),
        SedeChange::MoveTo { slot } if slot.point == record.appointment.slot.point => (
            "moved",
            format!("{code} is moved to {}", moment(slot.start)),
            Some(slot.clone()),
        ),
        SedeChange::MoveTo { slot } => {
            let people = format!("{code} is relocated to {} at {}", moment(slot.start), slot.point);
            ("relocated", people, Some(slot.clone()))
        }
        SedeChange::Say { .. } => ("said", format!("the studio reads it with {code}"), None),
    };
    match work.store.desk().tell(record.appointment.id, change, text).await? {
        DeskOutcome::Done => {
            let script = Done {
                appointment: code,
                now,
                slot: slot.as_ref(),
            };
            Ok(Said::new(people, &script))
        }
        DeskOutcome::NoPlace => {
            let begun = slot.is_some_and(|slot| slot.start.instant() <= work.now.instant());
            let reason = if begun {
                "that slot has begun"
            } else {
                "every desk is taken in that slot"
            };
            Err(Failure::rule(11, reason))
        }
        DeskOutcome::Life(LifeRefusal::Begun) => Err(Failure::rule(14, "the appointment has begun")),
        DeskOutcome::Life(LifeRefusal::NotLive) => {
            let stage = known(work, code).await?.appointment.stage(work.now);
            Err(Failure::rule(
                13,
                format!("the appointment is {}: it can't be changed any more", state(stage)),
            ))
        }
        DeskOutcome::UnknownAppointment | DeskOutcome::UnknownTicket | DeskOutcome::WrongStatus => {
            Err(Failure::not_found("appointment", code))
        }
    }
}

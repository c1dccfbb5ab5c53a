//! `point`.

use clap::{Args, Subcommand};
use domain::code::{AppointmentCode, PointCode, SedeCode, TopicCode};
use domain::point::{ConsultationPoint, Sede, SlotLength};
use domain::slot::slots_on;
use serde::Serialize;
use store::{AppointmentCondition, AppointmentFilter, AppointmentMark, MOST_RECORDS, Offering, PointOutcome};

use super::listing::Listed;
use super::text::{Table, counted};
use super::{Said, Work, hours};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Consultation points: the desks of a sede that answer some topics, with a place, slots and opening hours (sede hours).
A slot takes as many appointments as the point has desks (R11).

Examples:
  sede point publish LU-AZIENDE --sede LU --sede-name Lucca --name 'Consulenza aziende' \\
      --place 'Piazza dei Martiri, Lucca' --topics DEN-UNI-VAR,RIMBORSI --slot 30 --desks 2 --horizon 60
  sede point publish LU-AZIENDE --desks 3      of a point that is there, only what is named changes
  sede point show LU-AZIENDE
  sede point list";

/// What is done to points.
#[derive(Debug, Subcommand)]
pub enum PointVerb {
    /// Lists the points by code.
    List,
    /// Shows one point whole.
    Show {
        /// Which.
        code: PointCode,
    },
    /// Publishes a point, or changes what is named of one that is there. Every studio hears of it.
    Publish(PublishArgs),
}

/// The arguments of `point publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Its code: up to 32 letters, digits, '-', '/', '.' and '_'. It never changes.
    code: PointCode,
    /// The sede that it belongs to. It never changes.
    #[arg(long, value_name = "CODE")]
    sede: Option<SedeCode>,
    /// Of a sede that the store does not know: its name.
    #[arg(long, value_name = "NAME", requires = "sede")]
    sede_name: Option<String>,
    /// Its name.
    #[arg(long)]
    name: Option<String>,
    /// Building, street and town.
    #[arg(long)]
    place: Option<String>,
    /// The topics that it answers, all of them.
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    topics: Option<Vec<TopicCode>>,
    /// Minutes of a slot, 5 to 480.
    #[arg(long, value_name = "MINUTES", value_parser = slot_length)]
    slot: Option<SlotLength>,
    /// How many appointments a slot takes (R11).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=999))]
    desks: Option<u16>,
    /// How many days ahead it can be booked.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(..=730))]
    horizon: Option<u16>,
}

fn slot_length(text: &str) -> Result<SlotLength, String> {
    let minutes = text.parse().ok().and_then(SlotLength::from_minutes);
    minutes.ok_or_else(|| "a slot is 5 to 480 minutes long".to_owned())
}

pub(super) async fn run(work: &Work, verb: PointVerb) -> Result<Said, Failure> {
    match verb {
        PointVerb::List => list(work).await,
        PointVerb::Show { code } => show(work, &code).await,
        PointVerb::Publish(args) => publish(work, args).await,
    }
}

/// The point of a code, or that there is none.
pub(super) async fn known(work: &Work, code: &PointCode) -> Result<ConsultationPoint, Failure> {
    let point = work.store.records().point(code).await?;
    point.ok_or_else(|| Failure::not_found("point", code))
}

/// That there is a sede of this code.
pub(super) async fn known_sede(work: &Work, code: &SedeCode) -> Result<(), Failure> {
    let sedi = work.store.records().sedi().await?;
    if sedi.iter().any(|sede| sede.code == *code) {
        Ok(())
    } else {
        Err(Failure::not_found("sede", code))
    }
}

fn topics(point: &ConsultationPoint) -> String {
    point
        .topics
        .iter()
        .map(TopicCode::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

async fn list(work: &Work) -> Result<Said, Failure> {
    let points = work.store.records().points().await?;
    let mut table = Table::of(&["CODE", "SEDE", "NAME", "SLOT", "DESKS", "TOPICS"]);
    for point in &points {
        table.row([
            point.code.to_string(),
            point.sede.to_string(),
            point.name.clone(),
            format!("{} min", point.slot_length.minutes()),
            point.desks.to_string(),
            point.topics.len().to_string(),
        ]);
    }
    Ok(Said::new(table.or("no point is published"), &Listed::whole(points)))
}

async fn show(work: &Work, code: &PointCode) -> Result<Said, Failure> {
    let point = known(work, code).await?;
    let mut table = Table::of(&[point.code.as_str(), point.name.as_str()]);
    let rows = [
        ("sede", point.sede.to_string()),
        ("place", point.place.clone()),
        ("slots", format!("{} minutes", point.slot_length.minutes())),
        ("desks", point.desks.to_string()),
        ("horizon", format!("{} days", point.horizon_days)),
        ("topics", topics(&point)),
    ];
    for (name, value) in rows {
        table.row([name.to_owned(), value]);
    }
    let people = format!("{}\n\n{}", table.or(""), hours::week(&point, work.now.today()));
    Ok(Said::new(people, &point))
}

/// What a change of a point has to say: the point, and the live appointments that are in none of its slots any more.
#[derive(Serialize)]
struct Published<'a> {
    point: &'a ConsultationPoint,
    stranded: &'a [AppointmentCode],
}

/// A text that people read, on one line.
fn line(text: &str, what: &str) -> Result<String, Failure> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 200 || text.chars().any(char::is_control) {
        return Err(Failure::Usage(format!("{what} has 1 to 200 characters on one line")));
    }
    Ok(text.to_owned())
}

async fn publish(work: &Work, args: PublishArgs) -> Result<Said, Failure> {
    let records = work.store.records();
    let Some(before) = records.point(&args.code).await? else {
        return publish_new(work, args).await;
    };
    if args.sede.as_ref().is_some_and(|sede| *sede != before.sede) || args.sede_name.is_some() {
        let reason = format!("{} is a point of {}, and stays one", before.code, before.sede);
        return Err(Failure::refused(reason));
    }
    let mut after = before.clone();
    if let Some(name) = &args.name {
        after.name = line(name, "a name")?;
    }
    if let Some(place) = &args.place {
        after.place = line(place, "a place")?;
    }
    after.topics = args.topics.unwrap_or(after.topics);
    after.slot_length = args.slot.unwrap_or(after.slot_length);
    after.desks = args.desks.unwrap_or(after.desks);
    after.horizon_days = args.horizon.unwrap_or(after.horizon_days);
    change(work, &before, &after).await
}

async fn publish_new(work: &Work, args: PublishArgs) -> Result<Said, Failure> {
    let (Some(sede), Some(name), Some(place), Some(topics), Some(slot_length), Some(desks), Some(horizon_days)) = (
        args.sede,
        args.name,
        args.place,
        args.topics,
        args.slot,
        args.desks,
        args.horizon,
    ) else {
        return Err(Failure::NotFound {
            what: format!(
                "there is no point {}: a new one needs --sede, --name, --place, --topics, --slot, --desks and --horizon",
                args.code
            ),
        });
    };
    let records = work.store.records();
    let mut offering = Offering::default();
    let known = records.sedi().await?.into_iter().any(|known| known.code == sede);
    match args.sede_name {
        None if !known => {
            return Err(Failure::NotFound {
                what: format!("there is no sede {sede}: a new one needs --sede-name"),
            });
        }
        Some(name) => offering.sedi.push(Sede {
            code: sede.clone(),
            name: line(&name, "a name")?,
        }),
        None => {}
    }
    let published = records.topics().await?;
    if let Some(unknown) = topics
        .iter()
        .find(|code| !published.iter().any(|topic| topic.code == **code))
    {
        return Err(Failure::not_found("topic", unknown));
    }
    let point = ConsultationPoint {
        code: args.code,
        sede,
        name: line(&name, "a name")?,
        place: line(&place, "a place")?,
        topics,
        slot_length,
        desks,
        horizon_days,
        hours: Vec::new(),
        closures: Vec::new(),
    };
    offering.points.push(point.clone());
    work.store.desk().publish(&offering).await?;
    let people = format!(
        "{} is published, with no hours yet: sede hours publish {0} sets them",
        point.code
    );
    let stranded = &[];
    Ok(Said::new(
        people,
        &Published {
            point: &point,
            stranded,
        },
    ))
}

/// Publishes `after` in the place of `before`, and says which live appointments are in none of its slots any more.
pub(super) async fn change(
    work: &Work,
    before: &ConsultationPoint,
    after: &ConsultationPoint,
) -> Result<Said, Failure> {
    match work.store.desk().change_point(before, after).await? {
        PointOutcome::Published => {}
        PointOutcome::UnknownPoint => return Err(Failure::not_found("point", &before.code)),
        PointOutcome::ChangedMeanwhile => {
            let reason = "somebody else has changed the point meanwhile: look at it, and say it again";
            return Err(Failure::refused(reason));
        }
        PointOutcome::UnknownTopic { topic } => return Err(Failure::not_found("topic", topic)),
        PointOutcome::DesksHeld { appointments } => {
            let named: Vec<_> = appointments.iter().map(AppointmentCode::as_str).collect();
            let reason = format!(
                "more appointments stand at one moment than desks would be left: {}",
                named.join(", ")
            );
            return Err(Failure::rule(11, reason));
        }
    }
    let stranded = stranded(work, after).await?;
    let mut people = format!("{} is published", after.code);
    if !stranded.is_empty() {
        let many = u64::try_from(stranded.len()).unwrap_or(u64::MAX);
        let named: Vec<_> = stranded.iter().map(AppointmentCode::as_str).collect();
        people = format!(
            "{people}\n{} in none of its slots: move, relocate or resolve {}\n    {}",
            counted(many, "live appointment is", "live appointments are"),
            if many == 1 { "it" } else { "them" },
            named.join(", ")
        );
    }
    let script = Published {
        point: after,
        stranded: &stranded,
    };
    Ok(Said::new(people, &script))
}

/// The live appointments of a point that are in none of its slots.
async fn stranded(work: &Work, point: &ConsultationPoint) -> Result<Vec<AppointmentCode>, Failure> {
    let filter = AppointmentFilter {
        condition: Some(AppointmentCondition::Confirmed),
        point: Some(point.code.clone()),
        ..AppointmentFilter::default()
    };
    let records = work.store.records();
    let (mut stranded, mut after) = (Vec::new(), None);
    loop {
        let page = records.appointments(&filter, after.as_ref(), MOST_RECORDS).await?;
        let Some(last) = page.last() else {
            return Ok(stranded);
        };
        after = Some(AppointmentMark::of(&last.appointment));
        stranded.extend(page.into_iter().filter_map(|record| {
            let slot = &record.appointment.slot;
            let kept = slots_on(point, slot.start.date()).is_some_and(|day| day.slots.contains(slot));
            (!kept).then_some(record.appointment.code)
        }));
    }
}

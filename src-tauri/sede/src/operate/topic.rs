//! `topic`.

use clap::{Args, Subcommand};
use domain::code::TopicCode;
use domain::topic::{Topic, WaitingThreshold};
use store::Offering;

use super::listing::Listed;
use super::text::Table;
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Topics: what tickets are about, in three levels: area, subject, detail. A ticket about a topic waits more than five days,
or what is set for the topic, before it may carry an appointment (R4).

Examples:
  sede topic publish DEN-UNI-VAR --area Aziende --subject Denunce --detail 'UniEmens, variazioni'
  sede topic publish DEN-UNI-VAR --area Aziende --subject Denunce --detail 'UniEmens, variazioni' --threshold 10
  sede topic list
  sede point publish LU-AZIENDE --topics DEN-UNI-VAR,RIMBORSI     which point answers it";

/// What is done to topics.
#[derive(Debug, Subcommand)]
pub enum TopicVerb {
    /// Lists the topics by code.
    List,
    /// Publishes a topic, or replaces the one of its code. Every studio hears of it.
    Publish(PublishArgs),
}

/// The arguments of `topic publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Its code: up to 32 letters, digits, '-', '/', '.' and '_'.
    code: TopicCode,
    /// First level.
    #[arg(long)]
    area: String,
    /// Second level.
    #[arg(long)]
    subject: String,
    /// Third level.
    #[arg(long)]
    detail: String,
    /// R4: the waiting days that must be exceeded; five without it.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(..=365))]
    threshold: Option<u16>,
}

pub(super) async fn run(work: &Work, verb: TopicVerb) -> Result<Said, Failure> {
    match verb {
        TopicVerb::List => list(work).await,
        TopicVerb::Publish(args) => publish(work, args).await,
    }
}

async fn list(work: &Work) -> Result<Said, Failure> {
    let topics = work.store.records().topics().await?;
    let mut table = Table::of(&["CODE", "AREA", "SUBJECT", "DETAIL", "WAITS MORE THAN"]);
    for topic in &topics {
        table.row([
            topic.code.to_string(),
            topic.area.clone(),
            topic.subject.clone(),
            topic.detail.clone(),
            format!("{} days", topic.threshold().0),
        ]);
    }
    Ok(Said::new(table.or("no topic is published"), &Listed::whole(topics)))
}

/// One level, as people read it.
fn level(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 120 || text.chars().any(char::is_control) {
        return Err(Failure::Usage("each level has 1 to 120 characters on one line".into()));
    }
    Ok(text.to_owned())
}

async fn publish(work: &Work, args: PublishArgs) -> Result<Said, Failure> {
    let topic = Topic {
        code: args.code,
        area: level(&args.area)?,
        subject: level(&args.subject)?,
        detail: level(&args.detail)?,
        threshold: args.threshold.map(WaitingThreshold),
    };
    let offering = Offering {
        topics: vec![topic.clone()],
        ..Offering::default()
    };
    work.store.desk().publish(&offering).await?;
    Ok(Said::new(format!("{} is published", topic.code), &topic))
}

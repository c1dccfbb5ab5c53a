//! `restored`.

use serde::Serialize;

use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Says that the store was restored from a backup: once, after each restore, before the studios are served again.

What a studio's program has pulled may be of the time after the backup, and the store no longer knows it. With another
epoch every program notices, and pulls from the beginning. What was booked after the backup is gone; what a program has
not sent yet it still sends. Nothing else changes.

Example:
  sede restored";

#[derive(Serialize)]
struct Script {
    now: &'static str,
}

pub(super) async fn restored(work: &Work) -> Result<Said, Failure> {
    work.store.desk().begin_new_life().await?;
    let people = "the store has another epoch: every studio pulls from the beginning";
    Ok(Said::new(people, &Script { now: "renewed" }))
}

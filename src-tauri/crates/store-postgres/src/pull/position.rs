//! What a cursor says: how far each stream of a studio was read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::{Cursor, StoreError};
use uuid::Uuid;

use super::Heads;
use crate::failure::Failure;

/// How far a stream was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, i64)", into = "(i64, i64)")]
pub(super) struct Mark {
    /// Number of the last row that was read.
    pub(super) at: i64,
    /// On the way through a first reading: the stream's last number when it began. What was gone or past by then is not
    /// told. Zero afterwards.
    pub(super) top: i64,
}

impl Mark {
    pub(super) const fn beginning(head: i64) -> Self {
        Self { at: 0, top: head }
    }

    pub(super) const fn reached(self, at: i64) -> Self {
        let top = if at < self.top { self.top } else { 0 };
        Self { at, top }
    }
}

impl From<(i64, i64)> for Mark {
    fn from((at, top): (i64, i64)) -> Self {
        Self { at, top }
    }
}

impl From<Mark> for (i64, i64) {
    fn from(Mark { at, top }: Mark) -> Self {
        (at, top)
    }
}

/// How far all of them were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    pub(super) epoch: Uuid,
    /// A cursor is one studio's: what it has passed over was another's.
    pub(super) studio: String,
    pub(super) offering: Mark,
    pub(super) seen: Mark,
    /// By sede.
    pub(super) sedi: BTreeMap<String, Mark>,
    /// Rows still to come, where there are more than fitted on the page before.
    pub(super) left: Option<i64>,
}

impl Position {
    /// Before the first page.
    pub(super) fn beginning(studio: &str, heads: &Heads) -> Self {
        Self {
            epoch: heads.epoch,
            studio: studio.to_owned(),
            offering: Mark::beginning(heads.offering),
            seen: Mark::beginning(heads.seen),
            sedi: heads
                .sedi
                .iter()
                .map(|(sede, head)| (sede.clone(), Mark::beginning(*head)))
                .collect(),
            left: None,
        }
    }

    /// What `cursor` says.
    ///
    /// # Errors
    /// [`StoreError::EpochChanged`] for one of another life of the store, of another studio, or ahead of a stream: then the
    /// store was restored from a backup.
    pub(super) fn read(cursor: &Cursor, studio: &str, heads: &Heads) -> Result<Self, StoreError> {
        let position: Self = serde_json::from_str(&cursor.0).map_err(|_| StoreError::EpochChanged)?;
        let behind = |mark: &Mark, head: i64| (0..=head).contains(&mark.at) && mark.top <= head;
        let known = position.epoch == heads.epoch
            && position.studio == studio
            && behind(&position.offering, heads.offering)
            && behind(&position.seen, heads.seen)
            && position
                .sedi
                .iter()
                .all(|(sede, mark)| heads.sedi.get(sede).is_some_and(|head| behind(mark, *head)));
        if known {
            Ok(position)
        } else {
            Err(StoreError::EpochChanged)
        }
    }

    pub(super) fn cursor(&self) -> Result<Cursor, Failure> {
        serde_json::to_string(self)
            .map(Cursor)
            .map_err(|_| Failure::Body("cursor"))
    }
}

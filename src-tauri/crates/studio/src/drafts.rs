//! Drafts: writing them, sending them, taking them back.

use cache::drafts::{Draft, DraftChange as Change, DraftPhase, DraftState, LISTED_FOR};
use domain::code::{DraftId, TicketCode};
use domain::time::midnight;
use domain::wish::Wish;

use crate::foresee::Departure;
use crate::studio::{Studio, new_decision};
use crate::view::drafts::{DraftChange, DraftDetail, DraftRow, NeverView, WishView};
use crate::{StudioError, parse};

pub(crate) use crate::draft_views::topic_of;

impl Studio {
    /// Opens a draft.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`].
    pub async fn draft_open(&self, id: &str) -> Result<DraftDetail, StudioError> {
        let draft = self.known_draft(id).await?;
        self.draft_detail(&draft).await
    }

    /// Keeps what the person changed.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::TooLong`], [`StudioError::InvalidArgument`],
    /// [`StudioError::DraftLocked`] unless it is editing, [`StudioError::DraftStale`].
    pub async fn draft_save(&self, id: &str, revision: u32, change: DraftChange) -> Result<DraftDetail, StudioError> {
        let id = draft_id(id)?;
        parse::change(&change)?;
        let wishes = match (change.wishes.as_deref(), &change.never) {
            (None, None) => None,
            (given, never) => Some(self.wishes(id, given, never.as_ref()).await?),
        };
        let change = Change {
            wishes,
            waits: change.waits,
            // A page can't be typed it into, but something else may have put it on the clipboard.
            notes: change.notes.map(|notes| notes.replace('\0', "")),
            phone: change.phone,
            email: change.email,
        };
        let now = self.now().instant();
        let draft = self.cache.drafts.save(id, revision, change, now).await?;
        self.draft_detail(&draft).await
    }

    /// The wishes of a draft with what was given of them: what is asked for, by rank, then the days that never suit.
    async fn wishes(
        &self,
        id: DraftId,
        given: Option<&[WishView]>,
        never: Option<&NeverView>,
    ) -> Result<Vec<Wish>, StudioError> {
        let before = self.cache.drafts.get(id).await?.wishes;
        let (asked, unsuitable): (Vec<Wish>, Vec<Wish>) = before.into_iter().partition(Wish::asks);
        let mut wishes = given.map_or(Ok(asked), parse::wishes)?;
        match never {
            Some(never) => wishes.extend(parse::never(never)?),
            None => wishes.extend(unsuitable),
        }
        Ok(wishes)
    }

    /// *Invia*: decides to book, or to change. It goes out at once, or on the first day on which all its tickets are
    /// bookable.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] unless it is editing, [`StudioError::DraftStale`],
    /// [`StudioError::DraftIncomplete`].
    pub async fn draft_send(&self, id: &str, revision: u32) -> Result<DraftDetail, StudioError> {
        let draft = self.known_draft(id).await?;
        if draft.state.phase() != DraftPhase::Editing {
            return Err(StudioError::DraftLocked);
        }
        if draft.revision != revision {
            return Err(StudioError::DraftStale);
        }
        self.send(&draft).await
    }

    /// Takes a queued draft, or one that needs attention, back into the person's hands.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] in any other state.
    pub async fn draft_recall(&self, id: &str) -> Result<DraftDetail, StudioError> {
        let draft = self.cache.drafts.recall(draft_id(id)?, self.now().instant()).await?;
        self.moved();
        self.draft_detail(&draft).await
    }

    /// Tries at once: a queued draft does not wait for the network's next turn, one that needs attention is sent again as
    /// it is.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftIncomplete`], [`StudioError::DraftLocked`] where there is nothing
    /// to try.
    pub async fn draft_retry(&self, id: &str) -> Result<DraftDetail, StudioError> {
        let draft = self.known_draft(id).await?;
        match draft.state {
            DraftState::Queued { .. } | DraftState::Sending => {
                self.cache.outbox.hasten(draft.id).await?;
                self.engine.nudge();
                self.draft_open(id).await
            }
            DraftState::NeedsAttention { .. } => {
                self.complete(&draft).await?;
                let draft = self.cache.drafts.recall(draft.id, self.now().instant()).await?;
                self.send(&draft).await
            }
            DraftState::Editing | DraftState::Booked { .. } | DraftState::Discarded => Err(StudioError::DraftLocked),
        }
    }

    /// Throws a draft away; its tickets are free for another.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] from `sending` on.
    pub async fn draft_discard(&self, id: &str) -> Result<DraftRow, StudioError> {
        let draft = self.cache.drafts.discard(draft_id(id)?, self.now().instant()).await?;
        self.moved();
        self.draft_row(&draft).await
    }

    /// Takes a thrown away draft back.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] unless it is discarded,
    /// [`StudioError::AlreadyInDraft`] when a ticket of it went into another draft meanwhile.
    pub async fn draft_restore(&self, id: &str) -> Result<DraftDetail, StudioError> {
        let draft = self.cache.drafts.restore(draft_id(id)?, self.now().instant()).await?;
        self.moved();
        self.draft_detail(&draft).await
    }

    /// Every draft that is open, then those booked or thrown away in the last thirty days; the last changed first.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn drafts_list(&self) -> Result<Vec<DraftRow>, StudioError> {
        let since = self.now().instant() - LISTED_FOR;
        let drafts = self.cache.drafts.list(since).await?;
        let (open, over): (Vec<Draft>, Vec<Draft>) =
            drafts.into_iter().partition(|draft| draft.state.phase().is_live());
        let mut rows = Vec::with_capacity(open.len() + over.len());
        for draft in open.iter().chain(&over) {
            rows.push(self.draft_row(draft).await?);
        }
        Ok(rows)
    }

    async fn send(&self, draft: &Draft) -> Result<DraftDetail, StudioError> {
        let not_before = match self.complete(draft).await? {
            Departure::Now => None,
            Departure::On(day) => Some(midnight(day)),
            Departure::Never => return Err(StudioError::DraftIncomplete),
        };
        let codes: Vec<TicketCode> = draft.tickets.iter().map(|ticket| ticket.code.clone()).collect();
        let entries = self.cache.pulled.entries(&codes).await?;
        let decision = draft.decision.unwrap_or_else(new_decision);
        let drafts = &self.cache.drafts;
        let now = self.now().instant();
        let (draft, _) = self
            .decide(
                decision,
                drafts.send(draft.id, draft.revision, decision, not_before, &entries, now),
            )
            .await?;
        self.moved();
        self.draft_detail(&draft).await
    }

    /// When a draft that lacks nothing goes.
    async fn complete(&self, draft: &Draft) -> Result<Departure, StudioError> {
        let around = self.circumstances(draft).await?;
        if around.lacks(draft).is_empty() {
            Ok(around.departure(draft))
        } else {
            Err(StudioError::DraftIncomplete)
        }
    }

    pub(crate) async fn known_draft(&self, id: &str) -> Result<Draft, StudioError> {
        Ok(self.cache.drafts.get(draft_id(id)?).await?)
    }

    fn moved(&self) {
        self.herald.work_changed();
    }
}

/// A draft's id; one that is written otherwise is of no draft.
pub(crate) fn draft_id(id: &str) -> Result<DraftId, StudioError> {
    parse::known(id, StudioError::UnknownDraft)
}

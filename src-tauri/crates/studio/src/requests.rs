//! *Nuova richiesta* (S2): writing a request to the sede, sending it, taking it back.

use std::path::PathBuf;

use cache::CacheError;
use cache::drafts::LISTED_FOR;
use cache::requests::{RequestChange as Change, RequestDraft, RequestState};
use chrono::TimeDelta;
use domain::attachment::{Attachment, FileName};
use domain::code::{ContentHash, DraftId, Matricola};
use domain::contact_request::{TEXT_MAX, has_text, request_breaches};
use domain::content::Contact;
use domain::portal::place;
use domain::topic::Topic;
use uuid::Uuid;

use crate::limits::{CONTACT_MAX, NOTES_MAX, PICKED_MAX, SEARCH_MAX};
use crate::mapping::{self, time};
use crate::studio::{Studio, new_decision};
use crate::view::app::Area;
use crate::view::attachments::{FileRefusal, LimitsView, RefusedFile};
use crate::view::requests::{RequestChange, RequestDetail, RequestFiles, RequestMissing, RequestPosition, RequestRow};
use crate::view::tickets::TicketFacets;
use crate::{StudioError, parse};

/// Characters of the text in a line.
const EXCERPT: usize = 160;

/// Positions that are offered at once.
const POSITIONS_MAX: usize = 50;

impl Studio {
    /// Begins a request, about a position where one is given.
    ///
    /// # Errors
    /// [`StudioError::InvalidArgument`] for what is no position.
    pub async fn request_begin(&self, position: Option<&str>) -> Result<RequestDetail, StudioError> {
        let position: Option<Matricola> = position.map(|given| parse::formed("position", given)).transpose()?;
        let settings = self.settings().await?;
        let contact = Contact {
            phone: settings.phone,
            email: settings.email,
        };
        let id = DraftId::new(Uuid::now_v7());
        let now = self.now().instant();
        let begun = self.cache.requests.begin(id, position.as_ref(), contact, now).await?;
        self.requests_moved();
        self.request_detail(&begun).await
    }

    /// Opens a request.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`].
    pub async fn request_open(&self, id: &str) -> Result<RequestDetail, StudioError> {
        let draft = self.known_request(id).await?;
        self.request_detail(&draft).await
    }

    /// Keeps what the person changed.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::TooLong`], [`StudioError::InvalidArgument`],
    /// [`StudioError::DraftLocked`] unless it is editing, [`StudioError::DraftStale`].
    pub async fn request_save(
        &self,
        id: &str,
        revision: u32,
        change: RequestChange,
    ) -> Result<RequestDetail, StudioError> {
        let id = request_id(id)?;
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        parse::text("text", &given(&change.text), NOTES_MAX)?;
        parse::text("phone", &given(&change.phone), CONTACT_MAX)?;
        parse::text("email", &given(&change.email), CONTACT_MAX)?;
        let change = Change {
            position: change.position.map(|code| chosen("position", &code)).transpose()?,
            topic: change.topic.map(|code| chosen("topic", &code)).transpose()?,
            // A page can't be typed it into, but something else may have put it on the clipboard.
            text: change.text.map(|text| text.replace('\0', "")),
            phone: change.phone,
            email: change.email,
        };
        let now = self.now().instant();
        let draft = self.cache.requests.save(id, revision, change, now).await?;
        self.request_detail(&draft).await
    }

    /// *Invia*: decides to send it, or once more what needs attention; it goes out as soon as there is a network.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] in any other state, [`StudioError::DraftStale`],
    /// [`StudioError::DraftIncomplete`].
    pub async fn request_send(&self, id: &str, revision: u32) -> Result<RequestDetail, StudioError> {
        let draft = self.known_request(id).await?;
        if !self.request_lacks(&draft).await?.is_empty() {
            return Err(StudioError::DraftIncomplete);
        }
        let decision = draft.decision.unwrap_or_else(new_decision);
        let (requests, now) = (&self.cache.requests, self.now().instant());
        let sent = self
            .decide(decision, requests.send(draft.id, revision, decision, now))
            .await?;
        self.requests_moved();
        self.request_detail(&sent).await
    }

    /// Takes what is queued, or needs attention, back into the person's hands.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] in any other state.
    pub async fn request_recall(&self, id: &str) -> Result<RequestDetail, StudioError> {
        let now = self.now().instant();
        let draft = self.cache.requests.recall(request_id(id)?, now).await?;
        self.requests_moved();
        self.request_detail(&draft).await
    }

    /// What is queued does not wait for the network's next turn.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] where there is nothing to try.
    pub async fn request_retry(&self, id: &str) -> Result<RequestDetail, StudioError> {
        let draft = self.known_request(id).await?;
        if !matches!(draft.state, RequestState::Queued | RequestState::Sending) {
            return Err(StudioError::DraftLocked);
        }
        self.cache.outbox.hasten(draft.id).await?;
        self.engine.nudge();
        self.request_open(id).await
    }

    /// Throws it away.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] from `sending` on.
    pub async fn request_discard(&self, id: &str) -> Result<RequestDetail, StudioError> {
        let now = self.now().instant();
        let draft = self.cache.requests.discard(request_id(id)?, now).await?;
        self.requests_moved();
        self.request_detail(&draft).await
    }

    /// Takes what was thrown away back.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] unless it is discarded.
    pub async fn request_restore(&self, id: &str) -> Result<RequestDetail, StudioError> {
        let now = self.now().instant();
        let draft = self.cache.requests.restore(request_id(id)?, now).await?;
        self.requests_moved();
        self.request_detail(&draft).await
    }

    /// Every request that is open, then those opened or thrown away in the last thirty days; the last changed first.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn requests_list(&self) -> Result<Vec<RequestRow>, StudioError> {
        let since = self.now().instant() - LISTED_FOR;
        let (open, over): (Vec<RequestDraft>, Vec<RequestDraft>) = self
            .cache
            .requests
            .list(since)
            .await?
            .into_iter()
            .partition(|draft| draft.state.is_live());
        let mut rows = Vec::with_capacity(open.len() + over.len());
        for draft in open.iter().chain(&over) {
            rows.push(self.request_row(draft).await?);
        }
        Ok(rows)
    }

    /// Requests that did not go through, the last changed first.
    pub(crate) async fn stopped_requests(&self) -> Result<Vec<RequestRow>, StudioError> {
        // Only what is open: nothing was opened or thrown away in the future.
        let since = self.now().instant() + TimeDelta::days(1);
        let mut rows = Vec::new();
        for draft in self.cache.requests.list(since).await? {
            if matches!(draft.state, RequestState::NeedsAttention { .. }) {
                rows.push(self.request_row(&draft).await?);
            }
        }
        Ok(rows)
    }

    /// The topics of the sede, for the tree (S2), in the order of their labels.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn request_topics(&self) -> Result<TicketFacets, StudioError> {
        let guide = self.guide().await?;
        let asked = |topic: &&Topic| !place::is_topic(&topic.code);
        let mut topics: Vec<_> = guide.directory.topics.values().filter(asked).collect();
        topics.sort_by(|a, b| (&a.area, &a.subject, &a.detail).cmp(&(&b.area, &b.subject, &b.detail)));
        Ok(TicketFacets {
            topics: topics.into_iter().map(mapping::tickets::topic).collect(),
        })
    }

    /// Positions that the studio holds an active delegation for (R2), of the companies that `text` finds; by name.
    ///
    /// # Errors
    /// [`StudioError::TooLong`].
    pub async fn request_positions(&self, text: &str) -> Result<Vec<RequestPosition>, StudioError> {
        parse::text("text", text, SEARCH_MAX)?;
        let guide = self.guide().await?;
        let pulled = &self.cache.pulled;
        let mut found = Vec::new();
        for summary in pulled.companies(text, guide.now.instant()).await? {
            if found.len() >= POSITIONS_MAX {
                break;
            }
            for standing in pulled.positions(&summary.company.code).await? {
                let today = guide.now.today();
                if standing
                    .delegation
                    .is_some_and(|delegation| delegation.active_on(today))
                {
                    found.push(RequestPosition {
                        matricola: standing.position.matricola.to_string(),
                        company: summary.company.code.to_string(),
                        company_name: summary.company.name.clone(),
                        sede_name: guide.directory.sede_name(&standing.position.sede),
                    });
                }
            }
        }
        Ok(found)
    }

    /// Copies files into the request. Those that can't be taken are refused with the reason; the others stay.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] unless it is editing, [`StudioError::InvalidArgument`]
    /// for too many files to look at.
    pub async fn request_attach(&self, id: &str, paths: Vec<PathBuf>) -> Result<RequestFiles, StudioError> {
        if paths.len() > PICKED_MAX {
            return Err(StudioError::InvalidArgument { argument: "files" });
        }
        let draft = self.request_taking_files(id).await?;
        let limits = self.limits().await?;
        let mut refused = Vec::new();
        for path in paths {
            let name = path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let there = self.cache.requests.get(draft.id).await?.content.attachments.len();
            let reason = if mapping::count(there) >= limits.files_max {
                Some(FileRefusal::TooMany { max: limits.files_max })
            } else {
                match self.copied(path, &limits).await? {
                    Err(reason) => Some(reason),
                    Ok(file) => {
                        let now = self.now().instant();
                        let requests = &self.cache.requests;
                        match requests.attach(draft.id, &file, limits.files_max, now).await {
                            Ok(_) => None,
                            Err(CacheError::AlreadyAttached) => Some(FileRefusal::AlreadyThere),
                            Err(CacheError::TooManyFiles { max }) => Some(FileRefusal::TooMany { max }),
                            Err(error) => return Err(error.into()),
                        }
                    }
                }
            };
            if let Some(reason) = reason {
                refused.push(RefusedFile {
                    name: FileName::sanitised(&name).as_str().to_owned(),
                    reason,
                });
            }
        }
        Ok(RequestFiles {
            request: self.request_open(id).await?,
            refused,
        })
    }

    /// Takes a file off a request.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::UnknownAttachment`], [`StudioError::DraftLocked`] unless it is editing.
    pub async fn request_detach(&self, id: &str, hash: &str) -> Result<RequestDetail, StudioError> {
        let file = self.file_of_request(id, hash).await?;
        let now = self.now().instant();
        let draft = self.cache.requests.detach(request_id(id)?, file.hash, now).await?;
        self.request_detail(&draft).await
    }

    /// A copy of a file of the request under a harmless name, for opening it.
    ///
    /// # Errors
    /// As [`Studio::attachment_path`].
    pub async fn request_file_path(&self, id: &str, hash: &str) -> Result<PathBuf, StudioError> {
        let file = self.file_of_request(id, hash).await?;
        self.named_copy(&file).await
    }

    async fn file_of_request(&self, id: &str, hash: &str) -> Result<Attachment, StudioError> {
        let draft = self.known_request(id).await?;
        let hash: ContentHash = parse::known(hash, StudioError::UnknownAttachment)?;
        let mut files = draft.content.attachments.into_iter();
        files
            .find(|file| file.hash == hash)
            .ok_or(StudioError::UnknownAttachment)
    }

    /// Whether files can be attached to the request: asked before anybody is shown where to pick them, or any is taken.
    ///
    /// # Errors
    /// [`StudioError::UnknownDraft`], [`StudioError::DraftLocked`] unless it is editing.
    pub async fn request_takes_files(&self, id: &str) -> Result<(), StudioError> {
        self.request_taking_files(id).await.map(|_| ())
    }

    async fn request_taking_files(&self, id: &str) -> Result<RequestDraft, StudioError> {
        let draft = self.known_request(id).await?;
        if draft.state != RequestState::Editing {
            return Err(StudioError::DraftLocked);
        }
        Ok(draft)
    }

    async fn known_request(&self, id: &str) -> Result<RequestDraft, StudioError> {
        Ok(self.cache.requests.get(request_id(id)?).await?)
    }

    /// What `draft` lacks before it can be sent, in the order of the page (R2, S2, R10).
    async fn request_lacks(&self, draft: &RequestDraft) -> Result<Vec<RequestMissing>, StudioError> {
        let guide = self.guide().await?;
        let mut missing = Vec::new();
        match &draft.position {
            None => missing.push(RequestMissing::Position),
            Some(position) => {
                let held = self.cache.pulled.delegations(std::slice::from_ref(position)).await?;
                if !held.iter().any(|delegation| delegation.active_on(guide.now.today())) {
                    missing.push(RequestMissing::Delegation);
                }
            }
        }
        let known = draft
            .topic
            .as_ref()
            .is_some_and(|topic| guide.directory.topics.contains_key(topic) && !place::is_topic(topic));
        if !known {
            missing.push(RequestMissing::Topic);
        }
        if !has_text(&draft.content) {
            missing.push(RequestMissing::Text);
        }
        let limits = self.limits().await?;
        missing.extend(mapping::requests::breaches(&request_breaches(&draft.content, &limits)));
        Ok(missing)
    }

    /// The position that was chosen, as the studio knows it.
    async fn position_of(&self, draft: &RequestDraft) -> Result<Option<RequestPosition>, StudioError> {
        let Some(matricola) = &draft.position else {
            return Ok(None);
        };
        let guide = self.guide().await?;
        let known = self.cache.pulled.position(matricola).await?;
        Ok(Some(match known {
            Some((position, company_name)) => RequestPosition {
                matricola: matricola.to_string(),
                company: position.company.to_string(),
                company_name,
                sede_name: guide.directory.sede_name(&position.sede),
            },
            // The studio does not see it any more.
            None => RequestPosition {
                matricola: matricola.to_string(),
                company: String::new(),
                company_name: String::new(),
                sede_name: String::new(),
            },
        }))
    }

    async fn request_detail(&self, draft: &RequestDraft) -> Result<RequestDetail, StudioError> {
        let guide = self.guide().await?;
        let limits = self.limits().await?;
        let editable = matches!(
            draft.state,
            RequestState::Editing | RequestState::NeedsAttention { .. } | RequestState::Discarded
        );
        let row = self.cache.outbox.of_request(draft.id).await?;
        let ticket = match &draft.state {
            RequestState::Opened { ticket } => Some(ticket.clone()),
            _ => None,
        };
        Ok(RequestDetail {
            id: draft.id.to_string(),
            revision: draft.revision,
            state: mapping::requests::state(&draft.state),
            position: self.position_of(draft).await?,
            topic: draft.topic.as_ref().map(|topic| guide.topic(topic)),
            text: draft.content.notes.clone(),
            phone: draft.content.contact.phone.clone(),
            email: draft.content.contact.email.clone(),
            attachments: draft
                .content
                .attachments
                .iter()
                .map(mapping::attachments::attachment)
                .collect(),
            limits: LimitsView {
                notes_max: TEXT_MAX,
                ..mapping::attachments::limits(&limits)
            },
            missing: if editable {
                self.request_lacks(draft).await?
            } else {
                Vec::new()
            },
            saved_time: time::spoken(draft.changed_at),
            attention: mapping::requests::attention(draft),
            ticket_known: match &ticket {
                Some(code) => self.cache.pulled.ticket(code).await?.is_some(),
                None => false,
            },
            ticket: ticket.map(|code| code.to_string()),
            never_left: row.is_none_or(|row| row.tries == 0 && row.attempt.number == 1),
        })
    }

    async fn request_row(&self, draft: &RequestDraft) -> Result<RequestRow, StudioError> {
        let guide = self.guide().await?;
        let row = self.cache.outbox.of_request(draft.id).await?;
        let waits = draft.state == RequestState::Queued;
        let turns = row.map(|row| self.turns(&row, waits)).unwrap_or_default();
        Ok(RequestRow {
            id: draft.id.to_string(),
            revision: draft.revision,
            state: mapping::requests::state(&draft.state),
            position: self.position_of(draft).await?,
            topic: draft.topic.as_ref().map(|topic| guide.topic(topic)),
            text: draft.content.notes.chars().take(EXCERPT).collect(),
            last_attempt: turns.last.map(time::instant),
            next_attempt: turns.next.filter(|_| waits).map(time::instant),
            failures: if waits { turns.failures } else { 0 },
            attention: mapping::requests::attention(draft),
            ticket: match &draft.state {
                RequestState::Opened { ticket } => Some(ticket.to_string()),
                _ => None,
            },
            changed_at: time::instant(draft.changed_at),
        })
    }

    fn requests_moved(&self) {
        self.herald.changed([Area::Drafts, Area::Status]);
    }
}

/// The id of a request; one that is written otherwise is of none.
fn request_id(id: &str) -> Result<DraftId, StudioError> {
    parse::known(id, StudioError::UnknownDraft)
}

/// A code that was chosen; an empty one takes the choice back.
fn chosen<T: std::str::FromStr>(argument: &'static str, code: &str) -> Result<Option<T>, StudioError> {
    (!code.is_empty()).then(|| parse::formed(argument, code)).transpose()
}

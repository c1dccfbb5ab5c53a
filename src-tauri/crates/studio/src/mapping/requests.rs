//! Requests: where they stand, what they lack, why they need somebody.

use cache::requests::{RequestAttention, RequestDraft, RequestState};
use domain::contact_request::RequestRefusal;
use domain::content::Breach;
use store::OpenRefusal;

use crate::view::requests::{RequestAttentionView, RequestMissing, RequestStateView};

pub(crate) const fn state(state: &RequestState) -> RequestStateView {
    match state {
        RequestState::Editing => RequestStateView::Editing,
        RequestState::Queued => RequestStateView::Queued,
        RequestState::Sending => RequestStateView::Sending,
        RequestState::Opened { .. } => RequestStateView::Opened,
        RequestState::NeedsAttention { .. } => RequestStateView::NeedsAttention,
        RequestState::Discarded => RequestStateView::Discarded,
    }
}

/// All that is wrong with the files is one thing to mend. What can't be read is taken out of a text before it is kept.
pub(crate) fn breaches(found: &[Breach]) -> Vec<RequestMissing> {
    let mut missing = Vec::new();
    for breach in found {
        let lacks = match *breach {
            Breach::NotesTooLong { length, max } => RequestMissing::TextTooLong { length, max },
            Breach::NotesUnreadable => RequestMissing::Text,
            Breach::NoContact => RequestMissing::Contact,
            Breach::BadPhone => RequestMissing::BadPhone,
            Breach::BadEmail => RequestMissing::BadEmail,
            Breach::TooManyFiles { .. } | Breach::FileTooLarge { .. } => RequestMissing::Attachments,
        };
        if !missing.contains(&lacks) {
            missing.push(lacks);
        }
    }
    missing
}

pub(crate) fn attention(draft: &RequestDraft) -> Option<RequestAttentionView> {
    let RequestState::NeedsAttention { why } = &draft.state else {
        return None;
    };
    Some(match why {
        RequestAttention::StoreFailed => RequestAttentionView::StoreFailed,
        RequestAttention::Unsupported => RequestAttentionView::SedeTooOld,
        RequestAttention::NoRoomForFiles => RequestAttentionView::NoRoomForFiles,
        RequestAttention::AttachmentLost { name } => RequestAttentionView::AttachmentLost { name: name.clone() },
        RequestAttention::FileTooLarge { .. } => RequestAttentionView::LimitsBroken {
            missing: vec![RequestMissing::Attachments],
        },
        RequestAttention::Refused { why } => match why {
            OpenRefusal::AttachmentMissing { hash } => {
                let mut files = draft.content.attachments.iter();
                let file = files.find(|file| file.hash == *hash);
                RequestAttentionView::AttachmentLost {
                    name: file.map(|file| file.name.as_str().to_owned()).unwrap_or_default(),
                }
            }
            OpenRefusal::Rule { refusal } => match refusal {
                RequestRefusal::NotDelegated => RequestAttentionView::NotDelegated,
                RequestRefusal::UnknownTopic => RequestAttentionView::UnknownTopic,
                RequestRefusal::NoText => RequestAttentionView::LimitsBroken {
                    missing: vec![RequestMissing::Text],
                },
                RequestRefusal::Limits { breaches: found } => RequestAttentionView::LimitsBroken {
                    missing: breaches(found),
                },
            },
        },
    })
}

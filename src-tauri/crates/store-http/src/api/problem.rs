//! Problem details (RFC 9457): what nobody can answer for, with a name that stays the same.

use serde::{Deserialize, Serialize};
use store::StoreError;

use super::path::PROBLEMS;

macro_rules! problems {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $status:literal, $title:literal;)*) => {
        /// The kinds of problems. Each has a name in its `type`, which never changes; a client goes by that and by nothing
        /// else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum ProblemKind {
            $($(#[$doc])* $kind,)*
        }

        impl ProblemKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Its name, the last part of its `type`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// The HTTP status that it comes with.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$kind => $status,)*
                }
            }

            /// What it is, in a line.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$kind => $title,)*
                }
            }
        }
    };
}

problems! {
    /// [`StoreError::DeviceUnknown`], and a request without a token.
    DeviceUnknown = "device-unknown", 401, "The token admits no device.";
    /// [`StoreError::DeviceRevoked`].
    DeviceRevoked = "device-revoked", 403, "The device was revoked. Its person can be invited again.";
    /// [`StoreError::StudioSuspended`].
    StudioSuspended = "studio-suspended", 403, "The studio is suspended.";
    /// [`StoreError::StudioUnknown`].
    StudioUnknown = "studio-unknown", 403, "The studio is not known to the store.";
    /// [`StoreError::Incompatible`].
    Incompatible = "incompatible", 409, "The server speaks other versions of the contract.";
    /// [`StoreError::EpochChanged`].
    EpochChanged = "epoch-changed", 410, "The cursor belongs to another epoch of the store: pull from the beginning.";
    /// [`StoreError::AttemptReused`].
    AttemptReused = "attempt-reused", 422, "The idempotency key was used for another request.";
    /// [`StoreError::Unreachable`].
    Unreachable = "unreachable", 503, "The store can't be reached. Ask again with the same idempotency key.";
    /// [`StoreError::Busy`], where the server has too much to do.
    Busy = "busy", 503, "The server has too much to do. Ask again with the same idempotency key.";
    /// [`StoreError::Busy`], where one client asks too often.
    TooManyRequests = "too-many-requests", 429, "Asked too often.";
    /// [`StoreError::Failed`].
    Failed = "failed", 500, "The store failed.";
    /// The request can't be understood.
    Malformed = "malformed", 400, "The request is malformed.";
    /// A write without its key.
    KeyMissing = "idempotency-key-missing", 400, "The request needs an Idempotency-Key: \"DECISION/NUMBER\".";
    /// The body is not of the kind that the route takes.
    MediaType = "media-type", 415, "The body is not of the media type that is expected here.";
    /// The body is larger than the route takes.
    TooLarge = "body-too-large", 413, "The body is too large.";
    /// The body did not arrive in time.
    TooSlow = "body-too-slow", 408, "The body did not arrive in time.";
    /// [`StoreError::Unsupported`]: no such route.
    NotFound = "not-found", 404, "Nothing is answered here.";
    /// The route exists for other methods.
    Method = "method-not-allowed", 405, "Another method is expected here.";
}

impl From<ProblemKind> for String {
    fn from(kind: ProblemKind) -> String {
        format!("{PROBLEMS}{}", kind.name())
    }
}

impl TryFrom<String> for ProblemKind {
    type Error = UnknownProblem;

    fn try_from(text: String) -> Result<Self, UnknownProblem> {
        let name = text.strip_prefix(PROBLEMS).ok_or(UnknownProblem)?;
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.name() == name)
            .ok_or(UnknownProblem)
    }
}

/// A `type` that this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a known kind of problem")]
pub struct UnknownProblem;

/// The body of an answer that is no outcome, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Which kind: the path of its description.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "/api/problems/device-revoked"))]
    pub kind: ProblemKind,
    /// What it is, in a line.
    pub title: String,
    /// The HTTP status, again.
    pub status: u16,
    /// What is wrong with this request, where that can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Of `incompatible`: the oldest version that the server speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<u32>,
    /// Of `incompatible`: the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<u32>,
    /// Of `busy` and `too-many-requests`: seconds after which to come back, as in the header `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem of this kind, and nothing more.
    pub fn new(kind: ProblemKind) -> Self {
        Self {
            kind,
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: None,
            oldest: None,
            newest: None,
            retry_after: None,
        }
    }

    /// The same, with what is wrong with the request.
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// The same, with when to come back.
    pub fn with_retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// What a client makes of it.
    pub fn into_error(self) -> StoreError {
        match self.kind {
            ProblemKind::DeviceUnknown => StoreError::DeviceUnknown,
            ProblemKind::DeviceRevoked => StoreError::DeviceRevoked,
            ProblemKind::StudioSuspended => StoreError::StudioSuspended,
            ProblemKind::StudioUnknown => StoreError::StudioUnknown,
            ProblemKind::Incompatible => StoreError::Incompatible {
                oldest: self.oldest.unwrap_or_default(),
                newest: self.newest.unwrap_or_default(),
            },
            ProblemKind::EpochChanged => StoreError::EpochChanged,
            ProblemKind::AttemptReused => StoreError::AttemptReused,
            ProblemKind::Busy | ProblemKind::TooManyRequests => StoreError::Busy {
                seconds: self.retry_after.unwrap_or(1),
            },
            // Of the routes that a client asks, an older server lacks the newer ones.
            ProblemKind::NotFound => StoreError::Unsupported,
            // What was sent did not all arrive: nothing was done, and the network is to blame.
            ProblemKind::Unreachable | ProblemKind::TooSlow => StoreError::Unreachable { reason: self.title },
            ProblemKind::Failed
            | ProblemKind::Malformed
            | ProblemKind::KeyMissing
            | ProblemKind::MediaType
            | ProblemKind::TooLarge
            | ProblemKind::Method => StoreError::Failed { reason: self.title },
        }
    }
}

impl From<&StoreError> for Problem {
    /// What a server tells of it. The reason of a failure stays in the server's log.
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Unreachable { .. } => Self::new(ProblemKind::Unreachable).with_retry_after(2),
            StoreError::Incompatible { oldest, newest } => Self {
                oldest: Some(*oldest),
                newest: Some(*newest),
                ..Self::new(ProblemKind::Incompatible)
            },
            StoreError::EpochChanged => Self::new(ProblemKind::EpochChanged),
            StoreError::AttemptReused => Self::new(ProblemKind::AttemptReused),
            StoreError::StudioUnknown => Self::new(ProblemKind::StudioUnknown),
            StoreError::DeviceUnknown => Self::new(ProblemKind::DeviceUnknown),
            StoreError::DeviceRevoked => Self::new(ProblemKind::DeviceRevoked),
            StoreError::StudioSuspended => Self::new(ProblemKind::StudioSuspended),
            StoreError::Busy { seconds } => Self::new(ProblemKind::Busy).with_retry_after(*seconds),
            StoreError::Unsupported => Self::new(ProblemKind::NotFound),
            StoreError::Failed { .. } => Self::new(ProblemKind::Failed),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_error_of_the_store_survives_the_journey() {
        for error in [
            StoreError::Incompatible { oldest: 2, newest: 4 },
            StoreError::EpochChanged,
            StoreError::AttemptReused,
            StoreError::StudioUnknown,
            StoreError::DeviceUnknown,
            StoreError::DeviceRevoked,
            StoreError::StudioSuspended,
            StoreError::Busy { seconds: 7 },
            StoreError::Unsupported,
        ] {
            let sent = serde_json::to_string(&Problem::from(&error)).expect("a body");
            let problem: Problem = serde_json::from_str(&sent).expect("a problem");
            assert_eq!(problem.into_error(), error);
        }
    }

    #[test]
    fn why_a_store_failed_is_not_told() {
        let reason = "table ticket has no row 17".to_owned();
        for error in [
            StoreError::Failed { reason: reason.clone() },
            StoreError::Unreachable { reason: reason.clone() },
        ] {
            let sent = serde_json::to_string(&Problem::from(&error)).expect("a body");
            assert!(!sent.contains(&reason), "{sent}");
            let problem: Problem = serde_json::from_str(&sent).expect("a problem");
            assert_eq!(
                std::mem::discriminant(&problem.into_error()),
                std::mem::discriminant(&error)
            );
        }
    }

    #[test]
    fn each_kind_has_a_name_of_its_own() {
        let names: BTreeSet<_> = ProblemKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), ProblemKind::ALL.len());
        for kind in ProblemKind::ALL {
            assert_eq!(ProblemKind::try_from(String::from(*kind)), Ok(*kind));
        }
        assert!(ProblemKind::try_from("about:blank".to_owned()).is_err());
    }
}

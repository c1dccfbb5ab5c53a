//! Idempotency: who decided what, and for the how-many-eth time it is asked.

use domain::code::DecisionId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The idempotency key of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attempt {
    /// Made when the person decided, not when the network tried.
    pub decision: DecisionId,
    /// From 1; grows only after a refusal was told and somebody tries again.
    pub number: u32,
}

impl Attempt {
    /// The first attempt of `decision`.
    pub const fn first(decision: DecisionId) -> Self {
        Self { decision, number: 1 }
    }
}

/// What was asked under an attempt, in 32 bytes: the same attempt never stands for two requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestDigest([u8; 32]);

impl RequestDigest {
    /// Stands beside the outcome of an attempt that was withdrawn before it arrived: whatever it will ask.
    pub const ANYTHING: Self = Self([0; 32]);

    /// The digest whose bytes were kept; nothing where they are not as many.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Whether what was `kept` beside an outcome stands for this request.
    pub fn is_answered_by(&self, kept: &[u8]) -> bool {
        kept == self.0 || kept == Self::ANYTHING.0
    }

    /// The digest of a call of `operation` with `request`.
    ///
    /// # Errors
    /// Only what `serde_json` can't write; the requests of this crate it can.
    pub fn of<T: Serialize>(operation: &str, request: &T) -> Result<Self, serde_json::Error> {
        let mut hasher = Sha256::new();
        hasher.update(operation.as_bytes());
        hasher.update([0]);
        hasher.update(serde_json::to_vec(request)?);
        Ok(Self(hasher.finalize().into()))
    }

    /// Its bytes, as they are kept beside the outcome.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

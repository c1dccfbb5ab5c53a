//! What nobody can answer for.

/// A call of the store that has no outcome. Nothing is known about whether it was carried out, unless the variant says
/// so: ask again with the same [`crate::Attempt`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The store can't be reached, or did not answer. Try again later.
    #[error("the store can't be reached: {reason}")]
    Unreachable {
        /// For the log, without personal data.
        reason: String,
    },
    /// The store speaks versions `oldest` to `newest` of the contract, and not ours. Nothing was done.
    #[error("the store speaks versions {oldest} to {newest} of the contract")]
    Incompatible {
        /// The oldest version that it speaks.
        oldest: u32,
        /// The newest.
        newest: u32,
    },
    /// The cursor belongs to another life of the store (restored from a backup, filled anew): pull from the beginning.
    #[error("the cursor belongs to another epoch of the store")]
    EpochChanged,
    /// The attempt was used for another request. Nothing was done; a bug of the client.
    #[error("the attempt was used for another request")]
    AttemptReused,
    /// The device's studio is not known to the store (any more). Nothing was done.
    #[error("the studio is not known to the store")]
    StudioUnknown,
    /// The token admits no device. Nothing was done.
    #[error("the device is not known to the store")]
    DeviceUnknown,
    /// The device was revoked. Nothing was done; its person can be invited again.
    #[error("the device was revoked")]
    DeviceRevoked,
    /// The device's studio is suspended. Nothing was done.
    #[error("the studio is suspended")]
    StudioSuspended,
    /// The store has too much to do, or was asked too often. Nothing was done.
    #[error("the store is busy: ask again in {seconds} s")]
    Busy {
        /// When to come back.
        seconds: u32,
    },
    /// The store is of an older version, which does not answer this call. Nothing was done.
    #[error("the store is of an older version, and does not answer this call")]
    Unsupported,
    /// The store is damaged or has a bug. Nothing was done that could be seen.
    #[error("the store failed: {reason}")]
    Failed {
        /// For the log, without personal data.
        reason: String,
    },
}

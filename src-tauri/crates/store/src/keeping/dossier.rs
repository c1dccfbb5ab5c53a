//! Dossiers: what becomes of one that something is entered into.

use domain::dossier::{Dossier, Entry};
use domain::people::Person;
use domain::time::Now;

use crate::EnterRefusal;

/// The dossier of the entry's subject with `entry`, which `by` makes at `now`; one that is `kept` goes on.
///
/// # Errors
/// [`EnterRefusal::Full`].
pub fn entered(kept: Option<Dossier>, entry: &Entry, by: Option<&Person>, now: Now) -> Result<Dossier, EnterRefusal> {
    let mut dossier = kept.unwrap_or_else(|| Dossier::empty(entry.subject()));
    dossier.take(entry, by, now.instant()).map_err(|_| EnterRefusal::Full)?;
    Ok(dossier)
}

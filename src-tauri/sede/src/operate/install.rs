//! `install`.

use serde::Serialize;

use super::Said;
use crate::exit::Failure;
use crate::store::{Installed, StoreArgs};

pub(super) const LONG: &str = "\
Makes a store ready: creates an empty one where there is none, or brings the schema of an older one up to date. Twice
changes nothing. What is no store of this program is refused and left as it is.

In PostgreSQL it works as the role that owns the database, from SEDE_OWNER_DATABASE_URL; it makes the role sede_server,
which the server's own role is to be given.

Examples:
  sede --store sqlite:/srv/sede/lucca.sqlite install
  sede --config /etc/sede/owner.conf install";

#[derive(Serialize)]
struct Script {
    store: String,
    created: bool,
}

pub(super) async fn install(args: &StoreArgs) -> Result<Said, Failure> {
    let Installed { address, created } = args.install().await?;
    let people = if created {
        format!("{address} is created, and empty: sede studio add enrols the first studio")
    } else {
        format!("{address} is ready")
    };
    let store = address.to_string();
    Ok(Said::new(people, &Script { store, created }))
}

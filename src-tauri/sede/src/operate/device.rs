//! `device`.

use clap::Subcommand;
use domain::code::StudioCode;
use domain::time::Civil;
use serde::Serialize;
use store::{DeviceId, RevokeOutcome};

use super::listing::Listed;
use super::studio::known;
use super::text::Table;
use super::written::moment;
use super::{Said, Work};
use crate::exit::Failure;

pub(super) const LONG: &str = "\
Devices: the programs that were admitted with an invitation, each for one person of one studio.

Examples:
  sede device list --studio ROSSI
  sede device revoke 0198c0de-0000-7000-8000-000000000001     a computer was stolen, somebody left
  sede studio invite ROSSI 'Anna Rossi'                       the same person again";

/// What is done to devices.
#[derive(Debug, Subcommand)]
pub enum DeviceVerb {
    /// Lists the devices in the order of their admission, revoked ones too.
    List {
        /// Of this studio only.
        #[arg(long, value_name = "CODE")]
        studio: Option<StudioCode>,
    },
    /// Revokes a device: it is told so, keeps its drafts, and its person can be invited again.
    Revoke {
        /// Its id, as the list shows it.
        id: DeviceId,
    },
}

#[derive(Serialize)]
struct Revoked {
    device: DeviceId,
    now: &'static str,
}

pub(super) async fn run(work: &Work, verb: DeviceVerb) -> Result<Said, Failure> {
    match verb {
        DeviceVerb::List { studio } => list(work, studio.as_ref()).await,
        DeviceVerb::Revoke { id } => match work.store.register().revoke(id).await? {
            RevokeOutcome::Revoked => Ok(Said::new(
                format!("{id} is revoked"),
                &Revoked {
                    device: id,
                    now: "revoked",
                },
            )),
            RevokeOutcome::UnknownDevice => Err(Failure::not_found("device", id)),
        },
    }
}

async fn list(work: &Work, studio: Option<&StudioCode>) -> Result<Said, Failure> {
    if let Some(studio) = studio {
        known(work, studio).await?;
    }
    let devices = work.store.register().devices(studio).await?;
    let mut table = Table::of(&["ID", "STUDIO", "PERSON", "DEVICE", "ADMITTED", "REVOKED"]);
    for device in &devices {
        let at = |at| moment(Civil::at(at));
        table.row([
            device.admitted.device.to_string(),
            device.admitted.studio.to_string(),
            device.admitted.person.to_string(),
            device.name.to_string(),
            at(device.admitted_at),
            device.revoked_at.map(at).unwrap_or_default(),
        ]);
    }
    Ok(Said::new(table.or("no device is admitted"), &Listed::whole(devices)))
}

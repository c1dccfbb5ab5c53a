//! The way to a sede, step by step, for a person who must know whom to ask.

use store::DeviceToken;
use store_http::{Fault, Finding, ServerAddress, Step, Trust};
use studio::view::desk::{Way, WayFailure, WayMark, WayResult, WayStep};

use crate::desks::DeskError;
use crate::desks::sede::{self, Authority, Connection};
use crate::folders::Desk;

/// All steps, in their order.
const STEPS: [WayStep; 8] = [
    WayStep::Name,
    WayStep::Port,
    WayStep::Proxy,
    WayStep::Tls,
    WayStep::Service,
    WayStep::Device,
    WayStep::Versions,
    WayStep::Delegations,
];

/// Tries the way to what was typed as an address, up to where a key is needed.
///
/// # Errors
/// [`DeskError::Address`], [`DeskError::Authority`].
pub(crate) async fn to(address: &str, authority: Option<&Authority>) -> Result<Way, DeskError> {
    let address: ServerAddress = address.parse().map_err(|_| DeskError::Address)?;
    let found = walk(&address, &Authority::trust(authority)?, None).await;
    // Without a key the sede can't know this computer: that is no fault of the way.
    let found = found.into_iter().take_while(|finding| finding.step != Step::Device);
    Ok(described(&found.collect::<Vec<_>>()))
}

/// Tries the whole way to the sede of `desk`.
///
/// # Errors
/// [`DeskError::Folder`], [`DeskError::Connection`], [`DeskError::Authority`].
pub(crate) async fn of(desk: &Desk) -> Result<Way, DeskError> {
    let connection = Connection::read(desk)?;
    let (key, without) = match sede::key(connection.device()).await {
        Ok(Some(key)) => (Some(key), WayFailure::DeviceUnknown),
        Ok(None) => (None, WayFailure::KeyMissing),
        Err(_) => (None, WayFailure::KeyringFailed),
    };
    let found = walk(connection.address(), &sede::trust(desk)?, key.as_ref()).await;
    let mut way = described(&found);
    if key.is_none() {
        for mark in &mut way.steps {
            if let WayResult::Failed { why } = &mut mark.result
                && *why == WayFailure::DeviceUnknown
            {
                *why = without;
            }
        }
    }
    Ok(way)
}

async fn walk(address: &ServerAddress, trust: &Trust, key: Option<&DeviceToken>) -> Vec<Finding> {
    store_http::check(address, trust, key, |finding| {
        if let Some(fault) = &finding.fault {
            tracing::warn!(step = ?finding.step, ?fault, "the way to the sede ends");
        }
    })
    .await
}

/// What was found, with the steps that were not tried.
fn described(found: &[Finding]) -> Way {
    let steps: Vec<WayMark> = STEPS
        .map(|step| WayMark {
            step,
            result: found
                .iter()
                .find(|finding| shown(finding.step) == step)
                .map_or(WayResult::NotTried, |finding| match &finding.fault {
                    None => WayResult::Passed,
                    Some(fault) => WayResult::Failed { why: reason(fault) },
                }),
        })
        .into();
    Way {
        open: found.iter().all(|finding| finding.fault.is_none()),
        steps,
    }
}

const fn shown(step: Step) -> WayStep {
    match step {
        Step::Name => WayStep::Name,
        Step::Port => WayStep::Port,
        Step::Proxy => WayStep::Proxy,
        Step::Tls => WayStep::Tls,
        Step::Service => WayStep::Service,
        Step::Device => WayStep::Device,
        Step::Versions => WayStep::Versions,
        Step::Delegations => WayStep::Delegations,
    }
}

const fn reason(fault: &Fault) -> WayFailure {
    match fault {
        Fault::NameUnknown { .. } => WayFailure::NameUnknown,
        Fault::PortRefused { .. } => WayFailure::Refused,
        Fault::PortSilent { .. } => WayFailure::Unanswered,
        Fault::ProxyWantsPassword => WayFailure::ProxyWantsPassword,
        Fault::ProxyRefuses { .. } => WayFailure::ProxyRefuses,
        Fault::ProxyUnknown => WayFailure::ProxyUnknown,
        Fault::IssuerUnknown => WayFailure::CertificateUntrusted,
        Fault::NameMismatch => WayFailure::CertificateOtherName,
        Fault::CertificateExpired => WayFailure::CertificateExpired,
        Fault::CertificateNotYetValid => WayFailure::CertificateNotYetValid,
        Fault::TlsFailed => WayFailure::TlsFailed,
        Fault::NotOurs => WayFailure::NotASede,
        Fault::ServerBusy => WayFailure::Busy,
        Fault::StoreAway | Fault::Broken => WayFailure::StoreAway,
        Fault::ServerFailed => WayFailure::SedeFailed,
        Fault::NotAdmitted => WayFailure::DeviceUnknown,
        Fault::Revoked => WayFailure::DeviceRevoked,
        Fault::Suspended | Fault::StudioUnknown => WayFailure::StudioSuspended,
        Fault::ServerTooOld { .. } => WayFailure::SedeTooOld,
        Fault::ProgramTooOld { .. } => WayFailure::ProgramTooOld,
        Fault::NoDelegation => WayFailure::NoDelegations,
    }
}

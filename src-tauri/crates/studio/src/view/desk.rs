//! Where the studio works: the training sede of this computer, or a sede over the network, and the way there.

use serde::Serialize;
use ts_rs::TS;

/// A place to work at. Each keeps its drafts, its agenda and its tickets apart from those of every other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DeskView {
    /// Identity: `training`, `portal`, or that of a sede on this computer.
    pub id: String,
    /// What is known of the sede; nothing for the training sede, and where there is none.
    pub sede: Option<SedeView>,
}

impl DeskView {
    /// Identity of the training sede's desk.
    pub const TRAINING: &str = "training";

    /// Identity of the desk that works without a sede (R16).
    pub const PORTAL: &str = "portal";

    /// The desk that works without a sede (R16).
    pub fn portal() -> Self {
        Self {
            id: Self::PORTAL.to_owned(),
            sede: None,
        }
    }

    /// The desk of the training sede.
    pub fn training() -> Self {
        Self {
            id: Self::TRAINING.to_owned(),
            sede: None,
        }
    }
}

/// A sede that this computer was admitted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SedeView {
    /// Its address, as it is written and shown.
    pub address: String,
    /// Name of the studio that this computer acts for there.
    pub studio: String,
    /// Whom the invitation was written for.
    pub person: String,
}

/// The places to work at that this computer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Desks {
    /// Identity of the one at work.
    pub current: Option<String>,
    /// All of them: the training sede, then the one without a sede, then the others, each where it was made.
    pub desks: Vec<DeskView>,
}

/// A file with the certificate of the office's own authority, as it was picked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AuthorityView {
    /// By which the commands that use it name it.
    pub id: String,
    /// Name of the file.
    pub name: String,
}

/// The way to a sede, step by step. What comes after a step that failed was not tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Way {
    /// The steps, in order; always all of them.
    pub steps: Vec<WayMark>,
    /// Whether every step that was asked for succeeded.
    pub open: bool,
}

/// A step of the way, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct WayMark {
    /// Which.
    pub step: WayStep,
    /// What came of it.
    pub result: WayResult,
}

/// The steps, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum WayStep {
    /// The name of the address, or of the office's proxy, is known.
    Name,
    /// Something answers there.
    Port,
    /// The office's proxy, where there is one, lets us pass.
    Proxy,
    /// The connection is encrypted, with a certificate that this computer trusts.
    Tls,
    /// What answers is a sede.
    Service,
    /// The sede admits this computer.
    Device,
    /// Its versions of the contract and ours meet.
    Versions,
    /// The studio has delegations there.
    Delegations,
}

/// See [`WayMark`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WayResult {
    /// It succeeded.
    Passed,
    /// It failed; the way ends here.
    Failed {
        /// Why.
        why: WayFailure,
    },
    /// A step before it failed, or it was not asked for.
    NotTried,
}

/// Why a step of the way failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum WayFailure {
    /// No such name.
    NameUnknown,
    /// The computer at that address refuses the connection.
    Refused,
    /// Nobody answers in time.
    Unanswered,
    /// The proxy does not let such connections pass.
    ProxyRefuses,
    /// The proxy wants a name and a password.
    ProxyWantsPassword,
    /// The proxy is of a kind that is not known here.
    ProxyUnknown,
    /// Nobody whom this computer trusts signed the certificate.
    CertificateUntrusted,
    /// The certificate has expired, or this computer's clock is ahead.
    CertificateExpired,
    /// The certificate is not valid yet, or this computer's clock is behind.
    CertificateNotYetValid,
    /// The certificate is for another name.
    CertificateOtherName,
    /// No encrypted connection comes about, for another reason.
    TlsFailed,
    /// What answers is no sede.
    NotASede,
    /// The sede has more to do than it can, or is under maintenance.
    Busy,
    /// The sede answers, and its store does not; or the connection broke.
    StoreAway,
    /// The sede failed.
    SedeFailed,
    /// The key of this computer is not in the keyring.
    KeyMissing,
    /// The keyring does not answer.
    KeyringFailed,
    /// The sede does not know this computer.
    DeviceUnknown,
    /// The sede revoked this computer.
    DeviceRevoked,
    /// The sede suspended the studio, or does not know it any more.
    StudioSuspended,
    /// The sede speaks only older versions of the contract.
    SedeTooOld,
    /// The sede speaks only newer versions of the contract.
    ProgramTooOld,
    /// The studio has no delegation there.
    NoDelegations,
}

//! The report of `--selftest`.

use crate::selftest::Trial;

pub(crate) const WELL: &str = "ok";
pub(crate) const FAILED: &str = "NO";
pub(crate) const CAN_BE_WRITTEN: &str = "si può scrivere";
pub(crate) const READ_BACK: &str = "creati, scritti, chiusi e riletti";
pub(crate) const NOT_READ_BACK: &str = "quello che è stato scritto non si rilegge";
pub(crate) const KEPT_A_KEY: &str = "una chiave di prova è stata conservata, riletta e cancellata";
pub(crate) const LOST_A_KEY: &str = "una chiave di prova non è stata riletta come era";
pub(crate) const TRUSTS: &str = "le autorità di questo computer si leggono";
pub(crate) const DAYS_BEGIN_RIGHT: &str = "ora legale e ora solare sono quelle italiane";
pub(crate) const DAYS_BEGIN_WRONG: &str = "ora legale e ora solare non sono quelle italiane";

pub(crate) fn title(version: &str) -> String {
    format!("{} {version}, prova di questo computer", super::NAME)
}

pub(crate) const fn trial(trial: Trial) -> &'static str {
    match trial {
        Trial::Folder => "Cartella dei dati",
        Trial::Files => "File nuovi",
        Trial::Desks => "Archivi già presenti",
        Trial::Keyring => "Portachiavi del sistema",
        Trial::Trust => "Certificati (TLS)",
        Trial::Zone => "Fuso orario",
    }
}

/// What the desks of this computer hold.
pub(crate) fn desks(desks: u32, drafts: u32, repairs: usize) -> String {
    let desks = match desks {
        0 => return "nessuno".to_owned(),
        1 => "1 archivio aperto".to_owned(),
        _ => format!("{desks} archivi aperti"),
    };
    let drafts = match drafts {
        1 => "1 bozza".to_owned(),
        _ => format!("{drafts} bozze"),
    };
    match repairs {
        0 => format!("{desks}, {drafts}"),
        _ => format!("{desks}, {drafts}, riparazioni: {repairs}"),
    }
}

pub(crate) fn end(code: u8) -> String {
    match code {
        0 => "Tutto a posto.".to_owned(),
        _ => format!("Qualcosa non va (codice {code})."),
    }
}

//! The few Italian texts that the operating system shows for us; all others are in the interface's catalogue.

mod dates;
pub(crate) mod notices;
pub(crate) mod selftest;

/// What the program is called.
pub(crate) const NAME: &str = "Agenda Sede";

/// Title of the window for picking files.
pub(crate) const PICK_FILES: &str = "Scegli i file da allegare";

/// Name of the filter for what can be attached (R10).
pub(crate) const DOCUMENTS_AND_PICTURES: &str = "PDF e immagini (JPEG, PNG, TIFF)";

/// Title of the window for picking the certificate of the office's own authority.
pub(crate) const PICK_AUTHORITY: &str = "Scegli il certificato dell’ufficio";

/// Name of the filter for certificates.
pub(crate) const CERTIFICATES: &str = "Certificati (PEM, CRT, CER)";

/// Title of the window for picking a list of tickets.
pub(crate) const PICK_LIST: &str = "Scegli l’elenco di richieste";

/// Name of the filter for lists.
pub(crate) const LISTS: &str = "Elenchi (CSV, Excel, LibreOffice, pagine salvate)";

/// Name of the filter for everything.
pub(crate) const ALL_FILES: &str = "Tutti i file";

/// What a click on a notice does, where the desktop writes it on a button.
pub(crate) const NOTICE_OPEN: &str = "Apri";

/// In the menu of the icon beside the clock: the window.
pub(crate) const TRAY_OPEN: &str = "Apri Agenda Sede";

/// In the same menu: a round with the sede.
pub(crate) const TRAY_SYNC: &str = "Aggiorna ora";

/// In the same menu: the end of the program.
pub(crate) const TRAY_QUIT: &str = "Esci";

/// What the icon beside the clock says, with so many things that need somebody.
pub(crate) fn tray(count: u32) -> String {
    match count {
        0 => NAME.to_owned(),
        1 => format!("{NAME} · 1 cosa da vedere"),
        _ => format!("{NAME} · {count} cose da vedere"),
    }
}

//! The few Italian texts that the operating system shows for us; all others are in the interface's catalogue.

/// Title of the window for picking files.
pub(crate) const PICK_FILES: &str = "Scegli i file da allegare";

/// Name of the filter for what can be attached (R10).
pub(crate) const DOCUMENTS_AND_PICTURES: &str = "PDF e immagini (JPEG, PNG, TIFF)";

/// Title of the window for picking the certificate of the office's own authority.
pub(crate) const PICK_AUTHORITY: &str = "Scegli il certificato dell’ufficio";

/// Name of the filter for certificates.
pub(crate) const CERTIFICATES: &str = "Certificati (PEM, CRT, CER)";

/// Name of the filter for everything.
pub(crate) const ALL_FILES: &str = "Tutti i file";

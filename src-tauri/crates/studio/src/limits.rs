//! How much a page may ask for, and write, at once. What passes a limit is refused and changes nothing.

/// Characters that notes may have before anybody looks at the sede's own limit (R9).
pub const NOTES_MAX: usize = 20_000;

/// Characters of a telephone number or an e-mail address.
pub const CONTACT_MAX: usize = 500;

/// Characters of what is looked for.
pub const SEARCH_MAX: usize = 200;

/// Characters of a topic's label.
pub const LABEL_MAX: usize = 500;

/// Tickets that are selected at once.
pub const SELECTION_MAX: usize = 1_000;

/// Rows of one window of a list.
pub const WINDOW_MAX: u32 = 200;

/// Days of one page of a board.
pub const BOARD_DAYS_MAX: u32 = 14;

/// Days of the agenda that are read at once.
pub const AGENDA_DAYS_MAX: i64 = 366;

/// Files that are picked or dropped at once.
pub const PICKED_MAX: usize = 50;

/// Dates that never suit, in one draft.
pub const NEVER_MAX: usize = 40;

/// Bytes of a table that is pasted.
pub const IMPORT_TEXT_MAX: usize = 32 * 1024 * 1024;

//! The limits of what is read, in one place. What goes beyond one is refused whole, and nothing of it is kept.

/// Bytes of a file, or of what was pasted.
pub const FILE_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes that a workbook may take once it is unpacked, all its parts together.
pub const UNPACKED_BYTES: u64 = 512 * 1024 * 1024;
/// Bytes that are taken apart of an unpacked workbook, even if several of its sheets are the same part.
pub const PARSED_BYTES: u64 = 4 * UNPACKED_BYTES;
/// Bytes that the texts which cells of a workbook share may take, as XML.
pub const SHARED_TEXT_BYTES: u64 = 256 * 1024 * 1024;
/// Bytes that the list of a workbook's sheets, or that of its styles, may take.
pub const OUTLINE_BYTES: u64 = 8 * 1024 * 1024;
/// Parts that a workbook may be packed of.
pub const PARTS: usize = 4_000;
/// Tables of a file: sheets of a workbook, tables of a page.
pub const TABLES: usize = 200;
/// Rows with something in them, all tables of a file together.
pub const ROWS: usize = 200_000;
/// Columns of a table.
pub const COLUMNS: usize = 1_024;
/// Cells up to the last one of each row that has something in it, all tables of a file together.
pub const CELLS: usize = 8_000_000;
/// Characters of a cell: as many as Excel keeps.
pub const CELL_CHARACTERS: usize = 32_767;
/// Bytes of the text of all cells together.
pub const TEXT_BYTES: usize = 256 * 1024 * 1024;
/// Rows from the top of a table within which its header is looked for.
pub const HEADER_WITHIN: usize = 60;
/// Rows after which the watcher is told how far it is.
pub const ROWS_BETWEEN_REPORTS: usize = 2_000;

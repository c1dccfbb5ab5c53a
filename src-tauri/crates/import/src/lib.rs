//! Lists of tickets as people get them from the INPS portal (R16): a file, or a table copied from a page, read into
//! [`domain::portal::PortalTicket`]s.
//!
//! Three steps, each to be looked at by a person before the next:
//! 1. [`open`], [`read`] or [`pasted`]: what it is ([`SourceKind`], by content) and its tables ([`Document`]);
//! 2. [`Document::propose`]: where the header is and what each column stands for ([`Proposal`]); what is not recognised is
//!    mapped by hand ([`Mapping`]) and remembered for lists with the same header ([`HeaderKey`]);
//! 3. [`read_rows`]: each row a ticket, or refused with the reason ([`Reading`]).
//!
//! What this crate never does: run or fetch anything that a file names, keep anything, read a clock (today is an argument), or
//! make up what a list leaves out. What a file may be at most stands in [`limits`].
#![forbid(unsafe_code)]

mod codes;
mod columns;
mod dates;
mod error;
mod fold;
mod html;
pub mod limits;
mod names;
mod ods;
mod progress;
mod proposal;
mod row;
mod rows;
mod source;
mod states;
mod table;
mod text;
mod workbook;
mod xls;

pub use columns::{Column, ColumnName, Field, Header, HeaderKey, Mapping};
pub use error::{ImportError, Result, Unreadable};
pub use progress::{Progress, Stage};
pub use proposal::{Proposal, Sureness};
pub use rows::{Aside, Fault, Reading, Reason, RefusedRow, RepeatedRow, TicketRow, read_rows};
pub use source::{SourceKind, TextEncoding, TextKind, open, pasted, read};
pub use states::State;
pub use table::{Cell, Document, Row, Table};

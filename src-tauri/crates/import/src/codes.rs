//! Codes as spreadsheets leave them: turned into numbers, with zeros lost, with marks that kept them text.

use std::borrow::Cow;

use domain::code::{FiscalCode, Matricola, TicketCode};

use crate::rows::Reason;
use crate::table::Cell;

/// Digits that may be left of a matricola or a fiscal code when a spreadsheet took it for a number: more zeros than these
/// leave out begin none.
const FEWEST_DIGITS: usize = 7;
/// Beyond it a number of a spreadsheet has lost its last digits.
const EXACT: f64 = 1e15;

/// The code that a cell holds, as text.
fn code_in(cell: &Cell) -> Result<Cow<'_, str>, Reason> {
    match cell {
        Cell::Number(number) if number.fract() == 0.0 && (0.0..EXACT).contains(number) => {
            Ok(format!("{number:.0}").into())
        }
        Cell::Number(number) if *number >= EXACT => Err(Reason::Rounded),
        Cell::Text(text) => {
            let text = bare(text);
            if is_rounded(&text) {
                Err(Reason::Rounded)
            } else {
                Ok(text)
            }
        }
        Cell::Failed => Err(Reason::FailedFormula),
        Cell::Empty | Cell::Number(_) | Cell::Day(_) | Cell::Flag(_) => Err(Reason::Malformed),
    }
}

/// Without what keeps a spreadsheet from taking a code for a number (`'0123`, `="0123"`), and without what nobody sees.
fn bare(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let text = text
        .strip_prefix("=\"")
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let text = text.trim_start_matches(['\'', '’', '`']).trim();
    let unseen = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    if text.contains(unseen) {
        text.replace(unseen, "").into()
    } else {
        text.into()
    }
}

/// Whether a spreadsheet wrote it as `1,23E+09`.
fn is_rounded(text: &str) -> bool {
    let Some((digits, power)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let written = digits
        .split_once(['.', ','])
        .is_some_and(|(whole, part)| is_number(whole) && is_number(part));
    (written || is_number(digits)) && power.strip_prefix('+').is_some_and(is_number)
}

/// A code of so many digits, without what people write between them, with the zeros before it that a spreadsheet lost.
/// `4501234567.0` is what programs make of a number.
fn digits(text: &str, length: usize) -> String {
    let text = text.strip_suffix(".0").unwrap_or(text);
    if text.bytes().all(|b| b.is_ascii_digit()) && (FEWEST_DIGITS..length).contains(&text.len()) {
        return format!("{text:0>length$}");
    }
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/'))
        .collect()
}

/// The matricola in a cell.
pub(crate) fn matricola(cell: &Cell) -> Result<Matricola, Reason> {
    digits(&code_in(cell)?, 10).parse().map_err(|_| Reason::Malformed)
}

/// The fiscal code or VAT number, with or without `IT`, in a cell.
pub(crate) fn fiscal_code(cell: &Cell) -> Result<FiscalCode, Reason> {
    let text = digits(&code_in(cell)?, 11);
    let text = match text.split_at_checked(2) {
        Some((country, number)) if country.eq_ignore_ascii_case("it") && number.len() == 11 => number,
        _ => &text,
    };
    text.parse().map_err(|_| Reason::Malformed)
}

/// The code of a ticket in a cell.
pub(crate) fn ticket_code(cell: &Cell) -> Result<TicketCode, Reason> {
    code_in(cell)?.parse().map_err(|_| Reason::Malformed)
}

//! Texts of the interface, parsed once into the domain's types. Nothing beyond this module sees a text that has a format.

use std::str::FromStr;

use chrono::{NaiveDate, Weekday};
use domain::code::{FiscalCode, TicketCode};
use domain::dossier::Words;
use domain::ticket::ReplyAssessment;
use domain::time::{Civil, TimeOfDay};
use domain::wish::{MOST_WISHES, Pattern, Unsuitable, Wish};

use crate::StudioError;
use crate::limits::{CONTACT_MAX, NEVER_MAX, NOTES_MAX, SELECTION_MAX};
use crate::mapping;
use crate::view::drafts::{DraftChange, NeverView, WishView};
use crate::view::tickets::AssessmentView;

/// A text of at most `max` characters.
pub(crate) fn text(argument: &'static str, given: &str, max: usize) -> Result<(), StudioError> {
    // A character has one byte at least: a short look suffices for most.
    if given.len() > max && given.chars().count() > max {
        return Err(StudioError::TooLong {
            argument,
            max: u32::try_from(max).unwrap_or(u32::MAX),
        });
    }
    Ok(())
}

/// A code, an id, a date: whatever has a form.
pub(crate) fn formed<T: FromStr>(argument: &'static str, given: &str) -> Result<T, StudioError> {
    given.parse().map_err(|_| StudioError::InvalidArgument { argument })
}

/// A code or an id of which there is none that is written so: it is as unknown as one that is well-formed.
pub(crate) fn known<T: FromStr>(given: &str, unknown: StudioError) -> Result<T, StudioError> {
    given.parse().map_err(|_| unknown)
}

/// `2026-11-26`, of a year that has four digits.
pub(crate) fn date(argument: &'static str, given: &str) -> Result<NaiveDate, StudioError> {
    NaiveDate::parse_from_str(given, "%Y-%m-%d")
        .ok()
        // What chrono takes besides, a sign or a digit fewer, is not the form that it is given out in.
        .filter(|day| given.len() == "2026-11-26".len() && mapping::time::date(*day) == given)
        .ok_or(StudioError::InvalidArgument { argument })
}

/// The codes of a selection, each once, in its order.
pub(crate) fn selection(codes: &[String]) -> Result<Vec<TicketCode>, StudioError> {
    if codes.is_empty() {
        return Err(StudioError::NothingSelected);
    }
    if codes.len() > SELECTION_MAX {
        return Err(StudioError::TooLong {
            argument: "tickets",
            max: u32::try_from(SELECTION_MAX).unwrap_or(u32::MAX),
        });
    }
    let mut selected = Vec::with_capacity(codes.len());
    for code in codes {
        let code: TicketCode = known(code, StudioError::UnknownTicket)?;
        if !selected.contains(&code) {
            selected.push(code);
        }
    }
    Ok(selected)
}

/// An address of the web that is safe to open: encrypted, with the name of a host, and nothing in it that no address has.
pub(crate) fn web_address(argument: &'static str, given: &str) -> Result<(), StudioError> {
    text(argument, given, CONTACT_MAX)?;
    let rest = given.strip_prefix("https://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let in_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    let in_address =
        |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    let formed = host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.chars().all(in_host);
    if formed && rest.chars().all(in_address) {
        Ok(())
    } else {
        Err(StudioError::InvalidArgument { argument })
    }
}

/// Words to the people of the studio: some, and not too many.
pub(crate) fn words(argument: &'static str, given: &str) -> Result<Words, StudioError> {
    text(argument, given, Words::LONGEST)?;
    formed(argument, given)
}

/// A company's code.
pub(crate) fn company(given: &str) -> Result<FiscalCode, StudioError> {
    known(given, StudioError::UnknownCompany)
}

/// The studio's judgement (R3).
pub(crate) const fn assessment(given: AssessmentView) -> ReplyAssessment {
    match given {
        AssessmentView::Unassessed => ReplyAssessment::Unassessed,
        AssessmentView::Satisfactory => ReplyAssessment::Satisfactory,
        AssessmentView::Unsatisfactory => ReplyAssessment::Unsatisfactory,
    }
}

const INVALID: StudioError = StudioError::InvalidArgument { argument: "wishes" };

/// Days of the week, each once.
fn weekdays_of(numbers: &[u8]) -> Result<Vec<Weekday>, StudioError> {
    let mut days: Vec<Weekday> = Vec::new();
    for number in numbers {
        let day = weekday(*number).ok_or(INVALID)?;
        if !days.contains(&day) {
            days.push(day);
        }
    }
    Ok(days)
}

/// Days that never suit, at most [`NEVER_MAX`]; nothing where there is none.
pub(crate) fn never(given: &NeverView) -> Result<Option<Wish>, StudioError> {
    if given.dates.len() > NEVER_MAX {
        return Err(StudioError::InvalidArgument { argument: "never" });
    }
    let mut days: Vec<NaiveDate> = given
        .dates
        .iter()
        .map(|day| date("never", day))
        .collect::<Result<_, _>>()?;
    days.sort_unstable();
    days.dedup();
    let weekdays = weekdays_of(&given.weekdays)?;
    let some = !days.is_empty() || !weekdays.is_empty();
    Ok(some.then_some(Wish::Never(Unsuitable { weekdays, days })))
}

/// The wishes of a draft, at most [`MOST_WISHES`].
pub(crate) fn wishes(given: &[WishView]) -> Result<Vec<Wish>, StudioError> {
    if given.len() > MOST_WISHES {
        return Err(INVALID);
    }
    given
        .iter()
        .map(|wish| match wish {
            WishView::Slot { start, .. } => {
                let start: Civil = start.parse().map_err(|_| INVALID)?;
                Ok(Wish::Slot { start })
            }
            WishView::Pattern {
                weekdays,
                from,
                to,
                until,
            } => {
                let time = |given: &Option<String>| -> Result<Option<TimeOfDay>, StudioError> {
                    given
                        .as_deref()
                        .map(|given| given.parse().map_err(|_| INVALID))
                        .transpose()
                };
                let days = weekdays_of(weekdays)?;
                let (from, to) = (time(from)?, time(to)?);
                if from.zip(to).is_some_and(|(from, to)| to <= from) {
                    return Err(INVALID);
                }
                Ok(Wish::Pattern(Pattern {
                    weekdays: days,
                    from,
                    to,
                    until: until.as_deref().map(|until| date("wishes", until)).transpose()?,
                }))
            }
        })
        .collect()
}

/// Monday 1 to Sunday 7.
fn weekday(number: u8) -> Option<Weekday> {
    Weekday::try_from(number.checked_sub(1)?).ok()
}

/// Monday 1 to Sunday 7.
pub(crate) fn weekday_number(day: Weekday) -> u8 {
    u8::try_from(day.number_from_monday()).unwrap_or(1)
}

/// That the texts of `change` are none that could not be meant.
pub(crate) fn change(change: &DraftChange) -> Result<(), StudioError> {
    text("notes", change.notes.as_deref().unwrap_or_default(), NOTES_MAX)?;
    text("phone", change.phone.as_deref().unwrap_or_default(), CONTACT_MAX)?;
    text("email", change.email.as_deref().unwrap_or_default(), CONTACT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::SEARCH_MAX;
    use crate::view::failure::FailureCode;

    fn slot(start: &str) -> WishView {
        WishView::Slot {
            start: start.to_owned(),
            date: String::new(),
            time: String::new(),
            free: None,
        }
    }

    fn pattern(weekdays: &[u8], from: Option<&str>, to: Option<&str>, until: Option<&str>) -> WishView {
        WishView::Pattern {
            weekdays: weekdays.to_vec(),
            from: from.map(Into::into),
            to: to.map(Into::into),
            until: until.map(Into::into),
        }
    }

    fn refused<T: std::fmt::Debug>(result: Result<T, StudioError>) -> (FailureCode, Option<String>, Option<u32>) {
        let failure = result.unwrap_err().failure();
        (failure.code, failure.details.argument, failure.details.max)
    }

    #[test]
    fn wishes_come_back_as_they_were_given_out() {
        let parsed = wishes(&[
            slot("2026-11-26T09:30:00+01:00[Europe/Rome]"),
            pattern(&[4, 4, 7], Some("09:00"), Some("24:00"), Some("2026-12-15")),
            pattern(&[], None, None, None),
        ])
        .unwrap();
        let Wish::Pattern(second) = &parsed[1] else {
            panic!("a pattern")
        };
        assert_eq!(
            second.weekdays,
            [Weekday::Thu, Weekday::Sun],
            "a day said twice counts once"
        );
        assert_eq!(parsed.len(), 3);
    }

    #[test]
    fn a_wish_that_nobody_can_mean_names_its_argument() {
        let bad = [
            slot(""),
            slot("2026-11-26T09:30:00+01:00"),
            slot("tomorrow"),
            pattern(&[0], None, None, None),
            pattern(&[8], None, None, None),
            pattern(&[], Some("9:00"), None, None),
            pattern(&[], Some("12:00"), Some("12:00"), None),
            pattern(&[], None, None, Some("2026-02-30")),
            pattern(&[], None, None, Some("15/12/2026")),
        ];
        for wish in bad {
            let what = format!("{wish:?}");
            assert_eq!(
                refused(wishes(&[wish])),
                (FailureCode::InvalidArgument, Some("wishes".into()), None),
                "{what}"
            );
        }
        let eleven = vec![pattern(&[], None, None, None); 11];
        assert_eq!(refused(wishes(&eleven)).0, FailureCode::InvalidArgument);
        assert_eq!(wishes(&eleven[..10]).unwrap().len(), 10);
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        assert!(text("text", &"é".repeat(200), SEARCH_MAX).is_ok());
        assert_eq!(
            refused(text("text", &"é".repeat(201), SEARCH_MAX)),
            (FailureCode::TooLong, Some("text".into()), Some(200))
        );
    }

    #[test]
    fn the_address_of_the_portal_is_encrypted_and_nothing_else() {
        for good in [
            "https://www.inps.it",
            "https://www.inps.it/it/it.html?a=1#b",
            "https://127.0.0.1:8443/x",
        ] {
            assert!(web_address("portal", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "http://www.inps.it",
            "https://",
            "https:///x",
            "https://user@inps.it",
            "https://www.inps.it/a b",
            "https://www.inps.it\n",
            "file:///etc/passwd",
            "javascript:alert(1)",
            " https://www.inps.it",
        ] {
            assert_eq!(
                refused(web_address("portal", bad)),
                (FailureCode::InvalidArgument, Some("portal".into()), None),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_date_is_four_two_and_two_digits() {
        assert!(date("from", "2028-02-29").is_ok());
        for bad in [
            "",
            "2026-2-1",
            "2026-02-29",
            "+2026-02-1",
            "2026-11-26T00:00",
            "-999-01-01",
            "26-11-2026",
        ] {
            assert_eq!(refused(date("from", bad)).0, FailureCode::InvalidArgument, "{bad}");
        }
    }

    #[test]
    fn a_selection_keeps_its_order_and_counts_each_once() {
        let codes = ["LU-3", "lu-1", "LU-3", "LU-2"].map(String::from);
        let selected: Vec<String> = selection(&codes).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(selected, ["LU-3", "LU-1", "LU-2"]);
        assert_eq!(refused(selection(&[])).0, FailureCode::NothingSelected);
        assert_eq!(
            refused(selection(&["no such code!".into()])).0,
            FailureCode::UnknownTicket
        );
        assert_eq!(refused(selection(&vec!["LU-1".into(); 1_001])).0, FailureCode::TooLong);
    }
}

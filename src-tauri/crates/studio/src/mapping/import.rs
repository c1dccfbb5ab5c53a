//! Lists of the portal: what they came as, their columns, and what comes of their rows.

use domain::portal::comparison::{Field as Fact, RowRefusal, Verdict};
use import::{Fault, Field, Reason, SourceKind, State, Unreadable};

use crate::view::import::{ChangedField, FieldView, FormatView, ReasonView, RowFault, RowOutcomeView, UnreadableView};
use crate::view::tickets::StatusView;

pub(crate) fn format(source: SourceKind) -> FormatView {
    let workbook = |ending: &str| FormatView::Workbook {
        ending: ending.to_owned(),
    };
    match source {
        SourceKind::Text(kind) => FormatView::Text {
            delimiter: kind.delimiter.to_string(),
            windows: kind.encoding == import::TextEncoding::Windows1252,
        },
        SourceKind::Html => FormatView::Html,
        SourceKind::Xlsx => workbook("xlsx"),
        SourceKind::Xls => workbook("xls"),
        SourceKind::Ods => workbook("ods"),
    }
}

pub(crate) const fn unreadable(why: Unreadable) -> UnreadableView {
    match why {
        Unreadable::Empty => UnreadableView::Empty,
        Unreadable::TooLarge => UnreadableView::TooLarge,
        Unreadable::TooManyRows => UnreadableView::TooManyRows,
        Unreadable::TooWide => UnreadableView::TooWide,
        Unreadable::NotAFile => UnreadableView::NotAFile,
        Unreadable::Pdf => UnreadableView::Pdf,
        Unreadable::Picture => UnreadableView::Picture,
        Unreadable::Archive => UnreadableView::Archive,
        Unreadable::OfficeDocument => UnreadableView::OfficeDocument,
        Unreadable::Encrypted => UnreadableView::Encrypted,
        Unreadable::OtherWorkbook => UnreadableView::OtherWorkbook,
        Unreadable::Damaged => UnreadableView::Damaged,
        Unreadable::Binary => UnreadableView::Binary,
        Unreadable::NoTable => UnreadableView::NoTable,
        Unreadable::NoHeader => UnreadableView::NoHeader,
    }
}

pub(crate) const fn field(field: Field) -> FieldView {
    match field {
        Field::Code => FieldView::Code,
        Field::Matricola => FieldView::Matricola,
        Field::Company => FieldView::Company,
        Field::CompanyName => FieldView::CompanyName,
        Field::Sede => FieldView::Sede,
        Field::SubjectArea => FieldView::SubjectArea,
        Field::Subject => FieldView::Subject,
        Field::SubjectDetail => FieldView::SubjectDetail,
        Field::OpenedOn => FieldView::OpenedOn,
        Field::ReopenedOn => FieldView::ReopenedOn,
        Field::State => FieldView::State,
        Field::Outcome => FieldView::Outcome,
        Field::ClosedOn => FieldView::ClosedOn,
        Field::UpdatedOn => FieldView::UpdatedOn,
        Field::Request => FieldView::Request,
        Field::Reply => FieldView::Reply,
    }
}

pub(crate) fn named(view: FieldView) -> Field {
    Field::ALL
        .into_iter()
        .find(|one| field(*one) == view)
        .unwrap_or(Field::Code)
}

/// What a word for a state means, as the person says.
pub(crate) const fn state(status: StatusView) -> State {
    match status {
        StatusView::Open => State::Open,
        StatusView::InProgress => State::InProgress,
        StatusView::ClosedOk => State::ClosedOk,
        StatusView::ClosedKo => State::ClosedKo,
        StatusView::Withdrawn => State::Withdrawn,
    }
}

fn reason(reason: Reason) -> ReasonView {
    match reason {
        Reason::Missing => ReasonView::Missing,
        Reason::Malformed => ReasonView::Malformed,
        Reason::Rounded => ReasonView::Rounded,
        Reason::FailedFormula => ReasonView::FailedFormula,
        Reason::NoSuchDay => ReasonView::NoSuchDay,
        Reason::DayOrMonth => ReasonView::DayOrMonth,
        Reason::OpenedInFuture => ReasonView::OpenedInFuture,
        Reason::ClosedInFuture => ReasonView::ClosedInFuture,
        Reason::ClosedBeforeOpened => ReasonView::ClosedBeforeOpened,
        Reason::UnknownState => ReasonView::UnknownState,
        Reason::UnknownOutcome => ReasonView::UnknownOutcome,
        Reason::OtherOutcome => ReasonView::OtherOutcome,
        Reason::DuplicateCode { row } => ReasonView::DuplicateCode { row },
        Reason::TooLong { most } => ReasonView::TooLong {
            most: u32::try_from(most).unwrap_or(u32::MAX),
        },
    }
}

pub(crate) fn fault(fault: &Fault) -> RowFault {
    RowFault {
        field: Some(field(fault.field)),
        found: fault.found.clone(),
        reason: reason(fault.reason),
    }
}

/// Why what is held does not let a row be taken.
pub(crate) const fn refusal(why: RowRefusal) -> ReasonView {
    match why {
        RowRefusal::AtTheSede => ReasonView::AtTheSede,
        RowRefusal::OtherPosition => ReasonView::OtherPosition,
        RowRefusal::Older => ReasonView::Older,
        RowRefusal::NotYet => ReasonView::OpenedInFuture,
        RowRefusal::ClosedBeforeOpened => ReasonView::ClosedBeforeOpened,
        RowRefusal::Twice => ReasonView::DuplicateCode { row: 0 },
    }
}

/// The field that such a refusal is about, where it is about one.
pub(crate) const fn field_of(why: RowRefusal) -> Option<FieldView> {
    match why {
        RowRefusal::AtTheSede | RowRefusal::Twice => Some(FieldView::Code),
        RowRefusal::OtherPosition => Some(FieldView::Matricola),
        RowRefusal::Older => None,
        RowRefusal::NotYet => Some(FieldView::OpenedOn),
        RowRefusal::ClosedBeforeOpened => Some(FieldView::ClosedOn),
    }
}

pub(crate) fn comes(verdict: &Verdict) -> RowOutcomeView {
    match verdict {
        Verdict::New => RowOutcomeView::New,
        Verdict::Changed(fields) => RowOutcomeView::Changed {
            fields: fields.iter().copied().map(fact).collect(),
        },
        Verdict::Same => RowOutcomeView::Same,
        Verdict::Refused(why) => RowOutcomeView::Refused {
            faults: vec![RowFault {
                field: field_of(*why),
                found: String::new(),
                reason: refusal(*why),
            }],
        },
    }
}

const fn fact(fact: Fact) -> ChangedField {
    match fact {
        Fact::Company => ChangedField::Company,
        Fact::CompanyName => ChangedField::CompanyName,
        Fact::Sede => ChangedField::Sede,
        Fact::Subject => ChangedField::Subject,
        Fact::OpenedOn => ChangedField::OpenedOn,
        Fact::Status => ChangedField::Status,
        Fact::Request => ChangedField::Request,
        Fact::Reply => ChangedField::Reply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_named_by_what_it_is_shown_as() {
        for one in Field::ALL {
            assert_eq!(named(field(one)), one);
        }
    }
}

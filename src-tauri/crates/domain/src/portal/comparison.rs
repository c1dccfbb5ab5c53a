//! What a row of a list means to what is held already. A list says what it says, and no more: what it leaves out stays,
//! and what it says of an earlier state changes nothing.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{PortalStatus, PortalTicket};

/// A fact of a ticket that a list may tell anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The fiscal code of the company.
    Company,
    /// Its name.
    CompanyName,
    /// The sede.
    Sede,
    /// The subject.
    Subject,
    /// The day of opening or of the last reopening.
    OpenedOn,
    /// The status, with outcome and day.
    Status,
    /// What was asked.
    Request,
    /// What was answered last.
    Reply,
}

/// What comes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// No such ticket is held.
    New,
    /// It tells something new of one that is held: these facts, never none.
    Changed(Vec<Field>),
    /// It tells nothing new.
    Same,
    /// It is not taken.
    Refused(RowRefusal),
}

/// Why a row is not taken, as it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowRefusal {
    /// The studio's sede has a ticket of this code: what it says counts, not a list.
    AtTheSede,
    /// A ticket of this code is held, and it is about another position.
    OtherPosition,
    /// It tells of an earlier state than the one that is held.
    Older,
    /// It was opened, or closed, on a day that has not come.
    NotYet,
    /// It was closed before it was opened.
    ClosedBeforeOpened,
    /// The list says something else of this code in an earlier row.
    Twice,
}

impl PortalTicket {
    /// That its days can be: not of the future, and in their order.
    ///
    /// # Errors
    /// [`RowRefusal::NotYet`], [`RowRefusal::ClosedBeforeOpened`].
    pub fn check_days(&self, today: NaiveDate) -> Result<(), RowRefusal> {
        let closed_on = self.status.closed_on();
        if self.opened_on > today || closed_on.is_some_and(|on| on > today) {
            return Err(RowRefusal::NotYet);
        }
        if closed_on.is_some_and(|on| on < self.opened_on) {
            return Err(RowRefusal::ClosedBeforeOpened);
        }
        Ok(())
    }

    /// What is held after a list told `row` of it: what `row` leaves out stays as it is.
    #[must_use]
    pub fn told(&self, row: &Self) -> Self {
        Self {
            code: self.code.clone(),
            position: self.position.clone(),
            company: row.company.clone().or_else(|| self.company.clone()),
            company_name: row.company_name.clone().or_else(|| self.company_name.clone()),
            sede: row.sede.clone().or_else(|| self.sede.clone()),
            subject: row.subject.clone(),
            opened_on: row.opened_on,
            status: match (self.status, row.status) {
                (
                    PortalStatus::Closed {
                        outcome: held,
                        on: on @ Some(_),
                    },
                    PortalStatus::Closed { outcome, on: None },
                ) if held == outcome && self.opened_on == row.opened_on => PortalStatus::Closed { outcome, on },
                (_, status) => status,
            },
            request: row.request.clone().or_else(|| self.request.clone()),
            reply: row.reply.clone().or_else(|| self.reply.clone()),
        }
    }

    /// The facts in which `other`, of the same code, differs.
    pub fn differing(&self, other: &Self) -> Vec<Field> {
        [
            (Field::Company, self.company != other.company),
            (Field::CompanyName, self.company_name != other.company_name),
            (Field::Sede, self.sede != other.sede),
            (Field::Subject, self.subject != other.subject),
            (Field::OpenedOn, self.opened_on != other.opened_on),
            (Field::Status, self.status != other.status),
            (Field::Request, self.request != other.request),
            (Field::Reply, self.reply != other.reply),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }

    /// Whether `row` tells of a state before this one. Lists carry no date of their own: a ticket goes from open to in
    /// progress to closed, only a reopening, which has a later day, takes it back, and nothing comes after a withdrawal.
    pub fn is_ahead_of(&self, row: &Self) -> bool {
        if self.status == PortalStatus::Withdrawn {
            return row.status != PortalStatus::Withdrawn;
        }
        if row.opened_on != self.opened_on {
            return row.opened_on < self.opened_on;
        }
        match (self.status.closed_on(), row.status.closed_on()) {
            (Some(held), Some(told)) if held != told => told < held,
            _ => row.status.stage() < self.status.stage(),
        }
    }
}

impl PortalStatus {
    const fn closed_on(self) -> Option<NaiveDate> {
        match self {
            Self::Closed { on, .. } => on,
            Self::Open | Self::InProgress | Self::Withdrawn => None,
        }
    }

    const fn stage(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::InProgress => 1,
            Self::Closed { .. } => 2,
            Self::Withdrawn => 3,
        }
    }
}

/// What comes of `row` where `held` is what is held under its code.
pub fn compare(held: Option<&PortalTicket>, row: &PortalTicket, today: NaiveDate) -> Verdict {
    if let Err(refusal) = row.check_days(today) {
        return Verdict::Refused(refusal);
    }
    let Some(held) = held else { return Verdict::New };
    if held.position != row.position {
        return Verdict::Refused(RowRefusal::OtherPosition);
    }
    if held.is_ahead_of(row) {
        return Verdict::Refused(RowRefusal::Older);
    }
    let differing = held.differing(&held.told(row));
    if differing.is_empty() {
        Verdict::Same
    } else {
        Verdict::Changed(differing)
    }
}

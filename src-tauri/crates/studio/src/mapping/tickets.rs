//! Tickets: status, eligibility, conversation.

use domain::code::AppointmentId;
use domain::deposit::{Awaited, Deposit};
use domain::eligibility::{Eligibility, Ground, Obstacle};
use domain::people::Person;
use domain::slot::Slot;
use domain::ticket::{Message, Outcome, Party, ReplyAssessment, StatusChange, TicketStatus};
use domain::time::{Civil, civil_day};
use domain::topic::Topic;

use super::{board, time};
use crate::view::tickets::{
    AssessmentView, AuthorView, BookableView, GroundView, MessageView, ObstacleView, StatusView, TicketDeposit,
    TopicView,
};

pub(crate) fn topic(topic: &Topic) -> TopicView {
    TopicView {
        code: topic.code.to_string(),
        area: topic.area.clone(),
        subject: topic.subject.clone(),
        detail: topic.detail.clone(),
    }
}

pub(crate) fn status(status: TicketStatus, withdrawn: bool) -> StatusView {
    if withdrawn {
        return StatusView::Withdrawn;
    }
    match status {
        TicketStatus::Open => StatusView::Open,
        TicketStatus::InProgress => StatusView::InProgress,
        TicketStatus::Closed {
            outcome: Outcome::Ok, ..
        } => StatusView::ClosedOk,
        TicketStatus::Closed {
            outcome: Outcome::Ko, ..
        } => StatusView::ClosedKo,
    }
}

/// R6. `carrier` is the studio's own appointment that carries the ticket, where there is one.
pub(crate) fn bookable(answer: Eligibility, carrier: Option<(AppointmentId, &Slot)>) -> BookableView {
    match answer {
        Eligibility::Bookable(ground) => BookableView::Yes {
            ground: match ground {
                Ground::ClosedKo => GroundView::ClosedKo,
                Ground::Unsatisfactory => GroundView::Unsatisfactory,
                Ground::Waited(waiting) => GroundView::Waiting {
                    days: waiting.days,
                    threshold: u32::from(waiting.threshold.0),
                },
            },
        },
        Eligibility::BookableFrom { on, waiting } => BookableView::From {
            on: time::date(on),
            days: waiting.days,
            threshold: u32::from(waiting.threshold.0),
        },
        Eligibility::NotBookable(obstacle) => BookableView::No {
            obstacle: match obstacle {
                Obstacle::Withdrawn => ObstacleView::Withdrawn,
                Obstacle::NoPoint => ObstacleView::NoPoint,
                Obstacle::Unassessed => ObstacleView::Unassessed,
                Obstacle::Satisfactory => ObstacleView::Satisfactory,
                Obstacle::Carried { .. } => ObstacleView::Carried {
                    appointment: carrier.map(|(id, _)| id.to_string()),
                    slot: carrier.map(|(_, slot)| board::slot(slot)),
                },
            },
        },
    }
}

/// Promise 4: what somebody of the studio has left with the sede.
pub(crate) fn deposit(deposit: &Deposit) -> TicketDeposit {
    TicketDeposit {
        date: time::date(civil_day(deposit.until.at())),
        for_a_place: matches!(deposit.until, Awaited::Place { .. }),
        by: deposit.by.as_ref().map(Person::to_string),
    }
}

pub(crate) const fn assessment(given: ReplyAssessment) -> AssessmentView {
    match given {
        ReplyAssessment::Unassessed => AssessmentView::Unassessed,
        ReplyAssessment::Satisfactory => AssessmentView::Satisfactory,
        ReplyAssessment::Unsatisfactory => AssessmentView::Unsatisfactory,
    }
}

pub(crate) fn message(message: &Message) -> MessageView {
    let at = Civil::at(message.at);
    MessageView {
        author: match message.author {
            Party::Studio => AuthorView::Studio,
            Party::Sede => AuthorView::Sede,
        },
        date: time::date(at.date()),
        time: time::clock(at),
        text: message.text.clone(),
        status: message.change.map(|change| match change {
            StatusChange::Opened => StatusView::Open,
            StatusChange::TakenInProgress => StatusView::InProgress,
            StatusChange::ClosedOk => StatusView::ClosedOk,
            StatusChange::ClosedKo => StatusView::ClosedKo,
            StatusChange::Withdrawn => StatusView::Withdrawn,
        }),
        files: message.files.clone(),
        reminder: message.reminder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{NaiveDate, TimeZone, Utc};
    use domain::eligibility::Waiting;
    use domain::topic::WaitingThreshold;

    #[test]
    fn every_answer_keeps_its_reason_and_its_figures() {
        let waiting = Waiting {
            days: 4,
            threshold: WaitingThreshold(5),
        };
        let on = NaiveDate::from_ymd_opt(2025, 11, 29).unwrap();
        assert_eq!(
            bookable(Eligibility::BookableFrom { on, waiting }, None),
            BookableView::From {
                on: "2025-11-29".into(),
                days: 4,
                threshold: 5
            }
        );
        let until = Utc.with_ymd_and_hms(2025, 11, 29, 9, 0, 0).unwrap();
        assert_eq!(
            bookable(Eligibility::NotBookable(Obstacle::Carried { until }), None),
            BookableView::No {
                obstacle: ObstacleView::Carried {
                    appointment: None,
                    slot: None
                }
            },
            "R18: of another studio's appointment only that there is one"
        );
    }

    #[test]
    fn a_withdrawn_ticket_says_so_whatever_its_status_was() {
        assert_eq!(status(TicketStatus::Open, true), StatusView::Withdrawn);
        assert_eq!(status(TicketStatus::InProgress, false), StatusView::InProgress);
    }
}

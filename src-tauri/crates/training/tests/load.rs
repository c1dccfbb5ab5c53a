//! What the loader tells a store, and whom it tells how far it got.
#![allow(clippy::unwrap_used, reason = "a test that fails shall say where")]

use std::sync::Mutex;

use async_trait::async_trait;
use chrono::NaiveDate;
use domain::appointment::SedeChange;
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, Matricola, StudioCode, TicketCode};
use domain::contact_request::ContactRequest;
use domain::content::Limits;
use domain::dossier::Entry;
use domain::point::ConsultationPoint;
use domain::studio_change::StudioChange;
use domain::ticket::Judgement;
use domain::time::Now;
use store::{
    AcknowledgeOutcome, Admission, AssessOutcome, Attempt, BookOutcome, BookRefusal, CalendarStore, CancelOutcome,
    ChangeOutcome, Cursor, DepositOutcome, DeskOutcome, EndOutcome, EnterOutcome, Offering, OpenOutcome, Page,
    PointOutcome, RemindOutcome, SedeDesk, StoreError, StudioProfile, TicketAct, Upload, UploadOutcome, Welcome,
    WithdrawOutcome,
};
use training::{Seed, Training};

/// Writes down what it is told; breaks down after so many admissions.
#[derive(Default)]
struct Listener {
    told: Mutex<Vec<String>>,
    tickets: Mutex<usize>,
    breaks_after: Option<usize>,
}

impl Listener {
    fn hear(&self, what: &str) {
        self.told.lock().unwrap().push(what.to_owned());
    }
}

fn unasked() -> StoreError {
    StoreError::Failed {
        reason: "nobody should ask this".to_owned(),
    }
}

#[async_trait]
impl SedeDesk for Listener {
    async fn publish(&self, offering: &Offering) -> Result<(), StoreError> {
        self.hear(&format!("{} sedi", offering.sedi.len()));
        Ok(())
    }

    async fn change_point(&self, _: &ConsultationPoint, _: &ConsultationPoint) -> Result<PointOutcome, StoreError> {
        Err(unasked())
    }

    async fn set_limits(&self, _: Limits) -> Result<(), StoreError> {
        Err(unasked())
    }

    async fn begin_new_life(&self) -> Result<(), StoreError> {
        Err(unasked())
    }

    async fn enrol(&self, studio: &StudioProfile) -> Result<(), StoreError> {
        self.hear(studio.code.as_str());
        Ok(())
    }

    async fn admit(&self, admission: &Admission) -> Result<(), StoreError> {
        if self.breaks_after == Some(self.told.lock().unwrap().len()) {
            return Err(StoreError::Unreachable {
                reason: "unplugged".to_owned(),
            });
        }
        *self.tickets.lock().unwrap() += admission.tickets.len();
        self.hear(if admission.companies.is_empty() {
            "tickets"
        } else {
            "companies"
        });
        Ok(())
    }

    async fn end_delegation(&self, _: &StudioCode, _: &Matricola, _: NaiveDate) -> Result<EndOutcome, StoreError> {
        Err(unasked())
    }

    async fn act(&self, _: &TicketCode, _: TicketAct, _: &str) -> Result<DeskOutcome, StoreError> {
        Err(unasked())
    }

    async fn tell(&self, _: AppointmentId, _: SedeChange, _: &str) -> Result<DeskOutcome, StoreError> {
        Err(unasked())
    }
}

#[async_trait]
impl CalendarStore for Listener {
    async fn hello(&self, _: u32) -> Result<Welcome, StoreError> {
        Err(unasked())
    }

    async fn pull(&self, _: Option<&Cursor>) -> Result<Page, StoreError> {
        Err(unasked())
    }

    async fn book(&self, _: Attempt, _: &Booking) -> Result<BookOutcome, StoreError> {
        self.hear("booking");
        Ok(BookOutcome::Refused {
            why: BookRefusal::UnknownPoint,
        })
    }

    async fn deposit(&self, _: Attempt, _: &Booking, _: bool) -> Result<DepositOutcome, StoreError> {
        Err(unasked())
    }

    async fn withdraw(&self, _: Attempt) -> Result<WithdrawOutcome, StoreError> {
        Err(unasked())
    }

    async fn change(&self, _: Attempt, _: AppointmentId, _: &StudioChange) -> Result<ChangeOutcome, StoreError> {
        Err(unasked())
    }

    async fn cancel(&self, _: Attempt, _: AppointmentId) -> Result<CancelOutcome, StoreError> {
        Err(unasked())
    }

    async fn assess_reply(&self, _: Attempt, _: &TicketCode, _: Judgement) -> Result<AssessOutcome, StoreError> {
        Err(unasked())
    }

    async fn open_ticket(&self, _: Attempt, _: &ContactRequest) -> Result<OpenOutcome, StoreError> {
        Err(unasked())
    }

    async fn remind(&self, _: Attempt, _: &TicketCode, _: &str) -> Result<RemindOutcome, StoreError> {
        Err(unasked())
    }

    async fn acknowledge(
        &self,
        _: Attempt,
        _: AppointmentId,
        _: CommunicationId,
    ) -> Result<AcknowledgeOutcome, StoreError> {
        Err(unasked())
    }

    async fn enter(&self, _: Attempt, _: &Entry) -> Result<EnterOutcome, StoreError> {
        Err(unasked())
    }

    async fn upload(&self, _: &Upload, _: u64, _: &[u8]) -> Result<UploadOutcome, StoreError> {
        Err(unasked())
    }
}

fn training() -> Training {
    Training::new(Seed(1), 1_200, Now::at("2026-11-23T08:41:00Z".parse().unwrap()))
}

#[tokio::test]
async fn a_store_hears_of_everything_before_what_names_it() {
    let (training, store) = (training(), Listener::default());
    let mut heard = Vec::new();
    training::load(&store, &store, &training, &mut |done, all| heard.push((done, all)))
        .await
        .unwrap();

    let all = training.admissions(1).tickets_in_all();
    assert_eq!(*store.tickets.lock().unwrap(), all as usize);
    assert!(heard.is_sorted() && heard.iter().all(|(_, of)| *of == all));
    assert_eq!((heard[0], heard.last()), ((0, all), Some(&(all, all))));
    let mut told = store.told.lock().unwrap().clone();
    told.dedup();
    assert_eq!(
        told,
        [
            "3 sedi",
            "STUDIO-RICCI",
            "STUDIO-BANDINI",
            "companies",
            "tickets",
            "booking"
        ]
    );
}

#[tokio::test]
async fn a_store_that_breaks_down_is_told_no_more() {
    let store = Listener {
        breaks_after: Some(5),
        ..Listener::default()
    };
    let mut last = (0, 0);
    let outcome = training::load(&store, &store, &training(), &mut |done, all| last = (done, all)).await;
    assert!(matches!(outcome, Err(StoreError::Unreachable { .. })));
    assert!(last.0 < last.1);
    assert!(!store.told.lock().unwrap().contains(&"booking".to_owned()));
}

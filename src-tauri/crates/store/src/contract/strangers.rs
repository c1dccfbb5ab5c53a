//! Promise 2: another studio's ids answer as ids that do not exist, in every call.

use domain::appointment::SedeChange;
use domain::code::{AppointmentId, TicketCode};
use domain::ticket::{Judgement, Outcome, ReplyAssessment};
use uuid::Uuid;

use super::Bench;
use super::uploads::{PDF, pdf, upload_of};
use super::world::{
    ALFA_1, Replica, THURSDAY, World, at, booking, closed, code, decided, refused, ripe,
};
use crate::{
    AcknowledgeOutcome, AssessOutcome, BookRefusal, CancelOutcome, CancelRefusal, UploadOutcome,
};

pub async fn another_studio_s_ticket_answers_as_an_unknown_one<B: Bench>() {
    let world = World::<B>::new().await;
    world.admit([closed(Outcome::Ok, ripe("LU-1", ALFA_1))]).await;
    let seen = world.everybody_sees().await;
    for ticket in ["LU-1", "LU-404"] {
        let ticket: TicketCode = code(ticket);
        let outcome = world.beta.book(decided(), &booking(&[ticket.as_str()], &[THURSDAY])).await;
        let why = refused(outcome.expect("an outcome"));
        assert_eq!(why, BookRefusal::UnknownTicket { ticket: ticket.clone() });
        let judgement = Judgement {
            assessment: ReplyAssessment::Unsatisfactory,
            closed_at: at("2026-11-20T12:00"),
        };
        let outcome = world.beta.assess_reply(decided(), &ticket, judgement).await;
        assert_eq!(outcome, Ok(AssessOutcome::UnknownTicket));
    }
    assert_eq!(world.everybody_sees().await, seen);
}

pub async fn another_studio_s_appointment_answers_as_an_unknown_one<B: Bench>() {
    let (world, appointment) = World::<B>::with_an_appointment().await;
    let label = "documenti".to_owned();
    world
        .desk
        .tell(appointment.id, SedeChange::Say { label }, "Portare il modello.")
        .await
        .expect("an outcome");
    let copy = Replica::pulled(&*world.alfa).await;
    let communication = copy.view.appointments[&appointment.id].communications[0].id;
    let seen = world.everybody_sees().await;
    for id in [appointment.id, AppointmentId::new(Uuid::now_v7())] {
        let outcome = world.beta.cancel(decided(), id).await.expect("an outcome");
        let why = CancelRefusal::UnknownAppointment;
        assert_eq!(outcome, CancelOutcome::Refused { why });
        let outcome = world.beta.acknowledge(decided(), id, communication).await;
        assert_eq!(outcome, Ok(AcknowledgeOutcome::UnknownCommunication));
    }
    assert_eq!(world.everybody_sees().await, seen);
}

pub async fn another_studio_s_file_answers_as_an_unknown_one<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let upload = upload_of(PDF);
    assert_eq!(world.alfa.upload(&upload, 0, PDF).await, Ok(UploadOutcome::Complete));
    let answer = world.beta.upload(&upload, 0, &[]).await;
    assert_eq!(answer, Ok(UploadOutcome::Partial { next: 0 }), "who knows a hash learns nothing by it");
    world.delegate("BETA", ALFA_1, "2026-01-01", None).await;
    let mut asked = booking(&["LU-1"], &[THURSDAY]);
    asked.content.attachments = vec![pdf(PDF)];
    let why = refused(world.beta.book(decided(), &asked).await.expect("an outcome"));
    assert_eq!(why, BookRefusal::AttachmentMissing { hash: upload.hash });
}

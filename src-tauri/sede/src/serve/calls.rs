//! The calls: each reads what was asked, does one thing at the store, and answers with its outcome.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::response::IntoResponse;
use domain::booking::Booking;
use domain::code::{AppointmentId, CommunicationId, ContentHash};
use domain::contact_request::ContactRequest;
use domain::dossier::Entry;
use domain::studio_change::StudioChange;
use serde::de::DeserializeOwned;
use store::{
    AcknowledgeOutcome, AssessOutcome, Attempt, BookOutcome, CancelOutcome, ChangeOutcome, DepositOutcome,
    EnterOutcome, OpenOutcome, Page, RedeemOutcome, RemindOutcome, StoreError, Upload, UploadOutcome, Welcome,
    WithdrawOutcome,
};
use store_http::api::{
    Answer, Assessment, Deposition, Greeting, IDEMPOTENCY_KEY, IdempotencyKey, PieceOf, Problem, ProblemKind, PullFrom,
    Redemption, Reminding,
};

use super::admission::{Admitted, Bearer};
use super::body::{Json, Nothing, Octets};
use super::connections::{Activity, Peer};
use super::hints;
use super::problem::Refused;
use super::server::Server;

type Answered<T> = Result<axum::Json<T>, Refused>;

/// The idempotency key of a write.
pub(crate) struct Key(Attempt);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(ProblemKind::KeyMissing.into());
        };
        let key = value.to_str().ok().and_then(|text| text.parse::<IdempotencyKey>().ok());
        key.map(|IdempotencyKey(attempt)| Self(attempt))
            .ok_or_else(|| ProblemKind::KeyMissing.into())
    }
}

/// What stands after the question mark.
pub(crate) struct Asked<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(_) => Err(malformed("The query can't be read.")),
        }
    }
}

/// What stands in the path.
pub(crate) struct Named<T>(T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(malformed("The path holds something that is no id.")),
        }
    }
}

fn malformed(detail: &str) -> Refused {
    Problem::new(ProblemKind::Malformed).with_detail(detail).into()
}

/// Opens a session.
#[utoipa::path(get, path = store_http::api::path::HELLO, tag = "session", params(Greeting), responses(
    (status = 200, body = Welcome),
    (status = 409, description = "incompatible", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn hello(
    admitted: Admitted,
    Asked(greeting): Asked<Greeting>,
    State(server): State<Arc<Server>>,
) -> Answered<Welcome> {
    Ok(axum::Json(server.call(admitted.store.hello(greeting.version)).await?))
}

/// The next page of what changed.
#[utoipa::path(get, path = store_http::api::path::CHANGES, tag = "feed", params(PullFrom), responses(
    (status = 200, body = Page),
    (status = 410, description = "epoch-changed", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn changes(
    admitted: Admitted,
    Asked(from): Asked<PullFrom>,
    State(server): State<Arc<Server>>,
) -> Answered<Page> {
    Ok(axum::Json(server.call(admitted.store.pull(from.after.as_ref())).await?))
}

/// Books an appointment (R1 to R11).
#[utoipa::path(post, path = store_http::api::path::APPOINTMENTS, tag = "appointments", request_body = Booking,
    params(("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = BookOutcome),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn book(
    admitted: Admitted,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    Json(booking): Json<Booking>,
) -> Answered<BookOutcome> {
    let outcome = server.call(admitted.store.book(attempt, &booking)).await?;
    server.notifier.wrote();
    Ok(axum::Json(outcome))
}

/// Leaves a booking with the store, which lets it go out by itself: when its tickets are ripe (R4), and, where it waits, when
/// a place comes free. Asked again, it says how it stands.
#[utoipa::path(post, path = store_http::api::path::DEPOSITS, tag = "appointments", request_body = Deposition,
    params(("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = DepositOutcome),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn deposit(
    admitted: Admitted,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    Json(Deposition { booking, waits }): Json<Deposition>,
) -> Answered<DepositOutcome> {
    let outcome = server.call(admitted.store.deposit(attempt, &booking, waits)).await?;
    server.notifier.wrote();
    Ok(axum::Json(outcome))
}

/// Takes an attempt to book back, deposited or not: nothing comes of it any more, even if it arrives later.
#[utoipa::path(post, path = store_http::api::path::WITHDRAWALS, tag = "appointments",
    params(("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\", of what is taken back")), responses(
    (status = 200, body = WithdrawOutcome),
))]
pub(crate) async fn withdraw(
    admitted: Admitted,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    Nothing: Nothing,
) -> Answered<WithdrawOutcome> {
    let outcome = server.call(admitted.store.withdraw(attempt)).await?;
    server.notifier.wrote();
    Ok(axum::Json(outcome))
}

/// Changes an appointment of the studio's (R14, R17).
#[utoipa::path(post, path = store_http::api::path::CHANGE, tag = "appointments", request_body = StudioChange, params(
    ("appointment" = uuid::Uuid, Path), ("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = ChangeOutcome),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn change(
    admitted: Admitted,
    Named(appointment): Named<AppointmentId>,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    Json(change): Json<StudioChange>,
) -> Answered<ChangeOutcome> {
    let outcome = server
        .call(admitted.store.change(attempt, appointment, &change))
        .await?;
    server.notifier.wrote();
    Ok(axum::Json(outcome))
}

/// Cancels an appointment for the studio (R14).
#[utoipa::path(post, path = store_http::api::path::CANCELLATION, tag = "appointments", params(
    ("appointment" = uuid::Uuid, Path), ("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = CancelOutcome),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn cancel(
    admitted: Admitted,
    Named(appointment): Named<AppointmentId>,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    _: Nothing,
) -> Answered<CancelOutcome> {
    let outcome = server.call(admitted.store.cancel(attempt, appointment)).await?;
    server.notifier.wrote();
    Ok(axum::Json(outcome))
}

/// Records that the studio read a communication (R13).
#[utoipa::path(post, path = store_http::api::path::ACKNOWLEDGEMENT, tag = "appointments", params(
    ("appointment" = uuid::Uuid, Path), ("communication" = uuid::Uuid, Path),
    ("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = Answer<AcknowledgeOutcome>),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn acknowledge(
    admitted: Admitted,
    Named((appointment, communication)): Named<(AppointmentId, CommunicationId)>,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    _: Nothing,
) -> Answered<Answer<AcknowledgeOutcome>> {
    let call = admitted.store.acknowledge(attempt, appointment, communication);
    let outcome = server.call(call).await?;
    server.notifier.wrote();
    Ok(axum::Json(Answer { outcome }))
}

/// Records the studio's judgement on a reply (R3).
#[utoipa::path(post, path = store_http::api::path::ASSESSMENTS, tag = "tickets", request_body = Assessment,
    params(("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = Answer<AssessOutcome>),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn assess(
    admitted: Admitted,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    Json(Assessment { ticket, judgement }): Json<Assessment>,
) -> Answered<Answer<AssessOutcome>> {
    let call = admitted.store.assess_reply(attempt, &ticket, judgement);
    let outcome = server.call(call).await?;
    server.notifier.wrote();
    Ok(axum::Json(Answer { outcome }))
}

/// Enters something into a dossier: what the people of a studio keep about a ticket or an appointment among themselves.
#[utoipa::path(post, path = store_http::api::path::DOSSIERS, tag = "dossiers", request_body = Entry,
    params(("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = EnterOutcome),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn enter(
    admitted: Admitted,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    Json(entry): Json<Entry>,
) -> Answered<EnterOutcome> {
    let outcome = server.call(admitted.store.enter(attempt, &entry)).await?;
    server.notifier.wrote();
    Ok(axum::Json(outcome))
}

/// Opens a ticket: what a studio asks about a position (S2, R2, R10).
#[utoipa::path(post, path = store_http::api::path::TICKETS, tag = "tickets", request_body = ContactRequest,
    params(("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = OpenOutcome),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn open_ticket(
    admitted: Admitted,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    Json(request): Json<ContactRequest>,
) -> Answered<OpenOutcome> {
    let outcome = server.call(admitted.store.open_ticket(attempt, &request)).await?;
    server.notifier.wrote();
    Ok(axum::Json(outcome))
}

/// Reminds the sede of a ticket that it has not answered within the promised days (S5).
#[utoipa::path(post, path = store_http::api::path::REMINDERS, tag = "tickets", request_body = Reminding,
    params(("Idempotency-Key" = String, Header, description = "\"DECISION/NUMBER\"")), responses(
    (status = 200, body = RemindOutcome),
    (status = 422, description = "attempt-reused", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn remind(
    admitted: Admitted,
    Key(attempt): Key,
    State(server): State<Arc<Server>>,
    Json(Reminding { ticket, words }): Json<Reminding>,
) -> Answered<RemindOutcome> {
    let call = admitted.store.remind(attempt, &ticket, &words);
    let outcome = server.call(call).await?;
    server.notifier.wrote();
    Ok(axum::Json(outcome))
}

/// Takes a piece of a file; an empty one asks how much is there (R10).
#[utoipa::path(put, path = store_http::api::path::UPLOAD, tag = "files",
    params(("hash" = String, Path, description = "SHA-256 of the whole content, in hexadecimal"), PieceOf),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, body = UploadOutcome),
    (status = 413, description = "body-too-large", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn upload(
    admitted: Admitted,
    Named(hash): Named<ContentHash>,
    Asked(PieceOf { bytes, kind, offset }): Asked<PieceOf>,
    State(server): State<Arc<Server>>,
    Octets(piece): Octets,
) -> Answered<UploadOutcome> {
    let upload = Upload { hash, bytes, kind };
    Ok(axum::Json(
        server.call(admitted.store.upload(&upload, offset, &piece)).await?,
    ))
}

/// Server-sent events named `hint`: something may have changed, pull.
#[utoipa::path(get, path = store_http::api::path::HINTS, tag = "feed", responses(
    (status = 200, description = "events without content, named hint", content_type = "text/event-stream", body = String),
))]
pub(crate) async fn watch(
    admitted: Admitted,
    Bearer(token): Bearer,
    State(server): State<Arc<Server>>,
    axum::Extension(activity): axum::Extension<Activity>,
) -> Result<impl IntoResponse, Refused> {
    let studio = &admitted.device.studio;
    let newest = server.call(server.backing.newest(std::slice::from_ref(studio))).await?;
    let newest = newest.first().copied().unwrap_or_default();
    let listening = server
        .notifier
        .listen(studio, newest)
        .ok_or(StoreError::Busy { seconds: 60 })?;
    Ok(hints::stream(server, token, listening, activity.begins()))
}

/// Trades an invitation for the admission of the device whose new token stands in `Authorization`.
#[utoipa::path(post, path = store_http::api::path::DEVICES, tag = "session", request_body = Redemption, responses(
    (status = 200, body = RedeemOutcome),
    (status = 429, description = "too-many-requests", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn redeem(
    axum::Extension(Peer(peer)): axum::Extension<Peer>,
    Bearer(token): Bearer,
    State(server): State<Arc<Server>>,
    Json(Redemption { invitation, device }): Json<Redemption>,
) -> Answered<RedeemOutcome> {
    server.rates.redemption(peer.ip())?;
    let register = server.backing.register();
    let outcome = server.call(register.redeem(&invitation, &device, &token)).await?;
    if let RedeemOutcome::Admitted { admitted } = &outcome {
        tracing::info!(device = %admitted.device, studio = %admitted.studio, "a device was admitted");
    }
    Ok(axum::Json(outcome))
}

/// What a kind of problem means: where its `type` leads.
pub(crate) async fn problem(Path(name): Path<String>) -> Result<String, Refused> {
    let kind = ProblemKind::ALL.iter().find(|kind| kind.name() == name);
    kind.map(|kind| format!("{} ({}): {}\n", kind.name(), kind.status(), kind.title()))
        .ok_or_else(|| ProblemKind::NotFound.into())
}

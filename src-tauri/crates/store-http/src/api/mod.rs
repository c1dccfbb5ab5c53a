//! What the desktop and the server say to each other: paths, headers and bodies.
//!
//! The bodies are the types of `store` and `domain` as JSON; here is only what HTTP adds to them. Whatever the rules
//! foresee, refusals too, is answered with 200 and an outcome; what nobody can answer for is a [`Problem`] (RFC 9457).

mod key;
mod problem;

use domain::attachment::FileKind;
use domain::booking::Booking;
use domain::code::TicketCode;
use domain::ticket::Judgement;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use store::{Cursor, DeviceName, InvitationCode};

pub use key::IdempotencyKey;
pub use problem::{Problem, ProblemKind};

/// Where each thing is asked, as both sides write it.
pub mod path {
    /// `GET`, with [`super::Greeting`]: a session opens.
    pub const HELLO: &str = "/api/v1/hello";
    /// `GET`, with [`super::PullFrom`]: what changed.
    pub const CHANGES: &str = "/api/v1/changes";
    /// `POST` a booking, with an idempotency key.
    pub const APPOINTMENTS: &str = "/api/v1/appointments";
    /// `POST` a [`super::Deposition`], with an idempotency key: promise 4.
    pub const DEPOSITS: &str = "/api/v1/deposits";
    /// `POST` nothing, with the idempotency key of what is taken back.
    pub const WITHDRAWALS: &str = "/api/v1/withdrawals";
    /// `POST` a change, with an idempotency key: R14, R17.
    pub const CHANGE: &str = "/api/v1/appointments/{appointment}/changes";
    /// `POST` nothing, with an idempotency key: R14.
    pub const CANCELLATION: &str = "/api/v1/appointments/{appointment}/cancellation";
    /// `POST` nothing, with an idempotency key: R13.
    pub const ACKNOWLEDGEMENT: &str =
        "/api/v1/appointments/{appointment}/communications/{communication}/acknowledgement";
    /// `POST` an [`super::Assessment`], with an idempotency key: R3. (The code of a ticket may hold a slash, so it stands
    /// in no path.)
    pub const ASSESSMENTS: &str = "/api/v1/assessments";
    /// `POST` an [`Entry`](domain::dossier::Entry), with an idempotency key.
    pub const DOSSIERS: &str = "/api/v1/dossiers";
    /// `POST` a contact request, with an idempotency key: it becomes a ticket.
    pub const TICKETS: &str = "/api/v1/tickets";
    /// `POST` a [`super::Reminding`], with an idempotency key: S5.
    pub const REMINDERS: &str = "/api/v1/reminders";
    /// `PUT` a piece of a file, with [`super::PieceOf`]: R10.
    pub const UPLOAD: &str = "/api/v1/uploads/{hash}";
    /// `GET`: server-sent events named [`super::HINT`].
    pub const HINTS: &str = "/api/v1/hints";
    /// `POST` a [`super::Redemption`]; the token that shall be admitted stands where a token always stands.
    pub const DEVICES: &str = "/api/v1/devices";
    /// `GET`: the description of all this.
    pub const OPENAPI: &str = "/api/openapi.json";
    /// Below this, `GET` says what a kind of problem means: the `type` of a [`super::Problem`] is such a path.
    pub const PROBLEMS: &str = "/api/problems/";
}

/// The header of an [`IdempotencyKey`].
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The name of the event that says that something may have changed.
pub const HINT: &str = "hint";

/// Bytes of the largest piece of a file that is taken.
pub const LARGEST_PIECE: usize = 1024 * 1024;

/// Bytes of the largest body of any other request.
pub const LARGEST_REQUEST: usize = 64 * 1024;

/// How a session opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct Greeting {
    /// The version of the contract that the client speaks.
    pub version: u32,
}

/// From where to pull.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct PullFrom {
    /// The cursor of the page before; from the beginning without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub after: Option<Cursor>,
}

/// Which file a piece is of, and where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct PieceOf {
    /// Size of the whole file.
    pub bytes: u64,
    /// What the file is by content.
    #[cfg_attr(feature = "openapi", param(inline))]
    pub kind: FileKind,
    /// Where the piece begins.
    pub offset: u64,
}

/// A booking that is left with the store (promise 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deposition {
    /// The booking.
    pub booking: Booking,
    /// Whether it waits for a place, too, where all are taken.
    #[serde(default)]
    pub waits: bool,
}

/// A judgement on the reply to a ticket (R3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assessment {
    /// The ticket.
    pub ticket: TicketCode,
    /// What the studio thinks of the reply.
    pub judgement: Judgement,
}

/// A reminder of a ticket (S5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reminding {
    /// The ticket.
    pub ticket: TicketCode,
    /// Words of the studio, or none.
    #[serde(default)]
    pub words: String,
}

/// An outcome that is one word, as an object: room for more later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer<T> {
    /// The outcome.
    pub outcome: T,
}

/// An invitation that is traded for the admission of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Redemption {
    /// What the person typed.
    #[serde(serialize_with = "revealed", deserialize_with = "typed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "K7QP-2M8X-0ZRD-5TWN"))]
    pub invitation: InvitationCode,
    /// What the device calls itself: 1 to 80 characters.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 80))]
    pub device: DeviceName,
}

fn revealed<S: Serializer>(code: &InvitationCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&code.reveal())
}

fn typed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<InvitationCode, D::Error> {
    // What was typed is not repeated in the error: it may be nearly right.
    String::deserialize(deserializer)?
        .parse()
        .map_err(|_| serde::de::Error::custom("not a well-formed invitation"))
}

//! Codes with a format, and ids. Parsed once, at the edge; a value of these types is well formed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A text that is not a code of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed {kind}")]
pub struct MalformedCode {
    /// Name of the type that refused it.
    pub kind: &'static str,
}

macro_rules! text_code {
    ($(#[$doc:meta])* $name:ident, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The code as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = MalformedCode;

            fn from_str(text: &str) -> Result<Self, MalformedCode> {
                let valid: fn(&str) -> bool = $valid;
                let text = text.trim().to_ascii_uppercase();
                if valid(&text) {
                    Ok(Self(text.into_boxed_str()))
                } else {
                    Err(MalformedCode { kind: stringify!($name) })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = MalformedCode;

            fn try_from(text: String) -> Result<Self, MalformedCode> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

fn label(text: &str, longest: usize) -> bool {
    text.len() <= longest
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.' | b'_'))
}

text_code!(
    /// *Codice fiscale* of a company: 11 digits, or 16 letters and digits.
    FiscalCode,
    |text| digits(text, 11) || (text.len() == 16 && text.bytes().all(|b| b.is_ascii_alphanumeric()))
);
text_code!(
    /// *Matricola* of a contribution position: ten digits.
    Matricola,
    |text| digits(text, 10)
);
text_code!(
    /// Code of a ticket, `LU-48213`: up to 32 letters, digits, `-`, `/`, `.` and `_`, the first a letter or digit.
    TicketCode,
    |text| label(text, 32)
);
text_code!(
    /// Code of a sede, `LU`.
    SedeCode,
    |text| label(text, 8)
);
text_code!(
    /// Code of a consultation point, `LU-AZIENDE`.
    PointCode,
    |text| label(text, 32)
);
text_code!(
    /// Code of a topic, `DEN-UNI-VAR`.
    TopicCode,
    |text| label(text, 32)
);
text_code!(
    /// Code of a studio, as the sede's administrator named it.
    StudioCode,
    |text| label(text, 32)
);
text_code!(
    /// The identifier that the sede knows an appointment by (S4), `LU-A-000123`.
    AppointmentCode,
    |text| label(text, 32)
);

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = Uuid))]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made elsewhere (version 7 by those who make new ones).
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = MalformedCode;

            fn from_str(text: &str) -> Result<Self, MalformedCode> {
                Uuid::try_parse(text).map(Self).map_err(|_| MalformedCode { kind: stringify!($name) })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id!(
    /// Identity of something a person decided, made when it was decided: the idempotency key of every write.
    DecisionId
);
uuid_id!(
    /// Identity of a draft.
    DraftId
);
uuid_id!(
    /// Identity of an appointment.
    AppointmentId
);
uuid_id!(
    /// Identity of a communication of the sede.
    CommunicationId
);

/// SHA-256 of a file's content: the name of an attachment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9a-f]{64}$"))]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of `content`.
    pub fn of(content: &[u8]) -> Self {
        Self(Sha256::digest(content).into())
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Wraps a digest computed piece by piece.
    pub const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

impl FromStr for ContentHash {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        let malformed = MalformedCode { kind: "ContentHash" };
        if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(malformed);
        }
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| malformed.clone())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| malformed.clone())?;
        }
        Ok(Self(digest))
    }
}

impl TryFrom<String> for ContentHash {
    type Error = MalformedCode;

    fn try_from(text: String) -> Result<Self, MalformedCode> {
        text.parse()
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> String {
        hash.to_string()
    }
}

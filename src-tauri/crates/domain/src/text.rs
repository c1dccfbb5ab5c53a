//! Texts that people write, within limits: parsed once, at the edge.

/// Declares a text of 1 to `$longest` characters around which there is no white space, of characters that `$is_text` takes.
macro_rules! written {
    ($(#[$doc:meta])* $name:ident, $longest:literal, $is_text:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The most characters.
            pub const LONGEST: usize = $longest;

            /// As it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::code::MalformedCode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let is_text: fn(char) -> bool = $is_text;
                let text = text.trim();
                if (1..=Self::LONGEST).contains(&text.chars().count()) && text.chars().all(is_text) {
                    Ok(Self(text.into()))
                } else {
                    Err($crate::code::MalformedCode { kind: stringify!($name) })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::code::MalformedCode;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0.into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use written;

/// What may stand in one line.
pub(crate) fn in_a_line(c: char) -> bool {
    !c.is_control()
}

/// What may stand in several lines. A character that is no text can't be kept by every store.
pub(crate) fn in_lines(c: char) -> bool {
    in_a_line(c) || matches!(c, '\n' | '\r' | '\t')
}

//! The idempotency key: a decision and how many times it has been asked.

use std::fmt;
use std::str::FromStr;

use domain::code::MalformedCode;
use store::Attempt;

/// An [`Attempt`] as a header holds it: `"0199c5a8-…/1"`, a string of RFC 8941 as the draft of `Idempotency-Key` wants it;
/// read also without the quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey(pub Attempt);

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}/{}\"", self.0.decision, self.0.number)
    }
}

impl FromStr for IdempotencyKey {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        let malformed = MalformedCode { kind: "IdempotencyKey" };
        let bare = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .unwrap_or(text);
        let (decision, number) = bare.split_once('/').ok_or_else(|| malformed.clone())?;
        match (decision.parse(), number.parse()) {
            (Ok(decision), Ok(number)) if number > 0 && !bare.contains('+') => Ok(Self(Attempt { decision, number })),
            _ => Err(malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let text = "\"0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12/3\"";
        let key: IdempotencyKey = text.parse().expect("a key");
        assert_eq!(key.0.number, 3);
        assert_eq!(key.to_string(), text);
        assert_eq!(text.trim_matches('"').parse(), Ok(key), "quotes may be left out");
    }

    #[test]
    fn anything_else_is_no_key() {
        for text in [
            "",
            "\"",
            "/1",
            "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12",
            "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12/",
            "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12/0",
            "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12/-1",
            "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12/+1",
            "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12/4294967296",
            "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12/1/1",
        ] {
            assert!(text.parse::<IdempotencyKey>().is_err(), "{text}");
        }
    }
}

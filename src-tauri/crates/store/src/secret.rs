//! Secrets of devices: made from the system's random bytes, shown to nobody by accident.
//!
//! Neither has a `Debug` or a `Display` that tells it; memory that held one is wiped. A store keeps only their hashes: both
//! are long enough (80 and 256 bits) that a plain SHA-256 can't be turned back.

use std::fmt;
use std::str::FromStr;

use domain::code::MalformedCode;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Crockford's base 32: no letter that is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// SHA-256 of a secret, bound to what the secret is for: what a store keeps of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    fn of(purpose: &str, secret: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(purpose.as_bytes());
        hasher.update([0]);
        hasher.update(secret);
        Self(hasher.finalize().into())
    }

    /// Its bytes, as they are stored.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// What a person types once to admit a device: `K7QP-2M8X-0ZRD-5TWN`, four groups of Crockford's base 32, 80 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode(Zeroizing<[u8; 10]>);

/// What a device proves itself with: 256 bits, made by the device and kept in its keyring before anybody hears of it.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken(Zeroizing<[u8; 32]>);

macro_rules! secret {
    ($name:ident, $bytes:literal, $group:expr) => {
        impl $name {
            /// A new one, from the random bytes of the operating system.
            ///
            /// # Panics
            /// Where the system has no random bytes: nothing safe can be done then.
            pub fn random() -> Self {
                let mut bytes = Zeroizing::new([0; $bytes]);
                getrandom::fill(bytes.as_mut_slice()).expect("the operating system has random bytes");
                Self(bytes)
            }

            /// What a store keeps of it.
            pub fn hash(&self) -> SecretHash {
                SecretHash::of(stringify!($name), self.0.as_slice())
            }

            /// The secret itself, as text: for the one who must have it, never for a log.
            pub fn reveal(&self) -> Zeroizing<String> {
                encoded(self.0.as_slice(), $group)
            }
        }

        impl FromStr for $name {
            type Err = MalformedCode;

            fn from_str(text: &str) -> Result<Self, MalformedCode> {
                let mut bytes = Zeroizing::new([0; $bytes]);
                decode(text, bytes.as_mut_slice())
                    .map(|()| Self(bytes))
                    .ok_or(MalformedCode {
                        kind: stringify!($name),
                    })
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

secret!(InvitationCode, 10, 4);
secret!(DeviceToken, 32, usize::MAX);

/// `bytes` as symbols, with a dash after each `group` of them.
fn encoded(bytes: &[u8], group: usize) -> Zeroizing<String> {
    let symbols = (bytes.len() * 8).div_ceil(5);
    // Never grown: a text that moves leaves a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(symbols * 2));
    for index in 0..symbols {
        if index > 0 && index % group == 0 {
            text.push('-');
        }
        let value = (0..5).fold(0_usize, |value, bit| {
            let at = index * 5 + bit;
            let set = bytes.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0);
            (value << 1) | usize::from(set)
        });
        text.push(char::from(ALPHABET[value]));
    }
    text
}

/// Fills `bytes` from `text`: dashes and blanks are passed over, small letters are large ones, `O` is 0, `I` and `L` are 1.
fn decode(text: &str, bytes: &mut [u8]) -> Option<()> {
    let mut at = 0;
    for symbol in text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')) {
        let symbol = match symbol.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        };
        let value = ALPHABET.iter().position(|known| *known == symbol)?;
        for bit in 0..5 {
            let set = value & (0x10 >> bit) != 0;
            match bytes.get_mut(at / 8) {
                Some(byte) if set => *byte |= 0x80 >> (at % 8),
                // The last symbol may have bits to spare, which are zero.
                None if set => return None,
                _ => {}
            }
            at += 1;
        }
    }
    (at >= bytes.len() * 8 && at < bytes.len() * 8 + 5).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_read_back() {
        for _ in 0..200 {
            let (code, token) = (InvitationCode::random(), DeviceToken::random());
            assert!(code.reveal().parse::<InvitationCode>() == Ok(code));
            assert!(token.reveal().parse::<DeviceToken>() == Ok(token));
        }
    }

    #[test]
    fn a_code_is_four_groups_of_four_and_a_token_one_word() {
        let code = InvitationCode::random().reveal();
        assert!(
            code.split('-').map(str::len).eq([4; 4]),
            "groups that a person can type"
        );
        assert_eq!(DeviceToken::random().reveal().len(), 52);
        assert!(!DeviceToken::random().reveal().contains('-'));
    }

    #[test]
    fn a_code_may_be_typed_carelessly() {
        let code: InvitationCode = "0123-4567-89AB-1CDE".parse().expect("a code");
        for typed in [
            "0123456789ab1cde",
            " o123 4567 89AB lcde ",
            "O-1-2-3-4-5-6-7-8-9-a-b-I-c-d-e",
        ] {
            assert!(typed.parse() == Ok(code.clone()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for typed in [
            "",
            "0123-4567-89AB-1CD",
            "0123-4567-89AB-1CDEF",
            "0123-4567-89AB-1CDU",
            "0123_4567_89AB_1CDE",
            "0123-4567-89AB-1CD\u{0}",
            "０１２３-4567-89AB-1CDE",
        ] {
            assert!(typed.parse::<InvitationCode>().is_err(), "{typed}");
        }
        // 52 symbols are 260 bits: the four to spare must be zero, so that one token has one text.
        let token = DeviceToken::random().reveal();
        let spoilt = format!("{}Z", &token[..51]);
        assert!(spoilt.parse::<DeviceToken>().is_err());
    }

    #[test]
    fn neither_shows_in_what_is_printed_for_debugging() {
        assert_eq!(format!("{:?}", InvitationCode::random()), "InvitationCode(…)");
        assert_eq!(format!("{:?}", Some(DeviceToken::random())), "Some(DeviceToken(…))");
    }

    #[test]
    fn a_hash_is_bound_to_what_the_secret_is_for() {
        let bytes = [7; 32];
        assert_ne!(
            SecretHash::of("InvitationCode", &bytes),
            SecretHash::of("DeviceToken", &bytes)
        );
    }
}

//! Codes and ids: parsed once, at the edge.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use domain::code::{
    AppointmentCode, AppointmentId, CommunicationId, ContentHash, DecisionId, DraftId, FiscalCode, Matricola,
    PointCode, SedeCode, StudioCode, TicketCode, TopicCode,
};
use domain::company::Delegation;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::given::{day, position};

fn well_formed<T>(text: &str, written: &str)
where
    T: FromStr<Err: Debug> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let code: T = text.parse().unwrap();
    assert_eq!(code.to_string(), written);
    assert_eq!(
        written.parse::<T>().unwrap(),
        code,
        "a code as written is the same code"
    );
    let json = serde_json::to_string(&code).unwrap();
    assert_eq!(json, format!("\"{written}\""));
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), code);
}

fn malformed<T>(text: &str)
where
    T: FromStr<Err: Display> + Debug + DeserializeOwned,
{
    let name = std::any::type_name::<T>().rsplit("::").next().unwrap();
    let error = text.parse::<T>().expect_err(text);
    assert_eq!(error.to_string(), format!("not a well-formed {name}"));
    assert!(
        serde_json::from_value::<T>(text.into()).is_err(),
        "{text:?} came in by JSON"
    );
}

#[test]
fn a_fiscal_code_has_eleven_digits_or_sixteen_characters() {
    well_formed::<FiscalCode>("01234567890", "01234567890");
    well_formed::<FiscalCode>(" rssmra80a01h501u ", "RSSMRA80A01H501U");
    for text in [
        "",
        "0123456789",
        "012345678901",
        "0123456789A",
        "RSSMRA80A01H501",
        "RSSMRA80A01H501UX",
        "RSSMRA80A01H501-",
        "RSSMRA80A01H50ı",
        "٠١٢٣٤٥٦٧٨٩٠",
        "012 4567890",
    ] {
        malformed::<FiscalCode>(text);
    }
}

#[test]
fn a_matricola_has_ten_digits() {
    well_formed::<Matricola>("4601234567", "4601234567");
    for text in ["", "460123456", "46012345678", "460123456A", "46 1234567", "-601234567"] {
        malformed::<Matricola>(text);
    }
}

#[test]
fn other_codes_begin_with_a_letter_or_digit_and_are_not_too_long() {
    well_formed::<TicketCode>("lu-48213", "LU-48213");
    well_formed::<TicketCode>("2026/0001.A_b", "2026/0001.A_B");
    well_formed::<SedeCode>("LU", "LU");
    well_formed::<SedeCode>("12345678", "12345678");
    well_formed::<PointCode>("LU-AZIENDE", "LU-AZIENDE");
    well_formed::<TopicCode>("DEN-UNI-VAR", "DEN-UNI-VAR");
    well_formed::<StudioCode>("BIANCHI", "BIANCHI");
    well_formed::<AppointmentCode>("LU-A-000123", "LU-A-000123");
    well_formed::<TicketCode>(&"A".repeat(32), &"A".repeat(32));
    malformed::<SedeCode>("123456789");
    for text in [
        "",
        " ",
        "..",
        ".",
        "/etc",
        "-rf",
        "_",
        "LU 48213",
        "LU\u{0}",
        "LÙ",
        "LU\\1",
        "LU:1",
        "ſ",
        "ı",
        "LU'--",
        "🙂",
        &"A".repeat(33),
    ] {
        malformed::<TicketCode>(text);
        malformed::<PointCode>(text);
        malformed::<TopicCode>(text);
        malformed::<StudioCode>(text);
        malformed::<AppointmentCode>(text);
        malformed::<SedeCode>(text);
    }
    let code: TicketCode = "lu-1".parse().unwrap();
    assert_eq!(code.as_str(), "LU-1");
    assert_eq!(String::from(code), "LU-1");
}

#[test]
fn a_content_hash_is_sha_256_in_small_hexadecimal() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    well_formed::<ContentHash>(empty, empty);
    assert_eq!(ContentHash::of(b"").to_string(), empty);
    assert_eq!(format!("{:?}", ContentHash::of(b"")), format!("ContentHash({empty})"));
    let mut digest = [0; 32];
    digest[0] = 0xe3;
    assert!(ContentHash::from_digest(digest).to_string().starts_with("e300"));
    for text in [
        "",
        &empty[1..],
        &format!("{empty}0"),
        &empty.to_uppercase(),
        &empty.replace('e', "g"),
        &"+1".repeat(32),
    ] {
        malformed::<ContentHash>(text);
    }
}

#[test]
fn an_id_is_a_uuid() {
    let text = "0193570e-6c2e-7d5a-9a51-3f1b2c3d4e5f";
    well_formed::<DecisionId>(text, text);
    well_formed::<DraftId>(text, text);
    well_formed::<AppointmentId>(text, text);
    well_formed::<CommunicationId>(text, text);
    malformed::<DecisionId>("");
    malformed::<DraftId>("0193570e");
    malformed::<AppointmentId>("0193570e-6c2e-7d5a-9a51-3f1b2c3d4e5g");
    malformed::<CommunicationId>("1; drop table");
    let id = Uuid::from_u128(7);
    assert_eq!(DecisionId::new(id).uuid(), id);
}

#[test]
fn a_delegation_is_active_from_its_first_to_its_last_day() {
    let delegation = |until: Option<&str>| Delegation {
        position: position(1),
        from: day("2026-07-01"),
        until: until.map(day),
    };
    for (on, until, active) in [
        ("2026-06-30", None, false),
        ("2026-07-01", None, true),
        ("2036-07-01", None, true),
        ("2026-07-31", Some("2026-07-31"), true),
        ("2026-08-01", Some("2026-07-31"), false),
        ("2026-07-01", Some("2026-07-01"), true),
        ("2026-06-30", Some("2026-07-31"), false),
    ] {
        assert_eq!(
            delegation(until).active_on(day(on)),
            active,
            "R2: on {on}, until {until:?}"
        );
    }
}

proptest! {
    #[test]
    fn codes_survive_text_and_json(
        text in "[A-Z0-9][-A-Z0-9/._]{0,31}",
        digits in "[0-9]{11}",
        person in "[A-Z0-9]{16}",
        bytes in any::<[u8; 32]>(),
        id in any::<u128>(),
    ) {
        well_formed::<TicketCode>(&text, &text);
        well_formed::<PointCode>(&text.to_lowercase(), &text);
        well_formed::<FiscalCode>(&digits, &digits);
        well_formed::<FiscalCode>(&person, &person);
        well_formed::<Matricola>(&digits[..10], &digits[..10]);
        let hash = ContentHash::from_digest(bytes).to_string();
        well_formed::<ContentHash>(&hash, &hash);
        let id = Uuid::from_u128(id).to_string();
        well_formed::<DecisionId>(&id, &id);
    }

    #[test]
    fn no_text_stops_the_parsers(text in "\\PC{0,70}") {
        let _ = text.parse::<FiscalCode>();
        let _ = text.parse::<TicketCode>();
        let _ = text.parse::<ContentHash>();
        let _ = text.parse::<DraftId>();
    }
}

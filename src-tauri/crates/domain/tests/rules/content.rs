//! R9, R10: notes, contact and files, and their limits.

use domain::Rule;
use domain::content::{Breach, Content, Limits, breaches};
use proptest::prelude::*;

use crate::given::{content, file};

fn broken(content: &Content) -> Vec<Breach> {
    breaches(content, &Limits::default())
}

fn with_phone(phone: &str) -> Content {
    let mut content = content();
    content.contact.phone = phone.into();
    content
}

fn with_email(email: &str) -> Content {
    let mut content = content();
    content.contact.phone.clear();
    content.contact.email = email.into();
    content
}

#[test]
fn the_limits_are_those_of_the_rules() {
    assert_eq!(
        Limits::default(),
        Limits {
            notes_max: 500,
            files_max: 3,
            file_bytes_max: 3_145_728,
            studio_bytes_max: 21_474_836_480,
        },
        "R9: 500 characters; R10: three files of 3 MB"
    );
}

#[test]
fn notes_are_counted_in_characters_not_in_bytes() {
    for (unit, times, expected) in [
        ("a", 500, None),
        ("a", 501, Some(501)),
        ("è", 500, None),
        ("è", 501, Some(501)),
        ("📎", 500, None),
        ("", 0, None),
    ] {
        let mut content = content();
        content.notes = unit.repeat(times);
        let expected: Vec<_> = expected
            .map(|length| Breach::NotesTooLong { length, max: 500 })
            .into_iter()
            .collect();
        assert_eq!(broken(&content), expected, "R9: {times} × {unit}");
    }
}

#[test]
fn somebody_must_be_reachable_by_telephone_or_email() {
    for (phone, email, expected) in [
        ("0583 123456", "", vec![]),
        ("", "studio@example.it", vec![]),
        ("0583 123456", "studio@example.it", vec![]),
        ("", "", vec![Breach::NoContact]),
        ("  ", "\t", vec![Breach::NoContact]),
        ("x", "", vec![Breach::BadPhone]),
        ("", "x", vec![Breach::BadEmail]),
        ("x", "studio@example.it", vec![Breach::BadPhone]),
        ("x", "x", vec![Breach::BadPhone, Breach::BadEmail]),
    ] {
        let mut content = content();
        content.contact.phone = phone.into();
        content.contact.email = email.into();
        assert_eq!(broken(&content), expected, "R9: {phone:?} and {email:?}");
    }
}

#[test]
fn telephone_numbers_are_taken_as_people_write_them() {
    for phone in [
        "0583123456",
        "0583 123456",
        " 0583 123456 ",
        "0583\u{a0}123456",
        "+39 0583 123456",
        "(+39) 0583/123456",
        "+(39) 0583.12.34.56",
        "(0583) 12-34-56",
        "12345",
        "12345678901234567890",
    ] {
        assert_eq!(broken(&with_phone(phone)), [], "R9: {phone:?} is a number");
    }
    for phone in [
        "1234",
        "123456789012345678901",
        "+",
        "++39 0583 123456",
        "39+0583123456",
        "0583 123456 int. 4",
        "tel. 0583 123456",
        "0583\n123456",
        "0583_123456",
        "٠١٢٣٤٥٦",
        "-",
    ] {
        assert_eq!(
            broken(&with_phone(phone)),
            [Breach::BadPhone],
            "R9: nobody answers at {phone:?}"
        );
    }
}

#[test]
fn email_addresses_are_taken_as_people_write_them() {
    let longest = format!("{}@example.it", "a".repeat(243));
    assert_eq!(longest.len(), 254);
    for email in [
        "studio@example.it",
        " studio@example.it ",
        "anna.bianchi+inps@studio-bianchi.example.it",
        "o'neill@example.it",
        "info@città.it",
        "a@b.c",
        &longest,
    ] {
        assert_eq!(broken(&with_email(email)), [], "R9: {email:?} is an address");
    }
    let too_long = format!("a{longest}");
    for email in [
        "studio",
        "@example.it",
        "studio@",
        "studio@example",
        "studio@.it",
        "studio@example.",
        "studio@example..it",
        "studio@@example.it",
        "studio@example@it.it",
        "stu dio@example.it",
        "studio@exam ple.it",
        "studio@exa\u{0}mple.it",
        "stu\u{7}dio@example.it",
        "studio@example.it\r\nBcc: x@example.it",
        "a@example.it;b@example.it",
        "studio@example.it,",
        "stu,dio@example.it",
        "stu;dio@example.it",
        "<studio@example.it",
        "stu>dio@example.it",
        "studio@exam_ple.it",
        &too_long,
    ] {
        assert_eq!(
            broken(&with_email(email)),
            [Breach::BadEmail],
            "R9: nobody reads at {email:?}"
        );
    }
}

#[test]
fn at_most_three_files_none_over_three_megabytes() {
    const MB3: u64 = 3 * 1024 * 1024;
    let large = |index| Breach::FileTooLarge { index, max: MB3 };
    for (files, expected) in [
        (vec![], vec![]),
        (vec![MB3; 3], vec![]),
        (vec![1; 4], vec![Breach::TooManyFiles { max: 3 }]),
        (vec![MB3 + 1], vec![large(0)]),
        (
            vec![1, MB3 + 1, MB3, u64::MAX],
            vec![Breach::TooManyFiles { max: 3 }, large(1), large(3)],
        ),
    ] {
        let mut content = content();
        content.attachments = files.iter().map(|bytes| file(*bytes)).collect();
        assert_eq!(broken(&content), expected, "R10: files of {files:?} bytes");
    }
}

#[test]
fn notes_are_a_text() {
    let mut content = content();
    content.notes = "prima\0dopo".into();
    assert_eq!(broken(&content), [Breach::NotesUnreadable], "R9");
    content.notes = "prima\u{1}\u{202e}\r\n\tdopo".into();
    assert_eq!(broken(&content), []);
}

#[test]
fn the_limits_of_the_sede_win() {
    let limits = Limits {
        notes_max: 5,
        files_max: 0,
        file_bytes_max: 10,
        ..Limits::default()
    };
    let mut content = content();
    content.notes = "123456".into();
    content.attachments = vec![file(11)];
    assert_eq!(
        breaches(&content, &limits),
        [
            Breach::NotesTooLong { length: 6, max: 5 },
            Breach::TooManyFiles { max: 0 },
            Breach::FileTooLarge { index: 0, max: 10 },
        ],
        "R10: the sede's limits win, in the order in which a person fills in"
    );
    let generous = Limits {
        notes_max: u32::MAX,
        files_max: 10,
        file_bytes_max: u64::MAX,
        ..Limits::default()
    };
    content.notes = "a".repeat(10_000);
    content.attachments = vec![file(u64::MAX); 10];
    assert_eq!(breaches(&content, &generous), []);
}

#[test]
fn every_breach_names_its_rule() {
    for (breach, rule) in [
        (Breach::NotesTooLong { length: 1, max: 0 }, 9),
        (Breach::NotesUnreadable, 9),
        (Breach::NoContact, 9),
        (Breach::BadPhone, 9),
        (Breach::BadEmail, 9),
        (Breach::TooManyFiles { max: 3 }, 10),
        (Breach::FileTooLarge { index: 0, max: 1 }, 10),
    ] {
        assert_eq!(breach.rule(), Rule(rule), "{breach:?}");
        let json = serde_json::to_string(&breach).unwrap();
        assert_eq!(serde_json::from_str::<Breach>(&json).unwrap(), breach);
    }
}

proptest! {
    #[test]
    fn nothing_is_broken_exactly_when_everything_is_within_the_limits(
        notes in "[a-zà]{0,12}",
        phone in prop_oneof![Just("0583 123456"), Just(""), Just("abc")],
        email in prop_oneof![Just("a@b.it"), Just(""), Just("a@b")],
        files in proptest::collection::vec(0u64..20, 0..5),
        notes_max in 0u32..12,
        files_max in 0u32..5,
        file_bytes_max in 0u64..20,
    ) {
        let mut content = content();
        content.notes = notes.clone();
        content.contact.phone = phone.into();
        content.contact.email = email.into();
        content.attachments = files.iter().map(|bytes| file(*bytes)).collect();
        let limits = Limits { notes_max, files_max, file_bytes_max, ..Limits::default() };
        let within = notes.chars().count() <= notes_max as usize
            && phone != "abc"
            && email != "a@b"
            && !(phone.is_empty() && email.is_empty())
            && files.len() <= files_max as usize
            && files.iter().all(|bytes| *bytes <= file_bytes_max);
        prop_assert_eq!(breaches(&content, &limits).is_empty(), within);
    }

    #[test]
    fn no_text_stops_the_check(text in "\\PC{0,60}") {
        let _ = broken(&with_phone(&text));
        let _ = broken(&with_email(&text));
    }
}

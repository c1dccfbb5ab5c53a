//! R10: what a file is, and what it may be called.

use domain::attachment::{FileKind, FileName, HEAD_BYTES};
use proptest::prelude::*;

fn called(given: &str) -> String {
    FileName::sanitised(given).as_str().to_owned()
}

#[test]
fn a_file_is_what_its_content_says() {
    for (head, expected) in [
        (&b"%PDF-1.7\n"[..], Some(FileKind::Pdf)),
        (b"\xEF\xBB\xBF%PDF-1.4", Some(FileKind::Pdf)),
        (b"\xFF\xD8\xFF\xE0\x00\x10JFIF", Some(FileKind::Jpeg)),
        (b"\xFF\xD8\xFF\xE1 %PDF-", Some(FileKind::Jpeg)),
        (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", Some(FileKind::Png)),
        (b"II\x2A\0\x08\0\0\0", Some(FileKind::Tiff)),
        (b"MM\0\x2A\0\0\0\x08", Some(FileKind::Tiff)),
        (b"II\x2B\0\x08\0\0\0", Some(FileKind::Tiff)),
        (b"MM\0\x2B\0\x08\0\0", Some(FileKind::Tiff)),
        (b"", None),
        (b"%PDF", None),
        (b"\xFF\xD8", None),
        (b"\x89PNG\n\x1A\n", None),
        (b" \xFF\xD8\xFF", None),
        (b"II\0\x2A", None),
        (b"MZ\x90\0", None),
        (b"PK\x03\x04", None),
        (b"GIF89a", None),
        (b"<html>", None),
    ] {
        assert_eq!(FileKind::of(head), expected, "R10: {:?}", String::from_utf8_lossy(head));
    }
}

#[test]
fn a_pdf_may_begin_anywhere_in_the_first_kilobyte() {
    let mark = |at: usize| [vec![b' '; at], b"%PDF-1.7".to_vec(), vec![b' '; 4096]].concat();
    assert_eq!(FileKind::of(&mark(HEAD_BYTES - 5)), Some(FileKind::Pdf));
    assert_eq!(FileKind::of(&mark(HEAD_BYTES - 4)), None);
    assert_eq!(FileKind::of(&mark(4000)), None);
}

#[test]
fn each_kind_has_its_usual_ending() {
    for (kind, extension, json) in [
        (FileKind::Pdf, "pdf", r#""pdf""#),
        (FileKind::Jpeg, "jpg", r#""jpeg""#),
        (FileKind::Png, "png", r#""png""#),
        (FileKind::Tiff, "tif", r#""tiff""#),
    ] {
        assert_eq!(kind.extension(), extension);
        assert_eq!(serde_json::to_string(&kind).unwrap(), json);
    }
}

#[test]
fn a_harmless_name_stays_as_it_is() {
    for name in [
        "delega.pdf",
        "Delega firmata (copia 2).pdf",
        "modello F24 – novembre.pdf",
        "città à è ì ò ù.png",
        "archivio.tar.gz",
        "senza estensione",
        "fattura .pdf",
        "😀👩‍💼❤️.jpg",
        "ملف.pdf",
        "COM10.txt",
        "COMUNE.pdf",
        "LPT.pdf",
        "console.pdf",
        "nulla.pdf",
        "allegato",
        "_CON.pdf",
    ] {
        assert_eq!(called(name), name, "R10: the person would not know the file again");
    }
}

#[test]
fn a_hostile_name_does_no_harm() {
    for (given, expected) in [
        ("", "allegato"),
        (".", "allegato"),
        ("..", "allegato"),
        ("......", "allegato"),
        (" . . ", "allegato"),
        ("/", "allegato"),
        ("cartella/", "allegato"),
        ("\u{202E}", "allegato"),
        ("\u{200D}\u{FE0F}", "allegato"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\System32\\cmd.exe", "cmd.exe"),
        ("C:\\Users\\anna\\delega.pdf", "delega.pdf"),
        ("C:delega.pdf", "C_delega.pdf"),
        ("delega.pdf:nascosto", "delega.pdf_nascosto"),
        ("a<b>c:d\"e|f?g*.pdf", "a_b_c_d_e_f_g_.pdf"),
        (".profile", "profile"),
        ("delega.pdf...", "delega.pdf"),
        ("delega.pdf. . ", "delega.pdf"),
        ("  delega.pdf", "delega.pdf"),
        ("dele\0ga\n\r\t.pdf", "delega.pdf"),
        ("dele\u{7f}\u{85}ga.pdf", "delega.pdf"),
        ("fattura\u{202E}fdp.exe", "fatturafdp.exe"),
        ("\u{2066}fattura\u{2069}\u{200F}\u{61C}.pdf", "fattura.pdf"),
        ("de\u{200B}le\u{AD}ga\u{2028}\u{FEFF}.pdf", "delega.pdf"),
        ("\u{200D}delega.pdf", "delega.pdf"),
        (
            "\u{E0041}\u{3164}\u{115F}delega\u{FFFB}\u{34F}\u{180E}\u{FFA0}.pdf",
            "delega.pdf",
        ),
        ("CON", "_CON"),
        ("con", "_con"),
        ("Con.pdf", "_Con.pdf"),
        ("CON .pdf", "_CON .pdf"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("AUX.", "_AUX"),
        ("PRN .", "_PRN"),
        ("COM0", "_COM0"),
        ("com1.txt", "_com1.txt"),
        ("COM9", "_COM9"),
        ("COM¹.txt", "_COM¹.txt"),
        ("com²", "_com²"),
        ("LPT³.pdf", "_LPT³.pdf"),
        ("LPT1", "_LPT1"),
        ("CONIN$", "_CONIN$"),
        ("conout$.txt", "_conout$.txt"),
    ] {
        assert_eq!(called(given), expected, "R10: {given:?}");
    }
}

#[test]
fn a_long_name_is_cut_before_its_ending() {
    let a = |n| "a".repeat(n);
    for (given, expected) in [
        (a(120), a(120)),
        (a(121), a(120)),
        (a(300), a(120)),
        (format!("{}.pdf", a(116)), format!("{}.pdf", a(116))),
        (format!("{}.pdf", a(300)), format!("{}.pdf", a(116))),
        (format!("{}.abcdefghij", a(300)), format!("{}.abcdefghij", a(109))),
        (format!("{}.abcdefghijk", a(300)), a(120)),
        (format!("a.{}", "b".repeat(300)), format!("a.{}", "b".repeat(118))),
        (format!("{} . {}", a(118), a(20)), a(118)),
        (format!("{}. {}.pdf", a(114), a(9)), format!("{}.pdf", a(114))),
        (format!("{}.{}", a(119), a(11)), a(119)),
        ("😀".repeat(300), "😀".repeat(60)),
        (format!("{}.pdf", "😀".repeat(300)), format!("{}.pdf", "😀".repeat(59))),
        ("è".repeat(120), "è".repeat(120)),
        (format!("CON{}x", " ".repeat(200)), "_CON".to_owned()),
        (format!("CON.{}", a(116)), format!("_CON.{}", a(115))),
    ] {
        assert_eq!(
            called(&given),
            expected,
            "R10: a name of {} characters",
            given.chars().count()
        );
    }
}

#[test]
fn a_name_is_made_harmless_on_its_way_in_by_json_too() {
    let name: FileName = serde_json::from_str(r#""../NUL.pdf""#).unwrap();
    assert_eq!(name.as_str(), "_NUL.pdf");
    assert_eq!(serde_json::to_string(&name).unwrap(), r#""_NUL.pdf""#);
    assert_eq!(String::from(name), "_NUL.pdf");
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,6}",
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just("/".to_owned()),
        Just("\\".to_owned()),
        Just(" ".to_owned()),
        Just("CON".to_owned()),
        Just("lpt1".to_owned()),
        Just("COM²".to_owned()),
        Just("😀\u{200D}❤\u{FE0F}".to_owned()),
        Just("\u{202E}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\0\u{1b}\u{9b}".to_owned()),
        Just(".pdf".to_owned()),
        Just(": ".to_owned()),
        (100usize..130).prop_map(|n| "x".repeat(n)),
        (100usize..130).prop_map(|n| " ".repeat(n)),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_the_name_it_is_harmless_and_a_harmless_name_stays(given in hostile()) {
        let name = called(&given);
        prop_assert_eq!(called(&name), name.as_str(), "sanitising twice is not once");
        prop_assert!(!name.is_empty());
        prop_assert!(name.chars().count() <= 120 && name.len() <= 240);
        prop_assert!(!name.contains(['/', '\\', ':', '<', '>', '"', '|', '?', '*']));
        prop_assert!(!name.chars().any(char::is_control));
        let turns = |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
        prop_assert!(!name.contains(turns), "the name can be read in another direction");
        prop_assert!(!name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']));
        let device = name.split('.').next().unwrap().trim_end().to_uppercase();
        let reserved = ["CON", "PRN", "AUX", "NUL", "LPT1", "COM²"];
        prop_assert!(!reserved.contains(&device.as_str()), "{}", name);
    }

    #[test]
    fn any_bytes_may_be_asked_about(head in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = FileKind::of(&head);
    }
}

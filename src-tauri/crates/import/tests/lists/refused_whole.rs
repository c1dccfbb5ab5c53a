//! What is no list is refused whole, with the reason.

use import::Unreadable;

use crate::support::refusal;

#[test]
fn what_is_no_table_says_what_it_is() {
    let cases: &[(&[u8], Unreadable)] = &[
        (b"", Unreadable::Empty),
        (b" \r\n\t\r\n", Unreadable::Empty),
        (b"%PDF-1.7\n1 0 obj", Unreadable::Pdf),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Unreadable::Picture),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Unreadable::Picture),
        (b"Rar!\x1a\x07\x01\0", Unreadable::Archive),
        (b"{\\rtf1\\ansi Richieste}", Unreadable::OfficeDocument),
        (b"MZ\x90\0\x03\0\0\0", Unreadable::Binary),
        (b"Buongiorno, in allegato le richieste.\n", Unreadable::NoTable),
        (
            b"<html><body><p>Sessione scaduta</p></body></html>",
            Unreadable::NoTable,
        ),
        (b"nome;cognome\nAda;Rossi\n", Unreadable::NoHeader),
    ];
    for (bytes, why) in cases {
        assert_eq!(refusal(bytes), *why, "{:?}", String::from_utf8_lossy(bytes));
    }
}

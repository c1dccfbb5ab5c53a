//! Delimited text: letters, separators, quotation marks.

use import::{SourceKind, TextEncoding, TextKind};

use crate::support::{document, reading, tickets};

const LIST: &str = "Protocollo;Matricola;Società;Oggetto;Inserita il;Stato\r\n\
    LU-1;4501234567;\"Caffè; € 2\";Perché, così;01/12/2026;Aperta\r\n";

fn kind(bytes: impl AsRef<[u8]>) -> TextKind {
    match document(bytes).source() {
        SourceKind::Text(kind) => kind,
        other => panic!("{other:?}"),
    }
}

fn check(bytes: &[u8], delimiter: char, encoding: TextEncoding) {
    assert_eq!(kind(bytes), TextKind { delimiter, encoding });
    let tickets = tickets(bytes);
    assert_eq!(tickets[0].company_name.as_ref().unwrap().as_str(), "Caffè; € 2");
    assert_eq!(tickets[0].subject.as_str(), "Perché, così");
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(bytes).collect()
}

/// As Windows writes it: bytes as Latin-1 but for the euro.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| {
            if c == '€' {
                0x80
            } else {
                u8::try_from(u32::from(c)).unwrap()
            }
        })
        .collect()
}

#[test]
fn letters_are_read_however_they_are_written() {
    check(LIST.as_bytes(), ';', TextEncoding::Utf8);
    check(format!("\u{feff}{LIST}").as_bytes(), ';', TextEncoding::Utf8);
    check(&windows_1252(LIST), ';', TextEncoding::Windows1252);
    let tabs = LIST.replace(';', "\t").replace("Caffè\t", "Caffè;");
    check(&utf16(&tabs, u16::to_le_bytes), '\t', TextEncoding::Utf16);
    check(&utf16(&tabs, u16::to_be_bytes), '\t', TextEncoding::Utf16);
}

#[test]
fn one_broken_letter_does_not_spoil_the_others() {
    let mut bytes = LIST.replace("Perché, così", "àèìòù àèìòù àèìòù").into_bytes();
    let at = bytes.windows(6).position(|window| window == b"Aperta").unwrap();
    bytes.insert(at, 0xE8);
    assert_eq!(kind(&bytes).encoding, TextEncoding::Utf8);
}

#[test]
fn the_separator_is_recognised() {
    for delimiter in [';', ',', '\t', '|'] {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(u8::try_from(delimiter).unwrap())
            .from_writer(Vec::new());
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(LIST.as_bytes());
        for record in reader.records() {
            writer.write_record(&record.unwrap()).unwrap();
        }
        check(&writer.into_inner().unwrap(), delimiter, TextEncoding::Utf8);
    }
}

#[test]
fn what_excel_says_of_its_separator_is_believed_and_is_no_row() {
    for (told, delimiter) in [("sep=;\r\n", ';'), ("SEP=;\n", ';')] {
        let list = format!("{told}{LIST}");
        check(list.as_bytes(), delimiter, TextEncoding::Utf8);
        assert_eq!(reading(list).tickets[0].row, 2, "as Excel numbers it");
    }
    let list = format!("sep=^\n{}", LIST.replace(';', "^").replace("Caffè^", "Caffè;"));
    check(list.as_bytes(), '^', TextEncoding::Utf8);
}

#[test]
fn quotation_marks_inside_a_cell_are_its_text() {
    let list = "Codice;Matricola;Azienda;Argomento;Data;Stato\n\
        LU-1;4501234567;\"Bar \"\"Sport\"\"\";Esoneri;01/12/2026;Aperta\n\
        LU-2;4501234567;Bar \"Sport\" srl;Esoneri;01/12/2026;Aperta\n";
    let names: Vec<_> = tickets(list)
        .iter()
        .map(|ticket| ticket.company_name.clone().unwrap().to_string())
        .collect();
    assert_eq!(names, ["Bar \"Sport\"", "Bar \"Sport\" srl"]);
}

#[test]
fn a_quotation_mark_that_is_nowhere_closed_swallows_no_row() {
    let list = "Codice;Matricola;Azienda;Argomento;Data;Stato\n\
        LU-1;4501234567;\"Bar Sport;Esoneri;01/12/2026;Aperta\n\
        LU-2;4501234567;\"Bar \"\"Due\"\"\";Esoneri;01/12/2026;Aperta\n\
        LU-3;4501234567;\"Tre\" srl;Esoneri;01/12/2026;Aperta\n";
    let names: Vec<_> = tickets(list)
        .iter()
        .map(|ticket| ticket.company_name.clone().unwrap().to_string())
        .collect();
    assert_eq!(names, ["\"Bar Sport", "Bar \"Due\"", "\"Tre\" srl"]);
}

#[test]
fn rows_shorter_or_longer_than_the_header_are_rows() {
    let list = "Codice;Matricola;Argomento;Data;Stato;Esito\n\
        LU-1;4501234567;Esoneri;01/12/2026;Aperta\n\
        LU-2;4501234567;Esoneri;01/12/2026;Chiusa;KO;;;;\n";
    assert_eq!(tickets(list).len(), 2);
}

#[test]
fn a_title_with_many_commas_does_not_make_commas_the_separator() {
    let list = "Elenco di Alfa, Beta, Gamma, Delta, Epsilon, Zeta\n\
        Protocollo;Matricola;Oggetto;Inserita il;Stato\nLU-1;4501234567;a, b, c, d, e, f, g;01/12/2026;Aperta\n";
    assert_eq!(kind(list).delimiter, ';');
}

#[test]
fn a_text_with_more_commas_than_a_list_has_columns_is_a_text() {
    let row = format!("LU-1;4501234567;CIG;01/12/2026;Aperta;Vedi{}", ",".repeat(2_000));
    assert_eq!(
        tickets(format!("Codice;Matricola;Argomento;Data;Stato;Risposta\n{row}\n")).len(),
        1
    );
}

#[test]
fn what_was_copied_as_text_is_a_table_with_tabs() {
    let text = "Protocollo\tMatricola\tOggetto\tInserita il\tStato\nLU-1\t4501234567\tEsoneri\t01/12/2026\tAperta\n";
    let document = import::pasted(None, text, crate::support::go_on).unwrap();
    assert_eq!(crate::support::as_proposed(&document).1.tickets.len(), 1);
}

//! Files that were broken, or made to harm. Each is refused or read within moments, and takes nothing along.

use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

use import::{ImportError, Unreadable};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::support::{
    as_proposed, day, document, fixture, go_on, inline, ods, packed, refusal, today, xlsx, xlsx_parts,
};

const HEADER: [&str; 5] = ["Codice", "Matricola", "Argomento", "Data", "Stato"];
/// More than any of these files needs, even where the machine is busy and the code unoptimised.
const MOMENTS: Duration = Duration::from_secs(20);

fn header_of_ods() -> String {
    let cells: String = HEADER
        .iter()
        .map(|title| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{title}</text:p></table:table-cell>")
        })
        .collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

#[test]
fn a_small_workbook_that_repeats_one_cell_for_ever_is_refused() {
    let cell = "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"900\"><text:p>x</text:p></table:table-cell>";
    let sheet = |row: &str| {
        ods(&format!(
            "<table:table table:name=\"A\">{}{row}</table:table>",
            header_of_ods()
        ))
    };

    let rows = sheet(&format!(
        "<table:table-row table:number-rows-repeated=\"1000000\">{cell}</table:table-row>"
    ));
    assert_eq!(refusal(rows), Unreadable::TooWide);
    let row = "<table:table-row table:number-rows-repeated=\"4000000000\"><table:table-cell office:value-type=\"string\">\
               <text:p>x</text:p></table:table-cell></table:table-row>";
    assert_eq!(refusal(sheet(row)), Unreadable::Damaged);
    let columns = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\" \
                   table:number-columns-repeated=\"4000000000\"/></table:table-row>";
    assert_eq!(refusal(sheet(columns)), Unreadable::TooWide);
    let spaces = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>x<text:s text:c=\"4000000000\"/>x</text:p>\
                  </table:table-cell></table:table-row>";
    assert_eq!(refusal(sheet(spaces)), Unreadable::TooWide);
}

#[test]
fn a_workbook_that_unpacks_to_more_than_there_is_room_for_is_refused() {
    let begun = Instant::now();
    // 700 MB of nothing in less than one.
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in xlsx_parts("", "", "") {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    let fast = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    archive.start_file("xl/media/nulla.bin", fast.large_file(true)).unwrap();
    let megabyte = vec![0; 1024 * 1024];
    for _ in 0..600 {
        archive.write_all(&megabyte).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 8 * 1024 * 1024);
    let packed = begun.elapsed();

    assert_eq!(refusal(bytes), Unreadable::TooLarge);
    assert!(begun.elapsed() < packed + MOMENTS);
}

#[test]
fn a_workbook_that_announces_more_texts_than_it_can_hold_is_refused() {
    for count in [
        "uniqueCount=\"99999999999999\"",
        "x uniqueCount = '99999999999999'",
        "uniqueCount='1' uniqueCount='99999999999999'",
    ] {
        let mut parts = xlsx_parts("", "", "");
        let texts = format!("<?xml version=\"1.0\"?><!-- --><sst {count}><si><t>x</t></si></sst>");
        parts.push(("xl/sharedStrings.xml", texts));
        assert_eq!(refusal(packed(parts)), Unreadable::Damaged, "{count}");
    }
}

#[test]
fn a_workbook_with_more_styles_than_excel_has_is_refused() {
    let styles = format!("<cellXfs>{}</cellXfs>", "<xf/>".repeat(2_000_000));
    assert_eq!(refusal(xlsx("", &styles, "")), Unreadable::TooLarge);
}

#[test]
fn a_text_that_many_cells_share_counts_for_each() {
    let text = "x".repeat(32_000);
    let mut parts = xlsx_parts(
        "",
        "",
        &format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(9_000)),
    );
    parts[5].1 = {
        let rows: String = (0..9_000).map(|_| "<row><c t=\"s\"><v>0</v></c></row>").collect();
        format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
    };
    parts.push(("xl/sharedStrings.xml", format!("<sst><si><t>{text}</t></si></sst>")));
    assert_eq!(refusal(packed(parts)), Unreadable::TooWide);
}

#[test]
fn a_cell_far_away_from_all_others_makes_no_room_between() {
    let header: String = HEADER.iter().map(|title| inline(title)).collect();
    let cells = [
        inline("LU-1"),
        inline("4501234567"),
        inline("Esoneri"),
        inline("01/12/2026"),
        inline("Aperta"),
    ]
    .concat();
    let rows = format!("<row r=\"1\">{header}</row><row r=\"1048576\">{cells}</row>");
    let reading = as_proposed(&document(xlsx("", "", &rows))).1;
    assert_eq!(reading.tickets[0].row, 1_048_576);

    let right = format!("<row r=\"1\">{header}</row><row r=\"2\"><c r=\"XFD2\"><v>1</v></c></row>");
    assert_eq!(refusal(xlsx("", "", &right)), Unreadable::TooWide);
    let nowhere = format!("<row r=\"1\">{header}</row><row r=\"2\"><c r=\"ZZZZZZZZ99999999999\"><v>1</v></c></row>");
    assert!(matches!(
        refusal(xlsx("", "", &nowhere)),
        Unreadable::TooWide | Unreadable::Damaged
    ));
}

#[test]
fn a_workbook_whose_rows_run_backwards_is_damaged() {
    let header: String = HEADER.iter().map(|title| inline(title)).collect();
    let rows = format!("<row r=\"5\">{header}</row><row r=\"2\">{}</row>", inline("LU-1"));
    assert_eq!(refusal(xlsx("", "", &rows)), Unreadable::Damaged);
}

#[test]
fn entities_are_never_expanded() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                <!ENTITY c SYSTEM \"file:///etc/passwd\">]>";
    let content = |text: &str| {
        let list = format!(
            "{bomb}<office:spreadsheet><table:table table:name=\"A\">{}<table:table-row><table:table-cell \
             office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell></table:table-row></table:table>\
             </office:spreadsheet>",
            header_of_ods()
        );
        packed([
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
            ("content.xml", list),
        ])
    };
    assert_eq!(refusal(content("&b;")), Unreadable::Damaged);
    assert_eq!(refusal(content("&c;")), Unreadable::Damaged);
    assert_eq!(
        refusal(xlsx("", "", &format!("<row>{}</row>", inline("&b;")))),
        Unreadable::Damaged
    );
}

#[test]
fn more_rows_than_a_list_has_are_refused() {
    let rows = import::limits::ROWS;
    assert_eq!(
        refusal("Codice;Matricola\n".to_owned() + &"a;b\n".repeat(rows)),
        Unreadable::TooManyRows
    );
    assert_eq!(
        refusal("<table>".to_owned() + &"<tr><td>a".repeat(rows + 1)),
        Unreadable::TooManyRows
    );
}

#[test]
fn cells_that_cover_a_thousand_rows_count_in_each() {
    let thousand = "<tr>".to_owned() + &"<td rowspan=1000>a".repeat(1_000) + &"<tr>".repeat(999);
    let cells_of = |document: import::Document| document.tables()[0].rows().map(|row| row.cells.len()).sum::<usize>();
    assert_eq!(cells_of(document("<table>".to_owned() + &thousand)), 1_000_000);
    assert_eq!(refusal("<table>".to_owned() + &thousand.repeat(9)), Unreadable::TooWide);
}

#[test]
fn more_bytes_than_a_list_has_are_refused_unread() {
    let path = std::env::temp_dir().join(format!("import-too-large-{}", std::process::id()));
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(2 * 1024 * 1024 * 1024).unwrap();
    let opened = import::open(&path, go_on);
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(opened, Err(ImportError::Unreadable(Unreadable::TooLarge))));

    let folder = import::open(&std::env::temp_dir(), go_on);
    assert!(matches!(folder, Err(ImportError::Unreadable(Unreadable::NotAFile))));
    assert!(matches!(import::open(&path, go_on), Err(ImportError::Io(_))));
}

#[test]
fn a_page_of_deep_and_wide_nonsense_is_read_in_moments() {
    let begun = Instant::now();
    let header = format!("<tr>{}</tr>", HEADER.map(|title| format!("<td>{title}")).concat());
    let pages = [
        "<div>".repeat(100_000),
        format!("<table>{header}{}", "<b><td hidden><p>".repeat(2_000)),
        format!(
            "<table>{header}{}",
            "<tr><td rowspan=65534 colspan=1000>x".repeat(5_000)
        ),
        "<table><tr><td>".repeat(60_000),
        format!("<table>{header}{}", "<select>".repeat(100_000)),
        "<!--".repeat(100_000),
        "&".repeat(100_000),
        format!("<{}>", "a ".repeat(100_000)),
        "<script>".repeat(100_000),
    ];
    for page in pages {
        let _ = import::read(page.as_bytes(), go_on);
    }
    assert!(begun.elapsed() < MOMENTS, "{:?}", begun.elapsed());
}

#[test]
fn quotation_marks_and_separators_without_end_are_read_in_moments() {
    let begun = Instant::now();
    for text in [
        "\"",
        "\";",
        "\"\"",
        ";\"",
        "\"\n",
        "\r",
        ";",
        "sep=",
        "a;\"b\n",
        "\"a\"\"b\";",
    ] {
        let _ = import::read(text.repeat(200_000).as_bytes(), go_on);
    }
    assert!(begun.elapsed() < MOMENTS, "{:?}", begun.elapsed());
}

/// Breaks `bytes` in some places.
fn broken(mut bytes: Vec<u8>, random: &mut ChaCha8Rng) -> Vec<u8> {
    let below =
        |random: &mut ChaCha8Rng, most: usize| usize::try_from(random.next_u64() % (most.max(1) as u64)).unwrap();
    for _ in 0..=below(random, 8) {
        let at = below(random, bytes.len());
        let length = below(random, 40).min(bytes.len() - at);
        match random.next_u32() % 7 {
            0 if !bytes.is_empty() => bytes[at] = random.next_u32().to_le_bytes()[0],
            1 if !bytes.is_empty() => bytes[at] ^= 1 << (random.next_u32() % 8),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let piece = bytes[at..at + length].to_vec();
                let to = below(random, bytes.len());
                bytes.splice(to..to, piece);
            }
            4 => bytes.truncate(at),
            5 => {
                let extreme: &[u8] = [
                    &b"\xff\xff\xff\xff"[..],
                    b"\0\0\0\0",
                    b"\x7f\xff\xff\xff",
                    b"99999999999",
                ][below(random, 4)];
                let end = (at + extreme.len()).min(bytes.len());
                bytes.splice(at..end, extreme.iter().copied());
            }
            _ => {
                let piece: &[u8] = [
                    &b"</table:table-cell>"[..],
                    b"<table:table-row>",
                    b"<row>",
                    b"<td>",
                    b"</table>",
                    b"\"",
                    b";",
                    b"\n",
                    b"]]>",
                    b"<!--",
                    b"&#x0;",
                ][below(random, 11)];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

/// The same archive with one of its parts broken, and its sums right.
fn with_a_broken_part(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let chosen = usize::try_from(random.next_u64() % (archive.len() as u64)).unwrap();
    let parts: Vec<_> = (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            let name = part.name().unwrap().into_owned();
            (name, if at == chosen { broken(content, random) } else { content })
        })
        .collect();
    packed(parts)
}

/// The same compound file with its workbook broken, and its sectors right.
fn with_a_broken_stream(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes.to_vec())).unwrap();
    let mut content = Vec::new();
    file.open_stream("/Workbook")
        .unwrap()
        .read_to_end(&mut content)
        .unwrap();
    let mut again = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    again
        .create_stream("/Workbook")
        .unwrap()
        .write_all(&broken(content, random))
        .unwrap();
    again.flush().unwrap();
    again.into_inner().into_inner()
}

#[test]
fn real_files_broken_at_random_are_read_or_refused_in_moments() {
    type Break = fn(&[u8], &mut ChaCha8Rng) -> Vec<u8>;
    let anywhere: Break = |bytes, random| broken(bytes.to_vec(), random);
    let files: [(&str, Break, u64); 8] = [
        ("richieste.ods", anywhere, 200),
        ("richieste.ods", with_a_broken_part, 300),
        ("richieste.xlsx", anywhere, 200),
        ("richieste.xlsx", with_a_broken_part, 300),
        ("richieste.xls", anywhere, 300),
        ("richieste.xls", with_a_broken_stream, 300),
        ("richieste.html", anywhere, 300),
        ("richieste.csv", anywhere, 300),
    ];
    let (mut read, mut refused) = (0, 0);
    for (name, break_it, times) in files {
        let sound = fixture(name);
        for seed in 0..times {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            let bytes = break_it(&sound, &mut random);
            let begun = Instant::now();
            let outcome = import::read(&bytes, go_on).and_then(|document| {
                let (table, proposal) = document.propose()?;
                import::read_rows(
                    &document.tables()[table],
                    &proposal.header,
                    &proposal.mapping,
                    today(),
                    go_on,
                )
            });
            assert!(begun.elapsed() < MOMENTS, "{name}, seed {seed}: {:?}", begun.elapsed());
            match outcome {
                Ok(reading) => {
                    read += 1;
                    let plausible = reading
                        .tickets
                        .iter()
                        .all(|row| row.ticket.opened_on <= day(2026, 12, 10));
                    assert!(plausible, "{name}, seed {seed}");
                }
                Err(ImportError::Unreadable(_)) => refused += 1,
                Err(other) => panic!("{name}, seed {seed}: {other}"),
            }
        }
    }
    assert_eq!(read + refused, 2_200);
    assert!(
        read > 300 && refused > 300,
        "both should happen: {read} read, {refused} refused"
    );
}

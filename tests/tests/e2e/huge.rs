//! T5 by eye: 200,000 tickets scroll, and the scrollbar jumps to the right rows.

use agenda_sede_tests::page::{Called, Role};
use agenda_sede_tests::webdriver::key::{END, HOME};
use serde_json::json;

use crate::steps::{Size, first_start, go, story, training};

/// Codes with their places, as the list shows them now.
const SHOWN: &str = "return [...document.querySelectorAll('#tickets [data-index]')]\
    .map((row) => [Number(row.dataset.index), row.id.replace('row-', '')]);";

/// Moves the scrollbar: so many hundredths of the way.
const SCROLL: &str = "const box = document.querySelector('#tickets .viewport');\
    box.scrollTop = arguments[0] / 100 * (box.scrollHeight - box.clientHeight); return box.scrollTop;";

#[test]
fn two_hundred_thousand_tickets_scroll_and_the_scrollbar_jumps_to_the_right_rows() {
    let mut codes: Vec<String> = training(Size::Huge)
        .tickets()
        .map(|ticket| ticket.code.to_string())
        .collect();
    assert_eq!(codes.len(), 200_000);
    codes.sort_unstable();

    let story = story("duecentomila");
    let program = story.start();
    first_start(&program, Size::Huge);
    let page = program.page();
    go(&program, "Richieste");
    page.click(Role::Button, Called::Starts("Tutte"));
    page.reads("200.000");
    sort_by_code(&program);
    program.step("inizio");

    for (hundredths, step) in [
        (50, "meta"),
        (25, "un-quarto"),
        (100, "fine"),
        (75, "tre-quarti"),
        (0, "daccapo"),
    ] {
        page.look(SCROLL, &[json!(hundredths)]);
        let expected: usize = 199_980 * hundredths / 100;
        let rows = page.wait("the rows at the new place never come", |page| {
            let shown = shown(page);
            let there = shown.iter().filter(|(place, _)| place.abs_diff(expected) < 40).count() > 8;
            (there && shown.iter().all(|(_, code)| !code.is_empty())).then_some(shown)
        });
        for (place, code) in rows {
            assert_eq!(
                code, codes[place],
                "place {place} shows another ticket than the store has there"
            );
        }
        program.step(step);
    }

    // The keyboard goes the same way.
    page.within("#tickets").click(Role::Row, Called::Starts(&codes[0]));
    page.press([END]);
    page.wait("End does not lead to the last ticket", |page| {
        page.within("#tickets")
            .now(Role::Row, Called::Starts(&codes[199_999]))
            .filter(|row| row.focused)
    });
    page.press([HOME]);
    page.wait("Home does not lead back to the first ticket", |page| {
        page.within("#tickets")
            .now(Role::Row, Called::Starts(&codes[0]))
            .filter(|row| row.focused)
    });

    // A search over all of them.
    let wanted = &codes[123_456];
    page.write(Called::Starts("Cerca"), wanted);
    page.within("#tickets").find(Role::Row, Called::Starts(wanted));
    program.step("cercata");
    program.close();
}

fn sort_by_code(program: &agenda_sede_tests::program::Program<'_>) {
    let page = program.page();
    page.within("#tickets").click(Role::Button, "Codice");
    let ascending = "return document.getElementById('sort-code').parentElement.getAttribute('aria-sort');";
    let sorted = page.wait("the list is not sorted by code", |page| {
        page.look(ascending, &[])
            .as_str()
            .filter(|sort| *sort != "none")
            .map(str::to_owned)
    });
    if sorted == "descending" {
        page.within("#tickets").click(Role::Button, "Codice");
    }
    page.wait("the list is not sorted by code, upwards", |page| {
        (page.look(ascending, &[]).as_str() == Some("ascending")).then_some(())
    });
}

fn shown(page: &agenda_sede_tests::page::Page<'_>) -> Vec<(usize, String)> {
    page.look(SHOWN, &[])
        .as_array()
        .map(|rows| {
            rows.iter()
                .filter_map(|row| {
                    let place = usize::try_from(row[0].as_u64()?).ok()?;
                    Some((place, row[1].as_str()?.to_owned()))
                })
                .collect()
        })
        .unwrap_or_default()
}

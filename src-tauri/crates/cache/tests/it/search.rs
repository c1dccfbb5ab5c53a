//! Search: words by their beginning, without case and accents, and nothing that a person types is more than words.

use cache::pulled::{TicketFilter, TicketSort};
use proptest::prelude::*;
use store::{Change, Entity, Page};

use crate::world::{Desk, EPOCH, company, gone, matricola, now, page, present, put, says, ticket, topic};

async fn found(desk: &Desk, text: &str) -> Vec<String> {
    let filter = TicketFilter {
        text: text.into(),
        ..TicketFilter::default()
    };
    let list = desk
        .cache
        .pulled
        .open_tickets(&filter, TicketSort::Code, false, present())
        .await
        .expect("opens");
    assert_eq!(list.counts.any as usize, list.rowids.len());
    let rows = desk.cache.pulled.tickets_at(&list.rowids).await.expect("reads");
    rows.into_iter().map(|row| row.code.to_string()).collect()
}

async fn desk() -> Desk {
    let mut about = ticket("LU-48213", 1, "DENUNCE", "2026-01-10");
    about
        .ticket
        .messages
        .push(says("La società chiede perché il DURC è irregolare.", now()));
    about.ticket.messages[0].files.push("ricevuta_f24.pdf".into());
    Desk::with(vec![about, ticket("PI-7", 2, "COLF", "2026-01-10")]).await
}

#[tokio::test]
async fn a_ticket_is_found_by_the_beginning_of_every_word_that_belongs_to_it() {
    let desk = desk().await;
    for text in [
        "LU-48213",
        "lu-48",
        "48213",
        "cartiera",
        "CARTI",
        "lucch",
        "aziende",
        "denunce",
        "societa",
        "Società",
        "perche",
        "è",
        "durc irreg",
        "ricevuta",
        "f24",
        "01000001",
        "00045",
        "  cart   durc ",
        "\u{e0}zi",
    ] {
        let expected: &[&str] = if text == "01000001" { &[] } else { &["LU-48213"] };
        let text_found = found(&desk, text).await;
        if text == "00045" {
            assert_eq!(text_found, ["LU-48213", "PI-7"], "both matricole begin so");
        } else {
            assert_eq!(text_found, expected, "{text:?}");
        }
    }
    for text in ["artiera", "durcx", "cartiera domestico", "zzz"] {
        assert_eq!(found(&desk, text).await, [""; 0], "{text:?}");
    }
    assert_eq!(found(&desk, "").await.len(), 2, "no words, no filter");
    assert_eq!(found(&desk, " -*\" ").await.len(), 2, "signs are no words");
}

#[tokio::test]
async fn hostile_texts_do_no_harm() {
    let desk = desk().await;
    for text in [
        "\"",
        "\"\"",
        "'",
        "*",
        "a*",
        "a OR b",
        "a AND",
        "NOT a",
        "NEAR(a b)",
        "words:a",
        "{words}:a",
        "-a",
        "^a",
        "a + b",
        "(",
        "))",
        "'; DROP TABLE ticket; --",
        "\0",
        "a\0b",
        "\u{202e}abc",
        "%",
        "_",
        "?1",
        ":x",
        "$x",
        "@x",
        "\\",
        "日本",
        "🙂",
        "a🙂b",
        "\u{301}",
        "e\u{301}",
        "ﬁ",
        "ß",
        "İ",
        "ŉ",
    ] {
        found(&desk, text).await;
    }
    found(&desk, &"a ".repeat(2_000)).await;
    found(&desk, &"x".repeat(100_000)).await;
    assert_eq!(
        found(&desk, "cartiera").await,
        ["LU-48213"],
        "the tables are still there"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    /// Whatever words a conversation holds, each of them finds it, and no text is an error.
    #[test]
    fn every_word_that_is_written_is_found(texts in prop::collection::vec("\\PC{1,20}", 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let desk = Desk::new().await;
            for (n, text) in texts.iter().enumerate() {
                let mut written = ticket(&format!("T-{n}"), 1, "DENUNCE", "2026-01-10");
                written.ticket.messages.push(says(text, now()));
                desk.apply(vec![put(written)]).await;
            }
            for (n, text) in texts.iter().enumerate() {
                let all = found(&desk, text).await;
                prop_assert!(all.contains(&format!("T-{n}")), "{text:?} does not find itself");
                for word in cache::fold::words(text) {
                    let by_word = found(&desk, &word).await;
                    prop_assert!(by_word.contains(&format!("T-{n}")), "{word:?} of {text:?} finds nothing");
                }
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn what_changes_is_found_by_what_it_is_now() {
    let desk = desk().await;
    desk.apply(vec![Change::Put(Entity::Company(company(1, "Filanda Garfagnana")))])
        .await;
    assert_eq!(found(&desk, "cartiera").await, [""; 0], "its company has another name");
    assert_eq!(found(&desk, "filanda").await, ["LU-48213"]);
    let mut renamed = topic("DENUNCE", "Imprese", None);
    renamed.detail = "Rettifica".into();
    desk.apply(vec![Change::Put(Entity::Topic(renamed))]).await;
    assert_eq!(found(&desk, "imprese rettifica").await, ["LU-48213"]);
    assert_eq!(found(&desk, "aziende").await, [""; 0]);
    desk.apply(vec![put(ticket("LU-48213", 2, "COLF", "2026-01-10"))]).await;
    assert_eq!(
        found(&desk, "irregolare").await,
        [""; 0],
        "its conversation is another one"
    );
    assert_eq!(found(&desk, "ancora").await, ["LU-48213", "PI-7"]);
    desk.apply(vec![gone("LU-48213")]).await;
    assert_eq!(found(&desk, "ancora").await, ["PI-7"]);
    desk.apply(vec![put(ticket("LU-9", 2, "COLF", "2026-01-10"))]).await;
    assert_eq!(found(&desk, "ancora").await, ["LU-9", "PI-7"]);
}

#[tokio::test]
async fn a_search_that_finds_many_is_as_right_as_one_that_finds_few() {
    let tickets = (0..4_500)
        .map(|n| ticket(&format!("T-{n:04}"), 1 + n % 2, "DENUNCE", "2026-01-10"))
        .collect();
    let desk = Desk::with(tickets).await;
    assert_eq!(found(&desk, "t").await.len(), 4_500, "all");
    assert_eq!(found(&desk, "cartiera").await.len(), 2_250, "half");
    assert_eq!(found(&desk, "t cartiera").await.len(), 2_250);
    desk.apply(vec![gone("T-0000"), gone("T-0001")]).await;
    assert_eq!(found(&desk, "t").await.len(), 4_498, "nothing old is found");
}

#[tokio::test]
async fn what_a_pull_left_behind_when_it_was_cut_off_is_found_all_the_same() {
    let desk = desk().await;
    let mut left = ticket("LU-9", 3, "DURC", "2026-01-10");
    left.ticket.messages.push(says("Manca la firma.", now()));
    let begun = Page {
        more: true,
        ..page(vec![put(left.clone())])
    };
    desk.cache.apply(&begun, EPOCH).await.expect("applies");
    assert_eq!(found(&desk, "firma").await, ["LU-9"]);
    assert_eq!(
        found(&desk, "b").await,
        ["LU-48213", "LU-9", "PI-7"],
        "with those of before"
    );
    left.ticket.messages.pop();
    let going_on = Page {
        more: true,
        ..page(vec![put(left)])
    };
    desk.cache.apply(&going_on, EPOCH).await.expect("applies");
    assert_eq!(found(&desk, "firma").await, [""; 0]);
    let (desk, _) = desk.reopened().await;
    assert_eq!(found(&desk, "zanz lu 9").await, ["LU-9"]);
    desk.apply(vec![gone("LU-9")]).await;
    assert_eq!(found(&desk, "lu").await, ["LU-48213"]);
}

#[tokio::test]
async fn a_word_that_nearly_all_have_is_found_in_those_that_still_have_it() {
    let many = |text: &'static str| {
        (0..1_000).map(move |n| {
            let mut pulled = ticket(&format!("T-{n:04}"), 1, "DENUNCE", "2026-01-10");
            pulled.ticket.messages.push(says(text, now()));
            pulled
        })
    };
    let desk = Desk::with(many("Manca la firma").collect()).await;
    assert_eq!(found(&desk, "firma").await.len(), 1_000);
    desk.apply(many("Manca il timbro").skip(10).map(put).collect()).await;
    assert_eq!(found(&desk, "fir").await.len(), 10);
    assert_eq!(found(&desk, "manca t").await.len(), 1_000);
    assert_eq!(found(&desk, "timb").await.len(), 990);
    desk.apply((0..10).map(|n| gone(&format!("T-{n:04}"))).collect()).await;
    assert_eq!(found(&desk, "firma").await, [""; 0]);
}

#[tokio::test]
async fn a_matricola_is_found_by_its_first_digits_and_no_other_number_by_chance() {
    let desk = Desk::with(vec![
        ticket("T-1", 1, "DENUNCE", "2026-01-10"),
        ticket("T-2", 234, "DENUNCE", "2026-01-10"),
    ])
    .await;
    assert_eq!(found(&desk, &matricola(1)[..8]).await, ["T-1"]);
    assert_eq!(found(&desk, &matricola(234)).await, ["T-2"]);
    assert_eq!(found(&desk, "0004500").await, ["T-1", "T-2"]);
    assert_eq!(
        found(&desk, &format!("{}0", matricola(1))).await,
        [""; 0],
        "eleven digits"
    );
}

//! Operators who work at the same moment, each in a process of his own: nobody undoes what another has done.

use std::thread;

use crate::world::{AZIENDE, World, day};

/// Who could not have the store in time ends with 3 and has done nothing; everybody else is answered.
const AWAY: i32 = 3;

#[tokio::test]
async fn of_closures_that_are_published_at_once_none_is_lost() {
    let world = World::new().await;
    let ended: Vec<(String, i32)> = thread::scope(|scope| {
        let close = |from: String| {
            let answer = world.sede(&["hours", "close", AZIENDE, "--from", &from, "--reason", "Assemblea"]);
            assert!([0, 1, AWAY].contains(&answer.code), "{answer:?}");
            (from, answer.code)
        };
        let days: Vec<_> = (40..48).map(|days| scope.spawn(move || close(day(days)))).collect();
        days.into_iter().map(|day| day.join().expect("an answer")).collect()
    });
    let listed = world.done(&["hours", "list", AZIENDE]);
    let closures = listed["closures"].as_array().expect("closures");
    let mut published: Vec<_> = closures
        .iter()
        .map(|closure| closure["from"].as_str().expect("a day"))
        .collect();
    published.sort_unstable();
    let done = ended.iter().filter(|(_, code)| *code == 0).map(|(day, _)| day.as_str());
    assert_eq!(
        published,
        done.collect::<Vec<_>>(),
        "what was acknowledged is there, and nothing else: {ended:?}"
    );
    assert!(!published.is_empty(), "somebody is the first");
}

#[tokio::test]
async fn a_ticket_is_taken_in_charge_by_one() {
    let world = World::new().await;
    let ended: Vec<i32> = thread::scope(|scope| {
        let take = || world.sede(&["ticket", "take", "LU-1", "--text", "Lo prendo io."]).code;
        let operators: Vec<_> = (0..8).map(|_| scope.spawn(take)).collect();
        operators
            .into_iter()
            .map(|operator| operator.join().expect("an answer"))
            .collect()
    });
    assert_eq!(ended.iter().filter(|code| **code == 0).count(), 1, "{ended:?}");
    assert!(ended.iter().all(|code| [0, 1, AWAY].contains(code)), "{ended:?}");
    let shown = world.done(&["ticket", "show", "LU-1"]);
    assert_eq!(
        shown["conversation"].as_array().map(Vec::len),
        Some(1),
        "and the conversation has it once"
    );
}

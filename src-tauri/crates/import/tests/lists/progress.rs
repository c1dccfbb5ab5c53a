//! How far it is, and calling it off.

use std::ops::ControlFlow;

use import::{ImportError, Progress, Stage};

use crate::support::{document, today};

fn long_list(rows: usize) -> String {
    let rows = (0..rows).map(|at| format!("LU-{at};4501234567;Esoneri;01/12/2026;Aperta\n"));
    "Codice;Matricola;Argomento;Data;Stato\n".to_owned() + &rows.collect::<String>()
}

#[test]
fn it_is_told_now_and_then_how_far_it_is() {
    let list = long_list(5_000);
    let mut told = Vec::new();
    let document = import::read(list.as_bytes(), |progress| {
        told.push(progress);
        ControlFlow::Continue(())
    })
    .unwrap();
    let opened: Vec<_> = told
        .drain(..)
        .map(|progress| (progress.stage, progress.rows, progress.of))
        .collect();
    assert_eq!(opened, [(Stage::Opening, 2_000, None), (Stage::Opening, 4_000, None)]);

    let (table, proposal) = document.propose().unwrap();
    let table = &document.tables()[table];
    import::read_rows(
        table,
        &proposal.header,
        &proposal.mapping,
        today(),
        |progress: Progress| {
            told.push(progress);
            ControlFlow::Continue(())
        },
    )
    .unwrap();
    let read: Vec<_> = told
        .iter()
        .map(|progress| (progress.stage, progress.rows, progress.of))
        .collect();
    let of = Some(5_001);
    assert_eq!(read, [0, 2_000, 4_000].map(|rows| (Stage::Reading, rows, of)));
}

#[test]
fn whoever_watches_may_call_it_off() {
    let list = long_list(5_000);
    let opened = import::read(list.as_bytes(), |_| ControlFlow::Break(()));
    assert!(matches!(opened, Err(ImportError::Cancelled)));

    let document = document(&list);
    let (table, proposal) = document.propose().unwrap();
    let table = &document.tables()[table];
    let mut calls = 0;
    let read = import::read_rows(table, &proposal.header, &proposal.mapping, today(), |_| {
        calls += 1;
        if calls == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert!(matches!(read, Err(ImportError::Cancelled)));
    assert_eq!(calls, 2, "nothing goes on behind the back of who called it off");
}

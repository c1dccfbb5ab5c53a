//! States and outcomes as lists word them.

use domain::portal::PortalStatus::{self, InProgress, Open, Withdrawn};
use domain::ticket::Outcome::{Ko, Ok as Good};
use import::{Field, Mapping, Reason, State};

use crate::support::{as_proposed, day, document, go_on, list_with, reading, ticket_with, today};

const fn closed(outcome: domain::ticket::Outcome) -> PortalStatus {
    PortalStatus::Closed { outcome, on: None }
}

#[test]
fn a_state_may_be_worded_in_many_ways() {
    let cases = [
        ("Aperta", Open),
        ("APERTO", Open),
        ("Inviata", Open),
        ("Riaperta", Open),
        ("Da lavorare", Open),
        ("In attesa di presa in carico", Open),
        ("In carico", InProgress),
        ("Presa in carico dalla sede", InProgress),
        ("in lavorazione", InProgress),
        ("In corso di definizione", InProgress),
        ("Assegnata", InProgress),
        ("Chiusa OK", closed(Good)),
        ("CHIUSA-KO", closed(Ko)),
        ("Chiusa (K.O.)", closed(Ko)),
        ("Chiusa con esito negativo", closed(Ko)),
        ("Chiuso con esito positivo", closed(Good)),
        ("Definita positivamente", closed(Good)),
        ("Respinta", closed(Ko)),
        ("Non accolta", closed(Ko)),
        ("Accolta", closed(Good)),
        ("Annullata", Withdrawn),
        ("Ritirata dallo studio", Withdrawn),
        ("Annullata con esito negativo", Withdrawn),
    ];
    for (word, status) in cases {
        let ticket = ticket_with(&[("Stato", word)]);
        assert_eq!(ticket.map(|ticket| ticket.status), Ok(status), "{word}");
    }
}

#[test]
fn the_outcome_may_stand_beside_the_state() {
    let cases = [
        ("Chiusa", "OK", Ok(closed(Good))),
        ("Chiusa", "negativo", Ok(closed(Ko))),
        ("Evasa", "Non risolto", Ok(closed(Ko))),
        ("Risolta", "risolta", Ok(closed(Good))),
        ("Chiusa KO", "KO", Ok(closed(Ko))),
        ("Chiusa KO", "", Ok(closed(Ko))),
        ("Chiusa KO", "si veda la nota", Ok(closed(Ko))),
        ("Chiusa", "", Err((Field::Outcome, Reason::Missing))),
        ("Chiusa", "-", Err((Field::Outcome, Reason::Missing))),
        ("Chiusa", "n.d.", Err((Field::Outcome, Reason::Missing))),
        ("Chiusa", "boh", Err((Field::Outcome, Reason::UnknownOutcome))),
        ("Chiusa OK", "KO", Err((Field::Outcome, Reason::OtherOutcome))),
        ("Aperta", "KO", Ok(Open)),
    ];
    for (state, outcome, expected) in cases {
        let status = ticket_with(&[("Stato", state), ("Esito", outcome)]).map(|ticket| ticket.status);
        assert_eq!(status, expected.map_err(|fault| vec![fault]), "{state}, {outcome}");
    }
}

#[test]
fn a_word_that_nobody_knows_is_refused_and_never_guessed() {
    for word in [
        "Sospesa",
        "Non chiusa",
        "Aperta chiusa",
        "Aperta OK",
        "In carico a Rossi",
        "1",
        "OK KO",
        "Apertissima",
    ] {
        let refused = ticket_with(&[("Stato", word)]).unwrap_err();
        assert_eq!(refused, [(Field::State, Reason::UnknownState)], "{word}");
    }
    assert_eq!(
        ticket_with(&[("Stato", "")]).unwrap_err(),
        [(Field::State, Reason::Missing)]
    );
}

#[test]
fn a_person_explains_once_what_a_word_means() {
    let list = list_with(&[("Stato", "Sospesa")])
        + "LU-2;4501234567;Esoneri;01/12/2026;sospesa\n\
        LU-3;4501234567;Esoneri;01/12/2026;Parcheggiata\n";
    let document = document(&list);
    let (proposal, before) = as_proposed(&document);
    assert_eq!(
        before
            .unknown_states
            .iter()
            .map(|(word, rows)| (&**word, *rows))
            .collect::<Vec<_>>(),
        [("Parcheggiata", 1), ("Sospesa", 1), ("sospesa", 1)]
    );

    let mut mapping = proposal.mapping.clone();
    mapping.explain_state("Sospesa", State::InProgress);
    let kept: Mapping = serde_json::from_str(&serde_json::to_string(&mapping).unwrap()).unwrap();
    let after = import::read_rows(&document.tables()[0], &proposal.header, &kept, today(), go_on).unwrap();

    assert_eq!(
        after.tickets.iter().map(|row| row.ticket.status).collect::<Vec<_>>(),
        [InProgress, InProgress]
    );
    assert_eq!(after.refused.len(), 1);
}

#[test]
fn a_closed_ticket_has_the_day_of_its_closing_or_else_of_its_last_update() {
    let on = |cells: &[(&str, &str)]| {
        let cells: Vec<_> = [("Stato", "Chiusa KO")]
            .into_iter()
            .chain(cells.iter().copied())
            .collect();
        ticket_with(&cells).map(|ticket| match ticket.status {
            PortalStatus::Closed { on, .. } => on,
            other => panic!("{other:?}"),
        })
    };
    assert_eq!(on(&[]), Ok(None));
    assert_eq!(on(&[("Data chiusura", "03/12/2026")]), Ok(Some(day(2026, 12, 3))));
    assert_eq!(on(&[("Ultima modifica", "04/12/2026")]), Ok(Some(day(2026, 12, 4))));
    assert_eq!(
        on(&[("Data chiusura", "03/12/2026"), ("Ultima modifica", "04/12/2026")]),
        Ok(Some(day(2026, 12, 3)))
    );
    assert_eq!(
        on(&[("Data chiusura", "11/12/2026")]),
        Err(vec![(Field::ClosedOn, Reason::ClosedInFuture)])
    );
    assert_eq!(
        on(&[("Data chiusura", "30/11/2026")]),
        Err(vec![(Field::ClosedOn, Reason::ClosedBeforeOpened)])
    );
    assert_eq!(
        on(&[("Data chiusura", "presto")]),
        Err(vec![(Field::ClosedOn, Reason::NoSuchDay)])
    );
}

#[test]
fn the_last_update_of_an_open_ticket_is_not_looked_at() {
    let reading = reading(list_with(&[("Ultimo aggiornamento", "domani")]));
    assert_eq!(reading.tickets.len(), 1);
}

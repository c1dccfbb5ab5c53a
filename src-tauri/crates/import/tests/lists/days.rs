//! Days as people and programs write them.

use import::{Field, Reason};

use crate::support::{day, list_with, reading, ticket_with};

fn refused(text: &str) -> Vec<(Field, Reason)> {
    ticket_with(&[("Data apertura", text)]).unwrap_err()
}

#[test]
fn every_way_to_write_the_first_of_december_is_the_same_day() {
    let ways = [
        "01/12/2026",
        "1/12/2026",
        "1-12-26",
        "01.12.2026",
        "01 12 2026",
        "1 dic 2026",
        "1-dic-26",
        "1dic2026",
        "01/DIC/2026",
        "1° dicembre 2026",
        "1º dicembre 2026",
        "martedì 1 dicembre 2026",
        "mar. 1 dic. 2026",
        "Mar, 1 dic 2026",
        "2026-12-01",
        "2026/12/01",
        "20261201",
        "1-Dec-2026",
        "01/12/2026 09:30",
        "01/12/2026 9.30",
        "01/12/2026 09:30:15",
        "01/12/2026 09:30:15.123",
        "01/12/2026, 09:30",
        "01/12/2026 - 09:30",
        "01/12/2026 ore 09:30",
        "1 dicembre 2026 alle 9:30",
        "01/12/2026 09:30 PM",
        "2026-12-01T09:30",
        "2026-12-01 09:30:15",
        "2026-12-01T09:30:15.000",
        "2026-12-01T09:30:15+01:00",
        "\u{a0}01/12/2026\u{a0}",
    ];
    for text in ways {
        let ticket = ticket_with(&[("Data apertura", text)]);
        assert_eq!(ticket.map(|ticket| ticket.opened_on), Ok(day(2026, 12, 1)), "{text}");
    }
}

#[test]
fn every_month_has_its_name_whole_and_short() {
    let months = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre";
    for (number, month) in (1..).zip(months.split(' ')) {
        for name in [month, &month[..3], &month.to_uppercase()] {
            let text = format!("28 {name} 2025");
            let ticket = ticket_with(&[("Data apertura", &text)]).unwrap();
            assert_eq!(ticket.opened_on, day(2025, number, 28), "{text}");
        }
    }
    assert_eq!(
        ticket_with(&[("Data apertura", "3 sett. 2025")]).unwrap().opened_on,
        day(2025, 9, 3)
    );
}

#[test]
fn an_hour_with_its_offset_falls_on_the_day_it_was_in_italy() {
    let opened = |text: &str| ticket_with(&[("Data apertura", text)]).unwrap().opened_on;

    assert_eq!(opened("2026-11-30T23:30:00Z"), day(2026, 12, 1));
    assert_eq!(opened("2026-06-30T22:30:00Z"), day(2026, 7, 1));
    assert_eq!(opened("2026-11-30T22:30:00Z"), day(2026, 11, 30));
}

#[test]
fn what_is_no_day_is_refused_and_not_bent_into_one() {
    let no_days = [
        "31/11/2026",
        "29/02/2026",
        "0/12/2026",
        "12/2026",
        "2026",
        "1/12",
        "1/12/226",
        "01/12/0026",
        "01/12/1926",
        "ieri",
        "01/12/2026 25:00",
        "01/12/2026 circa",
        "tra 01/12/2026",
        "1//12//2026//",
        "1 ma 2026",
        "46357",
        "########",
        "01/12/20266",
        "20261301",
    ];
    for text in no_days {
        assert_eq!(refused(text), [(Field::OpenedOn, Reason::NoSuchDay)], "{text}");
    }
}

#[test]
fn the_month_is_never_taken_for_the_day() {
    assert_eq!(refused("11/30/2026"), [(Field::OpenedOn, Reason::NoSuchDay)]);

    // A column that writes the month first somewhere may do so everywhere.
    let list = list_with(&[("Data apertura", "12/03/2026")])
        + "LU-2;4501234567;Esoneri;11/30/2026;Aperta\n\
        LU-3;4501234567;Esoneri;07/07/2026;Aperta\nLU-4;4501234567;Esoneri;2026-12-03;Aperta\n";
    let reading = reading(list);
    let refused: Vec<_> = reading
        .refused
        .iter()
        .map(|row| (row.row, row.faults[0].reason))
        .collect();
    assert_eq!(refused, [(2, Reason::DayOrMonth), (3, Reason::NoSuchDay)]);
    let taken: Vec<_> = reading.tickets.iter().map(|row| row.ticket.opened_on).collect();
    assert_eq!(taken, [day(2026, 7, 7), day(2026, 12, 3)], "these can only be one day");
}

#[test]
fn a_ticket_opened_tomorrow_is_refused_and_one_of_today_is_not() {
    assert_eq!(refused("11/12/2026"), [(Field::OpenedOn, Reason::OpenedInFuture)]);
    assert!(ticket_with(&[("Data apertura", "10/12/2026")]).is_ok());
}

#[test]
fn a_reopened_ticket_counts_from_the_day_of_its_reopening() {
    let reopened = |text| ticket_with(&[("Riaperta il", text)]);

    assert_eq!(reopened("05/12/2026").unwrap().opened_on, day(2026, 12, 5));
    assert_eq!(reopened("-").unwrap().opened_on, day(2026, 12, 1));
    assert_eq!(
        reopened("11/12/2026").unwrap_err(),
        [(Field::ReopenedOn, Reason::OpenedInFuture)]
    );
}

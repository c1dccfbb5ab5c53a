//! R7, R8: from topics to points, and from a selection to appointments.

use std::collections::{BTreeMap, BTreeSet};

use domain::code::{PointCode, SedeCode, TicketCode, TopicCode};
use domain::point::ConsultationPoint;
use domain::routing::{Groups, Routed, Routing, group};
use proptest::prelude::*;

use crate::given::{lucca, point_code, sede, ticket, topic};

fn point(of: &str, code: &str, topics: &[&str]) -> ConsultationPoint {
    ConsultationPoint {
        code: point_code(code),
        sede: sede(of),
        topics: topics.iter().map(|code| topic(code)).collect(),
        ..lucca()
    }
}

fn three_points() -> [ConsultationPoint; 3] {
    [
        point("LU", "LU-AZIENDE", &["DEN-UNI", "DEN-VAR"]),
        point("LU", "LU-CREDITI", &["CRE-DUR"]),
        point("PI", "PI-AZIENDE", &["DEN-UNI"]),
    ]
}

#[test]
fn the_point_follows_from_topic_and_sede() {
    let routing = Routing::new(&three_points());
    for (of, about, expected) in [
        ("LU", "DEN-UNI", Some("LU-AZIENDE")),
        ("LU", "DEN-VAR", Some("LU-AZIENDE")),
        ("LU", "CRE-DUR", Some("LU-CREDITI")),
        ("PI", "DEN-UNI", Some("PI-AZIENDE")),
        ("PI", "CRE-DUR", None),
        ("LU", "NIENTE", None),
        ("MI", "DEN-UNI", None),
    ] {
        assert_eq!(
            routing.point(&sede(of), &topic(about)),
            expected.map(point_code).as_ref(),
            "R8: {about} at {of} would be sent to the wrong desk"
        );
    }
    assert_eq!(Routing::default().point(&sede("LU"), &topic("DEN-UNI")), None);
}

#[test]
fn of_two_points_that_answer_a_topic_the_first_by_code_does_in_whatever_order_they_are_read() {
    let mut points = [
        point("LU", "LU-B", &["DEN-UNI"]),
        point("LU", "LU-A", &["DEN-UNI"]),
        point("LU", "LU-C", &["DEN-UNI"]),
    ];
    for _ in 0..3 {
        points.rotate_left(1);
        assert_eq!(
            Routing::new(&points).point(&sede("LU"), &topic("DEN-UNI")),
            Some(&point_code("LU-A")),
            "R8: server and desktop would disagree"
        );
    }
}

fn routed(selection: &[(&str, &str, &str)], routing: &Routing) -> Groups {
    let parsed: Vec<(TicketCode, SedeCode, TopicCode)> = selection
        .iter()
        .map(|(code, of, about)| (ticket(code), sede(of), topic(about)))
        .collect();
    let selection = parsed
        .iter()
        .map(|(ticket, sede, topic)| Routed { ticket, sede, topic });
    group(selection, routing)
}

#[test]
fn a_selection_becomes_one_appointment_per_point_and_nothing_is_dropped() {
    let groups = routed(
        &[
            ("T1", "LU", "DEN-UNI"),
            ("T2", "LU", "CRE-DUR"),
            ("T3", "LU", "DEN-VAR"),
            ("T4", "LU", "NIENTE"),
            ("T5", "PI", "DEN-UNI"),
            ("T1", "LU", "DEN-UNI"),
            ("T4", "LU", "NIENTE"),
        ],
        &Routing::new(&three_points()),
    );
    assert_eq!(
        groups,
        Groups {
            by_point: vec![
                (point_code("LU-AZIENDE"), vec![ticket("T1"), ticket("T3")]),
                (point_code("LU-CREDITI"), vec![ticket("T2")]),
                (point_code("PI-AZIENDE"), vec![ticket("T5")]),
            ],
            unanswered: vec![ticket("T4")],
        },
        "R8: a ticket of the selection would be lost, doubled, or taken to the wrong desk"
    );
}

#[test]
fn an_empty_selection_makes_no_appointment() {
    assert_eq!(routed(&[], &Routing::new(&three_points())), Groups::default());
}

proptest! {
    #[test]
    fn grouping_loses_and_doubles_nothing_and_keeps_the_order(
        selection in proptest::collection::vec((0usize..12, 0usize..3), 0..24),
    ) {
        let routing = Routing::new(&three_points());
        let topics = ["DEN-UNI", "CRE-DUR", "NIENTE"].map(topic);
        let lu = sede("LU");
        // A ticket has one topic, however often it is selected.
        let mut about = BTreeMap::new();
        let selection: Vec<(TicketCode, TopicCode)> = selection
            .into_iter()
            .map(|(n, chosen)| {
                let chosen = *about.entry(n).or_insert(chosen);
                (ticket(&format!("T{n}")), topics[chosen].clone())
            })
            .collect();
        let groups = group(
            selection.iter().map(|(ticket, topic)| Routed { ticket, sede: &lu, topic }),
            &routing,
        );

        let mut seen = BTreeSet::new();
        let once: Vec<_> = selection.iter().filter(|(ticket, _)| seen.insert(ticket.clone())).collect();
        let expected = |point: Option<&PointCode>| -> Vec<TicketCode> {
            once.iter()
                .filter(|(_, topic)| routing.point(&lu, topic) == point)
                .map(|(ticket, _)| ticket.clone())
                .collect()
        };
        prop_assert_eq!(&groups.unanswered, &expected(None));
        for (point, tickets) in &groups.by_point {
            prop_assert!(!tickets.is_empty(), "an appointment without tickets");
            prop_assert_eq!(tickets, &expected(Some(point)));
        }
        let total = groups.unanswered.len() + groups.by_point.iter().map(|(_, tickets)| tickets.len()).sum::<usize>();
        prop_assert_eq!(total, once.len());
        let points: BTreeSet<_> = groups.by_point.iter().map(|(point, _)| point).collect();
        prop_assert_eq!(points.len(), groups.by_point.len(), "one point, two appointments");
    }
}

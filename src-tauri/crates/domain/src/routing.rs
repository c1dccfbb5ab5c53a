//! R7, R8: the point follows from the topic and the position's sede.

use std::collections::HashMap;

use crate::code::{PointCode, SedeCode, TicketCode, TopicCode};
use crate::point::ConsultationPoint;

/// Which point of a sede answers a topic.
#[derive(Debug, Clone, Default)]
pub struct Routing {
    routes: HashMap<SedeCode, HashMap<TopicCode, PointCode>>,
}

impl Routing {
    /// The routes that `points` make. Where two points of a sede answer one topic, the first by code does, for everybody
    /// alike.
    pub fn new<'a>(points: impl IntoIterator<Item = &'a ConsultationPoint>) -> Self {
        let mut routes: HashMap<SedeCode, HashMap<TopicCode, PointCode>> = HashMap::new();
        for point in points {
            let of_sede = routes.entry(point.sede.clone()).or_default();
            for topic in &point.topics {
                of_sede
                    .entry(topic.clone())
                    .and_modify(|chosen| {
                        if point.code < *chosen {
                            *chosen = point.code.clone();
                        }
                    })
                    .or_insert_with(|| point.code.clone());
            }
        }
        Self { routes }
    }

    /// R8: the point for `topic` at `sede`; nothing where no point answers it (R5).
    pub fn point(&self, sede: &SedeCode, topic: &TopicCode) -> Option<&PointCode> {
        self.routes.get(sede)?.get(topic)
    }
}

/// A ticket as routing sees it.
#[derive(Debug, Clone, Copy)]
pub struct Routed<'a> {
    /// The ticket.
    pub ticket: &'a TicketCode,
    /// The sede of its position.
    pub sede: &'a SedeCode,
    /// Its topic.
    pub topic: &'a TopicCode,
}

/// A selection of tickets, by the appointments that it makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// One appointment each; points and tickets in the order of the selection.
    pub by_point: Vec<(PointCode, Vec<TicketCode>)>,
    /// Tickets whose topic no point answers.
    pub unanswered: Vec<TicketCode>,
}

/// R8: tickets that lead to the same point share an appointment; those that lead elsewhere are another one. None is
/// dropped, one selected twice counts once.
pub fn group<'a>(selection: impl IntoIterator<Item = Routed<'a>>, routing: &Routing) -> Groups {
    let mut groups = Groups::default();
    for Routed { ticket, sede, topic } in selection {
        let room = match routing.point(sede, topic) {
            None => &mut groups.unanswered,
            Some(point) => {
                let index = groups
                    .by_point
                    .iter()
                    .position(|(known, _)| known == point)
                    .unwrap_or_else(|| {
                        groups.by_point.push((point.clone(), Vec::new()));
                        groups.by_point.len() - 1
                    });
                &mut groups.by_point[index].1
            }
        };
        if !room.contains(ticket) {
            room.push(ticket.clone());
        }
    }
    groups
}

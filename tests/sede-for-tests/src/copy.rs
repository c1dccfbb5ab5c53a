//! A client's copy of what its studio sees, kept as any client keeps one.

use std::collections::BTreeMap;

use domain::availability::Taken;
use store::{CalendarStore, Change, Cursor, Entity, EntityKey};

/// Everything by its key, as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copy {
    /// What there is.
    pub entities: BTreeMap<String, String>,
    /// How far it was read.
    pub cursor: Option<Cursor>,
}

impl Copy {
    /// All that `session` sees, pulled from the beginning.
    pub async fn pulled(session: &dyn CalendarStore) -> Self {
        let mut copy = Self::default();
        copy.pull(session).await;
        copy
    }

    /// Pulls until there is no more; returns how many changes came.
    pub async fn pull(&mut self, session: &dyn CalendarStore) -> usize {
        let mut came = 0;
        loop {
            let page = session.pull(self.cursor.as_ref()).await.expect("a page");
            came += page.changes.len();
            page.changes.into_iter().for_each(|change| self.take(change));
            self.cursor = Some(page.cursor);
            if !page.more {
                return came;
            }
        }
    }

    fn take(&mut self, change: Change) {
        match change {
            Change::Put(Entity::Taken(held)) if held.taken.count == 0 => {
                self.entities.remove(&taken(&held.point.to_string(), &held.taken));
            }
            Change::Put(entity) => {
                let text = serde_json::to_string(&entity).expect("an entity as text");
                self.entities.insert(key(&entity), text);
            }
            Change::Gone(EntityKey::Position(position)) => {
                self.entities.remove(&format!("position {position}"));
                self.entities.remove(&format!("delegation {position}"));
            }
            Change::Gone(gone) => {
                self.entities.remove(&match gone {
                    EntityKey::Sede(code) => format!("sede {code}"),
                    EntityKey::Topic(code) => format!("topic {code}"),
                    EntityKey::Point(code) => format!("point {code}"),
                    EntityKey::Company(code) => format!("company {code}"),
                    EntityKey::Position(code) => format!("position {code}"),
                    EntityKey::Ticket(code) => format!("ticket {code}"),
                    EntityKey::Appointment(id) => format!("appointment {id}"),
                    EntityKey::Deposit(id) => format!("deposit {id}"),
                    EntityKey::Dossier(subject) => format!("dossier {subject}"),
                });
            }
        }
    }

    /// Its appointments, as text.
    pub fn appointments(&self) -> impl Iterator<Item = &str> {
        self.entities.keys().filter_map(|key| key.strip_prefix("appointment "))
    }
}

fn taken(point: &str, taken: &Taken) -> String {
    format!("taken {point} {} {}", taken.start, taken.end)
}

fn key(entity: &Entity) -> String {
    match entity {
        Entity::Sede(sede) => format!("sede {}", sede.code),
        Entity::Topic(topic) => format!("topic {}", topic.code),
        Entity::Point(point) => format!("point {}", point.code),
        Entity::Taken(held) => taken(&held.point.to_string(), &held.taken),
        Entity::Company(company) => format!("company {}", company.code),
        Entity::Position(position) => format!("position {}", position.matricola),
        Entity::Delegation(delegation) => format!("delegation {}", delegation.position),
        Entity::Ticket(pulled) => format!("ticket {}", pulled.ticket.code),
        Entity::Appointment(appointment) => format!("appointment {}", appointment.id),
        Entity::Deposit(deposit) => format!("deposit {}", deposit.decision),
        Entity::Dossier(dossier) => format!("dossier {}", dossier.subject()),
    }
}

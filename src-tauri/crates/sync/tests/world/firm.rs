//! A studio's computer: its two files, and the engine that carries between them and the store.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cache::Cache;
use cache::drafts::{Aim, Draft, DraftChange, NewDraft};
use cache::outbox::OutboxRow;
use chrono::{DateTime, Utc};
use domain::appointment::Appointment;
use domain::booking::BookedTicket;
use domain::code::{DecisionId, DraftId};
use domain::content::{Contact, Content};
use domain::ticket::Judgement;
use domain::wish::Wish;
use store::Clock;
use sync::{Deaf, Engine, Parts, Pauses, RoundReport, TracingWatcher, Watcher, Waypoint};
use uuid::Uuid;

use super::gate::Gate;
use super::{POINT, World, code};

/// See the module.
pub struct Firm {
    pub folder: PathBuf,
    pub number: u8,
    pub clock: Arc<dyn Clock>,
    pub gate: Arc<Gate>,
    pub cache: Arc<Cache>,
    pub engine: Arc<Engine>,
}

/// Dies at a waypoint, once.
pub struct Mortal {
    at: Waypoint,
    dead: AtomicBool,
}

impl Mortal {
    pub fn at(at: Waypoint) -> Arc<Self> {
        Arc::new(Self {
            at,
            dead: AtomicBool::new(false),
        })
    }
}

impl Watcher for Mortal {
    fn reached(&self, waypoint: Waypoint, _: DecisionId) {
        assert!(
            waypoint != self.at || self.dead.swap(true, Ordering::Relaxed),
            "killed at {waypoint:?}, on purpose"
        );
    }
}

impl Firm {
    /// The computer of studio `number`, enrolled before.
    pub async fn open(world: &World, number: u8) -> Self {
        Self::with(world, number, Arc::new(TracingWatcher)).await
    }

    pub async fn with(world: &World, number: u8, watcher: Arc<dyn Watcher>) -> Self {
        let studio = format!("STUDIO-{number}").parse().unwrap();
        let gate = Gate::before(world.store.studio(&studio));
        Self::behind(world, number, watcher, gate).await
    }

    pub async fn behind(world: &World, number: u8, watcher: Arc<dyn Watcher>, gate: Arc<Gate>) -> Self {
        let folder = world.folder.path().join(format!("firm-{number}"));
        let clock: Arc<dyn Clock> = world.clock.clone();
        Self::assemble(folder, number, clock, gate, watcher).await
    }

    pub async fn assemble(
        folder: PathBuf,
        number: u8,
        clock: Arc<dyn Clock>,
        gate: Arc<Gate>,
        watcher: Arc<dyn Watcher>,
    ) -> Self {
        let (cache, repairs) = Cache::open(&folder, clock.now()).await.unwrap();
        assert_eq!(repairs, [], "nothing was damaged");
        let cache = Arc::new(cache);
        let engine = Engine::new(Parts {
            cache: cache.clone(),
            store: Some(gate.clone()),
            clock: clock.clone(),
            watcher,
            listener: Arc::new(Deaf),
        });
        Self {
            folder,
            number,
            clock,
            gate,
            engine: Arc::new(engine.await.unwrap()),
            cache,
        }
    }

    /// The same computer after the program died and was started again.
    pub async fn restarted(self) -> Self {
        let Self {
            folder,
            number,
            clock,
            gate,
            cache,
            engine,
        } = self;
        drop(engine);
        drop(cache);
        Self::assemble(folder, number, clock, gate, Arc::new(TracingWatcher)).await
    }

    pub async fn round(&self) -> RoundReport {
        self.engine.round(Pauses::Keep).await.unwrap()
    }

    pub async fn draft(&self, tickets: &[&str], wishes: Vec<Wish>) -> Draft {
        self.judged_draft(
            &tickets.iter().map(|ticket| (*ticket, None)).collect::<Vec<_>>(),
            wishes,
        )
        .await
    }

    pub async fn judged_draft(&self, tickets: &[(&str, Option<Judgement>)], wishes: Vec<Wish>) -> Draft {
        let now = self.engine.present();
        let new = NewDraft {
            aim: Aim::Book,
            id: DraftId::new(Uuid::now_v7()),
            company: format!("0000000000{}", self.number).parse().unwrap(),
            point: POINT.parse().unwrap(),
            tickets: tickets
                .iter()
                .map(|(ticket, judgement)| BookedTicket {
                    code: code(ticket),
                    judgement: *judgement,
                    read: None,
                })
                .collect(),
            content: Content {
                contact: Contact {
                    phone: "0583 123456".into(),
                    email: String::new(),
                },
                ..Content::default()
            },
        };
        let draft = self.cache.drafts.prepare(new, None, now).await.unwrap();
        let change = DraftChange {
            wishes: Some(wishes),
            ..DraftChange::default()
        };
        self.cache
            .drafts
            .save(draft.id, draft.revision, change, now)
            .await
            .unwrap()
    }

    /// Decides to send `draft`.
    pub async fn send(&self, draft: &Draft, not_before: Option<DateTime<Utc>>) -> OutboxRow {
        let now = self.engine.present();
        let draft = self.again(draft).await;
        let decision = DecisionId::new(Uuid::now_v7());
        let drafts = &self.cache.drafts;
        drafts
            .send(draft.id, draft.revision, decision, not_before, &HashMap::new(), now)
            .await
            .unwrap()
            .1
    }

    /// The draft as it is now.
    pub async fn again(&self, draft: &Draft) -> Draft {
        self.cache.drafts.get(draft.id).await.unwrap()
    }

    /// All appointments in the agenda.
    pub async fn agenda(&self) -> Vec<Appointment> {
        self.cache
            .pulled
            .appointments(DateTime::<Utc>::UNIX_EPOCH, super::rome(12, 31, 0, 0))
            .await
            .unwrap()
    }
}

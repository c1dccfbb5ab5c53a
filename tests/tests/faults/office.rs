//! A studio that works with a real `sede serve`, and the line between the two.

use std::path::PathBuf;
use std::sync::Arc;

use agenda_sede_tests::served::{Served, Way};
use agenda_sede_tests::world::{self, Tickets};
use chrono::Utc;
use domain::code::TicketCode;
use store::{AppointmentFilter, AppointmentRecord, DeviceToken, MOST_RECORDS, RedeemOutcome, SystemClock};
use store_http::{HttpStore, Patience, ServerAddress, Trust};
use studio::view::desk::DeskView;
use studio::{Deaf, Options, Studio};
use sync::{TracingWatcher, Watcher};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::line::Line;
use crate::wire::Wire;

/// See the module.
pub(crate) struct Office {
    pub(crate) sede: Served,
    pub(crate) wire: Arc<Wire>,
    runtime: Runtime,
    folder: TempDir,
    address: ServerAddress,
    trust: Trust,
    token: DeviceToken,
}

impl Office {
    /// A sede with these tickets of the studio's, and a device of the studio's that is admitted.
    pub(crate) fn open(way: Way, tickets: Tickets) -> Self {
        let sede = Served::filled(way, async |store: &dyn ::sede::store::Backing| {
            world::furnish(&*store.desk(), Utc::now(), tickets).await;
        });
        let wire = Arc::new(Wire::to(sede.port()));
        let runtime = Runtime::new().unwrap();
        let address: ServerAddress = sede.address_at(wire.port).parse().unwrap();
        let trust = Trust::system_and(&sede.authority()).unwrap();
        let token = DeviceToken::random();
        let invitation = sede.invite(&world::studio_code(), "Anna Ricci").parse().unwrap();
        let device = "SCRIVANIA".parse().unwrap();
        let redeemed = runtime.block_on(store_http::redeem(&address, &trust, invitation, device, &token));
        assert!(matches!(redeemed, Ok(RedeemOutcome::Admitted { .. })), "{redeemed:?}");
        Self {
            sede,
            wire,
            runtime,
            folder: tempfile::tempdir().unwrap(),
            address,
            trust,
            token,
        }
    }

    /// Does something that waits.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The client of the store, as the program has it.
    pub(crate) fn client(&self, patience: Patience) -> HttpStore {
        HttpStore::with_patience(self.address.clone(), &self.trust, self.token.clone(), patience).unwrap()
    }

    /// The program, on files of its own.
    pub(crate) async fn studio(&self, name: &str) -> Studio {
        self.studio_with(name, Patience::default(), 0, Arc::new(TracingWatcher))
            .await
    }

    /// The program on the files of `name`, with a patience, so many versions ahead, watched by `watcher`.
    pub(crate) async fn studio_with(
        &self,
        name: &str,
        patience: Patience,
        ahead: u32,
        watcher: Arc<dyn Watcher>,
    ) -> Studio {
        let opened = Studio::open(Options {
            desk: DeskView::training(),
            folder: self.files(name),
            clock: Arc::new(SystemClock),
            store: Some(Arc::new(Line {
                store: self.client(patience),
                wire: Arc::clone(&self.wire),
                ahead,
            })),
            watcher,
            listener: Arc::new(Deaf),
        });
        opened.await.unwrap()
    }

    /// Where the files of `name` are.
    pub(crate) fn files(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// How many tickets the store has.
    pub(crate) async fn tickets(&self) -> u64 {
        let store = self.sede.store().await;
        let counts = store.records().counts().await.unwrap();
        store.close().await;
        counts.tickets
    }

    /// All appointments that the store has.
    pub(crate) async fn appointments(&self) -> Vec<AppointmentRecord> {
        let store = self.sede.store().await;
        let records = store.records();
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = records
                .appointments(&AppointmentFilter::default(), after.as_ref(), MOST_RECORDS)
                .await
                .unwrap();
            after = page.last().map(|last| store::AppointmentMark::of(&last.appointment));
            let last = page.len() < usize::from(MOST_RECORDS);
            all.extend(page);
            if last {
                break;
            }
        }
        store.close().await;
        all
    }

    /// How many appointments the store has that carry `ticket`, in whatever state.
    pub(crate) async fn carrying(&self, ticket: &TicketCode) -> usize {
        let all = self.appointments().await;
        all.iter()
            .filter(|record| record.appointment.tickets.contains(ticket))
            .count()
    }

    /// The store keeps its promises: one appointment a decision, no more than there are places, one outcome an attempt.
    /// Returns how many outcomes it remembers.
    pub(crate) async fn sound(&self) -> u64 {
        let store = self.sede.store().await;
        let checkup = store.records().checkup().await.unwrap();
        assert!(checkup.is_kept(), "{:?}", checkup.broken().collect::<Vec<_>>());
        store.close().await;
        let mut decisions = std::collections::BTreeMap::new();
        for record in self.appointments().await {
            *decisions.entry(record.appointment.decision).or_insert(0) += 1;
        }
        assert!(
            decisions.values().all(|count| *count == 1),
            "one decision, one appointment"
        );
        checkup.counts.outcomes
    }
}

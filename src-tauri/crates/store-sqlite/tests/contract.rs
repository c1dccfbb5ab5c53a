//! The store in a file keeps the contract.

use std::sync::Arc;

use async_trait::async_trait;
use domain::code::StudioCode;
use store::contract::Bench;
use store::{CalendarStore, DeviceRegister, SedeDesk, SedeRecords, SetClock};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

struct InAFile {
    store: SqliteStore,
    _folder: TempDir,
}

#[async_trait]
impl Bench for InAFile {
    async fn fresh(clock: Arc<SetClock>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::create(&folder.path().join("store.sqlite"), clock)
            .await
            .expect("a store of its own");
        Self { store, _folder: folder }
    }

    async fn session(&self, studio: &StudioCode) -> Arc<dyn CalendarStore> {
        let person = "Anna Bianchi".parse().ok();
        Arc::new(self.store.studio(studio).in_the_name_of(person))
    }

    async fn desk(&self) -> Arc<dyn SedeDesk> {
        Arc::new(self.store.desk())
    }

    async fn records(&self) -> Arc<dyn SedeRecords> {
        Arc::new(self.store.records())
    }

    async fn register(&self) -> Arc<dyn DeviceRegister> {
        Arc::new(self.store.register())
    }
}

store::contract_tests!(InAFile);

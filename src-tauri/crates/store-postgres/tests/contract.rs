//! The store in PostgreSQL keeps the contract, as the role that the server works as.

use std::sync::Arc;

use async_trait::async_trait;
use domain::code::StudioCode;
use sede_for_tests::database::Database;
use store::contract::Bench;
use store::{CalendarStore, DeviceRegister, SedeDesk, SedeRecords, SetClock};
use store_postgres::PostgresStore;

struct InADatabase {
    store: PostgresStore,
    _database: Database,
}

#[async_trait]
impl Bench for InADatabase {
    async fn fresh(clock: Arc<SetClock>) -> Self {
        let database = Database::fresh().await;
        let store = database.store(clock).await;
        Self {
            store,
            _database: database,
        }
    }

    async fn session(&self, studio: &StudioCode) -> Arc<dyn CalendarStore> {
        Arc::new(self.store.studio(studio))
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

store::contract_tests!(InADatabase);

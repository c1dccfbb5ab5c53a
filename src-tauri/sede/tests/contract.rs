//! The store keeps its contract over HTTPS: client, server and store together, whichever the store.

mod house;

use std::sync::Arc;

use async_trait::async_trait;
use domain::code::StudioCode;
use house::{House, generous};
use sede_for_tests::database::Database;
use store::contract::Bench;
use store::{CalendarStore, DeviceRegister, SedeDesk, SedeRecords, SetClock};
use store_postgres::PostgresStore;

struct BeforeAFile(House);

#[async_trait]
impl Bench for BeforeAFile {
    async fn fresh(clock: Arc<SetClock>) -> Self {
        Self(House::empty(clock, generous()).await)
    }

    async fn session(&self, studio: &StudioCode) -> Arc<dyn CalendarStore> {
        Arc::new(self.0.as_seen_by(&self.0.device(studio).await))
    }

    async fn desk(&self) -> Arc<dyn SedeDesk> {
        Arc::new(self.0.store.desk())
    }

    async fn records(&self) -> Arc<dyn SedeRecords> {
        Arc::new(self.0.store.records())
    }

    async fn register(&self) -> Arc<dyn DeviceRegister> {
        Arc::new(self.0.store.register())
    }
}

struct BeforePostgres {
    house: House<PostgresStore>,
    _database: Database,
}

#[async_trait]
impl Bench for BeforePostgres {
    async fn fresh(clock: Arc<SetClock>) -> Self {
        let database = Database::fresh().await;
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let store = database.store(clock).await;
        Self {
            house: House::before(folder, store, generous()).await,
            _database: database,
        }
    }

    async fn session(&self, studio: &StudioCode) -> Arc<dyn CalendarStore> {
        Arc::new(self.house.as_seen_by(&self.house.device(studio).await))
    }

    async fn desk(&self) -> Arc<dyn SedeDesk> {
        self.house.backing().desk()
    }

    async fn records(&self) -> Arc<dyn SedeRecords> {
        self.house.backing().records()
    }

    async fn register(&self) -> Arc<dyn DeviceRegister> {
        self.house.backing().register()
    }
}

mod before_a_file {
    use super::*;

    store::contract_tests!(BeforeAFile);
}

mod before_postgres {
    use super::*;

    store::contract_tests!(BeforePostgres);
}

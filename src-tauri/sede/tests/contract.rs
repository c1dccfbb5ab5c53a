//! The store keeps its contract over HTTPS: client, server and store together.

mod house;

use std::sync::Arc;

use async_trait::async_trait;
use domain::code::StudioCode;
use house::{House, generous};
use store::contract::Bench;
use store::{CalendarStore, DeviceRegister, SedeDesk, SedeRecords, SetClock};

struct OverHttps(House);

#[async_trait]
impl Bench for OverHttps {
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

store::contract_tests!(OverHttps);

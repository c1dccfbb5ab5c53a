//! What changed at the store, on its way in.

use store::StoreError;

use crate::engine::{Broken, Engine, RoundReport};

impl Engine {
    /// Pulls page after page until there is no more. A page is written with its cursor: an interruption costs that page.
    pub(crate) async fn pull_all(&self, report: &mut RoundReport) -> Result<(), Broken> {
        let pulled = &self.parts.cache.pulled;
        let mut epoch = self.epoch().await?;
        loop {
            let cursor = pulled.cursor().await?;
            let page = match self.parts.store.pull(cursor.as_ref()).await {
                Ok(page) => page,
                // Another life of the store: all that was pulled is of the last one. Once a round is enough.
                Err(StoreError::EpochChanged) if cursor.is_some() && !report.reset => {
                    tracing::warn!("the store has another epoch: everything is pulled again");
                    pulled.reset().await?;
                    report.reset = true;
                    self.greet(report).await?;
                    epoch = self.epoch().await?;
                    continue;
                }
                Err(error) => return Err(Broken::Store(error)),
            };
            let count = u64::try_from(page.changes.len()).unwrap_or(u64::MAX);
            let touched = self.parts.cache.apply(&page, &epoch).await?;
            report.pulled += count;
            self.parts.listener.pulled(&touched);
            self.parts
                .listener
                .pulling(report.pulled, report.pulled + page.remaining);
            if !page.more {
                return Ok(());
            }
        }
    }

    /// The life of the store that this session is with.
    async fn epoch(&self) -> Result<String, Broken> {
        let kept = self.parts.cache.pulled.welcome().await?;
        Ok(kept.map(|kept| kept.welcome.epoch).unwrap_or_default())
    }
}

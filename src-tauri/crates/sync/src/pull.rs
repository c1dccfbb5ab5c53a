//! What changed at the store, on its way in.

use store::StoreError;

use crate::engine::{Broken, Engine, RoundReport};

impl Engine {
    /// Pulls page after page until there is no more; the next page is on its way while one is written. A page is written
    /// with its cursor: an interruption costs that page and the next.
    pub(crate) async fn pull_all(&self, report: &mut RoundReport) -> Result<(), Broken> {
        let pulled = &self.parts.cache.pulled;
        let mut epoch = self.epoch().await?;
        let mut cursor = pulled.cursor().await?;
        let store = self.store()?;
        let mut answer = store.pull(cursor.as_ref()).await;
        loop {
            let page = match answer {
                Ok(page) => page,
                // Another life of the store: all that was pulled is of the last one. Once a round is enough.
                Err(StoreError::EpochChanged) if cursor.is_some() && !report.reset => {
                    tracing::warn!("the store has another epoch: everything is pulled again");
                    self.parts.cache.reset().await?;
                    report.reset = true;
                    self.greet(report).await?;
                    epoch = self.epoch().await?;
                    cursor = None;
                    answer = store.pull(None).await;
                    continue;
                }
                Err(error) => return Err(Broken::Store(error)),
            };
            let following = async {
                match page.more {
                    true => Some(store.pull(Some(&page.cursor)).await),
                    false => None,
                }
            };
            let (touched, next) = tokio::join!(self.parts.cache.apply(&page, &epoch), following);
            report.pulled += u64::try_from(page.changes.len()).unwrap_or(u64::MAX);
            self.parts.listener.pulled(&touched?);
            self.parts
                .listener
                .pulling(report.pulled, report.pulled + page.remaining);
            let Some(next) = next else {
                return Ok(());
            };
            (cursor, answer) = (Some(page.cursor), next);
        }
    }

    /// The life of the store that this session is with.
    async fn epoch(&self) -> Result<String, Broken> {
        let kept = self.parts.cache.pulled.welcome().await?;
        Ok(kept.map(|kept| kept.welcome.epoch).unwrap_or_default())
    }
}

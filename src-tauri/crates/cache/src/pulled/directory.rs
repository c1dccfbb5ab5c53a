//! What the sedi offer: sedi, topics, points and the routes that they make. Small, and asked by everybody: kept in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};

use domain::code::{PointCode, SedeCode, TopicCode};
use domain::point::{ConsultationPoint, Sede};
use domain::routing::Routing;
use domain::topic::{Topic, WaitingThreshold};
use sqlx::SqliteConnection;

use super::Pulled;
use crate::error::{CacheError, File, In, Result};

/// What the sedi offer, as last pulled.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// The sedi.
    pub sedi: BTreeMap<SedeCode, Sede>,
    /// The topics.
    pub topics: HashMap<TopicCode, Topic>,
    /// The points.
    pub points: BTreeMap<PointCode, ConsultationPoint>,
    /// Which point answers what (R8).
    pub routing: Routing,
}

impl Directory {
    /// A topic; one that has not been pulled goes by its code.
    pub fn topic(&self, code: &TopicCode) -> Topic {
        self.topics.get(code).cloned().unwrap_or_else(|| Topic {
            code: code.clone(),
            area: code.to_string(),
            subject: String::new(),
            detail: String::new(),
            threshold: None,
        })
    }

    /// R4: the waiting days that must be exceeded for a topic.
    pub fn threshold(&self, code: &TopicCode) -> WaitingThreshold {
        self.topics.get(code).map(Topic::threshold).unwrap_or_default()
    }

    /// The name of a sede; its code where it has not been pulled.
    pub fn sede_name(&self, code: &SedeCode) -> String {
        self.sedi
            .get(code)
            .map_or_else(|| code.to_string(), |sede| sede.name.clone())
    }

    pub(crate) async fn read(connection: &mut SqliteConnection) -> Result<Self> {
        let damaged = || CacheError::Damaged { file: File::Cache };
        let sedi = sqlx::query!("SELECT code, name FROM sede")
            .fetch_all(&mut *connection)
            .await
            .in_cache()?
            .into_iter()
            .map(|row| {
                let code: SedeCode = row.code.parse().map_err(|_| damaged())?;
                Ok((code.clone(), Sede { code, name: row.name }))
            })
            .collect::<Result<_>>()?;
        let topics = sqlx::query!("SELECT code, area, subject, detail, threshold FROM topic WHERE known = 1")
            .fetch_all(&mut *connection)
            .await
            .in_cache()?
            .into_iter()
            .map(|row| {
                let code: TopicCode = row.code.parse().map_err(|_| damaged())?;
                let threshold = row
                    .threshold
                    .map(|days| u16::try_from(days).map(WaitingThreshold).map_err(|_| damaged()))
                    .transpose()?;
                Ok((
                    code.clone(),
                    Topic {
                        code,
                        area: row.area,
                        subject: row.subject,
                        detail: row.detail,
                        threshold,
                    },
                ))
            })
            .collect::<Result<_>>()?;
        let points: BTreeMap<PointCode, ConsultationPoint> = sqlx::query_scalar!("SELECT body FROM point")
            .fetch_all(&mut *connection)
            .await
            .in_cache()?
            .into_iter()
            .map(|body| {
                let point: ConsultationPoint = serde_json::from_str(&body).map_err(|_| damaged())?;
                Ok((point.code.clone(), point))
            })
            .collect::<Result<_>>()?;
        let routing = Routing::new(points.values());
        Ok(Self {
            sedi,
            topics,
            points,
            routing,
        })
    }
}

impl Pulled {
    /// What the sedi offer, as last pulled.
    ///
    /// # Errors
    /// Those of the file.
    pub async fn directory(&self) -> Result<Arc<Directory>> {
        if let Some(known) = self.known_directory() {
            return Ok(known);
        }
        let mut tx = self.db.readers.begin().await.in_cache()?;
        let read = Arc::new(Directory::read(&mut tx).await?);
        let mut slot = self.directory.write().unwrap_or_else(PoisonError::into_inner);
        // Whoever changed it meanwhile knows better.
        Ok(Arc::clone(slot.get_or_insert(read)))
    }

    fn known_directory(&self) -> Option<Arc<Directory>> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the sedi offer from now on.
    pub(super) fn set_directory(&self, directory: Arc<Directory>) {
        *self.directory.write().unwrap_or_else(PoisonError::into_inner) = Some(directory);
    }
}

//! What the sedi offer, kept in memory while nobody publishes anything: every booking needs it, and it hardly ever changes.
//! Whoever changes it gives its stream the next number, and a number that is not ours is read anew.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use domain::code::{PointCode, SedeCode, TopicCode};
use domain::content::Limits;
use domain::point::ConsultationPoint;
use domain::topic::Topic;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::appointment::StoredPoint;
use crate::failure::{Failure, inner};

/// What the sedi offer, at one number of its stream.
pub(crate) struct Offered {
    head: i64,
    pub(crate) limits: Limits,
    pub(crate) topics: HashMap<TopicCode, Topic>,
    pub(crate) points: HashMap<PointCode, StoredPoint>,
    by_sede: HashMap<SedeCode, Vec<ConsultationPoint>>,
}

impl Offered {
    /// R8: the points of these sedi.
    pub(crate) fn points_of<'a>(&self, sedi: impl IntoIterator<Item = &'a SedeCode>) -> Vec<ConsultationPoint> {
        let mut sedi: Vec<_> = sedi.into_iter().collect();
        sedi.sort_unstable();
        sedi.dedup();
        sedi.into_iter()
            .filter_map(|sede| self.by_sede.get(sede))
            .flatten()
            .cloned()
            .collect()
    }

    async fn read(connection: &mut PgConnection) -> Result<Self, Failure> {
        // First, so that what is published meanwhile is read again rather than never.
        let life = sqlx::query!(r#"SELECT head, limits AS "limits: Json<Limits>" FROM life"#)
            .fetch_one(&mut *connection)
            .await?;
        let topics = sqlx::query_scalar!(r#"SELECT body AS "body: Json<Topic>" FROM topic"#)
            .fetch_all(&mut *connection)
            .await?;
        let points = sqlx::query!(r#"SELECT sede, body AS "body: Json<ConsultationPoint>" FROM point"#)
            .fetch_all(connection)
            .await?;
        let mut offered = Self {
            head: life.head,
            limits: inner(life.limits),
            topics: topics
                .into_iter()
                .map(inner)
                .map(|topic| (topic.code.clone(), topic))
                .collect(),
            points: HashMap::with_capacity(points.len()),
            by_sede: HashMap::new(),
        };
        for row in points {
            let point = inner(row.body);
            offered
                .by_sede
                .entry(point.sede.clone())
                .or_default()
                .push(point.clone());
            offered
                .points
                .insert(point.code.clone(), StoredPoint { sede: row.sede, point });
        }
        Ok(offered)
    }
}

/// What was read last.
#[derive(Default)]
pub(crate) struct Remembered(RwLock<Option<Arc<Offered>>>);

impl Remembered {
    /// What is offered at `head`, which the caller has just read.
    pub(crate) async fn at(&self, connection: &mut PgConnection, head: i64) -> Result<Arc<Offered>, Failure> {
        let remembered = self.0.read().ok().and_then(|remembered| remembered.clone());
        if let Some(offered) = remembered.filter(|offered| offered.head == head) {
            return Ok(offered);
        }
        let offered = Arc::new(Offered::read(connection).await?);
        if let Ok(mut remembered) = self.0.write() {
            *remembered = Some(offered.clone());
        }
        Ok(offered)
    }
}

//! The way to the database: its connections, transactions, and what is tried again by itself.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Now;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction};
use store::Clock;

use crate::failure::Failure;
use crate::offering::{Offered, Remembered};
use crate::{Connections, Pooling};
use crate::{delegation, deposit};

/// How often a call begins anew when others overtake it.
pub(crate) const ROUNDS: u32 = 12;
/// The pause before the second round; it doubles.
pub(crate) const PAUSE: Duration = Duration::from_millis(1);

/// How long a statement may take, how long it may wait for a lock, how long a transaction may stand idle.
const PATIENCE: [(&str, &str); 3] = [
    ("statement_timeout", "20s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "20s"),
];

/// What a studio asks for is found by keys. It is planned once, since planning takes longer than doing it; and always with
/// the indexes, since the plan stays when tables have grown that were empty then.
const PLANNED_ONCE: [(&str, &str); 3] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("jit", "off"),
];
/// A plan that fits any filter is a bad one for the sede's lists.
const PLANNED_EACH_TIME: &str = "; SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = on";

/// A connection for reading. A pooler hands statements outside a transaction to any of its connections: behind one, it
/// stands in a transaction.
pub(crate) enum Reading {
    Plain(PoolConnection<Postgres>),
    Within(Transaction<'static, Postgres>),
}

impl Reading {
    /// The connection.
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        match self {
            Self::Plain(connection) => connection,
            Self::Within(transaction) => transaction,
        }
    }
}

/// The way to the database.
pub(crate) struct Reach {
    pool: PgPool,
    clock: Arc<dyn Clock>,
    begin: String,
    survey: String,
    snapshot: String,
    pooling: Pooling,
    remembered: Remembered,
}

impl Reach {
    pub(crate) fn over(options: PgConnectOptions, connections: Connections, clock: Arc<dyn Clock>) -> Self {
        let (options, own) = match connections.pooling {
            Pooling::Direct => (options.options(PATIENCE).options(PLANNED_ONCE), String::new()),
            // Each transaction has its own settings, and begins by forgetting the statements that others have left on
            // its connection: it names its own from there on.
            Pooling::BehindAPooler => {
                let patience: String = PATIENCE
                    .iter()
                    .map(|(name, value)| format!("; SET LOCAL {name} = '{value}'"))
                    .collect();
                (options, format!("; DEALLOCATE ALL{patience}"))
            }
        };
        let pool = PgPoolOptions::new()
            .max_connections(connections.most)
            .acquire_timeout(connections.patience)
            // A connection that was lost is found out by the call that gets it, which fails and is asked again: cheaper
            // than a question before every call.
            .test_before_acquire(false)
            .connect_lazy_with(options);
        Self {
            pool,
            clock,
            begin: format!("BEGIN{own}"),
            survey: format!("BEGIN READ ONLY{own}{PLANNED_EACH_TIME}"),
            // Said with the beginning: once anything was asked, PostgreSQL does not take it any more.
            snapshot: format!(
                "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY{own}{PLANNED_EACH_TIME}; SET LOCAL statement_timeout = 0"
            ),
            pooling: connections.pooling,
            remembered: Remembered::default(),
        }
    }

    /// The store's clock: an instant and its civil day.
    pub(crate) fn now(&self) -> Now {
        Now::at(self.clock.now())
    }

    /// A transaction. Dropped, it is as if it had not been.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>, Failure> {
        Ok(self.pool.begin_with(AssertSqlSafe(self.begin.as_str())).await?)
    }

    /// A connection for reading: each statement sees what is committed when it begins.
    pub(crate) async fn read(&self) -> Result<Reading, Failure> {
        Ok(match self.pooling {
            Pooling::Direct => Reading::Plain(self.pool.acquire().await?),
            Pooling::BehindAPooler => Reading::Within(self.begin().await?),
        })
    }

    /// A connection whose statements stand on their own, writing ones too; none behind a pooler.
    pub(crate) async fn plain(&self) -> Result<Option<PoolConnection<Postgres>>, Failure> {
        Ok(match self.pooling {
            Pooling::Direct => Some(self.pool.acquire().await?),
            Pooling::BehindAPooler => None,
        })
    }

    /// For a list of the sede's, whatever it is filtered by.
    pub(crate) async fn survey(&self) -> Result<Transaction<'static, Postgres>, Failure> {
        Ok(self.pool.begin_with(AssertSqlSafe(self.survey.as_str())).await?)
    }

    /// Everything as it is at one moment, for as long as reading it takes.
    pub(crate) async fn snapshot(&self) -> Result<Transaction<'static, Postgres>, Failure> {
        Ok(self.pool.begin_with(AssertSqlSafe(self.snapshot.as_str())).await?)
    }

    /// Calls until nobody overtakes, a bounded number of times. What became due with the time is settled first.
    pub(crate) async fn tried<T, F>(&self, call: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut pause = PAUSE;
        let mut round = 1;
        loop {
            let failure = match call().await {
                Err(Failure::Due) => match delegation::settle_all(self).await {
                    Ok(()) => Failure::Due,
                    Err(failure) => failure,
                },
                Err(Failure::DueAt(at)) => match deposit::settle_at(self, &at).await {
                    Ok(()) => Failure::DueAt(at),
                    Err(failure) => failure,
                },
                Err(failure) => failure,
                answer => return answer,
            };
            let overtaken = matches!(failure, Failure::Overtaken);
            match failure {
                Failure::Due | Failure::DueAt(_) | Failure::Overtaken if round < ROUNDS => round += 1,
                failure => return Err(failure),
            }
            if overtaken {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
    }

    /// What the sedi offer at `head`, which the caller has just read in his transaction.
    pub(crate) async fn offered(&self, connection: &mut PgConnection, head: i64) -> Result<Arc<Offered>, Failure> {
        self.remembered.at(connection, head).await
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}

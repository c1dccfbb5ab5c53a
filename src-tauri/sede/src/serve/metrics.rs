//! The server's figures, as Prometheus reads them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Seconds: from what a lookup takes to what no person waits for.
const BOUNDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 30.0];

/// What a request was, for counting: the route as it is written in the code, so that no code of a ticket and no id becomes
/// a label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Answered {
    pub(crate) route: String,
    pub(crate) status: u16,
}

/// Which route, for times.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Route {
    pub(crate) route: String,
}

/// The figures of one server. Cheap to clone: clones count together.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    pub(crate) answered: Family<Answered, Counter>,
    pub(crate) seconds: Family<Route, Histogram>,
    pub(crate) connections: Gauge<i64, std::sync::atomic::AtomicI64>,
    pub(crate) refused_connections: Counter<u64, AtomicU64>,
    pub(crate) watching: Gauge<i64, std::sync::atomic::AtomicI64>,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let answered = Family::<Answered, Counter>::default();
        let seconds = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        let connections = Gauge::default();
        let refused_connections = Counter::default();
        let watching = Gauge::default();
        let mut registry = Registry::with_prefix("sede");
        registry.register("requests", "Requests answered", answered.clone());
        registry.register("request_seconds", "Time from request to answer", seconds.clone());
        registry.register("connections", "Open connections", connections.clone());
        registry.register(
            "refused_connections",
            "Connections that were more than the limits allow",
            refused_connections.clone(),
        );
        registry.register("watching", "Devices that listen for hints", watching.clone());
        Self {
            registry: Arc::new(registry),
            answered,
            seconds,
            connections,
            refused_connections,
            watching,
        }
    }

    /// The text that Prometheus reads.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a string can't fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

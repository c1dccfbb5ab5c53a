//! What one client, one address and all of them together may ask for. Whoever asks for more is told when to come back, and
//! nobody waits without end: what is not begun at once is refused.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use store::DeviceId;
use store_http::api::{Problem, ProblemKind};

/// The limits of a server.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at one time.
    pub connections: usize,
    /// Connections at one time from one address: an office of thirty shares one.
    pub connections_per_address: usize,
    /// Calls of the store at one time.
    pub calls: usize,
    /// How long a call waits for its turn before it is refused.
    pub turn: Duration,
    /// How long a call of the store may take.
    pub call: Duration,
    /// Until a connection is encrypted.
    pub handshake: Duration,
    /// Until the head of a request has arrived.
    pub head: Duration,
    /// Until the body of a request has arrived.
    pub body: Duration,
    /// How long a connection is kept on which nothing is asked.
    pub idle: Duration,
    /// How long what is under way may go on once the server is told to end.
    pub farewell: Duration,
    /// Requests of one device in a second, and how many at once.
    pub device: Rate,
    /// Redemptions of invitations from one address.
    pub redemptions: Rate,
    /// Requests with a token that admits nobody, from one address.
    pub strangers: Rate,
    /// Devices that listen for hints at one time.
    pub watching: usize,
    /// How often the store is asked whether other processes changed something, while somebody listens.
    pub look: Duration,
}

/// So many in a time, and so many at once.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// One comes free after this.
    pub every: Duration,
    /// So many may come together.
    pub burst: NonZeroU32,
}

impl Rate {
    const fn of(every: Duration, burst: u32) -> Self {
        match NonZeroU32::new(burst) {
            Some(burst) => Self { every, burst },
            None => Self {
                every,
                burst: NonZeroU32::MIN,
            },
        }
    }

    fn quota(self) -> Quota {
        Quota::with_period(self.every)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MAX))
            .allow_burst(self.burst)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            connections_per_address: 256,
            calls: 64,
            turn: Duration::from_secs(1),
            call: Duration::from_secs(15),
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(15),
            body: Duration::from_secs(30),
            idle: Duration::from_secs(120),
            farewell: Duration::from_secs(10),
            // A first pull of 200,000 tickets are 200 pages, one after the other.
            device: Rate::of(Duration::from_millis(10), 200),
            redemptions: Rate::of(Duration::from_secs(6), 10),
            strangers: Rate::of(Duration::from_millis(500), 30),
            watching: 10_000,
            look: Duration::from_secs(1),
        }
    }
}

/// Counts who asked how often.
pub(crate) struct Rates {
    devices: DefaultKeyedRateLimiter<DeviceId>,
    redemptions: DefaultKeyedRateLimiter<IpAddr>,
    strangers: DefaultKeyedRateLimiter<IpAddr>,
}

impl Rates {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            devices: RateLimiter::keyed(limits.device.quota()),
            redemptions: RateLimiter::keyed(limits.redemptions.quota()),
            strangers: RateLimiter::keyed(limits.strangers.quota()),
        }
    }

    /// A device asks for something.
    pub(crate) fn device(&self, device: DeviceId) -> Result<(), Problem> {
        taken(&self.devices, &device)
    }

    /// Somebody redeems an invitation.
    pub(crate) fn redemption(&self, address: IpAddr) -> Result<(), Problem> {
        taken(&self.redemptions, &whose(address))
    }

    /// A token was of nobody.
    pub(crate) fn stranger(&self, address: IpAddr) -> Result<(), Problem> {
        taken(&self.strangers, &whose(address))
    }

    /// Forgets who has not asked for a while.
    pub(crate) fn tidy(&self) {
        self.devices.retain_recent();
        self.redemptions.retain_recent();
        self.strangers.retain_recent();
    }
}

fn taken<K: std::hash::Hash + Eq + Clone>(rates: &DefaultKeyedRateLimiter<K>, who: &K) -> Result<(), Problem> {
    rates.check_key(who).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        Problem::new(ProblemKind::TooManyRequests).with_retry_after(seconds)
    })
}

/// Whose an address is: of the sixth version everybody has as many as there are in a /64.
pub(crate) fn whose(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_is_told_when_to_come_back_and_nobody_else_is() {
        let rates = Rates::new(&Limits::default());
        let (guesser, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let let_in = (0..1_000).take_while(|_| rates.redemption(guesser).is_ok()).count();
        assert_eq!(let_in, 10);
        let problem = rates.redemption(guesser).expect_err("too many");
        assert_eq!(problem.kind, ProblemKind::TooManyRequests);
        assert!(problem.retry_after.is_some_and(|seconds| (1..=7).contains(&seconds)));
        assert!(rates.redemption(other).is_ok());
        assert!(rates.stranger(guesser).is_ok(), "each kind is counted for itself");
    }

    #[test]
    fn a_network_of_the_sixth_version_counts_as_one() {
        let one: IpAddr = "2001:db8:1:2:3::4".parse().expect("an address");
        let two: IpAddr = "2001:db8:1:2:ffff::9".parse().expect("an address");
        let other: IpAddr = "2001:db8:1:3::4".parse().expect("an address");
        assert_eq!(whose(one), whose(two));
        assert_ne!(whose(one), whose(other));
        let mapped: IpAddr = "::ffff:192.0.2.1".parse().expect("an address");
        assert_eq!(whose(mapped), IpAddr::from([192, 0, 2, 1]));
    }
}

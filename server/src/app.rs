//! What every route shares: the relay, the clock, the counters, and the limits on what is done at once.

use std::sync::Arc;
use std::time::Duration;

use doorstep_protocol::Millis;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::config::Limits;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::rate::Rates;
use crate::relay::Relay;
use crate::session::NONCE_BYTES;
use crate::store::SqliteStore;

/// How long a request waits for its turn before it is told to come back.
const TURN_SECONDS_MAX: u64 = 20;

/// Says what time it is. Handed in, so that a test can turn it.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// The clock of the machine.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Millis(since.map_or(0, |elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)))
    })
}

/// What every route shares.
pub struct App {
    pub(crate) relay: Relay<SqliteStore>,
    pub(crate) clock: Clock,
    pub(crate) metrics: Metrics,
    pub(crate) limits: Limits,
    pub(crate) rates: Rates,
    /// Requests that read or write the store at once.
    work: Semaphore,
    /// Watchers at once.
    pub(crate) watchers: Arc<Semaphore>,
    /// Ends what goes on by itself.
    pub(crate) stopping: CancellationToken,
}

impl App {
    pub(crate) fn new(relay: Relay<SqliteStore>, clock: Clock, limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            relay,
            clock,
            metrics: Metrics::default(),
            work: Semaphore::new(limits.requests_at_once_max),
            watchers: Arc::new(Semaphore::new(limits.watchers_max)),
            stopping: CancellationToken::new(),
            rates: Rates::new(limits.device_requests_per_minute_max),
            limits,
        })
    }

    pub(crate) fn now(&self) -> Millis {
        (self.clock)()
    }

    /// Does work that may block, in its turn, on a thread for that.
    pub(crate) async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = tokio::time::timeout(Duration::from_secs(TURN_SECONDS_MAX), self.work.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(Problem::Busy) };
        let app = self.clone();
        // A panic is a defect of ours: the request fails, the server goes on.
        tokio::task::spawn_blocking(move || work(&app)).await.unwrap_or(Err(Problem::Unavailable))
    }
}

pub(crate) fn random_nonce() -> Result<[u8; NONCE_BYTES], Problem> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|error| {
        tracing::error!(%error, "no randomness");
        Problem::Unavailable
    })?;
    Ok(nonce)
}

//! Two clocks: the wall clock, which people and records go by and which may be set back at any time, and one that only goes
//! forward, which retries and sessions go by.

use std::sync::Arc;
use std::time::Duration;

use doorstep_protocol::Millis;
use tokio::time::Instant;

use crate::clock::{Clock as _, SystemClock};

/// Says what time it is.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Millis + Send + Sync>,
    begun: Instant,
}

impl Clock {
    /// The machine's.
    #[must_use]
    pub fn system() -> Self {
        Self::with_wall(|| SystemClock.now())
    }

    /// With another wall clock; the one that goes forward is the runtime's, which a test can turn.
    #[must_use]
    pub fn with_wall(wall: impl Fn() -> Millis + Send + Sync + 'static) -> Self {
        Self { wall: Arc::new(wall), begun: Instant::now() }
    }

    /// The wall clock.
    #[must_use]
    pub fn wall(&self) -> Millis {
        (self.wall)()
    }

    /// Milliseconds since this clock was made; never less than before.
    #[must_use]
    pub fn monotonic(&self) -> Millis {
        let since = Instant::now().saturating_duration_since(self.begun);
        Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    /// When the runtime's clock shows this moment of [`Clock::monotonic`].
    pub(super) fn instant(&self, at: Millis) -> Instant {
        self.begun + Duration::from_millis(at.0)
    }
}

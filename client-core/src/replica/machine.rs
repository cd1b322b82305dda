//! When to talk to the server: a machine that is told what happened and says what to do next.
//!
//! A failed exchange is tried again by a timer of its own; it does not wait for the next edit. Local work never waits for
//! this machine.

use doorstep_protocol::Millis;
use rand_core::Rng;

/// The first pause after a failure.
pub const RETRY_MS_MIN: u64 = 1_000;
/// The longest pause after failures.
pub const RETRY_MS_MAX: u64 = 5 * 60 * 1_000;
/// A session is renewed this long before it ends.
pub const SESSION_MARGIN_MS: u64 = 60 * 1_000;

/// Why an attempt failed, by who can mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// No answer: no signal, or the server is away. Tried again.
    Offline,
    /// The server asked for a pause. Tried again.
    Busy,
    /// The session ended. A new one is opened.
    SessionEnded,
    /// The answer broke off or does not hold together. Tried again; nothing of it was believed.
    BadAnswer,
    /// This device's storage did not take what came. Tried again.
    Storage,
}

/// Why the machine does not go on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// The server holds work of this device that the device does not know: its data was copied or put back.
    Cloned,
    /// Two views of the authority log, or of a feed, have been seen.
    SplitView,
    /// The server no longer serves this device.
    Refused,
    /// The server speaks a newer version.
    Incompatible,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody wants an exchange: a person, an edit, a notice from the server.
    Wanted,
    /// Time has passed.
    Tick,
    /// A session was opened; it ends at this moment of the device's clock.
    SessionOpened {
        /// When.
        expires: Millis,
    },
    /// An exchange was completed.
    Exchanged {
        /// Whether another is needed at once.
        remaining: Remaining,
    },
    /// An attempt failed.
    Failed(Fault),
    /// Going on would do harm.
    Stopped(Stop),
    /// A person cancelled.
    Cancelled,
}

/// Whether anything is left after an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remaining {
    /// Caught up, all sent.
    Nothing,
    /// More to fetch or to send.
    More,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a session.
    OpenSession,
    /// Run one exchange.
    Exchange,
    /// Break off what is under way.
    BreakOff,
    /// Come back with [`Event::Tick`] at this moment.
    WakeAt(Millis),
}

/// What the machine is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is owed.
    Resting,
    /// An attempt failed; the next is due then.
    Waiting {
        /// When.
        until: Millis,
        /// What the last one failed of.
        fault: Fault,
    },
    /// A session is being opened.
    Opening,
    /// An exchange is under way.
    Exchanging,
    /// A person has to decide.
    Stopped(Stop),
}

/// The machine.
#[derive(Clone, Debug)]
pub struct Machine {
    phase: Phase,
    session_until: Option<Millis>,
    failures: u32,
    wanted_meanwhile: Wanted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    No,
    Again,
}

impl Default for Machine {
    fn default() -> Self {
        Self { phase: Phase::Resting, session_until: None, failures: 0, wanted_meanwhile: Wanted::No }
    }
}

impl Machine {
    /// What it is doing.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Attempts that failed since the last success.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Takes an event at `now` and says what to do. `rng` spreads retries, so that a hundred tablets coming back into
    /// signal do not ask in the same second.
    pub fn handle(&mut self, rng: &mut impl Rng, now: Millis, event: Event) -> Vec<Effect> {
        match (self.phase, event) {
            (_, Event::Stopped(stop)) => {
                self.phase = Phase::Stopped(stop);
                self.session_until = None;
                Vec::new()
            }
            (Phase::Stopped(_), _) => Vec::new(),
            (Phase::Opening | Phase::Exchanging, Event::Wanted) => {
                self.wanted_meanwhile = Wanted::Again;
                Vec::new()
            }
            // A person who asks, or an edit, need not wait for the timer.
            (Phase::Resting | Phase::Waiting { .. }, Event::Wanted) => self.begin(now),
            (Phase::Waiting { until, .. }, Event::Tick) if now >= until => self.begin(now),
            (Phase::Waiting { until, .. }, Event::Tick) => vec![Effect::WakeAt(until)],
            (_, Event::Tick) => Vec::new(),
            (Phase::Opening, Event::SessionOpened { expires }) => {
                self.session_until = Some(expires);
                self.phase = Phase::Exchanging;
                vec![Effect::Exchange]
            }
            (Phase::Exchanging, Event::Exchanged { remaining }) => {
                self.failures = 0;
                let again = remaining == Remaining::More || self.wanted_meanwhile == Wanted::Again;
                self.wanted_meanwhile = Wanted::No;
                self.phase = Phase::Resting;
                if again { self.begin(now) } else { Vec::new() }
            }
            (Phase::Opening | Phase::Exchanging, Event::Failed(Fault::SessionEnded))
                if self.session_until.is_some() =>
            {
                self.session_until = None;
                self.begin(now)
            }
            (Phase::Opening | Phase::Exchanging, Event::Failed(fault)) => {
                self.failures = self.failures.saturating_add(1);
                let until = Millis(now.0.saturating_add(pause_ms(rng, self.failures)));
                self.phase = Phase::Waiting { until, fault };
                vec![Effect::WakeAt(until)]
            }
            (Phase::Opening | Phase::Exchanging, Event::Cancelled) => {
                self.phase = Phase::Resting;
                self.wanted_meanwhile = Wanted::No;
                vec![Effect::BreakOff]
            }
            (Phase::Waiting { .. }, Event::Cancelled) => {
                self.phase = Phase::Resting;
                Vec::new()
            }
            // An answer to something that was broken off meanwhile.
            (_, Event::SessionOpened { .. } | Event::Exchanged { .. } | Event::Failed(_) | Event::Cancelled) => {
                Vec::new()
            }
        }
    }

    fn begin(&mut self, now: Millis) -> Vec<Effect> {
        let holds = self.session_until.is_some_and(|until| now.0.saturating_add(SESSION_MARGIN_MS) < until.0);
        if holds {
            self.phase = Phase::Exchanging;
            vec![Effect::Exchange]
        } else {
            self.session_until = None;
            self.phase = Phase::Opening;
            vec![Effect::OpenSession]
        }
    }
}

/// Doubles with each failure up to the longest, and draws between half and all of it.
fn pause_ms(rng: &mut impl Rng, failures: u32) -> u64 {
    let full = RETRY_MS_MIN.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(RETRY_MS_MAX);
    full / 2 + rng.next_u64() % (full / 2 + 1)
}

//! The lease: keys that open with a worker's PIN open for so many hours after the server's last closed, signed answer, so
//! that a lost tablet forgets them by itself. `index`, `home` and `fire` never lapse.
//!
//! The clock is the device's, and whoever holds the device can turn it. So the latest time it ever showed since the last
//! answer is kept on disk, and a clock that has gone back behind it ends the lease until the next answer.

use doorstep_protocol::Millis;

/// A clock may be set back by this much without being taken for turned: network time corrects by seconds.
pub const CLOCK_SLACK_MS: u64 = 2 * 60 * 1_000;
const HOUR_MS: u64 = 60 * 60 * 1_000;

/// What is on disk of the device's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockMarks {
    /// When the server's last closed, signed answer came, by this device's clock.
    pub answered: Option<Millis>,
    /// The latest time this device's clock was seen to show since.
    pub latest: Millis,
}

/// Whether keys that open with a worker's PIN may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lease {
    /// They may, until then.
    Holds {
        /// The end.
        until: Millis,
    },
    /// The server's last answer is too long ago, or there was none.
    Lapsed,
    /// The clock shows an earlier time than it did before.
    ClockWentBack,
}

impl ClockMarks {
    /// After the server's closed, signed answer: what the clock showed before it counts no more.
    #[must_use]
    pub const fn answered_at(now: Millis) -> Self {
        Self { answered: Some(now), latest: now }
    }

    /// With the clock seen to show `now`.
    #[must_use]
    pub fn seen(self, now: Millis) -> Self {
        Self { latest: self.latest.max(now), ..self }
    }

    /// The time that ends count by: never earlier than the clock has shown before.
    #[must_use]
    pub fn effective(self, now: Millis) -> Millis {
        self.latest.max(now)
    }

    /// Whether the clock shows an earlier time than before.
    #[must_use]
    pub const fn went_back(self, now: Millis) -> bool {
        now.0.saturating_add(CLOCK_SLACK_MS) < self.latest.0
    }

    /// Whether the lease of so many hours holds at `now`.
    #[must_use]
    pub fn lease(self, now: Millis, hours: u16) -> Lease {
        if self.went_back(now) {
            return Lease::ClockWentBack;
        }
        let Some(answered) = self.answered else { return Lease::Lapsed };
        let until = Millis(answered.0.saturating_add(u64::from(hours) * HOUR_MS));
        if self.effective(now) <= until { Lease::Holds { until } } else { Lease::Lapsed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T: Millis = Millis(1_790_000_000_000);

    fn later(hours: u64) -> Millis {
        Millis(T.0 + hours * HOUR_MS)
    }

    #[test]
    fn a_lease_ends_by_the_hour_and_begins_again_with_an_answer() {
        let marks = ClockMarks::answered_at(T);
        assert_eq!(marks.lease(later(23), 24), Lease::Holds { until: later(24) });
        assert_eq!(marks.lease(later(25), 24), Lease::Lapsed);
        assert_eq!(ClockMarks::default().lease(T, 24), Lease::Lapsed);
        assert_eq!(ClockMarks::answered_at(later(25)).lease(later(26), 24), Lease::Holds { until: later(49) });
    }

    #[test]
    fn an_answer_under_a_clock_that_was_wrong_heals_it() {
        let wrong = ClockMarks::answered_at(later(90_000));
        assert_eq!(wrong.lease(later(1), 24), Lease::ClockWentBack);
        assert_eq!(ClockMarks::answered_at(later(1)).lease(later(2), 24), Lease::Holds { until: later(25) });
    }

    proptest! {
        /// Whatever is done to the clock without an answer: once the lease was seen to have ended, it stays ended.
        #[test]
        fn turning_the_clock_never_lengthens_a_lease(turns in proptest::collection::vec(0u64..100 * HOUR_MS, 1..40)) {
            let mut marks = ClockMarks::answered_at(T);
            let mut ended = false;
            for turn in turns {
                let now = Millis(T.0 + turn);
                let holds = matches!(marks.lease(now, 24), Lease::Holds { .. });
                prop_assert!(!(ended && holds));
                marks = marks.seen(now);
                ended |= turn > 24 * HOUR_MS;
            }
        }
    }
}

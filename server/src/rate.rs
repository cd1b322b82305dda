//! How often one device may ask, so that none starves the rest: a bucket for each, in memory, generous.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use doorstep_protocol::{DeviceId, Millis, PartnershipId};

use crate::problem::Problem;

/// Devices that are counted at once. Past it those who have not used much are forgotten, then all: a forgotten device
/// starts afresh.
const BUCKETS_MAX: usize = 65_536;
const MINUTE_MS: u64 = 60_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// What is left, in requests times the milliseconds of a minute.
    left: u64,
    at: Millis,
}

/// Counts the requests of each device.
#[derive(Debug)]
pub(crate) struct Rates {
    per_minute_max: u64,
    buckets: Mutex<BTreeMap<(PartnershipId, DeviceId), Bucket>>,
}

impl Rates {
    pub(crate) fn new(per_minute_max: u64) -> Self {
        Self { per_minute_max, buckets: Mutex::default() }
    }

    /// Counts one request of a device that has proved itself.
    ///
    /// # Errors
    /// [`Problem::TooMany`], with when it may ask again.
    pub(crate) fn count(&self, who: (PartnershipId, DeviceId), now: Millis) -> Result<(), Problem> {
        let full = self.per_minute_max * MINUTE_MS;
        // Each bucket is one assignment: it is whole whatever a panicking thread did.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX && !buckets.contains_key(&who) {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < full);
            if buckets.len() >= BUCKETS_MAX {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(who).or_insert(Bucket { left: full, at: now });
        let left = self.filled(*bucket, now);
        let taken = left.checked_sub(MINUTE_MS);
        // A clock that was set back fills nothing until it has caught up with itself.
        *bucket = Bucket { left: taken.unwrap_or(left), at: now };
        taken.map(|_| ()).ok_or_else(|| {
            let missing_ms = (MINUTE_MS - left).div_ceil(self.per_minute_max);
            Problem::TooMany { again_seconds: missing_ms.div_ceil(1_000).max(1) }
        })
    }

    fn filled(&self, bucket: Bucket, now: Millis) -> u64 {
        let passed_ms = now.0.saturating_sub(bucket.at.0).min(MINUTE_MS);
        (bucket.left + passed_ms * self.per_minute_max).min(self.per_minute_max * MINUTE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: PartnershipId = PartnershipId([1; 16]);
    const A: (PartnershipId, DeviceId) = (P, DeviceId([2; 16]));
    const B: (PartnershipId, DeviceId) = (P, DeviceId([3; 16]));

    #[test]
    fn a_device_that_asks_too_often_waits_and_nobody_else_does() {
        let rates = Rates::new(60);
        let now = Millis(1_000_000);
        for _ in 0..60 {
            assert_eq!(rates.count(A, now), Ok(()));
        }
        assert_eq!(rates.count(A, now), Err(Problem::TooMany { again_seconds: 1 }));
        assert_eq!(rates.count(B, now), Ok(()));
        assert_eq!(rates.count(A, Millis(now.0 + 999)), Err(Problem::TooMany { again_seconds: 1 }));
        assert_eq!(rates.count(A, Millis(now.0 + 1_000)), Ok(()));
        assert!(rates.count(A, Millis(now.0 + 1_000)).is_err(), "one came back, one was used");
        assert!(rates.count(A, Millis(0)).is_err(), "a clock that is set back gives nothing");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let rates = Rates::new(2);
        for n in 0..BUCKETS_MAX as u64 + 10 {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&n.to_be_bytes());
            rates.count((P, DeviceId(id)), Millis(1)).expect("its first");
        }
        assert!(rates.buckets.lock().expect("whole").len() <= BUCKETS_MAX);
    }
}

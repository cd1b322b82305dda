//! How long a worker waits after wrong PINs. The count is on disk before a PIN is tried, so pulling the plug wins nothing.

use doorstep_protocol::Millis;

/// Wrong PINs after which only a desk lets the worker try again. Nothing is wiped: unsent work stays.
pub const WRONG_PINS_MAX: u32 = 10;
/// Wrong PINs that cost no wait: gloves, rain, a new PIN.
const FREE_TRIES: u32 = 3;
/// The first wait.
const FIRST_WAIT_MS: u64 = 15_000;
/// The longest wait.
const WAIT_MS_MAX: u64 = 15 * 60 * 1_000;

/// How long to wait after so many wrong PINs in a row, in milliseconds.
#[must_use]
pub fn wait_after(wrong: u32) -> u64 {
    match wrong.checked_sub(FREE_TRIES) {
        None | Some(0) => 0,
        Some(doublings) => FIRST_WAIT_MS.saturating_mul(1 << (doublings - 1).min(20)).min(WAIT_MS_MAX),
    }
}

/// How long is still to wait at `now` after the last of so many wrong PINs. A clock that was put back does not shorten it.
#[must_use]
pub fn still_to_wait(wrong: u32, last: Millis, now: Millis) -> u64 {
    let wait = wait_after(wrong);
    wait.saturating_sub(now.0.saturating_sub(last.0)).min(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<u64> = (0..=WRONG_PINS_MAX).map(wait_after).collect();
        assert_eq!(waits[..5], [0, 0, 0, 0, 15_000]);
        assert!(waits.is_sorted());
        assert_eq!(wait_after(u32::MAX), WAIT_MS_MAX);
        assert_eq!(still_to_wait(5, Millis(100_000), Millis(110_000)), 20_000);
        assert_eq!(still_to_wait(5, Millis(100_000), Millis(130_000)), 0);
        // The clock was put back: the whole wait.
        assert_eq!(still_to_wait(5, Millis(100_000), Millis(50_000)), 30_000);
    }
}

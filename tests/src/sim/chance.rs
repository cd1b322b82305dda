//! All randomness of a run, from one seed.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// A stream of draws.
pub struct Chance(ChaCha20Rng);

impl Chance {
    /// The stream of a seed and a purpose: what one purpose draws does not move another's draws.
    #[must_use]
    pub fn new(seed: u64, purpose: u8) -> Self {
        let mut key = [purpose; 32];
        key[..8].copy_from_slice(&seed.to_be_bytes());
        Self(ChaCha20Rng::from_seed(key))
    }

    /// Below `limit`, which is not zero.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0.next_u64() % limit
    }

    /// From `low` through `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// Whether something happens that happens so many times in a thousand.
    pub fn happens(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// One of several, of which there is at least one.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(from.len() as u64) as usize;
        &from[at]
    }

    /// Sixteen bytes.
    pub fn bytes16(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// The generator itself, for keys and nonces.
    pub const fn rng(&mut self) -> &mut ChaCha20Rng {
        &mut self.0
    }
}

//! The one place where randomness comes from the operating system.

use rand_core::{CryptoRng, Rng as _, UnwrapErr};

/// The operating system's generator.
#[must_use]
pub fn os() -> impl CryptoRng {
    UnwrapErr(getrandom::SysRng)
}

/// A fresh random id.
#[must_use]
pub fn id() -> [u8; 16] {
    let mut id = [0; 16];
    os().fill_bytes(&mut id);
    id
}

//! The one place where randomness comes from the operating system.

use rand_core::{CryptoRng, UnwrapErr};

/// The operating system's generator.
#[must_use]
pub fn os() -> impl CryptoRng {
    UnwrapErr(getrandom::SysRng)
}

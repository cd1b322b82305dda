//! The authority log: the partnership's signed, hash-linked log of who exists and who may do what.
//!
//! [`entry`] is the form of an entry, [`body`] what it says, [`state`] what follows from all of them, [`rules`] which
//! entry may come next, [`Authority::judge`] whose writes count, [`Authority::owed_keys`] which keys are owed. The state machine is pure and the same on server and device: an entry is *checked* against the
//! state ([`state::Authority::check`]) and only the [`state::CheckedEntry`] that comes of it can be *applied*.

pub mod body;
pub mod entry;
mod owed;
pub mod rules;
pub mod state;
mod writes;

pub use body::*;
pub use entry::{Entry, SignedEntry};
pub use owed::OwedKeys;
pub use rules::LogError;
pub use state::{Authority, CheckedEntry};
pub use writes::{Judgement, Quarantine};

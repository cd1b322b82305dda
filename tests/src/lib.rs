//! What the tests of the whole stand on: a partnership made once, and the seeded simulator.
//!
//! `tests/simulator.rs` runs the simulator; `tests/lessons_*.rs` hold what went wrong elsewhere, a test for each line.

pub mod clerk;
pub mod forge;
pub mod hostile;
pub mod sim;
pub mod town;
pub mod wire;

//! A worker at a device: how often a PIN may be tried, and for how long keys that open with it open without the server.
//! Pure: clocks and counters are arguments.

pub mod attempts;
pub mod lease;

pub use attempts::{WRONG_PINS_MAX, wait_after};
pub use lease::{ClockMarks, Lease};

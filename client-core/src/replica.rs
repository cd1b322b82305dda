//! The pure part of the device: events in, effects out. No clock, no IO, no async; collections are ordered, so the same
//! events make the same run.

pub mod machine;
pub mod reader;
pub mod standings;

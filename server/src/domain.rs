//! Decisions without IO, clock or randomness: what may be appended, what may be stored, what an answer holds.

pub mod admission;
pub mod answer;
pub mod append;
pub mod farewell;
pub mod inbox;
pub mod push;

//! Placeholder.
pub mod records;

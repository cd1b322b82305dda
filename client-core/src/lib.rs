//! The device: records, sealed sync and the local store.

pub mod audit;
pub mod carrier_file;
pub mod client;
pub mod clock;
pub mod device;
pub mod farewell;
pub mod keyring;
mod order;
pub mod partnership;
pub mod payload;
pub mod photograph;
pub mod randomness;
pub mod records;
pub mod replica;
pub mod seat;
pub mod store;
pub mod sync;
pub mod transport;
pub mod vault;

// So that a unit test can stand on what the tests in `tests/` stand on.
#[cfg(test)]
extern crate self as doorstep_client_core;

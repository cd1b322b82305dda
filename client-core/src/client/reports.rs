//! Reports: what leaves this device for people, files and other systems, as rows under published columns. Nothing that is
//! sealed or protected, no address of somebody whose address is protected and no NHS number is ever in one.

#[cfg(test)]
mod canary_tests;
mod counts;
mod facts;
mod mask;
mod office;
mod reg10;
mod resident;
mod sheet;
pub mod suppress;
mod tables;

pub use counts::CountOf;
pub use reg10::Reg10;
pub use resident::{ReadsLeftOut, Resident};
pub use sheet::{Cell, Column, ColumnKind, Filled, Sheet, Table};
pub use tables::TABLES;

use super::Client;

/// Reports of a device.
pub struct Reports<'c> {
    pub(super) client: &'c Client,
}

//! Who read what: the records of the audit chain, and how an auditor goes through it. Pure.
//!
//! [`record`] is what a record says and its bytes; [`chain`] follows the records of each device and names what does not
//! hold.

pub mod chain;
pub mod record;

pub use chain::{Alarm, AlarmKind, ChainItem, Found};
pub use record::{AuditEvent, AuditRecord, FirstKey, GlassReason, ReviewOutcome};

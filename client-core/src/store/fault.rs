//! Commits that fail on purpose. A hook is set by tests only; without one this costs nothing.

use std::sync::Arc;

use super::StoreError;

/// Where a commit can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitPoint {
    /// Nothing of the transaction will be on disk.
    Before,
    /// All of it is on disk, but nobody is told: so it is when a disk reports an error after the fact.
    After,
}

/// What a hook asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Go on.
    None,
    /// Fail here, as a full disk does.
    Fail,
}

/// Asked before and after every commit.
pub type FaultHook = Arc<dyn Fn(CommitPoint) -> Fault + Send + Sync>;

pub(super) trait Ask {
    fn ask(&self, point: CommitPoint) -> Result<(), StoreError>;
}

impl Ask for Option<FaultHook> {
    fn ask(&self, point: CommitPoint) -> Result<(), StoreError> {
        match self.as_ref().map(|hook| hook(point)) {
            Some(Fault::Fail) => Err(StoreError::Database {
                code: Some(rusqlite::ErrorCode::DiskFull),
                remedy: "free some space on this device; nothing saved before is lost",
            }),
            Some(Fault::None) | None => Ok(()),
        }
    }
}

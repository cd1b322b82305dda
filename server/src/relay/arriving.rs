//! Logs on their way here. A partnership that moves without its old server names this one by its last entries, and its log may
//! be longer than one append: what has come of it is kept apart, in memory, until it has named this server. Nothing of it is
//! served or durable before; after a restart whoever brings it begins again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorstep_protocol::authority::Authority;
use doorstep_protocol::{LogHash, LogSize, PartnershipId};

use crate::domain::append::{AppendRefusal, CheckedAppend};

/// Logs that are kept apart at once: for another one the oldest goes.
const LOGS_MAX: usize = 4;
/// Entries and wraps of one of them.
const LOG_BYTES_MAX: usize = 32 * 1024 * 1024;

#[derive(Debug)]
struct Log {
    state: Arc<Authority>,
    so_far: CheckedAppend,
}

/// The logs, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Arriving(Mutex<VecDeque<Log>>);

impl Arriving {
    /// The state of a log as far as it has come.
    pub(super) fn state(&self, partnership: PartnershipId) -> Option<Arc<Authority>> {
        self.kept().iter().find(|log| log.state.partnership() == partnership).map(|log| log.state.clone())
    }

    /// Keeps the next part of a log.
    pub(super) fn keep(&self, part: CheckedAppend, state: Authority) -> Result<(), AppendRefusal> {
        let mut kept = self.kept();
        let so_far = join(&mut kept, part)?;
        if so_far.bytes() > LOG_BYTES_MAX {
            return Err(AppendRefusal::TooLong { limit_bytes: LOG_BYTES_MAX });
        }
        if kept.len() >= LOGS_MAX {
            kept.pop_front();
        }
        kept.push_back(Log { state: Arc::new(state), so_far });
        Ok(())
    }

    /// Of a log that ended without naming this server nothing is kept.
    pub(super) fn forget(&self, partnership: PartnershipId) {
        self.kept().retain(|log| log.so_far.partnership() != partnership);
    }

    /// A whole log: what has come of it, and its last part. It is kept here no longer.
    pub(super) fn complete(&self, last: CheckedAppend) -> Result<CheckedAppend, AppendRefusal> {
        join(&mut self.kept(), last)
    }

    /// The queue is whole whatever a panicking thread did: each change is one push or one removal.
    fn kept(&self) -> MutexGuard<'_, VecDeque<Log>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes out what has come of a log and adds a part to it, if the part still follows.
fn join(kept: &mut VecDeque<Log>, part: CheckedAppend) -> Result<CheckedAppend, AppendRefusal> {
    let at = kept.iter().position(|log| log.so_far.partnership() == part.partnership());
    let so_far = at.and_then(|at| kept.get(at)).map(|log| &log.so_far);
    let end = so_far.map_or((LogSize(0), LogHash::ZERO), |log| (log.size(), log.head()));
    if (part.base_size(), part.base_head()) != end {
        return Err(AppendRefusal::Conflict { size: end.0 });
    }
    Ok(match at.and_then(|at| kept.remove(at)) {
        Some(log) => log.so_far.with_next(part),
        None => part,
    })
}

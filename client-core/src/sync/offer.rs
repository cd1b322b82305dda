//! Bringing the authority log to a server that has less of it: wiped, restored from a backup, or never told. And the wraps
//! beside it, to a server that was brought the log by somebody who had only their own.

use doorstep_protocol::LogSize;

use super::report::{Step, Trouble};
use super::{Round, Syncer};
use crate::transport::{Transport, TransportError};

/// Appends and corrections in one offer; a log of a million entries takes fewer.
pub const OFFER_ROUNDS_MAX: usize = 1_024;
/// How often one offer begins again at a server that has lost what had come of the log.
const BEGINNINGS_MAX: usize = 2;

/// What an offer came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offered {
    /// The server has taken entries.
    Entries,
    /// The server has all that this device has.
    NoneMissing,
    /// This device has no log.
    NoneHeld,
}

impl<T: Transport + 'static> Syncer<T> {
    /// Offers every entry after `base`; a server that says where it stands is believed as long as that leads on.
    pub(super) async fn offer_log(&mut self, base: LogSize, round: &mut Round<'_>) -> Result<Offered, Trouble> {
        let held = self.with_device(|device| device.held_log()).await??;
        if held.is_empty() {
            return Ok(Offered::NoneHeld);
        }
        round.tell(Step::OfferingLog);
        let (mut base, mut offered) = (base, Offered::NoneMissing);
        let mut beginnings = 0;
        for _ in 0..OFFER_ROUNDS_MAX {
            let Some(append) = held.append_after(base) else { break };
            let brought = append.entries.len() as u64;
            match self.transport.append_log(&append).await {
                Ok(appended) => {
                    let size = LogSize(base.0 + brought);
                    if appended.size != size || Some(appended.head) != held.head_at(size) {
                        return Err(Trouble::OtherLog);
                    }
                    base = size;
                    offered = Offered::Entries;
                    round.report.log_entries_offered += brought;
                }
                // What it has may be a beginning of what is held here: the rest is offered after it.
                Err(TransportError::LogConflict { size }) if size > base => base = size,
                // It kept what had come in memory, and has lost that.
                Err(TransportError::LogConflict { size: LogSize(0) })
                    if base > LogSize(0) && beginnings < BEGINNINGS_MAX =>
                {
                    beginnings += 1;
                    base = LogSize(0);
                }
                Err(TransportError::LogConflict { .. }) => return Err(Trouble::OtherLog),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(offered)
    }

    /// Brings the wraps that a server may lack since it lost its store. It has the entries by now: what is sent with the wraps
    /// only says to which they belong. A server that does not take them is asked again with the next sync.
    pub(super) async fn bring_wraps(&mut self, round: &mut Round<'_>) -> Result<(), Trouble> {
        let Some(held) = self.with_device(|device| device.wraps_to_bring()).await?? else { return Ok(()) };
        let mut base = LogSize(0);
        for _ in 0..OFFER_ROUNDS_MAX {
            let Some(append) = held.wraps_after(base) else {
                return Ok(self.with_device(|device| device.set_wraps_brought()).await??);
            };
            round.tell(Step::OfferingLog);
            base = LogSize(append.base_size.0 + append.entries.len() as u64);
            let appended = self.transport.append_log(&append).await?;
            if appended.size < base || (appended.size == base && Some(appended.head) != held.head_at(base)) {
                return Err(Trouble::OtherLog);
            }
        }
        Ok(())
    }
}

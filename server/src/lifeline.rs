//! Ends what is being sent to a device at the moment the log says that it is no longer served: a page that is half
//! written is not finished, and an idle watch does not wait for its heartbeat.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doorstep_protocol::{DeviceId, PartnershipId};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long an append waits for the connections that it cut.
const CLOSING_SECONDS_MAX: u64 = 5;

type Who = (PartnershipId, DeviceId);

/// The two ends of a connection's life.
#[derive(Clone, Debug, Default)]
struct Cord {
    cut: CancellationToken,
    closed: CancellationToken,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    /// One place for each connection on which a device is being answered. There are no more than connections.
    held: BTreeMap<(Who, u64), Cord>,
    /// Connections that were cut and may not be closed yet.
    closing: Vec<CancellationToken>,
}

/// The connections on which devices are being answered.
#[derive(Clone, Debug, Default)]
pub struct Lifelines(Arc<Mutex<Table>>);

impl Lifelines {
    /// Cuts the connections of the devices of a partnership that are no longer served.
    pub(crate) fn cut(&self, partnership: PartnershipId, is_served: impl Fn(DeviceId) -> bool) {
        let cut: Vec<Cord> = {
            let mut table = self.table();
            let from = ((partnership, DeviceId([0; 16])), 0);
            let of_partnership = table.held.range(from..).take_while(|(((p, _), _), _)| *p == partnership);
            let cut: Vec<Cord> =
                of_partnership.filter(|(((_, device), _), _)| !is_served(*device)).map(|(_, c)| c.clone()).collect();
            table.closing.extend(cut.iter().map(|cord| cord.closed.clone()));
            cut
        };
        for cord in cut {
            cord.cut.cancel();
        }
    }

    /// Returns once every connection that was cut is closed: from then on nothing more leaves this machine on it.
    pub(crate) async fn closed(&self) {
        let closing = {
            let mut table = self.table();
            table.closing.retain(|closed| !closed.is_cancelled());
            table.closing.clone()
        };
        let all = async {
            for closed in closing {
                closed.cancelled().await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(CLOSING_SECONDS_MAX), all).await.is_err() {
            tracing::warn!("a connection that was cut is not closed yet");
        }
    }

    fn hold(&self, who: Who, cord: &Cord) -> Hold {
        let mut table = self.table();
        let place = (who, table.next);
        table.next += 1;
        table.held.insert(place, cord.clone());
        Hold { lines: self.clone(), place }
    }

    /// The table is whole whatever a panicking thread did: each change is one insert or remove.
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Hold {
    lines: Lifelines,
    place: (Who, u64),
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.lines.table().held.remove(&self.place);
    }
}

/// One connection, and whom it is answering now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lifeline {
    cord: Cord,
    hold: Arc<Mutex<Option<Hold>>>,
}

impl Lifeline {
    /// From now on the connection is cut when this device is no longer served. Whether it still is has to be asked after
    /// this: what was appended before is not told here.
    pub(crate) fn hold(&self, lines: &Lifelines, who: Who) {
        *self.held() = Some(lines.hold(who, &self.cord));
    }

    /// The answer before was taken: the next request says for itself whose it is.
    pub(crate) fn release(&self) {
        *self.held() = None;
    }

    /// Whether nothing more may be written.
    pub(crate) fn is_cut(&self) -> bool {
        self.cord.cut.is_cancelled()
    }

    /// Returns once nothing more may be written.
    pub(crate) async fn cut(&self) {
        self.cord.cut.cancelled().await;
    }

    /// Says at its drop that the connection is closed.
    pub(crate) fn end(&self) -> DropGuard {
        self.cord.closed.clone().drop_guard()
    }

    fn held(&self) -> MutexGuard<'_, Option<Hold>> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: PartnershipId = PartnershipId([1; 16]);
    const A: DeviceId = DeviceId([2; 16]);
    const B: DeviceId = DeviceId([3; 16]);

    #[test]
    fn only_the_lines_of_those_who_are_not_served_are_cut_and_none_stays_behind() {
        let lines = Lifelines::default();
        let (one, two, three) = (Lifeline::default(), Lifeline::default(), Lifeline::default());
        one.hold(&lines, (P, A));
        two.hold(&lines, (P, B));
        three.hold(&lines, (PartnershipId([9; 16]), A));
        lines.cut(P, |device| device != A);
        assert_eq!([one.is_cut(), two.is_cut(), three.is_cut()], [true, false, false]);
        two.release();
        lines.cut(P, |_| false);
        assert!(!two.is_cut(), "it answers nobody any more");
        drop((one, two, three));
        assert!(lines.table().held.is_empty());
    }
}

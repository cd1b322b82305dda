//! The loop that stays: it wakes by the server's notices, by local edits, and by its own timer.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use doorstep_protocol::wire::WatchNotice;
use doorstep_protocol::{FeedNumber, LogSize};
use futures_util::StreamExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::photographs::Carried;
use super::report::{Progress, SyncReport, Trouble, Watching};
use super::{Round, Syncer};
use crate::device::Device;
use crate::replica::machine::{Event, Phase};
use crate::transport::{Endpoint, Hears, NoticeStream, Transport, TransportError};

/// How often a device that hears no notices asks by itself.
pub const POLL_MS: u64 = 5 * 60 * 1_000;
/// How long after a watch ended the next is opened.
pub const WATCH_RETRY_MS: u64 = 15_000;

type Opening = Pin<Box<dyn Future<Output = Result<NoticeStream, TransportError>> + Send>>;

/// Where the watch is.
enum Watch {
    Off { retry_at: Instant },
    Opening(Opening),
    On(NoticeStream),
}

impl Watch {
    /// What the watch says next; never, while it is off.
    async fn next(&mut self) -> Heard {
        match self {
            Self::Off { .. } => pending().await,
            Self::Opening(opening) => match opening.await {
                Ok(notices) => Heard::Opened(notices),
                Err(_) => Heard::Ended,
            },
            Self::On(notices) => match notices.next().await {
                Some(Ok(notice)) => Heard::Notice(notice),
                Some(Err(_)) | None => Heard::Ended,
            },
        }
    }
}

enum Heard {
    Opened(NoticeStream),
    Notice(WatchNotice),
    Ended,
}

impl<T: Transport + 'static> Syncer<T> {
    /// Stays in sync until it is cancelled or stops. `told` hears the report of every catch-up.
    ///
    /// A failed attempt is tried again by the machine's own timer, whether or not anybody edits.
    pub async fn run(
        &mut self,
        cancel: &CancellationToken,
        progress: &mut (dyn FnMut(&Progress) + Send),
        told: &mut (dyn FnMut(&SyncReport) + Send),
    ) {
        self.begin_anew();
        let mut watch = Watch::Off { retry_at: Instant::now() };
        let mut event = Event::Wanted;
        let wake = Arc::clone(&self.wake);
        while !cancel.is_cancelled() {
            let mut round = Round::new(progress);
            let before = self.transport.traffic();
            self.settle(event, cancel, &mut round).await;
            // Whoever edits, or waits for the server's word, does not wait for a photograph.
            let carried = tokio::select! {
                biased;
                () = cancel.cancelled() => Carried::Done,
                () = wake.notified() => Carried::More,
                carried = self.after_field_work(cancel, &mut round) => carried,
            };
            let report = self.finish(&mut round, before, cancel).await;
            told(&report);
            if let Phase::Stopped(_) = self.machine.phase() {
                break;
            }
            event = match carried {
                Carried::More => Event::Wanted,
                Carried::Done => self.next_event(&mut watch, cancel).await,
            };
        }
        self.watching(Watching::No);
    }

    /// Waits for a reason to go on. Returns on cancellation too, with an event that changes nothing.
    async fn next_event(&mut self, watch: &mut Watch, cancel: &CancellationToken) -> Event {
        let poll_at = Instant::now() + Duration::from_millis(POLL_MS);
        loop {
            self.open_watch(watch).await;
            let (retry_at, held) = match self.machine.phase() {
                Phase::Waiting { until, .. } => (Some(self.due(until)), self.is_held()),
                _ => (None, false),
            };
            let due = retry_at.map_or(poll_at, |at| self.clock.instant(at));
            let reopen = match watch {
                Watch::Off { retry_at } if self.may_watch() => *retry_at,
                _ => poll_at,
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Event::Cancelled,
                () = tokio::time::sleep_until(due) => {
                    return if retry_at.is_some() { Event::Tick } else { Event::Wanted };
                }
                () = self.wake.notified(), if !held => return Event::Wanted,
                heard = watch.next() => match heard {
                    Heard::Opened(notices) => {
                        *watch = Watch::On(notices);
                        self.watching(Watching::Yes);
                    }
                    Heard::Ended => {
                        *watch = Watch::Off { retry_at: Instant::now() + Duration::from_millis(WATCH_RETRY_MS) };
                        self.watching(Watching::No);
                    }
                    Heard::Notice(notice) => {
                        if !held && self.is_news(notice).await {
                            return Event::Wanted;
                        }
                    }
                },
                () = tokio::time::sleep_until(reopen), if matches!(watch, Watch::Off { .. }) => {}
            }
        }
    }

    fn is_held(&self) -> bool {
        self.hold_until.is_some_and(|until| self.clock.monotonic() < until)
    }

    fn may_watch(&self) -> bool {
        self.transport.hears() == Hears::Notices && self.session.is_some() && self.machine.phase() == Phase::Resting
    }

    async fn open_watch(&mut self, watch: &mut Watch) {
        let Watch::Off { retry_at } = watch else { return };
        if !self.may_watch() || Instant::now() < *retry_at {
            return;
        }
        let Some(session) = self.session.clone() else { return };
        let Ok(request) = self.sign(Endpoint::Watch, session.token, Vec::new()).await else { return };
        let transport = Arc::clone(&self.transport);
        *watch = Watch::Opening(Box::pin(async move { transport.watch(request).await }));
    }

    async fn is_news(&self, notice: WatchNotice) -> bool {
        let checked: Result<bool, Trouble> = self.with_device(move |device| has_news(device, &notice)).await;
        // A device that cannot say asks the server.
        checked.unwrap_or(true)
    }

    fn watching(&self, watching: Watching) {
        self.status.send_if_modified(|status| {
            let changed = status.watching != watching;
            status.watching = watching;
            changed
        });
    }
}

fn has_news(device: &Device, notice: &WatchNotice) -> bool {
    let size = device.authority().map_or(LogSize(0), doorstep_protocol::authority::Authority::size);
    let read = |zone| device.feeds().get(zone).map_or(FeedNumber(0), |position| position.read.number);
    notice.log_size > size || notice.zones.iter().any(|grown| grown.point.number > read(&grown.zone))
}

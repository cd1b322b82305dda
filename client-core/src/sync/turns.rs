//! One driver for all who want it: a person who asks now, a job in the background with little time, a watch that stays. Whoever asks
//! has the next turn; a watch gives way at a point where nothing is half done, and goes on afterwards.

use std::sync::{Mutex as StdMutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::report::{End, Progress, SyncReport, SyncStatus};
use super::{SetUpError, Syncer, Waker};
use crate::farewell::{FarewellError, Mark};
use crate::transport::Transport;

/// How long before a deadline work stops, at most: what was begun on the disk is brought to its end in that time.
pub const STOP_MS_MAX: u64 = 1_000;
/// Which part of a short time is kept for that.
const STOP_PART: u32 = 4;

/// Makes the driver, once the device is enrolled.
type Make<T> = Box<dyn Fn() -> Result<Syncer<T>, SetUpError> + Send + Sync>;

/// The driver of a device, by turns.
pub struct Turns<T> {
    make: Make<T>,
    kept: Mutex<Option<Syncer<T>>>,
    /// How many wait for a turn.
    waiting: watch::Sender<usize>,
    known: StdMutex<Option<(Waker, watch::Receiver<SyncStatus>)>>,
}

/// Somebody waits for a turn, as long as this lives.
struct Asking<'a>(&'a watch::Sender<usize>);

impl<'a> Asking<'a> {
    fn new(waiting: &'a watch::Sender<usize>) -> Self {
        waiting.send_modify(|count| *count += 1);
        Self(waiting)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

/// For how long of a time there is work, until it stops.
fn to_work(time: Duration) -> Duration {
    time - Duration::from_millis(STOP_MS_MAX).min(time / STOP_PART)
}

async fn until(waiting: &mut watch::Receiver<usize>, holds: impl Fn(usize) -> bool) {
    // The sender lives as long as whoever waits here.
    let _gone = waiting.wait_for(|count| holds(*count)).await.is_err();
}

impl<T: Transport + 'static> Turns<T> {
    /// By turns, with the driver that `make` makes when the first is taken.
    #[must_use]
    pub fn new(make: impl Fn() -> Result<Syncer<T>, SetUpError> + Send + Sync + 'static) -> Self {
        Self {
            make: Box::new(make),
            kept: Mutex::default(),
            waiting: watch::Sender::new(0),
            known: StdMutex::default(),
        }
    }

    /// There is something to send: a watch sends it soon. Nothing happens where nobody watches.
    pub fn wake(&self) {
        if let Some((waker, _)) = &*self.known.lock().unwrap_or_else(PoisonError::into_inner) {
            waker.wake();
        }
    }

    /// How it stands; as new, before the first turn.
    #[must_use]
    pub fn status(&self) -> SyncStatus {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().map(|(_, status)| status.borrow().clone()).unwrap_or_default()
    }

    /// Catches up once.
    ///
    /// # Errors
    /// [`SetUpError`] before the device is enrolled.
    pub async fn once(
        &self,
        cancel: &CancellationToken,
        progress: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<SyncReport, SetUpError> {
        let asking = Asking::new(&self.waiting);
        let mut kept = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(SyncReport { end: End::Cancelled, ..SyncReport::default() }),
            kept = self.kept.lock() => kept,
        };
        drop(asking);
        Ok(self.driver(&mut kept)?.sync_once(cancel, progress).await)
    }

    /// Catches up as far as it comes in a time: the wait for the turn counts. Work stops a second before, of less than four seconds a
    /// quarter, so that what is begun on the disk is brought to its end.
    ///
    /// # Errors
    /// [`SetUpError`] before the device is enrolled.
    pub async fn within(
        &self,
        time: Duration,
        cancel: &CancellationToken,
        progress: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<SyncReport, SetUpError> {
        let stop_at = Instant::now() + to_work(time);
        let over = cancel.child_token();
        let ended = {
            let mut work = std::pin::pin!(self.once(&over, progress));
            tokio::select! {
                biased;
                ended = &mut work => ended?,
                () = tokio::time::sleep_until(stop_at) => {
                    over.cancel();
                    work.await?
                }
            }
        };
        let is_late = over.is_cancelled() && !cancel.is_cancelled();
        let end = if is_late && ended.end == End::Cancelled { End::OutOfTime } else { ended.end };
        Ok(SyncReport { end, ..ended })
    }

    /// Stays in sync until it is cancelled or stops; see [`Syncer::run`].
    ///
    /// # Errors
    /// [`SetUpError`] before the device is enrolled.
    pub async fn stay(
        &self,
        cancel: &CancellationToken,
        progress: &mut (dyn FnMut(&Progress) + Send),
        told: &mut (dyn FnMut(&SyncReport) + Send),
    ) -> Result<(), SetUpError> {
        let mut waiting = self.waiting.subscribe();
        while !cancel.is_cancelled() {
            let mut kept = tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                kept = self.kept.lock() => kept,
            };
            let driver = self.driver(&mut kept)?;
            let turn = cancel.child_token();
            let has_stopped = {
                let mut running = std::pin::pin!(driver.run(&turn, progress, told));
                tokio::select! {
                    biased;
                    () = &mut running => true,
                    () = until(&mut waiting, |count| count > 0) => {
                        turn.cancel();
                        running.await;
                        false
                    }
                }
            };
            drop(kept);
            if has_stopped {
                break;
            }
            tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                () = until(&mut waiting, |count| count == 0) => {}
            }
        }
        Ok(())
    }

    /// Takes leave of the partnership, for a device that was revoked; see [`Syncer::take_leave`].
    ///
    /// # Errors
    /// [`FarewellError`].
    pub async fn take_leave(&self) -> Result<Mark, FarewellError> {
        let asking = Asking::new(&self.waiting);
        let mut kept = self.kept.lock().await;
        drop(asking);
        let driver = self.driver(&mut kept).map_err(|error| match error {
            SetUpError::Device(error) => FarewellError::Device(error),
            _ => FarewellError::Interrupted,
        })?;
        driver.take_leave().await
    }

    fn driver<'k>(&self, kept: &'k mut Option<Syncer<T>>) -> Result<&'k mut Syncer<T>, SetUpError> {
        if kept.is_none() {
            let made = (self.make)()?;
            let known = (made.waker(), made.status());
            *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
            *kept = Some(made);
        }
        Ok(kept.as_mut().expect("it was just made"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_stops_a_second_before_its_time_is_over_and_a_short_time_is_not_only_stopping() {
        for (time_ms, work_ms) in [(0, 0), (1_000, 750), (4_000, 3_000), (25_000, 24_000)] {
            assert_eq!(to_work(Duration::from_millis(time_ms)), Duration::from_millis(work_ms), "of {time_ms} ms");
        }
    }
}

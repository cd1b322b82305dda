//! Staying in sync while an app is in front: by the server's notices, by what is saved here, and by a timer.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::open::Open;
use crate::sync::{SyncProgress, SyncReport};

/// Is told what a watch does. All calls come from threads of the library, one at a time: they return soon.
#[uniffi::export(with_foreign)]
pub trait WatchObserver: Send + Sync {
    /// How far a catch-up has come.
    fn on_progress(&self, progress: SyncProgress);

    /// A catch-up has ended: what is on the screen may be old.
    fn on_report(&self, report: SyncReport);

    /// The watch has ended by itself: a person has to decide, as the last report says.
    fn on_end(&self);
}

/// A device that stays in sync until this is stopped or let go of.
#[derive(uniffi::Object)]
pub struct Watch {
    stop: CancellationToken,
}

#[uniffi::export]
impl Watch {
    /// Stops it where nothing is half done. The observer hears nothing more once what is under way has ended.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Watch {
    /// Begins to stay in sync.
    pub(crate) fn begin(open: Arc<Open>, observer: Arc<dyn WatchObserver>, on: &tokio::runtime::Handle) -> Arc<Self> {
        let stop = open.stop.child_token();
        let ends = stop.clone();
        let tasks = open.tasks.clone();
        let work = async move {
            let (progress, told) = (observer.clone(), observer.clone());
            let mut progress = move |at: &doorstep_client_core::sync::Progress| progress.on_progress((*at).into());
            let mut told = move |report: &doorstep_client_core::sync::SyncReport| told.on_report(report.clone().into());
            let _enrolled_when_it_began = open.turns.stay(&ends, &mut progress, &mut told).await.is_ok();
            drop(open);
            if !ends.is_cancelled() {
                observer.on_end();
            }
        };
        tasks.spawn_on(work, on);
        Arc::new(Self { stop })
    }
}

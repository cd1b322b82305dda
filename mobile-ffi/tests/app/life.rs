//! Threads and life: many at once, one program at a time, watches that end when they are let go of, little time, little memory, and the
//! end of a device.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorstep_mobile_ffi::{
    Doorstep, DoorstepError, Refusal, Severity, StatusHeadline, SyncDenied, SyncEnd, SyncProgress, SyncReport,
    SyncStopper, VisitKind, WatchObserver, finish_wipe,
};
use doorstep_protocol::authority::RevokeReason;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::desk::{Town, caught_up, text};
use crate::home::{damp, uprn, visit};
use crate::pocket::Pocket;

#[tokio::test(flavor = "multi_thread")]
async fn many_threads_save_and_read_while_it_syncs() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let tablet = tablet.clone();
            std::thread::spawn(move || {
                for _ in 0..5 {
                    let saved = tablet.visits().record(visit(VisitKind::FollowUp, damp(Severity::Low))).unwrap();
                    assert!(!tablet.properties().get(saved.record).unwrap().visits.is_empty());
                }
            })
        })
        .collect();
    let (one, two) = tokio::join!(tablet.sync(None, None), tablet.sync(None, None));
    assert_eq!((one.unwrap().end, two.unwrap().end), (SyncEnd::CaughtUp, SyncEnd::CaughtUp));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    caught_up(&tablet).await;
    let record = tablet.properties().with_uprn(uprn()).unwrap().unwrap();
    assert_eq!(tablet.properties().get(record).unwrap().visits.len(), 20);
    assert_eq!(tablet.status().unwrap().headline, StatusHeadline::CaughtUp);
}

#[derive(Default)]
struct Watched {
    reports: Mutex<Vec<SyncReport>>,
    told: Notify,
    ends: AtomicUsize,
}

impl Watched {
    /// Waits until a report says so.
    async fn until(&self, holds: impl Fn(&SyncReport) -> bool) {
        loop {
            let next = self.told.notified();
            if self.reports.lock().unwrap().iter().any(&holds) {
                return;
            }
            tokio::time::timeout(Duration::from_secs(60), next).await.expect("the watch says something");
        }
    }
}

impl WatchObserver for Watched {
    fn on_progress(&self, _: SyncProgress) {}

    fn on_report(&self, report: SyncReport) {
        self.reports.lock().unwrap().push(report);
        self.told.notify_waiters();
        self.told.notify_one();
    }

    fn on_end(&self) {
        self.ends.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_sends_what_is_saved_gives_way_and_ends_when_it_is_let_go_of() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let fresh = Doorstep::create(text(&town.at("fresh")), Arc::new(Pocket::default()), None).unwrap();
    let early = fresh.watch(Arc::new(Watched::default())).err().unwrap();
    assert!(matches!(early, DoorstepError::NotAllowed { why: Refusal::NotEnrolled, .. }), "{early:?}");

    let watched = Arc::new(Watched::default());
    let watch = tablet.watch(watched.clone()).unwrap();
    watched.until(|report| report.end == SyncEnd::CaughtUp).await;
    tablet.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::High))).unwrap();
    watched.until(|report| report.sent > 0).await;
    // Somebody who asks has the next turn, and the watch goes on.
    caught_up(&tablet).await;
    watched.reports.lock().unwrap().clear();
    tablet.visits().record(visit(VisitKind::FollowUp, damp(Severity::High))).unwrap();
    watched.until(|report| report.sent > 0).await;
    drop(watch);
    let let_go = async {
        while Arc::strong_count(&watched) > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), let_go).await.expect("nobody calls the observer any more");
    assert_eq!(watched.ends.load(Ordering::SeqCst), 0, "it was let go of, and did not end by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catch_up_stops_when_it_is_told_or_its_time_is_over_and_nothing_is_lost() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    tablet.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::High))).unwrap();
    let stopper = SyncStopper::new();
    stopper.stop();
    let report = tablet.sync(None, Some(stopper)).await.unwrap();
    assert_eq!(report.end, SyncEnd::Cancelled);
    let report = tablet.sync_within(Duration::ZERO, None, None).await.unwrap();
    assert_eq!(report.end, SyncEnd::OutOfTime);
    assert!(tablet.status().unwrap().to_send > 0, "it is still there");
    // Dropped after it was begun.
    drop(tokio::time::timeout(Duration::ZERO, tablet.sync(None, None)).await);
    let report = tablet.sync_within(Duration::from_secs(60), None, None).await.unwrap();
    assert_eq!((report.end, report.to_send), (SyncEnd::CaughtUp, 0));
}

#[tokio::test]
async fn a_device_that_is_shut_down_refuses_and_another_may_open_it() {
    let town = Town::new().await;
    let vault = Arc::new(Pocket::default());
    let tablet = town.tablet_with("tablet", 1, vault.clone(), None).await;
    let (path, visits) = (text(&town.at("tablet")), tablet.visits());
    let recorded = visits.record(visit(VisitKind::SafeAndWell, damp(Severity::High))).unwrap();
    let busy = Doorstep::open(path.clone(), vault.clone(), None).err().unwrap();
    assert!(matches!(busy, DoorstepError::InUse { .. }), "{busy:?}");
    tablet.shut_down().await.unwrap();
    tablet.shut_down().await.unwrap();
    let refused = visits.get(recorded.record.clone(), recorded.visit.clone()).err().unwrap();
    assert!(matches!(refused, DoorstepError::NotAllowed { why: Refusal::ShutDown, .. }), "{refused:?}");
    assert!(matches!(tablet.sync(None, None).await, Err(DoorstepError::NotAllowed { .. })));
    let opened = Doorstep::open(path, vault, None).unwrap();
    assert!(opened.visits().get(recorded.record, recorded.visit).is_ok());
}

#[tokio::test]
async fn a_device_that_is_short_of_memory_keeps_nothing_loaded_and_works() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let record = tablet.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::High))).unwrap().record;
    tablet.keep_loaded(0).unwrap();
    for _ in 0..3 {
        tablet.visits().record(visit(VisitKind::FollowUp, damp(Severity::Low))).unwrap();
    }
    assert_eq!(tablet.properties().get(record.clone()).unwrap().visits.len(), 4);
    tablet.keep_loaded(512).unwrap();
    caught_up(&tablet).await;
    assert_eq!(tablet.properties().get(record).unwrap().visits.len(), 4);
}

#[tokio::test]
async fn a_device_that_was_ended_hands_over_wipes_itself_and_says_so() {
    let town = Town::new().await;
    let vault = Arc::new(Pocket::default());
    let tablet = town.tablet_with("tablet", 1, vault.clone(), None).await;
    let early = tablet.leave().await.err().unwrap();
    assert!(matches!(early, DoorstepError::NotAllowed { why: Refusal::NotRevoked, .. }), "{early:?}");
    tablet.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::High))).unwrap();
    let id = town
        .client
        .partnership()
        .devices()
        .unwrap()
        .into_iter()
        .map(|row| row.device)
        .find(|id| id.to_string() == tablet.id().unwrap().hex);
    let mut office = town.syncer();
    office.revoke(id.unwrap(), RevokeReason::Lost, &CancellationToken::new()).await.unwrap();
    let report = tablet.sync(None, None).await.unwrap();
    assert_eq!(report.denied, Some(SyncDenied::Revoked), "{report:?}");
    let left = tablet.leave().await.unwrap();
    assert!(left.handed_over > 0 && left.unsent == 0, "{left:?}");
    assert!(vault.calls.lock().unwrap().contains(&"destroy"));
    for gone in ["keys.wrapped", "ops.db"] {
        assert!(!town.at("tablet").join(gone).exists(), "{gone} is gone");
    }
    assert!(matches!(tablet.status(), Err(DoorstepError::NotAllowed { why: Refusal::ShutDown, .. })));
    assert_eq!(finish_wipe(text(&town.at("tablet")), vault, None).await.unwrap(), None, "nothing is left to do");
}

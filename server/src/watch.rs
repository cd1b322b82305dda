//! Who waits for news, and what is new since they were last told. Nothing is kept for a partnership that nobody watches,
//! and a watcher that is slow misses no zone: it is told where each zone is by then.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorstep_protocol::authority::ZoneFeedPoint;
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::{PartnershipId, ZoneId};
use tokio::sync::watch;

#[derive(Debug)]
struct Topic {
    /// Counts what was new.
    version: u64,
    /// When the log grew last.
    log_version: u64,
    zones: BTreeMap<ZoneId, (u64, FeedPoint)>,
    told: watch::Sender<u64>,
}

impl Topic {
    fn new() -> Self {
        Self { version: 0, log_version: 0, zones: BTreeMap::new(), told: watch::Sender::new(0) }
    }
}

type Topics = Mutex<BTreeMap<PartnershipId, Topic>>;

/// Where news arrives and watchers wait.
#[derive(Debug, Default)]
pub struct Hub(Arc<Topics>);

/// Every change of a topic is one assignment: it is whole whatever a panicking thread did.
fn lock(topics: &Topics) -> MutexGuard<'_, BTreeMap<PartnershipId, Topic>> {
    topics.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// The log has grown.
    pub fn log_grew(&self, partnership: PartnershipId) {
        self.publish(partnership, |topic| topic.log_version = topic.version);
    }

    /// These feeds are here now. News of one feed may arrive out of order: the furthest point counts.
    pub fn feeds_grew(&self, partnership: PartnershipId, grown: &BTreeMap<ZoneId, FeedPoint>) {
        if grown.is_empty() {
            return;
        }
        self.publish(partnership, |topic| {
            for (zone, point) in grown {
                let furthest = topic.zones.get(zone).map_or(*point, |(_, there)| *point.max(there));
                topic.zones.insert(*zone, (topic.version, furthest));
            }
        });
    }

    fn publish(&self, partnership: PartnershipId, change: impl FnOnce(&mut Topic)) {
        let mut topics = lock(&self.0);
        let Some(topic) = topics.get_mut(&partnership) else { return };
        topic.version += 1;
        change(topic);
        topic.told.send_replace(topic.version);
    }

    /// Begins to watch a partnership. What is new from now on is told; what was before is for the caller to read after.
    #[must_use]
    pub fn subscribe(&self, partnership: PartnershipId) -> Watcher {
        let mut topics = lock(&self.0);
        let topic = topics.entry(partnership).or_insert_with(Topic::new);
        Watcher { topics: self.0.clone(), partnership, seen: topic.version, told: Some(topic.told.subscribe()) }
    }

    /// How many partnerships are watched.
    #[must_use]
    pub fn watched(&self) -> usize {
        lock(&self.0).len()
    }
}

/// What is new for a watcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Whether the authority log has grown.
    pub log_grew: bool,
    /// Zones that have grown, ascending.
    pub zones: Vec<ZoneFeedPoint>,
}

/// One who waits for news of a partnership.
#[derive(Debug)]
pub struct Watcher {
    topics: Arc<Topics>,
    partnership: PartnershipId,
    seen: u64,
    /// Taken only when the watcher ends.
    told: Option<watch::Receiver<u64>>,
}

impl Watcher {
    /// Waits until something is new. Dropping the future loses nothing.
    pub async fn changed(&mut self) {
        if let Some(told) = &mut self.told {
            // The sender lives as long as the topic, and the topic as long as it has a watcher.
            let _never_closed = told.changed().await;
        }
    }

    /// What is new since the last call.
    pub fn news(&mut self) -> News {
        let topics = lock(&self.topics);
        let Some(topic) = topics.get(&self.partnership) else {
            return News { log_grew: false, zones: Vec::new() };
        };
        let seen = std::mem::replace(&mut self.seen, topic.version);
        let zones = topic.zones.iter().filter(|(_, (version, _))| *version > seen);
        let zones = zones.map(|(zone, (_, point))| ZoneFeedPoint { zone: *zone, point: *point }).collect();
        News { log_grew: topic.log_version > seen, zones }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let mut topics = lock(&self.topics);
        self.told = None;
        if topics.get(&self.partnership).is_some_and(|topic| topic.told.receiver_count() == 0) {
            topics.remove(&self.partnership);
        }
    }
}

#[cfg(test)]
mod tests {
    use doorstep_protocol::EnvelopeId;

    use super::*;

    const P: PartnershipId = PartnershipId([1; 16]);
    const ZONE: ZoneId = ZoneId([2; 16]);

    #[test]
    fn a_watcher_is_told_where_zones_are_now_and_only_once() {
        let hub = Hub::default();
        let mut watcher = hub.subscribe(P);
        let one = FeedPoint::START.then(EnvelopeId([1; 32]));
        let two = one.then(EnvelopeId([2; 32]));
        hub.feeds_grew(P, &[(ZONE, two)].into());
        hub.feeds_grew(P, &[(ZONE, one)].into());
        assert_eq!(watcher.news().zones, [ZoneFeedPoint { zone: ZONE, point: two }]);
        assert_eq!(watcher.news().zones, []);
        hub.log_grew(P);
        assert!(watcher.news().log_grew);
        assert!(!watcher.news().log_grew);
    }

    #[test]
    fn nothing_is_kept_for_a_partnership_that_nobody_watches() {
        let hub = Hub::default();
        hub.log_grew(P);
        assert_eq!(hub.watched(), 0);
        let first = hub.subscribe(P);
        let second = hub.subscribe(P);
        drop(first);
        assert_eq!(hub.watched(), 1);
        drop(second);
        assert_eq!(hub.watched(), 0);
    }
}

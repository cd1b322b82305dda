//! Runs the sync machine against a device and a server. The device's lock is held only while something is decided or
//! committed, never across the network: local work goes on whatever the server does.
//!
//! [`Syncer::sync_once`] catches up once; [`Syncer::run`] stays, and wakes by the server's notices, by local edits and by its
//! own timer. Dropping or cancelling either at any await leaves on disk what was committed, and nothing half done.
//!
//! | file | is |
//! | --- | --- |
//! | `session`, `exchange` | the two things the machine asks for |
//! | `offer` | bringing the authority log to a server that has less of it |
//! | `office` | what an admin's desk asks beside syncing: entries for the log, ends of chains, the inbox |
//! | `farewell` | what a revoked device hands over before it wipes itself |
//! | `photographs` | parts of photographs, after field work |
//! | `recover` | the log for who holds the root keys and no device any more |
//! | `stay` | the loop that stays |
//! | `turns` | one driver for a person, a job in the background and a watch |
//! | `report`, `headline` | what a person and a program are told |
//! | `clock` | wall time for records, a clock that only goes forward for retries |

use std::sync::{Arc, Mutex, PoisonError};

use doorstep_protocol::{DeviceId, Millis, PartnershipId, SignPublic};
use rand_core::CryptoRng;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::device::{Device, DeviceError};
use crate::replica::machine::{Effect, Event, Fault, Machine, Phase, Stop};
use crate::store::meta::{self, StoreIdentity};
use crate::store::parts;
use crate::transport::{
    AddressError, Connection, Failure, HttpStack, HttpTransport, PlainHttp, ServerAddress, Traffic, Transport, Trust,
    TrustError,
};

mod clock;
mod exchange;
mod farewell;
mod headline;
mod offer;
mod office;
mod photographs;
mod recover;
mod report;
mod session;
mod stay;
mod turns;

pub use clock::Clock;
pub use exchange::BUDGET_BYTES;
pub use headline::{Headline, Sentence, headline};
pub use offer::OFFER_ROUNDS_MAX;
pub(crate) use office::append_of;
pub use office::{APPEND_ATTEMPTS_MAX, Enrolled, INBOX_PAGES_MAX, OfficeError, OfficeRandomness};
use photographs::Carried;
pub use photographs::{FETCHED_BYTES_MAX, PART_TURNS_MAX, PARTS_AT_ONCE_MAX};
pub use recover::recover_log;
pub use report::{Activity, End, PhotographTraffic, Progress, Step, SyncReport, SyncStatus, Trouble, Watching};
pub use session::REFUSALS_MAX;
pub use stay::{POLL_MS, WATCH_RETRY_MS};
pub use turns::{STOP_MS_MAX, Turns};

/// A device that the driver and the rest of a program share.
pub type SharedDevice = Arc<Mutex<Device>>;
/// Where randomness comes from.
pub type SharedRandomness = Arc<Mutex<Box<dyn CryptoRng + Send>>>;

/// Why a driver cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The device does not say whom it belongs to.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The server's address cannot be used.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The certificates cannot be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

/// A session with a store.
#[derive(Clone)]
struct Session {
    token: Vec<u8>,
    identity: StoreIdentity,
}

/// The driver.
pub struct Syncer<T> {
    device: SharedDevice,
    transport: Arc<T>,
    clock: Clock,
    rng: SharedRandomness,
    me: DeviceId,
    partnership: PartnershipId,
    server_key: SignPublic,
    machine: Machine,
    session: Option<Session>,
    /// Sessions refused in a row.
    refusals: u32,
    /// A server that asked for a pause is not asked before.
    hold_until: Option<Millis>,
    /// Envelopes and changes that the last catch-up could not send.
    left_by_catch_up: u64,
    wake: Arc<Notify>,
    status: watch::Sender<SyncStatus>,
}

/// Tells a driver that stays that there is something to send.
#[derive(Clone)]
pub struct Waker(Arc<Notify>);

impl Waker {
    /// There is something to send. Never blocks; many calls are one.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

impl Syncer<HttpTransport> {
    /// The driver of an enrolled device, over HTTP to the server it was enrolled with.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub fn over_http(device: SharedDevice, trust: &Trust, plain: PlainHttp) -> Result<Self, SetUpError> {
        let (address, key) = server_of(&device, plain)?;
        let transport = Connection::new(address, trust)?.trusting(key);
        Ok(Self::new(device, transport, Clock::system(), Box::new(crate::randomness::os()))?)
    }

    /// The same over HTTP that a host app brings.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub fn over_stack(device: SharedDevice, stack: Arc<dyn HttpStack>, plain: PlainHttp) -> Result<Self, SetUpError> {
        let (address, key) = server_of(&device, plain)?;
        let transport = HttpTransport::brought(stack, address, key);
        Ok(Self::new(device, transport, Clock::system(), Box::new(crate::randomness::os()))?)
    }
}

/// The server that a device was enrolled with.
fn server_of(device: &SharedDevice, plain: PlainHttp) -> Result<(ServerAddress, SignPublic), SetUpError> {
    let device = device.lock().unwrap_or_else(PoisonError::into_inner);
    let reader = device.store().reader();
    let url = meta::server_url(reader).map_err(DeviceError::from)?.ok_or(DeviceError::NotEnrolled)?;
    let key = meta::server_key(reader).map_err(DeviceError::from)?.ok_or(DeviceError::NotEnrolled)?;
    Ok((ServerAddress::parse(&url, plain)?, key))
}

impl<T: Transport + 'static> Syncer<T> {
    /// The driver of an enrolled device.
    ///
    /// # Errors
    /// [`DeviceError::NotEnrolled`] before the device knows its partnership and server key.
    pub fn new(
        device: SharedDevice,
        transport: T,
        clock: Clock,
        rng: Box<dyn CryptoRng + Send>,
    ) -> Result<Self, DeviceError> {
        let (me, partnership, server_key) = {
            let device = device.lock().unwrap_or_else(PoisonError::into_inner);
            let key = meta::server_key(device.store().reader())?.ok_or(DeviceError::NotEnrolled)?;
            (device.id(), device.partnership()?, key)
        };
        Ok(Self {
            device,
            transport: Arc::new(transport),
            clock,
            rng: Arc::new(Mutex::new(rng)),
            me,
            partnership,
            server_key,
            machine: Machine::default(),
            session: None,
            refusals: 0,
            hold_until: None,
            left_by_catch_up: 0,
            wake: Arc::new(Notify::new()),
            status: watch::Sender::new(SyncStatus::default()),
        })
    }

    /// Wakes [`Syncer::run`] after a local edit.
    #[must_use]
    pub fn waker(&self) -> Waker {
        Waker(self.wake.clone())
    }

    /// How it stands now, and whenever that changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<SyncStatus> {
        self.status.subscribe()
    }

    /// The transport.
    #[must_use]
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Catches up: runs until the machine rests, waits for a retry, or stops. `progress` is told after every step.
    pub async fn sync_once(
        &mut self,
        cancel: &CancellationToken,
        progress: &mut (dyn FnMut(&Progress) + Send),
    ) -> SyncReport {
        self.begin_anew();
        let mut round = Round::new(progress);
        let before = self.transport.traffic();
        for _ in 0..PART_TURNS_MAX {
            self.settle(Event::Wanted, cancel, &mut round).await;
            if self.after_field_work(cancel, &mut round).await == Carried::Done {
                break;
            }
        }
        self.finish(&mut round, before, cancel).await
    }

    /// A person asks again after a stop: perhaps an admin has mended what it was about. An alarm stands on disk, and stops
    /// the next attempt as it stopped the last.
    fn begin_anew(&mut self) {
        if let Phase::Stopped(_) = self.machine.phase() {
            self.machine = Machine::default();
            (self.session, self.refusals, self.hold_until) = (None, 0, None);
        }
    }

    /// What waits until field work is caught up: parts of photographs, for one turn.
    async fn after_field_work(&mut self, cancel: &CancellationToken, round: &mut Round<'_>) -> Carried {
        if let Ok(Ok(owed)) = self.with_device(|device| device.owed()).await {
            self.left_by_catch_up = owed.outbox.to_send + owed.unsealed_changes;
        }
        self.carry_photographs(cancel, round).await
    }

    /// Feeds the machine an event, and does what it asks for until it asks for nothing.
    async fn settle(&mut self, event: Event, cancel: &CancellationToken, round: &mut Round<'_>) {
        let mut effects = self.handle(event, round);
        while let Some(effect) = effects.into_iter().find(|e| matches!(e, Effect::OpenSession | Effect::Exchange)) {
            let event = tokio::select! {
                biased;
                () = cancel.cancelled() => Event::Cancelled,
                event = self.perform(effect, round) => event,
            };
            effects = self.handle(event, round);
        }
    }

    fn handle(&mut self, event: Event, round: &Round<'_>) -> Vec<Effect> {
        let now = self.clock.monotonic();
        let effects = {
            let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
            self.machine.handle(&mut *rng, now, event)
        };
        self.publish(round.message.clone());
        effects
    }

    async fn perform(&mut self, effect: Effect, round: &mut Round<'_>) -> Event {
        let done = match effect {
            Effect::OpenSession => self.open_session(round).await,
            Effect::Exchange => self.exchange(round).await,
            Effect::BreakOff | Effect::WakeAt(_) => return Event::Tick,
        };
        match done {
            Ok(event) => {
                round.message = None;
                round.report.denied = None;
                self.hold_until = None;
                event
            }
            Err(trouble) => self.troubled(trouble, round),
        }
    }

    fn troubled(&mut self, trouble: Trouble, round: &mut Round<'_>) -> Event {
        round.message = Some(trouble.to_string());
        round.report.denied = trouble.refused();
        if let Some(pause_ms) = trouble.pause_ms() {
            self.hold_until = Some(Millis(self.clock.monotonic().0.saturating_add(pause_ms)));
        }
        match trouble.failure() {
            Failure::Fault(Fault::SessionEnded) => {
                self.session = None;
                round.sessions_ended += 1;
                // A server that opens sessions and then does not honour them is not asked for one after the other.
                let fault = if round.sessions_ended > 1 { Fault::BadAnswer } else { Fault::SessionEnded };
                Event::Failed(fault)
            }
            Failure::Fault(fault) => Event::Failed(fault),
            Failure::Stop(stop) => Event::Stopped(stop),
        }
    }

    fn publish(&self, message: Option<String>) {
        let now = self.clock.monotonic();
        let activity = match self.machine.phase() {
            Phase::Resting => Activity::Resting,
            Phase::Opening => Activity::Opening,
            Phase::Exchanging => Activity::Exchanging,
            Phase::Waiting { until, fault } => Activity::Waiting {
                fault,
                retry_at: Millis(self.clock.wall().0.saturating_add(self.due(until).0.saturating_sub(now.0))),
            },
            Phase::Stopped(stop) => Activity::Stopped { stop },
        };
        let failures = self.machine.failures();
        self.status.send_if_modified(|status| {
            let changed = status.activity != activity || status.message != message || status.failures != failures;
            (status.activity, status.message, status.failures) = (activity, message, failures);
            changed
        });
    }

    /// When a retry is due: not before a server that asked for a pause allows it.
    fn due(&self, until: Millis) -> Millis {
        self.hold_until.map_or(until, |hold| until.max(hold))
    }

    async fn finish(&mut self, round: &mut Round<'_>, before: Traffic, cancel: &CancellationToken) -> SyncReport {
        let traffic = self.transport.traffic();
        let report = &mut round.report;
        report.requests = traffic.requests.saturating_sub(before.requests);
        report.up_bytes = traffic.up_bytes.saturating_sub(before.up_bytes);
        report.down_bytes = traffic.down_bytes.saturating_sub(before.down_bytes);
        report.end = match self.machine.phase() {
            Phase::Stopped(stop) => End::Stopped { stop },
            Phase::Waiting { until, fault } => {
                let retry_in_ms = self.due(until).0.saturating_sub(self.clock.monotonic().0);
                End::Waiting { fault, retry_in_ms }
            }
            _ if cancel.is_cancelled() => End::Cancelled,
            _ => End::CaughtUp,
        };
        if report.end == End::CaughtUp {
            let now = self.clock.wall();
            self.status.send_modify(|status| status.caught_up = Some(now));
        }
        report.message = round.message.take();
        if let Ok(Ok(left)) = self.with_device(|device| parts::count_to_send(device.store().reader())).await {
            report.photographs.to_send_parts = left;
        }
        if let Ok(Ok(owed)) = self.with_device(|device| device.owed()).await {
            report.to_send = owed.outbox.to_send + owed.unsealed_changes;
            report.waiting = owed.waiting;
            report.set_aside_all = owed.set_aside;
        }
        std::mem::take(report)
    }

    /// Runs `work` on the device, on a thread that may block. Once begun it is finished, even if nobody waits for it.
    async fn with_device<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Device) -> R + Send + 'static,
    ) -> Result<R, Trouble> {
        let shared = self.device.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut device = match shared.lock() {
                Ok(device) => device,
                Err(poisoned) => {
                    // Somebody panicked with the device in hand: what is on disk counts.
                    let mut device = poisoned.into_inner();
                    device.reload()?;
                    shared.clear_poison();
                    device
                }
            };
            Ok::<R, DeviceError>(work(&mut device))
        });
        match done.await {
            Ok(done) => done.map_err(Trouble::Device),
            Err(_) => Err(Trouble::Interrupted),
        }
    }
}

/// What one run of [`Syncer::settle`] gathers.
struct Round<'a> {
    report: SyncReport,
    progress: Progress,
    tell: &'a mut (dyn FnMut(&Progress) + Send),
    message: Option<String>,
    /// Exchanges in a row that moved nothing though more was said to be there.
    stalled: u32,
    /// Sessions that ended before an exchange did.
    sessions_ended: u32,
}

impl<'a> Round<'a> {
    fn new(tell: &'a mut (dyn FnMut(&Progress) + Send)) -> Self {
        Self {
            report: SyncReport::default(),
            progress: Progress::default(),
            tell,
            message: None,
            stalled: 0,
            sessions_ended: 0,
        }
    }

    fn tell(&mut self, step: Step) {
        self.progress.step = step;
        (self.tell)(&self.progress);
    }
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

//! The loop: the next thing that happens, until everything has healed and come to rest.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::replica::machine::Event as MachineEvent;
use doorstep_client_core::store::envelopes;
use doorstep_protocol::{Digest32, Millis};

use super::chance::Chance;
use super::mail::{Ask, CallId, Reply};
use super::office;
use super::oracle::{self, Broken, Cursors};
use super::plan::{Decision, Happening, Plan};
use super::station::{Handled, Station};
use super::tablet::{Tablet, Wish};
use super::trace::{Telling, Trace};
use super::work::{Done, Work};
use crate::town::NOON;

/// How long a host waits for the next part of an answer.
const PATIENCE_MS: u64 = 60_000;
/// How long something that ended stays down at most.
const DOWN_MS_MAX: u64 = 10 * 60_000;
/// How late a late message is at most.
const LATE_MS_MAX: u64 = 15 * 60_000;
/// Rounds in which everybody asks, after everything has healed.
const ROUNDS_MAX: usize = 12;
/// How long everybody is left alone after everything has healed: longer than the longest pause of the machine.
const ALONE_MS: u64 = 30 * 60_000;
/// How long a round takes.
const ROUND_MS: u64 = 15 * 60_000;
/// Things that happen in one run; one that does not end is broken.
const EVENTS_MAX: u64 = 20_000;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The digest over all that happened: two runs of one seed have the same.
    pub trace: Digest32,
    /// What happened how often.
    pub counts: Counts,
}

/// What happened how often: a simulator in which nothing goes wrong shows nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Everything.
    pub events: u64,
    /// Jobs that were saved.
    pub saved: u64,
    /// Jobs that the device could not save.
    pub not_saved: u64,
    /// Requests that arrived.
    pub arrived: u64,
    /// Requests and answers that were lost, doubled or cut.
    pub mistreated: u64,
    /// Tablets that ended.
    pub tablets_ended: u64,
    /// How often the server ended.
    pub station_ended: u64,
    /// Rows that were recorded.
    pub rows: u64,
    /// Receipts that were given.
    pub receipts: u64,
    /// Documents in dispute at the end, on the desk.
    pub disputed: u64,
    /// Decisions of admins that the server took.
    pub decided: u64,
    /// Tablets that were ended, or left.
    pub left: u64,
    /// Documents that were erased.
    pub erased: u64,
    /// Envelopes that were taken in late.
    pub adopted: u64,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            saved: self.saved + other.saved,
            not_saved: self.not_saved + other.not_saved,
            arrived: self.arrived + other.arrived,
            mistreated: self.mistreated + other.mistreated,
            tablets_ended: self.tablets_ended + other.tablets_ended,
            station_ended: self.station_ended + other.station_ended,
            rows: self.rows + other.rows,
            receipts: self.receipts + other.receipts,
            disputed: self.disputed + other.disputed,
            decided: self.decided + other.decided,
            left: self.left + other.left,
            erased: self.erased + other.erased,
            adopted: self.adopted + other.adopted,
        }
    }
}

/// A run that broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its seed.
    pub seed: u64,
    /// What does not hold.
    pub what: String,
    /// The last that happened.
    pub story: String,
}

#[derive(Debug)]
enum Event {
    Happens(Happening),
    Heals,
    Boot(usize),
    StationBoot,
    Wake { tablet: usize, boot: u64 },
    Arrive(CallId, Ask),
    Page(CallId),
    Reply(CallId, Reply),
    Patience(CallId, u64),
}

struct World {
    plan: Plan,
    now: Millis,
    queue: BTreeMap<(Millis, u64), Event>,
    queued: u64,
    tablets: Vec<Tablet>,
    cursors: Vec<Cursors>,
    signal: Vec<bool>,
    /// Tablets that owe something which nobody told them to send: it was cancelled, or saved by a commit that said it failed.
    excused: Vec<bool>,
    /// Parts taken of each tablet's last call: silence is counted from the last.
    parts: Vec<u64>,
    station: Station,
    work: Work,
    /// Tablets that were ended, or left every team: they are owed nothing more, and owe what cannot be asked of them.
    gone: BTreeSet<usize>,
    net: Chance,
    jobs: Chance,
    office: Chance,
    healed: bool,
    trace: Trace,
    counts: Counts,
}

/// Runs a seed with at most so many devices.
///
/// # Errors
/// [`Failure`], with all that is needed to run it again.
pub fn run(seed: u64, tablets_max: usize, telling: Telling) -> Result<Outcome, Failure> {
    run_plan(seed, Plan::draw(seed, tablets_max), telling)
}

/// Runs a plan with the draws of a seed.
///
/// # Errors
/// [`Failure`].
pub fn run_plan(seed: u64, plan: Plan, telling: Telling) -> Result<Outcome, Failure> {
    let mut world = World::new(seed, plan);
    world.trace = Trace::new(telling);
    match world.live() {
        Ok(()) => Ok(Outcome { trace: world.trace.digest(), counts: world.counts }),
        Err(Broken(what)) => Err(Failure { seed, what, story: world.trace.story() }),
    }
}

impl World {
    fn new(seed: u64, plan: Plan) -> Self {
        let tablets: Vec<Tablet> = (0..plan.tablets)
            .map(|number| {
                let mut tablet = Tablet::new(seed, number);
                tablet.budget_bytes = plan.budget_bytes;
                tablet
            })
            .collect();
        let count = tablets.len();
        let mut world = Self {
            now: NOON,
            queue: BTreeMap::new(),
            queued: 0,
            tablets,
            cursors: vec![Cursors::default(); count],
            signal: vec![true; count],
            excused: vec![false; count],
            parts: vec![0; count],
            station: Station::new(seed),
            work: Work::default(),
            net: Chance::new(seed, 3),
            jobs: Chance::new(seed, 4),
            gone: BTreeSet::new(),
            office: Chance::new(seed, 6),
            healed: false,
            trace: Trace::default(),
            counts: Counts::default(),
            plan,
        };
        let happenings = world.plan.happenings.clone();
        for (at, happening) in happenings {
            world.after(at, Event::Happens(happening));
        }
        world.after(world.plan.heals_ms, Event::Heals);
        world
    }

    fn after(&mut self, ms: u64, event: Event) {
        self.queued += 1;
        self.queue.insert((Millis(self.now.0 + ms), self.queued), event);
    }

    fn live(&mut self) -> Result<(), Broken> {
        for number in 0..self.tablets.len() {
            self.tell(number, MachineEvent::Wanted)?;
        }
        self.live_until(Millis(NOON.0 + self.plan.heals_ms + ALONE_MS))?;
        for (number, tablet) in self.tablets.iter_mut().enumerate() {
            if !self.excused[number]
                && !self.gone.contains(&number)
                && tablet.device().is_some_and(|d| d.seat().is_ok())
                && !oracle::owes_nothing(tablet)
            {
                return Err(Broken(format!("tablet {number} still owes what nobody asked it for")));
            }
        }
        for _ in 0..ROUNDS_MAX {
            let heads = self.station.look(oracle::heads);
            let gone = &self.gone;
            let mut staying = self.tablets.iter_mut().enumerate().filter(|(number, _)| !gone.contains(number));
            let at_rest = staying.all(|(_, tablet)| oracle::at_rest(tablet, &heads));
            let late = self.tablets[0].device().is_some_and(|desk| desk.late_work().is_ok_and(|late| !late.is_empty()));
            if at_rest && !late {
                break;
            }
            if at_rest {
                // What came late is taken in, so that nothing of what the server has is lost.
                self.office(Decision::Adopt)?;
            }
            for number in 0..self.tablets.len() {
                self.tell(number, MachineEvent::Wanted)?;
            }
            self.live_until(Millis(self.now.0 + ROUND_MS))?;
        }
        self.counts.events = self.trace.events();
        self.counts.rows = self.work.recorded.len() as u64;
        self.counts.receipts = self.station.given.len() as u64;
        let standing = self.tablets[0].device().map(|device| device.standing());
        self.counts.disputed =
            standing.and_then(Result::ok).map_or(0, |standing| standing.documents_in_conflict as u64);
        oracle::at_the_end(&mut self.tablets, &mut self.station, &self.work, &self.gone)
    }

    fn live_until(&mut self, end: Millis) -> Result<(), Broken> {
        while let Some(((at, _), event)) = self.queue.pop_first() {
            if at > end {
                // It is late, and comes after what happens next.
                self.after(at.0 - self.now.0, event);
                break;
            }
            self.now = at;
            self.happen(event)?;
            if self.trace.events() > EVENTS_MAX {
                return Err(Broken("it does not come to rest".to_owned()));
            }
        }
        self.now = end;
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Result<(), Broken> {
        match event {
            Event::Happens(happening) => self.happens(happening),
            Event::Heals => self.heal(),
            Event::Boot(tablet) => self.boot(tablet),
            Event::StationBoot => {
                self.trace.add(self.now, "station starts", &[]);
                self.station.start();
                Ok(())
            }
            Event::Wake { tablet, boot } => {
                if self.tablets[tablet].boots == boot && self.tablets[tablet].runs() {
                    return self.tell(tablet, MachineEvent::Tick);
                }
                Ok(())
            }
            Event::Arrive(call, ask) => {
                self.arrive(call, &ask);
                Ok(())
            }
            Event::Page(call) => {
                self.page(call);
                Ok(())
            }
            Event::Reply(call, reply) => self.reply(call, reply),
            Event::Patience(call, parts) => self.patience(call, parts),
        }
    }

    fn happens(&mut self, happening: Happening) -> Result<(), Broken> {
        self.trace.add(self.now, &format!("{happening:?}"), &[]);
        match happening {
            Happening::Work(tablet) => return self.record(tablet),
            Happening::SignalLost(tablet) => self.signal[tablet] = false,
            Happening::SignalBack(tablet) => {
                self.signal[tablet] = true;
                // A host that sees the network come back asks at once.
                return self.tell(tablet, MachineEvent::Wanted);
            }
            Happening::TabletBlow(tablet, blow) => self.tablets[tablet].fist().arm(blow),
            Happening::TabletOff(tablet) => {
                if self.tablets[tablet].runs() {
                    self.tablets[tablet].stop();
                    self.ended(tablet);
                }
            }
            Happening::StationBlow(blow) => self.station.fist().arm(blow),
            Happening::StationOff => {
                if self.station.runs() {
                    self.station.stop();
                    self.station_ended();
                }
            }
            Happening::TabletClock(tablet, by) => self.tablets[tablet].clock_off_ms += by,
            Happening::StationClock(by) => self.station.clock_off_ms += by,
            Happening::Cancel(tablet) => {
                self.excused[tablet] = true;
                return self.tell(tablet, MachineEvent::Cancelled);
            }
            Happening::Carry(from, to) => return self.carry(from, to),
            Happening::Office(decision) => return self.office(decision),
            Happening::BackUp if self.station.runs() => self.station.back_up(),
            Happening::Wipe if self.station.runs() => self.station.wipe(),
            Happening::Restore if self.station.runs() => self.station.restore(),
            Happening::BackUp | Happening::Wipe | Happening::Restore => {}
        }
        Ok(())
    }

    /// An admin decides something at the desk, which brings it to the server at once or not at all.
    fn office(&mut self, decision: Decision) -> Result<(), Broken> {
        let now = self.now;
        // Whoever is gone cannot leave again.
        if matches!(decision, Decision::Revoke(number) | Decision::Leave(number) if self.gone.contains(&number)) {
            return Ok(());
        }
        let Some(desk) = self.tablets[0].device() else { return Ok(()) };
        let Some(decided) = office::decide(desk, decision, now, self.office.rng()) else { return Ok(()) };
        let was_up = self.station.runs();
        let appended = self.station.append(&office::append_of(&decided.written));
        self.trace.add(self.now, &format!("office {decision:?} {}", appended.is_some()), &[]);
        let died = appended.is_none() && was_up;
        if died {
            self.station_ended();
        }
        // A server that failed or ended over it may have it all the same; then the desk hears of it later.
        let head = decided.written.entries.last().map(doorstep_protocol::authority::SignedEntry::hash);
        let is_known =
            matches!(appended, Some(Ok(()))) || (was_up && head.is_some_and(|head| self.station.log_ends_with(head)));
        if !is_known {
            return Ok(());
        }
        self.counts.decided += 1;
        if let Some(number) = decided.leaver {
            self.gone.insert(number);
            self.counts.left += 1;
        }
        if let Some(erased) = decided.erased {
            self.work.erased.insert(erased);
            self.counts.erased += 1;
        }
        if decision == Decision::Adopt {
            self.counts.adopted += 1;
        }
        // As its command does, if it can.
        if let Some(desk) = self.tablets[0].device() {
            let taken = doorstep_client_core::partnership::take_written(desk, &decided.written);
            self.excused[0] |= taken.is_err();
        }
        if self.tablets[0].dies() {
            self.ended(0);
            return Ok(());
        }
        self.tell(0, MachineEvent::Wanted)
    }

    /// Somebody records something, and the app asks for an exchange.
    fn record(&mut self, number: usize) -> Result<(), Broken> {
        let now = self.tablets[number].clock(self.now);
        let Some((device, own)) = self.tablets[number].device_and_chance() else { return Ok(()) };
        let done = self.work.one(number, device, own, &mut self.jobs, now);
        self.trace.add(self.now, &format!("tablet {number} job {done:?}"), &[]);
        match done {
            Done::Saved => self.counts.saved += 1,
            Done::Failed => {
                self.counts.not_saved += 1;
                self.excused[number] = true;
            }
            Done::Nothing => {}
        }
        if self.tablets[number].dies() {
            self.ended(number);
            return Ok(());
        }
        // Also a job that found nothing to do may have met a home on the way.
        if done != Done::Failed {
            return self.tell(number, MachineEvent::Wanted);
        }
        Ok(())
    }

    /// A carrier file: what one has, the other takes.
    fn carry(&mut self, from: usize, to: usize) -> Result<(), Broken> {
        let now = self.tablets[from].clock(self.now);
        let Some((device, chance)) = self.tablets[from].device_and_chance() else { return Ok(()) };
        let sealed = device.authority().is_ok() && device.seal_pending(now, chance.rng()).is_ok();
        if self.tablets[from].dies() {
            self.ended(from);
            return Ok(());
        }
        let now = self.tablets[to].clock(self.now);
        let mut file: Vec<Vec<u8>> = match self.tablets[from].device() {
            Some(device) if sealed => envelopes::page_after(device.store().reader(), 0, usize::MAX)
                .map_err(|error| Broken(error.to_string()))?
                .into_iter()
                .map(|kept| kept.bytes)
                .collect(),
            _ => return Ok(()),
        };
        let Some(device) = self.tablets[to].device() else { return Ok(()) };
        if device.authority().is_err() {
            return Ok(());
        }
        // What is carried by hand comes in any order.
        if self.net.happens(500) {
            for at in (1..file.len()).rev() {
                file.swap(at, self.net.below(at as u64 + 1) as usize);
            }
        }
        let came = device.ingest_carried(file, now).map(|came| (came.applied, came.waiting)).ok();
        self.trace.add(self.now, &format!("tablet {to} is brought {came:?}"), &[]);
        if self.tablets[to].dies() {
            self.ended(to);
            return Ok(());
        }
        self.tell(to, MachineEvent::Wanted)
    }

    fn tell(&mut self, number: usize, event: MachineEvent) -> Result<(), Broken> {
        if !self.tablets[number].runs() {
            return Ok(());
        }
        let wishes = self.tablets[number].tell(event, self.now);
        self.grant(number, wishes)
    }

    fn grant(&mut self, number: usize, wishes: Vec<Wish>) -> Result<(), Broken> {
        for wish in wishes {
            match wish {
                Wish::Send(ask) => self.send(number, *ask),
                Wish::WakeAt(at) => {
                    let in_ms = at.0.saturating_sub(self.now.0);
                    let boot = self.tablets[number].boots;
                    self.after(in_ms, Event::Wake { tablet: number, boot });
                }
                Wish::Died => self.ended(number),
            }
        }
        match self.tablets[number].device() {
            Some(device) => self.cursors[number].watch(number, device),
            None => Ok(()),
        }
    }

    fn delay(&mut self) -> u64 {
        if !self.healed && self.net.happens(self.plan.weather.late) {
            return self.net.between(self.plan.weather.delay_ms_max, LATE_MS_MAX);
        }
        self.net.between(5, self.plan.weather.delay_ms_max)
    }

    fn mishap(&mut self, permille: u64) -> bool {
        let happens = !self.healed && self.net.happens(permille);
        self.counts.mistreated += u64::from(happens);
        happens
    }

    fn send(&mut self, number: usize, ask: Ask) {
        let call = CallId { tablet: number, number: self.tablets[number].calls, copy: 0 };
        self.trace.add(self.now, &format!("tablet {number} asks {}", ask.name()), ask.body());
        self.parts[number] = 0;
        self.after(PATIENCE_MS, Event::Patience(call, 0));
        let weather = self.plan.weather.clone();
        if !self.signal[number] || self.mishap(weather.lost) {
            return;
        }
        let delay = self.delay();
        if self.mishap(weather.doubled) {
            let (again, copy) = (self.delay(), CallId { copy: 1, ..call });
            self.after(again, Event::Arrive(copy, ask.clone()));
        }
        self.after(delay, Event::Arrive(call, ask));
    }

    fn arrive(&mut self, call: CallId, ask: &Ask) {
        let Some(handled) = self.station.handle(call, ask, self.now) else { return };
        self.counts.arrived += 1;
        self.trace.add(self.now, &format!("station takes {} of {}", ask.name(), call.tablet), &[]);
        match handled {
            Handled::Died => self.station_ended(),
            Handled::Stream => self.page(call),
            Handled::Reply(reply) => {
                if !self.mishap(self.plan.weather.half_open) {
                    let delay = self.delay();
                    self.after(delay, Event::Reply(call, reply));
                }
            }
        }
    }

    /// Reads the next page of a stream, and sends it in parts, whole or cut.
    fn page(&mut self, call: CallId) {
        let Some(mut page) = self.station.page(call, self.now) else {
            self.after(1, Event::Reply(call, Reply::End));
            return;
        };
        let weather = self.plan.weather.clone();
        if self.mishap(weather.half_open) {
            return;
        }
        let cut = self.mishap(weather.cut);
        if cut {
            let at = self.net.below(page.len() as u64 + 1) as usize;
            page.truncate(at);
        }
        // Parts of one answer keep their order, as on one connection.
        let mut delay = self.delay();
        let mut rest = page.as_slice();
        for _ in 0..self.net.between(1, 4) {
            let length = self.net.below(rest.len() as u64 + 1) as usize;
            let (part, left) = rest.split_at(length);
            rest = left;
            if !part.is_empty() {
                self.after(delay, Event::Reply(call, Reply::Part(part.to_vec())));
                delay += self.net.below(2_000);
            }
        }
        if !rest.is_empty() {
            self.after(delay, Event::Reply(call, Reply::Part(rest.to_vec())));
            delay += 1;
        }
        if cut {
            self.after(delay, Event::Reply(call, Reply::End));
        } else {
            self.after(delay, Event::Page(call));
        }
    }

    fn reply(&mut self, call: CallId, reply: Reply) -> Result<(), Broken> {
        let number = call.tablet;
        let tablet = &mut self.tablets[number];
        if !tablet.runs() || tablet.calls != call.number || call.copy > 0 || !self.signal[number] {
            return Ok(());
        }
        self.trace.add(self.now, &format!("tablet {number} gets {}", reply.name()), reply.bytes());
        self.parts[number] += 1;
        let parts = self.parts[number];
        let wishes = self.tablets[number].take(reply, self.now);
        self.after(PATIENCE_MS, Event::Patience(call, parts));
        self.grant(number, wishes)
    }

    fn patience(&mut self, call: CallId, parts: u64) -> Result<(), Broken> {
        let tablet = &mut self.tablets[call.tablet];
        if !tablet.runs() || tablet.calls != call.number || self.parts[call.tablet] != parts {
            return Ok(());
        }
        let wishes = tablet.timed_out(self.now);
        self.grant(call.tablet, wishes)
    }

    fn ended(&mut self, number: usize) {
        self.counts.tablets_ended += 1;
        self.trace.add(self.now, &format!("tablet {number} ends"), &[]);
        let down = self.net.between(1_000, DOWN_MS_MAX);
        self.after(down, Event::Boot(number));
    }

    fn boot(&mut self, number: usize) -> Result<(), Broken> {
        if self.tablets[number].runs() {
            return Ok(());
        }
        self.trace.add(self.now, &format!("tablet {number} starts"), &[]);
        self.tablets[number].start();
        self.tell(number, MachineEvent::Wanted)
    }

    fn station_ended(&mut self) {
        self.counts.station_ended += 1;
        self.trace.add(self.now, "station ends", &[]);
        let down = self.net.between(1_000, DOWN_MS_MAX);
        self.after(down, Event::StationBoot);
    }

    /// The weather clears, everything that is off is switched on, nothing fails any more. Nobody asks for anything: what is
    /// owed must go out by itself.
    fn heal(&mut self) -> Result<(), Broken> {
        self.trace.add(self.now, "everything heals", &[]);
        self.healed = true;
        self.station.fist().disarm();
        self.station.start();
        for number in 0..self.tablets.len() {
            self.signal[number] = true;
            self.tablets[number].fist().disarm();
            self.boot(number)?;
        }
        Ok(())
    }
}

//! The loop: the next thing that happens, until everything has healed and come to rest.

mod counts;
mod hands;
mod post;

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::replica::machine::Event as MachineEvent;
use doorstep_protocol::Millis;

pub use counts::{Counts, Failure, Outcome};

use super::chance::Chance;
use super::mail::{Ask, CallId, Reply};
use super::oracle::{self, Broken, Cursors};
use super::plan::{Decision, Happening, Plan};
use super::station::Station;
use super::tablet::Tablet;
use super::trace::{Telling, Trace};
use super::work::Work;
use crate::town::NOON;

/// How long something that ended stays down at most.
const DOWN_MS_MAX: u64 = 10 * 60_000;
/// Rounds in which everybody asks, after everything has healed.
const ROUNDS_MAX: usize = 12;
/// How long everybody is left alone after everything has healed: longer than the longest pause of the machine.
const ALONE_MS: u64 = 30 * 60_000;
/// How long a round takes.
const ROUND_MS: u64 = 15 * 60_000;
/// Things that happen in one run; one that does not end is broken.
const EVENTS_MAX: u64 = 20_000;

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
            let finished = self.finish_erasures()?;
            let late = self.who_has_late_work();
            if at_rest && late.is_empty() && finished == 0 {
                break;
            }
            if at_rest {
                // What came late by hand is brought to the desk, and all of it taken in, so that nothing that anybody has is lost.
                for number in late.into_iter().filter(|number| *number != 0) {
                    self.carry(number, 0)?;
                }
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

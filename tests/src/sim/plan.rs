//! What will happen in a run, drawn from its seed before it begins.

use super::blow::{Blow, Harm, Side};
use super::chance::Chance;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How the network is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// Requests that never arrive, of a thousand.
    pub lost: u64,
    /// Requests that arrive twice.
    pub doubled: u64,
    /// Requests that arrive, and whose answer does not.
    pub half_open: u64,
    /// Answers that break off, at any byte.
    pub cut: u64,
    /// Messages that are very late.
    pub late: u64,
    /// The longest ordinary delay.
    pub delay_ms_max: u64,
}

/// Something that happens at a moment of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A tablet records something.
    Work(usize),
    /// A tablet loses signal.
    SignalLost(usize),
    /// It comes back.
    SignalBack(usize),
    /// A commit of a tablet will fail, or take it.
    TabletBlow(usize, Blow),
    /// A tablet is switched off, in whatever it is doing.
    TabletOff(usize),
    /// A commit of the server will fail, or take it.
    StationBlow(Blow),
    /// The server is switched off.
    StationOff,
    /// A tablet's clock jumps.
    TabletClock(usize, i64),
    /// The server's clock jumps.
    StationClock(i64),
    /// The worker breaks off what the tablet is doing with the server.
    Cancel(usize),
    /// What one tablet holds is carried to another.
    Carry(usize, usize),
    /// The server is backed up.
    BackUp,
    /// The server's disk is lost.
    Wipe,
    /// The server's disk is lost and its backup put back.
    Restore,
    /// An admin decides something at the desk.
    Office(Decision),
}

/// What an admin decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A tablet is lost: it is ended, and every key that it had is replaced.
    Revoke(usize),
    /// A tablet leaves every team, and their keys are replaced.
    Leave(usize),
    /// All that was set aside and can be taken in is taken in.
    Adopt,
    /// One document of one of the homes is erased by two admins.
    Erase(usize),
    /// What came late to a document that was erased is named, too.
    Finish,
}

/// A whole run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Devices, the desk among them.
    pub tablets: usize,
    /// How the network is until it heals.
    pub weather: Weather,
    /// When what happens, after the beginning.
    pub happenings: Vec<(u64, Happening)>,
    /// When everything heals.
    pub heals_ms: u64,
    /// How many bytes a tablet lets an answer have.
    pub budget_bytes: u32,
}

impl Plan {
    /// The plan of a seed.
    #[must_use]
    pub fn draw(seed: u64, tablets_max: usize) -> Self {
        let chance = &mut Chance::new(seed, 1);
        let tablets = chance.between(2, tablets_max.max(2) as u64) as usize;
        let heals_ms = *chance.pick(&[10 * MINUTE, HOUR, 6 * HOUR, 30 * HOUR]);
        let of = |chance: &mut Chance, some: &[u64]| *chance.pick(some);
        let weather = Weather {
            lost: of(chance, &[0, 50, 300]),
            doubled: of(chance, &[0, 50, 200]),
            half_open: of(chance, &[0, 50, 200]),
            cut: of(chance, &[0, 100, 300]),
            late: of(chance, &[0, 50, 200]),
            delay_ms_max: of(chance, &[100, 2 * SECOND, 20 * SECOND]),
        };
        let mut plan = Self {
            tablets,
            weather,
            happenings: Vec::new(),
            heals_ms,
            budget_bytes: doorstep_protocol::limits::ANSWER_BYTES_MIN,
        };
        for _ in 0..chance.between(10, 40) {
            let tablet = chance.below(tablets as u64) as usize;
            plan.at_some_time(chance, Happening::Work(tablet));
        }
        for tablet in 0..tablets {
            plan.partitions(chance, tablet);
            plan.harm(chance, tablet);
        }
        for _ in 0..chance.below(3) {
            let blow = blow(chance);
            plan.at_some_time(chance, Happening::StationBlow(blow));
        }
        if chance.happens(200) {
            plan.at_some_time(chance, Happening::StationOff);
        }
        if chance.happens(150) {
            let jump = jump(chance);
            plan.at_some_time(chance, Happening::StationClock(jump));
        }
        // Its own draws: the other runs stay as they were.
        let office = &mut Chance::new(seed, 5);
        if office.happens(400) {
            plan.office(office);
            plan.by_hand(office);
            plan.disasters(office);
        } else {
            plan.by_hand(chance);
            plan.disasters(chance);
        }
        plan.happenings.sort_by_key(|(at, _)| *at);
        plan
    }

    /// What one tablet holds is carried to another.
    fn by_hand(&mut self, chance: &mut Chance) {
        for _ in 0..chance.below(6) {
            let from = chance.below(self.tablets as u64) as usize;
            let to = chance.below(self.tablets as u64) as usize;
            if from != to {
                self.at_some_time(chance, Happening::Carry(from, to));
            }
        }
    }

    fn at_some_time(&mut self, chance: &mut Chance, happening: Happening) {
        self.happenings.push((chance.below(self.heals_ms), happening));
    }

    fn partitions(&mut self, chance: &mut Chance, tablet: usize) {
        for _ in 0..chance.below(3) {
            let from = chance.below(self.heals_ms);
            let until = from + chance.below(self.heals_ms - from) + 1;
            self.happenings.push((from, Happening::SignalLost(tablet)));
            self.happenings.push((until, Happening::SignalBack(tablet)));
        }
    }

    fn harm(&mut self, chance: &mut Chance, tablet: usize) {
        for _ in 0..chance.below(3) {
            let blow = blow(chance);
            self.at_some_time(chance, Happening::TabletBlow(tablet, blow));
        }
        if chance.happens(200) {
            self.at_some_time(chance, Happening::TabletOff(tablet));
        }
        if chance.happens(300) {
            let jump = jump(chance);
            self.at_some_time(chance, Happening::TabletClock(tablet, jump));
        }
        if chance.happens(150) {
            self.at_some_time(chance, Happening::Cancel(tablet));
        }
    }

    /// People leave, tablets are lost, work comes late and is taken in, records are erased.
    fn office(&mut self, chance: &mut Chance) {
        for _ in 0..chance.between(1, 6) {
            // The desk and the second admin stay.
            let who = chance.between(2, 5) as usize;
            let decision = match chance.below(8) {
                0 | 1 if who < self.tablets => Decision::Revoke(who),
                2 | 3 if who < self.tablets => Decision::Leave(who),
                4 | 5 => Decision::Adopt,
                _ => Decision::Erase(chance.below(3) as usize),
            };
            self.at_some_time(chance, Happening::Office(decision));
        }
    }

    fn disasters(&mut self, chance: &mut Chance) {
        if chance.happens(120) {
            self.at_some_time(chance, Happening::Wipe);
        }
        if chance.happens(120) {
            let at = chance.below(self.heals_ms);
            let after = at + chance.below(self.heals_ms - at);
            self.happenings.push((at, Happening::BackUp));
            self.happenings.push((after, Happening::Restore));
        }
    }
}

fn blow(chance: &mut Chance) -> Blow {
    let side = *chance.pick(&[Side::Before, Side::After]);
    let harm = *chance.pick(&[Harm::Kills, Harm::Fails]);
    Blow { spares: chance.below(6), side, harm }
}

/// Hours or days, back or ahead.
fn jump(chance: &mut Chance) -> i64 {
    let most = *chance.pick(&[HOUR, DAY, 40 * DAY]);
    let by = chance.between(MINUTE, most) as i64;
    if chance.happens(500) { by } else { -by }
}

//! Statutory clocks: which deadlines run for a hazard, from which recorded facts, and how they stand.
//!
//! [`clocks()`] is pure: dated facts, the law as data ([`Law`]), the bank holidays ([`Calendar`]) and `now` go in, a list of
//! [`Clock`]s comes out. Days are days in the United Kingdom, summer time included. Where sources disagree on when a
//! deadline begins, every reading is given and the earliest deadline holds. What is not known never makes a deadline later.

mod calendar;
mod facts;
mod law;
mod steps;
#[cfg(test)]
mod tests;

use doorstep_protocol::Millis;

pub use calendar::{Calendar, local_day};
pub use facts::{Dated, HazardFacts, Holding};
pub use law::{Fixing, Law, LawError, Phase};
pub use steps::{Step, StepKind};

use super::home::{HazardState, Severity};

const AWARE: &[StepKind] = &[StepKind::LandlordAware];
const INVESTIGATED: &[StepKind] = &[StepKind::Investigated];
const FOUND: &[StepKind] = &[StepKind::Investigated, StepKind::SafetyWorkIdentified];
const AWARE_OR_FOUND: &[StepKind] = &[StepKind::LandlordAware, StepKind::Investigated, StepKind::SafetyWorkIdentified];

/// Which deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockRule {
    /// Investigate an emergency.
    EmergencyInvestigate,
    /// Make an emergency safe.
    EmergencyMakeSafe,
    /// Investigate a hazard that may be significant.
    Investigate,
    /// Give the tenant a written summary of what was found.
    WrittenSummary,
    /// Make a significant hazard safe.
    MakeSafe,
    /// Start the work that lasts.
    SupplementaryWork,
}

impl ClockRule {
    /// Every rule, in its order.
    pub const ALL: [Self; 6] = [
        Self::EmergencyInvestigate,
        Self::EmergencyMakeSafe,
        Self::Investigate,
        Self::WrittenSummary,
        Self::MakeSafe,
        Self::SupplementaryWork,
    ];

    /// What ends the clock in time or late.
    #[must_use]
    pub const fn met_by(self) -> StepKind {
        match self {
            Self::EmergencyInvestigate | Self::Investigate => StepKind::Investigated,
            Self::EmergencyMakeSafe | Self::MakeSafe => StepKind::MadeSafe,
            Self::WrittenSummary => StepKind::SummaryGiven,
            Self::SupplementaryWork => StepKind::SupplementaryStarted,
        }
    }

    /// What the sources let it begin with.
    const fn begins_with(self) -> &'static [StepKind] {
        match self {
            Self::EmergencyInvestigate | Self::Investigate => AWARE,
            Self::EmergencyMakeSafe => AWARE_OR_FOUND,
            Self::WrittenSummary => INVESTIGATED,
            Self::MakeSafe | Self::SupplementaryWork => FOUND,
        }
    }

    const fn is_emergency(self) -> bool {
        matches!(self, Self::EmergencyInvestigate | Self::EmergencyMakeSafe)
    }
}

/// One reading of when a deadline begins, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reading {
    /// The fact it begins with.
    pub from: StepKind,
    /// When that was.
    pub started: Millis,
    /// The last moment that is in time.
    pub due: Millis,
}

/// Why a clock stopped without being met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// The investigation found no significant hazard.
    NoSignificantHazard,
    /// No further work is needed.
    NoFurtherWork,
    /// The hazard is gone.
    Resolved,
}

/// How a clock stands. The order is that of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockState {
    /// The deadline has passed and what it asks for is not recorded.
    Overdue,
    /// The deadline is near.
    DueSoon,
    /// It cannot be told: the date of a fact is missing.
    FactMissing,
    /// It runs.
    Running,
    /// Done, past the deadline.
    MetLate,
    /// Done in time.
    Met,
    /// It ended another way.
    Stopped(Stopped),
}

impl ClockState {
    /// Whether somebody still has to do something.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Overdue | Self::DueSoon | Self::FactMissing | Self::Running)
    }
}

/// What makes a deadline less than certain. None of these ever makes it later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// Whether the home is social housing is not recorded.
    TenureNotKnown,
    /// How severe the hazard is, is not recorded.
    SeverityNotKnown,
    /// Bank holidays of that time are not known here: weekends only were left out.
    HolidaysNotKnown,
    /// Somebody says that it is no hazard; until that is decided the clock runs on.
    Disputed,
    /// The law reaches such hazards from a day that is not fixed yet: the earliest that it can be stands in.
    PhaseNotFixed,
}

/// A deadline with what it stands on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Clock {
    /// Which one.
    pub rule: ClockRule,
    /// The phase of the law by which it runs.
    pub phase: String,
    /// Every reading, the strictest first; none while the fact that starts it is missing.
    pub readings: Vec<Reading>,
    /// The last moment in time, by the strictest reading.
    pub due: Option<Millis>,
    /// How it stands.
    pub state: ClockState,
    /// The fact that is missing, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<StepKind>,
    /// What met it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<Dated>,
    /// When access was refused: it is on record, and stops no clock.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Millis>,
    /// What is less than certain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
}

/// The clocks of one hazard, by rule. Empty where the law does not reach it.
#[must_use]
pub fn clocks(facts: &HazardFacts, law: &Law, calendar: &Calendar, now: Millis) -> Vec<Clock> {
    let Some(phase) = law.phase_of(facts, now) else { return Vec::new() };
    let is_emergency = facts.severity == Some(Severity::Emergency);
    ClockRule::ALL
        .into_iter()
        .filter(|rule| match rule {
            ClockRule::Investigate | ClockRule::MakeSafe => !is_emergency,
            rule => is_emergency || !rule.is_emergency(),
        })
        .filter_map(|rule| clock(rule, facts, phase, law, calendar, now))
        .collect()
}

fn clock(
    rule: ClockRule,
    facts: &HazardFacts,
    phase: &Phase,
    law: &Law,
    calendar: &Calendar,
    now: Millis,
) -> Option<Clock> {
    let mut doubts = facts.doubts();
    doubts.extend((phase.day == Fixing::EarliestPossible).then_some(Doubt::PhaseNotFixed));
    let mut readings = Vec::new();
    for from in rule.begins_with() {
        let Some(started) = facts.first(from) else { continue };
        let Some(deadline) = law.deadline(rule, started, calendar) else { continue };
        if !deadline.holidays_known {
            doubts.push(Doubt::HolidaysNotKnown);
        }
        readings.push(Reading { from: from.clone(), started, due: deadline.due });
    }
    doubts.sort_unstable();
    doubts.dedup();
    readings.sort_by_key(|reading| (reading.due, reading.started));
    let due = readings.first().map(|reading| reading.due);
    let met = facts.first(&rule.met_by()).map(|at| Dated { kind: rule.met_by(), at });
    let refusals = facts.all(&StepKind::AccessRefused);
    let (state, missing) = state(rule, facts, due, met.as_ref(), law, calendar, now)?;
    Some(Clock { rule, phase: phase.name.clone(), readings, due, state, missing, met, refusals, doubts })
}

/// How a clock stands, and which fact is missing; `None` for one that has not begun and need not yet.
fn state(
    rule: ClockRule,
    facts: &HazardFacts,
    due: Option<Millis>,
    met: Option<&Dated>,
    law: &Law,
    calendar: &Calendar,
    now: Millis,
) -> Option<(ClockState, Option<StepKind>)> {
    let Some(due) = due else {
        // Only the first clocks are missed: the others begin with what ends these.
        let begins = matches!(rule, ClockRule::Investigate | ClockRule::EmergencyInvestigate);
        let is_over = facts.state == Some(HazardState::Resolved) || met.is_some();
        let waits = begins && !is_over && !facts.has(&StepKind::NoSignificantHazard);
        return waits.then_some((ClockState::FactMissing, Some(StepKind::LandlordAware)));
    };
    if let Some(met) = met {
        return Some((if met.at <= due { ClockState::Met } else { ClockState::MetLate }, None));
    }
    let investigates = matches!(rule, ClockRule::Investigate | ClockRule::EmergencyInvestigate);
    if facts.has(&StepKind::NoSignificantHazard) && rule != ClockRule::WrittenSummary {
        if investigates {
            // Somebody did investigate; when, is what is missing.
            return Some((ClockState::FactMissing, Some(StepKind::Investigated)));
        }
        return Some((ClockState::Stopped(Stopped::NoSignificantHazard), None));
    }
    if rule == ClockRule::SupplementaryWork && facts.has(&StepKind::NoFurtherWork) {
        return Some((ClockState::Stopped(Stopped::NoFurtherWork), None));
    }
    let made_safe = matches!(facts.state, Some(HazardState::MadeSafe | HazardState::Resolved));
    if made_safe && matches!(rule, ClockRule::MakeSafe | ClockRule::EmergencyMakeSafe) {
        return Some((ClockState::FactMissing, Some(StepKind::MadeSafe)));
    }
    if facts.state == Some(HazardState::Resolved) {
        return Some((ClockState::Stopped(Stopped::Resolved), None));
    }
    let state = if now > due {
        ClockState::Overdue
    } else if law.is_due_soon(rule, due, calendar, now) {
        ClockState::DueSoon
    } else {
        ClockState::Running
    };
    Some((state, None))
}

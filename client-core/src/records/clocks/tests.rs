//! The engine against a second, plainer way of counting, over every day of three years; and what is known of real weeks.

use std::collections::BTreeSet;

use doorstep_protocol::Millis;
use jiff::civil::Date as Day;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::*;
use crate::records::hazard_codes::Scheme;
use crate::records::home::{Hazard, Tenure};
use crate::records::packs::{Book, parse};
use crate::records::words::{Date, RowId};

/// England's bank holidays of four years, from the notices of those years.
const HOLIDAYS: &[&str] = &[
    "2025-01-01",
    "2025-04-18",
    "2025-04-21",
    "2025-05-05",
    "2025-05-26",
    "2025-08-25",
    "2025-12-25",
    "2025-12-26",
    "2026-01-01",
    "2026-04-03",
    "2026-04-06",
    "2026-05-04",
    "2026-05-25",
    "2026-08-31",
    "2026-12-25",
    "2026-12-28",
    "2027-01-01",
    "2027-03-26",
    "2027-03-29",
    "2027-05-03",
    "2027-05-31",
    "2027-08-30",
    "2027-12-27",
    "2027-12-28",
    "2028-01-03",
    "2028-04-14",
    "2028-04-17",
    "2028-05-01",
    "2028-05-29",
    "2028-08-28",
    "2028-12-25",
    "2028-12-26",
];

fn calendar() -> Calendar {
    Calendar::of_holidays(HOLIDAYS.iter().map(|day| day.parse::<Date>().unwrap()))
}

fn at(text: &str) -> Millis {
    Millis(u64::try_from(text.parse::<Timestamp>().unwrap().as_millisecond()).unwrap())
}

fn damp(severity: Severity, dated: &[(StepKind, Millis)]) -> HazardFacts {
    HazardFacts {
        scheme: Some(Scheme::Hhsrs2026),
        code: Some("11".into()),
        severity: Some(severity),
        state: None,
        holding: Holding::Social,
        dated: dated.iter().map(|(kind, at)| Dated { kind: kind.clone(), at: *at }).collect(),
    }
}

fn england() -> Law {
    let day = "2026-03-01".parse().expect("a day");
    Book::shipped().law("england", &day).cloned().expect("it is shipped")
}

fn run(facts: &HazardFacts, now: Millis) -> Vec<Clock> {
    clocks(facts, &england(), &calendar(), now)
}

fn one(facts: &HazardFacts, rule: ClockRule, now: Millis) -> Clock {
    run(facts, now).into_iter().find(|clock| clock.rule == rule).expect("the clock is there")
}

/// Working days by walking through a list of them, day 0 left out.
fn plain_deadline(day: Day, count: usize) -> Day {
    let holidays: BTreeSet<Day> = HOLIDAYS.iter().map(|day| day.parse().unwrap()).collect();
    let mut working = (1..60).map(|ahead| day.checked_add(i64::from(ahead).days()).unwrap()).filter(|day| {
        let number = day.weekday().to_monday_one_offset();
        number <= 5 && !holidays.contains(day)
    });
    working.nth(count - 1).unwrap()
}

#[test]
fn every_day_of_three_years_gives_the_deadline_that_plain_counting_gives() {
    let mut day: Day = "2025-10-27".parse().unwrap();
    let last: Day = "2028-10-31".parse().unwrap();
    while day < last {
        for hour in [0, 9, 23] {
            let aware =
                day.at(hour, 30, 0, 0).to_zoned(jiff::tz::TimeZone::posix("GMT0BST,M3.5.0/1,M10.5.0/2").unwrap());
            let aware = Millis(u64::try_from(aware.unwrap().timestamp().as_millisecond()).unwrap());
            let facts = damp(Severity::High, &[(StepKind::LandlordAware, aware), (StepKind::Investigated, aware)]);
            for (rule, count) in
                [(ClockRule::Investigate, 10), (ClockRule::WrittenSummary, 3), (ClockRule::MakeSafe, 5)]
            {
                let clock = one(&facts, rule, aware);
                let due = clock.due.unwrap();
                assert_eq!(
                    local_day(due).unwrap().as_str(),
                    plain_deadline(day, count).to_string(),
                    "{rule:?} from {day} {hour}:30"
                );
                assert_ne!(local_day(due), local_day(Millis(due.0 + 1)), "it is the last moment of its day");
                assert!(!clock.doubts.contains(&Doubt::HolidaysNotKnown));
            }
            let twelve_weeks = one(&facts, ClockRule::SupplementaryWork, aware).due.unwrap();
            assert_eq!(local_day(twelve_weeks).unwrap().as_str(), day.checked_add(84.days()).unwrap().to_string());
        }
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn known_weeks() {
    for (aware, due_day) in [
        ("2025-12-12T10:00:00Z", "2025-12-30"),
        ("2025-12-13T10:00:00Z", "2025-12-30"),
        ("2026-03-23T09:00:00Z", "2026-04-08"),
        // Half past eleven in the evening in summer is the day before by the clock of the server.
        ("2026-06-30T23:30:00Z", "2026-07-15"),
        ("2026-06-30T22:30:00Z", "2026-07-14"),
    ] {
        let facts = damp(Severity::Medium, &[(StepKind::LandlordAware, at(aware))]);
        let due = one(&facts, ClockRule::Investigate, at(aware)).due.unwrap();
        assert_eq!(local_day(due).unwrap().as_str(), due_day, "aware {aware}");
    }
}

#[test]
fn an_emergency_has_twenty_four_hours_of_the_clock_also_over_a_change_of_the_clocks() {
    for aware in ["2026-03-28T18:00:00Z", "2026-10-24T18:00:00Z", "2026-12-24T18:00:00Z"] {
        let facts = damp(Severity::Emergency, &[(StepKind::LandlordAware, at(aware))]);
        let clock = one(&facts, ClockRule::EmergencyMakeSafe, at(aware));
        assert_eq!(clock.due, Some(Millis(at(aware).0 + 24 * 3_600_000)));
    }
}

#[test]
fn where_sources_disagree_every_reading_is_shown_and_the_strictest_holds() {
    let (aware, found) = (at("2026-02-02T09:00:00Z"), at("2026-02-02T20:00:00Z"));
    let facts = damp(Severity::Emergency, &[(StepKind::LandlordAware, aware), (StepKind::SafetyWorkIdentified, found)]);
    let clock = one(&facts, ClockRule::EmergencyMakeSafe, found);
    let from: Vec<_> = clock.readings.iter().map(|reading| (reading.from.clone(), reading.started)).collect();
    assert_eq!(from, [(StepKind::LandlordAware, aware), (StepKind::SafetyWorkIdentified, found)]);
    assert_eq!(clock.due, Some(clock.readings[0].due));
    assert!(clock.readings[0].due < clock.readings[1].due);

    // Work that was found necessary before the investigation ended starts the five days.
    let facts = damp(
        Severity::High,
        &[
            (StepKind::LandlordAware, aware),
            (StepKind::SafetyWorkIdentified, at("2026-02-03T09:00:00Z")),
            (StepKind::Investigated, at("2026-02-05T09:00:00Z")),
        ],
    );
    let clock = one(&facts, ClockRule::MakeSafe, found);
    assert_eq!(clock.readings[0].from, StepKind::SafetyWorkIdentified);
    assert_eq!(local_day(clock.due.unwrap()).unwrap().as_str(), "2026-02-10");
}

#[test]
fn the_law_reaches_what_its_phases_say_from_their_days() {
    let cases = [
        (Scheme::Hhsrs2026, "11", Severity::High, "2025-10-26T12:00:00Z", None),
        (Scheme::Hhsrs2026, "11", Severity::High, "2025-10-27T00:00:00Z", Some("1")),
        (Scheme::Hhsrs2005, "1", Severity::Medium, "2026-01-05T12:00:00Z", Some("1")),
        (Scheme::Hhsrs2026, "11", Severity::Low, "2026-01-05T12:00:00Z", None),
        (Scheme::Hhsrs2026, "9", Severity::High, "2026-11-29T23:59:59Z", None),
        (Scheme::Hhsrs2026, "9", Severity::High, "2026-11-30T00:00:00Z", Some("2")),
        (Scheme::Hhsrs2026, "9", Severity::Emergency, "2026-01-05T12:00:00Z", Some("1")),
        (Scheme::Hhsrs2026, "20", Severity::Emergency, "2026-01-05T12:00:00Z", Some("1")),
        (Scheme::Hhsrs2026, "20", Severity::High, "2026-12-31T23:59:59Z", None),
        (Scheme::Hhsrs2026, "20", Severity::High, "2027-01-05T12:00:00Z", Some("3")),
        (Scheme::Hhsrs2026, "18", Severity::High, "2027-01-05T12:00:00Z", None),
        (Scheme::FireV1, "clutter", Severity::Emergency, "2027-01-05T12:00:00Z", None),
    ];
    for (scheme, code, severity, aware, phase) in cases {
        let facts = HazardFacts {
            scheme: Some(scheme),
            code: Some(code.into()),
            ..damp(severity, &[(StepKind::LandlordAware, at(aware))])
        };
        let found = run(&facts, at(aware));
        assert_eq!(found.first().map(|clock| clock.phase.as_str()), phase, "{facts:?}");
    }
    let noise = HazardFacts {
        code: Some("20".into()),
        ..damp(Severity::High, &[(StepKind::LandlordAware, at("2027-01-05T12:00:00Z"))])
    };
    let clocks = run(&noise, at("2027-01-05T12:00:00Z"));
    assert!(clocks.iter().all(|clock| clock.doubts.contains(&Doubt::PhaseNotFixed)), "the day is not in the law yet");
    let aware = at("2026-01-05T12:00:00Z");
    let private = HazardFacts { holding: Holding::Other, ..damp(Severity::High, &[(StepKind::LandlordAware, aware)]) };
    assert!(run(&private, aware).is_empty());
    let not_known = HazardFacts { holding: Holding::NotKnown, ..private };
    assert_eq!(run(&not_known, aware)[0].doubts, [Doubt::TenureNotKnown], "not known is not no");
}

#[test]
fn a_clock_goes_from_running_to_due_soon_to_overdue_and_is_met_or_met_late() {
    let aware = at("2026-02-02T09:00:00Z");
    let facts = damp(Severity::High, &[(StepKind::LandlordAware, aware)]);
    let due = one(&facts, ClockRule::Investigate, aware).due.unwrap();
    assert_eq!(local_day(due).unwrap().as_str(), "2026-02-16");
    for (now, state) in [
        ("2026-02-02T09:00:00Z", ClockState::Running),
        ("2026-02-11T23:59:59Z", ClockState::Running),
        ("2026-02-12T00:00:00Z", ClockState::DueSoon),
        ("2026-02-16T23:59:59Z", ClockState::DueSoon),
        ("2026-02-17T00:00:00Z", ClockState::Overdue),
    ] {
        assert_eq!(one(&facts, ClockRule::Investigate, at(now)).state, state, "{now}");
    }
    for (investigated, state) in [(due, ClockState::Met), (Millis(due.0 + 1), ClockState::MetLate)] {
        let mut facts = facts.clone();
        facts.dated.insert(Dated { kind: StepKind::Investigated, at: investigated });
        let clock = one(&facts, ClockRule::Investigate, Millis(due.0 + 99_999_999));
        assert_eq!((clock.state, clock.met.unwrap().at), (state, investigated));
    }
}

#[test]
fn what_ends_a_clock_another_way_is_said_and_a_refusal_ends_none() {
    let aware = at("2026-02-02T09:00:00Z");
    let later = at("2026-03-30T09:00:00Z");
    let mut facts = damp(Severity::High, &[(StepKind::LandlordAware, aware), (StepKind::AccessRefused, later)]);
    let clock = one(&facts, ClockRule::Investigate, later);
    assert_eq!((clock.state, clock.refusals.as_slice()), (ClockState::Overdue, &[later][..]));

    facts.dated.insert(Dated { kind: StepKind::Investigated, at: aware });
    facts.dated.insert(Dated { kind: StepKind::NoSignificantHazard, at: aware });
    let states: Vec<_> = run(&facts, aware).into_iter().map(|clock| (clock.rule, clock.state)).collect();
    let none = ClockState::Stopped(Stopped::NoSignificantHazard);
    assert_eq!(
        states,
        [
            (ClockRule::Investigate, ClockState::Met),
            // What was found is written down whatever it was.
            (ClockRule::WrittenSummary, ClockState::Running),
            (ClockRule::MakeSafe, none),
            (ClockRule::SupplementaryWork, none),
        ]
    );

    let resolved = HazardFacts {
        state: Some(HazardState::Resolved),
        ..damp(Severity::High, &[(StepKind::LandlordAware, aware), (StepKind::Investigated, aware)])
    };
    let clock = one(&resolved, ClockRule::MakeSafe, later);
    assert_eq!((clock.state, clock.missing), (ClockState::FactMissing, Some(StepKind::MadeSafe)));
    let clock = one(&resolved, ClockRule::SupplementaryWork, later);
    assert_eq!(clock.state, ClockState::Stopped(Stopped::Resolved));
}

#[test]
fn a_clock_that_cannot_start_says_which_fact_is_missing() {
    let now = at("2026-02-02T09:00:00Z");
    let clocks = run(&damp(Severity::High, &[]), now);
    assert_eq!(clocks.len(), 1);
    assert_eq!((clocks[0].state, clocks[0].missing.clone()), (ClockState::FactMissing, Some(StepKind::LandlordAware)));
    assert_eq!((clocks[0].due, clocks[0].readings.len()), (None, 0));
}

#[test]
fn past_the_calendar_only_weekends_are_left_out_and_it_is_said() {
    let aware = at("2029-12-18T09:00:00Z");
    let clock = one(&damp(Severity::High, &[(StepKind::LandlordAware, aware)]), ClockRule::Investigate, aware);
    assert_eq!(local_day(clock.due.unwrap()).unwrap().as_str(), "2030-01-01", "earlier than any holiday would make it");
    assert_eq!(clock.doubts, [Doubt::HolidaysNotKnown]);
}

#[test]
fn facts_come_from_the_row_and_its_steps_and_the_landlord_s_awareness_never_moves_later() {
    let (row, other) = (RowId([1; 16]), RowId([2; 16]));
    let step = |hazard, kind: StepKind, at, corrects| Step {
        hazard: Some(hazard),
        kind: Some(kind),
        at: Some(Millis(at)),
        corrects,
        ..Step::default()
    };
    let hazard = Hazard {
        scheme: Some(Scheme::Hhsrs2026),
        code: Some("11".into()),
        aware_at: Some(Millis(5_000)),
        ..Hazard::default()
    };
    let steps = [
        (RowId([3; 16]), step(row, StepKind::LandlordAware, 4_000, None)),
        (RowId([4; 16]), step(row, StepKind::MadeSafe, 9_000, None)),
        (RowId([5; 16]), step(other, StepKind::MadeSafe, 1_000, None)),
        (RowId([6; 16]), step(row, StepKind::LandlordAware, 8_000, Some(RowId([3; 16])))),
        (RowId([7; 16]), step(row, StepKind::MadeSafe, 9_500, Some(RowId([4; 16])))),
    ];
    let steps: Vec<(RowId, &Step)> = steps.iter().map(|(id, step)| (*id, step)).collect();
    let facts = HazardFacts::of(row, &hazard, &steps, Some(&Tenure::Council));
    assert_eq!(facts.first(&StepKind::LandlordAware), Some(Millis(4_000)));
    assert_eq!(facts.all(&StepKind::MadeSafe), [Millis(9_500)]);
    assert_eq!(facts.holding, Holding::Social);
}

#[test]
fn a_law_that_does_not_hold_is_refused() {
    let shipped = include_str!("../../../packs/awaabs-law-england.json");
    for (was, now, place) in [
        ("\"emergency_hours\": 24", "\"emergency_hours\": 0", "periods"),
        ("\"from\": \"2026-11-30\"", "\"from\": \"2024-11-30\"", "phases"),
        ("\"name\": \"2\"", "\"name\": \" \"", "phases"),
        ("\"nation\": \"england\"", "\"nation\": \"france\"", "nation"),
        ("\"soon_working_days\": 2", "\"soon_days\": 2", "line"),
        ("\"day\": \"earliest-possible\"", "\"day\": \"fixed\", \"until\": \"2028-01-01\"", "phases[2].until"),
    ] {
        assert!(parse(shipped).is_ok());
        let refused = parse(&shipped.replace(was, now)).expect_err(now);
        assert!(refused.place.starts_with(place), "{now}: {refused}");
    }
}

fn any_facts() -> impl Strategy<Value = HazardFacts> {
    let kinds = prop::sample::select(vec![
        StepKind::LandlordAware,
        StepKind::Investigated,
        StepKind::SafetyWorkIdentified,
        StepKind::SummaryGiven,
        StepKind::MadeSafe,
        StepKind::SupplementaryStarted,
        StepKind::AccessRefused,
    ]);
    let year = at("2026-01-01T00:00:00Z").0..at("2027-12-31T00:00:00Z").0;
    let dated = prop::collection::vec((kinds, year.prop_map(Millis)), 0..8);
    let severity = prop::sample::select(vec![Severity::Medium, Severity::High, Severity::Emergency]);
    (severity, dated).prop_map(|(severity, dated)| damp(severity, &dated))
}

proptest! {
    /// A list that looks only where a clock may run misses none.
    #[test]
    fn what_is_not_looked_at_has_no_open_clock(facts in any_facts(), state in 0..4u8, holding in 0..3u8, low in 0..2u8) {
        let mut facts = facts;
        facts.state = [None, Some(HazardState::Open), Some(HazardState::MadeSafe), Some(HazardState::Resolved)][usize::from(state)].clone();
        facts.holding = [Holding::Social, Holding::NotKnown, Holding::Other][usize::from(holding)];
        if low == 1 {
            facts.severity = Some(Severity::Low);
        }
        let open = run(&facts, at("2026-12-01T12:00:00Z")).iter().any(|clock| clock.state.is_open());
        prop_assert!(!open || facts.may_run(), "{facts:?}");
    }

    /// A further fact of when something began, or that it was known earlier, never moves a deadline later.
    #[test]
    fn a_deadline_never_moves_later_by_learning_more(facts in any_facts(), earlier in 0..90u64) {
        let now = at("2026-06-01T12:00:00Z");
        let before = run(&facts, now);
        let mut more = facts.clone();
        for kind in [StepKind::LandlordAware, StepKind::Investigated, StepKind::SafetyWorkIdentified] {
            if let Some(first) = facts.first(&kind) {
                more.dated.insert(Dated { kind, at: Millis(first.0 - earlier * 86_400_000) });
            }
        }
        for clock in before.iter().filter(|_| earlier < 60) {
            let after = run(&more, now).into_iter().find(|after| after.rule == clock.rule);
            if let Some(after) = after {
                prop_assert!(after.due <= clock.due || clock.due.is_none(), "{clock:?} {after:?}");
            }
        }
    }

    /// The strictest reading holds, and the state follows from due, met and now.
    #[test]
    fn the_state_follows_from_the_strictest_reading(facts in any_facts(), days in 0..900u64) {
        let now = Millis(at("2026-01-01T00:00:00Z").0 + days * 86_400_000);
        for clock in run(&facts, now) {
            let strictest = clock.readings.iter().map(|reading| reading.due).min();
            prop_assert_eq!(clock.due, strictest);
            let Some(due) = clock.due else { continue };
            let expected: &[ClockState] = match &clock.met {
                Some(met) if met.at <= due => &[ClockState::Met],
                Some(_) => &[ClockState::MetLate],
                None if now > due => &[ClockState::Overdue],
                None => &[ClockState::Running, ClockState::DueSoon],
            };
            prop_assert!(expected.contains(&clock.state), "{clock:?}");
        }
    }

    /// Two devices that hold the same facts show the same clocks, whatever came first.
    #[test]
    fn the_order_of_arrival_does_not_count(facts in any_facts()) {
        let mut reversed = facts.clone();
        reversed.dated = facts.dated.iter().rev().cloned().collect();
        let now = at("2026-06-01T12:00:00Z");
        prop_assert_eq!(run(&facts, now), run(&reversed, now));
    }
}

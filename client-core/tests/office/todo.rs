//! Counts and pages of what is to be done.

use std::collections::BTreeSet;

use doorstep_client_core::client::{DueWhen, Page, PropertyRef, TodoFilter, TodoKind, TodoWhat, VisitInput};
use doorstep_client_core::records::Date;
use doorstep_client_core::records::clocks::{ClockRule, ClockState, Doubt, Step, StepKind, local_day};
use doorstep_client_core::records::home::{Clutter, Dwelling, Hazard, HazardState, Severity, Tenure};
use doorstep_client_core::records::index::{Flag, FlagKind};
use doorstep_protocol::{AreaId, Class, Millis};

use crate::place::{DAY, Place, START, damp, home, home_document, visit};

fn count(place: &Place, kind: TodoKind) -> Option<u64> {
    place.desk.todo().count(kind).unwrap().count
}

#[test]
fn a_list_shows_what_there_is_and_nothing_when_it_is_done() {
    let place = Place::new();
    for kind in TodoKind::ALL.into_iter().filter(|kind| !matches!(kind, TodoKind::GlassReviews | TodoKind::Sync)) {
        assert_eq!(count(&place, kind), Some(0), "{kind:?}");
    }
    let record = home(&place.tablet, 7);
    visit(&place.tablet, record, vec![damp()]);
    place.carry();
    assert_eq!(count(&place, TodoKind::Visits), Some(1));
    let page = place.desk.todo().page(TodoKind::Visits, &TodoFilter::default(), Page::default()).unwrap();
    let item = &page.rows[0];
    assert_eq!((page.total, item.title.as_str(), item.record), (1, "7 Alder Street, Hillford", Some(record)));
    let TodoWhat::Visit { visit, .. } = &item.what else { panic!("{item:?}") };
    place.desk.reviews().approve(visit.document, doorstep_client_core::records::RowId(visit.row), None).unwrap();
    assert_eq!(count(&place, TodoKind::Visits), Some(0));
    place.carry();
    place.check();
}

#[test]
fn clocks_are_listed_as_they_run_out_and_leave_when_they_are_met() {
    let place = Place::new();
    let record = home(&place.tablet, 7);
    let hazard = Hazard { aware_at: Some(Millis(START)), ..damp() };
    let unaware = Hazard { room: Some("Bath".into()), ..damp() };
    let low = Hazard { severity: Some(Severity::Low), aware_at: Some(Millis(START)), ..damp() };
    visit(&place.tablet, record, vec![hazard, unaware, low]);
    place.carry();
    let listed = |filter: &TodoFilter| {
        let page = place.desk.todo().page(TodoKind::Clocks, filter, Page::default()).unwrap();
        let clocks = page.rows.into_iter().map(|item| match item.what {
            TodoWhat::Clock { clock, .. } => (clock.rule, clock.state, item.due),
            other => panic!("{other:?}"),
        });
        clocks.collect::<Vec<_>>()
    };
    // Aware on a Sunday: the tenth working day is Friday, 13 March.
    let all = TodoFilter::default();
    let missing = (ClockRule::Investigate, ClockState::FactMissing, None);
    let investigate = |state| (ClockRule::Investigate, state, Some("2026-03-13".to_owned()));
    assert_eq!(listed(&all), std::slice::from_ref(&missing));
    let running = TodoFilter { clock_state: Some(ClockState::Running), ..TodoFilter::default() };
    assert_eq!(listed(&running), [investigate(ClockState::Running)]);
    place.clock.turn(11 * DAY);
    assert_eq!(listed(&all), [investigate(ClockState::DueSoon), missing.clone()]);
    place.clock.turn(2 * DAY);
    assert_eq!(listed(&all), [investigate(ClockState::Overdue), missing.clone()]);
    assert_eq!(place.desk.todo().count(TodoKind::Clocks).unwrap().overdue, 1);
    let clocks = place.desk.clocks().of(record).unwrap();
    let first = clocks.iter().find(|one| one.clocks.iter().any(|clock| clock.due.is_some())).unwrap();
    let step = Step {
        hazard: Some(first.hazard.row),
        kind: Some(StepKind::Investigated),
        at: Some(Millis(START + 3 * DAY)),
        ..Step::default()
    };
    place.desk.clocks().record(record, &step).unwrap();
    let summary = listed(&all);
    assert_eq!(summary[0], (ClockRule::WrittenSummary, ClockState::Overdue, Some("2026-03-09".to_owned())));
    place.carry();
    assert_eq!(place.tablet.clocks().of(record).unwrap(), place.desk.clocks().of(record).unwrap());
    place.check();
}

#[test]
fn bank_holidays_come_from_the_pack_and_push_a_deadline_on() {
    let place = Place::new();
    // 23 March 2026: ten working days on, with Good Friday and Easter Monday between.
    place.clock.turn(22 * DAY);
    let record = home(&place.desk, 7);
    visit(&place.desk, record, vec![Hazard { aware_at: Some(place.desk.now()), ..damp() }]);
    let clock = place.desk.clocks().of(record).unwrap()[0].clocks[0].clone();
    assert_eq!(local_day(clock.due.unwrap()).unwrap().as_str(), "2026-04-08");
    assert!(!clock.doubts.contains(&Doubt::HolidaysNotKnown), "{clock:?}");
}

#[test]
fn a_home_that_is_not_social_housing_has_no_clock() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    visit(&place.desk, record, vec![Hazard { aware_at: Some(Millis(START)), ..damp() }]);
    place.clock.turn(30 * DAY);
    assert_eq!(count(&place, TodoKind::Clocks), Some(1));
    let owned = Dwelling { tenure: Some(Tenure::OwnerOccupied), ..Dwelling::default() };
    place.desk.write(|draft| draft.edit(record, Class::Home, |edit| edit.put(&owned))).unwrap();
    assert_eq!(count(&place, TodoKind::Clocks), Some(0));
    place.check();
}

#[test]
fn facts_are_stale_from_the_day_of_their_review_until_somebody_has_looked() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let due: Date = "2026-03-10".parse().unwrap();
    visit(&place.desk, record, vec![Hazard { review_due: Some(due.clone()), ..damp() }]);
    let flag = Flag { kind: Some(FlagKind::AsbestosPresent), review_due: Some(due), ..Flag::default() };
    place
        .desk
        .write(|draft| {
            let row = draft.row_id();
            draft.edit(record, Class::Index, |edit| edit.create(row, &flag))
        })
        .unwrap();
    place.clock.turn(8 * DAY);
    assert_eq!(count(&place, TodoKind::StaleFacts), Some(0));
    place.clock.turn(DAY);
    assert_eq!(count(&place, TodoKind::StaleFacts), Some(2));
    let only_flags = TodoFilter { collection: Some("flags".into()), ..TodoFilter::default() };
    let page = place.desk.todo().page(TodoKind::StaleFacts, &only_flags, Page::default()).unwrap();
    assert_eq!((page.total, page.rows[0].due.as_deref()), (1, Some("2026-03-10")));
    let document = home_document(&place.desk, record);
    let TodoWhat::Stale { row, .. } = place
        .desk
        .todo()
        .page(
            TodoKind::StaleFacts,
            &TodoFilter { collection: Some("hazards".into()), ..TodoFilter::default() },
            Page::default(),
        )
        .unwrap()
        .rows[0]
        .what
    else {
        panic!("a stale fact")
    };
    assert_eq!(place.desk.document(record, Class::Home).unwrap().unwrap().document, document);
    let resolved = Hazard { state: Some(HazardState::Resolved), ..Hazard::default() };
    place.desk.write(|draft| draft.edit(record, Class::Home, |edit| edit.update(row, &resolved))).unwrap();
    assert_eq!(count(&place, TodoKind::StaleFacts), Some(1));
    place.check();
}

#[test]
fn a_fact_without_a_day_of_review_is_stale_after_the_months_of_the_partnership() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let rate = |room: &str, rating: i64| {
        let mut found = VisitInput::to(PropertyRef::Record(record));
        found.clutter = vec![Clutter { room: Some(room.to_owned()), rating: Some(rating), ..Clutter::default() }];
        place.desk.visits().record(&found).unwrap();
    };
    rate("kitchen", 4);
    let stale = || {
        let page = place.desk.todo().page(TodoKind::StaleFacts, &TodoFilter::default(), Page::default()).unwrap();
        assert_eq!(Some(page.total), count(&place, TodoKind::StaleFacts));
        let facts = page.rows.into_iter().map(|item| match item.what {
            TodoWhat::Stale { fact, .. } => (fact, item.due.unwrap_or_default()),
            other => panic!("{other:?}"),
        });
        facts.collect::<Vec<_>>()
    };
    place.clock.turn(729 * DAY);
    assert_eq!(stale(), [], "two years, as it is shipped, have not passed");
    place.clock.turn(3 * DAY);
    assert_eq!(stale(), [("kitchen".to_owned(), "2028-03-01".to_owned())]);
    // Whoever rates the room again has looked, in whichever language they call it.
    rate("cegin", 3);
    assert_eq!(stale(), []);
    // A partnership that wants to look sooner says so in its pack.
    let shipped = include_str!("../../packs/thresholds.json");
    let sooner = shipped.replace("\"version\": 1", "\"version\": 2").replace("_months\": 24", "_months\": 6");
    place.desk.packs().publish(&sooner).unwrap();
    place.clock.turn(190 * DAY);
    assert_eq!(stale().len(), 1);
    place.check();
}

#[test]
fn stale_facts_are_narrowed_to_those_of_a_worker() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    place.carry();
    let due: Date = "2026-03-10".parse().unwrap();
    visit(&place.desk, record, vec![Hazard { review_due: Some(due.clone()), ..damp() }]);
    visit(&place.tablet, record, vec![Hazard { review_due: Some(due), room: Some("attic".into()), ..damp() }]);
    place.carry();
    place.clock.turn(30 * DAY);
    let of = |name: &str| {
        let who = Some(BTreeSet::from([name.to_owned()]));
        let filter = TodoFilter { who, ..TodoFilter::default() };
        place.desk.todo().page(TodoKind::StaleFacts, &filter, Page::default()).unwrap().total
    };
    let names = place.desk.directory().names().unwrap();
    let workers: Vec<String> = names.workers.values().cloned().collect();
    assert_eq!(count(&place, TodoKind::StaleFacts), Some(2));
    assert_eq!(workers.iter().map(|name| of(name)).collect::<Vec<_>>(), [1, 1], "{workers:?}");
    assert_eq!(of("somebody else"), 0);
}

#[test]
fn what_is_not_sent_is_on_the_list_and_an_auditor_s_list_says_that_it_is_one() {
    let place = Place::new();
    home(&place.tablet, 7);
    let page = place.tablet.todo().page(TodoKind::Sync, &TodoFilter::default(), Page::default()).unwrap();
    assert!(page.total > 0 && page.rows.iter().all(|item| matches!(item.what, TodoWhat::Sync { .. })), "{page:?}");
    let glass = place.tablet.todo().count(TodoKind::GlassReviews).unwrap();
    assert_eq!(glass.count, None, "a tablet is no auditor's");
}

#[test]
fn a_list_is_narrowed_by_area_people_words_and_day() {
    let place = Place::new();
    let due = |day: &str| Hazard { review_due: Some(day.parse().unwrap()), ..damp() };
    for (number, day) in [(7, "2026-03-02"), (9, "2026-03-05"), (19, "2026-03-20")] {
        let record = home(&place.tablet, number);
        visit(&place.tablet, record, vec![due(day)]);
    }
    place.carry();
    place.clock.turn(4 * DAY);
    let titles = |kind, filter: TodoFilter| -> Vec<String> {
        let page = place.desk.todo().page(kind, &filter, Page::default()).unwrap();
        assert_eq!(page.total as usize, page.rows.len());
        page.rows.into_iter().map(|item| item.title).collect()
    };
    let text = |text: &str| TodoFilter { text: Some(text.into()), ..TodoFilter::default() };
    assert_eq!(titles(TodoKind::Visits, TodoFilter::default()).len(), 3);
    assert_eq!(titles(TodoKind::Visits, text("ALDER, 9 ")), ["9 Alder Street, Hillford"], "not in 19");
    assert!(titles(TodoKind::Visits, text("birch")).is_empty());

    let areas = place.desk.places().areas().unwrap();
    let area = |area| TodoFilter { area: Some(area), ..TodoFilter::default() };
    assert_eq!(titles(TodoKind::Visits, area(areas[0].area)).len(), 3);
    assert!(titles(TodoKind::Visits, area(AreaId([7; 16]))).is_empty());

    let who = |name: &str| TodoFilter { who: Some(BTreeSet::from([name.to_owned()])), ..TodoFilter::default() };
    let visitor = place.desk.todo().page(TodoKind::Visits, &TodoFilter::default(), Page::default()).unwrap();
    let TodoWhat::Visit { visitor_name, .. } = &visitor.rows[0].what else { panic!("a visit") };
    assert_eq!(titles(TodoKind::Visits, who(visitor_name)).len(), 3);
    assert!(titles(TodoKind::Visits, who("Nobody")).is_empty());
    // The row of a fact says who recorded it.
    let facts = place.desk.todo().page(TodoKind::StaleFacts, &TodoFilter::default(), Page::default()).unwrap();
    let TodoWhat::Stale { author_name, .. } = &facts.rows[0].what else { panic!("a fact") };
    assert_eq!(titles(TodoKind::StaleFacts, who(author_name)).len(), facts.rows.len());
    assert_ne!(
        *author_name,
        place.desk.directory().names().unwrap().who(None),
        "somebody is known to have recorded it"
    );
    assert!(titles(TodoKind::StaleFacts, who("Nobody")).is_empty());

    // Today is the fifth: what is due today is due soon, and not overdue.
    let when = |due| TodoFilter { due: Some(due), ..TodoFilter::default() };
    assert_eq!(titles(TodoKind::StaleFacts, when(DueWhen::Overdue)), ["7 Alder Street, Hillford"]);
    assert_eq!(titles(TodoKind::StaleFacts, when(DueWhen::Soon)), ["9 Alder Street, Hillford"]);
    let second = Page { offset: 1, limit: 1 };
    let page = place.desk.todo().page(TodoKind::Visits, &text("alder"), second).unwrap();
    assert_eq!((page.total, page.rows.len()), (3, 1), "a narrowed list has pages, too");
}

//! Published facts: what a source calls for, what a plan does about it, and what the crew then reads.

use doorstep_client_core::records::decisions::open_conflicts;
use doorstep_client_core::records::fire::{Fact, FactKind};
use doorstep_client_core::records::firebox::{Basis, Building, FireLine, firebox, live_facts};
use doorstep_client_core::records::function::{Ability, Doing, Level};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{
    Alarm, AlarmKind, AlarmState, Clutter, Equipment, EquipmentKind, EquipmentState,
};
use doorstep_client_core::records::home::{Hazard, HazardState, Scope};
use doorstep_client_core::records::index::{EndReason, Flag, FlagKind, FlagState, Property};
use doorstep_client_core::records::property::{PropertySources, property};
use doorstep_client_core::records::view::{DocumentView, read};
use doorstep_client_core::records::{
    Class, Date, Document, EditError, Plan, Reading, Row, RowId, Standing, Thresholds, plan, published,
};
use doorstep_protocol::{ActorId, DocumentId, LogSize, Millis, ZoneId};

const NOW: Millis = Millis(1_800_000_000_000);

struct Rows(u8);

impl Rows {
    fn next(&mut self) -> RowId {
        self.0 += 1;
        RowId([self.0; 16])
    }
}

fn document(class: Class, n: u8) -> Document {
    Document::genesis(class, DocumentId([n; 16])).expect("built")
}

fn view(document: &Document) -> DocumentView {
    read(document, &|_| None)
}

fn create<R: Row>(document: &mut Document, row: u8, value: &R) {
    document.edit(ActorId([1; 16]), NOW, |edit| edit.create(RowId([row; 16]), value)).expect("valid");
}

fn update<R: Row>(document: &mut Document, row: u8, value: &R) {
    document.edit(ActorId([1; 16]), NOW, |edit| edit.update(RowId([row; 16]), value)).expect("valid");
}

fn planned(source: &Document, fire: &Document, index: &Document, rows: &mut Rows) -> Plan {
    let desired = published(&view(source), &Date::of(NOW), Thresholds::default());
    let (fire, index) = (view(fire), view(index));
    let flag = Flag { contact: Some("Adult social care".into()), ..Flag::default() };
    let standing = Standing {
        source_class: source.class(),
        source_document: source.id(),
        source_zone: ZoneId([9; 16]),
        log_size: LogSize(7),
        fire: Some(&fire),
        index: Some(&index),
        flag: &flag,
        now: NOW,
    };
    plan(&desired, &standing, &mut || rows.next())
}

fn publish(source: &Document, fire: &mut Document, index: &mut Document, rows: &mut Rows, actor: u8) {
    let plan = planned(source, fire, index, rows);
    fire.edit(ActorId([actor; 16]), NOW, |edit| plan.write_fire(edit)).expect("valid");
    index.edit(ActorId([actor; 16]), NOW, |edit| plan.write_index(edit)).expect("valid");
}

fn cannot_use_stairs() -> Ability {
    Ability {
        what: Some(Doing::Stairs),
        level: Some(Level::Cannot),
        observed_at: Some(Millis(NOW.0 - 86_400_000)),
        ..Ability::default()
    }
}

#[test]
fn what_an_ot_writes_reaches_the_crew_and_leaves_with_its_source() {
    let (mut function, mut fire, mut index) =
        (document(Class::Function, 1), document(Class::Fire, 2), document(Class::Index, 3));
    let mut rows = Rows(0);
    create(&mut function, 9, &cannot_use_stairs());
    publish(&function, &mut fire, &mut index, &mut rows, 1);

    let screen = firebox(Some(&view(&fire)), Some(&view(&index)), None, NOW);
    let line = screen.line(FireLine::CannotSelfEvacuate);
    assert_eq!(line.len(), 1, "the flag of the same row says nothing more");
    assert_eq!((line[0].words.as_str(), line[0].age_ms), ("stairs: cannot", Some(86_400_000)));
    assert!(screen.line(FireLine::OxygenAndCylinders).is_empty(), "nobody said: not known");
    let flags = view(&index).rows::<Flag>(Reading::Shown);
    assert_eq!(flags[0].value.kind, Some(FlagKind::CannotSelfEvacuate));
    assert_eq!(flags[0].value.contact.as_deref(), Some("Adult social care"));
    assert_eq!(flags[0].value.source_document, Some(function.id()));

    // Twice is once.
    let before = (fire.heads(), index.heads());
    assert!(planned(&function, &fire, &index, &mut rows).is_empty());
    publish(&function, &mut fire, &mut index, &mut rows, 1);
    assert_eq!((fire.heads(), index.heads()), before);

    // The person can use the stairs again.
    update(&mut function, 9, &Ability { level: Some(Level::Independent), ..Ability::default() });
    publish(&function, &mut fire, &mut index, &mut rows, 1);
    assert!(firebox(Some(&view(&fire)), Some(&view(&index)), None, NOW).line(FireLine::CannotSelfEvacuate).is_empty());
    let ended = &view(&index).rows::<Flag>(Reading::Shown)[0].value;
    assert_eq!(
        (ended.ended_why.clone(), ended.state(&Date::of(NOW))),
        (Some(EndReason::SourceEnded), FlagState::Ended)
    );
    assert!(planned(&function, &fire, &index, &mut rows).is_empty());

    // And cannot again: a fresh fact, the old one stays withdrawn.
    update(&mut function, 9, &Ability { level: Some(Level::WithHelp), ..Ability::default() });
    publish(&function, &mut fire, &mut index, &mut rows, 1);
    assert_eq!(live_facts(&view(&fire)).len(), 1);
    assert_eq!(view(&fire).rows::<Fact>(Reading::Shown).len(), 2);
}

#[test]
fn a_changed_source_changes_its_fact_and_does_not_double_it() {
    let (mut home, mut fire, mut index) =
        (document(Class::Home, 1), document(Class::Fire, 2), document(Class::Index, 3));
    let mut rows = Rows(0);
    let clutter = |rating| Clutter { room: Some("hall".into()), rating: Some(rating), ..Clutter::default() };
    create(&mut home, 9, &clutter(3));
    publish(&home, &mut fire, &mut index, &mut rows, 1);
    assert!(live_facts(&view(&fire)).is_empty(), "under the threshold");
    for rating in [6, 8] {
        update(&mut home, 9, &clutter(rating));
        publish(&home, &mut fire, &mut index, &mut rows, 1);
    }
    let facts = live_facts(&view(&fire));
    assert_eq!(facts.len(), 1);
    assert_eq!(facts[0].value.value.as_deref(), Some("rating 8"));
    assert_eq!(facts[0].value.place.as_deref(), Some("hall"));
}

#[test]
fn two_tablets_that_publish_one_row_show_one_fact_and_withdraw_both() {
    let mut home = document(Class::Home, 1);
    create(
        &mut home,
        9,
        &Equipment {
            kind: Some(EquipmentKind::OxygenConcentrator),
            room: Some("bedroom".into()),
            ..Equipment::default()
        },
    );
    let (mut fire, mut index) = (document(Class::Fire, 2), document(Class::Index, 3));
    let (mut other_fire, mut other_index) = (fire.clone(), index.clone());
    publish(&home, &mut fire, &mut index, &mut Rows(0), 1);
    publish(&home, &mut other_fire, &mut other_index, &mut Rows(100), 2);
    fire.apply(&other_fire.changes_since(&[])).expect("sound");
    index.apply(&other_index.changes_since(&[])).expect("sound");
    assert_eq!(view(&fire).rows::<Fact>(Reading::Shown).len(), 2);
    assert_eq!(firebox(Some(&view(&fire)), Some(&view(&index)), None, NOW).line(FireLine::OxygenAndCylinders).len(), 1);
    let mut rows = Rows(200);
    assert!(planned(&home, &fire, &index, &mut rows).is_empty());

    update(&mut home, 9, &Equipment { state: Some(EquipmentState::Removed), ..Equipment::default() });
    publish(&home, &mut fire, &mut index, &mut rows, 1);
    assert!(live_facts(&view(&fire)).is_empty());
    assert!(planned(&home, &fire, &index, &mut rows).is_empty());
}

/// Two visits disagree about the source: the crew is told the more cautious word until somebody settles it.
#[test]
fn a_disputed_source_publishes_its_cautious_value() {
    let (mut home, mut fire, mut index) =
        (document(Class::Home, 1), document(Class::Fire, 2), document(Class::Index, 3));
    let alarm = |state| Alarm { kind: Some(AlarmKind::Smoke), state: Some(state), ..Alarm::default() };
    create(&mut home, 9, &alarm(AlarmState::Present));
    let mut other = home.clone();
    home.edit(ActorId([1; 16]), NOW, |edit| edit.update(RowId([9; 16]), &alarm(AlarmState::Tested))).expect("valid");
    other.edit(ActorId([2; 16]), NOW, |edit| edit.update(RowId([9; 16]), &alarm(AlarmState::Faulty))).expect("valid");
    home.apply(&other.changes_since(&[])).expect("sound");
    publish(&home, &mut fire, &mut index, &mut Rows(0), 1);
    assert_eq!(firebox(Some(&view(&fire)), None, None, NOW).line(FireLine::Alarms)[0].words, "smoke faulty");
}

/// Two tablets publish one changed source differently at once: the row they dispute is replaced, and it settles.
#[test]
fn a_fact_disputed_between_publishers_settles() {
    let mut home = document(Class::Home, 1);
    let clutter = |rating| Clutter { room: Some("hall".into()), rating: Some(rating), ..Clutter::default() };
    create(&mut home, 9, &clutter(5));
    let (mut fire, mut index) = (document(Class::Fire, 2), document(Class::Index, 3));
    publish(&home, &mut fire, &mut index, &mut Rows(0), 1);
    let (mut other_home, mut other_fire, mut other_index) = (home.clone(), fire.clone(), index.clone());
    home.edit(ActorId([1; 16]), NOW, |edit| edit.update(RowId([9; 16]), &clutter(6))).expect("valid");
    publish(&home, &mut fire, &mut index, &mut Rows(10), 1);
    other_home.edit(ActorId([2; 16]), NOW, |edit| edit.update(RowId([9; 16]), &clutter(8))).expect("valid");
    publish(&other_home, &mut other_fire, &mut other_index, &mut Rows(20), 2);
    home.apply(&other_home.changes_since(&[])).expect("sound");
    fire.apply(&other_fire.changes_since(&[])).expect("sound");
    let disputed = firebox(Some(&view(&fire)), None, None, NOW);
    assert!(disputed.line(FireLine::ClutterAndRoutes)[0].is_disputed);
    // Nobody is asked twice: the source is what somebody settles, and a row that was replaced asks nothing for ever.
    let asked = |document: &Document| open_conflicts(&view(document)).len();
    assert_eq!((asked(&home), asked(&fire)), (1, 0));
    publish(&home, &mut fire, &mut index, &mut Rows(30), 1);
    let settled = firebox(Some(&view(&fire)), None, None, NOW);
    let line = settled.line(FireLine::ClutterAndRoutes);
    assert_eq!((line.len(), line[0].words.as_str(), line[0].is_disputed), (1, "rating 8", false));
    assert!(planned(&home, &fire, &index, &mut Rows(40)).is_empty());
    assert_eq!((asked(&home), asked(&fire)), (1, 0));
}

/// Two tablets publish the same of one source at different moments: the crew is told the earlier, and nothing is in dispute.
#[test]
fn a_fact_as_of_two_moments_is_as_old_as_the_earlier() {
    let fact = |at| Fact { kind: Some(FactKind::Oxygen), as_of: Some(Millis(NOW.0 + at)), ..Fact::default() };
    let mut fire = document(Class::Fire, 2);
    create(&mut fire, 9, &fact(0));
    let mut other = fire.clone();
    fire.edit(ActorId([1; 16]), NOW, |edit| edit.update(RowId([9; 16]), &fact(60_000))).expect("valid");
    other.edit(ActorId([2; 16]), NOW, |edit| edit.update(RowId([9; 16]), &fact(30_000))).expect("valid");
    fire.apply(&other.changes_since(&[])).expect("sound");
    let told = firebox(Some(&view(&fire)), None, None, NOW);
    let [line] = told.line(FireLine::OxygenAndCylinders) else { panic!("{told:?}") };
    assert_eq!((line.as_of, line.is_disputed), (Some(Millis(NOW.0 + 30_000)), false));
}

#[test]
fn a_flag_ends_only_by_a_named_decision_and_lapses_in_sight() {
    let mut index = document(Class::Index, 3);
    let expires: Date = "2026-01-01".parse().expect("a day");
    create(
        &mut index,
        9,
        &Flag {
            kind: Some(FlagKind::NoVisitAlone),
            contact: Some("Housing office".into()),
            expires: Some(expires),
            ..Flag::default()
        },
    );
    let screen = firebox(None, Some(&view(&index)), None, NOW);
    let line = screen.line(FireLine::ViolenceOrDog);
    assert_eq!(line[0].words, "no-visit-alone: lapsed, ask Housing office");
    assert_eq!(line[0].basis, Basis::Flag(FlagState::Lapsed));
    let end = |by: Option<&str>, why| Flag {
        ended_at: Some(NOW),
        ended_by: by.map(str::to_owned),
        ended_why: why,
        ..Flag::default()
    };
    for refused in [end(None, None), end(None, Some(EndReason::Reviewed)), end(Some("A. Manager"), None)] {
        let result = index.edit(ActorId([1; 16]), NOW, |edit| edit.update(RowId([9; 16]), &refused));
        assert!(matches!(result, Err(EditError::Field(_))));
    }
    update(&mut index, 9, &end(Some("A. Manager, lead"), Some(EndReason::Reviewed)));
    assert!(firebox(None, Some(&view(&index)), None, NOW).line(FireLine::ViolenceOrDog).is_empty());
}

#[test]
fn a_hazard_of_a_building_is_shown_at_its_homes_by_its_scope_with_where_it_is_from() {
    let scopes = [
        (Some(Scope::CommonPart), true),
        (Some(Scope::Building), true),
        (Some(Scope::Curtilage), true),
        (None, true),
        (Some(Scope::Street), false),
        (Some(Scope::Dwelling), false),
    ];
    for (scope, reaches) in scopes {
        let hazard = Hazard {
            scheme: Some(Scheme::FireV1),
            code: Some("exit-blocked".into()),
            room: Some("stairs".into()),
            state: Some(HazardState::Open),
            scope: scope.clone(),
            ..Hazard::default()
        };
        let mut block = document(Class::Home, 1);
        create(&mut block, 1, &hazard);
        let (mut fire, mut block_index) = (document(Class::Fire, 2), document(Class::Index, 4));
        // Somebody is recorded at the block itself: that is told of nobody else.
        let own = Fact { kind: Some(FactKind::CannotSelfEvacuate), as_of: Some(NOW), ..Fact::default() };
        create(&mut fire, 9, &own);
        publish(&block, &mut fire, &mut block_index, &mut Rows(10), 1);
        let mut index = document(Class::Index, 3);
        let home = Property { line: Some("Flat 3, 12 Example Road".into()), ..Property::default() };
        index.edit(ActorId([1; 16]), NOW, |edit| edit.put(&home)).expect("valid");
        let (block, index, fire) = (view(&block), view(&index), view(&fire));
        let building = Building { address: "12 Example Road", fire: Some(&fire) };
        let sources = PropertySources {
            index: Some(&index),
            parent_home: Some(&block),
            building: Some(building),
            ..PropertySources::default()
        };
        let shown = property(&sources, Reading::Cautious, NOW);
        assert_eq!(shown.common_hazards.len(), usize::from(reaches), "{scope:?}");
        let told = shown.firebox.line(FireLine::ClutterAndRoutes);
        let places: Vec<Option<&str>> = told.iter().map(|entry| entry.place.as_deref()).collect();
        assert_eq!(places, if reaches { vec![Some("stairs, 12 Example Road")] } else { Vec::new() }, "{scope:?}");
        assert!(shown.firebox.line(FireLine::CannotSelfEvacuate).is_empty());
        assert_eq!(shown.property.expect("recorded").value, home);
    }
    assert!(Scope::from_code("estate").reaches_homes(), "a scope of a newer version is shown");
    assert_eq!(FactKind::CODES.len(), 20);
}

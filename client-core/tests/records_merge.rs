//! Merge rules that the law or safety shapes, over random histories of three devices that do not always see each other.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::records::consent::{self, Agreement};
use doorstep_client_core::records::fire::{Fact, FactKind};
use doorstep_client_core::records::firebox::live_facts;
use doorstep_client_core::records::function::{Ability, Doing, Level, Note, NoteKind};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Hazard, Measurement, Severity, Unit};
use doorstep_client_core::records::identity::{Person, address_is_protected};
use doorstep_client_core::records::index::{EndReason, Flag, FlagKind, FlagState};
use doorstep_client_core::records::network::{Consent, ConsentDecision, ConsentMethod, ConsentScope};
use doorstep_client_core::records::publish::{Standing, plan, published};
use doorstep_client_core::records::{
    Class, Date, Document, DocumentView, Edit, EditError, Reading, Row, RowId, Thresholds, read,
};
use doorstep_protocol::{ActorId, DocumentId, LogSize, Millis, ZoneId};
use proptest::prelude::*;

const DEVICES: usize = 3;
const DAY_MS: u64 = 86_400_000;
/// Every history takes place on this day.
const BEGIN: Millis = Millis(1_790_000_000_000);
const THE_ROW: RowId = RowId([1; 16]);

/// One document of a class at three devices.
struct Three {
    devices: Vec<Document>,
    clock: u64,
}

impl Three {
    fn of(class: Class) -> Self {
        let made = || Document::genesis(class, DocumentId([class.code(); 16])).expect("built");
        Self { devices: (0..DEVICES).map(|_| made()).collect(), clock: BEGIN.0 }
    }

    fn edit(
        &mut self,
        device: usize,
        write: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<bool, EditError> {
        self.clock += 1;
        let actor = ActorId([device as u8 + 1; 16]);
        self.devices[device].edit(actor, Millis(self.clock), write).map(|made| !made.is_empty())
    }

    /// Everybody has it from the start.
    fn begin_with<R: Row>(class: Class, row: &R) -> Self {
        let mut three = Self::of(class);
        three.edit(0, |edit| edit.put_row(THE_ROW, row)).expect("valid");
        for device in 1..DEVICES {
            three.pull(device, 0);
        }
        three
    }

    fn pull(&mut self, to: usize, from: usize) {
        let raw = self.devices[from].changes_since(&self.devices[to].heads());
        self.devices[to].apply(&raw).expect("sound");
    }

    fn meet(&mut self) {
        for _ in 0..2 {
            for (to, from) in [(0, 1), (1, 2), (2, 0), (0, 2), (1, 0), (2, 1)] {
                self.pull(to, from);
            }
        }
        assert!(self.devices.iter().all(|one| one.heads() == self.devices[0].heads()));
    }

    fn view(&self, device: usize) -> DocumentView {
        read(&self.devices[device], &|_| None)
    }

    fn row<R: Row>(&self, device: usize, row: RowId, reading: Reading) -> R {
        self.view(device).row(R::COLLECTION, row).map(|row| row.typed(reading)).unwrap_or_default()
    }
}

fn today() -> Date {
    Date::of(BEGIN)
}

/// What a device does next: with a number that means what the test makes of it.
#[derive(Clone, Copy, Debug)]
enum Step {
    One(usize, u8),
    Other(usize, u8),
    Third(usize, u8),
    Pull(usize, usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let device = 0..DEVICES;
    let step = prop_oneof![
        3 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Step::One(d, n)),
        2 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Step::Other(d, n)),
        2 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Step::Third(d, n)),
        4 => (device.clone(), device).prop_map(|(to, from)| Step::Pull(to, from)),
    ];
    prop::collection::vec(step, 1..30)
}

fn hazard() -> Hazard {
    Hazard { scheme: Some(Scheme::Hhsrs2026), code: Some("11".into()), ..Hazard::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// The earliest time that somebody knew wins, and never moves later at any device at any time.
    #[test]
    fn the_landlord_has_known_since_the_earliest_time_that_anybody_wrote(steps in steps()) {
        let mut home = Three::begin_with(Class::Home, &hazard());
        let mut written: Option<Millis> = None;
        let mut shown: [Option<Millis>; DEVICES] = [None; DEVICES];
        for step in steps {
            match step {
                Step::One(device, n) => {
                    let at = Millis(BEGIN.0 - u64::from(n) * DAY_MS);
                    let set = Hazard { aware_at: Some(at), ..Hazard::default() };
                    match home.edit(device, |edit| edit.update(THE_ROW, &set)) {
                        Ok(_) => written = Some(written.map_or(at, |before| before.min(at))),
                        Err(error) => prop_assert!(matches!(error, EditError::Field(_))),
                    }
                }
                Step::Other(device, _) => {
                    // Emptying it is refused once it is there.
                    let is_there = shown[device].is_some();
                    let cleared = home.edit(device, |edit| edit.clear::<Hazard>(THE_ROW, "aware_at"));
                    prop_assert!(!is_there || cleared.is_err());
                }
                Step::Third(..) => {}
                Step::Pull(to, from) => home.pull(to, from),
            }
            for (device, shown) in shown.iter_mut().enumerate() {
                let now: Hazard = home.row(device, THE_ROW, Reading::Shown);
                if let Some(before) = *shown {
                    prop_assert!(now.aware_at.is_some_and(|at| at <= before), "{:?} after {before}", now.aware_at);
                }
                *shown = now.aware_at;
            }
        }
        home.meet();
        for reading in [Reading::Shown, Reading::Cautious] {
            prop_assert_eq!(home.row::<Hazard>(2, THE_ROW, reading).aware_at, written);
        }
    }

    /// Anybody adds a flag; it ends only by a decision with a name, and not at all against somebody who did not know of it.
    #[test]
    fn a_flag_ends_only_by_a_named_decision(steps in steps()) {
        let mut index = Three::of(Class::Index);
        let (mut raised, mut ended) = (BTreeSet::new(), BTreeSet::new());
        for (at, step) in steps.into_iter().enumerate() {
            let fresh = RowId([at as u8 + 1; 16]);
            match step {
                Step::One(device, _) => {
                    let flag = Flag { kind: Some(FlagKind::DangerousAnimal), ..Flag::default() };
                    index.edit(device, |edit| edit.create(fresh, &flag)).expect("anybody may");
                    raised.insert(fresh);
                }
                Step::Other(device, n) => {
                    let rows = index.view(device).rows::<Flag>(Reading::Shown);
                    let Some(seen) = rows.get(usize::from(n) % rows.len().max(1)) else { continue };
                    let mut end = Flag { ended_at: Some(Millis(index.clock)), ..Flag::default() };
                    prop_assert!(index.edit(device, |edit| edit.update(seen.row, &end)).is_err() || seen.value.ended_why.is_some());
                    end.ended_why = Some(EndReason::Reviewed);
                    prop_assert!(index.edit(device, |edit| edit.update(seen.row, &end)).is_err() || seen.value.ended_by.is_some());
                    end.ended_by = Some("R. Adeyemi, housing".into());
                    index.edit(device, |edit| edit.update(seen.row, &end)).expect("a named decision");
                    ended.insert(seen.row);
                }
                Step::Third(device, n) => {
                    let rows = index.view(device).rows::<Flag>(Reading::Shown);
                    let Some(seen) = rows.get(usize::from(n) % rows.len().max(1)) else { continue };
                    let set = Flag { contact: Some(format!("desk {n}")), ..Flag::default() };
                    index.edit(device, |edit| edit.update(seen.row, &set)).expect("valid");
                }
                Step::Pull(to, from) => index.pull(to, from),
            }
        }
        index.meet();
        let rows = index.view(0).rows::<Flag>(Reading::Cautious);
        prop_assert_eq!(rows.iter().map(|seen| seen.row).collect::<BTreeSet<_>>(), raised, "none vanished");
        for seen in rows {
            let has_ended = seen.value.state(&today()) == FlagState::Ended;
            prop_assert_eq!(has_ended, ended.contains(&seen.row));
            prop_assert!(!has_ended || (seen.value.ended_by.is_some() && seen.value.ended_why.is_some()));
        }
    }

    /// Of what visits say at once, visitors and crews see what is worse, the same everywhere, until somebody settles it.
    #[test]
    fn visitors_and_crews_see_the_more_cautious_value(steps in steps()) {
        let mut home = Three::begin_with(Class::Home, &Hazard { severity: Some(Severity::Low), ..hazard() });
        // For each device what it has seen; a value that a later one has seen does not count.
        let mut said: BTreeMap<usize, (u8, BTreeSet<usize>)> = BTreeMap::new();
        let mut seen: [BTreeSet<usize>; DEVICES] = Default::default();
        for (at, step) in steps.into_iter().enumerate() {
            match step {
                Step::One(device, n) | Step::Other(device, n) | Step::Third(device, n) => {
                    let code = n % 4;
                    let severity = Severity::from_code(Severity::CODES[usize::from(code)]);
                    let set = Hazard { severity: Some(severity), ..Hazard::default() };
                    if home.edit(device, |edit| edit.update(THE_ROW, &set)).expect("valid") {
                        said.insert(at, (code, seen[device].clone()));
                        seen[device].insert(at);
                    }
                }
                Step::Pull(to, from) => {
                    home.pull(to, from);
                    let more = seen[from].clone();
                    seen[to].extend(more);
                }
            }
        }
        home.meet();
        let stands = |at: &usize| !said.values().any(|(_, before)| before.contains(at));
        // `CODES` go from low to emergency.
        let worst = said.iter().filter(|(at, _)| stands(at)).map(|(_, (code, _))| *code).max().unwrap_or(0);
        for device in 0..DEVICES {
            let shown: Hazard = home.row(device, THE_ROW, Reading::Cautious);
            prop_assert_eq!(shown.severity.map(|one| one.to_string()), Some(Severity::CODES[usize::from(worst)].to_owned()));
        }
    }

    /// Capacity notes and measurements are added to and never changed.
    #[test]
    fn capacity_notes_and_measurements_only_append(steps in steps()) {
        let (mut function, mut home) = (Three::of(Class::Function), Three::of(Class::Home));
        let (mut notes, mut taken) = (BTreeMap::new(), BTreeMap::new());
        for (at, step) in steps.into_iter().enumerate() {
            let fresh = RowId([at as u8 + 1; 16]);
            match step {
                Step::One(device, n) => {
                    let note = Note {
                        kind: Some(NoteKind::Capacity),
                        decision: Some("where to live".into()),
                        text: Some(format!("weighed it up, {n}")),
                        ..Note::default()
                    };
                    function.edit(device, |edit| edit.create(fresh, &note)).expect("valid");
                    notes.insert(fresh, note);
                }
                Step::Other(device, n) => {
                    let row = Measurement {
                        feature: Some("door".into()),
                        value: Some(i64::from(n)),
                        unit: Some(Unit::Millimetre),
                        ..Measurement::default()
                    };
                    home.edit(device, |edit| edit.create(fresh, &row)).expect("valid");
                    taken.insert(fresh, row);
                }
                Step::Third(device, n) => {
                    let rows = function.view(device).rows::<Note>(Reading::Shown);
                    let Some(seen) = rows.get(usize::from(n) % rows.len().max(1)) else { continue };
                    let other = Note { text: Some("rewritten".into()), ..Note::default() };
                    let row = seen.row;
                    let refused = |error| matches!(error, Err(EditError::AppendOnly { .. }));
                    prop_assert!(refused(function.edit(device, |edit| edit.update(row, &other))));
                    prop_assert!(refused(function.edit(device, |edit| edit.clear::<Note>(row, "text"))));
                }
                Step::Pull(to, from) => {
                    function.pull(to, from);
                    home.pull(to, from);
                }
            }
        }
        function.meet();
        home.meet();
        let of = |view: &DocumentView| view.rows::<Note>(Reading::Shown).into_iter().map(|one| (one.row, one.value)).collect::<BTreeMap<_, _>>();
        prop_assert_eq!(of(&function.view(1)), notes);
        let rows: BTreeMap<_, _> = home.view(1).rows::<Measurement>(Reading::Shown).into_iter().map(|one| (one.row, one.value)).collect();
        prop_assert_eq!(rows, taken);
    }

    /// A date of death and a protected address hold at every device until somebody who saw them reverses them.
    #[test]
    fn death_and_address_protection_hold_until_a_person_reverses_them(steps in steps()) {
        let name = Person { preferred_name: Some("Edith Hart".into()), ..Person::default() };
        let mut identity = Three::of(Class::Identity);
        identity.edit(0, |edit| edit.put(&name)).expect("valid");
        identity.meet();
        let mut seen: [BTreeSet<usize>; DEVICES] = Default::default();
        let mut reversed: [BTreeSet<usize>; 2] = Default::default();
        let mut set: [BTreeSet<usize>; 2] = Default::default();
        for (at, step) in steps.into_iter().enumerate() {
            match step {
                Step::One(device, n) => {
                    let (which, row) = if n % 2 == 0 {
                        (0, Person { died: "2026-03-01".parse().ok(), ..Person::default() })
                    } else {
                        let by = Some("P. Shah, safeguarding".to_owned());
                        (1, Person { address_protected: Some(true), protected_by: by, ..Person::default() })
                    };
                    let before = identity.devices[device].len();
                    identity.edit(device, |edit| edit.put(&row)).expect("valid");
                    if identity.devices[device].len() > before {
                        set[which].insert(at);
                        seen[device].insert(at);
                    }
                }
                Step::Other(device, n) => {
                    let which = usize::from(n % 2);
                    let person: Person = identity.row(device, RowId::SINGLE, Reading::Cautious);
                    let done = if which == 0 {
                        person.died.is_some()
                            && identity.edit(device, |edit| edit.clear::<Person>(RowId::SINGLE, "died")).expect("valid")
                    } else {
                        let by = Some("R. Adeyemi, desk".to_owned());
                        let no = Person { address_protected: Some(false), protected_by: by, ..Person::default() };
                        person.address_protected == Some(true) && identity.edit(device, |edit| edit.put(&no)).expect("valid")
                    };
                    if done {
                        reversed[which].extend(seen[device].iter().copied());
                    }
                }
                Step::Third(device, n) => {
                    let row = Person { pronouns: Some(format!("they {n}")), ..Person::default() };
                    identity.edit(device, |edit| edit.put(&row)).expect("valid");
                }
                Step::Pull(to, from) => {
                    identity.pull(to, from);
                    let more = seen[from].clone();
                    seen[to].extend(more);
                }
            }
        }
        identity.meet();
        // What nobody who saw it reversed holds, whatever else was written at the same time.
        let holds = |which: usize| set[which].iter().any(|at| !reversed[which].contains(at));
        for reading in [Reading::Shown, Reading::Cautious] {
            let person: Person = identity.row(1, RowId::SINGLE, reading);
            prop_assert!(!holds(0) || person.died.is_some());
            prop_assert!(!holds(1) || person.address_protected == Some(true));
        }
        prop_assert!(!holds(1) || address_is_protected(&identity.view(2)));
    }

    /// Consent that was withdrawn is not used, whoever published meanwhile: one look at it withdraws every fact.
    #[test]
    fn a_withdrawal_beats_a_use_that_did_not_know_of_it(steps in steps()) {
        let (mut network, mut fire) = (Three::of(Class::Network), Three::of(Class::Fire));
        let mut function = Document::genesis(Class::Function, DocumentId([9; 16])).expect("built");
        let stairs = Ability { what: Some(Doing::Stairs), level: Some(Level::Cannot), ..Ability::default() };
        function.edit(ActorId([9; 16]), BEGIN, |edit| edit.create(THE_ROW, &stairs)).expect("valid");
        let function = read(&function, &|_| None);
        let mut rows = 0u8;
        let mut publish = |device: usize, network: &Three, fire: &mut Three| {
            let withheld = consent::is_withheld(Some(&network.view(device)), &today());
            let desired =
                if withheld { Vec::new() } else { published(&function, &today(), Thresholds::default()) };
            let (view, flag) = (fire.view(device), Flag::default());
            let standing = Standing {
                source_class: Class::Function,
                source_document: function.document,
                fire: Some(&view),
                index: None,
                flag: &flag,
                now: Millis(fire.clock),
                source_zone: ZoneId([1; 16]),
                log_size: LogSize(1),
            };
            let made = plan(&desired, &standing, &mut || {
                rows += 1;
                RowId([rows; 16])
            });
            fire.edit(device, |edit| made.write_fire(edit)).expect("valid");
        };
        // Withdrawals by their row, the first of each with its clock; who has seen which; and each yes with what was seen then.
        let mut withdrawals: BTreeMap<RowId, (usize, u64)> = BTreeMap::new();
        let mut seen: [BTreeSet<usize>; DEVICES] = Default::default();
        let mut clocks: BTreeMap<usize, u64> = BTreeMap::new();
        let mut yeses: Vec<(RowId, BTreeSet<usize>)> = Vec::new();
        for (at, step) in steps.into_iter().enumerate() {
            let fresh = RowId([at as u8 + 101; 16]);
            let now = network.clock + 1;
            match step {
                Step::One(device, _) => {
                    let known = consent::standing(Some(&network.view(device)), &ConsentScope::ShareWithFire, &today());
                    let given = Consent {
                        scope: Some(ConsentScope::ShareWithFire),
                        decision: Some(ConsentDecision::Given),
                        decided_at: Some(Millis(now)),
                        method: Some(ConsentMethod::Spoken),
                        wording: Some("sharing 1".into()),
                        after: known.row.filter(|_| known.agreement.is_no()),
                        ..Consent::default()
                    };
                    network.edit(device, |edit| edit.create(fresh, &given)).expect("valid");
                    yeses.push((fresh, seen[device].clone()));
                }
                Step::Other(device, n) => {
                    let rows = network.view(device).rows::<Consent>(Reading::Shown);
                    let Some(one) = rows.get(usize::from(n) % rows.len().max(1)) else { continue };
                    let end = Consent { withdrawn_at: Some(Millis(now)), contact: Some("Desk".into()), ..Consent::default() };
                    if one.value.withdrawn_at.is_none() {
                        let row = one.row;
                        network.edit(device, |edit| edit.update(row, &end)).expect("valid");
                        withdrawals.entry(row).or_insert((at, now));
                        clocks.insert(at, now);
                        seen[device].insert(at);
                    }
                }
                Step::Third(device, _) => publish(device, &network, &mut fire),
                Step::Pull(to, from) => {
                    network.pull(to, from);
                    fire.pull(to, from);
                    let more = seen[from].clone();
                    seen[to].extend(more);
                }
            }
        }
        network.meet();
        fire.meet();
        let standing = consent::standing(Some(&network.view(0)), &ConsentScope::ShareWithFire, &today());
        let stands: Vec<_> = yeses.iter().filter(|(row, _)| !withdrawals.contains_key(row)).collect();
        for (row, (_, when)) in &withdrawals {
            let knew = |(_, seen): &&(RowId, BTreeSet<usize>)| seen.iter().any(|event| clocks[event] >= *when);
            prop_assert!(standing.agreement.is_no() || stands.iter().any(knew), "nobody knew of {row}");
        }
        // Whoever had heard of everything and was told yes is believed.
        let knew_all = stands.iter().any(|(_, seen)| clocks.keys().all(|event| seen.contains(event)));
        prop_assert!(!knew_all || standing.agreement == Agreement::Given);
        publish(1, &network, &mut fire);
        let told: Vec<Fact> = live_facts(&fire.view(1)).into_iter().map(|seen| seen.value).collect();
        let tells = told.iter().any(|fact| fact.kind == Some(FactKind::CannotSelfEvacuate));
        prop_assert_eq!(tells, !standing.agreement.is_no());
        if standing.agreement.is_no() {
            let pointer = consent::pointer(&network.view(0), &today());
            prop_assert_eq!(pointer.len(), 1, "a refusal points to somebody");
        }
    }
}

/// One row, one withdrawal, one use at the same time: said once in plain.
#[test]
fn a_withdrawn_row_is_withdrawn_whatever_else_is_written_into_it() {
    let given = Consent {
        scope: Some(ConsentScope::ShareWithFire),
        decision: Some(ConsentDecision::Given),
        decided_at: Some(BEGIN),
        method: Some(ConsentMethod::Spoken),
        wording: Some("sharing 1".into()),
        ..Consent::default()
    };
    let mut network = Three::begin_with(Class::Network, &given);
    let end = Consent { withdrawn_at: Some(Millis(BEGIN.0 + 5)), contact: Some("Desk 2".into()), ..Consent::default() };
    network.edit(0, |edit| edit.update(THE_ROW, &end)).expect("valid");
    let used = Consent {
        evidence: Some("read out again".into()),
        decided_at: Some(Millis(BEGIN.0 + 900)),
        ..Consent::default()
    };
    network.edit(1, |edit| edit.update(THE_ROW, &used)).expect("valid");
    network.meet();
    let standing = consent::standing(Some(&network.view(2)), &ConsentScope::ShareWithFire, &today());
    assert_eq!((standing.agreement, standing.contact.as_deref()), (Agreement::Withdrawn, Some("Desk 2")));
    assert!(consent::is_withheld(Some(&network.view(2)), &today()));
    // A yes that knew of nothing, however late, undoes nothing; one that names what it came after does, whatever its clock.
    let unknowing = Consent { decided_at: Some(Millis(BEGIN.0 + 1_000)), ..given.clone() };
    network.edit(2, |edit| edit.create(RowId([6; 16]), &unknowing)).expect("valid");
    assert!(consent::is_withheld(Some(&network.view(2)), &today()));
    let again = Consent { decided_at: Some(Millis(BEGIN.0 + 1)), after: Some(THE_ROW), ..given };
    network.edit(2, |edit| edit.create(RowId([7; 16]), &again)).expect("valid");
    let standing = consent::standing(Some(&network.view(2)), &ConsentScope::ShareWithFire, &today());
    assert_eq!(standing.agreement, Agreement::Given);
}

//! Random concurrent histories of three devices: order does not matter, nothing recorded vanishes, caution is the same
//! everywhere.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::records::caution;
use doorstep_client_core::records::home::{Clutter, Hazard, HazardState, Severity};
use doorstep_client_core::records::{
    ChangeHash, Class, Document, Path, Reading, RowId, Value, conflicts, hazard_codes::Scheme, read,
};
use doorstep_protocol::{ActorId, DocumentId, Millis};
use proptest::prelude::*;

const ID: DocumentId = DocumentId([3; 16]);
const DEVICES: usize = 3;

/// What one device does next.
#[derive(Clone, Debug)]
enum Step {
    /// Records a hazard.
    Create(usize),
    /// Sets the severity of one of the rows it sees.
    Severity(usize, usize, usize),
    /// Sets the state of one.
    State(usize, usize, usize),
    /// Rates a room.
    Clutter(usize, i64),
    /// Empties the note of one.
    ClearRoom(usize, usize),
    /// Takes over everything that another device has.
    Pull(usize, usize),
    /// Settles the first dispute it sees.
    Resolve(usize),
    /// Saves and loads.
    Restart(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..DEVICES;
    prop_oneof![
        3 => device.clone().prop_map(Step::Create),
        4 => (device.clone(), 0..8usize, 0..4usize).prop_map(|(d, r, v)| Step::Severity(d, r, v)),
        2 => (device.clone(), 0..8usize, 0..5usize).prop_map(|(d, r, v)| Step::State(d, r, v)),
        1 => (device.clone(), 1..10i64).prop_map(|(d, v)| Step::Clutter(d, v)),
        1 => (device.clone(), 0..8usize).prop_map(|(d, r)| Step::ClearRoom(d, r)),
        2 => (device.clone(), 0..DEVICES).prop_map(|(d, o)| Step::Pull(d, o)),
        1 => device.clone().prop_map(Step::Resolve),
        1 => device.prop_map(Step::Restart),
    ]
}

struct World {
    devices: Vec<Document>,
    changes: Vec<Vec<u8>>,
    created: BTreeSet<RowId>,
    clock: u64,
    sessions: Vec<u8>,
}

impl World {
    fn new() -> Self {
        let home = || Document::genesis(Class::Home, ID).expect("built");
        Self {
            devices: (0..DEVICES).map(|_| home()).collect(),
            changes: Vec::new(),
            created: BTreeSet::new(),
            clock: 1,
            sessions: vec![0; DEVICES],
        }
    }

    fn actor(&self, device: usize) -> ActorId {
        let mut actor = [device as u8 + 1; 16];
        actor[15] = self.sessions[device];
        ActorId(actor)
    }

    fn row(&self, device: usize, at: usize) -> Option<RowId> {
        let rows = read(&self.devices[device], &|_| None).rows::<Hazard>(Reading::Shown);
        if rows.is_empty() { None } else { Some(rows[at % rows.len()].row) }
    }

    fn run(&mut self, step: &Step) {
        self.clock += 1;
        let (now, fresh) = (Millis(self.clock), RowId([self.clock as u8; 16]));
        let made = match step {
            Step::Create(device) => {
                let hazard = Hazard {
                    scheme: Some(Scheme::OtV1),
                    code: Some("mats".into()),
                    severity: Some(Severity::Low),
                    room: Some("hall".into()),
                    ..Hazard::default()
                };
                self.created.insert(fresh);
                let actor = self.actor(*device);
                self.devices[*device].edit(actor, now, |edit| edit.create(fresh, &hazard)).expect("valid")
            }
            Step::Severity(device, row, code) => {
                let Some(row) = self.row(*device, *row) else { return };
                let severity = Severity::from_code(Severity::CODES[*code]);
                let set = Hazard { severity: Some(severity), ..Hazard::default() };
                let actor = self.actor(*device);
                self.devices[*device].edit(actor, now, |edit| edit.update(row, &set)).expect("valid")
            }
            Step::State(device, row, code) => {
                let Some(row) = self.row(*device, *row) else { return };
                let set =
                    Hazard { state: Some(HazardState::from_code(HazardState::CODES[*code])), ..Hazard::default() };
                let actor = self.actor(*device);
                self.devices[*device].edit(actor, now, |edit| edit.update(row, &set)).expect("valid")
            }
            Step::Clutter(device, rating) => {
                let clutter = Clutter { room: Some("hall".into()), rating: Some(*rating), ..Clutter::default() };
                self.created.insert(fresh);
                let actor = self.actor(*device);
                self.devices[*device].edit(actor, now, |edit| edit.create(fresh, &clutter)).expect("valid")
            }
            Step::ClearRoom(device, row) => {
                let Some(row) = self.row(*device, *row) else { return };
                let actor = self.actor(*device);
                self.devices[*device].edit(actor, now, |edit| edit.clear::<Hazard>(row, "room")).expect("valid")
            }
            Step::Pull(device, other) => {
                let raw = self.devices[*other].changes_since(&self.devices[*device].heads());
                let applied = self.devices[*device].apply(&raw).expect("sound");
                assert!(applied.parked.is_empty());
                Vec::new()
            }
            Step::Resolve(device) => {
                let Some(first) = conflicts(&read(&self.devices[*device], &|_| None)).into_iter().next() else {
                    return;
                };
                let actor = self.actor(*device);
                self.devices[*device]
                    .edit(actor, now, |edit| edit.resolve(&first.path, &first.cautious))
                    .expect("among the values")
            }
            Step::Restart(device) => {
                let saved = self.devices[*device].save().expect("sound");
                self.devices[*device] = Document::load(Class::Home, ID, &saved).expect("our own bytes");
                self.sessions[*device] += 1;
                Vec::new()
            }
        };
        self.changes.extend(made);
    }
}

/// A change, everything before it, and what it wrote.
struct Made {
    hash: ChangeHash,
    before: BTreeSet<ChangeHash>,
    writes: Vec<(Path, Value)>,
}

/// For each field its values that no later change has seen, taken from the changes themselves and not from the document.
fn unseen_values(changes: &[Vec<u8>]) -> BTreeMap<Path, BTreeSet<Value>> {
    // Replay in causal order; each change's writes are what it added to a document that holds just what it follows.
    let mut made: Vec<Made> = Vec::new();
    for raw in changes {
        let change = automerge::Change::try_from(raw.as_slice()).expect("our own");
        let mut before: BTreeSet<ChangeHash> = change.deps().iter().copied().collect();
        for earlier in made.iter().filter(|earlier| change.deps().contains(&earlier.hash)) {
            before.extend(earlier.before.iter().copied());
        }
        let ancestors: Vec<&Vec<u8>> = made
            .iter()
            .zip(changes)
            .filter(|(earlier, _)| before.contains(&earlier.hash))
            .map(|(_, raw)| raw)
            .collect();
        let mut document = Document::genesis(Class::Home, ID).expect("built");
        document.apply(&ancestors).expect("sound");
        document.apply(&[raw]).expect("sound");
        let view = read(&document, &|_| None);
        let mut writes = Vec::new();
        for (collection, section) in &view.sections {
            for (row, fields) in &section.rows {
                for (field, values) in &fields.fields {
                    for said in &values.values {
                        if said.by.as_ref().is_some_and(|by| by.change == change.hash()) {
                            let path = Path { collection: collection.clone(), row: *row, field: field.clone() };
                            writes.push((path, said.value.clone()));
                        }
                    }
                }
            }
        }
        made.push(Made { hash: change.hash(), before, writes });
    }
    let mut unseen: BTreeMap<Path, BTreeSet<Value>> = BTreeMap::new();
    for one in &made {
        for (path, value) in &one.writes {
            let is_superseded = made
                .iter()
                .any(|later| later.before.contains(&one.hash) && later.writes.iter().any(|(other, _)| other == path));
            if !is_superseded {
                unseen.entry(path.clone()).or_default().insert(value.clone());
            }
        }
    }
    unseen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn order_does_not_matter_and_nothing_vanishes(
        steps in prop::collection::vec(step(), 1..40),
        shuffle in any::<prop::sample::Index>(),
        batches in 1..5usize,
    ) {
        let mut world = World::new();
        steps.iter().for_each(|step| world.run(step));

        // One device takes everything at once, another in reverse, a third rotated and in batches, parking what is early.
        let mut at_once = Document::genesis(Class::Home, ID).expect("built");
        prop_assert!(at_once.apply(&world.changes).expect("sound").parked.is_empty());
        let mut reverse = Document::genesis(Class::Home, ID).expect("built");
        let reversed: Vec<_> = world.changes.iter().rev().cloned().collect();
        reverse.apply(&reversed).expect("sound");
        let mut piecemeal = Document::genesis(Class::Home, ID).expect("built");
        let mut rotated = world.changes.clone();
        if !rotated.is_empty() {
            let by = shuffle.index(rotated.len());
            rotated.rotate_left(by);
        }
        let mut waiting: Vec<Vec<u8>> = Vec::new();
        for batch in rotated.chunks(batches) {
            waiting.extend_from_slice(batch);
            let applied = piecemeal.apply(&waiting).expect("sound");
            waiting = applied.parked.iter().map(|at| waiting[*at].clone()).collect();
        }
        prop_assert!(waiting.is_empty());
        for document in &mut world.devices {
            document.apply(&world.changes).expect("sound");
        }

        let view = read(&at_once, &|_| None);
        for document in [&reverse, &piecemeal].into_iter().chain(&world.devices) {
            prop_assert_eq!(document.heads(), at_once.heads());
            prop_assert_eq!(&read(document, &|_| None), &view);
        }
        let reloaded = Document::load(Class::Home, ID, &at_once.save().expect("sound")).expect("our own bytes");
        prop_assert_eq!(&read(&reloaded, &|_| None), &view);

        // Each row that was created is there.
        let shown: BTreeSet<RowId> = view.sections.values().flat_map(|section| section.rows.keys().copied()).collect();
        prop_assert_eq!(&shown, &world.created);
        // Each value that nobody replaced knowingly is there, and no other.
        for (path, values) in unseen_values(&world.changes) {
            let held = &view.row(&path.collection, path.row).expect("the row is there").fields[&path.field];
            let shown: BTreeSet<Value> = held.values.iter().map(|said| said.value.clone()).collect();
            prop_assert_eq!(shown, values.clone(), "{:?}", path);
            // What is shown to crews is one of them, and the same however they are listed.
            let rule = caution::rule(Class::Home, &path.collection, &path.field);
            let cautious = held.value(Reading::Cautious, rule).expect("there is a value");
            prop_assert!(values.contains(cautious));
            if rule != caution::Caution::Unordered {
                prop_assert_eq!(rule.most_cautious(values.iter()), Some(cautious));
                prop_assert_eq!(rule.most_cautious(values.iter().rev()), Some(cautious));
            }
        }
    }
}

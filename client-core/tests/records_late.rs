//! Containers that came after the genesis change of their class: the same change everywhere, brought along by whoever needs it
//! first.

use std::collections::BTreeSet;

use doorstep_client_core::records::answers::Answer;
use doorstep_client_core::records::clocks::{Step, StepKind};
use doorstep_client_core::records::function::{Assistance, Evacuation};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::Hazard;
use doorstep_client_core::records::{
    Class, Collections as _, Date, Document, EditError, Reading, RowId, inspect, late, read,
};
use doorstep_protocol::{ActorId, DocumentId, Millis};
use proptest::prelude::*;

const ID: DocumentId = DocumentId([7; 16]);

fn home() -> Document {
    Document::genesis(Class::Home, ID).expect("built")
}

fn answer(question: &str) -> Answer {
    Answer {
        form: Some("safe-and-well".into()),
        version: Some(1),
        question: Some(question.into()),
        truth: Some(true),
        ..Answer::default()
    }
}

fn step() -> Step {
    Step { hazard: Some(RowId([1; 16])), kind: Some(StepKind::MadeSafe), at: Some(Millis(5)), ..Step::default() }
}

/// These changes are made by every device, for ever. One of a version to come stands among them.
#[test]
fn the_changes_of_late_containers_are_pinned() {
    let pinned = [
        (Class::Home, "answers", "118bbffc0e45abca7f8a23646dea036b99cb777e46c360541267ef0d61ad51f2"),
        (Class::Home, "steps", "31e840fa28373e7b77403969d6890e3de87bbf07f1a52ad482f2d46db2ef6e52"),
        (Class::Home, "assessments", "931f73eea00b138cc367944cf1bdbcbbfcdafe8e5063e5812e80709a075924cd"),
        (Class::Home, "photographs", "e516e98e8a27b94526014d69e92e8fc00077d1dac7beb0cf28794825e9009002"),
        (Class::Home, "drones", "096e5a839584df95c125da67502d0d4edabfeaeade544827211a3ae4ce6fff8f"),
        (Class::Function, "conditions", "ef5ada55b718a117fcb2fd9223d7fdee3771d87c3aa09879fef8b26df297cc41"),
        (Class::Function, "evacuation", "5f91f17fea46706dcc4b330700757dc3926856b518a26a47e45c080e9d6ab668"),
        (Class::Function, "answers", "e9f302fbcd74dff7c77adbb7851f7ddd5591f474bea1aeaff66952e004d54bba"),
        (Class::Sealed, "reasons", "c5c1a9a927d82b0845e33b90207a62120faca08c65ad426a8d6d225da1c243f9"),
        (Class::Directory, "packs", "6a3333ac5a745b837a32ba9d111d5cea8873f2b4cd4ea519a30b172bf4028d00"),
        (Class::Index, "decisions", "52b97c827eaca259d8895cd8601735eee63a7f170b4cf524524dd6dc2488194f"),
        (Class::Home, "decisions", "4d3470d1c66ef7792f6d89ee384e782261931818477940d230fcb6f140364813"),
        (Class::Fire, "decisions", "09e11e57f760cde2bf962038cecd7e455560fe30917d3e8b90c4dd42a30094e6"),
        (Class::Identity, "decisions", "9346fa5c6b9acd0a99c3c379e7237fb81005e3b99cb8c0bd02e0f5028208e681"),
        (Class::Communication, "decisions", "ecf540cdffbce8fe5f5ce59882ce390d1b0e2df399dc23ae9955c86397b7970c"),
        (Class::Function, "decisions", "2a32394de6d2d84c9ad5b18cfd4fa9cac571f11045614927bf27c3b919a407b6"),
        (Class::Network, "decisions", "bec734bf4f845ecc44feb2010c871d632670c7c0072d3dea0fbdc633b53cbf28"),
        (Class::Register, "decisions", "81ca24669d5c169c9f16ba2953fd759be1675f02efa7d437ada9edfe4f7592da"),
        (Class::Directory, "decisions", "2dc30725c2dfa6fc5bf326842dd843e7c7486e39e6793183ff55bbc2baa7f47b"),
    ];
    let mut found = Vec::new();
    for (class, name, _) in pinned {
        let raw = late::container_change(class, name).expect("a name");
        assert_eq!(late::container_of(class, &raw).as_deref(), Some(name));
        found.push((class, name, inspect(&raw).expect("a change").hash.to_string()));
    }
    let expected: Vec<_> = pinned.iter().map(|(class, name, hash)| (*class, *name, (*hash).to_owned())).collect();
    assert_eq!(found, expected);
    for class in Class::ALL {
        for container in class.late_containers() {
            assert!(
                pinned.iter().any(|(of, name, _)| of == class && *name == container.name),
                "{class}/{}",
                container.name
            );
        }
    }
}

#[test]
fn the_first_row_brings_its_container_along_and_the_second_does_not() {
    let mut tablet = home();
    let made =
        tablet.edit(ActorId([1; 16]), Millis(1), |edit| edit.create(RowId([1; 16]), &answer("a"))).expect("valid");
    assert_eq!(made.len(), 2);
    assert_eq!(late::container_of(Class::Home, &made[0]).as_deref(), Some("answers"));
    let more =
        tablet.edit(ActorId([1; 16]), Millis(2), |edit| edit.create(RowId([2; 16]), &answer("b"))).expect("valid");
    assert_eq!(more.len(), 1);
    // Two at once, and a single one.
    let mut desk = home();
    let made = desk.edit(ActorId([2; 16]), Millis(1), |edit| {
        edit.create(RowId([3; 16]), &answer("c"))?;
        edit.create(RowId([4; 16]), &step())
    });
    assert_eq!(made.expect("valid").len(), 3);
    desk.apply(&tablet.changes_since(&[])).expect("sound");
    tablet.apply(&desk.changes_since(&[])).expect("sound");
    assert_eq!(tablet.heads(), desk.heads());
    for document in [&tablet, &desk] {
        let view = read(document, &|_| None);
        assert_eq!((view.rows::<Answer>(Reading::Shown).len(), view.rows::<Step>(Reading::Shown).len()), (3, 1));
    }
    let mut function = Document::genesis(Class::Function, ID).expect("built");
    let plan = Evacuation {
        assistance: Some(Assistance::OnePerson),
        agreed_on: Some("2026-05-01".parse::<Date>().expect("a day")),
        review_due: Some("2027-05-01".parse::<Date>().expect("a day")),
        ..Evacuation::default()
    };
    assert_eq!(function.edit(ActorId([1; 16]), Millis(1), |edit| edit.put(&plan)).expect("valid").len(), 2);
    assert_eq!(read(&function, &|_| None).single::<Evacuation>(Reading::Shown).expect("there").value, plan);
    assert!(function.edit(ActorId([1; 16]), Millis(2), |edit| edit.put(&plan)).expect("valid").is_empty());
}

/// A newer version reads what an older one made: nothing is in a container that is not there.
#[test]
fn a_document_without_the_container_reads_as_empty() {
    let mut older = home();
    let hazard = Hazard { scheme: Some(Scheme::OtV1), code: Some("mats".into()), ..Hazard::default() };
    older.edit(ActorId([1; 16]), Millis(1), |edit| edit.create(RowId([1; 16]), &hazard)).expect("valid");
    let view = read(&older, &|_| None);
    assert!(view.rows::<Answer>(Reading::Shown).is_empty());
    assert_eq!(view.rows::<Hazard>(Reading::Shown).len(), 1);
    let heads = older.heads();
    let missing = older.edit(ActorId([1; 16]), Millis(2), |edit| edit.update(RowId([1; 16]), &answer("a")));
    assert!(matches!(missing, Err(EditError::NoSuchRow { .. })));
    assert_eq!(older.heads(), heads);
}

#[test]
fn a_refused_row_leaves_no_container_behind() {
    let mut tablet = home();
    let before = tablet.save().expect("sound");
    let refused = tablet.edit(ActorId([1; 16]), Millis(1), |edit| {
        edit.create(RowId([1; 16]), &answer("a"))?;
        edit.create(RowId([2; 16]), &Answer { whole: Some(3), ..answer("b") })
    });
    assert!(matches!(refused, Err(EditError::Field(error)) if error.field == "text"));
    assert_eq!(tablet.save().expect("sound"), before);
    assert!(tablet.is_empty());
}

#[derive(Clone, Debug)]
enum Doing {
    Answer(usize),
    Step(usize),
    Hazard(usize),
    Pull(usize, usize),
    Restart(usize),
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        3 => (0..3usize).prop_map(Doing::Answer),
        2 => (0..3usize).prop_map(Doing::Step),
        2 => (0..3usize).prop_map(Doing::Hazard),
        3 => (0..3usize, 0..3usize).prop_map(|(to, from)| Doing::Pull(to, from)),
        1 => (0..3usize).prop_map(Doing::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whoever_brings_a_container_first_all_devices_come_to_the_same(
        doings in prop::collection::vec(doing(), 1..30),
        turn in any::<prop::sample::Index>(),
    ) {
        let mut devices: Vec<Document> = (0..3).map(|_| home()).collect();
        let mut sessions = [0u8; 3];
        let (mut batches, mut rows) = (Vec::<Vec<Vec<u8>>>::new(), BTreeSet::new());
        for (at, doing) in doings.iter().enumerate() {
            let (now, row) = (Millis(at as u64 + 1), RowId([at as u8 + 1; 16]));
            let mut write = |device: usize, write: &mut dyn FnMut(&mut doorstep_client_core::records::Edit<'_, '_>) -> Result<(), EditError>| {
                let mut actor = [device as u8 + 1; 16];
                actor[15] = sessions[device] + 100;
                batches.push(devices[device].edit(ActorId(actor), now, write).expect("valid"));
                rows.insert(row);
            };
            match doing {
                Doing::Answer(device) => write(*device, &mut |edit| edit.create(row, &answer("q"))),
                Doing::Step(device) => write(*device, &mut |edit| edit.create(row, &step())),
                Doing::Hazard(device) => {
                    let hazard = Hazard { scheme: Some(Scheme::OtV1), code: Some("mats".into()), ..Hazard::default() };
                    write(*device, &mut |edit| edit.create(row, &hazard));
                }
                Doing::Pull(to, from) => {
                    let raw = devices[*from].changes_since(&devices[*to].heads());
                    prop_assert!(devices[*to].apply(&raw).expect("sound").parked.is_empty());
                }
                Doing::Restart(device) => {
                    devices[*device] = Document::load(Class::Home, ID, &devices[*device].save().expect("sound")).expect("ours");
                    sessions[*device] += 1;
                }
            }
        }
        // A latecomer gets the batches in another order, and offers again what was early.
        let mut latecomer = home();
        if !batches.is_empty() {
            let by = turn.index(batches.len());
            batches.rotate_left(by);
        }
        let mut waiting: Vec<Vec<u8>> = Vec::new();
        for batch in &batches {
            waiting.extend_from_slice(batch);
            let parked = latecomer.apply(&waiting).expect("sound").parked;
            waiting = parked.iter().map(|at| waiting[*at].clone()).collect();
        }
        prop_assert!(waiting.is_empty());
        let all: Vec<Vec<u8>> = batches.concat();
        for device in &mut devices {
            device.apply(&all).expect("sound");
        }
        let view = read(&latecomer, &|_| None);
        for device in &devices {
            prop_assert_eq!(device.heads(), latecomer.heads());
            prop_assert_eq!(&read(device, &|_| None), &view);
        }
        let shown: BTreeSet<RowId> = view.sections.values().flat_map(|section| section.rows.keys().copied()).collect();
        prop_assert_eq!(shown, rows);
    }
}

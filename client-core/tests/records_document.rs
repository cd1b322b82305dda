//! Documents: genesis, edits, applying what others made, and what is refused.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, ObjType, ROOT, ReadDoc};
use doorstep_client_core::records::chunk::ChunkRefused;
use doorstep_client_core::records::home::{Clutter, Dwelling, Hazard, HazardState, Severity};
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::late::container_change;
use doorstep_client_core::records::rows::{RowAbout, catalogue};
use doorstep_client_core::records::{
    ApplyError, Class, Collections as _, Document, Edit, EditError, LoadError, Path, Reading, RowId, Shape, Value,
    conflicts, genesis, inspect, read,
};
use doorstep_client_core::records::{Source, hazard_codes::Scheme};
use doorstep_protocol::{ActorId, DocumentId, Millis};

const HOME: DocumentId = DocumentId([7; 16]);

fn home() -> Document {
    Document::genesis(Class::Home, HOME).expect("home is built")
}

fn actor(n: u8) -> ActorId {
    ActorId([n; 16])
}

fn hazard(code: &str) -> Hazard {
    Hazard {
        scheme: Some(Scheme::OtV1),
        code: Some(code.to_owned()),
        room: Some("hall".to_owned()),
        severity: Some(Severity::Medium),
        state: Some(HazardState::Open),
        source: Some(Source::Observed),
        ..Hazard::default()
    }
}

/// The first change of every class, on every device, for ever.
#[test]
fn the_genesis_changes_are_pinned() {
    let pinned = [
        (Class::Index, "f1b671399e61c7d8fa165f4404bb498b62eb019fbdc072cb49251724f4ced8f5"),
        (Class::Home, "40cd54e1e4a4621f76818c93475b262d9ec43646feac4992fc269996b6bd47ae"),
        (Class::Fire, "e73e7e8367b0b956f23fd786faf6ff15bb9d00e10ced373982f7cd96d44e171c"),
        (Class::Identity, "5d4e021fb779acf62cd68378beb807345e46e12586831ed6ff8296cdbba73bd8"),
        (Class::Communication, "825068be89555fd240c949ace7f63af38d5ae6c9486c4efa02eece3e1b423447"),
        (Class::Function, "f68020171d335b48a086e4b20bdf7df350dc1cd258eefa01ba2a5e5a56cb46c6"),
        (Class::Sealed, "dd69f3c3bcfd3b0e2f5e7c5c655d1e47993db5f86a30147f172216df6b6f5c0b"),
        (Class::Network, "7899259d4a5c70df6629500431fcbe9e89d796ddc48864a1e494372ef4f5eed3"),
        (Class::HealthId, "f41d276a0fbb25eaec5858830a4cb56368fc4fa22578f76500fc6f7693b881f2"),
        (Class::Protected, "7a9d2ad15485f770d97dd7990831643ca5646ddf8e8f5c1f9da08cf078f85746"),
        (Class::Register, "430ed81a88c8a9ebcbadad30d6018077f0abdb4a96c0ea05255987a2f0130852"),
        (Class::Directory, "d5a656ef9a7ead2978374225ccb5ce2a7b7609405237c2aea01c767ecff24255"),
    ];
    let found = pinned.map(|(class, _)| (class, genesis::genesis_hash(class).expect("built").to_string()));
    assert_eq!(found, pinned.map(|(class, hash)| (class, hash.to_owned())));
    for class in Class::ALL {
        assert_eq!(Document::genesis(*class, HOME).is_ok(), class.containers().is_some(), "{class}");
    }
}

#[test]
fn a_row_comes_back_with_who_and_when() {
    let mut document = home();
    let raw = document
        .edit(actor(1), Millis(1_000), |edit| edit.create(RowId([9; 16]), &hazard("mats")))
        .expect("valid")
        .remove(0);
    let meta = inspect(&raw).expect("our own change");
    assert_eq!((meta.actor, meta.seq, meta.at), (actor(1), 1, Millis(1_000)));
    let loaded = Document::load(Class::Home, HOME, &document.save().expect("sound")).expect("our own bytes");
    assert_eq!(loaded.heads(), document.heads());
    let view = read(&loaded, &|_| None);
    let rows = view.rows::<Hazard>(Reading::Shown);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].value, hazard("mats"));
    assert_eq!(rows[0].made.as_ref().map(|by| (by.actor, by.at)), Some((actor(1), Millis(1_000))));
    assert_eq!(read(&document, &|_| None), view);
}

#[test]
fn changes_taken_together_come_in_whole_or_not_at_all() {
    let mut author = home();
    let first = author.edit(actor(1), Millis(1), |edit| edit.create(RowId([1; 16]), &hazard("mats")));
    let second = author.edit(actor(1), Millis(2), |edit| edit.create(RowId([2; 16]), &hazard("pets")));
    let (first, second) = (first.expect("valid").remove(0), second.expect("valid").remove(0));
    let mut reader = home();
    let before = reader.heads();
    assert_eq!(reader.apply_if_whole(&[&second]), Ok(None));
    assert_eq!(reader.heads(), before);
    let came = reader.apply_if_whole(&[&second, &first]).expect("sound").expect("whole");
    assert_eq!(came.new.len(), 2);
    assert_eq!(reader.heads(), author.heads());
}

#[test]
fn nothing_is_written_when_nothing_differs() {
    let mut document = home();
    let clutter = Clutter { room: Some("hall".into()), rating: Some(4), ..Clutter::default() };
    let row = RowId([1; 16]);
    document.edit(actor(1), Millis(1), |edit| edit.create(row, &clutter)).expect("valid");
    let heads = document.heads();
    assert_eq!(document.edit(actor(2), Millis(2), |edit| edit.update(row, &clutter)).expect("valid").len(), 0);
    assert_eq!(document.heads(), heads);
    document.save().expect("an edit that wrote nothing leaves no unused actor behind");
}

#[test]
fn a_refused_edit_leaves_the_document_as_it_was() {
    let mut document = home();
    let before = document.save().expect("sound");
    let error = document
        .edit(actor(1), Millis(1), |edit| {
            edit.create(RowId([1; 16]), &hazard("mats"))?;
            edit.create(RowId([2; 16]), &hazard("no-such-code"))
        })
        .expect_err("the second row is refused");
    assert!(matches!(&error, EditError::Field(field) if field.field == "code"), "{error}");
    assert_eq!(document.save().expect("sound"), before);
    // Messages never carry what was entered.
    assert!(!error.to_string().contains("no-such-code"));
}

#[test]
fn bad_values_are_refused_with_field_limit_and_remedy() {
    let mut document = home();
    for (bad, field) in [
        (Clutter { room: Some("hall".into()), rating: Some(10), ..Clutter::default() }, "rating"),
        (Clutter { room: Some(" ".into()), rating: Some(1), ..Clutter::default() }, "room"),
        (Clutter { room: Some("x".repeat(81)), rating: Some(1), ..Clutter::default() }, "room"),
        (
            Clutter { room: Some("hall".into()), rating: Some(1), anchored: Some(true), ..Clutter::default() },
            "anchored",
        ),
    ] {
        match document.edit(actor(1), Millis(1), |edit| edit.create(RowId([1; 16]), &bad)) {
            Err(EditError::Field(error)) => {
                assert_eq!(error.field, field);
                assert!(!error.limit.is_empty() && !error.remedy.is_empty());
            }
            other => panic!("{field}: {other:?}"),
        }
    }
    let mut identity = Document::genesis(Class::Identity, HOME).expect("built");
    let nameless = Person { surname: Some("Okafor".into()), ..Person::default() };
    assert!(matches!(
        identity.edit(actor(1), Millis(1), |edit| edit.put(&nameless)),
        Err(EditError::Field(error)) if error.field == "preferred_name"
    ));
    assert!(matches!(
        identity.edit(actor(1), Millis(1), |edit| edit.put(&Dwelling::default())),
        Err(EditError::NotOfThisClass { .. })
    ));
}

/// Two tablets that make one home's document offline: with the genesis change all ten hazards are there; without it the
/// maps themselves would be in conflict and one tablet's five would not be shown.
#[test]
fn two_tablets_that_create_one_home_see_all_ten_hazards() {
    let (mut one, mut two) = (home(), home());
    for n in 0..5u8 {
        one.edit(actor(1), Millis(1), |edit| edit.create(RowId([n; 16]), &hazard("mats"))).expect("valid");
        two.edit(actor(2), Millis(1), |edit| edit.create(RowId([n + 100; 16]), &hazard("floors"))).expect("valid");
    }
    one.apply(&two.changes_since(&[])).expect("sound");
    two.apply(&one.changes_since(&[])).expect("sound");
    for document in [&one, &two] {
        assert_eq!(read(document, &|_| None).rows::<Hazard>(Reading::Shown).len(), 10);
    }
    assert_eq!(one.heads(), two.heads());

    let tablet = |n: u8| {
        let mut bare = Automerge::new().with_actor(automerge::ActorId::from(vec![n; 16]));
        let mut transaction = bare.transaction();
        let hazards = transaction.put_object(ROOT, "hazards", ObjType::Map).expect("root");
        for row in 0..5u8 {
            transaction.put_object(&hazards, format!("{n}-{row}"), ObjType::Map).expect("map");
        }
        transaction.commit();
        bare
    };
    let (mut one, mut two) = (tablet(1), tablet(2));
    one.merge(&mut two).expect("merges");
    let (_, hazards) = one.get(ROOT, "hazards").expect("root").expect("there");
    assert_eq!(one.length(&hazards), 5, "this is what the genesis change is for");
}

/// Something written over a collection's key, by a fault or on purpose, hides no row.
#[test]
fn a_collection_written_over_is_still_read() {
    let mut document = home();
    document.edit(actor(1), Millis(1), |edit| edit.create(RowId([1; 16]), &hazard("mats"))).expect("valid");
    let mut raw = Automerge::load(&document.save().expect("sound")).expect("loads");
    raw.set_actor(automerge::ActorId::from(vec![3; 16]));
    let mut transaction = raw.transaction();
    transaction.put_object(ROOT, "hazards", ObjType::Map).expect("root");
    transaction.commit();
    let mut hit = Document::load(Class::Home, HOME, &raw.save_nocompress()).expect("loads");
    assert_eq!(read(&hit, &|_| None).rows::<Hazard>(Reading::Shown).len(), 1);
    hit.edit(actor(1), Millis(2), |edit| edit.create(RowId([2; 16]), &hazard("mats"))).expect("valid");
    assert_eq!(read(&hit, &|_| None).rows::<Hazard>(Reading::Shown).len(), 2);
}

#[test]
fn a_dispute_shows_every_value_and_ends_with_a_choice() {
    let mut one = home();
    let row = RowId([1; 16]);
    one.edit(actor(1), Millis(1), |edit| edit.create(row, &hazard("mats"))).expect("valid");
    let mut two = Document::load(Class::Home, HOME, &one.save().expect("sound")).expect("loads");
    let set = |severity| Hazard { severity: Some(severity), ..Hazard::default() };
    one.edit(actor(2), Millis(10), |edit| edit.update(row, &set(Severity::Low))).expect("valid");
    two.edit(actor(3), Millis(20), |edit| edit.update(row, &set(Severity::High))).expect("valid");
    one.apply(&two.changes_since(&one.heads())).expect("sound");
    let view = read(&one, &|_| None);
    let found = conflicts(&view);
    assert_eq!(found.len(), 1);
    let path = Path { collection: "hazards".into(), row, field: "severity".into() };
    assert_eq!(found[0].path, path);
    assert_eq!(found[0].cautious, Value::Text("high".into()));
    assert_eq!(found[0].source, Some(Value::Text("observed".into())));
    let mut said: Vec<_> = found[0]
        .values
        .iter()
        .map(|said| (said.value.to_string(), said.by.as_ref().map(|by| (by.actor, by.at))))
        .collect();
    said.sort();
    assert_eq!(
        said,
        [("high".to_owned(), Some((actor(3), Millis(20)))), ("low".to_owned(), Some((actor(2), Millis(10))))]
    );
    let cautious = view.rows::<Hazard>(Reading::Cautious);
    assert_eq!(
        (cautious[0].value.severity.clone(), cautious[0].disputed.clone()),
        (Some(Severity::High), vec!["severity"])
    );

    let wrong = one.edit(actor(2), Millis(30), |edit| edit.resolve(&path, &Value::Text("medium".into())));
    assert!(matches!(wrong, Err(EditError::NotAmongValues { .. })));
    one.edit(actor(2), Millis(30), |edit| edit.resolve(&path, &Value::Text("low".into()))).expect("among the values");
    let view = read(&one, &|_| None);
    assert!(conflicts(&view).is_empty());
    assert_eq!(view.rows::<Hazard>(Reading::Cautious)[0].value.severity, Some(Severity::Low));
    // Nothing is erased: both changes are still in the document.
    assert_eq!(one.len(), 5);
}

/// Automerge turns the setting of a value that it already shows into a deletion of the others; the officer who chose that
/// value would then lose to a different choice made at the same time, unseen.
#[test]
fn two_officers_who_settle_a_dispute_differently_are_both_seen() {
    let mut one = home();
    let row = RowId([1; 16]);
    one.edit(actor(1), Millis(1), |edit| edit.create(row, &hazard("mats"))).expect("valid");
    let mut two = one.clone();
    let set = |severity| Hazard { severity: Some(severity), ..Hazard::default() };
    one.edit(actor(2), Millis(2), |edit| edit.update(row, &set(Severity::Low))).expect("valid");
    two.edit(actor(3), Millis(2), |edit| edit.update(row, &set(Severity::High))).expect("valid");
    one.apply(&two.changes_since(&[])).expect("sound");
    two.apply(&one.changes_since(&[])).expect("sound");
    let path = Path { collection: "hazards".into(), row, field: "severity".into() };
    one.edit(actor(2), Millis(3), |edit| edit.resolve(&path, &Value::Text("low".into()))).expect("among the values");
    two.edit(actor(3), Millis(3), |edit| edit.resolve(&path, &Value::Text("high".into()))).expect("among the values");
    one.apply(&two.changes_since(&[])).expect("sound");
    let found = conflicts(&read(&one, &|_| None));
    assert_eq!(found.len(), 1);
    let said: Vec<_> = found[0].values.iter().filter_map(|said| said.by.as_ref()).map(|by| (by.actor, by.at)).collect();
    assert_eq!(said.len(), 2);
    assert!(said.contains(&(actor(2), Millis(3))) && said.contains(&(actor(3), Millis(3))), "{said:?}");
}

#[test]
fn the_time_the_landlord_knew_is_the_earliest_and_never_moves_later() {
    let mut one = home();
    let row = RowId([1; 16]);
    one.edit(actor(1), Millis(1), |edit| edit.create(row, &hazard("mats"))).expect("valid");
    let mut two = one.clone();
    let aware = |at| Hazard { aware_at: Some(Millis(at)), ..Hazard::default() };
    one.edit(actor(2), Millis(2), |edit| edit.update(row, &aware(500))).expect("valid");
    two.edit(actor(3), Millis(3), |edit| edit.update(row, &aware(900))).expect("valid");
    one.apply(&two.changes_since(&[])).expect("sound");
    let view = read(&one, &|_| None);
    for reading in [Reading::Shown, Reading::Cautious] {
        assert_eq!(view.rows::<Hazard>(reading)[0].value.aware_at, Some(Millis(500)));
    }
    assert!(conflicts(&view).is_empty(), "there is nothing to choose");
    for later in [700, 900, 501] {
        let refused = one.edit(actor(2), Millis(4), |edit| edit.update(row, &aware(later)));
        assert!(refused.is_err() || refused.is_ok_and(|made| made.is_empty()), "{later}");
    }
    one.edit(actor(2), Millis(5), |edit| edit.update(row, &aware(400))).expect("earlier is allowed");
    assert_eq!(read(&one, &|_| None).rows::<Hazard>(Reading::Shown)[0].value.aware_at, Some(Millis(400)));
    assert!(one.edit(actor(2), Millis(6), |edit| edit.clear::<Hazard>(row, "aware_at")).is_err());
}

/// A value that some field of a row takes, for a test that writes into every collection there is.
fn write_something(edit: &mut Edit<'_, '_>, row: &RowAbout, id: RowId) -> Option<(&'static str, Value)> {
    let samples = [
        Value::Text("words".into()),
        Value::Truth(true),
        Value::Whole(3),
        Value::Moment(Millis(5)),
        Value::Text("2026-03-01".into()),
    ];
    let fields = row.fields.iter().flat_map(|field| {
        let codes = field.codes().iter().map(|code| Value::Text((*code).to_owned()));
        samples.iter().cloned().chain(codes).map(|value| (field.name, value)).collect::<Vec<_>>()
    });
    let path = |field: &str| Path { collection: row.collection.to_owned(), row: id, field: field.to_owned() };
    fields.into_iter().find(|(field, value)| edit.settle(&path(field), value).is_ok())
}

/// In every collection of every class: a field of a newer version survives an older one that edits and saves the row, and the
/// older one's edit arrives at the newer beside it.
#[test]
fn a_field_of_a_newer_version_survives_an_older_one_in_every_collection_and_both_ways() {
    let catalogue = catalogue();
    let mut tried = 0;
    for class in Class::ALL.iter().copied().filter(|class| class.containers().is_some()) {
        let late = class.late_containers();
        for container in class.containers().unwrap_or_default().iter().chain(late) {
            let id = if container.shape == Shape::Single { RowId::SINGLE } else { RowId([1; 16]) };
            let mut older = Document::genesis(class, HOME).expect("built");
            if late.contains(container) {
                let made = container_change(class, container.name).expect("a name it can have");
                older.apply(&[made]).expect("the change that makes it");
            }
            let mut newer = Automerge::load(&older.save().expect("sound")).expect("loads");
            newer.set_actor(automerge::ActorId::from(vec![3; 16]));
            let before = newer.get_heads();
            let mut transaction = newer.transaction();
            let (_, collection) = transaction.get(ROOT, container.name).expect("root").expect("there");
            let object = match container.shape {
                Shape::Single => collection,
                Shape::Rows => transaction.put_object(&collection, id.to_string(), ObjType::Map).expect("map"),
            };
            transaction.put(&object, "odour", "sweet").expect("map");
            transaction.commit_with(CommitOptions::default().with_time(2));
            let raw: Vec<Vec<u8>> =
                newer.get_changes(&before).iter().map(|change| change.raw_bytes().to_vec()).collect();
            older.apply(&raw).expect("a newer version's change");
            let about = catalogue.iter().find(|row| (row.is_in)(class) && row.collection == container.name);
            let about = about.unwrap_or_else(|| panic!("{class}/{} is declared by no row", container.name));
            let mut wrote = None;
            let made = older
                .edit(actor(1), Millis(3), |edit| {
                    wrote = write_something(edit, about, id);
                    Ok(())
                })
                .expect("an edit");
            let (field, value) = wrote.unwrap_or_else(|| panic!("{class}/{} takes nothing", container.name));
            let again = Document::load(class, HOME, &older.save().expect("sound")).expect("loads");
            let view = read(&again, &|_| None);
            let held = &view.row(container.name, id).expect("there").fields;
            assert_eq!(held["odour"].values[0].value, Value::Text("sweet".into()), "{class}/{}", container.name);
            assert_eq!(held[field].values[0].value, value);
            let changes = made.iter().map(|raw| automerge::Change::try_from(raw.as_slice()).expect("a change"));
            newer.apply_changes(changes).expect("an older version's change");
            let of = |name: &str| newer.get(&object, name).expect("map").map(|(value, _)| value.to_string());
            assert!(of("odour").is_some_and(|word| word.contains("sweet")), "{class}/{}", container.name);
            assert!(of(field).is_some(), "{class}/{}/{field}", container.name);
            tried += 1;
        }
    }
    assert!(tried >= 48, "{tried}");
}

/// What a newer version wrote survives being edited and saved by this one.
#[test]
fn unknown_fields_collections_and_codes_survive() {
    let mut document = home();
    let row = RowId([1; 16]);
    document.edit(actor(1), Millis(1), |edit| edit.create(row, &hazard("mats"))).expect("valid");
    let mut newer = Automerge::load(&document.save().expect("sound")).expect("loads");
    newer.set_actor(automerge::ActorId::from(vec![3; 16]));
    let before = newer.get_heads();
    let mut transaction = newer.transaction();
    let (_, hazards) = transaction.get(ROOT, "hazards").expect("root").expect("there");
    let (_, held) = transaction.get(&hazards, row.to_string()).expect("map").expect("there");
    transaction.put(&held, "odour", "sweet").expect("map");
    transaction.put(&held, "severity", "extreme").expect("map");
    transaction.put(&held, "picture", vec![1u8, 2, 3]).expect("map");
    transaction.put(&held, "room", 12).expect("map");
    let drones = transaction.put_object(ROOT, "drones", ObjType::Map).expect("root");
    let drone = transaction.put_object(&drones, RowId([5; 16]).to_string(), ObjType::Map).expect("map");
    transaction.put(&drone, "colour", "red").expect("map");
    transaction.commit_with(CommitOptions::default().with_time(2));
    let raw: Vec<Vec<u8>> = newer.get_changes(&before).iter().map(|change| change.raw_bytes().to_vec()).collect();

    document.apply(&raw).expect("a newer version's change");
    let typed = read(&document, &|_| None).rows::<Hazard>(Reading::Shown).remove(0).value;
    assert_eq!(typed.severity, Some(Severity::Other("extreme".into())));
    assert_eq!(typed.room, None, "a kind that does not fit reads as nothing");
    // Writing the row back as it was read touches nothing that this version does not know.
    let noted = Hazard { note: Some("seen".into()), ..typed };
    document
        .edit(actor(1), Millis(3), |edit| edit.update(row, &noted))
        .expect("an unknown code that is not changed is not refused");
    let again = Document::load(Class::Home, HOME, &document.save().expect("sound")).expect("loads");
    let view = read(&again, &|_| None);
    let fields = &view.row("hazards", row).expect("there").fields;
    assert_eq!(fields["odour"].values[0].value, Value::Text("sweet".into()));
    assert_eq!(fields["severity"].values[0].value, Value::Text("extreme".into()));
    assert_eq!(fields["picture"].values[0].value, Value::Unreadable);
    assert_eq!(fields["room"].values[0].value, Value::Whole(12));
    assert_eq!(
        view.row("drones", RowId([5; 16])).expect("there").fields["colour"].values[0].value.as_text(),
        Some("red")
    );
    // A code that this version does not know is never newly written by it.
    let new = Hazard { severity: Some(Severity::Other("worse".into())), ..Hazard::default() };
    assert!(document.edit(actor(1), Millis(4), |edit| edit.update(row, &new)).is_err());
}

#[test]
fn what_lacks_its_dependencies_is_reported_and_left_out() {
    let mut one = home();
    let raw: Vec<Vec<u8>> = (0..3u8)
        .flat_map(|n| {
            one.edit(actor(1), Millis(1), |edit| edit.create(RowId([n; 16]), &hazard("mats"))).expect("valid")
        })
        .collect();
    let mut two = home();
    let applied = two.apply(&[&raw[2], &raw[1]]).expect("sound");
    assert_eq!(applied.parked, [0, 1]);
    assert_eq!(applied.missing_deps.into_iter().collect::<Vec<_>>(), [inspect(&raw[0]).expect("sound").hash]);
    assert!(two.is_empty());
    let applied = two.apply(&[&raw[2], &raw[0], &raw[1], &raw[1]]).expect("any order");
    assert_eq!((applied.new.len(), applied.known, applied.parked.len()), (3, 1, 0));
    assert_eq!(two.heads(), one.heads());
}

/// 260 KB that inflate to hundreds of megabytes: refused by its first bytes.
#[test]
fn a_compressed_change_is_refused_unread() {
    let mut big = Automerge::new();
    let mut transaction = big.transaction();
    transaction.put(ROOT, "bomb", "0".repeat(2_000_000)).expect("root");
    transaction.commit();
    let mut change = big.get_changes(&[]).remove(0);
    let compressed = change.bytes().into_owned();
    assert!(compressed.len() < 10_000);
    let refused = ApplyError::Chunk { position: 0, refused: ChunkRefused::Compressed };
    assert_eq!(inspect(&compressed), Err(refused));
    assert_eq!(home().apply(&[compressed]), Err(refused));
    assert!(matches!(
        home().apply(&[change.raw_bytes()]),
        Err(ApplyError::Chunk { refused: ChunkRefused::TooLarge { .. }, .. })
    ));
    // The same inside a whole document.
    assert_eq!(
        Document::load(Class::Home, HOME, &big.save()).expect_err("deflated columns"),
        LoadError::Chunk(ChunkRefused::Compressed)
    );
}

/// A run of a million operations in a few bytes: counted before it is expanded.
#[test]
fn a_change_of_endless_runs_is_refused() {
    let mut many = Automerge::new();
    let mut transaction = many.transaction();
    for n in 0..20_000 {
        transaction.put(ROOT, "k", n).expect("root");
    }
    transaction.commit();
    let change = many.get_changes(&[]).remove(0);
    assert!(change.raw_bytes().len() < 300_000);
    assert!(matches!(
        inspect(change.raw_bytes()),
        Err(ApplyError::Chunk { refused: ChunkRefused::TooLarge { .. }, .. })
    ));
}

#[test]
fn other_chunks_and_other_documents_are_refused() {
    let mut document = home();
    let saved = document.save().expect("sound");
    assert!(matches!(document.apply(&[&saved]), Err(ApplyError::Chunk { refused: ChunkRefused::OtherKind, .. })));
    assert_eq!(
        Document::load(Class::Fire, HOME, &saved).expect_err("a home is no fire"),
        LoadError::OtherClass { class: Class::Fire }
    );
    let mut trailing = saved.clone();
    trailing.push(0);
    assert!(Document::load(Class::Home, HOME, &trailing).is_err());
    assert!(Document::load(Class::Home, HOME, &[]).is_err());
    let mut wrong_sum = document
        .edit(actor(1), Millis(1), |edit| edit.create(RowId([1; 16]), &hazard("mats")))
        .expect("valid")
        .remove(0);
    wrong_sum[4] ^= 1;
    assert_eq!(inspect(&wrong_sum), Err(ApplyError::Chunk { position: 0, refused: ChunkRefused::Checksum }));
}

/// Two sessions that share an actor by accident: told apart, and the document is as it was.
#[test]
fn a_cloned_session_is_noticed() {
    let (mut one, mut two) = (home(), home());
    one.edit(actor(1), Millis(1), |edit| edit.create(RowId([1; 16]), &hazard("mats"))).expect("valid");
    two.edit(actor(1), Millis(1), |edit| edit.create(RowId([2; 16]), &hazard("mats"))).expect("valid");
    let before = one.save().expect("sound");
    assert_eq!(one.apply(&two.changes_since(&[])), Err(ApplyError::ActorReused { position: 0 }));
    assert_eq!(one.save().expect("sound"), before);
}

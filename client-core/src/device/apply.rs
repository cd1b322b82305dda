//! What batches of changes make of one document: no IO, so that documents are worked on on every core at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use doorstep_protocol::{ActorId, Class, DeviceId, DocumentId, EnvelopeId, ZoneId, ZoneSeq, hash};

use super::cache::{Loaded, OnDisk, Unfolded};
use super::project::{self, Projection};
use crate::order::Order as _;
use crate::payload::ChangesPayload;
use crate::records::publish::erased::ErasedSources;
use crate::records::{Document, inspect, late};
use crate::replica::reader::{SetAside, Wait};
use crate::store::documents::{Author, Kept, Saved};
use crate::store::envelopes::Standing;

/// Work on one document.
pub(super) struct Work {
    pub(super) id: DocumentId,
    pub(super) zone: ZoneId,
    pub(super) source: Source,
    pub(super) batches: Vec<(usize, ChangesPayload, DeviceId)>,
    /// What the log erases.
    pub(super) erased: Arc<ErasedSources>,
}

pub(super) enum Source {
    Memory(Box<Loaded>),
    Disk(Kept),
    New(doorstep_protocol::Class),
}

/// What came of the work on one document.
pub(super) struct Done {
    pub(super) id: DocumentId,
    /// The document, if it was in memory. Any other goes at once: a batch of thousands would fill a tablet's memory.
    pub(super) loaded: Option<Loaded>,
    pub(super) saved: Option<(Saved, Projection)>,
    pub(super) standings: Vec<(usize, Standing)>,
    pub(super) actors: Vec<(ActorId, Author)>,
}

/// Applies the batches of one document. Each envelope stands or falls by itself.
pub(super) fn apply(work: Work) -> Done {
    let mut done = Done {
        id: work.id,
        loaded: None,
        saved: None,
        standings: Vec::with_capacity(work.batches.len()),
        actors: Vec::new(),
    };
    let was_in_memory = matches!(work.source, Source::Memory(_));
    let opened = match work.source {
        Source::Memory(loaded) => Ok(*loaded),
        Source::Disk(kept) => Loaded::open(work.id, &kept),
        Source::New(class) => Document::genesis(class, work.id).map(|document| Loaded {
            document,
            zone: work.zone,
            on_disk: OnDisk::Nothing,
        }),
    };
    let Ok(mut loaded) = opened else {
        // The document's class is not built, or its projection is damaged: a rebuild or an upgrade reads it.
        done.standings = work.batches.iter().map(|(at, ..)| (*at, Standing::Waits(Wait::NewerVersion))).collect();
        return done;
    };
    let changed = take_in(&mut loaded.document, work.batches, &mut done);
    if !changed.is_empty() {
        let projection = project::project(&loaded.document, &work.erased);
        match project::keep(&loaded.document, loaded.zone, projection.form) {
            Ok(saved) => {
                // Whoever keeps it in memory does so after the commit.
                loaded.on_disk = OnDisk::kept(&projection, Unfolded::default());
                done.saved = Some((saved, projection));
            }
            Err(_) => {
                for (_, standing) in done.standings.iter_mut().filter(|(at, _)| changed.contains(at)) {
                    *standing = Standing::SetAside(SetAside::Changes);
                }
                done.actors.clear();
                return done;
            }
        }
    }
    done.loaded = was_in_memory.then_some(loaded);
    done
}

/// Takes the batches into the document, and says in which places envelopes brought anything.
fn take_in(
    document: &mut Document,
    batches: Vec<(usize, ChangesPayload, DeviceId)>,
    done: &mut Done,
) -> BTreeSet<usize> {
    let (mut changed, class) = (BTreeSet::new(), document.class());
    // Nearly always all are sound and build on what is there: taken together they cost one copy of the document.
    let together: Vec<&[u8]> =
        batches.iter().flat_map(|(_, payload, _)| payload.changes.iter().map(Vec::as_slice)).collect();
    let is_whole = batches.len() > 1
        && batches.iter().all(|(_, payload, author)| {
            is_by(class, hash::actor_id(*author, done.id, payload.session), payload).is_ok()
        })
        && matches!(document.apply_if_whole(&together), Ok(Some(_)));
    for (at, payload, author) in batches {
        let actor = hash::actor_id(author, done.id, payload.session);
        let (standing, came_in) =
            if is_whole { (Standing::Applied, payload.changes.len()) } else { apply_batch(document, &payload, actor) };
        if came_in > 0 || standing == Standing::Applied {
            done.actors.push((actor, Author { device: author, seat: payload.seat }));
            changed.insert(at);
        }
        done.standings.push((at, standing));
    }
    changed
}

/// A batch that counts, with its place in its author's chain.
pub(super) struct Batch {
    pub(super) at: usize,
    pub(super) payload: ChangesPayload,
    pub(super) author: DeviceId,
    pub(super) zseq: ZoneSeq,
    pub(super) id: EnvelopeId,
}

/// A document that was made again.
pub(super) struct Again {
    pub(super) document: Document,
    pub(super) standings: Vec<(usize, Standing)>,
    pub(super) actors: Vec<(ActorId, Author)>,
    /// Changes of this device that build on what is not there.
    pub(super) parked: usize,
}

/// Makes a document of all that counts. Batches that contradict each other are taken in an order that every device knows, so
/// that which of them comes in does not hang on what arrived first.
pub(super) fn again(genesis: &Document, mut batches: Vec<Batch>, unsealed: &[&[u8]]) -> Again {
    let mut again = rounds(genesis, &batches);
    if again.standings.iter().any(|(_, standing)| *standing == Standing::SetAside(SetAside::Changes)) {
        batches.order_by_key(|batch| (batch.author, batch.zseq, batch.id));
        again = rounds(genesis, &batches);
    }
    for some in unsealed.chunks(doorstep_protocol::limits::BATCH_CHANGES_MAX / 8) {
        match again.document.apply(some) {
            Ok(applied) => again.parked += applied.parked.len(),
            Err(_) => again.parked += some.len(),
        }
    }
    again
}

/// Applies batches in turn, again and again while any comes further.
fn rounds(genesis: &Document, batches: &[Batch]) -> Again {
    let mut again = Again {
        document: genesis.clone(),
        standings: Vec::with_capacity(batches.len()),
        actors: Vec::new(),
        parked: 0,
    };
    let mut rest: Vec<&Batch> = batches.iter().collect();
    // Each round but the last takes something in.
    loop {
        let (mut waiting, mut came_in_all) = (Vec::new(), 0);
        for batch in rest {
            let actor = hash::actor_id(batch.author, again.document.id(), batch.payload.session);
            let (standing, came_in) = apply_batch(&mut again.document, &batch.payload, actor);
            came_in_all += came_in;
            if came_in > 0 || standing == Standing::Applied {
                again.actors.push((actor, Author { device: batch.author, seat: batch.payload.seat }));
            }
            match standing {
                Standing::Waits(_) => waiting.push(batch),
                other => again.standings.push((batch.at, other)),
            }
        }
        rest = waiting;
        if rest.is_empty() || came_in_all == 0 {
            break;
        }
    }
    again.standings.extend(rest.iter().map(|batch| (batch.at, Standing::Waits(Wait::MissingDependencies))));
    again
}

/// What became of a batch, and how many of its changes came into the document.
pub(super) fn apply_batch(document: &mut Document, payload: &ChangesPayload, actor: ActorId) -> (Standing, usize) {
    if let Err(why) = is_by(document.class(), actor, payload) {
        return (Standing::SetAside(why), 0);
    }
    match document.apply(&payload.changes) {
        Ok(applied) if applied.parked.is_empty() => (Standing::Applied, applied.new.len()),
        // Part of the batch is in the document; the rest follows when what it builds on has come.
        Ok(applied) => (Standing::Waits(Wait::MissingDependencies), applied.new.len()),
        Err(_) => (Standing::SetAside(SetAside::Changes), 0),
    }
}

/// Whether all changes are the actor's own: a forged actor and number would block the honest change for ever.
fn is_by(class: Class, actor: ActorId, payload: &ChangesPayload) -> Result<(), SetAside> {
    payload.changes.iter().try_for_each(|change| match inspect(change) {
        Ok(meta) if meta.actor == actor => Ok(()),
        // A container that came after the genesis change is made by a change of nobody's, the same everywhere.
        Ok(_) if late::container_of(class, change).is_some() => Ok(()),
        Ok(_) => Err(SetAside::Actor),
        Err(_) => Err(SetAside::Changes),
    })
}

#[cfg(test)]
mod tests {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{Automerge, ObjType, ROOT, ReadDoc};
    use doorstep_protocol::{Millis, SeatId, SessionNonce};

    use super::*;
    use crate::records::home::Hazard;
    use crate::records::{Reading, RowId, hazard_codes::Scheme, read};

    const HOME: DocumentId = DocumentId([7; 16]);
    const WRITER: ActorId = ActorId([1; 16]);
    const NEWER: &str = "drones";

    fn batch(changes: Vec<Vec<u8>>) -> ChangesPayload {
        ChangesPayload { seat: SeatId::ZERO, wall: Millis(1), session: SessionNonce::ZERO, changes, heads: Vec::new() }
    }

    /// A change made by hand in a home that holds `before`.
    fn by_hand(
        actor: &[u8; 16],
        at: i64,
        before: &[Vec<u8>],
        write: impl FnOnce(&mut automerge::transaction::Transaction<'_>),
    ) -> Vec<u8> {
        let mut home = Document::genesis(Class::Home, HOME).expect("built");
        home.apply(before).expect("sound");
        let mut raw = Automerge::load(&home.save().expect("sound")).expect("sound");
        raw.set_actor(automerge::ActorId::from(actor.as_slice()));
        let mut transaction = raw.transaction();
        write(&mut transaction);
        let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(at));
        raw.get_change_by_hash(&hash.expect("something")).expect("there").raw_bytes().to_vec()
    }

    /// What a newer version writes: a row in a container that this one has never heard of.
    fn of_a_newer_version() -> Vec<Vec<u8>> {
        let container = late::container_change(Class::Home, NEWER).expect("a name");
        let row = by_hand(&WRITER.0, 5, std::slice::from_ref(&container), |transaction| {
            let (_, drones) = transaction.get(ROOT, NEWER).expect("root").expect("there");
            let row = transaction.put_object(&drones, RowId([5; 16]).to_string(), ObjType::Map).expect("map");
            transaction.put(&row, "colour", "red").expect("map");
        });
        vec![container, row]
    }

    fn colour(document: &Document) -> Option<String> {
        let view = read(document, &|_| None);
        let field = view.row(NEWER, RowId([5; 16]))?.fields.get("colour")?.values.first()?.value.clone();
        field.as_text().map(str::to_owned)
    }

    #[test]
    fn a_container_of_a_newer_version_is_kept_passed_on_and_not_in_the_way() {
        let mut older = Document::genesis(Class::Home, HOME).expect("built");
        assert_eq!(apply_batch(&mut older, &batch(of_a_newer_version()), WRITER), (Standing::Applied, 2));
        assert_eq!(colour(&older).as_deref(), Some("red"));
        // It goes on working in its own containers, and passes everything on.
        let hazard = Hazard { scheme: Some(Scheme::OtV1), code: Some("mats".into()), ..Hazard::default() };
        older.edit(ActorId([2; 16]), Millis(9), |edit| edit.create(RowId([1; 16]), &hazard)).expect("valid");
        let saved = Document::load(Class::Home, HOME, &older.save().expect("sound")).expect("sound");
        let mut another = Document::genesis(Class::Home, HOME).expect("built");
        another.apply(&saved.changes_since(&[])).expect("sound");
        assert_eq!(another.heads(), older.heads());
        assert_eq!(colour(&another).as_deref(), Some("red"));
        assert_eq!(read(&another, &|_| None).rows::<Hazard>(Reading::Shown).len(), 1);
        // The same container that somebody else brings is the same.
        let container = late::container_change(Class::Home, NEWER).expect("a name");
        assert_eq!(apply_batch(&mut another, &batch(vec![container]), WRITER), (Standing::Applied, 0));
    }

    #[test]
    fn a_forged_container_is_refused_and_the_true_one_still_comes_in() {
        let actor = doorstep_protocol::hash::container_actor(Class::Home, NEWER).0;
        let make = |transaction: &mut automerge::transaction::Transaction<'_>, name: &str| {
            transaction.put_object(ROOT, name, ObjType::Map).expect("root");
        };
        let true_one = late::container_change(Class::Home, NEWER).expect("a name");
        let first = by_hand(&WRITER.0, 3, &[], |t| make(t, "own"));
        let forgeries = [
            ("another time", by_hand(&actor, 1, &[], |t| make(t, NEWER))),
            ("another name", by_hand(&actor, 0, &[], |t| make(t, "drone"))),
            ("no name a container can have", by_hand(&actor, 0, &[], |t| make(t, "Drones"))),
            ("a container of the genesis", by_hand(&actor, 0, &[], |t| make(t, "hazards"))),
            (
                "a list",
                by_hand(&actor, 0, &[], |t| {
                    t.put_object(ROOT, NEWER, ObjType::List).expect("root");
                }),
            ),
            ("a value", by_hand(&actor, 0, &[], |t| t.put(ROOT, NEWER, 1).expect("root"))),
            (
                "something beside it",
                by_hand(&actor, 0, &[], |t| {
                    make(t, NEWER);
                    t.put(ROOT, "class", "fire").expect("root");
                }),
            ),
            ("a number of its own", by_hand(&actor, 0, std::slice::from_ref(&true_one), |t| make(t, NEWER))),
            ("another place", by_hand(&actor, 0, std::slice::from_ref(&first), |t| make(t, NEWER))),
            ("another author", by_hand(&[9; 16], 0, &[], |t| make(t, NEWER))),
            ("another class", late::container_change(Class::Fire, NEWER).expect("a name")),
        ];
        for (what, forged) in forgeries {
            let mut home = Document::genesis(Class::Home, HOME).expect("built");
            let (standing, came_in) = apply_batch(&mut home, &batch(vec![forged]), WRITER);
            assert_eq!((standing, came_in), (Standing::SetAside(SetAside::Actor), 0), "{what}");
            assert!(home.is_empty(), "{what}");
            assert_eq!(apply_batch(&mut home, &batch(of_a_newer_version()), WRITER).0, Standing::Applied, "{what}");
        }
    }
}

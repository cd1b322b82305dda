//! One Automerge document: one record × one compartment.
//!
//! Everything that comes from elsewhere is checked as bytes, decoded under `catch_unwind` and within limits, and applied all
//! or not at all. What lacks its dependencies is reported, never queued inside Automerge.

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::CommitOptions;
use automerge::{Automerge, Change, ChangeHash, ReadDoc};
use doorstep_protocol::{ActorId, Class, DocumentId, Millis, limits};

use super::chunk::{self, ChunkRefused};
use super::edit::{Edit, EditError};
use super::genesis;
use super::late;
use super::packs::Book;
use crate::order::Order as _;

/// A document and what it is.
pub struct Document {
    class: Class,
    id: DocumentId,
    automerge: Automerge,
    /// Automerge panicked in the middle of an edit: what is in memory cannot be trusted.
    is_broken: bool,
}

/// What the header of a change says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeMeta {
    /// Its hash, which is its name.
    pub hash: ChangeHash,
    /// Who made it.
    pub actor: ActorId,
    /// The how-manieth of its actor, from 1.
    pub seq: u64,
    /// When, by the clock of the device that made it.
    pub at: Millis,
    /// What it directly follows.
    pub deps: Vec<ChangeHash>,
}

/// What an apply did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Changes that are new to the document, in the order given.
    pub new: Vec<ChangeMeta>,
    /// How many the document had.
    pub known: usize,
    /// Positions, in the order given, of changes that wait for dependencies: the caller keeps them and offers them again.
    pub parked: Vec<usize>,
    /// The dependencies that neither the document nor the batch has.
    pub missing_deps: BTreeSet<ChangeHash>,
}

/// Why a document was not made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The class has no documents in this version.
    #[error("documents of class {class} need a newer version")]
    ClassNotBuilt {
        /// The class.
        class: Class,
    },
    /// The bytes were refused before decoding.
    #[error(transparent)]
    Chunk(#[from] ChunkRefused),
    /// Automerge could not decode them.
    #[error("the document could not be decoded")]
    Undecodable,
    /// The document does not begin with the genesis change of the class.
    #[error("this is not a document of class {class}")]
    OtherClass {
        /// The class expected.
        class: Class,
    },
}

/// Why changes were not applied; the document is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// More changes, or more bytes, than one batch may hold.
    #[error("a batch holds at most {changes_max} changes and {bytes_max} bytes")]
    TooMany {
        /// Changes.
        changes_max: usize,
        /// Bytes.
        bytes_max: usize,
    },
    /// The bytes at this position were refused before decoding.
    #[error("change {position} of the batch: {refused}")]
    Chunk {
        /// Position in the batch, from 0.
        position: usize,
        /// Why.
        refused: ChunkRefused,
    },
    /// The bytes at this position could not be decoded.
    #[error("change {position} of the batch could not be decoded")]
    Undecodable {
        /// Position in the batch, from 0.
        position: usize,
    },
    /// Two different changes carry the same actor and number: a session was cloned.
    #[error("change {position} of the batch repeats an actor's number with other content")]
    ActorReused {
        /// Position in the batch, from 0.
        position: usize,
    },
    /// Automerge refused the decoded changes, or failed on them.
    #[error("the changes do not fit the document")]
    Refused,
    /// The document failed earlier and must be loaded again.
    #[error("the document must be loaded again")]
    Broken,
}

/// Decodes one raw change without applying it.
///
/// # Errors
/// [`ApplyError::Chunk`] or [`ApplyError::Undecodable`], with position 0.
pub fn inspect(raw: &[u8]) -> Result<ChangeMeta, ApplyError> {
    decode(0, raw).and_then(|change| meta(0, &change))
}

fn decode(position: usize, raw: &[u8]) -> Result<Change, ApplyError> {
    let refuse = |refused| ApplyError::Chunk { position, refused };
    chunk::check_change(raw).map_err(refuse)?;
    let change =
        catch_unwind(|| Change::try_from(raw)).ok().and_then(Result::ok).ok_or(ApplyError::Undecodable { position })?;
    chunk::check_checksum(raw, &change.hash().0).map_err(refuse)?;
    Ok(change)
}

fn meta(position: usize, change: &Change) -> Result<ChangeMeta, ApplyError> {
    // Every session's actor is 16 bytes and no clock of ours stands before 1970.
    let undecodable = ApplyError::Undecodable { position };
    Ok(ChangeMeta {
        hash: change.hash(),
        actor: ActorId::from_slice(change.actor_id().to_bytes()).ok_or(undecodable)?,
        seq: change.seq(),
        at: Millis(u64::try_from(change.timestamp()).map_err(|_| undecodable)?),
        deps: change.deps().to_vec(),
    })
}

/// Whether the document would read back from its own bytes. Automerge applies changes that its decoder then refuses inside a
/// document (a mark on a map, for one): such a document could be saved and would be lost.
fn is_readable(automerge: &Automerge) -> bool {
    Automerge::load(&automerge.save_nocompress()).is_ok_and(|again| again.get_heads() == automerge.get_heads())
}

/// A change to be applied: its place in the batch, itself, and what it says of itself.
type Ready = (usize, Change, ChangeMeta);

impl Document {
    /// A new document: the genesis change of its class and nothing else.
    ///
    /// # Errors
    /// [`LoadError::ClassNotBuilt`].
    pub fn genesis(class: Class, id: DocumentId) -> Result<Self, LoadError> {
        let automerge = genesis::document(class).ok_or(LoadError::ClassNotBuilt { class })?;
        Ok(Self { class, id, automerge, is_broken: false })
    }

    /// Reads what [`Self::save`] wrote, here or on another device.
    ///
    /// # Errors
    /// [`LoadError`]; bytes that could inflate, that hold anything after the document, or that lack the genesis change are
    /// refused.
    pub fn load(class: Class, id: DocumentId, bytes: &[u8]) -> Result<Self, LoadError> {
        let genesis = genesis::genesis_hash(class).ok_or(LoadError::ClassNotBuilt { class })?;
        chunk::check_document(bytes, limits::DOCUMENT_INFLATED_BYTES_MAX)?;
        let automerge =
            catch_unwind(|| Automerge::load(bytes)).ok().and_then(Result::ok).ok_or(LoadError::Undecodable)?;
        if automerge.get_change_meta_by_hash(&genesis).is_none() {
            return Err(LoadError::OtherClass { class });
        }
        Ok(Self { class, id, automerge, is_broken: false })
    }

    /// [`Self::load`], with changes on top that this device made to it and kept itself, in the order in which they were made.
    /// Those that it has are passed over, and so are those whose dependencies are not there.
    ///
    /// # Errors
    /// [`LoadError`].
    pub fn load_with<B: AsRef<[u8]>>(
        class: Class,
        id: DocumentId,
        bytes: &[u8],
        later: &[B],
    ) -> Result<Self, LoadError> {
        let mut document = Self::load(class, id, bytes)?;
        let mut on_top: Vec<Change> = Vec::with_capacity(later.len());
        let mut known: BTreeSet<ChangeHash> = BTreeSet::new();
        for raw in later {
            let change = decode(0, raw.as_ref()).map_err(|_| LoadError::Undecodable)?;
            let hash = change.hash();
            let fits = change.deps().iter().all(|dep| known.contains(dep) || document.contains(dep));
            if fits && !document.contains(&hash) && known.insert(hash) {
                on_top.push(change);
            }
        }
        if !on_top.is_empty() {
            let applied = catch_unwind(AssertUnwindSafe(|| document.automerge.apply_changes(on_top)));
            applied.ok().and_then(Result::ok).ok_or(LoadError::Undecodable)?;
        }
        Ok(document)
    }

    /// The whole document, uncompressed (what it is sealed in compresses, with a cap on the way back).
    ///
    /// # Errors
    /// [`ApplyError::Broken`] after a failure; [`ApplyError::Refused`] if Automerge fails.
    pub fn save(&self) -> Result<Vec<u8>, ApplyError> {
        if self.is_broken {
            return Err(ApplyError::Broken);
        }
        catch_unwind(AssertUnwindSafe(|| self.automerge.save_nocompress())).map_err(|_| ApplyError::Refused)
    }

    /// The class.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> DocumentId {
        self.id
    }

    /// The changes that nothing follows, sorted.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        self.automerge.get_heads()
    }

    /// How many changes it holds, the genesis change included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.automerge.get_changes_meta(&[]).len()
    }

    /// Nothing was recorded: the genesis change stands alone.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        genesis::genesis_hash(self.class).is_some_and(|genesis| self.heads() == [genesis])
    }

    /// Whether it holds a change.
    #[must_use]
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.automerge.get_change_meta_by_hash(hash).is_some()
    }

    /// Raw changes that a holder of `heads` lacks, each after what it follows. Heads that are unknown here are ignored; the
    /// genesis change is never among them, since every device has it.
    #[must_use]
    pub fn changes_since(&self, heads: &[ChangeHash]) -> Vec<Vec<u8>> {
        let genesis = genesis::genesis_hash(self.class);
        let known: Vec<ChangeHash> = heads.iter().copied().chain(genesis).filter(|head| self.contains(head)).collect();
        self.automerge
            .get_changes(&known)
            .iter()
            .filter(|change| Some(change.hash()) != genesis)
            .map(|change| change.raw_bytes().to_vec())
            .collect()
    }

    /// Makes one change of all that `write` does, and returns its raw bytes; nothing when it changed nothing. Before it stand
    /// the changes that make the containers it is the first to need ([`super::late`]); `write` is run again once they are
    /// there. When `write` fails nothing is changed. `actor` must be this session's own: see
    /// [`doorstep_protocol::hash::actor_id`].
    ///
    /// # Errors
    /// What `write` returns; [`EditError::Document`] when the document must be loaded again.
    pub fn edit(
        &mut self,
        actor: ActorId,
        now: Millis,
        write: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<Vec<Vec<u8>>, EditError> {
        self.edit_by(Book::shipped(), actor, now, write)
    }

    /// [`Self::edit`], with the code lists that a device knows.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn edit_by(
        &mut self,
        book: &Book,
        actor: ActorId,
        now: Millis,
        mut write: impl FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<Vec<Vec<u8>>, EditError> {
        self.edit_in_rounds(book, actor, now, &mut write)
    }

    fn edit_in_rounds(
        &mut self,
        book: &Book,
        actor: ActorId,
        now: Millis,
        write: &mut dyn FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> Result<Vec<Vec<u8>>, EditError> {
        let mut made = Vec::new();
        let mut before = None;
        // Each round but the last makes a container that was not there.
        let edited = loop {
            match self.edit_once(book, actor, now, write) {
                (_, Some(name)) => {
                    before.get_or_insert_with(|| self.automerge.clone());
                    match self.make_container(name) {
                        Ok(raw) => made.push(raw),
                        Err(error) => break Err(error),
                    }
                }
                (edited, None) => break edited,
            }
        };
        if !matches!(edited, Ok(Some(_)))
            && let Some(before) = before
        {
            self.automerge = before;
        }
        let Some(raw) = edited? else { return Ok(Vec::new()) };
        made.push(raw);
        Ok(made)
    }

    /// One run of `write`: what came of it, and the container it lacked.
    fn edit_once(
        &mut self,
        book: &Book,
        actor: ActorId,
        now: Millis,
        write: &mut dyn FnMut(&mut Edit<'_, '_>) -> Result<(), EditError>,
    ) -> (Result<Option<Vec<u8>>, EditError>, Option<&'static str>) {
        let at = i64::try_from(now.0);
        let (false, Ok(at)) = (self.is_broken, at) else { return (Err(EditError::Document), None) };
        let class = self.class;
        self.automerge.set_actor(automerge::ActorId::from(actor.0.as_slice()));
        let edited = catch_unwind(AssertUnwindSafe(|| {
            let mut transaction = self.automerge.transaction();
            let mut edit = Edit::new(&mut transaction, class, book);
            let (written, lacks) = (write(&mut edit), edit.lacks());
            if written.is_ok() && lacks.is_none() {
                return (written.map(|()| transaction.commit_with(CommitOptions::default().with_time(at)).0), None);
            }
            transaction.rollback();
            (written.map(|()| None), lacks)
        }));
        match edited {
            Ok((_, lacks @ Some(_))) => (Ok(None), lacks),
            Ok((Err(error), None)) => (Err(error), None),
            Ok((Ok(None), None)) => (Ok(None), None),
            Ok((Ok(Some(hash)), None)) => {
                let change = self.automerge.get_change_by_hash(&hash);
                (change.map(|change| Some(change.raw_bytes().to_vec())).ok_or(EditError::Document), None)
            }
            Err(_) => {
                self.is_broken = true;
                (Err(EditError::Document), None)
            }
        }
    }

    fn make_container(&mut self, name: &str) -> Result<Vec<u8>, EditError> {
        let change = late::change(self.class, name).filter(|change| !self.contains(&change.hash()));
        let change = change.ok_or(EditError::Document)?;
        let raw = change.raw_bytes().to_vec();
        match catch_unwind(AssertUnwindSafe(|| self.automerge.apply_changes([change]))) {
            Ok(applied) => applied.map(|()| raw).map_err(EditError::from),
            Err(_) => {
                self.is_broken = true;
                Err(EditError::Document)
            }
        }
    }

    /// Applies raw changes. Those whose dependencies neither the document nor the batch has are left out and reported; the
    /// order within the batch does not matter.
    ///
    /// # Errors
    /// [`ApplyError`]; then nothing was applied.
    pub fn apply<B: AsRef<[u8]>>(&mut self, raw: &[B]) -> Result<Applied, ApplyError> {
        let (applied, ready) = self.examine(raw)?;
        self.take_in(applied, ready)
    }

    /// [`Self::apply`], unless any of them would be left out: then `None`, and nothing is applied.
    ///
    /// # Errors
    /// [`ApplyError`]; then nothing was applied.
    pub fn apply_if_whole<B: AsRef<[u8]>>(&mut self, raw: &[B]) -> Result<Option<Applied>, ApplyError> {
        let (applied, ready) = self.examine(raw)?;
        if applied.parked.is_empty() { self.take_in(applied, ready).map(Some) } else { Ok(None) }
    }

    /// Which of the changes are new and can be applied, in their order.
    fn examine<B: AsRef<[u8]>>(&self, raw: &[B]) -> Result<(Applied, Vec<Ready>), ApplyError> {
        if self.is_broken {
            return Err(ApplyError::Broken);
        }
        let bytes_total: usize = raw.iter().map(|one| one.as_ref().len()).sum();
        if raw.len() > limits::BATCH_CHANGES_MAX || bytes_total > limits::BATCH_INFLATED_BYTES_MAX {
            return Err(ApplyError::TooMany {
                changes_max: limits::BATCH_CHANGES_MAX,
                bytes_max: limits::BATCH_INFLATED_BYTES_MAX,
            });
        }
        let mut applied = Applied::default();
        let mut fresh: BTreeMap<ChangeHash, Ready> = BTreeMap::new();
        for (position, one) in raw.iter().enumerate() {
            let change = decode(position, one.as_ref())?;
            let meta = meta(position, &change)?;
            if self.contains(&meta.hash) || fresh.contains_key(&meta.hash) {
                applied.known += 1;
            } else {
                fresh.insert(meta.hash, (position, change, meta));
            }
        }
        self.park(&mut fresh, &mut applied);
        self.refuse_reused_actors(&fresh)?;
        let mut ready: Vec<Ready> = fresh.into_values().collect();
        ready.order_by_key(|(position, ..)| *position);
        Ok((applied, ready))
    }

    fn take_in(&mut self, mut applied: Applied, ready: Vec<Ready>) -> Result<Applied, ApplyError> {
        if ready.is_empty() {
            return Ok(applied);
        }
        // Automerge does not undo a half-done apply, so it works on a copy, which its columns make cheap.
        let mut copy = self.automerge.clone();
        let changes: Vec<Change> = ready.iter().map(|(_, change, _)| change.clone()).collect();
        let before = self.automerge.get_heads();
        // A change that is not written as Automerge writes it applies, but comes out of the document with other bytes and so
        // another hash: the document could be saved and never be loaded again. So what went in must come out.
        let is_faithful = catch_unwind(AssertUnwindSafe(|| {
            let raw_of: BTreeMap<ChangeHash, Vec<u8>> =
                changes.iter().map(|change| (change.hash(), change.raw_bytes().to_vec())).collect();
            copy.apply_changes(changes).is_ok()
                && copy
                    .get_changes(&before)
                    .iter()
                    .filter(|out| raw_of.get(&out.hash()).is_some_and(|raw| raw == out.raw_bytes()))
                    .count()
                    == raw_of.len()
                && is_readable(&copy)
        }));
        if !is_faithful.unwrap_or(false) {
            return Err(ApplyError::Refused);
        }
        self.automerge = copy;
        applied.new = ready.into_iter().map(|(.., meta)| meta).collect();
        Ok(applied)
    }

    /// Takes out of `fresh` whatever cannot be applied yet.
    fn park(&self, fresh: &mut BTreeMap<ChangeHash, Ready>, applied: &mut Applied) {
        let mut followers: BTreeMap<ChangeHash, Vec<ChangeHash>> = BTreeMap::new();
        let mut blocked: Vec<ChangeHash> = Vec::new();
        for (hash, (.., meta)) in fresh.iter() {
            for dep in &meta.deps {
                if fresh.contains_key(dep) {
                    followers.entry(*dep).or_default().push(*hash);
                } else if !self.contains(dep) {
                    applied.missing_deps.insert(*dep);
                    blocked.push(*hash);
                }
            }
        }
        // Each change is taken out once, so this ends after as many steps as there are dependencies.
        while let Some(hash) = blocked.pop() {
            if let Some((position, ..)) = fresh.remove(&hash) {
                applied.parked.push(position);
                blocked.extend(followers.remove(&hash).unwrap_or_default());
            }
        }
        applied.parked.order();
    }

    fn refuse_reused_actors(&self, fresh: &BTreeMap<ChangeHash, Ready>) -> Result<(), ApplyError> {
        if fresh.is_empty() {
            return Ok(());
        }
        let mut last_of: BTreeMap<ActorId, u64> = BTreeMap::new();
        for held in self.automerge.get_changes_meta(&[]) {
            if let Some(actor) = ActorId::from_slice(held.actor.to_bytes()) {
                let last = last_of.entry(actor).or_default();
                *last = (*last).max(held.seq);
            }
        }
        let mut seen: BTreeSet<(ActorId, u64)> = BTreeSet::new();
        for (position, _, meta) in fresh.values() {
            let is_taken = last_of.get(&meta.actor).is_some_and(|last| *last >= meta.seq);
            if is_taken || !seen.insert((meta.actor, meta.seq)) {
                return Err(ApplyError::ActorReused { position: *position });
            }
        }
        Ok(())
    }

    pub(crate) const fn automerge(&self) -> &Automerge {
        &self.automerge
    }
}

impl Clone for Document {
    fn clone(&self) -> Self {
        Self { class: self.class, id: self.id, automerge: self.automerge.clone(), is_broken: self.is_broken }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the content.
        f.debug_struct("Document").field("class", &self.class).field("id", &self.id).finish_non_exhaustive()
    }
}

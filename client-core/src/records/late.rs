//! Containers that came after the genesis change of their class was fixed.
//!
//! Each is made by a change of its own that is the same, byte for byte, on every device: an actor named by class and container,
//! number 1, time 0, on top of the genesis change, *make map `name` at the root* and nothing else. The first change that needs
//! the container brings it along, in the same batch; two devices that bring it at once bring the same one. A version that does
//! not know the name can still tell that the change is this one ([`container_of`]), keeps it and passes it on; anybody else's
//! change under such an actor is a forgery.

use automerge::legacy::Key;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, AutomergeError, Change, ObjId, ObjType, ROOT, ReadDoc};
use doorstep_protocol::{Class, hash};

use super::class::Collections as _;
use super::genesis;
use super::objects::NAME_CHARS_MAX;

/// The shortest name of a container.
const NAME_CHARS_MIN: usize = 2;

/// Whether a container may be called so: lower-case letters, digits and hyphens, and no name of the genesis change.
fn may_be_called(class: Class, name: &str) -> bool {
    let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let is_taken = [genesis::CLASS_KEY, genesis::SCHEMA_KEY].contains(&name)
        || class.containers().is_none_or(|all| all.iter().any(|container| container.name == name));
    (NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&name.len()) && is_plain && !is_taken
}

fn actor(class: Class, name: &str) -> ActorId {
    ActorId::from(hash::container_actor(class, name).0.as_slice())
}

/// The change that makes a container; `None` for a name that no container can have.
pub(crate) fn change(class: Class, name: &str) -> Option<Change> {
    if !may_be_called(class, name) {
        return None;
    }
    make(genesis::document(class)?, actor(class, name), name).ok().flatten()
}

fn make(mut document: Automerge, actor: ActorId, name: &str) -> Result<Option<Change>, AutomergeError> {
    document.set_actor(actor);
    let mut transaction = document.transaction();
    transaction.put_object(ROOT, name, ObjType::Map)?;
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(0));
    Ok(hash.and_then(|hash| document.get_change_by_hash(&hash)))
}

/// The raw bytes of the change that makes a container; `None` for a name that no container of the class can have.
#[must_use]
pub fn container_change(class: Class, name: &str) -> Option<Vec<u8>> {
    change(class, name).map(|change| change.raw_bytes().to_vec())
}

/// The map of a container that came later: known without looking it up, so that nothing written over the root key hides it.
pub(crate) fn object(class: Class, name: &str) -> Option<ObjId> {
    // It follows the genesis change alone, and its one operation takes the next number.
    let position = class.containers()?.len() as u64;
    class.late_containers().iter().find(|container| container.name == name)?;
    Some(ObjId::Id(genesis::CONTAINERS_START_OP + position, actor(class, name), 0))
}

/// The name of the container that a raw change makes, if it is, byte for byte, the change that makes it; known to this version
/// or not. The bytes must have passed [`super::inspect`].
#[must_use]
pub fn container_of(class: Class, raw: &[u8]) -> Option<String> {
    let given = Change::try_from(raw).ok()?;
    if given.len() != 1 || given.seq() != 1 || given.timestamp() != 0 {
        return None;
    }
    let name = match given.decode().operations.into_iter().next()?.key {
        Key::Map(name) => name.to_string(),
        Key::Seq(_) => return None,
    };
    (change(class, &name)?.raw_bytes() == raw).then_some(name)
}

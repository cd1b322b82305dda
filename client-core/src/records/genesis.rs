//! The fixed first change of every document of a class.
//!
//! Two tablets that meet the same home offline each make its document. Were each to create the map `hazards`, the two maps
//! would be concurrent values of one key and one tablet's hazards would be hidden. So the maps are created by one change
//! that is the same, byte for byte, on every device: a fixed actor, time 0, the collections of the class in their order.
//!
//! A later version adds containers by *further* fixed changes ([`super::late`]); it never replaces this one.

use std::sync::OnceLock;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, AutomergeError, ChangeHash, ObjId, ObjType, ROOT};

use super::class::{Collections as _, Container};
use doorstep_protocol::Class;

/// The actor of every genesis change.
pub const GENESIS_ACTOR: &[u8; 16] = b"doorstep-genesis";
/// The schema version whose collections the genesis change creates.
pub const SCHEMA_VERSION: i64 = 1;

/// The root key that names the class; the operation after it sets the schema version, the next ones the collections.
pub(crate) const CLASS_KEY: &str = "class";
pub(crate) const SCHEMA_KEY: &str = "schema";
pub(crate) const CONTAINERS_START_OP: u64 = 3;

/// The object of the collection at `position` among the containers of its class: known without looking it up, so that
/// nothing written over the root key can hide it.
pub(crate) fn container_object(position: usize) -> ObjId {
    ObjId::Id(CONTAINERS_START_OP + position as u64, ActorId::from(GENESIS_ACTOR.as_slice()), 0)
}

fn build(class: Class, containers: &[Container]) -> Result<Automerge, AutomergeError> {
    let mut document = Automerge::new().with_actor(ActorId::from(GENESIS_ACTOR.as_slice()));
    let mut transaction = document.transaction();
    transaction.put(ROOT, CLASS_KEY, class.as_str())?;
    transaction.put(ROOT, SCHEMA_KEY, SCHEMA_VERSION)?;
    for container in containers {
        transaction.put_object(ROOT, container.name, ObjType::Map)?;
    }
    transaction.commit_with(CommitOptions::default().with_time(0));
    Ok(document)
}

/// A document of the class that holds its genesis change only; `None` for a class that this version cannot make.
pub(crate) fn document(class: Class) -> Option<Automerge> {
    static MADE: [OnceLock<Option<Automerge>>; 14] = [const { OnceLock::new() }; 14];
    let cell = MADE.get(usize::from(class.code()))?;
    cell.get_or_init(|| build(class, class.containers()?).ok()).clone()
}

/// The hash of the genesis change of a class; `None` for a class that this version cannot make.
#[must_use]
pub fn genesis_hash(class: Class) -> Option<ChangeHash> {
    static HASHES: [OnceLock<Option<ChangeHash>>; 14] = [const { OnceLock::new() }; 14];
    let cell = HASHES.get(usize::from(class.code()))?;
    *cell.get_or_init(|| document(class)?.get_heads().first().copied())
}

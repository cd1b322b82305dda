//! Which entry may come next. Authority never grows without a signer who had it.
//!
//! The rule of each kind of entry is in the room of what it is about; here are the errors, the signatures, and the way in.

#[cfg(test)]
mod counts;
mod devices;
mod roots;
mod signatures;
mod teams;
mod work;
mod wraps;
mod zones;

use crate::authority::body::{self, Body, BodyError};
use crate::authority::entry::{Entry, EntryError};
use crate::authority::state::Authority;
use crate::ids::{DeviceId, LogSize, OrganisationId, SignerId};

pub(super) use roots::check_genesis;
pub(super) use signatures::check_signatures;
pub use wraps::check_delivered_wraps;

/// Why an entry may not stand where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Its bytes are not an entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The log does not begin with a genesis, or a genesis stands further on.
    #[error("a log begins with one genesis, and has no other")]
    NotGenesis,
    /// The genesis does not hold together.
    #[error("the genesis is not sound: {reason}")]
    Genesis {
        /// What is wrong.
        reason: &'static str,
    },
    /// Of another partnership.
    #[error("the entry belongs to another partnership")]
    OtherPartnership,
    /// Not the next one: the log has grown meanwhile, or an entry is missing.
    #[error("entry {found} does not follow; the next is entry {expected}")]
    NotNext {
        /// The position that is next.
        expected: LogSize,
        /// The position it names.
        found: LogSize,
    },
    /// Signatures are missing, doubled, out of order or do not hold.
    #[error("the signatures of the entry do not hold: {reason}")]
    Signatures {
        /// What is wrong.
        reason: &'static str,
    },
    /// Its author may not say this.
    #[error("{author} may not write {what}")]
    NotEntitled {
        /// The author.
        author: SignerId,
        /// The kind of entry.
        what: &'static str,
    },
    /// It names something that does not exist, is ended, or exists already.
    #[error("{what}: {reason}")]
    Refused {
        /// The kind of entry.
        what: &'static str,
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// It would pass a limit.
    #[error("{what}: more than {limit}")]
    Limit {
        /// What there would be too many of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

impl From<body::BodyError> for LogError {
    fn from(error: BodyError) -> Self {
        Self::Entry(EntryError::Body(error))
    }
}

fn refused<T>(what: &'static str, reason: &'static str) -> Result<T, LogError> {
    Err(LogError::Refused { what, reason })
}

fn require(holds: bool, what: &'static str, reason: &'static str) -> Result<(), LogError> {
    if holds { Ok(()) } else { refused(what, reason) }
}

fn within(count: usize, limit: usize, what: &'static str) -> Result<(), LogError> {
    if count <= limit { Ok(()) } else { Err(LogError::Limit { what, limit }) }
}

/// The rule of each kind of entry.
pub(super) fn check_body(state: &Authority, entry: &Entry) -> Result<(), LogError> {
    let author = Author { state, id: entry.author, what: entry.body.name() };
    match &entry.body {
        Body::Genesis(_) => Err(LogError::NotGenesis),
        Body::RootRotate(rotate) => roots::root_rotate(&author, rotate),
        Body::AdminSet(set) => roots::admin_set(&author, set),
        Body::Policy(policy) => roots::policy(&author, policy),
        Body::ServerKey(server) => roots::server_key(&author, server),
        Body::EscrowKey(escrow) => roots::escrow_key(&author, escrow),
        Body::EscrowOpen(open) => roots::escrow_open(&author, open),
        Body::DeviceAdd(add) => devices::device_add(&author, add),
        Body::DeviceRevoke(revoke) => devices::device_revoke(&author, revoke),
        Body::Freeze(freeze) => devices::freeze(&author, freeze),
        Body::Unfreeze(unfreeze) => devices::unfreeze(&author, unfreeze),
        Body::SeatAdd(add) => devices::seat_add(&author, add),
        Body::SeatRevoke(revoke) => devices::seat_revoke(&author, revoke),
        Body::TeamSet(set) => teams::team_set(&author, set),
        Body::TeamMember(member) => teams::team_member(&author, member),
        Body::TeamEpoch(epoch) => teams::team_epoch(&author, epoch),
        Body::ZoneCreate(create) => zones::zone_create(&author, create),
        Body::Grant(grant) => zones::grant_given(&author, grant),
        Body::GrantEnd(end) => zones::grant_end(&author, end),
        Body::ZoneEpoch(epoch) => zones::zone_epoch(&author, epoch),
        Body::Adopt(adopt) => work::adopt(&author, adopt),
        Body::Erase(erase) => work::erase(&author, erase),
        Body::RestorePoint(point) => work::restore_point(&author, point),
    }
}

/// The author of an entry, and what it is about to say.
struct Author<'a> {
    state: &'a Authority,
    id: SignerId,
    what: &'static str,
}

impl Author<'_> {
    fn is_root(&self) -> bool {
        self.state.roots.contains_key(&self.id)
    }

    fn not_entitled(&self) -> LogError {
        LogError::NotEntitled { author: self.id, what: self.what }
    }

    fn root(&self) -> Result<(), LogError> {
        if self.is_root() { Ok(()) } else { Err(self.not_entitled()) }
    }

    fn admin_of(&self, organisation: OrganisationId) -> Result<(), LogError> {
        if !self.state.organisations.contains_key(&organisation) {
            return refused(self.what, "there is no such organisation");
        }
        if self.state.is_admin(DeviceId(self.id.0), organisation) { Ok(()) } else { Err(self.not_entitled()) }
    }

    fn require(&self, holds: bool, reason: &'static str) -> Result<(), LogError> {
        require(holds, self.what, reason)
    }
}

//! What a desk asks beside syncing: the inbox, the ends of a device's chains, and the log for who holds a root key.

use doorstep_protocol::authority::Authority;
use doorstep_protocol::http_signature::{ClaimedRequest, VerifiedRequest};
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{
    DeviceTails, InboxClear, InboxPage, InboxRequest, RecoverAnswer, RecoverRequest, TailsRequest,
};
use doorstep_protocol::{Millis, PartnershipId, SignerId, limits};

use super::{Caller, Relay, served};
use crate::problem::Problem;
use crate::session::TokenKind;
use crate::store::{InboxMark, InboxReader, PageBytes, Receipts, Store};

/// How much one page of the inbox has; an item that is longer than it needs still fits alone.
const INBOX_PAGE: PageBytes = PageBytes { enough: 1024 * 1024, most: limits::INBOX_PAGE_BYTES_MAX - 1024 };
/// How much of the log one answer has.
const RECOVER_PAGE: PageBytes = PageBytes { enough: 1024 * 1024, most: 2 * 1024 * 1024 };

/// Who holds a root key, and has signed a challenge with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    partnership: PartnershipId,
    root: SignerId,
}

impl Root {
    /// A root whom nobody checked, for a program that carries requests itself.
    #[must_use]
    pub const fn trusted(partnership: PartnershipId, root: SignerId) -> Self {
        Self { partnership, root }
    }
}

impl<S: Store> Relay<S> {
    /// What revoked devices left, of zones that the caller may hold; wipe receipts too, for an acting admin.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn inbox(&self, caller: Caller, request: &InboxRequest, now: Millis) -> Result<InboxPage, Problem> {
        let authority = self.authority(caller.partnership)?;
        served(&authority, caller.device, now)?;
        let receipts = if authority.is_acting_admin(caller.device) { Receipts::Shown } else { Receipts::Withheld };
        let zones = authority.readable_zones(caller.device, now).into_iter().collect();
        let reader = InboxReader { zones, receipts };
        let (items, remainder) = self.store.inbox_page(caller.partnership, request.after, &reader, INBOX_PAGE)?;
        Ok(InboxPage { items, remainder })
    }

    /// Takes away items that somebody has decided about, all or none.
    ///
    /// # Errors
    /// [`Problem::NotAdmin`] when one of them is another organisation's.
    pub fn clear_inbox(&self, caller: Caller, request: &InboxClear, now: Millis) -> Result<(), Problem> {
        if !request.numbers.is_sorted_by(|a, b| a < b) {
            return Err(Problem::Malformed);
        }
        let authority = self.acting_admin(caller, now)?;
        let marks = self.store.inbox_marks(caller.partnership, &request.numbers)?;
        let is_own = |mark: &InboxMark| {
            let organisation = match mark.zone {
                Some(zone) => authority.zones().get(&zone).map(|zone| zone.organisation),
                None => authority.devices().get(&mark.device).map(|device| device.organisation),
            };
            organisation.is_some_and(|organisation| authority.is_admin(caller.device, organisation))
        };
        if !marks.iter().all(is_own) {
            return Err(Problem::NotAdmin);
        }
        let numbers = marks.iter().map(|mark| mark.number).collect();
        Ok(self.store.clear_inbox(caller.partnership, numbers)?)
    }

    /// The last envelope of a device in every zone: what a revocation names as its cuts.
    ///
    /// # Errors
    /// [`Problem::NotAdmin`] when the caller is no acting admin.
    pub fn tails_of(&self, caller: Caller, request: &TailsRequest, now: Millis) -> Result<DeviceTails, Problem> {
        self.acting_admin(caller, now)?;
        Ok(DeviceTails { tails: self.store.tails(caller.partnership, request.device)? })
    }

    fn acting_admin(&self, caller: Caller, now: Millis) -> Result<std::sync::Arc<Authority>, Problem> {
        let authority = self.authority(caller.partnership)?;
        served(&authority, caller.device, now)?;
        if authority.is_acting_admin(caller.device) { Ok(authority) } else { Err(Problem::NotAdmin) }
    }

    /// Checks that a root key of the log signed a challenge; its id stands where a device's would.
    ///
    /// # Errors
    /// [`Problem::Unauthorised`], whatever is wrong.
    pub fn authenticate_root(&self, claimed: ClaimedRequest, now: Millis) -> Result<(Root, VerifiedRequest), Problem> {
        let whom @ (partnership, id) = (claimed.partnership(), claimed.device());
        if !self.keys.tokens().holds(TokenKind::Challenge, whom, claimed.session(), now) {
            return Err(Problem::Unauthorised);
        }
        let authority = self.authority(partnership)?;
        let root = SignerId(id.0);
        let key = authority.roots().get(&root).ok_or(Problem::Unauthorised)?;
        let verified = claimed.verify(key).map_err(|_| Problem::Unauthorised)?;
        Ok((Root { partnership, root }, verified))
    }

    /// A stretch of the log for who holds a root key.
    ///
    /// # Errors
    /// [`Problem::Unauthorised`] when the key is no root of the log any more.
    pub fn recover(&self, root: Root, request: &RecoverRequest) -> Result<RecoverAnswer, Problem> {
        if (request.partnership, request.root) != (root.partnership, root.root) {
            return Err(Problem::Malformed);
        }
        let authority = self.authority(root.partnership)?;
        if !authority.roots().contains_key(&root.root) {
            return Err(Problem::Unauthorised);
        }
        let entries = self.store.log_page(root.partnership, request.after, RECOVER_PAGE)?;
        let reached = request.after.0.saturating_add(entries.len() as u64);
        let remainder = if reached < authority.size().0 { Remainder::More } else { Remainder::Nothing };
        Ok(RecoverAnswer { entries, remainder })
    }
}

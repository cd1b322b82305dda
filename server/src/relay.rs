//! The relay without sockets: what every request means, synchronously, with the time and randomness handed in.
//!
//! The HTTP routes call it from threads that may block; a simulator calls it from its one thread. Every decision is load,
//! decide, one transaction; a commit that fails is answered by forgetting what is cached and reading the log again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use doorstep_protocol::authority::{Authority, RestorePoint, ZoneFeedPoint};
use doorstep_protocol::feed::{self, FeedPoint};
use doorstep_protocol::http_signature::{ClaimedRequest, VerifiedRequest};
use doorstep_protocol::wire::{
    AuthorTail, Challenge, ChallengeRequest, Checkpoint, LogAppend, LogAppended, Opening, ServerCard, SessionAnswer,
    SignedCheckpoint, SyncRequest,
};
use doorstep_protocol::{Bytes, DeviceId, LogHash, LogSize, Millis, PartnershipId, SignPublic, Signature, ZoneId};
use doorstep_protocol::{cbor, limits};

use crate::domain::answer::{self, Answer, AnswerParts, Need};
use crate::domain::append::{self, AppendDecision, AppendRefusal, AppendRules, CheckedAppend, LogPlace, WrapRule};
use crate::keys::Keys;
use crate::lifeline::Lifelines;
use crate::parts::PartFolder;
use crate::problem::Problem;
use crate::session::{NONCE_BYTES, TokenKind};
use crate::store::{AppendOutcome, BringRule, Presence, Store, StoreError, StoreIdentity};
use crate::watch::Hub;

mod arriving;
mod authorities;
pub mod farewell;
pub mod office;
mod parts;
mod policy;
mod push;

use arriving::Arriving;
use authorities::Authorities;
pub use policy::{PartnershipPolicy, RelayPolicy};

/// A device that is served: its request was checked, or a caller in this process vouches for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    partnership: PartnershipId,
    device: DeviceId,
}

impl Caller {
    /// The tenant.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// The device.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// A caller whom nobody checked, for a program that carries requests itself.
    #[must_use]
    pub const fn trusted(partnership: PartnershipId, device: DeviceId) -> Self {
        Self { partnership, device }
    }
}

/// The relay over a store.
#[derive(Debug)]
pub struct Relay<S> {
    store: S,
    identity: StoreIdentity,
    keys: Keys,
    policy: RelayPolicy,
    authorities: Authorities,
    arriving: Arriving,
    hub: Hub,
    lifelines: Lifelines,
    freed_bytes: AtomicU64,
    /// Sealed parts of files; none where nobody keeps them, as in a simulation.
    parts: Option<PartFolder>,
    /// Held for reading while a part is kept, for writing while parts are taken away.
    parts_kept: RwLock<()>,
    /// Partnerships whose log named another server's key when this one started.
    elsewhere: BTreeMap<PartnershipId, SignPublic>,
}

impl<S: Store> Relay<S> {
    /// A relay over a store.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not say which it is.
    pub fn new(store: S, keys: Keys, policy: RelayPolicy) -> Result<Self, StoreError> {
        let identity = store.identity()?;
        let mut relay = Self {
            store,
            identity,
            keys,
            policy,
            authorities: Authorities::default(),
            arriving: Arriving::default(),
            hub: Hub::default(),
            lifelines: Lifelines::default(),
            freed_bytes: AtomicU64::new(0),
            parts: None,
            parts_kept: RwLock::new(()),
            elsewhere: BTreeMap::new(),
        };
        relay.elsewhere = relay.named_elsewhere()?;
        Ok(relay)
    }

    fn named_elsewhere(&self) -> Result<BTreeMap<PartnershipId, SignPublic>, StoreError> {
        let mut elsewhere = BTreeMap::new();
        for partnership in self.store.partnerships()? {
            if let Some(authority) = self.authorities.get(&self.store, partnership)?
                && *authority.server_key() != self.server_key()
            {
                elsewhere.insert(partnership, *authority.server_key());
            }
        }
        Ok(elsewhere)
    }

    /// Partnerships that are here and not served, because their log names another server's key, and that key.
    #[must_use]
    pub const fn elsewhere(&self) -> &BTreeMap<PartnershipId, SignPublic> {
        &self.elsewhere
    }

    /// The partnerships that are here, ascending.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn partnerships(&self) -> Result<Vec<PartnershipId>, StoreError> {
        self.store.partnerships()
    }

    /// Bytes that erasures have freed since the start.
    #[must_use]
    pub fn freed_bytes(&self) -> u64 {
        self.freed_bytes.load(Ordering::Relaxed)
    }

    /// Ends the relay and hands back its store, as if the program had stopped.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    /// The key that a genesis must name.
    #[must_use]
    pub fn server_key(&self) -> SignPublic {
        self.keys.public()
    }

    /// The keys, to sign answers with.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Whom to tell that something is new.
    #[must_use]
    pub const fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The connections on which devices are being answered.
    #[must_use]
    pub const fn lifelines(&self) -> &Lifelines {
        &self.lifelines
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// [`Problem::Unavailable`].
    pub fn ready(&self) -> Result<(), Problem> {
        self.store.heads(PartnershipId::ZERO, &[])?;
        Ok(())
    }

    /// Who this server says it is.
    #[must_use]
    pub fn card(&self, now: Millis) -> ServerCard {
        let StoreIdentity { store, restore_epoch } = self.identity;
        ServerCard { server_key: self.server_key(), store, restore_epoch, now }
    }

    /// Appends to the authority log, or takes a partnership.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn append(&self, append: &LogAppend) -> Result<LogAppended, Problem> {
        let partnership = append.partnership;
        self.check_is_here(partnership)?;
        let bring = self.bring_rule(partnership)?;
        let stored = self.authorities.get(&self.store, partnership)?;
        let (authority, place) = match stored {
            Some(stored) => (Some(stored), LogPlace::Here),
            None => (self.arriving.state(partnership), LogPlace::Arriving),
        };
        let wraps = self.wrap_rule(partnership)?;
        let rules = AppendRules { server_key: &self.server_key(), wraps, bring: &bring, place };
        let decided = append::check(authority.as_deref(), append, rules);
        if decided.as_ref().is_err_and(|refusal| *refusal == AppendRefusal::OtherServerKey) {
            self.arriving.forget(partnership);
        }
        let (checked, state) = match decided? {
            AppendDecision::AlreadyThere { size, head, wraps } => {
                // Of a log that is arriving they come again once it is here.
                if let Some(wraps) = wraps.filter(|_| place == LogPlace::Here) {
                    self.write_log(Arc::new(*wraps))?;
                }
                return Ok(LogAppended { size, head });
            }
            AppendDecision::Arrives(part, state) => {
                if bring == BringRule::First && !self.store.partnerships()?.is_empty() {
                    return Err(Problem::PartnershipNotTaken);
                }
                let appended = LogAppended { size: part.size(), head: part.head() };
                self.arriving.keep(*part, *state)?;
                return Ok(appended);
            }
            AppendDecision::Store(last, state) if place == LogPlace::Arriving => {
                (Arc::new(self.arriving.complete(*last)?), state)
            }
            AppendDecision::Store(checked, state) => (Arc::new(*checked), state),
        };
        self.write_log(checked.clone())?;
        self.authorities.put(Arc::new(*state));
        self.cut_unserved(partnership);
        self.hub.log_grew(partnership);
        Ok(LogAppended { size: checked.size(), head: checked.head() })
    }

    fn write_log(&self, append: Arc<CheckedAppend>) -> Result<(), Problem> {
        let partnership = append.partnership();
        match self.store.append_log(append) {
            Ok(AppendOutcome::Appended { freed_bytes }) => {
                self.freed_bytes.fetch_add(freed_bytes, Ordering::Relaxed);
                if freed_bytes > 0
                    && let Err(error) = self.sweep_parts()
                {
                    // The erasure stands; the files are on the list for the next one, or the next start.
                    tracing::error!(%error, "parts that were erased are not taken from their folder yet");
                }
                Ok(())
            }
            Ok(AppendOutcome::Misnamed { seq, envelope }) => {
                Err(Problem::AppendRefused(AppendRefusal::Misnamed { seq, envelope }))
            }
            Ok(AppendOutcome::Moved) => {
                self.authorities.forget(partnership);
                let (size, _) = self.store.log_head(partnership)?;
                Err(Problem::LogConflict { size })
            }
            Ok(AppendOutcome::NotTaken) => Err(Problem::PartnershipNotTaken),
            Err(error) => {
                self.authorities.forget(partnership);
                // It may be stored all the same.
                self.cut_unserved(partnership);
                Err(error.into())
            }
        }
    }

    /// Ends what is being sent to devices that the log no longer has served.
    fn cut_unserved(&self, partnership: PartnershipId) {
        // A log that cannot be read serves nobody.
        let authority = self.authorities.get(&self.store, partnership).ok().flatten();
        self.lifelines.cut(partnership, |device| {
            authority.as_ref().is_some_and(|state| state.is_live(device) && !state.is_frozen(device))
        });
    }

    fn bring_rule(&self, partnership: PartnershipId) -> Result<BringRule, Problem> {
        match &self.policy.partnerships {
            PartnershipPolicy::First => Ok(BringRule::First),
            PartnershipPolicy::Any => Ok(BringRule::Named),
            PartnershipPolicy::Listed(ids) if ids.contains(&partnership) => Ok(BringRule::Named),
            PartnershipPolicy::Listed(_) => Err(Problem::PartnershipNotTaken),
        }
    }

    fn wrap_rule(&self, partnership: PartnershipId) -> Result<WrapRule, Problem> {
        // A log that is brought back comes from a device that holds its own keys only. A wiped store is recognised by
        // holding no work of the partnership, a restored one by its epoch.
        let restored = self.identity.restore_epoch.0 > 0;
        if restored || self.store.has_envelopes(partnership)? == Presence::Absent {
            Ok(WrapRule::MayBeAbsent)
        } else {
            Ok(WrapRule::Required)
        }
    }

    /// A challenge for a device. Also for one that does not exist: whether it does is nobody's business.
    #[must_use]
    pub fn challenge(&self, request: &ChallengeRequest, nonce: [u8; NONCE_BYTES], now: Millis) -> Challenge {
        let whom = (request.partnership, request.device);
        let (challenge, _) = self.keys.tokens().issue(TokenKind::Challenge, whom, nonce, now);
        Challenge { challenge: Bytes(challenge), now }
    }

    /// Checks who sent a request: its token was made here for this device, and the device that the log knows signed it.
    ///
    /// # Errors
    /// [`Problem::Unauthorised`], whatever is wrong; a device that proves itself is told that it was revoked, is
    /// frozen or has ended.
    pub fn authenticate(
        &self,
        claimed: ClaimedRequest,
        kind: TokenKind,
        now: Millis,
    ) -> Result<(Caller, VerifiedRequest), Problem> {
        let whom @ (partnership, device) = (claimed.partnership(), claimed.device());
        if !self.keys.tokens().holds(kind, whom, claimed.session(), now) {
            return Err(Problem::Unauthorised);
        }
        let authority = self.authorities.get(&self.store, partnership)?.ok_or(Problem::Unauthorised)?;
        let key = authority.devices().get(&device).ok_or(Problem::Unauthorised)?.sign;
        let verified = claimed.verify(&key).map_err(|_| Problem::Unauthorised)?;
        self.check_is_here(partnership)?;
        served(&authority, device, now)?;
        Ok((Caller { partnership, device }, verified))
    }

    /// Whether [`Self::authenticate`] needs no store for a partnership: its log is in memory.
    #[must_use]
    pub fn keeps_log_of(&self, partnership: PartnershipId) -> bool {
        self.authorities.keeps(partnership)
    }

    /// Opens a session for a device that answered its challenge.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn open_session(
        &self,
        caller: Caller,
        nonce: [u8; NONCE_BYTES],
        now: Millis,
    ) -> Result<SessionAnswer, Problem> {
        let Caller { partnership, device } = caller;
        let authority = self.authority(partnership)?;
        served(&authority, device, now)?;
        let (session, expires) = self.keys.tokens().issue(TokenKind::Session, (partnership, device), nonce, now);
        let StoreIdentity { store, restore_epoch } = self.identity;
        let tails: Vec<AuthorTail> = self.store.tails(partnership, device)?;
        Ok(SessionAnswer { session: Bytes(session), expires, store, restore_epoch, now, tails })
    }

    /// Stores what a device brings, and begins the answer. Pages follow by [`Relay::next_page`].
    ///
    /// # Errors
    /// [`Problem`]; nothing is then stored, unless the store failed.
    pub fn sync(
        &self,
        caller: Caller,
        request: &SyncRequest,
        request_signature: Signature,
        now: Millis,
    ) -> Result<SyncAnswer, Problem> {
        check_form(request)?;
        let Caller { partnership, device } = caller;
        let verdicts = self.push(caller, request, now)?;
        let authority = self.authority(partnership)?;
        served(&authority, device, now)?;
        let zones = readable(&authority, device, now);
        let heads = self.store.heads(partnership, &zones)?;
        let feeds = answer::unread(&zones, &heads, &request.cursors);
        let checkpoint = self.checkpoint(caller, (authority.size(), authority.head()), &heads, &feeds, now);
        let StoreIdentity { store, restore_epoch } = self.identity;
        let answer = Answer::begin(AnswerParts {
            request: request_signature,
            opening: Opening { store, restore_epoch, now, log_size: authority.size() },
            reader_log_size: request.log_size,
            verdicts,
            feeds,
            checkpoint,
            budget_bytes: request.budget_bytes,
        });
        Ok(SyncAnswer { caller, answer })
    }

    /// The next bytes of an answer, whole frames; `None` at its end.
    ///
    /// # Errors
    /// [`Problem`]: the answer ends without its closing frame. So it does when the device was revoked or frozen meanwhile,
    /// or may no longer hold the zone that comes next.
    pub fn next_page(&self, sync: &mut SyncAnswer, now: Millis) -> Result<Option<Vec<u8>>, Problem> {
        let Caller { partnership, device } = sync.caller;
        let answer = &mut sync.answer;
        if answer.is_closed() {
            return Ok(None);
        }
        let authority = self.authority(partnership)?;
        served(&authority, device, now)?;
        while !answer.page_is_full() {
            match answer.need() {
                Need::Log { after, bytes } => answer.take_log(self.store.log_page(partnership, after, bytes)?),
                Need::Wraps { after, through, count_max } => {
                    let wraps = self.store.wraps_page(partnership, device, (after, through), count_max)?;
                    answer.take_wraps(wraps, count_max);
                }
                Need::Feed { range, bytes } => {
                    if !authority.may_hold(device, range.zone, now) {
                        return Err(Problem::Unauthorised);
                    }
                    answer.take_feed(self.store.feed_page(partnership, range, device, bytes)?);
                }
                Need::Closing => answer.close(|digest| self.keys.sign_answer(digest)),
                Need::Nothing => break,
            }
        }
        let page = answer.take_page();
        // The log may have grown while the page was read.
        served(&*self.authority(partnership)?, device, now)?;
        Ok(Some(page))
    }

    /// [`Relay::sync`] and all its pages at once, for a caller that has the memory.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn sync_whole(
        &self,
        caller: Caller,
        request: &SyncRequest,
        request_signature: Signature,
        now: Millis,
    ) -> Result<Vec<u8>, Problem> {
        let mut answer = self.sync(caller, request, request_signature, now)?;
        let mut whole = Vec::new();
        while let Some(page) = self.next_page(&mut answer, now)? {
            whole.extend_from_slice(&page);
        }
        Ok(whole)
    }

    /// The zones a device may read and where they are, for a watcher.
    ///
    /// # Errors
    /// [`Problem::Revoked`], [`Problem::Frozen`] and [`Problem::Ended`] too: a watch ends when its device does.
    pub fn readable_heads(
        &self,
        caller: Caller,
        now: Millis,
    ) -> Result<(LogSize, BTreeMap<ZoneId, FeedPoint>), Problem> {
        let authority = self.authority(caller.partnership)?;
        served(&authority, caller.device, now)?;
        let heads = self.store.heads(caller.partnership, &readable(&authority, caller.device, now))?;
        Ok((authority.size(), heads))
    }

    /// Whether a device is still served.
    ///
    /// # Errors
    /// [`Problem::Revoked`], [`Problem::Frozen`], [`Problem::Ended`].
    pub fn check_served(&self, caller: Caller, now: Millis) -> Result<(), Problem> {
        served(&*self.authority(caller.partnership)?, caller.device, now)
    }

    /// The size of the log, and those of some zones that a device may read by it.
    ///
    /// # Errors
    /// [`Problem::Revoked`], [`Problem::Frozen`] and [`Problem::Ended`] too.
    pub fn readable_of(
        &self,
        caller: Caller,
        zones: Vec<ZoneFeedPoint>,
        now: Millis,
    ) -> Result<(LogSize, Vec<ZoneFeedPoint>), Problem> {
        let authority = self.authority(caller.partnership)?;
        served(&authority, caller.device, now)?;
        let may_read = |point: &ZoneFeedPoint| authority.may_hold(caller.device, point.zone, now);
        Ok((authority.size(), zones.into_iter().filter(may_read).collect()))
    }

    /// A partnership that has moved is not served: its devices would believe nothing that this server signs.
    fn check_is_here(&self, partnership: PartnershipId) -> Result<(), Problem> {
        if self.elsewhere.contains_key(&partnership) { Err(Problem::OtherServerKey) } else { Ok(()) }
    }

    fn authority(&self, partnership: PartnershipId) -> Result<Arc<Authority>, Problem> {
        self.authorities.get(&self.store, partnership)?.ok_or(Problem::Unauthorised)
    }

    fn checkpoint(
        &self,
        caller: Caller,
        (log_size, log_head): (LogSize, LogHash),
        heads: &BTreeMap<ZoneId, FeedPoint>,
        unread: &VecDeque<crate::store::FeedRange>,
        now: Millis,
    ) -> SignedCheckpoint {
        let checkpoint = cbor::encode(&Checkpoint {
            version: Checkpoint::VERSION,
            partnership: caller.partnership,
            reader: caller.device,
            store: self.identity.store,
            restore_epoch: self.identity.restore_epoch,
            time: now,
            log_size,
            log_head,
            heads: feed::heads_digest(heads),
            changed: answer::changed(heads, unread),
        });
        let signature = self.keys.sign_checkpoint(&Checkpoint::signing_digest(&checkpoint));
        SignedCheckpoint { checkpoint: Bytes(checkpoint), signature }
    }
}

/// What a `RestorePoint` entry must say of a store as it is now, for each partnership in it.
///
/// # Errors
/// [`StoreError`].
pub fn restore_points<S: Store>(store: &S) -> Result<Vec<(PartnershipId, RestorePoint)>, StoreError> {
    let authorities = Authorities::default();
    let identity = store.identity()?;
    let mut points = Vec::new();
    for partnership in store.partnerships()? {
        let Some(authority) = authorities.get(store, partnership)? else { continue };
        let zones: Vec<ZoneId> = authority.zones().keys().copied().collect();
        let feeds = store.heads(partnership, &zones)?;
        let point = RestorePoint {
            store: identity.store,
            restore_epoch: identity.restore_epoch,
            log_size: authority.size(),
            feeds: feeds.into_iter().map(|(zone, point)| ZoneFeedPoint { zone, point }).collect(),
        };
        points.push((partnership, point));
    }
    Ok(points)
}

/// An answer and whom it is for.
#[derive(Debug)]
pub struct SyncAnswer {
    caller: Caller,
    answer: Answer,
}

impl SyncAnswer {
    /// Whether the closing frame was given.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.answer.is_closed()
    }
}

fn served(authority: &Authority, device: DeviceId, now: Millis) -> Result<(), Problem> {
    if !authority.is_live(device) {
        Err(Problem::Revoked)
    } else if authority.is_frozen(device) {
        Err(Problem::Frozen)
    } else if !authority.is_served(device, now) {
        Err(Problem::Ended)
    } else {
        Ok(())
    }
}

fn readable(authority: &Authority, device: DeviceId, now: Millis) -> Vec<ZoneId> {
    let mut zones = authority.readable_zones(device, now);
    // A checkpoint has room for so many; what a crew needs comes first.
    zones.truncate(limits::ZONES_PER_DEVICE_MAX);
    zones
}

fn check_form(request: &SyncRequest) -> Result<(), Problem> {
    let fits = request.cursors.len() <= limits::ZONES_PER_DEVICE_MAX
        && request.cursors.is_sorted_by(|a, b| a.zone < b.zone)
        && request.envelopes.len() <= limits::SYNC_REQUEST_ENVELOPES_MAX
        && request.audit.is_empty();
    if fits { Ok(()) } else { Err(Problem::Malformed) }
}

//! The reader's order of checks: what becomes of an envelope that came from anywhere. Pure; every check has its own
//! outcome, all fail closed, and nothing further is looked at after one fails.
//!
//! length, magic, suite, kind, flags → author known at its log size → log head is mine there → author may write the zone →
//! signature → counter and predecessor fit the author's chain → not past a revocation's cut → key known → commitment →
//! AEAD → padding → payload → worker's seat.

use std::collections::BTreeMap;

use doorstep_crypto::envelope as sealing;
use doorstep_crypto::keys::ZoneKey;
use doorstep_protocol::authority::{Authority, Judgement, Quarantine};
use doorstep_protocol::envelope::{Envelope, EnvelopeKind, Header, Keying, VerifiedEnvelope};
use doorstep_protocol::{DeviceId, EnvelopeId, ZoneId, ZoneSeq};

use crate::keyring::Keyring;
use crate::payload::{ChangesPayload, ReadPayload};
use crate::records::stays_sealed;

/// The last envelope of an author in a zone that this reader has placed in the author's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    /// Its counter.
    pub zseq: ZoneSeq,
    /// Its id.
    pub envelope: EnvelopeId,
}

impl Tail {
    /// Before an author's first envelope.
    pub const START: Self = Self { zseq: ZoneSeq(0), envelope: EnvelopeId::ZERO };
}

/// Tails of every author this reader has seen, by zone and author.
pub type Tails = BTreeMap<(ZoneId, DeviceId), Tail>;

/// Why an envelope waits: it may become readable by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// It names a larger authority log than this device has verified.
    LogAhead,
    /// An earlier envelope of its author is missing.
    ChainGap,
    /// This device has no key of its zone and epoch (yet).
    NoKey,
    /// It builds on changes this device does not have (yet).
    MissingDependencies,
    /// It is of a kind, or of a class, that a newer version reads.
    NewerVersion,
}

/// Why an envelope is set aside for a person to look at. It is kept, and blocks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetAside {
    /// Its author is not in the authority log.
    UnknownAuthor,
    /// Its author may not write to the zone.
    NotEntitled,
    /// The author's signature does not hold.
    Signature,
    /// Another envelope of the author has its counter.
    Fork,
    /// Written past what counts of an author who lost the right.
    PastCut,
    /// Sealed under a key of another epoch than its author knew.
    OtherEpoch,
    /// Its document was erased, and its author had not heard of it.
    Erased,
    /// Its seal does not open under the zone's key.
    Seal,
    /// What it holds cannot be decoded.
    Payload,
    /// The worker's seat is unknown or did not sign it.
    Seat,
    /// The worker's seat had ended when it was sealed.
    SeatEnded,
    /// A change in it is not by the actor of its session.
    Actor,
    /// Automerge refuses its changes.
    Changes,
    /// Of another partnership.
    OtherPartnership,
}

/// The authority log that the author saw is not the one this device has: somebody shows two partnerships two logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitView {
    /// The author who saw the other log.
    pub author: DeviceId,
}

/// What the checks that need no key say.
#[derive(Debug)]
pub enum Placed {
    /// It is the next of its author's chain.
    Next(VerifiedEnvelope),
    /// It is in the chain and will not be applied.
    NextButSetAside(VerifiedEnvelope, SetAside),
    /// It has no place in the chain, and the log takes it in all the same.
    Beside(VerifiedEnvelope),
    /// It waits; it has no place in the chain yet.
    Waits(Box<Envelope>, Wait),
    /// It is set aside and has no place in the chain.
    SetAside(Box<Envelope>, SetAside),
    /// It stands in the chain already.
    Known,
}

/// An envelope after the signature check, which callers run on several cores.
#[derive(Debug)]
pub enum Checked {
    /// The author in the log signed it.
    Signed(VerifiedEnvelope),
    /// The author in the log did not sign it.
    NotSigned(Box<Envelope>),
    /// The author is not in this device's log.
    NoAuthor(Box<Envelope>),
}

/// Checks the author's signature.
#[must_use]
pub fn check(authority: &Authority, envelope: Envelope) -> Checked {
    match authority.devices().get(&envelope.header().author) {
        None => Checked::NoAuthor(Box::new(envelope)),
        Some(author) => match envelope.verify_or_give_back(&author.sign) {
            Ok(verified) => Checked::Signed(verified),
            Err(envelope) => Checked::NotSigned(envelope),
        },
    }
}

/// Places an envelope in its author's chain and, where it has a place, moves the tail.
///
/// # Errors
/// [`SplitView`]: stop and raise the alarm.
pub fn place(authority: &Authority, tails: &mut Tails, checked: Checked) -> Result<Placed, SplitView> {
    let envelope = match checked {
        Checked::Signed(verified) => return place_signed(authority, tails, verified),
        Checked::NotSigned(envelope) | Checked::NoAuthor(envelope) => envelope,
    };
    let header = envelope.header();
    let ahead = authority.head_at(header.log_size).is_none();
    let known = authority.devices().contains_key(&header.author);
    Ok(match (header.partnership == authority.partnership(), ahead, known) {
        (false, _, _) => Placed::SetAside(envelope, SetAside::OtherPartnership),
        (true, _, true) => Placed::SetAside(envelope, SetAside::Signature),
        // The log that this device has not verified yet may name the author.
        (true, true, false) => Placed::Waits(envelope, Wait::LogAhead),
        (true, false, false) => Placed::SetAside(envelope, SetAside::UnknownAuthor),
    })
}

fn place_signed(authority: &Authority, tails: &mut Tails, verified: VerifiedEnvelope) -> Result<Placed, SplitView> {
    let header = verified.header().clone();
    let keep = |verified: VerifiedEnvelope| Box::new(verified.into_inner());
    if header.partnership != authority.partnership() {
        return Ok(Placed::SetAside(keep(verified), SetAside::OtherPartnership));
    }
    let Some(head) = authority.head_at(header.log_size) else {
        return Ok(Placed::Waits(keep(verified), Wait::LogAhead));
    };
    // Only what the author really signed can raise the alarm.
    if head != header.log_head {
        return Err(SplitView { author: header.author });
    }
    let slot = (header.zone, header.author);
    let tail = tails.get(&slot).copied().unwrap_or(Tail::START);
    if header.zseq == tail.zseq && verified.id() == tail.envelope {
        return Ok(Placed::Known);
    }
    let judgement = authority.judge(&header, verified.id());
    if header.zseq != tail.zseq.next() || header.prev != tail.envelope {
        let is_past = header.zseq > tail.zseq.next();
        return Ok(match judgement {
            Judgement::Erased => Placed::SetAside(keep(verified), SetAside::Erased),
            _ if authority.is_adopted(header.zone, header.author, verified.id()) => Placed::Beside(verified),
            _ if is_past => Placed::Waits(keep(verified), Wait::ChainGap),
            _ => Placed::SetAside(keep(verified), SetAside::Fork),
        });
    }
    tails.insert(slot, Tail { zseq: header.zseq, envelope: verified.id() });
    Ok(match judgement {
        Judgement::Counts | Judgement::LogAhead => Placed::Next(verified),
        Judgement::Erased => Placed::NextButSetAside(verified, SetAside::Erased),
        Judgement::Quarantined(why) => Placed::NextButSetAside(verified, why.into()),
    })
}

impl SetAside {
    /// Whether the log and the chain say so: what they say can change when either grows. The rest is in the envelope itself.
    #[must_use]
    pub const fn is_verdict(self) -> bool {
        match self {
            Self::UnknownAuthor | Self::NotEntitled | Self::Fork | Self::PastCut | Self::OtherEpoch | Self::Erased => {
                true
            }
            Self::Signature
            | Self::Seal
            | Self::Payload
            | Self::Seat
            | Self::SeatEnded
            | Self::Actor
            | Self::Changes
            | Self::OtherPartnership => false,
        }
    }
}

impl From<Quarantine> for SetAside {
    fn from(why: Quarantine) -> Self {
        match why {
            Quarantine::UnknownAuthor => Self::UnknownAuthor,
            Quarantine::NotEntitled => Self::NotEntitled,
            Quarantine::PastCut => Self::PastCut,
            Quarantine::OtherEpoch => Self::OtherEpoch,
        }
    }
}

/// What the checks that need the key say.
#[derive(Debug)]
pub enum Opened {
    /// A batch of changes of a known seat.
    Changes(ChangesPayload),
    /// It waits.
    Waits(Wait),
    /// It is set aside.
    SetAside(SetAside),
    /// It is of a class that stays sealed: it is opened when somebody reads it.
    Closed,
}

/// Opens an envelope that has its place. Costs two key derivations and one AEAD pass.
#[must_use]
pub fn open(authority: &Authority, keyring: &Keyring, envelope: &VerifiedEnvelope) -> Opened {
    let header = envelope.header();
    if authority.zones().get(&header.zone).is_some_and(|zone| stays_sealed(zone.class)) {
        return Opened::Closed;
    }
    let Some(key) = keyring.zone(header.zone, header.epoch) else { return not_here(header) };
    open_under(authority, key, envelope)
}

/// Without its key an envelope waits; of a kind that this version does not read it waits for that.
fn not_here(header: &Header) -> Opened {
    let is_read = header.kind == EnvelopeKind::Changes && header.keying == Keying::ZoneKey;
    Opened::Waits(if is_read { Wait::NoKey } else { Wait::NewerVersion })
}

/// Opens an envelope that has its place under the key of its zone and epoch, whatever its class.
#[must_use]
pub fn open_under(authority: &Authority, key: &ZoneKey, envelope: &VerifiedEnvelope) -> Opened {
    let header = envelope.header();
    if header.kind != EnvelopeKind::Changes || header.keying != Keying::ZoneKey {
        return Opened::Waits(Wait::NewerVersion);
    }
    let Ok(plain) = sealing::open(envelope, key) else { return Opened::SetAside(SetAside::Seal) };
    let Ok(read) = ChangesPayload::read(header, &plain) else { return Opened::SetAside(SetAside::Payload) };
    match seated(authority, header, &read) {
        Seated::Holds => Opened::Changes(read.payload),
        Seated::Ended if authority.is_adopted(header.zone, header.author, envelope.id()) => {
            Opened::Changes(read.payload)
        }
        Seated::Ended => Opened::SetAside(SetAside::SeatEnded),
        Seated::No => Opened::SetAside(SetAside::Seat),
    }
}

/// Whether a payload is of a worker on its author's device.
enum Seated {
    /// It is, and the seat held.
    Holds,
    /// It is, and the seat did not hold at the envelope's log size: a person has to take it in.
    Ended,
    /// It is not.
    No,
}

fn seated(authority: &Authority, header: &Header, read: &ReadPayload) -> Seated {
    let of_device = || authority.seats().values().filter(|seat| seat.device == header.author);
    let named = authority.seats().get(&read.payload.seat).filter(|seat| seat.device == header.author);
    let Some(seat) = named else { return Seated::No };
    let signed = read.verify_seat(&seat.key).is_ok();
    match seat.span.holds_at(header.log_size) {
        true if signed => Seated::Holds,
        true => Seated::No,
        // What a worker had left unsealed the device seals under the key of another of its seats: nobody comes back to
        // unlock the worker's own.
        false if signed || of_device().any(|other| read.verify_seat(&other.key).is_ok()) => Seated::Ended,
        false => Seated::No,
    }
}

//! Where the envelopes of a batch stand in their authors' chains: the checks that need no key.

use std::collections::BTreeSet;

use doorstep_protocol::authority::Authority;
use doorstep_protocol::envelope::{Envelope, HEADER_BYTES, VerifiedEnvelope};
use doorstep_protocol::{DeviceId, DocumentId, EnvelopeId, ZoneId, ZoneSeq, hash};
use rayon::prelude::*;

use super::ingest::Origin;
use super::{Device, rejudge};
use crate::replica::reader::{self, Checked, Placed, SetAside, SplitView, Tails, Wait};
use crate::replica::standings::Slot;
use crate::store::StoreError;
use crate::store::envelopes::{self, Chained, Standing};

/// An envelope on its way through the checks.
pub(super) struct Travelling {
    pub(super) id: EnvelopeId,
    pub(super) zone: ZoneId,
    pub(super) document: DocumentId,
    pub(super) author: DeviceId,
    pub(super) zseq: ZoneSeq,
    pub(super) chained: Chained,
    pub(super) standing: Standing,
    pub(super) bytes: Vec<u8>,
}

impl Travelling {
    fn of(envelope: &Envelope, standing: Standing, chained: Chained) -> Self {
        let header = envelope.header();
        Self {
            id: envelope.id(),
            zone: header.zone,
            document: header.document,
            author: header.author,
            zseq: header.zseq,
            chained,
            standing,
            bytes: envelope.as_bytes().to_vec(),
        }
    }

    /// What was erased before it came: no more than its header is kept.
    fn erased(envelope: &Envelope, chained: Chained) -> Self {
        let mut erased = Self::of(envelope, Standing::SetAside(SetAside::Erased), chained);
        erased.bytes.truncate(HEADER_BYTES);
        erased
    }

    /// What has no place in a chain. An envelope's id does not cover its signature, so one that nobody signed is kept under
    /// a digest over all of it: else whoever flips a bit of the signature would keep the honest one out for ever.
    fn outside(envelope: &Envelope, standing: Standing, signed: Signed) -> Self {
        let mut outside = Self::of(envelope, standing, Chained::No);
        if signed == Signed::No {
            outside.id = EnvelopeId(hash::sha256(envelope.as_bytes()).0);
        }
        outside
    }

    /// What does not even parse: it is kept under the feed it came in.
    fn unreadable(bytes: Vec<u8>, zone: ZoneId, id: EnvelopeId) -> Self {
        Self {
            id,
            zone,
            document: DocumentId::ZERO,
            author: DeviceId::ZERO,
            zseq: ZoneSeq(0),
            chained: Chained::No,
            standing: Standing::Waits(Wait::NewerVersion),
            bytes,
        }
    }
}

/// A batch after the checks that need no key.
pub(super) struct Arrived {
    pub(super) travelling: Vec<Travelling>,
    /// Those in a chain, with where they are in `travelling`.
    pub(super) placed: Vec<(usize, VerifiedEnvelope)>,
    /// Ids under which envelopes were kept until their author was known.
    pub(super) superseded: Vec<EnvelopeId>,
    /// Chains that more than one envelope wants to continue.
    pub(super) contested: BTreeSet<Slot>,
    pub(super) split_view: Option<SplitView>,
}

/// Whether the author's signature was found to hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signed {
    Yes,
    No,
}

impl Device {
    /// Checks the signatures of a batch on every core, and places what its authors signed in their chains, in order.
    pub(super) fn place_all(
        &self,
        authority: &Authority,
        tails: &mut Tails,
        origin: Origin,
        fresh: Vec<(EnvelopeId, Vec<u8>)>,
    ) -> Result<Arrived, StoreError> {
        let feed = origin.zone();
        let checked: Vec<(EnvelopeId, Result<Checked, Travelling>)> = fresh
            .into_par_iter()
            .map(|(id, bytes)| match Envelope::parse(bytes.clone()) {
                Ok(envelope) => (id, Ok(reader::check(authority, envelope))),
                Err(_) => (id, Err(Travelling::unreadable(bytes, feed, id))),
            })
            .collect();
        let mut arrived = Arrived {
            travelling: Vec::with_capacity(checked.len()),
            placed: Vec::new(),
            superseded: Vec::new(),
            contested: BTreeSet::new(),
            split_view: None,
        };
        let Arrived { travelling, placed, superseded, contested, split_view } = &mut arrived;
        let (mut signed, mut beside) = (BTreeSet::new(), BTreeSet::new());
        for (kept_as, one) in checked {
            let at = travelling.len();
            let checked = match one {
                Ok(checked) => checked,
                Err(unreadable) => {
                    travelling.push(unreadable);
                    continue;
                }
            };
            let is_signed = if let Checked::Signed(verified) = &checked {
                if matches!(origin, Origin::Kept) && kept_as != verified.id() {
                    superseded.push(kept_as);
                }
                // The same twice in one batch is not a fork.
                if !signed.insert(verified.id()) {
                    continue;
                }
                Signed::Yes
            } else {
                Signed::No
            };
            // What was placed on an earlier day and waits for a key or a dependency keeps its place.
            let placed_before = match origin {
                Origin::Kept => already_chained(self, checked)?,
                // What was kept before was left out when it came again.
                Origin::Feed(..) | Origin::Carrier => Err(checked),
            };
            let checked = match placed_before {
                Ok(verified) => {
                    travelling.push(Travelling::of(&verified, Standing::Applied, Chained::Yes));
                    placed.push((at, verified));
                    continue;
                }
                Err(checked) => checked,
            };
            match reader::place(authority, tails, checked) {
                Err(seen) => {
                    *split_view = Some(seen);
                    return Ok(arrived);
                }
                Ok(Placed::Next(verified)) => {
                    travelling.push(Travelling::of(&verified, Standing::Applied, Chained::Yes));
                    placed.push((at, verified));
                }
                Ok(Placed::NextButSetAside(verified, SetAside::Erased)) => {
                    travelling.push(Travelling::erased(&verified, Chained::Yes));
                }
                Ok(Placed::SetAside(envelope, SetAside::Erased)) => {
                    contested.insert((envelope.header().zone, envelope.header().author));
                    travelling.push(Travelling::erased(&envelope, Chained::No));
                }
                Ok(Placed::Beside(verified)) => {
                    beside.insert((verified.header().zone, verified.header().author));
                    travelling.push(Travelling::of(&verified, Standing::Applied, Chained::No));
                    placed.push((at, verified));
                }
                Ok(Placed::NextButSetAside(verified, why)) => {
                    travelling.push(Travelling::of(&verified, Standing::SetAside(why), Chained::Yes));
                }
                Ok(Placed::Waits(envelope, wait)) => {
                    // What follows on a branch that was set aside is decided with it.
                    if wait == Wait::ChainGap && envelopes::is_fork(self.store.reader(), envelope.header().prev)? {
                        contested.insert((envelope.header().zone, envelope.header().author));
                    }
                    travelling.push(Travelling::outside(&envelope, Standing::Waits(wait), is_signed));
                }
                Ok(Placed::SetAside(envelope, why)) => {
                    if why == SetAside::Fork {
                        contested.insert((envelope.header().zone, envelope.header().author));
                    }
                    travelling.push(Travelling::outside(&envelope, Standing::SetAside(why), is_signed));
                }
                Ok(Placed::Known) => {}
            }
        }
        let touched: BTreeSet<Slot> = travelling.iter().map(|one| (one.zone, one.author)).collect();
        for slot in touched {
            // What waited and still does has changed nothing.
            let is_unmoved = matches!(origin, Origin::Kept) && tails.get(&slot) == self.tails.get(&slot);
            if !is_unmoved && (beside.contains(&slot) || rejudge::is_contested(self, slot, tails.get(&slot))?) {
                contested.insert(slot);
            }
        }
        Ok(arrived)
    }
}

/// An envelope that has its place in the chain on disk, if it has.
fn already_chained(device: &Device, checked: Checked) -> Result<Result<VerifiedEnvelope, Checked>, StoreError> {
    let Checked::Signed(verified) = checked else { return Ok(Err(checked)) };
    let is_chained = envelopes::is_chained(device.store.reader(), verified.id())?;
    Ok(if is_chained { Ok(verified) } else { Err(Checked::Signed(verified)) })
}

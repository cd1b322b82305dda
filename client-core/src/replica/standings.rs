//! What the log and all envelopes of one author in one zone make of each other: which stand in the author's chain, which count,
//! and where the author wrote two in one place. Pure, and without an order of arrival: whoever has the same log and the same
//! envelopes comes to the same.
//!
//! [`super::reader::place`] is the quick way for what comes next in a chain that never forked; whatever does not fit is
//! decided here.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::authority::{Authority, Judgement};
use doorstep_protocol::envelope::Header;
use doorstep_protocol::{DeviceId, EnvelopeId, ZoneId, ZoneSeq};

use super::reader::{SetAside, Tail, Wait};
use crate::order::Order as _;

/// An author in a zone: the owner of one chain.
pub type Slot = (ZoneId, DeviceId);

/// What log and chain say of an envelope. Whether it opens and what is in it is looked at only when it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    Counts,
    /// It waits for a longer log or for an earlier envelope.
    Waits(Wait),
    /// It does not count.
    SetAside(SetAside),
}

/// What became of one envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether it stands in its author's chain.
    pub is_chained: bool,
    /// Whether it counts.
    pub verdict: Verdict,
}

/// What became of all envelopes of an author in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standings {
    /// Each of them.
    pub places: BTreeMap<EnvelopeId, Place>,
    /// The end of the chain.
    pub tail: Tail,
    /// Places for which the author wrote more than one envelope.
    pub forks: BTreeSet<ZoneSeq>,
}

/// Decides. `headers` are of envelopes that the author signed, under a log that is this one as far as both go.
///
/// Of two envelopes in one place the one counts that leads to what a cut names, else the one with the lowest id. What an
/// erasure names has its place even where its bytes were never here.
#[must_use]
pub fn standings(authority: &Authority, slot: Slot, headers: &BTreeMap<EnvelopeId, Header>) -> Standings {
    let erased = erased_places(authority, slot);
    let places = places(authority, headers, &erased);
    let named = leading_to_cuts(authority, slot, headers);
    let (chain, tail) = chain(headers, &erased, &places, &named);
    let mut decided = Standings {
        places: BTreeMap::new(),
        tail,
        forks: places.iter().filter(|(_, ids)| ids.len() > 1).map(|(zseq, _)| *zseq).collect(),
    };
    let mut on_a_lost_branch = BTreeSet::new();
    let mut in_order: Vec<(&EnvelopeId, &Header)> = headers.iter().collect();
    in_order.order_by_key(|(id, header)| (header.zseq, **id));
    for (id, header) in in_order {
        let is_chained = chain.contains(id);
        let verdict = match authority.judge(header, *id) {
            Judgement::LogAhead => Verdict::Waits(Wait::LogAhead),
            Judgement::Erased => Verdict::SetAside(SetAside::Erased),
            Judgement::Counts if is_chained || authority.is_adopted(slot.0, slot.1, *id) => Verdict::Counts,
            Judgement::Quarantined(why) if is_chained => Verdict::SetAside(why.into()),
            Judgement::Counts | Judgement::Quarantined(_)
                if header.zseq <= tail.zseq.next() || on_a_lost_branch.contains(&header.prev) =>
            {
                on_a_lost_branch.insert(*id);
                Verdict::SetAside(SetAside::Fork)
            }
            Judgement::Counts | Judgement::Quarantined(_) => Verdict::Waits(Wait::ChainGap),
        };
        decided.places.insert(*id, Place { is_chained, verdict });
    }
    decided
}

fn erased_places(authority: &Authority, (zone, author): Slot) -> BTreeMap<EnvelopeId, ZoneSeq> {
    let mine = authority.erased_envelopes().iter().filter(|(_, place)| place.zone == zone && place.author == author);
    mine.map(|(id, place)| (*id, place.zseq)).collect()
}

/// What could stand in each place of the chain.
fn places(
    authority: &Authority,
    headers: &BTreeMap<EnvelopeId, Header>,
    erased: &BTreeMap<EnvelopeId, ZoneSeq>,
) -> BTreeMap<ZoneSeq, BTreeSet<EnvelopeId>> {
    let known = headers.iter().filter(|(id, header)| header.log_size <= authority.size() && !erased.contains_key(*id));
    let mut places: BTreeMap<ZoneSeq, BTreeSet<EnvelopeId>> = BTreeMap::new();
    for (zseq, id) in known.map(|(id, header)| (header.zseq, *id)).chain(erased.iter().map(|(id, zseq)| (*zseq, *id))) {
        places.entry(zseq).or_default().insert(id);
    }
    places
}

/// The envelopes on the way to those that a cut names: people have looked at these, and said that they count.
fn leading_to_cuts(
    authority: &Authority,
    (zone, author): Slot,
    headers: &BTreeMap<EnvelopeId, Header>,
) -> BTreeSet<EnvelopeId> {
    let mut named = BTreeSet::new();
    for (_, last) in authority.last_counting(zone, author) {
        let mut at = last;
        while named.insert(at) {
            match headers.get(&at) {
                Some(header) if header.zseq > ZoneSeq(1) => at = header.prev,
                _ => break,
            }
        }
    }
    named
}

fn chain(
    headers: &BTreeMap<EnvelopeId, Header>,
    erased: &BTreeMap<EnvelopeId, ZoneSeq>,
    places: &BTreeMap<ZoneSeq, BTreeSet<EnvelopeId>>,
    named: &BTreeSet<EnvelopeId>,
) -> (BTreeSet<EnvelopeId>, Tail) {
    let (mut chain, mut tail) = (BTreeSet::new(), Tail::START);
    while let Some(candidates) = places.get(&tail.zseq.next()) {
        // What an erasure names may never have been here, so nobody compares what it followed.
        let fits = |id: &&EnvelopeId| {
            erased.contains_key(*id) || headers.get(*id).is_some_and(|header| header.prev == tail.envelope)
        };
        let best = candidates.iter().filter(fits).min_by_key(|id| (!named.contains(*id), **id));
        let Some(next) = best else { break };
        tail = Tail { zseq: tail.zseq.next(), envelope: *next };
        chain.insert(*next);
    }
    (chain, tail)
}

//! What is stored of a request: the author's chain, dense feed numbers, the feed's own chain, and the space used.

use std::collections::BTreeMap;

use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::{AuthorTail, Receipt, Refusal, RefusalReason};
use doorstep_protocol::{DeviceId, EnvelopeId, FeedNumber, ZoneId, ZoneSeq};

use crate::domain::admission::AdmittedEnvelope;

/// What is said of one envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushVerdict {
    /// Durable, now or since an earlier sending.
    Receipt(Receipt),
    /// Not taken.
    Refusal(Refusal),
}

/// A place in an author's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainPlace {
    /// The zone.
    pub zone: ZoneId,
    /// The author.
    pub author: DeviceId,
    /// The author's counter.
    pub zseq: ZoneSeq,
}

/// What the store knows about what a request touches, read in the transaction that will write.
#[derive(Clone, Debug, Default)]
pub struct PushFacts {
    /// Where the feeds are; absent before the first envelope.
    pub feeds: BTreeMap<ZoneId, FeedPoint>,
    /// The authors' last envelopes; absent before the first.
    pub tails: BTreeMap<(ZoneId, DeviceId), (ZoneSeq, EnvelopeId)>,
    /// What stands at places that the request names again.
    pub taken: BTreeMap<ChainPlace, (FeedNumber, EnvelopeId)>,
    /// Bytes of envelopes that the partnership holds.
    pub used_bytes: u64,
}

/// One row to insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insert {
    /// Which envelope of the request.
    pub index: usize,
    /// Its number in the feed.
    pub number: FeedNumber,
}

/// What is to be written, and what to say.
#[derive(Clone, Debug, Default)]
pub struct PushPlan {
    /// One for each envelope, in their order.
    pub verdicts: Vec<PushVerdict>,
    /// New rows.
    pub inserts: Vec<Insert>,
    /// Feeds that grow, and where they will be.
    pub grown: BTreeMap<ZoneId, FeedPoint>,
    /// Authors' chains that grow, and their new ends.
    pub tails: BTreeMap<(ZoneId, DeviceId), (ZoneSeq, EnvelopeId)>,
    /// Bytes of envelopes that the partnership will hold.
    pub used_bytes: u64,
}

/// Decides on envelopes in the order of the request: one that does not fit stops its own chain, and nothing else.
#[must_use]
pub fn decide(mut facts: PushFacts, envelopes: &[AdmittedEnvelope], quota_bytes: u64) -> PushPlan {
    let mut plan = PushPlan::default();
    for (index, envelope) in envelopes.iter().enumerate() {
        let header = envelope.header();
        let (zone, author, id) = (header.zone, header.author, envelope.id());
        let place = ChainPlace { zone, author, zseq: header.zseq };
        let tail = facts.tails.get(&(zone, author)).copied().unwrap_or((ZoneSeq(0), EnvelopeId::ZERO));
        let verdict = match follow(tail, &facts, place, header.prev, id) {
            Chain::Here(number) => PushVerdict::Receipt(Receipt { zone, number, envelope: id }),
            Chain::Broken(reason) => refusal(id, reason, zone, tail),
            Chain::Next if facts.used_bytes.saturating_add(envelope.as_bytes().len() as u64) > quota_bytes => {
                PushVerdict::Refusal(Refusal { envelope: id, reason: RefusalReason::Quota, tail: None })
            }
            Chain::Next => {
                let point = facts.feeds.get(&zone).copied().unwrap_or(FeedPoint::START).then(id);
                facts.feeds.insert(zone, point);
                facts.tails.insert((zone, author), (header.zseq, id));
                facts.taken.insert(place, (point.number, id));
                facts.used_bytes += envelope.as_bytes().len() as u64;
                plan.grown.insert(zone, point);
                plan.tails.insert((zone, author), (header.zseq, id));
                plan.inserts.push(Insert { index, number: point.number });
                PushVerdict::Receipt(Receipt { zone, number: point.number, envelope: id })
            }
        };
        plan.verdicts.push(verdict);
    }
    plan.used_bytes = facts.used_bytes;
    plan
}

enum Chain {
    Next,
    Here(FeedNumber),
    Broken(RefusalReason),
}

fn follow(
    (tail_seq, tail_id): (ZoneSeq, EnvelopeId),
    facts: &PushFacts,
    place: ChainPlace,
    prev: EnvelopeId,
    id: EnvelopeId,
) -> Chain {
    if place.zseq <= tail_seq {
        return match facts.taken.get(&place) {
            Some((number, there)) if *there == id => Chain::Here(*number),
            _ => Chain::Broken(RefusalReason::Fork),
        };
    }
    if place.zseq > tail_seq.next() {
        return Chain::Broken(RefusalReason::Gap);
    }
    if prev == tail_id { Chain::Next } else { Chain::Broken(RefusalReason::Fork) }
}

fn refusal(id: EnvelopeId, reason: RefusalReason, zone: ZoneId, (zseq, tail): (ZoneSeq, EnvelopeId)) -> PushVerdict {
    let tail = (zseq > ZoneSeq(0)).then_some(AuthorTail { zone, zseq, envelope: tail });
    PushVerdict::Refusal(Refusal { envelope: id, reason, tail })
}

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
    /// Which envelope of the request has its bytes; none, when it was erased.
    pub index: Option<usize>,
    /// Its id.
    pub envelope: EnvelopeId,
    /// Its place in its author's chain.
    pub place: ChainPlace,
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
///
/// `gone` are places that erasures name: one that is missing before an envelope is filled without bytes, so that a store which
/// never had it can take what came after.
#[must_use]
pub fn decide(
    mut facts: PushFacts,
    envelopes: &[AdmittedEnvelope],
    gone: &BTreeMap<ChainPlace, EnvelopeId>,
    quota_bytes: u64,
) -> PushPlan {
    let mut plan = PushPlan::default();
    for (index, envelope) in envelopes.iter().enumerate() {
        let header = envelope.header();
        let (zone, author, id) = (header.zone, header.author, envelope.id());
        let place = ChainPlace { zone, author, zseq: header.zseq };
        let tail = fill(&mut facts, &mut plan, place, gone);
        let bytes = envelope.kept_bytes() as u64;
        let verdict = match follow(tail, &facts, place, header.prev, id) {
            Chain::Here(number) => PushVerdict::Receipt(Receipt { zone, number, envelope: id }),
            Chain::Broken(reason) => refusal(id, reason, zone, tail),
            Chain::Next if bytes > 0 && facts.used_bytes.saturating_add(bytes) > quota_bytes => {
                PushVerdict::Refusal(Refusal { envelope: id, reason: RefusalReason::Quota, tail: None })
            }
            Chain::Next => {
                facts.used_bytes += bytes;
                let number = insert(&mut facts, &mut plan, place, id, (bytes > 0).then_some(index));
                PushVerdict::Receipt(Receipt { zone, number, envelope: id })
            }
        };
        plan.verdicts.push(verdict);
    }
    plan.used_bytes = facts.used_bytes;
    plan
}

/// Puts one envelope at the end of its author's chain and of its feed.
fn insert(
    facts: &mut PushFacts,
    plan: &mut PushPlan,
    place: ChainPlace,
    envelope: EnvelopeId,
    index: Option<usize>,
) -> FeedNumber {
    let ChainPlace { zone, author, zseq } = place;
    let point = facts.feeds.get(&zone).copied().unwrap_or(FeedPoint::START).then(envelope);
    facts.feeds.insert(zone, point);
    facts.tails.insert((zone, author), (zseq, envelope));
    facts.taken.insert(place, (point.number, envelope));
    plan.grown.insert(zone, point);
    plan.tails.insert((zone, author), (zseq, envelope));
    plan.inserts.push(Insert { index, envelope, place, number: point.number });
    point.number
}

/// Fills what was erased between the end of a chain and the place of its next envelope, and says where the chain ends.
fn fill(
    facts: &mut PushFacts,
    plan: &mut PushPlan,
    place: ChainPlace,
    gone: &BTreeMap<ChainPlace, EnvelopeId>,
) -> (ZoneSeq, EnvelopeId) {
    let ChainPlace { zone, author, .. } = place;
    let mut tail = facts.tails.get(&(zone, author)).copied().unwrap_or((ZoneSeq(0), EnvelopeId::ZERO));
    while tail.0.next() < place.zseq
        && let Some(erased) = gone.get(&ChainPlace { zone, author, zseq: tail.0.next() })
    {
        tail = (tail.0.next(), *erased);
        insert(facts, plan, ChainPlace { zone, author, zseq: tail.0 }, *erased, None);
    }
    tail
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

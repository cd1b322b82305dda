//! How much the inbox takes of what revoked devices leave.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::{Digest32, InboxNumber, limits};

/// Wipe receipts of one device that are kept: it says the same thing again when an answer was lost.
pub const RECEIPTS_PER_DEVICE_MAX: u64 = 4;

/// What the inbox holds already, read in the transaction that will write.
#[derive(Clone, Debug, Default)]
pub struct InboxFacts {
    /// The last number given.
    pub last: InboxNumber,
    /// Envelopes of the device, decided ones too, so that one that was decided is not brought again.
    pub device_envelopes: u64,
    /// Bytes of those of them that are not decided.
    pub device_bytes: u64,
    /// Wipe receipts of the device.
    pub device_receipts: u64,
    /// Bytes of everything in the partnership's inbox that is not decided.
    pub partnership_bytes: u64,
    /// Which of the items there are already.
    pub there: BTreeSet<Digest32>,
}

/// Which kind of item it is; they have limits of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An envelope.
    Envelope,
    /// A wipe receipt.
    Receipt,
}

/// What becomes of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It lies there, now or since before.
    Held,
    /// There is no room for it.
    Full,
}

/// Decides on items in their order: what to say of each, and the numbers of those that are new.
#[must_use]
pub fn decide(
    mut facts: InboxFacts,
    items: impl IntoIterator<Item = (Kind, Digest32, u64)>,
) -> (Vec<Kept>, BTreeMap<usize, InboxNumber>) {
    let (mut said, mut new) = (Vec::new(), BTreeMap::new());
    for (index, (kind, id, bytes)) in items.into_iter().enumerate() {
        if facts.there.contains(&id) {
            said.push(Kept::Held);
            continue;
        }
        let fits = match kind {
            Kind::Envelope => {
                facts.device_envelopes < limits::INBOX_DEVICE_ENVELOPES_MAX
                    && facts.device_bytes.saturating_add(bytes) <= limits::INBOX_DEVICE_BYTES_MAX
                    && facts.partnership_bytes.saturating_add(bytes) <= limits::INBOX_BYTES_MAX
            }
            Kind::Receipt => facts.device_receipts < RECEIPTS_PER_DEVICE_MAX,
        };
        if !fits {
            said.push(Kept::Full);
            continue;
        }
        match kind {
            Kind::Envelope => {
                facts.device_envelopes += 1;
                facts.device_bytes += bytes;
            }
            Kind::Receipt => facts.device_receipts += 1,
        }
        facts.partnership_bytes = facts.partnership_bytes.saturating_add(bytes);
        facts.last = facts.last.next();
        facts.there.insert(id);
        new.insert(index, facts.last);
        said.push(Kept::Held);
    }
    (said, new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Digest32 {
        Digest32([n; 32])
    }

    #[test]
    fn each_bound_holds_to_the_last_byte_and_a_repeat_costs_nothing() {
        let one = |facts: InboxFacts, bytes| decide(facts, [(Kind::Envelope, id(1), bytes)]).0[0];
        let facts = InboxFacts { device_bytes: limits::INBOX_DEVICE_BYTES_MAX - 10, ..InboxFacts::default() };
        assert_eq!((one(facts.clone(), 10), one(facts, 11)), (Kept::Held, Kept::Full));
        let facts = InboxFacts { partnership_bytes: limits::INBOX_BYTES_MAX - 10, ..InboxFacts::default() };
        assert_eq!((one(facts.clone(), 10), one(facts, 11)), (Kept::Held, Kept::Full));
        let most = limits::INBOX_DEVICE_ENVELOPES_MAX;
        let facts = |device_envelopes| InboxFacts { device_envelopes, ..InboxFacts::default() };
        assert_eq!((one(facts(most - 1), 1), one(facts(most), 1)), (Kept::Held, Kept::Full));
        let there = InboxFacts { there: [id(1)].into(), ..facts(most) };
        assert_eq!(one(there, 1), Kept::Held);
    }

    #[test]
    fn an_item_named_twice_is_kept_once_and_receipts_have_their_own_bound() {
        let twice = [(Kind::Envelope, id(1), 5), (Kind::Envelope, id(1), 5)];
        let (said, new) = decide(InboxFacts { last: InboxNumber(7), ..InboxFacts::default() }, twice);
        assert_eq!((said, new), (vec![Kept::Held; 2], [(0, InboxNumber(8))].into()));
        let receipts = (0..6).map(|n| (Kind::Receipt, id(n), 5));
        let (said, new) = decide(InboxFacts::default(), receipts);
        assert_eq!((new.len(), said[3], said[4]), (4, Kept::Held, Kept::Full));
    }
}

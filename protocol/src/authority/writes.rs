//! Whose writes count: a pure function of the log and an envelope's header and id. Server and device ask the same one.

use super::body::Rights;
use super::state::{Authority, DeviceState, WriteCut};
use crate::envelope::{Header, Keying};
use crate::ids::{EnvelopeId, ZoneSeq};

/// What the log says of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judgement {
    /// It counts.
    Counts,
    /// It names a larger log than is known here: not yet decided.
    LogAhead,
    /// It does not count, and is kept for a person to decide.
    Quarantined(Quarantine),
    /// Its document was erased, and its author had not heard of it: it is not kept.
    Erased,
}

/// Why an envelope does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quarantine {
    /// Its author is not in the log, or is in it only later than the envelope says.
    UnknownAuthor,
    /// Its author could not write the zone at the log size it names.
    NotEntitled,
    /// Its author has lost the right since, and it is past what counts, whatever log size it names.
    PastCut,
    /// It is sealed under a key of another epoch than the log had at the size it names.
    OtherEpoch,
}

impl Authority {
    /// Judges an envelope. Signature, form and place in the author's chain are the caller's to check.
    #[must_use]
    pub fn judge(&self, header: &Header, id: EnvelopeId) -> Judgement {
        if header.log_size > self.size() {
            return Judgement::LogAhead;
        }
        let named = self.erased_envelope(id).is_some();
        if named || self.erased_at(header.zone, header.document).is_some_and(|at| header.log_size < at) {
            return Judgement::Erased;
        }
        if self.adopted.get(&(header.zone, header.author)).is_some_and(|adopted| adopted.contains(&id)) {
            return Judgement::Counts;
        }
        match self.quarantines(header, id) {
            Some(why) => Judgement::Quarantined(why),
            None => Judgement::Counts,
        }
    }

    fn quarantines(&self, header: &Header, id: EnvelopeId) -> Option<Quarantine> {
        let Some(author) = self.devices().get(&header.author).filter(|d| d.added <= header.log_size) else {
            return Some(Quarantine::UnknownAuthor);
        };
        let Some(zone) = self.zones().get(&header.zone) else { return Some(Quarantine::NotEntitled) };
        let entitled = match (header.keying, zone.is_drop_box()) {
            // Everybody seals into a drop-box zone.
            (Keying::DropBox, true) => author.revoked.as_ref().is_none_or(|r| header.log_size < r.at),
            (Keying::ZoneKey, false) => self.had_rights(header.author, header.zone, Rights::WRITE, header.log_size),
            _ => false,
        };
        if !entitled {
            return Some(Quarantine::NotEntitled);
        }
        if self.is_past_a_cut(author, header, id) {
            return Some(Quarantine::PastCut);
        }
        (zone.epoch_at(header.log_size) != header.epoch).then_some(Quarantine::OtherEpoch)
    }

    fn is_past_a_cut(&self, author: &DeviceState, header: &Header, id: EnvelopeId) -> bool {
        let is_past = |last: Option<(ZoneSeq, EnvelopeId)>| {
            last.is_none_or(|(zseq, envelope)| header.zseq > zseq || (header.zseq == zseq && id != envelope))
        };
        let revoked = author
            .revoked
            .as_ref()
            .is_some_and(|revocation| is_past(revocation.cuts.get(&header.zone).map(|cut| (cut.zseq, cut.envelope))));
        let lost = |cut: &WriteCut| header.log_size < cut.at && is_past(cut.last);
        revoked || self.cuts.get(&(header.zone, header.author)).is_some_and(|cuts| cuts.iter().any(lost))
    }
}

//! Reads answers as a careful client does: every chain, every signature, every order.

use std::collections::BTreeMap;

use doorstep_protocol::authority::Authority;
use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::feed::{self, FeedPoint};
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{Checkpoint, Cursor, Frame, FrameDecoder, Receipt, Refusal, SyncRequest};
use doorstep_protocol::{
    Bytes, DeviceId, EnvelopeId, LogHash, LogSize, Millis, PartnershipId, SignPublic, Signature, ZoneId,
};

use crate::problem::Problem;
use crate::relay::{Caller, Relay};
use crate::store::SqliteStore;

pub(crate) const REQUEST: Signature = Signature([0x5e; 64]);

/// A device's view of a partnership, made of answers only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Replica {
    pub(crate) log: Option<Authority>,
    pub(crate) feeds: BTreeMap<ZoneId, FeedPoint>,
    pub(crate) envelopes: BTreeMap<ZoneId, Vec<EnvelopeId>>,
    pub(crate) wraps: Vec<Vec<u8>>,
}

/// What one answer said beside the data.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) own: usize,
    pub(crate) checkpoint: Option<Checkpoint>,
    pub(crate) remainder: Option<Remainder>,
}

impl Replica {
    pub(crate) fn request(&self, envelopes: Vec<Bytes>, budget_bytes: u32) -> SyncRequest {
        let (log_size, log_head) = self.log.as_ref().map_or((LogSize(0), LogHash::ZERO), |l| (l.size(), l.head()));
        let cursors = self.feeds.iter().map(|(zone, point)| Cursor { zone: *zone, number: point.number }).collect();
        SyncRequest { log_size, log_head, cursors, envelopes, audit: Vec::new(), budget_bytes }
    }

    /// Takes the frames of an answer, or of as much of it as arrived, after checking each.
    pub(crate) fn take(&mut self, bytes: &[u8], server: &SignPublic, request: &Signature) -> Said {
        let mut decoder = FrameDecoder::default();
        decoder.push(bytes);
        let mut said = Said::default();
        let mut current: Option<ZoneId> = None;
        let mut order = 0;
        while let Some(frame) = decoder.next_frame().expect("frames of this version") {
            let place = match &frame {
                Frame::Opening(_) => 0,
                Frame::LogEntry(_) => 1,
                Frame::TeamWrap(_) => 2,
                Frame::Receipt(_) | Frame::Refusal(_) => 3,
                Frame::FeedStart(_) | Frame::Envelope(_) | Frame::Own(_) | Frame::Gone(_) => 4,
                Frame::Checkpoint(_) => 5,
                Frame::Closing(_) => 6,
            };
            assert!(place >= order, "a frame out of order");
            order = place;
            match frame {
                Frame::Opening(_) => {}
                Frame::LogEntry(entry) => match &mut self.log {
                    None => self.log = Some(Authority::begin(&entry).expect("a genesis")),
                    Some(log) => log.append(&entry).expect("the next entry"),
                },
                Frame::TeamWrap(wrap) => self.wraps.push(wrap.to_vec()),
                Frame::Receipt(receipt) => said.receipts.push(receipt),
                Frame::Refusal(refusal) => said.refusals.push(refusal),
                Frame::FeedStart(start) => {
                    let point = self.feeds.entry(start.zone).or_insert(FeedPoint::START);
                    assert_eq!(point.number, start.after, "a feed goes on where the reader is");
                    said.zones.push(start.zone);
                    current = Some(start.zone);
                }
                Frame::Envelope(bytes) => {
                    let envelope = Envelope::parse(bytes).expect("an envelope");
                    let zone = current.expect("a feed has begun");
                    assert_eq!(envelope.header().zone, zone);
                    self.next(zone, envelope.id());
                }
                Frame::Own(id) | Frame::Gone(id) => {
                    said.own += 1;
                    self.next(current.expect("a feed has begun"), id);
                }
                Frame::Checkpoint(signed) => {
                    said.checkpoint = Some(signed.verify(server).expect("the server's signature"));
                }
                Frame::Closing(closing) => {
                    closing.verify(server, request, &decoder.stream_digest()).expect("the server closed this answer");
                    said.remainder = Some(closing.remainder);
                }
            }
        }
        if let (Some(Remainder::Nothing), Some(checkpoint)) = (said.remainder, &said.checkpoint) {
            assert_eq!(checkpoint.heads, feed::heads_digest(&self.feeds), "the reader stands where the server says");
            let log = self.log.as_ref().map(|log| (log.size(), log.head()));
            assert_eq!(log, Some((checkpoint.log_size, checkpoint.log_head)));
        }
        said
    }

    fn next(&mut self, zone: ZoneId, id: EnvelopeId) {
        let point = self.feeds.entry(zone).or_insert(FeedPoint::START);
        *point = point.then(id);
        self.envelopes.entry(zone).or_default().push(id);
    }

    /// One request and its answer.
    pub(crate) fn sync(
        &mut self,
        relay: &Relay<SqliteStore>,
        who: (PartnershipId, DeviceId),
        envelopes: Vec<Bytes>,
        now: Millis,
    ) -> Result<Said, Problem> {
        let request = self.request(envelopes, 0);
        let bytes = relay.sync_whole(Caller::trusted(who.0, who.1), &request, REQUEST, now)?;
        Ok(self.take(&bytes, &relay.server_key(), &REQUEST))
    }
}

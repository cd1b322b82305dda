//! A server that cheats with its own key: it takes an honest answer apart, changes what it likes, and signs what it makes of it.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::authority::ZoneFeedPoint;
use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::feed::{FeedPoint, heads_digest};
use doorstep_protocol::wire::frame::{Closing, Remainder, closing_digest};
use doorstep_protocol::wire::{Checkpoint, Frame, FrameDecoder, SignedCheckpoint};
use doorstep_protocol::{Bytes, EnvelopeId, Millis, Signature, ZoneId, cbor, hash};
use doorstep_server::keys::Keys;

use crate::sim::station::Station;
use crate::sim::tablet::Tablet;
use crate::town::server_keys;
use crate::wire::{Passed, Then, sync_through};

/// An answer in the hands of a server that cheats.
pub struct Bent {
    /// Every frame but the closing one.
    pub frames: Vec<Frame>,
    /// What the closing frame will say.
    pub remainder: Remainder,
    /// To which request the closing frame will be bound.
    pub request: Signature,
    keys: Keys,
}

impl Bent {
    fn open(request: Signature, stream: &[u8]) -> Self {
        let mut decoder = FrameDecoder::default();
        decoder.push(stream);
        let (mut frames, mut remainder) = (Vec::new(), Remainder::Nothing);
        while let Some(frame) = decoder.next_frame().expect("an honest server speaks the protocol") {
            match frame {
                Frame::Closing(closing) => remainder = closing.remainder,
                frame => frames.push(frame),
            }
        }
        Self { frames, remainder, request, keys: server_keys() }
    }

    /// Changes the checkpoint and signs it again.
    ///
    /// # Panics
    /// When the answer has none.
    pub fn checkpoint(&mut self, change: impl FnOnce(&mut Checkpoint)) {
        let keys = &self.keys;
        let frame = self.frames.iter_mut().find_map(|frame| match frame {
            Frame::Checkpoint(signed) => Some(signed),
            _ => None,
        });
        let signed = frame.expect("an answer has a checkpoint");
        let mut checkpoint: Checkpoint =
            cbor::decode("checkpoint", &signed.checkpoint.0, SignedCheckpoint::BYTES_MAX).expect("its own checkpoint");
        change(&mut checkpoint);
        let bytes = cbor::encode(&checkpoint);
        let signature = keys.sign_checkpoint(&Checkpoint::signing_digest(&bytes));
        *signed = SignedCheckpoint { checkpoint: Bytes(bytes), signature };
    }

    /// Signs heads that fit the feeds as they are told now: what a server does that does not want to be caught at once.
    /// `before` says where the reader was in each feed.
    pub fn heads_as_told(&mut self, before: &BTreeMap<ZoneId, FeedPoint>) {
        let mut points = before.clone();
        let mut told = BTreeSet::new();
        let mut current = None;
        for frame in &self.frames {
            match frame {
                Frame::FeedStart(start) => {
                    current = Some(start.zone);
                    told.insert(start.zone);
                }
                Frame::Envelope(_) | Frame::Own(_) | Frame::Gone(_) => {
                    let Some(zone) = current else { continue };
                    let id = match frame {
                        Frame::Own(id) | Frame::Gone(id) => *id,
                        Frame::Envelope(bytes) => Envelope::parse(bytes.clone())
                            .map_or(EnvelopeId(hash::sha256(bytes).0), |envelope| envelope.id()),
                        _ => continue,
                    };
                    let point = points.entry(zone).or_insert(FeedPoint::START);
                    *point = point.then(id);
                }
                _ => {}
            }
        }
        self.checkpoint(|checkpoint| {
            let grew = |zone: &ZoneId| points.get(zone) != before.get(zone);
            let changed = told.iter().filter(|zone| grew(zone)).filter_map(|zone| Some((*zone, *points.get(zone)?)));
            checkpoint.changed = changed.map(|(zone, point)| ZoneFeedPoint { zone, point }).collect();
            checkpoint.heads = heads_digest(&points);
        });
    }

    fn close(self) -> Vec<u8> {
        let mut stream: Vec<u8> = self.frames.iter().flat_map(Frame::to_bytes).collect();
        let digest = closing_digest(&self.request, &hash::sha256(&stream), self.remainder);
        let closing = Closing { remainder: self.remainder, signature: self.keys.sign_answer(&digest) };
        stream.extend(Frame::Closing(closing).to_bytes());
        stream
    }
}

/// One catch-up with a server that cheats in its first answer. What it makes is signed as it should be.
pub fn sync_bent(tablet: &mut Tablet, station: &mut Station, now: Millis, bend: impl FnOnce(&mut Bent)) {
    let mut bend = Some(bend);
    sync_through(tablet, station, now, &mut |request, stream| {
        let Some(bend) = bend.take() else { return Passed { stream, then: Then::Stop } };
        let mut bent = Bent::open(request, &stream);
        bend(&mut bent);
        Passed { stream: bent.close(), then: Then::Stop }
    });
}

/// One catch-up whose first answer comes as these bytes, whatever they are.
pub fn sync_raw(tablet: &mut Tablet, station: &mut Station, now: Millis, bend: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let mut bend = Some(bend);
    sync_through(tablet, station, now, &mut |_, stream| match bend.take() {
        Some(bend) => Passed { stream: bend(stream), then: Then::Stop },
        None => Passed { stream, then: Then::Stop },
    });
}

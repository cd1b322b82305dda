//! What a device makes of a streamed answer. Log entries and envelopes authenticate themselves and are taken as they come;
//! receipts and heads count only once the closing signature holds.
//!
//! How far a feed was read is kept as it comes, so that a broken answer is gone on with and not begun again. Whoever can change
//! what is on its way can make that wrong. So a signed checkpoint that disagrees with what an answer without its closing left
//! behind is no alarm: the feed is read again from where a checkpoint last agreed, and only what one closed answer said
//! whole may raise it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use doorstep_protocol::authority::{Authority, Entry, LogError, SignedEntry};
use doorstep_protocol::feed::{self, FeedPoint};
use doorstep_protocol::wire::frame::{Closing, Remainder};
use doorstep_protocol::wire::{
    Checkpoint, FeedStart, Frame, Opening, Receipt, Refusal, RefusalReason, SignedCheckpoint,
};
use doorstep_protocol::{DeviceId, Digest32, FeedNumber, LogSize, Millis, SignPublic, Signature, ZoneId, ZoneSeq};

use super::ingest::Incoming;
use super::{Device, DeviceError, Ingested, Rejudge, Retry, rejudge};
use crate::replica::machine::Stop;
use crate::seat::ClockMarks;
use crate::store::feeds::FeedPosition;
use crate::store::meta::{self, StoreIdentity};
use crate::store::{feeds, log, outbox, seats};

/// Envelopes taken in one transaction. Their ids are random, so that each batch touches all leaves of the indexes: the larger
/// the batch, the fewer pages are written twice.
const BATCH_ENVELOPES_MAX: usize = 4_096;
/// Their bytes.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

const UNKNOWN_OWN: &str = "the server holds work of this device that is not on it: its data was copied or put back";

/// Why an answer was not believed any further. What had been committed of it stays: it authenticates itself.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The device could not take it.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// It does not hold together.
    #[error("the server's answer does not hold together: {0}")]
    Incoherent(&'static str),
    /// A log entry may not stand where it stands.
    #[error("the server's authority log does not hold: {0}")]
    Log(LogError),
    /// Another store answers than the session was opened with.
    #[error("another store answers than before")]
    OtherStore,
    /// Going on would do harm; an alarm was raised.
    #[error("this device has stopped syncing: {0:?}")]
    Stop(Stop),
}

/// What an answer brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the server had more, or this device has more to send.
    pub remainder: Remainder,
    /// Envelopes the server has taken, durably.
    pub receipts: usize,
    /// Envelopes the server has refused.
    pub refusals: usize,
    /// What became of what came.
    pub ingested: Ingested,
    /// Log entries that came.
    pub log_entries: usize,
}

/// An answer on its way in.
pub struct Answer {
    request: Signature,
    server_key: SignPublic,
    expected: StoreIdentity,
    opened: bool,
    /// Envelopes to send when it began: what comes to them meanwhile was in no request yet.
    to_send: u64,
    /// How far each feed was read before this answer.
    began: BTreeMap<ZoneId, FeedPosition>,
    feed: Option<(ZoneId, FeedNumber)>,
    batch: Vec<Incoming>,
    batch_bytes: usize,
    entries: Vec<SignedEntry>,
    wraps: Vec<Vec<u8>>,
    receipts: Vec<Receipt>,
    refusals: Vec<Refusal>,
    checkpoint: Option<SignedCheckpoint>,
    ingested: Ingested,
    log_entries: usize,
}

/// What a signed checkpoint means for the feeds of this device.
struct Compared {
    /// Where they stand now: confirmed, or put back to where they last were.
    positions: Vec<(ZoneId, FeedPosition)>,
    /// Some were put back.
    is_to_be_read_again: bool,
}

impl Answer {
    /// An answer to the request that carries this signature, from the server with this key, in a session with this store.
    #[must_use]
    pub fn new(request: Signature, server_key: SignPublic, expected: StoreIdentity) -> Self {
        Self {
            request,
            server_key,
            expected,
            opened: false,
            to_send: 0,
            began: BTreeMap::new(),
            feed: None,
            batch: Vec::new(),
            batch_bytes: 0,
            entries: Vec::new(),
            wraps: Vec::new(),
            receipts: Vec::new(),
            refusals: Vec::new(),
            checkpoint: None,
            ingested: Ingested::default(),
            log_entries: 0,
        }
    }

    /// How much has come so far.
    #[must_use]
    pub const fn progress(&self) -> Ingested {
        self.ingested
    }

    /// Takes the next frame. The closing frame goes to [`Answer::close`].
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn frame(&mut self, device: &mut Device, frame: Frame, now: Millis) -> Result<(), AnswerError> {
        if !self.opened && !matches!(frame, Frame::Opening(_)) {
            return Err(AnswerError::Incoherent("it does not begin with an opening"));
        }
        if !matches!(frame, Frame::LogEntry(_) | Frame::TeamWrap(_)) {
            self.take_log(device, now)?;
        }
        match frame {
            Frame::Opening(opening) => self.opening(device, &opening),
            Frame::LogEntry(entry) => {
                self.entries.push(entry);
                Ok(())
            }
            Frame::TeamWrap(wrap) => {
                self.wraps.push(wrap.to_vec());
                Ok(())
            }
            Frame::Receipt(receipt) => {
                self.receipts.push(receipt);
                Ok(())
            }
            Frame::Refusal(refusal) => {
                self.refusals.push(refusal);
                Ok(())
            }
            Frame::FeedStart(start) => self.feed_start(device, start, now),
            Frame::Envelope(bytes) => {
                self.batch_bytes += bytes.len();
                self.item(device, Incoming::Envelope(bytes), now)
            }
            Frame::Own(id) => self.item(device, Incoming::Own(id), now),
            Frame::Gone(id) => self.item(device, Incoming::Gone(id), now),
            Frame::Checkpoint(checkpoint) => {
                self.flush(device, now)?;
                self.checkpoint = Some(checkpoint);
                Ok(())
            }
            Frame::Closing(_) => Err(AnswerError::Incoherent("it closes twice")),
        }
    }

    fn opening(&mut self, device: &Device, opening: &Opening) -> Result<(), AnswerError> {
        if self.opened {
            return Err(AnswerError::Incoherent("it opens twice"));
        }
        let speaks = StoreIdentity { store: opening.store, restore_epoch: opening.restore_epoch };
        if speaks != self.expected {
            return Err(AnswerError::OtherStore);
        }
        self.opened = true;
        self.to_send = outbox::to_send(device.store.reader()).map_err(DeviceError::from)?;
        self.began.clone_from(device.feeds());
        Ok(())
    }

    /// Commits the log entries and wraps that have come.
    fn take_log(&mut self, device: &mut Device, now: Millis) -> Result<(), AnswerError> {
        if self.entries.is_empty() && self.wraps.is_empty() {
            return Ok(());
        }
        let entries = std::mem::take(&mut self.entries);
        let wraps = std::mem::take(&mut self.wraps);
        self.log_entries += entries.len();
        device.take_log(&entries, &wraps)?;
        let retried = device.retry_waiting(now, &mut self.ingested);
        device.or_reload(retried)?;
        self.stop_on_alarm(device)
    }

    fn feed_start(&mut self, device: &mut Device, start: FeedStart, now: Millis) -> Result<(), AnswerError> {
        self.flush(device, now)?;
        let read = device.feeds().get(&start.zone).map_or(FeedNumber(0), |position| position.read.number);
        if start.after > read {
            return Err(AnswerError::Incoherent("a feed goes on past what was read"));
        }
        self.feed = Some((start.zone, start.after));
        Ok(())
    }

    fn item(&mut self, device: &mut Device, item: Incoming, now: Millis) -> Result<(), AnswerError> {
        if self.feed.is_none() {
            return Err(AnswerError::Incoherent("an envelope belongs to no feed"));
        }
        // The answer ends with an alarm if it is closed, and is read again from before the doubt if it is not.
        if self.ingested.is_doubted() {
            return Ok(());
        }
        self.batch.push(item);
        if self.batch.len() >= BATCH_ENVELOPES_MAX || self.batch_bytes >= BATCH_BYTES_MAX {
            self.flush(device, now)?;
        }
        Ok(())
    }

    fn flush(&mut self, device: &mut Device, now: Millis) -> Result<(), AnswerError> {
        let Some((zone, after)) = self.feed else { return Ok(()) };
        if self.batch.is_empty() {
            return Ok(());
        }
        let items = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        self.feed = Some((zone, FeedNumber(after.0.saturating_add(items.len() as u64))));
        let came = device.ingest_feed(zone, after, items, now)?;
        self.ingested.applied += came.applied;
        self.ingested.known += came.known;
        self.ingested.waiting = came.waiting;
        self.ingested.set_aside += came.set_aside;
        self.ingested.unknown_own |= came.unknown_own;
        self.ingested.unfounded_gap |= came.unfounded_gap;
        self.ingested.stated_own |= came.stated_own;
        self.ingested.split_view = self.ingested.split_view.or(came.split_view);
        self.stop_on_alarm(device)
    }

    fn stop_on_alarm(&self, device: &mut Device) -> Result<(), AnswerError> {
        if let Some(seen) = self.ingested.split_view {
            let alarm = format!("device {} has seen another authority log than this one", seen.author);
            return Err(device.stop(Stop::SplitView, &alarm)?);
        }
        if self.ingested.unknown_own {
            return Err(device.stop(Stop::Cloned, UNKNOWN_OWN)?);
        }
        Ok(())
    }

    /// Checks the closing signature, and then believes receipts, refusals and heads.
    ///
    /// # Errors
    /// [`AnswerError`].
    pub fn close(
        mut self,
        device: &mut Device,
        closing: &Closing,
        stream: &Digest32,
        now: Millis,
    ) -> Result<Outcome, AnswerError> {
        self.take_log(device, now)?;
        self.flush(device, now)?;
        let retried = device.retry_if_owed(now, &mut self.ingested);
        device.or_reload(retried)?;
        self.stop_on_alarm(device)?;
        closing
            .verify(&self.server_key, &self.request, stream)
            .map_err(|_| AnswerError::Incoherent("the server has not signed its end"))?;
        if self.ingested.stated_own {
            return Err(device.stop(Stop::Cloned, UNKNOWN_OWN)?);
        }
        if self.ingested.unfounded_gap {
            let alarm = "the server leaves out a record as erased that nobody has erased";
            return Err(device.stop(Stop::SplitView, alarm)?);
        }
        let signed = self.checkpoint.take().ok_or(AnswerError::Incoherent("it has no checkpoint"))?;
        let checkpoint =
            signed.verify(&self.server_key).map_err(|_| AnswerError::Incoherent("its checkpoint does not hold"))?;
        let compared = self.compare(device, &checkpoint, closing.remainder)?;
        let remainder = if compared.is_to_be_read_again { Remainder::More } else { closing.remainder };
        let readable = device.authority()?.readable_zones(device.id(), checkpoint.time);
        let positions = &compared.positions;
        let believed = device.believe((&readable, positions), &self.receipts, &self.refusals, remainder, now);
        device.or_reload(believed)?;
        let to_send = outbox::to_send(device.store.reader()).map_err(DeviceError::from)?;
        // What was refused is not brought again at once; what is new in the outbox, or follows what was taken, is.
        let more_to_send = to_send > self.to_send || (to_send > 0 && !self.receipts.is_empty());
        let more_to_send = more_to_send || device.owes_audit_start()?;
        let remainder = if more_to_send { Remainder::More } else { remainder };
        Ok(Outcome {
            remainder,
            receipts: self.receipts.len(),
            refusals: self.refusals.len(),
            ingested: self.ingested,
            log_entries: self.log_entries,
        })
    }

    /// Compares the checkpoint with what this device has computed itself.
    fn compare(
        &self,
        device: &mut Device,
        checkpoint: &Checkpoint,
        remainder: Remainder,
    ) -> Result<Compared, AnswerError> {
        let authority = device.authority()?;
        let mine = StoreIdentity { store: checkpoint.store, restore_epoch: checkpoint.restore_epoch };
        if checkpoint.partnership != authority.partnership()
            || checkpoint.reader != device.id()
            || mine != self.expected
        {
            return Err(AnswerError::Incoherent("its checkpoint is for somebody else"));
        }
        if authority.head_at(checkpoint.log_size).is_some_and(|head| head != checkpoint.log_head) {
            return Err(device.stop(Stop::SplitView, "the server signs for another authority log than this one")?);
        }
        if checkpoint.log_size < authority.size() {
            return Err(AnswerError::Incoherent("the server's authority log is shorter than this device's"));
        }
        let readable = authority.readable_zones(device.id(), checkpoint.time);
        let position = |zone: &ZoneId| device.feeds().get(zone).copied().unwrap_or(FeedPosition::START);
        let mut confirmed = BTreeMap::new();
        let mut again = BTreeMap::new();
        for stated in &checkpoint.changed {
            let at = position(&stated.zone);
            let alarm = match at.read.number.cmp(&stated.point.number) {
                Ordering::Less => continue,
                Ordering::Equal if at.read.head == stated.point.head => {
                    confirmed.insert(stated.zone, at.read);
                    continue;
                }
                Ordering::Equal => "the server signs for another feed than it has sent",
                Ordering::Greater => "the server has gone back behind what it had sent",
            };
            if self.came_whole(stated.zone) {
                return Err(device.stop(Stop::SplitView, alarm)?);
            }
            again.insert(stated.zone, at.confirmed);
        }
        if remainder == Remainder::Nothing && again.is_empty() {
            let points: Vec<(ZoneId, FeedPoint)> = readable.iter().map(|zone| (*zone, position(zone).read)).collect();
            if feed::heads_digest(points.iter().map(|(zone, point)| (zone, point))) == checkpoint.heads {
                confirmed.extend(points);
            } else {
                // Which of them it is the digest does not say.
                let doubtful = |zone: &&ZoneId| !confirmed.contains_key(*zone) && !self.came_whole(**zone);
                again.extend(readable.iter().filter(doubtful).map(|zone| (*zone, position(zone).confirmed)));
                if again.is_empty() {
                    let alarm = "the feeds of this device are not the ones the server signs for";
                    return Err(device.stop(Stop::SplitView, alarm)?);
                }
            }
        }
        let is_to_be_read_again = !again.is_empty();
        let agreed = confirmed.into_iter().chain(again);
        let positions = agreed.map(|(zone, point)| (zone, FeedPosition { read: point, confirmed: point })).collect();
        Ok(Compared { positions, is_to_be_read_again })
    }

    /// Whether all that was read of a feed since a checkpoint last agreed came in this answer: then the closing covers it.
    fn came_whole(&self, zone: ZoneId) -> bool {
        self.began.get(&zone).is_none_or(|began| began.read == began.confirmed)
    }
}

impl Device {
    /// Raises an alarm that stays, and says so.
    fn stop(&mut self, stop: Stop, alarm: &str) -> Result<AnswerError, DeviceError> {
        self.raise(stop, alarm)?;
        Ok(AnswerError::Stop(stop))
    }

    /// Raises an alarm: this device seals nothing more until a person has dealt with it.
    pub(crate) fn raise(&mut self, stop: Stop, words: &str) -> Result<(), DeviceError> {
        let alarm = meta::Alarm { stop, words: words.to_owned() };
        Ok(self.store.write(|transaction| meta::set_alarm(transaction, &alarm))?)
    }

    /// Verifies and keeps log entries and wraps, and opens the keys they give. Entries that this device has already are
    /// passed over. Returns how many were new.
    ///
    /// # Errors
    /// [`AnswerError::Log`] for an entry that may not stand where it stands; then nothing is kept.
    pub fn take_log(&mut self, entries: &[SignedEntry], wraps: &[Vec<u8>]) -> Result<usize, AnswerError> {
        let taken = self.keep_log(entries, wraps).and_then(|count| {
            self.finish_rejudge()?;
            Ok(count)
        });
        self.or_reload(taken)
    }

    fn keep_log(&mut self, entries: &[SignedEntry], wraps: &[Vec<u8>]) -> Result<usize, AnswerError> {
        let partnership = self.partnership()?;
        let mut grown: Option<Authority> = self.authority.clone();
        let mut fresh: Vec<(LogSize, &SignedEntry)> = Vec::with_capacity(entries.len());
        for entry in entries {
            if self.has_entry(entry)? {
                continue;
            }
            match &mut grown {
                None => grown = Some(Authority::begin(entry).map_err(AnswerError::Log)?),
                Some(authority) => authority.append(entry).map_err(AnswerError::Log)?,
            }
            let size = grown.as_ref().map_or(LogSize(0), Authority::size);
            fresh.push((size, entry));
        }
        let Some(grown) = grown else { return Err(AnswerError::Incoherent("the log is empty")) };
        if grown.partnership() != partnership {
            return Err(AnswerError::Log(LogError::OtherPartnership));
        }
        let pinned = meta::pinned_log(self.store.reader()).map_err(DeviceError::from)?;
        if pinned.is_some_and(|(size, head)| grown.head_at(size).is_some_and(|found| found != head)) {
            let alarm = "the server shows another authority log than the one that was handed over in person";
            return Err(self.stop(Stop::SplitView, alarm)?);
        }
        let new: Vec<&SignedEntry> = fresh.iter().map(|(_, entry)| *entry).collect();
        let rejudge = self.store.write(|transaction| {
            for (seq, entry) in &fresh {
                log::append(transaction, *seq, entry)?;
            }
            for wrap in wraps {
                log::add_team_wrap(transaction, wrap)?;
            }
            Ok::<_, DeviceError>(rejudge::owe(transaction, &grown, &self.tails, &new)?)
        })?;
        if rejudge == Rejudge::Owed {
            self.rejudge = Rejudge::Owed;
        }
        // What waited for an entry or a key may wait no longer.
        self.retry = Retry::Owed;
        let count = fresh.len();
        self.authority = Some(grown);
        self.drop_ended_seats()?;
        self.open_keys()?;
        Ok(count)
    }

    /// Whether this device has a log entry: another one in its place is another log.
    fn has_entry(&self, entry: &SignedEntry) -> Result<bool, AnswerError> {
        let Some(authority) = &self.authority else { return Ok(false) };
        let parsed = Entry::parse(&entry.entry.0).map_err(|error| AnswerError::Log(error.into()))?;
        match authority.head_at(parsed.seq) {
            Some(known) if known == entry.hash() => Ok(true),
            Some(_) => Err(AnswerError::Log(LogError::OtherPartnership)),
            None => Ok(false),
        }
    }

    fn believe(
        &mut self,
        (readable, positions): (&[ZoneId], &[(ZoneId, FeedPosition)]),
        receipts: &[Receipt],
        refusals: &[Refusal],
        remainder: Remainder,
        now: Millis,
    ) -> Result<(), AnswerError> {
        let me = self.id();
        let cloned = refusals
            .iter()
            .any(|refusal| refusal.reason == RefusalReason::Fork && self.wrote(refusal.envelope, me).unwrap_or(false));
        if cloned {
            let alarm = "another copy of this device has written in its place";
            return Err(self.stop(Stop::Cloned, alarm)?);
        }
        self.store.write(|transaction| {
            for receipt in receipts {
                if readable.contains(&receipt.zone) {
                    outbox::receipted(transaction, receipt.envelope, receipt.number)?;
                } else {
                    // No checkpoint for this device covers a feed that it does not read.
                    outbox::withdraw(transaction, receipt.envelope)?;
                }
            }
            for refusal in refusals {
                match refusal.reason {
                    // The server has less of its author than was thought: the rest is offered again. What came by hand may
                    // have come before its predecessor, so it need not be the device's own.
                    RefusalReason::Gap => {
                        let tail = refusal.tail.as_ref().map_or(ZoneSeq(0), |tail| tail.zseq);
                        outbox::offer_rest(transaction, refusal.envelope, tail)?;
                    }
                    reason if outbox::is_by(transaction, refusal.envelope, me)? => {
                        outbox::refused(transaction, refusal.envelope, reason)?;
                    }
                    _ => outbox::refused_of_another(transaction, refusal.envelope)?,
                }
            }
            for (zone, position) in positions {
                feeds::set_position(transaction, *zone, *position)?;
                outbox::covered(transaction, *zone, position.confirmed.number)?;
            }
            // The lease of what opens with a worker begins again.
            seats::set_clock_marks(transaction, ClockMarks::answered_at(now))?;
            if remainder == Remainder::Nothing {
                meta::set_first_sync_done(transaction)?;
            }
            Ok::<_, DeviceError>(())
        })?;
        self.feeds.extend(positions.iter().copied());
        Ok(())
    }

    fn wrote(&self, envelope: doorstep_protocol::EnvelopeId, author: DeviceId) -> Result<bool, DeviceError> {
        Ok(outbox::is_by(self.store.reader(), envelope, author)?)
    }
}

//! What an answer to a sync request holds, page by page: which read comes next, and what still fits the budget.
//!
//! The heads are fixed when the answer begins. Feeds and logs only grow, so pages that are read later fit them without a
//! transaction that stays open for as long as a slow reader reads.

use std::collections::{BTreeMap, VecDeque};

use doorstep_protocol::authority::{SignedEntry, ZoneFeedPoint};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::frame::{Closing, FRAME_HEADER_BYTES, Remainder, closing_digest};
use doorstep_protocol::wire::{Cursor, FeedStart, Frame, Opening, SignedCheckpoint};
use doorstep_protocol::wrap::SEALED_WRAP_BYTES;
use doorstep_protocol::{Digest32, FeedNumber, LogSize, Signature, ZoneId, limits};
use sha2::{Digest, Sha256};

use crate::domain::push::PushVerdict;
use crate::store::{DeviceWrap, FeedItem, FeedRange, PageBytes};

/// A page is sent once it holds this much.
pub const PAGE_BYTES: usize = 256 * 1024;
/// Wraps read at once.
pub const WRAPS_PER_PAGE_MAX: usize = 256;
/// The log takes at most this part of the budget: a wrap comes with a team epoch, which is longer than the wrap, so that
/// the wraps for the entries of an answer always fit beside them.
const LOG_SHARE: usize = 2;
/// What opening and closing take, generously.
const ENDS_BYTES: usize = 512;

/// Which read comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Entries of the log after `after`.
    Log {
        /// The last entry that is in the answer or with the reader.
        after: LogSize,
        /// How much.
        bytes: PageBytes,
    },
    /// Wraps that came with the entries after `after`, through `through`.
    Wraps {
        /// The entry before the first.
        after: LogSize,
        /// The last entry.
        through: LogSize,
        /// How many at most.
        count_max: usize,
    },
    /// Items of a feed.
    Feed {
        /// Which.
        range: FeedRange,
        /// How much.
        bytes: PageBytes,
    },
    /// No read: the answer is ready to be closed.
    Closing,
    /// Nothing: the answer is at its end.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Log { after: LogSize },
    Wraps { after: LogSize, through: LogSize },
    Verdicts,
    Feeds,
    Closing,
    Done,
}

/// What an answer is made from.
#[derive(Debug)]
pub struct AnswerParts {
    /// The signature of the request.
    pub request: Signature,
    /// First frame; its log size is how far the log is sent.
    pub opening: Opening,
    /// How much of the log the reader has.
    pub reader_log_size: LogSize,
    /// What became of the request's envelopes.
    pub verdicts: Vec<PushVerdict>,
    /// What the reader has not read, in the order in which it is sent.
    pub feeds: VecDeque<FeedRange>,
    /// The heads.
    pub checkpoint: SignedCheckpoint,
    /// What the reader asked for.
    pub budget_bytes: u32,
}

/// An answer that is being given.
#[derive(Debug)]
pub struct Answer {
    request: Signature,
    log_size: LogSize,
    reader_log_size: LogSize,
    verdicts: Vec<u8>,
    feeds: VecDeque<FeedRange>,
    /// Whether the current feed's start was sent.
    started: Option<ZoneId>,
    checkpoint: Vec<u8>,
    /// What is left for log entries.
    log_budget_bytes: usize,
    /// What is left for everything.
    budget_bytes: usize,
    stage: Stage,
    remainder: Remainder,
    digest: Sha256,
    page: Vec<u8>,
}

impl Answer {
    /// Begins an answer.
    #[must_use]
    pub fn begin(parts: AnswerParts) -> Self {
        let verdicts: Vec<u8> =
            parts.verdicts.into_iter().flat_map(|verdict| verdict_frame(verdict).to_bytes()).collect();
        let checkpoint = Frame::Checkpoint(parts.checkpoint).to_bytes();
        // Receipts and heads are never left out: they are what lets the reader forget and go on.
        let reserved = verdicts.len() + checkpoint.len() + ENDS_BYTES;
        let log_size = parts.opening.log_size;
        let budget_bytes = (budget(parts.budget_bytes) as usize).saturating_sub(reserved);
        let mut answer = Self {
            request: parts.request,
            log_size,
            reader_log_size: parts.reader_log_size,
            verdicts,
            feeds: parts.feeds,
            started: None,
            checkpoint,
            log_budget_bytes: budget_bytes / LOG_SHARE,
            budget_bytes,
            stage: Stage::Log { after: parts.reader_log_size },
            remainder: Remainder::Nothing,
            digest: Sha256::new(),
            page: Vec::new(),
        };
        answer.put(&Frame::Opening(parts.opening).to_bytes());
        answer
    }

    /// The next read, or what else comes next. Stages that need none are passed by.
    pub fn need(&mut self) -> Need {
        loop {
            match self.stage {
                Stage::Log { after } if after < self.log_size => {
                    return Need::Log { after, bytes: self.page_bytes(self.log_budget_bytes) };
                }
                Stage::Log { after } => {
                    self.stage = Stage::Wraps { after: self.reader_log_size, through: after };
                }
                Stage::Wraps { after, through } if after < through => {
                    return Need::Wraps { after, through, count_max: WRAPS_PER_PAGE_MAX };
                }
                Stage::Wraps { .. } => self.stage = Stage::Verdicts,
                Stage::Verdicts => {
                    let verdicts = std::mem::take(&mut self.verdicts);
                    self.put(&verdicts);
                    self.stage = Stage::Feeds;
                }
                Stage::Feeds => match self.feeds.front() {
                    Some(range) => return Need::Feed { range: *range, bytes: self.page_bytes(self.budget_bytes) },
                    None => {
                        let checkpoint = std::mem::take(&mut self.checkpoint);
                        self.put(&checkpoint);
                        self.stage = Stage::Closing;
                    }
                },
                Stage::Closing => return Need::Closing,
                Stage::Done => return Need::Nothing,
            }
        }
    }

    /// Takes what was read for [`Need::Log`]. None although there are more means that the next does not fit.
    pub fn take_log(&mut self, entries: Vec<SignedEntry>) {
        let Stage::Log { mut after } = self.stage else { return };
        let mut fitted = !entries.is_empty();
        for entry in entries {
            let frame = Frame::LogEntry(entry).to_bytes();
            fitted = frame.len() <= self.log_budget_bytes && self.put_within_budget(&frame);
            self.log_budget_bytes = self.log_budget_bytes.saturating_sub(frame.len());
            if !fitted {
                break;
            }
            after = after.next();
        }
        self.stage = Stage::Log { after };
        if !fitted {
            // What follows an entry is understood only with it: the reader asks again from here.
            self.feeds.clear();
            self.remainder = Remainder::More;
            self.stage = Stage::Wraps { after: self.reader_log_size, through: after };
        }
    }

    /// Takes what was read for [`Need::Wraps`]; fewer than asked for means that there are no more.
    pub fn take_wraps(&mut self, wraps: Vec<DeviceWrap>, asked: usize) {
        let Stage::Wraps { through, .. } = self.stage else { return };
        let last = wraps.last().map(|wrap| wrap.seq).filter(|_| wraps.len() == asked);
        for wrap in wraps {
            if let Ok(bytes) = <[u8; SEALED_WRAP_BYTES]>::try_from(wrap.wrap) {
                let frame = Frame::TeamWrap(Box::new(bytes)).to_bytes();
                self.budget_bytes = self.budget_bytes.saturating_sub(frame.len());
                self.put(&frame);
            }
        }
        self.stage = last.map_or(Stage::Verdicts, |after| Stage::Wraps { after, through });
    }

    /// Takes what was read for [`Need::Feed`]. None means that the next does not fit.
    pub fn take_feed(&mut self, items: Vec<FeedItem>) {
        let Some(mut range) = self.feeds.pop_front() else { return };
        let mut fitted = !items.is_empty();
        for item in items {
            let mut bytes = Vec::new();
            if self.started != Some(range.zone) {
                bytes = Frame::FeedStart(FeedStart { zone: range.zone, after: range.after }).to_bytes();
            }
            match item {
                FeedItem::Envelope(envelope) => bytes.extend(Frame::envelope_bytes(&envelope)),
                FeedItem::Own(id) => bytes.extend(Frame::Own(id).to_bytes()),
                FeedItem::Gone(id) => bytes.extend(Frame::Gone(id).to_bytes()),
            }
            fitted = self.put_within_budget(&bytes);
            if !fitted {
                break;
            }
            self.started = Some(range.zone);
            range.after = range.after.next();
        }
        if !fitted {
            self.remainder = Remainder::More;
            self.feeds.clear();
        } else if range.after < range.through {
            self.feeds.push_front(range);
        }
    }

    /// Closes the answer: `sign` is handed the closing digest.
    pub fn close(&mut self, sign: impl FnOnce(&Digest32) -> Signature) {
        let stream = Digest32(self.digest.clone().finalize().into());
        let signature = sign(&closing_digest(&self.request, &stream, self.remainder));
        let closing = Frame::Closing(Closing { remainder: self.remainder, signature });
        self.page.extend_from_slice(&closing.to_bytes());
        self.stage = Stage::Done;
    }

    /// Whether the page is to be sent before more is read.
    #[must_use]
    pub fn page_is_full(&self) -> bool {
        self.page.len() >= PAGE_BYTES
    }

    /// The page as far as it is filled; empty at the end.
    pub fn take_page(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.page)
    }

    /// Whether the closing frame was given.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.stage == Stage::Done
    }

    fn page_bytes(&self, budget_bytes: usize) -> PageBytes {
        let most = budget_bytes.saturating_sub(FRAME_HEADER_BYTES);
        PageBytes { enough: PAGE_BYTES.saturating_sub(self.page.len()).min(most), most }
    }

    fn put(&mut self, frames: &[u8]) {
        self.digest.update(frames);
        self.page.extend_from_slice(frames);
    }

    fn put_within_budget(&mut self, frames: &[u8]) -> bool {
        let Some(left) = self.budget_bytes.checked_sub(frames.len()) else { return false };
        self.budget_bytes = left;
        self.put(frames);
        true
    }
}

const fn budget(asked: u32) -> u32 {
    match asked {
        0 => limits::ANSWER_BYTES_DEFAULT,
        small if small < limits::ANSWER_BYTES_MIN => limits::ANSWER_BYTES_MIN,
        large if large > limits::ANSWER_BYTES_MAX => limits::ANSWER_BYTES_MAX,
        fitting => fitting,
    }
}

fn verdict_frame(verdict: PushVerdict) -> Frame {
    match verdict {
        PushVerdict::Receipt(receipt) => Frame::Receipt(receipt),
        PushVerdict::Refusal(refusal) => Frame::Refusal(refusal),
    }
}

/// What a reader has not read: the stretch after its cursor in each zone, in the order in which zones are sent.
#[must_use]
pub fn unread(zones: &[ZoneId], heads: &BTreeMap<ZoneId, FeedPoint>, cursors: &[Cursor]) -> VecDeque<FeedRange> {
    let cursors: BTreeMap<ZoneId, FeedNumber> = cursors.iter().map(|cursor| (cursor.zone, cursor.number)).collect();
    zones
        .iter()
        .filter_map(|zone| {
            let after = cursors.get(zone).copied().unwrap_or_default();
            let through = heads.get(zone)?.number;
            (after < through).then_some(FeedRange { zone: *zone, after, through })
        })
        .collect()
}

/// The heads of the zones that a checkpoint names: those that have something unread, ascending by zone.
#[must_use]
pub fn changed(heads: &BTreeMap<ZoneId, FeedPoint>, unread: &VecDeque<FeedRange>) -> Vec<ZoneFeedPoint> {
    let mut zones: Vec<ZoneId> = unread.iter().map(|range| range.zone).collect();
    zones.sort_unstable();
    zones.iter().filter_map(|zone| Some(ZoneFeedPoint { zone: *zone, point: *heads.get(zone)? })).collect()
}

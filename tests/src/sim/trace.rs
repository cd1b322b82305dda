//! What happened, as a digest and as the last lines of a story: two runs of one seed have the same.

use std::collections::VecDeque;
use std::fmt::Write as _;

use doorstep_protocol::{Digest32, Millis, hash};

/// Lines that are kept to be told.
const LINES_MAX: usize = 60;

/// The trace of a run.
pub struct Trace {
    digest: Digest32,
    events: u64,
    last: VecDeque<String>,
    telling: Telling,
}

/// Whether lines are printed as they come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// Only the last are kept.
    #[default]
    Quiet,
    /// All are printed.
    Aloud,
}

impl Default for Trace {
    fn default() -> Self {
        Self::new(Telling::Quiet)
    }
}

impl Trace {
    /// An empty trace.
    #[must_use]
    pub const fn new(telling: Telling) -> Self {
        Self { digest: Digest32::ZERO, events: 0, last: VecDeque::new(), telling }
    }

    /// Adds what happened, with the bytes that it happened with.
    pub fn add(&mut self, now: Millis, what: &str, bytes: &[u8]) {
        let mut line = String::with_capacity(64);
        // Writing into a String does not fail.
        let _done = write!(line, "{:>10} {what}", now.0 - crate::town::NOON.0);
        if !bytes.is_empty() {
            let _done = write!(line, " {} bytes {}", bytes.len(), &hash::sha256(bytes).to_string()[..8]);
        }
        if self.telling == Telling::Aloud {
            println!("{line}");
        }
        self.events += 1;
        self.digest = hash::sha256(&[&self.digest.0[..], line.as_bytes()].concat());
        if self.last.len() == LINES_MAX {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    /// The digest over all of it.
    #[must_use]
    pub const fn digest(&self) -> Digest32 {
        self.digest
    }

    /// How much happened.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// The last lines.
    #[must_use]
    pub fn story(&self) -> String {
        self.last.iter().map(|line| format!("{line}\n")).collect()
    }
}

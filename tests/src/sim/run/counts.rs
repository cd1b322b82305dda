//! What a run came to: what happened how often, and how it broke.

use doorstep_protocol::Digest32;

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The digest over all that happened: two runs of one seed have the same.
    pub trace: Digest32,
    /// What happened how often.
    pub counts: Counts,
}

/// What happened how often: a simulator in which nothing goes wrong shows nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Everything.
    pub events: u64,
    /// Jobs that were saved.
    pub saved: u64,
    /// Jobs that the device could not save.
    pub not_saved: u64,
    /// Requests that arrived.
    pub arrived: u64,
    /// Requests and answers that were lost, doubled or cut.
    pub mistreated: u64,
    /// Tablets that ended.
    pub tablets_ended: u64,
    /// How often the server ended.
    pub station_ended: u64,
    /// Rows that were recorded.
    pub rows: u64,
    /// Receipts that were given.
    pub receipts: u64,
    /// Documents in dispute at the end, on the desk.
    pub disputed: u64,
    /// Decisions of admins that the server took.
    pub decided: u64,
    /// Tablets that were ended, or left.
    pub left: u64,
    /// Documents that were erased.
    pub erased: u64,
    /// Envelopes that were taken in late.
    pub adopted: u64,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            saved: self.saved + other.saved,
            not_saved: self.not_saved + other.not_saved,
            arrived: self.arrived + other.arrived,
            mistreated: self.mistreated + other.mistreated,
            tablets_ended: self.tablets_ended + other.tablets_ended,
            station_ended: self.station_ended + other.station_ended,
            rows: self.rows + other.rows,
            receipts: self.receipts + other.receipts,
            disputed: self.disputed + other.disputed,
            decided: self.decided + other.decided,
            left: self.left + other.left,
            erased: self.erased + other.erased,
            adopted: self.adopted + other.adopted,
        }
    }
}

/// A run that broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its seed.
    pub seed: u64,
    /// What does not hold.
    pub what: String,
    /// The last that happened.
    pub story: String,
}

//! Rows of the class `health-id`: the NHS number and how far it was traced. Read by health and social care only.

use doorstep_protocol::Millis;

use super::Source;
use super::row::{choice, row};
use super::value::FieldError;
use super::words::{Date, NhsNumber};

choice! {
    /// Status of the trace of an NHS number, as the NHS codes it.
    enum TraceStatus {
        /// Present and verified.
        Verified = "01",
        /// Present, not traced.
        NotTraced = "02",
        /// A trace is required.
        TraceRequired = "03",
        /// No match, or several.
        NoOrManyMatches = "04",
        /// A conflict that somebody has to resolve.
        Conflict = "05",
        /// In progress.
        InProgress = "06",
        /// Not present, and no trace required.
        NotRequired = "07",
        /// Postponed: a baby, for one.
        Postponed = "08",
    }
}

row! {
    /// The NHS number.
    struct HealthNumber in HealthId "number" Edited, check(verified_means_traced) {
        /// Ten digits, the last a check digit.
        number: NhsNumber,
        /// How far it was traced.
        status: TraceStatus,
        /// When it was last traced.
        traced_at: Millis,
        /// How it is known.
        source: Source,
    }
}

fn verified_means_traced(row: &HealthNumber) -> Result<(), FieldError> {
    if row.status == Some(TraceStatus::Verified) && (row.number.is_none() || row.traced_at.is_none()) {
        return Err(FieldError::new(
            "status",
            "a verified number is there, and says when it was traced",
            "fill in number and time, or choose another status",
        ));
    }
    Ok(())
}

row! {
    /// One attempt to trace it.
    struct Trace in HealthId "traces" AppendOnly, check(trace_says_what_came_of_it) {
        /// What came of it.
        status: TraceStatus,
        /// When.
        traced_at: Millis,
        /// Who asked, in what role.
        traced_by: String [Chars(120)],
        /// Reference of the request.
        reference: String [Chars(120)],
        /// When to try again.
        again_on: Date,
    }
}

fn trace_says_what_came_of_it(row: &Trace) -> Result<(), FieldError> {
    if row.status.is_some() && row.traced_at.is_some() {
        return Ok(());
    }
    Err(FieldError::new("status", "a trace has a status and a time", "say what came of it, and when"))
}

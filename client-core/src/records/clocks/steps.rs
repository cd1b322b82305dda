//! Steps: what the landlord did about a hazard and when, each a row that stands. A mistake is corrected by a further row.

use doorstep_protocol::Millis;

use crate::records::Source;
use crate::records::row::{choice, row};
use crate::records::value::FieldError;
use crate::records::words::RowId;

choice! {
    /// Something that happened about a hazard.
    enum StepKind {
        /// The landlord became aware. The earliest holds for ever.
        LandlordAware = "landlord-aware",
        /// The investigation ended.
        Investigated = "investigated",
        /// It was found that work is needed to make it safe.
        SafetyWorkIdentified = "safety-work-identified",
        /// The tenant was given the written summary.
        SummaryGiven = "summary-given",
        /// It was made safe.
        MadeSafe = "made-safe",
        /// Work that lasts was started.
        SupplementaryStarted = "supplementary-started",
        /// The investigation found no significant hazard.
        NoSignificantHazard = "no-significant-hazard",
        /// No further work is needed.
        NoFurtherWork = "no-further-work",
        /// The landlord was not let in.
        AccessRefused = "access-refused",
        /// Another place to stay was offered.
        AccommodationOffered = "accommodation-offered",
    }
}

row! {
    /// A step about a hazard.
    struct Step in Home "steps" AppendOnly, check(step_is_whole) {
        /// The hazard.
        hazard: RowId,
        /// What happened.
        kind: StepKind,
        /// When.
        at: Millis,
        /// More.
        note: String [Chars(1_000)],
        /// The step that was recorded by mistake, and that this one puts right.
        corrects: RowId,
        /// How it is known.
        source: Source,
        /// The visit.
        visit: RowId,
    }
}

fn step_is_whole(step: &Step) -> Result<(), FieldError> {
    if step.hazard.is_some() && step.kind.is_some() && step.at.is_some() {
        return Ok(());
    }
    Err(FieldError::new("at", "a step names its hazard, what happened and when", "fill in all three"))
}

//! Visits: who was there, why, and how far the visit is through the back office.

use doorstep_protocol::{Millis, WorkerId};

use crate::records::row::{choice, row};

choice! {
    /// Kind of visit.
    enum VisitKind {
        /// Safe and Well visit of a fire service.
        SafeAndWell = "safe-and-well",
        /// Assessment by an occupational therapist.
        OtAssessment = "ot-assessment",
        /// Adaptation.
        Adaptation = "adaptation",
        /// Stock condition survey.
        StockCondition = "stock-condition",
        /// HHSRS inspection.
        HhsrsInspection = "hhsrs-inspection",
        /// Follow-up.
        FollowUp = "follow-up",
    }
}

choice! {
    /// How a visit ended.
    enum Outcome {
        /// Done.
        Done = "done",
        /// Part of it.
        Partial = "partial",
        /// Nobody in.
        NoAccess = "no-access",
        /// Refused.
        Refused = "refused",
    }
}

choice! {
    /// How far a visit is through the back office.
    enum VisitState {
        /// Being recorded.
        Draft = "draft",
        /// Handed in.
        Submitted = "submitted",
        /// Returned to the visitor.
        Returned = "returned",
        /// Reconciled.
        Reconciled = "reconciled",
    }
}

row! {
    /// A visit.
    struct Visit in Home "visits" Edited {
        /// Kind.
        kind: VisitKind,
        /// The worker.
        worker: WorkerId,
        /// The worker in words, where no id is known.
        visitor: String [Chars(120)],
        /// For which organisation.
        organisation: String [Chars(120)],
        /// Why.
        purpose: String [Chars(300)],
        /// Whom the visitor met.
        met: String [Chars(300)],
        /// Begin.
        started_at: Millis,
        /// End.
        ended_at: Millis,
        /// How it ended.
        outcome: Outcome,
        /// What follows.
        follow_up: String [Chars(2_000)],
        /// How far it is.
        state: VisitState,
        /// What the back office says about it to the visitor.
        review_note: String [Chars(2_000)],
        /// When the back office last looked at it.
        reviewed_at: Millis,
        /// More.
        note: String [Chars(4_000)],
        /// The form that was filled in: the id of its pack.
        form: String [Chars(60)],
        /// The version of the form.
        version: i64 [Within(1, 1_000_000)],
    }
}

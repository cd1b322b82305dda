//! Rows of the class `register`: to whom something was disclosed, what organisations agreed, who has a legitimate relationship
//! with whom, and what people asked for.

use doorstep_protocol::{DocumentId, Millis, OrganisationId, TeamId, WorkerId};

use super::row::{choice, row};
use super::value::FieldError;
use super::words::Date;

choice! {
    /// How somebody who asks was identified.
    enum IdentityCheck {
        /// Identity papers were seen.
        PapersSeen = "papers-seen",
        /// A known person, or called back at a known number.
        KnownContact = "known-contact",
        /// The organisation's own address or secure mail.
        OfficialAddress = "official-address",
        /// A proxy whose evidence was seen.
        Proxy = "proxy",
        /// A court order or warrant.
        CourtOrder = "court-order",
        /// It was not done.
        NotDone = "not-done",
    }
}

choice! {
    /// What was decided.
    enum DisclosureDecision {
        /// Nothing yet.
        Pending = "pending",
        /// All of it was given.
        Given = "given",
        /// Part of it.
        PartlyGiven = "partly-given",
        /// Nothing was given.
        Refused = "refused",
        /// Whoever asked took it back.
        Withdrawn = "withdrawn",
    }
}

row! {
    /// A disclosure that somebody asked for, refusals included.
    struct Disclosure in Register "disclosures" Edited, check(disclosure_is_decided_by_somebody) {
        /// About whom or what: a person or a property.
        record: DocumentId,
        /// Who asked.
        asked_by: String [Chars(200)],
        /// For which organisation.
        organisation: String [Chars(200)],
        /// How they were identified.
        identified: IdentityCheck,
        /// How exactly.
        identified_how: String [Chars(300)],
        /// What for.
        purpose: String [Chars(500)],
        /// What they asked for.
        asked: String [Chars(1_000)],
        /// By what law or agreement.
        authority: String [Chars(300)],
        /// When they asked.
        asked_at: Millis,
        /// What was decided.
        decision: DisclosureDecision,
        /// Who decided, in what role.
        decided_by: String [Chars(120)],
        /// When.
        decided_at: Millis,
        /// Why.
        why: String [Chars(1_000)],
        /// What was given: which facts, in which form.
        given: String [Chars(1_000)],
        /// The person was told.
        person_told: bool,
        /// Why the person was not told.
        not_told_why: String [Chars(500)],
    }
}

fn disclosure_is_decided_by_somebody(row: &Disclosure) -> Result<(), FieldError> {
    if row.asked_by.is_none() || row.asked.is_none() || row.purpose.is_none() || row.asked_at.is_none() {
        return Err(FieldError::new("asked", "says who asked for what, when and why", "fill in all four"));
    }
    let is_decided = !matches!(row.decision, None | Some(DisclosureDecision::Pending));
    if is_decided && (row.decided_by.is_none() || row.decided_at.is_none()) {
        return Err(FieldError::new(
            "decided_by",
            "a decision is somebody's",
            "say who decided, in what role, and when",
        ));
    }
    let was_given = matches!(row.decision, Some(DisclosureDecision::Given | DisclosureDecision::PartlyGiven));
    if was_given && (row.given.is_none() || row.identified.is_none()) {
        return Err(FieldError::new(
            "given",
            "says what was given, and how whoever asked was identified",
            "list the facts, and say what you saw of who asked",
        ));
    }
    if row.decision == Some(DisclosureDecision::Refused) && row.why.is_none() {
        return Err(FieldError::new("why", "a refusal has a reason", "say why, so that it can be answered for"));
    }
    Ok(())
}

impl Disclosure {
    /// Whether nobody has decided.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(self.decision, None | Some(DisclosureDecision::Pending))
    }
}

row! {
    /// A sharing agreement that grants refer to.
    struct Agreement in Register "agreements" Edited, check(agreement_is_named) {
        /// Its name.
        name: String [Chars(200)],
        /// Its reference.
        reference: String [Chars(80)],
        /// Organisations that are bound by it, in words.
        parties: String [Chars(1_000)],
        /// What it is for.
        purpose: String [Chars(1_000)],
        /// The legal power.
        legal_power: String [Chars(300)],
        /// The lawful basis.
        lawful_basis: String [Chars(300)],
        /// Since when.
        from: Date,
        /// Until when.
        until: Date,
        /// When it is looked at again.
        review_on: Date,
        /// Who signed it, in what role.
        signed_by: String [Chars(300)],
        /// When it ended.
        ended_on: Date,
    }
}

fn agreement_is_named(row: &Agreement) -> Result<(), FieldError> {
    if row.name.is_some() && row.legal_power.is_some() && row.lawful_basis.is_some() {
        return Ok(());
    }
    Err(FieldError::new(
        "name",
        "an agreement has a name, a legal power and a lawful basis",
        "the legal power is why you may share, the lawful basis why you may hold: fill in both",
    ))
}

impl Agreement {
    /// Whether it holds on a day. The last day is one of them.
    #[must_use]
    pub fn holds(&self, today: &Date) -> bool {
        let is_over = [&self.until, &self.ended_on].into_iter().flatten().any(|end| end < today);
        !is_over && self.from.as_ref().is_none_or(|from| from <= today)
    }
}

choice! {
    /// Why an allocation ended.
    enum AllocationEnd {
        /// The work is done.
        Done = "done",
        /// Somebody else took over.
        HandedOver = "handed-over",
        /// The person died.
        PersonDied = "person-died",
        /// The person moved out of the area.
        MovedAway = "moved-away",
        /// It was a mistake.
        Mistaken = "mistaken",
    }
}

row! {
    /// That somebody works with a person: a legitimate relationship. It holds while it has no end and the person lives.
    struct Allocation in Register "allocations" Edited, check(allocation_is_of_somebody) {
        /// The person.
        person: DocumentId,
        /// The worker.
        worker: WorkerId,
        /// The team, where it is a team's.
        team: TeamId,
        /// Their organisation.
        organisation: OrganisationId,
        /// In what role.
        role: String [Chars(120)],
        /// Why.
        purpose: String [Chars(300)],
        /// Since when.
        from: Date,
        /// Since when no more.
        ended_on: Date,
        /// Why it ended.
        ended_why: AllocationEnd,
        /// After this day a device that has not synced asks again.
        good_until: Date,
    }
}

fn allocation_is_of_somebody(row: &Allocation) -> Result<(), FieldError> {
    if row.person.is_none() || (row.worker.is_none() && row.team.is_none()) || row.from.is_none() {
        return Err(FieldError::new(
            "worker",
            "an allocation names the person, the worker or team, and its first day",
            "fill in all three",
        ));
    }
    if let (Some(from), Some(end)) = (&row.from, &row.ended_on)
        && end < from
    {
        return Err(FieldError::new("ended_on", "not before the day it began", "check both dates"));
    }
    Ok(())
}

/// Whether an allocation makes a legitimate relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relationship {
    /// It does.
    Holds,
    /// What this device knows of it is too old: it has to sync.
    Stale,
    /// It has not begun.
    NotYet,
    /// It ended.
    Ended,
    /// The person died.
    PersonDied,
}

impl Allocation {
    /// Whether it makes a legitimate relationship on a day, with a person who died on `died`, if they did.
    #[must_use]
    pub fn relationship(&self, today: &Date, died: Option<&Date>) -> Relationship {
        if died.is_some() {
            return Relationship::PersonDied;
        }
        // The last day is still one of work.
        if self.ended_on.as_ref().is_some_and(|end| end < today) {
            return Relationship::Ended;
        }
        if self.from.as_ref().is_none_or(|from| from > today) {
            return Relationship::NotYet;
        }
        if self.good_until.as_ref().is_some_and(|until| until < today) {
            return Relationship::Stale;
        }
        Relationship::Holds
    }
}

choice! {
    /// What somebody asks for.
    enum RequestKind {
        /// What is held about them.
        Access = "access",
        /// That something is put right.
        Rectification = "rectification",
        /// That something is erased.
        Erasure = "erasure",
        /// That use is restricted.
        Restriction = "restriction",
        /// That something is not done.
        Objection = "objection",
        /// Who read their record.
        WhoRead = "who-read",
        /// A complaint.
        Complaint = "complaint",
    }
}

choice! {
    /// How far a request is.
    enum RequestState {
        /// Nobody has it yet.
        Open = "open",
        /// Somebody works on it.
        InProgress = "in-progress",
        /// It waits for whoever asked.
        Waiting = "waiting",
        /// It was answered.
        Answered = "answered",
        /// It was refused.
        Refused = "refused",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }
}

row! {
    /// What a resident, or somebody for them, asked for.
    struct Request in Register "requests" Edited, check(request_says_what) {
        /// About whom.
        person: DocumentId,
        /// What kind.
        kind: RequestKind,
        /// In words.
        text: String [Chars(2_000)],
        /// Who asks.
        asked_by: String [Chars(200)],
        /// They ask for the person, by this right.
        on_behalf: String [Chars(300)],
        /// How they were identified.
        identified: IdentityCheck,
        /// When it came.
        received_at: Millis,
        /// When it must be answered.
        due: Date,
        /// Who has it, in what role.
        handled_by: String [Chars(120)],
        /// How far it is.
        state: RequestState,
        /// When it was answered.
        answered_at: Millis,
        /// What was answered.
        answer: String [Chars(2_000)],
    }
}

fn request_says_what(row: &Request) -> Result<(), FieldError> {
    if row.kind.is_none() || row.asked_by.is_none() || row.received_at.is_none() {
        return Err(FieldError::new("kind", "says who asks for what, and when it came", "fill in all three"));
    }
    let is_closed = matches!(row.state, Some(RequestState::Answered | RequestState::Refused));
    if is_closed && (row.answered_at.is_none() || row.answer.is_none()) {
        return Err(FieldError::new("answer", "says what was answered, and when", "a refusal is an answer, too"));
    }
    Ok(())
}

impl Request {
    /// Whether it waits for an answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, Some(RequestState::Answered | RequestState::Refused | RequestState::Withdrawn))
    }
}

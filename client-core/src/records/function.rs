//! Rows of the class `function`: what the person can do. Function, not diagnosis.

use doorstep_protocol::Millis;

use super::row::{choice, row};
use super::value::FieldError;
use super::words::{Date, RowId};
use super::{Confidence, Source};

choice! {
    /// What is done.
    enum Doing {
        /// Walk.
        Walk = "walk",
        /// Move between bed, chair, toilet, bath.
        Transfer = "transfer",
        /// Stairs.
        Stairs = "stairs",
        /// Hear an alarm.
        Hear = "hear",
        /// See.
        See = "see",
        /// Wake to an alarm.
        Wake = "wake",
        /// Understand and act.
        Understand = "understand",
        /// Leave the home unaided.
        SelfEvacuate = "self-evacuate",
        /// Call for help.
        CallForHelp = "call-for-help",
        /// Live without powered equipment.
        WithoutEquipment = "without-equipment",
    }
}

choice! {
    /// How well.
    enum Level {
        /// Unaided.
        Independent = "independent",
        /// With equipment.
        WithEquipment = "with-equipment",
        /// With another person.
        WithHelp = "with-help",
        /// Not at all.
        Cannot = "cannot",
    }
}

choice! {
    /// How steadily.
    enum Constancy {
        /// Always so.
        Constant = "constant",
        /// It varies.
        Fluctuating = "fluctuating",
        /// For a while.
        Temporary = "temporary",
    }
}

choice! {
    /// Who said so.
    enum SaidBy {
        /// The person.
        Person = "person",
        /// Somebody who cares for them.
        Carer = "carer",
        /// A professional.
        Professional = "professional",
        /// A record.
        Record = "record",
    }
}

row! {
    /// What the person can do.
    struct Ability in Function "abilities" Edited, check(ability_is_whole) {
        /// What.
        what: Doing,
        /// How well.
        level: Level,
        /// How steadily.
        constancy: Constancy,
        /// Who said so.
        said_by: SaidBy,
        /// More.
        detail: String [Chars(1_000)],
        /// Since when.
        from: Date,
        /// Until when.
        to: Date,
        /// When it was seen or said.
        observed_at: Millis,
        /// How it is known.
        source: Source,
        /// How sure.
        certainty: Confidence,
        /// The visit; of somebody whose address is protected it is not said.
        visit: RowId,
    }
}

fn ability_is_whole(ability: &Ability) -> Result<(), FieldError> {
    if ability.what.is_some() && ability.level.is_some() {
        return Ok(());
    }
    Err(FieldError::new("level", "an ability says what and how well", "fill in both"))
}

choice! {
    /// Kind of note.
    enum NoteKind {
        /// Assessment.
        Assessment = "assessment",
        /// Mental capacity for one decision.
        Capacity = "capacity",
        /// Anything else.
        General = "general",
    }
}

row! {
    /// A dated note; capacity is a note about one decision, never a yes or no.
    struct Note in Function "notes" AppendOnly, check(note_says_something) {
        /// Kind.
        kind: NoteKind,
        /// The decision that a capacity note is about.
        decision: String [Chars(300)],
        /// The note.
        text: String [Chars(4_000)],
        /// When.
        observed_at: Millis,
        /// How it is known.
        source: Source,
        /// The visit; of somebody whose address is protected it is not said.
        visit: RowId,
        /// Who assessed it, in what role.
        assessed_by: String [Chars(120)],
        /// What helped the person to decide, or could.
        support: String [Chars(1_000)],
        /// The note that this one corrects, by row.
        corrects: RowId,
    }
}

fn note_says_something(note: &Note) -> Result<(), FieldError> {
    if note.text.is_none() {
        return Err(FieldError::new("text", "a note has a text", "write the note"));
    }
    if note.kind == Some(NoteKind::Capacity) && note.decision.is_none() {
        return Err(FieldError::new("decision", "capacity is about one decision", "name the decision"));
    }
    Ok(())
}

choice! {
    /// Who says that the person has a condition.
    enum ConditionSource {
        /// A record of the NHS.
        NhsRecord = "nhs-record",
        /// The person.
        SelfReport = "self-report",
        /// Somebody who cares for them.
        Carer = "carer",
        /// A professional.
        Professional = "professional",
    }
}

row! {
    /// A diagnosis that a partner sent or the person named: kept as it came. What the person can do is an ability.
    struct Condition in Function "conditions" Edited, check(condition_has_a_source) {
        /// In words.
        name: String [Chars(200)],
        /// The SNOMED CT code it came with.
        snomed: String [Chars(18)],
        /// Who says so.
        said_by: ConditionSource,
        /// How sure that is.
        certainty: Confidence,
        /// Since when.
        from: Date,
        /// Until when.
        to: Date,
        /// When it was recorded or said.
        observed_at: Millis,
        /// How it came here.
        source: Source,
    }
}

fn condition_has_a_source(row: &Condition) -> Result<(), FieldError> {
    if (row.name.is_some() || row.snomed.is_some()) && row.said_by.is_some() && row.certainty.is_some() {
        return Ok(());
    }
    Err(FieldError::new(
        "said_by",
        "a condition has a name or code, who says so, and how sure that is",
        "fill in all three; what the person can do is an ability",
    ))
}

choice! {
    /// How much help somebody needs to get out.
    enum Assistance {
        /// None.
        None = "none",
        /// A warning, or somebody to wake them.
        Warning = "warning",
        /// One person.
        OnePerson = "one-person",
        /// Several people or equipment.
        Several = "several-or-equipment",
    }
}

row! {
    /// The residential evacuation plan: what the fire authority is told, with the person's consent and not without.
    struct Evacuation in Function "evacuation" Edited, check(evacuation_names_its_review) {
        /// How much help.
        assistance: Assistance,
        /// An emergency evacuation statement exists.
        statement: bool,
        /// The flat, as the fire authority is told.
        flat: String [Chars(40)],
        /// The floor, 0 for ground.
        floor: i64 [Within(-10, 200)],
        /// When it was agreed.
        agreed_on: Date,
        /// When it is looked at again: within twelve months.
        review_due: Date,
        /// When it ended.
        ended_on: Date,
        /// How it is known.
        source: Source,
    }
}

fn evacuation_names_its_review(row: &Evacuation) -> Result<(), FieldError> {
    if row.assistance.is_some() && row.agreed_on.is_some() && row.review_due.is_some() {
        return Ok(());
    }
    Err(FieldError::new(
        "review_due",
        "a plan says how much help, when it was agreed and when it is looked at again",
        "fill in all three; look at it again within twelve months",
    ))
}

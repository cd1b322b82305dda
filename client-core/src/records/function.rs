//! Rows of the class `function`: what the person can do. Function, not diagnosis.

use doorstep_protocol::Millis;

use super::Source;
use super::row::{choice, row};
use super::value::FieldError;
use super::words::{Date, RowId};

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
        /// The visit.
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
        /// The visit.
        visit: RowId,
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

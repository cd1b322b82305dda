//! The forms of the reports.

use super::sheet::{Column, ColumnKind, Filled, Table};

const fn always(name: &'static str, kind: ColumnKind, about: &'static str) -> Column {
    Column { name, kind, filled: Filled::Always, about }
}

const fn sometimes(name: &'static str, kind: ColumnKind, about: &'static str) -> Column {
    Column { name, kind, filled: Filled::Sometimes, about }
}

use ColumnKind::{Moment, Number, Text, Truth};

/// One value of one field, with where it comes from.
pub(super) const FACTS: Table = Table {
    name: "facts",
    about: "One value of one field of a home, a person or a visit. A field in dispute has a row for each of its values.",
    columns: &[
        always("record", Text, "The property or person: its id in this partnership."),
        always("title", Text, "Its address or name."),
        always("class", Text, "The compartment that the value stands in."),
        always("collection", Text, "The kind of row."),
        always("row", Text, "The id of the row."),
        always("field", Text, "The field."),
        sometimes("value", Text, "The value; empty where somebody emptied the field."),
        always("disputed", Truth, "Whether several people set the field without seeing each other."),
        always("who", Text, "Who said so: the worker, or the device where the worker is not known."),
        sometimes("at", Moment, "When, by the clock of the device it was said on."),
        sometimes("source", Text, "How whoever recorded the row knew."),
    ],
};

/// Who opened what is sealed.
pub(super) const READS: Table = Table {
    name: "reads",
    about: "One opening of something sealed about a home or a person.",
    columns: &[
        always("at", Moment, "When, by the clock of the device it was opened on."),
        always("who", Text, "Who: the worker, or the device where the worker is not known."),
        always("device", Text, "On which device."),
        always("how", Text, "glass-broken, behind-glass or with-purpose."),
        sometimes("reason", Text, "Why the glass was broken: a code."),
        sometimes("purpose", Number, "For which purpose, as the grant names it."),
    ],
};

/// To whom something was disclosed.
pub(super) const DISCLOSURES: Table = Table {
    name: "disclosures",
    about: "One request to disclose and what became of it, refusals included.",
    columns: &[
        sometimes("record", Text, "The property or person it is about: its id in this partnership."),
        sometimes("asked_at", Moment, "When it was asked."),
        sometimes("asked_by", Text, "Who asked."),
        sometimes("organisation", Text, "For which organisation."),
        sometimes("identified", Text, "How whoever asked was identified: a code."),
        sometimes("identified_how", Text, "How exactly."),
        sometimes("purpose", Text, "What for."),
        sometimes("asked", Text, "What was asked for."),
        sometimes("authority", Text, "By what law or agreement."),
        always("decision", Text, "What was decided: a code; pending while nothing is."),
        sometimes("decided_by", Text, "Who decided, in what role."),
        sometimes("decided_at", Moment, "When."),
        sometimes("why", Text, "Why."),
        sometimes("given", Text, "What was given."),
    ],
};

/// The sheet of regulation 10: exactly the four facts.
pub(super) const REG10: Table = Table {
    name: "reg10",
    about: "What the fire authority is told under regulation 10, with explicit consent: these four facts and no other.",
    columns: &[
        sometimes("flat_number", Text, "The flat."),
        sometimes("floor_number", Number, "The floor, 0 for ground."),
        always("assistance", Text, "How much help is needed to get out: a code."),
        always("statement_exists", Truth, "Whether an emergency evacuation statement exists."),
    ],
};

/// What a device could read.
pub(super) const EXPOSURE: Table = Table {
    name: "exposure",
    about: "A zone that a device could read, and since when.",
    columns: &[
        always("device", Text, "The device's name."),
        sometimes("frozen_since", Moment, "Since when it is frozen, while it is."),
        sometimes("revoked_since", Moment, "Since when it is ended."),
        sometimes("last_work_came", Moment, "When work of it last came to this desk."),
        always("zone", Text, "The zone's name."),
        always("class", Text, "The class of its documents."),
        always("behind_glass", Truth, "Whether it could be read behind a broken glass only."),
        always("since", Moment, "Since when."),
        sometimes("until", Moment, "Until when; null while it still can."),
        sometimes("documents", Number, "How many documents lay open at most; null where this desk does not read them."),
        always("wrote", Truth, "Whether it wrote there, as far as this desk knows."),
    ],
};

/// Who holds which zone.
pub(super) const ACCESS: Table = Table {
    name: "access",
    about: "A device that holds a zone through a team.",
    columns: &[
        always("zone", Text, "The zone's name."),
        always("class", Text, "The class of its documents."),
        always("team", Text, "The team's name."),
        always("rights", Text, "What the team may do: read, write, glass, with spaces between."),
        always("purposes", Text, "Codes of the purposes, with spaces between."),
        sometimes("expires", Moment, "When the grant ends by itself."),
        always("device", Text, "The device's name."),
        always("workers", Text, "Its workers, with semicolons between."),
        sometimes("last_wrote", Moment, "When work of it in this zone last came to this desk."),
    ],
};

/// Audit records.
pub(super) const AUDIT: Table = Table {
    name: "audit",
    about: "One audit record of a device. Words that somebody gave as a reason stay at the auditor's desk.",
    columns: &[
        always("at", Moment, "When, by that device's clock."),
        always("device", Text, "The device's name."),
        always("who", Text, "The worker, or the device where the worker is not known."),
        always("event", Text, "What happened: a code."),
        sometimes("class", Text, "The class of what was opened."),
        sometimes("reason", Text, "Why a glass was broken: a code."),
        sometimes("purpose", Number, "For which purpose, as the grant names it."),
        sometimes("outcome", Text, "What a review came to: a code."),
        sometimes("count", Number, "How many wrong PINs were tried."),
    ],
};

/// Statutory clocks.
pub(super) const CLOCKS: Table = Table {
    name: "clocks",
    about: "One statutory clock of one hazard.",
    columns: &[
        sometimes("record", Text, "The property: its id in this partnership."),
        always("title", Text, "Its address."),
        always("hazard", Text, "The row of the hazard."),
        always("code", Text, "Its list and code."),
        always("rule", Text, "Which deadline: a code."),
        always("phase", Text, "The phase of the law by which it runs."),
        always("state", Text, "How it stands: a code."),
        sometimes("begins_with", Text, "The fact it begins with, by the strictest reading."),
        sometimes("started", Moment, "When that was."),
        sometimes("due", Moment, "The last moment in time."),
        sometimes("met", Moment, "When it was met."),
        always("refusals", Number, "How often access was refused."),
        always("doubts", Text, "What is less than certain: codes with spaces between."),
    ],
};

/// De-personalised counts.
pub(super) const COUNTS: Table = Table {
    name: "counts",
    about: "A count without small numbers: 1 to 4 are left out, and enough others that the total does not tell them.",
    columns: &[
        always("of", Text, "What is counted."),
        always("group", Text, "The group; total for all."),
        sometimes("count", Number, "How many; null where it is left out."),
    ],
};

/// Every form.
pub const TABLES: &[&Table] = &[&FACTS, &READS, &DISCLOSURES, &REG10, &EXPOSURE, &ACCESS, &AUDIT, &CLOCKS, &COUNTS];

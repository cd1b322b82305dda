//! Rows of the class `sealed`: the detail that a crew or a visitor is shown behind glass, one fact each.

use super::row::{choice, row};
use super::value::FieldError;
use super::words::{Date, RowId};
use super::{Confidence, Source};

choice! {
    /// Who is the danger, or in danger.
    enum ViolenceKind {
        /// Violence towards staff.
        TowardsStaff = "towards-staff",
        /// Violence in the household.
        Household = "household",
        /// A weapon.
        Weapon = "weapon",
        /// A dangerous animal that is set on people.
        Animal = "animal",
        /// Threats, or harassment.
        Threats = "threats",
    }
}

choice! {
    /// Who knows more.
    enum PointerKind {
        /// The police.
        Police = "police",
        /// Safeguarding of adults.
        SafeguardingAdults = "safeguarding-adults",
        /// Safeguarding of children.
        SafeguardingChildren = "safeguarding-children",
        /// The multi-agency risk conference.
        Marac = "marac",
        /// Probation.
        Probation = "probation",
    }
}

row! {
    /// A warning of violence.
    struct Violence in Sealed "violence" Edited, check(violence_says_what) {
        /// What kind.
        kind: ViolenceKind,
        /// What happened, and what to do, in few words.
        detail: String [Chars(1_000)],
        /// What to do before going in.
        precaution: String [Chars(300)],
        /// Since when.
        since: Date,
        /// When it is looked at again.
        review_on: Date,
        /// Until when it held.
        ended_on: Date,
        /// How it is known.
        source: Source,
        /// How sure.
        confidence: Confidence,
    }
}

row! {
    /// How to get in with nobody to open.
    struct Entry in Sealed "entries" Edited, check(entry_says_how) {
        /// Where the key safe is.
        place: String [Chars(120)],
        /// Its code.
        code: String [Chars(40)],
        /// Who else holds a key.
        key_holder: String [Chars(200)],
        /// When it was last known to be right.
        checked_on: Date,
        /// Until when it held.
        ended_on: Date,
    }
}

row! {
    /// Who knows more, by reference only.
    struct Pointer in Sealed "pointers" Edited, check(pointer_says_who) {
        /// Who.
        kind: PointerKind,
        /// Their reference.
        reference: String [Chars(80)],
        /// Whom to ask, and how.
        contact: String [Chars(200)],
        /// Since when.
        since: Date,
        /// When it is looked at again.
        review_on: Date,
        /// Until when it held.
        ended_on: Date,
    }
}

fn violence_says_what(row: &Violence) -> Result<(), FieldError> {
    if row.kind.is_some() && row.review_on.is_some() {
        return Ok(());
    }
    Err(FieldError::new(
        "kind",
        "a warning of violence has a kind and a review date",
        "say what, and when to look again",
    ))
}

fn entry_says_how(row: &Entry) -> Result<(), FieldError> {
    if row.code.is_some() || row.key_holder.is_some() {
        return Ok(());
    }
    Err(FieldError::new("code", "a way in has a code or a key holder", "say one of them"))
}

fn pointer_says_who(row: &Pointer) -> Result<(), FieldError> {
    if row.kind.is_some() {
        return Ok(());
    }
    Err(FieldError::new("kind", "a pointer says who knows more", "say who"))
}

row! {
    /// Why a flag was set, and what to do about it: the flag itself says only that it exists.
    struct Reason in Sealed "reasons" Edited, check(reason_is_of_a_flag) {
        /// The flag, by its row.
        flag: RowId,
        /// What happened, as a fact.
        reason: String [Chars(2_000)],
        /// Reference of the incident.
        incident: String [Chars(80)],
        /// What to do before going in.
        precautions: String [Chars(1_000)],
        /// Who decided, in what role.
        decided_by: String [Chars(120)],
        /// Who approved it, in what role.
        approved_by: String [Chars(120)],
        /// When it is looked at again.
        review_on: Date,
        /// When it ended.
        ended_on: Date,
    }
}

fn reason_is_of_a_flag(row: &Reason) -> Result<(), FieldError> {
    if row.flag.is_some() && row.reason.is_some() && row.decided_by.is_some() {
        return Ok(());
    }
    Err(FieldError::new(
        "reason",
        "names the flag, the fact behind it and who decided",
        "write what happened, not what somebody thinks of the person",
    ))
}

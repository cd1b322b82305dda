//! Rows of the class `index`: which home this is, and which flags exist for it.

use doorstep_protocol::{DocumentId, Millis, ZoneId};

use super::row::{choice, row};
use super::value::FieldError;
use super::words::{Date, MicroDegrees, Postcode, RowId, Uprn};
use super::{Class, Source};

choice! {
    /// What became of a property.
    enum Standing {
        /// It stands.
        Standing = "standing",
        /// It was demolished.
        Demolished = "demolished",
        /// It was split into others.
        Split = "split",
        /// It was merged into another.
        Merged = "merged",
        /// It was provisional and matched to a UPRN, which has a record of its own.
        Matched = "matched",
    }
}

row! {
    /// Which home this is.
    struct Property in Index "property" Edited, check(property_is_found_again) {
        /// Its UPRN; absent while the property is provisional.
        uprn: Uprn,
        /// Recorded before its UPRN was known.
        provisional: bool,
        /// The UPRN of the building it is in.
        parent: Uprn,
        /// The whole address in one line, as the recorder knows it.
        line: String [Chars(300)],
        /// Flat or unit within the building.
        unit: String [Chars(60)],
        /// Name of the building.
        building: String [Chars(120)],
        /// House number, with its letter.
        number: String [Chars(20)],
        /// Street.
        street: String [Chars(120)],
        /// Village or part of a town.
        locality: String [Chars(80)],
        /// Post town.
        town: String [Chars(80)],
        /// Postcode.
        postcode: Postcode,
        /// Country: `E`, `W`, `S`, `N`.
        country: String [Chars(2)],
        /// BLPU class, as the gazetteer spells it: `RD06`.
        blpu_class: String [Chars(6)],
        /// Area as text, until the gazetteer names it.
        area: String [Chars(80)],
        /// Latitude.
        lat: MicroDegrees,
        /// Longitude.
        lon: MicroDegrees,
        /// What became of it.
        standing: Standing,
    }
}

fn property_is_found_again(property: &Property) -> Result<(), FieldError> {
    let has_address = property.line.is_some() || property.street.is_some() || property.postcode.is_some();
    let has_position = property.lat.is_some() && property.lon.is_some();
    if property.uprn.is_none() && !has_address && !has_position {
        return Err(FieldError::new(
            "line",
            "a property without a UPRN needs an address or a position",
            "write the address as the resident says it",
        ));
    }
    Ok(())
}

choice! {
    /// What happened to the identity of a property.
    enum HistoryKind {
        /// A provisional property was found to be this UPRN.
        Matched = "matched",
        /// The UPRN changed.
        Reassigned = "reassigned",
        /// It was split.
        Split = "split",
        /// It was merged.
        Merged = "merged",
        /// It was demolished.
        Demolished = "demolished",
    }
}

row! {
    /// One event in the life of a property.
    struct HistoryEvent in Index "history" AppendOnly {
        /// What happened.
        kind: HistoryKind,
        /// The UPRN before.
        from: Uprn,
        /// The UPRN after.
        to: Uprn,
        /// The document of the other property.
        other: DocumentId,
        /// The day.
        on: Date,
        /// How it is known.
        source: Source,
        /// More.
        note: String [Chars(500)],
    }
}

choice! {
    /// The kinds of flag; names of the UK Housing Data Standards where they exist.
    enum FlagKind {
        /// Visit in pairs.
        NoVisitAlone = "no-visit-alone",
        /// Visit in pairs, for antisocial behaviour.
        AsbNoVisitAlone = "asb-no-visit-alone",
        /// Ask the contact before a visit.
        ContactForDetails = "contact-for-details",
        /// Only workers of one gender.
        OperativeGenderRestriction = "operative-gender-restriction",
        /// Access was refused.
        RefusedAccess = "refused-access",
        /// Asbestos is present.
        AsbestosPresent = "asbestos-present",
        /// Access is restricted.
        RestrictedAccess = "restricted-access",
        /// A dangerous animal.
        DangerousAnimal = "dangerous-animal",
        /// Oxygen or cylinders on site.
        OxygenOnSite = "oxygen-on-site",
        /// Somebody cannot leave unaided.
        CannotSelfEvacuate = "cannot-self-evacuate",
        /// A key safe exists.
        KeySafe = "key-safe",
    }
}

choice! {
    /// Whom a flag is about.
    enum FlagSubject {
        /// The home.
        Property = "property",
        /// One person.
        Person = "person",
        /// Everybody in the home.
        Household = "household",
    }
}

choice! {
    /// Why a flag ended.
    enum EndReason {
        /// Somebody reviewed it and decided.
        Reviewed = "reviewed",
        /// It should never have been set.
        Mistaken = "mistaken",
        /// What it was published from ended.
        SourceEnded = "source-ended",
    }
}

choice! {
    /// How far somebody disagrees with a flag.
    enum Challenge {
        /// The person, or somebody for them, disagrees.
        Raised = "raised",
        /// Somebody looked at it, and it stands.
        Upheld = "upheld",
        /// Somebody looked at it, and it ends.
        Accepted = "accepted",
    }
}

row! {
    /// That a flag exists, and whom to ask: never why. The detail is sealed.
    struct Flag in Index "flags" Edited, check(flag_ends_by_a_named_decision) {
        /// Its kind.
        kind: FlagKind,
        /// Whom it is about.
        subject: FlagSubject,
        /// Whom to ask for details.
        contact: String [Chars(200)],
        /// The organisation that set it.
        organisation: String [Chars(120)],
        /// Reference of the incident, without detail.
        reference: String [Chars(80)],
        /// Who decided, in what role.
        decided_by: String [Chars(120)],
        /// Who approved it, in what role: somebody else than who decided.
        approved_by: String [Chars(120)],
        /// The person was told, or not.
        person_told: bool,
        /// Why the person was not told.
        not_told_why: String [Chars(300)],
        /// Somebody disagrees with it.
        challenge: Challenge,
        /// When they said so.
        challenged_on: Date,
        /// The day it was set.
        raised_on: Date,
        /// The day by which it must be reviewed.
        review_due: Date,
        /// The day after which it is lapsed.
        expires: Date,
        /// The class it was published from.
        source_class: Class,
        /// The document it was published from.
        source_document: DocumentId,
        /// The zone of that document.
        source_zone: ZoneId,
        /// The size of the authority log that its writer had verified: an erasure of the source at a larger one hides it.
        source_log: i64 [Within(0, i64::MAX)],
        /// The row it was published from.
        source_row: RowId,
        /// The rule that published it.
        rule: String [Chars(60)],
        /// When it ended.
        ended_at: Millis,
        /// Why it ended.
        ended_why: EndReason,
        /// Who decided that it ended.
        ended_by: String [Chars(120)],
    }
}

fn flag_ends_by_a_named_decision(flag: &Flag) -> Result<(), FieldError> {
    if flag.kind.is_none() {
        return Err(FieldError::new("kind", "a flag has a kind", "choose the kind of flag"));
    }
    if flag.ended_at.is_none() {
        return Ok(());
    }
    match (&flag.ended_why, &flag.ended_by) {
        (Some(EndReason::SourceEnded), _) | (Some(_), Some(_)) => Ok(()),
        (None, _) => Err(FieldError::new("ended_why", "a flag ends for a reason", "say why it ends")),
        (Some(_), None) => {
            Err(FieldError::new("ended_by", "a flag ends by a named decision", "say who decided, in what role"))
        }
    }
}

/// Whether a flag holds today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlagState {
    /// It holds.
    Live,
    /// It holds, and its review is overdue.
    ReviewDue,
    /// Past its expiry: neither gone nor live; ask the contact.
    Lapsed,
    /// Ended by a decision.
    Ended,
}

impl Flag {
    /// Whether the flag holds on a day.
    #[must_use]
    pub fn state(&self, today: &Date) -> FlagState {
        if self.ended_at.is_some() {
            FlagState::Ended
        } else if self.expires.as_ref().is_some_and(|day| day < today) {
            FlagState::Lapsed
        } else if self.review_due.as_ref().is_some_and(|day| day < today) {
            FlagState::ReviewDue
        } else {
            FlagState::Live
        }
    }
}

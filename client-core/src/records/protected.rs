//! Rows of the class `protected`: safeguarding, and where an address-protected person is. Never on the home view, never printed,
//! never shown to a proxy; opened by a named team, with a worker's PIN, and every look is recorded first.

use doorstep_protocol::{DocumentId, Millis};

use super::Source;
use super::identity::{Occupancy, OccupancyKind, OccupancyRole};
use super::row::{choice, row};
use super::value::FieldError;
use super::words::Date;

choice! {
    /// What the person is to be protected from.
    enum ConcernKind {
        /// Domestic abuse.
        DomesticAbuse = "domestic-abuse",
        /// Abuse by others.
        Abuse = "abuse",
        /// Neglect by others.
        Neglect = "neglect",
        /// Self-neglect, hoarding.
        SelfNeglect = "self-neglect",
        /// Money taken.
        Financial = "financial",
        /// The home taken over by others.
        Cuckooing = "cuckooing",
        /// A child at risk.
        Child = "child",
        /// Forced marriage or honour-based abuse.
        HonourBased = "honour-based",
        /// Modern slavery.
        Slavery = "modern-slavery",
        /// Something else: see the detail.
        Unlisted = "unlisted",
    }
}

row! {
    /// A safeguarding concern.
    struct Concern in Protected "concerns" Edited, check(concern_has_a_holder) {
        /// Its kind.
        kind: ConcernKind,
        /// What is known, in few words.
        detail: String [Chars(4_000)],
        /// What a visitor must do, and must not.
        precaution: String [Chars(1_000)],
        /// Who holds it: service and role.
        holder: String [Chars(200)],
        /// Their reference.
        reference: String [Chars(80)],
        /// Since when.
        since: Date,
        /// When it is looked at again.
        review_on: Date,
        /// When it ended.
        ended_on: Date,
        /// Who decided that it ended, in what role.
        ended_by: String [Chars(120)],
        /// How it is known.
        source: Source,
    }
}

fn concern_has_a_holder(row: &Concern) -> Result<(), FieldError> {
    if row.kind.is_none() || row.holder.is_none() || row.review_on.is_none() {
        return Err(FieldError::new(
            "holder",
            "a concern has a kind, a holder and a review date",
            "say what it is, who holds it and when it is looked at again",
        ));
    }
    if row.ended_on.is_some() && row.ended_by.is_none() {
        return Err(FieldError::new("ended_by", "a concern ends by a named decision", "say who decided, in what role"));
    }
    Ok(())
}

row! {
    /// A dated note on safeguarding.
    struct ProtectedNote in Protected "notes" AppendOnly, check(protected_note_has_a_text) {
        /// The note.
        text: String [Chars(4_000)],
        /// When it was seen or said.
        observed_at: Millis,
        /// How it is known.
        source: Source,
    }
}

fn protected_note_has_a_text(row: &ProtectedNote) -> Result<(), FieldError> {
    if row.text.is_some() {
        return Ok(());
    }
    Err(FieldError::new("text", "a note has a text", "write the note"))
}

row! {
    /// Where an address-protected person is or was: the link that stands nowhere else.
    struct Link in Protected "links" Edited, check(link_names_a_place) {
        /// The `index` document of the property.
        property: DocumentId,
        /// The address, where it is no property of this partnership.
        address: String [Chars(300)],
        /// Kind of address.
        kind: OccupancyKind,
        /// Role.
        role: OccupancyRole,
        /// Since when.
        from: Date,
        /// Until when.
        to: Date,
        /// Who may be told, and who must not.
        note: String [Chars(1_000)],
        /// How it is known.
        source: Source,
        /// Relationship to the tenant.
        relationship: String [Chars(80)],
        /// Reference of the tenancy in another system.
        reference: String [Chars(80)],
    }
}

impl Link {
    /// What an occupancy says, as it stands under protection.
    #[must_use]
    pub fn of(place: &Occupancy) -> Self {
        let Occupancy { property, address, kind, role, relationship, from, to, reference, source, moved: _ } = place;
        Self {
            property: *property,
            address: address.clone(),
            kind: kind.clone(),
            role: role.clone(),
            from: from.clone(),
            to: to.clone(),
            note: None,
            source: source.clone(),
            relationship: relationship.clone(),
            reference: reference.clone(),
        }
    }

    /// What it says, as it stands in the open once nothing is protected any more.
    #[must_use]
    pub fn to_occupancy(&self) -> Occupancy {
        Occupancy {
            property: self.property,
            address: self.address.clone(),
            kind: self.kind.clone(),
            role: self.role.clone(),
            relationship: self.relationship.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            reference: self.reference.clone(),
            source: self.source.clone(),
            moved: Some(false),
        }
    }

    /// Whether the person is there on a day, as far as this row says.
    #[must_use]
    pub fn holds(&self, today: &Date) -> bool {
        self.kind != Some(OccupancyKind::Previous) && self.to.as_ref().is_none_or(|until| until >= today)
    }

    /// Whether the person lives there on a day: what crews are told of them stands there.
    #[must_use]
    pub fn is_home(&self, today: &Date) -> bool {
        self.holds(today) && self.kind.as_ref().is_none_or(OccupancyKind::is_home)
    }
}

fn link_names_a_place(row: &Link) -> Result<(), FieldError> {
    if row.property.is_none() && row.address.is_none() {
        return Err(FieldError::new("property", "a link names a property or an address", "choose the property first"));
    }
    if let (Some(from), Some(to)) = (&row.from, &row.to)
        && to < from
    {
        return Err(FieldError::new("to", "not before the day it began", "check both dates"));
    }
    Ok(())
}

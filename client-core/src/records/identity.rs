//! Rows of the class `identity`: who a person is, how to reach them, where they live.

use std::collections::BTreeSet;

use doorstep_protocol::{Class, DocumentId};

use super::row::{Row as _, choice, row};
use super::value::FieldError;
use super::words::{Date, RowId};
use super::{DocumentView, Reading, Seen, Source};

row! {
    /// Who the person is.
    struct Person in Identity "person" Edited, check(preferred_name_is_filled) {
        /// The name shown first, always filled, even when equal to the legal one.
        preferred_name: String [Chars(200)],
        /// Title.
        title: String [Chars(40)],
        /// Legal forename.
        forename: String [Chars(120)],
        /// Middle names.
        middle_names: String [Chars(200)],
        /// Legal surname.
        surname: String [Chars(120)],
        /// Pronouns.
        pronouns: String [Chars(60)],
        /// Date of birth.
        born: Date,
        /// Date of death; holds until a person reverses it.
        died: Date,
        /// Sex or gender, as a trace needs it.
        gender: String [Chars(20)],
        /// Ethnicity code.
        ethnicity: String [Chars(20)],
        /// Reference in another system.
        reference: String [Chars(80)],
        /// How it is known.
        source: Source,
        /// Where the person lives is protected: no link to a property stands here. Holds until a person reverses it.
        address_protected: bool,
        /// Since when.
        protected_from: Date,
        /// Who decided that it is protected, or is no more, in what role.
        protected_by: String [Chars(120)],
        /// Whom to ask instead.
        protected_contact: String [Chars(200)],
        /// How the date of death is known, and who said so.
        died_by: String [Chars(120)],
    }
}

fn preferred_name_is_filled(person: &Person) -> Result<(), FieldError> {
    if person.address_protected.is_some() && person.protected_by.is_none() {
        return Err(FieldError::new(
            "protected_by",
            "an address is protected, or is no more, by a named decision",
            "say who decided, in what role",
        ));
    }
    if let (Some(born), Some(died)) = (&person.born, &person.died)
        && died < born
    {
        return Err(FieldError::new("died", "not before the date of birth", "check both dates"));
    }
    if person.preferred_name.is_some() {
        return Ok(());
    }
    Err(FieldError::new(
        "preferred_name",
        "the preferred name is always filled",
        "ask what the person wants to be called; where unknown, repeat the legal name",
    ))
}

/// Whether where a person lives is protected: then no link to a property is listed, searched or shown.
#[must_use]
pub fn address_is_protected(identity: &DocumentView) -> bool {
    identity.single::<Person>(Reading::Cautious).is_some_and(|seen| seen.value.address_protected == Some(true))
}

/// Takes out of a view where a person is and was, if that is protected. Returns the rows.
pub fn hide_places(view: &mut DocumentView) -> BTreeSet<RowId> {
    if view.class != Class::Identity || !address_is_protected(view) {
        return BTreeSet::new();
    }
    let places = view.sections.get_mut(Occupancy::COLLECTION).map(|section| std::mem::take(&mut section.rows));
    places.map(|rows| rows.into_keys().collect()).unwrap_or_default()
}

/// Where a person is on a day by the open document, those places left out that stand under protection. The view must be one from
/// which nothing is hidden.
#[must_use]
pub fn open_places(identity: &DocumentView, today: &Date) -> Vec<Seen<Occupancy>> {
    let mut places = identity.rows::<Occupancy>(Reading::Cautious);
    places.retain(|seen| {
        let place = &seen.value;
        // A row that was moved here and changed elsewhere at the same time says something again.
        let says = place.property.is_some() || place.address.is_some();
        let is_over = place.to.as_ref().is_some_and(|until| until < today);
        says && !is_over && place.kind != Some(OccupancyKind::Previous)
    });
    places
}

choice! {
    /// Channel of a contact point.
    enum Channel {
        /// Telephone at home.
        Phone = "phone",
        /// Mobile.
        Mobile = "mobile",
        /// Telephone at work.
        WorkPhone = "work-phone",
        /// Email.
        Email = "email",
        /// Letter.
        Letter = "letter",
        /// Text relay.
        TextRelay = "text-relay",
    }
}

row! {
    /// A contact point.
    struct Contact in Identity "contacts" Edited {
        /// Channel.
        channel: Channel,
        /// Number or address.
        value: String [Chars(200)],
        /// Whose it is.
        whose: String [Chars(120)],
        /// For what.
        purpose: String [Chars(120)],
        /// Order of preference, 1 first.
        preference: i64 [Within(1, 99)],
        /// When to use it, and when not: never leave a message, mornings only.
        when: String [Chars(200)],
        /// It may be used for this person without harm.
        safe: bool,
        /// Until when it worked.
        ended_on: Date,
        /// How it is known.
        source: Source,
    }
}

choice! {
    /// Kind of address.
    enum OccupancyKind {
        /// Where the person lives.
        Main = "main",
        /// For a while.
        Temporary = "temporary",
        /// For letters.
        Mailing = "mailing",
        /// No longer.
        Previous = "previous",
    }
}

impl OccupancyKind {
    /// Whether somebody lives at an address of this kind.
    #[must_use]
    pub const fn is_home(&self) -> bool {
        matches!(self, Self::Main | Self::Temporary)
    }
}

choice! {
    /// In what role the person lives there.
    enum OccupancyRole {
        /// Tenant.
        Tenant = "tenant",
        /// One of several tenants.
        JointTenant = "joint-tenant",
        /// Member of the household.
        HouseholdMember = "household-member",
        /// Owner.
        Owner = "owner",
        /// Leaseholder.
        Leaseholder = "leaseholder",
        /// Lodger.
        Lodger = "lodger",
        /// Carer who lives in.
        LiveInCarer = "live-in-carer",
    }
}

row! {
    /// That the person is or was at a property.
    struct Occupancy in Identity "occupancies" Edited, check(occupancy_names_a_property) {
        /// The `index` document of the property.
        property: DocumentId,
        /// The address, where it is no property of this partnership.
        address: String [Chars(300)],
        /// Kind of address.
        kind: OccupancyKind,
        /// Role.
        role: OccupancyRole,
        /// Relationship to the tenant.
        relationship: String [Chars(80)],
        /// Since when.
        from: Date,
        /// Until when.
        to: Date,
        /// Reference of the tenancy in another system.
        reference: String [Chars(80)],
        /// How it is known.
        source: Source,
        /// What the row said stands under protection now, under the same row, and nothing of it here.
        moved: bool,
    }
}

fn occupancy_names_a_property(occupancy: &Occupancy) -> Result<(), FieldError> {
    if occupancy.moved == Some(true) {
        return Ok(());
    }
    if occupancy.property.is_none() && occupancy.address.is_none() {
        return Err(FieldError::new(
            "property",
            "names a property, or an address elsewhere",
            "choose the property first; write the address of a place that is none of ours",
        ));
    }
    if let (Some(from), Some(to)) = (&occupancy.from, &occupancy.to)
        && to < from
    {
        return Err(FieldError::new("to", "not before the day it began", "check both dates"));
    }
    Ok(())
}

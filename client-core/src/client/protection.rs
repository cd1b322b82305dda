//! Addresses that are protected: decided by a named person, shown to nobody from then on, and kept where only the team that is named
//! for it opens them, with a worker's PIN, every look recorded first.

mod notes;
#[cfg(test)]
mod tests;

use doorstep_protocol::authority::Rights;
use doorstep_protocol::{Class, Millis};

use super::people::{known_person, with_ids};
use super::{Client, ClientError};
use crate::device::{Draft, Guarded, RecordId, SealedView, WriteError};
use crate::records::identity::{Occupancy, Person};
use crate::records::protected::{Concern, Link, ProtectedNote};
use crate::records::{Date, FieldError, Reading, RowId, Seen};

/// Protected addresses of a device.
pub struct Protection<'c> {
    pub(super) client: &'c Client,
}

/// Why an address is protected: a named decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectionDecision {
    /// Who decided, in what role.
    pub by: String,
    /// Whom to ask instead of looking for the person.
    pub contact: String,
    /// Since when; today, when left out.
    pub from: Option<Date>,
}

/// What became of where the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PlacesMoved {
    /// Places that moved under protection.
    pub moved: usize,
    /// Places that still stand in the open document, shown to nobody: a device of the team that keeps protected addresses moves
    /// them by protecting the person once more.
    pub left: usize,
}

/// What is kept of a person under protection, as it is shown. Not serialised, on purpose.
pub struct ProtectedPage {
    /// Where the person is or was, those that hold first.
    pub links: Vec<Seen<Link>>,
    /// Safeguarding concerns.
    pub concerns: Vec<Seen<Concern>>,
    /// Notes, the latest first.
    pub notes: Vec<Seen<ProtectedNote>>,
    /// Envelopes that could not be read here: there may be more than is shown.
    pub left_out: usize,
}

fn page(seen: SealedView, today: &Date) -> ProtectedPage {
    let mut links: Vec<Seen<Link>> = seen.view.rows(Reading::Cautious);
    links.sort_by_key(|link| (!link.value.holds(today), std::cmp::Reverse(link.value.from.clone()), link.row));
    let mut notes: Vec<Seen<ProtectedNote>> = seen.view.rows(Reading::Shown);
    notes.sort_by_key(|note| (std::cmp::Reverse(note.value.observed_at), note.row));
    ProtectedPage { links, concerns: seen.view.rows(Reading::Cautious), notes, left_out: seen.left_out }
}

impl Protection<'_> {
    /// Whether this device is in a team that keeps protected addresses, locked or not.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn is_kept_here(&self) -> Result<bool, ClientError> {
        let now = self.client.now();
        Ok(self.client.lock().has_class(Class::Protected, Rights::WRITE, now)?)
    }

    /// Protects the address of a person. From this moment no list, search, page or report says where they are. Where this device
    /// is of the team that keeps protected addresses, and unlocked, the places move there in the same transaction, and what
    /// crews are told at the home speaks of nobody by name.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Write`].
    pub fn begin(&self, person: RecordId, decision: &ProtectionDecision) -> Result<PlacesMoved, ClientError> {
        known_person(&self.client.lock(), person)?;
        let from = decision.from.clone().unwrap_or_else(|| Date::of(self.client.now()));
        let row = Person {
            address_protected: Some(true),
            protected_from: Some(from),
            protected_by: Some(named(&decision.by)?),
            protected_contact: Some(contact(&decision.contact)?),
            ..Person::default()
        };
        let before = self.client.write(|draft| {
            let before = draft.places_left(person)?.len();
            draft.edit(person, Class::Identity, |edit| edit.put(&row))?;
            // Another device may have decided it before, where it could not move them, or somebody not have heard of it.
            draft.move_places(person)?;
            draft.take_out_visits(person)?;
            Ok(before)
        })?;
        let left = self.client.write(|draft| Ok(draft.places_left(person)?.len()))?;
        Ok(PlacesMoved { moved: before.saturating_sub(left), left })
    }

    /// Ends the protection by a named decision. Where this device reaches them, the places that hold come back into the open
    /// document; else the person is asked anew.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Write`].
    pub fn end(&self, person: RecordId, by: &str) -> Result<usize, ClientError> {
        known_person(&self.client.lock(), person)?;
        let row = Person { address_protected: Some(false), protected_by: Some(named(by)?), ..Person::default() };
        self.client.write(|draft| {
            if !draft.is_protected(person)? {
                let limit = "the address of this person is not protected";
                return Err(FieldError::new("address_protected", limit, "there is nothing to end").into());
            }
            draft.edit(person, Class::Identity, |edit| edit.put(&row))?;
            draft.bring_back_places(person)
        })
    }

    /// Records where a person is whose address is protected, and tells crews there what they need without a name.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Write`] where this device may not write under protection.
    pub fn link(&self, person: RecordId, link: &Link) -> Result<RowId, ClientError> {
        known_person(&self.client.lock(), person)?;
        self.client.write(|draft| {
            let row = draft.row_id();
            draft.link_protected(person, &[(row, link.clone())])?;
            Ok(row)
        })
    }

    /// Ends a link: the person is there no more.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Write`].
    pub fn leave(&self, person: RecordId, link: RowId, until: &Date) -> Result<(), ClientError> {
        known_person(&self.client.lock(), person)?;
        let end = Link { to: Some(until.clone()), ..Link::default() };
        self.client.write(|draft| draft.change_link(person, link, &end))
    }

    /// Shows what is kept under protection to the team that keeps it, for a purpose that its grant names (see
    /// [`crate::partnership::purpose`]). That it was shown is on the audit chain, on disk, when this returns.
    ///
    /// # Errors
    /// [`ClientError::Restricted`]; then nothing is shown.
    pub fn read(&self, person: RecordId, purpose: u16) -> Result<Guarded<ProtectedPage>, ClientError> {
        let now: Millis = self.client.now();
        let mut device = self.client.lock();
        known_person(&device, person)?;
        let seen = device.read_restricted(person, Class::Protected, purpose, now, &mut crate::randomness::os())?;
        Ok(seen.map(|seen| page(seen, &Date::of(now))))
    }
}

fn named(by: &str) -> Result<String, ClientError> {
    filled("protected_by", by, "say who decided, in what role")
}

fn contact(contact: &str) -> Result<String, ClientError> {
    filled("protected_contact", contact, "say whom to ask instead of looking for the person")
}

fn filled(field: &'static str, text: &str, remedy: &'static str) -> Result<String, ClientError> {
    match text.trim() {
        "" => {
            let limit = "protection is a named decision, with somebody to ask";
            Err(WriteError::from(FieldError::new(field, limit, remedy)).into())
        }
        text => Ok(text.to_owned()),
    }
}

/// Records places of a person where they belong: under protection, if the address is protected or becomes so with `person`, and
/// then nowhere else. Returns what is left for the open document.
pub(super) fn route_places<R: rand_core::CryptoRng>(
    draft: &mut Draft<'_, R>,
    record: RecordId,
    person: Option<&Person>,
    places: &[Occupancy],
) -> Result<Vec<(RowId, Occupancy)>, WriteError> {
    let places = with_ids(draft, places);
    if places.is_empty() {
        return Ok(places);
    }
    let said = person.and_then(|person| person.address_protected);
    let is_protected = match said {
        Some(said) => said,
        None => draft.is_protected(record)?,
    };
    if !is_protected {
        return Ok(places);
    }
    let links: Vec<(RowId, Link)> = places.iter().map(|(row, place)| (*row, Link::of(place))).collect();
    match draft.link_protected(record, &links) {
        Err(WriteError::Restricted(_) | WriteError::Device(crate::device::DeviceError::NoZone { .. })) => {
            Err(FieldError::new(
                "occupancies",
                "the address of this person is protected, and this device may not write it down",
                "leave the address out, and tell the team that keeps it",
            )
            .into())
        }
        done => done.map(|()| Vec::new()),
    }
}

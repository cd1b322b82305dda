//! Address protection, inside the draft that decides it: where the person is moves from the open document into the sealed one in
//! the same transaction, and what crews are told at the home stands there without saying of whom it speaks.
//!
//! A fact that is published names the document and row it comes from, and so the person. For somebody whose address is protected
//! both are replaced by keyed digests that only holders of the class `protected` can make again: enough to bring the fact up to date
//! and to withdraw it, and nothing to whoever looks at the home.

use std::collections::BTreeMap;

use doorstep_crypto::locator::locator;
use doorstep_protocol::authority::Rights;
use doorstep_protocol::{Class, DocumentId, Millis};
use rand_core::CryptoRng;

use super::write::{Draft, WriteError};
use super::{Device, DeviceError, RecordId};
use crate::records::fire::Fact;
use crate::records::identity::{Occupancy, address_is_protected, open_places};
use crate::records::index::Flag;
use crate::records::joins::{self, Visits};
use crate::records::protected::Link;
use crate::records::publish::Desired;
use crate::records::{Date, Document, DocumentView, Edit, EditError, Reading, Row, RowId, Seen, view};
use crate::store::{documents, envelopes, meta};

/// What the digests of published facts are told apart by from other names under the same key.
const UNNAMED: &str = "protected, as crews are told";
/// Fields of a published row that say where it comes from.
const SOURCE_FIELDS: [&str; 2] = ["source_document", "source_row"];

impl Device {
    /// Whether this device may write under protection now: entitled, and its worker's keys open.
    pub(super) fn may_protect(&mut self, now: Millis) -> Result<Reaches, DeviceError> {
        if !self.has_class(Class::Protected, Rights::WRITE, now)? || meta::alarm(self.store.reader())?.is_some() {
            return Ok(Reaches::Nothing);
        }
        Ok(if self.may_open(now).is_ok() { Reaches::Protected } else { Reaches::Nothing })
    }

    /// Whether rows of a document name visits: those about somebody whose address is protected do not.
    pub(super) fn visits_in(&mut self, id: DocumentId) -> Result<Visits, DeviceError> {
        let class = self.load(id)?.map(|loaded| loaded.document.class());
        if !class.is_some_and(joins::may_name_visits) {
            return Ok(Visits::Named);
        }
        let Some(record) = documents::record_of(self.store.reader(), id)?.map(RecordId) else {
            return Ok(Visits::Named);
        };
        let Some(identity) = self.document_of(record, Class::Identity)? else { return Ok(Visits::Named) };
        let is_protected = self.whole_view(identity)?.is_some_and(|identity| address_is_protected(&identity));
        Ok(if is_protected { Visits::LeftOut } else { Visits::Named })
    }

    /// The document of a person under protection, as it is on disk; `None` when there is none. It is built to write what follows
    /// from it, and not shown.
    fn protected_document(&self, person: RecordId, now: Millis) -> Result<Option<Document>, DeviceError> {
        let Ok(document) = self.closed_document(person, Class::Protected, now) else { return Ok(None) };
        if envelopes::closed_of(self.store.reader(), document)?.is_empty() {
            return Ok(None);
        }
        let built = self.build(Class::Protected, document, &|zone, epoch| self.keyring.zone(zone, epoch))?;
        Ok(Some(built.document))
    }

    /// What a fact names as its source instead of a person's document.
    pub(super) fn unnamed_source(&self, home: HiddenHome, class: Class) -> Result<DocumentId, DeviceError> {
        self.unnamed(home, class.as_str())
    }

    /// What a source document calls for, without the rows that call for it.
    pub(super) fn unnamed_desired(&self, home: HiddenHome, desired: &[Desired]) -> Result<Vec<Desired>, DeviceError> {
        let without = |one: &Desired| {
            let row = self.unnamed(home, &format!("row {}", one.source_row))?;
            Ok(Desired { source_row: RowId(row.0), ..one.clone() })
        };
        desired.iter().map(without).collect()
    }

    fn unnamed(&self, home: HiddenHome, what: &str) -> Result<DocumentId, DeviceError> {
        let no_zone = DeviceError::NoZone { class: Class::Protected };
        let organisation = self.place(Class::Protected, None)?.organisation;
        let Some(key) = self.keyring.locator(Class::Protected, organisation) else { return Err(no_zone) };
        locator(key, UNNAMED, &format!("{what} of {} at {}", home.person, home.property)).map_err(|_| no_zone)
    }
}

/// A person at a home where crews are told of them without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HiddenHome {
    person: RecordId,
    pub(super) property: RecordId,
    pub(super) lives: Lives,
}

/// How far a device reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reaches {
    /// What opens with the device.
    Nothing,
    /// What is kept under protection, too.
    Protected,
}

/// Whether somebody lives at a home, by what stands under protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lives {
    /// No more.
    Elsewhere,
    /// They do.
    There,
}

impl<R: CryptoRng> Draft<'_, R> {
    /// A document of a record with what nobody is shown, as a decision needs it.
    pub(super) fn whole(&mut self, record: RecordId, class: Class) -> Result<Option<DocumentView>, WriteError> {
        match self.document_id(record, class) {
            Ok(id) => Ok(self.device().whole_view(id)?),
            Err(WriteError::Device(DeviceError::NoZone { .. })) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Whether the address of a person is protected.
    pub(crate) fn is_protected(&mut self, person: RecordId) -> Result<bool, WriteError> {
        Ok(self.whole(person, Class::Identity)?.is_some_and(|identity| address_is_protected(&identity)))
    }

    /// Where a person is, as far as the open document still says: what has to move once the address is protected.
    pub(crate) fn places_left(&mut self, person: RecordId) -> Result<Vec<Seen<Occupancy>>, WriteError> {
        let today = Date::of(self.now());
        Ok(self.whole(person, Class::Identity)?.map(|identity| open_places(&identity, &today)).unwrap_or_default())
    }

    /// Moves where the people of this draft are whose address is protected, where this device may write under protection. Where
    /// it may not, the rows stay, and are shown to nobody.
    pub(super) fn move_protected(&mut self) -> Result<(), WriteError> {
        for (_, class, record) in self.touched_sources() {
            let is_of_person = class == Class::Identity || joins::may_name_visits(class);
            let Some(person) = record.filter(|_| is_of_person) else { continue };
            if self.is_protected(person)? {
                self.move_places(person)?;
                self.take_out_visits(person)?;
            }
        }
        Ok(())
    }

    /// Takes out of what is known of a person at which visits it was seen or said, where this device may write that. Where it may
    /// not, it stays, and is shown to nobody.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) fn take_out_visits(&mut self, person: RecordId) -> Result<(), WriteError> {
        for class in [Class::Function, Class::Network] {
            if !self.whole(person, class)?.is_some_and(|whole| joins::names_a_visit(&whole)) {
                continue;
            }
            match self.edit(person, class, |edit| edit.clear_visits()) {
                Ok(()) | Err(WriteError::Device(DeviceError::NoZone { .. })) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Moves where a person is, as far as the open document still says and this device may write under protection.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) fn move_places(&mut self, person: RecordId) -> Result<(), WriteError> {
        let places = self.places_left(person)?;
        let now = self.now();
        if places.is_empty() || self.device().may_protect(now)? == Reaches::Nothing {
            return Ok(());
        }
        let links: Vec<(RowId, Link)> = places.iter().map(|seen| (seen.row, Link::of(&seen.value))).collect();
        self.edit_sealed(person, Class::Protected, |edit| {
            links.iter().try_for_each(|(row, link)| edit.put_row(*row, link))
        })?;
        self.edit(person, Class::Identity, |edit| places.iter().try_for_each(|seen| take_out(edit, seen.row)))?;
        self.moved.entry(person).or_default().extend(places.iter().filter_map(|seen| seen.value.property));
        Ok(())
    }

    /// Records where a person is under protection, and nowhere else.
    ///
    /// # Errors
    /// [`WriteError::Restricted`] where this device may not write under protection.
    pub(crate) fn link_protected(&mut self, person: RecordId, links: &[(RowId, Link)]) -> Result<(), WriteError> {
        self.edit_sealed(person, Class::Protected, |edit| {
            links.iter().try_for_each(|(row, link)| edit.put_row(*row, link))
        })
    }

    /// Sets fields of a link under protection.
    ///
    /// # Errors
    /// [`WriteError::Edit`] where there is no such link, [`WriteError::Restricted`].
    pub(crate) fn change_link(&mut self, person: RecordId, row: RowId, link: &Link) -> Result<(), WriteError> {
        self.edit_sealed(person, Class::Protected, |edit| edit.update(row, link))
    }

    /// Brings back into the open document where a person is, once it is protected no more. Returns how many places; none where
    /// this device does not reach what is kept under protection.
    pub(crate) fn bring_back_places(&mut self, person: RecordId) -> Result<usize, WriteError> {
        let today = Date::of(self.now());
        let mut links = self.protected_links(person)?;
        links.retain(|seen| seen.value.holds(&today));
        self.edit(person, Class::Identity, |edit| {
            links.iter().try_for_each(|seen| edit.put_row(seen.row, &seen.value.to_occupancy()))
        })?;
        Ok(links.len())
    }

    /// Links of a person under protection, those of this draft included; none where this device does not reach them.
    fn protected_links(&mut self, person: RecordId) -> Result<Vec<Seen<Link>>, WriteError> {
        let now = self.now();
        let view = match self.sealed_document(person, Class::Protected) {
            Some(document) => view::read(document, &|_| None),
            None => {
                let Some(document) = self.device().protected_document(person, now)? else { return Ok(Vec::new()) };
                if self.device().may_protect(now)? == Reaches::Nothing {
                    return Ok(Vec::new());
                }
                view::read(&document, &|_| None)
            }
        };
        Ok(view.rows(Reading::Cautious))
    }

    /// The homes of a person by what stands under protection, and how to speak of the person there without a name. A home that
    /// they left, or that is protected no more, is among them, so that what was told there is withdrawn.
    pub(super) fn hidden_homes(&mut self, person: RecordId, is_protected: bool) -> Result<Vec<HiddenHome>, WriteError> {
        let today = Date::of(self.now());
        let mut homes: BTreeMap<DocumentId, Lives> = BTreeMap::new();
        for link in self.protected_links(person)? {
            let Some(property) = link.value.property else { continue };
            let lives = if is_protected && link.value.is_home(&today) { Lives::There } else { Lives::Elsewhere };
            let known = homes.entry(property).or_insert(lives);
            *known = lives.max(*known);
        }
        let home = |(property, lives)| HiddenHome { person, property: RecordId(property), lives };
        Ok(homes.into_iter().map(home).collect())
    }

    /// Takes out of a home's published rows where they come from: they were withdrawn, and a withdrawn row still named the person.
    pub(super) fn forget_source(&mut self, home: RecordId, source: DocumentId) -> Result<(), WriteError> {
        self.forget_in::<Fact>(home, source)?;
        self.forget_in::<Flag>(home, source)
    }

    fn forget_in<T: Row>(&mut self, home: RecordId, source: DocumentId) -> Result<(), WriteError> {
        let Some(view) = self.whole(home, T::CLASS)? else { return Ok(()) };
        let names = |row: &view::RowView| {
            let values = row.fields.get("source_document").into_iter().flat_map(|field| &field.values);
            let named = source.to_string();
            values.into_iter().any(|said| said.value.to_string() == named)
        };
        let section = view.sections.get(T::COLLECTION);
        let rows = section.into_iter().flat_map(|section| &section.rows);
        let rows: Vec<RowId> = rows.filter(|(_, row)| names(row)).map(|(id, _)| *id).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let forgotten = self.edit(home, T::CLASS, |edit| {
            rows.iter().try_for_each(|row| SOURCE_FIELDS.iter().try_for_each(|field| edit.clear::<T>(*row, field)))
        });
        match forgotten {
            Err(WriteError::Device(DeviceError::NoZone { .. })) => Ok(()),
            other => other,
        }
    }
}

/// Takes out of the open document what a row said of where somebody is.
fn take_out(edit: &mut Edit<'_, '_>, row: RowId) -> Result<(), EditError> {
    edit.update(row, &Occupancy { moved: Some(true), ..Occupancy::default() })?;
    let said = Occupancy::FIELDS.iter().filter(|field| **field != "moved");
    said.copied().try_for_each(|field| edit.clear::<Occupancy>(row, field))
}

//! What is recorded of a home, a person or a visit, value by value.

use doorstep_protocol::{Class, DocumentId};

use super::Reports;
use super::sheet::{Cell, Sheet, value_text};
use super::tables::FACTS;
use crate::client::conflicts::title_of;
use crate::client::properties::view_of;
use crate::client::{ClientError, NameBook};
use crate::device::{Device, RecordId};
use crate::records::identity::Person;
use crate::records::{DocumentView, Reading, RowId, caution, is_worker_locked};
use crate::store::documents;
use crate::store::lists::{self, Occupants};

/// Classes of a home that a report may hold.
pub(super) const HOME_CLASSES: [Class; 3] = [Class::Index, Class::Home, Class::Fire];
/// Classes of a person that a report may hold. What opens with a worker is not among them, and cannot be read here.
pub(super) const PERSON_CLASSES: [Class; 4] = [Class::Identity, Class::Communication, Class::Function, Class::Network];

/// Collections that would tell where somebody is whose address is protected.
const WHERE: [&str; 2] = ["contacts", "occupancies"];
/// Fields of a person that stay when the address is protected.
const PROTECTED_PERSON: [&str; 6] =
    ["preferred_name", "title", "pronouns", "address_protected", "protected_from", "protected_contact"];

impl Reports<'_> {
    /// All that is recorded of a home, and of whom it houses today: their names and what they need, unless their address is
    /// protected.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn property(&self, record: RecordId) -> Result<Sheet, ClientError> {
        let names = self.client.directory().names()?;
        let today = crate::records::Date::of(self.client.now());
        let mut device = self.client.lock();
        let known = lists::property_of(device.store().reader(), record.0)?;
        known.ok_or(ClientError::NotFound { what: "property" })?;
        let mut sheet = Sheet { table: &FACTS, rows: Vec::new() };
        let people = lists::people_of(device.store().reader(), record.0, Occupants::Current, today.as_str())?;
        add(&mut sheet, &mut device, record, &HOME_CLASSES, &names)?;
        for person in people.into_iter().map(|row| RecordId(row.record)) {
            if !is_address_protected(&mut device, person)? {
                add(&mut sheet, &mut device, person, &PERSON_CLASSES[..3], &names)?;
            }
        }
        device.let_go();
        Ok(sheet)
    }

    /// What a visit found: its own row, and every row of the home that names it.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn visit(&self, document: DocumentId, visit: RowId) -> Result<Sheet, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let class = documents::class_of_document(device.store().reader(), document)?;
        let not_found = ClientError::NotFound { what: "visit" };
        if class != Some(Class::Home) {
            return Err(not_found);
        }
        let record = documents::record_of(device.store().reader(), document)?.map(RecordId);
        let title = title_of(&device, record, Class::Home)?;
        let mut view = device.view(document)?.ok_or(ClientError::NotFound { what: "visit" })?;
        device.let_go();
        if view.row("visits", visit).is_none() {
            return Err(not_found);
        }
        let named = visit.to_string();
        for (collection, section) in &mut view.sections {
            section.rows.retain(|row, fields| {
                let names_it = fields
                    .fields
                    .get("visit")
                    .is_some_and(|field| field.values.iter().any(|said| said.value.as_text() == Some(named.as_str())));
                names_it || (collection == "visits" && *row == visit)
            });
        }
        let mut sheet = Sheet { table: &FACTS, rows: Vec::new() };
        let record = record.unwrap_or(RecordId(document));
        push(&mut sheet, record, &title, &view, &names);
        Ok(sheet)
    }
}

/// Whether any word on it is that where this person lives is protected: while that is in dispute it holds.
pub(super) fn is_address_protected(device: &mut Device, person: RecordId) -> Result<bool, ClientError> {
    let view = view_of(device, person, Class::Identity)?;
    let found = view.and_then(|view| view.single::<Person>(Reading::Cautious));
    Ok(found.and_then(|seen| seen.value.address_protected).unwrap_or(false))
}

/// Adds what documents of a record say, as far as a report may hold it.
pub(super) fn add(
    sheet: &mut Sheet,
    device: &mut Device,
    record: RecordId,
    classes: &[Class],
    names: &NameBook,
) -> Result<(), ClientError> {
    for class in classes.iter().filter(|class| !is_worker_locked(**class)) {
        let Some(mut view) = view_of(device, record, *class)? else { continue };
        if *class == Class::Identity && is_address_protected(device, record)? {
            hide_where(&mut view);
        }
        let title = title_of(device, Some(record), *class)?;
        push(sheet, record, &title, &view, names);
    }
    Ok(())
}

fn hide_where(view: &mut DocumentView) {
    view.sections.retain(|collection, _| !WHERE.contains(&collection.as_str()) && collection == "person");
    for row in view.sections.values_mut().flat_map(|section| section.rows.values_mut()) {
        row.fields.retain(|field, _| PROTECTED_PERSON.contains(&field.as_str()));
    }
}

fn push(sheet: &mut Sheet, record: RecordId, title: &str, view: &DocumentView, names: &NameBook) {
    for (collection, section) in &view.sections {
        for (row, fields) in &section.rows {
            let source = fields.fields.get("source").and_then(|field| field.values.first());
            let source = Cell::of(source.and_then(|said| said.value.as_text()));
            for (field, values) in &fields.fields {
                let rule = caution::rule(view.class, collection, field);
                let disputed = values.is_disputed(rule);
                for said in &values.values {
                    let value = value_text(&said.value);
                    sheet.rows.push(vec![
                        Cell::text(record),
                        Cell::text(title),
                        Cell::text(view.class.as_str()),
                        Cell::text(collection),
                        Cell::text(row),
                        Cell::text(field),
                        if value.is_empty() { Cell::Empty } else { Cell::text(value) },
                        Cell::Truth(disputed),
                        Cell::text(names.who(said.by.as_ref().and_then(|by| by.who))),
                        Cell::moment(said.by.as_ref().map(|by| by.at)),
                        source.clone(),
                    ]);
                }
            }
        }
    }
}

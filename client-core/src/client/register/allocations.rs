//! Allocations: who works with whom, and since when. One that holds is a legitimate relationship; it ends for a reason, and stays.

use doorstep_protocol::{Class, DocumentId};

use super::{Register, registers, title};
use crate::client::directory::NameBook;
use crate::client::page::{Page, Paged};
use crate::client::properties::view_of;
use crate::client::todo::{says, words};
use crate::client::{ClientError, people};
use crate::device::{Device, RecordId};
use crate::order::Order as _;
use crate::records::identity::Person;
use crate::records::register::{Allocation, AllocationEnd, Relationship};
use crate::records::{Date, Reading, RowId, Seen};

/// An allocation in the register.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AllocationRow {
    /// The register's document.
    pub document: DocumentId,
    /// The allocation.
    pub allocation: Seen<Allocation>,
    /// Whether it makes a legitimate relationship today.
    pub relationship: Relationship,
    /// The person's name, where this device knows it.
    pub title: Option<String>,
    /// The names of the worker and the team, those that it names.
    pub whose: Vec<String>,
    /// Who recorded it.
    pub recorded_by: String,
}

/// Which allocations are wanted. What is left open fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllocationFilter {
    /// Of this person.
    pub person: Option<RecordId>,
    /// In which every word of this stands: of whom, whose, in what role, what for.
    pub text: Option<String>,
}

impl Register<'_> {
    /// Allocations that fit, those that hold first, by the name of the person.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn allocations(&self, filter: &AllocationFilter, page: Page) -> Result<Paged<AllocationRow>, ClientError> {
        let names = self.client.directory().names()?;
        let today = Date::of(self.client.now());
        let wanted = filter.text.as_deref().map(words).unwrap_or_default();
        let mut device = self.client.lock();
        let mut rows = Vec::new();
        for view in registers(&mut device)? {
            for allocation in view.rows::<Allocation>(Reading::Cautious) {
                let person = allocation.value.person;
                if filter.person.is_some_and(|wanted| person != Some(wanted.0)) {
                    continue;
                }
                let died = died(&mut device, person)?;
                let row = AllocationRow {
                    document: view.document,
                    relationship: allocation.value.relationship(&today, died.as_ref()),
                    title: title(&device, person)?,
                    whose: whose(&names, &allocation.value),
                    recorded_by: names.who(allocation.made.as_ref().and_then(|made| made.who)),
                    allocation,
                };
                if says(&said(&row), &wanted) {
                    rows.push(row);
                }
            }
        }
        device.let_go();
        rows.order_by_key(|row| (row.relationship, row.title.clone(), row.allocation.row));
        Ok(page.of(rows))
    }

    /// Writes down that a worker or a team works with a person. Since today, where nothing is said.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] for a person whom this device does not know; [`ClientError::Write`] names the field.
    pub fn allocate(&self, allocation: &Allocation) -> Result<RowId, ClientError> {
        if let Some(person) = allocation.person {
            people::known_person(&self.client.lock(), RecordId(person))?;
        }
        let today = Date::of(self.client.now());
        let allocation = Allocation { from: allocation.from.clone().or(Some(today)), ..allocation.clone() };
        self.write(|document, draft| {
            let row = draft.row_id();
            draft.edit_document(document, Class::Register, None, |edit| edit.create(row, &allocation))?;
            Ok(row)
        })
    }

    /// Ends an allocation: its last day, and why. It stays in the register.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field.
    pub fn end_allocation(
        &self,
        document: DocumentId,
        row: RowId,
        (on, why): (&Date, &AllocationEnd),
    ) -> Result<(), ClientError> {
        let end = Allocation { ended_on: Some(on.clone()), ended_why: Some(why.clone()), ..Allocation::default() };
        self.client.write(|draft| draft.edit_document(document, Class::Register, None, |edit| edit.update(row, &end)))
    }
}

/// The day on which the person died, if they did.
fn died(device: &mut Device, person: Option<DocumentId>) -> Result<Option<Date>, ClientError> {
    let Some(person) = person else { return Ok(None) };
    let identity = view_of(device, RecordId(person), Class::Identity)?;
    Ok(identity.and_then(|view| view.single::<Person>(Reading::Shown)?.value.died))
}

fn whose(names: &NameBook, allocation: &Allocation) -> Vec<String> {
    let worker = allocation.worker.map(|id| (&names.workers, id.to_string()));
    let team = allocation.team.map(|id| (&names.teams, id.to_string()));
    let named = worker.into_iter().chain(team);
    named.map(|(book, id)| book.get(&id).cloned().unwrap_or(id)).collect()
}

/// All that an allocation says, in one text.
fn said(row: &AllocationRow) -> String {
    let Allocation { role, purpose, .. } = &row.allocation.value;
    let parts = [&row.title, role, purpose].into_iter().flatten().chain(&row.whose);
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

//! The sheet of regulation 10: for each person who has explicitly agreed to it, four facts and nothing else.

use std::collections::BTreeSet;

use doorstep_protocol::{Class, Millis};

use super::Reports;
use super::facts::is_address_protected;
use super::sheet::{Cell, Sheet};
use super::tables::REG10;
use crate::client::ClientError;
use crate::client::properties::view_of;
use crate::device::{Device, RecordId};
use crate::order::Order as _;
use crate::records::consent::{self, Agreement};
use crate::records::function::Evacuation;
use crate::records::home::Dwelling;
use crate::records::index::Property;
use crate::records::network::{Consent, ConsentScope};
use crate::records::{Date, DocumentView, Reading, Row as _};
use crate::store::lists::{self, Occupants};

/// Homes of one building at most.
const HOMES_MAX: usize = 2_000;

/// The sheet of a building.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reg10 {
    /// The sheet: a row a person.
    pub sheet: Sheet,
    /// People with a plan who are not on it, since they have not agreed, or have withdrawn: ask them, or leave them out.
    pub without_consent: usize,
    /// People on it whose plan is past its review.
    pub review_overdue: usize,
}

impl Reports<'_> {
    /// The sheet of a building, or of a single home: everybody who lives there, has a plan and has agreed.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn reg10(&self, building: RecordId) -> Result<Reg10, ClientError> {
        let now = self.client.now();
        let today = Date::of(now);
        let mut device = self.client.lock();
        let row = lists::property_of(device.store().reader(), building.0)?;
        let row = row.ok_or(ClientError::NotFound { what: "property" })?;
        let mut homes = vec![building];
        if let Some(uprn) = &row.uprn {
            let children = lists::children_of(device.store().reader(), uprn)?;
            homes.extend(children.into_iter().map(|row| RecordId(row.record)).take(HOMES_MAX));
        }
        let mut found =
            Reg10 { sheet: Sheet { table: &REG10, rows: Vec::new() }, without_consent: 0, review_overdue: 0 };
        let mut seen = BTreeSet::new();
        for home in homes {
            let people = lists::people_of(device.store().reader(), home.0, Occupants::Current, today.as_str())?;
            for person in people.into_iter().map(|row| RecordId(row.record)) {
                if seen.insert(person) {
                    self.one(&mut found, &mut device, (home, person), now, &today)?;
                }
            }
        }
        device.let_go();
        // By flat, so that the order says nothing of who was recorded first.
        found.sheet.rows.order_by_key(|row| format!("{row:?}"));
        Ok(found)
    }

    fn one(
        &self,
        found: &mut Reg10,
        device: &mut Device,
        (home, person): (RecordId, RecordId),
        now: Millis,
        today: &Date,
    ) -> Result<(), ClientError> {
        let function = view_of(device, person, Class::Function)?;
        let Some(plan) = function.and_then(|view| view.single::<Evacuation>(Reading::Cautious)) else { return Ok(()) };
        let plan = plan.value;
        if plan.ended_on.as_ref().is_some_and(|day| day <= today) {
            return Ok(());
        }
        let consents = view_of(device, person, Class::Network)?;
        let agreed = consents.is_some_and(|view| has_agreed(&view, now, today));
        // Where somebody lives whose address is protected is told to nobody, whatever they have agreed to before.
        if !agreed || is_address_protected(device, person)? {
            found.without_consent += 1;
            return Ok(());
        }
        let Some(assistance) = plan.assistance else { return Ok(()) };
        let index = view_of(device, home, Class::Index)?;
        let property = index.and_then(|view| view.single::<Property>(Reading::Shown)).map(|seen| seen.value);
        let dwelling = view_of(device, home, Class::Home)?;
        let dwelling = dwelling.and_then(|view| view.single::<Dwelling>(Reading::Cautious)).map(|seen| seen.value);
        let flat = plan.flat.or_else(|| property.and_then(|property| property.unit.or(property.number)));
        let floor = plan.floor.or_else(|| dwelling.and_then(|dwelling| dwelling.floor));
        if plan.review_due.as_ref().is_some_and(|day| day < today) {
            found.review_overdue += 1;
        }
        found.sheet.rows.push(vec![
            Cell::of(flat),
            floor.map_or(Cell::Empty, Cell::Number),
            Cell::text(assistance),
            Cell::Truth(plan.statement.unwrap_or(false)),
        ]);
        Ok(())
    }
}

/// Whether the person has agreed to it, by a word that nobody disputes and that was spoken by now.
fn has_agreed(view: &DocumentView, now: Millis, today: &Date) -> bool {
    let standing = consent::standing(Some(view), &ConsentScope::EvacuationPlan, today);
    let row = standing.row.and_then(|row| view.row(Consent::COLLECTION, row));
    standing.agreement == Agreement::Given
        && standing.since.is_some_and(|since| since <= now)
        && row.is_some_and(|row| row.disputed::<Consent>().is_empty())
}

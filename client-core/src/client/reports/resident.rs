//! What a resident is told: what is held about them, where it is from, who opened what is sealed and why, and to whom
//! something was disclosed.

use super::Reports;
use super::facts::{PERSON_CLASSES, add};
use super::sheet::{Cell, Sheet};
use super::tables::{DISCLOSURES, FACTS, READS};
use crate::client::{ClientError, ReadHow, ReadRow, Reads};
use crate::device::RecordId;
use crate::records::Date;
use crate::records::register::Disclosure;
use crate::store::lists;
use doorstep_protocol::Class;

/// A resident's report.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Resident {
    /// What is held, value by value.
    pub held: Sheet,
    /// Who opened what is sealed about the person or the home they live in.
    pub reads: Sheet,
    /// Why openings are not in it, where they are not.
    pub reads_left_out: Option<ReadsLeftOut>,
    /// What others asked for, and what became of it.
    pub disclosures: Sheet,
}

/// Why openings are not in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReadsLeftOut {
    /// Only an auditor's desk can add them.
    AuditorsOnly,
    /// This auditor's desk is locked.
    Locked,
}

impl Reports<'_> {
    /// The report for a person. Where their address is protected it names no address and no telephone number: it may be
    /// read by somebody who must not know.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn resident(&self, person: RecordId) -> Result<Resident, ClientError> {
        let names = self.client.directory().names()?;
        let today = Date::of(self.client.now());
        let (held, homes) = {
            let mut device = self.client.lock();
            let known = lists::person_of(device.store().reader(), person.0)?;
            known.ok_or(ClientError::NotFound { what: "person" })?;
            let mut held = Sheet { table: &FACTS, rows: Vec::new() };
            add(&mut held, &mut device, person, &PERSON_CLASSES, &names)?;
            let protected = super::facts::is_address_protected(&mut device, person)?;
            let homes = match protected {
                true => Vec::new(),
                false => lists::properties_of_person(device.store().reader(), person.0, today.as_str())?,
            };
            device.let_go();
            (held, homes)
        };
        let mut reads = Sheet { table: &READS, rows: Vec::new() };
        let mut left_out = None;
        for record in std::iter::once(person).chain(homes.into_iter().map(RecordId)) {
            match self.client.timeline().reads(record)? {
                Reads::Here(rows) => reads.rows.extend(rows.iter().filter_map(read_row)),
                Reads::AuditorsOnly => left_out = Some(ReadsLeftOut::AuditorsOnly),
                Reads::Locked => left_out = Some(ReadsLeftOut::Locked),
            }
        }
        let disclosed = self.client.register().about(person)?;
        let disclosures = disclosures(disclosed.iter().map(|row| &row.disclosure.value));
        Ok(Resident { held, reads, reads_left_out: left_out, disclosures })
    }

    /// The disclosure register, every refusal included.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn disclosures(&self) -> Result<Sheet, ClientError> {
        let all = self.client.register().all()?;
        Ok(disclosures(all.iter().map(|row| &row.disclosure.value)))
    }
}

/// An opening as a report tells it: with its code, and without the words somebody wrote, which may speak of others. That
/// something is kept under protection is itself not told.
pub(super) fn read_row(row: &ReadRow) -> Option<Vec<Cell>> {
    let (how, reason, purpose) = match &row.how {
        ReadHow::GlassBroken { reason, .. } => ("glass-broken", Cell::text(reason.as_str()), Cell::Empty),
        ReadHow::BehindGlass { purpose } => ("behind-glass", Cell::Empty, Cell::Number(i64::from(*purpose))),
        ReadHow::WithPurpose { class: Class::Protected, .. } => return None,
        ReadHow::WithPurpose { purpose, .. } => ("with-purpose", Cell::Empty, Cell::Number(i64::from(*purpose))),
    };
    Some(vec![Cell::Moment(row.at), Cell::text(&row.who), Cell::text(&row.device), Cell::text(how), reason, purpose])
}

fn disclosures<'a>(rows: impl Iterator<Item = &'a Disclosure>) -> Sheet {
    let rows = rows.map(|row| {
        let decision = row.decision.as_ref().map_or("pending", |decision| decision.as_str());
        vec![
            Cell::of(row.record),
            Cell::moment(row.asked_at),
            Cell::of(row.asked_by.as_ref()),
            Cell::of(row.organisation.as_ref()),
            Cell::of(row.identified.as_ref()),
            Cell::of(row.identified_how.as_ref()),
            Cell::of(row.purpose.as_ref()),
            Cell::of(row.asked.as_ref()),
            Cell::of(row.authority.as_ref()),
            Cell::text(decision),
            Cell::of(row.decided_by.as_ref()),
            Cell::moment(row.decided_at),
            Cell::of(row.why.as_ref()),
            Cell::of(row.given.as_ref()),
        ]
    });
    Sheet { table: &DISCLOSURES, rows: rows.collect() }
}

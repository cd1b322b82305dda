//! Reports of the office about itself: who could read what, who holds what, who opened what, which clocks run.

use doorstep_protocol::DeviceId;

use super::Reports;
use super::sheet::{Cell, Sheet};
use super::tables::{ACCESS, AUDIT, CLOCKS, EXPOSURE};
use crate::audit::AuditEvent;
use crate::client::{ClientError, Page, TodoFilter, TodoKind, TodoWhat};
use crate::records::clocks::ClockState;
use crate::records::view::Author;

impl Reports<'_> {
    /// What a device could read, since when and until when.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn exposure(&self, device: DeviceId) -> Result<Sheet, ClientError> {
        let found = self.client.partnership().exposure(device)?;
        let rows = found.zones.iter().map(|zone| {
            vec![
                Cell::text(&found.name),
                Cell::moment(found.frozen_since),
                Cell::moment(found.revoked_since),
                Cell::moment(found.last_work_came),
                Cell::text(&zone.name),
                Cell::text(zone.class.as_str()),
                Cell::Truth(zone.behind_glass),
                Cell::Moment(zone.since),
                Cell::moment(zone.until),
                zone.documents.map_or(Cell::Empty, Cell::count),
                Cell::Truth(zone.wrote),
            ]
        });
        Ok(Sheet { table: &EXPOSURE, rows: rows.collect() })
    }

    /// Who holds which zone, and who uses it.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn access(&self) -> Result<Sheet, ClientError> {
        let rows = self.client.partnership().access()?.into_iter().map(|row| {
            let purposes: Vec<String> = row.purposes.iter().map(ToString::to_string).collect();
            vec![
                Cell::text(row.zone),
                Cell::text(row.class.as_str()),
                Cell::text(row.team),
                Cell::text(row.rights.join(" ")),
                Cell::text(purposes.join(" ")),
                Cell::moment(row.expires),
                Cell::text(row.device),
                Cell::text(row.workers.join("; ")),
                Cell::moment(row.last_wrote),
            ]
        });
        Ok(Sheet { table: &ACCESS, rows: rows.collect() })
    }

    /// Every audit record that holds, at an auditor's desk.
    ///
    /// # Errors
    /// [`ClientError::Restricted`] when this is no auditor's device, or is locked.
    pub fn audit(&self) -> Result<Sheet, ClientError> {
        let names = self.client.directory().names()?;
        let now = self.client.now();
        let records = self.client.lock().audit_records(now)?;
        let rows = records.into_iter().map(|(device, _, record)| {
            let empty = || Cell::Empty;
            let (class, reason, purpose, outcome, count) = match &record.event {
                AuditEvent::GlassBroken { reason, .. } => {
                    (empty(), Cell::text(reason.as_str()), empty(), empty(), empty())
                }
                AuditEvent::SealedRead { purpose, .. } => {
                    (empty(), empty(), Cell::Number(i64::from(*purpose)), empty(), empty())
                }
                AuditEvent::ReadWithPurpose { class, purpose, .. } => {
                    let class = Cell::text(class.as_str());
                    (class, empty(), Cell::Number(i64::from(*purpose)), empty(), empty())
                }
                AuditEvent::Reviewed { outcome, .. } => {
                    (empty(), empty(), empty(), Cell::text(outcome.as_str()), empty())
                }
                AuditEvent::WrongPins { count } => {
                    (empty(), empty(), empty(), empty(), Cell::Number(i64::from(*count)))
                }
                _ => (empty(), empty(), empty(), empty(), empty()),
            };
            vec![
                Cell::Moment(record.wall),
                Cell::text(names.device(device)),
                Cell::text(names.who(Some(Author { device, seat: Some(record.seat) }))),
                Cell::text(event_code(&record.event)),
                class,
                reason,
                purpose,
                outcome,
                count,
            ]
        });
        Ok(Sheet { table: &AUDIT, rows: rows.collect() })
    }

    /// Every statutory clock on this device: overdue, due soon, running and those that lack a fact.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn clocks(&self) -> Result<Sheet, ClientError> {
        let mut sheet = Sheet { table: &CLOCKS, rows: Vec::new() };
        let states = [
            ClockState::Overdue,
            ClockState::DueSoon,
            ClockState::FactMissing,
            ClockState::Running,
            ClockState::MetLate,
            ClockState::Met,
        ];
        for state in states {
            let filter = TodoFilter { clock_state: Some(state), ..TodoFilter::default() };
            let mut page = Page::FIRST;
            loop {
                let found = self.client.todo().page(TodoKind::Clocks, &filter, page)?;
                page.offset += found.rows.len();
                let is_last = found.rows.is_empty() || page.offset as u64 >= found.total;
                for item in found.rows {
                    let TodoWhat::Clock { hazard, code, clock, .. } = item.what else { continue };
                    let first = clock.readings.first();
                    let doubts: Vec<String> = clock.doubts.iter().filter_map(code_of).collect();
                    sheet.rows.push(vec![
                        Cell::of(item.record),
                        Cell::text(item.title),
                        Cell::text(hazard),
                        Cell::text(code),
                        Cell::of(code_of(&clock.rule)),
                        Cell::text(&clock.phase),
                        Cell::of(code_of(&clock.state)),
                        Cell::of(first.map(|reading| reading.from.clone())),
                        Cell::moment(first.map(|reading| reading.started)),
                        Cell::moment(clock.due),
                        Cell::moment(clock.met.as_ref().map(|met| met.at)),
                        Cell::count(clock.refusals.len() as u64),
                        Cell::text(doubts.join(" ")),
                    ]);
                }
                if is_last {
                    break;
                }
            }
        }
        Ok(sheet)
    }
}

/// The code of a choice, as JSON has it.
fn code_of(choice: &impl serde::Serialize) -> Option<String> {
    match serde_json::to_value(choice).ok()? {
        serde_json::Value::String(code) => Some(code),
        _ => None,
    }
}

const fn event_code(event: &AuditEvent) -> &'static str {
    match event {
        AuditEvent::Start { .. } => "start",
        AuditEvent::Heartbeat => "heartbeat",
        AuditEvent::Unlocked => "unlocked",
        AuditEvent::WrongPins { .. } => "wrong-pins",
        AuditEvent::GlassBroken { .. } => "glass-broken",
        AuditEvent::SealedRead { .. } => "sealed-read",
        AuditEvent::GlassClosed { .. } => "glass-closed",
        AuditEvent::ReadWithPurpose { .. } => "read-with-purpose",
        AuditEvent::Reviewed { .. } => "reviewed",
    }
}

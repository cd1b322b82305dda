//! De-personalised counts: one way of grouping a report, without small numbers.

use super::Reports;
use super::sheet::{Cell, Sheet};
use super::suppress::suppress;
use super::tables::COUNTS;
use crate::client::ClientError;
use crate::store::counts;

/// What is counted, and into which groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountOf {
    /// Homes with a hazard that is not dealt with, by its list and code. A home with several is in several groups.
    HomesByHazard,
    /// Visits, by kind.
    VisitsByKind,
    /// Visits, by how far they are.
    VisitsByState,
}

impl CountOf {
    /// Every count.
    pub const ALL: [Self; 3] = [Self::HomesByHazard, Self::VisitsByKind, Self::VisitsByState];

    /// As people name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HomesByHazard => "homes-by-hazard",
            Self::VisitsByKind => "visits-by-kind",
            Self::VisitsByState => "visits-by-state",
        }
    }
}

impl Reports<'_> {
    /// Counts without small numbers. Two reports of different days can be compared, and what differs by one may be one
    /// person: hand out one of them.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn counts(&self, of: CountOf) -> Result<Sheet, ClientError> {
        let groups = {
            let device = self.client.lock();
            let reader = device.store().reader();
            match of {
                CountOf::HomesByHazard => counts::homes_by_hazard(reader)?,
                CountOf::VisitsByKind => counts::visits_by_kind(reader)?,
                CountOf::VisitsByState => counts::visits_by_state(reader)?,
            }
        };
        let counted: Vec<u64> = groups.iter().map(|(_, count)| *count).collect();
        let out = suppress(&counted);
        let row = |group: &str, count: Option<u64>| {
            vec![Cell::text(of.as_str()), Cell::text(group), count.map_or(Cell::Empty, Cell::count)]
        };
        let mut rows: Vec<Vec<Cell>> =
            groups.iter().zip(&out.counts).map(|((group, _), count)| row(group, *count)).collect();
        rows.push(row("total", out.total));
        Ok(Sheet { table: &COUNTS, rows })
    }
}

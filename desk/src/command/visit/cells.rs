//! Visits from CSV: a column for each field, named `part.field`; lines with the same `visit` are one visit.

use std::collections::BTreeMap;
use std::path::Path;

use doorstep_client_core::client::{PersonInput, PropertyRef, VisitInput};
use doorstep_client_core::records::Row;
use doorstep_client_core::records::function::Ability;
use doorstep_client_core::records::home::{Alarm, Clutter, Dwelling, Equipment, Hazard, Measurement, Visit};
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::index::{Flag, Property};
use serde::de::DeserializeOwned;

use crate::command::input;
use crate::failure::DeskError;

/// Lines that have the same word in this column are one visit.
const GROUP: &str = "visit";
/// Parts of a visit, as columns name them.
const PARTS: [&str; 11] = [
    "property",
    "visit",
    "dwelling",
    "hazard",
    "measurement",
    "equipment",
    "clutter",
    "alarm",
    "flag",
    "person",
    "ability",
];

/// An example with the columns that are used most.
pub(super) fn template() -> String {
    "visit,property.uprn,visit.kind,visit.visitor,visit.started_at,dwelling.main_exit,hazard.scheme,hazard.code,\
     hazard.room,hazard.severity,hazard.note,clutter.room,clutter.rating,alarm.room,alarm.kind,alarm.state,flag.kind,\
     flag.contact,person.preferred_name,ability.what,ability.level\n\
     1,100023336956,safe-and-well,Crew 4,2026-11-22 14:05,restricted,fire-v1,e-bike,hall,high,charging in the hall,\
     living room,6,hall,smoke,replaced,dangerous-animal,Housing desk 020 7946 0000,Edith Hart,stairs,cannot\n\
     1,100023336956,,,,,hhsrs-2026,11,bedroom,medium,mould above the window,,,,,,,,,,\n"
        .to_owned()
}

/// One line by column name.
struct Line<'a> {
    cells: Vec<(&'a str, &'a str)>,
}

impl<'a> Line<'a> {
    /// The cells of a part, by field.
    fn part(&self, part: &str) -> Vec<(&'a str, &'a str)> {
        let of_part = |(name, value): &(&'a str, &'a str)| {
            let (of, field) = name.split_once('.')?;
            if of == part { Some((field, *value)) } else { None }
        };
        self.cells.iter().filter_map(of_part).collect()
    }

    fn cell(&self, name: &str) -> &'a str {
        self.cells.iter().find(|(of, _)| *of == name).map_or("", |(_, value)| value.trim())
    }

    fn row<T: Row + DeserializeOwned>(&self, part: &'static str) -> Result<Option<T>, DeskError> {
        input::row_of_cells(part, &self.part(part))
    }
}

/// Reads every visit of a file.
pub(super) fn read(path: &Path) -> Result<Vec<VisitInput>, DeskError> {
    let text = input::text(path)?;
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heading = reader.headers().map_err(|_| DeskError::file(path, "has no line of column names"))?.clone();
    for name in &heading {
        let known = name == GROUP || name.split_once('.').is_some_and(|(part, _)| PARTS.contains(&part));
        if !known {
            let remedy = "a column is `visit` or `part.field`; see `doorstep visit template --csv`";
            return Err(DeskError::file(path, format!("column {}: {remedy}", position(&heading, name))));
        }
    }
    let mut visits: Vec<VisitInput> = Vec::new();
    let mut by_group: BTreeMap<String, usize> = BTreeMap::new();
    for (at, record) in reader.records().enumerate() {
        let line_number = at + 2;
        let at_line = |error: DeskError| DeskError::file(path, format!("line {line_number}: {error}"));
        let record = record.map_err(|_| {
            DeskError::file(path, format!("line {line_number}: has another number of cells than the line of names"))
        })?;
        let line = Line { cells: heading.iter().zip(record.iter()).collect() };
        let group = line.cell(GROUP).to_owned();
        let known = if group.is_empty() { None } else { by_group.get(&group).copied() };
        let index = match known {
            Some(index) => index,
            None => {
                visits.push(begin(&line).map_err(at_line)?);
                if !group.is_empty() {
                    by_group.insert(group, visits.len() - 1);
                }
                visits.len() - 1
            }
        };
        if let Some(visit) = visits.get_mut(index) {
            add(visit, &line).map_err(at_line)?;
        }
    }
    Ok(visits)
}

fn position(heading: &csv::StringRecord, name: &str) -> usize {
    heading.iter().position(|other| other == name).map_or(0, |at| at + 1)
}

fn begin(line: &Line<'_>) -> Result<VisitInput, DeskError> {
    let uprn = line.cell("property.uprn");
    let property =
        if uprn.is_empty() {
            let property = line.row::<Property>("property")?.ok_or_else(|| {
                DeskError::input(
                    "property.uprn",
                    "a visit is at a home",
                    "fill in the UPRN, or property.line for the address",
                )
            })?;
            PropertyRef::Provisional(Box::new(property))
        } else {
            PropertyRef::Uprn(uprn.parse().map_err(|_| {
                DeskError::input("property.uprn", "a UPRN of 1 to 12 digits", "copy it from the gazetteer")
            })?)
        };
    let mut visit = VisitInput::to(property);
    visit.visit = line.row::<Visit>("visit")?.unwrap_or_default();
    Ok(visit)
}

fn add(visit: &mut VisitInput, line: &Line<'_>) -> Result<(), DeskError> {
    visit.dwelling = line.row::<Dwelling>("dwelling")?.or(visit.dwelling.take());
    visit.hazards.extend(line.row::<Hazard>("hazard")?);
    visit.measurements.extend(line.row::<Measurement>("measurement")?);
    visit.equipment.extend(line.row::<Equipment>("equipment")?);
    visit.clutter.extend(line.row::<Clutter>("clutter")?);
    visit.alarms.extend(line.row::<Alarm>("alarm")?);
    visit.flags.extend(line.row::<Flag>("flag")?);
    if let Some(person) = line.row::<Person>("person")? {
        visit.people.push(PersonInput { person: Some(person), ..PersonInput::default() });
    }
    if let Some(ability) = line.row::<Ability>("ability")? {
        let person = visit.people.last_mut().ok_or_else(|| {
            DeskError::input(
                "ability.what",
                "belongs to a person of this or an earlier line",
                "fill in person.preferred_name",
            )
        })?;
        person.abilities.push(ability);
    }
    Ok(())
}

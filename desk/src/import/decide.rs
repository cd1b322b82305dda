//! From facts to a plan: compares each fact with what this device holds and with what the same files said before, and
//! decides what is to be written. Reads; writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::Class;

use doorstep_client_core::client::{Client, ClientError};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::identity::{Person, address_is_protected};
use doorstep_client_core::records::row::Entry;
use doorstep_client_core::records::{Date, DocumentView, Reading, Row as _, RowId, Uprn, Value};

use super::fact::{Fact, Said, Target};
use super::mapping::Differs;
use super::report::{Outcome, Remark, ReportLine};

/// One row to write.
#[derive(Clone, Debug)]
pub(super) struct Write {
    pub(super) row: RowId,
    pub(super) said: Said,
}

/// All that is written about one property or person: in one transaction, so that nobody is half there.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub(super) target: Target,
    /// The record, where this device has it.
    pub(super) known: Option<RecordId>,
    pub(super) writes: Vec<Write>,
}

/// A field as it will stand: its value, and the line of the report that gave it, if a row of these files did.
type Fields = BTreeMap<String, (Value, Option<usize>)>;

/// What is known of one target: what its documents hold, and what these files have said so far.
struct Standing<'c> {
    client: &'c Client,
    record: Option<RecordId>,
    views: BTreeMap<Class, Option<DocumentView>>,
    said: BTreeMap<(&'static str, RowId), Fields>,
}

enum Decision {
    /// To be recorded whole.
    New,
    /// Only these fields, of a row that is here.
    Fill(BTreeSet<&'static str>),
    Same,
    /// Another line of the same files says otherwise.
    Clash {
        field: &'static str,
        line: usize,
    },
}

/// Decides over all facts. Fills in the outcome of each line.
pub(super) fn decide(
    client: &Client,
    mut facts: Vec<Fact>,
    lines: &mut [ReportLine],
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Work>, ClientError> {
    // What founds a target comes first, so that the rest can rely on it.
    facts.sort_by(|a, b| (&a.target, !a.said.founds(), a.line).cmp(&(&b.target, !b.said.founds(), b.line)));
    let founded: BTreeSet<Target> =
        facts.iter().filter(|fact| fact.said.founds()).map(|fact| fact.target.clone()).collect();
    let total = facts.len();
    let mut works = Vec::new();
    let mut done = 0;
    let mut rest = facts.into_iter().peekable();
    while let Some(first) = rest.next() {
        let target = first.target.clone();
        let mut group = vec![first];
        while let Some(fact) = rest.next_if(|fact| fact.target == target) {
            group.push(fact);
        }
        done += group.len();
        if let Some(work) = decide_target(client, target, group, &founded, lines)? {
            works.push(work);
        }
        progress(done, total);
    }
    Ok(works)
}

fn decide_target(
    client: &Client,
    target: Target,
    facts: Vec<Fact>,
    founded: &BTreeSet<Target>,
    lines: &mut [ReportLine],
) -> Result<Option<Work>, ClientError> {
    let (known, what) = match &target {
        Target::Property(uprn) => (client.properties().of_uprn(uprn)?, "property"),
        Target::Person(reference) => (client.people().of_reference(reference)?, "person"),
    };
    if known.is_none() && !founded.contains(&target) {
        for fact in &facts {
            refuse(lines, fact.line, format!("there is no such {what} here, nor was one taken from these files"));
        }
        return Ok(None);
    }
    let mut standing = Standing { client, record: known, views: BTreeMap::new(), said: BTreeMap::new() };
    let mut writes = Vec::new();
    for mut fact in facts {
        if let Some(why) = place(client, &mut fact, founded, &mut standing)? {
            refuse(lines, fact.line, why);
            continue;
        }
        if let Some(write) = standing.decide(&fact, lines)? {
            writes.push(write);
        }
    }
    Ok((!writes.is_empty()).then_some(Work { target, known, writes }))
}

/// Finds the property of an occupancy; says why there is none.
fn place(
    client: &Client,
    fact: &mut Fact,
    founded: &BTreeSet<Target>,
    standing: &mut Standing<'_>,
) -> Result<Option<String>, ClientError> {
    let (Said::Occupancy(occupancy), Some(uprn)) = (&mut fact.said, &fact.place) else {
        return Ok(None);
    };
    if standing.view(Class::Identity)?.is_some_and(address_is_protected) {
        let why = "the address of this person is protected: it is not taken from files; the team that keeps it is told";
        return Ok(Some(why.to_owned()));
    }
    let record = match client.properties().of_uprn(uprn)? {
        Some(record) => record,
        None if is_founded(founded, uprn) => client.properties().locate(uprn)?,
        None => {
            return Ok(Some("there is no such property here, nor was one taken from these files".to_owned()));
        }
    };
    occupancy.property = Some(record.0);
    let ended = occupancy.to.clone();
    if let Err(error) = fact.said.check() {
        return Ok(Some(error.to_string()));
    }
    if let (Some(ended), Some(born)) = (ended, standing.born()?)
        && ended < born
    {
        return Ok(Some("it ended before the person was born; check the two dates".to_owned()));
    }
    Ok(None)
}

fn is_founded(founded: &BTreeSet<Target>, uprn: &Uprn) -> bool {
    founded.contains(&Target::Property(uprn.clone()))
}

fn refuse(lines: &mut [ReportLine], line: usize, why: String) {
    if let Some(told) = lines.get_mut(line) {
        told.outcome = Outcome::NotTaken;
        told.why = Some(why);
    }
}

impl Standing<'_> {
    fn view(&mut self, class: Class) -> Result<Option<&DocumentView>, ClientError> {
        if !self.views.contains_key(&class) {
            let view = match self.record {
                Some(record) => self.client.document(record, class)?,
                None => None,
            };
            self.views.insert(class, view);
        }
        Ok(self.views.get(&class).and_then(Option::as_ref))
    }

    /// The person's day of birth, as these files or this device have it.
    fn born(&mut self) -> Result<Option<Date>, ClientError> {
        let said = self.said.get(&(Person::COLLECTION, RowId::SINGLE)).and_then(|fields| fields.get("born"));
        if let Some((Value::Text(day), _)) = said {
            return Ok(day.parse().ok());
        }
        let view = self.view(Class::Identity)?;
        Ok(view.and_then(|view| view.single::<Person>(Reading::Shown)).and_then(|seen| seen.value.born))
    }

    /// The row that a fact is about: its own, or one that says the same.
    fn row(&mut self, fact: &Fact) -> Result<(RowId, Option<Fields>), ClientError> {
        let own = fact.row_id();
        let collection = fact.said.collection();
        if let Some(fields) = self.said.get(&(collection, own)) {
            return Ok((own, Some(fields.clone())));
        }
        let entries = fact.said.entries();
        let same_by = fact.said.same_by();
        let Some(section) = self.view(fact.said.class())?.and_then(|view| view.sections.get(collection)) else {
            return Ok((own, None));
        };
        let fields = |row: &doorstep_client_core::records::view::RowView| -> Fields {
            let first = |(name, field): (&String, &doorstep_client_core::records::view::FieldView)| {
                field.values.first().map(|said| (name.clone(), (said.value.clone(), None)))
            };
            row.fields.iter().filter_map(first).collect()
        };
        if let Some(row) = section.rows.get(&own) {
            return Ok((own, Some(fields(row))));
        }
        let wanted = |name: &str| entries.iter().find(|entry| entry.field == name).map(|entry| &entry.value);
        let found = section.rows.iter().find(|(_, row)| {
            let held = |name: &str| row.fields.get(name).and_then(|field| field.values.first()).map(|said| &said.value);
            !same_by.is_empty() && same_by.iter().all(|name| held(name) == wanted(name))
        });
        Ok(found.map_or((own, None), |(id, row)| (*id, Some(fields(row)))))
    }

    fn decide(&mut self, fact: &Fact, lines: &mut [ReportLine]) -> Result<Option<Write>, ClientError> {
        let (row, held) = self.row(fact)?;
        let Some(told) = lines.get_mut(fact.line) else {
            return Ok(None);
        };
        let entries = fact.said.entries();
        let decision = match &held {
            None => Decision::New,
            Some(_) if fact.said.stands() => Decision::Same,
            Some(held) => compare(&entries, held, fact.differs, &mut told.remarks),
        };
        let said = match decision {
            Decision::Clash { field, line } => {
                let earlier = lines.get(line).map_or(0, |line| line.line);
                refuse(lines, fact.line, format!("line {earlier} of these files says another `{field}` of the same"));
                return Ok(None);
            }
            Decision::Same => {
                told.outcome = Outcome::AlreadyThere;
                if held.is_some_and(|held| matches!(held.get("ended_at"), Some((Value::Moment(_), _)))) {
                    let why = "it was ended here since, and stays ended".to_owned();
                    told.remarks.push(Remark { column: "flag".to_owned(), why });
                }
                return Ok(None);
            }
            Decision::New => {
                told.outcome = Outcome::Taken;
                fact.said.clone()
            }
            Decision::Fill(fields) => {
                // A further row of these files that adds to what another founds is taken with it.
                let from_files = self.said.contains_key(&(fact.said.collection(), row)) && self.record.is_none();
                told.outcome = if from_files { Outcome::Taken } else { Outcome::Changed };
                fact.said.only(&fields)
            }
        };
        let fields = self.said.entry((said.collection(), row)).or_insert_with(|| held.unwrap_or_default());
        for entry in said.entries() {
            fields.insert(entry.field.to_owned(), (entry.value, Some(fact.line)));
        }
        Ok(Some(Write { row, said }))
    }
}

fn compare(entries: &[Entry], held: &Fields, differs: Differs, remarks: &mut Vec<Remark>) -> Decision {
    let mut fill = BTreeSet::new();
    for entry in entries {
        match held.get(entry.field) {
            None => {
                fill.insert(entry.field);
            }
            Some((value, _)) if *value == entry.value => {}
            // Where somebody who was there recorded the row, that is how it is known.
            Some(_) if entry.field == "source" => {}
            Some((_, Some(line))) => {
                return Decision::Clash { field: entry.field, line: *line };
            }
            Some((_, None)) if differs == Differs::Replace => {
                fill.insert(entry.field);
            }
            Some((_, None)) => {
                let why = "this device says something else, which was kept".to_owned();
                remarks.push(Remark { column: entry.field.to_owned(), why });
            }
        }
    }
    if fill.is_empty() { Decision::Same } else { Decision::Fill(fill) }
}

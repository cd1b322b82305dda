//! Rows that follow from an answer: the officer who says that there is no alarm need not write it down a second time.

use serde_json::{Map, Value};

use super::content::Fill;
use crate::records::answers::Answer;
use crate::records::function::Ability;
use crate::records::home::{Adaptation, Alarm, Clutter, Dwelling, Equipment, Hazard, Measurement};
use crate::records::row::Entry;
use crate::records::{self, FieldError, Row};

/// A row that an answer fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilledRow {
    /// A field of the dwelling.
    Dwelling(Box<Dwelling>),
    /// A hazard.
    Hazard(Box<Hazard>),
    /// A measurement.
    Measurement(Box<Measurement>),
    /// An alarm.
    Alarm(Box<Alarm>),
    /// A clutter rating.
    Clutter(Box<Clutter>),
    /// Equipment.
    Equipment(Box<Equipment>),
    /// An adaptation.
    Adaptation(Box<Adaptation>),
    /// What a person can do.
    Ability(Box<Ability>),
}

/// What comes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Nothing follows from this answer.
    Nothing,
    /// A row.
    Row(FilledRow),
    /// The form asks for a row that cannot be written: why.
    Refused(String),
}

/// The code of an answer, as forms name it.
pub(super) fn code(answer: &Answer) -> Option<&str> {
    match (&answer.truth, &answer.choice) {
        (Some(true), _) => Some("yes"),
        (Some(false), _) => Some("no"),
        (None, choice) => choice.as_deref(),
    }
}

fn value(answer: &Answer) -> Option<Value> {
    let truth = answer.truth.map(Value::from);
    let whole = answer.whole.map(Value::from);
    let day = answer.day.as_ref().map(|day| Value::from(day.as_str()));
    let text = answer.choice.as_deref().or(answer.text.as_deref()).map(Value::from);
    truth.or(whole).or(day).or(text)
}

/// What comes of one answer by one line of the form.
#[must_use]
pub fn fill(fill: &Fill, answer: &Answer) -> Filled {
    let is_meant = fill.when.is_empty()
        || code(answer).is_some_and(|code| code.split(',').any(|one| fill.when.iter().any(|when| when == one)));
    if !is_meant {
        return Filled::Nothing;
    }
    let mut fields = fill.set.clone();
    if let (Some(field), Some(value)) = (&fill.value, value(answer)) {
        // A choice reads as its code, words are cut to what such a field holds by its own check.
        fields.insert(field.clone(), value);
    }
    let row = match fill.row.as_str() {
        "dwelling" => typed::<Dwelling>(fields, None).map(|row| FilledRow::Dwelling(Box::new(row))),
        "hazards" => typed::<Hazard>(fields, answer.room.as_deref()).map(|row| FilledRow::Hazard(Box::new(row))),
        "measurements" => {
            typed::<Measurement>(fields, answer.room.as_deref()).map(|row| FilledRow::Measurement(Box::new(row)))
        }
        "alarms" => typed::<Alarm>(fields, answer.room.as_deref()).map(|row| FilledRow::Alarm(Box::new(row))),
        "clutter" => typed::<Clutter>(fields, answer.room.as_deref()).map(|row| FilledRow::Clutter(Box::new(row))),
        "equipment" => {
            typed::<Equipment>(fields, answer.room.as_deref()).map(|row| FilledRow::Equipment(Box::new(row)))
        }
        "adaptations" => {
            typed::<Adaptation>(fields, answer.room.as_deref()).map(|row| FilledRow::Adaptation(Box::new(row)))
        }
        "abilities" => typed::<Ability>(fields, None).map(|row| FilledRow::Ability(Box::new(row))),
        _ => Err("no rows of that name follow from an answer".to_owned()),
    };
    match row {
        Ok(row) => Filled::Row(row),
        Err(why) => Filled::Refused(why),
    }
}

/// The row of these fields, checked as it will be when it is written.
fn typed<R: Row>(mut fields: Map<String, Value>, room: Option<&str>) -> Result<R, String> {
    if let Some(room) = room.filter(|room| !room.trim().is_empty() && R::FIELDS.contains(&"room")) {
        fields.entry("room").or_insert_with(|| Value::from(room));
    }
    if let Some(unknown) = fields.keys().find(|name| !R::FIELDS.contains(&name.as_str())) {
        return Err(format!("{} has no field {unknown}", R::COLLECTION));
    }
    let row = R::read(&mut |name| fields.get(name).map(held));
    checked(row.entries(), fields.len(), row.check())?;
    Ok(row)
}

/// A value of a form as a document holds it; the field says whether it takes one of that kind.
fn held(value: &Value) -> records::Value {
    match value {
        Value::Bool(truth) => records::Value::Truth(*truth),
        Value::Number(number) => number.as_i64().map_or(records::Value::Unreadable, records::Value::Whole),
        Value::String(text) => records::Value::Text(text.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => records::Value::Unreadable,
    }
}

/// Whether all fields that were meant are there and may be written.
fn checked(entries: Vec<Entry>, meant: usize, whole: Result<(), FieldError>) -> Result<(), String> {
    if entries.len() != meant {
        return Err("a field holds another type".to_owned());
    }
    entries
        .into_iter()
        .map(|entry| entry.checked)
        .chain([whole])
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

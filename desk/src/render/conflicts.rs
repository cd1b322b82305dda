//! Values that disagree, side by side.

use doorstep_client_core::client::{Columns, ConflictItem, DecisionRow};
use doorstep_client_core::records::{RowId, Value};

use super::table::table;
use super::words::plain;
use super::words::{count, moment};
use crate::screen::{Colours, Tone};

/// A field as people name it: `dwelling.main_exit`.
#[must_use]
pub fn field_of(item: &ConflictItem) -> String {
    format!("{}.{}", item.path.collection, item.path.field)
}

/// A value as people read it.
#[must_use]
pub fn value_words(value: &Value) -> String {
    match value {
        Value::Moment(at) => moment(*at),
        other => other.to_string(),
    }
}

/// The list.
#[must_use]
pub fn page(items: &[ConflictItem], colours: Colours) -> String {
    if items.is_empty() {
        return "no conflicts: nothing on this device disagrees\n".to_owned();
    }
    let mut text = format!("{} in dispute\n", count(items.len() as u64, "field", "fields"));
    for item in items {
        let row = if item.path.row == RowId::SINGLE { String::new() } else { format!("  row {}", item.path.row) };
        let heading = format!("{}  {}{row}", item.title, field_of(item));
        text.push_str(&format!("\n{}\n", colours.paint(Tone::Heading, &heading)));
        let lines: Vec<Vec<String>> = item
            .values
            .iter()
            .map(|said| {
                let shown = if said.value == item.cautious { "shown to visitors and crews" } else { "" };
                vec![
                    value_words(&said.value),
                    said.who.clone(),
                    said.device.clone(),
                    said.at.map_or_else(|| "not known".to_owned(), moment),
                    shown.to_owned(),
                ]
            })
            .collect();
        for line in table(&["value", "who", "device", "when", ""], &lines).lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text.push_str("\nSettle one:  doorstep conflicts resolve FIELD --keep VALUE --at HOME\n");
    text
}

/// One dispute, its versions side by side.
#[must_use]
pub fn columns(columns: &Columns, colours: Colours) -> String {
    let path = &columns.path;
    let title = columns.item.as_ref().map(|item| item.title.as_str()).unwrap_or_default();
    let head = format!("{title}  {}.{}", path.collection, path.field);
    let mut text = format!("{}\n", colours.paint(Tone::Heading, &head));
    let rows: Vec<Vec<String>> = columns
        .versions
        .iter()
        .map(|version| {
            let based: Vec<String> = version.based_on.iter().map(|said| value_words(&said.value)).collect();
            let based = if based.is_empty() { "nothing".to_owned() } else { based.join(" / ") };
            vec![
                value_words(&version.said.value),
                version.said.who.clone(),
                version.said.device.clone(),
                version.said.at.map_or_else(|| "not known".to_owned(), moment),
                version.source.as_ref().map(value_words).unwrap_or_default(),
                version.visit_kind.as_deref().map(plain).unwrap_or_default(),
                based,
            ]
        })
        .collect();
    text.push_str(&table(&["value", "who", "device", "when", "how known", "visit", "based on"], &rows));
    if let Some(item) = &columns.item {
        text.push_str(&format!("visitors and crews are shown: {}\n", value_words(&item.cautious)));
    }
    text.push_str(&decided(&columns.decisions));
    text
}

/// Decisions, the latest first.
#[must_use]
pub fn decided(decisions: &[DecisionRow]) -> String {
    let mut text = String::new();
    for one in decisions {
        let kind = one.kind.as_ref().map(|kind| plain(kind.as_str())).unwrap_or_default();
        let field = one.path.as_ref().map(|path| format!("{}.{}", path.collection, path.field)).unwrap_or_default();
        let at = one.at.map_or_else(|| "not known".to_owned(), moment);
        let note = one.note.as_deref().map(|note| format!(" “{note}”")).unwrap_or_default();
        let undone = if one.undone_by.is_some() { " (undone)" } else { "" };
        text.push_str(&format!("{at}  {field} {kind} by {}{note}{undone}: decision {}\n", one.who, one.decision));
    }
    text
}

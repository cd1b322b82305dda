//! Values that disagree, side by side.

use doorstep_client_core::client::ConflictItem;
use doorstep_client_core::records::{RowId, Value};

use super::table::table;
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

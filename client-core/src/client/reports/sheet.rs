//! A report as rows under fixed columns: for people as CSV, for programs as JSON Lines, each with the JSON Schema that is
//! published under `docs/schemas`.

use doorstep_protocol::Millis;

use super::mask;
use crate::records::Value;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, or the code of a choice.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Truth,
    /// A moment, as RFC 3339 in UTC.
    Moment,
}

/// Whether every row fills a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Every row does.
    Always,
    /// Null in JSON, empty in CSV, where there is nothing.
    Sometimes,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether every row fills it.
    pub filled: Filled,
    /// What it means.
    pub about: &'static str,
}

/// The form of a report. A later version adds columns at the end and a number to the name when it takes one away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name; the schema stands in `docs/schemas/NAME.schema.json`.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

/// What stands in one column of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number.
    Number(i64),
    /// Yes or no.
    Truth(bool),
    /// A moment.
    Moment(Millis),
}

impl Cell {
    /// Text, or nothing.
    #[must_use]
    pub fn of(text: Option<impl ToString>) -> Self {
        text.map_or(Self::Empty, |text| Self::text(text))
    }

    /// Text. What reads as an NHS number in it is taken out: whoever may know it, no report carries it.
    #[must_use]
    pub fn text(text: impl ToString) -> Self {
        Self::Text(mask::nhs_numbers(&text.to_string()))
    }

    /// A count.
    #[must_use]
    pub fn count(count: u64) -> Self {
        Self::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A moment, or nothing.
    #[must_use]
    pub fn moment(at: Option<Millis>) -> Self {
        at.map_or(Self::Empty, Self::Moment)
    }

    fn words(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Truth(truth) => truth.to_string(),
            Self::Moment(at) => rfc3339(*at),
        }
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Empty => serde_json::Value::Null,
            Self::Number(number) => (*number).into(),
            Self::Truth(truth) => (*truth).into(),
            other => other.words().into(),
        }
    }
}

/// A value of a record as text: moments as RFC 3339.
pub(super) fn value_text(value: &Value) -> String {
    match value {
        Value::Moment(at) => rfc3339(*at),
        Value::Cleared => String::new(),
        other => other.to_string(),
    }
}

fn rfc3339(at: Millis) -> String {
    let moment = i64::try_from(at.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    moment.map(|at| at.to_string()).unwrap_or_default()
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its form.
    pub table: &'static Table,
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// As CSV: UTF-8, a heading, CRLF, quotes where they are needed. A cell that a spreadsheet would run as a formula begins
    /// with an apostrophe.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = String::new();
        let heading = self.table.columns.iter().map(|column| column.name.to_owned());
        push_line(&mut text, heading);
        for row in &self.rows {
            push_line(&mut text, row.iter().map(guarded));
        }
        text
    }

    /// As JSON Lines: an object a row, in the order of the columns.
    #[must_use]
    pub fn to_json_lines(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let fields = self
                .table
                .columns
                .iter()
                .zip(row)
                .map(|(column, cell)| format!("{}:{}", serde_json::Value::from(column.name), cell.json()));
            text.push_str(&format!("{{{}}}\n", fields.collect::<Vec<_>>().join(",")));
        }
        text
    }
}

impl serde::Serialize for Sheet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let objects = self.rows.iter().map(|row| {
            let cells = self.table.columns.iter().zip(row);
            cells.map(|(column, cell)| (column.name, cell.json())).collect::<std::collections::BTreeMap<_, _>>()
        });
        serializer.collect_seq(objects)
    }
}

fn guarded(cell: &Cell) -> String {
    let words = cell.words();
    let is_formula = matches!(cell, Cell::Text(_)) && words.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{words}") } else { words }
}

fn push_line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

impl Table {
    /// The JSON Schema of a row, as published.
    #[must_use]
    pub fn schema(&self) -> String {
        let mut properties = serde_json::Map::new();
        for column in self.columns {
            let kind = match column.kind {
                ColumnKind::Text | ColumnKind::Moment => "string",
                ColumnKind::Number => "integer",
                ColumnKind::Truth => "boolean",
            };
            let kind = match column.filled {
                Filled::Always => serde_json::json!(kind),
                Filled::Sometimes => serde_json::json!([kind, "null"]),
            };
            let mut property = serde_json::json!({ "description": column.about, "type": kind });
            if column.kind == ColumnKind::Moment {
                property["format"] = "date-time".into();
            }
            properties.insert(column.name.to_owned(), property);
        }
        let schema = serde_json::json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.name,
            "description": self.about,
            "type": "object",
            "properties": properties,
            "required": self.columns.iter().map(|column| column.name).collect::<Vec<_>>(),
            "additionalProperties": false,
        });
        let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Table = Table {
        name: "example",
        about: "An example.",
        columns: &[
            Column { name: "text", kind: ColumnKind::Text, filled: Filled::Always, about: "A text." },
            Column { name: "count", kind: ColumnKind::Number, filled: Filled::Sometimes, about: "A number." },
        ],
    };

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_is_never_a_formula() {
        let rows = [("plain", 1), ("two, \"three\"\nfour", 2), ("=1+1", -3), ("@x", 4), ("-5", 5)];
        let rows = rows.map(|(text, count)| vec![Cell::text(text), Cell::Number(count)]).to_vec();
        let csv = Sheet { table: &TABLE, rows }.to_csv();
        assert_eq!(csv, "text,count\r\nplain,1\r\n\"two, \"\"three\"\"\nfour\",2\r\n'=1+1,-3\r\n'@x,4\r\n'-5,5\r\n");
    }

    #[test]
    fn json_lines_keep_the_order_of_the_columns_and_null_what_is_empty() {
        let rows = vec![vec![Cell::text("é\"\n"), Cell::Empty]];
        assert_eq!(Sheet { table: &TABLE, rows }.to_json_lines(), "{\"text\":\"é\\\"\\n\",\"count\":null}\n");
    }
}

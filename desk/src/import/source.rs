//! Sources: the CSV files of an import, read whole, with the look-ups that joins need.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use csv::StringRecord;

use super::error::{Fault, ImportError, Reason};

/// The largest file, in bytes.
pub(super) const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Rows of one file.
pub(super) const ROWS_MAX: usize = 2_000_000;
/// Columns of one file.
pub(super) const COLUMNS_MAX: usize = 1_000;
/// The longest cell, in bytes: past the longest text that any field takes.
pub(super) const CELL_BYTES_MAX: usize = 64 * 1024;

/// Where the files of an import are.
#[derive(Clone, Debug)]
pub enum Input {
    /// In a folder.
    Folder(PathBuf),
    /// In memory, by name.
    Texts(BTreeMap<String, String>),
}

impl Input {
    /// The bytes of a file.
    pub(super) fn read(&self, file: &str) -> Result<Vec<u8>, ImportError> {
        let fault = |limit: String, remedy: &'static str| {
            ImportError::Input(Fault {
                file: file.to_owned(),
                line: None,
                column: None,
                reason: Reason::new(limit, remedy),
            })
        };
        match self {
            Self::Texts(texts) => {
                let text = texts.get(file).ok_or_else(|| fault("the file is missing".to_owned(), "add it"))?;
                Ok(text.clone().into_bytes())
            }
            Self::Folder(folder) => {
                let path = folder.join(file);
                let unreachable = |error: std::io::Error| {
                    fault(
                        format!("the file cannot be read ({})", error.kind()),
                        "check the folder, and `file` in the mapping",
                    )
                };
                if std::fs::metadata(&path).map_err(unreachable)?.len() > FILE_BYTES_MAX {
                    return Err(fault(format!("a file has at most {FILE_BYTES_MAX} bytes"), "split it"));
                }
                std::fs::read(&path).map_err(unreachable)
            }
        }
    }
}

/// A row with its line in the file.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) number: u64,
    cells: StringRecord,
}

/// Counts lines as an editor does. The reader's own count is one short where lines end in CR LF, and stands still at empty
/// lines before a row.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    number: u64,
}

impl Lines<'_> {
    /// The line of a row. Rows come in order.
    fn of(&mut self, position: &csv::Position) -> u64 {
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(self.text.len());
        let ends = self.text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let row = start + ends;
        if row > self.at {
            self.number += self.text[self.at..row].iter().filter(|byte| **byte == b'\n').count() as u64;
            self.at = row;
        }
        self.number
    }
}

/// What a look-up finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    One(usize),
    Several,
}

/// A file.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) file: String,
    pub(super) key: Option<String>,
    pub(super) columns: BTreeMap<String, usize>,
    pub(super) rows: Vec<Line>,
    lookups: BTreeMap<String, BTreeMap<String, Found>>,
}

/// Why a look-up gave no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotFound {
    Missing,
    Several,
}

impl Source {
    /// Reads a file.
    pub(super) fn read(input: &Input, file: &str, key: Option<&str>) -> Result<Self, ImportError> {
        let bytes = input.read(file)?;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let fault = |line: Option<u64>, column: Option<&str>, limit: String, remedy: &'static str| {
            ImportError::Input(Fault {
                file: file.to_owned(),
                line,
                column: column.map(str::to_owned),
                reason: Reason::new(limit, remedy),
            })
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
        let mut lines = Lines { text, at: 0, number: 1 };
        // What the reader says may quote cells, so only the place and the kind are told.
        let refused = |error: &csv::Error, lines: &mut Lines<'_>| {
            let line = error.position().map(|position| lines.of(position));
            match error.kind() {
                csv::ErrorKind::Utf8 { .. } => fault(line, None, "text is UTF-8".into(), "save the file as UTF-8"),
                csv::ErrorKind::UnequalLengths { expected_len, .. } => fault(
                    line,
                    None,
                    format!("every row has {expected_len} cells, as the first line has"),
                    "look for a stray comma or a line break in a cell without quotes",
                ),
                _ => fault(line, None, "the file is CSV".into(), "save it again as CSV"),
            }
        };
        let headers = reader.headers().map_err(|error| refused(&error, &mut lines))?.clone();
        if headers.is_empty() || headers.len() > COLUMNS_MAX {
            let limit = format!("the first line names 1 to {COLUMNS_MAX} columns");
            return Err(fault(Some(1), None, limit, "add a line with the names of the columns"));
        }
        let mut columns = BTreeMap::new();
        for (at, name) in headers.iter().enumerate() {
            if columns.insert(name.to_owned(), at).is_some() {
                return Err(fault(Some(1), Some(name), "a column has a name of its own".into(), "rename one"));
            }
        }
        let mut rows = Vec::new();
        for record in reader.into_records() {
            let cells = record.map_err(|error| refused(&error, &mut lines))?;
            let number = cells.position().map_or(0, |position| lines.of(position));
            if let Some(at) = cells.iter().position(|cell| cell.len() > CELL_BYTES_MAX) {
                let column = headers.get(at);
                let limit = format!("a cell has at most {CELL_BYTES_MAX} bytes");
                return Err(fault(Some(number), column, limit, "look for a quote that is never closed"));
            }
            if rows.len() == ROWS_MAX {
                return Err(fault(Some(number), None, format!("a file has at most {ROWS_MAX} rows"), "split it"));
            }
            rows.push(Line { number, cells });
        }
        Ok(Self { file: file.to_owned(), key: key.map(str::to_owned), columns, rows, lookups: BTreeMap::new() })
    }

    /// The text of a cell; `None` where it is empty or a null word.
    pub(super) fn cell<'s>(&'s self, row: &'s Line, column: &str, nulls: &BTreeSet<String>) -> Option<&'s str> {
        let text = row.cells.get(*self.columns.get(column)?)?;
        (!text.is_empty() && !nulls.contains(text)).then_some(text)
    }

    /// Makes ready to look rows up by a column.
    pub(super) fn index(&mut self, column: &str, nulls: &BTreeSet<String>) {
        if self.lookups.contains_key(column) {
            return;
        }
        let mut lookup: BTreeMap<String, Found> = BTreeMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            if let Some(text) = self.cell(row, column, nulls) {
                lookup.entry(text.to_owned()).and_modify(|found| *found = Found::Several).or_insert(Found::One(at));
            }
        }
        self.lookups.insert(column.to_owned(), lookup);
    }

    /// The one row whose `column` holds `text`. The column must have been indexed.
    pub(super) fn look_up(&self, column: &str, text: &str) -> Result<&Line, NotFound> {
        match self.lookups.get(column).and_then(|lookup| lookup.get(text)) {
            Some(Found::One(at)) => self.rows.get(*at).ok_or(NotFound::Missing),
            Some(Found::Several) => Err(NotFound::Several),
            None => Err(NotFound::Missing),
        }
    }
}

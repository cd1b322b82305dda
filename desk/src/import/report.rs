//! The report of an import: every row of every file that a mapping names, with what became of it. For people as text, for
//! programs as JSON Lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Recorded.
    Taken,
    /// Here already, with fields that were filled or replaced.
    Changed,
    /// Here already, or said by another row of the same files.
    AlreadyThere,
    /// Not recorded; the line says why.
    NotTaken,
}

impl Outcome {
    const fn words(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Changed => "changed",
            Self::AlreadyThere => "already there",
            Self::NotTaken => "not taken",
        }
    }
}

/// Something to know about a row that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The column or field.
    pub column: String,
    /// What.
    pub why: String,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportLine {
    /// What the row was to become: a kind of record, or `row` where the mapping takes nothing of the file.
    pub kind: &'static str,
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// In words of the mapping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// The column that was in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Why it was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What else to know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    #[serde(skip)]
    pub(super) rank: usize,
}

/// A column of which nothing was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnNote {
    /// The file.
    pub file: String,
    /// The column.
    pub column: String,
    /// How many rows have a value in it.
    pub values: usize,
    /// Why it was not taken.
    pub why: String,
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Recorded.
    pub taken: usize,
    /// Filled or replaced in part.
    pub changed: usize,
    /// Here already.
    pub already_there: usize,
    /// Not recorded.
    pub not_taken: usize,
}

impl Counts {
    const fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Taken => self.taken += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::AlreadyThere => self.already_there += 1,
            Outcome::NotTaken => self.not_taken += 1,
        }
    }
}

/// Whether anything was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Decide and report; write nothing.
    DryRun,
    /// Write what was decided.
    Write,
}

/// The report of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What the mapping says it is for.
    pub mapping: String,
    /// Whether anything was written.
    pub mode: Mode,
    /// Every row, in the order of the mapping and its files.
    pub lines: Vec<ReportLine>,
    /// Columns of which nothing was taken.
    pub columns: Vec<ColumnNote>,
    /// Properties touched.
    pub properties: usize,
    /// People touched.
    pub people: usize,
}

impl Report {
    /// All rows together.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.lines.iter().for_each(|line| counts.add(line.outcome));
        counts
    }

    /// By kind and file.
    #[must_use]
    pub fn by_kind(&self) -> Vec<(&'static str, &str, Counts)> {
        let mut found: BTreeMap<(usize, &'static str, &str), Counts> = BTreeMap::new();
        for line in &self.lines {
            found.entry((line.rank, line.kind, &line.file)).or_default().add(line.outcome);
        }
        found.into_iter().map(|((_, kind, file), counts)| (kind, file, counts)).collect()
    }

    /// One object a line: `row` for each row, `column` for each column that was not taken, and last a `summary`.
    #[must_use]
    pub fn json_lines(&self) -> String {
        #[derive(Serialize)]
        struct Tagged<'a, T> {
            r#type: &'static str,
            #[serde(flatten)]
            of: &'a T,
        }
        #[derive(Serialize)]
        struct Summary<'a> {
            r#type: &'static str,
            mapping: &'a str,
            mode: Mode,
            #[serde(flatten)]
            counts: Counts,
            properties: usize,
            people: usize,
        }
        fn push<T: Serialize>(text: &mut String, of: &T) {
            // Plain structs of text and numbers always serialize.
            if let Ok(line) = serde_json::to_string(of) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        let mut text = String::new();
        self.lines.iter().for_each(|of| push(&mut text, &Tagged { r#type: "row", of }));
        self.columns.iter().for_each(|of| push(&mut text, &Tagged { r#type: "column", of }));
        let summary = Summary {
            r#type: "summary",
            mapping: &self.mapping,
            mode: self.mode,
            counts: self.counts(),
            properties: self.properties,
            people: self.people,
        };
        push(&mut text, &summary);
        text
    }

    /// For a person: counts by kind and file, then every row that was not taken or is remarked on, then the columns.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.mapping);
        if self.mode == Mode::DryRun {
            text.push_str("Dry run: nothing was written.\n");
        }
        text.push('\n');
        let rows = self.by_kind();
        let width = rows.iter().map(|(kind, file, _)| kind.len() + file.len() + 6).max().unwrap_or(0);
        for (kind, file, counts) in rows {
            let head = format!("{kind} from {file}");
            let Counts { taken, changed, already_there, not_taken } = counts;
            let _ = writeln!(
                text,
                "{head:<width$}  {taken:>6} taken  {changed:>6} changed  {already_there:>6} already there  {not_taken:>6} not taken"
            );
        }
        let told: Vec<&ReportLine> = self
            .lines
            .iter()
            .filter(|line| line.outcome == Outcome::NotTaken || line.why.is_some() || !line.remarks.is_empty())
            .collect();
        if !told.is_empty() {
            text.push_str("\nRow by row:\n");
        }
        for line in told {
            let what = line.what.as_ref().map(|what| format!(" ({what})")).unwrap_or_default();
            let why = match (&line.column, &line.why) {
                (Some(column), Some(why)) => format!(": `{column}`: {why}"),
                (None, Some(why)) => format!(": {why}"),
                _ => String::new(),
            };
            let outcome = line.outcome.words();
            let _ = writeln!(text, "  {}, line {}: {}{what} {outcome}{why}", line.file, line.line, line.kind);
            for remark in &line.remarks {
                let _ = writeln!(text, "    `{}`: {}", remark.column, remark.why);
            }
        }
        if !self.columns.is_empty() {
            text.push_str("\nColumns of which nothing was taken:\n");
        }
        for note in &self.columns {
            let _ = writeln!(text, "  {}, `{}` ({} values): {}", note.file, note.column, note.values, note.why);
        }
        let Counts { taken, changed, already_there, not_taken } = self.counts();
        let _ = writeln!(
            text,
            "\n{taken} taken, {changed} changed, {already_there} already there, {not_taken} not taken; {} properties and {} people touched",
            self.properties, self.people
        );
        text
    }
}

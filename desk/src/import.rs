//! Import: CSV files of another system become properties, people and what is known of them, by a mapping.
//!
//! ```no_run
//! use doorstep_desk::import::{self, Input, Mapping, Mode};
//! # fn show(_: &str) {}
//! # fn example(client: &doorstep_client_core::client::Client) -> Result<(), import::ImportError> {
//! let mapping = Mapping::parse(&std::fs::read_to_string("mapping.toml").unwrap(), "mapping.toml")?;
//! let input = Input::Folder("from-the-landlord".into());
//! let report = import::run(client, &mapping, &input, Mode::DryRun, &mut |_| {})?;
//! show(&report.text());
//! # Ok(())
//! # }
//! ```
//!
//! # How it works
//!
//! *Load, decide, commit.* The files are read whole; each row becomes typed facts or is refused with a reason ([`read`]); each
//! fact is compared with what the device holds ([`decide`]); then whole properties and people are written, a batch a
//! transaction ([`write`]). A dry run stops before the writing, and its report is the same.
//!
//! - **Twice is once.** A property is met again by its UPRN, a person by `reference`, a row by an id that follows from what it
//!   says. The same files imported twice change nothing; two desks that import them apart make the same rows.
//! - **What is here stays.** Where the device says something else than a file, it is kept and reported, unless the mapping
//!   says `differs = "replace"`. A flag that was ended here stays ended.
//! - **A bad row harms nothing else.** It is refused with its column, the limit and the remedy.
//! - **Nothing is dropped unseen.** Every row is in the report; so is every column that the mapping does not take.
//!
//! # The language of mappings
//!
//! TOML. `docs/import.md` of the project tells it with examples.
//!
//! | key | is |
//! | --- | --- |
//! | `mapping = 1` | the version of this language |
//! | `name` | what the mapping is for |
//! | `nulls` | words that mean an empty cell, such as `nan` |
//! | `differs` | `keep` (the default) or `replace`; a record may have its own |
//! | `[sources.NAME]` | a file: `file`, `key` (the column by which others refer to it), `why_not` (nothing of it is taken, and why), `not_taken` (column = why) |
//! | `[[records]]` | what its rows become: `kind`, `from` (a source), `fields`, `when`, `otherwise`, `codes` |
//! | `[codes.NAME]` | what the codes of another system become |
//!
//! A field is an expression, or a table with one of `from` (an expression), `text` (words with `{expression}` in them) and `is`
//! (the same for every row), and beside it `words` (a translation of values), `when` and `otherwise`.
//!
//! An expression is a column, its transforms, and the way through other files:
//! `alert_type_id | number-as-code -> person_alert_type.code`. `source.column` is looked up by the key of the source,
//! `source(column).column` by another column.
//!
//! `when` names expressions and the words each may hold; where one does not hold, the field is left empty (a record: the row is
//! not taken) and `otherwise` says why in the report.

mod attached;
mod code;
mod decide;
mod error;
mod expression;
mod fact;
mod field;
mod mapping;
mod read;
mod report;
pub mod sample;
mod source;
mod transform;
mod write;

use std::collections::BTreeMap;

use doorstep_client_core::client::Client;
use doorstep_client_core::records::Date;

pub use error::{Fault, ImportError, Reason};
pub use field::Kind;
pub use mapping::Mapping;
pub use report::{ColumnNote, Counts, Mode, Outcome, Remark, Report, ReportLine};
pub use source::Input;

use fact::Target;
use source::Source;

/// The mapping for the test data of the Awaab's Law data model, a landlord's tables; the data itself is not part of this
/// project.
pub const AWAABS_LAW: &str = include_str!("import/awaabs-law.toml");

/// The mappings that the program ships, by name.
pub const SHIPPED: &[(&str, &str)] = &[("awaabs-law", AWAABS_LAW), ("sample", sample::MAPPING)];

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it does.
    pub phase: Phase,
    /// How many are done.
    pub done: usize,
    /// Of how many.
    pub total: usize,
}

/// What an import does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading files.
    Reading,
    /// Comparing rows with what is here.
    Comparing,
    /// Writing properties and people.
    Writing,
}

/// Imports the files of a mapping.
///
/// # Errors
/// [`ImportError::Mapping`] and [`ImportError::Input`] before anything is written; [`ImportError::Client`] when the device
/// cannot. Rows that are refused are in the report.
pub fn run(
    client: &Client,
    mapping: &Mapping,
    input: &Input,
    mode: Mode,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ImportError> {
    let mut sources = BTreeMap::new();
    let total = mapping.sources.len();
    for (done, (name, rule)) in mapping.sources.iter().enumerate() {
        sources.insert(name.clone(), Source::read(input, &rule.file, rule.key.as_deref())?);
        progress(Progress { phase: Phase::Reading, done: done + 1, total });
    }
    let used = mapping.bind(&mut sources)?;
    let today = Date::of(client.now());
    let months = client.packs().book()?.thresholds(&today).flag_review_months;
    let reader = read::Reader { mapping, sources: &sources, review_due: today.months_later(months) };
    let (facts, attached, mut lines) = reader.read();
    let works = decide::decide(client, facts, &mut lines, &mut |done, total| {
        progress(Progress { phase: Phase::Comparing, done, total });
    })?;
    if mode == Mode::Write {
        write::write(client, &works, &mut |done, total| progress(Progress { phase: Phase::Writing, done, total }))?;
    }
    let to_be = works.iter().map(|work| work.target.clone()).collect();
    attached::take(client, input, &attached, mode, &to_be, &mut lines)?;
    lines.extend(rows_of_files_not_taken(mapping, &sources));
    let properties = works.iter().filter(|work| matches!(work.target, Target::Property(_))).count();
    Ok(Report {
        mapping: mapping.name.clone(),
        mode,
        lines,
        columns: columns_not_taken(mapping, &sources, &used),
        properties,
        people: works.len() - properties,
    })
}

fn rows_of_files_not_taken(mapping: &Mapping, sources: &BTreeMap<String, Source>) -> Vec<ReportLine> {
    let mut lines = Vec::new();
    for (name, rule) in &mapping.sources {
        let (Some(why), Some(source)) = (&rule.why_not, sources.get(name)) else {
            continue;
        };
        lines.extend(source.rows.iter().map(|row| ReportLine {
            kind: "row",
            file: source.file.clone(),
            line: row.number,
            outcome: Outcome::NotTaken,
            what: None,
            column: None,
            why: Some(why.clone()),
            remarks: Vec::new(),
            rank: usize::MAX,
        }));
    }
    lines
}

fn columns_not_taken(mapping: &Mapping, sources: &BTreeMap<String, Source>, used: &mapping::Used) -> Vec<ColumnNote> {
    let mut notes = Vec::new();
    for (name, rule) in &mapping.sources {
        let Some(source) = sources.get(name) else {
            continue;
        };
        if rule.why_not.is_some() {
            continue;
        }
        let is_used = |column: &String| {
            rule.key.as_ref() == Some(column) || used.get(name).is_some_and(|columns| columns.contains(column))
        };
        for column in source.columns.keys().filter(|column| !is_used(column)) {
            let why = rule.not_taken.get(column).map_or("the mapping does not name it", String::as_str);
            let values = source.rows.iter().filter(|row| source.cell(row, column, &mapping.nulls).is_some()).count();
            notes.push(ColumnNote { file: source.file.clone(), column: column.clone(), values, why: why.to_owned() });
        }
    }
    notes
}

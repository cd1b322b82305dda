//! `doorstep import`: CSV files of another system, by a mapping.

use std::path::PathBuf;

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::import::{self, ImportError, Input, Mapping, Mode, Phase};
use crate::screen::{Form, Progress};

const EXAMPLES: &str = "\
Examples:
  doorstep import --sample                                       the invented street that comes with this program
  doorstep import ./from-the-landlord --mapping awaabs-law --dry-run
  doorstep import ./from-the-landlord --mapping our-gazetteer.toml --report report.jsonl
  doorstep import --show-mapping sample > our-gazetteer.toml     a mapping to begin with

Importing the same files twice changes nothing. Every row is in the report: taken, already there, or not taken and why.
What happens next: look at some homes (`doorstep find`), then `doorstep sync`.";

/// Takes homes, people, occupancy and alerts from CSV files, by a mapping that says which column is what.
///
/// A row that does not fit harms no other: the report names its column, the limit and the remedy.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folder with the CSV files
    #[arg(value_name = "FOLDER", required_unless_present_any = ["sample", "show_mapping"])]
    input: Option<PathBuf>,
    /// Mapping: a file, or the name of one that comes with this program (awaabs-law, sample)
    #[arg(long, value_name = "FILE", required_unless_present_any = ["sample", "show_mapping"])]
    mapping: Option<String>,
    /// Decide and report, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write the report to this new file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Import the invented street: 40 homes in three buildings and a terrace
    #[arg(long, conflicts_with_all = ["input", "mapping"])]
    sample: bool,
    /// Print a mapping that comes with this program, and stop
    #[arg(long, value_name = "NAME", conflicts_with_all = ["input", "mapping", "sample"])]
    show_mapping: Option<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`] before anything is written; rows that were refused are in the report.
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    if let Some(name) = &args.show_mapping {
        return context.screen.text(shipped(name)?);
    }
    let (mapping, input) = match (&args.input, &args.mapping) {
        (Some(folder), Some(mapping)) => (read_mapping(mapping)?, Input::Folder(folder.clone())),
        _ => import::sample::street().map_err(of_import)?,
    };
    let report_file = args.report.as_deref().map(std::fs::File::create_new).transpose().map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "exists already: name a new file for the report".to_owned(),
            kind => format!("the report cannot be written there ({kind:?})"),
        };
        DeskError::file(args.report.clone().unwrap_or_default(), why)
    })?;
    let client = context.open()?;
    let mode = if args.dry_run { Mode::DryRun } else { Mode::Write };
    let mut phases = [Progress::of("reading"), Progress::of("comparing"), Progress::of("writing")];
    let mut tell = |at: import::Progress| {
        let progress = match at.phase {
            Phase::Reading => &mut phases[0],
            Phase::Comparing => &mut phases[1],
            Phase::Writing => &mut phases[2],
        };
        progress.at(at.done as u64, Some(at.total as u64));
    };
    let report = import::run(&client, &mapping, &input, mode, &mut tell).map_err(of_import)?;
    drop(phases);
    if let (Some(mut file), Some(path)) = (report_file, &args.report) {
        std::io::Write::write_all(&mut file, report.json_lines().as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| DeskError::file(path, format!("the report was not written ({:?})", error.kind())))?;
    }
    match context.screen.form {
        Form::Json => context.screen.text(&report.json_lines()),
        Form::Text => context.screen.text(&report.text()),
    }
}

fn shipped(name: &str) -> Result<&'static str, DeskError> {
    import::SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).ok_or_else(|| {
        let names: Vec<&str> = import::SHIPPED.iter().map(|(name, _)| *name).collect();
        DeskError::NotFound {
            what: "mapping".into(),
            remedy: format!("there is none of this name here; there are: {}", names.join(", ")).into(),
        }
    })
}

fn read_mapping(given: &str) -> Result<Mapping, DeskError> {
    let text = match shipped(given) {
        Ok(text) => text.to_owned(),
        Err(_) => input::text(std::path::Path::new(given))?,
    };
    Mapping::parse(&text, given).map_err(of_import)
}

fn of_import(error: ImportError) -> DeskError {
    match error {
        ImportError::Client(error) => DeskError::Client(error),
        other => DeskError::Import(other),
    }
}

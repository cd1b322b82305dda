//! `doorstep report`: what leaves this device as a file, as CSV or JSON Lines under published schemas.

use std::path::PathBuf;

use doorstep_client_core::client::reports::{CountOf, Sheet, TABLES};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::RowId;

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::count;

const EXAMPLES: &str = "\
Examples:
  doorstep report property 100023336956 --out home.csv
  doorstep report visit VISIT --form json-lines
  doorstep report resident \"Peggy Ashdown\" --out peggy       writes peggy.held.csv, peggy.reads.csv, peggy.disclosures.csv
  doorstep report reg10 100023336900                         four facts of everybody who agreed to it, and nothing else
  doorstep report exposure tablet-3
  doorstep report counts homes-by-hazard                     small numbers are left out
  doorstep report schema facts                               the JSON Schema of a row

What is sealed or protected, NHS numbers, and the address of somebody whose address is protected are in no report.
Handing one to somebody else is a disclosure: write it down with `doorstep register ask`.";

/// What leaves this device as a file
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// All that is recorded of a home and of who lives there
    Property(OfArgs),
    /// What a visit found
    Visit {
        /// The visit, as `review list` names it
        visit: RowId,
        /// Where it goes
        #[command(flatten)]
        to: To,
    },
    /// What a resident is told: what is held, who opened it and why, to whom it was disclosed
    Resident(OfArgs),
    /// The sheet of regulation 10 for a building or a home
    Reg10(OfArgs),
    /// What a device could read, and since when
    Exposure(OfArgs),
    /// Who holds which records
    Access(To),
    /// Every audit record (at an auditor's desk)
    Audit(To),
    /// Every statutory clock
    Clocks(To),
    /// The disclosure register
    Disclosures(To),
    /// Counts without small numbers
    Counts {
        /// homes-by-hazard, visits-by-kind or visits-by-state
        #[arg(value_name = "COUNT")]
        of: String,
        /// Where it goes
        #[command(flatten)]
        to: To,
    },
    /// The JSON Schema of a report's rows
    Schema {
        /// The name of the report's table
        #[arg(value_name = "TABLE")]
        table: String,
    },
}

/// About whom or what.
#[derive(clap::Args)]
pub struct OfArgs {
    /// The home, person or device
    #[arg(value_name = "WHAT")]
    of: String,
    /// Where it goes
    #[command(flatten)]
    to: To,
}

/// In what form, and where it goes.
#[derive(clap::Args)]
pub struct To {
    /// csv or json-lines
    #[arg(long, value_name = "FORM", default_value = "csv")]
    form: FileForm,
    /// The file; standard output without it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FileForm {
    /// For spreadsheets.
    Csv,
    /// For programs.
    JsonLines,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    if let Command::Schema { table } = command {
        let found = TABLES.iter().find(|one| one.name == table).ok_or_else(|| {
            let names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
            DeskError::input("TABLE", format!("must be one of: {}", names.join(", ")), "choose one of these")
        })?;
        return context.screen.text(&found.schema());
    }
    let client = context.open()?;
    let reports = client.reports();
    let record = |text: &str| super::register::about(context, &client, text).map(RecordId);
    match command {
        Command::Property(args) => {
            let home = super::property::resolve(context, &client, std::slice::from_ref(&args.of))?;
            write(context, &args.to, &reports.property(home)?)
        }
        Command::Visit { visit, to } => {
            let document = super::review::document_of(&client, *visit)?;
            write(context, to, &reports.visit(document, *visit)?)
        }
        Command::Resident(args) => {
            let found = reports.resident(record(&args.of)?)?;
            if found.reads_left_out.is_some() {
                eprintln!("Who opened what is sealed is not in it: make it at an auditor's desk that is unlocked.");
            }
            for (name, sheet) in [("held", &found.held), ("reads", &found.reads), ("disclosures", &found.disclosures)] {
                let out = args.to.out.as_ref().map(|base| {
                    let mut file = base.clone().into_os_string();
                    file.push(format!(".{name}.{}", if args.to.form == FileForm::Csv { "csv" } else { "jsonl" }));
                    PathBuf::from(file)
                });
                write(context, &To { form: args.to.form, out }, sheet)?;
            }
            Ok(())
        }
        Command::Reg10(args) => {
            let home = super::property::resolve(context, &client, std::slice::from_ref(&args.of))?;
            let found = reports.reg10(home)?;
            if found.without_consent > 0 {
                let people = count(found.without_consent as u64, "person has", "people have");
                eprintln!("{people} a plan and have not agreed that it is told: not in the sheet.");
            }
            if found.review_overdue > 0 {
                eprintln!("{} past their review.", count(found.review_overdue as u64, "plan is", "plans are"));
            }
            write(context, &args.to, &found.sheet)
        }
        Command::Exposure(args) => {
            let device = crate::named::Named::of(&client)?.device(&args.of)?;
            write(context, &args.to, &reports.exposure(device)?)
        }
        Command::Access(to) => write(context, to, &reports.access()?),
        Command::Audit(to) => {
            super::pin::unlock(context, &client)?;
            write(context, to, &reports.audit()?)
        }
        Command::Clocks(to) => write(context, to, &reports.clocks()?),
        Command::Disclosures(to) => write(context, to, &reports.disclosures()?),
        Command::Counts { of, to } => {
            let wanted = CountOf::ALL.into_iter().find(|one| one.as_str() == of).ok_or_else(|| {
                let names = CountOf::ALL.map(CountOf::as_str).join(", ");
                DeskError::input("COUNT", format!("must be one of: {names}"), "choose one of these")
            })?;
            write(context, to, &reports.counts(wanted)?)
        }
        Command::Schema { .. } => Ok(()),
    }
}

fn write(context: &Context, to: &To, sheet: &Sheet) -> Result<(), DeskError> {
    let text = match to.form {
        FileForm::Csv => sheet.to_csv(),
        FileForm::JsonLines => sheet.to_json_lines(),
    };
    let Some(path) = &to.out else { return context.screen.text(&text) };
    std::fs::write(path, text)
        .map_err(|error| DeskError::file(path, format!("cannot be written ({})", error.kind())))?;
    let rows = count(sheet.rows.len() as u64, "row", "rows");
    context.screen.show(&sheet.rows.len(), |_| format!("{rows} in {}\n", path.display()))
}

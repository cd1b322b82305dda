//! `doorstep nhs`: the NHS number of a person. On a screen only: there is no JSON of it, and no file.

use doorstep_client_core::client::Client;
use doorstep_client_core::partnership::purpose;
use doorstep_client_core::records::health_id::{HealthNumber, Trace};
use doorstep_client_core::records::{NhsNumber, Source};
use doorstep_protocol::Millis;

use crate::command::{input, pin};
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::nhs as page;
use crate::screen::Form;

/// The variable that may hold a number.
const VARIABLE: &str = "DOORSTEP_NHS_NUMBER";

const EXAMPLES: &str = "\
Examples:
  doorstep nhs set 'edith hart' --status 02                      asks for the number, and says if a digit is wrong
  doorstep nhs trace 'edith hart' --status 01 --by 'R. Adeyemi, records' --reference PDS-4711
  doorstep nhs show 'edith hart'

Status: 01 verified, 02 not traced, 03 trace required, 04 no match or several, 05 conflict, 06 in progress,
07 not required, 08 postponed.

Only teams of councils and health services hold these keys; a fire service's or a landlord's device is told so. Every look
is recorded before it is shown. DOORSTEP_NHS_NUMBER may hold the number, so that it stands in no list of commands.";

/// NHS numbers: write one, record a trace, show one
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Write the number, its trace status, or both
    Set(SetArgs),
    /// Record an attempt to trace it, and what came of it
    Trace(TraceArgs),
    /// Show it to a team that is entitled to read it
    Show {
        /// Record id, or a name that fits one person
        #[arg(value_name = "PERSON")]
        person: String,
    },
}

/// Writes a number.
#[derive(clap::Args)]
pub struct SetArgs {
    /// Record id, or a name that fits one person
    #[arg(value_name = "PERSON")]
    person: String,
    /// How far it was traced: 01 to 08
    #[arg(long, value_name = "STATUS")]
    status: String,
    /// When it was traced: 2026-11-22 14:05; a verified number needs it
    #[arg(long, value_name = "MOMENT")]
    traced_at: Option<String>,
    /// Leave the number as it is, or unknown: only the status is written
    #[arg(long)]
    status_only: bool,
}

/// Records a trace.
#[derive(clap::Args)]
pub struct TraceArgs {
    /// Record id, or a name that fits one person
    #[arg(value_name = "PERSON")]
    person: String,
    /// What came of it: 01 to 08
    #[arg(long, value_name = "STATUS")]
    status: String,
    /// When, if not now: 2026-11-22 14:05
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
    /// Who asked, in what role
    #[arg(long)]
    by: Option<String>,
    /// Reference of the request
    #[arg(long)]
    reference: Option<String>,
    /// When to try again
    #[arg(long, value_name = "YYYY-MM-DD")]
    again_on: Option<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    if matches!(command, Command::Show { .. }) && context.screen.form == Form::Json {
        return Err(DeskError::input("--json", "an NHS number is shown on a screen only", "leave it out"));
    }
    match command {
        Command::Set(args) => {
            let number = HealthNumber {
                status: Some(input::choice("--status", &args.status)?),
                traced_at: moment("--traced-at", args.traced_at.as_deref())?,
                source: Some(Source::ToldByOther),
                ..HealthNumber::default()
            };
            let client = open(context)?;
            let person = client.people().resolve(&args.person)?;
            let asked = if args.status_only { None } else { Some(ask()?) };
            client.health().set(person, &HealthNumber { number: asked, ..number })?;
            context.screen.show(&"sealed", |_| "Sealed.".to_owned())
        }
        Command::Trace(args) => {
            let trace = Trace {
                status: Some(input::choice("--status", &args.status)?),
                traced_at: moment("--at", args.at.as_deref())?,
                traced_by: args.by.clone(),
                reference: args.reference.clone(),
                again_on: input::word("--again-on", args.again_on.as_deref())?,
            };
            let client = open(context)?;
            client.health().trace(client.people().resolve(&args.person)?, &trace)?;
            context.screen.show(&"sealed", |_| "Sealed.".to_owned())
        }
        Command::Show { person } => {
            let client = open(context)?;
            let seen = client.health().read(client.people().resolve(person)?, purpose::PREVENTION)?;
            context.screen.text(&page::page(seen.show(), context.screen.colours))
        }
    }
}

fn open(context: &Context) -> Result<Client, DeskError> {
    let client = context.open()?;
    pin::unlock(context, &client)?;
    Ok(client)
}

fn moment(option: &str, text: Option<&str>) -> Result<Option<Millis>, DeskError> {
    text.map(|text| input::moment(option, text).map(Millis)).transpose()
}

fn ask() -> Result<NhsNumber, DeskError> {
    let text = input::secret("NHS number: ", VARIABLE)?;
    let number = input::word(VARIABLE, Some(text.as_str()))?;
    number.ok_or_else(|| DeskError::input(VARIABLE, "there is no number", "leave the variable out, and you are asked"))
}

//! `doorstep clocks`: statutory clocks of a home, and the steps that meet them.

use doorstep_client_core::records::RowId;
use doorstep_client_core::records::clocks::{Step, StepKind};
use doorstep_protocol::Millis;

use crate::command::{input, property};
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::clocks as page;

const EXAMPLES: &str = "\
Examples:
  doorstep clocks show 100023336956
  doorstep clocks step 100023336956 --hazard 5f0c… --kind investigated --at 2026-11-20T10:30
  doorstep clocks step 100023336956 --hazard 5f0c… --kind access-refused --at 2026-11-19T09:00 --note \"nobody in\"

Every deadline shows the facts it stands on. Where sources disagree on when it begins, the earliest deadline holds.
A step stands: a mistake is put right by a further step with --corrects.";

/// Statutory clocks of a home, and the steps that meet them
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// The clocks of a home's hazards
    Show {
        /// The home: UPRN, record id, or words that fit one home
        #[arg(value_name = "HOME")]
        home: String,
    },
    /// Record what was done about a hazard, and when
    Step(StepArgs),
}

/// Records a step.
#[derive(clap::Args)]
pub struct StepArgs {
    /// The home: UPRN, record id, or words that fit one home
    #[arg(value_name = "HOME")]
    home: String,
    /// The hazard, as `clocks show` names it
    #[arg(long, value_name = "HEX")]
    hazard: RowId,
    /// landlord-aware, investigated, safety-work-identified, summary-given, made-safe, supplementary-started,
    /// no-significant-hazard, no-further-work, access-refused or accommodation-offered
    #[arg(long, value_name = "KIND")]
    kind: String,
    /// When: 2026-11-20T10:30
    #[arg(long, value_name = "MOMENT")]
    at: String,
    /// More
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The step that was recorded by mistake
    #[arg(long, value_name = "HEX")]
    corrects: Option<RowId>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    match command {
        Command::Show { home } => {
            let record = property::resolve(context, &client, std::slice::from_ref(home))?;
            let found = client.clocks().of(record)?;
            context.screen.show(&found, |colours| page::page(&found, colours))
        }
        Command::Step(args) => {
            let record = property::resolve(context, &client, std::slice::from_ref(&args.home))?;
            let kind: StepKind = input::choice("--kind", &args.kind)?;
            let step = Step {
                hazard: Some(args.hazard),
                kind: Some(kind),
                at: Some(Millis(input::moment("--at", &args.at)?)),
                note: args.note.clone(),
                corrects: args.corrects,
                ..Step::default()
            };
            let row = client.clocks().record(record, &step)?;
            context.screen.show(&row, |_| format!("recorded as {row}\n"))
        }
    }
}

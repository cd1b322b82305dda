//! `doorstep mistaken`: what was recorded by mistake, taken back with a reason, and let stand after all.

use doorstep_client_core::client::{Client, MistakenFact};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::decisions::mistakable;
use doorstep_client_core::records::{Class, RowId};

use crate::command::register;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::{count, moment, plain};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep mistaken list 100023336956                       what was taken back of a home, and why
  doorstep mistaken take-back 100023336956 --row 5f0c… --why 'recorded at the wrong home'
  doorstep mistaken take-back 100023336956 --dwelling main_exit --why 'the door of the next flat'
  doorstep mistaken take-back 'edith hart' --row 77ab… --why 'her sister was meant'
  doorstep mistaken let-stand 100023336956 --decision 1d2e…

Rows are named by `doorstep property show --json` and `doorstep person show --json`. What is taken back is shown no more and crews are \
told of it no more; it stays in the history. Of a hazard you say that it is dealt with.";

/// What was recorded by mistake
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// What was taken back of a home or a person
    List {
        /// UPRN, record id, or words that fit one home or person
        #[arg(value_name = "RECORD")]
        record: String,
    },
    /// Take a fact back
    TakeBack(TakeBackArgs),
    /// Let a fact stand after all
    LetStand {
        /// UPRN, record id, or words that fit one home or person
        #[arg(value_name = "RECORD")]
        record: String,
        /// The decision, as `mistaken list` names it
        #[arg(long, value_name = "HEX")]
        decision: RowId,
    },
}

/// Takes a fact back.
#[derive(clap::Args)]
pub struct TakeBackArgs {
    /// UPRN, record id, or words that fit one home or person
    #[arg(value_name = "RECORD")]
    record: String,
    /// The alarm, rating, figure, equipment, adaptation or ability
    #[arg(long, value_name = "HEX", required_unless_present = "dwelling")]
    row: Option<RowId>,
    /// A fact of the dwelling, by its field: storeys, main_exit, tenure
    #[arg(long, value_name = "FIELD", conflicts_with = "row")]
    dwelling: Option<String>,
    /// What was wrong with it
    #[arg(long, value_name = "TEXT")]
    why: String,
}

/// Whose fact it is.
enum Of {
    Home(RecordId),
    Person(RecordId),
}

impl Of {
    fn named(context: &Context, client: &Client, text: &str) -> Result<Self, DeskError> {
        let record = RecordId(register::about(context, client, text)?);
        let is_home = client.properties().row(record)?.is_some();
        Ok(if is_home { Self::Home(record) } else { Self::Person(record) })
    }
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    match command {
        Command::List { record } => {
            let taken = match Of::named(context, &client, record)? {
                Of::Home(home) => client.visits().mistaken(home)?,
                Of::Person(person) => client.people().mistaken(person)?,
            };
            context.screen.show(&taken, |colours| list(&taken, colours))
        }
        Command::TakeBack(args) => {
            let decision = take_back(&client, &Of::named(context, &client, &args.record)?, args)?;
            context.screen.show(&decision, |_| format!("Taken back by {decision}. It stays in the history.\n"))
        }
        Command::LetStand { record, decision } => {
            match Of::named(context, &client, record)? {
                Of::Home(home) => client.visits().let_stand(home, *decision)?,
                Of::Person(person) => client.people().let_stand(person, *decision)?,
            }
            context.screen.show(&"stands", |_| "It stands again.\n".to_owned())
        }
    }
}

fn take_back(client: &Client, of: &Of, args: &TakeBackArgs) -> Result<RowId, DeskError> {
    Ok(match (of, &args.dwelling, args.row) {
        (Of::Home(home), Some(field), _) => client.visits().take_back_of_dwelling(*home, field, &args.why)?,
        (Of::Home(home), None, Some(row)) => {
            let view = client.document(*home, Class::Home)?.ok_or_else(not_there)?;
            let mut known = mistakable(Class::Home).iter().filter(|name| view.row(name, row).is_some());
            let collection = known.next().ok_or_else(not_there)?;
            client.visits().take_back(*home, (collection, row), &args.why)?
        }
        (Of::Person(person), None, Some(row)) => client.people().take_back(*person, row, &args.why)?,
        _ => return Err(not_there()),
    })
}

fn not_there() -> DeskError {
    DeskError::NotFound {
        what: "fact that can be taken back".into(),
        remedy: "copy its id from `property show --json` or `person show --json`; a hazard is dealt with instead"
            .into(),
    }
}

fn list(taken: &[MistakenFact], colours: Colours) -> String {
    let mut text = format!("{}\n", count(taken.len() as u64, "fact was taken back", "facts were taken back"));
    for fact in taken {
        let what = fact.field.as_ref().map_or_else(|| plain(&fact.collection), |field| field.replace('_', " "));
        let when = fact.made.as_ref().map_or_else(|| "not known".to_owned(), |made| moment(made.at));
        let head = format!("{what}, {when}  {}", fact.decision);
        text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &head)));
        text.push_str(&format!("  {}\n", fact.why.as_deref().unwrap_or("the answer was taken back")));
    }
    text
}

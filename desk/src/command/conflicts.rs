//! `doorstep conflicts`: values that disagree.

use doorstep_client_core::client::{Client, ClientError, ConflictItem};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::{RowId, Value};

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::conflicts as page;

const EXAMPLES: &str = "\
Examples:
  doorstep conflicts list
  doorstep conflicts list --at 100023336956
  doorstep conflicts resolve --at 100023336956 dwelling.main_exit --keep restricted

A conflict is a field that two visits set differently without having seen each other. Until somebody settles it, visitors
and crews are shown the more cautious value. Settling keeps the other value in the history.";

/// Values that disagree: list them, settle them
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Every value that disagrees, side by side: who, when, on which device
    List(ListArgs),
    /// Settle one, with one of its values
    Resolve(ResolveArgs),
}

/// Lists fields in dispute on this device.
#[derive(clap::Args)]
pub struct ListArgs {
    /// Only those of this home or person: UPRN, record id, or words that fit one home
    #[arg(long, value_name = "HOME")]
    at: Option<String>,
}

/// Settles a dispute with one of its values.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct ResolveArgs {
    /// The field as the list names it, such as dwelling.main_exit
    #[arg(value_name = "FIELD")]
    field: String,
    /// The value to keep, as the list shows it
    #[arg(long, value_name = "VALUE")]
    keep: String,
    /// The home or person: UPRN, record id, or words that fit one home
    #[arg(long, value_name = "HOME")]
    at: Option<String>,
    /// The row, where the field is in dispute in several rows
    #[arg(long, value_name = "HEX")]
    row: Option<RowId>,
}

#[derive(serde::Serialize)]
struct Resolved<'a> {
    record: Option<RecordId>,
    field: &'a str,
    kept: &'a Value,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::List(args) => list(context, args),
        Command::Resolve(args) => resolve(context, args),
    }
}

/// Conflicts of everything, or of one record.
fn conflicts_of(context: &Context, client: &Client, at: Option<&String>) -> Result<Vec<ConflictItem>, DeskError> {
    let mut items = client.conflicts().list()?;
    if let Some(home) = at {
        let record = match client.properties().resolve(home) {
            Err(ClientError::NotFound { .. }) => client.people().resolve(home)?,
            _ => crate::command::property::resolve(context, client, std::slice::from_ref(home))?,
        };
        items.retain(|item| item.record == Some(record));
    }
    Ok(items)
}

fn list(context: &Context, args: &ListArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let items = conflicts_of(context, &client, args.at.as_ref())?;
    context.screen.show(&items, |colours| page::page(&items, colours))
}

fn resolve(context: &Context, args: &ResolveArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let items = conflicts_of(context, &client, args.at.as_ref())?;
    let fits =
        |item: &&ConflictItem| page::field_of(item) == args.field && args.row.is_none_or(|row| row == item.path.row);
    let mut fitting = items.iter().filter(fits);
    let item = match (fitting.next(), fitting.next()) {
        (Some(one), None) => one,
        (None, _) => {
            return Err(DeskError::NotFound {
                what: "conflict".into(),
                remedy: "this field is not in dispute on this device: see `doorstep conflicts list`".into(),
            });
        }
        (Some(_), Some(_)) => {
            return Err(DeskError::NotFound {
                what: "conflict".into(),
                remedy: "several rows dispute this field: say which with --at and --row".into(),
            });
        }
    };
    let kept = item.values.iter().map(|said| &said.value).find(|value| page::value_words(value) == args.keep);
    let kept = kept.ok_or_else(|| {
        let shown: Vec<String> = item.values.iter().map(|said| page::value_words(&said.value)).collect();
        DeskError::input("--keep", format!("must be one of: {}", shown.join(", ")), "copy it from the list")
    })?;
    client.conflicts().resolve(item.document, item.class, &item.path, kept)?;
    let data = Resolved { record: item.record, field: &args.field, kept };
    context.screen.show(&data, |_| {
        "settled; the other values stay in the history, and it goes up with the next `doorstep sync`".to_owned()
    })
}

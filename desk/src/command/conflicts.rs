//! `doorstep conflicts`: values that disagree.

mod decide;

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
  doorstep conflicts show dwelling.main_exit --at 100023336956        versions side by side: who, when, based on what
  doorstep conflicts resolve --at 100023336956 dwelling.main_exit --keep restricted
  doorstep conflicts edit --at 100023336956 dwelling.main_exit --value blocked --note \"seen again\"
  doorstep conflicts keep-both hazards.severity --row 5f0c… --note \"two rooms\"
  doorstep conflicts return hazards.severity --row 5f0c… --visit 9a1b… --note \"Which wall?\"
  doorstep conflicts decided 100023336956                              what was settled, and by whom
  doorstep conflicts undo 100023336956 --decision 77aa…

A conflict is a field that two visits set differently without having seen each other. Until somebody settles it, visitors
and crews are shown the more cautious value. Settling keeps the other value in the history, and can be undone.";

/// Values that disagree: list them, settle them
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Every value that disagrees, side by side: who, when, on which device
    List(ListArgs),
    /// One, its versions side by side
    Show(FieldArgs),
    /// Settle one, with one of its values
    Resolve(ResolveArgs),
    /// Settle one, with another value
    Edit(decide::EditArgs),
    /// Let all values of one stand
    KeepBoth(decide::KeepArgs),
    /// Give one back to the visitor of a visit
    Return(decide::ReturnArgs),
    /// What was settled about a home or person, and by whom
    Decided(decide::DecidedArgs),
    /// A decision does not hold any more
    Undo(decide::UndoArgs),
}

/// Which field.
#[derive(clap::Args)]
pub struct FieldArgs {
    /// The field as the list names it, such as dwelling.main_exit
    #[arg(value_name = "FIELD")]
    field: String,
    /// The home or person: UPRN, record id, or words that fit one home
    #[arg(long, value_name = "HOME")]
    at: Option<String>,
    /// The row, where the field is in dispute in several rows
    #[arg(long, value_name = "HEX")]
    row: Option<RowId>,
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
    /// Which field
    #[command(flatten)]
    of: FieldArgs,
    /// The value to keep, as the list shows it
    #[arg(long, value_name = "VALUE")]
    keep: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(serde::Serialize)]
struct Resolved<'a> {
    record: Option<RecordId>,
    field: &'a str,
    kept: &'a Value,
    decision: RowId,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::List(args) => list(context, args),
        Command::Show(args) => {
            let client = context.open()?;
            let item = item_of(context, &client, args)?;
            let columns = client.conflicts().columns(item.document, &item.path)?;
            context.screen.show(&columns, |colours| page::columns(&columns, colours))
        }
        Command::Resolve(args) => resolve(context, args),
        Command::Edit(args) => decide::edit(context, args),
        Command::KeepBoth(args) => decide::keep_both(context, args),
        Command::Return(args) => decide::give_back(context, args),
        Command::Decided(args) => decide::decided(context, args),
        Command::Undo(args) => decide::undo(context, args),
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

/// The one conflict that is meant.
fn item_of(context: &Context, client: &Client, args: &FieldArgs) -> Result<ConflictItem, DeskError> {
    let items = conflicts_of(context, client, args.at.as_ref())?;
    let fits =
        |item: &ConflictItem| page::field_of(item) == args.field && args.row.is_none_or(|row| row == item.path.row);
    let mut fitting = items.into_iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(DeskError::NotFound {
            what: "conflict".into(),
            remedy: "this field is not in dispute on this device: see `doorstep conflicts list`".into(),
        }),
        (Some(_), Some(_)) => Err(DeskError::NotFound {
            what: "conflict".into(),
            remedy: "several rows dispute this field: say which with --at and --row".into(),
        }),
    }
}

fn resolve(context: &Context, args: &ResolveArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let item = item_of(context, &client, &args.of)?;
    let kept = item.values.iter().map(|said| &said.value).find(|value| page::value_words(value) == args.keep);
    let kept = kept.ok_or_else(|| {
        let shown: Vec<String> = item.values.iter().map(|said| page::value_words(&said.value)).collect();
        DeskError::input("--keep", format!("must be one of: {}", shown.join(", ")), "copy it from the list")
    })?;
    let decision = client.conflicts().choose(item.document, &item.path, kept, args.note.as_deref())?;
    let data = Resolved { record: item.record, field: &args.of.field, kept, decision };
    context.screen.show(&data, |_| {
        "settled; the other values stay in the history, and it goes up with the next `doorstep sync`".to_owned()
    })
}

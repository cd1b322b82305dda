//! The other ways to settle a dispute, and undoing one.

use doorstep_client_core::client::{Client, ClientError};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::RowId;
use doorstep_client_core::records::rows::parse_field;
use doorstep_protocol::{Class, DocumentId};

use super::{FieldArgs, item_of};
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::conflicts as page;

/// Settles a dispute with another value.
#[derive(clap::Args)]
pub struct EditArgs {
    /// Which field
    #[command(flatten)]
    of: FieldArgs,
    /// The value: a code, a number, a day as 2026-03-09, yes or no
    #[arg(long, value_name = "VALUE")]
    value: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Lets all values stand.
#[derive(clap::Args)]
pub struct KeepArgs {
    /// Which field
    #[command(flatten)]
    of: FieldArgs,
    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Gives a dispute back.
#[derive(clap::Args)]
pub struct ReturnArgs {
    /// Which field
    #[command(flatten)]
    of: FieldArgs,
    /// The visit, as `review list` or `conflicts show` names it
    #[arg(long, value_name = "HEX")]
    visit: RowId,
    /// What the visitor should look at again
    #[arg(long, value_name = "TEXT")]
    note: String,
}

/// Decisions about a record.
#[derive(clap::Args)]
pub struct DecidedArgs {
    /// The home or person: UPRN, record id, or words that fit one
    #[arg(value_name = "RECORD")]
    record: String,
}

/// Undoes a decision.
#[derive(clap::Args)]
pub struct UndoArgs {
    /// The home or person: UPRN, record id, or words that fit one
    #[arg(value_name = "RECORD")]
    record: String,
    /// The decision, as `conflicts decided` names it
    #[arg(long, value_name = "HEX")]
    decision: RowId,
    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

pub(super) fn edit(context: &Context, args: &EditArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let item = item_of(context, &client, &args.of)?;
    let value = parse_field(item.class, &item.path.collection, &item.path.field, &args.value)
        .map_err(|error| DeskError::input("--value", error.limit, error.remedy))?;
    let row = client.conflicts().edit(item.document, &item.path, &value, args.note.as_deref())?;
    context.screen.show(&row, |_| format!("settled by decision {row}\n"))
}

pub(super) fn keep_both(context: &Context, args: &KeepArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let item = item_of(context, &client, &args.of)?;
    let row = client.conflicts().keep_both(item.document, &item.path, args.note.as_deref())?;
    context.screen.show(&row, |_| format!("all values stand, by decision {row}\n"))
}

pub(super) fn give_back(context: &Context, args: &ReturnArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let item = item_of(context, &client, &args.of)?;
    let row = client.conflicts().return_to_visitor(item.document, &item.path, args.visit, &args.note)?;
    context.screen.show(&row, |_| "returned; the visitor sees the note after the next sync\n".to_owned())
}

/// Documents of a record that opens with the device.
fn documents(context: &Context, client: &Client, text: &str) -> Result<Vec<DocumentId>, DeskError> {
    const CLASSES: [Class; 7] = [
        Class::Index,
        Class::Home,
        Class::Fire,
        Class::Identity,
        Class::Communication,
        Class::Function,
        Class::Network,
    ];
    let record: RecordId = match client.properties().resolve(text) {
        Err(ClientError::NotFound { .. }) => client.people().resolve(text)?,
        _ => crate::command::property::resolve(context, client, &[text.to_owned()])?,
    };
    let mut found = Vec::new();
    for class in CLASSES {
        found.extend(client.document(record, class)?.map(|view| view.document));
    }
    Ok(found)
}

pub(super) fn decided(context: &Context, args: &DecidedArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let mut all = Vec::new();
    for document in documents(context, &client, &args.record)? {
        all.extend(client.conflicts().decided(document)?);
    }
    context
        .screen
        .show(&all, |_| if all.is_empty() { "nothing was settled here\n".to_owned() } else { page::decided(&all) })
}

pub(super) fn undo(context: &Context, args: &UndoArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    for document in documents(context, &client, &args.record)? {
        if client.conflicts().decided(document)?.iter().any(|one| one.decision == args.decision) {
            client.conflicts().undo(document, args.decision, args.note.as_deref())?;
            return context.screen.show(&"undone", |_| "undone: it is in dispute again\n".to_owned());
        }
    }
    Err(DeskError::NotFound { what: "decision".into(), remedy: "copy its id from `doorstep conflicts decided`".into() })
}

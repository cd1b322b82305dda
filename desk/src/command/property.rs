//! `doorstep property`: homes.

use std::path::PathBuf;

use doorstep_client_core::client::{Client, ClientError, PropertyPage};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Class, Reading};

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::property as page;
use crate::screen::Form;

/// Homes in one list at most.
const LIST_MAX: u64 = 1_000;
/// Homes that are named when several fit.
const CANDIDATES_MAX: usize = 8;

const EXAMPLES: &str = "\
Examples:
  doorstep property show 100023336956
  doorstep property show 'flat 4 weaver house' --as-visitor
  doorstep property add --uprn 100023336956 --line '12 Mill Street, Hillford' --postcode 'N17 9LJ'
  doorstep property add --line 'the boat next to lock 4'          without a UPRN: provisional
  doorstep property list --limit 50

What happens next: what you add goes up with the next `doorstep sync`.";

/// Show, add or list homes
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Everything about one home, with who said it and when
    Show(ShowArgs),
    /// Add a home, or say more of one
    Add(Box<AddArgs>),
    /// Homes in the order of their addresses
    List(ListArgs),
}

/// Shows everything about one home, with who said it and when, and where people disagree.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowArgs {
    /// UPRN, record id, or words that fit one home
    #[arg(required = true, value_name = "HOME")]
    home: Vec<String>,
    /// As visitors and crews see it: where people disagree, the more cautious value
    #[arg(long)]
    as_visitor: bool,
}

/// Adds a home. One with a UPRN is the same record on every device, whoever adds it first.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct AddArgs {
    /// UPRN, 1 to 12 digits; leave out where it is not known
    #[arg(long)]
    uprn: Option<String>,
    /// UPRN of the building it is in
    #[arg(long, value_name = "UPRN")]
    parent: Option<String>,
    /// Whole address in one line
    #[arg(long)]
    line: Option<String>,
    /// Flat or unit
    #[arg(long)]
    unit: Option<String>,
    /// Name of the building
    #[arg(long)]
    building: Option<String>,
    /// House number
    #[arg(long)]
    number: Option<String>,
    /// Street
    #[arg(long)]
    street: Option<String>,
    /// Post town
    #[arg(long)]
    town: Option<String>,
    /// Postcode
    #[arg(long)]
    postcode: Option<String>,
    /// BLPU class, such as RD06
    #[arg(long, value_name = "CODE")]
    blpu_class: Option<String>,
    /// A JSON file with the fields of a property, instead of the options
    #[arg(long, value_name = "FILE", conflicts_with_all = ["uprn", "line", "street"])]
    file: Option<PathBuf>,
}

/// Lists homes in the order of their addresses.
#[derive(clap::Args)]
pub struct ListArgs {
    /// How many to leave out at the beginning
    #[arg(long, default_value_t = 0)]
    offset: u64,
    /// How many at most, 1 to 1000
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=LIST_MAX))]
    limit: u64,
}

#[derive(serde::Serialize)]
struct Added {
    record: RecordId,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Show(args) => show(context, args),
        Command::Add(args) => add(context, args),
        Command::List(args) => list(context, args),
    }
}

/// The home that a person means; where several fit they are named on standard error.
///
/// # Errors
/// [`DeskError::Client`] with [`ClientError::NotFound`] or [`ClientError::Ambiguous`].
pub fn resolve(context: &Context, client: &Client, words: &[String]) -> Result<RecordId, DeskError> {
    let text = words.join(" ");
    let found = client.properties().resolve(&text);
    if let (Err(ClientError::Ambiguous { .. }), Form::Text) = (&found, context.screen.form) {
        let rows = client.properties().find(&text, CANDIDATES_MAX)?;
        eprint!("{}", page::list(&rows));
    }
    Ok(found?)
}

fn show(context: &Context, args: &ShowArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let record = resolve(context, &client, &args.home)?;
    let reading = if args.as_visitor { Reading::Cautious } else { Reading::Shown };
    let found: PropertyPage = client.properties().get(record, reading)?;
    let names = client.directory().names()?;
    let home = client.document(record, Class::Home)?;
    context.screen.show(&found, |colours| page::page(&found, home.as_ref(), &names, reading, colours))
}

fn add(context: &Context, args: &AddArgs) -> Result<(), DeskError> {
    let property = match &args.file {
        Some(path) => input::json::<Property>(path)?,
        None => Property {
            uprn: input::word("--uprn", args.uprn.as_deref())?,
            provisional: if args.uprn.is_none() { Some(true) } else { None },
            parent: input::word("--parent", args.parent.as_deref())?,
            line: args.line.clone(),
            unit: args.unit.clone(),
            building: args.building.clone(),
            number: args.number.clone(),
            street: args.street.clone(),
            town: args.town.clone(),
            postcode: input::word("--postcode", args.postcode.as_deref())?,
            blpu_class: args.blpu_class.clone(),
            ..Property::default()
        },
    };
    let client = context.open()?;
    let record = client.properties().add(&property)?;
    context
        .screen
        .show(&Added { record }, |_| format!("recorded as {record}; it goes up with the next `doorstep sync`"))
}

fn list(context: &Context, args: &ListArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let window = (usize::try_from(args.offset).unwrap_or(usize::MAX), usize::try_from(args.limit).unwrap_or(1));
    let rows = client.properties().list(window.0, window.1)?;
    context.screen.show(&rows, |_| page::list(&rows))
}

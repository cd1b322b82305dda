//! `doorstep protection`: addresses that are protected. Where somebody is shows on a screen only: there is no JSON of it, and no
//! file.

use doorstep_client_core::client::{Client, PlacesMoved, ProtectionDecision};
use doorstep_client_core::partnership::purpose;
use doorstep_client_core::records::identity::OccupancyKind;
use doorstep_client_core::records::protected::Link;
use doorstep_client_core::records::{RowId, Source};

use crate::command::{input, pin, property};
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::protection as page;
use crate::screen::Form;

const EXAMPLES: &str = "\
Examples:
  doorstep protection begin 'edith hart' --by 'P. Shah, safeguarding' --contact '020 7946 0200'
  doorstep protection show 'edith hart'      for the team that keeps protected addresses
  doorstep protection move-in 'edith hart' --at 100023336956
  doorstep protection move-out 'edith hart' --link 5f0c… --until 2026-11-22
  doorstep protection end 'edith hart' --by 'P. Shah, safeguarding lead'

From the moment it begins no list, search, page or report says where the person is. At a desk of the team that keeps protected \
addresses the places move there in the same step; elsewhere they are hidden at once, and that team moves them by saying \
`begin` once more. Crews are told what they need at the home, of nobody by name. Every look at an address is recorded.";

/// Addresses that are protected
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Protect the address of a person, or finish what another device began
    Begin(BeginArgs),
    /// Show where a protected person is, to the team that keeps it
    Show {
        /// Record id, or a name that fits one person
        #[arg(value_name = "PERSON")]
        person: String,
    },
    /// A protected person is at a home from now on
    MoveIn(MoveInArgs),
    /// A protected person is there no more
    MoveOut(MoveOutArgs),
    /// End the protection: places that hold come back into the open record
    End {
        /// Record id, or a name that fits one person
        #[arg(value_name = "PERSON")]
        person: String,
        /// Who decided, in what role
        #[arg(long)]
        by: String,
    },
}

/// Protects an address.
#[derive(clap::Args)]
pub struct BeginArgs {
    /// Record id, or a name that fits one person
    #[arg(value_name = "PERSON")]
    person: String,
    /// Who decided, in what role
    #[arg(long)]
    by: String,
    /// Whom to ask instead of looking for the person
    #[arg(long)]
    contact: String,
    /// Since when, if not today
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
}

/// Records where a protected person is.
#[derive(clap::Args)]
pub struct MoveInArgs {
    /// Record id, or a name that fits one person
    #[arg(value_name = "PERSON")]
    person: String,
    /// The home: UPRN, record id, or words that fit one home
    #[arg(long, value_name = "HOME", required_unless_present = "address")]
    at: Option<String>,
    /// The address, where it is no home of this partnership
    #[arg(long, conflicts_with = "at")]
    address: Option<String>,
    /// main, temporary, mailing or previous
    #[arg(long, default_value = "main")]
    kind: String,
    /// Since when
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<String>,
    /// Who may be told, and who must not
    #[arg(long)]
    note: Option<String>,
}

/// Ends one.
#[derive(clap::Args)]
pub struct MoveOutArgs {
    /// Record id, or a name that fits one person
    #[arg(value_name = "PERSON")]
    person: String,
    /// The link, as `protection show` names it
    #[arg(long, value_name = "HEX")]
    link: RowId,
    /// Their last day there
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: String,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    if matches!(command, Command::Show { .. }) && context.screen.form == Form::Json {
        return Err(DeskError::input("--json", "a protected address is shown on a screen only", "leave it out"));
    }
    let client = context.open()?;
    let protection = client.protection();
    match command {
        Command::Begin(args) => {
            let decision = ProtectionDecision {
                by: args.by.clone(),
                contact: args.contact.clone(),
                from: input::word("--from", args.from.as_deref())?,
            };
            let person = client.people().resolve(&args.person)?;
            unlock_where_kept(context, &client)?;
            let moved = protection.begin(person, &decision)?;
            context.screen.show(&moved, |_| begun(moved))
        }
        Command::Show { person } => {
            let person = client.people().resolve(person)?;
            pin::unlock(context, &client)?;
            let seen = protection.read(person, purpose::PREVENTION)?;
            let address = |record| client.properties().row(record).ok().flatten().map(|row| row.address);
            context.screen.text(&page::page(seen.show(), &address, context.screen.colours))
        }
        Command::MoveIn(args) => {
            let kind: OccupancyKind = input::choice("--kind", &args.kind)?;
            let from = input::word("--from", args.from.as_deref())?;
            let person = client.people().resolve(&args.person)?;
            let home = args.at.as_ref().map(|home| property::resolve(context, &client, std::slice::from_ref(home)));
            let link = Link {
                property: home.transpose()?.map(|record| record.0),
                address: args.address.clone(),
                kind: Some(kind),
                from,
                note: args.note.clone(),
                source: Some(Source::ToldByResident),
                ..Link::default()
            };
            pin::unlock(context, &client)?;
            let row = protection.link(person, &link)?;
            context.screen.show(&row, |_| format!("Sealed as {row}.\n"))
        }
        Command::MoveOut(args) => {
            let until = input::word("--until", Some(&args.until))?;
            let person = client.people().resolve(&args.person)?;
            pin::unlock(context, &client)?;
            if let Some(until) = until {
                protection.leave(person, args.link, &until)?;
            }
            context.screen.show(&"sealed", |_| "Sealed.".to_owned())
        }
        Command::End { person, by } => {
            let person = client.people().resolve(person)?;
            unlock_where_kept(context, &client)?;
            let back = protection.end(person, by)?;
            context.screen.show(&back, |_| match back {
                0 => "Ended. Ask the person where they live, and record it.\n".to_owned(),
                _ => "Ended. Where the person lives stands in the open record again.\n".to_owned(),
            })
        }
    }
}

/// Asks for the PIN where it opens what is kept under protection: whoever may not keep it can still protect somebody.
fn unlock_where_kept(context: &Context, client: &Client) -> Result<(), DeskError> {
    if client.protection().is_kept_here()? { pin::unlock(context, client) } else { Ok(()) }
}

fn begun(places: PlacesMoved) -> String {
    let hidden = "From now on no list, search, page or report says where the person is.\n";
    match places {
        PlacesMoved { left: 0, .. } => hidden.to_owned(),
        _ => format!(
            "{hidden}The open record still holds the address, hidden: the team that keeps protected addresses moves it by \
             saying `doorstep protection begin` once more at its desk.\n"
        ),
    }
}

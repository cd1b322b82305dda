//! `doorstep agreement`: agreements to share, which grants refer to.

use doorstep_client_core::client::{AgreementRow, Client};
use doorstep_client_core::records::register::Agreement;
use doorstep_client_core::records::{Date, RowId};
use doorstep_protocol::DocumentId;

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::count;
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep agreement list                                   those that hold first
  doorstep agreement make --name 'Hillford sharing agreement' --parties 'council, fire service' \\
      --purpose 'home safety' --power 'Care Act 2014, section 6' --basis 'public task' --until 2027-12-31
  doorstep agreement end ROW --on 2026-12-20

What an agreement says stands in the register only: the authority log, which the server reads, knows it by a digest.";

/// Agreements to share
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Agreements, those that hold first
    List,
    /// Write one down
    Make(Box<MakeArgs>),
    /// It holds no more
    End(EndArgs),
}

/// An agreement.
#[derive(clap::Args)]
pub struct MakeArgs {
    /// Its name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Its reference
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
    /// Organisations that are bound by it
    #[arg(long, value_name = "TEXT")]
    parties: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// The legal power: why you may share
    #[arg(long, value_name = "TEXT")]
    power: String,
    /// The lawful basis: why you may hold
    #[arg(long, value_name = "TEXT")]
    basis: String,
    /// Since when
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<String>,
    /// Until when
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    /// When it is looked at again
    #[arg(long, value_name = "YYYY-MM-DD")]
    review: Option<String>,
    /// Who signed it, in what role
    #[arg(long, value_name = "NAME, ROLE")]
    signed_by: Option<String>,
}

/// Its end.
#[derive(clap::Args)]
pub struct EndArgs {
    /// The agreement, as `agreement list` names it
    row: RowId,
    /// Since when no more
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Date,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    let register = client.register();
    match command {
        Command::List => {
            let found = register.agreements()?;
            context.screen.show(&found, |colours| list(&found, colours))
        }
        Command::Make(args) => {
            let row = register.agree(&agreement(args)?)?;
            context.screen.show(&row, |_| format!("written down as {row}\n"))
        }
        Command::End(args) => {
            register.end_agreement(document_of(&client, args.row)?, args.row, &args.on)?;
            context.screen.show(&"ended", |_| "ended; it stays in the register\n".to_owned())
        }
    }
}

fn agreement(args: &MakeArgs) -> Result<Agreement, DeskError> {
    Ok(Agreement {
        name: Some(args.name.clone()),
        reference: args.reference.clone(),
        parties: args.parties.clone(),
        purpose: args.purpose.clone(),
        legal_power: Some(args.power.clone()),
        lawful_basis: Some(args.basis.clone()),
        from: input::word("--since", args.since.as_deref())?,
        until: input::word("--until", args.until.as_deref())?,
        review_on: input::word("--review", args.review.as_deref())?,
        signed_by: args.signed_by.clone(),
        ended_on: None,
    })
}

/// The register that an agreement stands in.
fn document_of(client: &Client, row: RowId) -> Result<DocumentId, DeskError> {
    let known = client.register().agreements()?.into_iter().find(|one| one.agreement.row == row);
    known.map(|one| one.document).ok_or_else(|| DeskError::NotFound {
        what: "agreement".into(),
        remedy: "copy its id from the list; it may not have come yet: sync and try again".into(),
    })
}

fn list(found: &[AgreementRow], colours: Colours) -> String {
    let mut text = format!("{}\n", count(found.len() as u64, "agreement", "agreements"));
    for row in found {
        let value = &row.agreement.value;
        let said = |said: &Option<String>| said.clone().unwrap_or_else(|| "not said".to_owned());
        let head = format!("{}  {}", said(&value.name), row.agreement.row);
        text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &head)));
        text.push_str(&format!("  power: {}\n  basis: {}\n", said(&value.legal_power), said(&value.lawful_basis)));
        let until = value.ended_on.as_ref().or(value.until.as_ref());
        let until = until.map(|day| format!(", until {day}")).unwrap_or_default();
        let holds = if row.holds { "holds".to_owned() } else { colours.paint(Tone::Warning, "holds no more") };
        text.push_str(&format!("  {holds}{until}\n"));
    }
    text
}

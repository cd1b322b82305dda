//! `doorstep consent`: what people agreed to, refused, and took back.

use doorstep_client_core::client::Withdrawal;
use doorstep_client_core::records::network::{Consent, ConsentDecision, ConsentMethod, ConsentScope};
use doorstep_client_core::records::{RowId, Source};
use doorstep_protocol::Millis;

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::consent as page;

const EXAMPLES: &str = "\
Examples:
  doorstep consent show 'edith hart'
  doorstep consent give 'edith hart' --scope share-with-fire --how spoken --wording 'sharing 1'
  doorstep consent refuse 'edith hart' --scope share-with-fire --how phone --contact 'OT duty desk, 020 7946 0100'
  doorstep consent withdraw 'edith hart' --scope share-with-fire --how phone --by 'P. Shah, duty officer' \\
      --contact 'OT duty desk, 020 7946 0100'

Scopes: share-with-fire, evacuation-plan, share-with-landlord, share-with-health, share-with-volunteers,
share-with-family, photographs, follow-up-contact. How: spoken, phone, signed, electronic, proxy.

A withdrawal counts against whatever was recorded without knowing of it: what crews were told because of the yes is taken
back at once, and whom to ask stands there instead. Nothing is erased.";

/// What people agreed to: show it, record an answer, take a yes back
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// How a person stands to everything they may be asked
    Show {
        /// Record id, or a name that fits one person
        #[arg(value_name = "PERSON")]
        person: String,
    },
    /// The person agrees
    Give(GiveArgs),
    /// The person does not agree
    Refuse(RefuseArgs),
    /// The person takes back what they agreed to
    Withdraw(WithdrawArgs),
}

/// Whose answer, to what, how and when.
#[derive(clap::Args)]
pub struct Asked {
    /// Record id, or a name that fits one person
    #[arg(value_name = "PERSON")]
    person: String,
    /// To what
    #[arg(long, value_name = "SCOPE")]
    scope: String,
    /// How they said so
    #[arg(long, value_name = "HOW")]
    how: String,
    /// When, if not now: 2026-11-22 14:05
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
}

/// Records a yes.
#[derive(clap::Args)]
pub struct GiveArgs {
    #[command(flatten)]
    asked: Asked,
    /// The wording that was read out: its name and version
    #[arg(long)]
    wording: String,
    /// What shows it: where the paper is, who was there
    #[arg(long)]
    evidence: Option<String>,
    /// Until when it is given
    #[arg(long, value_name = "YYYY-MM-DD")]
    expires: Option<String>,
    /// The proxy who answered, by row: see `doorstep person show --json`
    #[arg(long, value_name = "HEX")]
    proxy: Option<RowId>,
}

/// Records a no.
#[derive(clap::Args)]
pub struct RefuseArgs {
    #[command(flatten)]
    asked: Asked,
    /// Whom to ask instead: never a dead end
    #[arg(long)]
    contact: String,
    /// The proxy who answered, by row: see `doorstep person show --json`
    #[arg(long, value_name = "HEX")]
    proxy: Option<RowId>,
}

/// Takes a yes back.
#[derive(clap::Args)]
pub struct WithdrawArgs {
    #[command(flatten)]
    asked: Asked,
    /// Who writes it down, in what role
    #[arg(long)]
    by: String,
    /// Whom to ask instead: never a dead end
    #[arg(long)]
    contact: String,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let row = match command {
        Command::Show { person } => {
            let client = context.open()?;
            let found = client.consents().of(client.people().resolve(person)?)?;
            let names = client.directory().names()?;
            return context.screen.show(&found, |colours| page::page(&found, &names, colours));
        }
        Command::Give(args) => record(
            context,
            &args.asked,
            Consent {
                decision: Some(ConsentDecision::Given),
                wording: Some(args.wording.clone()),
                evidence: args.evidence.clone(),
                expires: input::word("--expires", args.expires.as_deref())?,
                proxy: args.proxy,
                ..Consent::default()
            },
        )?,
        Command::Refuse(args) => record(
            context,
            &args.asked,
            Consent {
                decision: Some(ConsentDecision::Refused),
                contact: Some(args.contact.clone()),
                proxy: args.proxy,
                ..Consent::default()
            },
        )?,
        Command::Withdraw(args) => withdraw(context, args)?,
    };
    context.screen.show(&row, |_| format!("recorded as {row}; it goes up with the next `doorstep sync`\n"))
}

fn record(context: &Context, asked: &Asked, answer: Consent) -> Result<RowId, DeskError> {
    let answer = Consent {
        scope: Some(scope(asked)?),
        method: Some(how(asked)?),
        decided_at: moment(asked)?,
        source: Some(Source::ToldByResident),
        ..answer
    };
    let client = context.open()?;
    Ok(client.consents().record(client.people().resolve(&asked.person)?, &answer)?)
}

fn withdraw(context: &Context, args: &WithdrawArgs) -> Result<RowId, DeskError> {
    let end = Withdrawal {
        how: how(&args.asked)?,
        by: args.by.clone(),
        contact: args.contact.clone(),
        at: moment(&args.asked)?,
    };
    let scope = scope(&args.asked)?;
    let client = context.open()?;
    Ok(client.consents().withdraw(client.people().resolve(&args.asked.person)?, &scope, &end)?)
}

fn scope(asked: &Asked) -> Result<ConsentScope, DeskError> {
    input::choice("--scope", &asked.scope)
}

fn how(asked: &Asked) -> Result<ConsentMethod, DeskError> {
    input::choice("--how", &asked.how)
}

fn moment(asked: &Asked) -> Result<Option<Millis>, DeskError> {
    asked.at.as_deref().map(|text| input::moment("--at", text).map(Millis)).transpose()
}

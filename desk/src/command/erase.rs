//! `doorstep erase`, `doorstep hold`, `doorstep retention`: what is kept, for how long, and what goes.

use std::path::PathBuf;

use doorstep_client_core::client::{Client, DueRow, HoldRow, RETENTION_YEARS};
use doorstep_client_core::device::{RecordId, UnfinishedErasure};
use doorstep_client_core::partnership::{self, ErasePlan};
use doorstep_protocol::authority::EraseReason;
use doorstep_protocol::{Class, DocumentId};

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::render::table::table;
use crate::render::words::{count, moment};
use crate::screen::Tone;

/// The longest file of a proposal.
const TEXT_BYTES_MAX: u64 = 1024 * 1024;

const EXAMPLES: &str = "\
Two admins erase, at two desks:
  doorstep erase propose RECORD --class home --reason request > proposal.txt
  doorstep erase sign --file proposal.txt      at the other desk, before the log grows

A device that had not heard of it may send more of the document afterwards. Nobody can read that; two admins make the server drop it, too:
  doorstep erase unfinished
  doorstep erase finish DOCUMENT > proposal.txt

The document goes from the server, from every device and from every list, once each of them has heard of it, and so does what the firebox and the flags said because of it. It cannot be brought back.";

/// Erase a document: one admin proposes, another signs
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Propose it, and print the proposal for a second admin
    Propose(ProposeArgs),
    /// Sign a proposal of another admin: then it is done
    Sign(SignArgs),
    /// List erased documents of which more came later
    Unfinished,
    /// Propose to erase what came later, too, and print the proposal for a second admin
    Finish(FinishArgs),
}

/// An erasure that is not whole.
#[derive(clap::Args)]
pub struct FinishArgs {
    /// The document's id, as `doorstep erase unfinished` shows it
    #[arg(value_name = "DOCUMENT")]
    document: DocumentId,
}

/// What is to be erased.
#[derive(clap::Args)]
pub struct ProposeArgs {
    /// The record's id, as `doorstep find` shows it
    #[arg(value_name = "RECORD")]
    record: RecordId,
    /// Which of its documents: index, home, fire, sealed, identity, communication, function, network, health-id, protected
    #[arg(long, value_name = "CLASS")]
    class: Class,
    /// Why
    #[arg(long, value_enum)]
    reason: Reason,
}

/// Why a document is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Reason {
    /// The person it is about asked for it, and may
    Request,
    /// It has been kept as long as it may be
    Retention,
    /// It should never have been recorded
    Mistake,
    /// A court or a regulator ordered it
    LegalOrder,
}

/// A proposal.
#[derive(clap::Args)]
pub struct SignArgs {
    /// The proposal, as it was printed
    #[arg(long, value_name = "TEXT", required_unless_present = "file")]
    proposal: Option<String>,
    /// A file that holds it
    #[arg(long, value_name = "FILE", conflicts_with = "proposal")]
    file: Option<PathBuf>,
}

/// Records that must not be erased
#[derive(clap::Subcommand)]
pub enum HoldCommand {
    /// Put a legal hold on a record
    Add(HoldArgs),
    /// End a legal hold
    End(EndArgs),
    /// List legal holds
    List,
}

/// A legal hold to be.
#[derive(clap::Args)]
pub struct HoldArgs {
    /// The record's id
    #[arg(value_name = "RECORD")]
    record: RecordId,
    /// What it is held for: a reference. Every device reads it, so no detail
    #[arg(long, value_name = "TEXT")]
    reference: String,
}

/// A legal hold that ends.
#[derive(clap::Args)]
pub struct EndArgs {
    /// The record's id
    #[arg(value_name = "RECORD")]
    record: RecordId,
}

/// What has been kept as long as the rules say
#[derive(clap::Subcommand)]
pub enum RetentionCommand {
    /// List it; nothing is erased by itself
    Due(DueArgs),
}

/// The rules.
#[derive(clap::Args)]
pub struct DueArgs {
    /// Years for a class, as CLASS=YEARS, instead of the rule of this program; again for more
    #[arg(long, value_name = "CLASS=YEARS")]
    keep: Vec<String>,
}

#[derive(serde::Serialize)]
struct Proposed {
    proposal: String,
    envelopes: usize,
    /// Facts and flags that were published from it and go with it.
    published: usize,
}

#[derive(serde::Serialize)]
struct Erased {
    document: doorstep_protocol::DocumentId,
    envelopes: usize,
    /// Facts and flags that were published from it, withdrawn.
    withdrawn: usize,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    // A proposal stands on the head of the log, so both sides begin with the newest.
    link::judge(&link::sync_once(context, &client)?)?;
    match command {
        Command::Propose(args) => propose(context, &client, args),
        Command::Sign(args) => sign(context, &client, args),
        Command::Unfinished => unfinished(context, &client),
        Command::Finish(args) => proposed(context, &client, &client.partnership().propose_to_finish(args.document)?),
    }
}

fn unfinished(context: &Context, client: &Client) -> Result<(), DeskError> {
    let rows = client.unfinished_erasures()?;
    context.screen.show(&rows, |_| {
        if rows.is_empty() {
            return "Every erasure that this desk may finish is whole.\n".to_owned();
        }
        let line = |one: &UnfinishedErasure| {
            let more = count(one.envelopes as u64, "piece", "pieces");
            vec![one.document.to_string(), one.class.to_string(), more, moment(one.first_arrived)]
        };
        let cells: Vec<Vec<String>> = rows.iter().map(line).collect();
        format!(
            "{}Nobody can read these, but the server keeps them. Next: `doorstep erase finish DOCUMENT`.\n",
            table(&["document", "class", "came later", "the first"], &cells)
        )
    })
}

fn propose(context: &Context, client: &Client, args: &ProposeArgs) -> Result<(), DeskError> {
    let reason = match args.reason {
        Reason::Request => EraseReason::Request,
        Reason::Retention => EraseReason::Retention,
        Reason::Mistake => EraseReason::Mistake,
        Reason::LegalOrder => EraseReason::LegalOrder,
    };
    let plan = client.partnership().propose_erasure(args.record, args.class, reason)?;
    proposed(context, client, &plan)
}

fn proposed(context: &Context, client: &Client, plan: &ErasePlan) -> Result<(), DeskError> {
    let erase = plan.erase().map_err(doorstep_client_core::client::ClientError::from)?;
    let published = client.partnership().published_from(erase.document)?;
    let data = Proposed { proposal: plan.to_text(), envelopes: erase.envelopes.len(), published };
    context.screen.show(&data, |_| format!("{}\n", data.proposal))
}

fn sign(context: &Context, client: &Client, args: &SignArgs) -> Result<(), DeskError> {
    let text = match (&args.proposal, &args.file) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => {
            let unreadable =
                |error: std::io::Error| DeskError::file(path, format!("cannot be read ({:?})", error.kind()));
            if std::fs::metadata(path).map_err(unreadable)?.len() > TEXT_BYTES_MAX {
                return Err(DeskError::file(path, "is longer than a proposal: is this the right file?"));
            }
            std::fs::read_to_string(path).map_err(unreadable)?
        }
        (None, None) => String::new(),
    };
    let plan = ErasePlan::from_text(&text).map_err(doorstep_client_core::client::ClientError::from)?;
    client.partnership().check_proposal(&plan)?;
    let erase = plan.erase().map_err(doorstep_client_core::client::ClientError::from)?;
    link::append(context, client, move |desk, _, _| Ok((partnership::sign_erasure(desk, &plan)?, ())))?;
    let withdrawn = client.partnership().withdraw_published(erase.document)?;
    let data = Erased { document: erase.document, envelopes: erase.envelopes.len(), withdrawn };
    context.screen.show(&data, |colours| {
        let told = match withdrawn {
            0 => String::new(),
            rows => format!("{rows} facts and flags that crews were shown because of it are withdrawn.\n"),
        };
        format!("{}\n{told}", colours.paint(Tone::Good, "It is erased, at every device that hears of it."))
    })?;
    link::judge(&link::sync_once(context, client)?)
}

/// Legal holds.
///
/// # Errors
/// [`DeskError`].
pub fn hold(context: &Context, command: &HoldCommand) -> Result<(), DeskError> {
    let client = context.open()?;
    match command {
        HoldCommand::Add(args) => client.set_legal_hold(args.record, Some(args.reference.clone()))?,
        HoldCommand::End(args) => client.set_legal_hold(args.record, None)?,
        HoldCommand::List => {}
    }
    let rows: Vec<HoldRow> = client.legal_holds()?;
    context.screen.show(&rows, |_| {
        if rows.is_empty() {
            return "No legal hold stands.\n".to_owned();
        }
        let cells: Vec<Vec<String>> =
            rows.iter().map(|row| vec![row.record.to_string(), row.reference.clone().unwrap_or_default()]).collect();
        table(&["record", "held for"], &cells)
    })
}

/// What is due.
///
/// # Errors
/// [`DeskError`].
pub fn retention(context: &Context, command: &RetentionCommand) -> Result<(), DeskError> {
    let RetentionCommand::Due(args) = command;
    let mut rules = RETENTION_YEARS.to_vec();
    for rule in &args.keep {
        let wrong = || DeskError::input("--keep", "a class and years, as home=8", "write it like home=8");
        let (class, years) = rule.split_once('=').ok_or_else(wrong)?;
        let (class, years): (Class, u16) = (class.parse().map_err(|_| wrong())?, years.parse().map_err(|_| wrong())?);
        rules.retain(|(known, _)| *known != class);
        rules.push((class, years));
    }
    let client = context.open()?;
    let today = jiff::Zoned::now().date().to_string();
    let rows: Vec<DueRow> = client.retention_due(&today, &rules)?;
    context.screen.show(&rows, |_| {
        if rows.is_empty() {
            return "Nothing is due.\n".to_owned();
        }
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let held = if row.held { "LEGAL HOLD" } else { "" };
                vec![
                    row.record.to_string(),
                    row.class.to_string(),
                    row.last_visit.clone(),
                    format!("{} years", row.years),
                    row.address.clone(),
                    held.to_owned(),
                ]
            })
            .collect();
        format!(
            "{}Nothing is erased by itself. Next: `doorstep erase propose RECORD --class CLASS --reason retention`.\n",
            table(&["record", "class", "last visit", "kept for", "address", ""], &cells)
        )
    })
}

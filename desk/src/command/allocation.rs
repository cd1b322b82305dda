//! `doorstep allocation`: who works with whom, and since when.

use doorstep_client_core::client::{AllocationFilter, AllocationRow, Client, Page, Paged};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::register::{Allocation, AllocationEnd, Relationship};
use doorstep_client_core::records::{Date, RowId};
use doorstep_protocol::DocumentId;

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::named::Named;
use crate::render::words::{count, plain};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep allocation list                                  those that hold first
  doorstep allocation list --person 'edith hart'
  doorstep allocation begin 'edith hart' --worker 'Ada Mensah' --role OT --purpose 'home assessment'
  doorstep allocation begin 'edith hart' --team 'Falls team' --purpose 'falls' --good-until 2027-03-01
  doorstep allocation end ROW --on 2026-12-20 --why done

An allocation that holds is why somebody may look at a person at all. It ends for a reason, and stays in the register.";

/// Who works with whom
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Allocations, those that hold first
    List {
        /// Only those of this person: record id, or a name that fits one person
        #[arg(long, value_name = "PERSON")]
        person: Option<String>,
        /// Only those that have these words
        #[arg(long, value_name = "WORDS")]
        words: Option<String>,
        /// The first to show, from 1
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        from: usize,
    },
    /// A worker or a team works with a person from now on
    Begin(BeginArgs),
    /// They do no more
    End(EndArgs),
}

/// An allocation.
#[derive(clap::Args)]
pub struct BeginArgs {
    /// Record id, or a name that fits one person
    #[arg(value_name = "PERSON")]
    person: String,
    /// The worker: id, or name
    #[arg(long, value_name = "WORKER", required_unless_present = "team")]
    worker: Option<String>,
    /// The team: id, or name
    #[arg(long, value_name = "TEAM")]
    team: Option<String>,
    /// In what role
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// Since when, if not today
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<String>,
    /// After this day a device that has not synced asks again
    #[arg(long, value_name = "YYYY-MM-DD")]
    good_until: Option<String>,
}

/// Its end.
#[derive(clap::Args)]
pub struct EndArgs {
    /// The allocation, as `allocation list` names it
    row: RowId,
    /// Since when no more
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Date,
    /// done, handed-over, person-died, moved-away or mistaken
    #[arg(long, value_name = "WHY")]
    why: String,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    let register = client.register();
    match command {
        Command::List { person, words, from } => {
            let person = person.as_deref().map(|text| client.people().resolve(text)).transpose()?;
            let filter = AllocationFilter { person, text: words.clone() };
            let found = register.allocations(&filter, Page { offset: from.saturating_sub(1), ..Page::default() })?;
            context.screen.show(&found, |colours| list(&found, colours))
        }
        Command::Begin(args) => {
            let row = register.allocate(&allocation(&client, args)?)?;
            context.screen.show(&row, |_| format!("written down as {row}\n"))
        }
        Command::End(args) => {
            let why: AllocationEnd = input::choice("--why", &args.why)?;
            register.end_allocation(document_of(&client, args.row)?, args.row, (&args.on, &why))?;
            context.screen.show(&"ended", |_| "ended; it stays in the register\n".to_owned())
        }
    }
}

fn allocation(client: &Client, args: &BeginArgs) -> Result<Allocation, DeskError> {
    let names = Named::of(client)?;
    let RecordId(person) = client.people().resolve(&args.person)?;
    Ok(Allocation {
        person: Some(person),
        worker: args.worker.as_deref().map(|text| names.worker(text)).transpose()?,
        team: args.team.as_deref().map(|text| names.team(text)).transpose()?,
        role: args.role.clone(),
        purpose: Some(args.purpose.clone()),
        from: input::word("--since", args.since.as_deref())?,
        good_until: input::word("--good-until", args.good_until.as_deref())?,
        ..Allocation::default()
    })
}

/// The register that an allocation stands in.
fn document_of(client: &Client, row: RowId) -> Result<DocumentId, DeskError> {
    let mut page = Page::FIRST;
    loop {
        let found = client.register().allocations(&AllocationFilter::default(), page)?;
        if let Some(one) = found.rows.iter().find(|one| one.allocation.row == row) {
            return Ok(one.document);
        }
        page.offset += found.rows.len();
        if found.rows.is_empty() || page.offset as u64 >= found.total {
            return Err(DeskError::NotFound {
                what: "allocation".into(),
                remedy: "copy its id from the list; it may not have come yet: sync and try again".into(),
            });
        }
    }
}

const fn standing(relationship: Relationship) -> &'static str {
    match relationship {
        Relationship::Holds => "holds",
        Relationship::Stale => "sync to know whether it still holds",
        Relationship::NotYet => "not begun",
        Relationship::Ended => "over",
        Relationship::PersonDied => "the person died",
    }
}

fn list(found: &Paged<AllocationRow>, colours: Colours) -> String {
    let mut text = format!("{}\n", count(found.total, "allocation", "allocations"));
    for row in &found.rows {
        let value = &row.allocation.value;
        let who = row.title.as_deref().unwrap_or("a person who is not on this device");
        let head = format!("{}: {who}  {}", row.whose.join(", "), row.allocation.row);
        text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &head)));
        let role = value.role.as_deref().map(|role| format!("{role}, ")).unwrap_or_default();
        text.push_str(&format!("  {role}{}\n", value.purpose.as_deref().unwrap_or("not said why")));
        let since = value.from.as_ref().map(|day| format!(" since {day}")).unwrap_or_default();
        let ended = value.ended_on.as_ref().map(|day| format!(", ended {day}")).unwrap_or_default();
        let why = value.ended_why.as_ref().map(|why| format!(" ({})", plain(why.as_str()))).unwrap_or_default();
        text.push_str(&format!("  {}{since}{ended}{why}\n", standing(row.relationship)));
    }
    text
}

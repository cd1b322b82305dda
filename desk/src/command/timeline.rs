//! `doorstep timeline`: everything that happened to a home or a person.

use doorstep_client_core::client::{ClientError, Page, Reads, TimelineEntry, TimelineFilter};
use doorstep_client_core::client::{Paged, ReadHow};
use doorstep_client_core::records::history::Made;
use doorstep_protocol::{Class, Millis};

use crate::command::{input, property};
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::conflicts::value_words;
use crate::render::words::{count, moment};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep timeline 100023336956                       every change, the latest first
  doorstep timeline 100023336956 --class home --since 2026-11-01T00:00
  doorstep timeline \"Peggy Ashdown\" --reads            who opened what is sealed (at an auditor's desk)";

/// Everything that happened to a home or a person: who, when, which field, what stood there before
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The home or person: UPRN, record id, or words that fit one
    #[arg(value_name = "RECORD")]
    record: String,
    /// Only changes of this class: index, home, fire, identity, communication, function, network
    #[arg(long, value_name = "CLASS")]
    class: Option<Class>,
    /// Only changes from this moment on
    #[arg(long, value_name = "MOMENT")]
    since: Option<String>,
    /// The first change to show, from 1
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    from: usize,
    /// Who opened what is sealed, instead of changes
    #[arg(long)]
    reads: bool,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    let record = match client.properties().resolve(&args.record) {
        Err(ClientError::NotFound { .. }) => client.people().resolve(&args.record)?,
        _ => property::resolve(context, &client, std::slice::from_ref(&args.record))?,
    };
    if args.reads {
        let reads = client.timeline().reads(record)?;
        return context.screen.show(&reads, |_| reads_page(&reads));
    }
    let since = args.since.as_deref().map(|text| input::moment("--since", text).map(Millis)).transpose()?;
    let filter = TimelineFilter { class: args.class, since, until: None };
    let page = Page { offset: args.from.saturating_sub(1), ..Page::default() };
    let found = client.timeline().changes(record, &filter, page)?;
    context.screen.show(&found, |colours| changes_page(&found, colours))
}

fn changes_page(found: &Paged<TimelineEntry>, colours: Colours) -> String {
    let mut text = format!("{}\n", count(found.total, "change", "changes"));
    for entry in &found.rows {
        let head = format!("{}  {} on {}  ({})", moment(entry.at), entry.who, entry.device, entry.class);
        text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &head)));
        for wrote in &entry.wrote {
            let old: Vec<String> = wrote.old.iter().map(value_words).collect();
            let before = match (wrote.made_row, old.is_empty()) {
                (Made::Now, _) | (Made::Before, true) => String::new(),
                (Made::Before, false) => format!(" (before: {})", old.join(" / ")),
            };
            let path = &wrote.path;
            text.push_str(&format!("  {}.{}: {}{before}\n", path.collection, path.field, value_words(&wrote.new)));
        }
    }
    text
}

fn reads_page(reads: &Reads) -> String {
    let rows = match reads {
        Reads::AuditorsOnly => return "Only an auditor's desk knows who opened what is sealed.\n".to_owned(),
        Reads::Locked => return "Unlock this desk first: who opened what is sealed opens with a worker.\n".to_owned(),
        Reads::Here(rows) if rows.is_empty() => return "Nobody has opened what is sealed.\n".to_owned(),
        Reads::Here(rows) => rows,
    };
    let mut text = String::new();
    for row in rows {
        let how = match &row.how {
            ReadHow::GlassBroken { reason, text, incident } => {
                let incident = incident.as_deref().unwrap_or("none");
                format!("broke the glass: {}, “{text}”, incident {incident}", reason.as_str())
            }
            ReadHow::BehindGlass { purpose } => format!("was shown what is behind it, purpose {purpose}"),
            ReadHow::WithPurpose { class, purpose } => format!("opened {class}, purpose {purpose}"),
        };
        text.push_str(&format!("{}  {} on {} {how}\n", moment(row.at), row.who, row.device));
    }
    text
}

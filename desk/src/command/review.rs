//! `doorstep review`: visits that were handed in, approved or returned with a note.

use doorstep_client_core::client::{Client, Page, ReviewMove, ReviewPage};
use doorstep_client_core::records::RowId;
use doorstep_client_core::store::lists::{VisitFilter, VisitRow};
use doorstep_protocol::DocumentId;

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;
use crate::render::words::{count, moment, plain};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep review list                         visits handed in, those that wait longest first
  doorstep review list --state returned        visits that went back to their visitors
  doorstep review show VISIT                   what it found, what is in dispute, how it came here
  doorstep review approve VISIT
  doorstep review return VISIT --note \"Which wall is damp?\"
  doorstep review submit VISIT                 the visitor hands it in again
  doorstep review reopen VISIT                 an approval was a mistake";

/// Visits that were handed in, approved or returned with a note
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Visits by state
    List {
        /// draft, submitted, returned or reconciled
        #[arg(long, value_name = "STATE", default_value = "submitted")]
        state: String,
        /// The first row to show, from 1
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        from: usize,
    },
    /// One visit with all that it found
    Show {
        /// The visit, as `review list` names it
        visit: RowId,
    },
    /// Approve it
    Approve(MoveArgs),
    /// Return it to the visitor
    Return(MoveArgs),
    /// Hand it in
    Submit(MoveArgs),
    /// Open it again
    Reopen(MoveArgs),
}

/// Which visit, and a note.
#[derive(clap::Args)]
pub struct MoveArgs {
    /// The visit, as `review list` names it
    visit: RowId,
    /// What the other side should know
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    let reviews = client.reviews();
    match command {
        Command::List { state, from } => {
            let filter = VisitFilter { state: Some(state.clone()), ..VisitFilter::default() };
            let page = Page { offset: from.saturating_sub(1), ..Page::default() };
            let found = reviews.list(&filter, page)?;
            context.screen.show(&found, |_| {
                let rows: Vec<Vec<String>> = found
                    .rows
                    .iter()
                    .map(|row| {
                        let kind = plain(&row.visit.kind);
                        let visit = RowId(row.visit.row).to_string();
                        vec![row.title.clone(), kind, row.visit.started.clone(), row.visitor_name.clone(), visit]
                    })
                    .collect();
                let head = format!("{} {}\n", count(found.total, "visit", "visits"), plain(state));
                if rows.is_empty() { head } else { head + &table(&["home", "kind", "day", "visitor", "visit"], &rows) }
            })
        }
        Command::Show { visit } => {
            let page = reviews.get(document_of(&client, *visit)?, *visit)?;
            context.screen.show(&page, |colours| show(&page, colours))
        }
        Command::Approve(args) => {
            reviews.approve(document_of(&client, args.visit)?, args.visit, args.note.as_deref())?;
            context.screen.show(&"approved", |_| "approved\n".to_owned())
        }
        Command::Return(args) => {
            let note = args.note.as_deref().unwrap_or_default();
            reviews.return_with_note(document_of(&client, args.visit)?, args.visit, note)?;
            context.screen.show(&"returned", |_| "returned; the visitor sees the note after the next sync\n".to_owned())
        }
        Command::Submit(args) => {
            reviews.submit(document_of(&client, args.visit)?, args.visit, args.note.as_deref())?;
            context.screen.show(&"submitted", |_| "handed in\n".to_owned())
        }
        Command::Reopen(args) => {
            reviews.reopen(document_of(&client, args.visit)?, args.visit, args.note.as_deref())?;
            context.screen.show(&"reopened", |_| "open again\n".to_owned())
        }
    }
}

/// The document that a visit is in.
pub(super) fn document_of(client: &Client, visit: RowId) -> Result<DocumentId, DeskError> {
    let found: Option<VisitRow> = client.visits().find(visit)?;
    found.map(|row| row.document).ok_or_else(|| DeskError::NotFound {
        what: "visit".into(),
        remedy: "copy its id from `doorstep review list`; it may not have come yet: sync and try again".into(),
    })
}

fn show(page: &ReviewPage, colours: Colours) -> String {
    let visit = &page.visit.value;
    let state = visit.state.as_ref().map_or("draft", |state| state.as_str());
    let kind = visit.kind.as_ref().map_or("visit", |kind| kind.as_str());
    let mut text = format!("{}\n", colours.paint(Tone::Heading, &page.title));
    text.push_str(&format!("{} by {}: {state}\n", plain(kind), page.who));
    if let Some(note) = visit.review_note.as_deref() {
        text.push_str(&format!("note of the back office: {note}\n"));
    }
    for finding in &page.findings {
        let fields: Vec<String> = finding
            .fields
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "visit" | "source"))
            .map(|(name, value)| {
                let disputed = if finding.disputed.contains(name) { " (in dispute)" } else { "" };
                format!("{name} {}{disputed}", crate::render::conflicts::value_words(value))
            })
            .collect();
        text.push_str(&format!("  {}: {}\n", plain(&finding.collection), fields.join(", ")));
    }
    if !page.conflicts.is_empty() {
        let fields = count(page.conflicts.len() as u64, "field", "fields");
        let words = format!("{fields} of this home in dispute: doorstep conflicts list");
        text.push_str(&format!("{}\n", colours.paint(Tone::Warning, &words)));
    }
    for step in &page.steps {
        let note = step.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
        text.push_str(&format!("  {}  {} by {}{note}\n", moment(step.at), step.state, step.who));
    }
    let may: Vec<&str> = page.may.iter().map(|way| move_words(*way)).collect();
    text.push_str(&format!("you can: {}\n", if may.is_empty() { "nothing".to_owned() } else { may.join(", ") }));
    text
}

const fn move_words(way: ReviewMove) -> &'static str {
    match way {
        ReviewMove::Submit => "submit",
        ReviewMove::Approve => "approve",
        ReviewMove::Return => "return",
        ReviewMove::Reopen => "reopen",
    }
}

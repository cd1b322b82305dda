//! `doorstep register`: who asked for something, what was decided, what was given.

use doorstep_client_core::client::{Client, DisclosureRow, DisclosureVerdict, Page, Paged, RegisterFilter, RequestRow};
use doorstep_client_core::records::RowId;
use doorstep_client_core::records::register::{
    Disclosure, DisclosureDecision, IdentityCheck, Request, RequestKind, RequestState,
};
use doorstep_protocol::{DocumentId, Millis};

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::{count, moment, plain};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep register list                                     what waits for a decision first, then the latest
  doorstep register ask --about 100023336956 --asked-by \"PC Doe\" --organisation Police \\
      --purpose \"a missing person\" --asked \"who lives there\" --identified known-contact
  doorstep register decide ROW --decision refused --by \"R. Adeyemi, IG lead\" --why \"no warrant\"
  doorstep register decide ROW --decision given --by \"R. Adeyemi, IG lead\" --given \"the address\" --identified court-order
  doorstep register requests                                 what residents ask for
  doorstep register request --asked-by \"Peggy Ashdown\" --kind access --due 2026-12-20
  doorstep register answer ROW --state answered --answer \"report sent by post\"

Every refusal is written down, with its reason.";

/// Who asked for something, what was decided, what was given
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Requests to disclose, with what was decided
    List {
        /// Only those decided so: pending, given, partly-given, refused, withdrawn
        #[arg(long, value_name = "DECISION")]
        decision: Option<String>,
        /// The first to show, from 1
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        from: usize,
    },
    /// Write down that somebody asks for something
    Ask(AskArgs),
    /// Decide about it
    Decide(DecideArgs),
    /// What residents ask for
    Requests,
    /// Write down what a resident asks for
    Request(RequestArgs),
    /// Answer what a resident asked for, refuse it, or move it on
    Answer(AnswerArgs),
}

/// Somebody asks for something.
#[derive(clap::Args)]
pub struct AskArgs {
    /// The home or person it is about: UPRN, record id, or words that fit one
    #[arg(long, value_name = "RECORD")]
    about: Option<String>,
    /// Who asks
    #[arg(long, value_name = "NAME")]
    asked_by: String,
    /// For which organisation
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// What for
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// What they ask for
    #[arg(long, value_name = "TEXT")]
    asked: String,
    /// By what law or agreement
    #[arg(long, value_name = "TEXT")]
    authority: Option<String>,
    /// papers-seen, known-contact, official-address, proxy, court-order or not-done
    #[arg(long, value_name = "HOW")]
    identified: Option<String>,
    /// How exactly they were identified
    #[arg(long, value_name = "TEXT")]
    identified_how: Option<String>,
}

/// A decision.
#[derive(clap::Args)]
pub struct DecideArgs {
    /// The request, as `register list` names it
    row: RowId,
    /// given, partly-given, refused or withdrawn
    #[arg(long, value_name = "DECISION")]
    decision: String,
    /// Who decides, in what role
    #[arg(long, value_name = "NAME, ROLE")]
    by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    why: Option<String>,
    /// What is given: which facts, in which form
    #[arg(long, value_name = "TEXT")]
    given: Option<String>,
    /// How whoever asked was identified
    #[arg(long, value_name = "HOW")]
    identified: Option<String>,
}

/// A resident's request.
#[derive(clap::Args)]
pub struct RequestArgs {
    /// The person it is about: record id, or words that fit one
    #[arg(long, value_name = "PERSON")]
    about: Option<String>,
    /// Who asks
    #[arg(long, value_name = "NAME")]
    asked_by: String,
    /// access, rectification, erasure, restriction, objection, who-read or complaint
    #[arg(long, value_name = "KIND")]
    kind: String,
    /// In words
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// When it must be answered: 2026-12-20
    #[arg(long, value_name = "DAY")]
    due: Option<String>,
}

/// An answer.
#[derive(clap::Args)]
pub struct AnswerArgs {
    /// The request, as `register requests` names it
    row: RowId,
    /// open, in-progress, waiting, answered, refused or withdrawn
    #[arg(long, value_name = "STATE")]
    state: String,
    /// What was answered
    #[arg(long, value_name = "TEXT")]
    answer: Option<String>,
    /// Who has it, in what role
    #[arg(long, value_name = "NAME, ROLE")]
    handled_by: Option<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    let register = client.register();
    match command {
        Command::List { decision, from } => {
            let decision =
                decision.as_deref().map(|text| input::choice::<DisclosureDecision>("--decision", text)).transpose()?;
            let filter = RegisterFilter { decision, ..RegisterFilter::default() };
            let page = Page { offset: from.saturating_sub(1), ..Page::default() };
            let found = register.disclosures(&filter, page)?;
            context.screen.show(&found, |colours| list(&found, colours))
        }
        Command::Ask(args) => {
            let asked = Disclosure {
                record: args.about.as_deref().map(|text| about(context, &client, text)).transpose()?,
                asked_by: Some(args.asked_by.clone()),
                organisation: args.organisation.clone(),
                purpose: Some(args.purpose.clone()),
                asked: Some(args.asked.clone()),
                authority: args.authority.clone(),
                identified: args.identified.as_deref().map(|text| input::choice("--identified", text)).transpose()?,
                identified_how: args.identified_how.clone(),
                ..Disclosure::default()
            };
            let row = register.ask(&asked)?;
            context.screen.show(&row, |_| format!("written down as {row}; it waits for a decision\n"))
        }
        Command::Decide(args) => {
            let verdict = DisclosureVerdict {
                decision: input::choice("--decision", &args.decision)?,
                decided_by: args.by.clone(),
                why: args.why.clone(),
                given: args.given.clone(),
                identified: args
                    .identified
                    .as_deref()
                    .map(|text| input::choice::<IdentityCheck>("--identified", text))
                    .transpose()?,
                identified_how: None,
                person_told: None,
                not_told_why: None,
            };
            let known = register.all()?.into_iter().find(|row| row.disclosure.row == args.row);
            register.decide(known.ok_or_else(not_there)?.document, args.row, &verdict)?;
            context.screen.show(&"decided", |_| "decided; it stays in the register\n".to_owned())
        }
        Command::Requests => {
            let found = register.requests(Page::FIRST)?;
            context.screen.show(&found, |colours| requests(&found, colours))
        }
        Command::Request(args) => {
            let asked = Request {
                person: args.about.as_deref().map(|text| about(context, &client, text)).transpose()?,
                kind: Some(input::choice::<RequestKind>("--kind", &args.kind)?),
                asked_by: Some(args.asked_by.clone()),
                text: args.text.clone(),
                due: input::word("--due", args.due.as_deref())?,
                ..Request::default()
            };
            let row = register.request(&asked)?;
            context.screen.show(&row, |_| format!("written down as {row}\n"))
        }
        Command::Answer(args) => {
            let state = input::choice::<RequestState>("--state", &args.state)?;
            let is_closed = matches!(state, RequestState::Answered | RequestState::Refused);
            let set = Request {
                state: Some(state),
                answer: args.answer.clone(),
                handled_by: args.handled_by.clone(),
                answered_at: is_closed.then(|| client.now()),
                ..Request::default()
            };
            register.answer(request_of(&client, args.row)?, args.row, &set)?;
            context.screen.show(&"answered", |_| "written down\n".to_owned())
        }
    }
}

fn not_there() -> DeskError {
    DeskError::NotFound {
        what: "request".into(),
        remedy: "copy its id from the list; it may not have come yet: sync and try again".into(),
    }
}

/// The register that a resident's request stands in.
fn request_of(client: &Client, row: RowId) -> Result<DocumentId, DeskError> {
    let mut page = Page::FIRST;
    loop {
        let found = client.register().requests(page)?;
        if let Some(one) = found.rows.iter().find(|one| one.request.row == row) {
            return Ok(one.document);
        }
        page.offset += found.rows.len();
        if found.rows.is_empty() || page.offset as u64 >= found.total {
            return Err(not_there());
        }
    }
}

/// The home or person that is meant.
pub(super) fn about(context: &Context, client: &Client, text: &str) -> Result<DocumentId, DeskError> {
    use doorstep_client_core::client::ClientError;
    let record = match client.properties().resolve(text) {
        Err(ClientError::NotFound { .. }) => client.people().resolve(text)?,
        _ => crate::command::property::resolve(context, client, &[text.to_owned()])?,
    };
    Ok(record.0)
}

fn when(at: Option<Millis>) -> String {
    at.map_or_else(|| "not known".to_owned(), moment)
}

fn list(found: &Paged<DisclosureRow>, colours: Colours) -> String {
    let mut text = format!("{} in the register\n", count(found.total, "request", "requests"));
    for row in &found.rows {
        let value = &row.disclosure.value;
        let who = value.asked_by.as_deref().unwrap_or("not known");
        let of = value.organisation.as_deref().map(|of| format!(", {of}")).unwrap_or_default();
        let about = row.title.as_deref().map(|title| format!(" about {title}")).unwrap_or_default();
        let head = format!("{}  {who}{of}{about}  {}", when(value.asked_at), row.disclosure.row);
        text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &head)));
        text.push_str(&format!("  asked for: {}\n", value.asked.as_deref().unwrap_or("not known")));
        text.push_str(&format!("  purpose: {}\n", value.purpose.as_deref().unwrap_or("not known")));
        let identified = value.identified.as_ref().map_or("not recorded", |how| how.as_str());
        text.push_str(&format!("  identified: {}\n", plain(identified)));
        match &value.decision {
            Some(decision) if !value.is_pending() => {
                let by = value.decided_by.as_deref().unwrap_or("not known");
                text.push_str(&format!("  {} by {by}, {}\n", plain(decision.as_str()), when(value.decided_at)));
            }
            _ => text.push_str(&format!("  {}\n", colours.paint(Tone::Warning, "waits for a decision"))),
        }
        for (word, said) in [("why", &value.why), ("given", &value.given)] {
            if let Some(said) = said {
                text.push_str(&format!("  {word}: {said}\n"));
            }
        }
    }
    text
}

fn requests(found: &Paged<RequestRow>, colours: Colours) -> String {
    let mut text = format!("{}\n", count(found.total, "request of a resident", "requests of residents"));
    for row in &found.rows {
        let value = &row.request.value;
        let kind = value.kind.as_ref().map_or("request", |kind| kind.as_str());
        let who = value.asked_by.as_deref().unwrap_or("not known");
        let due = value.due.as_ref().map(|due| format!(", due {due}")).unwrap_or_default();
        let head = format!("{} of {who}{due}  {}", plain(kind), row.request.row);
        text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &head)));
        text.push_str(&format!("  {}\n", value.state.as_ref().map_or("open", |state| state.as_str())));
    }
    text
}

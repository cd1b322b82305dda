//! `doorstep todo`: what is to be done at this desk.

use doorstep_client_core::client::{Page, TodoFilter, TodoItem, TodoKind, TodoWhat};
use doorstep_client_core::records::clocks::ClockState;

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::clocks::{due_words, rule_words, state_words};
use crate::render::table::table;
use crate::render::words::{count, moment, plain};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep todo                              how much is on each list
  doorstep todo clocks                       deadlines that are overdue or run out soon, the most urgent first
  doorstep todo visits --at 100023336956     visits handed in for one home
  doorstep todo clocks --state running --from 51 --rows 50

Lists: clocks, glass-reviews, visits, conflicts, disclosures, duplicates, stale-facts, late-work, sync.";

/// What is to be done at this desk.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// One list; without it, how much is on each
    #[arg(value_name = "LIST")]
    list: Option<String>,
    /// Only of this home: UPRN, record id, or words that fit one home
    #[arg(long, value_name = "HOME")]
    at: Option<String>,
    /// Clocks that stand so: overdue, due-soon, fact-missing, running, met, met-late
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// The first row to show, from 1
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    from: usize,
    /// How many rows to show
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    rows: usize,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    let Some(list) = &args.list else {
        let counts = client.todo().counts()?;
        return context.screen.show(&counts, |colours| {
            let rows: Vec<Vec<String>> = counts
                .iter()
                .map(|one| {
                    let number = one.count.map_or_else(|| "not for this device".to_owned(), |count| count.to_string());
                    let overdue =
                        if one.overdue > 0 { format!("{} past their time", one.overdue) } else { String::new() };
                    vec![kind_words(one.kind).to_owned(), number, colours.paint(Tone::Alarm, &overdue)]
                })
                .collect();
            table(&["list", "things", ""], &rows)
        });
    };
    let kind = kind_of(list)?;
    let record = args
        .at
        .as_ref()
        .map(|home| crate::command::property::resolve(context, &client, std::slice::from_ref(home)))
        .transpose()?;
    let clock_state = args.state.as_deref().map(state_of).transpose()?;
    let filter = TodoFilter { record, clock_state, ..TodoFilter::default() };
    let page = Page { offset: args.from.saturating_sub(1), limit: args.rows };
    let found = client.todo().page(kind, &filter, page)?;
    context.screen.show(&found, |colours| {
        if found.rows.is_empty() {
            return format!("{}: nothing to do\n", kind_words(kind));
        }
        let rows: Vec<Vec<String>> = found.rows.iter().map(|item| row(item, colours)).collect();
        let head = format!("{}: {}\n", kind_words(kind), count(found.total, "thing to do", "things to do"));
        head + &table(&["where", "by", "what"], &rows)
    })
}

fn kind_of(text: &str) -> Result<TodoKind, DeskError> {
    let read = serde_json::from_value::<TodoKind>(serde_json::Value::from(text));
    read.map_err(|_| DeskError::input("LIST", "must be a list that `doorstep todo --help` names", "copy it from there"))
}

fn state_of(text: &str) -> Result<ClockState, DeskError> {
    let all = [
        ("overdue", ClockState::Overdue),
        ("due-soon", ClockState::DueSoon),
        ("fact-missing", ClockState::FactMissing),
        ("running", ClockState::Running),
        ("met-late", ClockState::MetLate),
        ("met", ClockState::Met),
    ];
    let found = all.into_iter().find(|(name, _)| *name == text).map(|(_, state)| state);
    found.ok_or_else(|| {
        let names = all.map(|(name, _)| name).join(", ");
        DeskError::input("--state", format!("must be one of: {names}"), "choose one of these")
    })
}

/// A list as people name it.
const fn kind_words(kind: TodoKind) -> &'static str {
    match kind {
        TodoKind::Clocks => "clocks",
        TodoKind::Visits => "visits",
        TodoKind::Conflicts => "conflicts",
        TodoKind::Duplicates => "duplicates",
        TodoKind::StaleFacts => "stale-facts",
        TodoKind::LateWork => "late-work",
        TodoKind::GlassReviews => "glass-reviews",
        TodoKind::Disclosures => "disclosures",
        TodoKind::Sync => "sync",
    }
}

fn row(item: &TodoItem, colours: Colours) -> Vec<String> {
    let due = item.due.clone().unwrap_or_default();
    let what = match &item.what {
        TodoWhat::Visit { visit, visitor_name } => {
            format!("{} of {} by {visitor_name}  {}", plain(&visit.kind), visit.started, hex(&visit.row))
        }
        TodoWhat::Conflict { class, fields, .. } => {
            format!("{} in dispute in {class}", count(*fields, "value", "values"))
        }
        TodoWhat::Twins { pair } => {
            let why: Vec<String> = pair.alike.iter().map(|one| plain(&format!("{one:?}").to_lowercase())).collect();
            return vec![pair.left.clone(), String::new(), format!("may be {} ({})", pair.right, why.join(", "))];
        }
        TodoWhat::Stale { collection, fact, .. } => format!("look again: {} ({})", plain(fact), plain(collection)),
        TodoWhat::Clock { code, clock, .. } => {
            let state = state_words(clock.state);
            let tone = if clock.state == ClockState::Overdue { Tone::Alarm } else { Tone::Warning };
            format!("{} {code}: {}", colours.paint(tone, state), rule_words(clock.rule))
        }
        TodoWhat::Late { envelopes, first_arrived, .. } => {
            format!("{} since {}", count(*envelopes as u64, "piece of work", "pieces of work"), moment(*first_arrived))
        }
        TodoWhat::Glass { task, device_name } => {
            format!("glass broken {} on {device_name}: {}", moment(task.at), task.reason.as_str())
        }
        TodoWhat::Disclosure { request, register, .. } => format!("{} {request}", plain(register)),
        TodoWhat::Sync { trouble, count: number } => {
            format!("{}: {number}", plain(&format!("{trouble:?}").to_lowercase()))
        }
    };
    let due = match &item.what {
        TodoWhat::Clock { clock, .. } => due_words(clock),
        _ => due,
    };
    vec![item.title.clone(), due, what]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

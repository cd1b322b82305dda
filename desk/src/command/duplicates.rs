//! `doorstep duplicates`: what may be there twice.

use std::str::FromStr;

use doorstep_client_core::client::{Agreement, Comparison, Page, SaidBy, TwinKey, TwinKind, TwinVerdict};
use doorstep_client_core::records::RowId;

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::conflicts::value_words;
use crate::render::table::table;
use crate::render::words::{count, moment, plain};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep duplicates list people
  doorstep duplicates compare people A B
  doorstep duplicates same people A B --note \"told by her daughter\"
  doorstep duplicates different hazards DOCUMENT A B
  doorstep duplicates same properties PROVISIONAL KNOWN      a home without a UPRN is one with it
  doorstep duplicates undo people A B --decision ROW

Nothing is moved: the two stay, linked, and each keeps its history. A decision can be undone.";

/// What may be there twice
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Pairs that may be one, the likeliest first
    List {
        /// hazards, people or properties
        #[arg(value_name = "KIND")]
        kind: String,
        /// The first pair to show, from 1
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        from: usize,
    },
    /// The two of a pair, side by side
    Compare(PairArgs),
    /// They are one
    Same(DecideArgs),
    /// They are two
    Different(DecideArgs),
    /// A decision about a pair does not hold any more
    Undo {
        /// Which pair
        #[command(flatten)]
        pair: PairArgs,
        /// The decision, as `duplicates compare` names it
        #[arg(long, value_name = "HEX")]
        decision: RowId,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
}

/// Which pair.
#[derive(clap::Args)]
pub struct PairArgs {
    /// hazards, people or properties
    #[arg(value_name = "KIND")]
    kind: String,
    /// The two, as the list names them; for hazards, their document first
    #[arg(value_name = "ID", required = true, num_args = 2..=3)]
    ids: Vec<String>,
}

/// Which pair, and why.
#[derive(clap::Args)]
pub struct DecideArgs {
    #[command(flatten)]
    pair: PairArgs,
    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    let duplicates = client.duplicates();
    match command {
        Command::List { kind, from } => {
            let page = Page { offset: from.saturating_sub(1), ..Page::default() };
            let found = duplicates.candidates(kind_of(kind)?, page)?;
            context.screen.show(&found, |_| {
                let rows: Vec<Vec<String>> =
                    found.rows.iter().map(|pair| vec![pair.left.clone(), pair.right.clone(), ids(pair.key)]).collect();
                let head = format!("{}\n", count(found.total, "pair may be one", "pairs may be one"));
                if rows.is_empty() { head } else { head + &table(&["one", "the other", "ids"], &rows) }
            })
        }
        Command::Compare(pair) => {
            let compared = duplicates.compare(key_of(pair)?)?;
            context.screen.show(&compared, |colours| page(&compared, colours))
        }
        Command::Same(args) => {
            let row = duplicates.decide(key_of(&args.pair)?, TwinVerdict::Same, args.note.as_deref())?;
            context.screen.show(&row, |_| format!("they are one: linked by decision {row}\n"))
        }
        Command::Different(args) => {
            let row = duplicates.decide(key_of(&args.pair)?, TwinVerdict::NotSame, args.note.as_deref())?;
            context.screen.show(&row, |_| format!("they are two: decision {row}\n"))
        }
        Command::Undo { pair, decision, note } => {
            duplicates.undo(key_of(pair)?, *decision, note.as_deref())?;
            context.screen.show(&"undone", |_| "undone; both decisions stay in the history\n".to_owned())
        }
    }
}

fn kind_of(text: &str) -> Result<TwinKind, DeskError> {
    match text {
        "hazards" => Ok(TwinKind::Hazards),
        "people" => Ok(TwinKind::People),
        "properties" => Ok(TwinKind::Properties),
        _ => Err(DeskError::input("KIND", "must be hazards, people or properties", "choose one of these")),
    }
}

fn id<T: FromStr>(text: Option<&String>) -> Result<T, DeskError> {
    let read = text.and_then(|text| text.trim().parse().ok());
    read.ok_or_else(|| DeskError::input("ID", "must be an id as the list shows it", "copy it from the list"))
}

fn key_of(args: &PairArgs) -> Result<TwinKey, DeskError> {
    let mut ids = args.ids.iter();
    Ok(match kind_of(&args.kind)? {
        TwinKind::Hazards => TwinKey::Hazards { document: id(ids.next())?, a: id(ids.next())?, b: id(ids.next())? },
        TwinKind::People => TwinKey::People { a: id(ids.next())?, b: id(ids.next())? },
        TwinKind::Properties => TwinKey::Properties { provisional: id(ids.next())?, known: id(ids.next())? },
    })
}

fn ids(key: TwinKey) -> String {
    match key {
        TwinKey::Hazards { document, a, b } => format!("{document} {a} {b}"),
        TwinKey::People { a, b } => format!("{a} {b}"),
        TwinKey::Properties { provisional, known } => format!("{provisional} {known}"),
    }
}

fn said(values: &[SaidBy]) -> String {
    let words: Vec<String> = values.iter().map(|said| format!("{} ({})", value_words(&said.value), said.who)).collect();
    words.join(" / ")
}

fn page(compared: &Comparison, colours: Colours) -> String {
    let mut text = String::new();
    for side in [&compared.left, &compared.right] {
        let at = side.at.map_or_else(|| "not known".to_owned(), moment);
        text.push_str(&format!("{}  since {at}, {}\n", colours.paint(Tone::Heading, &side.title), side.who));
    }
    let rows: Vec<Vec<String>> = compared
        .fields
        .iter()
        .map(|field| {
            let mark = match field.agreement {
                Agreement::Same => "same",
                Agreement::Differs => "DIFFERS",
                Agreement::OneSided => "one says",
            };
            let name = format!("{}.{}", field.collection, field.field);
            vec![name, mark.to_owned(), said(&field.left), said(&field.right)]
        })
        .collect();
    text.push_str(&table(&["field", "", "one", "the other"], &rows));
    for one in &compared.decisions {
        let at = one.at.map_or_else(|| "not known".to_owned(), moment);
        let undone = if one.undone_by.is_some() { " (undone)" } else { "" };
        let twins = plain(&format!("{:?}", one.twins).to_lowercase());
        text.push_str(&format!("{at}  {twins} by {}{undone}: decision {}\n", one.who, one.decision));
    }
    text
}

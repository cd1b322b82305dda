//! `doorstep visit`: what a visit found, with or without signal.

mod cells;
mod options;
mod template;

use std::path::PathBuf;

use doorstep_client_core::client::{Client, PersonInput, PropertyRef, VisitInput, VisitRecorded};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::hazard_codes::{self, Scheme};
use doorstep_client_core::records::{Row, RowId};
use doorstep_protocol::DocumentId;

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;
use crate::render::words::plain;
use crate::screen::Tone;

/// Visits of one file at most.
const FILE_VISITS_MAX: usize = 10_000;
/// Visits in one list at most.
const LIST_MAX: u64 = 10_000;

const EXAMPLES: &str = "\
Examples:
  doorstep visit record --at 100023336956 --kind safe-and-well --visitor 'Crew 4' \\
      --clutter 'living room,6,room_kind=living-room' --alarm 'hall,smoke,replaced' \\
      --hazard 'fire-v1,e-bike,room=hall,severity=high,note=charging across the way out' \\
      --main-exit restricted --flag dangerous-animal
  doorstep visit record --at 'flat 4 weaver house' --kind ot-assessment \\
      --person 'Edith Hart' --ability 'stairs,cannot' --ability 'transfer,with-help'
  doorstep visit record --provisional 'the boat next to lock 4' --kind follow-up
  doorstep visit template > visit.json      then edit it, and:
  doorstep visit record --file visit.json
  doorstep visit record --file visits.csv   columns as `doorstep visit template --csv` shows them

What happens next: it is on this device when the command returns, and goes up with the next `doorstep sync`.";

/// Record a visit, show a template, list visits
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Record a visit: all of it, or nothing
    Record(Box<RecordArgs>),
    /// Print a visit as JSON, to be edited and handed to `visit record --file`
    Template(TemplateArgs),
    /// Hazard codes by list, for `--hazard SCHEME,CODE`
    Codes(CodesArgs),
    /// Visits on this device, the newest first
    List(ListArgs),
}

/// Records a visit from options, or visits from a file. All of it is saved, or nothing.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct RecordArgs {
    /// The home: UPRN (known here or not), record id, or words that fit one home
    #[arg(long, value_name = "HOME", required_unless_present_any = ["file", "provisional"])]
    at: Option<String>,
    /// A home whose UPRN is not known: its address as people say it
    #[arg(long, value_name = "ADDRESS", conflicts_with = "at")]
    provisional: Option<String>,
    /// JSON (one visit or a list) or CSV, instead of the options
    #[arg(long, value_name = "FILE", conflicts_with_all = ["at", "provisional"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    found: options::Found,
}

/// Prints a visit in which every part is filled in once.
#[derive(clap::Args)]
pub struct TemplateArgs {
    /// The columns of a CSV file instead, with one visit
    #[arg(long)]
    csv: bool,
}

/// Lists the codes of hazards. A code carries its list: an inspection keeps the list it began with.
#[derive(clap::Args)]
pub struct CodesArgs {
    /// Only this list: hhsrs-2026, hhsrs-2005, fire-v1, ot-v1
    #[arg(value_name = "SCHEME")]
    scheme: Option<String>,
}

/// A code in a list.
#[derive(serde::Serialize)]
struct Code {
    scheme: &'static str,
    code: &'static str,
    label: &'static str,
}

/// Lists visits on this device, the newest first.
#[derive(clap::Args)]
pub struct ListArgs {
    /// How many at most, 1 to 10000
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=LIST_MAX))]
    limit: u64,
}

/// A visit in a list.
#[derive(serde::Serialize)]
struct Line {
    visit: RowId,
    property: Option<DocumentId>,
    uprn: Option<String>,
    address: Option<String>,
    kind: String,
    state: String,
    started: String,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Record(args) => record(context, args),
        Command::Template(args) => template(context, args),
        Command::Codes(args) => codes(context, args),
        Command::List(args) => list(context, args),
    }
}

fn codes(context: &Context, args: &CodesArgs) -> Result<(), DeskError> {
    let wanted = input::word::<Scheme>("SCHEME", args.scheme.as_deref())?;
    let schemes = Scheme::CODES.iter().filter(|name| wanted.as_ref().is_none_or(|wanted| wanted.as_str() == **name));
    let codes: Vec<Code> = schemes
        .flat_map(|scheme| {
            let of_scheme = hazard_codes::codes(&Scheme::from_code(scheme));
            of_scheme.iter().map(|(code, label)| Code { scheme, code, label })
        })
        .collect();
    if codes.is_empty() {
        return Err(DeskError::input(
            "SCHEME",
            format!("must be one of: {}", Scheme::CODES.join(", ")),
            "leave it out to see all; `doorstep pack list` has those of the partnership, too",
        ));
    }
    context.screen.show(&codes, |_| {
        let rows: Vec<Vec<String>> =
            codes.iter().map(|one| vec![one.scheme.to_owned(), one.code.to_owned(), one.label.to_owned()]).collect();
        table(&["scheme", "code", "hazard"], &rows)
    })
}

fn record(context: &Context, args: &RecordArgs) -> Result<(), DeskError> {
    // Everything is read and checked before the device is opened, and before anything is written.
    let mut inputs = match &args.file {
        Some(path) if path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("csv")) => cells::read(path)?,
        Some(path) => input::json_many::<VisitInput>(path)?,
        None => vec![args.found.visit(args.provisional.as_deref())?],
    };
    if inputs.is_empty() || inputs.len() > FILE_VISITS_MAX {
        return Err(DeskError::input("--file", "holds 1 to 10000 visits", "check that it is the right file"));
    }
    for (at, visit) in inputs.iter().enumerate() {
        let place = if inputs.len() == 1 { String::new() } else { format!("visit {}:", at + 1) };
        check(&place, visit)?;
    }
    let client = context.open()?;
    let book = client.packs().book()?;
    for (at, visit) in inputs.iter().enumerate() {
        // Lists of codes may come from the partnership, so the device is asked.
        let place = match (&args.file, inputs.len()) {
            (None, _) => "--hazard".to_owned(),
            (Some(_), 1) => "hazard".to_owned(),
            (Some(_), _) => format!("visit {}: hazard", at + 1),
        };
        for (scheme, code) in visit.hazards.iter().filter_map(Row::coded) {
            book.check_code(scheme, code).map_err(|error| input::refused(&place, error))?;
        }
    }
    if let (Some(home), [visit]) = (&args.at, inputs.as_mut_slice()) {
        visit.property = property_ref(context, &client, home)?;
    }
    // A home that is not there fails before the first of several visits is saved.
    for visit in &inputs {
        if let PropertyRef::Record(record) = &visit.property {
            client.properties().resolve(&record.to_string())?;
        }
    }
    let mut progress = crate::screen::Progress::of("recording visits");
    let mut recorded: Vec<VisitRecorded> = Vec::with_capacity(inputs.len());
    for visit in &inputs {
        recorded.push(client.visits().record(visit)?);
        progress.at(recorded.len() as u64, Some(inputs.len() as u64));
    }
    drop(progress);
    context.screen.show(&recorded, |colours| {
        let mut text = String::new();
        for one in &recorded {
            let row = client.properties().row(one.property).ok().flatten();
            let home = row.map_or_else(
                || one.property.to_string(),
                |row| row.uprn.map_or_else(|| row.address.clone(), |uprn| format!("{} (UPRN {uprn})", row.address)),
            );
            text.push_str(&format!("{} {home}\n", colours.paint(Tone::Good, "recorded:")));
        }
        text.push_str("It is on this device, and goes up with the next `doorstep sync`.\n");
        text
    })
}

/// A UPRN need not be known here; anything else has to be.
fn property_ref(context: &Context, client: &Client, home: &str) -> Result<PropertyRef, DeskError> {
    if let Ok(uprn) = home.trim().parse() {
        return Ok(PropertyRef::Uprn(uprn));
    }
    let record: RecordId = crate::command::property::resolve(context, client, &[home.to_owned()])?;
    Ok(PropertyRef::Record(record))
}

fn check(place: &str, visit: &VisitInput) -> Result<(), DeskError> {
    let of = |part: &str| format!("{place} {part}").trim().to_owned();
    if let PropertyRef::Provisional(property) = &visit.property {
        input::check(&of("property"), property.as_ref())?;
    }
    input::check(&of("visit"), &visit.visit)?;
    visit.dwelling.iter().try_for_each(|row| input::check(&of("dwelling"), row))?;
    visit.hazards.iter().try_for_each(|row| input::check(&of("hazard"), row))?;
    visit.measurements.iter().try_for_each(|row| input::check(&of("measurement"), row))?;
    visit.equipment.iter().try_for_each(|row| input::check(&of("equipment"), row))?;
    visit.adaptations.iter().try_for_each(|row| input::check(&of("adaptation"), row))?;
    visit.clutter.iter().try_for_each(|row| input::check(&of("clutter"), row))?;
    visit.alarms.iter().try_for_each(|row| input::check(&of("alarm"), row))?;
    visit.flags.iter().try_for_each(|row| input::check(&of("flag"), row))?;
    visit.people.iter().try_for_each(|person| check_person(&of("person"), person))
}

/// Checks a person as it will be checked when it is written; the home is filled in later.
///
/// # Errors
/// [`DeskError::Input`].
pub fn check_person(place: &str, person: &PersonInput) -> Result<(), DeskError> {
    if person.record.is_none() && person.person.is_none() {
        return Err(DeskError::input(
            place.to_owned(),
            "is a record that exists, or a new person",
            "give `record`, or `person` with a preferred name",
        ));
    }
    person.person.iter().try_for_each(|row| input::check(place, row))?;
    person.household.iter().try_for_each(|row| input::check(place, row))?;
    person.members.iter().try_for_each(|row| input::check(place, row))?;
    person.important.iter().try_for_each(|row| input::check(place, row))?;
    person.proxies.iter().try_for_each(|row| input::check(place, row))?;
    person.professionals.iter().try_for_each(|row| input::check(place, row))?;
    person.consents.iter().try_for_each(|row| input::check(place, row))?;
    person.conditions.iter().try_for_each(|row| input::check(place, row))?;
    person.evacuation.iter().try_for_each(|row| input::check(place, row))?;
    person.contacts.iter().try_for_each(|row| input::check(place, row))?;
    person.language.iter().try_for_each(|row| input::check(place, row))?;
    person.needs.iter().try_for_each(|row| input::check(place, row))?;
    person.abilities.iter().try_for_each(|row| input::check(place, row))?;
    person.notes.iter().try_for_each(|row| input::check(place, row))
}

fn template(context: &Context, args: &TemplateArgs) -> Result<(), DeskError> {
    if args.csv {
        return context.screen.text(&cells::template());
    }
    let example = template::visit();
    let json = serde_json::to_string_pretty(&example).map_err(|e| DeskError::Bug(format!("JSON: {e}").into()))?;
    context.screen.text(&json)
}

fn list(context: &Context, args: &ListArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let rows = client.visits().list(usize::try_from(args.limit).unwrap_or(1))?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let home = match row.record {
            Some(record) => client.properties().row(RecordId(record))?,
            None => None,
        };
        lines.push(Line {
            visit: RowId(row.row),
            property: row.record,
            uprn: home.as_ref().and_then(|home| home.uprn.clone()),
            address: home.map(|home| home.address),
            kind: row.kind,
            state: row.state,
            started: row.started,
        });
    }
    context.screen.show(&lines, |_| {
        if lines.is_empty() {
            return "no visits on this device yet\n".to_owned();
        }
        let rows: Vec<Vec<String>> = lines
            .iter()
            .map(|line| {
                let address = line.address.clone().unwrap_or_else(|| "address not on this device yet".to_owned());
                let uprn = line.uprn.clone().unwrap_or_default();
                vec![line.started.clone(), plain(&line.kind), line.state.clone(), uprn, address]
            })
            .collect();
        table(&["began", "kind", "state", "UPRN", "home"], &rows)
    })
}

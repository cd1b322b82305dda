//! `doorstep person`: people.

use std::path::PathBuf;

use doorstep_client_core::client::{Client, ClientError, PersonInput};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::communication::Need;
use doorstep_client_core::records::function::{Ability, Note, NoteKind};
use doorstep_client_core::records::identity::{Contact, Occupancy, OccupancyKind, Person};
use doorstep_client_core::records::{Reading, Row, Source};

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::person as page;
use crate::screen::Form;

/// People that are named when several fit.
const CANDIDATES_MAX: usize = 8;

const EXAMPLES: &str = "\
Examples:
  doorstep person find hart
  doorstep person show 'edith hart'
  doorstep person record --name 'Edith Hart' --at 100023336956 --born 1941-05-02 \\
      --contact 'phone,020 7946 0000' --need 'time-to-door' --ability 'stairs,cannot'
  doorstep person record --record RECORD --ability 'hear,with-help'      more about a person who is here
  doorstep person record --record RECORD --important 'Ann Hart,child,phone=020 7946 0001,key_holder=yes' \
      --consent 'share-with-fire,given,spoken,decided_at=2026-11-22 14:05,wording=sharing 1'
  doorstep person record --file person.json

What happens next: what crews must know of it stands in the firebox at once; all of it goes up with `doorstep sync`.";

/// Find, show or record people
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// People by name
    Find(FindArgs),
    /// What is known of a person
    Show(ShowArgs),
    /// Record a new person, or more about one
    Record(Box<RecordArgs>),
}

/// Finds people by name on this device.
#[derive(clap::Args)]
pub struct FindArgs {
    /// The name, or its beginning
    #[arg(required = true)]
    name: Vec<String>,
    /// How many at most, 1 to 200
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=200))]
    limit: u64,
}

/// Shows what is known of a person, with who said it and when.
#[derive(clap::Args)]
pub struct ShowArgs {
    /// Record id, or a name that fits one person
    #[arg(required = true, value_name = "PERSON")]
    person: Vec<String>,
}

/// Records a new person, or more about one who is here.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct RecordArgs {
    /// A person who is here, by record id
    #[arg(long, value_name = "RECORD", conflicts_with_all = ["name", "file"])]
    record: Option<RecordId>,
    /// The name the person wants to be called
    #[arg(long, required_unless_present_any = ["record", "file"])]
    name: Option<String>,
    /// Legal forename
    #[arg(long)]
    forename: Option<String>,
    /// Legal surname
    #[arg(long)]
    surname: Option<String>,
    /// Date of birth
    #[arg(long, value_name = "YYYY-MM-DD")]
    born: Option<String>,
    /// The home: UPRN, record id, or words that fit one home
    #[arg(long, value_name = "HOME")]
    at: Option<String>,
    /// A contact point: CHANNEL,VALUE and whose=, purpose= …
    #[arg(long, value_name = "ROW")]
    contact: Vec<String>,
    /// A communication need: KIND and detail=, share= …
    #[arg(long, value_name = "ROW")]
    need: Vec<String>,
    /// What the person can do: WHAT,LEVEL, such as stairs,cannot
    #[arg(long, value_name = "ROW")]
    ability: Vec<String>,
    /// Who lives there: field=value, such as adults=2,children=0,lives_alone=no
    #[arg(long, value_name = "ROW")]
    household: Option<String>,
    /// Somebody important: NAME,RELATION and phone=, emergency_contact=, key_holder= …
    #[arg(long, value_name = "ROW")]
    important: Vec<String>,
    /// Who may speak for the person: NAME,KIND,EVIDENCE and scope=, until= …
    #[arg(long, value_name = "ROW")]
    proxy: Vec<String>,
    /// A service that knows the person: SERVICE and role=, name=, contact=, last_involved= …
    #[arg(long, value_name = "ROW")]
    professional: Vec<String>,
    /// What the person agreed to: SCOPE,DECISION,METHOD,decided_at=TIME and wording=, contact=, expires= …
    #[arg(long, value_name = "ROW")]
    consent: Vec<String>,
    /// A note on mental capacity: DECISION,TEXT; for one decision, and never changed afterwards
    #[arg(long, value_name = "ROW")]
    capacity: Vec<String>,
    /// JSON: one person, or a list
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "contact", "need", "ability"])]
    file: Option<PathBuf>,
}

#[derive(serde::Serialize)]
struct Recorded {
    records: Vec<RecordId>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Find(args) => find(context, args),
        Command::Show(args) => show(context, args),
        Command::Record(args) => record(context, args),
    }
}

fn find(context: &Context, args: &FindArgs) -> Result<(), DeskError> {
    let rows = context.open()?.people().find(&args.name.join(" "), usize::try_from(args.limit).unwrap_or(1))?;
    context.screen.show_list(&rows, || page::list(&rows))?;
    if rows.is_empty() {
        let remedy = "nobody on this device fits: try the beginning of one name, or sync";
        return Err(DeskError::NotFound { what: "people".into(), remedy: remedy.into() });
    }
    Ok(())
}

fn show(context: &Context, args: &ShowArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let text = args.person.join(" ");
    let found = client.people().resolve(&text);
    if let (Err(ClientError::Ambiguous { .. }), Form::Text) = (&found, context.screen.form) {
        eprint!("{}", page::list(&client.people().find(&text, CANDIDATES_MAX)?));
    }
    let found = client.people().get(found?, Reading::Shown)?;
    let names = client.directory().names()?;
    context.screen.show(&found, |colours| page::page(&found, &names, colours))
}

fn record(context: &Context, args: &RecordArgs) -> Result<(), DeskError> {
    let inputs = match &args.file {
        Some(path) => input::json_many::<PersonInput>(path)?,
        None => vec![from_options(args)?],
    };
    for (at, person) in inputs.iter().enumerate() {
        crate::command::visit::check_person(&format!("person {}:", at + 1), person)?;
    }
    let client = context.open()?;
    let mut records = Vec::with_capacity(inputs.len());
    for mut person in inputs {
        if let Some(home) = &args.at {
            person.occupancies.push(at_home(context, &client, home)?);
        }
        records.push(client.people().record(&person)?);
    }
    let data = Recorded { records };
    context.screen.show(&data, |_| {
        let ids: Vec<String> = data.records.iter().map(ToString::to_string).collect();
        format!("recorded as {}; it goes up with the next `doorstep sync`", ids.join(", "))
    })
}

fn from_options(args: &RecordArgs) -> Result<PersonInput, DeskError> {
    let born = input::word("--born", args.born.as_deref())?;
    let says_who = args.name.is_some() || args.forename.is_some() || args.surname.is_some() || born.is_some();
    let person = Person {
        preferred_name: args.name.clone(),
        forename: args.forename.clone(),
        surname: args.surname.clone(),
        born,
        ..Person::default()
    };
    Ok(PersonInput {
        record: args.record,
        person: if says_who { Some(person) } else { None },
        contacts: args
            .contact
            .iter()
            .map(|text| input::row::<Contact>("--contact", &["channel", "value"], text))
            .collect::<Result<_, _>>()?,
        needs: args.need.iter().map(|text| input::row::<Need>("--need", &["kind"], text)).collect::<Result<_, _>>()?,
        abilities: args
            .ability
            .iter()
            .map(|text| input::row::<Ability>("--ability", &["what", "level"], text))
            .collect::<Result<_, _>>()?,
        household: args.household.as_deref().map(|text| input::row("--household", &[], text)).transpose()?,
        important: rows("--important", &["name", "relation"], &args.important)?,
        proxies: rows("--proxy", &["name", "kind", "evidence"], &args.proxy)?,
        professionals: rows("--professional", &["service"], &args.professional)?,
        consents: rows("--consent", &["scope", "decision", "method"], &args.consent)?,
        notes: capacity(&args.capacity)?,
        ..PersonInput::default()
    })
}

fn rows<T: Row + serde::de::DeserializeOwned>(
    option: &'static str,
    leading: &[&str],
    texts: &[String],
) -> Result<Vec<T>, DeskError> {
    texts.iter().map(|text| input::row(option, leading, text)).collect()
}

fn capacity(texts: &[String]) -> Result<Vec<Note>, DeskError> {
    let notes: Vec<Note> = rows("--capacity", &["decision", "text"], texts)?;
    Ok(notes.into_iter().map(|note| Note { kind: Some(NoteKind::Capacity), ..note }).collect())
}

fn at_home(context: &Context, client: &Client, home: &str) -> Result<Occupancy, DeskError> {
    let record = crate::command::property::resolve(context, client, &[home.to_owned()])?;
    Ok(Occupancy {
        property: Some(record.0),
        kind: Some(OccupancyKind::Main),
        source: Some(Source::Observed),
        ..Occupancy::default()
    })
}

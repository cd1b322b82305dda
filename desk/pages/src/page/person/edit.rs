//! Recording and changing what is known of a person. A field that is emptied is emptied knowingly; a code that a newer version
//! wrote, and that this form cannot show, stays as it is.

use doorstep_client_core::client::ClientError;
use doorstep_client_core::device::{RecordId, WriteError};
use doorstep_client_core::records::communication::{Language, Need};
use doorstep_client_core::records::function::{Ability, Note, NoteKind};
use doorstep_client_core::records::identity::{Contact, Person};
use doorstep_client_core::records::network::{Household, Important, Member, Professional, Proxy};
use doorstep_client_core::records::{Date, EditError, Reading, Row, RowId, Source, Value};
use maud::{Markup, html};

use super::parts::{Input, Kind, Need as Must, Part};
use crate::ask::{Answer, Ask, Fault};
use crate::fields::Fields;
use crate::refusals;
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// Does something with the row that a part is.
macro_rules! of_part {
    ($part:expr, $row:ident => $done:expr) => {
        match $part {
            Part::Person => of_part!(@ Person, $row, $done),
            Part::Contact => of_part!(@ Contact, $row, $done),
            Part::Language => of_part!(@ Language, $row, $done),
            Part::Need => of_part!(@ Need, $row, $done),
            Part::Ability => of_part!(@ Ability, $row, $done),
            Part::Note => of_part!(@ Note, $row, $done),
            Part::Household => of_part!(@ Household, $row, $done),
            Part::Member => of_part!(@ Member, $row, $done),
            Part::Important => of_part!(@ Important, $row, $done),
            Part::Proxy => of_part!(@ Proxy, $row, $done),
            Part::Professional => of_part!(@ Professional, $row, $done),
        }
    };
    (@ $of:ident, $row:ident, $done:expr) => {{
        type $row = $of;
        $done
    }};
}

/// What the path names: the part, and the row of it that is changed.
fn of_path(ask: &Ask) -> Result<(Part, Option<RowId>), Fault> {
    let word: String = ask.part("what")?;
    let part = Part::ALL.into_iter().find(|part| part.word() == word).ok_or(Fault::NotFound)?;
    let row = ask.row().ok().or(part.is_single().then_some(RowId::SINGLE));
    Ok((part, row))
}

/// The form, filled with what is known.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, (part, row)) = (ask.record()?, of_path(ask)?);
    if let Some(row) = row {
        ask.fields = of_part!(part, R => match held::<R>(ask, record, row)? {
            Some(held) => filled(part, &held),
            None if part.is_single() => Fields::default(),
            None => return Err(Fault::NotFound),
        });
    }
    Ok(Answer::Page(page_of(ask, record, part)?))
}

fn page_of(ask: &Ask, record: RecordId, part: Part) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let person = ask.house.client.people().row(record)?.ok_or(Fault::NotFound)?;
    let back = format!("/person/{record}");
    let title = speech.say(part.label());
    let body = html! {
        p.kicker { a href=(back) { (person.name) } }
        h1 { (title) }
        (form::form(ask, &ask.path, html! {
            (inputs(ask, part.inputs()))
            div.actions { button.main { (speech.say("save")) } a.button.quiet href=(back) { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Search), &title, body))
}

/// The fields of a part.
#[must_use]
pub fn inputs(ask: &Ask, inputs: &[Input]) -> Markup {
    html! {
        @for input in inputs {
            @let field = Field::named(input.name);
            @match input.kind {
                Kind::Line(_) => (form::line(ask, field, "text", None)),
                Kind::Lines(_) => (form::area(ask, field)),
                Kind::Chips(family, codes) => (form::choice(ask, field, &form::codes(ask, family, codes))),
                Kind::Select(family, codes) => (form::select(ask, field, &form::codes(ask, family, codes))),
                Kind::Figure(..) => (form::line(ask, field, "text", Some("numeric"))),
                Kind::Day => (form::line(ask, Field::with_hint(input.name, "date-hint"), "date", None)),
                Kind::YesNo => (form::choice(ask, field, &["yes", "no"].map(|word| (word.to_owned(), ask.speech().code("answer", word))))),
            }
        }
    }
}

/// The value that was typed into a field. What does not fit stands at it.
fn typed(ask: &mut Ask, input: &Input) -> Option<Value> {
    let fields = &mut ask.fields;
    let value = match input.kind {
        Kind::Line(chars_max) | Kind::Lines(chars_max) => fields.text(input.name, chars_max).map(Value::Text),
        Kind::Chips(_, codes) | Kind::Select(_, codes) => {
            let code = fields.typed(input.name).to_owned();
            if !code.is_empty() && !codes.contains(&code.as_str()) {
                fields.refuse(input.name, Message::new("error-choose"));
            }
            (!code.is_empty()).then_some(Value::Text(code))
        }
        Kind::Figure(min, max) => fields.number(input.name, (min, max)).map(Value::Whole),
        Kind::Day => fields.parsed::<Date>(input.name, "error-date").map(|day| Value::Text(day.to_string())),
        Kind::YesNo => match fields.typed(input.name) {
            "yes" => Some(Value::Truth(true)),
            "no" => Some(Value::Truth(false)),
            _ => None,
        },
    };
    if value.is_none() && input.need == Must::Needed && ask.fields.error(input.name).is_none() {
        let refusal =
            if matches!(input.kind, Kind::Chips(..) | Kind::Select(..)) { "error-choose" } else { "error-fill" };
        ask.fields.refuse(input.name, Message::new(refusal));
    }
    value
}

/// The row of a form. It was told by the person, now, where the row says such things.
pub fn read<R: Row>(ask: &mut Ask, inputs: &[Input]) -> R {
    let held: Vec<(&str, Option<Value>)> = inputs.iter().map(|input| (input.field, typed(ask, input))).collect();
    let now = ask.now();
    R::read(&mut |field| match held.iter().find(|(name, _)| *name == field) {
        Some((_, value)) => value.clone(),
        None if field == "source" => Some(Value::Text(Source::ToldByResident.as_str().to_owned())),
        None if field == "observed_at" => Some(Value::Moment(now)),
        None => None,
    })
}

/// The row that is changed.
fn held<R: Row>(ask: &Ask, record: RecordId, row: RowId) -> Result<Option<R>, Fault> {
    let view = ask.house.client.document(record, R::CLASS)?;
    let mut rows = view.map(|view| view.rows::<R>(Reading::Shown)).unwrap_or_default().into_iter();
    Ok(rows.find(|seen| seen.row == row).map(|seen| seen.value))
}

/// A form that is filled with a row.
fn filled<R: Row>(part: Part, row: &R) -> Fields {
    let entries = row.entries();
    let of = |input: &Input| {
        let entry = entries.iter().find(|entry| entry.field == input.field)?;
        let text = match &entry.value {
            Value::Text(text) => text.clone(),
            Value::Whole(number) => number.to_string(),
            Value::Truth(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            _ => return None,
        };
        Some((input.name, text))
    };
    Fields::filled(part.inputs().iter().filter_map(of))
}

/// Fields that were filled and were emptied in the form. Buttons that stay pressed cannot be emptied, and a code that the list
/// does not offer was not.
fn emptied<R: Row>(ask: &Ask, part: Part, before: &R) -> Vec<&'static str> {
    let entries = before.entries();
    let can_be = |input: &Input| match input.kind {
        Kind::Chips(..) | Kind::YesNo => false,
        Kind::Select(_, codes) => entries
            .iter()
            .any(|entry| entry.field == input.field && entry.value.as_text().is_some_and(|code| codes.contains(&code))),
        Kind::Line(_) | Kind::Lines(_) | Kind::Figure(..) | Kind::Day => true,
    };
    let is_emptied = |input: &&Input| {
        ask.fields.typed(input.name).trim().is_empty()
            && entries.iter().any(|entry| entry.field == input.field)
            && can_be(input)
    };
    part.inputs().iter().filter(is_emptied).map(|input| input.field).collect()
}

/// Saves the form.
pub fn save(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, (part, row)) = (ask.record()?, of_path(ask)?);
    if ask.house.client.people().row(record)?.is_none() {
        return Err(Fault::NotFound);
    }
    let saved = of_part!(part, R => {
        let value = read::<R>(ask, part.inputs());
        check(ask, part);
        ask.fields.is_sound() && write::<R>(ask, record, part, row, &value)?
    });
    if !saved {
        return Ok(Answer::Unsound(page_of(ask, record, part)?));
    }
    let said = Message::new("saved-what").with("what", ask.speech().say(part.label()));
    Ok(Answer::GoAndSay(format!("/person/{record}"), said))
}

/// What must hold between fields, said at the field.
fn check(ask: &mut Ask, part: Part) {
    let is_capacity = ask.fields.typed("note_kind") == NoteKind::Capacity.as_str();
    if part == Part::Note && is_capacity && ask.fields.typed("capacity_decision").trim().is_empty() {
        ask.fields.refuse("capacity_decision", Message::new("error-capacity"));
    }
    if matches!(part, Part::Language | Part::Household)
        && part.inputs().iter().all(|input| ask.fields.typed(input.name).trim().is_empty())
    {
        ask.fields.refuse(part.inputs()[0].name, Message::new("error-fill-one"));
    }
}

fn write<R: Row>(ask: &mut Ask, record: RecordId, part: Part, row: Option<RowId>, value: &R) -> Result<bool, Fault> {
    let before = match row {
        Some(row) => held::<R>(ask, record, row)?,
        None => None,
    };
    let emptied = before.as_ref().map(|before| emptied(ask, part, before)).unwrap_or_default();
    let saved = ask.house.client.write(|draft| {
        let fresh = draft.row_id();
        draft.edit(record, R::CLASS, |edit| match row {
            None => edit.create(fresh, value),
            Some(row) => {
                edit.update(row, value)?;
                emptied.iter().try_for_each(|field| edit.clear::<R>(row, field))
            }
        })
    });
    match saved {
        Ok(()) => {
            ask.house.wake();
            Ok(true)
        }
        Err(ClientError::Write(WriteError::Edit(EditError::Field(error)))) => {
            let input = part.inputs().iter().find(|input| input.field == error.field);
            let name = input.map_or(part.inputs()[0].name, |input| input.name);
            ask.fields.refuse(name, refusals::of_write(&WriteError::Edit(EditError::Field(error))));
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form for somebody new at a home.
pub fn show_new(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(new_page(ask)?))
}

fn new_page(ask: &Ask) -> Result<Markup, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let home = ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let body = html! {
        p.kicker { a href={"/home/" (record)} { (home.address) } }
        h1 { (speech.say("person-add")) }
        (form::form(ask, &format!("/home/{record}/person"), html! {
            (inputs(ask, Part::Person.inputs()))
            div.actions { button.main { (speech.say("save")) } a.button.quiet href={"/home/" (record)} { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Search), &speech.say("person-add"), body))
}

/// Records somebody new, who lives there.
pub fn add_new(ask: &mut Ask) -> Result<Answer, Fault> {
    use doorstep_client_core::client::PersonInput;
    use doorstep_client_core::records::identity::{Occupancy, OccupancyKind};
    let record = ask.record()?;
    ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let person = read::<Person>(ask, Part::Person.inputs());
    if !ask.fields.is_sound() {
        return Ok(Answer::Unsound(new_page(ask)?));
    }
    let lives_here = Occupancy {
        property: Some(record.0),
        kind: Some(OccupancyKind::Main),
        source: Some(Source::ToldByResident),
        ..Occupancy::default()
    };
    let input = PersonInput { person: Some(person), occupancies: vec![lives_here], ..PersonInput::default() };
    let made = ask.house.client.people().record(&input)?;
    ask.house.wake();
    Ok(Answer::GoAndSay(format!("/person/{made}"), Message::new("person-added")))
}

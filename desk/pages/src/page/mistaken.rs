//! What was recorded at the wrong home, of the wrong room or person, or misread: taken back with a reason, listed, and let stand after
//! all. Of a home and of a person alike.

use doorstep_client_core::client::{ClientError, MistakenFact};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::decisions::mistakable;
use doorstep_client_core::records::function::Ability;
use doorstep_client_core::records::home::{Adaptation, Alarm, Clutter, Dwelling, Equipment, Measurement};
use doorstep_client_core::records::view::RowView;
use doorstep_client_core::records::{Class, DocumentView, Reading, Row as _, RowId, caution};
use maud::{Markup, html};

use super::property;
use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::Facts;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::{Message, Speech};

/// Characters of a reason.
const WHY_CHARS_MAX: usize = 2_000;

/// Whose fact it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A home's.
    Home(RecordId),
    /// A person's.
    Person(RecordId),
}

impl Of {
    /// As the address of a page says it.
    fn of_path(ask: &Ask) -> Result<Self, Fault> {
        let record = ask.record()?;
        Ok(if ask.path.starts_with("/person/") { Self::Person(record) } else { Self::Home(record) })
    }

    const fn record(self) -> RecordId {
        match self {
            Self::Home(record) | Self::Person(record) => record,
        }
    }

    const fn class(self) -> Class {
        match self {
            Self::Home(_) => Class::Home,
            Self::Person(_) => Class::Function,
        }
    }

    /// The page it stands on.
    fn page(self) -> String {
        match self {
            Self::Home(record) => format!("/home/{record}"),
            Self::Person(record) => format!("/person/{record}"),
        }
    }

    fn path(self) -> String {
        format!("{}/mistakes", self.page())
    }

    fn title(self, ask: &Ask) -> Result<String, Fault> {
        let client = &ask.house.client;
        Ok(match self {
            Self::Home(record) => client.properties().row(record)?.ok_or(Fault::NotFound)?.address,
            Self::Person(record) => client.people().row(record)?.ok_or(Fault::NotFound)?.name,
        })
    }

    fn taken(self, ask: &Ask) -> Result<Vec<MistakenFact>, ClientError> {
        match self {
            Self::Home(record) => ask.house.client.visits().mistaken(record),
            Self::Person(record) => ask.house.client.people().mistaken(record),
        }
    }
}

/// A fact that can be taken back.
struct Fact {
    collection: String,
    row: RowId,
    /// Of the dwelling one field at a time.
    field: Option<String>,
}

impl Fact {
    /// The one that the address of a page names.
    fn of_path(ask: &Ask) -> Result<Self, Fault> {
        Ok(match ask.part::<String>("field") {
            Ok(field) => Self { collection: Dwelling::COLLECTION.to_owned(), row: RowId::SINGLE, field: Some(field) },
            Err(_) => Self { collection: ask.part("collection")?, row: ask.row()?, field: None },
        })
    }

    /// What it says, where it stands.
    fn words(&self, facts: Facts<'_>, of: Of, view: &DocumentView) -> Result<String, Fault> {
        let row =
            view.row(&self.collection, self.row).filter(|_| mistakable(of.class()).contains(&self.collection.as_str()));
        let row = row.ok_or(Fault::NotFound)?;
        match &self.field {
            Some(field)
                if row.fields.get(field).is_none_or(|held| held.values.iter().all(|said| !said.value.is_said())) =>
            {
                Err(Fault::NotFound)
            }
            None if self.collection == Dwelling::COLLECTION => Err(Fault::NotFound),
            field => Ok(words(facts, &self.collection, row, field.as_deref())),
        }
    }
}

/// The way to take a fact back.
pub(super) fn way(speech: Speech, of: Of, collection: &str, row: RowId, words: &str) -> Markup {
    link(speech, &format!("{}/{collection}/{row}", of.path()), words)
}

/// The way to take back one fact of the dwelling.
pub(super) fn way_of_dwelling(speech: Speech, home: RecordId, field: &str, words: &str) -> Markup {
    link(speech, &format!("{}/dwelling/{field}", Of::Home(home).path()), words)
}

fn link(speech: Speech, path: &str, words: &str) -> Markup {
    html! {
        a.change href=(path) aria-label=(speech.tell("mistake-take-back-what", "what", words)) { (speech.say("mistake-take-back")) }
    }
}

/// The way to what was taken back, where anything was.
pub(super) fn taken(ask: &Ask, of: Of) -> Result<Markup, Fault> {
    let count = of.taken(ask)?.len();
    Ok(html! {
        @if count > 0 { p { a.button.quiet href=(of.path()) { (ask.speech().tell("mistakes-count", "n", count)) } } }
    })
}

/// A fact in words.
fn words(facts: Facts<'_>, collection: &str, row: &RowView, field: Option<&str>) -> String {
    let speech = facts.speech;
    match (collection, field) {
        (_, Some(field)) => {
            let rule = caution::rule(Class::Home, collection, field);
            let value = row.fields.get(field).and_then(|held| held.value(Reading::Cautious, rule));
            let said = value.map(|value| facts.value(value, property::family(collection, field)));
            format!("{}: {}", speech.code("field", field), said.unwrap_or_else(|| speech.say("value-newer")))
        }
        ("alarms", _) => property::alarm(speech, &row.typed::<Alarm>(Reading::Shown)),
        ("clutter", _) => property::clutter(speech, &row.typed::<Clutter>(Reading::Shown)),
        ("measurements", _) => property::measurement(speech, &row.typed::<Measurement>(Reading::Shown)),
        ("equipment", _) => property::equipment(speech, &row.typed::<Equipment>(Reading::Shown)),
        ("abilities", _) => property::ability(speech, &row.typed::<Ability>(Reading::Shown)),
        _ => property::adaptation(speech, &row.typed::<Adaptation>(Reading::Shown)),
    }
}

/// What was taken back, with why, and the way to let it stand after all.
pub fn list(ask: &mut Ask) -> Result<Answer, Fault> {
    let (of, speech) = (Of::of_path(ask)?, ask.speech());
    let title = of.title(ask)?;
    let view = ask.house.client.document(of.record(), of.class())?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let taken = of.taken(ask)?;
    let held = |fact: &MistakenFact| view.as_ref()?.sections.get(&fact.collection)?.mistaken.get(&fact.row);
    let body = html! {
        p.kicker { a href=(of.page()) { (title) } }
        h1 { (speech.say("mistakes")) }
        p.lead { (speech.say("mistakes-text")) }
        @if taken.is_empty() { p.empty { (speech.say("mistakes-none")) } }
        ul.facts.card {
            @for fact in &taken {
                @let what = held(fact).map(|row| words(facts, &fact.collection, row, fact.field.as_deref()));
                @let what = what.unwrap_or_else(|| speech.say("value-newer"));
                li.fact {
                    span.words { (speech.code("collection", &fact.collection)) ": " del { (what) } }
                    span.words { (fact.why.clone().unwrap_or_else(|| speech.say("mistake-answer"))) }
                    (facts.by(fact.made.as_ref()))
                    form.inline method="post" action={(of.path()) "/undo"} {
                        (token(ask))
                        input type="hidden" name="mistake" value=(fact.decision);
                        button.quiet { (speech.say("mistake-undo")) span.unseen { ": " (what) } }
                    }
                }
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("mistakes"), body)))
}

/// The fact that the path names, in words.
fn in_words(ask: &Ask, of: Of, fact: &Fact) -> Result<String, Fault> {
    let view = ask.house.client.document(of.record(), of.class())?.ok_or(Fault::NotFound)?;
    let names = ask.house.names();
    fact.words(Facts { speech: ask.speech(), names: &names, now: ask.now() }, of, &view)
}

/// The form.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let (of, fact, speech) = (Of::of_path(ask)?, Fact::of_path(ask)?, ask.speech());
    let words = in_words(ask, of, &fact)?;
    let body = html! {
        p.kicker { a href=(of.page()) { (of.title(ask)?) } }
        h1 { (speech.say("mistake-take-back")) }
        section.card { p { (speech.code("collection", &fact.collection)) ": " strong { (words) } } }
        p { (speech.say(if fact.field.is_some() { "mistake-text-dwelling" } else { "mistake-text" })) }
        (form::form(ask, &ask.path, html! {
            (form::area(ask, Field::with_hint("mistake_why", "mistake-why-hint")))
            div.actions { button.main { (speech.say("mistake-take-back-now")) } a.button.quiet href=(of.page()) { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Search), &speech.say("mistake-take-back"), body))
}

/// Takes it back.
pub fn take_back(ask: &mut Ask) -> Result<Answer, Fault> {
    let (of, fact) = (Of::of_path(ask)?, Fact::of_path(ask)?);
    in_words(ask, of, &fact)?;
    if let Some(why) = ask.fields.text_needed("mistake_why", WHY_CHARS_MAX) {
        let client = &ask.house.client;
        let taken = match (of, &fact.field) {
            (Of::Home(home), Some(field)) => client.visits().take_back_of_dwelling(home, field, &why),
            (Of::Home(home), None) => client.visits().take_back(home, (&fact.collection, fact.row), &why),
            (Of::Person(person), _) => client.people().take_back(person, fact.row, &why),
        };
        if ask.settle(taken)?.is_some() {
            return Ok(Answer::GoAndSay(of.page(), Message::new("mistake-taken-back")));
        }
    }
    Ok(Answer::Unsound(page_of(ask)?))
}

/// Lets it stand after all.
pub fn undo(ask: &mut Ask) -> Result<Answer, Fault> {
    let of = Of::of_path(ask)?;
    let decision: RowId = ask.fields.typed("mistake").parse().map_err(|_| Fault::NotFound)?;
    match of {
        Of::Home(home) => ask.house.client.visits().let_stand(home, decision)?,
        Of::Person(person) => ask.house.client.people().let_stand(person, decision)?,
    }
    ask.house.wake();
    Ok(Answer::GoAndSay(of.path(), Message::new("mistake-undone")))
}

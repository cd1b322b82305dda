//! The form of a visit, as its pack asks it: each tap saves one answer with what follows from it. What is not answered is not
//! known. An answer that this device has no question for is shown as it came, and stays.

mod controls;

use doorstep_client_core::client::{AnswerInput, Asked, FormPage, FormRef, PropertyPage};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::home::{Visit, VisitState};
use doorstep_client_core::records::packs::{AnswerKind, Question, Subject};
use doorstep_client_core::records::{Date, RowId, Seen};
use doorstep_client_core::store::lists::PersonRow;
use maud::{Markup, html};

use super::{hazard, of_path, path};
use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::Facts;
use crate::view::{self, Tab, form, token};
use crate::words::{Arg, Message};
pub(in crate::page) use controls::in_words;

/// Characters of an answer in words.
const ANSWER_CHARS_MAX: usize = 4_000;

/// What questions are answered on: whom they may be about, and where an answer goes.
pub(in crate::page) struct Sheet<'a> {
    /// The home, where it is one's; then somebody may be added to it.
    home: Option<RecordId>,
    /// Whom a question may be about.
    people: &'a [PersonRow],
    /// The address of an answer, without its question.
    at: &'a str,
    is_open: bool,
}

impl<'a> Sheet<'a> {
    fn of_visit(home: &'a PropertyPage, visit: &Seen<Visit>, at: &'a str) -> Self {
        let is_open = matches!(visit.value.state, Some(VisitState::Draft | VisitState::Returned));
        Self { home: Some(home.record), people: &home.people, at, is_open }
    }

    /// Of one person, at no visit.
    pub(in crate::page) const fn of_person(person: &'a [PersonRow; 1], at: &'a str) -> Self {
        Self { home: None, people: person, at, is_open: true }
    }

    /// Whether a question has one answer: it is asked neither for each room nor for each of several people.
    fn has_one(&self, question: &Question) -> bool {
        !question.rooms && (question.about == Subject::Home || self.people.len() <= 1)
    }
}

pub(in crate::page) fn count(ask: &Ask, page: &FormPage) -> String {
    let counts = [("n", Arg::from(page.answered())), ("of", Arg::Text(page.asked.len().to_string()))];
    ask.speech().tell_all("form-answered", &counts)
}

/// What the page of a visit says of its form.
pub(super) fn section(ask: &Ask, record: RecordId, visit: RowId) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let page = ask.house.client.visits().form(record, visit)?;
    let at = format!("{}/form", path(record, visit));
    let is_nothing = page.form.is_none() && page.choices.is_empty() && page.unknown.is_empty();
    Ok(html! {
        @if !is_nothing {
            section.card.form-of aria-labelledby="form-of" {
                h2 id="form-of" {
                    @match &page.form { Some(form) => (in_words(speech, &form.title)), None => (speech.say("form")) }
                }
                @if page.form.is_some() { p { (count(ask, &page)) } }
                p { a.button.main href=(at) { (speech.say("form-open")) } }
            }
        }
    })
}

/// The form.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask, None)?))
}

/// The page; `wrong` is the question whose answer does not fit.
fn page_of(ask: &Ask, wrong: Option<&str>) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let (home, visit) = of_path(ask)?;
    let page = ask.house.client.visits().form(home.record, visit.row)?;
    let at = path(home.record, visit.row);
    let answers = format!("{at}/form");
    let sheet = Sheet::of_visit(&home, &visit, &answers);
    let title = page.form.as_ref().map_or_else(|| speech.say("form"), |form| in_words(speech, &form.title));
    let asks_people = page.asked.iter().any(|asked| asked.question.about == Subject::Person);
    let body = html! {
        p.kicker { a href=(at) { (home.row.address) } }
        h1 { (title) }
        @if page.form.is_some() { p.lead { (count(ask, &page)) " " (speech.say("form-not-known")) } }
        (form::summary(ask))
        @if asks_people { p.hint { (speech.say("form-protected")) } }
        @if let Some((id, version)) = &page.unknown_form {
            p.refusal { (speech.tell_all("form-unknown", &[("form", Arg::from(id.as_str())), ("version", Arg::Text(version.to_string()))])) }
        }
        @if !page.choices.is_empty() { (choose(ask, &at, &page.choices)) }
        ol.questions {
            @for asked in &page.asked { li { (question(ask, &sheet, asked, wrong)) } }
        }
        (unknown(ask, &page))
        p { a.button.main href=(at) { (speech.say("form-back")) } }
    };
    Ok(view::page(ask, Some(Tab::Visits), &title, body))
}

fn choose(ask: &Ask, at: &str, choices: &[FormRef]) -> Markup {
    html! {
        form method="post" action={(at) "/form"} {
            (token(ask))
            h2 { (ask.speech().say("form-choose")) }
            ul.grid {
                @for form in choices {
                    li { button name="form" value=(form.id) { (in_words(ask.speech(), &form.title)) } }
                }
            }
        }
    }
}

/// A question with its answers, and the way to answer it; `wrong` is the one whose answer does not fit.
pub(in crate::page) fn question(ask: &Ask, sheet: &Sheet<'_>, asked: &Asked, wrong: Option<&str>) -> Markup {
    let speech = ask.speech();
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let Asked { question, given } = asked;
    let action = format!("{}/{}", sheet.at, question.id);
    let has_subject = question.about == Subject::Home || !sheet.people.is_empty();
    let keeps = sheet.is_open && question.answer == AnswerKind::Text && sheet.has_one(question) && has_subject;
    html! {
        section.question id={"q-" (question.id)} tabindex="-1" aria-labelledby={"t-" (question.id)} data-keep=[keeps.then_some(&action)] {
            h2 id={"t-" (question.id)} { (in_words(speech, &question.text)) }
            @if given.is_empty() {
                p.by {
                    span.tag { (speech.say("not-known")) }
                    @if question.required { " " (speech.say("form-needed")) }
                }
            }
            ul.facts {
                @for one in given {
                    li.fact {
                        span.words {
                            @if let Some(person) = one.person { (whose(ask, sheet, person)) ": " }
                            @if let Some(room) = &one.answer.room { (speech.room(room)) ": " }
                            strong { (controls::answer_in_words(speech, question, &one.answer)) }
                        }
                        @if !one.disputed.is_empty() { (facts.disputed()) }
                        (facts.by(one.made.as_ref()))
                        @if sheet.is_open && asked.can_be_taken_back() {
                            form method="post" action=(action) {
                                (token(ask))
                                @if let Some(room) = &one.answer.room { input type="hidden" name="room_other" value=(room); }
                                @if let Some(person) = one.person { input type="hidden" name="person" value=(person); }
                                button.quiet name="take_back" value="yes" { (speech.say("form-take-back")) }
                            }
                        }
                    }
                }
            }
            @if sheet.is_open { (controls::form(ask, sheet, asked, &action, wrong == Some(question.id.as_str()))) }
        }
    }
}

/// The name of whom an answer is about.
fn whose(ask: &Ask, sheet: &Sheet<'_>, person: RecordId) -> String {
    let lives_here = sheet.people.iter().find(|row| row.record == person.0).cloned();
    let known = lives_here.or_else(|| ask.house.client.people().row(person).ok().flatten());
    known.map_or_else(|| ask.speech().say("field-person"), |row| row.name)
}

/// Answers to questions that this device does not know.
pub(in crate::page) fn unknown(ask: &Ask, page: &FormPage) -> Markup {
    let names = ask.house.names();
    let facts = Facts { speech: ask.speech(), names: &names, now: ask.now() };
    html! {
        @if !page.unknown.is_empty() {
            section.card {
                h2 { (facts.speech.say("form-unknown-answers")) }
                p { (facts.speech.say("form-unknown-text")) }
                ul.facts {
                    @for one in &page.unknown {
                        li.fact {
                            span.words {
                                (one.question) @if let Some(room) = &one.given.answer.room { ", " (facts.speech.room(room)) } ": "
                                strong { (controls::bare(facts.speech, &one.given.answer)) }
                            }
                            (facts.by(one.given.made.as_ref()))
                        }
                    }
                }
            }
        }
    }
}

/// Chooses one of several forms.
pub fn choose_form(ask: &mut Ask) -> Result<Answer, Fault> {
    let (home, visit) = of_path(ask)?;
    let form = ask.fields.typed("form").to_owned();
    ask.house.client.visits().choose_form(home.record, visit.row, &form)?;
    ask.house.wake();
    Ok(Answer::Go(format!("{}/form", path(home.record, visit.row))))
}

/// Saves one answer.
pub fn answer(ask: &mut Ask) -> Result<Answer, Fault> {
    let (home, visit) = of_path(ask)?;
    let id: String = ask.part("question")?;
    let client = ask.house.client.clone();
    let page = client.visits().form(home.record, visit.row)?;
    let asked = page.asked.iter().find(|asked| asked.question.id == id).ok_or(Fault::NotFound)?;
    let room = asked.question.rooms.then(|| hazard::room(ask)).flatten();
    if asked.question.rooms && room.is_none() {
        ask.fields.refuse("room", Message::new("error-room"));
    }
    let person = person(ask, &home, &asked.question);
    let value = if ask.fields.is_ticked("take_back") { None } else { value(ask, &asked.question) };
    let input = AnswerInput { question: id.clone(), room, value, person };
    if ask.fields.is_sound() {
        let saved = client.visits().answer(home.record, visit.row, &input);
        if ask.settle(saved)?.is_some() {
            return Ok(Answer::Go(format!("{}/form#q-{id}", path(home.record, visit.row))));
        }
    }
    Ok(Answer::Unsound(page_of(ask, Some(&id))?))
}

/// The answer of a form in one word, as the record takes it. What does not fit stands at the field.
pub(in crate::page) fn value(ask: &mut Ask, question: &Question) -> Option<String> {
    let said = match &question.answer {
        AnswerKind::YesNo | AnswerKind::Choice { .. } => {
            let chosen: Vec<&str> = ask.fields.all("answer").collect();
            let said = chosen.join(",");
            if said.is_empty() {
                ask.fields.refuse("answer", Message::new("error-choose"));
            }
            Some(said)
        }
        AnswerKind::Whole { min, max, .. } => {
            ask.fields.number("answer", (*min, *max)).map(|number| number.to_string())
        }
        AnswerKind::Day => ask.fields.parsed::<Date>("answer", "error-date").map(|day| day.to_string()),
        AnswerKind::Text => ask.fields.text("answer", ANSWER_CHARS_MAX),
    };
    if said.is_none() {
        ask.fields.refuse("answer", Message::new("error-fill"));
    }
    said
}

/// About whom a question is: the only one who lives there, or the one who was chosen. An answer that is taken back says whose it is.
fn person(ask: &mut Ask, home: &PropertyPage, question: &Question) -> Option<RecordId> {
    if question.about != Subject::Person {
        return None;
    }
    if ask.fields.is_ticked("take_back") {
        return ask.fields.typed("person").parse().ok();
    }
    let known: Vec<RecordId> = home.people.iter().map(|row| RecordId(row.record)).collect();
    match known.as_slice() {
        [] => {
            ask.fields.refuse("person", Message::new("error-person-none"));
            None
        }
        [only] => Some(*only),
        several => {
            let chosen = ask.fields.parsed::<RecordId>("person", "error-choose").filter(|one| several.contains(one));
            if chosen.is_none() {
                ask.fields.refuse("person", Message::new("error-choose"));
            }
            chosen
        }
    }
}

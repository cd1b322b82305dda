//! Questions of forms about a person, answered with that person at no visit. So somebody whose address is protected can be asked: what
//! they answer names no home.

use doorstep_client_core::client::AnswerInput;
use doorstep_client_core::device::RecordId;
use doorstep_client_core::store::lists::PersonRow;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::visit::questions::{Sheet, count, in_words, question, unknown, value};
use crate::view::{self, Tab, form};

fn path(record: RecordId) -> String {
    format!("/person/{record}/questions")
}

fn row(ask: &Ask, record: RecordId) -> Result<PersonRow, Fault> {
    ask.house.client.people().row(record)?.ok_or(Fault::NotFound)
}

/// The forms that ask anything about a person.
pub fn list(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let person = row(ask, record)?;
    let forms = ask.house.client.people().forms()?;
    let body = html! {
        p.kicker { a href={"/person/" (record)} { (person.name) } }
        h1 { (speech.say("person-questions")) }
        p.lead { (speech.say("person-questions-text")) }
        ul.grid {
            @for form in &forms { li { a.button href={(path(record)) "/" (form.id)} { (in_words(speech, &form.title)) } } }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("person-questions"), body)))
}

/// The questions of one form.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask, None)?))
}

fn page_of(ask: &Ask, wrong: Option<&str>) -> Result<Markup, Fault> {
    let (record, id, speech) = (ask.record()?, ask.part::<String>("form")?, ask.speech());
    let person = [row(ask, record)?];
    let page = ask.house.client.people().form(record, &id)?;
    let title = page.form.as_ref().map_or_else(|| speech.say("form"), |form| in_words(speech, &form.title));
    let at = format!("{}/{id}", path(record));
    let sheet = Sheet::of_person(&person, &at);
    let body = html! {
        p.kicker { a href={"/person/" (record)} { (person[0].name) } }
        h1 { (title) }
        p.lead { (count(ask, &page)) " " (speech.say("person-questions-text")) }
        (form::summary(ask))
        ol.questions {
            @for asked in &page.asked { li { (question(ask, &sheet, asked, wrong)) } }
        }
        (unknown(ask, &page))
        p { a.button.main href={"/person/" (record)} { (speech.say("person-questions-back")) } }
    };
    Ok(view::page(ask, Some(Tab::Search), &title, body))
}

/// Saves one answer, or takes it back.
pub fn answer(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, form, id) = (ask.record()?, ask.part::<String>("form")?, ask.part::<String>("question")?);
    let client = ask.house.client.clone();
    let page = client.people().form(record, &form)?;
    let asked = page.asked.iter().find(|asked| asked.question.id == id).ok_or(Fault::NotFound)?;
    let value = if ask.fields.is_ticked("take_back") { None } else { value(ask, &asked.question) };
    if ask.fields.is_sound() {
        let input = AnswerInput { question: id.clone(), value, person: Some(record), ..AnswerInput::default() };
        let saved = client.people().answer(record, &form, &input);
        if ask.settle(saved)?.is_some() {
            return Ok(Answer::Go(format!("{}/{form}#q-{id}", path(record))));
        }
    }
    Ok(Answer::Unsound(page_of(ask, Some(&id))?))
}

//! Looking again at a hazard that is known: one tap says how far it is dealt with. Nothing of what others said is erased.

use doorstep_client_core::client::PropertyPage;
use doorstep_client_core::records::home::{Hazard, HazardState, Visit};
use doorstep_client_core::records::{RowId, Seen};
use maud::{Markup, html};

use super::{change, hazard_at, of_path, path, record_of_hazard};
use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::view::facts::Facts;
use crate::view::{self, Tab, form};
use crate::words::Message;

fn of(ask: &Ask) -> Result<(PropertyPage, Seen<Visit>, RowId), Fault> {
    let (page, visit) = of_path(ask)?;
    let hazard: RowId = ask.part("hazard")?;
    hazard_at(&page, hazard).ok_or(Fault::NotFound)?;
    Ok((page, visit, hazard))
}

/// What was said, and what can be said now.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let (page, visit, row) = of(ask)?;
    let seen = hazard_at(&page, row).ok_or(Fault::NotFound)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let at = path(page.record, visit.row);
    let body = html! {
        p.kicker { a href=(at) { (page.row.address) } }
        h1 { (speech.say("look-again")) }
        section.card { ul.facts { (facts.line(&property::hazard(speech, &seen.value), seen.made.as_ref(), &seen.disputed)) } }
        (form::form(ask, &format!("{at}/again/{row}"), html! {
            fieldset.field id="f-hazard_now" tabindex="-1" {
                legend { (speech.say("field-hazard_now")) }
                @if let Some(error) = ask.fields.error("hazard_now") { p.error { (speech.message(error)) } }
                div.severities {
                    @for state in HazardState::CODES {
                        button.severity name="hazard_now" value=(state) { (speech.code("hazard-now", state)) }
                    }
                }
            }
        }))
        div.actions {
            a.button href={(at) "/photo/" (row)} { (speech.say("photograph-add")) }
            a.button.quiet href=(at) { (speech.say("cancel")) }
        }
    };
    Ok(view::page(ask, Some(Tab::Visits), &speech.say("look-again"), body))
}

/// Saves it.
pub fn save(ask: &mut Ask) -> Result<Answer, Fault> {
    let (page, visit, row) = of(ask)?;
    let state = ask.fields.chosen::<HazardState>("hazard_now");
    let record = record_of_hazard(ask, &page, row)?;
    let set = Hazard { state, ..Hazard::default() };
    if !ask.fields.is_sound() || !change(ask, record, row, &set)? {
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    let seen = hazard_at(&page, row).ok_or(Fault::NotFound)?;
    let what = property::hazard(ask.speech(), &Hazard { state: None, ..seen.value.clone() });
    Ok(Answer::GoAndSay(path(page.record, visit.row), Message::new("saved-what").with("what", what)))
}

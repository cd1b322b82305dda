//! The workers of a device: who has a seat, another try after wrong PINs, the end of a seat; and a further worker, by the request
//! that the device shows.

use doorstep_client_core::client::DeviceRow;
use doorstep_client_core::partnership::{Names, SeatRequest};
use doorstep_protocol::{DeviceId, WorkerId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::network::Errand;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::Message;

/// Characters of a name.
const NAME_CHARS_MAX: usize = 120;
/// Characters of a request as text.
const REQUEST_CHARS_MAX: usize = 10_000;

/// The workers of a device, with what can be done for each.
pub(super) fn section(ask: &Ask, row: &DeviceRow) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let seated = ask.house.client.partnership().seated(row.device)?;
    Ok(html! {
        section.card {
            h2 { (speech.say("seats")) }
            @if seated.is_empty() { p.empty { (speech.say("seats-none")) } }
            ul.facts {
                @for one in &seated {
                    li.fact {
                        strong { (one.name) }
                        form.inline method="post" action={"/device/" (row.device) "/seat"} {
                            (token(ask))
                            input type="hidden" name="worker" value=(one.worker);
                            button.quiet name="how" value="again" { (speech.say("seat-again")) span.unseen { ": " (one.name) } }
                            button.quiet name="how" value="end" { (speech.say("seat-end")) span.unseen { ": " (one.name) } }
                        }
                    }
                }
            }
            p.hint { (speech.say("seat-again-text")) }
            p { a.button.quiet href="/seats/accept" { (speech.say("seat-accept")) } }
        }
    })
}

/// Lets a worker try the PIN again, or ends the seat.
pub fn decide(ask: &mut Ask) -> Result<Answer, Fault> {
    let device: DeviceId = ask.part("device")?;
    let worker: WorkerId = ask.fields.typed("worker").parse().map_err(|_| Fault::NotFound)?;
    let name = ask.house.names().workers.get(&worker.to_string()).cloned().unwrap_or_default();
    let said = match ask.fields.typed("how") {
        "again" => {
            ask.errand(Errand::SeatAgain(device, worker))?;
            "seat-again-done"
        }
        "end" => {
            ask.errand(Errand::EndSeats(device, worker))?;
            "seat-ended"
        }
        _ => return Err(Fault::NotFound),
    };
    ask.house.forget_names();
    Ok(Answer::GoAndSay(format!("/device/{device}"), Message::new(said).with("worker", name)))
}

/// The form for a further worker.
pub fn show_accept(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(accept_page(ask)))
}

fn accept_page(ask: &Ask) -> Markup {
    let speech = ask.speech();
    let body = html! {
        p.kicker { a href="/devices" { (speech.say("tab-devices")) } }
        h1 { (speech.say("seat-accept")) }
        p.lead { (speech.say("seat-accept-text")) }
        (form::form(ask, "/seats/accept", html! {
            (form::area(ask, Field::with_hint("seat_request", "seat-request-hint")))
            (form::line(ask, Field::with_hint("worker_name", "worker-name-hint"), "text", None))
            (form::several(ask, Field::named("worker_new"), &[("yes".to_owned(), speech.say("worker-new"))]))
            div.actions { button.main { (speech.say("seat-accept-now")) } a.button.quiet href="/devices" { (speech.say("cancel")) } }
        }))
    };
    view::page(ask, Some(Tab::Devices), &speech.say("seat-accept"), body)
}

/// A worker by name: the one that is known, or a new one. Of several of one name none is chosen: it stands at the field.
pub(in crate::page) fn worker_named(ask: &mut Ask, field: &str, name: &str) -> Result<Option<(WorkerId, bool)>, Fault> {
    let names = ask.house.client.directory().names()?;
    let known: Vec<WorkerId> = names
        .workers
        .iter()
        .filter(|(_, known)| known.eq_ignore_ascii_case(name))
        .filter_map(|(id, _)| id.parse().ok())
        .collect();
    match (known.as_slice(), ask.fields.is_ticked("worker_new")) {
        ([], _) | (_, true) => {
            let mut id = [0u8; 16];
            getrandom::fill(&mut id).map_err(|_| Fault::Bug)?;
            Ok(Some((WorkerId(id), true)))
        }
        ([one], false) => Ok(Some((*one, false))),
        (several, false) => {
            ask.fields.refuse(field, Message::new("no-ambiguous").with("n", several.len()));
            Ok(None)
        }
    }
}

/// Seats the worker on the device that asked for it.
pub fn accept(ask: &mut Ask) -> Result<Answer, Fault> {
    let text = ask.fields.text_needed("seat_request", REQUEST_CHARS_MAX);
    let name = ask.fields.text_needed("worker_name", NAME_CHARS_MAX);
    let request = text.and_then(|text| SeatRequest::from_text(&text).ok());
    if request.is_none() {
        ask.fields.refuse("seat_request", Message::new("error-request"));
    }
    let worker = match &name {
        Some(name) => worker_named(ask, "worker_name", name)?,
        None => None,
    };
    let (Some(request), Some(name), Some((worker, is_new)), true) = (request, name, worker, ask.fields.is_sound())
    else {
        return Ok(Answer::Unsound(accept_page(ask)));
    };
    let device = request.device;
    ask.errand(Errand::Seat(Box::new(request), worker))?;
    if is_new {
        let mut names = Names::default();
        names.workers.insert(worker, name.clone());
        ask.house.client.directory().set(&names)?;
    }
    ask.house.forget_names();
    ask.house.wake();
    Ok(Answer::GoAndSay(format!("/device/{device}"), Message::new("seat-accepted").with("worker", name)))
}

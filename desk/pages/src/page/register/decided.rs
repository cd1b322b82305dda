//! One entry of the register, and the decision about it: given, partly given, refused with its reason, or taken back.

use doorstep_client_core::client::{DisclosureRow, DisclosureVerdict};
use doorstep_client_core::records::RowId;
use doorstep_client_core::records::register::{DisclosureDecision, IdentityCheck};
use doorstep_protocol::DocumentId;
use maud::{Markup, html};

use super::asked;
use crate::ask::{Answer, Ask, Fault};
use crate::page::about;
use crate::view::facts::Facts;
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// Decisions that end a request.
const DECISIONS: [&str; 4] = ["given", "partly-given", "refused", "withdrawn"];

fn of_path(ask: &Ask) -> Result<DisclosureRow, Fault> {
    let (document, row) = (ask.part::<DocumentId>("document")?, ask.part::<RowId>("row")?);
    let all = ask.house.client.register().all()?;
    all.into_iter().find(|one| one.document == document && one.disclosure.row == row).ok_or(Fault::NotFound)
}

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let row = of_path(ask)?;
    if row.disclosure.value.identified.is_some() {
        // What was seen of who asked need not be written twice.
        let identified = row.disclosure.value.identified.as_ref().map(ToString::to_string).unwrap_or_default();
        let how = row.disclosure.value.identified_how.clone().unwrap_or_default();
        ask.fields = crate::fields::Fields::filled([("identified", identified), ("identified_how", how)]);
    }
    Ok(Answer::Page(page_of(ask, &row)?))
}

fn page_of(ask: &Ask, row: &DisclosureRow) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let value = &row.disclosure.value;
    let about =
        value.record.map(|record| about::titled(ask, doorstep_client_core::device::RecordId(record))).transpose();
    let decision = value.decision.as_ref().map_or("pending", DisclosureDecision::as_str);
    let body = html! {
        p.kicker { a href="/register" { (speech.say("register")) } }
        h1 { (value.asked_by.clone().unwrap_or_else(|| speech.say("not-known"))) }
        p { span.tag.warn[value.is_pending()] { (speech.code("disclosure-decision", decision)) } }
        section.card {
            dl.said {
                (term(ask, "organisation", value.organisation.as_deref()))
                @if let Ok(Some((title, href))) = &about { dt { (speech.say("register-about")) } dd { a href=(href) { (title) } } }
                (term(ask, "asked", value.asked.as_deref()))
                (term(ask, "purpose", value.purpose.as_deref()))
                (term(ask, "authority", value.authority.as_deref()))
                dt { (speech.say("field-identified")) }
                dd { (value.identified.as_ref().map_or_else(|| speech.say("not-said"), |how| speech.code("identity-check", how.as_str()))) }
                (term(ask, "identified_how", value.identified_how.as_deref()))
                dt { (speech.say("field-asked_at")) }
                dd { @match value.asked_at { Some(at) => (speech.moment(at, facts.now)), None => (speech.say("not-known")) } }
                (term(ask, "decided_by", value.decided_by.as_deref()))
                @if let Some(at) = value.decided_at { dt { (speech.say("field-decided_at")) } dd { (speech.moment(at, facts.now)) } }
                (term(ask, "why", value.why.as_deref()))
                (term(ask, "given", value.given.as_deref()))
                @if let Some(told) = value.person_told { dt { (speech.say("field-person_told")) } dd { (speech.say(if told { "yes" } else { "no" })) } }
                (term(ask, "not_told_why", value.not_told_why.as_deref()))
                dt { (speech.say("recorded-by")) } dd { (row.recorded_by) }
            }
        }
        @if value.is_pending() { (decide_form(ask)) } @else { p.hint { (speech.say("register-stands")) } }
    };
    Ok(view::page(ask, Some(Tab::Register), &speech.say("register-entry"), body))
}

fn term(ask: &Ask, field: &str, text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { dt { (ask.speech().code("field", field)) } dd { (text) } } }
}

fn decide_form(ask: &Ask) -> Markup {
    let speech = ask.speech();
    let told = [("yes", "yes"), ("no", "no")].map(|(value, id)| (value.to_owned(), speech.say(id)));
    html! {
        section.card {
            h2 { (speech.say("register-decide")) }
            (form::form(ask, &ask.path, html! {
                (form::choice(ask, Field::named("decision"), &form::codes(ask, "disclosure-decision", &DECISIONS)))
                (form::line(ask, Field::with_hint("decided_by", "decided-by-hint"), "text", None))
                (form::area(ask, Field::with_hint("why", "register-why-hint")))
                (form::area(ask, Field::with_hint("given", "given-hint")))
                (asked::identity(ask))
                (form::choice(ask, Field::named("person_told"), &told))
                (form::line(ask, Field::named("not_told_why"), "text", None))
                button.main { (speech.say("register-decide-now")) }
            }))
        }
    }
}

/// Records the decision.
pub fn decide(ask: &mut Ask) -> Result<Answer, Fault> {
    let row = of_path(ask)?;
    if !row.disclosure.value.is_pending() {
        // Somebody else was first.
        return Ok(Answer::GoAndSay(ask.path.clone(), Message::new("register-stands")));
    }
    let decision = ask.fields.chosen::<DisclosureDecision>("decision");
    let decided_by = ask.fields.text_needed("decided_by", 120);
    let why = ask.fields.text("why", 1_000);
    let given = ask.fields.text("given", 1_000);
    let identified = ask.fields.parsed::<IdentityCheck>("identified", "error-choose");
    let identified_how = ask.fields.text("identified_how", 300);
    let not_told_why = ask.fields.text("not_told_why", 500);
    let person_told = match ask.fields.typed("person_told") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    match &decision {
        Some(DisclosureDecision::Refused) if why.is_none() => ask.fields.refuse("why", Message::new("error-refusal")),
        Some(DisclosureDecision::Given | DisclosureDecision::PartlyGiven) => {
            if given.is_none() {
                ask.fields.refuse("given", Message::new("error-given"));
            }
            if identified.is_none() {
                ask.fields.refuse("identified", Message::new("error-identified"));
            }
        }
        _ => {}
    }
    let (Some(decision), Some(decided_by), true) = (decision, decided_by, ask.fields.is_sound()) else {
        return Ok(Answer::Unsound(page_of(ask, &row)?));
    };
    let verdict =
        DisclosureVerdict { decision, decided_by, why, given, identified, identified_how, person_told, not_told_why };
    let done = ask.house.client.register().decide(row.document, row.disclosure.row, &verdict);
    if ask.settle(done)?.is_none() {
        return Ok(Answer::Unsound(page_of(ask, &row)?));
    }
    Ok(Answer::GoAndSay(ask.path.clone(), Message::new("register-decided")))
}

//! Agreements to share: what grants stand on. Written down with their legal power and lawful basis, looked at again, ended.

use doorstep_client_core::client::AgreementRow;
use doorstep_client_core::records::register::Agreement;
use doorstep_client_core::records::{Date, RowId};
use doorstep_protocol::{Digest32, DocumentId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::join;
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

const AT: &str = "/register/agreements";

/// The list.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let rows = ask.house.client.register().agreements()?;
    let body = html! {
        p.kicker { a href="/register" { (speech.say("register")) } }
        div.head {
            div { h1 { (speech.say("agreements")) } p.lead { (speech.say("agreements-text")) } }
            div.actions { a.button.main href={(AT) "/new"} { (speech.say("agreement-new")) } }
        }
        @if rows.is_empty() { p.empty { (speech.say("agreements-none")) } }
        ul.found.card { @for row in &rows { (line(ask, row)) } }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Register), &speech.say("agreements"), body)))
}

fn line(ask: &Ask, row: &AgreementRow) -> Markup {
    let speech = ask.speech();
    let value = &row.agreement.value;
    html! {
        li {
            a.open href={(AT) "/" (row.document) "/" (row.agreement.row)} {
                strong { (value.name.as_deref().unwrap_or_default()) }
                @if !row.holds { span.tag { (speech.say("agreement-over")) } }
                span { (join([value.parties.clone(), value.purpose.clone()])) }
                @if let Some(day) = &value.review_on { span.by { (speech.tell("review-by", "day", speech.day(day.as_str()))) } }
            }
        }
    }
}

/// The form for a new one.
pub fn show_new(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(new_page(ask)))
}

fn new_page(ask: &Ask) -> Markup {
    let speech = ask.speech();
    let body = html! {
        p.kicker { a href=(AT) { (speech.say("agreements")) } }
        h1 { (speech.say("agreement-new")) }
        (form::form(ask, &format!("{AT}/new"), html! {
            (form::line(ask, Field::named("agreement_name"), "text", None))
            (form::line(ask, Field::named("agreement_reference"), "text", None))
            (form::area(ask, Field::with_hint("parties", "parties-hint")))
            (form::area(ask, Field::named("agreement_purpose")))
            (form::line(ask, Field::with_hint("legal_power", "legal-power-hint"), "text", None))
            (form::line(ask, Field::with_hint("lawful_basis", "lawful-basis-hint"), "text", None))
            (form::line(ask, Field::with_hint("signed_by", "signed-by-hint"), "text", None))
            (form::line(ask, Field::with_hint("agreed_from", "date-hint"), "date", None))
            (form::line(ask, Field::with_hint("agreed_until", "date-hint"), "date", None))
            (form::line(ask, Field::with_hint("agreement_review", "date-hint"), "date", None))
            div.actions { button.main { (speech.say("register-save")) } a.button.quiet href=(AT) { (speech.say("cancel")) } }
        }))
    };
    view::page(ask, Some(Tab::Register), &speech.say("agreement-new"), body)
}

/// Writes it down.
pub fn take(ask: &mut Ask) -> Result<Answer, Fault> {
    let agreement = Agreement {
        name: ask.fields.text_needed("agreement_name", 200),
        reference: ask.fields.text("agreement_reference", 80),
        parties: ask.fields.text("parties", 1_000),
        purpose: ask.fields.text("agreement_purpose", 1_000),
        legal_power: ask.fields.text_needed("legal_power", 300),
        lawful_basis: ask.fields.text_needed("lawful_basis", 300),
        signed_by: ask.fields.text("signed_by", 300),
        from: ask.fields.parsed::<Date>("agreed_from", "error-date"),
        until: ask.fields.parsed::<Date>("agreed_until", "error-date"),
        review_on: ask.fields.parsed::<Date>("agreement_review", "error-date"),
        ended_on: None,
    };
    if let (Some(from), Some(until)) = (&agreement.from, &agreement.until)
        && until < from
    {
        ask.fields.refuse("agreed_until", Message::new("error-before-begin"));
    }
    if ask.fields.is_sound() {
        let written = ask.house.client.register().agree(&agreement);
        if ask.settle(written)?.is_some() {
            return Ok(Answer::GoAndSay(AT.to_owned(), Message::new("agreement-written")));
        }
    }
    Ok(Answer::Unsound(new_page(ask)))
}

fn of_path(ask: &Ask) -> Result<AgreementRow, Fault> {
    let (document, row) = (ask.part::<DocumentId>("document")?, ask.part::<RowId>("row")?);
    let mut rows = ask.house.client.register().agreements()?.into_iter();
    rows.find(|one| one.document == document && one.agreement.row == row).ok_or(Fault::NotFound)
}

/// One agreement.
pub fn one(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let row = of_path(ask)?;
    let value = &row.agreement.value;
    let name = value.name.clone().unwrap_or_default();
    let day = |day: &Option<Date>| day.as_ref().map(|day| speech.day(day.as_str()));
    let said = [
        ("agreement_reference", value.reference.clone()),
        ("parties", value.parties.clone()),
        ("agreement_purpose", value.purpose.clone()),
        ("legal_power", value.legal_power.clone()),
        ("lawful_basis", value.lawful_basis.clone()),
        ("signed_by", value.signed_by.clone()),
        ("agreed_from", day(&value.from)),
        ("agreed_until", day(&value.until)),
        ("agreement_review", day(&value.review_on)),
        ("last_day", day(&value.ended_on)),
    ];
    let grants = ask.house.client.partnership().grants()?;
    let standing: Vec<_> = grants.iter().filter(|grant| grant.agreement == Some(row.digest)).collect();
    let body = html! {
        p.kicker { a href=(AT) { (speech.say("agreements")) } }
        h1 { (name) }
        @if !row.holds { p { span.tag { (speech.say("agreement-over")) } } }
        section.card {
            dl.said {
                @for (field, text) in &said {
                    @if let Some(text) = text { dt { (speech.code("field", field)) } dd { (text) } }
                }
                dt { (speech.say("agreement-digest")) } dd { code { (row.digest) } }
                dt { (speech.say("recorded-by")) } dd { (row.recorded_by) }
            }
        }
        section.card {
            h2 { (speech.say("agreement-grants")) }
            @if standing.is_empty() { p.empty { (speech.say("agreement-grants-none")) } }
            ul.facts {
                @for grant in &standing {
                    li.fact { a href={"/team/" (grant.of_team)} { strong { (grant.team) } } span.words { (grant.zone) } }
                }
            }
        }
        @if value.ended_on.is_none() {
            section.card {
                h2 { (speech.say("agreement-end")) }
                p { (speech.say("agreement-end-text")) }
                (form::form(ask, &ask.path, html! {
                    (form::line(ask, Field::with_hint("last_day", "date-hint"), "date", None))
                    button.danger { (speech.say("agreement-end")) }
                }))
            }
        }
    };
    Ok(view::page(ask, Some(Tab::Register), &name, body))
}

/// Ends it.
pub fn end(ask: &mut Ask) -> Result<Answer, Fault> {
    let row = of_path(ask)?;
    if let Some(day) = last_day(ask) {
        let ended = ask.house.client.register().end_agreement(row.document, row.agreement.row, &day);
        if ask.settle(ended)?.is_some() {
            return Ok(Answer::GoAndSay(ask.path.clone(), Message::new("agreement-ended")));
        }
    }
    Ok(Answer::Unsound(page_of(ask)?))
}

/// The last day of something, which must be said.
pub(super) fn last_day(ask: &mut Ask) -> Option<Date> {
    let day = ask.fields.parsed::<Date>("last_day", "error-date");
    if day.is_none() && ask.fields.error("last_day").is_none() {
        ask.fields.refuse("last_day", Message::new("error-fill"));
    }
    day
}

/// Agreements that hold, by what a grant names them by.
pub(in crate::page) fn choices(ask: &Ask) -> Result<Vec<(Digest32, String)>, Fault> {
    let rows = ask.house.client.register().agreements()?.into_iter().filter(|row| row.holds);
    Ok(rows.map(|row| (row.digest, row.agreement.value.name.unwrap_or_default())).collect())
}

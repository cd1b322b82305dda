//! What a person agrees to: asked, given or refused, and taken back. Whoever says no leaves whom to ask instead, so that nobody
//! stands before a closed door; what crews were told because of a yes is withdrawn with it.

use doorstep_client_core::client::{ConsentPage, Withdrawal};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::consent::Agreement;
use doorstep_client_core::records::network::{Consent, ConsentDecision, ConsentMethod, ConsentScope, Proxy};
use doorstep_client_core::records::{Class, Date, Reading, RowId, Source};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::{Facts, section};
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::{Message, kebab};

/// How somebody stands to a scope, as the catalogue has it.
fn word(agreement: Agreement) -> String {
    kebab(&format!("{agreement:?}"))
}

/// How the person stands to every scope, with what can be done about each.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let page = ask.house.client.consents().of(record)?;
    let person = ask.house.client.people().row(record)?.ok_or(Fault::NotFound)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let history: Vec<Markup> = page
        .rows
        .iter()
        .map(|seen| facts.line(&super::rows::consent(speech, &seen.value), seen.made.as_ref(), &seen.disputed))
        .collect();
    let body = html! {
        p.kicker { a href={"/person/" (record)} { (person.name) } }
        h1 { (speech.say("consents")) }
        p.lead { (speech.say("consents-text")) }
        (standings(ask, &page))
        (section(&speech.say("consents-history"), &history))
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("consents"), body)))
}

fn standings(ask: &Ask, page: &ConsentPage) -> Markup {
    let speech = ask.speech();
    html! {
        section.card {
            ul.facts {
                @for one in &page.standings {
                    @let at = format!("/person/{}/consent/{}", page.record, one.scope);
                    li.fact {
                        span.words {
                            (speech.code("consent-scope", one.scope.as_str())) ": "
                            strong { (speech.code("agreement", &word(one.standing.agreement))) }
                            @if let Some(contact) = one.standing.contact.as_ref().filter(|_| one.standing.agreement.is_no()) {
                                ", " (speech.tell("flag-ask-only", "contact", contact.as_str()))
                            }
                        }
                        @if let Some(since) = one.standing.since { span.by { (speech.moment(since, ask.now())) } }
                        span.inline {
                            a.button href=(at) { (speech.say("consent-record")) }
                            @if matches!(one.standing.agreement, Agreement::Given | Agreement::Expired) {
                                a.button.quiet href={(at) "/withdraw"} { (speech.say("consent-withdraw")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn scope_of_path(ask: &Ask) -> Result<ConsentScope, Fault> {
    ask.part("scope")
}

/// The form for an answer.
pub fn ask_for(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(answer_page(ask)?))
}

fn answer_page(ask: &Ask) -> Result<Markup, Fault> {
    let (record, scope, speech) = (ask.record()?, scope_of_path(ask)?, ask.speech());
    let person = ask.house.client.people().row(record)?.ok_or(Fault::NotFound)?;
    let proxies = proxies(ask, record)?;
    let codes = |family: &str, codes: &[&str]| form::codes(ask, family, codes);
    let title = speech.code("consent-scope", scope.as_str());
    let body = html! {
        p.kicker { a href={"/person/" (record) "/consents"} { (person.name) } }
        h1 { (title) }
        p { (speech.code("consent-means", scope.as_str())) }
        (form::form(ask, &format!("/person/{record}/consent/{scope}"), html! {
            (form::choice(ask, Field::named("consent_decision"), &codes("consent-decision", ConsentDecision::CODES)))
            (form::choice(ask, Field::named("consent_method"), &codes("consent-method", ConsentMethod::CODES)))
            @if !proxies.is_empty() { (form::choice(ask, Field::with_hint("consent_proxy", "consent-proxy-hint"), &proxies)) }
            (form::line(ask, Field::with_hint("wording", "wording-hint"), "text", None))
            (form::line(ask, Field::with_hint("consent_contact", "consent-contact-hint"), "text", None))
            (form::line(ask, Field::with_hint("consent_evidence", "consent-evidence-hint"), "text", None))
            (form::line(ask, Field::with_hint("consent_expires", "date-hint"), "date", None))
            div.actions { button.main { (speech.say("save")) } a.button.quiet href={"/person/" (record) "/consents"} { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Search), &title, body))
}

/// Who may speak for the person today.
fn proxies(ask: &Ask, record: RecordId) -> Result<Vec<(String, String)>, Fault> {
    let today = Date::of(ask.now());
    let network = ask.house.client.document(record, Class::Network)?;
    let rows = network.map(|view| view.rows::<Proxy>(Reading::Cautious)).unwrap_or_default().into_iter();
    let holding = rows.filter(|seen| seen.value.holds(&today));
    Ok(holding.filter_map(|seen| Some((seen.row.to_string(), seen.value.name?))).collect())
}

/// Records the answer.
pub fn record(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, scope) = (ask.record()?, scope_of_path(ask)?);
    let decision = ask.fields.chosen::<ConsentDecision>("consent_decision");
    let method = ask.fields.chosen::<ConsentMethod>("consent_method");
    let answer = Consent {
        scope: Some(scope.clone()),
        proxy: ask.fields.parsed::<RowId>("consent_proxy", "error-choose"),
        wording: ask.fields.text("wording", 120),
        contact: ask.fields.text("consent_contact", 200),
        evidence: ask.fields.text("consent_evidence", 500),
        expires: ask.fields.parsed::<Date>("consent_expires", "error-date"),
        source: Some(Source::ToldByResident),
        decision,
        method,
        ..Consent::default()
    };
    if answer.decision == Some(ConsentDecision::Given) && answer.wording.is_none() {
        ask.fields.refuse("wording", Message::new("error-wording"));
    }
    if answer.decision == Some(ConsentDecision::Refused) && answer.contact.is_none() {
        ask.fields.refuse("consent_contact", Message::new("error-whom-instead"));
    }
    if answer.method == Some(ConsentMethod::Proxy) && answer.proxy.is_none() {
        ask.fields.refuse("consent_method", Message::new("error-proxy"));
    }
    if ask.fields.is_sound() {
        let saved = ask.house.client.consents().record(record, &answer);
        if ask.settle(saved)?.is_some() {
            let said = Message::new("saved-what").with("what", ask.speech().code("consent-scope", scope.as_str()));
            return Ok(Answer::GoAndSay(format!("/person/{record}/consents"), said));
        }
    }
    Ok(Answer::Unsound(answer_page(ask)?))
}

/// The form that takes a yes back.
pub fn ask_end(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(end_page(ask)?))
}

fn end_page(ask: &Ask) -> Result<Markup, Fault> {
    let (record, scope, speech) = (ask.record()?, scope_of_path(ask)?, ask.speech());
    let person = ask.house.client.people().row(record)?.ok_or(Fault::NotFound)?;
    let what = speech.code("consent-scope", scope.as_str());
    let title = speech.tell("consent-withdraw-what", "what", what);
    let body = html! {
        p.kicker { a href={"/person/" (record) "/consents"} { (person.name) } }
        h1 { (title) }
        p { (speech.say("consent-withdraw-text")) }
        (form::form(ask, &format!("/person/{record}/consent/{scope}/withdraw"), html! {
            (form::choice(ask, Field::named("withdrawn_how"), &form::codes(ask, "consent-method", ConsentMethod::CODES)))
            (form::line(ask, Field::with_hint("withdrawn_by", "withdrawn-by-hint"), "text", None))
            (form::line(ask, Field::with_hint("consent_contact", "consent-contact-hint"), "text", None))
            div.actions { button.main { (speech.say("consent-withdraw")) } a.button.quiet href={"/person/" (record) "/consents"} { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Search), &title, body))
}

/// Takes a yes back.
pub fn withdraw(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, scope) = (ask.record()?, scope_of_path(ask)?);
    let how = ask.fields.chosen::<ConsentMethod>("withdrawn_how");
    let by = ask.fields.text_needed("withdrawn_by", 120);
    let contact = ask.fields.text("consent_contact", 200);
    if contact.is_none() {
        ask.fields.refuse("consent_contact", Message::new("error-whom-instead"));
    }
    if let (Some(how), Some(by), Some(contact), true) = (how, by, contact, ask.fields.is_sound()) {
        let end = Withdrawal { how, by, contact, at: None };
        let saved = ask.house.client.consents().withdraw(record, &scope, &end);
        if ask.settle(saved)?.is_some() {
            return Ok(Answer::GoAndSay(format!("/person/{record}/consents"), Message::new("consent-withdrawn")));
        }
    }
    Ok(Answer::Unsound(end_page(ask)?))
}

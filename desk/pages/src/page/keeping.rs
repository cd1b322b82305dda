//! What is kept, for how long, and what goes: records that have been kept as long as the rules say, legal holds, and erasure,
//! which one admin proposes and another signs. Nothing is erased by itself.

use doorstep_client_core::client::{DueRow, HoldRow, RETENTION_YEARS};
use doorstep_client_core::device::{RecordId, UnfinishedErasure};
use doorstep_client_core::partnership::ErasePlan;
use doorstep_client_core::records::clocks::local_day;
use doorstep_client_core::sync::{End, OfficeError};
use doorstep_protocol::authority::EraseReason;
use doorstep_protocol::{Class, DocumentId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::network::{Done, Errand};
use crate::page::about;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::{Arg, Message};

/// Records that are due, on one page.
const DUE_SHOWN: usize = 200;
/// Characters of the reference of a legal hold.
const REFERENCE_CHARS_MAX: usize = 120;
/// Characters of a proposal that fits a form; a longer one goes by the command, from a file.
const PROPOSAL_CHARS_MAX: usize = 250_000;
/// Why a document is erased.
const REASONS: [(&str, EraseReason); 4] = [
    ("request", EraseReason::Request),
    ("retention", EraseReason::Retention),
    ("mistake", EraseReason::Mistake),
    ("legal-order", EraseReason::LegalOrder),
];
/// Documents of a record that can be erased.
const CLASSES: [Class; 10] = [
    Class::Index,
    Class::Home,
    Class::Fire,
    Class::Sealed,
    Class::Identity,
    Class::Communication,
    Class::Function,
    Class::Network,
    Class::HealthId,
    Class::Protected,
];

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let client = &ask.house.client;
    let holds = client.legal_holds()?;
    let today = local_day(ask.now()).map(|day| day.to_string()).unwrap_or_default();
    let due = client.retention_due(&today, RETENTION_YEARS)?;
    let unfinished = client.unfinished_erasures()?;
    let reasons = REASONS.map(|(word, _)| word);
    let classes: Vec<&str> = CLASSES.iter().map(|class| class.as_str()).collect();
    let body = html! {
        p.kicker { a href="/devices" { (speech.say("tab-devices")) } }
        h1 { (speech.say("keeping")) }
        p.lead { (speech.say("keeping-text")) }
        (form::summary(ask))
        @if !unfinished.is_empty() {
            section.card {
                h2 { (speech.tell("erase-unfinished", "n", unfinished.len())) }
                p.hint { (speech.say("erase-unfinished-text")) }
                ul.facts { @for one in &unfinished { (unfinished_line(ask, one)) } }
            }
        }
        div.columns {
            section.card {
                h2 { (speech.tell("legal-holds", "n", holds.len())) }
                ul.facts { @for row in &holds { (hold_line(ask, row)) } }
                form.sheet method="post" action="/keeping/hold" novalidate {
                    (token(ask))
                    (form::line(ask, Field::with_hint("hold_about", "keeping-about-hint"), "text", None))
                    (form::line(ask, Field::with_hint("hold_reference", "hold-reference-hint"), "text", None))
                    button { (speech.say("hold-add")) }
                }
            }
            section.card {
                h2 { (speech.say("erase-propose")) }
                p.hint { (speech.say("erase-text")) }
                form.sheet method="post" action="/keeping/propose" novalidate {
                    (token(ask))
                    (form::line(ask, Field::with_hint("erase_about", "keeping-about-hint"), "text", None))
                    (form::select(ask, Field::named("erase_class"), &form::codes(ask, "class", &classes)))
                    (form::choice(ask, Field::named("erase_reason"), &form::codes(ask, "erase-reason", &reasons)))
                    button { (speech.say("erase-propose-now")) }
                }
            }
            section.card {
                h2 { (speech.say("erase-sign")) }
                p.hint { (speech.say("erase-sign-text")) }
                form.sheet method="post" action="/keeping/sign" novalidate {
                    (token(ask))
                    (form::area(ask, Field::with_hint("proposal", "proposal-hint")))
                    button.danger { (speech.say("erase-sign-now")) }
                }
            }
        }
        section.card {
            h2 { (speech.say("retention")) }
            p.hint { (speech.say("retention-text")) }
            @if due.is_empty() { p.empty { (speech.say("retention-none")) } } @else {
                div.scroll tabindex="0" role="region" aria-label=(speech.say("retention")) {
                    table {
                        thead { tr {
                            th scope="col" { (speech.say("title-home")) } th scope="col" { (speech.say("holds-what")) }
                            th scope="col" { (speech.say("last-visit")) } th scope="col" { (speech.say("kept-for")) } th scope="col" { (speech.say("hold")) }
                        } }
                        tbody { @for row in due.iter().take(DUE_SHOWN) { (due_line(ask, row)) } }
                    }
                }
                @if due.len() > DUE_SHOWN { p.hint { (speech.tell("report-more", "n", due.len() - DUE_SHOWN)) } }
            }
        }
    };
    Ok(view::page(ask, Some(Tab::Devices), &speech.say("keeping"), body))
}

fn unfinished_line(ask: &Ask, one: &UnfinishedErasure) -> Markup {
    let speech = ask.speech();
    let class = speech.code("class", one.class.as_str());
    let counted =
        [("pieces", Arg::from(one.envelopes)), ("moment", Arg::from(speech.moment(one.first_arrived, ask.now())))];
    html! {
        li.fact {
            strong { (class) }
            span.by { (speech.tell_all("erase-unfinished-line", &counted)) }
            form.inline method="post" action="/keeping/finish" {
                (token(ask))
                input type="hidden" name="document" value=(one.document);
                button.quiet { (speech.say("erase-finish")) span.unseen { ": " (class) } }
            }
        }
    }
}

fn hold_line(ask: &Ask, row: &HoldRow) -> Markup {
    let speech = ask.speech();
    let (title, href) =
        about::titled(ask, row.record).unwrap_or_else(|_| (speech.say("a-home"), "/keeping".to_owned()));
    html! {
        li.fact {
            a href=(href) { strong { (title) } }
            @if let Some(reference) = &row.reference { span.words { (reference) } }
            form.inline method="post" action="/keeping/hold/end" {
                (token(ask))
                input type="hidden" name="record" value=(row.record);
                button.quiet { (speech.say("hold-end")) span.unseen { ": " (title) } }
            }
        }
    }
}

fn due_line(ask: &Ask, row: &DueRow) -> Markup {
    let speech = ask.speech();
    html! {
        tr {
            th scope="row" { a href={"/home/" (row.record)} { (row.address) } }
            td { (speech.code("class", row.class.as_str())) }
            td { (speech.day(&row.last_visit)) }
            td { (speech.tell("years", "n", u64::from(row.years))) }
            td { @if row.held { span.tag.warn { (speech.say("hold")) } } }
        }
    }
}

/// Puts a legal hold on a record.
pub fn hold(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = about::record(ask, "hold_about")?;
    if record.is_none() {
        ask.fields.refuse("hold_about", Message::new("error-fill"));
    }
    let reference = ask.fields.text_needed("hold_reference", REFERENCE_CHARS_MAX);
    let (Some(record), Some(reference), true) = (record, reference, ask.fields.is_sound()) else {
        return Ok(Answer::Unsound(page_of(ask)?));
    };
    ask.house.client.set_legal_hold(record, Some(reference))?;
    ask.house.wake();
    Ok(Answer::GoAndSay("/keeping".to_owned(), Message::new("hold-added")))
}

/// Ends one.
pub fn end_hold(ask: &mut Ask) -> Result<Answer, Fault> {
    let record: RecordId = ask.fields.typed("record").parse().map_err(|_| Fault::NotFound)?;
    ask.house.client.set_legal_hold(record, None)?;
    ask.house.wake();
    Ok(Answer::GoAndSay("/keeping".to_owned(), Message::new("hold-ended")))
}

/// A proposal stands on the head of the log, so both sides begin with the newest.
fn in_sync(ask: &Ask) -> Result<(), Fault> {
    match ask.errand(Errand::Sync)? {
        Done::Synced(report) if report.end == End::CaughtUp => Ok(()),
        Done::Synced(report) => Err(Fault::Errand(OfficeError::NotInSync(report).into())),
        _ => Err(Fault::Bug),
    }
}

/// Proposes to erase a document: a text for a second admin.
pub fn propose(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = about::record(ask, "erase_about")?;
    if record.is_none() {
        ask.fields.refuse("erase_about", Message::new("error-fill"));
    }
    let class = ask.fields.chosen::<Class>("erase_class");
    let reason = REASONS.iter().find(|(word, _)| *word == ask.fields.typed("erase_reason")).map(|(_, reason)| *reason);
    if reason.is_none() {
        ask.fields.refuse("erase_reason", Message::new("error-choose"));
    }
    let (Some(record), Some(class), Some(reason), true) = (record, class, reason, ask.fields.is_sound()) else {
        return Ok(Answer::Unsound(page_of(ask)?));
    };
    in_sync(ask)?;
    let partnership = ask.house.client.partnership();
    if ask.house.client.document(record, class)?.is_none() && !doorstep_client_core::records::is_worker_locked(class) {
        ask.fields.refuse("erase_class", Message::new("error-no-document"));
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    let plan = partnership.propose_erasure(record, class, reason)?;
    let (title, href) = about::titled(ask, record)?;
    proposal(ask, &plan, html! { a href=(href) { (title) } ": " (ask.speech().code("class", class.as_str())) })
}

/// Proposes to finish an erasure of which more came later.
pub fn finish(ask: &mut Ask) -> Result<Answer, Fault> {
    let document: DocumentId = ask.fields.typed("document").parse().map_err(|_| Fault::NotFound)?;
    in_sync(ask)?;
    let client = &ask.house.client;
    let unfinished = client.unfinished_erasures()?.into_iter().find(|one| one.document == document);
    let class = unfinished.ok_or(Fault::NotFound)?.class;
    let plan = client.partnership().propose_to_finish(document)?;
    proposal(ask, &plan, html! { (ask.speech().code("class", class.as_str())) })
}

/// The page of a proposal that was just made.
fn proposal(ask: &Ask, plan: &ErasePlan, about: Markup) -> Result<Answer, Fault> {
    let erase = plan.erase().map_err(doorstep_client_core::client::ClientError::from)?;
    let published = ask.house.client.partnership().published_from(erase.document)?;
    let speech = ask.speech();
    let counted = [("pieces", Arg::from(erase.envelopes.len())), ("facts", Arg::from(published))];
    let body = html! {
        p.kicker { a href="/keeping" { (speech.say("keeping")) } }
        h1 { (speech.say("proposal-made")) }
        p { (about) }
        p.lead { (speech.tell_all("proposal-text", &counted)) }
        section.card {
            label for="f-proposal-made" { (speech.say("field-proposal")) }
            textarea id="f-proposal-made" rows="8" readonly { (plan.to_text()) }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Devices), &speech.say("proposal-made"), body)))
}

/// Signs a proposal of another admin: then it is erased, at every device that hears of it.
pub fn sign(ask: &mut Ask) -> Result<Answer, Fault> {
    let text = ask.fields.text_needed("proposal", PROPOSAL_CHARS_MAX);
    let plan = text.and_then(|text| ErasePlan::from_text(&text).ok());
    let erase = plan.as_ref().and_then(|plan| plan.erase().ok());
    let (Some(plan), Some(erase)) = (plan, erase) else {
        ask.fields.refuse("proposal", Message::new("error-proposal"));
        return Ok(Answer::Unsound(page_of(ask)?));
    };
    in_sync(ask)?;
    ask.house.client.partnership().check_proposal(&plan)?;
    ask.errand(Errand::SignErasure(Box::new(plan)))?;
    let withdrawn = ask.house.client.partnership().withdraw_published(erase.document)?;
    ask.house.wake();
    Ok(Answer::GoAndSay("/keeping".to_owned(), Message::new("erased").with("n", withdrawn)))
}

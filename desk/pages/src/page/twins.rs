//! Two that may be one, side by side: which fields say the same, which differ, who said what and when; they are one, they are
//! two, and the way back from either. Nothing is moved: both stay, with a link between them.

use doorstep_client_core::client::{
    Agreement, ComparedField, Comparison, Linked, SaidBy, Side, TwinKey, TwinKind, TwinVerdict,
};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::RowId;
use doorstep_client_core::records::decisions::Twins;
use doorstep_protocol::DocumentId;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::page::todo::twin_word;
use crate::view::facts::{Facts, iso};
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::Message;

/// Characters of a note.
const NOTE_CHARS_MAX: usize = 2_000;
/// The note of a decision.
const NOTE: &str = "decision_note";

/// The address of a pair's page.
#[must_use]
pub fn path(key: TwinKey) -> String {
    let word = twin_word(key.kind());
    match key {
        TwinKey::Hazards { document, a, b } => format!("/twins/{word}/{document}/{a}/{b}"),
        TwinKey::People { a, b } | TwinKey::Properties { provisional: a, known: b } => format!("/twins/{word}/{a}/{b}"),
    }
}

fn of_path(ask: &Ask) -> Result<TwinKey, Fault> {
    if let Ok(document) = ask.part::<DocumentId>("document") {
        return Ok(TwinKey::Hazards { document, a: ask.part::<RowId>("a")?, b: ask.part::<RowId>("b")? });
    }
    let (a, b) = (ask.part::<RecordId>("a")?, ask.part::<RecordId>("b")?);
    let client = &ask.house.client;
    match ask.part::<String>("kind")?.as_str() {
        "people" if client.people().row(a)?.is_some() => Ok(TwinKey::People { a, b }),
        "properties" if client.properties().row(a)?.is_some() => Ok(TwinKey::Properties { provisional: a, known: b }),
        _ => Err(Fault::NotFound),
    }
}

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let key = of_path(ask)?;
    Ok(Answer::Page(page_of(ask, key)?))
}

fn page_of(ask: &Ask, key: TwinKey) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let compared = ask.house.client.duplicates().compare(key)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let holds = standing(&compared);
    let title = speech.code("twins-title", twin_word(key.kind()));
    let body = html! {
        p.kicker { a href="/todo/duplicates" { (speech.say("todo-title-duplicates")) } }
        h1 { (title) }
        @match holds {
            Some(Twins::Same) => p.notice { (speech.say("twins-are-one")) },
            Some(Twins::NotSame) => p.notice { (speech.say("twins-are-two")) },
            Some(Twins::Contradicted) => p.refusal { (speech.say("twins-contradicted")) },
            None => p.lead { (speech.say("twins-text")) },
        }
        section.card {
            (beside(facts, &compared))
        }
        @if holds.is_none() {
            section.card {
                h2 { (speech.say("twins-decide")) }
                (form::form(ask, &path(key), html! {
                    (form::area(ask, Field::with_hint(NOTE, "decision-note-hint")))
                    div.actions {
                        button.main name="how" value="same" { (speech.code("twins-same", twin_word(key.kind()))) }
                        button name="how" value="different" { (speech.say("twins-different")) }
                    }
                }))
            }
        }
        (decided(ask, facts, &compared))
    };
    Ok(view::page(ask, Some(Tab::Home), &title, body))
}

/// The two as columns, a line for each field: those that differ first.
fn beside(facts: Facts<'_>, compared: &Comparison) -> Markup {
    let speech = facts.speech;
    let title = speech.say("twins-beside");
    let groups = [Agreement::Differs, Agreement::OneSided, Agreement::Same];
    html! {
        div.scroll tabindex="0" role="region" aria-label=(title) {
            table.beside {
                thead { tr {
                    th scope="col" { (speech.say("field")) }
                    th scope="col" { (side(facts, &compared.left, compared.key)) }
                    th scope="col" { (side(facts, &compared.right, compared.key)) }
                } }
                @for agreement in groups {
                    @let fields: Vec<&ComparedField> = compared.fields.iter().filter(|one| one.agreement == agreement && is_shown(one)).collect();
                    @if !fields.is_empty() {
                        tbody {
                            tr { th.group scope="rowgroup" colspan="3" { (speech.say(words_of(agreement))) } }
                            @for field in fields {
                                @let family = property::family(&field.collection, &field.field);
                                tr.disputed[agreement == Agreement::Differs] {
                                    th scope="row" { (speech.code("field", &field.field)) }
                                    td { (said(facts, &field.left, family)) }
                                    td { (said(facts, &field.right, family)) }
                                }
                            }
                        }
                    }
                }
                tbody {
                    tr {
                        th scope="row" { (speech.say("twins-holds")) }
                        @for side in [&compared.left, &compared.right] { td { (rows_of(facts, side)) } }
                    }
                }
            }
        }
    }
}

const fn words_of(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::Differs => "twins-differ",
        Agreement::OneSided => "twins-one-says",
        Agreement::Same => "twins-same-said",
    }
}

/// What holds about the pair: two desks may have decided without having seen each other.
fn standing(compared: &Comparison) -> Option<Twins> {
    let mut holding = compared.decisions.iter().filter(|one| one.undone_by.is_none()).map(|one| one.twins);
    let first = holding.next()?;
    Some(if holding.all(|other| other == first) { first } else { Twins::Contradicted })
}

/// What was decided, in words.
const fn said_words(twins: Twins) -> &'static str {
    match twins {
        Twins::Same => "decision-kind-same",
        Twins::NotSame => "decision-kind-not-same",
        Twins::Contradicted => "twins-contradicted",
    }
}

/// Ids say nothing to a person.
fn is_shown(field: &ComparedField) -> bool {
    !matches!(
        field.field.as_str(),
        "visit" | "scheme_version" | "source_document" | "source_row" | "source_zone" | "source_log" | "source_class"
    )
}

/// A side with the way to its page.
fn side(facts: Facts<'_>, side: &Side, key: TwinKey) -> Markup {
    let href = side.record.map(|record| match key.kind() {
        TwinKind::People => format!("/person/{record}"),
        TwinKind::Hazards | TwinKind::Properties => format!("/home/{record}"),
    });
    html! {
        @match &href { Some(href) => a href=(href) { (side.title) }, None => (side.title) }
        span.by {
            br; (side.who)
            @if let Some(at) = side.at { ", " time datetime=(iso(at)) { (facts.speech.moment(at, facts.now)) } }
        }
    }
}

/// What was said of a field, each with who said it.
fn said(facts: Facts<'_>, values: &[SaidBy], family: Option<&str>) -> Markup {
    let mut shown: Vec<(String, &str)> = Vec::new();
    for one in values {
        let words = facts.brief(&one.value, family);
        if shown.iter().all(|(known, _)| *known != words) {
            shown.push((words, one.who.as_str()));
        }
    }
    html! {
        @if shown.is_empty() { span.by { (facts.speech.say("not-said")) } }
        @for (at, (words, who)) in shown.iter().enumerate() {
            @if at > 0 { br; }
            (words) " " span.by { (who) }
        }
    }
}

/// How much there is of each.
fn rows_of(facts: Facts<'_>, side: &Side) -> Markup {
    html! {
        @for (collection, count) in side.rows.iter().filter(|(name, count)| **count > 0 && name.as_str() != "decisions") {
            (facts.speech.code("collection", collection)) ": " (count) br;
        }
    }
}

fn decided(ask: &Ask, facts: Facts<'_>, compared: &Comparison) -> Markup {
    let speech = facts.speech;
    html! {
        @if !compared.decisions.is_empty() {
            section.card {
                h2 { (speech.say("decided")) }
                ul.facts {
                    @for one in &compared.decisions {
                        @let kind = speech.say(said_words(one.twins));
                        li.fact {
                            strong { (kind) }
                            @if let Some(note) = &one.note { span.words { (note) } }
                            span.by { (one.who) @if let Some(at) = one.at { ", " (speech.moment(at, facts.now)) } }
                            @if one.undone_by.is_some() {
                                span.tag { (speech.say("decision-undone")) }
                            } @else {
                                form.inline method="post" action=(path(compared.key)) {
                                    (token(ask))
                                    input type="hidden" name="decision" value=(one.decision);
                                    button.quiet name="how" value="undo" { (speech.say("decision-undo")) span.unseen { ": " (kind) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Says that they are one or two, or undoes that.
pub fn decide(ask: &mut Ask) -> Result<Answer, Fault> {
    let key = of_path(ask)?;
    let client = ask.house.client.clone();
    let verdict = match ask.fields.typed("how") {
        "same" => TwinVerdict::Same,
        "different" => TwinVerdict::NotSame,
        "undo" => {
            let decision: RowId = ask.fields.typed("decision").parse().map_err(|_| Fault::NotFound)?;
            client.duplicates().undo(key, decision, None)?;
            ask.house.wake();
            return Ok(Answer::GoAndSay(path(key), Message::new("twins-undone")));
        }
        _ => return Err(Fault::NotFound),
    };
    let note = ask.fields.text(NOTE, NOTE_CHARS_MAX);
    if !ask.fields.is_sound() {
        return Ok(Answer::Unsound(page_of(ask, key)?));
    }
    client.duplicates().decide(key, verdict, note.as_deref())?;
    ask.house.wake();
    let said = if verdict == TwinVerdict::Same { "twins-said-one" } else { "twins-said-two" };
    Ok(Answer::GoAndSay(path(key), Message::new(said)))
}

/// The records that are one with this one, or were decided not to be, with the way to each comparison.
#[must_use]
pub fn links(ask: &Ask, linked: &[Linked]) -> Markup {
    let speech = ask.speech();
    html! {
        @if !linked.is_empty() {
            section.card {
                h2 { (speech.say("twins-linked")) }
                ul.facts {
                    @for one in linked {
                        li.fact {
                            a href=(path(one.key)) { strong { (one.title) } }
                            span.words { (speech.say(said_words(one.twins))) }
                        }
                    }
                }
            }
        }
    }
}

//! Values that disagree, side by side: a column for each version with who said it, when and on which device; which one visitors
//! are shown meanwhile; and a button to keep one. Nothing is erased: the other values stay in the history.

use std::collections::BTreeMap;

use doorstep_client_core::client::ConflictItem;
use doorstep_client_core::records::RowId;
use doorstep_protocol::{Class, DocumentId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::view::facts::{Facts, iso};
use crate::view::{self, Tab, token};
use crate::words::Message;

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let items = ask.house.client.conflicts().list()?;
    let names = ask.house.client.directory().names().unwrap_or_default();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let mut by_record: BTreeMap<(String, DocumentId), Vec<&ConflictItem>> = BTreeMap::new();
    for item in &items {
        by_record.entry((item.title.clone(), item.document)).or_default().push(item);
    }
    let body = html! {
        h1 { (speech.say("tab-reconcile")) }
        @if items.is_empty() {
            p.empty { (speech.say("reconcile-none")) }
        } @else {
            p.lead { (speech.say("reconcile-text")) }
        }
        @for ((title, _), items) in &by_record {
            section.card {
                h2 {
                    @match items.first().and_then(|item| item.record) {
                        Some(record) => a href={(where_to(items[0].class)) (record)} { (title) },
                        None => (title),
                    }
                }
                @for item in items { (dispute(ask, facts, item)) }
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Reconcile), &speech.say("tab-reconcile"), body)))
}

fn where_to(class: Class) -> &'static str {
    match class.subject() {
        doorstep_protocol::Subject::Person => "/person/",
        _ => "/home/",
    }
}

fn dispute(ask: &Ask, facts: Facts<'_>, item: &ConflictItem) -> Markup {
    let speech = facts.speech;
    let family = property::family(&item.path.collection, &item.path.field);
    let field = speech.code("field", &item.path.field);
    html! {
        div.dispute {
            h3 { (speech.code("collection", &item.path.collection)) ": " (field) }
            div.versions role="group" aria-label=(field) {
                @for (at, said) in item.values.iter().enumerate() {
                    @let words = facts.value(&said.value, family);
                    @let is_cautious = said.value == item.cautious;
                    form.version.cautious[is_cautious] method="post" action="/reconcile" {
                        (token(ask))
                        input type="hidden" name="document" value=(item.document);
                        input type="hidden" name="class" value=(item.class);
                        input type="hidden" name="collection" value=(item.path.collection);
                        input type="hidden" name="row" value=(item.path.row);
                        input type="hidden" name="field" value=(item.path.field);
                        input type="hidden" name="value" value=(at);
                        input type="hidden" name="said" value=(said.value);
                        p.value { (words) }
                        dl {
                            dt { (speech.say("said-by")) } dd { (said.who) }
                            dt { (speech.say("said-when")) }
                            dd {
                                @match said.at {
                                    Some(at) => time datetime=(iso(at)) { (speech.moment(at, facts.now)) },
                                    None => (speech.say("not-known")),
                                }
                            }
                            dt { (speech.say("said-on")) } dd { (said.device) }
                        }
                        p.meanwhile { @if is_cautious { span.tag.warn { (speech.say("shown-meanwhile")) } } }
                        button.main { (speech.tell("keep-value", "value", words.as_str())) }
                    }
                }
            }
        }
    }
}

/// Keeps one of the values.
pub fn choose(ask: &mut Ask) -> Result<Answer, Fault> {
    let document: DocumentId = ask.fields.typed("document").parse().map_err(|_| Fault::NotFound)?;
    let class: Class = ask.fields.typed("class").parse().map_err(|_| Fault::NotFound)?;
    let row: RowId = ask.fields.typed("row").parse().map_err(|_| Fault::NotFound)?;
    let at: usize = ask.fields.typed("value").parse().map_err(|_| Fault::NotFound)?;
    let client = &ask.house.client;
    let items = client.conflicts().list()?;
    let is_it = |item: &&ConflictItem| {
        item.document == document
            && item.class == class
            && item.path.row == row
            && item.path.collection == ask.fields.typed("collection")
            && item.path.field == ask.fields.typed("field")
    };
    // Somebody else may have settled it meanwhile, or said a third thing.
    let Some(item) = items.iter().find(is_it) else {
        return Ok(Answer::GoAndSay("/reconcile".to_owned(), Message::new("reconcile-settled-already")));
    };
    // The columns may have changed since the page was made: what was read is what is kept.
    let chosen = item.values.get(at).filter(|said| said.value.to_string() == ask.fields.typed("said"));
    let chosen = chosen.ok_or(Fault::Stale)?;
    client.conflicts().resolve(document, class, &item.path, &chosen.value)?;
    ask.house.wake();
    let field = ask.speech().code("field", &item.path.field);
    Ok(Answer::GoAndSay("/reconcile".to_owned(), Message::new("reconcile-settled").with("field", field)))
}

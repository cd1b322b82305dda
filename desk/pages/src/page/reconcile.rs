//! Values that disagree, side by side: a column for each version with who said it, when and on which device; which one visitors
//! are shown meanwhile; and a button to keep one. Nothing is erased: the other values stay in the history.

pub mod dispute;

use std::collections::BTreeMap;

use doorstep_client_core::client::{ConflictFilter, ConflictItem, Page};
use doorstep_client_core::records::{RowId, Value};
use doorstep_protocol::{Class, DocumentId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::view::facts::{Facts, iso};
use crate::view::filter::{self, Control};
use crate::view::{self, Tab, token};
use crate::words::Message;

/// What the session calls this list.
const LIST: &str = "reconcile";
/// Fields in dispute on one page: each is shown whole.
const SHOWN: usize = 20;

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

/// Narrows the list, or goes on in it.
pub fn narrow(ask: &mut Ask) -> Result<Answer, Fault> {
    if !filter::take(ask, LIST) {
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    Ok(Answer::Go("/reconcile".to_owned()))
}

fn page_of(ask: &mut Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let asked = filter::read(ask, LIST)?;
    let page = Page { limit: SHOWN, ..asked.page };
    let class = ask.fields.typed("filter_class").parse().ok();
    let wanted = ConflictFilter { class, area: asked.area, who: asked.who, text: asked.text, record: None };
    let listed = ask.house.client.conflicts().page(&wanted, page)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let mut by_record: BTreeMap<(String, DocumentId), Vec<&ConflictItem>> = BTreeMap::new();
    for item in &listed.rows {
        by_record.entry((item.title.clone(), item.document)).or_default().push(item);
    }
    let classes: Vec<_> =
        CLASSES.iter().map(|class| (class.to_string(), speech.code("class", class.as_str()))).collect();
    let more = [filter::one_of(ask, "filter_class", &classes)];
    let body = html! {
        h1 { (speech.say("tab-reconcile")) }
        (way_back(ask))
        (filter::form(ask, "/reconcile/list", &[Control::Area, Control::Who], &more)?)
        @if !listed.rows.is_empty() {
            p.lead { (speech.tell("todo-found", "n", listed.total)) " " (speech.say("reconcile-text")) }
        } @else if filter::is_narrow(ask) {
            p.empty { (speech.say("filter-none")) }
        } @else {
            p.empty { (speech.say("reconcile-none")) }
        }
        @for ((title, _), items) in &by_record {
            section.card {
                h2 {
                    @match items.first().and_then(|item| item.record) {
                        Some(record) => a href={(where_to(items[0].class)) (record)} { (title) },
                        None => (title),
                    }
                }
                @for item in items { (dispute(ask, facts, item)?) }
            }
        }
        (filter::pager(ask, "/reconcile/list", page, listed.total))
    };
    Ok(view::page(ask, Some(Tab::Reconcile), &speech.say("tab-reconcile"), body))
}

/// Classes of which a dispute can be shown here: what is published for crews settles with its source.
const CLASSES: [Class; 6] =
    [Class::Home, Class::Index, Class::Identity, Class::Communication, Class::Function, Class::Network];

fn where_to(class: Class) -> &'static str {
    match class.subject() {
        doorstep_protocol::Subject::Person => "/person/",
        _ => "/home/",
    }
}

/// The versions of one field as columns, with what each was based on and how its author knew.
fn dispute(ask: &Ask, facts: Facts<'_>, item: &ConflictItem) -> Result<Markup, Fault> {
    let speech = facts.speech;
    let family = property::family(&item.path.collection, &item.path.field);
    let field = speech.code("field", &item.path.field);
    let columns = ask.house.client.conflicts().columns(item.document, &item.path)?;
    let version = |value: &Value| columns.versions.iter().find(|column| column.said.value == *value);
    Ok(html! {
        div.dispute {
            h3 { (speech.code("collection", &item.path.collection)) ": " (field) }
            div.versions role="group" aria-label=(field) {
                @for (at, said) in item.values.iter().enumerate() {
                    @let words = facts.value(&said.value, family);
                    @let is_cautious = said.value == item.cautious;
                    form.version.cautious[is_cautious] method="post" action="/reconcile" {
                        (token(ask))
                        (place(item))
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
                            @if let Some(version) = version(&said.value) {
                                @if let Some(kind) = &version.visit_kind { dt { (speech.say("said-at-visit")) } dd { (speech.code("visit-kind", kind)) } }
                                dt { (speech.say("said-source")) }
                                dd { (version.source.as_ref().map_or_else(|| speech.say("not-known"), |source| facts.value(source, Some("source")))) }
                                dt { (speech.say("said-based-on")) }
                                dd {
                                    @if version.based_on.is_empty() { (speech.say("based-on-nothing")) }
                                    (version.based_on.iter().map(|value| facts.value(&value.value, family)).collect::<Vec<_>>().join(", "))
                                }
                            }
                        }
                        p.meanwhile { @if is_cautious { span.tag.warn { (speech.say("shown-meanwhile")) } } }
                        button.main name="how" value="choose" { (speech.tell("keep-value", "value", words.as_str())) }
                    }
                }
            }
            div.actions {
                form.inline method="post" action="/reconcile" {
                    (token(ask)) (place(item))
                    button.quiet name="how" value="both" { (speech.say("keep-both")) }
                }
                a.button.quiet href=(dispute::path(item.document, &item.path)) {
                    (speech.say("dispute-open")) span.unseen { ": " (field) }
                }
            }
        }
    })
}

/// Which field a form is about.
fn place(item: &ConflictItem) -> Markup {
    html! {
        input type="hidden" name="document" value=(item.document);
        input type="hidden" name="class" value=(item.class);
        input type="hidden" name="collection" value=(item.path.collection);
        input type="hidden" name="row" value=(item.path.row);
        input type="hidden" name="field" value=(item.path.field);
    }
}

/// The way back from what was decided last in this session.
fn way_back(ask: &Ask) -> Markup {
    let last = ask.house.door().remembered(ask.session).and_then(|session| session.decision);
    html! {
        @if let Some((document, decision)) = last {
            form.inline method="post" action="/reconcile/undo" {
                (token(ask))
                input type="hidden" name="document" value=(document);
                input type="hidden" name="decision" value=(decision);
                button.quiet { (ask.speech().say("undo-last")) }
            }
        }
    }
}

fn remember(ask: &Ask, decision: Option<(DocumentId, RowId)>) {
    if let Some(session) = ask.house.door().remembered(ask.session) {
        session.decision = decision;
    }
}

/// Keeps one of the values, or lets all of them stand.
pub fn choose(ask: &mut Ask) -> Result<Answer, Fault> {
    let document: DocumentId = ask.fields.typed("document").parse().map_err(|_| Fault::NotFound)?;
    let class: Class = ask.fields.typed("class").parse().map_err(|_| Fault::NotFound)?;
    let row: RowId = ask.fields.typed("row").parse().map_err(|_| Fault::NotFound)?;
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
    let field = ask.speech().code("field", &item.path.field);
    let (decision, said) = if ask.fields.typed("how") == "both" {
        (client.conflicts().keep_both(document, &item.path, None)?, "reconcile-kept-both")
    } else {
        let at: usize = ask.fields.typed("value").parse().map_err(|_| Fault::NotFound)?;
        // The columns may have changed since the page was made: what was read is what is kept.
        let chosen = item.values.get(at).filter(|said| said.value.to_string() == ask.fields.typed("said"));
        let chosen = chosen.ok_or(Fault::Stale)?;
        (client.conflicts().choose(document, &item.path, &chosen.value, None)?, "reconcile-settled")
    };
    remember(ask, Some((document, decision)));
    ask.house.wake();
    Ok(Answer::GoAndSay("/reconcile".to_owned(), Message::new(said).with("field", field)))
}

/// Undoes what was decided last: the dispute is open again.
pub fn undo(ask: &mut Ask) -> Result<Answer, Fault> {
    let document: DocumentId = ask.fields.typed("document").parse().map_err(|_| Fault::NotFound)?;
    let decision: RowId = ask.fields.typed("decision").parse().map_err(|_| Fault::NotFound)?;
    ask.house.client.conflicts().undo(document, decision, None)?;
    remember(ask, None);
    ask.house.wake();
    Ok(Answer::GoAndSay("/reconcile".to_owned(), Message::new("reconcile-undone")))
}

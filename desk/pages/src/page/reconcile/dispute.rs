//! One dispute: the row as each of its authors left it, side by side, and as it is now; another value, a note, the way back to
//! the visitor; and what was decided about it before, each decision with its undoing.

use doorstep_client_core::client::{ClientError, Columns, ConflictItem, DecisionRow, VersionColumn};
use doorstep_client_core::device::WriteError;
use doorstep_client_core::records::decisions::Open;
use doorstep_client_core::records::home::{Visit, VisitState};
use doorstep_client_core::records::rows::shape_of;
use doorstep_client_core::records::{EditError, FieldShape, Path, Reading, RowId, Value};
use doorstep_protocol::{Class, DocumentId};
use maud::{Markup, html};

use super::{remember, where_to};
use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::page::todo::listed_hazard;
use crate::refusals;
use crate::view::facts::{Facts, iso, join};
use crate::view::form::{self, Field};
use crate::view::{self, Tab, shaped, token};
use crate::words::Message;

/// Characters of a note.
const NOTE_CHARS_MAX: usize = 2_000;
/// Visits that are offered, at most.
const VISITS_MAX: usize = 12;
/// The control for another value.
const OTHER: &str = "other_value";
/// The note of a decision.
const NOTE: &str = "decision_note";
/// What goes to the visitor.
const BACK: &str = "visit_note";
/// To which visitor.
const VISIT: &str = "returned_visit";

/// The address of a dispute's page.
#[must_use]
pub fn path(document: DocumentId, path: &Path) -> String {
    format!("/reconcile/{document}/{}/{}/{}", path.collection, path.row, path.field)
}

/// A field that was or is in dispute.
struct Dispute {
    document: DocumentId,
    class: Class,
    path: Path,
    columns: Columns,
    shape: Option<FieldShape>,
}

fn of_path(ask: &Ask) -> Result<Dispute, Fault> {
    let document: DocumentId = ask.part("document")?;
    let path = Path { collection: ask.part("collection")?, row: ask.row()?, field: ask.part("field")? };
    let columns = ask.house.client.conflicts().columns(document, &path)?;
    let class = ask.house.client.conflicts().class_of(document)?;
    let shape = shape_of(class, &path.collection, &path.field).filter(|shape| *shape != FieldShape::Made);
    Ok(Dispute { document, class, path, columns, shape })
}

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let dispute = of_path(ask)?;
    Ok(Answer::Page(page_of(ask, &dispute)?))
}

fn page_of(ask: &Ask, dispute: &Dispute) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let Dispute { columns, path: at, .. } = dispute;
    let title = format!("{}: {}", speech.code("collection", &at.collection), speech.code("field", &at.field));
    let home = columns.item.as_ref().and_then(|item| Some((item.record?, &item.title)));
    let body = html! {
        p.kicker { a href="/reconcile" { (speech.say("tab-reconcile")) } }
        h1 { (title) }
        @if let Some(hazard) = hazard_of(facts, columns) { p.value { (hazard) } }
        @if let Some((record, address)) = home { p { a href={(where_to(dispute.class)) (record)} { (address) } } }
        @match &columns.item {
            Some(item) => {
                p.lead { (speech.say(if item.returned.is_some() { "dispute-returned" } else { "dispute-text" })) }
            },
            None => p.lead { (speech.say("dispute-settled")) },
        }
        section.card {
            h2 { (speech.say("dispute-side-by-side")) }
            p.hint { (speech.say("dispute-side-by-side-text")) }
            (side_by_side(ask, facts, dispute))
        }
        @if columns.item.is_some() { (settle(ask, dispute)?) }
        (decided(ask, facts, &columns.decisions))
    };
    Ok(view::page(ask, Some(Tab::Reconcile), &title, body))
}

/// Which hazard it is, where it is about one.
fn hazard_of(facts: Facts<'_>, columns: &Columns) -> Option<String> {
    let text = |field: &str| columns.merged_row.get(field)?.first()?.as_text();
    let label = listed_hazard(facts.speech, &format!("{} {}", text("scheme")?, text("code")?));
    Some(join([Some(label), text("room").map(|room| facts.speech.room(room))]))
}

/// The row as each author left it, and as it is now: a line for each field, those first in which they differ.
fn side_by_side(ask: &Ask, facts: Facts<'_>, dispute: &Dispute) -> Markup {
    let speech = facts.speech;
    let Dispute { columns, path: at, .. } = dispute;
    let versions = &columns.versions;
    html! {
        div.scroll tabindex="0" role="region" aria-label=(speech.say("dispute-side-by-side")) {
            table.beside {
                thead {
                    tr {
                        th scope="col" { (speech.say("field")) }
                        @for version in versions { th scope="col" { (author(facts, version)) } }
                        th.merged scope="col" { (speech.say("merged-view")) }
                    }
                }
                tbody {
                    @for field in fields(columns, at) {
                        @let family = property::family(&at.collection, field);
                        @let shown = columns.merged_row.get(field).map(Vec::as_slice).unwrap_or_default();
                        tr.disputed[*field == at.field] {
                            th scope="row" { (speech.code("field", field)) }
                            @for version in versions {
                                @let value = if *field == at.field { Some(&version.said.value) } else { version.authors_row.get(field) };
                                (cell(facts, value, shown, family))
                            }
                            td.merged {
                                @for (at, value) in shown.iter().enumerate() {
                                    @if at > 0 { br; }
                                    (facts.brief(value, family))
                                }
                            }
                        }
                    }
                    tr {
                        th scope="row" { (speech.say("said-based-on")) }
                        @for version in versions {
                            td {
                                @let family = property::family(&at.collection, &at.field);
                                @if version.based_on.is_empty() { (speech.say("based-on-nothing")) }
                                @for said in &version.based_on {
                                    (facts.brief(&said.value, family)) " " span.by { (said.who) } br;
                                }
                            }
                        }
                        td.merged {}
                    }
                    @if let Some(item) = &columns.item {
                        tr.choose {
                            th scope="row" { (speech.say("dispute-keep")) }
                            @for version in versions {
                                @let value = facts.brief(&version.said.value, property::family(&at.collection, &at.field));
                                td {
                                    @if can_be_kept(item, &version.said.value) {
                                        form.inline method="post" action=(path(dispute.document, at)) {
                                            (token(ask))
                                            input type="hidden" name="said" value=(version.said.value);
                                            button.main name="how" value="choose" { (speech.tell("keep-value", "value", value.as_str())) }
                                        }
                                    }
                                    @if version.said.value == item.cautious { p.meanwhile { span.tag.warn { (speech.say("shown-meanwhile")) } } }
                                }
                            }
                            td.merged {}
                        }
                    }
                }
            }
        }
    }
}

/// Whether a value can be kept: one that stands, or of what was opened again any that stood before.
fn can_be_kept(item: &ConflictItem, value: &Value) -> bool {
    matches!(item.open, Open::Reopened { .. }) || item.values.iter().any(|said| said.value == *value)
}

/// Who said it, when, on which device, at which visit.
fn author(facts: Facts<'_>, version: &VersionColumn) -> Markup {
    let speech = facts.speech;
    html! {
        strong { (version.said.who) }
        span.by {
            br; @match version.said.at {
                Some(at) => time datetime=(iso(at)) { (speech.moment(at, facts.now)) },
                None => (speech.say("not-known")),
            }
            br; (version.said.device)
            @if let Some(kind) = &version.visit_kind { br; (speech.code("visit-kind", kind)) }
        }
    }
}

/// The fields of the row: the disputed one first, then those in which somebody differs from what is there now.
fn fields<'c>(columns: &'c Columns, at: &'c Path) -> Vec<&'c String> {
    let is_alike = |field: &String| {
        let shown = columns.merged_row.get(field);
        columns.versions.iter().all(|version| {
            version
                .authors_row
                .get(field)
                .is_none_or(|value| shown.is_some_and(|shown| shown.as_slice() == [value.clone()]))
        })
    };
    let of_program =
        |field: &str| matches!(field, "visit" | "version" | "scheme" | "code" | "source_document" | "source_row");
    let mut rest: Vec<&String> =
        columns.merged_row.keys().filter(|field| **field != at.field && !of_program(field)).collect();
    rest.sort_by_key(|field| (is_alike(field), field.as_str()));
    std::iter::once(&at.field).chain(rest).collect()
}

fn cell(facts: Facts<'_>, value: Option<&Value>, shown: &[Value], family: Option<&str>) -> Markup {
    let differs = value.is_some_and(|value| shown != [value.clone()]);
    html! {
        td.differs[differs] {
            @match value {
                Some(value) => {
                    @if differs { strong { (facts.brief(value, family)) } } @else { (facts.brief(value, family)) }
                },
                None => span.by { (facts.speech.say("not-said")) },
            }
        }
    }
}

/// The ways to settle it beside keeping one of the values.
fn settle(ask: &Ask, dispute: &Dispute) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let at = path(dispute.document, &dispute.path);
    let family = property::family(&dispute.path.collection, &dispute.path.field);
    let visits = visits(ask, dispute)?;
    Ok(html! {
        (form::summary(ask))
        div.columns {
            section.card {
                h2 { (speech.say("dispute-settle")) }
                form.sheet method="post" action=(at) novalidate {
                    (token(ask))
                    @if let Some(shape) = dispute.shape { (shaped::control(ask, Field::with_hint(OTHER, "other-value-hint"), shape, family)) }
                    (form::area(ask, Field::with_hint(NOTE, "decision-note-hint")))
                    div.actions {
                        @if dispute.shape.is_some() { button.main name="how" value="edit" { (speech.say("dispute-edit")) } }
                        button name="how" value="both" { (speech.say("keep-both")) }
                    }
                }
            }
            @if !visits.is_empty() {
                section.card {
                    h2 { (speech.say("dispute-return")) }
                    form.sheet method="post" action=(at) novalidate {
                        (token(ask))
                        (form::choice(ask, Field::named(VISIT), &visits))
                        (form::area(ask, Field::with_hint(BACK, "dispute-return-hint")))
                        button name="how" value="return" { (speech.say("dispute-return-now")) }
                    }
                }
            }
        }
    })
}

/// Visits to whose visitor it can go back: those at which a version was said first, then the others of the home.
fn visits(ask: &Ask, dispute: &Dispute) -> Result<Vec<(String, String)>, Fault> {
    let speech = ask.speech();
    let home = match dispute.columns.item.as_ref().and_then(|item| item.record) {
        Some(record) if dispute.class == Class::Home => ask.house.client.document(record, Class::Home)?,
        _ => None,
    };
    let Some(home) = home else { return Ok(Vec::new()) };
    let names = ask.house.names();
    let said_at = |row: RowId| dispute.columns.versions.iter().any(|version| version.visit == Some(row));
    let mut visits = home.rows::<Visit>(Reading::Shown);
    visits.retain(|visit| visit.value.state != Some(VisitState::Draft));
    visits.sort_by_key(|visit| (!said_at(visit.row), std::cmp::Reverse(visit.value.started_at), visit.row));
    let words = visits.into_iter().take(VISITS_MAX).map(|visit| {
        let kind = visit
            .value
            .kind
            .as_ref()
            .map_or_else(|| speech.say("visit"), |kind| speech.code("visit-kind", kind.as_str()));
        let who = names.who(visit.made.as_ref().and_then(|made| made.who));
        let at = visit.value.started_at.map(|at| speech.moment(at, ask.now()));
        (visit.row.to_string(), join([Some(who), Some(kind), at]))
    });
    Ok(words.collect())
}

/// What was decided, the latest first; what holds can be undone.
fn decided(ask: &Ask, facts: Facts<'_>, decisions: &[DecisionRow]) -> Markup {
    let speech = facts.speech;
    html! {
        @if !decisions.is_empty() {
            section.card {
                h2 { (speech.say("decided")) }
                ul.facts {
                    @for row in decisions {
                        @let kind = row.kind.as_ref().map_or_else(|| speech.say("decided"), |kind| speech.code("decision-kind", kind.as_str()));
                        li.fact {
                            strong { (kind) }
                            @if let Some(note) = &row.note { span.words { (note) } }
                            span.by { (row.who) @if let Some(at) = row.at { ", " (speech.moment(at, facts.now)) } }
                            @if row.undone_by.is_some() {
                                span.tag { (speech.say("decision-undone")) }
                            } @else if row.kind.as_ref().is_some_and(|kind| kind.as_str() != "undone") {
                                form.inline method="post" action=(ask.path) {
                                    (token(ask))
                                    input type="hidden" name="decision" value=(row.decision);
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

/// Settles it in one of the ways, or undoes what was settled.
pub fn decide(ask: &mut Ask) -> Result<Answer, Fault> {
    let dispute = of_path(ask)?;
    let Dispute { document, path: at, .. } = &dispute;
    let client = ask.house.client.clone();
    let conflicts = client.conflicts();
    let how = ask.fields.typed("how").to_owned();
    if how != "undo" && dispute.columns.item.is_none() {
        return Ok(Answer::GoAndSay(path(*document, at), Message::new("reconcile-settled-already")));
    }
    let field = ask.speech().code("field", &at.field);
    let (done, said) = match how.as_str() {
        "choose" => {
            let is_it = |version: &&VersionColumn| version.said.value.to_string() == ask.fields.typed("said");
            let chosen = dispute.columns.versions.iter().find(is_it).ok_or(Fault::Stale)?;
            (conflicts.choose(*document, at, &chosen.said.value, None), "reconcile-settled")
        }
        "edit" => {
            let shape = dispute.shape.ok_or(Fault::NotFound)?;
            let value = shaped::read(ask, OTHER, shape, (dispute.class, at));
            let note = ask.fields.text(NOTE, NOTE_CHARS_MAX);
            let (Some(value), true) = (value, ask.fields.is_sound()) else {
                return Ok(Answer::Unsound(page_of(ask, &dispute)?));
            };
            (conflicts.edit(*document, at, &value, note.as_deref()), "reconcile-edited")
        }
        "both" => {
            let note = ask.fields.text(NOTE, NOTE_CHARS_MAX);
            if !ask.fields.is_sound() {
                return Ok(Answer::Unsound(page_of(ask, &dispute)?));
            }
            (conflicts.keep_both(*document, at, note.as_deref()), "reconcile-kept-both")
        }
        "return" => {
            let visit = ask.fields.chosen::<RowId>(VISIT);
            let note = ask.fields.text_needed(BACK, NOTE_CHARS_MAX);
            let (Some(visit), Some(note), true) = (visit, note, ask.fields.is_sound()) else {
                return Ok(Answer::Unsound(page_of(ask, &dispute)?));
            };
            (conflicts.return_to_visitor(*document, at, visit, &note), "reconcile-returned")
        }
        "undo" => {
            let decision: RowId = ask.fields.typed("decision").parse().map_err(|_| Fault::NotFound)?;
            conflicts.undo(*document, decision, None)?;
            ask.house.wake();
            return Ok(Answer::GoAndSay(path(*document, at), Message::new("reconcile-undone")));
        }
        _ => return Err(Fault::NotFound),
    };
    let decision = match done {
        Ok(decision) => decision,
        Err(ClientError::Write(WriteError::Edit(EditError::Field(error)))) if how == "edit" => {
            ask.fields.refuse(OTHER, refusals::of_field(&error));
            return Ok(Answer::Unsound(page_of(ask, &dispute)?));
        }
        Err(error) => return Err(error.into()),
    };
    remember(ask, Some((*document, decision)));
    ask.house.wake();
    Ok(Answer::GoAndSay(path(*document, at), Message::new(said).with("field", field)))
}

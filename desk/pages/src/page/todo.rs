//! What is to do, list by list: each with its count, the day by which it is due, and the way to the record.

use doorstep_client_core::client::{Page, TodoCount, TodoFilter, TodoItem, TodoKind, TodoWhat};
use doorstep_client_core::records::RowId;
use doorstep_protocol::Subject;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::firebox::spoken;
use crate::view::facts::join;
use crate::view::{self, Tab};
use crate::words::{Speech, kebab};

/// As addresses and the catalogue have it.
fn word(kind: TodoKind) -> String {
    kebab(&format!("{kind:?}"))
}

/// Where a list is: some have a page of their own.
fn path(kind: TodoKind) -> String {
    match kind {
        TodoKind::Conflicts => "/reconcile".to_owned(),
        TodoKind::LateWork => "/late".to_owned(),
        TodoKind::GlassReviews => "/audit".to_owned(),
        TodoKind::Sync => "/health".to_owned(),
        TodoKind::Clocks | TodoKind::Visits | TodoKind::Duplicates | TodoKind::StaleFacts | TodoKind::Disclosures => {
            format!("/todo/{}", word(kind))
        }
    }
}

/// Every list as a tile, the most urgent first. What this device may not know is not counted.
#[must_use]
pub fn tiles(speech: Speech, counts: &[TodoCount]) -> Markup {
    html! {
        ul.todos {
            @for (kind, count, overdue) in counts.iter().filter_map(|one| one.count.map(|count| (one.kind, count, one.overdue))) {
                @let tone = match (count, overdue) { (0, _) => "calm", (_, 0) => "due", _ => "alarm" };
                li {
                    a class={"tile " (tone)} href=(path(kind)) {
                        @if count == 0 {
                            span.count aria-hidden="true" { "✓" }
                            span { (speech.code("todo-none", &word(kind))) }
                        } @else {
                            span.count aria-hidden="true" { (count) }
                            span {
                                (speech.tell(&format!("todo-{}", word(kind)), "n", count))
                                @if overdue > 0 { br; span.tag.warn { (speech.tell("todo-overdue", "n", overdue)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One list.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let wanted: String = ask.part("kind")?;
    let kind = TodoKind::ALL.into_iter().find(|kind| word(*kind) == wanted).ok_or(Fault::NotFound)?;
    let listed = ask.house.client.todo().page(kind, &TodoFilter::default(), Page::FIRST)?;
    let title = speech.code("todo-title", &wanted);
    let body = html! {
        h1 { (title) }
        @if listed.rows.is_empty() { p.empty { (speech.code("todo-none", &wanted)) } }
        ul.found {
            @for item in &listed.rows { (line(speech, item)) }
        }
        @if listed.total > listed.rows.len() as u64 { p.hint { (speech.tell("todo-more", "n", listed.total)) } }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Home), &title, body)))
}

fn line(speech: Speech, item: &TodoItem) -> Markup {
    html! {
        li {
            a.open href=[href(item)] {
                strong { (item.title) }
                span { (what(speech, &item.what)) }
                @if let Some(due) = &item.due { span.tag.warn { (speech.tell("due-by", "day", speech.day(due))) } }
            }
        }
    }
}

/// The page on which somebody does it.
fn href(item: &TodoItem) -> Option<String> {
    let record = item.record?;
    Some(match &item.what {
        TodoWhat::Visit { visit, .. } => format!("/visit/{record}/{}", RowId(visit.row)),
        TodoWhat::Conflict { class, .. } if class.subject() == Subject::Person => format!("/person/{record}"),
        _ => format!("/home/{record}"),
    })
}

fn what(speech: Speech, what: &TodoWhat) -> String {
    match what {
        TodoWhat::Visit { visit, visitor_name } => join([
            Some(speech.code("visit-kind", &visit.kind)),
            Some(visitor_name.clone()),
            Some(speech.day(&visit.started)),
        ]),
        TodoWhat::Clock { code, clock, .. } => join([
            Some(listed_hazard(speech, code)),
            Some(speech.code("clock-rule", &kebab(&format!("{:?}", clock.rule)))),
            Some(clock_state(speech, clock.state)),
        ]),
        TodoWhat::Twins { pair } => {
            let sides = [pair.left.clone(), pair.right.clone()].join(" ↔ ");
            let alike = pair.alike.iter().map(|one| speech.code("alike", &kebab(&format!("{one:?}"))));
            join(std::iter::once(Some(sides)).chain(alike.map(Some)))
        }
        TodoWhat::Stale { collection, fact, .. } => {
            join([Some(speech.code("collection", collection)), Some(speech.code("flag-kind", fact))])
        }
        TodoWhat::Disclosure { register, .. } => register.clone(),
        TodoWhat::Conflict { fields, .. } => speech.tell("disputes", "n", *fields),
        TodoWhat::Late { author_name, zone_name, .. } => join([Some(author_name.clone()), Some(zone_name.clone())]),
        TodoWhat::Glass { device_name, task } => join([Some(device_name.clone()), Some(task.text.clone())]),
        TodoWhat::Sync { count, .. } => count.to_string(),
    }
}

/// A hazard that is named by its list and code.
fn listed_hazard(speech: Speech, code: &str) -> String {
    match code.split_once(' ').and_then(|(scheme, code)| Some((scheme.parse().ok()?, code))) {
        Some((scheme, code)) => spoken::hazard(speech, &scheme, code),
        None => code.to_owned(),
    }
}

/// How a clock stands.
#[must_use]
pub fn clock_state(speech: Speech, state: doorstep_client_core::records::clocks::ClockState) -> String {
    let name = format!("{state:?}");
    // Why a clock was stopped stands in brackets.
    speech.code("clock-state", &kebab(name.split('(').next().unwrap_or_default()))
}

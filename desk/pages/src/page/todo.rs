//! What is to do, list by list: each with its count, the day by which it is due, and the way to the record.

use doorstep_client_core::client::{TodoCount, TodoFilter, TodoItem, TodoKind, TodoWhat, TwinKind};
use doorstep_client_core::records::clocks::{ClockRule, ClockState};
use doorstep_client_core::records::function::Evacuation;
use doorstep_client_core::records::home::VisitKind;
use doorstep_client_core::records::register::Disclosure;
use doorstep_client_core::records::{Row as _, RowId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::firebox::spoken;
use crate::page::{clocks, twins};
use crate::view::facts::join;
use crate::view::filter::{self, Control};
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

/// The list that the path names, and what the session calls it.
fn of_path(ask: &Ask) -> Result<(TodoKind, &'static str), Fault> {
    let wanted: String = ask.part("kind")?;
    let kind = TodoKind::ALL.into_iter().find(|kind| word(*kind) == wanted).ok_or(Fault::NotFound)?;
    let list = match kind {
        TodoKind::Clocks => "todo-clocks",
        TodoKind::Visits => "todo-visits",
        TodoKind::Conflicts => "todo-conflicts",
        TodoKind::Duplicates => "todo-duplicates",
        TodoKind::StaleFacts => "todo-stale-facts",
        TodoKind::LateWork => "todo-late-work",
        TodoKind::GlassReviews => "todo-glass-reviews",
        TodoKind::Disclosures => "todo-disclosures",
        TodoKind::Sync => "todo-sync",
    };
    Ok((kind, list))
}

/// One list.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

/// Narrows it, or goes on in it.
pub fn narrow(ask: &mut Ask) -> Result<Answer, Fault> {
    let (kind, list) = of_path(ask)?;
    if !filter::take(ask, list) {
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    Ok(Answer::Go(format!("/todo/{}", word(kind))))
}

fn page_of(ask: &mut Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let (kind, list) = of_path(ask)?;
    let asked = filter::read(ask, list)?;
    let page = asked.page;
    let listed = ask.house.client.todo().page(kind, &filter_of(ask, asked), page)?;
    let wanted = word(kind);
    let title = speech.code("todo-title", &wanted);
    let action = format!("/todo/{wanted}");
    let body = html! {
        p.kicker { a href="/" { (speech.say("todo")) } }
        h1 { (title) }
        (controls(ask, kind, &action)?)
        @if listed.rows.is_empty() {
            p.empty { @if filter::is_narrow(ask) { (speech.say("filter-none")) } @else { (speech.code("todo-none", &wanted)) } }
        } @else {
            p.hint { (speech.tell("todo-found", "n", listed.total)) }
            ul.found { @for item in &listed.rows { (line(speech, item)) } }
        }
        (filter::pager(ask, &action, page, listed.total))
        @if kind == TodoKind::Disclosures { p { a.button.quiet href="/register" { (speech.say("register-open")) } } }
    };
    Ok(view::page(ask, Some(Tab::Home), &title, body))
}

/// What of the form the list's own filter is.
fn filter_of(ask: &Ask, asked: filter::Asked) -> TodoFilter {
    let typed = |name: &str| Some(ask.fields.typed(name).to_owned()).filter(|text| !text.is_empty());
    TodoFilter {
        visit_kind: typed("filter_kind").filter(|kind| VisitKind::CODES.contains(&kind.as_str())),
        clock_state: clock_states().into_iter().find(|state| state_word(*state) == ask.fields.typed("filter_state")),
        clock_rule: ClockRule::ALL.into_iter().find(|rule| rule_word(*rule) == ask.fields.typed("filter_rule")),
        twins: TwinKind::ALL.into_iter().find(|kind| twin_word(*kind) == ask.fields.typed("filter_kind")),
        collection: typed("filter_class"),
        text: asked.text,
        area: asked.area,
        who: asked.who,
        due: asked.due,
        record: None,
    }
}

/// How a list can be narrowed.
fn controls(ask: &Ask, kind: TodoKind, action: &str) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let one_of = |name, family: &str, words: Vec<String>| {
        let choices: Vec<_> = words.into_iter().map(|word| (word.clone(), speech.code(family, &word))).collect();
        filter::one_of(ask, name, &choices)
    };
    let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let (shown, more): (&[Control], Vec<Markup>) = match kind {
        TodoKind::Visits => {
            (&[Control::Area, Control::Who], vec![one_of("filter_kind", "visit-kind", own(VisitKind::CODES))])
        }
        TodoKind::Clocks => (
            &[Control::Area],
            vec![
                one_of("filter_state", "clock-state", clock_states().into_iter().map(state_word).collect()),
                one_of("filter_rule", "clock-rule", ClockRule::ALL.into_iter().map(rule_word).collect()),
            ],
        ),
        TodoKind::Duplicates => (
            &[Control::Area],
            vec![one_of("filter_kind", "twins", TwinKind::ALL.into_iter().map(twin_word).map(str::to_owned).collect())],
        ),
        TodoKind::StaleFacts => {
            (&[Control::Area, Control::Who], vec![one_of("filter_class", "collection", own(&STALE_COLLECTIONS))])
        }
        TodoKind::Disclosures => (&[Control::Due], Vec::new()),
        TodoKind::Conflicts => (&[Control::Area], Vec::new()),
        TodoKind::LateWork | TodoKind::GlassReviews => (&[Control::Area, Control::Who], Vec::new()),
        TodoKind::Sync => return Ok(html! {}),
    };
    filter::form(ask, action, shown, &more)
}

/// Collections whose facts are looked at again.
const STALE_COLLECTIONS: [&str; 6] = ["flags", "hazards", "equipment", "alarms", "clutter", "evacuation"];

const fn clock_states() -> [ClockState; 6] {
    [
        ClockState::Overdue,
        ClockState::DueSoon,
        ClockState::FactMissing,
        ClockState::Running,
        ClockState::MetLate,
        ClockState::Met,
    ]
}

fn state_word(state: ClockState) -> String {
    // Why a clock was stopped stands in brackets.
    kebab(format!("{state:?}").split('(').next().unwrap_or_default())
}

fn rule_word(rule: ClockRule) -> String {
    kebab(&format!("{rule:?}"))
}

/// A kind of pair, as addresses and the catalogue have it.
#[must_use]
pub const fn twin_word(kind: TwinKind) -> &'static str {
    match kind {
        TwinKind::Hazards => "hazards",
        TwinKind::People => "people",
        TwinKind::Properties => "properties",
    }
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
    match &item.what {
        TodoWhat::Twins { pair } => return Some(twins::path(pair.key)),
        TodoWhat::Disclosure { document, request, register } if register == Disclosure::COLLECTION => {
            return Some(format!("/register/{document}/{request}"));
        }
        TodoWhat::Disclosure { document, request, .. } => {
            return Some(format!("/register/request/{document}/{request}"));
        }
        TodoWhat::Late { .. } => return Some("/late".to_owned()),
        TodoWhat::Glass { .. } => return Some("/audit".to_owned()),
        TodoWhat::Sync { .. } => return Some("/health".to_owned()),
        _ => {}
    }
    let record = item.record?;
    Some(match &item.what {
        TodoWhat::Visit { visit, .. } => format!("/visit/{record}/{}", RowId(visit.row)),
        TodoWhat::Clock { hazard, .. } => clocks::path(record, *hazard),
        TodoWhat::Conflict { .. } => "/reconcile".to_owned(),
        TodoWhat::Stale { collection, .. } if collection == Evacuation::COLLECTION => format!("/person/{record}"),
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
            Some(speech.code("clock-rule", &rule_word(clock.rule))),
            Some(clock_state(speech, clock.state)),
        ]),
        TodoWhat::Twins { pair } => {
            let sides = [pair.left.clone(), pair.right.clone()].join(" ↔ ");
            let alike = pair.alike.iter().map(|one| speech.code("alike", &kebab(&format!("{one:?}"))));
            join(std::iter::once(Some(sides)).chain(alike.map(Some)))
        }
        TodoWhat::Stale { collection, fact, .. } => {
            join([Some(speech.code("collection", collection)), Some(stale(speech, collection, fact))])
        }
        TodoWhat::Disclosure { register, .. } => speech.code("collection", register),
        TodoWhat::Conflict { fields, .. } => speech.tell("disputes", "n", *fields),
        TodoWhat::Late { author_name, zone_name, .. } => join([Some(author_name.clone()), Some(zone_name.clone())]),
        TodoWhat::Glass { device_name, task } => join([Some(device_name.clone()), Some(task.text.clone())]),
        TodoWhat::Sync { trouble, count } => {
            join([Some(speech.code("sync-trouble", &kebab(&format!("{trouble:?}")))), Some(count.to_string())])
        }
    }
}

/// A fact past its review, in words.
fn stale(speech: Speech, collection: &str, fact: &str) -> String {
    match collection {
        "hazards" => listed_hazard(speech, fact),
        "equipment" => speech.code("equipment-kind", fact),
        "alarms" => speech.code("alarm-kind", fact),
        "clutter" => speech.room(fact),
        // What it is says the name of its collection.
        "evacuation" => String::new(),
        _ => speech.code("flag-kind", fact),
    }
}

/// A hazard that is named by its list and code.
#[must_use]
pub fn listed_hazard(speech: Speech, code: &str) -> String {
    match code.split_once(' ').and_then(|(scheme, code)| Some((scheme.parse().ok()?, code))) {
        Some((scheme, code)) => spoken::hazard(speech, &scheme, code),
        None => code.to_owned(),
    }
}

/// How a clock stands.
#[must_use]
pub fn clock_state(speech: Speech, state: ClockState) -> String {
    speech.code("clock-state", &state_word(state))
}

//! Which things of a list are wanted. What is asked for may be a name: it is remembered in the session, and stands in no
//! address.

use std::collections::BTreeSet;

use doorstep_client_core::client::{DueWhen, Page};
use doorstep_protocol::{AreaId, TeamId, WorkerId};
use maud::{Markup, html};

use crate::ask::{Ask, Fault};
use crate::fields::Fields;
use crate::view::form::{self, Field};
use crate::view::token;

/// Things of a list that one page shows.
pub const SHOWN: usize = 50;
/// Signs of the words that are looked for.
const TEXT_CHARS_MAX: usize = 120;
/// The last thing that a list is asked to begin with.
const FROM_MAX: i64 = 100_000;
/// What every list can be asked for.
const FIELDS: [&str; 8] = [
    "filter_text",
    "filter_area",
    "filter_who",
    "filter_due",
    "filter_state",
    "filter_rule",
    "filter_kind",
    "filter_class",
];
/// Where the page begins.
const FROM: &str = "from";

/// What a list is asked for, as far as lists have it in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Words.
    pub text: Option<String>,
    /// An area.
    pub area: Option<AreaId>,
    /// Workers and devices by name: one worker, or those of a team.
    pub who: Option<BTreeSet<String>>,
    /// By the day it is due.
    pub due: Option<DueWhen>,
    /// Which part of the list.
    pub page: Page,
}

/// A control of a list beside its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The area.
    Area,
    /// The worker or team.
    Who,
    /// Overdue, or soon.
    Due,
}

/// Takes what was asked for into the session. `false` where something is wrong with it: it stands at its field.
pub fn take(ask: &mut Ask, list: &'static str) -> bool {
    if ask.fields.is_ticked(FROM) {
        let from = ask.fields.number(FROM, (0, FROM_MAX)).unwrap_or_default();
        ask.keep(list, ask.kept(list).with(FROM, from.to_string()));
        return true;
    }
    let asked = match ask.fields.typed("how") {
        "all" => Fields::default(),
        _ => ask.fields.only(&FIELDS),
    };
    let _checked = ask.fields.text("filter_text", TEXT_CHARS_MAX);
    if ask.fields.is_sound() {
        ask.keep(list, asked);
    }
    ask.fields.is_sound()
}

/// What a list is asked for: by the form that came in, or by what the session remembers.
pub fn read(ask: &mut Ask, list: &'static str) -> Result<Asked, Fault> {
    if ask.fields.is_sound() {
        ask.fields = ask.kept(list);
    }
    let due = match ask.fields.typed("filter_due") {
        "overdue" => Some(DueWhen::Overdue),
        "soon" => Some(DueWhen::Soon),
        _ => None,
    };
    let from = ask.fields.typed(FROM).parse().unwrap_or_default();
    Ok(Asked {
        text: ask.fields.text("filter_text", TEXT_CHARS_MAX),
        area: ask.fields.typed("filter_area").parse().ok(),
        who: who(ask)?,
        due,
        page: Page { offset: from, limit: SHOWN },
    })
}

/// The names that a worker or a team stands for.
fn who(ask: &Ask) -> Result<Option<BTreeSet<String>>, Fault> {
    let names = ask.house.names();
    let typed = ask.fields.typed("filter_who");
    if let Some(worker) = typed.strip_prefix("worker-").and_then(|id| id.parse::<WorkerId>().ok()) {
        return Ok(Some(names.workers.get(&worker.to_string()).cloned().into_iter().collect()));
    }
    let Some(team) = typed.strip_prefix("team-").and_then(|id| id.parse::<TeamId>().ok()) else { return Ok(None) };
    let partnership = ask.house.client.partnership();
    let devices = partnership.teams()?.into_iter().find(|row| row.team == team).map(|row| row.devices);
    let devices: BTreeSet<_> = devices.unwrap_or_default().into_iter().collect();
    let rows = partnership.devices()?.into_iter().filter(|row| devices.contains(&row.device));
    Ok(Some(rows.flat_map(|row| row.workers.into_iter().chain([row.name])).collect()))
}

/// The form above a list: words, these controls, and what the list has beside them.
pub fn form(ask: &Ask, action: &str, controls: &[Control], more: &[Markup]) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let mut shown = vec![form::line(ask, Field::named("filter_text"), "search", None)];
    for control in controls {
        shown.push(match control {
            Control::Area => one_of(ask, "filter_area", &areas(ask)),
            Control::Who => one_of(ask, "filter_who", &workers(ask)?),
            Control::Due => one_of(ask, "filter_due", &form::codes(ask, "due-when", &["overdue", "soon"])),
        });
    }
    Ok(html! {
        (form::summary(ask))
        search {
            form.filter method="post" action=(action) novalidate aria-label=(speech.say("filter")) {
                (token(ask))
                div.controls { @for control in &shown { (control) } @for control in more { (control) } }
                div.actions {
                    button { (speech.say("filter-show")) }
                    @if is_narrow(ask) { button.quiet name="how" value="all" { (speech.say("filter-all")) } }
                }
            }
        }
    })
}

/// Whether anything is left out by what the form says.
#[must_use]
pub fn is_narrow(ask: &Ask) -> bool {
    FIELDS.iter().any(|name| ask.fields.is_ticked(name))
}

/// One of many, or any.
#[must_use]
pub fn one_of(ask: &Ask, name: &'static str, choices: &[(String, String)]) -> Markup {
    form::select_or(ask, Field::named(name), "filter-any", choices)
}

fn areas(ask: &Ask) -> Vec<(String, String)> {
    named(&ask.house.names().areas, "")
}

fn workers(ask: &Ask) -> Result<Vec<(String, String)>, Fault> {
    let names = ask.house.names();
    let mut all = named(&names.workers, "worker-");
    let teams = named(&names.teams, "team-");
    all.extend(teams.into_iter().map(|(id, name)| (id, ask.speech().tell("team-named", "team", name))));
    Ok(all)
}

/// What has a name, in the order of the names.
#[must_use]
pub fn named(book: &std::collections::BTreeMap<String, String>, before: &str) -> Vec<(String, String)> {
    let mut all: Vec<_> = book.iter().map(|(id, name)| (format!("{before}{id}"), name.clone())).collect();
    all.sort_by(|a, b| (a.1.to_lowercase(), &a.0).cmp(&(b.1.to_lowercase(), &b.0)));
    all
}

/// How many there are, and the way to the others.
#[must_use]
pub fn pager(ask: &Ask, action: &str, page: Page, total: u64) -> Markup {
    let speech = ask.speech();
    let first = page.offset;
    let last = usize::try_from(total).unwrap_or(usize::MAX).min(first.saturating_add(page.limit));
    html! {
        @if total > page.limit as u64 || first > 0 {
            nav.pager aria-label=(speech.say("pager")) {
                @if first > 0 { (to(ask, action, first.saturating_sub(page.limit), "pager-before")) }
                p { (speech.tell_all("pager-shown", &[("first", (first + 1).min(last).into()), ("last", last.into()), ("n", total.into())])) }
                @if (last as u64) < total { (to(ask, action, last, "pager-after")) }
            }
        }
    }
}

fn to(ask: &Ask, action: &str, from: usize, words: &str) -> Markup {
    html! {
        form.inline method="post" action=(action) {
            (token(ask))
            input type="hidden" name=(FROM) value=(from);
            button.quiet { (ask.speech().say(words)) }
        }
    }
}

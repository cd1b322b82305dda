//! What a visitor should know and has recorded: what to know before the door, what this visit found, and what others found here
//! before, so that nobody asks or writes the same twice.

use doorstep_client_core::client::PropertyPage;
use doorstep_client_core::records::home::{Hazard, HazardState};
use doorstep_client_core::records::{RowId, Seen};
use maud::{Markup, html};

use super::building;
use crate::ask::{Ask, Fault};
use crate::page::photographs::Album;
use crate::page::property;
use crate::view::facts::Facts;
use crate::words::Speech;

/// The photographs of a home and of the building it is in.
pub(super) struct Albums {
    home: Album,
    building: Option<Album>,
}

impl Albums {
    pub(super) fn of(ask: &Ask, page: &PropertyPage) -> Result<Self, Fault> {
        let building = if page.view.common_hazards.is_empty() { None } else { building(ask, page)? };
        let building = building.map(|record| Album::of(ask, record)).transpose()?;
        Ok(Self { home: Album::of(ask, page.record)?, building })
    }

    fn of_hazard(&self, speech: Speech, hazard: RowId) -> Markup {
        html! {
            (self.home.of_hazard(speech, hazard))
            @if let Some(album) = &self.building { (album.of_hazard(speech, hazard)) }
        }
    }
}

/// Before the door: flags, and what the people there need.
pub(super) fn before(facts: Facts<'_>, page: &PropertyPage) -> Markup {
    let speech = facts.speech;
    html! {
        (property::flags(facts, page))
        @if !page.people.is_empty() {
            section.card {
                h2 { (speech.say("people-here")) }
                ul.facts { @for (row, person) in page.people.iter().zip(&page.view.persons) { (property::resident(facts, row, person)) } }
            }
        }
    }
}

/// The flags in one line.
pub(super) fn flags_strip(speech: Speech, page: &PropertyPage) -> Markup {
    let kinds = page.view.flags.iter().filter_map(|line| line.flag.value.kind.as_ref());
    html! {
        @if !page.view.flags.is_empty() {
            ul.flags.strip { @for kind in kinds { li { strong { (speech.code("flag-kind", kind.as_str())) } } } }
        }
    }
}

/// Rows of a home that fit, in words.
macro_rules! lines {
    ($facts:expr, $page:expr, $fits:expr) => {{
        let (facts, view) = ($facts, &$page.view);
        let mut lines: Vec<Markup> = Vec::new();
        macro_rules! add {
            ($rows:expr, $words:expr) => {
                for seen in $rows.iter().filter(|seen| $fits(seen.value.visit)) {
                    let words = $words(facts.speech, &seen.value);
                    lines.push(facts.line(&words, seen.made.as_ref(), &seen.disputed));
                }
            };
        }
        add!(view.clutter, property::clutter);
        add!(view.alarms, property::alarm);
        add!(view.measurements, property::measurement);
        add!(view.equipment, property::equipment);
        add!(view.adaptations, property::adaptation);
        lines
    }};
}

/// What this visit has recorded so far. `at` is the path of a visit that is still being recorded: its hazards can be shown.
pub(super) fn here(facts: Facts<'_>, page: &PropertyPage, visit: RowId, albums: &Albums, at: Option<&str>) -> Markup {
    let speech = facts.speech;
    let all = page.view.hazards.iter().map(|seen| (seen, false));
    let all = all.chain(page.view.common_hazards.iter().map(|seen| (seen, true)));
    let mut lines: Vec<Markup> = all
        .filter(|(seen, _)| seen.value.visit == Some(visit))
        .map(|(seen, is_common)| {
            let words = hazard(speech, seen, is_common);
            let more = html! {
                (albums.of_hazard(speech, seen.row))
                @if let Some(at) = at {
                    p.more { a.button.quiet href={(at) "/photo/" (seen.row)} { (speech.say("photograph-add")) } }
                }
            };
            facts.line_with(&words, seen.made.as_ref(), &seen.disputed, &more)
        })
        .collect();
    lines.extend(lines!(facts, page, |of: Option<RowId>| of == Some(visit)));
    html! {
        section.card {
            h2 { (speech.say("recorded-here")) }
            @if lines.is_empty() { p.empty { (speech.say("recorded-nothing")) } }
            ul.facts { @for line in &lines { (line) } }
            (albums.home.of_visit(speech, visit))
        }
    }
}

/// What others found here, and is not gone: a visitor looks again, and says so in two taps.
pub(super) fn others(facts: Facts<'_>, page: &PropertyPage, visit: RowId, albums: &Albums, at: &str) -> Markup {
    let speech = facts.speech;
    let is_theirs =
        |seen: &Seen<Hazard>| seen.value.visit != Some(visit) && seen.value.state != Some(HazardState::Resolved);
    let all = page.view.hazards.iter().map(|seen| (seen, false));
    let all = all.chain(page.view.common_hazards.iter().map(|seen| (seen, true)));
    let mut lines: Vec<Markup> = all
        .filter(|(seen, _)| is_theirs(seen))
        .map(|(seen, is_common)| {
            let words = hazard(speech, seen, is_common);
            let more = html! {
                (albums.of_hazard(speech, seen.row))
                p.more { a.button.quiet href={(at) "/again/" (seen.row)} { (speech.say("look-again")) } }
            };
            facts.line_with(&words, seen.made.as_ref(), &seen.disputed, &more)
        })
        .collect();
    lines.extend(lines!(facts, page, |of: Option<RowId>| of != Some(visit)));
    html! {
        section.card {
            h2 { (speech.say("others-found")) }
            @if lines.is_empty() { p.empty { (speech.say("others-nothing")) } }
            ul.facts { @for line in &lines { (line) } }
        }
    }
}

fn hazard(speech: Speech, seen: &Seen<Hazard>, is_common: bool) -> String {
    let words = property::hazard(speech, &seen.value);
    if is_common { speech.tell("in-the-building", "what", words) } else { words }
}

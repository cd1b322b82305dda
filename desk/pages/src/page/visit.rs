//! Visits: the list, and the page on which one is recorded. Every tap that adds something is on this device's disk when the
//! next page shows, so a draft cannot be lost: there is none that is not saved.

pub mod finish;
pub mod hazard;
pub mod review;
pub mod rows;
pub mod start;

use doorstep_client_core::client::{ClientError, PropertyPage};
use doorstep_client_core::device::{RecordId, WriteError};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Visit, VisitKind, VisitState};
use doorstep_client_core::records::{EditError, Reading, Row, RowId, Seen};
use doorstep_client_core::store::lists::VisitRow;
use doorstep_protocol::Class;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::refusals;
use crate::view::facts::{Facts, section};
use crate::view::{self, Tab};

/// Visits on the list.
const VISITS_MAX: usize = 200;

/// A visit with the address of its home.
pub struct Listed {
    row: VisitRow,
    address: String,
}

/// The newest visits on this device.
///
/// # Errors
/// [`Fault::Client`].
pub fn rows_of(ask: &Ask, limit: usize) -> Result<Vec<Listed>, Fault> {
    let client = &ask.house.client;
    let mut listed = Vec::new();
    for row in client.visits().list(limit)? {
        let home = match row.record {
            Some(record) => client.properties().row(RecordId(record))?,
            None => None,
        };
        let address = home.map_or_else(|| ask.speech().say("home-not-here"), |home| home.address);
        listed.push(Listed { row, address });
    }
    Ok(listed)
}

/// Visits in a table.
#[must_use]
pub fn table(ask: &Ask, visits: &[Listed]) -> Markup {
    let speech = ask.speech();
    html! {
        ul.found {
            @for visit in visits {
                li {
                    @let href = visit.row.record.map(|record| format!("/visit/{record}/{}", RowId(visit.row.row)));
                    a.open href=[href] {
                        strong { (visit.address) }
                        span { (speech.code("visit-kind", &visit.row.kind)) }
                        span.tag { (speech.code("visit-state", &visit.row.state)) }
                        span.by { (speech.day(&visit.row.started)) }
                    }
                }
            }
        }
    }
}

/// The list.
pub fn list(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let visits = rows_of(ask, VISITS_MAX)?;
    let body = html! {
        h1 { (speech.say("visits")) }
        div.actions {
            a.button.main href="/search" { (speech.say("visit-find-home")) }
            a.button.quiet href="/visit/new" { (speech.say("visit-elsewhere")) }
        }
        @if visits.is_empty() { p.empty { (speech.say("visits-none")) } } @else { (table(ask, &visits)) }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Visits), &speech.say("visits"), body)))
}

/// The visit that the path names, with its home.
pub(super) fn of_path(ask: &Ask) -> Result<(PropertyPage, Seen<Visit>), Fault> {
    let (record, row) = (ask.record()?, ask.row()?);
    let page = ask.house.client.properties().get(record, Reading::Cautious)?;
    let visit = page.view.visits.iter().find(|seen| seen.row == row).cloned().ok_or(Fault::NotFound)?;
    Ok((page, visit))
}

/// The address of a visit's page.
pub(super) fn path(record: RecordId, visit: RowId) -> String {
    format!("/visit/{record}/{visit}")
}

/// Saves a row of a visit. What the record refuses stands at its field; then nothing was saved.
pub(super) fn save<R: Row>(ask: &mut Ask, record: RecordId, row: &R) -> Result<bool, Fault> {
    let saved = ask.house.client.write(|draft| {
        let id = draft.row_id();
        draft.edit(record, Class::Home, |edit| edit.create(id, row))
    });
    settle(ask, saved)
}

/// The same for what is changed: a visit itself, or the dwelling.
pub(super) fn change<R: Row>(ask: &mut Ask, record: RecordId, row: RowId, set: &R) -> Result<bool, Fault> {
    let saved = ask.house.client.write(|draft| draft.edit(record, Class::Home, |edit| edit.update(row, set)));
    settle(ask, saved)
}

fn settle(ask: &mut Ask, saved: Result<(), ClientError>) -> Result<bool, Fault> {
    match saved {
        Ok(()) => {
            ask.house.wake();
            Ok(true)
        }
        Err(ClientError::Write(WriteError::Edit(EditError::Field(error)))) => {
            let field = error.field.to_string();
            let message = refusals::of_write(&WriteError::Edit(EditError::Field(error)));
            ask.fields.refuse(&field, message);
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// What is seen most on a visit of a kind, first.
const fn common(kind: Option<&VisitKind>) -> (Scheme, &'static [&'static str]) {
    match kind {
        Some(VisitKind::SafeAndWell) => (
            Scheme::FireV1,
            &[
                "smoking",
                "exit-blocked",
                "smoke-alarm",
                "overloaded-sockets",
                "e-bike",
                "portable-heater",
                "cannot-escape",
                "home-oxygen",
                "emollient-creams",
                "unattended-cooking",
                "candles",
                "dangerous-dog",
            ],
        ),
        Some(VisitKind::OtAssessment | VisitKind::Adaptation) => (
            Scheme::OtV1,
            &[
                "floors",
                "mats",
                "bath-transfer",
                "toilet-transfer",
                "bed-transfer",
                "chair-transfer",
                "stair-rails",
                "grab-rails",
                "entrance-steps",
                "lighting",
                "kitchen-reach",
                "thresholds",
            ],
        ),
        _ => (Scheme::Hhsrs2026, &["11", "9", "2", "1", "8", "4", "14", "16", "7", "6", "19", "21"]),
    }
}

/// The page of a visit: what to know, what was recorded, what else to record, and its end.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let (page, visit) = of_path(ask)?;
    if ask.fields.is_sound() {
        ask.fields = finish::fields(&visit.value);
    }
    Ok(Answer::Page(page_of(ask, &page, &visit)?))
}

/// The page with whatever stands in its form.
pub(super) fn page_of(ask: &Ask, page: &PropertyPage, visit: &Seen<Visit>) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let kind = visit.value.kind.as_ref();
    let title = kind.map_or_else(|| speech.say("visit"), |kind| speech.code("visit-kind", kind.as_str()));
    let at = path(page.record, visit.row);
    let state = visit.value.state.clone().unwrap_or(VisitState::Submitted);
    let is_draft = matches!(state, VisitState::Draft | VisitState::Returned);
    let (scheme, codes) = common(kind);
    let body = html! {
        p.kicker { (title) }
        div.head {
            div {
                h1 { a href={"/home/" (page.record)} { (page.row.address) } }
                p.by { span.tag { (speech.code("visit-state", state.as_str())) } " " (facts.by(visit.made.as_ref())) }
            }
        }
        @if !page.view.flags.is_empty() {
            ul.flags.strip {
                @for line in &page.view.flags {
                    @if let Some(kind) = &line.flag.value.kind { li { strong { (speech.code("flag-kind", kind.as_str())) } } }
                }
            }
        }
        @if is_draft {
            section aria-labelledby="add-hazard" {
                h2 id="add-hazard" { (speech.say("add-hazard")) }
                p.hint { (speech.say("add-hazard-hint")) }
                ul.grid {
                    @for code in codes {
                        li { a.button href={(at) "/hazard/" (scheme) "/" (code)} { (property::hazard_label(speech, &scheme, code)) } }
                    }
                    li { a.button.quiet href={(at) "/hazards"} { (speech.say("all-hazards")) } }
                }
            }
            section aria-labelledby="add-more" {
                h2 id="add-more" { (speech.say("add-more")) }
                ul.grid {
                    @for what in rows::Added::ALL {
                        li { a.button href={(at) "/add/" (what.word())} { (speech.say(what.label())) } }
                    }
                }
            }
        }
        (recorded(facts, page, visit.row))
        @if is_draft { (finish::form(ask, &at)) } @else { (finish::said(facts, &visit.value)) }
        (review::section(ask, facts)?)
    };
    Ok(view::page(ask, Some(Tab::Visits), &title, body))
}

/// What this visit has added so far.
fn recorded(facts: Facts<'_>, page: &PropertyPage, visit: RowId) -> Markup {
    let (speech, view) = (facts.speech, &page.view);
    let mut lines = Vec::new();
    macro_rules! add {
        ($rows:expr, $words:expr) => {
            for seen in $rows.iter().filter(|seen| seen.value.visit == Some(visit)) {
                lines.push(facts.line(&$words(speech, &seen.value), seen.made.as_ref(), &seen.disputed));
            }
        };
    }
    add!(view.hazards, property::hazard);
    add!(view.clutter, property::clutter);
    add!(view.alarms, property::alarm);
    add!(view.measurements, property::measurement);
    add!(view.equipment, property::equipment);
    html! {
        @if lines.is_empty() {
            section.card { h2 { (speech.say("recorded-here")) } p.empty { (speech.say("recorded-nothing")) } }
        }
        (section(&speech.say("recorded-here"), &lines))
    }
}

//! Visits: the list, and the page on which one is recorded. Every tap that adds something is on this device's disk when the
//! next page shows, so a draft cannot be lost: there is none that is not saved.

pub mod again;
pub mod finish;
pub mod found;
pub mod hazard;
pub mod questions;
pub mod review;
pub mod rows;
pub mod start;

use doorstep_client_core::client::{ClientError, PropertyPage};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Hazard, Visit, VisitKind, VisitState};
use doorstep_client_core::records::{Reading, Row, RowId, Seen};
use doorstep_client_core::store::lists::VisitRow;
use doorstep_protocol::Class;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::view::facts::Facts;
use crate::view::{self, Tab};
use crate::words::Speech;

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
    with_addresses(ask, ask.house.client.visits().list(limit)?)
}

/// What is at hand: visits that are still being recorded, and those of today. A tablet shows those of who works with it.
///
/// # Errors
/// [`Fault::Client`].
pub fn at_hand(ask: &Ask, limit: usize) -> Result<Vec<Listed>, Fault> {
    let who = ask.house.who();
    let rows = ask.house.client.visits().at_hand(VISITS_MAX)?.into_iter();
    let mine = rows.filter(|row| who.is_desk || row.visitor.is_empty() || row.visitor == who.worker);
    with_addresses(ask, mine.take(limit).collect())
}

fn with_addresses(ask: &Ask, rows: Vec<VisitRow>) -> Result<Vec<Listed>, Fault> {
    let client = &ask.house.client;
    let mut listed = Vec::new();
    for row in rows {
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
pub(in crate::page) fn of_path(ask: &Ask) -> Result<(PropertyPage, Seen<Visit>), Fault> {
    let (record, row) = (ask.record()?, ask.row()?);
    let page = ask.house.client.properties().get(record, Reading::Cautious)?;
    let visit = page.view.visits.iter().find(|seen| seen.row == row).cloned().ok_or(Fault::NotFound)?;
    Ok((page, visit))
}

/// The address of a visit's page.
pub(in crate::page) fn path(record: RecordId, visit: RowId) -> String {
    format!("/visit/{record}/{visit}")
}

/// The building of a home, where this device knows it.
pub(in crate::page) fn building(ask: &Ask, page: &PropertyPage) -> Result<Option<RecordId>, Fault> {
    let uprn = page.row.parent_uprn.as_ref().and_then(|uprn| uprn.parse().ok());
    Ok(match uprn {
        Some(uprn) => ask.house.client.properties().of_uprn(&uprn)?,
        None => None,
    })
}

/// A hazard of a home, or of the building it is in.
pub(in crate::page) fn hazard_at(page: &PropertyPage, row: RowId) -> Option<&Seen<Hazard>> {
    page.view.hazards.iter().chain(&page.view.common_hazards).find(|seen| seen.row == row)
}

/// At which property a hazard stands that [`hazard_at`] finds.
pub(in crate::page) fn record_of_hazard(ask: &Ask, page: &PropertyPage, row: RowId) -> Result<RecordId, Fault> {
    if page.view.hazards.iter().any(|seen| seen.row == row) {
        return Ok(page.record);
    }
    building(ask, page)?.ok_or(Fault::NotFound)
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
    let saved = ask.house.client.write(|draft| draft.edit(record, Class::Home, |edit| edit.say(row, set)));
    settle(ask, saved)
}

fn settle(ask: &mut Ask, saved: Result<(), ClientError>) -> Result<bool, Fault> {
    Ok(ask.settle(saved)?.is_some())
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
    let albums = found::Albums::of(ask, page)?;
    let body = html! {
        p.kicker { (title) }
        div.head {
            div {
                h1 { a href={"/home/" (page.record)} { (page.row.address) } }
                p.by { span.tag { (speech.code("visit-state", state.as_str())) } " " (facts.by(visit.made.as_ref())) }
            }
        }
        @if is_draft { (found::before(facts, page)) } @else { (found::flags_strip(speech, page)) }
        (questions::section(ask, page.record, visit.row)?)
        @if is_draft { (add(speech, kind, &at)) }
        div.columns {
            (found::here(facts, page, visit.row, &albums, is_draft.then_some(at.as_str())))
            @if is_draft { (found::others(facts, page, visit.row, &albums, &at)) }
        }
        @if is_draft { (finish::form(ask, &at)) } @else { (finish::said(facts, &visit.value)) }
        (review::section(ask, facts)?)
    };
    Ok(view::page(ask, Some(Tab::Visits), &title, body))
}

/// What can be added: a hazard in three taps, a photograph, and what else a visit records.
fn add(speech: Speech, kind: Option<&VisitKind>, at: &str) -> Markup {
    let (scheme, codes) = common(kind);
    html! {
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
                li { a.button href={(at) "/photo"} { (speech.say("photograph")) } }
                @for what in rows::Added::ALL {
                    li { a.button href={(at) "/add/" (what.word())} { (speech.say(what.label())) } }
                }
            }
        }
    }
}

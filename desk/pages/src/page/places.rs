//! Homes without a map: an area, its streets, the buildings of a street, the homes of a building. A street is named by one of its
//! homes, since its name stands in no address.

use doorstep_client_core::client::{BuildingRow, StreetPage};
use doorstep_client_core::device::RecordId;
use doorstep_protocol::AreaId;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::search;
use crate::view::{self, Tab};
use crate::words::Arg;

/// Homes of a building that are shown at once; more are behind a click.
const OPEN_MAX: usize = 12;

/// Every area.
pub fn areas(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let rows = ask.house.client.places().areas()?;
    // Where there is only one area there is nothing to choose.
    if let [only] = rows.as_slice() {
        return Ok(Answer::Go(format!("/places/{}", only.area)));
    }
    let body = html! {
        h1 { (speech.say("places")) }
        @if rows.is_empty() { p.empty { (speech.say("places-none")) } }
        ul.found.card {
            @for row in &rows { li { a.open href={"/places/" (row.area)} {
                strong { (row.name) }
                span.by { (speech.tell_all("places-area", &[("homes", Arg::from(row.properties)), ("streets", Arg::from(row.streets))])) }
            } } }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("places"), body)))
}

/// The streets of an area.
pub fn streets(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let area: AreaId = ask.part("area")?;
    let places = ask.house.client.places();
    let areas = places.areas()?;
    let of = areas.iter().find(|row| row.area == area).ok_or(Fault::NotFound)?;
    let rows = places.streets(area)?;
    let body = html! {
        p.kicker { @if areas.len() > 1 { a href="/places" { (speech.say("places")) } } @else { (speech.say("places")) } }
        h1 { (of.name) }
        ul.streets {
            @for row in &rows { li { a.tile href={"/places/street/" (row.first)} {
                span.count aria-hidden="true" { (row.properties) }
                span { (row.name.clone().unwrap_or_else(|| speech.say("street-none"))) span.unseen { ": " (speech.tell("found-homes", "n", row.properties)) } }
            } } }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("places"), body)))
}

/// A street: its buildings with their homes, and the homes that are in none.
pub fn street(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let record = ask.record()?;
    let page = ask.house.client.places().street(record)?;
    let title = page.name.clone().unwrap_or_else(|| speech.say("street-none"));
    let body = html! {
        (kicker(ask, &page))
        h1 { (title) }
        @for building in &page.buildings { (of_building(ask, building)) }
        @if !page.homes.is_empty() {
            section.card {
                h2 { (speech.say(if page.buildings.is_empty() { "homes" } else { "homes-alone" })) }
                ul.found { @for row in &page.homes { (search::home(ask, row)) } }
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("title-street"), body)))
}

fn kicker(ask: &Ask, page: &StreetPage) -> Markup {
    html! {
        p.kicker {
            @match page.area {
                Some(area) => a href={"/places/" (area)} { (page.area_name) },
                None => a href="/places" { (ask.speech().say("places")) },
            }
        }
    }
}

fn of_building(ask: &Ask, building: &BuildingRow) -> Markup {
    let speech = ask.speech();
    let homes = html! { ul.found { @for row in &building.homes { (search::home(ask, row)) } } };
    html! {
        section.card {
            div.head {
                div { h2 { (building.name) } p.by { (speech.tell("homes-inside", "n", building.homes.len())) } }
                @if let Some(row) = &building.record {
                    div.actions { a.button.quiet href={"/home/" (row.record)} { (speech.say("building-open")) span.unseen { ": " (building.name) } } }
                }
            }
            @if building.homes.len() > OPEN_MAX {
                details { summary { (speech.say("building-homes")) span.unseen { ": " (building.name) } } (homes) }
            } @else {
                (homes)
            }
        }
    }
}

/// The way from a home to its street.
#[must_use]
pub fn link(ask: &Ask, record: RecordId) -> Markup {
    html! { a href={"/places/street/" (record)} { (ask.speech().say("street-of")) } }
}

//! Search: by postcode, street, UPRN or name. What is searched for is kept in the session and stands in no address, so that
//! the browser's history holds no names.

use doorstep_client_core::store::lists::{PersonRow, PropertyRow};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::fields::Fields;
use crate::view::{self, Tab, token};

/// Homes, and people, of one search.
const FOUND_MAX: usize = 50;
/// Signs of one search.
const SEARCH_CHARS_MAX: usize = 120;

/// The page, with what was found last.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let last = ask.last_search();
    page(ask, last)
}

/// A search by the form: the page of its answer is fetched by its own address, so that going back works.
pub fn find(ask: &mut Ask) -> Result<Answer, Fault> {
    let text = ask.fields.text("search", SEARCH_CHARS_MAX);
    if !ask.fields.is_sound() {
        let body = page_of(ask, None)?;
        return Ok(Answer::Unsound(body));
    }
    ask.remember_search(text.as_deref().unwrap_or_default());
    Ok(Answer::Go("/search".to_owned()))
}

/// What is found, without the rest of the page: fetched by the script while somebody types.
pub fn part(ask: &mut Ask) -> Result<Answer, Fault> {
    let text = ask.fields.text("search", SEARCH_CHARS_MAX).unwrap_or_default();
    ask.remember_search(&text);
    Ok(Answer::Page(results(ask, &text)?))
}

fn page(ask: &mut Ask, text: Option<String>) -> Result<Answer, Fault> {
    if let Some(text) = &text {
        ask.fields = Fields::filled([("search", text.clone())]);
    }
    Ok(Answer::Page(page_of(ask, text.as_deref())?))
}

fn page_of(ask: &Ask, text: Option<&str>) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let found = match text.filter(|text| !text.is_empty()) {
        Some(text) => Some(results(ask, text)?),
        None => None,
    };
    let body = html! {
        h1 { (speech.say("tab-search")) }
        (form(ask, found))
        div.actions {
            a.button.quiet href="/places" { (speech.say("places-browse")) }
            a.button.quiet href="/visit/new" { (speech.say("visit-elsewhere")) }
        }
    };
    Ok(view::page(ask, Some(Tab::Search), &speech.say("tab-search"), body))
}

/// The search field, and below it what was found.
#[must_use]
pub fn form(ask: &Ask, found: Option<Markup>) -> Markup {
    let speech = ask.speech();
    html! {
        search {
            form.finder method="post" action="/search" {
                (token(ask))
                label for="f-search" { (speech.say("search-label")) }
                @if let Some(error) = ask.fields.error("search") { p.error id="e-search" { (speech.message(error)) } }
                div.row {
                    input type="search" id="f-search" name="search" value=(ask.fields.typed("search")) autocomplete="off"
                        spellcheck="false" autocapitalize="characters" data-part="/search/part" data-into="found"
                        placeholder=(speech.say("search-hint"));
                    button.main { (speech.say("search-go")) }
                }
            }
            div id="found" aria-live="polite" { @if let Some(found) = found { (found) } }
        }
    }
}

fn results(ask: &Ask, text: &str) -> Result<Markup, Fault> {
    let speech = ask.speech();
    if text.trim().is_empty() {
        return Ok(html! {});
    }
    let homes = ask.house.client.properties().find(text, FOUND_MAX)?;
    let people = ask.house.client.people().find(text, FOUND_MAX)?;
    Ok(html! {
        @if homes.is_empty() && people.is_empty() {
            p.empty { (speech.say("found-nothing")) }
        }
        @if !homes.is_empty() {
            h2 { (speech.tell("found-homes", "n", homes.len())) }
            ul.found { @for row in &homes { (home(ask, row)) } }
        }
        @if !people.is_empty() {
            h2 { (speech.tell("found-people", "n", people.len())) }
            ul.found { @for row in &people { (person(ask, row)) } }
        }
    })
}

/// A home in a list: its page, and beside it its firebox.
#[must_use]
pub fn home(ask: &Ask, row: &PropertyRow) -> Markup {
    let speech = ask.speech();
    html! {
        li {
            a.open href={"/home/" (row.record)} {
                strong { (row.address) }
                @if row.flags > 0 { span.tag.warn { (speech.tell("flags-count", "n", row.flags)) } }
                @match &row.uprn {
                    Some(uprn) => span.by { (speech.tell("uprn-number", "uprn", uprn.as_str())) },
                    None => span.tag { (speech.say("provisional")) },
                }
            }
            a.fire href={"/firebox/" (row.record)} aria-label=(speech.tell("firebox-of", "address", row.address.as_str())) {
                (speech.say("firebox"))
            }
        }
    }
}

/// A person in a list.
#[must_use]
pub fn person(ask: &Ask, row: &PersonRow) -> Markup {
    let speech = ask.speech();
    html! {
        li {
            a.open href={"/person/" (row.record)} {
                strong { (row.name) }
                @if let Some(born) = &row.born { span.by { (speech.tell("born-on", "day", speech.day(born))) } }
            }
        }
    }
}

//! Who works with whom: allocations, which make a legitimate relationship while they hold. They end for a reason, and stay.

use doorstep_client_core::client::{AllocationFilter, AllocationRow, Page};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::register::{Allocation, AllocationEnd, Relationship};
use doorstep_client_core::records::{Date, RowId};
use doorstep_protocol::{DocumentId, TeamId, WorkerId};
use maud::{Markup, html};

use super::agreements::last_day;
use crate::ask::{Answer, Ask, Fault};
use crate::page::about;
use crate::view::facts::join;
use crate::view::filter::{self, named};
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::{Message, Speech, kebab};

/// What the session calls this list.
const LIST: &str = "allocations";
const AT: &str = "/register/allocations";
/// Of whom.
const PERSON: &str = "allocation_person";

fn standing(speech: Speech, relationship: Relationship) -> String {
    speech.code("relationship", &kebab(&format!("{relationship:?}")))
}

/// The list.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

/// Narrows the list, or goes on in it.
pub fn narrow(ask: &mut Ask) -> Result<Answer, Fault> {
    if !filter::take(ask, LIST) {
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    Ok(Answer::Go(AT.to_owned()))
}

fn page_of(ask: &mut Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let asked = filter::read(ask, LIST)?;
    let wanted = AllocationFilter { person: None, text: asked.text };
    let listed = ask.house.client.register().allocations(&wanted, asked.page)?;
    let to = format!("{AT}/list");
    let body = html! {
        p.kicker { a href="/register" { (speech.say("register")) } }
        div.head {
            div { h1 { (speech.say("allocations")) } p.lead { (speech.say("allocations-text")) } }
            div.actions { a.button.main href={(AT) "/new"} { (speech.say("allocation-new")) } }
        }
        (filter::form(ask, &to, &[], &[])?)
        @if listed.rows.is_empty() {
            p.empty { @if filter::is_narrow(ask) { (speech.say("filter-none")) } @else { (speech.say("allocations-none")) } }
        }
        ul.found.card { @for row in &listed.rows { (line(ask, row)) } }
        (filter::pager(ask, &to, asked.page, listed.total))
    };
    Ok(view::page(ask, Some(Tab::Register), &speech.say("allocations"), body))
}

fn line(ask: &Ask, row: &AllocationRow) -> Markup {
    let speech = ask.speech();
    let value = &row.allocation.value;
    html! {
        li {
            a.open href={(AT) "/" (row.document) "/" (row.allocation.row)} {
                strong { (row.title.clone().unwrap_or_else(|| speech.say("person-not-here"))) }
                @if row.relationship == Relationship::Holds {
                    span.tag { (standing(speech, row.relationship)) }
                } @else {
                    span.tag.warn { (standing(speech, row.relationship)) }
                }
                span { (join([Some(row.whose.join(", ")), value.role.clone(), value.purpose.clone()])) }
                @if let Some(from) = &value.from { span.by { (speech.tell("since-day", "day", speech.day(from.as_str()))) } }
            }
        }
    }
}

/// The person whom the path names, where it names one.
fn of_person(ask: &Ask) -> Option<RecordId> {
    ask.record().ok()
}

/// The form for a new one.
pub fn show_new(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(new_page(ask)?))
}

fn new_page(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let names = ask.house.names();
    let about = of_person(ask).map(|record| about::titled(ask, record)).transpose()?;
    let body = html! {
        p.kicker { a href=(AT) { (speech.say("allocations")) } }
        h1 { (speech.say("allocation-new")) }
        @if let Some((title, href)) = &about { p { (speech.say("register-about")) " " a href=(href) { (title) } } }
        (form::form(ask, &ask.path, html! {
            @if about.is_none() { (form::line(ask, Field::named(PERSON), "text", None)) }
            (form::select(ask, Field::with_hint("allocation_worker", "allocation-worker-hint"), &named(&names.workers, "")))
            (form::select(ask, Field::named("allocation_team"), &named(&names.teams, "")))
            (form::line(ask, Field::named("allocation_role"), "text", None))
            (form::line(ask, Field::named("allocation_purpose"), "text", None))
            (form::line(ask, Field::with_hint("allocation_from", "allocation-from-hint"), "date", None))
            (form::line(ask, Field::with_hint("good_until", "good-until-hint"), "date", None))
            div.actions { button.main { (speech.say("register-save")) } a.button.quiet href=(AT) { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Register), &speech.say("allocation-new"), body))
}

/// Writes it down.
pub fn take(ask: &mut Ask) -> Result<Answer, Fault> {
    let person = match of_person(ask) {
        Some(person) => Some(person),
        None => {
            let named = about::person(ask, PERSON)?;
            if named.is_none() && ask.fields.error(PERSON).is_none() {
                ask.fields.refuse(PERSON, Message::new("error-fill"));
            }
            named
        }
    };
    let allocation = Allocation {
        person: person.map(|person| person.0),
        worker: ask.fields.parsed::<WorkerId>("allocation_worker", "error-choose"),
        team: ask.fields.parsed::<TeamId>("allocation_team", "error-choose"),
        role: ask.fields.text("allocation_role", 120),
        purpose: ask.fields.text_needed("allocation_purpose", 300),
        from: ask.fields.parsed::<Date>("allocation_from", "error-date"),
        good_until: ask.fields.parsed::<Date>("good_until", "error-date"),
        ..Allocation::default()
    };
    if allocation.worker.is_none() && allocation.team.is_none() {
        ask.fields.refuse("allocation_worker", Message::new("error-worker-or-team"));
    }
    if ask.fields.is_sound() {
        let written = ask.house.client.register().allocate(&allocation);
        if ask.settle(written)?.is_some() {
            return Ok(Answer::GoAndSay(AT.to_owned(), Message::new("allocation-written")));
        }
    }
    Ok(Answer::Unsound(new_page(ask)?))
}

fn of_path(ask: &Ask) -> Result<AllocationRow, Fault> {
    let (document, row) = (ask.part::<DocumentId>("document")?, ask.part::<RowId>("row")?);
    let register = ask.house.client.register();
    let mut page = Page::FIRST;
    loop {
        let found = register.allocations(&AllocationFilter::default(), page)?;
        page.offset += found.rows.len();
        let is_last = found.rows.is_empty() || page.offset as u64 >= found.total;
        let is_it = |one: &AllocationRow| one.document == document && one.allocation.row == row;
        if let Some(one) = found.rows.into_iter().find(is_it) {
            return Ok(one);
        }
        if is_last {
            return Err(Fault::NotFound);
        }
    }
}

/// One allocation.
pub fn one(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(one_page(ask)?))
}

fn one_page(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let row = of_path(ask)?;
    let value = &row.allocation.value;
    let title = row.title.clone().unwrap_or_else(|| speech.say("person-not-here"));
    let day = |day: &Option<Date>| day.as_ref().map(|day| speech.day(day.as_str()));
    let said = [
        ("allocation_role", value.role.clone()),
        ("allocation_purpose", value.purpose.clone()),
        ("allocation_from", day(&value.from)),
        ("good_until", day(&value.good_until)),
        ("last_day", day(&value.ended_on)),
        ("allocation_why", value.ended_why.as_ref().map(|why| speech.code("allocation-end", why.as_str()))),
    ];
    let body = html! {
        p.kicker { a href=(AT) { (speech.say("allocations")) } }
        h1 { (title) }
        p { span.tag { (standing(speech, row.relationship)) } }
        section.card {
            dl.said {
                dt { (speech.say("allocation-whose")) } dd { (row.whose.join(", ")) }
                @for (field, text) in &said {
                    @if let Some(text) = text { dt { (speech.code("field", field)) } dd { (text) } }
                }
                dt { (speech.say("recorded-by")) } dd { (row.recorded_by) }
            }
            @if let Some(person) = value.person { p { a href={"/person/" (person)} { (title) } } }
        }
        @if value.ended_on.is_none() {
            section.card {
                h2 { (speech.say("allocation-end")) }
                (form::form(ask, &ask.path, html! {
                    (form::line(ask, Field::with_hint("last_day", "date-hint"), "date", None))
                    (form::choice(ask, Field::named("allocation_why"), &form::codes(ask, "allocation-end", AllocationEnd::CODES)))
                    button.danger { (speech.say("allocation-end")) }
                }))
            }
        }
    };
    Ok(view::page(ask, Some(Tab::Register), &title, body))
}

/// Ends it.
pub fn end(ask: &mut Ask) -> Result<Answer, Fault> {
    let row = of_path(ask)?;
    let (day, why) = (last_day(ask), ask.fields.chosen::<AllocationEnd>("allocation_why"));
    if let (Some(day), Some(why), true) = (day, why, ask.fields.is_sound()) {
        let ended = ask.house.client.register().end_allocation(row.document, row.allocation.row, (&day, &why));
        if ask.settle(ended)?.is_some() {
            return Ok(Answer::GoAndSay(ask.path.clone(), Message::new("allocation-ended")));
        }
    }
    Ok(Answer::Unsound(one_page(ask)?))
}

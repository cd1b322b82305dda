//! A report as a table to be looked at or printed, and the same as a file.

use doorstep_client_core::client::reports::{Cell, Column, Sheet};
use maud::{Markup, html};

use super::what::{self, Report};
use crate::ask::{Answer, Ask, Download, Fault};
use crate::page::property;
use crate::page::teams::grant::purpose_words;
use crate::page::todo::listed_hazard;
use crate::view::{self, Tab};
use crate::words::Speech;

/// Rows that are shown; a file has all of them.
const ROWS_SHOWN: usize = 500;
/// Columns that only programs need.
pub const FOR_PROGRAMS: [&str; 3] = ["record", "row", "hazard"];

/// The report as a table.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let report = what::of_path(ask)?;
    let title = speech.code("report", &report.name);
    let body = html! {
        p.kicker { a href="/reports" { (speech.say("reports")) } }
        h1 { (title) }
        @if let Some((about, href)) = &report.about { p { a href=(href) { (about) } } }
        p.by { (speech.tell("report-made", "at", speech.moment(ask.now(), ask.now()))) " · " (ask.house.who().worker) }
        @for note in &report.notes { p.refusal { (speech.message(note)) } }
        @for (end, sheet) in &report.sheets { (one(ask, &report, end, sheet)) }
        p.hint.handing {
            (speech.say("report-handing")) " "
            a href=(report.record.map_or_else(|| "/register/ask".to_owned(), |record| format!("/register/ask/{record}"))) { (speech.say("register-ask")) }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Reports), &title, body)))
}

fn one(ask: &Ask, report: &Report, end: &str, sheet: &Sheet) -> Markup {
    let (speech, now) = (ask.speech(), ask.now());
    let part = end.rsplit('/').next().unwrap_or_default();
    let title =
        if report.sheets.len() > 1 { speech.code("report-part", part) } else { speech.code("report", &report.name) };
    let columns: Vec<(usize, &Column)> =
        sheet.table.columns.iter().enumerate().filter(|(_, column)| !FOR_PROGRAMS.contains(&column.name)).collect();
    html! {
        section.card.report {
            div.head {
                div { @if report.sheets.len() > 1 { h2 { (title) } } p.hint { (speech.tell("report-rows", "n", sheet.rows.len())) } }
                div.actions {
                    a.button href={"/files/csv/" (end)} { (speech.say("report-csv")) @if report.sheets.len() > 1 { span.unseen { ": " (title) } } }
                    a.button.quiet href={"/files/json-lines/" (end)} { (speech.say("report-json")) @if report.sheets.len() > 1 { span.unseen { ": " (title) } } }
                }
            }
            @if sheet.rows.is_empty() { p.empty { (speech.say("report-empty")) } } @else {
                div.scroll tabindex="0" role="region" aria-label=(title) {
                    table {
                        thead { tr { @for (_, column) in &columns { th scope="col" { (speech.code("column", column.name)) } } } }
                        tbody {
                            @for row in sheet.rows.iter().take(ROWS_SHOWN) {
                                tr { @for (at, column) in &columns {
                                    td.number[matches!(row.get(*at), Some(Cell::Number(_)))] {
                                        (row.get(*at).map(|cell| words(speech, sheet, row, column, cell, now)).unwrap_or_default())
                                    }
                                } }
                            }
                        }
                    }
                }
                @if sheet.rows.len() > ROWS_SHOWN { p.hint { (speech.tell("report-more", "n", sheet.rows.len() - ROWS_SHOWN)) } }
            }
        }
    }
}

/// What a cell says to a person; a file holds the code.
fn words(
    speech: Speech,
    sheet: &Sheet,
    row: &[Cell],
    column: &Column,
    cell: &Cell,
    now: doorstep_protocol::Millis,
) -> String {
    let other = |name: &str| {
        let at = sheet.table.columns.iter().position(|column| column.name == name);
        match at.and_then(|at| row.get(at)) {
            Some(Cell::Text(text)) => text.as_str(),
            _ => "",
        }
    };
    let text = match cell {
        Cell::Empty => return String::new(),
        Cell::Number(number) => return number.to_string(),
        Cell::Truth(truth) => return speech.say(if *truth { "yes" } else { "no" }),
        Cell::Moment(at) => return speech.moment(*at, now),
        Cell::Text(text) => text,
    };
    let each =
        |family: &str| text.split_whitespace().map(|code| speech.code(family, code)).collect::<Vec<_>>().join(", ");
    match (sheet.table.name, column.name) {
        (_, "class") => speech.code("class", text),
        (_, "collection") => speech.code("collection", text),
        (_, "field") => speech.code("field", text),
        (_, "source") => speech.code("source", text),
        ("facts", "value") => value(speech, other("collection"), other("field"), text),
        ("reads", "how") => speech.code("read-how", text),
        (_, "reason") => speech.code("glass-reason", text),
        ("disclosures", "decision") => speech.code("disclosure-decision", text),
        ("disclosures", "identified") => speech.code("identity-check", text),
        ("reg10", "assistance") => speech.code("assistance", text),
        ("access", "rights") => each("right"),
        ("access", "purposes") => {
            let purposes = text.split_whitespace().filter_map(|code| code.parse().ok());
            purposes.map(|code| purpose_words(speech, code)).collect::<Vec<_>>().join(", ")
        }
        ("audit", "event") => speech.code("audit-event", text),
        ("audit", "outcome") => speech.code("review", text),
        ("clocks", "code") => listed_hazard(speech, text),
        ("clocks", "rule") => speech.code("clock-rule", text),
        ("clocks", "phase") => speech.tell("clock-law", "phase", text.as_str()),
        ("clocks", "state") => speech.code("clock-state", text),
        ("clocks", "begins_with") => speech.code("step-kind", text),
        ("clocks", "doubts") => each("clock-doubt"),
        ("counts", "of") => speech.code("report", text),
        ("counts", "group") => group(speech, other("of"), text),
        _ => text.clone(),
    }
}

/// A value of a field: its code in words, an id as nothing.
fn value(speech: Speech, collection: &str, field: &str, text: &str) -> String {
    let is_id = text.len() == 32 && text.bytes().all(|sign| sign.is_ascii_hexdigit());
    match property::family(collection, field) {
        _ if is_id => "…".to_owned(),
        Some(family) => speech.code(family, text),
        None => text.to_owned(),
    }
}

fn group(speech: Speech, of: &str, text: &str) -> String {
    match (of, text) {
        (_, "total") => speech.say("report-total"),
        ("homes-by-hazard", hazard) => listed_hazard(speech, hazard),
        ("visits-by-kind", kind) => speech.code("visit-kind", kind),
        ("visits-by-state", state) => speech.code("visit-state", state),
        (_, other) => other.to_owned(),
    }
}

/// The report as a file: every column, every row, codes as they are.
pub fn file(ask: &mut Ask) -> Result<Answer, Fault> {
    let report = what::of_path(ask)?;
    let part: String = ask.part("row").unwrap_or_default();
    let chosen = report.sheets.iter().find(|(end, _)| report.sheets.len() == 1 || end.ends_with(&format!("/{part}")));
    let (_, sheet) = chosen.ok_or(Fault::NotFound)?;
    let name = if report.sheets.len() > 1 { format!("{}-{part}", report.name) } else { report.name.clone() };
    let form: String = ask.part("form")?;
    let (ending, media, text) = match form.as_str() {
        "csv" => ("csv", "text/csv; charset=utf-8", sheet.to_csv()),
        "json-lines" => ("jsonl", "application/jsonl; charset=utf-8", sheet.to_json_lines()),
        _ => return Err(Fault::NotFound),
    };
    Ok(Answer::File(Download { name: format!("{name}.{ending}"), media, text }))
}

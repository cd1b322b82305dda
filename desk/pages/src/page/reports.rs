//! Reports: what leaves this device for people, files and other systems. Chosen here, looked at as a table, kept as CSV or JSON
//! Lines. About whom or what is named by ids in addresses, and by nothing else.

pub mod preview;
mod what;

use doorstep_client_core::client::reports::CountOf;
use doorstep_client_core::device::RecordId;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::about;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::Message;

/// Reports about one home, each with the field that names it.
const OF_HOME: [(&str, &str); 2] = [("property", "report_home"), ("reg10", "report_building")];
/// The report about one person, and the field that names the person.
const OF_PERSON: (&str, &str) = ("resident", "report_person");
/// Reports that are about nobody in particular.
const OF_ALL: [&str; 4] = ["clocks", "access", "audit", "disclosures"];

/// The page on which one is chosen.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let devices = ask.house.client.partnership().devices()?;
    let counts = CountOf::ALL.map(CountOf::as_str);
    let body = html! {
        h1 { (speech.say("reports")) }
        p.lead { (speech.say("reports-text")) }
        (form::summary(ask))
        div.columns {
            @for (report, field) in OF_HOME.into_iter().chain([OF_PERSON]) { (named(ask, report, field)) }
            section.card {
                h2 { (speech.say("report-exposure")) }
                p.hint { (speech.say("report-exposure-text")) }
                ul.found { @for row in &devices { li { a.open href={"/reports/exposure/" (row.device)} { strong { (row.name) } span { (row.workers.join(", ")) } } } } }
            }
            section.card {
                h2 { (speech.say("reports-all")) }
                ul.found { @for report in OF_ALL.into_iter().chain(counts) { li { a.open href={"/reports/" (report)} {
                    strong { (speech.code("report", report)) } span { (speech.code("report-text", report)) }
                } } } }
            }
        }
        p.hint { (speech.say("report-visit-text")) }
    };
    Ok(view::page(ask, Some(Tab::Reports), &speech.say("reports"), body))
}

/// A report about a home or person that somebody names.
fn named(ask: &Ask, report: &str, field: &'static str) -> Markup {
    let speech = ask.speech();
    html! {
        section.card {
            h2 { (speech.code("report", report)) }
            p.hint { (speech.code("report-text", report)) }
            form.sheet method="post" action="/reports" novalidate {
                (token(ask))
                (form::line(ask, Field::named(field), "text", None))
                button name="report" value=(report) { (speech.say("report-show")) }
            }
        }
    }
}

/// Finds whom it is about, and goes to the report by ids.
pub fn choose(ask: &mut Ask) -> Result<Answer, Fault> {
    let report = ask.fields.typed("report").to_owned();
    let (field, found): (&str, Option<RecordId>) = if report == OF_PERSON.0 {
        (OF_PERSON.1, about::person(ask, OF_PERSON.1)?)
    } else {
        let of = OF_HOME.into_iter().find(|(name, _)| *name == report).ok_or(Fault::NotFound)?;
        (of.1, about::home(ask, of.1)?)
    };
    match found {
        Some(record) => Ok(Answer::Go(format!("/reports/{report}/{record}"))),
        None => {
            ask.fields.refuse(field, Message::new("error-fill"));
            Ok(Answer::Unsound(page_of(ask)?))
        }
    }
}

//! A home: what to know before the door, then everything that was found, each fact with who said it and when.

mod rows;

use doorstep_client_core::client::{HazardClocks, PropertyPage};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::home::HazardState;
use doorstep_client_core::records::index::FlagState;
use doorstep_client_core::records::property::PersonView;
use doorstep_client_core::records::{Class, DocumentView, Reading};
use doorstep_client_core::store::lists::{PersonRow, PropertyRow};
use doorstep_client_core::store::outbox::Delivery;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::mistaken::{self, Of};
use crate::page::photographs::Album;
use crate::page::{glass, places, search, twins, visit};
use crate::view::facts::{Facts, section};
use crate::view::{self, Tab};
use crate::words::Arg;

pub(super) use rows::adaptation;
pub use rows::{ability, alarm, clutter, equipment, family, hazard, measurement, need};

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let speech = ask.speech();
    let client = &ask.house.client;
    // Visitors see the more cautious of two values; that they differ is said, and the page of the disputes shows both.
    let page = client.properties().get(record, Reading::Cautious)?;
    let home = client.document(record, Class::Home)?;
    let clocks = client.clocks().of(record)?;
    let places = Places::of(ask, &page)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let body = html! {
        (head(ask, &page))
        (glass::banner(ask)?)
        (flags(facts, &page))
        @if !page.view.conflicts.is_empty() {
            p.disputes {
                a href="/reconcile" { (speech.tell("disputes", "n", page.view.conflicts.len())) } " "
                (speech.say("disputes-cautious"))
            }
        }
        (twins::links(ask, &client.duplicates().linked(record)?))
        div.columns { (found(facts, &page, home.as_ref(), &clocks, (&places, &mistaken::taken(ask, Of::Home(record))?))) (around(ask, facts, &page, &places)) }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("title-home"), body)))
}

fn head(ask: &Ask, page: &PropertyPage) -> Markup {
    let speech = ask.speech();
    let record = page.record;
    let delivered = match page.delivery {
        Delivery::Delivered | Delivery::Receipted => "delivery-done",
        Delivery::NotSent => "delivery-not-sent",
        Delivery::Refused => "delivery-refused",
    };
    html! {
        div.head {
            div {
                h1 { (page.row.address) }
                p.by {
                    @match &page.row.uprn {
                        Some(uprn) => (speech.tell("uprn-number", "uprn", uprn.as_str())),
                        None => (speech.say("provisional-long")),
                    }
                    @if let Some(parent) = &page.row.parent_uprn { " · " (speech.tell("in-building", "uprn", parent.as_str())) }
                    " · " (speech.say(delivered)) " · " (places::link(ask, record))
                }
            }
            div.actions {
                a.button.main href={"/home/" (record) "/visit"} { (speech.say("visit-record")) }
                a.button.quiet href={"/timeline/" (record)} { (speech.say("timeline")) }
                @if ask.house.who().is_desk { a.button.quiet href={"/reports/property/" (record)} { (speech.say("report-of-it")) } }
                a.button.fire href={"/firebox/" (record)} { (speech.say("firebox")) }
            }
        }
    }
}

/// Where what is shown comes from: the photographs of the home, and the building it is in with its own.
struct Places {
    album: Album,
    building: Option<(PropertyRow, Album)>,
}

impl Places {
    fn of(ask: &Ask, page: &PropertyPage) -> Result<Self, Fault> {
        let building = match visit::building(ask, page)? {
            Some(record) => ask.house.client.properties().row(record)?.map(|row| (record, row)),
            None => None,
        };
        let building = building.map(|(record, row)| Album::of(ask, record).map(|album| (row, album))).transpose()?;
        Ok(Self { album: Album::of(ask, page.record)?, building })
    }
}

/// Before the door: every flag, whom to ask, and whether it still holds.
pub(super) fn flags(facts: Facts<'_>, page: &PropertyPage) -> Markup {
    let speech = facts.speech;
    html! {
        section.door aria-labelledby="door" {
            h2 id="door" { (speech.say("before-the-door")) }
            @if page.view.flags.is_empty() {
                p.empty { (speech.say("flags-none")) }
            } @else {
                ul.flags {
                    @for line in &page.view.flags {
                        @let flag = &line.flag.value;
                        @let kind = flag.kind.as_ref().map_or_else(|| speech.say("flag"), |kind| speech.code("flag-kind", kind.as_str()));
                        @let contact = flag.contact.clone().unwrap_or_else(|| speech.say("flag-contact-none"));
                        li class=(if line.state == FlagState::Lapsed { "lapsed" } else { "live" }) {
                            strong { (kind) }
                            @match line.state {
                                FlagState::Lapsed => span.tag { (speech.say("flag-state-lapsed")) },
                                FlagState::ReviewDue => span.tag.warn { (speech.say("flag-state-review")) },
                                FlagState::Live | FlagState::Ended => {},
                            }
                            span { (speech.tell("flag-ask-only", "contact", contact)) }
                            @if let Some(day) = &flag.review_due { span.by { (speech.tell("review-by", "day", speech.day(day.as_str()))) } }
                            (facts.by(line.flag.made.as_ref()))
                        }
                    }
                }
            }
        }
    }
}

fn found(
    facts: Facts<'_>,
    page: &PropertyPage,
    home: Option<&DocumentView>,
    clocks: &[HazardClocks],
    (places, taken): (&Places, &Markup),
) -> Markup {
    let (speech, view) = (facts.speech, &page.view);
    let is_open = |state: Option<&HazardState>| state != Some(&HazardState::Resolved);
    let open = view.hazards.iter().filter(|seen| is_open(seen.value.state.as_ref())).count();
    let mut hazards: Vec<Markup> = view
        .hazards
        .iter()
        .map(|seen| {
            let pictures = places.album.of_hazard(speech, seen.row);
            facts.line_with(&hazard(speech, &seen.value), seen.made.as_ref(), &seen.disputed, &pictures)
        })
        .collect();
    hazards.extend(view.common_hazards.iter().map(|seen| {
        let words = speech.tell("in-the-building", "what", hazard(speech, &seen.value));
        let from = html! {
            @if let Some((building, album)) = &places.building {
                span.from { a href={"/home/" (building.record)} { (speech.tell("stands-at", "address", building.address.as_str())) } }
                (album.of_hazard(speech, seen.row))
            }
        };
        facts.line_with(&words, seen.made.as_ref(), &seen.disputed, &from)
    }));
    macro_rules! lines {
        ($rows:expr, $words:expr) => {
            $rows
                .iter()
                .map(|seen| facts.line(&$words(speech, &seen.value), seen.made.as_ref(), &seen.disputed))
                .collect::<Vec<Markup>>()
        };
    }
    macro_rules! mistakable {
        ($rows:expr, $words:expr, $collection:literal) => {
            $rows
                .iter()
                .map(|seen| {
                    let words = $words(speech, &seen.value);
                    let way = mistaken::way(speech, Of::Home(page.record), $collection, seen.row, &words);
                    facts.line_with(&words, seen.made.as_ref(), &seen.disputed, &way)
                })
                .collect::<Vec<Markup>>()
        };
    }
    html! {
        div {
            @if hazards.is_empty() {
                section.card { h2 { (speech.tell("hazards-open", "n", 0u64)) } p.empty { (speech.say("hazards-none")) } }
            }
            (section(&speech.tell("hazards-open", "n", open), &hazards))
            (section(&speech.say("clocks"), &rows::clocks(facts, page.record, clocks)))
            (section(&speech.say("dwelling"), &rows::dwelling(facts, page.record, home)))
            (section(&speech.say("clutter"), &mistakable!(view.clutter, clutter, "clutter")))
            (section(&speech.say("alarms"), &mistakable!(view.alarms, alarm, "alarms")))
            (section(&speech.say("measurements"), &mistakable!(view.measurements, measurement, "measurements")))
            (section(&speech.say("equipment"), &mistakable!(view.equipment, equipment, "equipment")))
            (section(&speech.say("adaptations"), &mistakable!(view.adaptations, rows::adaptation, "adaptations")))
            (section(&speech.say("alerts"), &lines!(view.alerts, rows::alert)))
            (taken)
        }
    }
}

/// Who lives there, who came, and the homes in it.
fn around(ask: &Ask, facts: Facts<'_>, page: &PropertyPage, places: &Places) -> Markup {
    let speech = facts.speech;
    let visits: Vec<Markup> = page
        .view
        .visits
        .iter()
        .map(|seen| {
            let words = rows::visit(facts, &seen.value);
            html! {
                li.fact {
                    a href={"/visit/" (page.record) "/" (seen.row)} { (words) }
                    (facts.by(seen.made.as_ref()))
                }
            }
        })
        .collect();
    html! {
        div {
            section.card {
                h2 { (speech.say("people")) }
                @if page.people.is_empty() { p.empty { (speech.say("people-none")) } }
                ul.facts {
                    @for (row, person) in page.people.iter().zip(&page.view.persons) { (resident(facts, row, person)) }
                }
                p { a.button.quiet href={"/home/" (page.record) "/person"} { (speech.say("person-add")) } }
            }
            (places.album.section(speech))
            (section(&speech.say("visits"), &visits))
            @if !page.children.is_empty() {
                section.card {
                    h2 { (speech.tell_all("homes-inside", &[("n", Arg::from(page.children.len()))])) }
                    ul.found { @for row in &page.children { (search::home(ask, row)) } }
                }
            }
        }
    }
}

/// Somebody who lives there: what to know before speaking to them.
pub(super) fn resident(facts: Facts<'_>, row: &PersonRow, person: &PersonView) -> Markup {
    let speech = facts.speech;
    html! {
        li.fact {
            a href={"/person/" (RecordId(row.record))} { strong { (row.name) } }
            @for need in &person.needs { span.words { (rows::need(speech, &need.value)) } }
            @for ability in &person.abilities { span.words { (rows::ability(speech, &ability.value)) } }
            (facts.by(person.person.as_ref().and_then(|seen| seen.made.as_ref())))
        }
    }
}

/// A hazard of a list, in words.
#[must_use]
pub fn hazard_label(
    speech: crate::words::Speech,
    scheme: &doorstep_client_core::records::hazard_codes::Scheme,
    code: &str,
) -> String {
    super::firebox::spoken::hazard(speech, scheme, code)
}

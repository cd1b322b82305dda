//! A visit at the door: what to know, what others found, and hazards where they are.

use doorstep_client_core::client::{PropertyRef, VisitInput};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Hazard, HazardState, Scope, Severity};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Reading, Uprn};

use super::served::{Visitor, served};

/// Begins a visit of a kind at the only home; the path of its page.
pub(crate) fn begin(visitor: &Visitor<'_>, kind: &str) -> String {
    visitor.post(&format!("/home/{}/visit", visitor.served.record), &[("kind", kind)]).location()
}

fn hazard(code: &str, room: &str) -> Hazard {
    Hazard {
        scheme: Some(Scheme::FireV1),
        code: Some(code.to_owned()),
        room: Some(room.to_owned()),
        severity: Some(Severity::High),
        state: Some(HazardState::Open),
        ..Hazard::default()
    }
}

#[test]
fn what_others_found_is_shown_and_looking_again_is_two_taps() {
    let served = served();
    let visitor = served.visitor();
    let mut earlier = VisitInput::to(PropertyRef::Record(served.record));
    earlier.hazards.push(hazard("candles", "bedroom"));
    served.client.visits().record(&earlier).expect("an earlier visit");
    let visit = begin(&visitor, "safe-and-well");
    let html = visitor.page(&visit);
    let (_, others) = html.split_once("What others found here").expect("a section");
    assert!(others.contains("Candles"), "{others}");
    let again = others.split("href=\"").find(|href| href.contains("/again/")).expect("a way to look again");
    let again = again.split('"').next().expect("its end").to_owned();
    assert!(visitor.page(&again).contains("It is still there"));
    let unsaid = visitor.post(&again, &[]);
    assert_eq!(unsaid.status, 422, "one of them is to be chosen");
    assert_eq!(visitor.post(&again, &[("hazard_now", "resolved")]).location(), visit);
    let home = served.client.properties().get(served.record, Reading::Shown).expect("the home");
    assert_eq!(home.view.hazards[0].value.state, Some(HazardState::Resolved));
    let (_, others) =
        visitor.page(&visit).split_once("What others found here").map(|(a, b)| (a.len(), b.to_owned())).expect("it");
    assert!(!others.contains("Candles"), "what is gone is not looked for again");
}

#[test]
fn a_hazard_of_the_common_parts_stands_at_the_building_and_shows_on_every_flat() {
    let served = served();
    let visitor = served.visitor();
    let uprn = |text: &str| text.parse::<Uprn>().expect("a UPRN");
    let add = |number: &str, line: &str, parent: Option<&str>| {
        let home = Property {
            uprn: Some(uprn(number)),
            line: Some(line.to_owned()),
            parent: parent.map(uprn),
            ..Property::default()
        };
        served.client.properties().add(&home).expect("a home")
    };
    let building = add("990000000100", "Lantern House", None);
    let flats =
        [add("990000000101", "Flat 1", Some("990000000100")), add("990000000102", "Flat 2", Some("990000000100"))];
    let visit = visitor.post(&format!("/home/{}/visit", flats[0]), &[("kind", "safe-and-well")]).location();
    let form = visitor.page(&format!("{visit}/hazard/fire-v1/exit-blocked"));
    for scope in Scope::CODES {
        assert!(form.contains(&format!("value=\"{scope}\"")), "{scope} is one tap");
    }
    let taps = [("room", "stairs"), ("hazard_scope", "common-part"), ("severity", "high")];
    assert_eq!(visitor.post(&format!("{visit}/hazard/fire-v1/exit-blocked"), &taps).location(), visit);
    let (_, here) =
        visitor.page(&visit).split_once("Recorded on this visit").map(|(a, b)| (a.len(), b.to_owned())).expect("it");
    assert!(here.contains("Way out blocked"), "the visit shows it: {here}");
    for flat in flats {
        let html = visitor.page(&format!("/home/{flat}"));
        assert!(html.contains("in the building: Way out blocked"), "{html}");
        assert!(
            html.contains(&format!("href=\"/home/{building}\"")) && html.contains("from Lantern House"),
            "where from: {html}"
        );
    }
    let inside = [("room", "kitchen"), ("hazard_scope", "dwelling"), ("severity", "low")];
    visitor.page(&visitor.post(&format!("{visit}/hazard/fire-v1/candles"), &inside).location());
    assert!(!visitor.page(&format!("/home/{}", flats[1])).contains("Candles"), "what is in a dwelling stays there");
}

#[test]
fn visits_of_today_are_on_the_first_page_and_stay_while_they_are_unfinished() {
    let served = served();
    let visitor = served.visitor();
    assert!(visitor.page("/").contains("No visit today"));
    let visit = begin(&visitor, "follow-up");
    let first = visitor.page("/");
    let (today, _) = first.split_once("id=\"todo\"").expect("what is to do comes after");
    assert!(today.contains(&format!("href=\"{visit}\"")), "{today}");
}

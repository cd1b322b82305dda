//! What is to do, list by list: narrowed by area, worker, team, kind and words, and gone on in; nothing of it in an address.

use doorstep_client_core::records::home::{Hazard, Severity};
use doorstep_protocol::Millis;

use super::place::{DAY, Place, START, damp, home, visit};

#[test]
fn visits_are_narrowed_by_words_kind_worker_and_team() {
    let place = Place::new();
    for number in [7, 9, 11] {
        let record = home(&place.tablet, number);
        visit(&place.tablet, record, if number == 11 { "Marek Dunn" } else { "Ada Mensah" }, vec![damp()]);
    }
    place.carry();
    let browser = place.served.browser();
    let all = browser.open("/todo/visits");
    all.says(&["3 things.", "7 Lantern Row", "9 Lantern Row", "11 Lantern Row", "Worker or team", "Team: "]);
    let narrow = |field: &str, value: &str| browser.send("/todo/visits", &[(field, value)]);
    let nine = narrow("filter_text", "9 LANTERN");
    nine.says(&["1 thing.", "9 Lantern Row", "Show all"]);
    nine.keeps_quiet_about(&["7 Lantern Row", "11 Lantern Row"]);
    narrow("filter_text", "mensah").says(&["2 things."]);
    narrow("filter_kind", "hhsrs-inspection").says(&["3 things."]);
    narrow("filter_kind", "safe-and-well").says(&["Nothing fits that"]);
    let names = place.desk.directory().names().unwrap();
    let worker = names.workers.iter().find(|(_, name)| *name == "Ada Mensah").unwrap().0;
    narrow("filter_who", &format!("worker-{worker}")).says(&["2 things."]);
    let team = place
        .desk
        .partnership()
        .teams()
        .unwrap()
        .into_iter()
        .find(|team| team.devices.contains(&place.tablet.id()))
        .unwrap();
    narrow("filter_who", &format!("team-{}", team.team)).says(&["2 things."]);
    narrow("filter_area", &"0".repeat(32)).says(&["Nothing fits that"]);
    narrow("how", "all").says(&["3 things."]);
}

#[test]
fn a_long_list_is_gone_on_in() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    for _ in 0..55 {
        visit(&place.desk, record, "Ada Mensah", Vec::new());
    }
    let browser = place.served.browser();
    let first = browser.open("/todo/visits");
    first.says(&["1 to 50 of 55", "The next ones"]);
    first.keeps_quiet_about(&["The ones before"]);
    let next = browser.send("/todo/visits", &[("from", "50")]);
    next.says(&["51 to 55 of 55", "The ones before"]);
    next.keeps_quiet_about(&["The next ones"]);
}

#[test]
fn clocks_are_narrowed_by_how_they_stand_and_lead_to_their_page() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let emergency = Hazard { severity: Some(Severity::Emergency), aware_at: Some(Millis(START)), ..damp() };
    visit(&place.desk, record, "Ada Mensah", vec![Hazard { aware_at: Some(Millis(START)), ..damp() }, emergency]);
    place.turn(3 * DAY);
    let browser = place.served.browser();
    let overdue = browser.send("/todo/clocks", &[("filter_state", "overdue")]);
    overdue.says(&["Damp and mould", "investigate: emergency", "overdue"]);
    let running = browser.send("/todo/clocks", &[("filter_state", "running")]);
    running.says(&["investigate"]);
    running.keeps_quiet_about(&["emergency, "]);
    browser.send("/todo/clocks", &[("filter_rule", "written-summary")]).says(&["Nothing fits that"]);
    let all = browser.send("/todo/clocks", &[("how", "all")]);
    browser.open(&all.link("/clocks/")).says(&["7 Lantern Row", "This stands on"]);
    browser.open("/reports/clocks").says(&["7 Lantern Row", "Awaab’s Law, phase 1"]);
}

#[test]
fn every_list_is_there_in_both_languages_with_and_without_anything_on_it() {
    let place = Place::new();
    let browser = place.served.browser();
    let lists = ["visits", "clocks", "duplicates", "stale-facts", "disclosures", "late-work", "sync", "conflicts"];
    for list in lists {
        browser.open(&format!("/todo/{list}")).says(&["<h1>"]);
    }
    assert_eq!(browser.get("/todo/nothing").status, 404);
}

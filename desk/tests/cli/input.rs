//! What people hand in: errors name the field, the limit and the remedy, never the value, and leave nothing half done.

use crate::place::{Place, UPRN};

#[test]
fn a_value_that_does_not_fit_names_field_limit_and_remedy() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let record = |more: &[&str]| place.run("desk", &[&["visit", "record", "--at", UPRN], more].concat());
    record(&["--clutter", "hall,11"]).fails(2, &["--clutter rating", "1 to 9", "check the figure"]);
    record(&["--clutter", "hall,many"]).fails(2, &["--clutter rating", "whole number"]);
    record(&["--hazard", "fire-v1,zebra"]).fails(2, &["--hazard code", "fire-v1", "choose"]);
    record(&["--hazard", "fire-v1,e-bike,zebra=1"]).fails(2, &["--hazard", "severity", "correct the name"]);
    record(&["--kind", "party"]).fails(2, &["--kind", "safe-and-well"]);
    record(&["--started", "yesterday"]).fails(2, &["--started", "2026-11-22 14:05"]);
    record(&["--alarm", "hall"]).fails(2, &["--alarm", "kind"]);
    let secret = "Mrs-Secret-Name";
    for wrong in [["--clutter", "hall,Mrs-Secret-Name"], ["--kind", secret], ["--main-exit", secret]] {
        let ran = record(&wrong).fails(2, &[]);
        assert!(!ran.err.contains(secret), "a message repeats what was entered: {}", ran.err);
    }
    place.run("desk", &["property", "add", "--uprn", "12a", "--line", "x"]).fails(2, &["--uprn", "1 to 12 digits"]);
    place.run("desk", &["property", "add"]).fails(2, &["needs an address or a position"]);
    place.run("desk", &["person", "record", "--name", "A", "--born", "1941-5-2"]).fails(2, &["--born", "YYYY-MM-DD"]);
    let status = place.run("desk", &["status", "--json"]).ok().json();
    assert_eq!(status["unsealed_changes"], 0, "none of it left a change");
    assert_eq!(status["properties"], 0);
}

#[test]
fn of_a_file_with_one_mistake_nothing_is_recorded() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let template = place.run("desk", &["visit", "template"]).ok().out;
    let wrong = template.replace("\"rating\": 6", "\"rating\": 60");
    assert_ne!(template, wrong);
    place.write("visits.json", &format!("[{template},{template},{wrong}]"));
    place.run("desk", &["visit", "record", "--file", "visits.json"]).fails(2, &["visit 3", "clutter rating", "1 to 9"]);
    place.write("visits.json", &template.replace("\"rating\"", "\"ratting\""));
    place
        .run("desk", &["visit", "record", "--file", "visits.json"])
        .fails(2, &["visits.json", "line", "ratting", "rating"]);
    place.write("visits.json", &template.replace("\"rating\": 6", "\"rating\": \"Mrs-Secret-Name\""));
    let ran = place.run("desk", &["visit", "record", "--file", "visits.json"]).fails(2, &["line", "wrong type"]);
    assert!(!ran.err.contains("Secret"), "a message repeats what is in the file: {}", ran.err);
    let csv = place.run("desk", &["visit", "template", "--csv"]).ok().out;
    place.write("visits.csv", &csv.replace(",6,", ",66,"));
    place.run("desk", &["visit", "record", "--file", "visits.csv"]).fails(2, &["line 2", "clutter rating"]);
    place.write("visits.csv", &csv.replace("hazard.room", "hazzard.room"));
    place.run("desk", &["visit", "record", "--file", "visits.csv"]).fails(2, &["column 9", "template --csv"]);
    assert_eq!(place.run("desk", &["visit", "list", "--json"]).ok().json(), serde_json::json!([]));

    place.write("visits.csv", &csv);
    let recorded = place.run("desk", &["visit", "record", "--file", "visits.csv", "--json"]).ok().json();
    assert_eq!(recorded.as_array().map(Vec::len), Some(1), "two lines of one visit are one visit");
    place.write("visits.json", &template);
    place.run("desk", &["visit", "record", "--file", "visits.json"]).ok();
    let home = place.run("desk", &["property", "show", "100023336956", "--json"]).ok().json();
    assert_eq!(home["view"]["hazards"].as_array().map(Vec::len), Some(3));
    assert_eq!(home["view"]["visits"].as_array().map(Vec::len), Some(2));
}

#[test]
fn rows_on_the_command_line_are_typed_by_their_collection() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let args = ["person", "record", "--name", "Edith Hart", "--contact", "phone,020 7946 0000,whose=daughter"];
    let args = [&args[..], &["--need", "time-to-door", "--ability", "stairs,cannot", "--json"]].concat();
    let made = place.run("desk", &args).ok().json();
    let record = made["records"][0].as_str().expect("a record").to_owned();
    let person = place.run("desk", &["person", "show", &record, "--json"]).ok().json();
    assert_eq!(person["view"]["contacts"][0]["value"]["value"], "020 7946 0000");
    let args = ["visit", "record", "--at", UPRN, "--measurement", "front door,width,760,mm,method=tape"];
    place.run("desk", &[&args[..], &["--hazard", "fire-v1,e-bike,room=hall,note=in the way, and hot"]].concat()).ok();
    let home = place.run("desk", &["property", "show", UPRN, "--json"]).ok().json();
    assert_eq!(home["view"]["measurements"][0]["value"]["value"], 760);
    assert_eq!(home["view"]["hazards"][0]["value"]["note"], "in the way, and hot");
}

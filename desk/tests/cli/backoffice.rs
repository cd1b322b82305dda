//! A back office at work: what is to be done, visits, clocks, twins, the past, the register, reports.

use crate::place::{Place, UPRN};

/// A desk and a tablet with a visit that found damp.
fn office(place: &Place) -> doorstep_server::Running {
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Hillford Council");
    place.run("tablet", &["property", "add", "--uprn", UPRN, "--line", "7 Alder Street"]).ok();
    let hazard = "hhsrs-2026,11,room=kitchen,severity=high,note=NHS no 943 476 5919";
    let found = ["visit", "record", "--at", UPRN, "--kind", "hhsrs-inspection", "--hazard", hazard];
    place.run("tablet", &found).ok();
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["sync"]).ok();
    server
}

#[test]
fn a_visit_goes_through_the_office() {
    let place = Place::new();
    let _server = office(&place);
    let todo = place.run("desk", &["todo"]).ok().out;
    assert!(todo.contains("visits") && todo.contains("clocks"), "{todo}");
    place.run("desk", &["todo", "nothing"]).fails(2, &["must be a list"]);
    let listed = place.run("desk", &["todo", "visits", "--json"]).ok().json();
    assert_eq!((listed["total"].as_u64(), &listed["rows"][0]["title"]), (Some(1), &"7 Alder Street".into()));
    let rows = place.run("desk", &["review", "list"]).ok().out;
    let visit = rows.split_whitespace().last().expect("its id").to_owned();
    let shown = place.run("desk", &["review", "show", &visit]).ok().out;
    assert!(shown.contains("you can: approve, return") && shown.contains("hazards"), "{shown}");
    place.run("desk", &["review", "return", &visit]).fails(2, &["review_note", "note"]);
    place.run("desk", &["review", "return", &visit, "--note", "Which wall?"]).ok();
    place.run("desk", &["review", "reopen", &visit]).fails(2, &["state"]);
    place.run("desk", &["sync"]).ok();
    place.run("tablet", &["sync"]).ok();
    assert!(place.run("tablet", &["review", "list", "--state", "returned"]).ok().out.contains(&visit));
    assert!(place.run("tablet", &["review", "show", &visit]).ok().out.contains("Which wall?"));
    place.run("tablet", &["review", "submit", &visit]).ok();
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["sync"]).ok();
    place.run("desk", &["review", "approve", &visit]).ok();
    let timeline = place.run("desk", &["timeline", UPRN]).ok().out;
    assert!(timeline.contains("visits.state: reconciled (before: submitted)"), "{timeline}");
    assert!(place.run("tablet", &["timeline", UPRN, "--reads"]).ok().out.contains("Only an auditor's desk"));
    place.run("desk", &["verify"]).ok();
}

#[test]
fn a_clock_lacks_a_fact_runs_and_is_met() {
    let place = Place::new();
    let _server = office(&place);
    let todo = place.run("desk", &["todo", "clocks"]).ok().out;
    assert!(todo.contains("a date is missing"), "{todo}");
    let shown = place.run("desk", &["clocks", "show", UPRN, "--json"]).ok().json();
    let hazard = shown[0]["hazard"]["row"].as_str().expect("its id").to_owned();
    let step = |kind: &str, at: &str| {
        place.run("desk", &["clocks", "step", UPRN, "--hazard", &hazard, "--kind", kind, "--at", at])
    };
    step("landlord-knew", "2026-11-02T09:00").fails(2, &["landlord-aware"]);
    step("landlord-aware", "2026-11-02T09:00").ok();
    step("investigated", "2026-11-04T09:00").ok();
    let shown = place.run("desk", &["clocks", "show", UPRN]).ok().out;
    assert!(shown.contains("investigate: done in time, by end of 2026-11-16"), "{shown}");
    assert!(shown.contains("from investigated on 2026-11-04"), "{shown}");
    let report = place.run("desk", &["report", "clocks"]).ok().out;
    assert!(report.starts_with("record,title,hazard") && report.contains("written-summary"), "{report}");
}

#[test]
fn a_dispute_is_settled_undone_and_told() {
    let place = Place::new();
    let _server = office(&place);
    let home =
        |device: &str, exit: &str| place.run(device, &["visit", "record", "--at", UPRN, "--main-exit", exit]).ok();
    home("tablet", "blocked");
    home("desk", "clear");
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["sync"]).ok();
    let shown = place.run("desk", &["conflicts", "show", "dwelling.main_exit"]).ok().out;
    assert!(shown.contains("based on") && shown.contains("Ada Mensah") && shown.contains("Ros Adeyemi"), "{shown}");
    let edit = ["conflicts", "edit", "dwelling.main_exit", "--value"];
    place.run("desk", &[&edit[..], &["narrow"]].concat()).fails(2, &["restricted"]);
    place.run("desk", &[&edit[..], &["restricted", "--note", "seen again"]].concat()).ok();
    assert!(place.run("desk", &["conflicts", "list"]).ok().out.contains("no conflicts"));
    let decided = place.run("desk", &["conflicts", "decided", UPRN, "--json"]).ok().json();
    let decision = decided[0]["decision"].as_str().expect("its id").to_owned();
    place.run("desk", &["conflicts", "undo", UPRN, "--decision", &decision]).ok();
    assert!(place.run("desk", &["conflicts", "list"]).ok().out.contains("main_exit"));
    place.run("desk", &["conflicts", "keep-both", "dwelling.main_exit"]).ok();
    assert!(place.run("desk", &["conflicts", "decided", UPRN]).ok().out.contains("(undone)"));
}

#[test]
fn twins_are_compared_and_linked() {
    let place = Place::new();
    let _server = office(&place);
    place.run("desk", &["visit", "record", "--at", UPRN, "--hazard", "hhsrs-2026,11,room=Kitchen"]).ok();
    let found = place.run("desk", &["duplicates", "list", "hazards", "--json"]).ok().json();
    let id = |field: &str| found["rows"][0][field].as_str().expect("an id").to_owned();
    let pair = ["hazards".to_owned(), id("document"), id("a"), id("b")];
    let with = |word: &'static str| {
        let mut args = vec!["duplicates", word];
        args.extend(pair.iter().map(String::as_str));
        place.run("desk", &args)
    };
    let compared = with("compare").ok().out;
    assert!(compared.contains("DIFFERS") && compared.contains("hazards.room"), "{compared}");
    with("same").ok();
    assert!(place.run("desk", &["duplicates", "list", "hazards"]).ok().out.contains("0 pairs"));
    place.run("desk", &["duplicates", "list", "houses"]).fails(2, &["properties"]);
}

#[test]
fn the_register_and_the_reports_are_written() {
    let place = Place::new();
    let _server = office(&place);
    let ask = [
        "register",
        "ask",
        "--about",
        UPRN,
        "--asked-by",
        "PC Doe",
        "--purpose",
        "missing person",
        "--asked",
        "who lives there",
    ];
    let row = place.run("desk", &[&ask[..], &["--json"]].concat()).ok().json();
    let row = row.as_str().expect("its id").to_owned();
    assert!(place.run("desk", &["register", "list"]).ok().out.contains("waits for a decision"));
    let decide = ["register", "decide", &row, "--by", "R. Adeyemi, IG lead", "--decision"];
    place.run("desk", &[&decide[..], &["refused"]].concat()).fails(2, &["reason"]);
    place.run("desk", &[&decide[..], &["refused", "--why", "no warrant"]].concat()).ok();
    let register = place.run("desk", &["report", "disclosures", "--form", "json-lines"]).ok().out;
    assert!(register.contains("\"decision\":\"refused\""), "{register}");

    place.run("desk", &["report", "property", UPRN, "--out", "home.csv"]).ok();
    let home = std::fs::read_to_string(place.path("home.csv")).expect("the report");
    assert!(home.contains("NHS number removed") && !home.contains("5919"), "{home}");
    let counts = place.run("desk", &["report", "counts", "visits-by-kind"]).ok().out;
    assert!(counts.contains("total,") && !counts.contains(",1\r"), "{counts}");
    place.run("desk", &["report", "counts", "people"]).fails(2, &["homes-by-hazard"]);
    let schema = place.run("desk", &["report", "schema", "reg10"]).ok().json();
    assert_eq!(schema["required"].as_array().map(Vec::len), Some(4));
    assert!(place.run("desk", &["report", "access"]).ok().out.contains("Ada Mensah"));
    assert!(place.run("desk", &["report", "exposure", "tablet"]).ok().out.contains("home"));
}

#[test]
fn what_was_recorded_by_mistake_is_taken_back_and_stands_after_all() {
    let place = Place::new();
    let _server = office(&place);
    let found = ["visit", "record", "--at", UPRN, "--alarm", "hall,smoke,none", "--dwelling", "main_exit=blocked"];
    place.run("desk", &found).ok();
    let alarm = || place.run("desk", &["property", "show", UPRN, "--json"]).ok().json()["view"]["alarms"].clone();
    let row = alarm()[0]["row"].as_str().expect("its id").to_owned();
    place.run("desk", &["mistaken", "take-back", UPRN, "--row", &row, "--why", " "]).fails(2, &["why", "reason"]);
    place.run("desk", &["mistaken", "take-back", UPRN, "--why", "misread"]).fails(2, &["--row"]);
    let nothing = ["mistaken", "take-back", UPRN, "--row", "00000000000000000000000000000001", "--why", "misread"];
    place.run("desk", &nothing).fails(3, &["fact that can be taken back"]);
    place.run("desk", &["mistaken", "take-back", UPRN, "--row", &row, "--why", "the flat above"]).ok();
    assert_eq!(alarm().as_array().map(Vec::len), Some(0));
    place.run("desk", &["mistaken", "take-back", UPRN, "--dwelling", "main_exit", "--why", "misread"]).ok();
    assert!(!place.run("desk", &["firebox", UPRN]).ok().out.contains("blocked"));
    let list = place.run("desk", &["mistaken", "list", UPRN]).ok().out;
    assert!(list.contains("2 facts were taken back") && list.contains("the flat above") && list.contains("main exit"));
    let taken = place.run("desk", &["mistaken", "list", UPRN, "--json"]).ok().json();
    for fact in taken.as_array().expect("a list") {
        let decision = fact["decision"].as_str().expect("its id");
        place.run("desk", &["mistaken", "let-stand", UPRN, "--decision", decision]).ok();
        place.run("desk", &["mistaken", "let-stand", UPRN, "--decision", decision]).fails(3, &["decision"]);
    }
    assert_eq!(alarm().as_array().map(Vec::len), Some(1));
    assert!(place.run("desk", &["firebox", UPRN]).ok().out.contains("blocked"));
}

#[test]
fn allocations_and_agreements_are_written_down_listed_and_ended() {
    let place = Place::new();
    let _server = office(&place);
    place.run("desk", &["person", "record", "--name", "Peggy Ashdown", "--at", UPRN]).ok();
    let names = place.run("desk", &["devices", "--json"]).ok().json();
    let worker = names[0]["workers"][0].as_str().expect("a worker").to_owned();
    let begin =
        ["allocation", "begin", "peggy", "--purpose", "home assessment", "--role", "OT", "--since", "2020-01-01"];
    place.run("desk", &begin).fails(2, &["--worker"]);
    place.run("desk", &[&begin[..], &["--worker", &worker]].concat()).ok();
    let list = place.run("desk", &["allocation", "list", "--person", "peggy"]).ok().out;
    assert!(list.contains("1 allocation") && list.contains(&worker) && list.contains("OT, home assessment"), "{list}");
    let rows = place.run("desk", &["allocation", "list", "--json"]).ok().json();
    let row = rows["rows"][0]["allocation"]["row"].as_str().expect("its id").to_owned();
    place.run("desk", &["allocation", "end", &row, "--on", "2026-12-20", "--why", "bored"]).fails(2, &["--why"]);
    place.run("desk", &["allocation", "end", &row, "--on", "2020-12-20", "--why", "handed-over"]).ok();
    assert!(place.run("desk", &["allocation", "list"]).ok().out.contains("handed over"));

    let make = ["agreement", "make", "--name", "Hillford agreement", "--power", "Care Act 2014, section 6"];
    place.run("desk", &make).fails(2, &["--basis"]);
    place.run("desk", &[&make[..], &["--basis", "public task"]].concat()).ok();
    let list = place.run("desk", &["agreement", "list"]).ok().out;
    assert!(list.contains("Hillford agreement") && list.contains("holds"), "{list}");
    let rows = place.run("desk", &["agreement", "list", "--json"]).ok().json();
    let row = rows[0]["agreement"]["row"].as_str().expect("its id").to_owned();
    place.run("desk", &["agreement", "end", &row, "--on", "2020-12-20"]).ok();
    assert!(place.run("desk", &["agreement", "list"]).ok().out.contains("holds no more"));
    place
        .run("desk", &["agreement", "end", "00000000000000000000000000000001", "--on", "2020-12-20"])
        .fails(3, &["agreement"]);
}

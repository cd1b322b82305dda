//! People: what they agreed to, and what opens with a worker about them.

use crate::place::{Place, Ran, UPRN};

/// A desk with somebody who lives somewhere, and a tablet of the council.
fn town(place: &Place) -> (doorstep_server::Running, String) {
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Hillford Council");
    place.run("desk", &["property", "add", "--uprn", UPRN, "--line", "7 Alder Street"]).ok();
    let record = ["person", "record", "--name", "Edith Hart", "--at", UPRN, "--ability", "stairs,cannot", "--json"];
    let recorded = place.run("desk", &record).ok().json();
    place.run("desk", &["sync"]).ok();
    place.run("tablet", &["sync"]).ok();
    (server, recorded["records"][0].as_str().expect("an id").to_owned())
}

#[test]
fn consent_is_asked_given_and_taken_back() {
    let place = Place::new();
    let (_server, edith) = town(&place);
    let consent = |device: &str, args: &[&str]| place.run(device, &[&["consent"], args].concat());
    let asked = ["edith hart", "--scope", "share-with-fire", "--how", "spoken"];
    let give = [&["give"], &asked[..]].concat();
    consent("desk", &give).fails(2, &["--wording"]);
    consent("desk", &[&give[..], &["--wording", "sharing 1", "--expires", "soon"]].concat()).fails(2, &["--expires"]);
    consent("desk", &[&give[..], &["--wording", "sharing 1"]].concat()).ok();
    let shown = consent("desk", &["show", &edith, "--json"]).ok().json();
    let fire = &shown["standings"][0];
    assert_eq!((&fire["scope"], &fire["agreement"]), (&"share-with-fire".into(), &"given".into()));
    assert!(place.run("desk", &["firebox", UPRN]).ok().out.contains("stairs: cannot"));
    let withdraw = [&["withdraw"], &asked[..], &["--by", "P. Shah, duty officer"]].concat();
    consent("desk", &withdraw).fails(2, &["--contact"]);
    consent("desk", &[&withdraw[..], &["--contact", "OT duty desk"]].concat()).ok();
    let firebox = place.run("desk", &["firebox", UPRN]).ok().out;
    assert!(!firebox.contains("stairs: cannot") && firebox.contains("ask OT duty desk"), "{firebox}");
    consent("desk", &[&withdraw[..], &["--contact", "OT duty desk"]].concat()).fails(2, &["scope", "refusal instead"]);
    place.run("desk", &["sync"]).ok();
    place.run("tablet", &["sync"]).ok();
    let shown = consent("tablet", &["show", &edith]).ok().out;
    assert!(shown.contains("withdrawn since") && shown.contains("ask OT duty desk"), "{shown}");
    let refuse = ["refuse", "nobody", "--scope", "photographs", "--how", "spoken", "--contact", "me"];
    consent("desk", &refuse).fails(3, &["no such person"]);
    let wrong = ["refuse", &edith, "--scope", "everything", "--how", "spoken", "--contact", "me"];
    consent("desk", &wrong).fails(2, &["--scope", "share-with-fire"]);
}

#[test]
fn an_nhs_number_is_set_traced_and_shown_where_its_keys_are() {
    let place = Place::new();
    let (_server, edith) = town(&place);
    let nhs = |device: &str, number: &str, args: &[&str]| -> Ran {
        let mut command = place.command(device, &[&["nhs"], args].concat(), Some("correct horse battery"));
        crate::place::ran(command.env("DOORSTEP_NHS_NUMBER", number).output().expect("the program runs"))
    };
    let set = ["set", &edith, "--status", "02"];
    let refused = nhs("desk", "9434765918", &set).fails(2, &["ten digits", "correct it"]);
    assert!(!refused.err.contains("9434765918"), "nothing a person entered is in an error: {}", refused.err);
    nhs("desk", "9434765919", &["set", &edith, "--status", "09"]).fails(2, &["--status", "01"]);
    nhs("desk", "943 476 5919", &set).ok();
    let trace = ["trace", &edith, "--status", "01", "--by", "R. Adeyemi, records", "--reference", "PDS-4711"];
    nhs("desk", "", &trace).ok();
    let shown = nhs("desk", "", &["show", &edith]).ok().out;
    for words in ["943 476 5919", "01 present and verified", "PDS-4711", "is recorded"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    nhs("desk", "", &["show", &edith, "--json"]).fails(2, &["--json"]);
    place.run("desk", &["sync"]).ok();
    place.run("tablet", &["sync"]).ok();
    // The tablet is in the council's field team, and in no team that holds the numbers.
    nhs("tablet", "", &["show", &edith]).fails(5, &[]);
    nhs("tablet", "9434765919", &set).fails(5, &[]);
    let reads = place.run("desk", &["timeline", &edith, "--reads"]).ok().out;
    assert!(reads.contains("Ros Adeyemi"), "{reads}");
}

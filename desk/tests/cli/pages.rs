//! What is shown: searches, pages, the firebox, and what is said when nothing fits.

use crate::place::{Place, UPRN};

#[test]
fn the_sample_street_is_found_shown_and_verified() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let dry = place.run("desk", &["import", "--sample", "--dry-run"]).ok().out;
    assert!(dry.contains("nothing was written"), "{dry}");
    place.run("desk", &["import", "--sample", "--report", "report.jsonl"]).ok();
    place.run("desk", &["import", "--sample", "--report", "report.jsonl"]).fails(2, &["exists already"]);
    let again = place.run("desk", &["import", "--sample"]).ok().out;
    assert!(again.contains("\n0 taken, 0 changed"), "{again}");

    let found = place.run("desk", &["find", "linden", "10", "--json"]).ok().json();
    assert_eq!(found[0]["uprn"], UPRN);
    place.run("desk", &["find", "zzz"]).fails(3, &["nothing on this device fits"]);
    let several = place.run("desk", &["property", "show", "linden"]).fails(3, &["say which", "999900000100"]);
    assert!(several.out.is_empty());
    place.run("desk", &["property", "show", "12345"]).fails(3, &["no such property"]);

    place.run("desk", &["visit", "record", "--at", UPRN, "--main-exit", "blocked", "--flag", "dangerous-animal"]).ok();
    let page = place.run("desk", &["property", "show", UPRN]).ok().out;
    for words in ["Flat 10, Linden House", "main exit", "blocked", "dangerous animal", "Ros Adeyemi", "Mrs Okoro"] {
        assert!(page.contains(words), "“{words}” is not in {page}");
    }
    assert!(!page.contains('\u{1b}'), "no colours in a pipe");
    let firebox = place.run("desk", &["firebox", UPRN]).ok().out;
    assert!(firebox.contains("main way out blocked") && firebox.contains("not known"), "{firebox}");
    assert!(firebox.lines().count() <= 24 && firebox.lines().all(|line| line.chars().count() <= 100), "one screen");
    assert!(place.run("desk", &["verify"]).ok().out.starts_with("verify: OK"));
    let rebuilt = place.run("desk", &["rebuild", "--json"]).ok().json();
    assert_eq!(rebuilt["differing"], serde_json::json!([]));
    assert!(place.run("desk", &["tray"]).ok().out.contains("empty"));
}

#[test]
fn help_teaches_every_command_with_an_example() {
    let place = Place::new();
    let help = place.run_with("none", &["--help"], None).ok().out;
    assert!(help.contains("Exit codes"));
    for command in
        ["init", "find", "firebox", "import", "sync", "watch", "status", "tray", "rebuild", "verify", "bench"]
    {
        assert!(help.contains(command), "{command}");
        let own = place.run_with("none", &[command, "--help"], None).ok().out;
        assert!(own.contains(&format!("doorstep {command}")), "{command} has no example: {own}");
    }
    for command in ["enrol", "property", "visit", "person", "conflicts", "carrier"] {
        let own = place.run_with("none", &[command, "--help"], None).ok().out;
        assert!(own.contains(&format!("  doorstep {command} ")) || own.contains("doorstep enrol invite"), "{own}");
    }
}

#[test]
fn a_passphrase_is_never_an_argument_and_a_wrong_one_opens_nothing() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    place.run_with("desk", &["status"], Some("wrong wrong wrong")).fails(6, &["does not open"]);
    place.run_with("desk", &["status"], None).fails(2, &["passphrase", "DOORSTEP_PASSPHRASE", "--passphrase-file"]);
    place.run_with("desk", &["--passphrase", "x", "status"], None).fails(2, &[]);
    place.write("secret", "correct horse battery\r\n");
    place.run_with("desk", &["--passphrase-file", "secret", "status"], None).ok();
    let wrong = place.run_with("desk", &["--json", "status"], Some("wrong wrong wrong"));
    let error: serde_json::Value = serde_json::from_str(&wrong.err).expect("an error in JSON");
    assert_eq!((&error["error"]["code"], &error["error"]["blame"]), (&6.into(), &"store".into()));
}

#[test]
fn json_has_the_fields_that_the_manual_names() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    place.run("desk", &["import", "--sample"]).ok();
    place.run("desk", &["visit", "record", "--at", UPRN, "--main-exit", "blocked"]).ok();
    let manual = include_str!("../../src/lib.rs");
    let commands: [(&[&str], &[&str]); 12] = [
        (&["find", UPRN], &["record", "uprn", "parent_uprn", "address", "postcode", "flags"]),
        (&["find", "--people", "okoro"], &["record", "name", "born"]),
        (&["property", "show", UPRN], &["record", "row", "view", "people", "children", "delivery"]),
        (&["person", "show", "okoro"], &["record", "row", "view", "delivery"]),
        (&["visit", "list"], &["visit", "property", "uprn", "address", "kind", "state", "started"]),
        (&["visit", "codes", "ot-v1"], &["scheme", "code", "label"]),
        (&["firebox", UPRN], &["record", "row", "view"]),
        (&["status"], &["device", "name", "partnership", "server", "log_entries"]),
        (&["rebuild"], &["documents", "applied", "unsealed_changes", "differing"]),
        (&["verify"], &["log_entries", "envelopes", "chains", "documents", "faults"]),
        (
            &["devices"],
            &["device", "name", "kind", "organisation", "workers", "teams", "revoked", "not_after", "this_device"],
        ),
        (&["teams"], &["team", "name", "organisation", "organisation_name", "tier", "members", "zones"]),
    ];
    for (command, fields) in commands {
        let json = place.run("desk", &[command, &["--json"]].concat()).ok().json();
        let object = json.get(0).unwrap_or(&json);
        for field in fields {
            assert!(object.get(field).is_some(), "{command:?} has no {field}: {object}");
        }
        assert!(manual.contains(&fields.join(", ")), "the manual does not say {}", fields.join(", "));
    }
    let firebox = place.run("desk", &["firebox", UPRN, "--json"]).ok().json();
    assert_eq!(firebox["view"]["lines"][0][0], "people-inside");
}

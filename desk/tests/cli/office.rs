//! What an admin's desk does over the years, as a person does it: a tablet is lost and found, people move, the kit is tried.

use crate::place::{Place, UPRN};

/// A tablet that was lost with a home on it that it had not sent.
fn lost_tablet(place: &Place) -> doorstep_server::Running {
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Hillford Council");
    place.run("tablet", &["property", "add", "--uprn", UPRN, "--line", "7 Alder Street"]).ok();
    server
}

#[test]
fn a_lost_tablet_is_ended_hands_over_and_wipes_itself() {
    let place = Place::new();
    let _server = lost_tablet(&place);
    place.run("desk", &["device", "lost", "nobody"]).fails(3, &["no device “nobody”", "tablet"]);
    place.run("desk", &["device", "freeze", "tablet"]).ok();
    let ended = place.run("desk", &["device", "lost", "tablet", "--json"]).ok().json();
    assert!(ended["teams"].as_u64().unwrap() >= 2 && ended["zones"].as_u64().unwrap() >= 6, "{ended}");
    assert_eq!(ended["owed"], serde_json::json!({"teams": [], "zones": []}));
    let zones = ended["exposure"]["zones"].as_array().expect("a list");
    assert!(zones.iter().any(|zone| zone["class"] == "home" && !zone["until"].is_null()), "{zones:?}");
    place.run("desk", &["device", "lost", "tablet"]).fails(5, &["there is no such device"]);
    assert!(place.run("desk", &["keys", "owed"]).ok().out.contains("No key is owed"));

    place.run("tablet", &["sync"]).fails(5, &["ended by its partnership", "wiped"]);
    place.run("tablet", &["status"]).fails(6, &["holds no device"]);
    assert!(!place.path("tablet/ops.db").exists());

    let left = place.run("desk", &["late", "list"]).ok().out;
    assert!(left.contains("work that it had not sent") && left.contains("it has wiped itself"), "{left}");
    // Not before somebody takes it in.
    place.run("desk", &["find", "alder"]).fails(3, &["nothing on this device fits"]);
    let adopted = place.run("desk", &["late", "adopt", "--all", "--json"]).ok().json();
    assert!(adopted["adopted"].as_u64().unwrap() >= 1, "{adopted}");
    assert!(place.run("desk", &["find", "alder"]).ok().out.contains("Alder"));
    assert!(place.run("desk", &["late", "list"]).ok().out.contains("Nothing waits"));
}

#[test]
fn what_a_lost_tablet_left_on_a_stick_is_taken_in_at_the_desk() {
    let place = Place::new();
    let _server = lost_tablet(&place);
    place.enrol("other", "Hillford Council");
    place.run("tablet", &["carrier", "export", "stick"]).ok();
    place.run("desk", &["device", "lost", "tablet"]).ok();
    place.run("desk", &["carrier", "import", "stick"]).ok();
    let listed = place.run("desk", &["late", "list"]).ok().out;
    assert!(
        listed.contains("On this desk, and in no record") && listed.contains("lost the right to write"),
        "{listed}"
    );
    place.run("desk", &["find", "alder"]).fails(3, &["nothing on this device fits"]);
    place.run("desk", &["late", "adopt", "--from", "nobody"]).fails(3, &["no device “nobody”"]);
    let adopted = place.run("desk", &["late", "adopt", "--from", "tablet", "--json"]).ok().json();
    assert!(adopted["adopted"].as_u64().unwrap() >= 1, "{adopted}");
    place.run("other", &["sync"]).ok();
    for device in ["desk", "other"] {
        assert!(place.run(device, &["find", "alder"]).ok().out.contains("Alder"), "{device}");
    }
}

#[test]
fn people_move_and_grants_end_with_new_keys() {
    let place = Place::new();
    let _server = lost_tablet(&place);
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["team", "create", "North team", "--organisation", "Hillford Council"]).ok();
    place.run("desk", &["team", "create", "Nobody's", "--organisation", "Nobody"]).fails(3, &["Hillford Council"]);
    let give = ["grant", "give", "--zone", "home of Mill Ward", "--team", "North team", "--until", "2099-01-31"];
    let given = place.run("desk", &[&give[..], &["--json"]].concat()).ok().json();
    let grant = given["grant"].as_str().expect("an id").to_owned();
    place.run("desk", &["team", "add", "North team", "tablet"]).ok();
    let moved = ["team", "move", "tablet", "--from", "Hillford Council field team", "--to", "North team"];
    place.run("desk", &moved).fails(5, &["a member already"]);
    let access = place.run("desk", &["access"]).ok().out;
    assert!(access.contains("North team") && access.contains("tablet (Ada Mensah)"), "{access}");
    let ended = place.run("desk", &["grant", "end", &grant, "--json"]).ok().json();
    assert_eq!((ended["zones"].as_u64(), &ended["owed"]["zones"]), (Some(1), &serde_json::json!([])));
    let left = place.run("desk", &["team", "leave", "tablet", "--json"]).ok().json();
    assert!(left["teams"].as_u64().unwrap() >= 3, "{left}");
    place.run("desk", &["team", "leave", "tablet"]).fails(3, &["it is in no team"]);
    place.run("desk", &["verify"]).ok();
    place.run("tablet", &["sync"]).ok();
}

#[test]
fn the_kit_is_tried_renewed_and_the_old_one_opens_nothing_new() {
    let place = Place::new();
    let _server = lost_tablet(&place);
    let drilled = place.run("desk", &["escrow", "drill", "--sheet", "kit.txt", "--json"]).ok().json();
    assert!(drilled[0]["holds"].as_bool().unwrap(), "{drilled}");
    let kit = std::fs::read_to_string(place.path("kit.txt")).expect("the kit");
    let sheet = kit.split("sheet 2 of").next().expect("a beginning").to_owned();
    place.write("one-sheet.txt", &sheet);
    place.run("desk", &["escrow", "drill", "--sheet", "one-sheet.txt"]).fails(2, &["are needed"]);
    let policy =
        |args: &[&str]| place.run("desk", &[&["policy", "--sheet", "kit.txt", "--json"], args].concat()).ok().json();
    let refused = policy(&["--late-work", "refused"]);
    assert_eq!((&refused["late_work"], &refused["lease_hours"]), (&"refused".into(), &24.into()));
    // What is not named stays as it is.
    let longer = policy(&["--lease-hours", "48"]);
    assert_eq!((&longer["late_work"], &longer["lease_hours"]), (&"refused".into(), &48.into()));
    place.run("desk", &["policy", "--sheet", "kit.txt", "--lease-hours", "0"]).fails(5, &["a lease is between"]);
    place.run("desk", &["renew-kit", "--sheet", "kit.txt", "--kit-file", "new-kit.txt"]).ok();
    place.run("desk", &["policy", "--sheet", "kit.txt"]).fails(2, &["an older kit"]);
    place.run("desk", &["escrow", "drill", "--sheet", "kit.txt"]).fails(2, &["the newest kit"]);
    place.run("desk", &["escrow", "drill", "--sheet", "new-kit.txt"]).ok();
    place.run("tablet", &["sync"]).ok();
}

#[test]
fn when_the_last_desk_is_gone_the_kit_makes_another() {
    let place = Place::new();
    let server = lost_tablet(&place);
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["sync"]).ok();
    // The desk burns down.
    std::fs::remove_dir_all(place.path("desk")).expect("the desk's folder");
    let url = format!("http://{}", server.address());
    let recover = ["recover", "--server", &url, "--sheet", "kit.txt", "--worker", "Ros Adeyemi"];
    place.run("new-desk", &recover).ok();
    assert!(place.run("new-desk", &["find", "alder"]).ok().out.contains("Alder"), "history is read");
    place.run("new-desk", &["visit", "record", "--at", UPRN, "--note", "seen by the new desk"]).ok();
    place.run("new-desk", &["sync"]).ok();
    place.run("new-desk", &["verify"]).ok();
    place.run("tablet", &["sync"]).ok();
    assert!(place.run("tablet", &["property", "show", UPRN]).ok().out.contains("seen by the new desk"));
    // The desk that is gone is ended, and the kit renewed.
    place.run("new-desk", &["device", "lost", "Desk"]).ok();
    place.run("new-desk", &["renew-kit", "--sheet", "kit.txt", "--kit-file", "new-kit.txt"]).ok();
    place.run("other", &recover).fails(4, &["session"]);
    assert!(!place.path("other/keys.sealed").exists(), "nothing is left behind");
}

#[test]
fn two_admins_erase_and_a_legal_hold_keeps() {
    let place = Place::new();
    let _server = lost_tablet(&place);
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["visit", "record", "--at", UPRN, "--note", "to be forgotten"]).ok();
    place.run("desk", &["sync"]).ok();
    let found = place.run("desk", &["find", "alder", "--json"]).ok().json();
    let record = found[0]["record"].as_str().expect("an id").to_owned();
    let propose = ["erase", "propose", &record, "--class", "home", "--reason", "request"];
    place.run("desk", &["hold", "add", &record, "--reference", "case 7"]).ok();
    place.run("desk", &propose).fails(2, &["a legal hold is on it"]);
    place.run("desk", &["hold", "end", &record]).ok();
    assert!(place.run("desk", &["hold", "list"]).ok().out.contains("No legal hold"));
    let due = place.run("desk", &["retention", "due", "--keep", "home=0"]).ok().out;
    assert!(due.contains("Nothing is due"), "a visit of today is not due: {due}");
    place.run("desk", &["admin", "add", "tablet", "--organisation", "Hillford Council", "--sheet", "kit.txt"]).ok();
    let text = place.run("desk", &propose).ok().out;
    place.write("proposal.txt", &text);
    place.run("desk", &["erase", "sign", "--file", "proposal.txt"]).fails(2, &["another admin has to sign"]);
    place.run("tablet", &["erase", "sign", "--proposal", "DOORSTEP-ERASE-1.zz"]).fails(2, &["copy it whole"]);
    place.run("tablet", &["erase", "sign", "--file", "proposal.txt"]).ok();
    place.run("tablet", &["erase", "sign", "--file", "proposal.txt"]).fails(2, &["ask for a new proposal"]);
    place.run("desk", &["sync"]).ok();
}

//! What happens to a partnership over the years, as people meet it: a stopped tablet goes on, one is retired, one dies, a desk
//! is replaced, a zone is added, an organisation leaves, a proposal grows stale.

use doorstep_server::{Config, Running, Server};

use crate::place::{Place, UPRN};

/// A desk, and a tablet of the council that has sent a home.
fn town(place: &Place) -> Running {
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Hillford Council");
    home(place, "tablet", UPRN, "7 Alder Street");
    place.run("desk", &["sync"]).ok();
    server
}

fn home(place: &Place, at: &str, uprn: &str, line: &str) {
    place.run(at, &["property", "add", "--uprn", uprn, "--line", line]).ok();
    place.run(at, &["sync"]).ok();
}

fn finds(place: &Place, at: &str, words: &str) -> bool {
    place.run(at, &["find", words]).code == 0
}

#[test]
fn a_frozen_tablet_goes_on_recording_and_is_served_again() {
    let place = Place::new();
    let _server = town(&place);
    place.run("desk", &["device", "unfreeze", "tablet"]).fails(5, &["the device is not frozen"]);
    place.run("desk", &["device", "freeze", "tablet"]).ok();
    place.run("desk", &["device", "freeze", "tablet"]).fails(5, &["frozen"]);
    place.run("tablet", &["property", "add", "--uprn", "999900000128", "--line", "9 Birch Road"]).ok();
    place.run("tablet", &["sync"]).fails(4, &["stopped for a while by an admin"]);
    assert!(finds(&place, "tablet", "birch"), "what is recorded is kept");
    place.run("desk", &["device", "unfreeze", "tablet"]).ok();
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["sync"]).ok();
    assert!(finds(&place, "desk", "birch"), "and counts, though it was made while frozen");
}

#[test]
fn a_tablet_that_is_retired_hands_over_and_goes_and_what_it_wrote_stays() {
    let place = Place::new();
    let _server = town(&place);
    place.run("tablet", &["property", "add", "--uprn", "999900000128", "--line", "9 Birch Road"]).ok();
    let retired = place.run("desk", &["device", "retire", "tablet", "--json"]).ok().json();
    assert!(retired["zones"].as_u64().unwrap() >= 6 && retired["alarms"].as_array().unwrap().is_empty(), "{retired}");
    assert!(place.run("desk", &["devices"]).ok().out.contains("(REVOKED)"));
    place.run("tablet", &["sync"]).fails(5, &["ended by its partnership"]);
    assert!(!place.path("tablet/ops.db").exists());
    assert!(finds(&place, "desk", "alder") && !finds(&place, "desk", "birch"));
    place.run("desk", &["late", "adopt", "--all"]).ok();
    assert!(finds(&place, "desk", "birch"));
}

#[test]
fn a_dead_tablet_is_replaced_and_all_that_it_had_sent_is_read_on_the_new_one() {
    let place = Place::new();
    let _server = town(&place);
    place.run("tablet", &["visit", "record", "--at", UPRN, "--note", "the rail is loose"]).ok();
    place.run("tablet", &["sync"]).ok();
    std::fs::remove_dir_all(place.path("tablet")).expect("the tablet's folder");
    place.run("desk", &["device", "retire", "tablet"]).ok();
    place.enrol("new-tablet", "Hillford Council");
    assert!(place.run("new-tablet", &["property", "show", UPRN]).ok().out.contains("the rail is loose"));
    // It writes, and is read, like the one before.
    place.run("new-tablet", &["visit", "record", "--at", UPRN, "--note", "the rail is fixed"]).ok();
    place.run("new-tablet", &["sync"]).ok();
    place.run("desk", &["sync"]).ok();
    assert!(place.run("desk", &["property", "show", UPRN]).ok().out.contains("the rail is fixed"));
    place.run("new-tablet", &["verify"]).ok();
}

#[test]
fn an_admin_who_lacks_keys_gets_them_back_with_the_kit() {
    let place = Place::new();
    let _server = town(&place);
    // A second desk that reads nothing but names, and is an admin.
    place.enrol("second", "Hillford Council");
    place.run("desk", &["team", "remove", "Hillford Council field team", "second"]).ok();
    let admin = ["admin", "add", "second", "--organisation", "Hillford Council", "--sheet", "kit.txt"];
    place.run("desk", &admin).ok();
    place.run("second", &["sync"]).ok();
    // It cannot end the only admin of the other organisation.
    place
        .run("second", &["device", "lost", "Desk"])
        .fails(5, &["last acting admin", "make another desk an admin first"]);
    place.run("desk", &["admin", "add", "second", "--organisation", "Mill Homes", "--sheet", "kit.txt"]).ok();
    place.run("second", &["sync"]).ok();
    // The first desk burns down, and its keys are to be replaced by who lacks them.
    std::fs::remove_dir_all(place.path("desk")).expect("the desk's folder");
    let ended = place.run("second", &["device", "lost", "Desk", "--json"]).ok().json();
    let owed = |value: &serde_json::Value| value["owed"]["zones"].as_array().map_or(0, Vec::len);
    assert!(owed(&ended) > 0, "{ended}");
    assert!(!place.run("second", &["keys", "owed"]).ok().out.contains("No key is owed"));
    let kit = std::fs::read_to_string(place.path("kit.txt")).expect("the kit");
    place.write("one.txt", kit.split("sheet 2 of").next().expect("a beginning"));
    place.run("second", &["escrow", "open", "--sheet", "one.txt"]).fails(2, &["are needed"]);
    let open = place.run("second", &["escrow", "open", "--sheet", "kit.txt", "--json"]).ok().json();
    assert!(open["zones"].as_u64().unwrap() > 0 && owed(&open) == 0, "{open}");
    assert!(place.run("second", &["keys", "owed"]).ok().out.contains("No key is owed"));
    // The tablet goes on under the new keys, and the desk reads what it writes.
    home(&place, "tablet", "999900000128", "9 Birch Road");
    place.run("second", &["sync"]).ok();
    assert!(finds(&place, "second", "birch"));
    place.run("second", &["verify"]).ok();
}

#[test]
fn a_zone_is_added_and_only_who_was_let_in_reads_it() {
    let place = Place::new();
    let _server = town(&place);
    place.run("desk", &["team", "create", "North team", "--organisation", "Hillford Council", "--member", "Desk"]).ok();
    let zone = [
        "zone",
        "--organisation",
        "Hillford Council",
        "--class",
        "home",
        "--area",
        "Mill Ward",
        "--name",
        "North homes",
    ];
    place.run("desk", &[&zone[..], &["--team", "Nobody"]].concat()).fails(3, &["there is no team", "North team"]);
    place.run("desk", &[&zone[..], &["--team", "North team"]].concat()).ok();
    let holds = |name: &str| {
        let access = place.run("desk", &["access", "--json"]).ok().json();
        access
            .as_array()
            .expect("a list")
            .iter()
            .filter(|row| row.to_string().contains("North homes"))
            .any(|row| row.to_string().contains(name))
    };
    assert!(holds("North team") && !holds("Hillford Council field team"));
    place.run("tablet", &["sync"]).ok();
    // Let in later, it gets the keys of what was written before, too; put out again, the zone has a new one.
    place.run("desk", &["team", "add", "North team", "tablet"]).ok();
    place.run("tablet", &["sync"]).ok();
    let changed = place.run("desk", &["team", "remove", "North team", "tablet", "--json"]).ok().json();
    assert_eq!((changed["teams"].as_u64(), changed["zones"].as_u64()), (Some(1), Some(1)), "{changed}");
    for device in ["desk", "tablet"] {
        place.run(device, &["sync"]).ok();
        place.run(device, &["verify"]).ok();
    }
}

#[test]
fn an_organisation_leaves_and_the_others_go_on() {
    let place = Place::new();
    let _server = town(&place);
    place.enrol("landlord", "Mill Homes");
    home(&place, "landlord", "999900000128", "9 Birch Road");
    place.run("desk", &["sync"]).ok();
    assert!(finds(&place, "landlord", "alder"), "it read the shared homes");
    // As the README says: its teams' grants, its devices, its admins.
    let grants = place.run("desk", &["grant", "list", "--json"]).ok().json();
    let of_landlord = grants.as_array().expect("a list").iter().filter(|row| row["team"] == "Mill Homes field team");
    let ids: Vec<String> = of_landlord.map(|row| row["grant"].as_str().expect("an id").to_owned()).collect();
    assert!(!ids.is_empty());
    for id in &ids {
        assert_eq!(place.run("desk", &["grant", "end", id, "--json"]).ok().json()["zones"].as_u64(), Some(1));
    }
    place.run("desk", &["team", "leave", "landlord"]).ok();
    place
        .run("desk", &["admin", "end", "Desk", "--organisation", "Mill Homes", "--sheet", "kit.txt"])
        .fails(5, &["last"]);
    home(&place, "tablet", "999900000136", "11 Cedar Close");
    place.run("landlord", &["sync"]).ok();
    assert!(!finds(&place, "landlord", "cedar"), "nothing new reaches it");
    assert!(finds(&place, "landlord", "alder"), "what it had it keeps: that cannot be taken back");
    place.run("desk", &["sync"]).ok();
    assert!(finds(&place, "desk", "cedar") && finds(&place, "desk", "birch"), "what it recorded stays");
    assert!(!place.run("desk", &["access"]).ok().out.contains("Mill Homes field team"));
    place.run("desk", &["verify"]).ok();
}

#[test]
fn a_proposal_to_erase_grows_stale_when_the_log_grows() {
    let place = Place::new();
    let _server = town(&place);
    place.run("desk", &["visit", "record", "--at", UPRN, "--note", "to be forgotten"]).ok();
    place.run("desk", &["sync"]).ok();
    place.run("desk", &["admin", "add", "tablet", "--organisation", "Hillford Council", "--sheet", "kit.txt"]).ok();
    let found = place.run("desk", &["find", "alder", "--json"]).ok().json();
    let record = found[0]["record"].as_str().expect("an id").to_owned();
    let propose = ["erase", "propose", &record, "--class", "home", "--reason", "request"];
    place.write("stale.txt", &place.run("desk", &propose).ok().out);
    // Something else is decided meanwhile.
    place.run("desk", &["team", "create", "North team", "--organisation", "Hillford Council"]).ok();
    place
        .run("tablet", &["erase", "sign", "--file", "stale.txt"])
        .fails(2, &["log has grown", "ask for a new proposal"]);
    assert!(place.run("desk", &["property", "show", UPRN]).ok().out.contains("to be forgotten"), "nothing is erased");
    place.write("fresh.txt", &place.run("desk", &propose).ok().out);
    place.run("tablet", &["erase", "sign", "--file", "fresh.txt"]).ok();
    place.run("desk", &["sync"]).ok();
    assert!(!place.run("desk", &["property", "show", UPRN]).ok().out.contains("to be forgotten"));
}

/// Everybody reads what anybody had recorded, and what is recorded from now on.
fn all_read_all(place: &Place, devices: &[&str]) {
    home(place, "tablet", "999900000136", "11 Cedar Close");
    for device in devices {
        place.run(device, &["sync"]).ok();
    }
    for device in devices {
        place.run(device, &["sync"]).ok();
        assert!(
            finds(place, device, "alder") && finds(place, device, "birch") && finds(place, device, "cedar"),
            "{device}"
        );
        place.run(device, &["verify"]).ok();
    }
}

#[test]
fn a_partnership_moves_to_another_server_with_nothing_but_what_its_devices_hold() {
    let place = Place::new();
    let server = town(&place);
    place.enrol("second", "Mill Homes");
    place.run("second", &["property", "add", "--uprn", "999900000128", "--line", "9 Birch Road"]).ok();
    place.run("second", &["sync"]).ok();
    // Sent by one, and read by nobody else, when the server is lost with its key and everything.
    drop(server);
    std::fs::remove_dir_all(place.path("server")).expect("the server's folder");
    let server = Server::start(Config::in_folder(place.path("new-server"))).expect("another server");
    let url = format!("http://{}", server.address());
    place.run("tablet", &["server", "use", "--server", &url]).fails(2, &["does not name the server at this address"]);
    let moves = ["server", "move", "--to", &url, "--sheet", "kit.txt"];
    place.run("desk", &moves).fails(4, &["no connection"]);
    place.run("desk", &[&moves[..], &["--without-the-old-one"]].concat()).ok();
    assert!(place.run("desk", &["server", "show"]).ok().out.contains(&url));
    place.run("desk", &["carrier", "export", "moved.carrier"]).ok();
    for device in ["tablet", "second"] {
        place.run(device, &["carrier", "import", "moved.carrier"]).ok();
        place.run(device, &["server", "use", "--server", &url]).ok();
    }
    all_read_all(&place, &["desk", "tablet", "second"]);
    // Who comes new gets everything from there.
    place.enrol("newcomer", "Hillford Council");
    assert!(finds(&place, "newcomer", "alder") && finds(&place, "newcomer", "birch"));
}

#[test]
fn a_partnership_moves_while_the_old_server_still_answers() {
    let place = Place::new();
    let _old = town(&place);
    place.enrol("second", "Mill Homes");
    home(&place, "second", "999900000128", "9 Birch Road");
    let server = Server::start(Config::in_folder(place.path("new-server"))).expect("another server");
    let url = format!("http://{}", server.address());
    place.run("desk", &["server", "move", "--to", &url, "--sheet", "kit.txt"]).ok();
    for device in ["tablet", "second"] {
        place.run(device, &["sync"]).ok();
        place.run(device, &["server", "use", "--server", &url]).ok();
    }
    all_read_all(&place, &["desk", "tablet", "second"]);
}

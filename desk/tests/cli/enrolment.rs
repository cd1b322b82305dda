//! Founding and enrolment.

use crate::place::{Place, names_in};

#[test]
fn founding_writes_a_private_kit_once_and_says_what_comes_next() {
    let place = Place::new();
    let server = place.server();
    let url = format!("http://{}", server.address());
    let key = server.server_key().to_string();
    let args = ["init", "--server", &url, "--server-key", &key, "--organisation", "council=Hillford Council"];
    let args =
        [&args[..], &["--area", "Mill Ward", "--worker", "Ros Adeyemi", "--kit-file", "kit.txt", "--json"]].concat();
    let made = place.run("desk", &args).ok().json();
    assert_eq!(made["server_key"].as_str(), Some(key.as_str()));
    assert_eq!(made["server_has_log"], true);
    assert!(made["kit"].is_null(), "what is in the file is not printed as well");
    let kit = std::fs::read_to_string(place.path("kit.txt")).expect("the kit");
    assert!(kit.contains("sheet 3 of 3") && kit.contains("Hillford Council"));
    #[cfg(unix)]
    {
        let mode = std::fs::metadata(place.path("kit.txt")).expect("the kit").permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);
    }
    assert!(place.run("desk", &["teams"]).ok().out.contains("Hillford Council field team"));
    place.run("desk", &args).fails(2, &["holds a device already"]);
}

#[test]
fn what_cannot_be_founded_leaves_nothing_behind() {
    let place = Place::new();
    let server = place.server();
    let url = format!("http://{}", server.address());
    let rest = ["--organisation", "council=C", "--area", "A", "--worker", "W", "--kit-file", "kit.txt"];
    let init = |folder: &str, url: &str, more: &[&str]| {
        place.run(folder, &[&["init", "--server", url], &rest[..], more].concat())
    };
    init("desk", "http://127.0.0.1:1", &[]).fails(4, &["no connection"]);
    init("desk", "http://example.org", &[]).fails(2, &["--server", "https://"]);
    let other = "11".repeat(32);
    init("desk", &url, &["--server-key", &other]).fails(2, &["--server-key", "another key"]);
    place
        .run_with("desk", &[&["init", "--server", &url], &rest[..]].concat(), Some("short"))
        .fails(2, &["passphrase", "at least 8 characters"]);
    place
        .run("desk", &["init", "--server", &url, "--organisation", "party=C", "--area", "A", "--worker", "W"])
        .fails(2, &["--organisation", "council", "write it like"]);
    assert_eq!(names_in(&place.path("")), ["server"], "neither a device nor a kit");
    init("desk", &url, &[]).ok();
    // The server takes the first partnership only; the second desk is told, and nothing of it stays.
    let refused = ["init", "--server", &url, "--organisation", "council=D", "--area", "A", "--worker", "W"];
    place.run("second", &refused).fails(5, &["does not take this partnership"]);
    assert_eq!(names_in(&place.path("")), ["desk", "kit.txt", "server"]);
}

#[test]
fn a_plan_file_names_the_line_that_is_wrong() {
    let place = Place::new();
    let server = place.server();
    let url = format!("http://{}", server.address());
    place.write(
        "plan.toml",
        "area = \"A\"\ndesk = \"D\"\nworker = \"W\"\n[[organisations]]\nname = \"C\"\nkind = \"party\"\n",
    );
    let args = ["init", "--server", &url, "--plan", "plan.toml", "--kit-file", "kit.txt"];
    place.run("desk", &args).fails(2, &["plan.toml", "line 6", "council"]);
    place.write(
        "plan.toml",
        "area = \"A\"\ndesk = \"D\"\nworker = \"W\"\n[[organisations]]\nname = \"C\"\nkind = \"council\"\n",
    );
    place.run("desk", &args).ok();
}

#[test]
fn a_device_joins_by_two_texts_and_by_nothing_less() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    place.run("tablet", &["enrol", "request", "--text", "hello"]).fails(2, &["not an invitation", "copy it whole"]);
    assert!(!place.path("tablet").exists(), "a text that is none makes no device");
    place.run("tablet", &["sync"]).fails(6, &["holds no device", "doorstep enrol request"]);

    let invitation = place.run("desk", &["enrol", "invite", "--json"]).ok().json();
    let invitation = invitation["invitation"].as_str().expect("a text").to_owned();
    place.write("invitation.txt", &format!("  {invitation}\n"));
    let request = place.run("tablet", &["enrol", "request", "--text-file", "invitation.txt", "--json"]).ok().json();
    let request = request["request"].as_str().expect("a text").to_owned();
    place.run("tablet", &["sync"]).fails(4, &["does not know this device yet"]);

    let accept = ["enrol", "accept", "--text", &request, "--name", "tablet", "--worker", "Ada", "--organisation"];
    let with = |more: &[&str]| place.run("desk", &[&accept[..], more].concat());
    with(&["Nobody"]).fails(3, &["--organisation", "Hillford Council, Mill Homes"]);
    with(&["Mill Homes", "--team", "Nobody"]).fails(3, &["--team", "Mill Homes field team"]);
    with(&["Mill Homes", "--until", "soon"]).fails(2, &["--until", "YYYY-MM-DD"]);
    let accepted = with(&["mill homes", "--json"]).ok().json();
    assert_eq!(accepted["teams"], serde_json::json!(["Everyone", "Mill Homes field team"]));
    with(&["Mill Homes"]).fails(5, &["accepted already", "tablet"]);
    place.run("tablet", &["sync"]).ok();
    let devices = place.run("tablet", &["devices", "--json"]).ok().json();
    let names: Vec<&str> = devices.as_array().expect("a list").iter().filter_map(|d| d["name"].as_str()).collect();
    assert_eq!(names, ["Desk", "tablet"]);
}

#[test]
fn a_device_without_a_name_gets_one() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Hillford Council");
    place.enrol("other", "Hillford Council");
    let devices = || place.run("desk", &["devices", "--json"]).ok().json();
    let id = |name: &str| {
        let all = devices();
        let row = all.as_array().expect("a list").iter().find(|row| row["name"] == name).expect("it is listed").clone();
        row["device"].as_str().expect("an id").to_owned()
    };
    let tablet = id("tablet");
    let name = |args: &[&str]| place.run("desk", &[&["devices", "name"], args].concat());
    name(&["zz", "OT tablet"]).fails(3, &["no such device", "doorstep sync"]);
    name(&[&tablet, " "]).fails(2, &["NAME", "1 to 120 characters"]);
    name(&[&tablet, "other"]).fails(2, &["has this name already"]);

    let named = name(&[&tablet.to_uppercase(), "OT tablet", "--worker", "Bea Lind", "--json"]).ok().json();
    assert_eq!((&named["device"], &named["name"]), (&tablet.as_str().into(), &"OT tablet".into()));
    assert_eq!(named["workers"], serde_json::json!(["Bea Lind"]));
    place.run("desk", &["sync"]).ok();
    place.run("tablet", &["sync"]).ok();
    assert!(place.run("tablet", &["devices"]).ok().out.contains("OT tablet (this device)"));

    // By the beginning of its id, and by the name it has.
    name(&[&tablet[..10], "Vehicle tablet"]).ok();
    name(&["vehicle tablet", "Station tablet"]).ok();
    assert_eq!(id("Station tablet"), tablet);
    assert_ne!(id("other"), tablet);
}

//! Several workers on one tablet, forgotten PINs, ten wrong ones, and a worker who leaves: at the tablet and at the desk.

use std::sync::Arc;

use doorstep_client_core::client::{Client, Clock, SystemClock};
use doorstep_client_core::vault::FileVault;
use doorstep_protocol::Millis;
use doorstep_server::Running;

use crate::place::{Place, Ran, UPRN, ran};

const TABLET: &str = "tablet";

/// Runs the program at the tablet with a PIN, as a worker.
fn as_worker(place: &Place, worker: Option<&str>, pins: (&str, &str), args: &[&str]) -> Ran {
    let mut command = place.command(TABLET, args, Some("correct horse battery"));
    command.env("DOORSTEP_PIN", pins.0).env("DOORSTEP_NEW_PIN", pins.1).env_remove("DOORSTEP_WORKER");
    if let Some(worker) = worker {
        command.env("DOORSTEP_WORKER", worker);
    }
    ran(command.output().expect("the program runs"))
}

fn check(place: &Place, worker: &str, pin: &str) -> Ran {
    as_worker(place, Some(worker), (pin, ""), &["pin", "check"])
}

/// A tablet of Ada's with her PIN, at a server.
fn tablet(place: &Place) -> Running {
    let server = place.server();
    place.found(&server);
    place.enrol(TABLET, "Hillford Council");
    as_worker(place, None, ("", "483920"), &["pin", "set"]).ok();
    server
}

/// A worker chooses a PIN while another one has the tablet unlocked, and a desk seats the worker.
fn seat(place: &Place, unlocked_by: (&str, &str), pin: &str, worker: &str) -> serde_json::Value {
    let asked = as_worker(place, Some(unlocked_by.0), (unlocked_by.1, pin), &["pin", "add", "--json"]).ok().json();
    let request = asked["request"].as_str().expect("a text").to_owned();
    let seated = place.run("desk", &["seat", "accept", "--text", &request, "--worker", worker, "--json"]).ok().json();
    place.run(TABLET, &["sync"]).ok();
    seated
}

#[test]
fn a_second_worker_is_seated_and_each_opens_the_tablet_with_a_pin_of_their_own() {
    let place = Place::new();
    let _server = tablet(&place);
    let asked =
        as_worker(&place, None, ("483920", "715204"), &["pin", "add", "--png", "code.png", "--json"]).ok().json();
    assert!(place.path("code.png").is_file());
    // Not before a desk has seated the worker.
    let list = place.run(TABLET, &["pin", "list"]).ok().out;
    assert!(list.contains("Ada Mensah") && list.contains("not seated by a desk yet"), "{list}");
    check(&place, "Bea Lind", "715204").fails(3, &["nobody here has that name", "Ada Mensah"]);
    let request = asked["request"].as_str().expect("a text").to_owned();
    place.run("desk", &["seat", "accept", "--text", "hello", "--worker", "Bea Lind"]).fails(2, &["copy it whole"]);
    place.run("desk", &["seat", "accept", "--picture", "code.png", "--worker", "Bea Lind"]).ok();
    place
        .run("desk", &["seat", "accept", "--text", &request, "--worker", "Bea Lind"])
        .fails(5, &["the seat exists already"]);
    place.run(TABLET, &["sync"]).ok();

    as_worker(&place, None, ("715204", ""), &["pin", "check"])
        .fails(2, &["--as", "several workers have a PIN here", "Ada Mensah", "Bea Lind"]);
    check(&place, "bea lind", "715204").ok();
    check(&place, "Ada Mensah", "715204").fails(5, &["that PIN is not right"]);
    check(&place, "Ada Mensah", "483920").ok();
    let workers = place.run("desk", &["devices", "--json"]).ok().json();
    assert!(workers.to_string().contains("Bea Lind"), "{workers}");
    // What opens with a worker opens with each, and a PIN is changed by whose it is.
    place.run(TABLET, &["property", "add", "--uprn", UPRN, "--line", "7 Alder Street"]).ok();
    as_worker(&place, Some("Bea Lind"), ("715204", "604815"), &["pin", "set"]).ok();
    check(&place, "Bea Lind", "715204").fails(5, &["not right"]);
    check(&place, "Bea Lind", "604815").ok();
    check(&place, "Ada Mensah", "483920").ok();
}

#[test]
fn who_forgot_a_pin_is_seated_again_under_a_new_one() {
    let place = Place::new();
    let _server = tablet(&place);
    let first = seat(&place, ("Ada Mensah", "483920"), "715204", "Bea Lind");
    assert_eq!(first["known_worker"], false);
    let again = seat(&place, ("Ada Mensah", "483920"), "926153", "Bea Lind");
    assert_eq!((&again["known_worker"], &again["worker"]), (&true.into(), &first["worker"]));
    check(&place, "Bea Lind", "715204").fails(5, &["not right"]);
    check(&place, "Bea Lind", "926153").ok();
    let rows = place.run(TABLET, &["pin", "list", "--json"]).ok().json();
    assert_eq!(rows.as_array().expect("a list").len(), 2, "the older PIN is gone: {rows}");
    // Ada forgot hers, too: the tablet goes on writing in her name while it is locked.
    seat(&place, ("Bea Lind", "926153"), "337711", "Ada Mensah");
    check(&place, "Ada Mensah", "337711").ok();
    place.run(TABLET, &["property", "add", "--uprn", UPRN, "--line", "7 Alder Street"]).ok();
    place.run(TABLET, &["sync"]).ok();
    assert!(place.run(TABLET, &["verify"]).ok().out.contains("OK"));
    // Another person of the same name is another worker.
    let other = as_worker(&place, Some("Ada Mensah"), ("337711", "558822"), &["pin", "add", "--json"]).ok().json();
    let request = other["request"].as_str().expect("a text").to_owned();
    let accept = ["seat", "accept", "--text", &request, "--worker", "Bea Lind", "--new", "--json"];
    let namesake = place.run("desk", &accept).ok().json();
    assert_ne!(namesake["worker"], first["worker"]);
    place.run(TABLET, &["sync"]).ok();
    check(&place, "Bea Lind", "558822").fails(2, &["--as", "several PINs here"]);
}

/// The system's clock, so many milliseconds ahead.
struct Ahead(u64);

impl Clock for Ahead {
    fn now(&self) -> Millis {
        Millis(SystemClock.now().0 + self.0)
    }
}

#[test]
fn ten_wrong_pins_lock_a_worker_out_until_a_desk_lets_the_worker_try_again() {
    let place = Place::new();
    let _server = tablet(&place);
    for left in ["9", "8", "7"] {
        check(&place, "Ada Mensah", "000000").fails(5, &[&format!("{left} more tries")]);
    }
    check(&place, "Ada Mensah", "000000").fails(5, &["6 more tries"]);
    check(&place, "Ada Mensah", "483920").fails(5, &["wait", "more seconds"]);
    // The rest takes hours, which pass for the tablet.
    let passphrase = || zeroize::Zeroizing::new("correct horse battery".to_owned());
    for hour in 1..=6 {
        let vault = FileVault::new(&place.path("tablet/keys.sealed"), passphrase());
        let client = Client::open(&place.path(TABLET), &vault, Arc::new(Ahead(hour * 3_600_000))).expect("the tablet");
        client.seats().unlock(None, "000000").expect_err("a wrong PIN");
    }
    // Its clock is right again, as the server confirms.
    place.run(TABLET, &["sync"]).ok();
    check(&place, "Ada Mensah", "483920").fails(5, &["wrong 10 times", "ask a desk to seat you again"]);
    assert!(place.run(TABLET, &["pin", "list"]).ok().out.contains("locked out: at a desk, `doorstep seat again`"));
    assert!(place.run(TABLET, &["firebox", UPRN]).code != 5, "the firebox needs no PIN");

    place.run("desk", &["seat", "again", "Nobody", "--device", TABLET]).fails(3, &["there is no worker", "Ada Mensah"]);
    place.run("desk", &["seat", "again", "Ros Adeyemi", "--device", TABLET]).fails(2, &["no seat on that device"]);
    place.run("desk", &["seat", "again", "Ada Mensah", "--device", TABLET]).ok();
    check(&place, "Ada Mensah", "483920").fails(5, &["wrong 10 times"]);
    place.run(TABLET, &["sync"]).ok();
    check(&place, "Ada Mensah", "483920").ok();
}

#[test]
fn a_seat_that_has_ended_opens_nothing_and_the_tablet_goes_on_for_the_others() {
    let place = Place::new();
    let _server = tablet(&place);
    seat(&place, ("Ada Mensah", "483920"), "715204", "Bea Lind");
    place.run(TABLET, &["property", "add", "--uprn", UPRN, "--line", "7 Alder Street"]).ok();
    place.run(TABLET, &["sync"]).ok();
    let ended = place.run("desk", &["seat", "end", "Bea Lind", "--device", TABLET, "--json"]).ok().json();
    assert_eq!(ended["ended"], 1);
    place.run("desk", &["seat", "end", "Bea Lind", "--device", TABLET]).fails(2, &["no seat on that device"]);
    check(&place, "Bea Lind", "715204").ok();
    place.run(TABLET, &["sync"]).ok();
    check(&place, "Bea Lind", "715204").fails(3, &["nobody here has that name"]);
    check(&place, "Ada Mensah", "483920").ok();
    place.run("desk", &["sync"]).ok();
    assert!(place.run("desk", &["find", "alder"]).ok().out.contains("Alder"), "what was recorded counts");
    // The last one leaves: the tablet reads on and writes nothing in a leaver's name.
    let last = place.run("desk", &["seat", "end", "Ada Mensah", "--device", TABLET]).ok().out;
    assert!(last.contains("Nobody has a seat on that device now"), "{last}");
    place.run(TABLET, &["sync"]).ok();
    place
        .run(TABLET, &["visit", "record", "--at", UPRN, "--note", "who says"])
        .fails(5, &["seat on this device has ended"]);
    place.run(TABLET, &["firebox", UPRN]).ok();
    place.run(TABLET, &["verify"]).ok();
}

#[test]
fn a_desk_says_at_once_that_it_has_no_pins() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    for command in ["set", "check", "add", "list"] {
        // Nobody is asked for a PIN first: there is none in a variable, and no terminal.
        let mut run = place.command("desk", &["pin", command], Some("correct horse battery"));
        run.env_remove("DOORSTEP_PIN").env_remove("DOORSTEP_NEW_PIN");
        ran(run.output().expect("the program runs")).fails(2, &["this is a desk", "its passphrase opens it"]);
    }
}

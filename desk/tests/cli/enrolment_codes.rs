//! Enrolment from screen to screen, from afar, and what a text gets that does not fit.

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::partnership::{AcceptPlan, Engagement, EnrolmentRequest};
use doorstep_client_core::transport::{Connection, PlainHttp, ServerAddress, Transport, Trust};
use doorstep_client_core::vault::FileVault;
use doorstep_protocol::WorkerId;

use crate::place::Place;

const ACCEPT: [&str; 8] =
    ["enrol", "accept", "--name", "OT tablet", "--worker", "Ada Mensah", "--organisation", "Hillford Council"];

fn text(place: &Place, folder: &str, args: &[&str], field: &str) -> String {
    place.run(folder, &[args, &["--json"]].concat()).ok().json()[field].as_str().expect("a text").to_owned()
}

#[test]
fn two_pictures_bring_a_tablet_in() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let shown = place.run("desk", &["enrol", "invite", "--png", "invitation.png"]).ok();
    assert!(
        shown.out.contains("DOORSTEP-INVITE-1.") && shown.out.contains('▀') && shown.out.contains("invitation.png")
    );
    place.run("desk", &["enrol", "invite", "--png", "invitation.png"]).fails(2, &["invitation.png", "exists already"]);
    let asks = ["enrol", "request", "--picture", "invitation.png", "--png", "request.png"];
    let shown = place.run("tablet", &asks).ok();
    assert!(shown.out.contains("DOORSTEP-REQUEST-1."));
    let accept = |picture: &str| place.run("desk", &[&ACCEPT[..], &["--picture", picture]].concat());
    accept("invitation.png").fails(2, &["this is an invitation", "an enrolment request is needed"]);
    accept("kit.txt").fails(2, &["kit.txt", "not a PNG or JPEG"]);
    accept("nothing.png").fails(2, &["nothing.png", "cannot be read"]);
    accept("request.png").ok();
    place.run("tablet", &["sync"]).ok();
    accept("request.png").fails(5, &["accepted already", "OT tablet"]);
    let rows = place.run("desk", &["enrol", "list", "--json"]).ok().json();
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "what could not be written was not made: {rows}");
    assert_eq!(rows[0]["state"], "used");
}

#[test]
fn a_used_a_cancelled_and_a_strange_invitation_are_refused_in_words() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let invitation = text(&place, "desk", &["enrol", "invite"], "invitation");
    let ask = |folder: &str| text(&place, folder, &["enrol", "request", "--text", &invitation], "request");
    let (first, second) = (ask("first"), ask("second"));
    let accept = |request: &str| place.run("desk", &[&ACCEPT[..], &["--text", request]].concat());
    accept(&first).ok();
    accept(&second).fails(5, &["used for another device", "doorstep enrol invite"]);
    // The second device asks again, with an invitation of its own.
    let own = place.run("desk", &["enrol", "invite", "--json"]).ok().json();
    let again = ["enrol", "request", "--text", own["invitation"].as_str().expect("a text")];
    let second = text(&place, "second", &again, "request");
    place.run("desk", &["enrol", "cancel", own["id"].as_str().expect("an id")]).ok();
    accept(&second).fails(5, &["knows no such invitation"]);
    place.run("first", &["sync"]).ok();
    place.run("first", &["enrol", "request", "--text", &invitation]).fails(2, &["holds a device already"]);
    place.run("desk", &["enrol", "invite", "--valid-for", "2d"]).fails(2, &["1 minute", "24 hours"]);
    place.run("desk", &["enrol", "invite", "--valid-for", "soon"]).fails(2, &["--valid-for", "30m"]);
}

#[test]
fn six_words_bring_a_tablet_in_from_afar() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let invited = place.run("desk", &["enrol", "invite", "--remote", "--json"]).ok().json();
    let words = invited["words"].as_str().expect("six words").to_owned();
    let invitation = invited["invitation"].as_str().expect("a text").to_owned();
    assert_eq!(words.split(' ').count(), 6);
    let ask = ["enrol", "request", "--text", &invitation];
    place.run("tablet", &ask).fails(2, &["came from afar", "six words"]);
    let (first, rest) = words.split_once(' ').expect("six words");
    let turned = format!("{rest} {first}");
    place.run("tablet", &[&ask[..], &["--words", &turned]].concat()).fails(2, &["do not fit", "word by word"]);
    assert!(!place.path("tablet").exists(), "wrong words make no device");
    let request = text(&place, "tablet", &[&ask[..], &["--words", &words]].concat(), "request");
    place.run("desk", &[&ACCEPT[..], &["--text", &request]].concat()).ok();
    place.run("tablet", &["sync"]).ok();
}

#[test]
fn a_volunteer_has_a_last_day() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let invitation = text(&place, "desk", &["enrol", "invite", "--volunteer"], "invitation");
    let request = text(&place, "tablet", &["enrol", "request", "--text", &invitation], "request");
    let accept = |more: &[&str]| place.run("desk", &[&ACCEPT[..], &["--text", &request], more].concat());
    accept(&[]).fails(2, &["made for a volunteer", "--volunteer"]);
    accept(&["--volunteer"]).fails(2, &["a volunteer is enrolled until a day", "--until"]);
    accept(&["--volunteer", "--until", "2001-01-31"]).fails(2, &["over already", "--until"]);
    let accepted = accept(&["--volunteer", "--until", "2999-12-31", "--json"]).ok().json();
    assert!(accepted["not_after"].as_u64().is_some());
    place.run("tablet", &["sync"]).ok();
    let status = place.run("tablet", &["status"]).ok();
    assert!(status.out.contains("serves until") && status.out.contains("2999-12-31"), "{}", status.out);
    assert!(place.run("desk", &["devices"]).ok().out.contains("(until 2999-12-31"));
}

#[test]
fn an_answer_that_was_lost_is_no_obstacle() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let invitation = text(&place, "desk", &["enrol", "invite"], "invitation");
    let request = text(&place, "tablet", &["enrol", "request", "--text", &invitation], "request");
    accept_and_stop(&place, &format!("http://{}", server.address()), &request);
    let accept = [&ACCEPT[..], &["--text", &request, "--json"]].concat();
    let finished = place.run("desk", &accept).ok().json();
    assert_eq!(finished["finished_earlier_run"], true);
    assert_eq!(finished["worker"], WorkerId([7; 16]).to_string(), "the worker of the first run");
    place.run("tablet", &["sync"]).ok();
    let devices = place.run("tablet", &["devices", "--json"]).ok().json();
    let names: Vec<&str> = devices.as_array().expect("a list").iter().filter_map(|d| d["name"].as_str()).collect();
    assert_eq!(names, ["Desk", "OT tablet"]);
}

/// Brings the acceptance to the server, and stops as if the answer had never come.
fn accept_and_stop(place: &Place, url: &str, request: &str) {
    let folder = place.path("desk");
    let passphrase = String::from("correct horse battery").into();
    let vault = FileVault::new(&doorstep_desk::context::keys_of(&folder), passphrase);
    let desk = Client::open(&folder, &vault, std::sync::Arc::new(SystemClock)).expect("the desk opens");
    let request = EnrolmentRequest::from_text(request).expect("as it was shown");
    let teams = desk.partnership().teams().expect("a member");
    let plan = AcceptPlan {
        organisation: teams[0].organisation,
        teams: teams.iter().map(|team| team.team).collect(),
        worker: WorkerId([7; 16]),
        engagement: Engagement::Staff,
        not_after: None,
    };
    let (_, append) = desk.partnership().accept(&request, &plan).expect("a request that holds");
    let server = desk.partnership().server().expect("a member");
    let address = ServerAddress::parse(url, PlainHttp::LoopbackOnly).expect("an address");
    let transport = Connection::new(address, &Trust::Public).expect("a connection").trusting(server.key);
    tokio::runtime::Runtime::new().expect("a runtime").block_on(transport.append_log(&append)).expect("it is taken");
}

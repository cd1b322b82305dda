//! Teams, grants, seats and invitations, as far as a desk without a server shows them: what is written goes to the server, and
//! the browser's tests do that.

use super::place::Place;

#[test]
fn a_team_shows_its_devices_and_what_it_is_let_into_and_says_so_where_there_is_no_connection() {
    let place = Place::new();
    let browser = place.served.browser();
    let devices = browser.open("/devices");
    devices.says(&["OT tablet", "Make a team", "Bring in a device"]);
    let field =
        place.desk.partnership().teams().unwrap().into_iter().find(|team| team.name.ends_with("field team")).unwrap();
    let at = format!("/team/{}", field.team);
    let team = browser.open(&at);
    team.says(&["OT tablet", "Ada Mensah", "home of Lantern Ward", "read, write", "Let it into a zone"]);
    let restricted = place.desk.partnership().teams().unwrap();
    let restricted = restricted.iter().find(|team| !team.devices.contains(&place.tablet.id())).unwrap();
    let bare = browser.send_badly(&format!("/team/{}/join", restricted.team), &[]);
    assert_eq!(bare.error_at("joins"), Some("Choose one of these."));
    bare.says(&["OT tablet (Ada Mensah)"]);
    let bare = browser.send_badly(&format!("{at}/grant"), &[("grant_until", "tomorrow")]);
    for field in ["grant_zone", "grant_rights", "grant_purposes", "grant_power"] {
        assert_eq!(bare.error_at(field), Some("Choose one of these."), "{field}");
    }
    assert_eq!(bare.error_at("grant_until"), Some("A day as year-month-day, such as 2026-03-09."));
    let zone = place.desk.directory().names().unwrap().zones.keys().next().unwrap().clone();
    let whole = [
        ("grant_zone", zone.as_str()),
        ("grant_rights", "read"),
        ("grant_purposes", "prevention"),
        ("grant_power", "care-act"),
    ];
    let past: Vec<_> = whole.into_iter().chain([("grant_until", "2020-01-01")]).collect();
    assert_eq!(
        browser.send_badly(&format!("{at}/grant"), &past).error_at("grant_until"),
        Some("That day is over already.")
    );
    let offline = browser.post(&format!("{at}/grant"), &whole);
    assert_eq!(offline.status, 503);
    let taken = [
        ("team_name", field.name.as_str()),
        ("team_tier", "ops"),
        ("of_organisation", &field.organisation.to_string()),
    ];
    assert_eq!(
        browser.send_badly("/teams/new", &taken).error_at("team_name"),
        Some("There is one of that name already.")
    );
}

#[test]
fn an_invitation_is_shown_once_with_its_words_and_can_be_cancelled() {
    let place = Place::new();
    let browser = place.served.browser();
    let bare = browser.send_badly("/enrol", &[]);
    assert_eq!(bare.error_at("invite_way"), Some("Choose one of these."));
    let shown = browser.post("/enrol", &[("invite_way", "remote"), ("invite_for", "staff")]);
    assert_eq!(shown.status, 200);
    shown.says(&["DOORSTEP-", "<svg class=\"code\"", "Six words to read out over the telephone"]);
    let list = browser.open("/enrol");
    list.says(&["from afar", "waits", "used"]);
    list.keeps_quiet_about(&["Six words"]);
    let invite = list.body.split("name=\"invite\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    browser.send("/enrol/cancel", &[("invite", &invite)]).says(&["The invitation is cancelled."]);
}

#[test]
fn a_request_of_a_device_or_a_worker_is_whole_or_it_says_so_at_its_field() {
    let place = Place::new();
    let browser = place.served.browser();
    let bare = browser.send_badly("/enrol/accept", &[("enrol_request", "half of it"), ("invite_for", "volunteer")]);
    assert!(bare.error_at("enrol_request").is_some_and(|error| error.starts_with("That is not a whole request")));
    assert_eq!(bare.error_at("until_day"), Some("A volunteer’s device has a last day."));
    assert_eq!(bare.error_at("new_device"), Some("Fill this in."));
    bare.says(&["half of it"]);
    let bare = browser.send_badly("/seats/accept", &[("seat_request", "half of it"), ("worker_name", "Bea Lind")]);
    assert!(bare.error_at("seat_request").is_some_and(|error| error.starts_with("That is not a whole request")));
    bare.says(&["value=\"Bea Lind\""]);
    let tablet = browser.open(&format!("/device/{}", place.tablet.id()));
    tablet.says(&["Workers on this device", "Ada Mensah", "May try the PIN again", "End the seat"]);
}

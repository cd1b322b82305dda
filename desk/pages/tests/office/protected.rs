//! What is protected about a person, through the pages of a desk and a tablet with a real server: an address that is protected and no
//! more, and notes that open with a PIN, for a purpose, each look on the audit chain.

use doorstep_client_core::client::{Client, PersonInput};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::identity::{Occupancy, OccupancyKind, Person};
use doorstep_protocol::authority::DeviceKind;

use super::connected::{Town, caught_up};
use super::place::{Place, home};
use crate::served::Served;

/// Somebody who lives at a home.
fn resident(client: &Client, at: RecordId) -> RecordId {
    let person = Person { preferred_name: Some("Edith Hart".to_owned()), ..Person::default() };
    let lives = Occupancy { property: Some(at.0), kind: Some(OccupancyKind::Main), ..Occupancy::default() };
    let input = PersonInput { person: Some(person), occupancies: vec![lives], ..PersonInput::default() };
    client.people().record(&input).expect("a person")
}

#[test]
fn an_address_is_protected_from_the_page_and_the_protection_ends_there() {
    let town = Town::new();
    let at = home(&town.desk, 7);
    let edith = resident(&town.desk, at);
    let browser = town.served.browser();
    town.in_sync();
    browser.open(&format!("/home/{at}")).says(&["Edith Hart"]);
    let page = browser.open(&format!("/person/{edith}"));
    page.says(&["7 Lantern Row"]);
    let path = page.link(&format!("/person/{edith}/protection"));
    let bare = browser.send_badly(&path, &[("protected_by", "P. Shah, safeguarding lead"), ("protected_from", "now")]);
    assert_eq!(bare.error_at("protected_contact"), Some("Fill this in."));
    assert_eq!(bare.error_at("protected_from"), Some("A day as year-month-day, such as 2026-03-09."));
    bare.says(&["value=\"P. Shah, safeguarding lead\""]);
    let decision =
        [("protected_by", "P. Shah, safeguarding lead"), ("protected_contact", "safeguarding, 020 7946 0200")];
    let begun = browser.send(&path, &decision);
    begun.says(&["The address is protected. It stands nowhere in the open.", "ask safeguarding, 020 7946 0200"]);
    begun.keeps_quiet_about(&["7 Lantern Row"]);
    browser.open(&format!("/home/{at}")).keeps_quiet_about(&["Edith Hart"]);
    let standing = browser.open(&path);
    standing.says(&["End the protection", "P. Shah, safeguarding lead", "Move the address under protection"]);

    assert_eq!(browser.send_badly(&format!("{path}/end"), &[]).error_at("protected_by"), Some("Fill this in."));
    let ended = browser.send(&format!("{path}/end"), &[("protected_by", "P. Shah, safeguarding lead")]);
    ended.says(&["stands in the open record again", "7 Lantern Row"]);
    browser.open(&format!("/home/{at}")).says(&["Edith Hart"]);
}

#[test]
fn a_device_that_keeps_no_protected_addresses_hides_one_and_says_who_moves_it() {
    let place = Place::new();
    let at = home(&place.desk, 7);
    let edith = resident(&place.desk, at);
    place.carry();
    let tablet = Served::of(place.tablet.clone(), None);
    let browser = tablet.browser();
    let path = format!("/person/{edith}/protection");
    browser.open(&path).keeps_quiet_about(&["Unlock it first"]);
    let decision = [("protected_by", "Ada Mensah, OT"), ("protected_contact", "the duty desk")];
    let begun = browser.send(&path, &decision);
    begun.says(&["hidden from everybody", "moves it by doing the same at its desk"]);
    begun.keeps_quiet_about(&["7 Lantern Row"]);
    browser.open(&path).keeps_quiet_about(&["Move the address under protection"]);
}

#[test]
fn protected_notes_open_with_a_pin_for_a_purpose_and_the_look_is_on_the_audit_chain() {
    let town = Town::new();
    let at = home(&town.desk, 7);
    let edith = resident(&town.desk, at);
    town.in_sync();
    let teams = town.desk.partnership().teams().expect("teams");
    let keeps = |row: &&doorstep_client_core::client::TeamRow| {
        row.name.ends_with("field team") || row.name.ends_with("safeguarding")
    };
    let teams: Vec<_> = teams.iter().filter(keeps).map(|row| row.team).collect();
    let tablet = town.enrolled_in("safeguarding tablet", DeviceKind::Personal, "Ada Mensah", &teams);
    town.in_sync();
    caught_up(&tablet.client);
    let served = Served::connected(tablet.client.clone(), Some(Box::new(tablet.vault)));
    let browser = served.browser();
    browser.send("/unlock/pin", &[("new_pin", "483920"), ("new_pin_again", "483920")]);
    browser.send("/lock", &[]);

    let path = browser.open(&format!("/person/{edith}")).link(&format!("/person/{edith}/protected-notes"));
    let locked = browser.open(&path);
    locked.says(&["name=\"pin\"", &format!("name=\"back\" value=\"{path}\"")]);
    locked.keeps_quiet_about(&["Why do you look?"]);
    let wrong = browser.send_badly("/unlock", &[("pin", "111111"), ("back", &path)]);
    assert!(wrong.error_at("pin").is_some(), "{}", wrong.main());
    browser.send("/unlock", &[("pin", "483920"), ("back", &path)]).says(&["Why do you look?"]);

    let words = "meets her sister on Thursdays";
    let saved = browser.send(&format!("{path}/note"), &[("protected_note", words)]);
    saved.says(&["It is sealed, and stands nowhere in the open."]);
    saved.keeps_quiet_about(&[words]);
    let shown = browser.post(&format!("{path}/open"), &[("look_purpose", "prevention")]);
    assert_eq!(shown.status, 200, "{}", shown.main());
    shown.says(&[words, "Ada Mensah", "What is protected is not printed."]);
    browser.open(&format!("/person/{edith}")).keeps_quiet_about(&[words]);

    // An auditor reads who looked, and why.
    browser.send("/health/sync", &[]);
    let auditor = town.served.browser();
    auditor.send("/health/sync", &[]);
    auditor.open(&format!("/timeline/{edith}")).says(&["Ada Mensah", "safeguarding tablet", "for a purpose"]);
}

#[test]
fn somebody_protected_moves_in_and_out_on_a_page_that_shows_no_place_unasked() {
    let town = Town::new();
    let (old, new) = (home(&town.desk, 7), home(&town.desk, 9));
    let edith = resident(&town.desk, old);
    let browser = town.served.browser();
    town.in_sync();
    let notes = format!("/person/{edith}/protected-notes");
    browser.open(&notes).keeps_quiet_about(&["Where they are from now on"]);
    let decision = [("protected_by", "P. Shah"), ("protected_contact", "safeguarding")];
    browser.send(&format!("/person/{edith}/protection"), &decision);
    let asking = browser.open(&notes);
    asking.says(&["Where they are from now on"]);
    asking.keeps_quiet_about(&["7 Lantern Row"]);
    // One place is named, and one that is there.
    let place = format!("{notes}/place");
    let bare = browser.send_badly(&place, &[("moved_note", "not her brother"), ("moved_from", "soon")]);
    assert_eq!(bare.error_at("moved_to_home"), Some("Name one place: a home that is known here, or another address."));
    assert!(bare.error_at("moved_from").is_some() && bare.error_at("occupancy_kind").is_some(), "{}", bare.main());
    bare.says(&["not her brother"]);
    let nowhere = [("moved_to_home", "12 Nowhere Lane"), ("occupancy_kind", "main")];
    assert!(browser.send_badly(&place, &nowhere).error_at("moved_to_home").is_some());
    let both = [("moved_to_home", "999900000009"), ("moved_to_address", "a refuge"), ("occupancy_kind", "main")];
    let twice = browser.send_badly(&place, &both);
    assert!(twice.error_at("moved_to_address").is_some(), "{}", twice.main());
    let moves = [("moved_to_home", "999900000009"), ("occupancy_kind", "temporary"), ("moved_from", "2026-03-01")];
    browser.send(&place, &moves).says(&["It is sealed, and stands nowhere in the open."]);
    browser.open(&format!("/person/{edith}")).keeps_quiet_about(&["Lantern Row"]);
    browser.open(&format!("/home/{new}")).keeps_quiet_about(&["Edith Hart"]);

    let opened = || browser.post(&format!("{notes}/open"), &[("look_purpose", "prevention")]);
    let shown = opened();
    shown.says(&["7 Lantern Row", "9 Lantern Row", "They have left: 9 Lantern Row"]);
    let out = shown.link(&format!("{notes}/place/"));
    let asked = browser.open(&out);
    asked.says(&["Their last day there"]);
    asked.keeps_quiet_about(&["Lantern Row"]);
    assert_eq!(browser.send_badly(&out, &[]).error_at("moved_until"), Some("Fill this in."));
    let early = browser.send_badly(&out, &[("moved_until", "1999-01-01")]);
    assert!(early.error_at("moved_until").is_some_and(|said| said.contains("not before")), "{}", early.main());
    browser.send(&out, &[("moved_until", "2026-03-02")]).says(&["It is sealed"]);
    let ended = opened();
    ended.says(&["ended 2 March 2026"]);
    assert_eq!(ended.main().matches("They have left: ").count(), 1, "{}", ended.main());
    let nothing = format!("{place}/00000000000000000000000000000001");
    browser.send_badly(&nothing, &[("moved_until", "2026-03-02")]);
}

//! What a desk's pages write to the partnership's log, at a real server: done, said, and felt at the device that it is about.

use std::io::Cursor;

use doorstep_client_core::client::{Client, TeamRow};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::partnership::{self, ErasePlan};
use doorstep_client_core::records::home::Hazard;
use doorstep_client_core::records::register::Agreement;
use doorstep_client_core::records::{Class, Reading};
use doorstep_protocol::authority::{DeviceKind, EraseReason, RevokeReason};
use tokio_util::sync::CancellationToken;

use super::connected::{Town, at_the_office, caught_up};
use super::place::{damp, home, visit};

#[test]
fn a_device_is_brought_in_by_the_page_and_reads_what_the_desk_recorded() {
    let town = Town::new();
    let record = home(&town.desk, 7);
    let tablet = town.enrolled("OT tablet", DeviceKind::Personal, "Ada Mensah");
    let page = town.served.browser().open(&format!("/device/{}", tablet.client.id()));
    page.says(&["OT tablet", "Ada Mensah"]);
    // The desk sends in the background what it recorded before.
    town.served.browser().send("/health/sync", &[]);
    caught_up(&tablet.client);
    assert!(tablet.client.properties().row(record).expect("it answers").is_some());
    // The same request once more is known for what it is.
    let again = town.device("second tablet");
    let request = town.request(&again, DeviceKind::Personal);
    let organisation = town.organisation();
    let fields = [
        ("enrol_request", request.as_str()),
        ("new_device", "second tablet"),
        ("worker_name", "Bea Lind"),
        ("of_organisation", organisation.as_str()),
        ("invite_for", "staff"),
    ];
    let browser = town.served.browser();
    browser.send("/enrol/accept", &fields).says(&["second tablet is a member."]);
    browser.send("/enrol/accept", &fields).says(&["second tablet was brought in before"]);
}

#[test]
fn a_form_that_names_the_team_of_everyone_joins_it_once() {
    let town = Town::new();
    let teams = town.desk.partnership().teams().expect("teams");
    let named = |is_meant: fn(&TeamRow) -> bool| teams.iter().find(|row| is_meant(row)).expect("it is there").team;
    let (everyone, field) = (named(TeamRow::is_everyone), named(|row| row.name.ends_with("field team")));
    town.enrolled_in("OT tablet", DeviceKind::Personal, "Ada Mensah", &[everyone, field]);
    let rows = town.desk.partnership().devices().expect("devices");
    let tablet = rows.into_iter().find(|row| row.name == "OT tablet").expect("it is a member");
    assert_eq!(tablet.teams.iter().filter(|name| *name == "Everyone").count(), 1, "{:?}", tablet.teams);
    assert_eq!(tablet.teams.len(), 2, "{:?}", tablet.teams);
}

#[test]
fn a_team_is_made_joined_let_into_a_zone_by_an_agreement_and_out_again() {
    let town = Town::new();
    let tablet = town.enrolled("OT tablet", DeviceKind::Personal, "Ada Mensah");
    let browser = town.served.browser();
    let organisation = town.organisation();
    let fields = [("team_name", "Night desk"), ("team_tier", "ops"), ("of_organisation", organisation.as_str())];
    let team = browser.send("/teams/new", &fields);
    team.says(&["Night desk is made. Let it into what it needs.", "It is let into nothing."]);
    let all = town.desk.partnership().teams().expect("teams");
    let at = format!("/team/{}", all.iter().find(|row| row.name == "Night desk").expect("it is there").team);
    let device = tablet.client.id().to_string();
    browser.send(&format!("{at}/join"), &[("joins", &device)]).says(&["OT tablet is in the team now"]);

    let agreement = Agreement {
        name: Some("Quillbrook sharing agreement".to_owned()),
        legal_power: Some("Care Act 2014, section 6".to_owned()),
        lawful_basis: Some("public task".to_owned()),
        ..Agreement::default()
    };
    town.desk.register().agree(&agreement).expect("an agreement");
    assert!(tablet.client.register().agreements().expect("it answers").is_empty(), "it is let into no register");
    let zones = town.desk.directory().names().expect("names").zones;
    let register = zones.iter().find(|(_, name)| *name == "Register").expect("its zone").0.clone();
    let digest = town.desk.register().agreements().expect("agreements")[0].digest.to_string();
    let grant = [
        ("grant_zone", register.as_str()),
        ("grant_rights", "read"),
        ("grant_purposes", "prevention"),
        ("grant_power", "care-act"),
        ("grant_agreement", digest.as_str()),
    ];
    let given = browser.send(&format!("{at}/grant"), &grant);
    given.says(&["The team is let in.", "Register", "by Quillbrook sharing agreement"]);
    browser.send("/health/sync", &[]);
    caught_up(&tablet.client);
    let read = tablet.client.register().agreements().expect("it answers");
    assert_eq!(read.len(), 1, "the tablet reads the register now");

    let grant = town.desk.partnership().grants().expect("grants");
    let grant = grant.iter().find(|row| row.team == "Night desk").expect("it is there");
    let (id, of_team) = (grant.grant.to_string(), grant.of_team.to_string());
    let ended = browser.send("/grant/end", &[("grant", &id), ("team", &of_team)]);
    ended.says(&["The grant has ended; new keys for zones: 1.", "It is let into nothing."]);
    let left = browser.send(&format!("{at}/leave"), &[("member", &device)]);
    left.says(&["OT tablet has left; new keys for teams: 1"]);
    let second = Agreement { name: Some("After it left".to_owned()), ..agreement };
    town.desk.register().agree(&second).expect("another agreement");
    browser.send("/health/sync", &[]);
    caught_up(&tablet.client);
    let read = tablet.client.register().agreements().expect("it answers");
    let names: Vec<_> = read.iter().filter_map(|row| row.agreement.value.name.as_deref()).collect();
    assert!(!names.contains(&"After it left"), "what is written after the end stays closed: {names:?}");
}

#[test]
fn a_further_worker_is_seated_tries_again_and_is_unseated_by_the_pages() {
    let town = Town::new();
    let tablet = town.enrolled("vehicle tablet", DeviceKind::Shared, "Ada Mensah");
    tablet.client.seats().set_pin(&tablet.vault, "483920").expect("a PIN");
    tablet.client.seats().unlock(None, "483920").expect("it opens");
    let request = tablet.client.seats().add("715204").expect("a request").to_text();
    let browser = town.served.browser();
    let at = format!("/device/{}", tablet.client.id());
    let seated = browser.send("/seats/accept", &[("seat_request", &request), ("worker_name", "Bea Lind")]);
    seated.says(&["Bea Lind has a seat there, once the device has synced.", "Ada Mensah"]);
    browser.send("/health/sync", &[]);
    caught_up(&tablet.client);
    let rows = tablet.client.seats().list().expect("seats");
    let bea = rows.iter().find(|row| row.name == "Bea Lind").expect("she is seated");
    tablet.client.seats().lock().expect("it locks");
    tablet.client.seats().unlock(bea.pin.seat, "715204").expect("her PIN opens it");

    let seats = town.desk.partnership().seated(tablet.client.id()).expect("seats");
    let worker = seats.iter().find(|row| row.name == "Bea Lind").expect("she is seated").worker.to_string();
    let again = browser.send(&format!("{at}/seat"), &[("worker", &worker), ("how", "again")]);
    again.says(&["Bea Lind may try the PIN again"]);
    let ended = browser.send(&format!("{at}/seat"), &[("worker", &worker), ("how", "end")]);
    ended.says(&["The seat of Bea Lind has ended."]);
    tablet.client.seats().lock().expect("it locks");
    caught_up(&tablet.client);
    let seat = tablet.client.seats().list().expect("seats").into_iter().find(|row| row.name == "Bea Lind");
    let opens = seat.is_some_and(|row| tablet.client.seats().unlock(row.pin.seat, "715204").is_ok());
    assert!(!opens, "an ended seat opens nothing");
}

#[test]
fn two_admins_erase_by_the_pages_whoever_of_them_proposes() {
    let town = Town::new();
    let (here, there) = (home(&town.desk, 7), home(&town.desk, 8));
    for record in [here, there] {
        visit(&town.desk, record, "Ada Mensah", vec![damp()]);
    }
    let second = town.enrolled("second desk", DeviceKind::Desk, "Bea Lind");
    town.make_admin(&second);
    let browser = town.served.browser();
    browser.send("/health/sync", &[]);
    caught_up(&second.client);

    // The page proposes; the other desk signs.
    let fields = [("erase_about", "999900000007"), ("erase_class", "home"), ("erase_reason", "request")];
    let proposed = browser.post("/keeping/propose", &fields);
    assert_eq!(proposed.status, 200, "{}", proposed.main());
    proposed.says(&["7 Lantern Row", "Hand this text to another admin"]);
    let (_, after) = proposed.body.split_once("readonly>").expect("the proposal as text");
    let text = after.split('<').next().unwrap_or_default().trim().to_owned();
    let own = browser.post("/keeping/sign", &[("proposal", &text)]);
    assert!(own.status >= 400, "no admin erases alone: {}", own.main());
    own.says(&["another admin has to sign it"]);
    let plan = ErasePlan::from_text(&text).expect("the proposal");
    caught_up(&second.client);
    let signed = at_the_office(&second.client, async |syncer| {
        let make = move |desk: &_, _, _: &mut _| Ok((partnership::sign_erasure(desk, &plan)?, ()));
        syncer.append(&CancellationToken::new(), make).await
    });
    signed.expect("it is signed");
    browser.send("/health/sync", &[]);
    assert_eq!(hazards(&town.desk, here), 0, "nothing of it is left");
    browser.open(&format!("/home/{here}")).keeps_quiet_about(&["Damp and mould"]);

    // The other desk proposes; the page signs.
    caught_up(&second.client);
    let plan = second.client.partnership().propose_erasure(there, Class::Home, EraseReason::Request);
    let text = plan.expect("a proposal").to_text();
    browser.send("/keeping/sign", &[("proposal", &text)]).says(&["It is erased, at every device that hears of it."]);
    caught_up(&second.client);
    for client in [&town.desk, &second.client] {
        assert_eq!(hazards(client, there), 0, "nothing of it is left");
    }
}

#[test]
fn an_erasure_of_which_more_came_later_is_finished_by_the_page() {
    let town = Town::new();
    let record = home(&town.desk, 7);
    visit(&town.desk, record, "Ada Mensah", vec![damp()]);
    let second = town.enrolled("second desk", DeviceKind::Desk, "Bea Lind");
    town.make_admin(&second);
    let tablet = town.enrolled("tablet", DeviceKind::Personal, "Ada Mensah");
    let browser = town.served.browser();
    browser.send("/health/sync", &[]);
    for other in [&second, &tablet] {
        caught_up(&other.client);
    }
    browser.open("/keeping").keeps_quiet_about(&["to finish"]);

    // The tablet has not heard of the erasure when it sends.
    visit(&tablet.client, record, "Ada Mensah", vec![damp()]);
    let sign = |text: &str| browser.send("/keeping/sign", &[("proposal", text)]);
    let proposed = second.client.partnership().propose_erasure(record, Class::Home, EraseReason::Request);
    sign(&proposed.expect("a proposal").to_text());
    caught_up(&tablet.client);
    browser.send("/health/sync", &[]);
    browser.open("/keeping").says(&["1 erasure to finish", "Propose to finish it"]);
    browser.open("/todo/sync").says(&["erased records to be finished"]);

    // Either of the two admins proposes, the other signs.
    let document = town.desk.unfinished_erasures().expect("it answers")[0].document;
    let made = browser.post("/keeping/finish", &[("document", &document.to_string())]);
    assert_eq!(made.status, 200, "{}", made.main());
    made.says(&["Hand this text to another admin"]);
    caught_up(&second.client);
    let proposed = second.client.partnership().propose_to_finish(document);
    sign(&proposed.expect("a proposal").to_text()).says(&["It is erased, at every device that hears of it."]);
    browser.open("/keeping").keeps_quiet_about(&["to finish"]);
    assert_eq!(browser.post("/keeping/finish", &[("document", &document.to_string())]).status, 404);
}

#[test]
fn what_a_lost_tablet_left_in_a_carrier_file_is_taken_in_by_the_page() {
    let town = Town::new();
    let tablet = town.enrolled("tablet", DeviceKind::Personal, "Ada Mensah");
    let record = home(&tablet.client, 7);
    visit(&tablet.client, record, "Ada Mensah", vec![damp()]);
    let mut stick = Cursor::new(Vec::new());
    tablet.client.carrier().export(&mut stick).expect("a file");
    let lost = (tablet.client.id(), RevokeReason::Lost);
    let ended = at_the_office(&town.desk, async |syncer| {
        let make = move |desk: &_, now, rng: &mut _| partnership::revoke(desk, lost, &[], now, rng);
        syncer.append(&CancellationToken::new(), make).await
    });
    ended.expect("it is ended");
    stick.set_position(0);
    town.desk.carrier().import(&mut stick).expect("taken");
    assert_eq!(hazards(&town.desk, record), 0, "nobody has taken it in");

    let browser = town.served.browser();
    browser.open("/late").says(&["Already here, and not counted", "tablet", "lost the right to write"]);
    for work in town.desk.late_work().expect("it answers") {
        let (author, zone) = (work.author.to_string(), work.zone.to_string());
        let fields = [
            ("held", "0"),
            ("author", author.as_str()),
            ("zone", zone.as_str()),
            ("why", "past-cut"),
            ("decision", "adopt"),
        ];
        browser.send("/late", &fields).says(&["Taken in: it counts from now on."]);
    }
    browser.open("/late").keeps_quiet_about(&["Already here"]);
    assert_eq!(hazards(&town.desk, record), 1);
}

fn hazards(client: &Client, record: RecordId) -> usize {
    let view = client.document(record, Class::Home).expect("it answers");
    view.map_or(0, |view| view.rows::<Hazard>(Reading::Shown).len())
}

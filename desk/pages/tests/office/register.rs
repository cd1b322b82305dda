//! The disclosure register: asked, decided, refused with a reason; and what residents ask for.

use super::place::{DAY, Place, home, person};

const DAY_FORM: &str = "A day as year-month-day, such as 2026-03-09.";

#[test]
fn a_request_is_written_down_waits_and_is_refused_with_its_reason() {
    let place = Place::new();
    home(&place.desk, 7);
    let browser = place.served.browser();
    let bare =
        browser.send_badly("/register/ask", &[("register_about", "no such street"), ("organisation", "A court")]);
    assert_eq!(bare.error_at("asked_by"), Some("Fill this in."));
    assert!(bare.error_at("register_about").is_some_and(|error| error.starts_with("Nothing on this device fits")));
    bare.says(&["value=\"A court\"", "value=\"no such street\""]);
    let asked = [
        ("asked_by", "Jo Park"),
        ("organisation", "Quillbrook Court"),
        ("register_about", "999900000007"),
        ("asked", "who lives there"),
        ("purpose", "a debt"),
        ("identified", "official-address"),
    ];
    let list = browser.send("/register/ask", &asked);
    list.says(&["Jo Park", "waits for a decision", "7 Lantern Row"]);
    browser.open("/todo/disclosures").says(&["Jo Park", "Request to disclose"]);
    let path = list.link("/register/");
    let path = if path.len() > 40 {
        path
    } else {
        list.main()
            .split("href=\"")
            .map(|rest| rest.split('"').next().unwrap())
            .find(|href| href.starts_with("/register/") && href.len() > 60)
            .unwrap()
            .to_owned()
    };
    browser.open(&path).says(&["who lives there", "a debt", "official address or secure mail"]);

    let bare = browser.send_badly(&path, &[("decision", "refused"), ("decided_by", "Ros Adeyemi, IG lead")]);
    assert_eq!(bare.error_at("why"), Some("A refusal has a reason: say why, so that it can be answered for."));
    bare.says(&["value=\"Ros Adeyemi, IG lead\""]);
    let bare = browser.send_badly(&path, &[("decision", "given"), ("decided_by", "Ros")]);
    assert_eq!(bare.error_at("given"), Some("List what is given."));
    let refused = [("decision", "refused"), ("decided_by", "Ros Adeyemi, IG lead"), ("why", "no power to disclose")];
    browser.send(&path, &refused).says(&["The decision is recorded.", "no power to disclose", "stays as it is"]);
    browser.open("/register").says(&["because: no power to disclose"]);
    browser.open("/todo/disclosures").says(&["No request to disclose"]);
    browser.send("/register/list", &[("filter_state", "given")]).says(&["Nothing fits that"]);
    browser.send("/register/list", &[("filter_text", "court debt")]).says(&["Jo Park"]);
    let again = browser.send(&path, &[("decision", "withdrawn"), ("decided_by", "Ros")]);
    again.says(&["What was decided stays as it is.", "no power to disclose"]);
}

#[test]
fn what_is_asked_about_a_person_is_asked_from_their_page_and_what_is_given_is_listed() {
    let place = Place::new();
    let peggy = person(&place.desk, "Peggy", "Ashdown", "1941-05-06");
    let browser = place.served.browser();
    let at = browser.open(&format!("/person/{peggy}")).link("/register/ask/");
    browser.open(&at).says(&["Peggy Ashdown"]);
    let list = browser.send(&at, &[("asked_by", "A nurse"), ("asked", "her needs"), ("purpose", "discharge home")]);
    list.says(&["A nurse", "Peggy Ashdown"]);
    let path = list
        .main()
        .split("href=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|href| href.starts_with("/register/") && href.len() > 60)
        .unwrap()
        .to_owned();
    let given = [
        ("decision", "partly-given"),
        ("decided_by", "Ros"),
        ("given", "large print, by telephone"),
        ("identified", "known-contact"),
        ("identified_how", "called back at the ward"),
        ("person_told", "no"),
        ("not_told_why", "she is in hospital"),
    ];
    browser.send(&path, &given).says(&[
        "partly given",
        "large print, by telephone",
        "called back at the ward",
        "she is in hospital",
    ]);
}

#[test]
fn a_residents_request_has_a_day_and_is_answered() {
    let place = Place::new();
    person(&place.desk, "Peggy", "Ashdown", "1941-05-06");
    let browser = place.served.browser();
    let bare = browser.send_badly("/register/request", &[("due", "soon"), ("request_text", "all of it")]);
    assert_eq!(bare.error_at("request_kind"), Some("Choose one of these."));
    assert_eq!(bare.error_at("asked_by"), Some("Fill this in."));
    assert_eq!(bare.error_at("due"), Some("A day as year-month-day, such as 2026-03-09."));
    bare.says(&["all of it", "value=\"soon\""]);
    let asked = [
        ("request_kind", "access"),
        ("asked_by", "Tom Ashdown"),
        ("on_behalf", "power of attorney, seen"),
        ("request_person", "Peggy"),
        ("request_text", "all of it"),
        ("due", "2026-04-02"),
    ];
    let list = browser.send("/register/request", &asked);
    list.says(&["1 resident waits for an answer", "Tom Ashdown", "by 2 April 2026"]);
    browser.open("/todo/disclosures").says(&["Tom Ashdown", "Request of a resident"]);
    let path = list
        .main()
        .split("href=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|href| href.starts_with("/register/request/") && href.len() > 60)
        .unwrap()
        .to_owned();
    browser.open(&path).says(&["power of attorney, seen", "Peggy Ashdown"]);
    let bare = browser.send_badly(&path, &[("request_state", "refused"), ("handled_by", "Ros")]);
    assert_eq!(bare.error_at("request_answer"), Some("Say what was answered."));
    let answered = [("request_state", "answered"), ("handled_by", "Ros"), ("request_answer", "the report, by post")];
    browser.send(&path, &answered).says(&["No resident waits for an answer", "1 that was answered"]);
}

#[test]
fn an_agreement_is_written_down_with_its_power_and_basis_and_ends() {
    let place = Place::new();
    let browser = place.served.browser();
    let bare = browser.send_badly("/register/agreements/new", &[("parties", "Quillbrook and the fire service")]);
    for field in ["agreement_name", "legal_power", "lawful_basis"] {
        assert_eq!(bare.error_at(field), Some("Fill this in."), "{field}");
    }
    bare.says(&["Quillbrook and the fire service"]);
    let whole = [
        ("agreement_name", "Safe and Well sharing"),
        ("parties", "Quillbrook and the fire service"),
        ("legal_power", "Fire and Rescue Services Act 2004"),
        ("lawful_basis", "public task"),
        ("agreed_from", "2026-01-01"),
    ];
    let backwards: Vec<_> = whole.into_iter().chain([("agreed_until", "2025-12-31")]).collect();
    let bare = browser.send_badly("/register/agreements/new", &backwards);
    assert_eq!(bare.error_at("agreed_until"), Some("Not before the day it begins."));
    let list = browser.send("/register/agreements/new", &whole);
    list.says(&["Written down. A grant can name it now.", "Safe and Well sharing"]);
    let path = entry(&list, "/register/agreements/");
    browser.open(&path).says(&["public task", "Fire and Rescue Services Act 2004", "No grant names it."]);
    assert_eq!(browser.send_badly(&path, &[("last_day", "soon")]).error_at("last_day"), Some(DAY_FORM));
    assert_eq!(browser.send_badly(&path, &[]).error_at("last_day"), Some("Fill this in."));
    let ended = browser.send(&path, &[("last_day", "2026-03-01")]);
    ended.says(&["The agreement has ended.", "does not hold", "1 March 2026"]);
    browser.open("/register/agreements").says(&["does not hold"]);
}

#[test]
fn who_works_with_a_person_is_recorded_from_their_page_holds_and_ends_for_a_reason() {
    let place = Place::new();
    let peggy = person(&place.desk, "Peggy", "Ashdown", "1941-05-06");
    let browser = place.served.browser();
    let at = browser.open(&format!("/person/{peggy}")).link("/register/allocations/new/");
    browser.open(&at).says(&["Peggy Ashdown", "Ada Mensah"]);
    let bare = browser.send_badly(&at, &[("allocation_role", "occupational therapist")]);
    assert_eq!(bare.error_at("allocation_worker"), Some("Choose a worker or a team."));
    assert_eq!(bare.error_at("allocation_purpose"), Some("Fill this in."));
    bare.says(&["value=\"occupational therapist\""]);
    let worker = place.desk.directory().names().unwrap().workers;
    let worker = worker.iter().find(|(_, name)| *name == "Ada Mensah").unwrap().0.clone();
    let whole = [
        ("allocation_worker", worker.as_str()),
        ("allocation_role", "occupational therapist"),
        ("allocation_purpose", "a bathroom assessment"),
    ];
    let list = browser.send(&at, &whole);
    list.says(&["Written down.", "Peggy Ashdown", "Ada Mensah", "holds", "since 2 March 2026"]);
    let path = entry(&list, "/register/allocations/");
    let bare = browser.send_badly(&path, &[("last_day", "2026-02-01")]);
    assert_eq!(bare.error_at("allocation_why"), Some("Choose one of these."));
    // The record refuses an end before its beginning.
    let backwards = [("last_day", "2026-02-01"), ("allocation_why", "done")];
    browser.send_badly(&path, &backwards).says(&["not before the day it began"]);
    let ended = browser.send(&path, &[("last_day", "2026-03-02"), ("allocation_why", "handed-over")]);
    ended.says(&["The allocation has ended. It stays in the register.", "Somebody else took over", "holds"]);
    place.turn(2 * DAY);
    let browser = place.served.browser();
    browser.open("/register/allocations").says(&["Peggy Ashdown", "ended"]);
    browser.send("/register/allocations/list", &[("filter_text", "nobody")]).says(&["Nothing fits that"]);
    let bare = browser.send_badly("/register/allocations/new", &[("allocation_purpose", "a visit")]);
    assert_eq!(bare.error_at("allocation_person"), Some("Fill this in."));
}

/// The first entry of a list: the address with the ids of a document and a row.
fn entry(list: &super::browser::Page, begins: &str) -> String {
    let links = list.main().split("href=\"").filter_map(|rest| rest.split('"').next());
    let mut long = links.filter(|href| href.starts_with(begins) && href.len() > 60);
    long.next().unwrap_or_else(|| panic!("no entry on this page:\n{}", list.main())).to_owned()
}

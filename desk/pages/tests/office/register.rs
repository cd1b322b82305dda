//! The disclosure register: asked, decided, refused with a reason; and what residents ask for.

use super::place::{Place, home, person};

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

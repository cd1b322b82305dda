//! Legal holds, what is due, and erasure as far as one desk without a server can go.

use super::place::{DAY, Place, damp, home, visit};

#[test]
fn a_record_is_put_on_hold_and_let_go_and_what_is_due_is_listed() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    visit(&place.desk, record, "Ada Mensah", vec![damp()]);
    let browser = place.served.browser();
    browser.open("/keeping").says(&["Nothing is due.", "0 legal holds"]);
    let bare = browser.send_badly("/keeping/hold", &[("hold_about", "Nowhere"), ("hold_reference", "claim 7")]);
    assert!(bare.error_at("hold_about").is_some_and(|error| error.starts_with("Nothing on this device")));
    bare.says(&["value=\"claim 7\""]);
    let held = browser.send("/keeping/hold", &[("hold_about", "999900000007"), ("hold_reference", "claim 7")]);
    held.says(&["1 legal hold", "7 Lantern Row", "claim 7"]);
    place.turn(9 * 366 * DAY);
    // Nobody's session lasts that long.
    let browser = place.served.browser();
    browser.open("/keeping").says(&["hazards, visits", "8 years", "Legal hold"]);
    let ended = browser.send("/keeping/hold/end", &[("record", &record.to_string())]);
    ended.says(&["0 legal holds", "The hold has ended."]);
}

#[test]
fn a_proposal_names_what_it_is_about_and_a_signature_needs_a_whole_one() {
    let place = Place::new();
    home(&place.desk, 7);
    let browser = place.served.browser();
    let bare = browser.send_badly("/keeping/propose", &[("erase_about", "999900000007")]);
    assert_eq!(bare.error_at("erase_class"), Some("Choose one of these."));
    assert_eq!(bare.error_at("erase_reason"), Some("Choose one of these."));
    bare.says(&["value=\"999900000007\""]);
    let half = browser.send_badly("/keeping/sign", &[("proposal", "DOORSTEP-ERASE-1.83")]);
    assert!(half.error_at("proposal").is_some_and(|error| error.starts_with("That is not a whole proposal")));
    half.says(&["DOORSTEP-ERASE-1.83"]);
    // Both need the newest log, and this desk has no way to a server.
    let whole = [("erase_about", "999900000007"), ("erase_class", "index"), ("erase_reason", "request")];
    let offline = browser.post("/keeping/propose", &whole);
    assert_eq!(offline.status, 503);
    offline.says(&["There is no connection to the server just now."]);
}

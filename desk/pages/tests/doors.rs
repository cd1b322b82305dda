//! Who is let in, as it shows on the wire: real sockets, requests written by hand.

#[path = "field/served.rs"]
#[allow(dead_code)]
mod served;

use served::served;

#[test]
fn nothing_is_shown_without_a_session_and_every_answer_is_hardened() {
    let served = served();
    for path in ["/", "/search", "/devices", "/health", "/audit", "/nothing"] {
        let answer = served.send(&format!("GET {path}"), &[served.host()], b"");
        assert!([403, 404].contains(&answer.status), "{path}: {}", answer.text());
        assert!(!answer.text().contains("Lantern"), "{path}");
        let headers = answer.head.to_lowercase();
        for wanted in [
            "content-security-policy: default-src 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: same-origin",
            "cross-origin-opener-policy: same-origin",
            "cache-control: no-store",
        ] {
            assert!(headers.contains(wanted), "{path}: {wanted}");
        }
        assert!(!headers.contains("unsafe-inline") && !headers.contains("access-control-allow"));
    }
}

#[test]
fn a_name_that_was_pointed_here_and_another_page_are_not_answered() {
    let served = served();
    let cookie = served.enter();
    let own = served.send("GET /", &[served.host(), cookie.clone()], b"");
    assert_eq!(own.status, 200, "{}", own.text());
    let rebound = served.send("GET /", &["Host: evil.example".to_owned(), cookie.clone()], b"");
    assert_eq!(rebound.status, 421);
    let localhost = format!("Host: localhost:{}", served.address.port());
    assert_eq!(served.send("GET /", &[localhost, cookie.clone()], b"").status, 421);
    for site in ["same-site", "cross-site"] {
        let elsewhere = [served.host(), cookie.clone(), format!("Sec-Fetch-Site: {site}")];
        assert_eq!(served.send("GET /", &elsewhere, b"").status, 421, "{site}");
    }
}

#[test]
fn what_changes_anything_carries_origin_and_token() {
    let served = served();
    let cookie = served.enter();
    let token = served.token(&cookie);
    let path = format!("POST /home/{}/visit", served.record);
    let with = |origin: &[String], body: &str| {
        let lines: Vec<String> = [served.host(), cookie.clone()].into_iter().chain(origin.iter().cloned()).collect();
        served.send(&path, &lines, body.as_bytes())
    };
    let form = format!("token={token}&kind=follow-up");
    assert_eq!(with(&[], &form).status, 421, "no origin");
    assert_eq!(with(&["Origin: null".to_owned()], &form).status, 421, "another origin");
    assert_eq!(with(&[served.origin()], "kind=follow-up").status, 403, "no token");
    assert_eq!(with(&[served.origin()], "token=00&kind=follow-up").status, 403, "another token");
    let refused = with(&[served.origin()], &format!("token={token}&kind=nonsense"));
    assert_eq!(refused.status, 422, "bad input comes back with its page: {}", refused.text());
    let taken = with(&[served.origin()], &form);
    assert!(taken.location().starts_with("/visit/"));
}

#[test]
fn what_a_person_wrote_is_never_markup_and_no_search_is_in_an_address() {
    let served = served();
    let cookie = served.enter();
    let home = served.send(&format!("GET /home/{}", served.record), &[served.host(), cookie.clone()], b"").text();
    assert!(home.contains("1 Lantern Row &lt;b&gt;") && !home.contains("Row <b>"), "{home}");
    let token = served.token(&cookie);
    let lines = [served.host(), cookie.clone(), served.origin()];
    let found = served.send("POST /search", &lines, format!("token={token}&search=lantern").as_bytes());
    assert_eq!(found.location(), "/search");
    let page = served.send("GET /search", &[served.host(), cookie], b"").text();
    assert!(page.contains("1 Lantern Row &lt;b&gt;"), "the session remembers: {page}");
}

#[test]
fn a_form_that_is_too_large_is_refused_before_it_is_read() {
    let served = served();
    let cookie = served.enter();
    let body = format!("token={}&why={}", served.token(&cookie), "x".repeat(300 * 1_024));
    let answer = served.send("POST /search", &[served.host(), cookie, served.origin()], body.as_bytes());
    assert_eq!(answer.status, 413);
}

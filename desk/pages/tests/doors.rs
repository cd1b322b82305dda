//! Who is let in, as it shows on the wire: real sockets, requests written by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::partnership::{FoundingPlan, OrganisationPlan};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::vault::FileVault;
use doorstep_pages::{House, Pages, Setup};
use doorstep_protocol::SignPublic;
use doorstep_protocol::authority::OrganisationKind;
use tokio_util::sync::CancellationToken;

struct Served {
    address: SocketAddr,
    house: Arc<House>,
    record: String,
    cancel: CancellationToken,
    _runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// A desk of its own, with one home, and its pages.
fn served() -> Served {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let vault = FileVault::new(&folder.path().join("keys.sealed"), "correct horse battery".to_owned().into());
    let client = Client::create(folder.path(), &vault, Arc::new(SystemClock)).expect("a device");
    let plan = FoundingPlan {
        organisations: vec![OrganisationPlan { name: "Quillbrook".to_owned(), kind: OrganisationKind::Council }],
        area: "Lantern Ward".to_owned(),
        desk: "desk".to_owned(),
        worker: "Ros Adeyemi".to_owned(),
    };
    client.partnership().found(&plan, "http://127.0.0.1:1", &SignPublic([3; 32])).expect("a partnership");
    let home = Property { line: Some("1 Lantern Row <b>".to_owned()), ..Property::default() };
    let record = client.properties().add(&home).expect("a home").to_string();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let setup = Setup { client, vault: Some(Box::new(vault)), network: None, signal: None };
    let pages = runtime.block_on(Pages::bind(setup, 0)).expect("a free port");
    let (address, house, cancel) = (pages.address(), pages.house(), CancellationToken::new());
    runtime.spawn(pages.serve(cancel.clone()));
    Served { address, house, record, cancel, _runtime: runtime, _folder: folder }
}

impl Served {
    /// Sends a request with these lines; the answer whole.
    fn send(&self, first: &str, lines: &[String], body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let length = body.len();
        let request = format!("{first} HTTP/1.1\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }

    fn host(&self) -> String {
        format!("Host: {}", self.address)
    }

    fn origin(&self) -> String {
        format!("Origin: http://{}", self.address)
    }

    /// Goes in by a start link; the cookie's line.
    fn enter(&self) -> String {
        let link = self.house.start_link().expect("randomness");
        let path = link.split_once(&self.address.to_string()).expect("an address").1.to_owned();
        let answer = self.send(&format!("GET {path}"), &[self.host()], "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let again = self.send(&format!("GET {path}"), &[self.host()], "");
        assert!(again.starts_with("HTTP/1.1 403"), "a link works once: {again}");
        format!("Cookie: {}", cookie.split(';').next().expect("a pair"))
    }

    fn token(&self, cookie: &str) -> String {
        let page = self.send("GET /", &[self.host(), cookie.to_owned()], "");
        let after = page.split_once("name=\"token\" value=\"").expect("a token").1;
        after.split('"').next().expect("its end").to_owned()
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[test]
fn nothing_is_shown_without_a_session_and_every_answer_is_hardened() {
    let served = served();
    for path in ["/", "/search", "/devices", "/health", "/audit", "/nothing"] {
        let answer = served.send(&format!("GET {path}"), &[served.host()], "");
        assert!(["403", "404"].contains(&status(&answer)), "{path}: {answer}");
        assert!(!answer.contains("Lantern"), "{path}");
        let headers = answer.split_once("\r\n\r\n").expect("headers").0.to_lowercase();
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
    let own = served.send("GET /", &[served.host(), cookie.clone()], "");
    assert_eq!(status(&own), "200", "{own}");
    let rebound = served.send("GET /", &["Host: evil.example".to_owned(), cookie.clone()], "");
    assert_eq!(status(&rebound), "421");
    let localhost = format!("Host: localhost:{}", served.address.port());
    assert_eq!(status(&served.send("GET /", &[localhost, cookie.clone()], "")), "421");
    for site in ["same-site", "cross-site"] {
        let elsewhere = [served.host(), cookie.clone(), format!("Sec-Fetch-Site: {site}")];
        assert_eq!(status(&served.send("GET /", &elsewhere, "")), "421", "{site}");
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
        served.send(&path, &lines, body)
    };
    let form = format!("token={token}&kind=follow-up");
    assert_eq!(status(&with(&[], &form)), "421", "no origin");
    assert_eq!(status(&with(&["Origin: null".to_owned()], &form)), "421", "another origin");
    assert_eq!(status(&with(&[served.origin()], "kind=follow-up")), "403", "no token");
    assert_eq!(status(&with(&[served.origin()], "token=00&kind=follow-up")), "403", "another token");
    let refused = with(&[served.origin()], &format!("token={token}&kind=nonsense"));
    assert_eq!(status(&refused), "422", "bad input comes back with its page: {refused}");
    let taken = with(&[served.origin()], &form);
    assert_eq!(status(&taken), "303", "{taken}");
    assert!(taken.contains("location: /visit/"), "{taken}");
}

#[test]
fn what_a_person_wrote_is_never_markup_and_no_search_is_in_an_address() {
    let served = served();
    let cookie = served.enter();
    let home = served.send(&format!("GET /home/{}", served.record), &[served.host(), cookie.clone()], "");
    assert!(home.contains("1 Lantern Row &lt;b&gt;") && !home.contains("Row <b>"), "{home}");
    let token = served.token(&cookie);
    let lines = [served.host(), cookie.clone(), served.origin()];
    let found = served.send("POST /search", &lines, &format!("token={token}&search=lantern"));
    assert!(found.contains("location: /search\r\n"), "{found}");
    let page = served.send("GET /search", &[served.host(), cookie], "");
    assert!(page.contains("1 Lantern Row &lt;b&gt;"), "the session remembers: {page}");
}

#[test]
fn a_form_that_is_too_large_is_refused_before_it_is_read() {
    let served = served();
    let cookie = served.enter();
    let body = format!("token={}&why={}", served.token(&cookie), "x".repeat(300 * 1_024));
    let answer = served.send("POST /search", &[served.host(), cookie, served.origin()], &body);
    assert_eq!(status(&answer), "413");
}

//! A desk of its own, with one home, behind its pages: real sockets, requests written by hand.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::partnership::{FoundingPlan, OrganisationPlan};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::sync::Syncer;
use doorstep_client_core::transport::{PlainHttp, Trust};
use doorstep_client_core::vault::{FileVault, KeyVault};
use doorstep_pages::{House, Network, Pages, Setup};
use doorstep_protocol::authority::OrganisationKind;
use doorstep_protocol::{DocumentId, SignPublic};
use tokio_util::sync::CancellationToken;

pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) house: Arc<House>,
    pub(crate) client: Client,
    pub(crate) record: RecordId,
    cancel: CancellationToken,
    _runtime: tokio::runtime::Runtime,
    _folder: Option<tempfile::TempDir>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// An answer, taken apart.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let wanted = format!("{name}: ");
        let mut lines = self.head.lines();
        lines.find_map(|line| {
            line.get(..wanted.len())?.eq_ignore_ascii_case(&wanted).then(|| line[wanted.len()..].to_owned())
        })
    }

    /// Where a form that was taken leads.
    pub(crate) fn location(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header("location").expect("a way on")
    }
}

/// A desk of its own, with one home, and its pages.
pub(crate) fn served() -> Served {
    served_by(OrganisationKind::Council)
}

/// The same of another kind of organisation.
pub(crate) fn served_by(kind: OrganisationKind) -> Served {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let vault = FileVault::new(&folder.path().join("keys.sealed"), "correct horse battery".to_owned().into());
    let client = Client::create(folder.path(), &vault, Arc::new(SystemClock)).expect("a device");
    let plan = FoundingPlan {
        organisations: vec![OrganisationPlan { name: "Quillbrook".to_owned(), kind }],
        area: "Lantern Ward".to_owned(),
        desk: "desk".to_owned(),
        worker: "Ros Adeyemi".to_owned(),
    };
    client.partnership().found(&plan, "http://127.0.0.1:1", &SignPublic([3; 32])).expect("a partnership");
    let home = Property { line: Some("1 Lantern Row <b>".to_owned()), ..Property::default() };
    let record = client.properties().add(&home).expect("a home");
    let mut served = Served::of(client, Some(Box::new(vault)));
    (served.record, served._folder) = (record, Some(folder));
    served
}

impl Served {
    /// The pages of a device that has no way to a server, and no home that a test begins with.
    pub(crate) fn of(client: Client, vault: Option<Box<dyn KeyVault>>) -> Self {
        Self::with(client, vault, |_| None)
    }

    /// The pages of a device that stays in sync with its server.
    pub(crate) fn connected(client: Client, vault: Option<Box<dyn KeyVault>>) -> Self {
        let syncer = Syncer::over_http(client.device(), &Trust::Public, PlainHttp::LoopbackOnly).expect("a way there");
        Self::with(client, vault, |runtime| Some(Network::start(runtime, syncer, Box::new(|_| ()))))
    }

    fn with(
        client: Client,
        vault: Option<Box<dyn KeyVault>>,
        network: impl FnOnce(&tokio::runtime::Handle) -> Option<Network>,
    ) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let setup = Setup { client: client.clone(), vault, network: network(runtime.handle()), signal: None };
        let pages = runtime.block_on(Pages::bind(setup, 0)).expect("a free port");
        let (address, house, cancel) = (pages.address(), pages.house(), CancellationToken::new());
        runtime.spawn(pages.serve(cancel.clone()));
        let record = RecordId(DocumentId::ZERO);
        Self { address, house, client, record, cancel, _runtime: runtime, _folder: None }
    }

    /// Sends a request with these lines; the answer, whole.
    pub(crate) fn send(&self, first: &str, lines: &[String], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let length = body.len();
        let head = format!("{first} HTTP/1.1\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("headers");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head, body: answer[end + 4..].to_vec() }
    }

    pub(crate) fn host(&self) -> String {
        format!("Host: {}", self.address)
    }

    pub(crate) fn origin(&self) -> String {
        format!("Origin: http://{}", self.address)
    }

    /// Goes in by a start link; the cookie's line.
    pub(crate) fn enter(&self) -> String {
        let link = self.house.start_link().expect("randomness");
        let path = link.split_once(&self.address.to_string()).expect("an address").1.to_owned();
        let answer = self.send(&format!("GET {path}"), &[self.host()], b"");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookie = answer.header("set-cookie").expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let again = self.send(&format!("GET {path}"), &[self.host()], b"");
        assert_eq!(again.status, 403, "a link works once: {}", again.text());
        format!("Cookie: {}", cookie.split(';').next().expect("a pair"))
    }

    pub(crate) fn token(&self, cookie: &str) -> String {
        let page = self.send("GET /", &[self.host(), cookie.to_owned()], b"").text();
        let after = page.split_once("name=\"token\" value=\"").expect("a token").1;
        after.split('"').next().expect("its end").to_owned()
    }
}

/// Somebody who is inside.
pub(crate) struct Visitor<'s> {
    pub(crate) served: &'s Served,
    cookie: String,
    pub(crate) token: String,
}

impl Served {
    pub(crate) fn visitor(&self) -> Visitor<'_> {
        let cookie = self.enter();
        let token = self.token(&cookie);
        Visitor { served: self, cookie, token }
    }
}

impl Visitor<'_> {
    pub(crate) fn get(&self, path: &str) -> Answer {
        let path = path.split('#').next().unwrap_or(path);
        self.served.send(&format!("GET {path}"), &[self.served.host(), self.cookie.clone()], b"")
    }

    /// A page that is there.
    pub(crate) fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    /// The same person, who reads Welsh.
    pub(crate) fn in_welsh(&self) -> Self {
        Self {
            served: self.served,
            cookie: format!("{}; doorstep-language=cy", self.cookie),
            token: self.token.clone(),
        }
    }

    /// A page that is there, in Welsh.
    pub(crate) fn page_in_welsh(&self, path: &str) -> String {
        self.in_welsh().page(path)
    }

    fn lines(&self, content_type: &str) -> [String; 4] {
        let (host, origin) = (self.served.host(), self.served.origin());
        [host, origin, self.cookie.clone(), format!("Content-Type: {content_type}")]
    }

    /// Sends a form.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields = [("token", self.token.as_str())].into_iter().chain(fields.iter().copied());
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.served.send(&format!("POST {path}"), &self.lines("application/x-www-form-urlencoded"), body.as_bytes())
    }

    /// Sends a form with a file, its parts in this order.
    pub(crate) fn upload(&self, path: &str, parts: &[(&str, Part<'_>)]) -> Answer {
        let mut body = Vec::new();
        for (name, part) in parts {
            let (file, held) = match part {
                Part::Text(text) => (String::new(), text.as_bytes()),
                Part::File(bytes) => ("; filename=\"a.jpg\"\r\nContent-Type: image/jpeg".to_owned(), *bytes),
            };
            let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(held);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--cut--\r\n");
        self.served.send(&format!("POST {path}"), &self.lines("multipart/form-data; boundary=cut"), &body)
    }
}

/// A part of a form that carries a file.
pub(crate) enum Part<'a> {
    Text(&'a str),
    File(&'a [u8]),
}

//! The pages of a desk as a browser reads them: what was imported is what a person finds.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use doorstep_client_core::client::Client;
use doorstep_pages::{Pages, Setup};
use tokio_util::sync::CancellationToken;

/// A browser that has gone in.
pub(crate) struct Shown {
    address: SocketAddr,
    cookie: String,
    token: String,
    cancel: CancellationToken,
    _runtime: tokio::runtime::Runtime,
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl Shown {
    pub(crate) fn of(client: Client) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let setup = Setup { client, vault: None, network: None, signal: None };
        let pages = runtime.block_on(Pages::bind(setup, 0)).unwrap();
        let (address, house, cancel) = (pages.address(), pages.house(), CancellationToken::new());
        runtime.spawn(pages.serve(cancel.clone()));
        let mut shown = Self { address, cookie: String::new(), token: String::new(), cancel, _runtime: runtime };
        let link = house.start_link().unwrap();
        let start = shown.send("GET", link.split_once(&address.to_string()).unwrap().1, "");
        let cookie = start.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        shown.cookie = cookie.split(';').next().unwrap().to_owned();
        let home = shown.open("/");
        let token = home.split_once("name=\"token\" value=\"").unwrap().1;
        shown.token = token.split('"').next().unwrap().to_owned();
        shown
    }

    fn send(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let (host, cookie, length) = (self.address, &self.cookie, body.len());
        let head = format!("Host: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\nConnection: close");
        let request = format!("{method} {path} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// What stands on a page that is there.
    #[track_caller]
    pub(crate) fn open(&self, path: &str) -> String {
        let answer = self.send("GET", path, "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {}", answer.lines().next().unwrap_or_default());
        answer
    }

    /// What a search finds: the addresses of pages that begin so.
    pub(crate) fn find(&self, text: &str, begins: &str) -> Vec<String> {
        let typed: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let token = &self.token;
        let answer = self.send("POST", "/search", &format!("token={token}&search={typed}"));
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        links(&self.open("/search"), begins)
    }
}

/// Addresses on a page that begin so.
pub(crate) fn links(page: &str, begins: &str) -> Vec<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|href| href.starts_with(begins)).map(str::to_owned).collect()
}

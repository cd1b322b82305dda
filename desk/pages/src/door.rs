//! Who may come in: the browser that was given the start link, from this machine's own pages, and nobody else.
//!
//! A start link works once. It gives the browser a cookie for this port, which no script reads and no other site sends. A
//! request is answered only under this listener's own name (a page elsewhere that points a name at 127.0.0.1 has another),
//! and only when the browser says that it comes from these pages or from the person; what changes anything must also carry
//! the token of its session.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use doorstep_client_core::records::RowId;
use doorstep_protocol::{DocumentId, Millis};
use http::header::{COOKIE, HOST, ORIGIN};
use http::{HeaderMap, Method};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::fields::Fields;
use crate::words::Message;

/// Sessions at once; the one that was used least recently goes first.
pub const SESSIONS_MAX: usize = 8;
/// Start links that wait to be used; the oldest goes first.
pub const STARTS_MAX: usize = 8;
/// How long a session that nobody uses stays open.
pub const SESSION_IDLE_MS: u64 = 12 * 60 * 60 * 1_000;
/// How long a start link works.
pub const START_LIFE_MS: u64 = 60 * 60 * 1_000;

/// A session, by the hash of its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId([u8; 32]);

/// What a session remembers, in memory only.
#[derive(Clone, Debug)]
pub struct Session {
    /// What its forms carry.
    pub token: String,
    /// What is said on the next page.
    pub notice: Option<Message>,
    /// The last search: it may hold a name, so it is in no address.
    pub search: Option<String>,
    /// What each list was asked for last: it may hold a name, too.
    pub kept: BTreeMap<&'static str, Fields>,
    /// What was decided last, so that it can be undone.
    pub decision: Option<(DocumentId, RowId)>,
    used: Millis,
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It names another host: a page elsewhere has pointed its name here.
    Host,
    /// It comes from a page that is not one of these.
    Origin,
    /// It has no session.
    NoSession,
}

/// The door of one listener.
#[derive(Debug)]
pub struct Door {
    address: SocketAddr,
    starts: Vec<([u8; 32], Millis)>,
    sessions: BTreeMap<SessionId, Session>,
}

/// The system gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no randomness")]
pub struct NoRandomness;

fn secret() -> Result<String, NoRandomness> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    }))
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

impl Door {
    /// The door of a listener at this address.
    #[must_use]
    pub const fn at(address: SocketAddr) -> Self {
        Self { address, starts: Vec::new(), sessions: BTreeMap::new() }
    }

    /// Where the pages are.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A new link that opens a session, once.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn start_link(&mut self, now: Millis) -> Result<String, NoRandomness> {
        let secret = secret()?;
        self.starts.retain(|(_, made)| now.0.saturating_sub(made.0) <= START_LIFE_MS);
        if self.starts.len() >= STARTS_MAX {
            self.starts.remove(0);
        }
        self.starts.push((digest(&secret), now));
        Ok(format!("{}/start/{secret}", self.origin()))
    }

    /// Uses a start link up. What is returned is the value of a `Set-Cookie` header.
    ///
    /// # Errors
    /// [`NoRandomness`]; `None` when the link does not work, or does not any more.
    pub fn open(&mut self, start: &str, now: Millis) -> Result<Option<String>, NoRandomness> {
        let wanted = digest(start);
        let found = self.starts.iter().position(|(known, _)| bool::from(known.ct_eq(&wanted)));
        let Some((_, made)) = found.map(|at| self.starts.remove(at)) else { return Ok(None) };
        if now.0.saturating_sub(made.0) > START_LIFE_MS {
            return Ok(None);
        }
        let (secret, token) = (secret()?, secret()?);
        while self.sessions.len() >= SESSIONS_MAX {
            let oldest = self.sessions.iter().min_by_key(|(_, session)| session.used).map(|(id, _)| *id);
            oldest.map(|id| self.sessions.remove(&id));
        }
        let session = Session { token, notice: None, search: None, kept: BTreeMap::new(), decision: None, used: now };
        self.sessions.insert(SessionId(digest(&secret)), session);
        Ok(Some(format!("{}={secret}; Path=/; HttpOnly; SameSite=Strict", self.cookie())))
    }

    /// The cookie's name. Cookies do not know ports, so the name does.
    fn cookie(&self) -> String {
        format!("doorstep-{}", self.address.port())
    }

    /// Whether a request speaks to this listener by its own name.
    ///
    /// # Errors
    /// [`Refusal::Host`].
    pub fn check_host(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut hosts = headers.get_all(HOST).iter();
        match (hosts.next(), hosts.next()) {
            (Some(host), None) if host.as_bytes() == self.address.to_string().as_bytes() => Ok(()),
            _ => Err(Refusal::Host),
        }
    }

    /// Whether a request comes from these pages, or from the person.
    ///
    /// # Errors
    /// [`Refusal::Origin`].
    pub fn check_origin(&self, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
        let site = headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
        if !matches!(site, None | Some(b"same-origin" | b"none")) {
            return Err(Refusal::Origin);
        }
        match headers.get(ORIGIN) {
            Some(origin) if origin.as_bytes() == self.origin().as_bytes() => Ok(()),
            None if *method == Method::GET || *method == Method::HEAD => Ok(()),
            _ => Err(Refusal::Origin),
        }
    }

    /// The session of a request; it counts as used.
    ///
    /// # Errors
    /// [`Refusal::NoSession`].
    pub fn session(&mut self, headers: &HeaderMap, now: Millis) -> Result<SessionId, Refusal> {
        let secret = cookie(headers, &self.cookie()).ok_or(Refusal::NoSession)?;
        let id = SessionId(digest(secret));
        let session = self.sessions.get_mut(&id).ok_or(Refusal::NoSession)?;
        if now.0.saturating_sub(session.used.0) > SESSION_IDLE_MS {
            self.sessions.remove(&id);
            return Err(Refusal::NoSession);
        }
        session.used = now;
        Ok(id)
    }

    /// What a session remembers.
    pub fn remembered(&mut self, id: SessionId) -> Option<&mut Session> {
        self.sessions.get_mut(&id)
    }

    /// Whether a form carries the token of its session.
    #[must_use]
    pub fn is_token(&self, id: SessionId, token: &str) -> bool {
        self.sessions.get(&id).is_some_and(|session| session.token.as_bytes().ct_eq(token.as_bytes()).into())
    }

    /// Ends a session.
    pub fn close(&mut self, id: SessionId) {
        self.sessions.remove(&id);
    }
}

/// A cookie of a request.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_790_000_000_000);

    fn door() -> Door {
        Door::at(([127, 0, 0, 1], 4711).into())
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_str(value).expect("a header"))
        });
        pairs.collect()
    }

    fn start(door: &mut Door) -> String {
        let link = door.start_link(NOW).expect("randomness");
        link.rsplit('/').next().expect("a secret").to_owned()
    }

    #[test]
    fn a_start_link_works_once_and_for_an_hour() {
        let mut door = door();
        let first = start(&mut door);
        assert!(door.open(&first, NOW).expect("randomness").is_some());
        assert!(door.open(&first, NOW).expect("randomness").is_none(), "used");
        let second = start(&mut door);
        assert!(door.open(&second, Millis(NOW.0 + START_LIFE_MS + 1)).expect("randomness").is_none(), "too old");
        assert!(door.open("", NOW).expect("randomness").is_none());
    }

    #[test]
    fn a_session_is_found_by_its_cookie_until_nobody_uses_it() {
        let mut door = door();
        let start = start(&mut door);
        let set = door.open(&start, NOW).expect("randomness").expect("a session");
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"));
        let pair = set.split(';').next().expect("a pair").to_owned();
        let with = headers(&[("cookie", &format!("a=b; {pair}"))]);
        let id = door.session(&with, NOW).expect("a session");
        let token = door.remembered(id).expect("a session").token.clone();
        assert!(door.is_token(id, &token));
        assert!(!door.is_token(id, ""));
        assert_eq!(door.session(&headers(&[("cookie", "doorstep-4711=00")]), NOW), Err(Refusal::NoSession));
        assert_eq!(door.session(&with, Millis(NOW.0 + SESSION_IDLE_MS + 1)), Err(Refusal::NoSession));
        assert_eq!(door.session(&with, NOW), Err(Refusal::NoSession), "gone for good");
    }

    #[test]
    fn another_name_for_this_machine_is_not_answered() {
        let door = door();
        assert_eq!(door.check_host(&headers(&[("host", "127.0.0.1:4711")])), Ok(()));
        for host in ["localhost:4711", "127.0.0.1", "evil.example:4711", "127.0.0.1:4712"] {
            assert_eq!(door.check_host(&headers(&[("host", host)])), Err(Refusal::Host), "{host}");
        }
        assert_eq!(door.check_host(&HeaderMap::new()), Err(Refusal::Host));
    }

    #[test]
    fn only_these_pages_may_change_anything() {
        let door = door();
        let own = headers(&[("origin", "http://127.0.0.1:4711"), ("sec-fetch-site", "same-origin")]);
        assert_eq!(door.check_origin(&Method::POST, &own), Ok(()));
        assert_eq!(door.check_origin(&Method::GET, &headers(&[("sec-fetch-site", "none")])), Ok(()));
        assert_eq!(door.check_origin(&Method::POST, &HeaderMap::new()), Err(Refusal::Origin), "no origin named");
        for (name, value) in [
            ("origin", "http://127.0.0.1:4712"),
            ("origin", "null"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "cross-site"),
        ] {
            assert_eq!(door.check_origin(&Method::GET, &headers(&[(name, value)])), Err(Refusal::Origin), "{value}");
        }
    }

    #[test]
    fn neither_links_nor_sessions_pile_up() {
        let mut door = door();
        let first = start(&mut door);
        for _ in 0..STARTS_MAX {
            start(&mut door);
        }
        assert!(door.open(&first, NOW).expect("randomness").is_none(), "the oldest went");
        for turn in 0..SESSIONS_MAX as u64 + 3 {
            let one = start(&mut door);
            door.open(&one, Millis(NOW.0 + turn)).expect("randomness").expect("a session");
        }
        assert_eq!(door.sessions.len(), SESSIONS_MAX);
    }
}

//! Which addresses are spoken to: `https://host[:port]`, and `http://` on this machine only unless it is allowed.

use std::fmt;
use std::net::IpAddr;

use http::Uri;
use http::uri::Scheme;

/// The longest address.
const ADDRESS_BYTES_MAX: usize = 512;

/// Whether HTTP without TLS may leave this machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only to this machine itself.
    #[default]
    LoopbackOnly,
    /// Anywhere: bodies are sealed and signed, but who talks to whom is seen on the way.
    Anywhere,
}

/// Why an address is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an address.
    #[error("this is not a server's address: write it like https://doorstep.example.org")]
    Form,
    /// With a path, query, name or password.
    #[error("a server's address is scheme, host and port only: write it like https://doorstep.example.org")]
    MoreThanHost,
    /// Plain HTTP to another machine.
    #[error("http:// without TLS is used on this machine only: write https://, or allow plain HTTP explicitly")]
    PlainHttp,
}

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    scheme: Scheme,
    authority: http::uri::Authority,
}

impl ServerAddress {
    /// Reads an address as a person writes it.
    ///
    /// # Errors
    /// [`AddressError`], which names the remedy.
    pub fn parse(text: &str, plain: PlainHttp) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.len() > ADDRESS_BYTES_MAX {
            return Err(AddressError::Form);
        }
        let parts = text.parse::<Uri>().map_err(|_| AddressError::Form)?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else { return Err(AddressError::Form) };
        let bare = parts.path_and_query.is_none_or(|path| path == "/");
        if !bare || authority.as_str().contains('@') {
            return Err(AddressError::MoreThanHost);
        }
        if authority.host().is_empty() || (scheme != Scheme::HTTP && scheme != Scheme::HTTPS) {
            return Err(AddressError::Form);
        }
        if scheme == Scheme::HTTP && plain == PlainHttp::LoopbackOnly && !is_loopback(authority.host()) {
            return Err(AddressError::PlainHttp);
        }
        Ok(Self { scheme, authority })
    }

    /// The address of a path of the protocol.
    pub(super) fn uri(&self, path: &str) -> Uri {
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path)
            .build()
            .expect("scheme, authority and path were each checked")
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine_unless_it_is_allowed() {
        for text in
            ["http://127.0.0.1:8470", "http://[::1]:8470/", "http://localhost", "https://doorstep.example.org:1"]
        {
            assert!(ServerAddress::parse(text, PlainHttp::LoopbackOnly).is_ok(), "{text}");
        }
        for text in ["http://10.0.0.7", "http://doorstep.example.org", "http://127.0.0.1.example.org"] {
            assert_eq!(ServerAddress::parse(text, PlainHttp::LoopbackOnly), Err(AddressError::PlainHttp), "{text}");
            assert!(ServerAddress::parse(text, PlainHttp::Anywhere).is_ok(), "{text}");
        }
    }

    #[test]
    fn an_address_is_scheme_host_and_port_only() {
        for text in ["https://a/path", "https://a/?q", "https://name:word@a", "https://name@a/"] {
            assert_eq!(ServerAddress::parse(text, PlainHttp::LoopbackOnly), Err(AddressError::MoreThanHost), "{text}");
        }
        for text in ["", "a", "/", "ftp://a", "https://", "doorstep.example.org:1", &"x".repeat(1_000)] {
            assert_eq!(ServerAddress::parse(text, PlainHttp::LoopbackOnly), Err(AddressError::Form), "{text}");
        }
    }

    #[test]
    fn an_address_reads_back_from_its_own_text() {
        let address = ServerAddress::parse(" https://doorstep.example.org:8470/ ", PlainHttp::LoopbackOnly);
        let address = address.expect("a whole address");
        assert_eq!(address.to_string(), "https://doorstep.example.org:8470");
        assert_eq!(address.uri("/v1/sync").to_string(), "https://doorstep.example.org:8470/v1/sync");
    }
}

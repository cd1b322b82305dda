//! HTTP message signatures (RFC 9421, Ed25519) and content digests (RFC 9530, SHA-256), cut down to the one form that
//! Doorstep speaks: one label, one tag, fixed components in a fixed order. Everything else is refused.
//!
//! [`request`] is what a device signs, [`answer`] what the server signs. Nothing here holds a secret: signing is a
//! closure over the signature base. `created` is never compared with a clock, because a tablet's clock may be wrong:
//! that a request is fresh follows from the challenge or the session token it names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sfv::{BareItem, Dictionary, InnerList, Item, ListEntry, Parameters, Parser};

use crate::hash;
use crate::ids::{Digest32, Millis, Signature};
use crate::signature::SignatureError;

pub mod answer;
pub mod request;

pub use answer::{AnswerHead, AnswerHeaders, ReceivedAnswer, SignedContent};
pub use request::{ClaimedRequest, ReceivedRequest, RequestHead, RequestHeaders, VerifiedRequest};

/// Header of the content digest.
pub const CONTENT_DIGEST: &str = "content-digest";
/// Header that says what is signed.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// Header of the signature.
pub const SIGNATURE: &str = "signature";
/// Header that names the tenant: 32 hexadecimal digits.
pub const PARTNERSHIP: &str = "doorstep-partnership";
/// Header of the session token, or of the challenge when a session is opened: base64.
pub const SESSION: &str = "doorstep-session";
/// The label of the signature in both signature headers.
pub const LABEL: &str = "doorstep";
/// The longest value of one of these headers.
pub const HEADER_VALUE_BYTES_MAX: usize = 1_024;

const ALGORITHM: &str = "ed25519";
const TAG: &str = "doorstep";
/// The largest integer of a structured field.
const CREATED_SECONDS_MAX: u64 = 999_999_999_999_999;

/// Why a message's signature is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpSignatureError {
    /// A header is missing, too long, or not in its one form.
    #[error("the header {0} is missing or not in its one form")]
    Header(&'static str),
    /// The signature covers other components, or has other parameters, than this protocol asks for.
    #[error("the signature does not cover exactly what it must")]
    Components,
    /// The body is not the one that was signed.
    #[error("the content is not what its digest says")]
    Content,
    /// The signature does not hold.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// The SHA-256 digest of a body, as [`CONTENT_DIGEST`] carries it.
#[must_use]
pub fn content_digest(body: &[u8]) -> Digest32 {
    hash::sha256(body)
}

/// `created`, `keyid` and the two fixed parameters.
struct Params<'a> {
    created: Millis,
    key_id: &'a str,
}

/// `("a" "b");created=…;keyid="…";alg="ed25519";tag="doorstep"`. `components` are written as they stand, quotes included.
fn signature_params(components: &[&str], params: &Params<'_>) -> String {
    let created = (params.created.0 / 1_000).min(CREATED_SECONDS_MAX);
    let key_id = params.key_id;
    let list = components.join(" ");
    format!("({list});created={created};keyid=\"{key_id}\";alg=\"{ALGORITHM}\";tag=\"{TAG}\"")
}

/// The signature base: a line for each component, then the parameters.
fn signature_base(lines: &[(&str, &str)], signature_params: &str) -> Vec<u8> {
    let mut base = String::new();
    for (component, value) in lines {
        base.push_str(component);
        base.push_str(": ");
        base.push_str(value);
        base.push('\n');
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(signature_params);
    base.into_bytes()
}

fn byte_sequence(bytes: &[u8]) -> String {
    format!(":{}:", STANDARD.encode(bytes))
}

fn digest_value(digest: &Digest32) -> String {
    format!("sha-256={}", byte_sequence(&digest.0))
}

fn input_value(signature_params: &str) -> String {
    format!("{LABEL}={signature_params}")
}

fn signature_value(signature: &Signature) -> String {
    format!("{LABEL}={}", byte_sequence(&signature.0))
}

/// The only member of a dictionary, which must have this key.
fn only_member(header: &'static str, key: &str, value: &str) -> Result<ListEntry, HttpSignatureError> {
    let refused = HttpSignatureError::Header(header);
    if value.len() > HEADER_VALUE_BYTES_MAX {
        return Err(refused);
    }
    let mut members = Parser::new(value).parse::<Dictionary>().map_err(|_| refused)?.into_iter();
    match (members.next(), members.next()) {
        (Some((name, entry)), None) if name.as_str() == key => Ok(entry),
        _ => Err(refused),
    }
}

fn only_bytes(header: &'static str, key: &str, value: &str) -> Result<Vec<u8>, HttpSignatureError> {
    match only_member(header, key, value)? {
        ListEntry::Item(Item { bare_item: BareItem::ByteSequence(bytes), params }) if params.is_empty() => Ok(bytes),
        _ => Err(HttpSignatureError::Header(header)),
    }
}

fn parse_digest(value: &str) -> Result<Digest32, HttpSignatureError> {
    let digest = only_bytes(CONTENT_DIGEST, "sha-256", value)?;
    let digest = Digest32::from_slice(&digest).ok_or(HttpSignatureError::Header(CONTENT_DIGEST))?;
    one_form(CONTENT_DIGEST, value, &digest_value(&digest))?;
    Ok(digest)
}

fn parse_signature(value: &str) -> Result<Signature, HttpSignatureError> {
    let signature = only_bytes(SIGNATURE, LABEL, value)?;
    let signature = Signature::from_slice(&signature).ok_or(HttpSignatureError::Header(SIGNATURE))?;
    one_form(SIGNATURE, value, &signature_value(&signature))?;
    Ok(signature)
}

/// A header means one thing and is written in one way.
fn one_form(header: &'static str, found: &str, canonical: &str) -> Result<(), HttpSignatureError> {
    if found == canonical { Ok(()) } else { Err(HttpSignatureError::Header(header)) }
}

/// When it was signed and by which key, from a signature input that covers exactly `components`.
fn parse_input(value: &str, components: &[&str]) -> Result<(Millis, String), HttpSignatureError> {
    let ListEntry::InnerList(InnerList { params, .. }) = only_member(SIGNATURE_INPUT, LABEL, value)? else {
        return Err(HttpSignatureError::Header(SIGNATURE_INPUT));
    };
    let (created, key_id) = parse_params(&params).ok_or(HttpSignatureError::Components)?;
    // Components, their parameters, the order of everything and the fixed values are compared at once.
    let expected = input_value(&signature_params(components, &Params { created, key_id: &key_id }));
    if value == expected { Ok((created, key_id)) } else { Err(HttpSignatureError::Components) }
}

fn parse_params(params: &Parameters) -> Option<(Millis, String)> {
    let parameter = |key: &str| params.iter().find(|(name, _)| name.as_str() == key).map(|(_, value)| value);
    let BareItem::Integer(created) = parameter("created")? else { return None };
    let BareItem::String(key_id) = parameter("keyid")? else { return None };
    let seconds = u64::try_from(i64::from(*created)).ok()?;
    let plain = key_id.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| (Millis(seconds.saturating_mul(1_000)), key_id.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SignPublic;

    /// RFC 9421, appendix B.2.6, with the key of B.1.4.
    #[test]
    fn the_base_is_the_one_of_the_standards_own_example() {
        let lines = [
            ("\"date\"", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("\"@method\"", "POST"),
            ("\"@path\"", "/foo"),
            ("\"@authority\"", "example.com"),
            ("\"content-type\"", "application/json"),
            ("\"content-length\"", "18"),
        ];
        let params = "(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")\
                      ;created=1618884473;keyid=\"test-key-ed25519\"";
        let base = signature_base(&lines, params);
        let key: SignPublic =
            "26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb".parse().expect("32 bytes of hex");
        let signature = STANDARD
            .decode("wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==")
            .expect("base64");
        let signature = Signature::from_slice(&signature).expect("64 bytes");
        assert_eq!(crate::signature::verify_raw(&key, &base, &signature), Ok(()));
    }

    /// RFC 9530, appendix D: the digest of `{"hello": "world"}` and a line feed.
    #[test]
    fn the_digest_is_the_one_of_the_standards_own_example() {
        let value = digest_value(&content_digest(b"{\"hello\": \"world\"}\n"));
        assert_eq!(value, "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
        assert_eq!(parse_digest(&value), Ok(content_digest(b"{\"hello\": \"world\"}\n")));
    }

    #[test]
    fn a_header_in_a_second_form_is_refused() {
        let value = digest_value(&content_digest(b""));
        for other in [
            format!(" {value}"),
            format!("{value};a"),
            format!("{value}, sha-512=:AAAA:"),
            value.replace("sha-256", "sha-512"),
            value.replace("=:", ":"),
            "x".repeat(HEADER_VALUE_BYTES_MAX + 1),
        ] {
            assert_eq!(parse_digest(&other), Err(HttpSignatureError::Header(CONTENT_DIGEST)), "{other}");
        }
    }
    #[test]
    fn a_signature_in_a_second_form_is_refused() {
        let value = signature_value(&Signature([5; 64]));
        assert_eq!(parse_signature(&value), Ok(Signature([5; 64])));
        for other in [format!(" {value}"), format!("{value};a"), value.replacen(LABEL, "other", 1)] {
            assert_eq!(parse_signature(&other), Err(HttpSignatureError::Header(SIGNATURE)), "{other}");
        }
    }

    #[test]
    fn a_header_value_has_no_more_bytes_than_the_limit() {
        let input = |key_id: &str| input_value(&signature_params(&[], &Params { created: Millis(1_000), key_id }));
        let padding = "k".repeat(HEADER_VALUE_BYTES_MAX - input("").len());
        assert_eq!(parse_input(&input(&padding), &[]), Ok((Millis(1_000), padding.clone())));
        let longer = input(&format!("{padding}k"));
        assert_eq!(parse_input(&longer, &[]), Err(HttpSignatureError::Header(SIGNATURE_INPUT)));
    }
}

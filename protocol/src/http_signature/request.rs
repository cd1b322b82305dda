//! What a device signs: method, path, digest of the body, tenant, and the session (or the challenge that opens one).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{
    HttpSignatureError, PARTNERSHIP, Params, SESSION, digest_value, input_value, one_form, parse_digest, parse_input,
    parse_signature, signature_base, signature_params, signature_value,
};
use crate::ids::{DeviceId, Digest32, Millis, PartnershipId, SignPublic, Signature};
use crate::signature;
use crate::wire::TOKEN_BYTES_MAX;

const COMPONENTS: [&str; 5] =
    ["\"@method\"", "\"@path\"", "\"content-digest\"", "\"doorstep-partnership\"", "\"doorstep-session\""];

/// What a signed request says before its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestHead<'a> {
    /// In capitals: `POST`.
    pub method: &'a str,
    /// The path as sent, without a query: `/v1/sync`. A signed request has no query.
    pub path: &'a str,
    /// The tenant.
    pub partnership: PartnershipId,
    /// The session token, or the challenge when a session is opened.
    pub session: &'a [u8],
    /// Who signs.
    pub device: DeviceId,
    /// When, by the device's clock. Only whole seconds travel.
    pub created: Millis,
    /// [`super::content_digest`] of the body; of nothing when there is none.
    pub content: Digest32,
}

/// The values of the headers of a signed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHeaders {
    /// Of [`super::CONTENT_DIGEST`].
    pub content_digest: String,
    /// Of [`PARTNERSHIP`].
    pub partnership: String,
    /// Of [`SESSION`].
    pub session: String,
    /// Of [`super::SIGNATURE_INPUT`].
    pub signature_input: String,
    /// Of [`super::SIGNATURE`].
    pub signature: String,
    /// The signature itself: the answer is bound to it.
    pub signed: Signature,
}

impl RequestHeaders {
    /// Names and values, to be put on a request.
    #[must_use]
    pub fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            (super::CONTENT_DIGEST, &self.content_digest),
            (PARTNERSHIP, &self.partnership),
            (SESSION, &self.session),
            (super::SIGNATURE_INPUT, &self.signature_input),
            (super::SIGNATURE, &self.signature),
        ]
    }
}

impl RequestHead<'_> {
    fn params(&self) -> String {
        let key_id = self.device.to_string();
        signature_params(&COMPONENTS, &Params { created: self.created, key_id: &key_id })
    }

    fn base(&self) -> Vec<u8> {
        let lines = [
            (COMPONENTS[0], self.method),
            (COMPONENTS[1], self.path),
            (COMPONENTS[2], &digest_value(&self.content)),
            (COMPONENTS[3], &self.partnership.to_string()),
            (COMPONENTS[4], &STANDARD.encode(self.session)),
        ];
        signature_base(&lines, &self.params())
    }

    /// Signs the request: `sign` is handed the signature base.
    #[must_use]
    pub fn sign(&self, sign: impl FnOnce(&[u8]) -> Signature) -> RequestHeaders {
        let signed = sign(&self.base());
        RequestHeaders {
            content_digest: digest_value(&self.content),
            partnership: self.partnership.to_string(),
            session: STANDARD.encode(self.session),
            signature_input: input_value(&self.params()),
            signature: signature_value(&signed),
            signed,
        }
    }
}

/// A request's method, path and header values, as they came. A header that is missing or stands twice is `""`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceivedRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, without a query.
    pub path: &'a str,
    /// Of [`super::CONTENT_DIGEST`].
    pub content_digest: &'a str,
    /// Of [`PARTNERSHIP`].
    pub partnership: &'a str,
    /// Of [`SESSION`].
    pub session: &'a str,
    /// Of [`super::SIGNATURE_INPUT`].
    pub signature_input: &'a str,
    /// Of [`super::SIGNATURE`].
    pub signature: &'a str,
}

/// A request whose signature has the right form; whether it holds is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedRequest {
    partnership: PartnershipId,
    device: DeviceId,
    session: Vec<u8>,
    content: Digest32,
    signature: Signature,
    base: Vec<u8>,
}

impl ReceivedRequest<'_> {
    /// Reads the headers, refusing every form but the one that [`RequestHead::sign`] writes.
    ///
    /// # Errors
    /// [`HttpSignatureError`], never about the signature itself.
    pub fn parse(&self) -> Result<ClaimedRequest, HttpSignatureError> {
        let content = parse_digest(self.content_digest)?;
        let partnership: PartnershipId =
            self.partnership.parse().map_err(|_| HttpSignatureError::Header(PARTNERSHIP))?;
        one_form(PARTNERSHIP, self.partnership, &partnership.to_string())?;
        if self.session.len() > TOKEN_BYTES_MAX * 2 {
            return Err(HttpSignatureError::Header(SESSION));
        }
        let session = STANDARD.decode(self.session).map_err(|_| HttpSignatureError::Header(SESSION))?;
        if session.is_empty() || session.len() > TOKEN_BYTES_MAX {
            return Err(HttpSignatureError::Header(SESSION));
        }
        let signature = parse_signature(self.signature)?;
        let (created, key_id) = parse_input(self.signature_input, &COMPONENTS)?;
        let device: DeviceId = key_id.parse().map_err(|_| HttpSignatureError::Components)?;
        if device.to_string() != key_id {
            return Err(HttpSignatureError::Components);
        }
        let head = RequestHead {
            method: self.method,
            path: self.path,
            partnership,
            session: &session,
            device,
            created,
            content,
        };
        let base = head.base();
        Ok(ClaimedRequest { partnership, device, session, content, signature, base })
    }
}

impl ClaimedRequest {
    /// The tenant it names.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// Who it says has signed it.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// The session token or challenge.
    #[must_use]
    pub fn session(&self) -> &[u8] {
        &self.session
    }

    /// Its signature, to which the answer is bound.
    #[must_use]
    pub const fn signature(&self) -> Signature {
        self.signature
    }

    /// Checks the signature against the device's key from the authority log.
    ///
    /// # Errors
    /// [`HttpSignatureError::Signature`].
    pub fn verify(self, device_key: &SignPublic) -> Result<VerifiedRequest, HttpSignatureError> {
        signature::verify_raw(device_key, &self.base, &self.signature)?;
        Ok(VerifiedRequest(self))
    }
}

/// A request that its device has signed. The body is checked apart, because it comes later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedRequest(ClaimedRequest);

impl VerifiedRequest {
    /// The tenant.
    #[must_use]
    pub const fn partnership(&self) -> PartnershipId {
        self.0.partnership
    }

    /// Who signed it.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.0.device
    }

    /// The signature, to which the answer is bound.
    #[must_use]
    pub const fn signature(&self) -> Signature {
        self.0.signature
    }

    /// Checks that this body is the one that was signed.
    ///
    /// # Errors
    /// [`HttpSignatureError::Content`].
    pub fn check_content(&self, body: &[u8]) -> Result<(), HttpSignatureError> {
        if super::content_digest(body) == self.0.content { Ok(()) } else { Err(HttpSignatureError::Content) }
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;
    use crate::http_signature::content_digest;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn sign(base: &[u8]) -> Signature {
        Signature(key().sign(base).to_bytes())
    }

    fn head() -> RequestHead<'static> {
        RequestHead {
            method: "POST",
            path: "/v1/sync",
            partnership: PartnershipId([1; 16]),
            session: b"token",
            device: DeviceId([2; 16]),
            created: Millis(1_700_000_000_999),
            content: content_digest(b"body"),
        }
    }

    fn received(headers: &RequestHeaders) -> ReceivedRequest<'_> {
        ReceivedRequest {
            method: "POST",
            path: "/v1/sync",
            content_digest: &headers.content_digest,
            partnership: &headers.partnership,
            session: &headers.session,
            signature_input: &headers.signature_input,
            signature: &headers.signature,
        }
    }

    fn public() -> SignPublic {
        SignPublic(key().verifying_key().to_bytes())
    }

    #[test]
    fn a_request_reads_back_as_its_device_signed_it() {
        let headers = head().sign(sign);
        let claimed = received(&headers).parse().expect("our own form");
        assert_eq!((claimed.device(), claimed.session()), (DeviceId([2; 16]), &b"token"[..]));
        let verified = claimed.verify(&public()).expect("our own signature");
        assert_eq!(verified.check_content(b"body"), Ok(()));
        assert_eq!(verified.check_content(b"bodY"), Err(HttpSignatureError::Content));
        assert_eq!(verified.signature(), headers.signed);
    }

    #[test]
    fn a_request_turned_to_another_purpose_does_not_verify() {
        let headers = head().sign(sign);
        let others = [
            ReceivedRequest { method: "GET", ..received(&headers) },
            ReceivedRequest { path: "/v1/watch", ..received(&headers) },
            ReceivedRequest { partnership: "02020202020202020202020202020202", ..received(&headers) },
            ReceivedRequest { session: "dG9rZW4y", ..received(&headers) },
            ReceivedRequest {
                content_digest: "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
                ..received(&headers)
            },
        ];
        for other in others {
            let claimed = other.parse().expect("the form is right");
            assert!(matches!(claimed.verify(&public()), Err(HttpSignatureError::Signature(_))), "{other:?}");
        }
        let later = headers.signature_input.replace("=1700000000;", "=1700000001;");
        let claimed = ReceivedRequest { signature_input: &later, ..received(&headers) }.parse().expect("form");
        assert!(claimed.verify(&public()).is_err());
    }

    #[test]
    fn each_header_stands_under_its_own_name() {
        let headers = head().sign(sign);
        let expected = [
            ("content-digest", &headers.content_digest),
            ("doorstep-partnership", &headers.partnership),
            ("doorstep-session", &headers.session),
            ("signature-input", &headers.signature_input),
            ("signature", &headers.signature),
        ];
        assert_eq!(headers.pairs(), expected.map(|(name, value)| (name, value.as_str())));
    }

    #[test]
    fn a_partnership_in_capitals_is_refused() {
        let headers = RequestHead { partnership: PartnershipId([0xab; 16]), ..head() }.sign(sign);
        assert!(received(&headers).parse().is_ok());
        let capitals = headers.partnership.to_uppercase();
        let refused = ReceivedRequest { partnership: &capitals, ..received(&headers) }.parse();
        assert_eq!(refused, Err(HttpSignatureError::Header(PARTNERSHIP)));
    }

    #[test]
    fn a_session_has_one_byte_at_least_and_no_more_than_the_limit() {
        let parsed = |bytes: usize| {
            let session = vec![7; bytes];
            let headers = RequestHead { session: &session, ..head() }.sign(sign);
            received(&headers).parse().map(|claimed| claimed.session().len())
        };
        let refused = Err(HttpSignatureError::Header(SESSION));
        assert_eq!((parsed(1), parsed(TOKEN_BYTES_MAX)), (Ok(1), Ok(TOKEN_BYTES_MAX)));
        assert_eq!((parsed(0), parsed(TOKEN_BYTES_MAX + 1)), (refused, refused));
    }

    #[test]
    fn other_components_and_parameters_are_refused() {
        let headers = head().sign(sign);
        for (from, to) in [
            ("\"@method\" ", ""),
            ("\"@path\"", "\"@target-uri\""),
            ("\"@method\" \"@path\"", "\"@path\" \"@method\""),
            ("\"doorstep-session\"", "\"doorstep-session\";bs"),
            (";tag=\"doorstep\"", ""),
            (";alg=\"ed25519\"", ";alg=\"rsa-v1_5-sha256\""),
            (";created=1700000000", ""),
            (";created=1700000000", ";created=1700000000;expires=1700000001"),
            ("doorstep=(", "other=("),
            ("\"02", "\"\\\"2"),
        ] {
            let input = headers.signature_input.replacen(from, to, 1);
            assert_ne!(input, headers.signature_input, "{from}");
            let refused = ReceivedRequest { signature_input: &input, ..received(&headers) }.parse();
            assert!(
                matches!(refused, Err(HttpSignatureError::Components | HttpSignatureError::Header(_))),
                "{input}: {refused:?}"
            );
        }
        let two = format!("{0}, {0}", headers.signature_input);
        assert!(ReceivedRequest { signature_input: &two, ..received(&headers) }.parse().is_err());
        assert!(ReceivedRequest { session: "", ..received(&headers) }.parse().is_err());
        assert!(ReceivedRequest::default().parse().is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_header_value_makes_the_reader_fall_over(value in "\\PC{0,200}") {
            let headers = head().sign(sign);
            let fine = received(&headers);
            for odd in [
                ReceivedRequest { signature_input: &value, ..fine },
                ReceivedRequest { signature: &value, ..fine },
                ReceivedRequest { session: &value, ..fine },
                ReceivedRequest { partnership: &value, ..fine },
                ReceivedRequest { content_digest: &value, ..fine },
            ] {
                if let Ok(claimed) = odd.parse() {
                    let unchanged = odd == fine;
                    proptest::prop_assert_eq!(claimed.verify(&public()).is_ok(), unchanged);
                }
            }
        }
    }
}

//! What the server signs: the status, the content, and the signature of the request that is answered.
//!
//! A streamed answer cannot say its digest before its end: its head signs the content type, and the closing frame
//! ([`crate::wire::frame::Closing`]) signs the stream.

use super::{
    HttpSignatureError, Params, byte_sequence, digest_value, input_value, one_form, parse_digest, parse_input,
    parse_signature, signature_base, signature_params, signature_value,
};
use crate::ids::{Digest32, Millis, SignPublic, Signature};
use crate::signature;

const STATUS: &str = "\"@status\"";
const CONTENT_DIGEST: &str = "\"content-digest\"";
const CONTENT_TYPE: &str = "\"content-type\"";
const REQUEST: &str = "\"signature\";req;key=\"doorstep\"";
/// The server has one key at a time: the genesis names it.
const KEY_ID: &str = "server";

/// What stands for the content in an answer's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedContent<'a> {
    /// The digest of the whole body.
    Digest(Digest32),
    /// The content type of a stream, whose closing frame signs it.
    Stream {
        /// Value of the `content-type` header.
        content_type: &'a str,
    },
}

/// What a signed answer says before its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerHead<'a> {
    /// The status code.
    pub status: u16,
    /// The content.
    pub content: SignedContent<'a>,
    /// The signature of the request that is answered; `None` when that was not signed.
    pub request: Option<Signature>,
    /// When, by the server's clock. Only whole seconds travel.
    pub created: Millis,
}

/// The values of the headers of a signed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerHeaders {
    /// Of [`super::CONTENT_DIGEST`]; none on a stream.
    pub content_digest: Option<String>,
    /// Of [`super::SIGNATURE_INPUT`].
    pub signature_input: String,
    /// Of [`super::SIGNATURE`].
    pub signature: String,
}

impl AnswerHead<'_> {
    fn lines(&self) -> Vec<(&'static str, String)> {
        let content = match self.content {
            SignedContent::Digest(digest) => (CONTENT_DIGEST, digest_value(&digest)),
            SignedContent::Stream { content_type } => (CONTENT_TYPE, content_type.to_owned()),
        };
        let request = self.request.map(|signature| (REQUEST, byte_sequence(&signature.0)));
        [(STATUS, self.status.to_string()), content].into_iter().chain(request).collect()
    }

    fn base_and_params(&self) -> (Vec<u8>, String) {
        let lines = self.lines();
        let lines: Vec<(&str, &str)> = lines.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let components: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
        let params = signature_params(&components, &Params { created: self.created, key_id: KEY_ID });
        (signature_base(&lines, &params), params)
    }

    /// Signs the answer: `sign` is handed the signature base.
    #[must_use]
    pub fn sign(&self, sign: impl FnOnce(&[u8]) -> Signature) -> AnswerHeaders {
        let (base, params) = self.base_and_params();
        AnswerHeaders {
            content_digest: match &self.content {
                SignedContent::Digest(digest) => Some(digest_value(digest)),
                SignedContent::Stream { .. } => None,
            },
            signature_input: input_value(&params),
            signature: signature_value(&sign(&base)),
        }
    }
}

/// An answer's status and header values, as they came. A header that is missing or stands twice is `""`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReceivedAnswer<'a> {
    /// The status code.
    pub status: u16,
    /// Of [`super::CONTENT_DIGEST`].
    pub content_digest: &'a str,
    /// Of [`super::SIGNATURE_INPUT`].
    pub signature_input: &'a str,
    /// Of [`super::SIGNATURE`].
    pub signature: &'a str,
}

impl ReceivedAnswer<'_> {
    /// Checks that the server gave this very body in answer to this very request (`None`: to an unsigned one).
    ///
    /// # Errors
    /// [`HttpSignatureError`].
    pub fn verify(
        &self,
        server: &SignPublic,
        request: Option<&Signature>,
        body: &[u8],
    ) -> Result<(), HttpSignatureError> {
        let digest = parse_digest(self.content_digest)?;
        if super::content_digest(body) != digest {
            return Err(HttpSignatureError::Content);
        }
        self.verify_head(server, request, SignedContent::Digest(digest))
    }

    /// Checks the head of a streamed answer. Nothing in the stream counts before its closing frame holds too.
    ///
    /// # Errors
    /// [`HttpSignatureError`].
    pub fn verify_stream(
        &self,
        server: &SignPublic,
        request: &Signature,
        content_type: &str,
    ) -> Result<(), HttpSignatureError> {
        one_form(super::CONTENT_DIGEST, self.content_digest, "")?;
        self.verify_head(server, Some(request), SignedContent::Stream { content_type })
    }

    fn verify_head(
        &self,
        server: &SignPublic,
        request: Option<&Signature>,
        content: SignedContent<'_>,
    ) -> Result<(), HttpSignatureError> {
        let signature = parse_signature(self.signature)?;
        let unsigned = AnswerHead { status: self.status, content, request: request.copied(), created: Millis(0) };
        let components: Vec<&str> = unsigned.lines().iter().map(|(name, _)| *name).collect();
        let (created, key_id) = parse_input(self.signature_input, &components)?;
        if key_id != KEY_ID {
            return Err(HttpSignatureError::Components);
        }
        let (base, _) = AnswerHead { created, ..unsigned }.base_and_params();
        Ok(signature::verify_raw(server, &base, &signature)?)
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;
    use crate::http_signature::content_digest;
    use crate::wire::STREAM_MEDIA_TYPE;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[9; 32])
    }

    fn public() -> SignPublic {
        SignPublic(key().verifying_key().to_bytes())
    }

    fn signed(head: &AnswerHead<'_>) -> AnswerHeaders {
        head.sign(|base| Signature(key().sign(base).to_bytes()))
    }

    const REQUEST: Signature = Signature([5; 64]);
    const OTHER: Signature = Signature([6; 64]);

    #[test]
    fn an_answer_holds_for_its_own_request_status_and_body_only() {
        let content = SignedContent::Digest(content_digest(b"fine"));
        let headers = signed(&AnswerHead { status: 200, content, request: Some(REQUEST), created: Millis(1_000) });
        let received = ReceivedAnswer {
            status: 200,
            content_digest: headers.content_digest.as_deref().unwrap_or_default(),
            signature_input: &headers.signature_input,
            signature: &headers.signature,
        };
        assert_eq!(received.verify(&public(), Some(&REQUEST), b"fine"), Ok(()));
        assert_eq!(received.verify(&public(), Some(&REQUEST), b"Fine"), Err(HttpSignatureError::Content));
        assert!(received.verify(&public(), Some(&OTHER), b"fine").is_err());
        assert!(received.verify(&public(), None, b"fine").is_err());
        assert!(ReceivedAnswer { status: 409, ..received }.verify(&public(), Some(&REQUEST), b"fine").is_err());
        assert!(received.verify(&SignPublic([3; 32]), Some(&REQUEST), b"fine").is_err());
        assert!(received.verify_stream(&public(), &REQUEST, STREAM_MEDIA_TYPE).is_err());
    }

    #[test]
    fn a_stream_is_bound_to_its_request_and_type() {
        let content = SignedContent::Stream { content_type: STREAM_MEDIA_TYPE };
        let headers = signed(&AnswerHead { status: 200, content, request: Some(REQUEST), created: Millis(1_000) });
        assert_eq!(headers.content_digest, None);
        let received = ReceivedAnswer {
            status: 200,
            content_digest: "",
            signature_input: &headers.signature_input,
            signature: &headers.signature,
        };
        assert_eq!(received.verify_stream(&public(), &REQUEST, STREAM_MEDIA_TYPE), Ok(()));
        let with_digest = ReceivedAnswer { content_digest: "sha-256=:AAAA:", ..received };
        assert!(with_digest.verify_stream(&public(), &REQUEST, STREAM_MEDIA_TYPE).is_err());
        assert!(received.verify_stream(&public(), &OTHER, STREAM_MEDIA_TYPE).is_err());
        assert!(received.verify_stream(&public(), &REQUEST, "text/html").is_err());
        assert!(received.verify(&public(), Some(&REQUEST), b"").is_err());
    }

    #[test]
    fn an_answer_to_nobody_is_not_an_answer_to_somebody() {
        let content = SignedContent::Digest(content_digest(b"card"));
        let headers = signed(&AnswerHead { status: 200, content, request: None, created: Millis(1_000) });
        let received = ReceivedAnswer {
            status: 200,
            content_digest: headers.content_digest.as_deref().unwrap_or_default(),
            signature_input: &headers.signature_input,
            signature: &headers.signature,
        };
        assert_eq!(received.verify(&public(), None, b"card"), Ok(()));
        assert_eq!(received.verify(&public(), Some(&REQUEST), b"card"), Err(HttpSignatureError::Components));
    }
}

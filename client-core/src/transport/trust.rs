//! Whose certificates are believed: the public authorities', and those a person names. TLS here hides who talks to whom;
//! what is said is signed and sealed on its own.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// The longest PEM text.
const PEM_BYTES_MAX: usize = 256 * 1024;

/// Whose certificates are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The public authorities'.
    #[default]
    Public,
    /// The public authorities', and these, in PEM: authorities of one's own, or the server's very certificate.
    PublicAnd(Vec<u8>),
    /// Only these.
    Only(Vec<u8>),
}

/// Why certificates cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The text holds no certificate.
    #[error("there is no certificate in this file: it must be PEM, with BEGIN CERTIFICATE")]
    NoCertificate,
    /// A certificate that cannot be used.
    #[error("a certificate in this file cannot be used: export it again")]
    Unusable,
}

impl Trust {
    /// The TLS configuration that believes them.
    pub(super) fn client_config(&self) -> Result<ClientConfig, TrustError> {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        if !matches!(self, Self::Only(_)) {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        let named = match self {
            Self::Public => Vec::new(),
            Self::PublicAnd(pem) | Self::Only(pem) => certificates(pem)?,
        };
        for certificate in &named {
            roots.add(certificate.clone()).map_err(|_| TrustError::Unusable)?;
        }
        let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
            .build()
            .map_err(|_| TrustError::Unusable)?;
        let verifier = Arc::new(Verifier { named, authorities, provider: provider.clone() });
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| TrustError::Unusable)?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        Ok(config)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    if pem.len() > PEM_BYTES_MAX {
        return Err(TrustError::Unusable);
    }
    let named: Vec<_> =
        CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|_| TrustError::NoCertificate)?;
    if named.is_empty() { Err(TrustError::NoCertificate) } else { Ok(named) }
}

/// Believes what an authority vouches for, and a certificate that is byte for byte one a person named: such a one is often
/// self-signed as an authority, which no verifier takes for a server.
#[derive(Debug)]
struct Verifier {
    named: Vec<CertificateDer<'static>>,
    authorities: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.named.iter().any(|named| named == end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        self.authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

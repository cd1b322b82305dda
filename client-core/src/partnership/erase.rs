//! Erasure: one admin proposes it and signs, another signs too, and the entry goes into the log. Until both have signed
//! there is nothing but a text.

use std::fmt::Write as _;

use doorstep_crypto::keys::Sign as _;
use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::{Body, Entry, Erase, EraseReason, ErasedEnvelope, SignedEntry};
use doorstep_protocol::{Bytes, DocumentId, Millis, SignerId, ZoneId, cbor, label, limits};

use super::writer::{AdminError, Written};
use crate::device::{Device, DeviceError};
use crate::order::Order as _;
use crate::store::envelopes;

const PREFIX: &str = "DOORSTEP-ERASE-1.";
/// The longest text of a proposal.
const TEXT_BYTES_MAX: usize = 512 * 1024;

/// A proposal that one admin has signed.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct ErasePlan {
    /// The entry of the log, as both sign it.
    #[n(0)]
    entry: Bytes,
    /// Who proposes it.
    #[n(1)]
    signer: SignerId,
    /// Their signature.
    #[n(2)]
    signature: doorstep_protocol::Signature,
}

const fn misread() -> AdminError {
    AdminError::Plan { field: "proposal", remedy: "copy it whole, from the first letter to the last" }
}

impl ErasePlan {
    /// As it is handed to the second admin. It holds ids and no content.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = PREFIX.to_owned();
        for byte in cbor::encode(self) {
            // Writing to a text does not fail.
            let _written = write!(text, "{byte:02x}");
        }
        text
    }

    /// As it was handed over.
    ///
    /// # Errors
    /// [`AdminError::Plan`].
    pub fn from_text(text: &str) -> Result<Self, AdminError> {
        let text: String =
            text.chars().filter(|c| !c.is_whitespace()).take(TEXT_BYTES_MAX * 2 + PREFIX.len()).collect();
        let encoded = text.strip_prefix(PREFIX).ok_or_else(misread)?;
        let digits: Vec<u8> = encoded.chars().map_while(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
        if digits.len() != encoded.len() || !digits.len().is_multiple_of(2) {
            return Err(misread());
        }
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        cbor::decode("proposal", &bytes, TEXT_BYTES_MAX).map_err(|_| misread())
    }

    /// What it erases.
    ///
    /// # Errors
    /// [`AdminError::Plan`] where it proposes something else.
    pub fn erase(&self) -> Result<Erase, AdminError> {
        match Entry::parse(&self.entry.0).map(|entry| entry.body) {
            Ok(Body::Erase(erase)) => Ok(erase),
            _ => Err(misread()),
        }
    }
}

/// Every envelope of a document that this desk knows, as an erasure names them.
fn envelopes_of(desk: &Device, document: DocumentId) -> Result<Vec<ErasedEnvelope>, AdminError> {
    let places = envelopes::places_of_document(desk.store().reader(), document, limits::ERASE_ENVELOPES_MAX);
    let mut found: Vec<ErasedEnvelope> = places
        .map_err(DeviceError::from)?
        .into_iter()
        .map(|(envelope, author, zseq)| ErasedEnvelope { envelope, author, zseq })
        .collect();
    found.order_by_key(|one| one.envelope);
    Ok(found)
}

/// Whether this desk is an admin's of the organisation that owns a zone.
///
/// # Errors
/// [`AdminError::Plan`] where it is not.
pub fn may_erase(desk: &Device, zone: ZoneId) -> Result<(), AdminError> {
    let authority = desk.authority()?;
    let owner = authority.zones().get(&zone).map(|zone| zone.organisation);
    if owner.is_some_and(|owner| authority.is_admin(desk.id(), owner)) {
        return Ok(());
    }
    Err(AdminError::Plan {
        field: "this desk",
        remedy: "it is not an admin of the organisation that owns the record: ask one of theirs",
    })
}

/// Proposes to erase a document, on the log as it is, and signs it.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn propose(
    desk: &Device,
    (zone, document): (ZoneId, DocumentId),
    reason: EraseReason,
    now: Millis,
) -> Result<ErasePlan, AdminError> {
    signed(desk, Erase { zone, document, reason, envelopes: envelopes_of(desk, document)? }, now)
}

/// Proposes to finish an erasure: names what came of the document since, and nothing else of it goes.
///
/// # Errors
/// [`AdminError`]; nothing was written anywhere.
pub fn propose_to_finish(
    desk: &Device,
    (zone, document): (ZoneId, DocumentId),
    now: Millis,
) -> Result<ErasePlan, AdminError> {
    let envelopes = desk.to_finish((zone, document))?;
    signed(desk, Erase { zone, document, reason: EraseReason::Finish, envelopes }, now)
}

fn signed(desk: &Device, erase: Erase, now: Millis) -> Result<ErasePlan, AdminError> {
    may_erase(desk, erase.zone)?;
    let authority = desk.authority()?;
    let signer = SignerId(desk.id().0);
    let entry = Entry {
        partnership: authority.partnership(),
        seq: authority.size().next(),
        prev: authority.head(),
        time: now,
        author: signer,
        body: Body::Erase(erase),
    };
    let entry = entry.to_bytes();
    let signature = desk.secrets.sign.try_sign(label::SIG_LOG, &Entry::signing_digest(&entry).0)?;
    Ok(ErasePlan { entry: Bytes(entry), signer, signature })
}

/// Signs a proposal at a second admin's desk: what is returned is to be appended.
///
/// # Errors
/// [`AdminError::Plan`] where the log has grown since it was proposed, or this desk proposed it itself.
pub fn sign(desk: &Device, plan: &ErasePlan) -> Result<Written, AdminError> {
    plan.erase()?;
    let authority = desk.authority()?;
    let me = SignerId(desk.id().0);
    if plan.signer == me {
        return Err(AdminError::Plan {
            field: "proposal",
            remedy: "this desk proposed it: another admin has to sign it, at another desk",
        });
    }
    let entry = Entry::parse(&plan.entry.0).map_err(|_| misread())?;
    if entry.seq != authority.size().next() || entry.prev != authority.head() {
        return Err(AdminError::Plan {
            field: "proposal",
            remedy: "the partnership's log has grown since it was made: ask for a new proposal",
        });
    }
    let signature = desk.secrets.sign.try_sign(label::SIG_LOG, &Entry::signing_digest(&plan.entry.0).0)?;
    let signatures = vec![
        EntrySignature { signer: plan.signer, signature: plan.signature },
        EntrySignature { signer: me, signature },
    ];
    let signed = SignedEntry::new(plan.entry.0.clone(), signatures);
    authority.check(&signed)?;
    Ok(Written { base_size: authority.size(), base_head: authority.head(), entries: vec![signed], wraps: Vec::new() })
}

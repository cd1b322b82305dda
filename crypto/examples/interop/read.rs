//! Reads a case of the other implementation: what must open gives exactly what went in, what must be refused is refused.

use doorstep_crypto::audit::{self, AuditKey, AuditMac};
use doorstep_crypto::invite::{InviteKey, InviteMac, derive_invite_key};
use doorstep_crypto::keys::{
    FileKey, InviteSecret, KemSecret, LocatorKey, SigningKey, TeamKey, ZoneKey, derive_drop_box,
};
use doorstep_crypto::local::{LocalKey, derive_key_of, open_local};
use doorstep_crypto::part::{PartKind, PartPlace, open_part};
use doorstep_crypto::passphrase::PassphraseCost;
use doorstep_crypto::pin::{PinPepper, derive_pin_key_of};
use doorstep_crypto::shares::{RecoveryShare, recover_secret};
use doorstep_crypto::words::OneTimePhrase;
use doorstep_crypto::wrap::{open_invite, open_sealed, unwrap};
use doorstep_crypto::{envelope, locator};
use doorstep_protocol::envelope::{Envelope, Keying};
use doorstep_protocol::feed::{FeedPoint, heads_digest};
use doorstep_protocol::wrap::{KeyWrapPurpose, SealedWrapPurpose};
use doorstep_protocol::{
    EnvelopeId, FeedHead, FeedNumber, FileId, InviteId, KeyCommitment, SignPublic, Signature, ZoneId, cbor, hash,
    signature,
};
use serde_json::Value;

use crate::json::{
    array, bytes, from_hex, header_from_json, hex, key_wrap_from_json, list, number, sealed_wrap_from_json, text,
};
use crate::record::Item;

const RECORD_BYTES_MAX: usize = 1_000_000;

/// How reading went wrong: the case itself, or the bytes in it.
enum Wrong {
    /// The case cannot be understood.
    Case(String),
    /// The bytes were refused.
    Refused(String),
    /// The bytes opened and gave something else.
    Differs(&'static str),
}

impl From<String> for Wrong {
    fn from(text: String) -> Self {
        Self::Case(text)
    }
}

fn refused(error: impl core::fmt::Debug) -> Wrong {
    Wrong::Refused(format!("{error:?}"))
}

fn same<T: PartialEq>(what: &'static str, found: &T, expected: &T) -> Result<(), Wrong> {
    if found == expected { Ok(()) } else { Err(Wrong::Differs(what)) }
}

/// Reads one line.
pub(crate) fn check(line: &str) -> Result<(), String> {
    let case: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let format = text(&case, "format")?;
    let read = match format {
        "envelope" | "drop_box" => envelope_case(&case),
        "key_wrap" => key_wrap_case(&case),
        "sealed_wrap" => sealed_wrap_case(&case),
        "locator" => locator_case(&case),
        "feed" => feed_case(&case),
        "identity" => identity_case(&case),
        "record" => record_case(&case),
        "local" => local_case(&case),
        "shares" => shares_case(&case),
        "audit" => audit_case(&case),
        "invite" => invite_case(&case),
        "part" => part_case(&case),
        other => Err(Wrong::Case(format!("format {other} is not known"))),
    };
    match (text(&case, "expect")?, read) {
        ("open", Ok(())) | ("refuse", Err(Wrong::Refused(_))) => Ok(()),
        ("refuse", Ok(())) => Err(format!("{format}: accepted, must be refused")),
        (_, Err(Wrong::Refused(error))) => Err(format!("{format}: refused by {error}")),
        (_, Err(Wrong::Differs(what))) => Err(format!("{format}: {what} differs")),
        (_, Err(Wrong::Case(error))) => Err(format!("{format}: not a case: {error}")),
        (other, Ok(())) => Err(format!("{format}: cannot expect {other}")),
    }
}

fn envelope_case(case: &Value) -> Result<(), Wrong> {
    let header = header_from_json(&case["header"])?;
    let author = SignPublic(array(case, "author_public")?);
    let read = Envelope::parse(bytes(case, "bytes")?).and_then(|parsed| parsed.verify(&author)).map_err(refused)?;
    same("header", read.header(), &header)?;
    same("id", &read.id(), &EnvelopeId(array(case, "id")?))?;
    if header.keying == Keying::DropBox && !case["zone_key"].is_null() {
        let derived = derive_drop_box(&ZoneKey::from_bytes(array(case, "zone_key")?));
        same("zone secret", derived.expose_bytes(), &array(case, "zone_secret")?)?;
    }
    let data = match header.keying {
        Keying::ZoneKey => envelope::open(&read, &ZoneKey::from_bytes(array(case, "zone_key")?)),
        Keying::DropBox => envelope::open_drop_box(&read, &KemSecret::from_bytes(array(case, "zone_secret")?)),
    };
    same("data", &data.map_err(refused)?, &bytes(case, "data")?)
}

fn key_wrap_case(case: &Value) -> Result<(), Wrong> {
    let header = key_wrap_from_json(&case["header"])?;
    let (wrapped, commitment) = (bytes(case, "bytes")?, KeyCommitment(array(case, "commitment")?));
    let parent: [u8; 32] = array(case, "parent_key")?;
    let (team, zone) = (TeamKey::from_bytes(parent), ZoneKey::from_bytes(parent));
    let child = match header.purpose {
        KeyWrapPurpose::ZoneUnderTeam => {
            unwrap::<ZoneKey>(&wrapped, &header, &team, &commitment).map(|key| *key.expose_bytes())
        }
        KeyWrapPurpose::PreviousTeam => {
            unwrap::<TeamKey>(&wrapped, &header, &team, &commitment).map(|key| *key.expose_bytes())
        }
        KeyWrapPurpose::PreviousZone => {
            unwrap::<ZoneKey>(&wrapped, &header, &zone, &commitment).map(|key| *key.expose_bytes())
        }
        KeyWrapPurpose::DeviceLocal => {
            let local = LocalKey::from_bytes(parent);
            unwrap::<TeamKey>(&wrapped, &header, &local, &commitment).map(|key| *key.expose_bytes())
        }
        KeyWrapPurpose::Locator => {
            unwrap::<LocatorKey>(&wrapped, &header, &zone, &commitment).map(|key| *key.expose_bytes())
        }
    };
    same("child key", &child.map_err(refused)?, &array(case, "child_key")?)
}

fn sealed_wrap_case(case: &Value) -> Result<(), Wrong> {
    let header = sealed_wrap_from_json(&case["header"])?;
    let (sealed, commitment) = (bytes(case, "bytes")?, KeyCommitment(array(case, "commitment")?));
    let recipient = KemSecret::from_bytes(array(case, "recipient_secret")?);
    let key = match header.purpose {
        SealedWrapPurpose::TeamToDevice => {
            open_sealed::<TeamKey>(&sealed, &header, &recipient, &commitment).map(|key| *key.expose_bytes())
        }
        SealedWrapPurpose::ZoneToEscrow => {
            open_sealed::<ZoneKey>(&sealed, &header, &recipient, &commitment).map(|key| *key.expose_bytes())
        }
        SealedWrapPurpose::Invite => {
            let invite = InviteSecret::from_bytes(array(case, "invite")?);
            open_invite::<TeamKey>(&sealed, &header, &recipient, &invite, &commitment).map(|key| *key.expose_bytes())
        }
        SealedWrapPurpose::AuditToAuditor => {
            open_sealed::<KemSecret>(&sealed, &header, &recipient, &commitment).map(|key| *key.expose_bytes())
        }
    };
    same("key", &key.map_err(refused)?, &array(case, "key")?)
}

fn locator_case(case: &Value) -> Result<(), Wrong> {
    let key = LocatorKey::from_bytes(array(case, "key")?);
    let made = locator::locator(&key, text(case, "class")?, text(case, "id")?).map_err(refused)?;
    same("document", &made.0, &array(case, "document")?)
}

fn feed_case(case: &Value) -> Result<(), Wrong> {
    let mut point = FeedPoint::START;
    let (envelopes, heads) = (list(case, "envelopes")?, list(case, "heads")?);
    same("number of heads", &heads.len(), &envelopes.len())?;
    for (id, head) in envelopes.iter().zip(heads) {
        let id: EnvelopeId = serde_json::from_value(id.clone()).map_err(|error| error.to_string())?;
        point = point.then(id);
        same("head", &hex(&point.head.0).as_str(), &head.as_str().unwrap_or_default())?;
    }
    let feeds: Vec<(ZoneId, u64, FeedHead)> =
        serde_json::from_value(case["feeds"].clone()).map_err(|error| error.to_string())?;
    let feeds: Vec<_> = feeds.into_iter().map(|(z, n, head)| (z, FeedPoint { number: FeedNumber(n), head })).collect();
    same("digest", &heads_digest(feeds.iter().map(|(zone, at)| (zone, at))).0, &array(case, "digest")?)
}

fn identity_case(case: &Value) -> Result<(), Wrong> {
    let sign = SigningKey::from_seed(array(case, "seed")?);
    let kem = KemSecret::from_bytes(array(case, "kem_secret")?);
    same("signing key", &sign.public().0, &array(case, "sign_public")?)?;
    same("encapsulation key", &kem.public().0, &array(case, "kem_public")?)?;
    same("device", &hash::device_id(&sign.public(), &kem.public()).0, &array(case, "device")?)?;
    let (label, message) = (text(case, "label")?, bytes(case, "message")?);
    let made = Signature(array(case, "signature")?);
    signature::verify(&sign.public(), label, &message, &made).map_err(refused)?;
    same("signature", &sign.sign(label, &message), &made)
}

fn record_case(case: &Value) -> Result<(), Wrong> {
    let read: Item = cbor::decode("record", &bytes(case, "bytes")?, RECORD_BYTES_MAX).map_err(refused)?;
    let expected = Item::from_json(&case["item"])?;
    same("record", &read.to_json(), &expected.to_json())?;
    same("bytes", &cbor::encode(&expected), &bytes(case, "bytes")?)
}

fn local_case(case: &Value) -> Result<(), Wrong> {
    let (blob, slot) = (bytes(case, "bytes")?, text(case, "slot")?);
    let key = match case["passphrase"].as_str() {
        Some(pin) if !case["pepper"].is_null() => {
            derive_pin_key_of(&blob, pin, &PinPepper::from_bytes(array(case, "pepper")?)).map_err(refused)?
        }
        Some(passphrase) => derive_key_of(&blob, passphrase).map_err(refused)?,
        None => LocalKey::from_bytes(array(case, "key")?),
    };
    let data = open_local(&key, slot, &blob).map_err(refused)?;
    same("key", key.expose_bytes(), &array(case, "key")?)?;
    same("data", &*data, &bytes(case, "data")?)
}

fn shares_case(case: &Value) -> Result<(), Wrong> {
    let needed = number(case, "threshold")? as usize;
    let mut shares = Vec::new();
    for share in list(case, "shares")?.iter().take(needed) {
        let bytes = from_hex(share.as_str().unwrap_or_default())?;
        let bytes = bytes.try_into().map_err(|_| Wrong::Refused("length".to_owned()))?;
        shares.push(RecoveryShare::from_bytes(&bytes).map_err(refused)?);
    }
    let fewer = recover_secret(&shares[..needed.saturating_sub(1).min(shares.len())]);
    same("recovery from too few", &fewer.is_err(), &true)?;
    same("secret", &*recover_secret(&shares).map_err(refused)?, &array(case, "secret")?)
}

fn audit_case(case: &Value) -> Result<(), Wrong> {
    let header = header_from_json(&case["header"])?;
    let mut key = AuditKey::from_bytes(array(case, "start")?);
    let (records, macs) = (list(case, "records")?, list(case, "macs")?);
    same("number of macs", &macs.len(), &records.len())?;
    for (record, mac) in records.iter().zip(macs) {
        let record = from_hex(record.as_str().unwrap_or_default())?;
        let mac =
            from_hex(mac.as_str().unwrap_or_default())?.try_into().map_err(|_| "a MAC has 32 bytes".to_owned())?;
        audit::verify(&key, &header, &record, &AuditMac(mac)).map_err(refused)?;
        key = key.evolve();
    }
    same("next key", key.expose_bytes(), &array(case, "next")?)
}

fn part_case(case: &Value) -> Result<(), Wrong> {
    let number = |name| number(case, name).and_then(|n| u32::try_from(n).map_err(|_| format!("{name} is too large")));
    let kind = if number("kind")? == 1 { PartKind::Original } else { PartKind::Thumbnail };
    let place =
        PartPlace { file: FileId(array(case, "file")?), kind, index: number("index")?, count: number("count")? };
    let opened =
        open_part(&FileKey::from_bytes(array(case, "key")?), place, &bytes(case, "bytes")?).map_err(refused)?;
    same("data", &*opened, &bytes(case, "data")?)
}

fn invite_case(case: &Value) -> Result<(), Wrong> {
    let key = InviteKey::from_bytes(array(case, "key")?);
    if let Some(words) = case["words"].as_str() {
        let (memory_kib, passes, lanes): (u32, u32, u32) =
            serde_json::from_value(case["cost"].clone()).map_err(|error| error.to_string())?;
        let words = OneTimePhrase::parse(words).map_err(refused)?;
        let cost = PassphraseCost { memory_kib, passes, lanes };
        let derived = derive_invite_key(&words, InviteId(array(case, "invite")?), cost).map_err(refused)?;
        same("key", &derived, &key)?;
    }
    let (invitation, request) = (bytes(case, "invitation")?, bytes(case, "request")?);
    key.verify_invitation(&invitation, &InviteMac(array(case, "invitation_mac")?)).map_err(refused)?;
    key.verify_request(&request, &InviteMac(array(case, "request_mac")?)).map_err(refused)
}

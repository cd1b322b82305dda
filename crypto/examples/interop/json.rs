//! The fields of a case: hexadecimal bytes, numbers, headers.

use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{DeviceId, DocumentId, EnvelopeId, Epoch, LogHash, LogSize, PartnershipId, ZoneId, ZoneSeq};
use serde_json::{Value, json};

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of a hexadecimal text.
pub(crate) fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    let pair = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..text.len()).step_by(2).map(|at| pair(at).ok_or_else(|| format!("not hexadecimal at {at}"))).collect()
}

pub(crate) fn text<'a>(case: &'a Value, name: &str) -> Result<&'a str, String> {
    case[name].as_str().ok_or_else(|| format!("{name} is not a text"))
}

pub(crate) fn bytes(case: &Value, name: &str) -> Result<Vec<u8>, String> {
    from_hex(text(case, name)?)
}

pub(crate) fn array<const N: usize>(case: &Value, name: &str) -> Result<[u8; N], String> {
    bytes(case, name)?.try_into().map_err(|_| format!("{name} has not {N} bytes"))
}

pub(crate) fn number(case: &Value, name: &str) -> Result<u64, String> {
    case[name].as_u64().ok_or_else(|| format!("{name} is not a number"))
}

fn number32(case: &Value, name: &str) -> Result<u32, String> {
    u32::try_from(number(case, name)?).map_err(|_| format!("{name} is too large"))
}

pub(crate) fn list<'a>(case: &'a Value, name: &str) -> Result<&'a [Value], String> {
    case[name].as_array().map(Vec::as_slice).ok_or_else(|| format!("{name} is not a list"))
}

pub(crate) fn header_to_json(header: &Header) -> Value {
    json!({
        "kind": match header.kind { EnvelopeKind::Changes => 1, EnvelopeKind::Snapshot => 2 },
        "flags": match header.keying { Keying::ZoneKey => 0, Keying::DropBox => 1 },
        "partnership": header.partnership, "zone": header.zone, "document": header.document,
        "epoch": header.epoch.0, "author": header.author, "zseq": header.zseq.0, "prev": header.prev,
        "log_size": header.log_size.0, "log_head": header.log_head,
    })
}

pub(crate) fn header_from_json(json: &Value) -> Result<Header, String> {
    Ok(Header {
        kind: if number(json, "kind")? == 1 { EnvelopeKind::Changes } else { EnvelopeKind::Snapshot },
        keying: if number(json, "flags")? == 0 { Keying::ZoneKey } else { Keying::DropBox },
        partnership: PartnershipId(array(json, "partnership")?),
        zone: ZoneId(array(json, "zone")?),
        document: DocumentId(array(json, "document")?),
        epoch: Epoch(number32(json, "epoch")?),
        author: DeviceId(array(json, "author")?),
        zseq: ZoneSeq(number(json, "zseq")?),
        prev: EnvelopeId(array(json, "prev")?),
        log_size: LogSize(number(json, "log_size")?),
        log_head: LogHash(array(json, "log_head")?),
    })
}

pub(crate) fn key_wrap_to_json(header: &KeyWrapHeader) -> Value {
    json!({
        "purpose": header.purpose as u8, "partnership": header.partnership, "parent": hex(&header.parent),
        "child": hex(&header.child), "parent_epoch": header.parent_epoch.0, "child_epoch": header.child_epoch.0,
    })
}

pub(crate) fn key_wrap_from_json(json: &Value) -> Result<KeyWrapHeader, String> {
    let purpose = match number(json, "purpose")? {
        1 => KeyWrapPurpose::ZoneUnderTeam,
        2 => KeyWrapPurpose::PreviousTeam,
        3 => KeyWrapPurpose::PreviousZone,
        4 => KeyWrapPurpose::DeviceLocal,
        _ => KeyWrapPurpose::Locator,
    };
    Ok(KeyWrapHeader {
        purpose,
        partnership: PartnershipId(array(json, "partnership")?),
        parent: array(json, "parent")?,
        child: array(json, "child")?,
        parent_epoch: Epoch(number32(json, "parent_epoch")?),
        child_epoch: Epoch(number32(json, "child_epoch")?),
    })
}

pub(crate) fn sealed_wrap_to_json(header: &SealedWrapHeader) -> Value {
    json!({
        "purpose": header.purpose as u8, "partnership": header.partnership, "subject": hex(&header.subject),
        "epoch": header.epoch.0, "recipient": hex(&header.recipient),
    })
}

pub(crate) fn sealed_wrap_from_json(json: &Value) -> Result<SealedWrapHeader, String> {
    let purpose = match number(json, "purpose")? {
        1 => SealedWrapPurpose::TeamToDevice,
        2 => SealedWrapPurpose::ZoneToEscrow,
        3 => SealedWrapPurpose::Invite,
        _ => SealedWrapPurpose::AuditToAuditor,
    };
    Ok(SealedWrapHeader {
        purpose,
        partnership: PartnershipId(array(json, "partnership")?),
        subject: array(json, "subject")?,
        epoch: Epoch(number32(json, "epoch")?),
        recipient: array(json, "recipient")?,
    })
}

//! The registry of domain-separation labels: every hash, derivation and signature names what it is for, once.

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        $($(#[$doc])* pub const $name: &str = $text;)+
        /// Every label, for the test that no two are the same.
        pub const ALL: &[&str] = &[$($text),+];
    };
}

labels! {
    /// Derives a document key from a zone key.
    DOCUMENT_KEY = "doorstep/1/doc";
    /// Derives the hedge key of an envelope's salt.
    HEDGE = "doorstep/1/hedge";
    /// Derives the one-time key and commitment of an envelope.
    ENVELOPE = "doorstep/1/envelope";
    /// The id of an envelope.
    ENVELOPE_ID = "doorstep/1/envelope-id";
    /// Derives the one-time key and commitment of a symmetric wrap.
    WRAP = "doorstep/1/wrap";
    /// Derives the one-time key and commitment of what a device keeps at rest.
    LOCAL = "doorstep/1/local";
    /// Derives the one-time key and commitment of a part of a file.
    PART = "doorstep/1/part";
    /// The HPKE info of every seal to a public key.
    HPKE = "doorstep/1/hpke";
    /// Commits to a key without showing it.
    KEY_COMMITMENT = "doorstep/1/key-com";
    /// The document id of a property or person.
    LOCATOR = "doorstep/1/locator";
    /// The name of a locator key.
    LOCATOR_KEY_ID = "doorstep/1/locator-key";
    /// The chain of a feed.
    FEED = "doorstep/1/feed";
    /// The digest over all feed heads that a device may read.
    HEADS = "doorstep/1/heads";
    /// The id of a partnership.
    PARTNERSHIP = "doorstep/1/partnership";
    /// The id of a device.
    DEVICE = "doorstep/1/device";
    /// The id of a root key.
    ROOT = "doorstep/1/root";
    /// The id of a seat.
    SEAT = "doorstep/1/seat";
    /// An Automerge actor.
    ACTOR = "doorstep/1/actor";
    /// The Automerge actor of a container that came after the genesis change of its class.
    CONTAINER = "doorstep/1/container";
    /// The document of a directory zone that holds its packs, and the rows in it.
    PACKS = "doorstep/1/packs";
    /// The hash of an authority log entry with its signatures.
    LOG_ENTRY = "doorstep/1/log-entry";
    /// The digest over the members an epoch was made for.
    RECIPIENTS = "doorstep/1/recipients";
    /// The digest over the wraps an epoch was delivered with.
    WRAPS = "doorstep/1/wraps";
    /// Derives the secret of a drop-box zone from the zone's key.
    DROP_BOX = "doorstep/1/drop-box";
    /// The evolving MAC of an audit record.
    AUDIT_MAC = "doorstep/1/audit-mac";
    /// The audit key that follows.
    AUDIT_EVOLVE = "doorstep/1/audit-evolve";
    /// Derives the key behind a worker's PIN from PIN and pepper.
    PIN = "doorstep/1/pin";
    /// Derives the key of an invite from its six words.
    INVITE = "doorstep/1/invite";
    /// The MAC of the invitation that an inviting desk leaves for a device.
    INVITE_INVITATION = "doorstep/1/invite-invitation";
    /// The MAC of the request with which the invited device answers.
    INVITE_REQUEST = "doorstep/1/invite-request";
    /// The digest that closes a streamed answer.
    ANSWER = "doorstep/1/answer";
    /// An author's signature on an envelope.
    SIG_ENVELOPE = "doorstep/1/sig/envelope";
    /// A worker's signature inside an envelope.
    SIG_SEAT = "doorstep/1/sig/seat";
    /// A signature on an authority log entry.
    SIG_LOG = "doorstep/1/sig/log";
    /// The server's signature on a checkpoint.
    SIG_CHECKPOINT = "doorstep/1/sig/checkpoint";
    /// The server's signature that closes a streamed answer.
    SIG_ANSWER = "doorstep/1/sig/answer";
    /// A device's signature on its wipe receipt.
    SIG_WIPE = "doorstep/1/sig/wipe";
    /// A new device's proof that it holds its signing key.
    SIG_POSSESSION = "doorstep/1/sig/possession";
}

/// `LBL(s)`: one length byte, then the ASCII of the label.
#[must_use]
pub fn prefixed(label: &str) -> Vec<u8> {
    // A const assertion below holds every label under 256 bytes.
    let mut bytes = Vec::with_capacity(label.len() + 1);
    bytes.push(label.len() as u8);
    bytes.extend_from_slice(label.as_bytes());
    bytes
}

const _: () = {
    let mut i = 0;
    while i < ALL.len() {
        assert!(ALL[i].len() < 256);
        i += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_unique_and_of_this_version() {
        let mut seen = std::collections::BTreeSet::new();
        for label in ALL {
            assert!(label.starts_with("doorstep/1/") && label.is_ascii(), "{label}");
            assert!(seen.insert(label), "{label} stands twice");
        }
    }
}

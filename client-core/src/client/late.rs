//! Late work at a desk: what revoked devices left at the server, as this desk can read it, and taking it in.

use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::wire::{InboxItem, InboxWhat, SignedWipeReceipt};
use doorstep_protocol::{DeviceId, DocumentId, EnvelopeId, Millis, ZoneId};

use super::ClientError;
use super::partnership::Partnership;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LateWhat {
    /// Work that the device's own key signed.
    Work,
    /// The device says that it has wiped itself, and its signature holds.
    Wiped {
        /// Envelopes that nobody took.
        unsent: u32,
        /// When, by the device's clock.
        time: Millis,
    },
    /// Neither.
    NotReadable,
}

impl LateWhat {
    /// In words.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Work => "work that it had not sent",
            Self::Wiped { unsent: 0, .. } => "it has wiped itself, and nothing was left unsent",
            Self::Wiped { .. } => "it has wiped itself; some work could not be handed over",
            Self::NotReadable => "not readable",
        }
    }
}

/// An item of the inbox.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LateItem {
    /// Its number.
    pub number: u64,
    /// Who left it.
    pub device: DeviceId,
    /// When it came to the server.
    pub arrived: Millis,
    /// What it is.
    pub what: LateWhat,
    /// Its zone, where it is work.
    pub zone: Option<ZoneId>,
    /// Its document, where it is work.
    pub document: Option<DocumentId>,
    /// The envelope, where it is work.
    pub envelope: Option<EnvelopeId>,
    /// How long it is.
    pub bytes: u64,
    /// The bytes themselves.
    #[serde(skip)]
    pub sealed: Vec<u8>,
}

impl Partnership<'_> {
    /// What came out of the inbox, checked: work must be signed by the device that left it, and so must a receipt.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn late_items(&self, items: Vec<InboxItem>) -> Result<Vec<LateItem>, ClientError> {
        let device = self.client.lock();
        let authority = device.authority()?;
        let read = |item: InboxItem| {
            let mut late = LateItem {
                number: item.number.0,
                device: item.device,
                arrived: item.arrived,
                what: LateWhat::NotReadable,
                zone: None,
                document: None,
                envelope: None,
                bytes: item.bytes.0.len() as u64,
                sealed: item.bytes.0,
            };
            let Some(sign) = authority.devices().get(&item.device).map(|state| state.sign) else { return late };
            match item.what {
                InboxWhat::Envelope => {
                    let Ok(envelope) = Envelope::parse(late.sealed.clone()) else { return late };
                    let header = envelope.header().clone();
                    let id = envelope.id();
                    if header.author == item.device && envelope.verify(&sign).is_ok() {
                        late.what = LateWhat::Work;
                        (late.zone, late.document, late.envelope) =
                            (Some(header.zone), Some(header.document), Some(id));
                    }
                }
                InboxWhat::WipeReceipt => {
                    let receipt = doorstep_protocol::cbor::decode::<SignedWipeReceipt>("receipt", &late.sealed, 512);
                    let receipt = receipt.ok().and_then(|signed| signed.verify(&sign).ok());
                    if let Some(receipt) = receipt.filter(|receipt| receipt.device == item.device) {
                        late.what = LateWhat::Wiped { unsent: receipt.unsent, time: receipt.time };
                    }
                }
            }
            late
        };
        Ok(items.into_iter().map(read).collect())
    }

    /// Takes late work into this device, as if it had come by hand: it is kept, offered to the server, and counts once the
    /// log says so.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn take_late(&self, items: Vec<LateItem>) -> Result<(), ClientError> {
        let now = self.client.now();
        let batch: Vec<Vec<u8>> = items.into_iter().map(|item| item.sealed).collect();
        self.client.lock().ingest_carried(batch, now)?;
        Ok(())
    }
}

//! Parts of photographs, up and down, after field work: one by one, a bounded number at a time, and never while the device has
//! field work to send. Every part is durable on its other side before it is crossed off, so whatever breaks, it goes on there.

use std::collections::BTreeSet;

use doorstep_protocol::wire::{BlobClaim, ClaimAnswer, ClaimRequest};
use doorstep_protocol::{BlobId, DocumentId, LogSize, ZoneId, limits};
use tokio_util::sync::CancellationToken;

use super::report::Trouble;
use super::{Round, Syncer};
use crate::device::{Device, DeviceError, PhotographError};
use crate::order::Order as _;
use crate::photograph::PartFiles;
use crate::replica::machine::Phase;
use crate::store::parts::{self, PartToSend};
use crate::store::{outbox, pending};
use crate::transport::{Endpoint, Misbehaved, PartRefused, Transport, TransportError};

/// Parts that are brought or fetched before the server is asked again whether there is anything new.
pub const PARTS_AT_ONCE_MAX: usize = 16;
/// What one catch-up fetches of photographs: a new tablet gets its thumbnails over several.
pub const FETCHED_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Parts that are claimed in one request.
const CLAIMED_AT_ONCE_MAX: usize = 64;
/// Turns of one catch-up that only carry parts.
pub const PART_TURNS_MAX: usize = 65_536;

const _: () = assert!(CLAIMED_AT_ONCE_MAX <= limits::CLAIM_BLOBS_MAX && CLAIMED_AT_ONCE_MAX <= limits::CLAIMS_MAX);

/// How a turn of carrying parts ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carried {
    /// Nothing more is owed, or nothing more can be done just now.
    Done,
    /// There is more, and something else comes first.
    More,
}

/// What is owed.
struct OwedParts {
    to_send: Vec<PartToSend>,
    to_fetch: Vec<PartToSend>,
    log_size: LogSize,
    files: Option<PartFiles>,
}

impl<T: Transport + 'static> Syncer<T> {
    /// Carries parts for one turn. What goes wrong is in the report; field work is caught up all the same.
    pub(super) async fn carry_photographs(&mut self, cancel: &CancellationToken, round: &mut Round<'_>) -> Carried {
        if self.machine.phase() != Phase::Resting || cancel.is_cancelled() {
            return Carried::Done;
        }
        match self.try_carry(cancel, round).await {
            Ok(carried) => carried,
            Err(Trouble::Transport(TransportError::SessionEnded)) => {
                self.session = None;
                Carried::Done
            }
            Err(trouble) => {
                round.report.photographs.message = Some(trouble.to_string());
                Carried::Done
            }
        }
    }

    async fn try_carry(&mut self, cancel: &CancellationToken, round: &mut Round<'_>) -> Result<Carried, Trouble> {
        let now = self.clock.wall();
        let owed = self.with_device(move |device| owed_parts(device, now)).await??;
        let Some(files) = owed.files else { return Ok(Carried::Done) };
        let more = owed.to_send.len() > PARTS_AT_ONCE_MAX || owed.to_fetch.len() > PARTS_AT_ONCE_MAX;
        let sent = self.send_parts(&owed.to_send, owed.log_size, &files, (cancel, &mut *round)).await?;
        let fetched = match sent {
            Turn::Stopped => return Ok(Carried::More),
            Turn::Through { .. } => self.fetch_parts(&owed.to_fetch, (cancel, &mut *round)).await?,
        };
        Ok(match (sent, fetched) {
            (_, Turn::Stopped) => Carried::More,
            (Turn::Through { moved: sent }, Turn::Through { moved: fetched }) if more && sent + fetched > 0 => {
                Carried::More
            }
            _ => Carried::Done,
        })
    }

    /// Claims what is owed, and brings what the server lacks of it.
    async fn send_parts(
        &mut self,
        owed: &[PartToSend],
        log_size: LogSize,
        files: &PartFiles,
        (cancel, round): (&CancellationToken, &mut Round<'_>),
    ) -> Result<Turn, Trouble> {
        let mut moved = 0;
        if owed.is_empty() {
            return Ok(Turn::Through { moved });
        }
        let answer = self.claim(owed, log_size).await?;
        let missing: BTreeSet<BlobId> = answer.missing.into_iter().collect();
        let refused: BTreeSet<DocumentId> = answer.refused.into_iter().collect();
        if !refused.is_empty() {
            round.report.photographs.message = Some(NOT_ENTITLED.to_owned());
        }
        let there: Vec<BlobId> = owed
            .iter()
            .filter(|part| !missing.contains(&part.part) && !refused.contains(&part.document))
            .map(|part| part.part)
            .collect();
        moved += there.len();
        round.report.photographs.sent_parts += there.len() as u64;
        self.with_device(move |device| cross_off(device, &there)).await??;
        for part in owed.iter().filter(|part| missing.contains(&part.part)).take(PARTS_AT_ONCE_MAX) {
            if cancel.is_cancelled() || self.has_field_work().await? {
                return Ok(Turn::Stopped);
            }
            let id = part.part;
            let (files, read) = (files.clone(), tokio::task::spawn_blocking);
            let sealed = read(move || files.get(id)).await.map_err(|_| Trouble::Interrupted)?;
            let Ok(Some(sealed)) = sealed else {
                self.with_device(move |device| lose(device, id)).await??;
                round.report.photographs.message = Some(FILE_GONE.to_owned());
                continue;
            };
            match self.say(Endpoint::PutPart(id), sealed, limits::CLAIM_REQUEST_BYTES_MAX).await {
                Ok(_) => {}
                Err(Trouble::Transport(TransportError::Part(PartRefused::Full))) => {
                    // Kept, and tried again with the next catch-up; what others sent can still come.
                    round.report.photographs.message = Some(PartRefused::Full.to_string());
                    return Ok(Turn::Through { moved });
                }
                Err(trouble) => return Err(trouble),
            }
            self.with_device(move |device| cross_off(device, &[id])).await??;
            moved += 1;
            round.report.photographs.sent_parts += 1;
        }
        Ok(Turn::Through { moved })
    }

    async fn claim(&self, owed: &[PartToSend], log_size: LogSize) -> Result<ClaimAnswer, Trouble> {
        let mut by_document = std::collections::BTreeMap::<(ZoneId, DocumentId), Vec<BlobId>>::new();
        for part in owed {
            by_document.entry((part.zone, part.document)).or_default().push(part.part);
        }
        let claims = by_document.into_iter().map(|((zone, document), mut blobs)| {
            blobs.order();
            blobs.dedup();
            BlobClaim { zone, document, blobs }
        });
        let request = ClaimRequest { log_size, claims: claims.collect() };
        let body = self.say(Endpoint::Claims, request.to_bytes(), limits::CLAIM_REQUEST_BYTES_MAX).await?;
        ClaimAnswer::parse(&body).map_err(|error| TransportError::from(Misbehaved::Form(error)).into())
    }

    async fn fetch_parts(
        &mut self,
        owed: &[PartToSend],
        (cancel, round): (&CancellationToken, &mut Round<'_>),
    ) -> Result<Turn, Trouble> {
        let mut moved = 0;
        for part in owed.iter().take(PARTS_AT_ONCE_MAX).copied() {
            if cancel.is_cancelled() || self.has_field_work().await? {
                return Ok(Turn::Stopped);
            }
            if round.report.photographs.fetched_bytes >= FETCHED_BYTES_MAX {
                return Ok(Turn::Through { moved: 0 });
            }
            let now = self.clock.wall();
            match self.say(Endpoint::GetPart(part.part), Vec::new(), limits::PART_SEALED_BYTES_MAX).await {
                Ok(sealed) if doorstep_crypto::part::blob_id(&sealed) == part.part => {
                    round.report.photographs.fetched_bytes += sealed.len() as u64;
                    self.with_device(move |device| device.take_part(&part, &sealed, now)).await?.map_err(stored)?;
                    moved += 1;
                    round.report.photographs.fetched_parts += 1;
                }
                Ok(_) => return Err(TransportError::from(Misbehaved::Part).into()),
                Err(Trouble::Transport(TransportError::Part(PartRefused::NotThere))) => {
                    self.with_device(move |device| put_off(device, &part, now)).await??;
                    moved += 1;
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(Turn::Through { moved })
    }

    async fn say(&self, endpoint: Endpoint, body: Vec<u8>, limit_bytes: usize) -> Result<Vec<u8>, Trouble> {
        let session = self.session.clone().ok_or(TransportError::SessionEnded)?;
        let request = self.sign(endpoint, session.token, body).await?;
        Ok(self.transport.message(request, limit_bytes).await?)
    }

    /// Whether the device has work to send that a photograph would stand in the way of.
    async fn has_field_work(&self) -> Result<bool, Trouble> {
        let owed = self.with_device(|device| {
            let reader = device.store().reader();
            Ok::<_, DeviceError>((outbox::count(reader)?.to_send, pending::count(reader)?))
        });
        let (to_send, unsealed) = owed.await??;
        // What could not be sent by the catch-up before this is not in the way.
        Ok(to_send + unsealed > self.left_by_catch_up)
    }
}

/// What a stretch of parts came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Something else comes first.
    Stopped,
    /// As far as it goes.
    Through {
        /// Parts that are crossed off.
        moved: usize,
    },
}

const NOT_ENTITLED: &str = "photographs: this device may not write where some were taken any more, so they stay here; ask an admin for a grant";
const FILE_GONE: &str = "photographs: a file that was not sent yet is missing from this device's folder; look for it before you take it away";

fn stored(error: PhotographError) -> Trouble {
    match error {
        PhotographError::Write(crate::device::WriteError::Device(error)) => Trouble::Device(error),
        _ => Trouble::Photographs,
    }
}

fn owed_parts(device: &mut Device, now: doorstep_protocol::Millis) -> Result<OwedParts, DeviceError> {
    // What was erased is not sent any more. A file that cannot be taken away now is tried again.
    if let Err(PhotographError::Write(crate::device::WriteError::Device(error))) = device.sweep_photographs() {
        return Err(error);
    }
    let reader = device.store().reader();
    Ok(OwedParts {
        to_send: parts::to_send(reader, CLAIMED_AT_ONCE_MAX)?,
        to_fetch: parts::to_fetch(reader, now, PARTS_AT_ONCE_MAX + 1)?,
        log_size: device.authority()?.size(),
        files: device.part_files(),
    })
}

fn cross_off(device: &mut Device, there: &[BlobId]) -> Result<(), DeviceError> {
    if there.is_empty() {
        return Ok(());
    }
    Ok(device.store.write(|transaction| there.iter().try_for_each(|part| parts::sent(transaction, *part)))?)
}

fn lose(device: &mut Device, part: BlobId) -> Result<(), DeviceError> {
    Ok(device.store.write(|transaction| parts::lost(transaction, part))?)
}

fn put_off(device: &mut Device, part: &PartToSend, now: doorstep_protocol::Millis) -> Result<(), DeviceError> {
    Ok(device.store.write(|transaction| parts::not_there(transaction, part, now))?)
}

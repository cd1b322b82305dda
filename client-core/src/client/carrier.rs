//! Carrier files: envelopes on a stick, from a tablet without signal to a desk with it. Envelopes authenticate themselves, so
//! whoever carries the file can neither read nor change what is in it. Its form is [`crate::carrier_file`].

use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::path::Path;

use doorstep_protocol::envelope::HEADER_BYTES;

use super::{Client, ClientError};
use crate::carrier_file::{CarrierError, CarrierItem, CarrierReader, CarrierWriter};
use crate::device::{AnswerError, Ingested};
use crate::store::{envelopes, log, parts};

/// Envelopes taken at a time.
const BATCH_ENVELOPES: usize = 512;

/// What a carrier file held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct CarrierReport {
    /// Entries of the authority log that were new.
    pub log_entries: usize,
    /// Envelopes in the file.
    pub envelopes: usize,
    /// Envelopes whose changes are in documents now.
    pub applied: usize,
    /// Envelopes this device had.
    pub known: usize,
    /// Envelopes that wait.
    pub waiting: usize,
    /// Envelopes set aside.
    pub set_aside: usize,
}

/// Carrier files of a device.
pub struct Carrier<'c> {
    pub(super) client: &'c Client,
}

impl Carrier<'_> {
    /// Writes everything this device holds, its own unsent work included. Returns how many envelopes were written.
    ///
    /// # Errors
    /// [`ClientError::Carrier`].
    pub fn export(&self, to: &mut dyn Write) -> Result<usize, ClientError> {
        let now = self.client.now();
        let mut device = self.client.lock();
        let mut rng = crate::randomness::os();
        // Bounded: each round seals up to a fixed number of changes, and no edit can come in between.
        while device.seal_pending(now, &mut rng)? > 0 {}
        let partnership = device.partnership()?;
        let mut out = CarrierWriter::begin(to, partnership)?;
        for entry in log::entries(device.store().reader())? {
            out.log_entry(entry)?;
        }
        let (mut rank, mut count) = (0, 0);
        loop {
            let page = envelopes::page_after(device.store().reader(), rank, BATCH_ENVELOPES)?;
            let Some(last) = page.last() else { break };
            rank = last.rank;
            // Of what was erased there is mostly no more than a header.
            for kept in page.into_iter().filter(|kept| kept.bytes.len() > HEADER_BYTES) {
                out.envelope(&kept.bytes)?;
                count += 1;
            }
        }
        out.finish()?;
        Ok(count)
    }

    /// The same into a new file, which is whole or not there.
    ///
    /// # Errors
    /// [`ClientError::Folder`] when there is a file of that name, or it cannot be written.
    pub fn export_to(&self, path: &Path) -> Result<usize, ClientError> {
        let failed = |error: std::io::Error| ClientError::Folder { kind: error.kind() };
        let file = File::create_new(path).map_err(failed)?;
        let mut out = BufWriter::new(&file);
        let written = self.export(&mut out).and_then(|count| {
            out.flush().and_then(|()| file.sync_all()).map_err(failed)?;
            Ok(count)
        });
        if written.is_err() {
            // What is left of it would be taken for one.
            let _gone = std::fs::remove_file(path);
        }
        written
    }

    /// Reads a carrier file by its name; see [`Self::import`].
    ///
    /// # Errors
    /// [`ClientError::Folder`], [`ClientError::Carrier`].
    pub fn import_from(&self, path: &Path) -> Result<CarrierReport, ClientError> {
        let mut file = File::open(path).map_err(|error| ClientError::Folder { kind: error.kind() })?;
        self.import(&mut file)
    }

    /// Photographs whose pictures are on this device and in no carrier file: their rows travel, the pictures go up when this device
    /// next reaches the server.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn photographs_left_out(&self) -> Result<u64, ClientError> {
        Ok(parts::count_photographs_here(self.client.lock().store().reader())?)
    }

    /// Reads a carrier file. The whole file is checked before anything of it is taken.
    ///
    /// # Errors
    /// [`ClientError::Carrier`].
    pub fn import(&self, from: &mut (impl Read + Seek)) -> Result<CarrierReport, ClientError> {
        let mut reader = CarrierReader::check(from)?;
        let now = self.client.now();
        let mut device = self.client.lock();
        if reader.partnership() != device.partnership()? {
            return Err(CarrierError::OtherPartnership.into());
        }
        let mut report = CarrierReport::default();
        let (mut entries, mut batch) = (Vec::new(), Vec::new());
        let mut item = reader.next_item()?;
        while let Some(CarrierItem::LogEntry(entry)) = item {
            entries.push(entry);
            item = reader.next_item()?;
        }
        if !entries.is_empty() {
            report.log_entries = device.take_log(&entries, &[]).map_err(log_error)?;
        }
        while let Some(CarrierItem::Envelope(bytes)) = item {
            report.envelopes += 1;
            batch.push(bytes);
            if batch.len() == BATCH_ENVELOPES {
                report.add(device.ingest_carried(std::mem::take(&mut batch), now)?);
            }
            item = reader.next_item()?;
        }
        report.add(device.ingest_carried(batch, now)?);
        Ok(report)
    }
}

impl CarrierReport {
    fn add(&mut self, came: Ingested) {
        self.applied += came.applied;
        self.known += came.known;
        self.waiting = came.waiting;
        self.set_aside += came.set_aside;
    }
}

fn log_error(error: AnswerError) -> ClientError {
    match error {
        AnswerError::Device(error) => ClientError::Device(error),
        _ => CarrierError::Log.into(),
    }
}

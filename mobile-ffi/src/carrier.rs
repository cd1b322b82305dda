//! Carrier files: work on a stick or by any post, from a tablet without signal to a desk with it. Whoever carries the file can neither
//! read nor change what is in it.

use std::sync::Arc;

use doorstep_client_core::client;

use crate::error::DoorstepError;
use crate::open::Shared;

/// Carrier files of a device.
#[derive(uniffi::Object)]
pub struct Carrier {
    pub(crate) shared: Arc<Shared>,
}

/// What a carrier file held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct CarrierReport {
    /// Entries of the authority log that were new.
    pub log_entries: u64,
    /// Envelopes in the file.
    pub envelopes: u64,
    /// Envelopes whose changes are in documents now.
    pub applied: u64,
    /// Envelopes this device had.
    pub known: u64,
    /// Envelopes that wait.
    pub waiting: u64,
    /// Envelopes set aside.
    pub set_aside: u64,
}

#[uniffi::export]
impl Carrier {
    /// Writes everything this device holds, its own unsent work included, into a new file. Returns how many envelopes were written; the
    /// file is whole, or not there.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`], also when there is a file of that name.
    pub fn export_to(&self, path: &str) -> Result<u64, DoorstepError> {
        let path = std::path::Path::new(path);
        Ok(self.shared.write(|client| client.carrier().export_to(path))? as u64)
    }

    /// Reads a carrier file. The whole file is checked before anything of it is taken.
    ///
    /// # Errors
    /// [`DoorstepError::Misfit`] for what is none, or is damaged, or of another partnership.
    pub fn import_from(&self, path: &str) -> Result<CarrierReport, DoorstepError> {
        let path = std::path::Path::new(path);
        Ok(self.shared.write(|client| client.carrier().import_from(path))?.into())
    }
}

impl From<client::CarrierReport> for CarrierReport {
    fn from(report: client::CarrierReport) -> Self {
        Self {
            log_entries: report.log_entries as u64,
            envelopes: report.envelopes as u64,
            applied: report.applied as u64,
            known: report.known as u64,
            waiting: report.waiting as u64,
            set_aside: report.set_aside as u64,
        }
    }
}

//! A desk to import into: a device of its own folder that founded a partnership and needs no server.

use std::collections::BTreeMap;
use std::sync::Arc;

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::partnership::{FoundingPlan, OrganisationPlan};
use doorstep_client_core::vault::{KeyVault as _, MemoryVault};
use doorstep_desk::import::{self, Counts, ImportError, Input, Mapping, Mode, Report};
use doorstep_protocol::authority::OrganisationKind;

/// A desk that founded a partnership.
pub(crate) struct Desk {
    pub(crate) client: Client,
    _folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = MemoryVault::default();
        let client = Client::create(folder.path(), &vault, Arc::new(SystemClock)).unwrap();
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let server = vault.open().unwrap().sign.public();
        client.partnership().found(&plan, "http://127.0.0.1:1", &server).unwrap();
        Self { client, _folder: folder }
    }

    pub(crate) fn import(&self, mapping: &str, files: &[(&str, &str)], mode: Mode) -> Result<Report, ImportError> {
        let mapping = Mapping::parse(mapping, "mapping.toml")?;
        import::run(&self.client, &mapping, &texts(files), mode, &mut |_| {})
    }

    pub(crate) fn take(&self, mapping: &str, files: &[(&str, &str)]) -> Report {
        self.import(mapping, files, Mode::Write).unwrap()
    }

    /// Properties, people and changes on disk.
    pub(crate) fn written(&self) -> (u64, u64, u64) {
        let standing = self.client.standing().unwrap();
        (standing.properties, standing.people, standing.unsealed_changes)
    }
}

pub(crate) fn texts(files: &[(&str, &str)]) -> Input {
    let texts: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Input::Texts(texts)
}

pub(crate) fn counts(taken: usize, changed: usize, already_there: usize, not_taken: usize) -> Counts {
    Counts { taken, changed, already_there, not_taken }
}

/// The reasons of the rows that were not taken, as `line: column: why`.
pub(crate) fn refusals(report: &Report) -> Vec<String> {
    let refused = report.lines.iter().filter(|line| line.outcome == import::Outcome::NotTaken);
    refused
        .map(|line| {
            let column = line.column.as_deref().unwrap_or("-");
            format!("{}: {column}: {}", line.line, line.why.as_deref().unwrap_or("?"))
        })
        .collect()
}

//! What the server has of it: numbers, ids and sealed bytes, and no word of what was recorded.

use std::fs;

use doorstep_client_core::records::{Class, Reading};
use doorstep_desk::render::table::wrap;
use doorstep_desk::render::words::grouped;
use doorstep_protocol::DocumentId;

use super::{COUNCIL, DESK, DESK_WORKER, FIRE, FLAT_UPRN, Flat, LANDLORD, TABLETS, Town};
use crate::telling::Telling;
use crate::{StoryError, holdings, scan};

/// What a search of the server's files came to.
pub(crate) struct Searched {
    pub(crate) words: usize,
    pub(crate) on_server: usize,
    pub(crate) in_control: usize,
}

impl Town {
    pub(crate) fn server_page(&self, telling: &mut Telling<'_>, flat: &Flat) -> Result<usize, StoryError> {
        telling.step("What the server holds of this flat", "ids without meaning, sealed bytes, and their order")?;
        let held = holdings::read(&self.data.join("server"))?;
        let mut of_flat = 0;
        telling
            .line("document                          envelopes   bytes  first envelope     (what only members know)")?;
        for (document, class) in self.documents(flat)? {
            let Some(envelopes) = held.by_document.get(&document) else { continue };
            let bytes: usize = envelopes.iter().map(|one| one.bytes).sum();
            let first = envelopes.first().map(|one| one.id.to_string()).unwrap_or_default();
            let first: String = first.chars().take(16).collect();
            telling.line(&format!(
                "{document}  {:>9}  {:>6}  {first}…  ({class})",
                envelopes.len(),
                grouped(bytes as u64)
            ))?;
            of_flat += envelopes.len();
        }
        telling.line(&format!(
            "of {} envelopes and {} bytes that it holds in all",
            grouped(held.envelopes as u64),
            grouped(held.bytes)
        ))?;
        if of_flat == 0 {
            return Err(StoryError::Broken("the server holds nothing of the flat"));
        }
        Ok(of_flat)
    }

    pub(crate) fn search(&self, telling: &mut Telling<'_>, flat: &Flat) -> Result<Searched, StoryError> {
        telling.step(
            "A search of the server's files",
            "address, UPRN, names, notes: none is there; a control shows that the search can find",
        )?;
        let desk = &self.devices[DESK].client;
        let page = desk.properties().get(flat.record, Reading::Shown)?;
        let words = self.words(&page.row.address);
        let server = scan::folder(&self.data.join("server"), &words)?;
        let listed = words.iter().map(String::as_str).collect::<Vec<_>>().join(" · ");
        for (at, line) in wrap(&listed, 84).iter().enumerate() {
            telling.line(&format!("{:<11}{line}", if at == 0 { "looked for" } else { "" }))?;
        }
        telling.line(&format!(
            "server     {} files, {} bytes: {} of {} words found",
            server.files,
            grouped(server.bytes),
            server.found.len(),
            words.len()
        ))?;
        // The search can find: the ids that the server must have are in its files, and the words are in a plain export.
        let id = self.documents(flat)?.first().map(|(id, _)| *id).unwrap_or(DocumentId::ZERO);
        if !scan::holds(&self.data.join("server"), id.as_bytes())? {
            return Err(StoryError::Broken("the search does not find an id that the server holds"));
        }
        telling
            .line("control    the id of the flat's first document is found in the same files: they are really read")?;
        let control = self.plain_export(&words, flat)?;
        telling.line(&format!(
            "control    the same search of a plain export finds {} of {}",
            control.found.len(),
            words.len()
        ))?;
        for device in &self.devices {
            let found = scan::folder(&device.folder, &words)?.found;
            if !found.is_empty() {
                return Err(StoryError::Broken("a word stands in clear in the files of a device"));
            }
        }
        telling.line("devices    the files of all four devices: none found either")?;
        if !server.found.is_empty() {
            return Err(StoryError::Broken("a word stands in clear in the server's files"));
        }
        if control.found.len() != words.len() {
            return Err(StoryError::Broken("the search misses words in a plain export"));
        }
        Ok(Searched { words: words.len(), on_server: server.found.len(), in_control: control.found.len() })
    }

    /// What must not be found: address, UPRN, people, organisations, what was written.
    fn words(&self, address: &str) -> Vec<String> {
        let mut words: Vec<String> =
            ["Lantern Row", "Linden House", "ZZ1 1LR", FLAT_UPRN, "Okoro", "Blessing"].map(str::to_owned).to_vec();
        words.push(address.to_owned());
        words.extend([COUNCIL, FIRE, LANDLORD, DESK_WORKER].map(str::to_owned));
        words.extend(TABLETS.iter().map(|(_, _, worker, _)| (*worker).to_owned()));
        words.extend(["mould above the window", "ten-year alarm fitted", "e-bike"].map(str::to_owned));
        words
    }

    fn plain_export(&self, words: &[String], flat: &Flat) -> Result<scan::Scan, StoryError> {
        let folder = self.data.join("control");
        fs::create_dir(&folder)?;
        let desk = &self.devices[DESK].client;
        let page = desk.properties().get(flat.record, Reading::Shown)?;
        let names = desk.directory().names()?;
        let json = serde_json::to_vec(&(page, names)).map_err(|_| StoryError::Broken("a page is no JSON"))?;
        fs::write(folder.join("plain-export.json"), json)?;
        let scan = scan::folder(&folder, words)?;
        // Clear text does not stay behind.
        fs::remove_dir_all(&folder)?;
        Ok(scan)
    }

    fn documents(&self, flat: &Flat) -> Result<Vec<(DocumentId, Class)>, StoryError> {
        let desk = &self.devices[DESK].client;
        let of_flat = [Class::Index, Class::Home, Class::Fire].map(|class| (flat.record, class));
        let of_tenant = [Class::Identity, Class::Communication, Class::Function].map(|class| (flat.tenant, class));
        let mut documents = Vec::new();
        for (record, class) in of_flat.into_iter().chain(of_tenant) {
            if let Some(view) = desk.document(record, class)? {
                documents.push((view.document, class));
            }
        }
        Ok(documents)
    }
}

//! Which things of a list are wanted, where that is told from the thing and not from a row: its area, who did it, its words, its
//! day.

use doorstep_protocol::{AreaId, DocumentId, ZoneId};

use super::{DueWhen, SOON_MS, Todo, TodoFilter, TodoItem, TodoWhat};
use crate::client::{ClientError, TwinKey};
use crate::device::Device;
use crate::store::documents;

impl TodoFilter {
    /// Whether things have to be looked at one by one.
    pub(super) const fn looks_at_items(&self) -> bool {
        self.area.is_some() || self.who.is_some() || self.text.is_some() || self.due.is_some()
    }
}

impl Todo<'_> {
    /// Those that are wanted, in the order they come in.
    pub(super) fn narrowed(&self, all: Vec<TodoItem>, filter: &TodoFilter) -> Result<Vec<TodoItem>, ClientError> {
        let (today, soon) = (self.day_ahead(0), self.day_ahead(SOON_MS));
        let words = filter.text.as_deref().map(words).unwrap_or_default();
        let device = self.client.lock();
        let mut wanted = Vec::new();
        for item in all {
            let is_due = filter.due.is_none_or(|when| {
                item.due.as_deref().is_some_and(|due| match when {
                    DueWhen::Overdue => due < today.as_str(),
                    DueWhen::Soon => today.as_str() <= due && due <= soon.as_str(),
                })
            });
            let who = who(&item);
            let is_theirs = filter.who.as_ref().is_none_or(|wanted| who.is_some_and(|name| wanted.contains(name)));
            let text = format!("{} {}", item.title, who.unwrap_or_default());
            if is_due
                && is_theirs
                && says(&text, &words)
                && (filter.area.is_none() || area_of(&device, &item)? == filter.area)
            {
                wanted.push(item);
            }
        }
        Ok(wanted)
    }
}

/// Whether every wanted word stands in a text, or is the beginning of a word there: `9` is in `9 Alder Street`, not in `19`.
pub(in crate::client) fn says(text: &str, wanted: &[String]) -> bool {
    let held = words(text);
    wanted.iter().all(|word| held.iter().any(|held| held.starts_with(word.as_str())))
}

/// The words of a text, in lower case.
pub(in crate::client) fn words(text: &str) -> Vec<String> {
    let parts = text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(str::to_lowercase).collect()
}

/// Who did it: the name of a worker, or of a device where no worker is known.
fn who(item: &TodoItem) -> Option<&str> {
    match &item.what {
        TodoWhat::Visit { visitor_name, .. } => Some(visitor_name),
        TodoWhat::Late { author_name, .. } | TodoWhat::Stale { author_name, .. } => Some(author_name),
        TodoWhat::Glass { device_name, .. } => Some(device_name),
        _ => None,
    }
}

/// The area of what a thing is about, where it is about something that has one.
fn area_of(device: &Device, item: &TodoItem) -> Result<Option<AreaId>, ClientError> {
    let of_document = |document: DocumentId| documents::zone_of(device.store().reader(), document);
    let zone: Option<ZoneId> = match &item.what {
        TodoWhat::Late { zone, .. } => Some(*zone),
        TodoWhat::Visit { visit, .. } => of_document(visit.document)?,
        TodoWhat::Conflict { document, .. } | TodoWhat::Stale { document, .. } | TodoWhat::Clock { document, .. } => {
            of_document(*document)?
        }
        TodoWhat::Twins { pair } => of_document(match pair.key {
            TwinKey::Hazards { document, .. } => document,
            TwinKey::People { a, .. } => a.0,
            TwinKey::Properties { known, .. } => known.0,
        })?,
        TodoWhat::Glass { task, .. } => of_document(task.property)?,
        TodoWhat::Disclosure { .. } | TodoWhat::Sync { .. } => None,
    };
    device_area(device, zone)
}

/// The area of a zone.
pub(in crate::client) fn device_area(device: &Device, zone: Option<ZoneId>) -> Result<Option<AreaId>, ClientError> {
    let authority = device.authority()?;
    Ok(zone.and_then(|zone| authority.zones().get(&zone)).map(|zone| zone.area))
}

//! The lists of a desk one by one, but for the clocks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use doorstep_protocol::{ActorId, Class};
use rusqlite::Connection;

use super::{ROWS_MAX, SyncTrouble, Todo, TodoFilter, TodoItem, TodoWhat};
use crate::client::conflicts::title_of;
use crate::client::page::{Paged, Window};
use crate::client::{ClientError, NameBook, lost};
use crate::device::RecordId;
use crate::order::Order as _;
use crate::records::{Author, Date, RowId};
use crate::store::desk::{self, DeskList, Listed};
use crate::store::lists::VisitFilter;
use crate::store::{StoreError, documents, meta};

/// Until when a fact was set to be looked at, or was seen, to be past its review today.
pub(super) struct StaleDays {
    pub(super) today: String,
    /// A fact without a day of review that was seen on this day, or before, is to be looked at.
    pub(super) seen_until: String,
    months: i64,
}

impl StaleDays {
    /// The day on which a fact that was seen on `day` was to be looked at.
    fn due(&self, day: &str) -> String {
        day.parse::<Date>().map_or_else(|_| day.to_owned(), |day| day.months_later(self.months).to_string())
    }
}

/// Names of who recorded what is on a list, each looked up once.
struct Authors<'a> {
    reader: &'a Connection,
    names: &'a NameBook,
    known: BTreeMap<Option<ActorId>, String>,
}

impl Authors<'_> {
    fn name(&mut self, actor: Option<ActorId>) -> Result<&str, StoreError> {
        match self.known.entry(actor) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let author = actor.map(|actor| documents::author_of(self.reader, actor)).transpose()?.flatten();
                let who = author.map(|author| Author { device: author.device, seat: Some(author.seat) });
                Ok(place.insert(self.names.who(who)))
            }
        }
    }
}

impl Todo<'_> {
    /// The days by the months that the partnership has set.
    pub(super) fn stale_days(&self) -> Result<StaleDays, ClientError> {
        let today = self.day_ahead(0);
        let months = self.client.packs().book()?.thresholds(&today).fact_stale_months;
        let seen_until = today.months_later(-months).to_string();
        Ok(StaleDays { today: today.to_string(), seen_until, months })
    }

    pub(super) fn visits(&self, filter: &TodoFilter, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let wanted = VisitFilter {
            state: Some("submitted".into()),
            kind: filter.visit_kind.clone(),
            visitor: None,
            record: filter.record.map(|record| record.0),
        };
        let found = self.client.reviews().window(&wanted, window)?;
        let rows = found.rows.into_iter().map(|row| TodoItem {
            record: row.visit.record.map(RecordId),
            title: row.title,
            due: None,
            what: TodoWhat::Visit { visit: row.visit, visitor_name: row.visitor_name },
        });
        Ok(Paged { total: found.total, rows: rows.collect() })
    }

    pub(super) fn conflicts(&self, filter: &TodoFilter, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let device = self.client.lock();
        let reader = device.store().reader();
        let mut all = Vec::new();
        for (document, class, fields) in documents::conflicts_of(reader, 0, ROWS_MAX)? {
            let record = documents::record_of(reader, document)?.map(RecordId);
            if filter.record.is_none() || filter.record == record {
                all.push((document, class, fields, record));
            }
        }
        let paged = window.of(all);
        let mut rows = Vec::with_capacity(paged.rows.len());
        for (document, class, fields, record) in paged.rows {
            let title = title_of(&device, record, class)?;
            rows.push(TodoItem { record, title, due: None, what: TodoWhat::Conflict { document, class, fields } });
        }
        Ok(Paged { total: paged.total, rows })
    }

    pub(super) fn duplicates(&self, filter: &TodoFilter, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let paged = window.of(self.client.duplicates().all(filter.twins)?);
        let rows = paged.rows.into_iter().map(|pair| TodoItem {
            record: None,
            title: format!("{} / {}", pair.left, pair.right),
            due: None,
            what: TodoWhat::Twins { pair },
        });
        Ok(Paged { total: paged.total, rows: rows.collect() })
    }

    pub(super) fn stale(&self, filter: &TodoFilter, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let days = self.stale_days()?;
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let (device, settled) = device.lists()?;
        let mut authors = Authors { reader: device.store().reader(), names: &names, known: BTreeMap::new() };
        let is_filtered = filter.record.is_some() || filter.collection.is_some() || filter.who.is_some();
        let rows_max = if is_filtered { ROWS_MAX } else { window.offset.saturating_add(window.limit) };
        let mut all = desk::due(settled, DeskList::Stale, &days.today, 0, rows_max)?;
        let mut seen = desk::due(settled, DeskList::Seen, &days.seen_until, 0, rows_max)?;
        seen.iter_mut().for_each(|listed| listed.row.due = days.due(&listed.row.due));
        all.append(&mut seen);
        all.order_by(|a, b| (&a.row.due, a.document, a.row.row).cmp(&(&b.row.due, b.document, b.row.row)));
        if is_filtered {
            all.retain(|listed| {
                filter.record.is_none_or(|record| listed.record == Some(record.0))
                    && filter.collection.as_ref().is_none_or(|wanted| listed.row.key == *wanted)
            });
        }
        if let Some(wanted) = &filter.who {
            let mut theirs = Vec::new();
            for listed in all {
                if wanted.contains(authors.name(listed.row.author)?) {
                    theirs.push(listed);
                }
            }
            all = theirs;
        }
        let mut paged: Paged<Listed> = window.of(all);
        if !is_filtered {
            let set = desk::count_due(settled, DeskList::Stale, &days.today)?;
            paged.total = set + desk::count_due(settled, DeskList::Seen, &days.seen_until)?;
        }
        let mut rows = Vec::with_capacity(paged.rows.len());
        for Listed { document, record, row } in paged.rows {
            let record = record.map(RecordId);
            let author_name = authors.name(row.author)?.to_owned();
            let (collection, fact) = (row.key, row.data);
            rows.push(TodoItem {
                record,
                title: title_of(device, record, Class::Home)?,
                due: Some(row.due),
                what: TodoWhat::Stale { document, collection, row: RowId(row.row), fact, author_name },
            });
        }
        Ok(Paged { total: paged.total, rows })
    }

    pub(super) fn late(&self, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let names = self.client.directory().names()?;
        let work = self.client.late_work()?;
        let rows = work.into_iter().map(|work| {
            let zone_name = lost::named(&names.zones, work.zone);
            let author_name = names.device(work.author);
            TodoItem {
                record: None,
                title: format!("{author_name}: {zone_name}"),
                due: None,
                what: TodoWhat::Late {
                    zone: work.zone,
                    zone_name,
                    author: work.author,
                    author_name,
                    envelopes: work.envelopes.len(),
                    first_arrived: work.first_arrived,
                },
            }
        });
        Ok(window.of(rows.collect()))
    }

    pub(super) fn glass_reviews(&self, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let names = self.client.directory().names()?;
        let tasks = self.glasses()?;
        let device = self.client.lock();
        let mut rows = Vec::with_capacity(tasks.len());
        for task in tasks {
            let record = Some(RecordId(task.property));
            let title = title_of(&device, record, Class::Home)?;
            let device_name = names.device(task.device);
            rows.push(TodoItem { record, title, due: None, what: TodoWhat::Glass { task, device_name } });
        }
        Ok(window.of(rows))
    }

    pub(super) fn disclosures(&self, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let register = self.client.register();
        let mut asked: BTreeMap<RowId, Option<String>> = BTreeMap::new();
        asked.extend(register.all()?.into_iter().map(|row| (row.disclosure.row, row.disclosure.value.asked_by)));
        asked.extend(register.every_request()?.into_iter().map(|row| (row.request.row, row.request.value.asked_by)));
        let mut device = self.client.lock();
        let (_, settled) = device.lists()?;
        let all = desk::page(settled, DeskList::Request, 0, ROWS_MAX)?;
        let rows = all.into_iter().map(|Listed { document, row, .. }| TodoItem {
            record: None,
            title: asked.remove(&RowId(row.row)).flatten().unwrap_or_else(|| row.data.clone()),
            due: (!row.due.is_empty()).then_some(row.due),
            what: TodoWhat::Disclosure { document, request: RowId(row.row), register: row.data },
        });
        Ok(window.of(rows.collect()))
    }

    pub(super) fn sync(&self, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let unfinished = self.client.unfinished_erasures()?.len() as u64;
        let device = self.client.lock();
        let owed = device.owed()?;
        let alarm = u64::from(meta::alarm(device.store().reader())?.is_some());
        let found = [
            (SyncTrouble::Alarm, alarm),
            (SyncTrouble::Refused, owed.outbox.refused),
            (SyncTrouble::SetAside, owed.set_aside),
            (SyncTrouble::Waiting, owed.waiting),
            (SyncTrouble::NotSent, owed.outbox.to_send),
            (SyncTrouble::NotSealed, owed.unsealed_changes),
            (SyncTrouble::UnfinishedErasures, unfinished),
        ];
        let rows = found.into_iter().filter(|(_, count)| *count > 0).map(|(trouble, count)| TodoItem {
            record: None,
            title: String::new(),
            due: None,
            what: TodoWhat::Sync { trouble, count },
        });
        Ok(window.of(rows.collect()))
    }
}

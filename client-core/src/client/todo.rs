//! What is to be done at a desk: visits handed in, values that disagree, what may be there twice, facts past their review,
//! clocks that run out, late work, broken glasses, requests to disclose, and what did not come through. Counts and pages
//! answer from rows, without loading a document.

mod narrow;
mod work;

use std::collections::BTreeSet;

use doorstep_protocol::{AreaId, Class, DeviceId, DocumentId, Millis, ZoneId};

use super::conflicts::title_of;
use super::duplicates::{TwinKind, TwinPair};
use super::page::{Page, Paged, Window};
use super::{Client, ClientError};
use crate::device::{RecordId, RestrictedError, ReviewTask};
use crate::order::Order as _;
use crate::records::clocks::{Clock, ClockRule, ClockState, HazardFacts, clocks, local_day};
use crate::records::{Date, RowId};
use crate::store::desk::{self, DeskList};
use crate::store::documents;
use crate::store::lists::{self, VisitFilter, VisitRow};

pub(super) use narrow::{device_area, says, words};

/// What is to be done.
pub struct Todo<'c> {
    pub(super) client: &'c Client,
}

/// A list of things to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TodoKind {
    /// Statutory clocks that are overdue, run out soon, or lack a fact.
    Clocks,
    /// Visits that were handed in.
    Visits,
    /// Values that disagree.
    Conflicts,
    /// What may be there twice.
    Duplicates,
    /// Facts past their review.
    StaleFacts,
    /// Work of devices that were ended.
    LateWork,
    /// Broken glasses that nobody has looked at.
    GlassReviews,
    /// Requests to disclose that nobody has decided.
    Disclosures,
    /// What was not sent, or came and is in no record.
    Sync,
}

impl TodoKind {
    /// Every list, the most urgent first.
    pub const ALL: [Self; 9] = [
        Self::Clocks,
        Self::GlassReviews,
        Self::Visits,
        Self::Conflicts,
        Self::Disclosures,
        Self::Duplicates,
        Self::StaleFacts,
        Self::LateWork,
        Self::Sync,
    ];
}

/// How many things are on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TodoCount {
    /// The list.
    pub kind: TodoKind,
    /// How many; `None` where this device may not know, or only while a worker has it unlocked.
    pub count: Option<u64>,
    /// How many of them are past their time.
    pub overdue: u64,
}

/// Which things are wanted. What is left open fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TodoFilter {
    /// Of this property or person.
    pub record: Option<RecordId>,
    /// Visits of this kind.
    pub visit_kind: Option<String>,
    /// Clocks that stand so; left open, those of which somebody should know: all that are open but not merely running.
    pub clock_state: Option<ClockState>,
    /// Clocks of this rule.
    pub clock_rule: Option<ClockRule>,
    /// Twins of this kind.
    pub twins: Option<TwinKind>,
    /// Facts of this collection that are past their review.
    pub collection: Option<String>,
    /// Of records in this area.
    pub area: Option<AreaId>,
    /// Done or said by one of these: workers and devices by their names.
    pub who: Option<BTreeSet<String>>,
    /// Whose title, or who did it, holds every word of this.
    pub text: Option<String>,
    /// As the day stands by which they are due.
    pub due: Option<DueWhen>,
}

/// How the day stands by which something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DueWhen {
    /// It has passed.
    Overdue,
    /// It is today, or one of the next seven.
    Soon,
}

/// How far ahead something is due soon.
const SOON_MS: u64 = 7 * 24 * 60 * 60 * 1_000;

/// A thing to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TodoItem {
    /// The property or person, where there is one.
    pub record: Option<RecordId>,
    /// Its address or name, or what else stands for it.
    pub title: String,
    /// The day by which it is, or was, to be done: an ISO day in the United Kingdom.
    pub due: Option<String>,
    /// What it is.
    #[serde(flatten)]
    pub what: TodoWhat,
}

/// What there is to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum TodoWhat {
    /// A visit to be looked at.
    Visit {
        /// The visit.
        visit: VisitRow,
        /// The visitor's name.
        visitor_name: String,
    },
    /// A document in which values disagree.
    Conflict {
        /// The document.
        document: DocumentId,
        /// Its class.
        class: Class,
        /// How many values.
        fields: u64,
    },
    /// Two that may be one.
    Twins {
        /// The pair.
        pair: TwinPair,
    },
    /// A fact past its review.
    Stale {
        /// The document.
        document: DocumentId,
        /// The collection.
        collection: String,
        /// The row.
        row: RowId,
        /// What it is, as its row says: a kind, or a list and code.
        fact: String,
        /// Who recorded it: a worker, or a device where the worker is not known.
        author_name: String,
    },
    /// A clock.
    Clock {
        /// The `home` document.
        document: DocumentId,
        /// The hazard.
        hazard: RowId,
        /// Its list and code, as `hhsrs-2026 11`.
        code: String,
        /// The clock.
        clock: Box<Clock>,
    },
    /// Work of a device that was ended, kept for a decision.
    Late {
        /// The zone.
        zone: ZoneId,
        /// The zone's name.
        zone_name: String,
        /// Who wrote it.
        author: DeviceId,
        /// That device's name.
        author_name: String,
        /// How many envelopes.
        envelopes: usize,
        /// When the first came.
        first_arrived: Millis,
    },
    /// A broken glass.
    Glass {
        /// The task.
        task: ReviewTask,
        /// The name of the device.
        device_name: String,
    },
    /// A request to disclose.
    Disclosure {
        /// The register's document.
        document: DocumentId,
        /// The row of the request.
        request: RowId,
        /// Whose register.
        register: String,
    },
    /// What did not come through, by reason.
    Sync {
        /// What.
        trouble: SyncTrouble,
        /// How many.
        count: u64,
    },
}

/// What did not come through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SyncTrouble {
    /// An alarm stands: this device does not sync until a person has dealt with it.
    Alarm,
    /// Changes here that are not sealed yet.
    NotSealed,
    /// Sealed work that the server has not taken.
    NotSent,
    /// Work that the server refused.
    Refused,
    /// What came and waits for a key, an entry or other work.
    Waiting,
    /// What came and was set aside.
    SetAside,
    /// Erased records of which pieces came later: two admins have to finish them.
    UnfinishedErasures,
}

/// Hazards whose clocks are computed for one list, at most.
const HAZARDS_MAX: usize = 20_000;
/// Rows of a list that are looked through where it is filtered, at most.
const ROWS_MAX: usize = 20_000;

impl Todo<'_> {
    /// How many things are on each list.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn counts(&self) -> Result<Vec<TodoCount>, ClientError> {
        TodoKind::ALL.into_iter().map(|kind| self.count(kind)).collect()
    }

    /// How many things are on one list.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn count(&self, kind: TodoKind) -> Result<TodoCount, ClientError> {
        let filter = TodoFilter::default();
        let counted = |count, overdue| Ok(TodoCount { kind, count: Some(count), overdue });
        match kind {
            TodoKind::Visits => {
                let submitted = VisitFilter { state: Some("submitted".into()), ..VisitFilter::default() };
                counted(lists::count_visits(self.client.lock().store().reader(), &submitted)?, 0)
            }
            TodoKind::StaleFacts => {
                let days = self.stale_days()?;
                let mut device = self.client.lock();
                let (_, settled) = device.lists()?;
                let set = desk::count_due(settled, DeskList::Stale, &days.today)?;
                let count = set + desk::count_due(settled, DeskList::Seen, &days.seen_until)?;
                counted(count, count)
            }
            TodoKind::Clocks => {
                let clocks = self.running(&filter)?;
                let overdue = clocks.iter().filter(|(_, clock)| clock.state == ClockState::Overdue).count();
                counted(clocks.len() as u64, overdue as u64)
            }
            TodoKind::Conflicts => {
                let device = self.client.lock();
                counted(documents::count_conflicts(device.store().reader())?, 0)
            }
            TodoKind::Duplicates => counted(self.client.duplicates().all(None)?.len() as u64, 0),
            TodoKind::GlassReviews => match self.glasses() {
                Ok(tasks) => counted(tasks.len() as u64, 0),
                Err(ClientError::Restricted(error)) if is_not_here(&error) => {
                    Ok(TodoCount { kind, count: None, overdue: 0 })
                }
                Err(other) => Err(other),
            },
            TodoKind::LateWork | TodoKind::Disclosures | TodoKind::Sync => {
                counted(self.page(kind, &filter, Page::FIRST)?.total, 0)
            }
        }
    }

    /// A page of one list, the most urgent first.
    ///
    /// # Errors
    /// [`ClientError::Restricted`] for broken glasses at a desk that is no auditor's, or is locked.
    pub fn page(&self, kind: TodoKind, filter: &TodoFilter, page: Page) -> Result<Paged<TodoItem>, ClientError> {
        if !filter.looks_at_items() {
            return self.window(kind, filter, page.into());
        }
        let all = self.window(kind, filter, Window { offset: 0, limit: ROWS_MAX })?.rows;
        Ok(page.of(self.narrowed(all, filter)?))
    }

    fn window(&self, kind: TodoKind, filter: &TodoFilter, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        match kind {
            TodoKind::Visits => self.visits(filter, window),
            TodoKind::Conflicts => self.conflicts(filter, window),
            TodoKind::Duplicates => self.duplicates(filter, window),
            TodoKind::StaleFacts => self.stale(filter, window),
            TodoKind::Clocks => self.clocks(filter, window),
            TodoKind::LateWork => self.late(window),
            TodoKind::GlassReviews => self.glass_reviews(window),
            TodoKind::Disclosures => self.disclosures(window),
            TodoKind::Sync => self.sync(window),
        }
    }

    /// The day in the United Kingdom so many milliseconds from now.
    fn day_ahead(&self, ahead_ms: u64) -> Date {
        let at = Millis(self.client.now().0.saturating_add(ahead_ms));
        local_day(at).unwrap_or_else(|| Date::of(at))
    }

    /// Open clocks that fit, the most urgent first.
    fn running(&self, filter: &TodoFilter) -> Result<Vec<(desk::Listed, Clock)>, ClientError> {
        let now = self.client.now();
        let rules = super::clocks::rules(self.client)?;
        let mut device = self.client.lock();
        let (_, settled) = device.lists()?;
        let mut found = Vec::new();
        for listed in desk::clocked(settled, HAZARDS_MAX)? {
            if filter.record.is_some_and(|record| listed.record != Some(record.0)) {
                continue;
            }
            let Ok(facts) = serde_json::from_str::<HazardFacts>(&listed.row.data) else { continue };
            let wanted = |clock: &Clock| {
                let state = match filter.clock_state {
                    Some(state) => clock.state == state,
                    None => clock.state.is_open() && clock.state != ClockState::Running,
                };
                state && filter.clock_rule.is_none_or(|rule| clock.rule == rule)
            };
            let of_hazard = clocks(&facts, &rules.law, &rules.calendar, now).into_iter().filter(wanted);
            found.extend(of_hazard.map(|clock| (listed.clone(), clock)));
        }
        found.order_by(|(a, one), (b, other)| {
            (one.state, one.due, a.document, a.row.row).cmp(&(other.state, other.due, b.document, b.row.row))
        });
        Ok(found)
    }

    fn clocks(&self, filter: &TodoFilter, window: Window) -> Result<Paged<TodoItem>, ClientError> {
        let paged = window.of(self.running(filter)?);
        let device = self.client.lock();
        let mut rows = Vec::with_capacity(paged.rows.len());
        for (listed, clock) in paged.rows {
            let facts: HazardFacts = serde_json::from_str(&listed.row.data).unwrap_or_default();
            let record = listed.record.map(RecordId);
            let scheme = facts.scheme.map(|scheme| scheme.to_string()).unwrap_or_default();
            rows.push(TodoItem {
                record,
                title: title_of(&device, record, Class::Home)?,
                due: clock.due.and_then(local_day).map(|day| day.to_string()),
                what: TodoWhat::Clock {
                    document: listed.document,
                    hazard: RowId(listed.row.row),
                    code: format!("{scheme} {}", facts.code.unwrap_or_default()),
                    clock: Box::new(clock),
                },
            });
        }
        Ok(Paged { total: paged.total, rows })
    }

    fn glasses(&self) -> Result<Vec<ReviewTask>, ClientError> {
        let now = self.client.now();
        Ok(self.client.lock().audit(now)?.tasks)
    }
}

/// Whether a device says by this error that the list is not for it, or not now.
fn is_not_here(error: &RestrictedError) -> bool {
    matches!(error, RestrictedError::NotEntitled { .. } | RestrictedError::Locked | RestrictedError::NoAudit)
}

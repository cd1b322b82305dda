//! Statutory clocks of a home's hazards, and the steps that they follow from.

use doorstep_protocol::{Class, Millis};

use super::properties::view_of;
use super::{Client, ClientError};
use crate::device::{RecordId, WriteError};
use crate::order::Order as _;
use crate::records::clocks::{Calendar, Clock, HazardFacts, Law, Step, clocks};
use crate::records::home::{Dwelling, Hazard};
use crate::records::{Date, DocumentView, Reading, Row as _, RowId, Seen};

/// Whose law and bank holidays count.
const NATION: &str = "england";

/// Clocks of a device.
pub struct Clocks<'c> {
    pub(super) client: &'c Client,
}

/// A hazard with its clocks and the steps recorded about it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HazardClocks {
    /// The hazard.
    pub hazard: Seen<Hazard>,
    /// Its clocks, by rule.
    pub clocks: Vec<Clock>,
    /// What happened about it, the latest first.
    pub steps: Vec<Seen<Step>>,
}

/// By which law, and around which holidays, clocks run.
pub(super) struct Rules {
    pub(super) law: Law,
    pub(super) calendar: Calendar,
}

impl Clocks<'_> {
    /// Every hazard of a home that a law reaches or about which a step is recorded.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn of(&self, record: RecordId) -> Result<Vec<HazardClocks>, ClientError> {
        let now = self.client.now();
        let rules = rules(self.client)?;
        let mut device = self.client.lock();
        let view = view_of(&mut device, record, Class::Home)?;
        device.let_go();
        Ok(view.map(|view| of_home(&view, &rules, now)).unwrap_or_default())
    }

    /// Records a step about a hazard.
    ///
    /// # Errors
    /// [`ClientError::Write`] when the hazard is not there, or the step is not whole.
    pub fn record(&self, record: RecordId, step: &Step) -> Result<RowId, ClientError> {
        self.client.write(|draft| {
            let view = draft.view(record, Class::Home)?;
            let hazard =
                step.hazard.filter(|row| view.is_some_and(|view| view.row(Hazard::COLLECTION, *row).is_some()));
            hazard.ok_or(WriteError::NoSuchRecord { what: "hazard in this home" })?;
            let row = draft.row_id();
            draft.edit(record, Class::Home, |edit| edit.create(row, step))?;
            Ok(row)
        })
    }
}

/// The law of England and its bank holidays, as the newest packs on this device have them.
pub(super) fn rules(client: &Client) -> Result<Rules, ClientError> {
    let today = Date::of(client.now());
    let book = client.packs().book()?;
    let days = book.holidays(NATION, &today).into_iter().flat_map(|holidays| &holidays.days);
    let calendar = Calendar::of_holidays(days.map(|holiday| holiday.day.clone()));
    let law = book.law(NATION, &today).cloned().ok_or(ClientError::NotFound { what: "law with deadlines" })?;
    Ok(Rules { law, calendar })
}

fn of_home(view: &DocumentView, rules: &Rules, now: Millis) -> Vec<HazardClocks> {
    let all: Vec<Seen<Step>> = view.rows(Reading::Shown);
    let rows: Vec<(RowId, &Step)> = all.iter().map(|seen| (seen.row, &seen.value)).collect();
    let tenure = view.single::<Dwelling>(Reading::Cautious).and_then(|seen| seen.value.tenure);
    let mut found = Vec::new();
    for hazard in view.rows::<Hazard>(Reading::Cautious) {
        let facts = HazardFacts::of(hazard.row, &hazard.value, &rows, tenure.as_ref());
        let clocks = clocks(&facts, &rules.law, &rules.calendar, now);
        let of_hazard = all.iter().filter(|step| step.value.hazard == Some(hazard.row));
        let mut steps: Vec<Seen<Step>> = of_hazard.cloned().collect();
        steps.order_by_key(|step| (std::cmp::Reverse(step.value.at), step.row));
        if !clocks.is_empty() || !steps.is_empty() {
            found.push(HazardClocks { hazard, clocks, steps });
        }
    }
    found.order_by_key(|one| one.clocks.iter().map(|clock| (clock.state, clock.due)).min());
    found
}

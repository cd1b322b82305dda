//! What a document puts on the lists of a desk.

use std::collections::BTreeMap;

use doorstep_protocol::{Class, Millis};

use super::address_line;
use crate::order::Order as _;
use crate::records::clocks::{HazardFacts, Step, local_day};
use crate::records::decisions::{self, Pair};
use crate::records::function::Evacuation;
use crate::records::home::{Alarm, Clutter, Dwelling, Equipment, EquipmentState, Hazard, HazardState};
use crate::records::identity::{Channel, Contact, Person};
use crate::records::index::{self, Flag, Property};
use crate::records::register::{Disclosure, Request};
use crate::records::rooms::{self, plain};
use crate::records::{Date, DocumentView, Provenance, Reading, Row as _, RowId, Seen};
use crate::store::desk::{DeskList, DeskRow};

/// Keys by which one person is found, at most.
const PERSON_KEYS_MAX: usize = 16;

/// What the document puts on the lists, sorted.
pub(super) fn rows(view: &DocumentView) -> Vec<DeskRow> {
    let mut rows = Vec::new();
    match view.class {
        Class::Home => home(view, &mut rows),
        Class::Index => index_rows(view, &mut rows),
        Class::Identity => identity(view, &mut rows),
        Class::Function => function(view, &mut rows),
        Class::Register => register(view, &mut rows),
        _ => {}
    }
    for (pair, (twins, _)) in decisions::pairs(view) {
        let (row, key) = match pair {
            Pair::Rows(a, b) => (a, format!("{a} {b}")),
            Pair::Records(a, b) => (RowId::SINGLE, format!("{a} {b}")),
        };
        let data = serde_json::to_string(&twins).unwrap_or_default();
        rows.push(DeskRow { list: DeskList::Pair, row: row.0, key, due: String::new(), data, author: None });
    }
    rows.order();
    rows.dedup_by(|b, a| (a.list, a.row, &a.key) == (b.list, b.row, &b.key));
    rows
}

/// A row and who made it.
type Made<'a> = (RowId, &'a Option<Provenance>);

fn stale(rows: &mut Vec<DeskRow>, made: Made<'_>, collection: &str, due: Option<&Date>, what: impl ToString) {
    if let Some(due) = due {
        rows.push(to_look_at(DeskList::Stale, made, collection, due.to_string(), what));
    }
}

fn to_look_at(list: DeskList, (row, made): Made<'_>, collection: &str, due: String, what: impl ToString) -> DeskRow {
    let author = made.as_ref().map(|made| made.actor);
    DeskRow { list, row: row.0, key: collection.to_owned(), due, data: what.to_string(), author }
}

/// A fact that is looked at again so many months after it was seen, since nobody set a day: how many, the partnership says.
fn seen(rows: &mut Vec<DeskRow>, made: Made<'_>, collection: &str, at: Option<Millis>, what: impl ToString) {
    if at.is_some() {
        rows.push(to_look_at(DeskList::Seen, made, collection, day_of(at), what));
    }
}

/// Those of some observations that no later one of the same thing has overtaken.
fn latest<T>(
    all: Vec<Seen<T>>,
    at: impl Fn(&T) -> Option<Millis>,
    thing: impl Fn(&T) -> (String, String),
) -> Vec<Seen<T>> {
    let mut latest: BTreeMap<(String, String), Seen<T>> = BTreeMap::new();
    for one in all {
        let key = thing(&one.value);
        let is_later = |held: &Seen<T>| (at(&held.value), held.row) < (at(&one.value), one.row);
        if latest.get(&key).is_none_or(is_later) {
            latest.insert(key, one);
        }
    }
    latest.into_values().collect()
}

fn room_of(room: Option<&str>) -> String {
    plain(rooms::as_recorded(room.unwrap_or_default()))
}

fn home(view: &DocumentView, rows: &mut Vec<DeskRow>) {
    let hazards: Vec<Seen<Hazard>> = view.rows(Reading::Cautious);
    if !hazards.is_empty() {
        let steps: Vec<Seen<Step>> = view.rows(Reading::Shown);
        let steps: Vec<(RowId, &Step)> = steps.iter().map(|seen| (seen.row, &seen.value)).collect();
        let tenure = view.single::<Dwelling>(Reading::Cautious).and_then(|seen| seen.value.tenure);
        for Seen { row, value: hazard, made, .. } in &hazards {
            let facts = HazardFacts::of(*row, hazard, &steps, tenure.as_ref());
            let due = String::new();
            if facts.may_run() {
                let data = serde_json::to_string(&facts).unwrap_or_default();
                rows.push(DeskRow {
                    list: DeskList::Clocked,
                    row: row.0,
                    key: String::new(),
                    due: due.clone(),
                    data,
                    author: None,
                });
            }
            if hazard.state == Some(HazardState::Resolved) {
                continue;
            }
            if let (Some(scheme), Some(code)) = (&hazard.scheme, &hazard.code) {
                let key = format!("{scheme} {code}");
                match &hazard.review_due {
                    Some(due) => stale(rows, (*row, made), "hazards", Some(due), &key),
                    None => seen(rows, (*row, made), "hazards", hazard.observed_at, &key),
                }
                let data = room_of(hazard.room.as_deref());
                rows.push(DeskRow { list: DeskList::Hazard, row: row.0, key, due, data, author: None });
            }
        }
    }
    for Seen { row, value, made, .. } in view.rows::<Equipment>(Reading::Cautious) {
        if value.state != Some(EquipmentState::Removed) {
            let kind = value.kind.map(|kind| kind.to_string()).unwrap_or_default();
            stale(rows, (row, &made), "equipment", value.service_due.as_ref(), kind);
        }
    }
    let kind_of = |alarm: &Alarm| alarm.kind.as_ref().map(ToString::to_string).unwrap_or_default();
    let (with_day, without): (Vec<_>, Vec<_>) =
        view.rows::<Alarm>(Reading::Cautious).into_iter().partition(|seen| seen.value.expires.is_some());
    for Seen { row, value, made, .. } in with_day {
        stale(rows, (row, &made), "alarms", value.expires.as_ref(), kind_of(&value));
    }
    let thing = |alarm: &Alarm| (kind_of(alarm), room_of(alarm.room.as_deref()));
    for Seen { row, value, made, .. } in latest(without, |alarm| alarm.observed_at, thing) {
        seen(rows, (row, &made), "alarms", value.observed_at, kind_of(&value));
    }
    let thing = |clutter: &Clutter| (String::new(), room_of(clutter.room.as_deref()));
    for Seen { row, value, made, .. } in latest(view.rows(Reading::Cautious), |clutter| clutter.observed_at, thing) {
        seen(rows, (row, &made), Clutter::COLLECTION, value.observed_at, value.room.unwrap_or_default());
    }
}

fn index_rows(view: &DocumentView, rows: &mut Vec<DeskRow>) {
    for Seen { row, value, made, .. } in view.rows::<Flag>(Reading::Cautious) {
        if value.ended_at.is_none() {
            let due = [value.review_due, value.expires].into_iter().flatten().min();
            let kind = value.kind.map(|kind| kind.to_string()).unwrap_or_default();
            stale(rows, (row, &made), "flags", due.as_ref(), kind);
        }
    }
    let Some(property) = view.single::<Property>(Reading::Shown).map(|seen| seen.value) else { return };
    let stands = matches!(property.standing, None | Some(index::Standing::Standing));
    if property.uprn.is_none() && stands {
        rows.push(DeskRow {
            list: DeskList::Provisional,
            row: RowId::SINGLE.0,
            key: property.postcode.as_ref().map(ToString::to_string).unwrap_or_default(),
            due: String::new(),
            data: address_line(&property),
            author: None,
        });
    }
}

fn function(view: &DocumentView, rows: &mut Vec<DeskRow>) {
    if let Some(plan) = view.single::<Evacuation>(Reading::Cautious)
        && plan.value.ended_on.is_none()
    {
        stale(rows, (plan.row, &plan.made), Evacuation::COLLECTION, plan.value.review_due.as_ref(), "evacuation plan");
    }
}

fn register(view: &DocumentView, rows: &mut Vec<DeskRow>) {
    let waits = |collection: &str, row: RowId, due: String| DeskRow {
        list: DeskList::Request,
        row: row.0,
        key: collection.to_owned(),
        due,
        data: collection.to_owned(),
        author: None,
    };
    for Seen { row, value, .. } in view.rows::<Disclosure>(Reading::Shown) {
        if value.is_pending() {
            rows.push(waits(Disclosure::COLLECTION, row, day_of(value.asked_at)));
        }
    }
    for Seen { row, value, .. } in view.rows::<Request>(Reading::Shown) {
        if value.is_open() {
            let due = value.due.as_ref().map_or_else(|| day_of(value.received_at), ToString::to_string);
            rows.push(waits(Request::COLLECTION, row, due));
        }
    }
}

fn day_of(at: Option<Millis>) -> String {
    at.and_then(local_day).map(|day| day.to_string()).unwrap_or_default()
}

fn identity(view: &DocumentView, rows: &mut Vec<DeskRow>) {
    let Some(person) = view.single::<Person>(Reading::Shown).map(|seen| seen.value) else { return };
    let said = |text: &Option<String>| text.as_deref().map(plain).filter(|text| !text.is_empty());
    let surname = said(&person.surname);
    let mut keys: Vec<String> = Vec::new();
    if let (Some(born), Some(surname)) = (&person.born, &surname) {
        keys.push(format!("born {born} {surname}"));
    }
    for name in [&person.forename, &person.preferred_name].into_iter().filter_map(said) {
        match &surname {
            Some(surname) if !name.ends_with(surname.as_str()) => keys.push(format!("name {name}{surname}")),
            _ => keys.push(format!("name {name}")),
        }
    }
    keys.extend(said(&person.reference).map(|reference| format!("reference {reference}")));
    for contact in view.rows::<Contact>(Reading::Shown).into_iter().map(|seen| seen.value) {
        let Some(value) = said(&contact.value) else { continue };
        match contact.channel {
            Some(Channel::Phone | Channel::Mobile) => {
                // The last nine digits: +44 and 0 are one number.
                let digits: String = value.chars().filter(char::is_ascii_digit).collect();
                if let Some(at) = digits.len().checked_sub(9) {
                    keys.push(format!("phone {}", &digits[at..]));
                }
            }
            Some(Channel::Email) => keys.push(format!("email {value}")),
            _ => {}
        }
    }
    keys.truncate(PERSON_KEYS_MAX);
    rows.extend(keys.into_iter().map(|key| DeskRow {
        list: DeskList::PersonKey,
        row: RowId::SINGLE.0,
        key,
        due: String::new(),
        data: String::new(),
        author: None,
    }));
}

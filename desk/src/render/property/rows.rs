//! The rows of a home in words, one line each.

use doorstep_client_core::records::home::{
    Adaptation, Alarm, Clutter, Dwelling, Equipment, Hazard, Measurement, Visit,
};
use doorstep_client_core::records::{Class, DocumentView, PropertyView, Reading, Row, RowId, caution, hazard_codes};

use super::Page;
use crate::render::words::{moment, plain};

/// Joins what is filled.
fn join(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn code<T: AsCode>(value: Option<&T>) -> Option<String> {
    value.map(|value| plain(value.code()))
}

/// What has a code.
trait AsCode {
    fn code(&self) -> &str;
}

macro_rules! as_code {
    ($($name:ident),+ $(,)?) => {$(
        impl AsCode for doorstep_client_core::records::home::$name {
            fn code(&self) -> &str {
                self.as_str()
            }
        }
    )+};
}

as_code!(
    AdaptationStatus,
    AlarmKind,
    AlarmState,
    EquipmentKind,
    EquipmentState,
    HazardState,
    Outcome,
    Severity,
    VisitKind,
    VisitState,
);

/// A hazard: label, room, severity, state, note.
pub(super) fn hazard(hazard: &Hazard) -> String {
    let label = match (&hazard.scheme, &hazard.code) {
        (Some(scheme), Some(code)) => hazard_codes::codes(scheme)
            .iter()
            .find(|(known, _)| known == code)
            .map_or_else(|| format!("{scheme} {code}"), |(_, label)| format!("{label} ({scheme} {code})")),
        _ => "hazard".to_owned(),
    };
    let note = hazard.note.as_ref().map(|note| format!("“{note}”"));
    join([Some(label), hazard.room.clone(), code(hazard.severity.as_ref()), code(hazard.state.as_ref()), note])
}

/// The dwelling field by field, since each may come from another visit; of a field in dispute every value.
pub(super) fn dwelling(page: &mut Page<'_>, view: &PropertyView, home: Option<&DocumentView>, reading: Reading) {
    if view.dwelling.is_none() {
        return;
    }
    page.heading("Dwelling");
    let Some(row) = home.and_then(|home| home.row(Dwelling::COLLECTION, RowId::SINGLE)) else { return };
    for field in Dwelling::FIELDS.iter().filter(|field| **field != "source") {
        let Some(said) = row.fields.get(*field) else { continue };
        let rule = caution::rule(Class::Home, Dwelling::COLLECTION, field);
        let is_disputed = said.is_disputed(rule);
        // The back office sees every value, visitors the more cautious one.
        let shown = said.value(reading, rule);
        let values = said.values.iter().filter(|one| match (is_disputed, reading) {
            (true, Reading::Shown) => true,
            _ => Some(&one.value) == shown,
        });
        for said in values.take(if is_disputed { usize::MAX } else { 1 }) {
            page.field(field, &said.value, said.by.as_ref(), is_disputed);
        }
    }
}

macro_rules! section {
    ($name:ident, $field:ident, $heading:literal, $words:ident) => {
        pub(super) fn $name(page: &mut Page<'_>, view: &PropertyView) {
            if view.$field.is_empty() {
                return;
            }
            page.heading($heading);
            for seen in &view.$field {
                page.row(&$words(&seen.value), seen);
            }
        }
    };
}

section!(clutter, clutter, "Clutter (1 to 9)", clutter_words);
section!(alarms, alarms, "Alarms", alarm_words);
section!(equipment, equipment, "Equipment", equipment_words);
section!(adaptations, adaptations, "Adaptations", adaptation_words);
section!(measurements, measurements, "Measurements", measurement_words);
section!(visits, visits, "Visits", visit_words);

fn clutter_words(clutter: &Clutter) -> String {
    let rating = clutter.rating.map_or_else(|| "not rated".to_owned(), |rating| format!("rating {rating}"));
    let anchored = (clutter.anchored == Some(true)).then(|| "against the pictures".to_owned());
    let exit = clutter.exit.as_ref().map(|exit| format!("way out {exit}"));
    join([clutter.room.clone(), Some(rating), anchored, exit])
}

fn alarm_words(alarm: &Alarm) -> String {
    let kind = code(alarm.kind.as_ref()).map(|kind| format!("{kind} alarm"));
    let expires = alarm.expires.as_ref().map(|day| format!("replace by {day}"));
    join([alarm.room.clone(), kind, code(alarm.state.as_ref()), expires, alarm.note.clone()])
}

fn equipment_words(equipment: &Equipment) -> String {
    let load = equipment.safe_load_kg.map(|kg| format!("safe load {kg} kg"));
    let service = equipment.service_due.as_ref().map(|day| format!("service due {day}"));
    join([
        code(equipment.kind.as_ref()),
        equipment.label.clone(),
        equipment.room.clone(),
        code(equipment.state.as_ref()),
        load,
        service,
        equipment.note.clone(),
    ])
}

fn adaptation_words(adaptation: &Adaptation) -> String {
    let since = adaptation.on.as_ref().map(|day| format!("since {day}"));
    join([
        adaptation.kind.clone(),
        adaptation.room.clone(),
        code(adaptation.status.as_ref()),
        since,
        adaptation.note.clone(),
    ])
}

fn measurement_words(measurement: &Measurement) -> String {
    let figure = measurement.value.map(|value| {
        format!("{value} {}", measurement.unit.as_ref().map_or("", |unit| unit.as_str())).trim().to_owned()
    });
    let what = join([measurement.feature.clone(), measurement.quantity.clone(), measurement.room.clone()]);
    join([Some(what), figure, measurement.method.as_ref().map(|method| format!("by {method}"))])
}

fn visit_words(visit: &Visit) -> String {
    join([
        code(visit.kind.as_ref()),
        visit.started_at.map(moment),
        visit.visitor.clone(),
        visit.organisation.clone(),
        visit.met.as_ref().map(|met| format!("met {met}")),
        code(visit.outcome.as_ref()),
        code(visit.state.as_ref()),
        visit.follow_up.as_ref().map(|text| format!("next: {text}")),
        visit.note.as_ref().map(|note| format!("“{note}”")),
    ])
}

pub(super) fn alerts(page: &mut Page<'_>, view: &PropertyView) {
    if view.alerts.is_empty() {
        return;
    }
    page.heading("Alerts of other systems");
    for seen in &view.alerts {
        let alert = &seen.value;
        let ended = alert.ended_on.as_ref().map(|day| format!("ended {day}"));
        page.row(&join([alert.kind.clone(), alert.note.clone(), alert.reference.clone(), ended]), seen);
    }
}

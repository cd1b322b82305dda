//! The rows of a home in words, one line each.

use doorstep_client_core::client::HazardClocks;
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::communication::Need;
use doorstep_client_core::records::function::Ability;
use doorstep_client_core::records::home::{
    Adaptation, Alarm, Alert, Clutter, Dwelling, Equipment, Hazard, Measurement, Scope, Visit,
};
use doorstep_client_core::records::{Class, DocumentView, Reading, Row, RowId, caution};
use maud::{Markup, html};

use crate::page::firebox::spoken;
use crate::page::{clocks, mistaken, todo};
use crate::view::facts::{Facts, join};
use crate::words::{Speech, kebab};

/// Which family of messages the codes of a field have; none for free text and numbers.
#[must_use]
pub fn family(collection: &str, field: &str) -> Option<&'static str> {
    Some(match (collection, field) {
        ("dwelling", "tenure") => "tenure",
        ("dwelling", "main_exit") | ("clutter", "exit") => "exit-state",
        ("dwelling", "sprinkler") => "presence",
        ("property", "standing") => "standing",
        ("history", "kind") => "history-kind",
        ("dwelling", "telecare") => "telecare",
        ("hazards", "scheme") => "scheme",
        ("hazards", "scope") => "scope",
        ("hazards", "severity") => "severity",
        ("hazards", "state") => "hazard-state",
        ("steps", "kind") => "step-kind",
        ("assessments", "scheme") => "scheme",
        ("assessments", "band") => "band",
        ("facts", "kind") => "fact-kind",
        ("facts", "scope") => "scope",
        ("measurements" | "answers", "unit") => "unit",
        ("measurements", "method") => "method",
        ("equipment", "kind") => "equipment-kind",
        ("equipment", "state") => "equipment-state",
        ("adaptations", "status") => "adaptation-status",
        ("clutter", "room_kind") => "room-kind",
        ("alarms", "kind") => "alarm-kind",
        ("alarms", "state") => "alarm-state",
        ("visits", "kind") => "visit-kind",
        ("visits", "outcome") => "outcome",
        ("visits", "state") => "visit-state",
        ("flags", "kind") => "flag-kind",
        ("flags", "subject") => "flag-subject",
        ("flags", "challenge") => "challenge",
        ("flags", "ended_why") => "flag-end",
        ("abilities", "what") => "doing",
        ("abilities", "level") => "level",
        ("abilities", "constancy") => "constancy",
        ("abilities", "said_by") => "said-by",
        ("notes", "kind") => "note-kind",
        ("conditions", "said_by") => "condition-source",
        ("evacuation", "assistance") => "assistance",
        ("needs", "kind") => "need-kind",
        ("needs", "share") => "share",
        ("members" | "people", "relation") => "relation",
        ("proxies", "kind") => "proxy-kind",
        ("proxies", "evidence") => "proxy-evidence",
        ("consents", "scope") => "consent-scope",
        ("consents", "decision") => "consent-decision",
        ("consents", "method" | "withdrawn_how") => "consent-method",
        ("decisions", "kind") => "decision-kind",
        ("decisions", "collection") => "collection",
        ("decisions", "field") => "field",
        ("contacts", "channel") => "channel",
        ("occupancies", "kind") => "occupancy-kind",
        ("occupancies", "role") => "occupancy-role",
        (_, "room") => "room",
        (_, "source") => "source",
        (_, "confidence" | "certainty") => "confidence",
        _ => return None,
    })
}

/// The dwelling field by field, since each may come from another visit.
#[must_use]
pub(super) fn dwelling(facts: Facts<'_>, record: RecordId, home: Option<&DocumentView>) -> Vec<Markup> {
    let Some(row) = home.and_then(|home| home.row(Dwelling::COLLECTION, RowId::SINGLE)) else { return Vec::new() };
    let mut lines = Vec::new();
    for field in Dwelling::FIELDS.iter().filter(|field| **field != "source") {
        let Some(said) = row.fields.get(*field) else { continue };
        let rule = caution::rule(Class::Home, Dwelling::COLLECTION, field);
        let Some(value) = said.value(Reading::Cautious, rule) else { continue };
        let by = said.values.iter().find(|one| one.value == *value).and_then(|one| one.by.as_ref());
        let (label, words) = (facts.speech.code("field", field), facts.value(value, family("dwelling", field)));
        let way = mistaken::way_of_dwelling(facts.speech, record, field, &format!("{label}: {words}"));
        lines.push(html! {
            li.fact {
                span.words { (label) ": " strong { (words) } }
                @if said.is_disputed(rule) { (facts.disputed()) }
                (facts.by(by))
                @if value.is_said() { (way) }
            }
        });
    }
    lines
}

fn place(speech: Speech, room: Option<&str>) -> Option<String> {
    room.map(|room| speech.room(room))
}

/// A hazard: what, where, how bad, how far it is dealt with.
#[must_use]
pub fn hazard(speech: Speech, hazard: &Hazard) -> String {
    let label = match (&hazard.scheme, &hazard.code) {
        (Some(scheme), Some(code)) => spoken::hazard(speech, scheme, code),
        _ => speech.say("hazard"),
    };
    join([
        Some(label),
        place(speech, hazard.room.as_deref()),
        hazard
            .scope
            .as_ref()
            .filter(|scope| **scope != Scope::Dwelling)
            .map(|code| speech.code("scope", code.as_str())),
        hazard.severity.as_ref().map(|code| speech.code("severity", code.as_str())),
        hazard.state.as_ref().map(|code| speech.code("hazard-state", code.as_str())),
        hazard.note.clone(),
    ])
}

/// A clutter rating.
#[must_use]
pub fn clutter(speech: Speech, clutter: &Clutter) -> String {
    join([
        place(speech, clutter.room.as_deref()),
        clutter.rating.map(|rating| speech.tell("said-rating", "rating", rating.to_string())),
        clutter.exit.as_ref().map(|exit| speech.tell("said-exit", "level", speech.code("exit-state", exit.as_str()))),
    ])
}

/// An alarm.
#[must_use]
pub fn alarm(speech: Speech, alarm: &Alarm) -> String {
    join([
        place(speech, alarm.room.as_deref()),
        alarm.kind.as_ref().map(|code| speech.code("alarm-kind", code.as_str())),
        alarm.state.as_ref().map(|code| speech.code("alarm-state", code.as_str())),
        alarm.expires.as_ref().map(|day| speech.tell("replace-by", "day", speech.day(day.as_str()))),
        alarm.note.clone(),
    ])
}

/// A measurement.
#[must_use]
pub fn measurement(speech: Speech, row: &Measurement) -> String {
    let unit = row.unit.as_ref().map_or("", |unit| unit.as_str());
    join([
        row.feature.clone(),
        row.quantity.clone(),
        place(speech, row.room.as_deref()),
        row.value.map(|value| format!("{value} {unit}")),
        row.method.as_ref().map(|code| speech.code("method", code.as_str())),
    ])
}

/// A piece of equipment.
#[must_use]
pub fn equipment(speech: Speech, row: &Equipment) -> String {
    join([
        row.kind.as_ref().map(|code| speech.code("equipment-kind", code.as_str())),
        row.label.clone(),
        place(speech, row.room.as_deref()),
        row.state.as_ref().map(|code| speech.code("equipment-state", code.as_str())),
        row.safe_load_kg.map(|kg| speech.tell("safe-load", "kg", kg.to_string())),
        row.service_due.as_ref().map(|day| speech.tell("service-due", "day", speech.day(day.as_str()))),
        row.note.clone(),
    ])
}

/// An adaptation.
#[must_use]
pub(in crate::page) fn adaptation(speech: Speech, row: &Adaptation) -> String {
    join([
        row.kind.clone(),
        place(speech, row.room.as_deref()),
        row.status.as_ref().map(|code| speech.code("adaptation-status", code.as_str())),
        row.on.as_ref().map(|day| speech.day(day.as_str())),
        row.note.clone(),
    ])
}

/// An alert of another system.
#[must_use]
pub(super) fn alert(speech: Speech, row: &Alert) -> String {
    let ended = row.ended_on.as_ref().map(|day| speech.tell("ended-on", "day", speech.day(day.as_str())));
    join([row.kind.clone(), row.note.clone(), row.reference.clone(), ended])
}

/// A visit.
#[must_use]
pub(super) fn visit(facts: Facts<'_>, row: &Visit) -> String {
    let speech = facts.speech;
    join([
        row.kind.as_ref().map(|code| speech.code("visit-kind", code.as_str())),
        row.started_at.map(|at| speech.moment(at, facts.now)),
        row.visitor.clone(),
        row.organisation.clone(),
        row.outcome.as_ref().map(|code| speech.code("outcome", code.as_str())),
        row.state.as_ref().map(|code| speech.code("visit-state", code.as_str())),
    ])
}

/// What a person needs.
#[must_use]
pub fn need(speech: Speech, row: &Need) -> String {
    join([
        row.kind.as_ref().map(|code| speech.code("need-kind", code.as_str())),
        row.detail.clone(),
        row.snomed.clone(),
    ])
}

/// What a person can do.
#[must_use]
pub fn ability(speech: Speech, row: &Ability) -> String {
    let what = row.what.as_ref().map(|code| speech.code("doing", code.as_str()));
    let level = row.level.as_ref().map(|code| speech.code("level", code.as_str()));
    let said = match (what, level) {
        (Some(what), Some(level)) => Some(format!("{what}: {level}")),
        (one, other) => one.or(other),
    };
    join([said, row.constancy.as_ref().map(|code| speech.code("constancy", code.as_str())), row.detail.clone()])
}

/// The statutory clocks of hazards, each with the day by which it asks for something.
pub(super) fn clocks(facts: Facts<'_>, record: RecordId, all: &[HazardClocks]) -> Vec<Markup> {
    let speech = facts.speech;
    let mut lines = Vec::new();
    for one in all {
        let title = hazard(speech, &one.hazard.value);
        lines.push(html! {
            li.fact { a href=(clocks::path(record, one.hazard.row)) { strong { (title) } } (facts.by(one.hazard.made.as_ref())) }
        });
        for clock in &one.clocks {
            let due = clock.due.map(|at| speech.tell("due-by", "day", speech.moment(at, facts.now)));
            let rule = speech.code("clock-rule", &kebab(&format!("{:?}", clock.rule)));
            let words = join([Some(rule), Some(todo::clock_state(speech, clock.state)), due]);
            lines.push(html! { li.fact { span.words { (words) } } });
        }
    }
    lines
}

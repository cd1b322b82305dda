//! The statutory clocks of one hazard: each deadline with the facts that it stands on, every reading of the law with its day, what
//! is not certain; and the next step to record: it was investigated, made safe, nobody let us in.

use doorstep_client_core::client::{ClientError, HazardClocks};
use doorstep_client_core::device::{RecordId, WriteError};
use doorstep_client_core::records::clocks::{Clock, ClockRule, ClockState, Step, StepKind, Stopped};
use doorstep_client_core::records::{EditError, RowId, Seen};
use doorstep_protocol::Millis;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::page::todo::clock_state;
use crate::refusals;
use crate::view::facts::{Facts, iso};
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::{Message, kebab};

/// What happened.
const KIND: &str = "step_kind";
/// When.
const AT: &str = "step_at";
/// More.
const NOTE: &str = "step_note";
/// The step that this one puts right.
const CORRECTS: &str = "step_corrects";
/// Characters of a note, as the record has it.
const NOTE_CHARS_MAX: usize = 1_000;

/// The address of a hazard's clocks.
#[must_use]
pub fn path(record: RecordId, hazard: RowId) -> String {
    format!("/clocks/{record}/{hazard}")
}

fn of_path(ask: &Ask) -> Result<(RecordId, HazardClocks), Fault> {
    let (record, hazard) = (ask.record()?, ask.part::<RowId>("hazard")?);
    let found = ask.house.client.clocks().of(record)?.into_iter().find(|one| one.hazard.row == hazard);
    Ok((record, found.ok_or(Fault::NotFound)?))
}

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, one) = of_path(ask)?;
    Ok(Answer::Page(page_of(ask, record, &one)?))
}

fn page_of(ask: &Ask, record: RecordId, one: &HazardClocks) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let row = ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let title = property::hazard(speech, &one.hazard.value);
    let body = html! {
        p.kicker { a href={"/home/" (record)} { (row.address) } }
        h1 { (title) }
        p.by { (speech.say("clocks")) " · " (facts.by(one.hazard.made.as_ref())) }
        @if one.clocks.is_empty() { p.empty { (speech.say("clocks-none")) } }
        div.clocks { @for clock in &one.clocks { (card(facts, clock)) } }
        div.columns {
            section.card {
                h2 { (speech.say("step-record")) }
                (form::form(ask, &path(record, one.hazard.row), html! {
                    (form::select(ask, Field::named(KIND), &form::codes(ask, "step-kind", StepKind::CODES)))
                    (form::line(ask, Field::with_hint(AT, "step-at-hint"), "datetime-local", None))
                    (form::area(ask, Field::with_hint(NOTE, "step-note-hint")))
                    @if !one.steps.is_empty() {
                        details open[ask.fields.is_ticked(CORRECTS)] {
                            summary { (speech.say("step-put-right")) }
                            (form::select_or(ask, Field::with_hint(CORRECTS, "step-corrects-hint"), "step-corrects-none", &recorded(facts, one)))
                        }
                    }
                    button.main { (speech.say("step-save")) }
                }))
            }
            section.card {
                h2 { (speech.say("steps")) }
                @if one.steps.is_empty() { p.empty { (speech.say("steps-none")) } }
                ul.facts { @for step in &one.steps { (recorded_step(facts, one, step)) } }
            }
        }
    };
    Ok(view::page(ask, Some(Tab::Home), &speech.say("clocks"), body))
}

/// Steps that can be put right.
fn recorded(facts: Facts<'_>, one: &HazardClocks) -> Vec<(String, String)> {
    one.steps.iter().map(|step| (step.row.to_string(), step_words(facts, &step.value))).collect()
}

fn step_words(facts: Facts<'_>, step: &Step) -> String {
    let speech = facts.speech;
    let kind =
        step.kind.as_ref().map_or_else(|| speech.say("not-known"), |kind| speech.code("step-kind", kind.as_str()));
    let at = step.at.map_or_else(|| speech.say("not-known"), |at| speech.moment(at, facts.now));
    format!("{kind}: {at}")
}

fn recorded_step(facts: Facts<'_>, one: &HazardClocks, step: &Seen<Step>) -> Markup {
    let speech = facts.speech;
    let is_corrected = one.steps.iter().any(|other| other.value.corrects == Some(step.row));
    let words = step_words(facts, &step.value);
    html! {
        li.fact {
            @if is_corrected { del { (words) } span.tag { (speech.say("step-corrected")) } } @else { strong { (words) } }
            @if let Some(note) = &step.value.note { span.words { (note) } }
            (facts.by(step.made.as_ref()))
        }
    }
}

/// A deadline: by when, how it stands, and the facts below it.
fn card(facts: Facts<'_>, clock: &Clock) -> Markup {
    let speech = facts.speech;
    let tone = match clock.state {
        ClockState::Overdue => "alarm",
        ClockState::DueSoon | ClockState::FactMissing => "due",
        _ => "calm",
    };
    html! {
        section.card.clock.alarm[tone == "alarm"].due[tone == "due"] {
            h2 { (speech.code("clock-rule", &kebab(&format!("{:?}", clock.rule)))) }
            p.value {
                @match (clock.state, clock.due) {
                    (ClockState::Stopped(why), _) => (stopped(facts, why)),
                    (_, Some(due)) => (speech.tell("due-by", "day", by(facts, clock.rule, due))),
                    (_, None) => (speech.say("clock-no-deadline")),
                }
            }
            p { span.tag.warn[tone != "calm"] { (clock_state(speech, clock.state)) }
                @if let Some(met) = &clock.met { " " (speech.moment(met.at, facts.now)) }
            }
            h3 { (speech.say("clock-stands-on")) }
            ul.facts {
                @for (at, reading) in clock.readings.iter().enumerate() {
                    li.fact {
                        span.words {
                            (speech.code("step-kind", reading.from.as_str())) ": "
                            time datetime=(iso(reading.started)) { (speech.moment(reading.started, facts.now)) }
                            " → " (by(facts, clock.rule, reading.due))
                        }
                        @if clock.readings.len() > 1 && at == 0 { span.tag { (speech.say("clock-strictest")) } }
                    }
                }
                @if let Some(missing) = &clock.missing {
                    li.fact { span.words { (speech.tell("clock-missing", "fact", speech.code("step-kind", missing.as_str()))) } }
                }
                @for refusal in &clock.refusals {
                    li.fact { span.words { (speech.code("step-kind", "access-refused")) ": " (speech.moment(*refusal, facts.now)) } }
                }
            }
            @for doubt in &clock.doubts { p.hint { (speech.code("clock-doubt", &kebab(&format!("{doubt:?}")))) } }
            p.by { (speech.tell("clock-law", "phase", clock.phase.as_str())) }
        }
    }
}

/// By when: the moment for an emergency, else the end of the day.
fn by(facts: Facts<'_>, rule: ClockRule, due: Millis) -> String {
    let speech = facts.speech;
    match rule {
        ClockRule::EmergencyInvestigate | ClockRule::EmergencyMakeSafe => speech.moment(due, facts.now),
        _ => {
            let day = doorstep_client_core::records::clocks::local_day(due);
            day.map_or_else(
                || speech.say("not-known"),
                |day| speech.tell("end-of-day", "day", speech.day(day.as_str())),
            )
        }
    }
}

fn stopped(facts: Facts<'_>, why: Stopped) -> String {
    facts.speech.code("clock-stopped", &kebab(&format!("{why:?}")))
}

/// Records a step. It stands: a mistake is put right by a further one.
pub fn record(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, one) = of_path(ask)?;
    let kind = ask.fields.chosen::<StepKind>(KIND);
    let at = ask.fields.moment(AT);
    if at.is_none() {
        ask.fields.refuse(AT, Message::new("error-fill"));
    }
    if at.is_some_and(|at| at > ask.now()) {
        ask.fields.refuse(AT, Message::new("error-later"));
    }
    let step = Step {
        hazard: Some(one.hazard.row),
        kind,
        at,
        note: ask.fields.text(NOTE, NOTE_CHARS_MAX),
        corrects: ask.fields.parsed::<RowId>(CORRECTS, "error-choose"),
        ..Step::default()
    };
    if !ask.fields.is_sound() {
        return Ok(Answer::Unsound(page_of(ask, record, &one)?));
    }
    match ask.house.client.clocks().record(record, &step) {
        Ok(_) => {}
        Err(ClientError::Write(WriteError::Edit(EditError::Field(error)))) => {
            ask.fields.refuse(NOTE, refusals::of_field(&error));
            return Ok(Answer::Unsound(page_of(ask, record, &one)?));
        }
        Err(error) => return Err(error.into()),
    }
    ask.house.wake();
    Ok(Answer::GoAndSay(path(record, one.hazard.row), Message::new("step-saved")))
}

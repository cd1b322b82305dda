//! The controls of a question: a few answers are large buttons that save at once; anything longer has its own field.

use doorstep_client_core::client::Asked;
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::answers::Answer;
use doorstep_client_core::records::packs::{AnswerKind, Code, Question, Subject, Words};
use maud::{Markup, PreEscaped, html};

use super::{Sheet, hazard};
use crate::ask::Ask;
use crate::view::token;
use crate::words::{Language, Speech};

/// Figures that are buttons; more have a field.
const BUTTONS_MAX: i64 = 12;

/// Words of a pack in the language of the page.
pub(in crate::page) fn in_words(speech: Speech, words: &Words) -> String {
    match speech.language {
        Language::English => words.en.clone(),
        Language::Welsh => words.cy.clone(),
    }
}

fn code_in_words(speech: Speech, code: &Code) -> String {
    match speech.language {
        Language::English => code.en.clone(),
        Language::Welsh => code.cy.clone(),
    }
}

/// An answer to a question.
pub(super) fn answer_in_words(speech: Speech, question: &Question, answer: &Answer) -> String {
    let (AnswerKind::Choice { options, .. }, Some(chosen)) = (&question.answer, &answer.choice) else {
        return bare(speech, answer);
    };
    let of = |code: &str| options.iter().find(|option| option.code == code);
    let words =
        chosen.split(',').map(|code| of(code).map_or_else(|| code.to_owned(), |one| code_in_words(speech, one)));
    words.collect::<Vec<_>>().join(", ")
}

/// An answer by itself.
pub(super) fn bare(speech: Speech, answer: &Answer) -> String {
    let unit = answer.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
    let truth = answer.truth.map(|yes| speech.code("answer", if yes { "yes" } else { "no" }));
    truth
        .or_else(|| answer.whole.map(|whole| format!("{whole}{unit}")))
        .or_else(|| answer.day.as_ref().map(|day| speech.day(day.as_str())))
        .or_else(|| answer.choice.clone())
        .or_else(|| answer.text.clone())
        .unwrap_or_else(|| speech.say("value-newer"))
}

/// Ids of the controls of one question. Those of the one that is wrong are what the summary leads to.
struct Ids<'a> {
    question: &'a str,
    is_wrong: bool,
}

impl Ids<'_> {
    fn of(&self, name: &str) -> String {
        if self.is_wrong { format!("f-{name}") } else { format!("c-{}-{name}", self.question) }
    }

    fn typed<'f>(&self, ask: &'f Ask, name: &str) -> &'f str {
        if self.is_wrong { ask.fields.typed(name) } else { "" }
    }

    fn error(&self, ask: &Ask, name: &str) -> Option<String> {
        let error = ask.fields.error(name).filter(|_| self.is_wrong);
        error.map(|error| ask.speech().message(error))
    }
}

/// The form of one question.
pub(super) fn form(ask: &Ask, sheet: &Sheet<'_>, asked: &Asked, action: &str, is_wrong: bool) -> Markup {
    let question = &asked.question;
    let ids = Ids { question: &question.id, is_wrong };
    let body = html! {
        form method="post" action=(action) novalidate {
            (token(ask))
            @if question.about == Subject::Person { (persons(ask, sheet, &ids)) }
            @if question.rooms { (rooms(ask, &ids)) }
            (control(ask, sheet, asked, &ids))
        }
    };
    // A question that is asked for rooms and answered for one opens for another when it is wanted.
    html! {
        @if question.rooms && !is_wrong {
            details { summary { (ask.speech().say(if asked.given.is_empty() { "form-room" } else { "form-room-more" })) } (body) }
        } @else {
            (body)
        }
    }
}

/// A group of large buttons that stay pressed.
fn chips(
    ids: &Ids<'_>,
    name: &str,
    label: &str,
    error: Option<&str>,
    typed: &str,
    choices: &[(String, String)],
) -> Markup {
    let id = ids.of(name);
    html! {
        fieldset.field id=(id) tabindex="-1" {
            legend { (label) }
            @if let Some(error) = error { p.error { (error) } }
            div.chips {
                @for (at, (value, words)) in choices.iter().enumerate() {
                    @let id = format!("{id}-{at}");
                    span.chip {
                        input type="radio" id=(id) name=(name) value=(value) checked[typed == value];
                        label for=(id) { (words) }
                    }
                }
            }
        }
    }
}

fn persons(ask: &Ask, sheet: &Sheet<'_>, ids: &Ids<'_>) -> Markup {
    let speech = ask.speech();
    let known = sheet.people.iter().map(|row| (RecordId(row.record).to_string(), row.name.clone()));
    let known: Vec<(String, String)> = known.collect();
    let error = ids.error(ask, "person");
    match known.as_slice() {
        [] => html! {
            @if let Some(error) = error { p.error id=(ids.of("person")) tabindex="-1" { (error) } }
            p.hint { (speech.say("form-nobody")) @if let Some(home) = sheet.home { " " a href={"/home/" (home) "/person"} { (speech.say("person-add")) } } }
        },
        [(_, name)] => html! { p.hint { (speech.tell("form-about", "name", name.as_str())) } },
        _ => chips(ids, "person", &speech.say("field-person"), error.as_deref(), ids.typed(ask, "person"), &known),
    }
}

fn rooms(ask: &Ask, ids: &Ids<'_>) -> Markup {
    let speech = ask.speech();
    let (other, typed) = (ids.of("room_other"), ids.typed(ask, "room_other"));
    let error = ids.error(ask, "room");
    html! {
        (chips(ids, "room", &speech.say("field-room"), error.as_deref(), ids.typed(ask, "room"), &hazard::taps(speech)))
        details open[!typed.is_empty()] {
            summary { (speech.say("room-another")) }
            div.field {
                label for=(other) { (speech.say("field-room_other")) }
                @if let Some(error) = ids.error(ask, "room_other") { p.error { (error) } }
                input type="text" id=(other) name="room_other" value=(typed) autocomplete="off";
            }
        }
    }
}

fn control(ask: &Ask, sheet: &Sheet<'_>, asked: &Asked, ids: &Ids<'_>) -> Markup {
    let speech = ask.speech();
    let question = &asked.question;
    let held = asked.given.first().filter(|_| sheet.has_one(question)).map(|given| &given.answer);
    let buttons = |choices: Vec<(String, String)>, pressed: Option<String>| {
        let error = ids.error(ask, "answer");
        html! {
            div.answers id=(ids.of("answer")) tabindex="-1" role="group" aria-labelledby={"t-" (question.id)} {
                @if let Some(error) = error { p.error { (error) } }
                @for (value, words) in &choices {
                    button name="answer" value=(value) aria-pressed=(if pressed.as_ref() == Some(value) { "true" } else { "false" }) { (words) }
                }
            }
        }
    };
    let options = |options: &[Code]| -> Vec<(String, String)> {
        options.iter().map(|option| (option.code.clone(), code_in_words(speech, option))).collect()
    };
    match &question.answer {
        AnswerKind::YesNo => {
            let choices = ["yes", "no"].map(|word| (word.to_owned(), speech.code("answer", word)));
            let pressed = held.and_then(|answer| answer.truth).map(|yes| if yes { "yes" } else { "no" }.to_owned());
            buttons(choices.to_vec(), pressed)
        }
        AnswerKind::Choice { options: all, several: false } => {
            buttons(options(all), held.and_then(|answer| answer.choice.clone()))
        }
        AnswerKind::Choice { options: all, several: true } => {
            let held = held.and_then(|answer| answer.choice.clone()).unwrap_or_default();
            several(ask, ids, &options(all), &held)
        }
        AnswerKind::Whole { min, max, unit: None } if max - min < BUTTONS_MAX => {
            let figures = (*min..=*max).map(|figure| (figure.to_string(), figure.to_string()));
            buttons(figures.collect(), held.and_then(|answer| answer.whole).map(|whole| whole.to_string()))
        }
        AnswerKind::Whole { unit, .. } => {
            let unit = unit.as_ref().map(|unit| unit.as_str().to_owned());
            let held = held.and_then(|answer| answer.whole).map(|whole| whole.to_string());
            line(ask, ids, question, ("text", Some("numeric")), &held.unwrap_or_default(), unit.as_deref())
        }
        AnswerKind::Day => {
            let held = held.and_then(|answer| answer.day.as_ref()).map(ToString::to_string);
            line(ask, ids, question, ("date", None), &held.unwrap_or_default(), None)
        }
        AnswerKind::Text => {
            let held = held.and_then(|answer| answer.text.clone()).unwrap_or_default();
            area(ask, ids, question, &held)
        }
    }
}

/// Several of a few: boxes to tick, and a button that saves them.
fn several(ask: &Ask, ids: &Ids<'_>, choices: &[(String, String)], held: &str) -> Markup {
    let id = ids.of("answer");
    html! {
        fieldset.field id=(id) tabindex="-1" aria-labelledby={"t-" (ids.question)} {
            @if let Some(error) = ids.error(ask, "answer") { p.error { (error) } }
            div.chips {
                @for (at, (value, words)) in choices.iter().enumerate() {
                    @let id = format!("{id}-{at}");
                    span.chip {
                        input type="checkbox" id=(id) name="answer" value=(value) checked[held.split(',').any(|code| code == value)];
                        label for=(id) { (words) }
                    }
                }
            }
        }
        button { (ask.speech().say("save")) }
    }
}

/// What stands in a field: what was typed there, else the answer.
fn shown<'a>(ask: &'a Ask, ids: &Ids<'_>, held: &'a str) -> &'a str {
    if ids.is_wrong { ask.fields.typed("answer") } else { held }
}

fn line(
    ask: &Ask,
    ids: &Ids<'_>,
    question: &Question,
    (kind, mode): (&str, Option<&str>),
    held: &str,
    unit: Option<&str>,
) -> Markup {
    let (id, error) = (ids.of("answer"), ids.error(ask, "answer"));
    html! {
        div.field {
            @if let Some(error) = &error { p.error id={"e-" (id)} { (error) } }
            div.row {
                input.short type=(kind) inputmode=[mode] id=(id) name="answer" value=(shown(ask, ids, held)) autocomplete="off"
                    aria-labelledby={"t-" (question.id)} aria-invalid=[error.as_ref().map(|_| "true")];
                @if let Some(unit) = unit { span.unit { (unit) } }
                button { (ask.speech().say("save")) }
            }
        }
    }
}

fn area(ask: &Ask, ids: &Ids<'_>, question: &Question, held: &str) -> Markup {
    let (speech, id, error) = (ask.speech(), ids.of("answer"), ids.error(ask, "answer"));
    html! {
        div.field {
            @if let Some(error) = &error { p.error id={"e-" (id)} { (error) } }
            textarea id=(id) name="answer" rows="3" aria-labelledby={"t-" (question.id)} aria-invalid=[error.as_ref().map(|_| "true")]
                // A first line end is swallowed by browsers.
                { (PreEscaped("\n")) (shown(ask, ids, held)) }
        }
        p.kept role="status" data-kept=(speech.say("note-kept")) {}
        button { (speech.say("save")) }
    }
}

//! Reading a pack's file: strict, with errors that name the place, the limit and the remedy.

use std::collections::BTreeSet;

use serde_json::Value;

use super::content::{AnswerKind, Area, Code, Content, Pack, Question, Words};
use super::fill::{Filled, fill};
use super::{PACK_CHARS_MAX, PackKind};
use crate::records::answers::Answer;

/// Entries of one list in a pack.
const ENTRIES_MAX: usize = 5_000;
/// Characters of an id or code.
const ID_CHARS_MAX: usize = 60;
/// Characters of a postcode.
const POSTCODE_CHARS_MAX: usize = 8;
/// Characters of a title, label or question.
const WORDS_CHARS_MAX: usize = 400;

/// Why a pack was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {limit}; {remedy}")]
pub struct PackError {
    /// Where in the file.
    pub place: String,
    /// What must hold.
    pub limit: String,
    /// What to do.
    pub remedy: &'static str,
}

fn refused<T>(place: impl Into<String>, limit: impl Into<String>, remedy: &'static str) -> Result<T, PackError> {
    Err(PackError { place: place.into(), limit: limit.into(), remedy })
}

/// Reads and checks a pack.
///
/// # Errors
/// [`PackError`].
pub fn parse(text: &str) -> Result<Pack, PackError> {
    if text.chars().count() > PACK_CHARS_MAX {
        return refused("the file", format!("at most {PACK_CHARS_MAX} characters"), "split it into several packs");
    }
    let malformed = |error: serde_json::Error| PackError {
        place: format!("line {}", error.line()),
        limit: "a pack as the shipped ones are written".to_owned(),
        remedy: "compare it with `doorstep pack show` of one of the same kind",
    };
    let given: Value = serde_json::from_str(text).map_err(malformed)?;
    let kind = given.get("kind").and_then(Value::as_str).unwrap_or_default();
    if !PackKind::CODES.contains(&kind) {
        return refused("kind", format!("one of {}", PackKind::CODES.join(", ")), "say what the pack holds");
    }
    let pack: Pack = serde_json::from_str(text).map_err(malformed)?;
    let read = serde_json::to_value(&pack).map_err(malformed)?;
    no_unknown("", &given, &read)?;
    check(&pack)?;
    Ok(pack)
}

/// That nothing in the file was passed over: a field that is misspelt would be.
fn no_unknown(place: &str, given: &Value, read: &Value) -> Result<(), PackError> {
    match (given, read) {
        (Value::Object(given), Value::Object(read)) => given.iter().try_for_each(|(name, value)| {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            match read.get(name) {
                Some(held) => no_unknown(&place, value, held),
                // What is left out when it says nothing.
                None if matches!(value, Value::Null | Value::Bool(false)) => Ok(()),
                None => refused(place, "no field of that name stands here", "correct the name, or take it out"),
            }
        }),
        (Value::Array(given), Value::Array(read)) => given
            .iter()
            .zip(read)
            .enumerate()
            .try_for_each(|(at, (value, held))| no_unknown(&format!("{place}[{at}]"), value, held)),
        _ => Ok(()),
    }
}

fn check(pack: &Pack) -> Result<(), PackError> {
    id("id", &pack.id)?;
    if !(1..=1_000_000).contains(&pack.version) {
        return refused("version", "from 1 to 1000000", "count upwards from the version before");
    }
    words("title", &pack.title)?;
    match &pack.content {
        Content::Codes(codes) => list("codes", &codes.codes),
        Content::Form(form) => questions("questions", &form.questions),
        Content::Instrument(instrument) => {
            if instrument.licence.trim().is_empty() {
                return refused("licence", "says whose the instrument is", "name the owner and the licence");
            }
            questions("questions", &instrument.questions)
        }
        Content::Thresholds(thresholds) => {
            let months = [
                ("flag_review_months", thresholds.flag_review_months, 12),
                ("flag_review_months_max", thresholds.flag_review_months_max, 12),
                ("evacuation_review_months", thresholds.evacuation_review_months, 12),
                ("hazard_review_months", thresholds.hazard_review_months, 60),
                ("fact_stale_months", thresholds.fact_stale_months, 120),
            ];
            if !(1..=9).contains(&thresholds.clutter_rating) {
                return refused("clutter_rating", "from 1 to 9", "choose the rating from which crews are told");
            }
            for (place, value, max) in months {
                if !(1..=max).contains(&value) {
                    return refused(place, format!("from 1 to {max} months"), "choose fewer months");
                }
            }
            if thresholds.flag_review_months > thresholds.flag_review_months_max {
                return refused("flag_review_months", "no more than flag_review_months_max", "correct one of them");
            }
            Ok(())
        }
        Content::Holidays(holidays) => {
            if !["england", "wales"].contains(&holidays.nation.as_str()) {
                return refused("nation", "england or wales", "choose one of them");
            }
            within("days", holidays.days.len())?;
            if !holidays.days.is_sorted_by(|a, b| a.day < b.day) {
                return refused("days", "in order, each once", "sort the days");
            }
            Ok(())
        }
        Content::Photographs(_) => Ok(()),
        Content::Areas(areas) => check_areas(&areas.areas),
        Content::Law(law) => law.check().or_else(|error| {
            refused(error.field, error.limit, "compare it with `doorstep pack show awaabs-law-england --json`")
        }),
    }
}

fn check_areas(areas: &[Area]) -> Result<(), PackError> {
    within("areas", areas.len())?;
    let mut seen = BTreeSet::new();
    for (at, area) in areas.iter().enumerate() {
        let place = format!("areas[{at}]");
        if area.code.trim().is_empty() || area.name.trim().is_empty() || !seen.insert((area.kind, &area.code)) {
            return refused(place, "a code of its own among those of its kind, and a name", "give each area both");
        }
        for (at, beginning) in area.postcodes.iter().enumerate() {
            let is_plain = beginning.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ');
            if !(1..=POSTCODE_CHARS_MAX).contains(&beginning.len()) || !is_plain || beginning.trim() != beginning {
                let limit = "a postcode or its beginning, in capitals, such as N17 9LJ, N17 9 or N17";
                return refused(format!("{place}.postcodes[{at}]"), limit, "write it as it stands on letters");
            }
        }
    }
    Ok(())
}

fn within(place: &str, len: usize) -> Result<(), PackError> {
    if (1..=ENTRIES_MAX).contains(&len) {
        return Ok(());
    }
    refused(place, format!("from 1 to {ENTRIES_MAX} entries"), "split it into several packs, or withdraw it instead")
}

fn id(place: &str, id: &str) -> Result<(), PackError> {
    let is_plain = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if (1..=ID_CHARS_MAX).contains(&id.len()) && is_plain {
        return Ok(());
    }
    refused(place, format!("1 to {ID_CHARS_MAX} lower-case letters, digits and hyphens"), "choose a plain name")
}

fn words(place: &str, words: &Words) -> Result<(), PackError> {
    for (language, text) in [("en", &words.en), ("cy", &words.cy)] {
        if text.trim().is_empty() || text.chars().count() > WORDS_CHARS_MAX {
            let limit = format!("1 to {WORDS_CHARS_MAX} characters");
            return refused(format!("{place}.{language}"), limit, "people read it in both languages: fill in both");
        }
    }
    Ok(())
}

fn list(place: &str, codes: &[Code]) -> Result<(), PackError> {
    within(place, codes.len())?;
    let mut seen = BTreeSet::new();
    for (at, code) in codes.iter().enumerate() {
        let place = format!("{place}[{at}]");
        id(&place, &code.code)?;
        words(&place, &Words { en: code.en.clone(), cy: code.cy.clone() })?;
        if !seen.insert(&code.code) {
            return refused(place, "each code stands once", "take one of them out, or give it another code");
        }
    }
    Ok(())
}

fn questions(place: &str, all: &[Question]) -> Result<(), PackError> {
    within(place, all.len())?;
    for (at, question) in all.iter().enumerate() {
        let place = format!("{place}[{at}]");
        id(&format!("{place}.id"), &question.id)?;
        words(&format!("{place}.text"), &question.text)?;
        let before = all.get(..at).unwrap_or_default();
        if before.iter().any(|other| other.id == question.id) {
            return refused(place, "each question has an id of its own", "choose another id");
        }
        match &question.answer {
            AnswerKind::Choice { options, .. } => list(&format!("{place}.answer.options"), options)?,
            AnswerKind::Whole { min, max, .. } if min > max => {
                return refused(format!("{place}.answer"), "min is no more than max", "swap them");
            }
            _ => {}
        }
        if let Some(when) = &question.when {
            let Some(other) = before.iter().find(|other| other.id == when.question) else {
                return refused(format!("{place}.when"), "names a question before this one", "correct the id");
            };
            let known = codes_of(&other.answer);
            if when.is.is_empty() || when.is.iter().any(|code| !known.contains(&code.as_str())) {
                return refused(format!("{place}.when.is"), "codes of that question", "correct the codes");
            }
        }
        fills(&place, question)?;
    }
    Ok(())
}

/// The codes that an answer can have.
fn codes_of(kind: &AnswerKind) -> Vec<&str> {
    match kind {
        AnswerKind::YesNo => vec!["yes", "no"],
        AnswerKind::Choice { options, .. } => options.iter().map(|option| option.code.as_str()).collect(),
        AnswerKind::Whole { .. } | AnswerKind::Day | AnswerKind::Text => Vec::new(),
    }
}

/// Every answer that a question can have, or the ends of its range.
fn samples(kind: &AnswerKind) -> Vec<Answer> {
    let answer = Answer { room: Some("hall".into()), ..Answer::default() };
    match kind {
        AnswerKind::YesNo => [true, false].map(|truth| Answer { truth: Some(truth), ..answer.clone() }).to_vec(),
        AnswerKind::Whole { min, max, .. } => {
            [*min, *max].map(|whole| Answer { whole: Some(whole), ..answer.clone() }).to_vec()
        }
        AnswerKind::Choice { options, .. } => {
            options.iter().map(|one| Answer { choice: Some(one.code.clone()), ..answer.clone() }).collect()
        }
        AnswerKind::Day => vec![Answer { day: "2026-01-31".parse().ok(), ..answer }],
        AnswerKind::Text => vec![Answer { text: Some("words".into()), ..answer }],
    }
}

/// That every row which an answer fills can be written.
fn fills(place: &str, question: &Question) -> Result<(), PackError> {
    let known = codes_of(&question.answer);
    for (at, one) in question.fills.iter().enumerate() {
        let place = format!("{place}.fills[{at}]");
        if one.when.iter().any(|code| !known.contains(&code.as_str())) {
            return refused(format!("{place}.when"), "codes of this question", "correct the codes");
        }
        for sample in samples(&question.answer) {
            match fill(one, &sample) {
                Filled::Nothing | Filled::Row(_) => {}
                Filled::Refused(why) => {
                    return refused(place, format!("a row that can be written: {why}"), "correct its fields");
                }
            }
        }
    }
    Ok(())
}

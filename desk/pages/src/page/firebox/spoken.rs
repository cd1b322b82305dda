//! What was published for a crew, in the language of the page. A device publishes codes and fixed words; what a person wrote
//! is shown as it was written.

use doorstep_client_core::records::hazard_codes::{self, Scheme};
use doorstep_client_core::records::home::{AlarmKind, AlarmState, EquipmentKind, ExitState, Telecare};

use crate::words::Speech;

/// Words before a code: the message that says them, and the family of the code.
const BEFORE: [(&str, &str, &str); 4] = [
    ("main way out ", "said-main-exit", "exit-state"),
    ("leaves: ", "said-leaves", "level"),
    ("stairs: ", "said-stairs", "level"),
    ("walks: ", "said-walks", "level"),
];

/// A fact in words.
#[must_use]
pub fn fact(speech: Speech, words: &str) -> String {
    if let Some(said) = speech.find(&format!("said-{}", slug(words)), None) {
        return said;
    }
    for (before, id, family) in BEFORE {
        if let Some(code) = words.strip_prefix(before) {
            return speech.tell(id, "level", speech.code(family, code));
        }
    }
    if let Some(rating) = words.strip_prefix("rating ") {
        return speech.tell("said-rating", "rating", rating);
    }
    if let Some(code) = words.strip_prefix("missing or faulty: ") {
        return speech.tell("said-missing", "what", hazard(speech, &Scheme::FireV1, code));
    }
    if let Some((kind, state)) = words.split_once(' ')
        && AlarmKind::CODES.contains(&kind)
        && AlarmState::CODES.contains(&state)
    {
        let kind = speech.code("alarm-kind", kind);
        return format!("{kind}: {}", speech.code("alarm-state", state));
    }
    for (family, codes) in [
        ("equipment-kind", EquipmentKind::CODES),
        ("exit-state", ExitState::CODES),
        ("telecare", Telecare::CODES),
        ("presence", doorstep_client_core::records::Presence::CODES),
    ] {
        if codes.contains(&words) {
            return speech.code(family, words);
        }
    }
    if hazard_codes::label(&Scheme::FireV1, words).is_some() {
        return hazard(speech, &Scheme::FireV1, words);
    }
    words.to_owned()
}

/// A hazard of a list, in words.
#[must_use]
pub fn hazard(speech: Speech, scheme: &Scheme, code: &str) -> String {
    speech
        .find(&format!("hazard-{scheme}-{code}"), None)
        .or_else(|| hazard_codes::label(scheme, code).map(str::to_owned))
        .unwrap_or_else(|| format!("{scheme} {code}"))
}

fn slug(words: &str) -> String {
    let mut slug = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            'a'..='z' | '0'..='9' => slug.push(sign),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug
}

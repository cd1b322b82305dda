//! Codes of another system, and what each becomes here: a flag, a communication need, an ability, a note on function, an
//! alert of the home, or nothing, with why.

use std::str::FromStr;

use serde::Deserialize;

use doorstep_client_core::records::Source;
use doorstep_client_core::records::communication::{Need, NeedKind};
use doorstep_client_core::records::function::{Ability, Doing, Level, Note, NoteKind};
use doorstep_client_core::records::index::FlagKind;
use doorstep_client_core::records::{FieldError, Row};

use super::error::Reason;

/// What a code becomes.
#[derive(Clone, Debug)]
pub(super) enum Code {
    /// A flag on the property: that it exists, and whom to ask.
    Flag(FlagKind),
    /// A communication need of the person.
    Need(Need),
    /// What the person can do.
    Ability(Ability),
    /// A note on the person's function, where the code does not say how well.
    Note(Note),
    /// An alert of the home, in these words.
    Alert(String),
    /// Nothing.
    NotTaken(String),
}

/// A code as a mapping writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeText {
    flag: Option<String>,
    need: Option<String>,
    ability: Option<String>,
    note: Option<String>,
    alert: Option<String>,
    not_taken: Option<String>,
    level: Option<String>,
    detail: Option<String>,
}

impl Code {
    pub(super) fn new(text: CodeText) -> Result<Self, Reason> {
        let CodeText { flag, need, ability, note, alert, not_taken, level, detail } = text;
        if level.is_some() != ability.is_some() {
            return Err(Reason::new("`level` belongs to `ability`, and an ability has one", "write both or neither"));
        }
        if detail.is_some() && need.is_none() && ability.is_none() {
            return Err(Reason::new("`detail` belongs to `need` or `ability`", "leave it out"));
        }
        let one = [&flag, &need, &ability, &note, &alert, &not_taken].iter().filter(|field| field.is_some()).count();
        if one != 1 {
            return Err(Reason::new(
                "a code becomes one of `flag`, `need`, `ability`, `note`, `alert`, `not_taken`",
                "write exactly one; to take a code twice, map it in two records",
            ));
        }
        let source = Some(Source::Imported);
        if let Some(kind) = flag {
            return Ok(Self::Flag(choice(&kind)?));
        }
        if let Some(kind) = need {
            let need = Need { kind: Some(choice::<NeedKind>(&kind)?), detail, source, ..Need::default() };
            return checked(need).map(Self::Need);
        }
        if let (Some(what), Some(level)) = (ability, level) {
            let what = Some(choice::<Doing>(&what)?);
            let ability = Ability { what, level: Some(choice::<Level>(&level)?), detail, source, ..Ability::default() };
            return checked(ability).map(Self::Ability);
        }
        if let Some(text) = note {
            let note = Note { kind: Some(NoteKind::General), text: Some(text), source, ..Note::default() };
            return checked(note).map(Self::Note);
        }
        match (alert, not_taken) {
            (Some(words), _) => Ok(Self::Alert(words)),
            (None, Some(why)) => Ok(Self::NotTaken(why)),
            (None, None) => Err(Reason::new("a code becomes something", "write `not_taken` with why")),
        }
    }
}

fn choice<T: FromStr<Err = doorstep_client_core::records::words::NotThisForm>>(text: &str) -> Result<T, Reason> {
    text.parse().map_err(|error: doorstep_client_core::records::words::NotThisForm| {
        Reason::new(format!("expected {}", error.expected.trim_end()), "choose one of these")
    })
}

fn checked<R: Row>(row: R) -> Result<R, Reason> {
    let refused = |error: FieldError| Reason::new(format!("{}: {}", error.field, error.limit), error.remedy);
    row.entries().into_iter().try_for_each(|entry| entry.checked).map_err(refused)?;
    row.check().map_err(refused)?;
    Ok(row)
}

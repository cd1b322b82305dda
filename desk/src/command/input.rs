//! What people hand in: files of JSON, words with one normal form, rows written as `field=value,…`. Errors name the field,
//! the limit and the remedy.

use std::path::Path;
use std::str::FromStr;

use doorstep_client_core::records::words::NotThisForm;
use doorstep_client_core::records::{FieldError, Row};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::failure::DeskError;

/// The longest file of visits, people or properties.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Fields that hold whole numbers, in the rows that people write by hand.
const WHOLE: [&str; 14] = [
    "adults",
    "children",
    "born_year",
    "rating",
    "safe_load_kg",
    "storeys",
    "floor",
    "bedrooms",
    "habitable_rooms",
    "bathrooms",
    "kitchens",
    "built_year",
    "people_inside",
    "preference",
];
/// A figure in this collection, text elsewhere.
const FIGURES: (&str, &str) = ("measurements", "value");
/// Fields that hold yes or no.
const TRUTH: [&str; 14] = [
    "anchored",
    "person_told",
    "key_safe",
    "lift",
    "attic",
    "basement",
    "interpreter",
    "provisional",
    "lives_alone",
    "live_in_carer",
    "emergency_contact",
    "key_holder",
    "next_of_kin",
    "main_carer",
];
/// Fields that hold a moment end so.
const MOMENT_SUFFIX: &str = "_at";

/// The text of a file, within the limit.
///
/// # Errors
/// [`DeskError::File`].
pub fn text(path: &Path) -> Result<String, DeskError> {
    let unreadable = |error: std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::InvalidData => "is not text in UTF-8: save it as UTF-8".to_owned(),
            kind => format!("cannot be read ({kind:?})"),
        };
        DeskError::file(path, why)
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(DeskError::file(path, "has more than 64 MiB: split it"));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

/// A file of JSON as one value. A field that is not known is an error, not ignored.
///
/// # Errors
/// [`DeskError::File`] with the line.
pub fn json<T: DeserializeOwned>(path: &Path) -> Result<T, DeskError> {
    serde_json::from_str(&text(path)?).map_err(|error| of_json(path, &error))
}

/// A file of JSON as one value or a list of them.
///
/// # Errors
/// [`DeskError::File`] with the line.
pub fn json_many<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, DeskError> {
    let text = text(path)?;
    if text.trim_start().starts_with('[') {
        serde_json::from_str(&text).map_err(|error| of_json(path, &error))
    } else {
        serde_json::from_str(&text).map(|one| vec![one]).map_err(|error| of_json(path, &error))
    }
}

fn of_json(path: &Path, error: &serde_json::Error) -> DeskError {
    DeskError::file(path, format!("line {}: {}; see `doorstep visit template`", error.line(), without_values(error)))
}

/// The message of a JSON error without what a person entered.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let kept = ["unknown field", "missing field", "unknown variant", "duplicate field", "expected"];
    if let Some(rest) = text.strip_prefix("invalid type: ") {
        return rest.split_once(", expected").map_or_else(
            || "a value of the wrong type".to_owned(),
            |(_, expected)| format!("a value of the wrong type; expected{expected}"),
        );
    }
    if kept.iter().any(|beginning| text.starts_with(beginning)) {
        return text.to_owned();
    }
    "it is not the JSON that is expected".to_owned()
}

/// A word with one normal form.
///
/// # Errors
/// [`DeskError::Input`].
pub fn word<T: FromStr<Err = NotThisForm>>(field: &'static str, text: Option<&str>) -> Result<Option<T>, DeskError> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|error: NotThisForm| {
        DeskError::input(field, format!("must be {}", error.expected), "correct it, or leave it out")
    })
}

/// A choice, by its code.
///
/// # Errors
/// [`DeskError::Input`] names the codes.
pub fn choice<T: FromStr<Err = NotThisForm>>(field: &'static str, text: &str) -> Result<T, DeskError> {
    text.parse().map_err(|NotThisForm { expected }| {
        DeskError::input(field, format!("must be {expected}").trim_end().to_owned(), "choose one of these")
    })
}

/// Something that must stand in no list of commands: from a variable, else asked for without showing it.
///
/// # Errors
/// [`DeskError::Input`] when the variable is not set and there is no terminal.
pub fn secret(prompt: &str, variable: &'static str) -> Result<Zeroizing<String>, DeskError> {
    if let Ok(held) = std::env::var(variable) {
        return Ok(Zeroizing::new(held));
    }
    rpassword::prompt_password(prompt)
        .map(Zeroizing::new)
        .map_err(|_| DeskError::input(variable, "it is not set, and there is nobody to ask", "set this variable"))
}

/// A moment as `2026-11-22 14:05`, `2026-11-22T14:05` (both by this machine's clock) or with an offset.
///
/// # Errors
/// [`DeskError::Input`].
pub fn moment(field: &str, text: &str) -> Result<u64, DeskError> {
    let zone = jiff::tz::TimeZone::system();
    let text = text.trim();
    let at: Option<jiff::Timestamp> = text.parse().ok().or_else(|| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        civil.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
    });
    at.and_then(|at| u64::try_from(at.as_millisecond()).ok())
        .ok_or_else(|| DeskError::input(field.to_owned(), "must be a date and time", "write it like 2026-11-22 14:05"))
}

/// A row written as `field=value,field=value`, after leading values without names for `leading` fields. Text after
/// `note=` runs to the end, commas included.
///
/// # Errors
/// [`DeskError::Input`] names the option and the field.
pub fn row<T: Row + DeserializeOwned>(option: &'static str, leading: &[&str], text: &str) -> Result<T, DeskError> {
    let mut fields = Map::new();
    let mut positions = leading.iter();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) =
            if rest.starts_with("note=") { (rest, "") } else { rest.split_once(',').unwrap_or((rest, "")) };
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (name.trim(), value),
            None => match positions.next() {
                Some(name) => (*name, part),
                None => return Err(unnamed(option, leading)),
            },
        };
        put::<T>(option, &mut fields, (name, value))?;
        rest = after;
    }
    finish(option, fields)
}

/// A row from named cells, those that are empty left out.
///
/// # Errors
/// [`DeskError::Input`] names the column.
pub fn row_of_cells<T: Row + DeserializeOwned>(
    option: &'static str,
    cells: &[(&str, &str)],
) -> Result<Option<T>, DeskError> {
    let mut fields = Map::new();
    for cell in cells.iter().filter(|(_, value)| !value.trim().is_empty()) {
        put::<T>(option, &mut fields, *cell)?;
    }
    if fields.is_empty() { Ok(None) } else { finish(option, fields).map(Some) }
}

fn unnamed(option: &'static str, leading: &[&str]) -> DeskError {
    let limit = if leading.is_empty() {
        "is written as field=value,field=value".to_owned()
    } else {
        format!("takes {} without a name, and the rest as field=value", leading.join(", "))
    };
    DeskError::input(option, limit, "see the examples in --help")
}

fn put<T: Row>(
    option: &'static str,
    fields: &mut Map<String, Value>,
    (name, value): (&str, &str),
) -> Result<(), DeskError> {
    let value = value.trim();
    if !T::FIELDS.contains(&name) {
        let limit = format!("has the fields {}", T::FIELDS.join(", "));
        return Err(DeskError::input(option, limit, "correct the name of the field"));
    }
    let wrong = |limit: &'static str| DeskError::input(format!("{option} {name}"), limit, "correct the value");
    let typed = if WHOLE.contains(&name) || (T::COLLECTION, name) == FIGURES {
        Value::from(value.parse::<i64>().map_err(|_| wrong("must be a whole number"))?)
    } else if TRUTH.contains(&name) {
        match value {
            "yes" | "true" => Value::Bool(true),
            "no" | "false" => Value::Bool(false),
            _ => return Err(wrong("must be yes or no")),
        }
    } else if name.ends_with(MOMENT_SUFFIX) {
        Value::from(moment(&format!("{option} {name}"), value)?)
    } else {
        Value::from(value)
    };
    fields.insert(name.to_owned(), typed);
    Ok(())
}

fn finish<T: Row + DeserializeOwned>(option: &'static str, fields: Map<String, Value>) -> Result<T, DeskError> {
    let row: T = serde_json::from_value(Value::Object(fields))
        .map_err(|error| DeskError::input(option, without_values(&error), "see the examples in --help"))?;
    check(option, &row)?;
    Ok(row)
}

/// Checks a row as it will be checked when it is written, so that nothing is written of a file with a mistake in it.
///
/// # Errors
/// [`DeskError::Input`] names the field.
pub fn check<T: Row>(place: &str, row: &T) -> Result<(), DeskError> {
    let fields = row.entries().into_iter().map(|entry| entry.checked);
    fields.chain([row.check()]).collect::<Result<Vec<()>, _>>().map(drop).map_err(|error| refused(place, error))
}

/// A refusal of a field, with the place where it stands.
#[must_use]
pub fn refused(place: &str, error: FieldError) -> DeskError {
    DeskError::Input {
        field: format!("{place} {}", error.field).trim().to_owned().into(),
        limit: error.limit,
        remedy: error.remedy,
    }
}

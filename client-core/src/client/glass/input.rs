//! A file that says what is to be sealed, read so that whoever wrote it is told where it does not fit, and nothing of what it
//! says: no value stands in a message.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::SealedInput;
use crate::records::sealed::{Entry, Pointer, Violence};
use crate::records::{FieldError, Row};

const LISTS: &str = "the lists violence, entries and pointers";

impl SealedInput {
    /// Reads a file of JSON.
    ///
    /// # Errors
    /// [`FieldError`] names the list, the row and the field, what fits there and what to do.
    pub fn from_json(text: &str) -> Result<Self, FieldError> {
        let whole: Value = serde_json::from_str(text).map_err(|error| FieldError {
            field: format!("line {}, column {}", error.line(), error.column()).into(),
            limit: "the file is not JSON from there on".into(),
            remedy: "look for a quote, a comma or a bracket that is missing or too many".into(),
        })?;
        let Value::Object(lists) = whole else {
            return Err(FieldError::new("the whole file", format!("an object with {LISTS}"), "put { and } around it"));
        };
        let mut input = Self::default();
        for (at, (name, rows)) in lists.iter().enumerate() {
            match name.as_str() {
                "violence" => input.violence = rows_of::<Violence>(rows)?,
                "entries" => input.entries = rows_of::<Entry>(rows)?,
                "pointers" => input.pointers = rows_of::<Pointer>(rows)?,
                // A name may be what somebody meant to say, so it is not repeated.
                _ => {
                    return Err(FieldError {
                        field: format!("list {} of the file", at + 1).into(),
                        limit: format!("it may hold {LISTS}").into(),
                        remedy: "give it one of these names, or take it out".into(),
                    });
                }
            }
        }
        Ok(input)
    }
}

fn rows_of<R: Row + DeserializeOwned>(rows: &Value) -> Result<Vec<R>, FieldError> {
    let Value::Array(rows) = rows else {
        return Err(FieldError::new(R::COLLECTION, "a list of rows", "put [ and ] around its rows"));
    };
    rows.iter().enumerate().map(|(at, row)| row_of(at + 1, row)).collect()
}

fn row_of<R: Row + DeserializeOwned>(number: usize, row: &Value) -> Result<R, FieldError> {
    let fields = R::FIELDS.join(", ");
    let named = |field: &str| format!("{} {number}{field}", R::COLLECTION);
    let Value::Object(held) = row else {
        return Err(FieldError {
            field: named("").into(),
            limit: format!("a row with the fields {fields}").into(),
            remedy: "put { and } around it".into(),
        });
    };
    for (at, (name, value)) in held.iter().enumerate() {
        let Some(known) = R::FIELDS.iter().find(|field| *field == name) else {
            return Err(FieldError {
                field: named(&format!(", field {}", at + 1)).into(),
                limit: format!("its fields are {fields}").into(),
                remedy: "give it one of these names, or take it out".into(),
            });
        };
        let alone = Value::Object([(name.clone(), value.clone())].into_iter().collect());
        if let Err(error) = serde_json::from_value::<R>(alone) {
            return Err(FieldError {
                field: named(&format!(", {known}")).into(),
                limit: expected(&error).into(),
                remedy: "write it like that, or leave it out".into(),
            });
        }
    }
    serde_json::from_value(row.clone()).map_err(|_| FieldError {
        field: named("").into(),
        limit: format!("a row with the fields {fields}").into(),
        remedy: "give each field once".into(),
    })
}

/// What a field takes, in our own words; what stood there is not among them.
fn expected(error: &serde_json::Error) -> String {
    let said = error.to_string();
    match said.strip_prefix("expected ") {
        Some(ours) => ours.split(" at line ").next().unwrap_or_default().to_owned(),
        None => "text in quotes".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_named_with_what_fits_and_nothing_of_what_was_written() {
        for (text, field, limit) in [
            ("{\"violence\": [", "line 1, column 14", "not JSON"),
            ("[]", "the whole file", "an object with the lists"),
            ("{\"Hammer\": []}", "list 1 of the file", "violence, entries and pointers"),
            ("{\"entries\": {}}", "entries", "a list of rows"),
            ("{\"entries\": [\"Hammer\"]}", "entries 1", "place, code, key_holder"),
            (
                "{\"entries\": [{\"code\": \"1\"}, {\"Hammer\": \"1\"}]}",
                "entries 2, field 1",
                "place, code, key_holder",
            ),
            ("{\"entries\": [{\"code\": 4711}]}", "entries 1, code", "text in quotes"),
            (
                "{\"violence\": [{\"kind\": \"weapon\", \"since\": \"Hammer\"}]}",
                "violence 1, since",
                "a date as YYYY-MM-DD",
            ),
        ] {
            let error = SealedInput::from_json(text).expect_err(text);
            assert_eq!(error.field, field, "{text}");
            assert!(error.limit.contains(limit) && !error.remedy.is_empty(), "{error}");
            let told = error.to_string();
            assert!(!told.contains("Hammer") && !told.contains("4711"), "{told}");
        }
    }

    #[test]
    fn what_fits_is_read() {
        let text = "{\"entries\": [{\"code\": \"4711\"}], \"pointers\": [{\"kind\": \"police\"}]}";
        let input = SealedInput::from_json(text).expect("it fits");
        assert_eq!((input.violence.len(), input.entries.len(), input.pointers.len()), (0, 1, 1));
        assert_eq!(input.entries[0].code.as_deref(), Some("4711"));
    }
}

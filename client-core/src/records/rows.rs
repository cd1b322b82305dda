//! Every row that this version declares, by class and collection: for what handles fields by their names.

use doorstep_protocol::{Class, Millis};

use super::row::{Entry, FieldAbout, Keeping, Row};
use super::value::{FieldError, FieldShape, Value};
use super::{
    answers, clocks, communication, decisions, directory, fire, function, health_id, home, identity, index, network,
    packs, photograph, protected, register, sealed,
};

/// Does the same with every row, in the order in which collections are looked for.
macro_rules! with_every_row {
    ($each:ident) => {
        $each!(
            index::Property,
            index::HistoryEvent,
            index::Flag,
            home::Dwelling,
            home::Hazard,
            photograph::Photograph,
            home::Measurement,
            home::Equipment,
            home::Adaptation,
            home::Clutter,
            home::Alarm,
            home::Visit,
            home::Alert,
            clocks::Step,
            fire::Fact,
            identity::Person,
            identity::Contact,
            identity::Occupancy,
            communication::Language,
            communication::Need,
            function::Ability,
            function::Note,
            sealed::Violence,
            sealed::Entry,
            sealed::Pointer,
            function::Condition,
            function::Evacuation,
            answers::Answer,
            home::Assessment,
            network::Household,
            network::Member,
            network::Important,
            network::Proxy,
            network::Professional,
            network::Consent,
            register::Disclosure,
            register::Agreement,
            register::Allocation,
            register::Request,
            directory::WorkerName,
            directory::DeviceName,
            directory::TeamName,
            directory::ZoneName,
            directory::AreaName,
            directory::OrganisationName,
            sealed::Reason,
            health_id::HealthNumber,
            health_id::Trace,
            protected::Concern,
            protected::ProtectedNote,
            protected::Link,
            packs::Published,
            decisions::Decision,
        )
    };
}

/// What a collection holds, as this version declares it.
#[derive(Clone, Debug)]
pub struct RowAbout {
    /// Whether documents of a class hold it.
    pub is_in: fn(Class) -> bool,
    /// The collection.
    pub collection: &'static str,
    /// Whether its rows may be changed.
    pub keeping: Keeping,
    /// What a row is, in words.
    pub about: &'static str,
    /// Its fields.
    pub fields: Vec<FieldAbout>,
}

/// Every row that this version declares.
#[must_use]
pub fn catalogue() -> Vec<RowAbout> {
    macro_rules! about {
        ($($row:ty),+ $(,)?) => {
            vec![$(RowAbout {
                is_in: <$row>::is_in,
                collection: <$row>::COLLECTION,
                keeping: <$row>::KEEPING,
                about: <$row>::ABOUT,
                fields: <$row>::fields(),
            }),+]
        };
    }
    with_every_row!(about)
}

/// Reads a text as the value of a field, as the row of that field declares it: a date, a code, a number, yes or no.
///
/// # Errors
/// Names the field, the limit and the remedy.
pub fn parse_field(class: Class, collection: &str, field: &str, text: &str) -> Result<Value, FieldError> {
    let text = text.trim();
    let mut refused = None;
    for value in readings(text) {
        match check_field(class, collection, field, &value) {
            Ok(()) => return Ok(value),
            Err(error) => refused = Some(error),
        }
    }
    // The last reading is the text itself, of which most can be said.
    Err(refused.unwrap_or_else(|| unknown(field)))
}

/// What a text may mean, the plainest last.
fn readings(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" => found.push(Value::Truth(true)),
        "no" | "false" => found.push(Value::Truth(false)),
        _ => {}
    }
    if let Ok(number) = text.parse::<i64>() {
        found.push(Value::Whole(number));
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>()
        && let Ok(at) = u64::try_from(at.as_millisecond())
    {
        found.push(Value::Moment(Millis(at)));
    }
    found.push(Value::Text(text.to_owned()));
    found
}

/// Whether a field may hold a value, as its row declares it.
///
/// # Errors
/// Names the field, the limit and the remedy.
pub fn check_field(class: Class, collection: &str, field: &str, value: &Value) -> Result<(), FieldError> {
    macro_rules! check {
        ($($row:ty),+ $(,)?) => {
            $(
                if <$row>::is_in(class) && <$row>::COLLECTION == collection {
                    return check_in::<$row>(field, value);
                }
            )+
        };
    }
    with_every_row!(check);
    Err(unknown(field))
}

/// What a person fills a field with; `None` for a field that this version does not know.
#[must_use]
pub fn shape_of(class: Class, collection: &str, field: &str) -> Option<FieldShape> {
    macro_rules! shape {
        ($($row:ty),+ $(,)?) => {
            $(
                if <$row>::is_in(class) && <$row>::COLLECTION == collection {
                    return <$row>::shape(field);
                }
            )+
        };
    }
    with_every_row!(shape);
    None
}

fn unknown(field: &str) -> FieldError {
    FieldError {
        field: field.to_owned().into(),
        limit: "a field that this version knows".into(),
        remedy: "choose one of the values shown".into(),
    }
}

fn check_in<R: Row>(field: &str, value: &Value) -> Result<(), FieldError> {
    let row = R::read(&mut |name| (name == field).then(|| value.clone()));
    checked(row.entries(), R::FIELDS, field)
}

fn checked(entries: Vec<Entry>, fields: &[&str], field: &str) -> Result<(), FieldError> {
    match entries.into_iter().find(|entry| entry.field == field) {
        Some(entry) => entry.checked,
        None if fields.contains(&field) => Err(FieldError {
            field: field.to_owned().into(),
            limit: "a value of the kind that the field holds".into(),
            remedy: "write a number as digits, a day as 2026-03-09, yes or no in full".into(),
        }),
        None => Err(unknown(field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_its_field_declares_it() {
        let home = |collection, field, text| parse_field(Class::Home, collection, field, text);
        assert_eq!(home("dwelling", "storeys", " 3 "), Ok(Value::Whole(3)));
        assert_eq!(home("dwelling", "lift", "Yes"), Ok(Value::Truth(true)));
        assert_eq!(home("dwelling", "heating", "3"), Ok(Value::Text("3".into())));
        assert_eq!(home("hazards", "severity", "high"), Ok(Value::Text("high".into())));
        assert_eq!(home("hazards", "aware_at", "2026-03-09T10:00:00Z"), Ok(Value::Moment(Millis(1_773_050_400_000))));
        assert_eq!(home("hazards", "review_due", "2026-03-09"), Ok(Value::Text("2026-03-09".into())));
        for (collection, field, text) in [
            ("dwelling", "storeys", "9000"),
            ("dwelling", "storeys", "three"),
            ("dwelling", "lift", "perhaps"),
            ("hazards", "severity", "severe"),
            ("hazards", "colour", "red"),
            ("towers", "severity", "high"),
        ] {
            assert!(home(collection, field, text).is_err(), "{collection}.{field} = {text}");
        }
    }

    #[test]
    fn a_form_knows_what_a_field_is_filled_with() {
        let home = |collection, field| shape_of(Class::Home, collection, field);
        assert_eq!(home("hazards", "severity"), Some(FieldShape::Choice(home::Severity::CODES)));
        assert_eq!(home("dwelling", "storeys"), Some(FieldShape::Number(Some((1, 200)))));
        assert_eq!(home("dwelling", "lift"), Some(FieldShape::Truth));
        assert_eq!(home("hazards", "review_due"), Some(FieldShape::Day));
        assert_eq!(home("hazards", "aware_at"), Some(FieldShape::Moment));
        assert_eq!(home("hazards", "note"), Some(FieldShape::Text(4_000)));
        assert_eq!(home("hazards", "visit"), Some(FieldShape::Made), "an id is nothing that a person types");
        assert_eq!(shape_of(Class::Index, "property", "postcode"), Some(FieldShape::Text(20)));
        assert_eq!((home("hazards", "colour"), home("towers", "severity")), (None, None));
    }
}

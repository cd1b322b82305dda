//! The kinds of record that a mapping can make, the fields of each, and how a cell becomes the value of a field.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use doorstep_client_core::records::{Date, NhsNumber, Postcode, Uprn};

use super::error::Reason;

/// What a record of a mapping makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Which home or building it is: the gazetteer.
    Property,
    /// The dwelling: stock facts.
    Dwelling,
    /// Who a person is.
    Person,
    /// How to reach a person.
    Contact,
    /// That a person is or was at a property.
    Occupancy,
    /// A person's language.
    Language,
    /// What helps a person to be understood.
    Need,
    /// Who lives in a person's home, in numbers.
    Household,
    /// Somebody else in a person's home.
    Member,
    /// Somebody important to a person.
    Important,
    /// Who may speak for a person.
    Proxy,
    /// A service that knows a person.
    Professional,
    /// What a person agreed to or refused.
    Consent,
    /// A person's NHS number, where this device may keep it.
    NhsNumber,
    /// A photograph of a home, from a file of the folder.
    Photograph,
    /// A code of another system, translated one by one.
    Alert,
}

/// Characters of a day: `2024-04-07`.
const DAY_CHARS: usize = 10;

/// What a cell must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Text,
    Whole,
    Truth,
    Degrees,
    Day,
    Uprn,
    Postcode,
    Moment,
    NhsNumber,
}

use Type::{Day, Degrees, Moment, Text, Truth, Whole};

type Fields = &'static [(&'static str, Type)];

const PROPERTY: Fields = &[
    ("uprn", Type::Uprn),
    ("parent", Type::Uprn),
    ("line", Text),
    ("unit", Text),
    ("building", Text),
    ("number", Text),
    ("street", Text),
    ("locality", Text),
    ("town", Text),
    ("postcode", Type::Postcode),
    ("country", Text),
    ("blpu_class", Text),
    ("area", Text),
    ("lat", Degrees),
    ("lon", Degrees),
    ("standing", Text),
];

const DWELLING: Fields = &[
    ("storeys", Whole),
    ("floor", Whole),
    ("bedrooms", Whole),
    ("habitable_rooms", Whole),
    ("bathrooms", Whole),
    ("kitchens", Whole),
    ("lift", Truth),
    ("attic", Truth),
    ("basement", Truth),
    ("construction", Text),
    ("built_year", Whole),
    ("heating", Text),
    ("tenure", Text),
    ("landlord", Text),
    ("access_notes", Text),
    ("key_safe", Truth),
    ("people_inside", Whole),
    ("sprinkler", Text),
    ("telecare", Text),
    ("contact", Text),
];

const PERSON: Fields = &[
    ("reference", Text),
    ("preferred_name", Text),
    ("title", Text),
    ("forename", Text),
    ("middle_names", Text),
    ("surname", Text),
    ("pronouns", Text),
    ("born", Day),
    ("died", Day),
    ("gender", Text),
    ("ethnicity", Text),
];

const CONTACT: Fields =
    &[("channel", Text), ("value", Text), ("whose", Text), ("purpose", Text), ("preference", Whole), ("ended_on", Day)];

const OCCUPANCY: Fields =
    &[("kind", Text), ("role", Text), ("relationship", Text), ("from", Day), ("to", Day), ("reference", Text)];

const LANGUAGE: Fields = &[("spoken", Text), ("written", Text), ("interpreter", Truth), ("interpreter_language", Text)];

const NEED: Fields = &[("kind", Text), ("detail", Text), ("snomed", Text), ("share", Text), ("from", Day), ("to", Day)];

const HOUSEHOLD: Fields = &[
    ("adults", Whole),
    ("children", Whole),
    ("lives_alone", Truth),
    ("live_in_carer", Truth),
    ("pets", Text),
    ("note", Text),
    ("observed_at", Moment),
];

const MEMBER: Fields =
    &[("name", Text), ("relation", Text), ("born_year", Whole), ("note", Text), ("from", Day), ("to", Day)];

const IMPORTANT: Fields = &[
    ("name", Text),
    ("relation", Text),
    ("phone", Text),
    ("email", Text),
    ("emergency_contact", Truth),
    ("key_holder", Truth),
    ("next_of_kin", Truth),
    ("main_carer", Truth),
    ("preference", Whole),
    ("note", Text),
    ("told", Truth),
    ("ended_on", Day),
];

const PROXY: Fields = &[
    ("name", Text),
    ("kind", Text),
    ("scope", Text),
    ("evidence", Text),
    ("reference", Text),
    ("checked_on", Day),
    ("contact", Text),
    ("from", Day),
    ("until", Day),
    ("ended_on", Day),
];

const PROFESSIONAL: Fields =
    &[("service", Text), ("role", Text), ("name", Text), ("contact", Text), ("last_involved", Day), ("ended_on", Day)];

const CONSENT: Fields = &[
    ("scope", Text),
    ("decision", Text),
    ("decided_at", Moment),
    ("method", Text),
    ("evidence", Text),
    ("wording", Text),
    ("contact", Text),
    ("expires", Day),
    ("withdrawn_at", Moment),
    ("withdrawn_how", Text),
    ("withdrawn_by", Text),
];

const NHS_NUMBER: Fields = &[("number", Type::NhsNumber), ("status", Text), ("traced_at", Moment)];

/// The file of a photograph, inside the folder that is imported.
pub(super) const FILE: &str = "file";

const PHOTOGRAPH: Fields = &[(FILE, Text), ("note", Text), ("room", Text), ("taken_at", Moment)];

/// What every alert can say, whatever its code becomes.
const ALERT: Fields = &[("reference", Text), ("organisation", Text), ("contact", Text), ("raised_on", Day)];

/// Fields that say which person or property a record is about, and which code an alert has.
pub(super) const PERSON_LINK: &str = "person";
/// The UPRN of the property that a record is about.
pub(super) const PROPERTY_LINK: &str = "property";
/// The code of an alert.
pub(super) const CODE: &str = "code";

const NAMES: &[(&str, Kind)] = &[
    ("property", Kind::Property),
    ("dwelling", Kind::Dwelling),
    ("person", Kind::Person),
    ("contact", Kind::Contact),
    ("occupancy", Kind::Occupancy),
    ("language", Kind::Language),
    ("need", Kind::Need),
    ("household", Kind::Household),
    ("member", Kind::Member),
    ("important", Kind::Important),
    ("proxy", Kind::Proxy),
    ("professional", Kind::Professional),
    ("consent", Kind::Consent),
    ("nhs-number", Kind::NhsNumber),
    ("photograph", Kind::Photograph),
    ("alert", Kind::Alert),
];

impl Kind {
    /// By the name that mappings use.
    pub(super) fn of(name: &str) -> Result<Self, Reason> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind).ok_or_else(|| {
            let all: Vec<&str> = NAMES.iter().map(|(known, _)| *known).collect();
            Reason::new(format!("there is no kind `{name}`"), format!("use one of: {}", all.join(", ")))
        })
    }

    /// The name that mappings use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    const fn fields(self) -> Fields {
        match self {
            Self::Property => PROPERTY,
            Self::Dwelling => DWELLING,
            Self::Person => PERSON,
            Self::Contact => CONTACT,
            Self::Occupancy => OCCUPANCY,
            Self::Language => LANGUAGE,
            Self::Need => NEED,
            Self::Household => HOUSEHOLD,
            Self::Member => MEMBER,
            Self::Important => IMPORTANT,
            Self::Proxy => PROXY,
            Self::Professional => PROFESSIONAL,
            Self::Consent => CONSENT,
            Self::NhsNumber => NHS_NUMBER,
            Self::Photograph => PHOTOGRAPH,
            Self::Alert => ALERT,
        }
    }

    const fn links(self) -> &'static [&'static str] {
        match self {
            Self::Property | Self::Person => &[],
            Self::Dwelling | Self::Photograph => &[PROPERTY_LINK],
            Self::Contact
            | Self::Language
            | Self::Need
            | Self::Household
            | Self::Member
            | Self::Important
            | Self::Proxy
            | Self::Professional
            | Self::Consent
            | Self::NhsNumber => &[PERSON_LINK],
            Self::Occupancy => &[PERSON_LINK, PROPERTY_LINK],
            Self::Alert => &[PERSON_LINK, PROPERTY_LINK, CODE],
        }
    }

    /// Fields without which a record of the kind says nothing.
    const fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Property => &["uprn"],
            Self::Person => &["reference", "preferred_name"],
            Self::Contact => &[PERSON_LINK, "channel", "value"],
            Self::Alert => &[CODE],
            Self::Need => &[PERSON_LINK, "kind"],
            Self::Member | Self::Important => &[PERSON_LINK, "relation"],
            Self::Proxy => &[PERSON_LINK, "name", "kind", "scope", "evidence"],
            Self::Professional => &[PERSON_LINK, "service"],
            Self::Consent => &[PERSON_LINK, "scope", "decision", "decided_at", "method"],
            Self::NhsNumber => &[PERSON_LINK, "number", "status"],
            Self::Photograph => &[PROPERTY_LINK, FILE],
            Self::Dwelling | Self::Occupancy | Self::Language | Self::Household => self.links(),
        }
    }
}

/// Whether a kind has a field.
pub(super) fn check_name(kind: Kind, name: &str) -> Result<(), Reason> {
    let fields = kind.fields().iter().map(|(known, _)| *known).chain(kind.links().iter().copied());
    if fields.clone().any(|known| known == name) {
        return Ok(());
    }
    let all: Vec<&str> = fields.collect();
    Err(Reason::new(format!("a {} has no field `{name}`", kind.as_str()), format!("it has: {}", all.join(", "))))
}

/// Whether a mapping fills what a kind needs.
pub(super) fn check_whole(kind: Kind, has: impl Fn(&str) -> bool) -> Result<(), Reason> {
    if let Some(missing) = kind.needed().iter().find(|name| !has(name)) {
        return Err(Reason::new(format!("a {} needs `{missing}`", kind.as_str()), "add it to its fields"));
    }
    if kind == Kind::Alert && !has(PERSON_LINK) && !has(PROPERTY_LINK) {
        return Err(Reason::new("an alert is about a `person`, a `property`, or both", "add one to its fields"));
    }
    Ok(())
}

/// The value of a field, from the text of a cell.
pub(super) fn convert(kind: Kind, name: &str, text: &str) -> Result<Value, Reason> {
    let field = kind.fields().iter().find(|(known, _)| *known == name).map_or(Text, |(_, field)| *field);
    let expected = |form: &'static str| Reason::new(format!("expected {form}"), "correct the cell, or add a transform");
    Ok(match field {
        Text => Value::from(text),
        Whole => Value::from(text.parse::<i64>().map_err(|_| expected("a whole number"))?),
        Truth => match text {
            "true" => Value::from(true),
            "false" => Value::from(false),
            _ => {
                return Err(expected("true or false (the transform `boolean` reads yes and no too)"));
            }
        },
        Degrees => Value::from(micro_degrees(text).ok_or_else(|| expected("degrees, such as 51.588"))?),
        Day => Value::from(text.parse::<Date>().map_err(|e| expected(e.expected))?.to_string()),
        Type::Uprn => Value::from(text.parse::<Uprn>().map_err(|e| expected(e.expected))?.to_string()),
        Moment => Value::from(moment(text).ok_or_else(|| expected("a moment, such as 2024-04-07 14:05, or a day"))?),
        Type::NhsNumber => Value::from(text.parse::<NhsNumber>().map_err(|e| expected(e.expected))?.to_string()),
        Type::Postcode => Value::from(text.parse::<Postcode>().map_err(|e| expected(e.expected))?.to_string()),
    })
}

/// A moment in milliseconds: with an offset, else by Greenwich; a day alone is its noon, which is that day wherever it is read.
fn moment(text: &str) -> Option<u64> {
    let civil = || text.parse::<jiff::civil::DateTime>().ok().filter(|_| text.len() > DAY_CHARS);
    let day = || text.parse::<jiff::civil::Date>().ok().map(|day| day.at(12, 0, 0, 0));
    let at = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil = civil().or_else(day)?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })?;
    u64::try_from(at.as_millisecond()).ok()
}

fn micro_degrees(text: &str) -> Option<i64> {
    let degrees: f64 = text.parse().ok()?;
    let micro = (degrees * 1_000_000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "within ±360 million")]
    (micro.abs() <= 360_000_000.0).then_some(micro as i64)
}

/// A row of its converted fields.
pub(super) fn row<R: DeserializeOwned>(fields: Map<String, Value>) -> Result<R, Reason> {
    // Every field was converted by its own rule, so this says more only where a table above and a row disagree.
    serde_json::from_value(Value::Object(fields))
        .map_err(|_| Reason::new("the fields make a row", "look for a value that its field does not take"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_client_core::records::Row;
    use doorstep_client_core::records::communication::{Language, Need};
    use doorstep_client_core::records::health_id::HealthNumber;
    use doorstep_client_core::records::home::Dwelling;
    use doorstep_client_core::records::identity::{Contact, Occupancy, Person};
    use doorstep_client_core::records::index::Property;
    use doorstep_client_core::records::network::{Consent, Household, Important, Member, Professional, Proxy};

    fn sample(name: &str, field: Type) -> &'static str {
        match (name, field) {
            ("built_year" | "born_year", _) => "1984",
            (_, Moment) => "2024-04-07 14:05",
            (_, Type::NhsNumber) => "943 476 5919",
            (_, Whole) => "3",
            (_, Truth) => "true",
            (_, Degrees) => "51.5",
            (_, Day) => "2024-04-07",
            (_, Type::Uprn) => "000123",
            (_, Type::Postcode) => "zz11aa",
            ("standing", _) => "standing",
            ("tenure", _) => "council",
            ("sprinkler", _) => "absent",
            ("telecare", _) => "linked-to-detection",
            ("channel", _) => "phone",
            ("kind", _) => "main",
            ("role", _) => "tenant",
            ("country", _) => "E",
            _ => "words",
        }
    }

    fn every_field_is_taken<R: Row + DeserializeOwned>(kind: Kind) {
        every_field_is_taken_with::<R>(kind, &[]);
    }

    fn every_field_is_taken_with<R: Row + DeserializeOwned>(kind: Kind, words: &[(&str, &str)]) {
        for (name, field) in kind.fields() {
            assert!(R::FIELDS.contains(name), "{name} is not a field of the row");
            let own = words.iter().find(|(of, _)| of == name).map(|(_, word)| *word);
            let value = convert(kind, name, own.unwrap_or_else(|| sample(name, *field))).unwrap();
            let row: R = row(Map::from_iter([((*name).to_owned(), value)])).unwrap();
            let entries = row.entries();
            assert!(matches!(entries.as_slice(), [one] if one.field == *name && one.checked.is_ok()), "{name}");
        }
    }

    #[test]
    fn every_field_of_every_kind_is_one_of_its_row_and_takes_its_form() {
        every_field_is_taken::<Property>(Kind::Property);
        every_field_is_taken::<Dwelling>(Kind::Dwelling);
        every_field_is_taken::<Person>(Kind::Person);
        every_field_is_taken::<Contact>(Kind::Contact);
        every_field_is_taken::<Occupancy>(Kind::Occupancy);
        every_field_is_taken::<Language>(Kind::Language);
        every_field_is_taken_with::<Need>(Kind::Need, &[("kind", "call-first"), ("share", "care")]);
        every_field_is_taken::<Household>(Kind::Household);
        every_field_is_taken_with::<Member>(Kind::Member, &[("relation", "child")]);
        every_field_is_taken_with::<Important>(Kind::Important, &[("relation", "neighbour")]);
        every_field_is_taken_with::<Proxy>(Kind::Proxy, &[("kind", "advocate"), ("evidence", "document-seen")]);
        every_field_is_taken::<Professional>(Kind::Professional);
        let words =
            [("scope", "photographs"), ("decision", "refused"), ("method", "phone"), ("withdrawn_how", "spoken")];
        every_field_is_taken_with::<Consent>(Kind::Consent, &words);
        every_field_is_taken_with::<HealthNumber>(Kind::NhsNumber, &[("status", "02")]);
    }

    #[test]
    fn a_cell_of_another_form_is_refused() {
        for (kind, name, text) in [
            (Kind::Property, "uprn", "12x"),
            (Kind::Property, "lat", "north"),
            (Kind::Property, "postcode", "N17"),
            (Kind::Dwelling, "floor", "1.0"),
            (Kind::Dwelling, "lift", "yes"),
            (Kind::Person, "born", "01/02/2003"),
            (Kind::Consent, "decided_at", "last week"),
            (Kind::NhsNumber, "number", "943 476 5918"),
        ] {
            assert!(convert(kind, name, text).is_err(), "{name}");
        }
    }

    #[test]
    fn a_moment_is_read_with_an_offset_by_greenwich_or_as_the_noon_of_its_day() {
        for (text, at) in [
            ("2026-03-01T09:00:00Z", Some(1_772_355_600_000)),
            ("2026-03-01T10:00:00+01:00", Some(1_772_355_600_000)),
            ("2026-03-01 09:00", Some(1_772_355_600_000)),
            ("2026-03-01", Some(1_772_366_400_000)),
            ("1 March", None),
        ] {
            assert_eq!(moment(text), at, "{text}");
        }
    }
}

//! What stands in a pack.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::PackKind;
use crate::records::Date;
use crate::records::clocks::Law;
use crate::records::home::{Unit, VisitKind};

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Welsh.
    pub cy: String,
}

/// One version of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Its id: lower-case letters, digits and hyphens.
    pub id: String,
    /// Its version, from 1.
    pub version: i64,
    /// The first day on which it is used.
    pub valid_from: Date,
    /// What people call it.
    pub title: Words,
    /// What it holds.
    #[serde(flatten)]
    pub content: Content,
}

/// What a pack holds, by its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Content {
    /// A list of codes.
    Codes(Codes),
    /// A form.
    Form(Form),
    /// Thresholds.
    Thresholds(Thresholds),
    /// Bank holidays.
    Holidays(Holidays),
    /// Areas.
    Areas(Areas),
    /// A licensed instrument.
    Instrument(Instrument),
    /// A law with deadlines.
    Law(Law),
    /// What is kept of photographs.
    Photographs(PhotographPolicy),
}

impl Content {
    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> PackKind {
        match self {
            Self::Codes(_) => PackKind::Codes,
            Self::Form(_) => PackKind::Form,
            Self::Thresholds(_) => PackKind::Thresholds,
            Self::Holidays(_) => PackKind::Holidays,
            Self::Areas(_) => PackKind::Areas,
            Self::Instrument(_) => PackKind::Instrument,
            Self::Law(_) => PackKind::Law,
            Self::Photographs(_) => PackKind::Photographs,
        }
    }
}

/// A list of codes; its id is the scheme that rows name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codes {
    /// In the order of the list.
    pub codes: Vec<Code>,
}

/// A code and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The code.
    pub code: String,
    /// English.
    pub en: String,
    /// Welsh.
    pub cy: String,
}

/// A form of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// For which kind of visit.
    pub visit: VisitKind,
    /// In their order.
    pub questions: Vec<Question>,
}

/// About whom or what a question is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The home.
    #[default]
    Home,
    /// The person.
    Person,
}

impl Subject {
    #[allow(clippy::trivially_copy_pass_by_ref)]
    fn is_home(&self) -> bool {
        *self == Self::Home
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its id within the form; never given to another question.
    pub id: String,
    /// The question.
    pub text: Words,
    /// What may be answered.
    pub answer: AnswerKind,
    /// About whom or what.
    #[serde(default, skip_serializing_if = "Subject::is_home")]
    pub about: Subject,
    /// It is asked for each room.
    #[serde(default, skip_serializing_if = "is_no")]
    pub rooms: bool,
    /// A visit that is done has an answer to it.
    #[serde(default, skip_serializing_if = "is_no")]
    pub required: bool,
    /// It is asked only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// What follows from the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fills: Vec<Fill>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_no(yes: &bool) -> bool {
    !*yes
}

/// What may be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum AnswerKind {
    /// Yes or no: the codes `yes` and `no`.
    YesNo,
    /// A whole number.
    Whole {
        /// At least.
        min: i64,
        /// At most.
        max: i64,
        /// Its unit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<Unit>,
    },
    /// One of these, or several.
    Choice {
        /// In their order.
        options: Vec<Code>,
        /// Several may be chosen.
        #[serde(default, skip_serializing_if = "is_no")]
        several: bool,
    },
    /// A day.
    Day,
    /// Words.
    Text,
}

/// When a question is asked: another one has one of these answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// The other question, which stands before this one.
    pub question: String,
    /// `yes`, `no`, or codes of its options.
    pub is: Vec<String>,
}

/// A row, or a field of the dwelling, that follows from an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// The collection: `hazards`, `measurements`, `alarms`, `clutter`, `equipment`, `adaptations`, `dwelling`, `abilities`.
    pub row: String,
    /// Only for these answers; for all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<String>,
    /// Fields that are the same for every answer.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub set: Map<String, Value>,
    /// The field that takes the answer itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// What a partnership sets for itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// The clutter rating from which the crew is told.
    pub clutter_rating: i64,
    /// Months after which a flag is looked at again.
    pub flag_review_months: i64,
    /// Months after which it must have been.
    pub flag_review_months_max: i64,
    /// Months after which an evacuation plan is looked at again.
    pub evacuation_review_months: i64,
    /// Months after which an open hazard is looked at again.
    pub hazard_review_months: i64,
    /// Months after which a fact is shown as old.
    pub fact_stale_months: i64,
}

impl Default for Thresholds {
    /// What holds where nothing was set: as the pack that is shipped.
    fn default() -> Self {
        Self {
            clutter_rating: 4,
            flag_review_months: 6,
            flag_review_months_max: 12,
            evacuation_review_months: 12,
            hazard_review_months: 6,
            fact_stale_months: 24,
        }
    }
}

/// What a partnership keeps of photographs beside their pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotographPolicy {
    /// Where a photograph was taken, as its file says.
    pub position: Keep,
}

/// Whether something is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// It is left out.
    #[default]
    Strip,
    /// It is kept, and shown.
    Keep,
}

/// Bank holidays of a nation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holidays {
    /// `england` or `wales`.
    pub nation: String,
    /// In their order.
    pub days: Vec<Holiday>,
}

/// A bank holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The day that is free, substitute days included.
    pub day: Date,
    /// English.
    pub en: String,
    /// Welsh.
    pub cy: String,
}

/// Areas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Areas {
    /// In their order.
    pub areas: Vec<Area>,
}

/// What an area is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AreaKind {
    /// A ward of the council.
    #[default]
    Ward,
    /// The ground of a fire station.
    StationGround,
    /// A patch of a housing team.
    HousingPatch,
    /// Another: its name says what.
    Other,
}

impl AreaKind {
    /// The kind in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Ward => "ward",
            Self::StationGround => "station ground",
            Self::HousingPatch => "housing patch",
            Self::Other => "area",
        }
    }
}

/// A ward or station ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// What it is.
    #[serde(default)]
    pub kind: AreaKind,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Postcodes in it, or their beginnings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postcodes: Vec<String>,
}

/// An instrument that an organisation brings under its own licence: none of its wording is shipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instrument {
    /// Whose it is, and by what licence it is used here.
    pub licence: String,
    /// Its questions, in their order.
    pub questions: Vec<Question>,
}

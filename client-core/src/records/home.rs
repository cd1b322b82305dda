//! Rows of the class `home`: the dwelling, and what visitors saw, measured and fitted in it.

mod alarms;
mod equipment;
mod visits;

use doorstep_protocol::Millis;

pub use alarms::{Alarm, AlarmKind, AlarmState};
pub use equipment::{Equipment, EquipmentKind, EquipmentState};
pub use visits::{Outcome, Visit, VisitKind, VisitState};

use super::hazard_codes::Scheme;
use super::row::{choice, row};
use super::value::FieldError;
use super::words::{Date, RowId};
use super::{Confidence, Presence, Source};

choice! {
    /// How the home is held.
    enum Tenure {
        /// Owned by who lives there.
        OwnerOccupied = "owner-occupied",
        /// Rented from a council.
        Council = "council",
        /// Rented from a housing association.
        HousingAssociation = "housing-association",
        /// Rented privately.
        PrivateRent = "private-rent",
        /// Sheltered or extra care.
        Sheltered = "sheltered",
        /// Temporary accommodation.
        Temporary = "temporary",
        /// Leasehold.
        Leasehold = "leasehold",
    }
}

choice! {
    /// Whether a way out can be used.
    enum ExitState {
        /// Free.
        Clear = "clear",
        /// Passable with care.
        Restricted = "restricted",
        /// Not passable.
        Blocked = "blocked",
    }
}

choice! {
    /// A telecare alarm.
    enum Telecare {
        /// Looked for, none.
        None = "none",
        /// Present, not linked to smoke detection.
        Present = "present",
        /// Present and linked to smoke detection.
        Linked = "linked-to-detection",
    }
}

row! {
    /// The dwelling itself.
    struct Dwelling in Home "dwelling" Edited {
        /// Storeys of the building.
        storeys: i64 [Within(1, 200)],
        /// Floor of the entrance, 0 for ground.
        floor: i64 [Within(-10, 200)],
        /// Bedrooms.
        bedrooms: i64 [Within(0, 100)],
        /// Habitable rooms.
        habitable_rooms: i64 [Within(0, 200)],
        /// Bathrooms.
        bathrooms: i64 [Within(0, 50)],
        /// Kitchens.
        kitchens: i64 [Within(0, 50)],
        /// It has a lift.
        lift: bool,
        /// It has an attic.
        attic: bool,
        /// It has a basement.
        basement: bool,
        /// Construction.
        construction: String [Chars(120)],
        /// Year it was built.
        built_year: i64 [Within(1000, 2200)],
        /// Heating.
        heating: String [Chars(120)],
        /// How it is held.
        tenure: Tenure,
        /// Landlord.
        landlord: String [Chars(120)],
        /// The main way out.
        main_exit: ExitState,
        /// About the main way out.
        main_exit_note: String [Chars(300)],
        /// How to get in: never a code.
        access_notes: String [Chars(1_000)],
        /// A key safe exists; its code is sealed.
        key_safe: bool,
        /// People usually in the home.
        people_inside: i64 [Within(0, 100)],
        /// Sprinkler.
        sprinkler: Presence,
        /// Telecare.
        telecare: Telecare,
        /// Whom to ask about the home.
        contact: String [Chars(200)],
        /// How it is known.
        source: Source,
    }
}

choice! {
    /// Where a hazard is.
    enum Scope {
        /// Inside the dwelling.
        Dwelling = "dwelling",
        /// In the common parts.
        CommonPart = "common-part",
        /// The building.
        Building = "building",
        /// The land that belongs to it.
        Curtilage = "curtilage",
        /// The street.
        Street = "street",
    }
}

choice! {
    /// Severity as the visitor saw it; not a score.
    enum Severity {
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
        /// Needs somebody today.
        Emergency = "emergency",
    }
}

choice! {
    /// How far a hazard is dealt with.
    enum HazardState {
        /// Nothing agreed.
        Open = "open",
        /// Work is agreed.
        ActionAgreed = "action-agreed",
        /// Safe until the lasting repair.
        MadeSafe = "made-safe",
        /// Gone.
        Resolved = "resolved",
        /// Somebody says it is none.
        Disputed = "disputed",
    }
}

impl Scope {
    /// Whether a hazard of this scope that is recorded at a building is shown at every home in it.
    ///
    /// The common parts and the building itself reach every home. So does the curtilage: it is part of the residential premises
    /// (Housing Act 2004, section 1), and everybody crosses it who goes to any home there. The street is part of no premises: it
    /// is read where it was recorded. What is inside a dwelling stays there, whatever record somebody wrote it into. A scope of a
    /// newer version is shown: nothing cautious goes missing.
    #[must_use]
    pub const fn reaches_homes(&self) -> bool {
        !matches!(self, Self::Dwelling | Self::Street)
    }
}

row! {
    /// An observed hazard.
    struct Hazard in Home "hazards" Edited, check(hazard_has_a_code), coded(code_of_hazard) {
        /// The list its code is from.
        scheme: Scheme,
        /// The code within the list.
        code: String [Chars(60)],
        /// Room.
        room: String [Chars(80)],
        /// Where.
        scope: Scope,
        /// As seen.
        severity: Severity,
        /// In words.
        note: String [Chars(4_000)],
        /// When it was seen.
        observed_at: Millis,
        /// When the landlord became aware.
        aware_at: Millis,
        /// When it was investigated.
        investigated_at: Millis,
        /// When the need for safety work was identified.
        safety_work_identified_at: Millis,
        /// How it is known.
        source: Source,
        /// How sure.
        confidence: Confidence,
        /// How far it is dealt with.
        state: HazardState,
        /// When to look again.
        review_due: Date,
        /// The visit that found it.
        visit: RowId,
        /// The version of the list that the code is from.
        version: i64 [Within(1, 1_000_000)],
    }
}

fn code_of_hazard(hazard: &Hazard) -> Option<(&str, &str)> {
    Some((hazard.scheme.as_ref()?.as_str(), hazard.code.as_deref()?))
}

fn hazard_has_a_code(hazard: &Hazard) -> Result<(), FieldError> {
    match (&hazard.scheme, &hazard.code) {
        (Some(_), Some(_)) => Ok(()),
        _ => Err(FieldError::new("code", "a hazard has a scheme and a code of it", "choose the hazard from the list")),
    }
}

choice! {
    /// Unit of a measurement.
    enum Unit {
        /// Millimetre.
        Millimetre = "mm",
        /// Degree of angle.
        Degree = "deg",
        /// Newton.
        Newton = "N",
        /// Lux.
        Lux = "lux",
        /// Degree Celsius.
        Celsius = "°C",
        /// Per cent relative humidity.
        Humidity = "%RH",
        /// Parts per million.
        PartsPerMillion = "ppm",
    }
}

choice! {
    /// How a measurement was taken.
    enum Method {
        /// By tape.
        Tape = "tape",
        /// By laser.
        Laser = "laser",
        /// By an instrument.
        Instrument = "instrument",
        /// By eye.
        Estimated = "estimated",
    }
}

row! {
    /// A measurement: an observation that stands; the latest is shown.
    struct Measurement in Home "measurements" AppendOnly, check(measurement_is_whole) {
        /// Of what.
        feature: String [Chars(80)],
        /// Room.
        room: String [Chars(80)],
        /// Which quantity: width, height, gradient.
        quantity: String [Chars(40)],
        /// The figure, in the unit.
        value: i64 [Within(-1_000_000_000, 1_000_000_000)],
        /// The unit.
        unit: Unit,
        /// How.
        method: Method,
        /// When.
        observed_at: Millis,
        /// How it is known.
        source: Source,
        /// The visit.
        visit: RowId,
    }
}

fn measurement_is_whole(measurement: &Measurement) -> Result<(), FieldError> {
    if measurement.feature.is_none() || measurement.value.is_none() || measurement.unit.is_none() {
        return Err(FieldError::new("value", "a measurement names its feature, figure and unit", "fill in all three"));
    }
    Ok(())
}

choice! {
    /// How far an adaptation is.
    enum AdaptationStatus {
        /// Recommended.
        Recommended = "recommended",
        /// Agreed.
        Agreed = "agreed",
        /// Ordered.
        Ordered = "ordered",
        /// Installed.
        Installed = "installed",
        /// Declined.
        Declined = "declined",
        /// Removed.
        Removed = "removed",
    }
}

row! {
    /// An adaptation of the home.
    struct Adaptation in Home "adaptations" Edited {
        /// What: level-access shower, ramp, widened door.
        kind: String [Chars(120)],
        /// Room.
        room: String [Chars(80)],
        /// How far it is.
        status: AdaptationStatus,
        /// Since when.
        on: Date,
        /// More.
        note: String [Chars(2_000)],
        /// How it is known.
        source: Source,
        /// The visit.
        visit: RowId,
    }
}

choice! {
    /// The kinds of room that a clutter rating distinguishes.
    enum RoomKind {
        /// Bedroom.
        Bedroom = "bedroom",
        /// Kitchen.
        Kitchen = "kitchen",
        /// Living room.
        LivingRoom = "living-room",
        /// Hall or stairs.
        Hall = "hall",
        /// Any other.
        Elsewhere = "elsewhere",
    }
}

row! {
    /// A clutter rating of one room.
    struct Clutter in Home "clutter" Edited, check(clutter_is_rated) {
        /// Room.
        room: String [Chars(80)],
        /// Its kind.
        room_kind: RoomKind,
        /// 1 to 9.
        rating: i64 [Within(1, 9)],
        /// Rated against the anchor pictures of its kind of room.
        anchored: bool,
        /// Whether the way out of the room is free.
        exit: ExitState,
        /// When.
        observed_at: Millis,
        /// How it is known.
        source: Source,
        /// The visit.
        visit: RowId,
    }
}

fn clutter_is_rated(clutter: &Clutter) -> Result<(), FieldError> {
    if clutter.rating.is_none() || clutter.room.is_none() {
        return Err(FieldError::new("rating", "clutter has a room and a rating from 1 to 9", "rate the room"));
    }
    let has_pictures = matches!(clutter.room_kind, Some(RoomKind::Bedroom | RoomKind::Kitchen | RoomKind::LivingRoom));
    if clutter.anchored == Some(true) && !has_pictures {
        return Err(FieldError::new(
            "anchored",
            "anchor pictures exist for bedroom, kitchen and living room only",
            "choose the kind of room, or record the rating as not anchored",
        ));
    }
    Ok(())
}

choice! {
    /// What an assessment comes to.
    enum Band {
        /// 1,000 and over.
        High = "high",
        /// 100 and over.
        Medium = "medium",
        /// Less.
        Low = "low",
        /// Of the list of 2005: 1,000 and over.
        Category1 = "category-1",
        /// Of the list of 2005: less.
        Category2 = "category-2",
    }
}

row! {
    /// The score of a hazard, by somebody who is trained to give one: visitors record severity as seen, and no score.
    struct Assessment in Home "assessments" AppendOnly, check(assessment_is_somebodys) {
        /// The hazard.
        hazard: RowId,
        /// The list it was scored under.
        scheme: Scheme,
        /// The version of that list.
        version: i64 [Within(1, 1_000_000)],
        /// Once in so many dwellings within twelve months.
        likelihood_one_in: i64 [Within(1, 1_000_000)],
        /// Spread over the first class of harm, per mille.
        extreme_per_mille: i64 [Within(0, 1_000)],
        /// Over the second.
        severe_per_mille: i64 [Within(0, 1_000)],
        /// Over the third.
        serious_per_mille: i64 [Within(0, 1_000)],
        /// Over the fourth.
        moderate_per_mille: i64 [Within(0, 1_000)],
        /// The score.
        score: i64 [Within(0, 1_000_000)],
        /// What it comes to.
        band: Band,
        /// Who assessed it, in what role.
        assessor: String [Chars(120)],
        /// When.
        assessed_at: Millis,
        /// Why.
        note: String [Chars(2_000)],
        /// The visit.
        visit: RowId,
    }
}

fn assessment_is_somebodys(row: &Assessment) -> Result<(), FieldError> {
    let has_result = row.score.is_some() || row.band.is_some();
    if row.hazard.is_some() && row.assessor.is_some() && row.assessed_at.is_some() && has_result {
        return Ok(());
    }
    Err(FieldError::new(
        "assessor",
        "an assessment names the hazard, its result, the assessor and the time",
        "only a trained assessor scores; record severity as seen on the hazard itself",
    ))
}

row! {
    /// An alert about the home that another system keeps and that is no flag.
    struct Alert in Home "alerts" Edited {
        /// What, in the words of the other system.
        kind: String [Chars(120)],
        /// More.
        note: String [Chars(1_000)],
        /// Its reference there.
        reference: String [Chars(80)],
        /// Since when.
        raised_on: Date,
        /// Until when.
        ended_on: Date,
        /// How it is known.
        source: Source,
    }
}

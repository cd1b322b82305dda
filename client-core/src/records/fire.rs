//! Rows of the class `fire`: one fact each, for a crew that has seconds.

use doorstep_protocol::{DocumentId, Millis, ZoneId};

use super::Class;
use super::home::Scope;
use super::row::{choice, row};
use super::value::FieldError;
use super::words::RowId;

choice! {
    /// What a fact is about.
    enum FactKind {
        /// People likely inside, and on which floor.
        PeopleInside = "people-inside",
        /// Somebody cannot leave unaided.
        CannotSelfEvacuate = "cannot-self-evacuate",
        /// Rescue needs a hoist or a bariatric team.
        HoistRescue = "hoist-rescue",
        /// Home oxygen.
        Oxygen = "oxygen",
        /// Gas cylinders.
        Cylinders = "cylinders",
        /// Ammunition or chemicals.
        Explosives = "explosives",
        /// Clutter.
        Clutter = "clutter",
        /// A way out is blocked.
        ExitBlocked = "exit-blocked",
        /// A violence marker exists; its detail is sealed.
        ViolenceMarker = "violence-marker",
        /// A dangerous animal.
        DangerousAnimal = "dangerous-animal",
        /// Alarms.
        Alarms = "alarms",
        /// Telecare.
        Telecare = "telecare",
        /// Sprinkler.
        Sprinkler = "sprinkler",
        /// E-bike, e-scooter or mobility scooter charging.
        EBike = "e-bike",
        /// Smoking, candles, heaters and the like.
        Ignition = "ignition",
        /// Emollient creams, airflow mattress and the like.
        Fuel = "fuel",
        /// Asbestos.
        Asbestos = "asbestos",
        /// How to get in.
        Access = "access",
        /// A key safe exists; its code is sealed.
        KeySafe = "key-safe",
        /// Whom to ask.
        Contact = "contact",
    }
}

row! {
    /// A fact for the crew.
    struct Fact in Fire "facts" Edited, check(fact_has_a_kind) {
        /// What it is about.
        kind: FactKind,
        /// What is so, in few words.
        value: String [Chars(200)],
        /// Room or floor.
        place: String [Chars(80)],
        /// As of when.
        as_of: Millis,
        /// The class it was published from.
        source_class: Class,
        /// The document it was published from.
        source_document: DocumentId,
        /// The zone of that document.
        source_zone: ZoneId,
        /// The size of the authority log that its writer had verified: an erasure of the source at a larger one hides it.
        source_log: i64 [Within(0, i64::MAX)],
        /// The row it was published from.
        source_row: RowId,
        /// The rule that published it.
        rule: String [Chars(60)],
        /// When it was withdrawn.
        withdrawn_at: Millis,
        /// How far the hazard reaches that it was published from: at a building, whether its homes are told.
        scope: Scope,
    }
}

fn fact_has_a_kind(fact: &Fact) -> Result<(), FieldError> {
    if fact.kind.is_some() && fact.as_of.is_some() {
        return Ok(());
    }
    Err(FieldError::new("kind", "a fact has a kind and a time", "say what the fact is about and as of when"))
}

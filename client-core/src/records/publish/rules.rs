//! The rule table of publishing. A name, once used, is never given to another rule: published rows carry it.

use doorstep_protocol::Class;

use super::Rule;
use super::Says::{Before, Both, Field, Words};
use super::Test::{self, Filled, Is, IsNot, NotPast, ReachesClutterThreshold, Yes};
use crate::records::fire::FactKind;
use crate::records::index::FlagKind;

const NOT_REMOVED: Test = IsNot("state", &["removed"]);
const NOT_RESOLVED: Test = IsNot("state", &["resolved"]);
const FIRE_V1: Test = Is("scheme", &["fire-v1"]);

macro_rules! maybe {
    () => {
        None
    };
    ($held:expr) => {
        Some($held)
    };
}

macro_rules! rules {
    ($(
        $name:literal: $class:ident $collection:literal [$($test:expr),+]
        => $kind:ident $says:expr $(, at $place:literal)? $(, flag $flag:ident)?;
    )+) => {
        /// Every rule.
        pub static RULES: &[Rule] = &[$(
            Rule {
                name: $name,
                class: Class::$class,
                collection: $collection,
                when: &[$($test),+],
                fact: Some((FactKind::$kind, $says)),
                flag: maybe!($(FlagKind::$flag)?),
                place: maybe!($($place)?),
            },
        )+];
    };
}

rules! {
    // The dwelling.
    "dwelling-people": Home "dwelling" [Filled("people_inside")] => PeopleInside Field("people_inside"), at "floor";
    "dwelling-main-exit": Home "dwelling" [Is("main_exit", &["restricted", "blocked"])]
        => ExitBlocked Before("main way out", "main_exit");
    "dwelling-sprinkler": Home "dwelling" [Filled("sprinkler")] => Sprinkler Field("sprinkler");
    "dwelling-telecare": Home "dwelling" [Filled("telecare")] => Telecare Field("telecare");
    "dwelling-access": Home "dwelling" [Filled("access_notes")] => Access Field("access_notes");
    "dwelling-key-safe": Home "dwelling" [Yes("key_safe")] => KeySafe Words("exists, code is sealed"), flag KeySafe;
    "dwelling-contact": Home "dwelling" [Filled("contact")] => Contact Field("contact");

    // Equipment.
    "equipment-oxygen": Home "equipment" [Is("kind", &["oxygen-concentrator", "oxygen-cylinder"]), NOT_REMOVED]
        => Oxygen Field("kind"), at "room", flag OxygenOnSite;
    "equipment-cylinder": Home "equipment" [Is("kind", &["gas-cylinder"]), NOT_REMOVED]
        => Cylinders Field("kind"), at "room";
    "equipment-rescue": Home "equipment"
        [Is("kind", &["hoist", "ceiling-hoist", "bariatric", "ventilator"]), NOT_REMOVED]
        => HoistRescue Field("kind"), at "room";
    "equipment-battery": Home "equipment" [Is("kind", &["e-bike", "mobility-scooter", "powered-wheelchair"]), NOT_REMOVED]
        => EBike Field("kind"), at "room";
    "equipment-mattress": Home "equipment" [Is("kind", &["airflow-mattress"]), NOT_REMOVED]
        => Fuel Field("kind"), at "room";

    // Clutter and alarms.
    "clutter-rating": Home "clutter" [ReachesClutterThreshold("rating")]
        => Clutter Before("rating", "rating"), at "room";
    "clutter-exit": Home "clutter" [Is("exit", &["restricted", "blocked"])] => ExitBlocked Field("exit"), at "room";
    "alarm-state": Home "alarms" [Filled("kind"), Filled("state")] => Alarms Both("kind", "state"), at "room";

    // Hazards.
    "hazard-oxygen": Home "hazards" [FIRE_V1, Is("code", &["home-oxygen"]), NOT_RESOLVED]
        => Oxygen Words("home oxygen"), at "room", flag OxygenOnSite;
    "hazard-cylinders": Home "hazards" [FIRE_V1, Is("code", &["gas-cylinders"]), NOT_RESOLVED]
        => Cylinders Words("gas cylinders"), at "room";
    "hazard-explosives": Home "hazards" [FIRE_V1, Is("code", &["explosives"]), NOT_RESOLVED]
        => Explosives Words("ammunition or chemicals"), at "room";
    "hazard-dog": Home "hazards" [FIRE_V1, Is("code", &["dangerous-dog"]), NOT_RESOLVED]
        => DangerousAnimal Words("dog"), at "room", flag DangerousAnimal;
    "hazard-exit": Home "hazards" [FIRE_V1, Is("code", &["exit-blocked"]), NOT_RESOLVED]
        => ExitBlocked Words("way out blocked"), at "room";
    "hazard-clutter": Home "hazards" [FIRE_V1, Is("code", &["clutter"]), NOT_RESOLVED]
        => Clutter Words("seen, not rated"), at "room";
    "hazard-battery": Home "hazards" [FIRE_V1, Is("code", &["e-bike"]), NOT_RESOLVED]
        => EBike Words("charging"), at "room";
    "hazard-rescue": Home "hazards" [FIRE_V1, Is("code", &["hoist-rescue", "ventilator"]), NOT_RESOLVED]
        => HoistRescue Field("code"), at "room";
    "hazard-escape": Home "hazards" [FIRE_V1, Is("code", &["cannot-escape"]), NOT_RESOLVED]
        => CannotSelfEvacuate Words("somebody cannot escape unaided"), at "room", flag CannotSelfEvacuate;
    "hazard-hearing": Home "hazards" [FIRE_V1, Is("code", &["hearing"]), NOT_RESOLVED]
        => CannotSelfEvacuate Words("somebody may not hear an alarm"), at "room";
    "hazard-ignition": Home "hazards"
        [FIRE_V1, Is("code", &["smoking", "scorch-marks", "candles", "portable-heater", "unattended-cooking", "overloaded-sockets"]), NOT_RESOLVED]
        => Ignition Field("code"), at "room";
    "hazard-fuel": Home "hazards"
        [FIRE_V1, Is("code", &["emollient-creams", "airflow-mattress", "incontinence-products"]), NOT_RESOLVED]
        => Fuel Field("code"), at "room";
    "hazard-alarms": Home "hazards" [FIRE_V1, Is("code", &["smoke-alarm", "heat-alarm"]), NOT_RESOLVED]
        => Alarms Before("missing or faulty:", "code"), at "room";
    "hazard-asbestos-2026": Home "hazards" [Is("scheme", &["hhsrs-2026"]), Is("code", &["15"]), NOT_RESOLVED]
        => Asbestos Words("suspected"), at "room", flag AsbestosPresent;
    "hazard-asbestos-2005": Home "hazards" [Is("scheme", &["hhsrs-2005"]), Is("code", &["4"]), NOT_RESOLVED]
        => Asbestos Words("suspected"), at "room", flag AsbestosPresent;

    // What a resident can do: existence and degree of help, never why.
    "ability-evacuate": Function "abilities"
        [Is("what", &["self-evacuate"]), Is("level", &["with-equipment", "with-help", "cannot"]), NotPast("to")]
        => CannotSelfEvacuate Before("leaves:", "level"), flag CannotSelfEvacuate;
    "ability-stairs": Function "abilities"
        [Is("what", &["stairs"]), Is("level", &["with-help", "cannot"]), NotPast("to")]
        => CannotSelfEvacuate Before("stairs:", "level"), flag CannotSelfEvacuate;
    "ability-walk": Function "abilities" [Is("what", &["walk"]), Is("level", &["with-help", "cannot"]), NotPast("to")]
        => CannotSelfEvacuate Before("walks:", "level"), flag CannotSelfEvacuate;
    "ability-alarm": Function "abilities"
        [Is("what", &["hear", "wake", "see"]), Is("level", &["with-help", "cannot"]), NotPast("to")]
        => CannotSelfEvacuate Words("may not notice an alarm");
    "ability-understand": Function "abilities"
        [Is("what", &["understand"]), Is("level", &["with-help", "cannot"]), NotPast("to")]
        => CannotSelfEvacuate Words("needs to be led out");
    "ability-transfer": Function "abilities" [Is("what", &["transfer"]), Is("level", &["cannot"]), NotPast("to")]
        => HoistRescue Words("cannot transfer");
    "ability-equipment": Function "abilities"
        [Is("what", &["without-equipment"]), Is("level", &["with-equipment", "cannot"]), NotPast("to")]
        => HoistRescue Words("depends on powered equipment");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Collections as _;

    #[test]
    fn names_are_unique_and_collections_exist() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in RULES {
            assert!(seen.insert(rule.name), "{} stands twice", rule.name);
            assert!(rule.class.container(rule.collection).is_some(), "{}", rule.name);
        }
    }

    #[test]
    fn fields_and_codes_of_the_rules_are_those_of_the_rows() {
        use crate::records::Row;
        use crate::records::{function, hazard_codes, home};
        let mut hazard_codes: Vec<&str> =
            [hazard_codes::Scheme::Hhsrs2026, hazard_codes::Scheme::Hhsrs2005, hazard_codes::Scheme::FireV1]
                .iter()
                .flat_map(|scheme| hazard_codes::codes(scheme).iter().map(|(code, _)| *code))
                .collect();
        hazard_codes.extend_from_slice(hazard_codes::Scheme::CODES);
        for rule in RULES {
            let (fields, codes): (&[&str], Vec<&[&str]>) = match rule.collection {
                "dwelling" => (home::Dwelling::FIELDS, vec![home::ExitState::CODES]),
                "equipment" => (home::Equipment::FIELDS, vec![home::EquipmentKind::CODES, home::EquipmentState::CODES]),
                "clutter" => (home::Clutter::FIELDS, vec![home::ExitState::CODES]),
                "alarms" => (home::Alarm::FIELDS, vec![]),
                "hazards" => (home::Hazard::FIELDS, vec![&hazard_codes, home::HazardState::CODES]),
                "abilities" => (function::Ability::FIELDS, vec![function::Doing::CODES, function::Level::CODES]),
                other => panic!("{other}"),
            };
            for test in rule.when {
                let (field, used): (&str, &[&str]) = match test {
                    Is(field, used) | IsNot(field, used) => (field, used),
                    Yes(field) | Filled(field) | ReachesClutterThreshold(field) | NotPast(field) => (field, &[]),
                };
                assert!(fields.contains(&field), "{}: {field}", rule.name);
                for code in used {
                    assert!(codes.iter().any(|all| all.contains(code)), "{}: {code}", rule.name);
                }
            }
        }
    }
}

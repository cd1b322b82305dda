//! A visit in which every part is filled in once, as an example to edit.

use doorstep_client_core::client::{PersonInput, PropertyRef, VisitInput};
use doorstep_client_core::records::function::{Ability, Doing, Level};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{
    Adaptation, AdaptationStatus, Alarm, AlarmKind, AlarmState, Clutter, Dwelling, Equipment, EquipmentKind, ExitState,
    Hazard, Measurement, Method, Outcome, RoomKind, Severity, Unit, Visit, VisitKind,
};
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::index::{Flag, FlagKind, FlagSubject};
use doorstep_client_core::records::{Source, Uprn};

/// The example.
pub(super) fn visit() -> VisitInput {
    let text = |words: &str| Some(words.to_owned());
    let uprn: Uprn = "100023336956".parse().expect("twelve digits are a UPRN");
    let mut visit = VisitInput::to(PropertyRef::Uprn(uprn));
    visit.visit = Visit {
        kind: Some(VisitKind::SafeAndWell),
        visitor: text("Crew 4"),
        organisation: text("Hillford Fire and Rescue"),
        met: text("the tenant"),
        outcome: Some(Outcome::Done),
        follow_up: text("call in a week about the e-bike"),
        ..Visit::default()
    };
    visit.dwelling = Some(Dwelling {
        main_exit: Some(ExitState::Restricted),
        people_inside: Some(2),
        floor: Some(1),
        ..Dwelling::default()
    });
    visit.hazards = vec![Hazard {
        scheme: Some(Scheme::FireV1),
        code: text("e-bike"),
        room: text("hall"),
        severity: Some(Severity::High),
        note: text("charging across the way out"),
        ..Hazard::default()
    }];
    visit.measurements = vec![Measurement {
        feature: text("front door"),
        quantity: text("width"),
        value: Some(760),
        unit: Some(Unit::Millimetre),
        method: Some(Method::Tape),
        ..Measurement::default()
    }];
    visit.equipment = vec![Equipment {
        kind: Some(EquipmentKind::OxygenConcentrator),
        room: text("bedroom"),
        ..Equipment::default()
    }];
    visit.adaptations = vec![Adaptation {
        kind: text("second stair rail"),
        room: text("stairs"),
        status: Some(AdaptationStatus::Recommended),
        ..Adaptation::default()
    }];
    visit.clutter = vec![Clutter {
        room: text("living room"),
        room_kind: Some(RoomKind::LivingRoom),
        rating: Some(6),
        anchored: Some(true),
        exit: Some(ExitState::Restricted),
        ..Clutter::default()
    }];
    visit.alarms = vec![Alarm {
        room: text("hall"),
        kind: Some(AlarmKind::Smoke),
        state: Some(AlarmState::Replaced),
        ..Alarm::default()
    }];
    visit.flags = vec![Flag {
        kind: Some(FlagKind::DangerousAnimal),
        subject: Some(FlagSubject::Property),
        contact: text("Housing desk, 020 7946 0000"),
        ..Flag::default()
    }];
    visit.people = vec![PersonInput {
        person: Some(Person { preferred_name: text("Edith Hart"), ..Person::default() }),
        abilities: vec![Ability {
            what: Some(Doing::Stairs),
            level: Some(Level::Cannot),
            source: Some(Source::ToldByResident),
            ..Ability::default()
        }],
        ..PersonInput::default()
    }];
    visit
}

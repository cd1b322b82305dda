//! The three visits of one day at one flat, each recorded without signal and without having seen the others.

use doorstep_client_core::client::{PersonInput, PropertyRef, VisitInput};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::Source;
use doorstep_client_core::records::function::{Ability, Constancy, Doing, Level, SaidBy};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{
    Alarm, AlarmKind, AlarmState, Clutter, Dwelling, ExitState, Hazard, HazardState, Measurement, Method, Outcome,
    RoomKind, Severity, Unit, Visit, VisitKind,
};
use doorstep_client_core::records::index::{Flag, FlagKind, FlagSubject};

fn text(words: &str) -> Option<String> {
    Some(words.to_owned())
}

fn visit(kind: VisitKind, organisation: &str, met: &str) -> Visit {
    Visit {
        kind: Some(kind),
        organisation: text(organisation),
        met: text(met),
        outcome: Some(Outcome::Done),
        ..Visit::default()
    }
}

/// The occupational therapist: what the tenant can do, the door's width, the e-bike, a way out that is restricted.
pub(crate) fn therapist(flat: RecordId, tenant: RecordId, council: &str) -> VisitInput {
    let mut input = VisitInput::to(PropertyRef::Record(flat));
    input.visit = visit(VisitKind::OtAssessment, council, "the tenant");
    input.dwelling = Some(Dwelling {
        main_exit: Some(ExitState::Restricted),
        main_exit_note: text("e-bike and boxes in the hall"),
        people_inside: Some(1),
        source: Some(Source::Observed),
        ..Dwelling::default()
    });
    input.hazards = vec![
        e_bike(Severity::High, "charging beside the front door"),
        Hazard {
            scheme: Some(Scheme::OtV1),
            code: text("mats"),
            room: text("bedroom"),
            severity: Some(Severity::Medium),
            state: Some(HazardState::Open),
            ..Hazard::default()
        },
    ];
    input.measurements = vec![Measurement {
        feature: text("front door"),
        quantity: text("clear width"),
        value: Some(760),
        unit: Some(Unit::Millimetre),
        method: Some(Method::Tape),
        ..Measurement::default()
    }];
    input.people = vec![PersonInput {
        record: Some(tenant),
        abilities: vec![Ability {
            what: Some(Doing::Stairs),
            level: Some(Level::Cannot),
            constancy: Some(Constancy::Constant),
            said_by: Some(SaidBy::Professional),
            source: Some(Source::Observed),
            ..Ability::default()
        }],
        ..PersonInput::default()
    }];
    input
}

/// The firefighter: clutter, an alarm fitted, the same e-bike, a dog.
pub(crate) fn firefighter(flat: RecordId, fire_service: &str) -> VisitInput {
    let mut input = VisitInput::to(PropertyRef::Record(flat));
    input.visit = visit(VisitKind::SafeAndWell, fire_service, "the tenant");
    input.hazards = vec![e_bike(Severity::Medium, "charger on the carpet")];
    input.clutter = vec![Clutter {
        room: text("living room"),
        room_kind: Some(RoomKind::LivingRoom),
        rating: Some(6),
        anchored: Some(true),
        ..Clutter::default()
    }];
    input.alarms = vec![Alarm {
        room: text("hall"),
        kind: Some(AlarmKind::Smoke),
        state: Some(AlarmState::Replaced),
        note: text("ten-year alarm fitted"),
        ..Alarm::default()
    }];
    input.flags = vec![Flag {
        kind: Some(FlagKind::DangerousAnimal),
        subject: Some(FlagSubject::Property),
        contact: text("Lantern Homes office, 01632 960500"),
        organisation: text(fire_service),
        ..Flag::default()
    }];
    input
}

/// The surveyor: damp in the bedroom, and a way out that is clear.
pub(crate) fn surveyor(flat: RecordId, landlord: &str) -> VisitInput {
    let mut input = VisitInput::to(PropertyRef::Record(flat));
    input.visit = visit(VisitKind::StockCondition, landlord, "nobody: keys from the office");
    input.dwelling =
        Some(Dwelling { main_exit: Some(ExitState::Clear), source: Some(Source::Observed), ..Dwelling::default() });
    input.hazards = vec![Hazard {
        scheme: Some(Scheme::Hhsrs2026),
        code: text("11"),
        room: text("bedroom"),
        severity: Some(Severity::Medium),
        state: Some(HazardState::Open),
        note: text("mould above the window"),
        ..Hazard::default()
    }];
    input
}

fn e_bike(severity: Severity, note: &str) -> Hazard {
    Hazard {
        scheme: Some(Scheme::FireV1),
        code: text("e-bike"),
        room: text("hall"),
        severity: Some(severity),
        state: Some(HazardState::Open),
        note: text(note),
        ..Hazard::default()
    }
}

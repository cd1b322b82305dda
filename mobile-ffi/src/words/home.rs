//! Choices of what is found in a home, and of visits.

use doorstep_client_core::records::{self, hazard_codes, home};

use super::mirror;

mirror! {
    /// A list of hazard codes.
    HazardScheme of hazard_codes::Scheme {
        /// England from 23 June 2026.
        Hhsrs2026,
        /// Earlier inspections, and Wales.
        Hhsrs2005,
        /// Home fire safety visit.
        FireV1,
        /// Occupational therapy home assessment.
        OtV1,
    }
}

mirror! {
    /// Severity as the visitor saw it.
    Severity of home::Severity {
        /// Low.
        Low,
        /// Medium.
        Medium,
        /// High.
        High,
        /// Needs somebody today.
        Emergency,
    }
}

mirror! {
    /// Where a hazard is.
    Scope of home::Scope {
        /// Inside the dwelling.
        Dwelling,
        /// In the common parts.
        CommonPart,
        /// The building.
        Building,
        /// The land that belongs to it.
        Curtilage,
        /// The street.
        Street,
    }
}

mirror! {
    /// The kinds of room that a clutter rating distinguishes.
    RoomKind of home::RoomKind {
        /// Bedroom.
        Bedroom,
        /// Kitchen.
        Kitchen,
        /// Living room.
        LivingRoom,
        /// Hall or stairs.
        Hall,
        /// Any other.
        Elsewhere,
    }
}

mirror! {
    /// Whether a way out can be used.
    ExitState of home::ExitState {
        /// Free.
        Clear,
        /// Passable with care.
        Restricted,
        /// Not passable.
        Blocked,
    }
}

mirror! {
    /// Kind of alarm.
    AlarmKind of home::AlarmKind {
        /// Smoke.
        Smoke,
        /// Heat.
        Heat,
        /// Carbon monoxide.
        CarbonMonoxide,
    }
}

mirror! {
    /// What was found or done about an alarm.
    AlarmState of home::AlarmState {
        /// Looked for, none.
        None,
        /// There, not tested.
        Present,
        /// There and tested.
        Tested,
        /// Replaced or newly fitted.
        Replaced,
        /// There and not working.
        Faulty,
    }
}

mirror! {
    /// Kind of visit.
    VisitKind of home::VisitKind {
        /// Safe and Well visit of a fire service.
        SafeAndWell,
        /// Assessment by an occupational therapist.
        OtAssessment,
        /// Adaptation.
        Adaptation,
        /// Stock condition survey.
        StockCondition,
        /// HHSRS inspection.
        HhsrsInspection,
        /// Follow-up.
        FollowUp,
    }
}

mirror! {
    /// How a visit ended.
    Outcome of home::Outcome {
        /// Done.
        Done,
        /// Part of it.
        Partial,
        /// Nobody in.
        NoAccess,
        /// Refused.
        Refused,
    }
}

mirror! {
    /// How far a hazard is dealt with.
    HazardState of home::HazardState {
        /// Nothing agreed.
        Open,
        /// Work is agreed.
        ActionAgreed,
        /// Safe until the lasting repair.
        MadeSafe,
        /// Gone.
        Resolved,
        /// Somebody says it is none.
        Disputed,
    }
}

mirror! {
    /// How a measurement was taken.
    MeasuredBy of home::Method {
        /// By tape.
        Tape,
        /// By laser.
        Laser,
        /// By an instrument.
        Instrument,
        /// By eye.
        Estimated,
    }
}

mirror! {
    /// Kind of equipment.
    EquipmentKind of home::EquipmentKind {
        /// Oxygen concentrator.
        OxygenConcentrator,
        /// Oxygen cylinder.
        OxygenCylinder,
        /// Another gas cylinder.
        GasCylinder,
        /// Ventilator.
        Ventilator,
        /// Hoist on a frame.
        Hoist,
        /// Hoist on a ceiling track.
        CeilingHoist,
        /// Bariatric bed or chair.
        Bariatric,
        /// Hospital bed.
        HospitalBed,
        /// Dynamic airflow mattress.
        AirflowMattress,
        /// Walking frame.
        WalkingFrame,
        /// Wheelchair.
        Wheelchair,
        /// Powered wheelchair.
        PoweredWheelchair,
        /// Mobility scooter.
        MobilityScooter,
        /// E-bike or e-scooter.
        EBike,
        /// Stair lift.
        StairLift,
        /// Through-floor lift.
        ThroughFloorLift,
        /// Bath lift.
        BathLift,
        /// Perching stool.
        PerchingStool,
        /// Commode.
        Commode,
        /// Raised toilet seat or frame.
        ToiletFrame,
        /// Grab rail.
        GrabRail,
        /// Something else: see the label.
        Unlisted,
    }
}

mirror! {
    /// State of equipment.
    EquipmentState of home::EquipmentState {
        /// Used.
        InUse,
        /// There, not used.
        NotInUse,
        /// Faulty.
        Faulty,
        /// Taken away.
        Removed,
    }
}

mirror! {
    /// How far an adaptation is.
    AdaptationStatus of home::AdaptationStatus {
        /// Recommended.
        Recommended,
        /// Agreed.
        Agreed,
        /// Ordered.
        Ordered,
        /// Installed.
        Installed,
        /// Declined.
        Declined,
        /// Removed.
        Removed,
    }
}

mirror! {
    /// How far a visit is through the back office.
    VisitState of home::VisitState {
        /// Being recorded.
        Draft,
        /// Handed in.
        Submitted,
        /// Returned to the visitor.
        Returned,
        /// Reconciled.
        Reconciled,
    }
}

mirror! {
    /// How the recorder knows.
    Source of records::Source {
        /// Seen by the recorder.
        Observed,
        /// Told by the resident.
        ToldByResident,
        /// Told by somebody else.
        ToldByOther,
        /// Taken over from another system.
        Imported,
    }
}

mirror! {
    /// How sure the recorder is.
    Confidence of records::Confidence {
        /// No doubt.
        Sure,
        /// More likely than not.
        Likely,
        /// To be checked.
        Unsure,
    }
}

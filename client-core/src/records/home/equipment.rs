//! Equipment: what somebody depends on, lies in a crew's way, or may burn.

use crate::records::Source;
use crate::records::row::{choice, row};
use crate::records::value::FieldError;
use crate::records::words::{Date, RowId};

choice! {
    /// Kind of equipment.
    enum EquipmentKind {
        /// Oxygen concentrator.
        OxygenConcentrator = "oxygen-concentrator",
        /// Oxygen cylinder.
        OxygenCylinder = "oxygen-cylinder",
        /// Another gas cylinder.
        GasCylinder = "gas-cylinder",
        /// Ventilator.
        Ventilator = "ventilator",
        /// Hoist on a frame.
        Hoist = "hoist",
        /// Hoist on a ceiling track.
        CeilingHoist = "ceiling-hoist",
        /// Bariatric bed or chair.
        Bariatric = "bariatric",
        /// Hospital bed.
        HospitalBed = "hospital-bed",
        /// Dynamic airflow mattress.
        AirflowMattress = "airflow-mattress",
        /// Walking frame.
        WalkingFrame = "walking-frame",
        /// Wheelchair.
        Wheelchair = "wheelchair",
        /// Powered wheelchair.
        PoweredWheelchair = "powered-wheelchair",
        /// Mobility scooter.
        MobilityScooter = "mobility-scooter",
        /// E-bike or e-scooter.
        EBike = "e-bike",
        /// Stair lift.
        StairLift = "stair-lift",
        /// Through-floor lift.
        ThroughFloorLift = "through-floor-lift",
        /// Bath lift.
        BathLift = "bath-lift",
        /// Perching stool.
        PerchingStool = "perching-stool",
        /// Commode.
        Commode = "commode",
        /// Raised toilet seat or frame.
        ToiletFrame = "toilet-frame",
        /// Grab rail.
        GrabRail = "grab-rail",
        /// Something else: see the label.
        Unlisted = "unlisted",
    }
}

choice! {
    /// State of equipment.
    enum EquipmentState {
        /// Used.
        InUse = "in-use",
        /// There, not used.
        NotInUse = "not-in-use",
        /// Faulty.
        Faulty = "faulty",
        /// Taken away.
        Removed = "removed",
    }
}

row! {
    /// A piece of equipment.
    struct Equipment in Home "equipment" Edited, check(equipment_has_a_kind) {
        /// Its kind.
        kind: EquipmentKind,
        /// In words.
        label: String [Chars(120)],
        /// Room.
        room: String [Chars(80)],
        /// Safe working load, in kilograms.
        safe_load_kg: i64 [Within(0, 2_000)],
        /// When it was installed.
        installed: Date,
        /// Whose it is.
        owner: String [Chars(120)],
        /// When its service is due.
        service_due: Date,
        /// Its state.
        state: EquipmentState,
        /// More.
        note: String [Chars(1_000)],
        /// How it is known.
        source: Source,
        /// The visit.
        visit: RowId,
    }
}

fn equipment_has_a_kind(equipment: &Equipment) -> Result<(), FieldError> {
    if equipment.kind.is_some() {
        return Ok(());
    }
    Err(FieldError::new("kind", "equipment has a kind", "choose the kind, or `unlisted` with a label"))
}

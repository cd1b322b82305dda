//! The choices of the record as enums. A code that a newer version wrote comes as `Unlisted` with the code.

use doorstep_client_core::records::{hazard_codes, home, index};

/// Declares an enum with the variants of a choice, and the way there and back.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident of $core:path { $($(#[$of:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $($(#[$of])* $variant,)+
            /// A code that a newer version wrote; it is shown, and not written by this one.
            Unlisted {
                /// The code.
                code: String,
            },
        }

        impl From<$name> for $core {
            fn from(choice: $name) -> Self {
                match choice {
                    $($name::$variant => Self::$variant,)+
                    $name::Unlisted { code } => Self::Other(code),
                }
            }
        }

        impl From<$core> for $name {
            fn from(choice: $core) -> Self {
                use $core as Core;
                match choice {
                    $(Core::$variant => Self::$variant,)+
                    Core::Other(code) => Self::Unlisted { code },
                }
            }
        }
    };
}

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
    /// The kinds of flag.
    FlagKind of index::FlagKind {
        /// Visit in pairs.
        NoVisitAlone,
        /// Visit in pairs, for antisocial behaviour.
        AsbNoVisitAlone,
        /// Ask the contact before a visit.
        ContactForDetails,
        /// Only workers of one gender.
        OperativeGenderRestriction,
        /// Access was refused.
        RefusedAccess,
        /// Asbestos is present.
        AsbestosPresent,
        /// Access is restricted.
        RestrictedAccess,
        /// A dangerous animal.
        DangerousAnimal,
        /// Oxygen or cylinders on site.
        OxygenOnSite,
        /// Somebody cannot leave unaided.
        CannotSelfEvacuate,
        /// A key safe exists.
        KeySafe,
    }
}

mirror! {
    /// Whom a flag is about.
    FlagSubject of index::FlagSubject {
        /// The home.
        Property,
        /// One person.
        Person,
        /// Everybody in the home.
        Household,
    }
}

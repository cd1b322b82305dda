//! The choices of the record as enums. A code that a newer version wrote comes as `Newer` with the code.

mod flags;
mod home;
mod people;
mod sealed;

pub use flags::{FlagKind, FlagSubject};
pub use home::{
    AdaptationStatus, AlarmKind, AlarmState, Confidence, EquipmentKind, EquipmentState, ExitState, HazardScheme,
    HazardState, MeasuredBy, Outcome, RoomKind, Scope, Severity, Source, VisitKind, VisitState,
};
pub use people::{Channel, Constancy, Doing, Level, NeedKind, OccupancyKind};
pub use sealed::{PointerKind, ViolenceKind};

/// Declares an enum with the variants of a choice, and the way there and back.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident of $core:path { $($(#[$of:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $($(#[$of])* $variant,)+
            /// A code that a newer version wrote; it is shown, and not written by this one.
            Newer {
                /// The code.
                code: String,
            },
        }

        impl From<$name> for $core {
            fn from(choice: $name) -> Self {
                match choice {
                    $($name::$variant => Self::$variant,)+
                    $name::Newer { code } => Self::Other(code),
                }
            }
        }

        impl From<$core> for $name {
            fn from(choice: $core) -> Self {
                use $core as Core;
                match choice {
                    $(Core::$variant => Self::$variant,)+
                    Core::Other(code) => Self::Newer { code },
                }
            }
        }
    };
}

pub(crate) use mirror;

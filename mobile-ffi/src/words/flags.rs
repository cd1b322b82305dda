//! Choices of flags.

use doorstep_client_core::records::index;

use super::mirror;

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

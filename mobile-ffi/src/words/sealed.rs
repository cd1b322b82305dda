//! Choices of what is sealed.

use doorstep_client_core::records::sealed;

use super::mirror;

mirror! {
    /// Who is the danger, or in danger.
    ViolenceKind of sealed::ViolenceKind {
        /// Violence towards staff.
        TowardsStaff,
        /// Violence in the household.
        Household,
        /// A weapon.
        Weapon,
        /// A dangerous animal that is set on people.
        Animal,
        /// Threats, or harassment.
        Threats,
    }
}

mirror! {
    /// Who knows more.
    PointerKind of sealed::PointerKind {
        /// The police.
        Police,
        /// Safeguarding of adults.
        SafeguardingAdults,
        /// Safeguarding of children.
        SafeguardingChildren,
        /// The multi-agency risk conference.
        Marac,
        /// Probation.
        Probation,
    }
}

//! Choices of what is known of people.

use doorstep_client_core::records::{communication, function, identity};

use super::mirror;

mirror! {
    /// Channel of a contact point.
    Channel of identity::Channel {
        /// Telephone at home.
        Phone,
        /// Mobile.
        Mobile,
        /// Telephone at work.
        WorkPhone,
        /// Email.
        Email,
        /// Letter.
        Letter,
        /// Text relay.
        TextRelay,
    }
}

mirror! {
    /// Kind of address.
    OccupancyKind of identity::OccupancyKind {
        /// Where the person lives.
        Main,
        /// For a while.
        Temporary,
        /// For letters.
        Mailing,
        /// No longer.
        Previous,
    }
}

mirror! {
    /// A communication need or reasonable adjustment.
    NeedKind of communication::NeedKind {
        /// Large print.
        LargePrint,
        /// Braille.
        Braille,
        /// Audio.
        Audio,
        /// Easy read.
        EasyRead,
        /// Electronic text.
        ElectronicText,
        /// British Sign Language.
        BritishSignLanguage,
        /// Lip reading.
        LipReading,
        /// Hearing loop or aid.
        HearingAid,
        /// Text, not telephone.
        TextNotPhone,
        /// Telephone, not letters.
        PhoneNotLetter,
        /// Speak slowly and plainly.
        PlainSpeech,
        /// More time.
        MoreTime,
        /// Somebody with them.
        SomebodyWithThem,
        /// An advocate.
        Advocate,
        /// Time to come to the door.
        TimeToDoor,
        /// Knock, do not ring; or the reverse: see the detail.
        HowToKnock,
        /// Call before coming.
        CallFirst,
        /// Quiet, low light, no crowd.
        SensoryCalm,
        /// A communication book or device.
        CommunicationAid,
        /// Something else: see the detail.
        Unlisted,
    }
}

mirror! {
    /// What is done.
    Doing of function::Doing {
        /// Walk.
        Walk,
        /// Move between bed, chair, toilet, bath.
        Transfer,
        /// Stairs.
        Stairs,
        /// Hear an alarm.
        Hear,
        /// See.
        See,
        /// Wake to an alarm.
        Wake,
        /// Understand and act.
        Understand,
        /// Leave the home unaided.
        SelfEvacuate,
        /// Call for help.
        CallForHelp,
        /// Live without powered equipment.
        WithoutEquipment,
    }
}

mirror! {
    /// How well.
    Level of function::Level {
        /// Unaided.
        Independent,
        /// With equipment.
        WithEquipment,
        /// With another person.
        WithHelp,
        /// Not at all.
        Cannot,
    }
}

mirror! {
    /// How steadily.
    Constancy of function::Constancy {
        /// Always so.
        Constant,
        /// It varies.
        Fluctuating,
        /// For a while.
        Temporary,
    }
}

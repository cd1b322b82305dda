//! Rows of the class `communication`: what the person needs so that they can understand and be understood. No diagnosis.

use super::Source;
use super::row::{choice, row};
use super::value::FieldError;
use super::words::Date;

row! {
    /// Language.
    struct Language in Communication "language" Edited {
        /// First language, BCP 47.
        spoken: String [Chars(35)],
        /// Language for letters, BCP 47.
        written: String [Chars(35)],
        /// Needs an interpreter.
        interpreter: bool,
        /// Into which language, signed ones included.
        interpreter_language: String [Chars(60)],
        /// How it is known.
        source: Source,
    }
}

choice! {
    /// A communication need or reasonable adjustment.
    enum NeedKind {
        /// Large print.
        LargePrint = "large-print",
        /// Braille.
        Braille = "braille",
        /// Audio.
        Audio = "audio",
        /// Easy read.
        EasyRead = "easy-read",
        /// Electronic text.
        ElectronicText = "electronic-text",
        /// British Sign Language.
        BritishSignLanguage = "bsl",
        /// Lip reading.
        LipReading = "lip-reading",
        /// Hearing loop or aid.
        HearingAid = "hearing-aid",
        /// Text, not telephone.
        TextNotPhone = "text-not-phone",
        /// Telephone, not letters.
        PhoneNotLetter = "phone-not-letter",
        /// Speak slowly and plainly.
        PlainSpeech = "plain-speech",
        /// More time.
        MoreTime = "more-time",
        /// Somebody with them.
        SomebodyWithThem = "companion",
        /// An advocate.
        Advocate = "advocate",
        /// Time to come to the door.
        TimeToDoor = "time-to-door",
        /// Knock, do not ring; or the reverse: see the detail.
        HowToKnock = "how-to-knock",
        /// Call before coming.
        CallFirst = "call-first",
        /// Quiet, low light, no crowd.
        SensoryCalm = "sensory-calm",
        /// A communication book or device.
        CommunicationAid = "communication-aid",
        /// Something else: see the detail.
        Unlisted = "unlisted",
    }
}

choice! {
    /// With whom the person agreed to share a need.
    enum ShareScope {
        /// Everybody who visits or calls.
        Everyone = "everyone",
        /// Health and social care.
        Care = "care",
        /// The organisation that recorded it.
        RecorderOnly = "recorder-only",
    }
}

row! {
    /// A need.
    struct Need in Communication "needs" Edited, check(need_has_a_kind) {
        /// What.
        kind: NeedKind,
        /// More.
        detail: String [Chars(500)],
        /// The SNOMED CT code it was imported with, as it came.
        snomed: String [Chars(18)],
        /// With whom it is shared.
        share: ShareScope,
        /// Since when.
        from: Date,
        /// Until when.
        to: Date,
        /// How it is known.
        source: Source,
    }
}

fn need_has_a_kind(need: &Need) -> Result<(), FieldError> {
    if need.kind.is_some() || need.snomed.is_some() {
        return Ok(());
    }
    Err(FieldError::new("kind", "a need has a kind or a code", "choose the need, or `unlisted` with a detail"))
}

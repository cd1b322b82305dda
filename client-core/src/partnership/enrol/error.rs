//! What a wrong, expired, used or forged text gets: a sentence, and what to do.

use doorstep_crypto::WeakRecipient;
use doorstep_crypto::words::PhraseError;
use doorstep_protocol::{Millis, TeamId};

use super::invitation::{WRONG_WORDS_MAX, in_words};
use super::text::Text;

/// Why an enrolment did not go on. Nothing was written to the authority log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// Some other text.
    #[error("this is not an {expected}: copy it whole, from the first letter to the last")]
    NotReadable {
        /// What was expected.
        expected: Text,
    },
    /// The other of the two texts.
    #[error("this is an {found}, and an {expected} is needed here")]
    Other {
        /// What was expected.
        expected: Text,
        /// What it is.
        found: Text,
    },
    /// Cut short, or with a wrong letter.
    #[error("a letter of this {text} is missing or wrong: copy it whole, from the first letter to the last")]
    Damaged {
        /// Which text.
        text: Text,
    },
    /// It can no longer be used.
    #[error("the invitation has expired: ask the desk for a new one (`doorstep enrol invite`)")]
    Expired {
        /// When it did.
        expired: Millis,
    },
    /// It would hold for longer than any invitation does.
    #[error(
        "the invitation is dated far ahead of this device's clock: set the date and time of this device, and try again"
    )]
    ClockBehind,
    /// Asked to hold for longer or shorter than it may.
    #[error("an invitation holds for {} to {}: choose a time between", in_words(*.least_ms), in_words(*.most_ms))]
    Lifetime {
        /// The shortest.
        least_ms: u64,
        /// The longest.
        most_ms: u64,
    },
    /// Too many wait already.
    #[error("{limit} invitations wait already: cancel some (`doorstep enrol list`), or let them expire")]
    TooMany {
        /// How many may wait.
        limit: u64,
    },
    /// This desk did not make it, or cancelled it.
    #[error(
        "this desk knows no such invitation: accept the request at the desk that made the invitation, or make a new \
         invitation here"
    )]
    Unknown,
    /// Another device has used it.
    #[error("the invitation was used for another device: every device needs its own (`doorstep enrol invite`)")]
    Used,
    /// Too many requests in its name did not know the words.
    #[error(
        "this invitation is void: {WRONG_WORDS_MAX} requests in its name did not know its six words, and one may be an \
         intruder's; make a new one (`doorstep enrol invite --remote`)"
    )]
    Void,
    /// It came from afar, and its words were not given.
    #[error("this invitation came from afar: enter the six words that the desk reads out over the telephone")]
    WordsMissing,
    /// It was handed over in person.
    #[error("this invitation was handed over in person and has no words: leave them out")]
    WordsNotNeeded,
    /// They are not six words of the list.
    #[error(transparent)]
    Words(#[from] PhraseError),
    /// Other words, or another invitation on the way.
    #[error(
        "the six words do not fit this invitation: have them read out again, word by word; if they are right, the \
         invitation was changed on its way, and the desk has to make a new one"
    )]
    OtherWords,
    /// The request does not know the words.
    #[error(
        "the request does not know the six words of its invitation, so it may be an intruder's: compare it with the \
         worker over the telephone ({left} more tries, then the invitation is void)"
    )]
    RequestOtherWords {
        /// How many more requests may be wrong.
        left: u32,
    },
    /// The key from the words could not be made.
    #[error("the six words could not be worked with: this device has too little free memory")]
    Memory,
    /// The request is for another partnership.
    #[error("the request is for another partnership")]
    OtherPartnership,
    /// This device belongs to another partnership.
    #[error("invitation: this device belongs to another partnership: use another folder for a new device")]
    BelongsElsewhere,
    /// The proof that the device holds its keys does not hold.
    #[error(
        "the request is forged or damaged: whoever made it does not hold the keys in it; have the device make it again"
    )]
    Forged,
    /// Nothing can be sealed to a key in it.
    #[error("keys cannot be sealed to this device ({0}): make a new device in an empty folder")]
    WeakKey(#[from] WeakRecipient),
    /// The device was here before.
    #[error("this device was revoked, and does not come back: make a new one in an empty folder")]
    Revoked,
    /// A volunteer without an end date.
    #[error("a volunteer is enrolled until a day: name it (--until)")]
    NoEndDate,
    /// The end date is past.
    #[error("the last day is over already: name a later one (--until)")]
    EndDatePast,
    /// A volunteer in a restricted team.
    #[error(
        "team {team} opens sealed detail, and a volunteer is never in such a team: leave it out, or enrol a member of staff"
    )]
    RestrictedTeam {
        /// The team.
        team: TeamId,
    },
    /// A volunteer whose device could be given sealed detail later.
    #[error(
        "this device could be let into sealed detail later, and a volunteer's never can: make the invitation for a \
         volunteer (`doorstep enrol invite --volunteer`), and let the device ask again"
    )]
    RestrictedKey,
    /// Staff on a volunteer's invitation.
    #[error("this invitation was made for a volunteer: say so (--volunteer, --until), or make another")]
    ForVolunteer,
}

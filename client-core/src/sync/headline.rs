//! How a device stands in one sentence, for a person with no time, in both languages: what matters most.

use super::report::{Activity, SyncStatus};
use crate::device::Standing;
use crate::replica::machine::Fault;

/// What matters most about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Headline {
    /// An alarm stands.
    Alarm,
    /// It does not sync any more by itself.
    Stopped,
    /// Its first catch-up is not complete.
    FirstSync,
    /// The server refused some of its work.
    Refused,
    /// There is no way to the server now.
    Offline,
    /// The last attempt failed of something else, and is repeated.
    TryingAgain,
    /// It is at it.
    Syncing,
    /// Some work is still to be sent.
    ToSend,
    /// Everything is sent and everything is here.
    CaughtUp,
}

/// A sentence in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// English.
    pub en: &'static str,
    /// Welsh.
    pub cy: &'static str,
}

impl Headline {
    /// Every one, what matters most first.
    pub const ALL: [Self; 9] = [
        Self::Alarm,
        Self::Stopped,
        Self::FirstSync,
        Self::Refused,
        Self::Offline,
        Self::TryingAgain,
        Self::Syncing,
        Self::ToSend,
        Self::CaughtUp,
    ];

    /// What a person is told.
    #[must_use]
    pub const fn words(self) -> Sentence {
        let (en, cy) = match self {
            Self::Alarm => (
                "Something is wrong that a person has to look at. Tell an admin; what is recorded here is kept.",
                "Mae rhywbeth o'i le y mae'n rhaid i rywun edrych arno. Dywedwch wrth weinyddwr; cedwir yr hyn a gofnodwyd yma.",
            ),
            Self::Stopped => (
                "This device has stopped syncing. Tell an admin; what is recorded here is kept.",
                "Mae'r ddyfais hon wedi peidio â chysoni. Dywedwch wrth weinyddwr; cedwir yr hyn a gofnodwyd yma.",
            ),
            Self::FirstSync => (
                "Not everything has come to this device yet. Stay in signal until it has.",
                "Nid yw popeth wedi cyrraedd y ddyfais hon eto. Arhoswch lle mae signal nes iddo gyrraedd.",
            ),
            Self::Refused => (
                "The server did not take some of your work. It is kept here: tell an admin.",
                "Ni chymerodd y gweinydd rywfaint o'ch gwaith. Mae wedi'i gadw yma: dywedwch wrth weinyddwr.",
            ),
            Self::Offline => (
                "No signal. Everything works, and your work is sent when there is signal.",
                "Dim signal. Mae popeth yn gweithio, ac anfonir eich gwaith pan fydd signal.",
            ),
            Self::TryingAgain => (
                "The last attempt to sync failed; it is tried again. Everything works, and your work is kept.",
                "Methodd yr ymgais ddiwethaf i gysoni; rhoddir cynnig arall arni. Mae popeth yn gweithio, a chedwir eich gwaith.",
            ),
            Self::Syncing => ("Syncing now.", "Wrthi'n cysoni."),
            Self::ToSend => ("Saved here, and not sent yet.", "Wedi'i gadw yma, a heb ei anfon eto."),
            Self::CaughtUp => {
                ("Everything is sent, and everything is here.", "Mae popeth wedi'i anfon, a phopeth yma.")
            }
        };
        Sentence { en, cy }
    }
}

/// What matters most now.
#[must_use]
pub fn headline(standing: &Standing, sync: &SyncStatus) -> Headline {
    let to_send = standing.unsealed_changes + standing.outbox.to_send + standing.photograph_parts_to_send;
    match sync.activity {
        _ if standing.alarm.is_some() => Headline::Alarm,
        Activity::Stopped { .. } => Headline::Stopped,
        _ if standing.outbox.refused > 0 => Headline::Refused,
        Activity::Waiting { fault: Fault::Offline, .. } => Headline::Offline,
        Activity::Waiting { .. } => Headline::TryingAgain,
        Activity::Opening | Activity::Exchanging => Headline::Syncing,
        Activity::Resting if !standing.first_sync_complete => Headline::FirstSync,
        Activity::Resting if to_send > 0 => Headline::ToSend,
        Activity::Resting => Headline::CaughtUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_headline_has_a_sentence_of_its_own_in_both_languages() {
        for headline in Headline::ALL {
            let Sentence { en, cy } = headline.words();
            assert!(en.ends_with('.') && cy.ends_with('.') && en != cy, "{headline:?}");
            let same = Headline::ALL.iter().filter(|other| other.words().en == en || other.words().cy == cy);
            assert_eq!(same.count(), 1, "{headline:?}");
        }
    }
}

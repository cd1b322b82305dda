//! The invitation: what a new device needs to know before it believes anything a server says, and for how long.

use doorstep_crypto::invite::{InviteKey, InviteMac, derive_invite_key};
use doorstep_crypto::passphrase::PassphraseCost;
use doorstep_crypto::words::OneTimePhrase;
use doorstep_protocol::{Digest32, InviteId, LogHash, LogSize, Millis, PartnershipId, SignPublic, cbor};
use rand_core::CryptoRng;

use super::EnrolError;
use super::text::{self, Text};
use crate::device::{Device, DeviceError};
use crate::partnership::AdminError;
use crate::store::invitations::{self, Issued, KeptInviteKey, Removal};
use crate::store::{StoreError, meta};

const MINUTE_MS: u64 = 60 * 1_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The shortest time an invitation holds.
pub const VALID_MS_MIN: u64 = MINUTE_MS;
/// How long an invitation handed over in person holds unless said otherwise.
pub const IN_PERSON_MS_DEFAULT: u64 = 15 * MINUTE_MS;
/// The longest.
pub const IN_PERSON_MS_MAX: u64 = DAY_MS;
/// How long an invitation from afar holds unless said otherwise.
pub const REMOTE_MS_DEFAULT: u64 = 7 * DAY_MS;
/// The longest.
pub const REMOTE_MS_MAX: u64 = 30 * DAY_MS;
/// By how much the clocks of a desk and a new device may differ before the device refuses. The desk decides by its own.
pub const CLOCK_TOLERANCE_MS: u64 = 10 * MINUTE_MS;
/// Invitations of one desk that wait at the same time.
pub const WAITING_MAX: u64 = 64;
/// Requests that may not know the words before the invitation is void.
pub const WRONG_WORDS_MAX: u32 = 5;
/// The longest address of a server.
const URL_CHARS_MAX: usize = 500;
/// What one try of six words costs: both ends use the same.
const WORDS_COST: PassphraseCost = PassphraseCost::DESK;

const _: () = assert!(VALID_MS_MIN < IN_PERSON_MS_DEFAULT && IN_PERSON_MS_DEFAULT < IN_PERSON_MS_MAX);
const _: () = assert!(IN_PERSON_MS_MAX < REMOTE_MS_DEFAULT && REMOTE_MS_DEFAULT < REMOTE_MS_MAX);
const _: () = assert!(WAITING_MAX < invitations::KEPT_MAX);

/// `15 minutes`, `7 days`.
pub(super) fn in_words(span_ms: u64) -> String {
    let (count, unit) = match span_ms {
        0..HOUR_MS => (span_ms / MINUTE_MS, "minute"),
        HOUR_MS..=DAY_MS => (span_ms / HOUR_MS, "hour"),
        _ => (span_ms / DAY_MS, "day"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// Whom a device is for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode, serde::Serialize, serde::Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Engagement {
    /// A member of staff.
    #[n(1)]
    Staff,
    /// A volunteer: until an end date, and never with sealed detail.
    #[n(2)]
    Volunteer,
}

/// How the two texts go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// From screen to screen, both people there.
    InPerson,
    /// By any post, with six words read out over the telephone.
    Remote,
}

impl Way {
    const fn of(key: Option<&KeptInviteKey>) -> Self {
        if key.is_some() { Self::Remote } else { Self::InPerson }
    }
}

/// What invitation is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitePlan {
    /// How it goes.
    pub way: Way,
    /// Whom it is for.
    pub engagement: Engagement,
    /// How long it holds, in milliseconds; by default as long as is usual for the way.
    pub valid_ms: Option<u64>,
}

impl InvitePlan {
    /// For a member of staff who is there.
    pub const IN_PERSON: Self = Self { way: Way::InPerson, engagement: Engagement::Staff, valid_ms: None };
    /// For a member of staff who is not.
    pub const REMOTE: Self = Self { way: Way::Remote, engagement: Engagement::Staff, valid_ms: None };

    fn expires(&self, now: Millis) -> Result<Millis, EnrolError> {
        let (default, most_ms) = match self.way {
            Way::InPerson => (IN_PERSON_MS_DEFAULT, IN_PERSON_MS_MAX),
            Way::Remote => (REMOTE_MS_DEFAULT, REMOTE_MS_MAX),
        };
        let valid = self.valid_ms.unwrap_or(default);
        if !(VALID_MS_MIN..=most_ms).contains(&valid) {
            return Err(EnrolError::Lifetime { least_ms: VALID_MS_MIN, most_ms });
        }
        Ok(Millis(now.0.saturating_add(valid)))
    }
}

/// What a new device needs to know before it believes anything a server says.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Invitation {
    /// The partnership: a digest of its genesis.
    #[n(0)]
    pub partnership: PartnershipId,
    /// Where the server is.
    #[n(1)]
    pub server_url: String,
    /// The key that the genesis names for it.
    #[n(2)]
    pub server_key: SignPublic,
    /// How long the authority log is at the desk.
    #[n(3)]
    pub log_size: LogSize,
    /// Its head there: a server that shows another log is noticed.
    #[n(4)]
    pub log_head: LogHash,
    /// Which invitation this is: one device uses it.
    #[n(5)]
    pub id: InviteId,
    /// Until when it can be used, by the desk's clock.
    #[n(6)]
    pub expires: Millis,
    /// Whom it is for.
    #[n(7)]
    pub engagement: Engagement,
    /// The MAC under the key of the six words over this record with null here; null when it is handed over in person.
    #[n(8)]
    pub mac: Option<Digest32>,
}

/// An invitation just made.
pub struct Invited {
    /// What is handed over.
    pub invitation: Invitation,
    /// What is read out over the telephone, and kept nowhere; none when the invitation is handed over in person.
    pub words: Option<OneTimePhrase>,
}

/// An invitation that a device may take: in time, and with the right words where it has any. Made by
/// [`Invitation::check`] only.
#[derive(Debug)]
pub struct CheckedInvitation {
    pub(super) invitation: Invitation,
    pub(super) key: Option<InviteKey>,
}

impl CheckedInvitation {
    /// What it says.
    #[must_use]
    pub const fn invitation(&self) -> &Invitation {
        &self.invitation
    }
}

impl Invitation {
    /// As it is shown.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::write(Text::Invitation, self)
    }

    /// As it was copied.
    ///
    /// # Errors
    /// [`EnrolError::NotReadable`], [`EnrolError::Other`], [`EnrolError::Damaged`].
    pub fn from_text(text: &str) -> Result<Self, EnrolError> {
        text::read(Text::Invitation, text)
    }

    /// How it goes.
    #[must_use]
    pub const fn way(&self) -> Way {
        if self.mac.is_some() { Way::Remote } else { Way::InPerson }
    }

    fn without_mac(&self) -> Vec<u8> {
        cbor::encode(&Self { mac: None, ..self.clone() })
    }

    /// Checks, on the new device, that it may be taken: `now` by the device's clock, `words` as they were heard.
    ///
    /// # Errors
    /// [`EnrolError`]: expired, without its words, with other words.
    pub fn check(self, words: Option<&str>, now: Millis) -> Result<CheckedInvitation, EnrolError> {
        if self.server_url.chars().count() > URL_CHARS_MAX {
            return Err(EnrolError::NotReadable { expected: Text::Invitation });
        }
        if now.0 > self.expires.0.saturating_add(CLOCK_TOLERANCE_MS) {
            return Err(EnrolError::Expired { expired: self.expires });
        }
        if self.expires.0 > now.0.saturating_add(REMOTE_MS_MAX + CLOCK_TOLERANCE_MS) {
            return Err(EnrolError::ClockBehind);
        }
        let key = match (&self.mac, words) {
            (None, None) => None,
            (None, Some(_)) => return Err(EnrolError::WordsNotNeeded),
            (Some(_), None) => return Err(EnrolError::WordsMissing),
            (Some(mac), Some(words)) => {
                let key = key_of(&OneTimePhrase::parse(words)?, self.id)?;
                key.verify_invitation(&self.without_mac(), &InviteMac(mac.0)).map_err(|_| EnrolError::OtherWords)?;
                Some(key)
            }
        };
        Ok(CheckedInvitation { invitation: self, key })
    }
}

fn key_of(words: &OneTimePhrase, id: InviteId) -> Result<InviteKey, EnrolError> {
    derive_invite_key(words, id, WORDS_COST).map_err(|_| EnrolError::Memory)
}

/// Makes an invitation and remembers it at this desk, so that one device uses it, in time.
///
/// # Errors
/// [`AdminError::Enrol`] for a time that is too long, or when too many wait; [`AdminError::Device`] when the desk is not
/// enrolled itself.
pub fn invite(
    desk: &mut Device,
    plan: &InvitePlan,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<Invited, AdminError> {
    let expires = plan.expires(now)?;
    let reader = desk.store().reader();
    if invitations::count_open(reader, now).map_err(DeviceError::from)? >= WAITING_MAX {
        return Err(EnrolError::TooMany { limit: WAITING_MAX }.into());
    }
    let server_url = meta::server_url(reader).map_err(DeviceError::from)?.ok_or(DeviceError::NotEnrolled)?;
    let authority = desk.authority()?;
    let mut id = InviteId::ZERO;
    rng.fill_bytes(&mut id.0);
    let mut invitation = Invitation {
        partnership: authority.partnership(),
        server_url,
        server_key: *authority.server_key(),
        log_size: authority.size(),
        log_head: authority.head(),
        id,
        expires,
        engagement: plan.engagement,
        mac: None,
    };
    let (words, key) = match plan.way {
        Way::InPerson => (None, None),
        Way::Remote => {
            let words = OneTimePhrase::make(rng);
            let key = key_of(&words, id)?;
            invitation.mac = Some(Digest32(key.mac_invitation(&invitation.without_mac()).0));
            (Some(words), Some(key))
        }
    };
    let issued = Issued {
        id,
        made: now,
        expires,
        engagement: code_of(plan.engagement),
        key: key.map(|key| KeptInviteKey((*key.expose_bytes()).into())),
        wrong_words: 0,
        used_by: None,
    };
    desk.store.write(|transaction| invitations::add(transaction, &issued)).map_err(DeviceError::from)?;
    Ok(Invited { invitation, words })
}

const fn code_of(engagement: Engagement) -> u8 {
    match engagement {
        Engagement::Staff => 1,
        Engagement::Volunteer => 2,
    }
}

pub(super) const fn engagement_of(code: u8) -> Engagement {
    // A code of a later version is held to the least that any engagement allows.
    if code == code_of(Engagement::Staff) { Engagement::Staff } else { Engagement::Volunteer }
}

/// How an invitation of this desk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InviteState {
    /// It can be used.
    Waits,
    /// A device has used it.
    Used,
    /// Its time is over.
    Expired,
    /// Too many requests in its name did not know the words.
    Void,
}

/// An invitation of this desk, in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct InviteRow {
    /// Its id.
    pub id: InviteId,
    /// How it goes.
    pub way: Way,
    /// Whom it is for.
    pub engagement: Engagement,
    /// When it was made.
    pub made: Millis,
    /// Until when it can be used.
    pub expires: Millis,
    /// How it stands.
    pub state: InviteState,
}

pub(super) const fn state_of(issued: &Issued, now: Millis) -> InviteState {
    if issued.used_by.is_some() {
        InviteState::Used
    } else if issued.wrong_words >= WRONG_WORDS_MAX {
        InviteState::Void
    } else if issued.expires.0 < now.0 {
        InviteState::Expired
    } else {
        InviteState::Waits
    }
}

/// The invitations this desk remembers, the newest first.
///
/// # Errors
/// [`AdminError::Device`].
pub fn issued(desk: &Device, now: Millis) -> Result<Vec<InviteRow>, AdminError> {
    let rows = invitations::all(desk.store().reader()).map_err(DeviceError::from)?;
    let row = |issued: &Issued| InviteRow {
        id: issued.id,
        way: Way::of(issued.key.as_ref()),
        engagement: engagement_of(issued.engagement),
        made: issued.made,
        expires: issued.expires,
        state: state_of(issued, now),
    };
    Ok(rows.iter().map(row).collect())
}

/// Cancels an invitation: nobody can use it any more. A device that has used it stays.
///
/// # Errors
/// [`EnrolError::Unknown`].
pub fn cancel(desk: &mut Device, id: InviteId) -> Result<(), AdminError> {
    let removal = desk
        .store
        .write(|transaction| invitations::remove(transaction, id))
        .map_err(|error: StoreError| DeviceError::from(error))?;
    match removal {
        Removal::Removed => Ok(()),
        Removal::NotThere => Err(EnrolError::Unknown.into()),
    }
}

//! Making a partnership and bringing devices into it: what an admin writes to the authority log.
//!
//! [`found`] writes the first log and the recovery kit; [`invite`], [`begin`] and [`accept`] bring in a device by two
//! texts, from screen to screen or by any post with six words: the desk shows an invitation, the device answers with a
//! request that holds its public keys.

mod enrol;
mod erase;
mod escrow;
mod found;
mod kit;
mod membership;
mod remove;
mod restore;
mod roots;
mod rotate;
mod seat;
mod sheets;
mod writer;

pub use enrol::{
    AcceptPlan, AcceptedBefore, CLOCK_TOLERANCE_MS, CheckedInvitation, Engagement, EnrolError, EnrolmentRequest,
    IN_PERSON_MS_DEFAULT, IN_PERSON_MS_MAX, Invitation, InvitePlan, InviteRow, InviteState, Invited, JoinPlan,
    REMOTE_MS_DEFAULT, REMOTE_MS_MAX, TEXT_CHARS_MAX, Text, VALID_MS_MIN, WAITING_MAX, WRONG_WORDS_MAX, Way, accept,
    accepted_before, begin, cancel, invite, issued, settle, take_written,
};
pub use erase::{ErasePlan, may_erase, propose as propose_erasure, propose_to_finish, sign as sign_erasure};
pub use escrow::{Sample, ZoneDrill, drill, owned_zones, recover, regain};
pub use found::{Founding, FoundingPlan, Names, OrganisationPlan, found, granted_classes};
pub use kit::{KitSheet, RecoveryKit};
pub use membership::{GrantPlan, change_teams, create_team, create_zone, end_grant, give_grant, remedy};
pub use remove::{Rotated, TailAlarm, adopt, adoptions, freeze, is_behind, revoke, take_up, unfreeze};
pub use restore::{read_restore_point, sign_restore};
pub use roots::{RootKeys, open_escrow, renew_kit, set_admin, set_policy, set_server};
pub use seat::{SeatRequest, end_seats, seat, seat_again};
pub use sheets::{Escrows, Sheets};
pub use writer::{AdminError, Written};

/// Codes of the purposes a grant can name.
pub mod purpose {
    /// Prevention in the home: Safe and Well visits, falls, adaptations.
    pub const PREVENTION: u16 = 1;
    /// Housing condition and repair.
    pub const HOUSING_CONDITION: u16 = 2;
    /// Response to an incident at the address.
    pub const EMERGENCY: u16 = 3;
    /// Looking at who read what.
    pub const AUDIT: u16 = 4;
}

/// Codes of the legal powers and lawful bases a grant can name.
pub mod law {
    /// Care Act 2014, section 1 and following: well-being and prevention.
    pub const CARE_ACT: u16 = 1;
    /// Fire and Rescue Services Act 2004, section 6: fire safety.
    pub const FIRE_SERVICES_ACT: u16 = 2;
    /// Housing Act 2004, part 1: housing conditions.
    pub const HOUSING_ACT: u16 = 3;
    /// UK GDPR article 6(1)(e): public task.
    pub const PUBLIC_TASK: u16 = 1;
}

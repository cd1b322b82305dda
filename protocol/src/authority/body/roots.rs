//! What the root keys say: the genesis, themselves, admins, the server's and escrow keys, policy.

use crate::ids::{DeviceId, Digest32, KemPublic, OrganisationId, SignPublic, ZoneId};

use super::Standing;

codes! {
    /// What kind of organisation a controller is.
    OrganisationKind {
        /// A council.
        Council = 1,
        /// A fire and rescue service.
        Fire = 2,
        /// A landlord.
        Landlord = 3,
        /// An NHS trust or other health body.
        Health = 4,
        /// Another body.
        Other = 5,
    }
    /// What becomes of work that a revoked device had not sent.
    LateWork {
        /// It is taken into the inbox, for a person to decide.
        Held = 1,
        /// It is not taken.
        Refused = 2,
    }
    /// Why an escrow key is put together.
    EscrowPurpose {
        /// A trial that it can be: nothing is kept of what it opens.
        Drill = 1,
        /// To get back what no device can open any more.
        Recovery = 2,
        /// Because a court or a regulator asks for it.
        LegalOrder = 3,
    }
}

records! {
    /// An organisation in the genesis.
    Organisation {
        /// Its id.
        0 id: OrganisationId,
        /// Its kind.
        1 kind: OrganisationKind,
        /// The public key that every zone key of the organisation is also sealed to.
        2 escrow: KemPublic,
    }
    /// The first entry: everything else grows from it.
    Genesis {
        /// Root keys, ascending.
        0 roots: Vec<SignPublic>,
        /// How many root keys must sign together.
        1 threshold: u8,
        /// The organisations, ascending by id.
        2 organisations: Vec<Organisation>,
        /// The key that signs checkpoints and answers.
        3 server_key: SignPublic,
        /// Random, so that no two partnerships share an id.
        4 nonce: Digest32,
    }
    /// Makes a device an admin of an organisation, or ends it. Signed by the root keys.
    AdminSet {
        /// The organisation.
        0 organisation: OrganisationId,
        /// The admin's device.
        1 device: DeviceId,
        /// Given or ended.
        2 standing: Standing,
    }
    /// Replaces the root keys. Signed by the threshold of the old ones and the threshold of the new ones.
    RootRotate {
        /// The new root keys, ascending.
        0 roots: Vec<SignPublic>,
        /// How many of them must sign together.
        1 threshold: u8,
    }
    /// Rules of the partnership that people set. Signed by the root keys.
    Policy {
        /// What becomes of work that a revoked device had not sent.
        0 late_work: LateWork,
        /// For how many hours without contact the worker-locked keys of a device open.
        1 lease_hours: u16,
        /// For how many minutes one breaking of the glass shows sealed detail.
        2 glass_minutes: u16,
        /// After how many days without an audit record a device is an alarm.
        3 silent_days: u16,
    }
    /// Names another key that signs checkpoints and answers. Signed by the root keys.
    ServerKey {
        /// The key.
        0 key: SignPublic,
    }
    /// Names another escrow key of an organisation. Signed by the root keys.
    EscrowKey {
        /// The organisation.
        0 organisation: OrganisationId,
        /// Zone keys are sealed to it from now on.
        1 key: KemPublic,
    }
    /// Says that the escrow key of an organisation is put together, before it is.
    EscrowOpen {
        /// The organisation.
        0 organisation: OrganisationId,
        /// Why.
        1 purpose: EscrowPurpose,
        /// The zones that are opened, ascending.
        2 zones: Vec<ZoneId>,
    }
}

impl Policy {
    /// What holds until the root keys say otherwise: a day's lease, half an hour behind the glass, a week of silence.
    pub const DEFAULT: Self = Self { late_work: LateWork::Held, lease_hours: 24, glass_minutes: 30, silent_days: 7 };
}

//! What the operator decides about the data of a relay.

use std::collections::BTreeSet;

use doorstep_protocol::PartnershipId;

/// Which partnerships a server takes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum PartnershipPolicy {
    /// The first that is brought to an empty store.
    #[default]
    First,
    /// Every one.
    Any,
    /// These.
    Listed(BTreeSet<PartnershipId>),
}

/// What the operator decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayPolicy {
    /// Which partnerships are taken.
    pub partnerships: PartnershipPolicy,
    /// How many bytes of envelopes one partnership may hold.
    pub quota_bytes: u64,
    /// How many bytes of parts of files one partnership may hold: apart, so that photographs never refuse a record.
    pub parts_quota_bytes: u64,
}

impl Default for RelayPolicy {
    fn default() -> Self {
        Self {
            partnerships: PartnershipPolicy::First,
            quota_bytes: i64::MAX as u64,
            parts_quota_bytes: i64::MAX as u64,
        }
    }
}

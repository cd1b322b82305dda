//! What is known of a hazard, as far as deadlines need it: a set that grows, so that what arrives later in any order gives
//! the same.

use std::collections::BTreeSet;

use doorstep_protocol::Millis;

use super::Doubt;
use super::steps::{Step, StepKind};
use crate::records::hazard_codes::Scheme;
use crate::records::home::{Hazard, HazardState, Severity, Tenure};
use crate::records::words::RowId;

/// What happened, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Dated {
    /// What.
    pub kind: StepKind,
    /// When.
    pub at: Millis,
}

/// Who lets the home, as far as the law asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holding {
    /// A social landlord.
    Social,
    /// Nobody, or another landlord.
    Other,
    /// It is not recorded: deadlines are shown.
    #[default]
    NotKnown,
}

impl Holding {
    /// What a tenure says of it.
    #[must_use]
    pub fn of(tenure: Option<&Tenure>) -> Self {
        match tenure {
            Some(Tenure::Council | Tenure::HousingAssociation | Tenure::Sheltered) => Self::Social,
            Some(Tenure::OwnerOccupied | Tenure::PrivateRent | Tenure::Leasehold) => Self::Other,
            Some(Tenure::Temporary | Tenure::Other(_)) | None => Self::NotKnown,
        }
    }
}

/// What is known of one hazard.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct HazardFacts {
    /// The list its code is from.
    pub scheme: Option<Scheme>,
    /// Its code.
    pub code: Option<String>,
    /// How severe it looked: where visits disagree, the most severe.
    pub severity: Option<Severity>,
    /// How far it is dealt with.
    pub state: Option<HazardState>,
    /// Who lets the home.
    pub holding: Holding,
    /// What happened, and when.
    pub dated: BTreeSet<Dated>,
}

impl HazardFacts {
    /// The facts of a hazard row and its steps; steps of other hazards are passed over. The row is to be read cautiously
    /// ([`crate::records::Reading::Cautious`]).
    #[must_use]
    pub fn of(row: RowId, hazard: &Hazard, steps: &[(RowId, &Step)], tenure: Option<&Tenure>) -> Self {
        let corrected: BTreeSet<RowId> = steps.iter().filter_map(|(_, step)| step.corrects).collect();
        let of_row = [
            (StepKind::LandlordAware, hazard.aware_at),
            (StepKind::Investigated, hazard.investigated_at),
            (StepKind::SafetyWorkIdentified, hazard.safety_work_identified_at),
        ];
        let of_row = of_row.into_iter().filter_map(|(kind, at)| Some(Dated { kind, at: at? }));
        let of_steps = steps.iter().filter(|(_, step)| step.hazard == Some(row)).filter_map(|(id, step)| {
            let kind = step.kind.clone()?;
            // When the landlord became aware never moves later, not even by a correction.
            let stands = kind == StepKind::LandlordAware || !corrected.contains(id);
            stands.then_some(Dated { kind, at: step.at? })
        });
        Self {
            scheme: hazard.scheme.clone(),
            code: hazard.code.clone(),
            severity: hazard.severity.clone(),
            state: hazard.state.clone(),
            holding: Holding::of(tenure),
            dated: of_row.chain(of_steps).collect(),
        }
    }

    /// When something first happened.
    #[must_use]
    pub fn first(&self, kind: &StepKind) -> Option<Millis> {
        self.dated.iter().filter(|dated| dated.kind == *kind).map(|dated| dated.at).min()
    }

    /// Every time it happened, in order.
    #[must_use]
    pub fn all(&self, kind: &StepKind) -> Vec<Millis> {
        self.dated.iter().filter(|dated| dated.kind == *kind).map(|dated| dated.at).collect()
    }

    /// Whether it happened.
    #[must_use]
    pub fn has(&self, kind: &StepKind) -> bool {
        self.first(kind).is_some()
    }

    /// Whether a clock may be open, whatever law and calendar say: what has to be looked at when clocks are listed.
    #[must_use]
    pub fn may_run(&self) -> bool {
        let is_assessed = matches!(self.scheme, Some(Scheme::Hhsrs2026 | Scheme::Hhsrs2005 | Scheme::Other(_)));
        let is_over = self.state == Some(HazardState::Resolved) && self.has(&StepKind::MadeSafe);
        is_assessed && !is_over && self.holding != Holding::Other && self.severity != Some(Severity::Low)
    }

    pub(super) fn doubts(&self) -> Vec<Doubt> {
        let found = [
            (self.holding == Holding::NotKnown).then_some(Doubt::TenureNotKnown),
            self.severity.is_none().then_some(Doubt::SeverityNotKnown),
            (self.state == Some(HazardState::Disputed)).then_some(Doubt::Disputed),
        ];
        found.into_iter().flatten().collect()
    }
}

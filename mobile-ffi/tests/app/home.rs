//! What visitors record in these tests.

use doorstep_mobile_ffi::{
    AtProperty, Findings, Hazard, HazardScheme, NewPerson, NewVisit, Severity, Uprn, VisitKind, VisitWords,
};

pub(crate) const UPRN: &str = "999900000104";

pub(crate) fn uprn() -> Uprn {
    Uprn { digits: UPRN.into() }
}

pub(crate) fn damp(severity: Severity) -> Hazard {
    Hazard {
        scheme: HazardScheme::Hhsrs2026,
        code: "11".into(),
        room: Some("Bedroom".into()),
        scope: None,
        severity: Some(severity),
        note: None,
        state: None,
        aware: None,
        observed: None,
        review_due: None,
        source: None,
        confidence: None,
    }
}

pub(crate) fn visit(kind: VisitKind, hazard: Hazard) -> NewVisit {
    let found = Findings { hazards: vec![hazard], ..Findings::default() };
    NewVisit {
        at: AtProperty::WithUprn { uprn: uprn() },
        kind,
        started: None,
        words: VisitWords::default(),
        found,
        answers: Vec::new(),
    }
}

/// A person of whom no more than a name is known.
pub(crate) fn named(name: &str) -> NewPerson {
    NewPerson {
        preferred_name: name.into(),
        forename: None,
        surname: None,
        born: None,
        contacts: vec![],
        needs: vec![],
        abilities: vec![],
        lives_at: None,
    }
}

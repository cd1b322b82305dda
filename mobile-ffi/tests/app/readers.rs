//! Who may read a home and who lives there.

use doorstep_mobile_ffi::{DoorstepError, ReadPurpose, RecordId, RecordPart, Severity, VisitKind};

use crate::desk::{COUNCIL, FIRE, Town};
use crate::home::{damp, named, visit};

#[tokio::test]
async fn who_may_read_a_home_is_said_by_team_and_part() {
    let town = Town::new().await;
    town.sync().await;
    let tablet = town.tablet("tablet", 1).await;
    let mut met = visit(VisitKind::SafeAndWell, damp(Severity::Low));
    met.found.people = vec![named("Ada")];
    let recorded = tablet.visits().record(met).unwrap();
    let readers = tablet.properties().readers(recorded.record.clone()).unwrap();
    let of = |organisation: &str, part| {
        let mut lines = readers.iter().filter(|line| line.organisation == organisation);
        lines.any(|line| line.parts.contains(&part) && line.until.is_none() && !line.team.is_empty())
    };
    assert!(of(COUNCIL, RecordPart::Home) && of(FIRE, RecordPart::Index), "names come with the directory");
    assert!(readers.iter().any(|line| line.purposes.contains(&ReadPurpose::Prevention)));
    assert!(readers.iter().all(|line| !line.parts.contains(&RecordPart::Identity)));
    let of_ada = tablet.people().readers(recorded.people[0].clone()).unwrap();
    assert!(of_ada.iter().any(|line| line.parts.contains(&RecordPart::Identity)));
    assert!(of_ada.iter().all(|line| !line.parts.contains(&RecordPart::Home)));
    let nobody = tablet.people().readers(RecordId { hex: "7".repeat(32) }).unwrap_err();
    assert!(matches!(nobody, DoorstepError::NotHere { .. }), "{nobody:?}");
}

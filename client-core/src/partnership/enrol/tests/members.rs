//! Who may become what: volunteers, end dates, teams behind a PIN, keys that do not open.

use doorstep_crypto::keys::{KemSecret, TeamKey};
use doorstep_protocol::authority::{Body, LogError, Standing, TeamMember, TeamSet, TeamTier};
use doorstep_protocol::{Bytes, Class, DocumentId, Epoch};

use super::*;
use crate::device::WriteError;
use crate::partnership::writer::{LogWriter, Signer};
use crate::records::hazard_codes::Scheme;
use crate::records::home::{Hazard, Severity};

const VOLUNTEER: InvitePlan = InvitePlan { engagement: Engagement::Volunteer, ..InvitePlan::IN_PERSON };

impl Town {
    fn refused(&mut self, request: &EnrolmentRequest, plan: &AcceptPlan) -> Option<EnrolError> {
        match self.accept_at(request, plan, NOW) {
            Err(AdminError::Enrol(refused)) => Some(refused),
            Err(other) => panic!("{other}"),
            Ok(_) => None,
        }
    }

    /// A team whose keys open with a worker's PIN. It has no key yet.
    fn restricted_team(&mut self) -> TeamId {
        let team = TeamId([0x77; 16]);
        let organisation = self.plan().organisation;
        let admin = Signer::Device(self.desk.id(), &self.desk.secrets.sign);
        let mut log = LogWriter::after(self.desk.authority().expect("a member"), NOW);
        log.push(&admin, Body::TeamSet(TeamSet { team, organisation, tier: TeamTier::Restricted })).expect("an admin");
        let written = log.finish();
        take_written(&mut self.desk, &written).expect("its own entries");
        team
    }
}

#[test]
fn a_volunteer_has_an_end_date_and_no_restricted_team() {
    let mut town = Town::new();
    let ops = town.plan();
    let restricted = town.restricted_team();
    let (mut device, request) = town.request(&VOLUNTEER);
    let plan = AcceptPlan { engagement: Engagement::Volunteer, not_after: Some(after(60)), ..ops };
    assert_eq!(town.refused(&request, &AcceptPlan { not_after: None, ..plan.clone() }), Some(EnrolError::NoEndDate));
    let over = AcceptPlan { not_after: Some(Millis(NOW.0 - 1)), ..plan.clone() };
    assert_eq!(town.refused(&request, &over), Some(EnrolError::EndDatePast));
    let teams = [plan.teams.clone(), vec![restricted]].concat();
    let with_restricted = AcceptPlan { teams, ..plan.clone() };
    assert_eq!(town.refused(&request, &with_restricted), Some(EnrolError::RestrictedTeam { team: restricted }));
    let as_staff = AcceptPlan { engagement: Engagement::Staff, ..plan.clone() };
    assert_eq!(town.refused(&request, &as_staff), Some(EnrolError::ForVolunteer));
    let written = town.accept_at(&request, &plan, NOW).expect("a volunteer");
    take_written(&mut town.desk, &written).expect("its own entries");
    town.sync(&mut device);
    assert_eq!(device.not_after(), Some(after(60)));
    // Nor does the log let it in later, whoever asks.
    let admin = Signer::Device(town.desk.id(), &town.desk.secrets.sign);
    let mut log = LogWriter::after(town.desk.authority().expect("a member"), NOW);
    let member =
        TeamMember { team: restricted, device: device.id(), standing: Standing::Granted, wrap: None, cuts: Vec::new() };
    let refused = log.push(&admin, Body::TeamMember(member));
    assert!(matches!(refused, Err(AdminError::Log(LogError::Refused { .. }))), "{refused:?}");
}

#[test]
fn a_volunteers_device_never_shows_a_key_for_what_a_pin_opens() {
    let mut town = Town::new();
    let restricted = KemSecret::make(&mut town.rng).public();
    let join = JoinPlan { kem_restricted: Some(restricted), ..JOIN };
    let ask = |town: &mut Town, plan: &InvitePlan| {
        let invitation = town.invite(plan).invitation.check(None, NOW).expect("a new one");
        let mut device = town.device();
        begin(&mut device, &invitation, &join).expect("a new device")
    };
    assert_eq!(ask(&mut town, &VOLUNTEER).kem_restricted, None);
    let staff = ask(&mut town, &InvitePlan::IN_PERSON);
    assert_eq!(staff.kem_restricted, Some(restricted));
    // Invited as staff, it could be let into sealed detail later.
    let plan = AcceptPlan { engagement: Engagement::Volunteer, not_after: Some(after(60)), ..town.plan() };
    assert_eq!(town.refused(&staff, &plan), Some(EnrolError::RestrictedKey));
}

#[test]
fn when_its_time_is_over_a_device_writes_no_sealed_detail_and_keeps_the_rest() {
    let mut town = Town::new();
    let (mut device, request) = town.request(&VOLUNTEER);
    let plan = AcceptPlan { engagement: Engagement::Volunteer, not_after: Some(after(60)), ..town.plan() };
    let written = town.accept_at(&request, &plan, NOW).expect("a volunteer");
    take_written(&mut town.desk, &written).expect("its own entries");
    town.sync(&mut device);
    let write = |device: &mut Device, rng: &mut ChaCha20Rng, class: Class, now: Millis| {
        device.write(now, rng, |draft| {
            let (id, row) = (DocumentId(draft.row_id().0), draft.row_id());
            draft.edit_document(id, class, None, |edit| match class {
                Class::Home => {
                    let (scheme, severity) = (Some(Scheme::Hhsrs2026), Some(Severity::High));
                    edit.create(row, &Hazard { scheme, code: Some("1".into()), severity, ..Hazard::default() })
                }
                _ => Ok(()),
            })
        })
    };
    let over = Millis(after(60).0 + 1);
    assert_eq!((device.term_over(after(60)), device.term_over(over)), (None, Some(after(60))));
    for class in [Class::Sealed, Class::HealthId, Class::Protected] {
        let refused = write(&mut device, &mut town.rng, class, over);
        let Err(WriteError::Device(DeviceError::TermOver { ended, .. })) = refused else {
            panic!("{class}: {refused:?}");
        };
        assert_eq!(ended, after(60));
        // Until then it is written where it is sealed at once, and in no draft.
        let in_time = write(&mut device, &mut town.rng, class, after(60));
        assert!(matches!(in_time, Err(WriteError::Device(DeviceError::StaysSealed { .. }))), "{class}: {in_time:?}");
    }
    // What was begun at a door is finished, and a crew sees what it needs.
    for class in [Class::Home, Class::Fire, Class::Index, Class::Function] {
        write(&mut device, &mut town.rng, class, over).expect("it is kept");
    }
    assert!(device.owed().expect("it reads").unsealed_changes > 0, "and nothing of it is lost");
    let standing = device.standing().expect("it reads");
    assert_eq!(standing.not_after, Some(after(60)));
}

#[test]
fn a_key_that_came_and_does_not_open_is_seen_by_the_device() {
    let mut town = Town::new();
    let (mut device, request) = town.request(&InvitePlan::IN_PERSON);
    let mut plan = town.plan();
    let spoilt = plan.teams.pop().expect("two teams");
    let written = town.accept_at(&request, &plan, NOW).expect("a request that holds");
    take_written(&mut town.desk, &written).expect("its own entries");
    town.sync(&mut device);
    assert!(device.unopened_teams().expect("it reads").is_empty());
    // An admin hands this member another key than the team's.
    let admin = Signer::Device(town.desk.id(), &town.desk.secrets.sign);
    let mut log = LogWriter::after(town.desk.authority().expect("a member"), NOW);
    let other = TeamKey::make(&mut town.rng);
    let wrap = log.team_wrap(spoilt, Epoch(1), &other, device.id(), &mut town.rng).expect("a good key");
    let standing = Standing::Granted;
    let wrap = Some(Bytes(wrap));
    let member = TeamMember { team: spoilt, device: device.id(), standing, wrap, cuts: Vec::new() };
    log.push(&admin, Body::TeamMember(member)).expect("the log cannot see inside");
    let written = log.finish();
    take_written(&mut town.desk, &written).expect("its own entries");
    town.sync(&mut device);
    assert_eq!(device.unopened_teams().expect("it reads").into_iter().collect::<Vec<_>>(), [spoilt]);
    assert_eq!(device.standing().expect("it reads").unopened_teams.len(), 1);
}

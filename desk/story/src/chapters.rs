//! The steps of the story, in their order.

mod ending;
mod merged;
mod sealed;

use std::path::{Path, PathBuf};

use doorstep_client_core::client::ClientError;
use doorstep_client_core::device::RecordId;
use doorstep_client_core::partnership::{
    AcceptPlan, AdminError, Engagement, EnrolError, EnrolmentRequest, FoundingPlan, Invitation, InvitePlan,
    OrganisationPlan,
};
use doorstep_client_core::sync::{End, SyncReport};
use doorstep_client_core::transport::Transport;
use doorstep_desk::context::{HeldServer, ServeOptions};
use doorstep_desk::import::{self, Mode};
use doorstep_desk::render::words::grouped;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind};
use doorstep_protocol::{OrganisationId, WorkerId};
use tokio::runtime::Runtime;

use crate::device::{ServerAt, StoryDevice};
use crate::telling::Telling;
use crate::{StoryError, embedded, visits};

pub(crate) const COUNCIL: &str = "Quillbrook Council";
pub(crate) const FIRE: &str = "Quillbrook Fire and Rescue";
pub(crate) const LANDLORD: &str = "Lantern Homes";
/// The flat, on the third floor of the first building.
pub(crate) const FLAT_UPRN: &str = "999900000110";
/// Who lives there.
const TENANT: &str = "Mrs Okoro";

/// Devices of the story, by their place in [`Town::devices`].
pub(crate) const DESK: usize = 0;
const OT: usize = 1;
pub(crate) const CREW: usize = 2;
const SURVEYOR: usize = 3;

/// A tablet to be, with its worker and organisation.
const TABLETS: [(&str, &str, &str, &str); 3] = [
    ("OT tablet", "ot-tablet", "Ada Mensah", COUNCIL),
    ("fire tablet", "fire-tablet", "Jo Lindqvist", FIRE),
    ("surveyor tablet", "surveyor-tablet", "Marek Dunn", LANDLORD),
];
const DESK_WORKER: &str = "Ros Adeyemi";

/// Everything there is.
pub(crate) struct Town {
    pub(crate) data: PathBuf,
    pub(crate) server: HeldServer,
    pub(crate) at: ServerAt,
    pub(crate) devices: Vec<StoryDevice>,
}

/// The flat, as every device names it.
pub(crate) struct Flat {
    pub(crate) record: RecordId,
    pub(crate) tenant: RecordId,
}

impl Town {
    pub(crate) fn found(data: &Path, telling: &mut Telling<'_>, runtime: &Runtime) -> Result<Self, StoryError> {
        telling
            .plain("DOORSTEP · three tablets, no signal, one home: recorded, carried through a blind server, merged")?;
        telling.step(
            "A server, and a partnership of three organisations",
            "one start each; the server is told who, never what",
        )?;
        let folder = data.join("server");
        let server = embedded::start(&ServeOptions::first_partnership(&folder, ([127, 0, 0, 1], 0).into()))
            .map_err(StoryError::Server)?;
        let at = ServerAt { url: format!("http://{}", server.address), key: server.server_key };
        telling.line(&format!("server     {}  data in {}", at.url, folder.display()))?;
        let mut desk = StoryDevice::create("desk", &data.join("desk"))?;
        let plan = FoundingPlan {
            organisations: vec![
                OrganisationPlan { name: COUNCIL.to_owned(), kind: OrganisationKind::Council },
                OrganisationPlan { name: FIRE.to_owned(), kind: OrganisationKind::Fire },
                OrganisationPlan { name: LANDLORD.to_owned(), kind: OrganisationKind::Landlord },
            ],
            area: "Lantern Ward".to_owned(),
            desk: "desk".to_owned(),
            worker: DESK_WORKER.to_owned(),
        };
        let founded = desk.client.partnership().found(&plan, &at.url, &at.key)?;
        runtime.block_on(at.transport()?.append_log(&founded.append)).map_err(|error| StoryError::link(&error))?;
        desk.connect(&at)?;
        caught_up(&runtime.block_on(desk.sync())?)?;
        telling.line(&format!("partners   {COUNCIL}, {FIRE}, {LANDLORD}"))?;
        telling.line(&format!(
            "kit        {} recovery sheets, any {} open everything; this story drops them, `doorstep init` prints them",
            founded.kit.sheets().len(),
            founded.kit.threshold()
        ))?;
        Ok(Self { data: data.to_owned(), server, at, devices: vec![desk] })
    }

    pub(crate) fn import(&mut self, telling: &mut Telling<'_>) -> Result<(), StoryError> {
        telling.step(
            "A street: 40 homes in three buildings and a terrace",
            "a landlord's CSV export becomes sealed records",
        )?;
        let (mapping, input) = import::sample::street()?;
        let report = import::run(&self.devices[DESK].client, &mapping, &input, Mode::Write, &mut |_| {})?;
        let counts = report.counts();
        telling.line(&format!(
            "{} homes and buildings, {} people; rows taken {}, not taken {} (each with its reason)",
            report.properties, report.people, counts.taken, counts.not_taken
        ))?;
        if self.homes()? < import::sample::HOMES as u64 {
            return Err(StoryError::Broken("the street was not imported whole"));
        }
        Ok(())
    }

    pub(crate) fn enrol(&mut self, telling: &mut Telling<'_>, runtime: &Runtime) -> Result<(), StoryError> {
        telling.step(
            "Three tablets join",
            "keys go from device to device in sealed wraps; two texts handed over in person",
        )?;
        for (name, folder, worker, organisation) in TABLETS {
            let mut tablet = StoryDevice::create(name, &self.data.join(folder))?;
            let refused = |error: EnrolError| ClientError::from(AdminError::from(error));
            let invited = self.devices[DESK].client.partnership().invite(&InvitePlan::IN_PERSON)?;
            let invitation = Invitation::from_text(&invited.invitation.to_text()).map_err(refused)?;
            let invitation = invitation.check(None, tablet.client.now()).map_err(refused)?;
            let request = tablet.client.partnership().begin(&invitation, DeviceKind::Personal)?.to_text();
            let request = EnrolmentRequest::from_text(&request).map_err(refused)?;
            self.accept(&request, (name, worker, organisation), runtime)?;
            tablet.connect(&self.at)?;
            self.devices.push(tablet);
        }
        self.devices.iter_mut().try_for_each(|device| caught_up(&runtime.block_on(device.sync())?))?;
        for ((name, _, worker, organisation), tablet) in TABLETS.iter().zip(&self.devices[OT..]) {
            let standing = tablet.client.standing()?;
            telling.line(&format!(
                "{name:<16}{worker}, {organisation}: {} homes, {} people, in {} sealed documents",
                standing.properties,
                standing.people,
                grouped(standing.documents)
            ))?;
        }
        Ok(())
    }

    fn accept(
        &self,
        request: &EnrolmentRequest,
        (name, worker, organisation): (&str, &str, &str),
        runtime: &Runtime,
    ) -> Result<(), StoryError> {
        let desk = &self.devices[DESK].client;
        let organisation: OrganisationId = desk
            .directory()
            .names()?
            .organisations
            .iter()
            .find(|(_, known)| *known == organisation)
            .and_then(|(id, _)| id.parse().ok())
            .ok_or(StoryError::Broken("an organisation is not in the directory"))?;
        let teams = desk.partnership().teams()?;
        let own = teams.iter().filter(|team| {
            let is_own = team.name.ends_with("field team") || team.name.ends_with("crews");
            team.name == "Everyone" || (team.organisation == organisation && is_own)
        });
        let teams = own.map(|team| team.team).collect();
        let mut id = [0u8; 16];
        getrandom::fill(&mut id).map_err(|_| StoryError::Broken("the system gives no randomness"))?;
        let plan =
            AcceptPlan { organisation, teams, worker: WorkerId(id), engagement: Engagement::Staff, not_after: None };
        let (written, append) = desk.partnership().accept(request, &plan)?;
        runtime.block_on(self.at.transport()?.append_log(&append)).map_err(|error| StoryError::link(&error))?;
        desk.partnership().take(&written)?;
        desk.partnership().name((request.device(), name), (WorkerId(id), worker))?;
        Ok(())
    }

    pub(crate) fn cut(&mut self, telling: &mut Telling<'_>, runtime: &Runtime) -> Result<(), StoryError> {
        telling.step("The network is cut", "everything works without it: search answers, sync says why it cannot")?;
        let mut told = String::new();
        for device in &mut self.devices[OT..] {
            device.switch.cut();
            let report = runtime.block_on(device.sync())?;
            if !matches!(report.end, End::Waiting { .. }) {
                return Err(StoryError::Broken("a device without signal claims to be in sync"));
            }
            let why = report.message.unwrap_or_default();
            telling.line(&format!("{:<16}sync: no signal", device.name))?;
            told = why;
        }
        telling.line(&format!("({told})"))?;
        let found = self.devices[CREW].client.properties().find("lantern 10", 5)?;
        telling.line(&format!(
            "{:<16}find 'lantern 10': {} homes, first {}",
            "fire tablet",
            found.len(),
            found.first().map_or("none", |row| &row.address)
        ))?;
        Ok(())
    }

    pub(crate) fn visit(&mut self, telling: &mut Telling<'_>) -> Result<Flat, StoryError> {
        telling.step(
            "Three visits to one flat on the same day, none knows of the others",
            "work is on the tablet's disk at once",
        )?;
        let uprn = FLAT_UPRN;
        let record = self.devices[DESK].client.properties().resolve(uprn)?;
        let tenant = self.devices[DESK].client.people().resolve(TENANT)?;
        let inputs = [
            (OT, visits::therapist(record, tenant, COUNCIL)),
            (CREW, visits::firefighter(record, FIRE)),
            (SURVEYOR, visits::surveyor(record, LANDLORD)),
        ];
        for (who, input) in inputs {
            let device = &self.devices[who];
            if device.client.properties().resolve(uprn)? != record {
                return Err(StoryError::Broken("two devices name one UPRN differently"));
            }
            device.client.visits().record(&input)?;
            let unsent = device.client.standing()?.unsealed_changes;
            telling.line(&format!("{:<16}{}; unsent {unsent}", device.name, summary(who)))?;
        }
        Ok(Flat { record, tenant })
    }

    /// Reconnects in different orders: two of three before the desk, the third after, then round again another way.
    pub(crate) fn reconnect(&mut self, telling: &mut Telling<'_>, runtime: &Runtime) -> Result<(), StoryError> {
        telling.step("Signal comes back, to each at another time", "whatever the order of arrival, nothing is lost")?;
        self.devices.iter().for_each(|device| device.switch.mend());
        for who in [SURVEYOR, DESK, OT, CREW, DESK, OT, SURVEYOR] {
            let device = &mut self.devices[who];
            let report = runtime.block_on(device.sync())?;
            caught_up(&report)?;
            telling.line(&format!(
                "{:<16}sent {:>2} envelopes, received {:>2}; {:>6} bytes up, {:>6} down",
                device.name,
                report.sent,
                report.received,
                grouped(report.up_bytes),
                grouped(report.down_bytes)
            ))?;
        }
        Ok(())
    }

    /// Homes that every device has.
    pub(crate) fn homes(&self) -> Result<u64, StoryError> {
        let mut homes = u64::MAX;
        for device in &self.devices {
            homes = homes.min(device.client.standing()?.properties);
        }
        Ok(homes)
    }
}

const fn summary(who: usize) -> &'static str {
    match who {
        OT => "tenant cannot use stairs · e-bike in hall · main way out RESTRICTED",
        CREW => "clutter 6 · smoke alarm fitted · e-bike in hall · flag: dog",
        _ => "mould in the bedroom · main way out CLEAR",
    }
}

fn caught_up(report: &SyncReport) -> Result<(), StoryError> {
    if report.end == End::CaughtUp && report.to_send == 0 {
        return Ok(());
    }
    Err(StoryError::Link(report.message.clone().unwrap_or_else(|| "a device did not catch up".to_owned())))
}

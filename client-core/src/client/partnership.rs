//! Founding, enrolment, devices and teams, as a desk does them. What is written here is brought to the server by the
//! caller, and taken into this device's log once the server has it.

use std::collections::BTreeSet;

use doorstep_protocol::authority::{DeviceKind, TeamTier};
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::{
    DeviceId, InviteId, LogSize, Millis, OrganisationId, PartnershipId, SignPublic, TeamId, WorkerId,
};

use super::{Client, ClientError};
use crate::device::DeviceError;
use crate::order::Order as _;
use crate::partnership::{
    self as admin, AcceptPlan, AcceptedBefore, CheckedInvitation, EnrolmentRequest, FoundingPlan, InvitePlan,
    InviteRow, Invited, JoinPlan, Names, RecoveryKit, Written,
};
use crate::store::meta;
use crate::sync::append_of;

/// Founding, enrolment, devices and teams.
pub struct Partnership<'c> {
    pub(super) client: &'c Client,
}

/// What a founding made.
pub struct Founded {
    /// The partnership.
    pub partnership: PartnershipId,
    /// What is printed and locked away, and kept nowhere.
    pub kit: RecoveryKit,
    /// To be brought to the server.
    pub append: LogAppend,
}

/// A server as it was handed over at the enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownServer {
    /// Where it is.
    pub url: String,
    /// What it signs with.
    pub key: SignPublic,
}

/// A device in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DeviceRow {
    /// The device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: DeviceKind,
    /// Its organisation.
    pub organisation: String,
    /// Its workers.
    pub workers: Vec<String>,
    /// Its teams.
    pub teams: Vec<String>,
    /// Whether it was revoked.
    pub revoked: bool,
    /// When its time is over.
    pub not_after: Option<Millis>,
    /// Whether it is this device.
    pub this_device: bool,
}

/// A team in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TeamRow {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// The name of its organisation.
    pub organisation_name: String,
    /// How its keys open.
    pub tier: TeamTier,
    /// How many devices are in it.
    pub members: usize,
    /// Which ones.
    pub devices: Vec<DeviceId>,
    /// Zones it holds, by name.
    pub zones: Vec<String>,
}

/// The team that every device joins: it holds the directory of names.
const EVERYONE: &str = "Everyone";
/// How the team that visits is named at the founding.
const FIELD_TEAM_SUFFIX: &str = "field team";

impl TeamRow {
    /// Whether every device joins it.
    #[must_use]
    pub fn is_everyone(&self) -> bool {
        self.name == EVERYONE
    }

    /// Whether it is the team that visits for an organisation.
    #[must_use]
    pub fn is_field_team_of(&self, organisation: OrganisationId) -> bool {
        self.organisation == organisation && self.name.ends_with(FIELD_TEAM_SUFFIX)
    }
}

impl Partnership<'_> {
    /// Founds a partnership with this device as its first desk. Everything is on this device's disk when this returns.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn found(
        &self,
        plan: &FoundingPlan,
        server_url: &str,
        server_key: &SignPublic,
    ) -> Result<Founded, ClientError> {
        let now = self.client.now();
        let mut rng = crate::randomness::os();
        let founding = {
            let mut device = self.client.lock();
            if device.partnership().is_ok() {
                return Err(admin::AdminError::Plan {
                    field: "folder",
                    remedy: "this device belongs to a partnership already: use another folder",
                }
                .into());
            }
            let founding = admin::found(plan, &device.secrets, *server_key, now, &mut rng)?;
            admin::settle(&mut device, founding.partnership, &founding.written, (server_url, server_key))?;
            founding
        };
        self.client.directory().set(&founding.names)?;
        self.client.packs().publish_shipped()?;
        let append = append_of(founding.partnership, &founding.written);
        Ok(Founded { partnership: founding.partnership, kit: founding.kit, append })
    }

    /// The server of this device, as it was handed over at its enrolment.
    ///
    /// # Errors
    /// [`ClientError::Device`] before enrolment.
    pub fn server(&self) -> Result<KnownServer, ClientError> {
        let device = self.client.lock();
        let reader = device.store().reader();
        let url = meta::server_url(reader)?.ok_or(DeviceError::NotEnrolled)?;
        let key = meta::server_key(reader)?.ok_or(DeviceError::NotEnrolled)?;
        Ok(KnownServer { url, key })
    }

    /// Turns this device to another server, which the partnership's log names by a ServerKey entry. With the next sync it
    /// brings the log and everything that it holds, as far as the server lacks it.
    ///
    /// # Errors
    /// [`ClientError::Admin`] where the log, as far as it is here, names another key.
    pub fn use_server(&self, url: &str, key: &SignPublic) -> Result<(), ClientError> {
        let mut device = self.client.lock();
        if device.authority()?.server_key() != key {
            return Err(admin::AdminError::Plan {
                field: "--server",
                remedy: "the partnership's log, as far as it is on this device, does not name the server at this address: \
                         import a carrier file of the desk that moved it, or sync with the old server once more",
            }
            .into());
        }
        Ok(device
            .store
            .write(|transaction| {
                meta::set_server_url(transaction, url)?;
                meta::set_server_key(transaction, key)
            })
            .map_err(DeviceError::from)?)
    }

    /// Makes an invitation for one new device and remembers it at this desk.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn invite(&self, plan: &InvitePlan) -> Result<Invited, ClientError> {
        let now = self.client.now();
        Ok(admin::invite(&mut self.client.lock(), plan, now, &mut crate::randomness::os())?)
    }

    /// The invitations this desk remembers, the newest first.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn invitations(&self) -> Result<Vec<InviteRow>, ClientError> {
        let now = self.client.now();
        Ok(admin::issued(&self.client.lock(), now)?)
    }

    /// Cancels an invitation: nobody can use it any more.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn cancel_invitation(&self, invite: InviteId) -> Result<(), ClientError> {
        Ok(admin::cancel(&mut self.client.lock(), invite)?)
    }

    /// Takes an invitation on this new device and answers with its request.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn begin(&self, invitation: &CheckedInvitation, kind: DeviceKind) -> Result<EnrolmentRequest, ClientError> {
        let mut device = self.client.lock();
        let plan = JoinPlan { kind, kem_restricted: device.restricted_public() };
        Ok(admin::begin(&mut device, invitation, &plan)?)
    }

    /// Whether this very request was accepted before, as far as the log has come: sync first.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn accepted_before(&self, request: &EnrolmentRequest) -> Result<Option<AcceptedBefore>, ClientError> {
        Ok(admin::accepted_before(&self.client.lock(), request)?)
    }

    /// Writes what brings a device in. Bring the append to the server, then call [`Self::take`].
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn accept(&self, request: &EnrolmentRequest, plan: &AcceptPlan) -> Result<(Written, LogAppend), ClientError> {
        let now = self.client.now();
        let mut device = self.client.lock();
        let written = admin::accept(&mut device, request, plan, now, &mut crate::randomness::os())?;
        let append = append_of(device.partnership()?, &written);
        Ok((written, append))
    }

    /// Takes what this desk wrote into its own log, once the server has it.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn take(&self, written: &Written) -> Result<(), ClientError> {
        Ok(admin::take_written(&mut self.client.lock(), written)?)
    }

    /// Names a newly accepted device and its worker.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn name(&self, device: (DeviceId, &str), worker: (WorkerId, &str)) -> Result<(), ClientError> {
        let mut names = Names::default();
        names.devices.insert(device.0, device.1.to_owned());
        names.workers.insert(worker.0, worker.1.to_owned());
        self.client.directory().set(&names)
    }

    /// Gives a device another name, and its worker one where `worker` says so: also for a device that was accepted while
    /// the answer got lost, and so was never named.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Ambiguous`] when a worker is to be named and the device has none or
    /// several; [`ClientError::Write`].
    pub fn rename(&self, device: DeviceId, name: &str, worker: Option<&str>) -> Result<(), ClientError> {
        let mut names = Names::default();
        {
            let held = self.client.lock();
            let authority = held.authority()?;
            if !authority.devices().contains_key(&device) {
                return Err(ClientError::NotFound { what: "device" });
            }
            names.devices.insert(device, name.to_owned());
            if let Some(worker) = worker {
                let seats = authority.seats().values().filter(|seat| seat.device == device && seat.span.is_open());
                let workers: BTreeSet<WorkerId> = seats.map(|seat| seat.worker).collect();
                let one = match workers.len() {
                    0 => Err(ClientError::NotFound { what: "worker" }),
                    1 => Ok(workers),
                    count => Err(ClientError::Ambiguous { what: "workers", count }),
                }?;
                names.workers.extend(one.into_iter().map(|id| (id, worker.to_owned())));
            }
        }
        self.client.directory().set(&names)
    }

    /// The partnership, and how long its log is here.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn id(&self) -> Result<(PartnershipId, LogSize), ClientError> {
        let device = self.client.lock();
        let size = device.authority.as_ref().map_or(LogSize(0), |authority| authority.size());
        Ok((device.partnership()?, size))
    }

    /// Every device, by name.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn devices(&self) -> Result<Vec<DeviceRow>, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let authority = device.authority()?;
        let name = |book: &std::collections::BTreeMap<String, String>, id: String| book.get(&id).cloned().unwrap_or(id);
        let mut rows: Vec<DeviceRow> = authority
            .devices()
            .iter()
            .map(|(id, state)| DeviceRow {
                device: *id,
                name: names.device(*id),
                kind: state.kind,
                organisation: name(&names.organisations, state.organisation.to_string()),
                workers: authority
                    .seats()
                    .values()
                    .filter(|seat| seat.device == *id && seat.span.is_open())
                    .map(|seat| name(&names.workers, seat.worker.to_string()))
                    .collect(),
                teams: authority.teams_of(*id).map(|(team, _)| name(&names.teams, team.to_string())).collect(),
                revoked: state.revoked.is_some(),
                not_after: state.not_after,
                this_device: *id == device.id(),
            })
            .collect();
        rows.order_by(|a, b| a.name.cmp(&b.name));
        Ok(rows)
    }

    /// Every team, by name.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn teams(&self) -> Result<Vec<TeamRow>, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let authority = device.authority()?;
        let name = |book: &std::collections::BTreeMap<String, String>, id: String| book.get(&id).cloned().unwrap_or(id);
        let mut rows: Vec<TeamRow> = authority
            .teams()
            .iter()
            .map(|(id, state)| TeamRow {
                team: *id,
                name: name(&names.teams, id.to_string()),
                organisation: state.organisation,
                organisation_name: name(&names.organisations, state.organisation.to_string()),
                tier: state.tier,
                members: state.members().count(),
                devices: state.members().copied().collect(),
                zones: authority
                    .zones()
                    .keys()
                    .filter(|zone| authority.holders(**zone).contains(id))
                    .map(|zone| name(&names.zones, zone.to_string()))
                    .collect(),
            })
            .collect();
        rows.order_by(|a, b| a.name.cmp(&b.name));
        Ok(rows)
    }

    /// The whole log and every wrap this device holds, for a server that has lost them.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn log_to_offer(&self) -> Result<LogAppend, ClientError> {
        let device = self.client.lock();
        let reader = device.store().reader();
        let entries = crate::store::log::entries(reader)?;
        let wraps = crate::store::log::team_wraps(reader)?;
        let partnership = device.partnership().map_err(|_| DeviceError::NotEnrolled)?;
        let written = Written { base_size: LogSize(0), base_head: doorstep_protocol::LogHash::ZERO, entries, wraps };
        Ok(append_of(partnership, &written))
    }
}

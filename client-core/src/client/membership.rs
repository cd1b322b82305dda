//! Grants, admins and escrow as a desk looks at them.

use doorstep_protocol::authority::SignedEntry;
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::{
    Class, DeviceId, Digest32, GrantId, LogHash, LogSize, Millis, OrganisationId, SignPublic, TeamId, WorkerId,
};

use super::ClientError;
use super::lost::{named, rights_in_words};
use super::partnership::Partnership;
use crate::order::Order as _;
use crate::partnership::{self as admin, Escrows, RootKeys, Sheets, Written, ZoneDrill};
use crate::sync::append_of;

/// A worker who has a seat on a device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct SeatedRow {
    /// The worker's name.
    pub name: String,
    /// The worker.
    pub worker: WorkerId,
}

/// A grant that holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct GrantRow {
    /// The grant.
    pub grant: GrantId,
    /// The zone's name.
    pub zone: String,
    /// The class of its documents.
    pub class: Option<Class>,
    /// The team's name.
    pub team: String,
    /// The team.
    pub of_team: TeamId,
    /// What the team may do.
    pub rights: Vec<&'static str>,
    /// Codes of the purposes.
    pub purposes: Vec<u16>,
    /// The agreement that it stands on: what [`super::agreement_digest`] makes of its row in a register.
    pub agreement: Option<Digest32>,
    /// Code of the legal power.
    pub legal_power: u16,
    /// Code of the lawful basis.
    pub lawful_basis: u16,
    /// When it ends by itself.
    pub expires: Option<Millis>,
}

impl Partnership<'_> {
    /// Every grant that holds, by zone and team.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn grants(&self) -> Result<Vec<GrantRow>, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let authority = device.authority()?;
        let open = authority.grants().values().filter(|grant| grant.span.is_open());
        let mut rows: Vec<GrantRow> = open
            .map(|state| GrantRow {
                grant: state.grant.grant,
                zone: named(&names.zones, state.grant.zone),
                class: authority.zones().get(&state.grant.zone).map(|zone| zone.class),
                team: named(&names.teams, state.grant.team),
                of_team: state.grant.team,
                rights: rights_in_words(state.grant.rights),
                purposes: state.grant.purposes.clone(),
                agreement: state.grant.agreement,
                legal_power: state.grant.legal_power,
                lawful_basis: state.grant.lawful_basis,
                expires: state.grant.expires,
            })
            .collect();
        rows.order_by(|a, b| (&a.zone, &a.team, a.grant).cmp(&(&b.zone, &b.team, b.grant)));
        Ok(rows)
    }

    /// Workers who have a seat on a device, by name.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn seated(&self, of: DeviceId) -> Result<Vec<SeatedRow>, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let seats = device.authority()?.seats().values().filter(|seat| seat.device == of && seat.span.is_open());
        let mut rows: Vec<SeatedRow> =
            seats.map(|seat| SeatedRow { name: named(&names.workers, seat.worker), worker: seat.worker }).collect();
        rows.order();
        rows.dedup();
        Ok(rows)
    }

    /// Teams that a device is in and that this desk may take it out of.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn teams_to_leave(&self, leaver: DeviceId) -> Result<Vec<TeamId>, ClientError> {
        let device = self.client.lock();
        let (authority, me) = (device.authority()?, device.id());
        let mine = authority.teams_of(leaver).filter(|(_, team)| authority.is_admin(me, team.organisation));
        Ok(mine.map(|(id, _)| *id).collect())
    }

    /// Organisations that own zones and that this desk is an admin of.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn owners(&self) -> Result<Vec<OrganisationId>, ClientError> {
        let device = self.client.lock();
        let (authority, me) = (device.authority()?, device.id());
        let owns = |id: &OrganisationId| authority.zones().values().any(|zone| zone.organisation == *id);
        let mine = authority.organisations().keys().filter(|id| authority.is_admin(me, **id) && owns(id));
        Ok(mine.copied().collect())
    }

    /// The root keys on sheets, as many as this partnership's log asks for.
    ///
    /// # Errors
    /// [`ClientError::Admin`] where there are too few, or they are another partnership's.
    pub fn roots_of(&self, sheets: Sheets) -> Result<RootKeys, ClientError> {
        let device = self.client.lock();
        if sheets.partnership() != device.partnership()? {
            return Err(admin::AdminError::OtherPartnership.into());
        }
        let (roots, _) = sheets.into_parts();
        Ok(RootKeys::of(device.authority()?, roots)?)
    }

    /// Makes this fresh device a desk of a partnership whose desks are gone: takes the log that the server gave, if it is the
    /// partnership's on the sheets and names the server's key, and writes what brings the desk in with every key that the
    /// kit opens. Bring the append to the server, then call [`Self::take`].
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn recover(
        &self,
        sheets: Sheets,
        entries: Vec<SignedEntry>,
        server: (&str, &SignPublic),
        worker: WorkerId,
    ) -> Result<(Written, LogAppend), ClientError> {
        let partnership = sheets.partnership();
        let (roots, shares) = sheets.into_parts();
        let log = Written { base_size: LogSize(0), base_head: LogHash::ZERO, entries, wraps: Vec::new() };
        let now = self.client.now();
        let mut device = self.client.lock();
        admin::settle(&mut device, partnership, &log, server)?;
        if device.authority()?.server_key() != server.1 {
            return Err(admin::AdminError::Plan {
                field: "--server",
                remedy: "the server at this address is not the one that the partnership's log names",
            }
            .into());
        }
        let roots = RootKeys::of(device.authority()?, roots)?;
        let escrows = Escrows::put_together(shares).map_err(ClientError::from)?;
        let rng = &mut crate::randomness::os();
        let (written, _) = admin::recover(&device, (&roots, &escrows), worker, now, rng)?;
        let append = append_of(partnership, &written);
        Ok((written, append))
    }

    /// Tries, in memory, to reach everything of an organisation by its escrow key. Write the opening to the log first.
    ///
    /// # Errors
    /// [`ClientError::Admin`].
    pub fn drill(&self, organisation: OrganisationId, escrows: &Escrows) -> Result<Vec<ZoneDrill>, ClientError> {
        Ok(admin::drill(&self.client.lock(), organisation, escrows)?)
    }
}

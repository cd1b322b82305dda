//! What an entry changes. Only a [`CheckedEntry`] comes here, so nothing is refused any more.

use super::{
    Authority, CheckedEntry, DeviceState, ErasedPlace, EscrowOpening, GrantState, Revocation, SeatState, Span,
    TeamState, WriteCut, ZoneState,
};
use crate::authority::body::{
    AdminSet, Body, Cut, DeviceAdd, DeviceRevoke, Erase, EraseReason, GrantEnd, Rights, RootRotate, Standing,
    TeamMember, TeamSet, ZoneCreate, locator_key_id, root_id,
};
use crate::hash;
use crate::ids::{DeviceId, EnvelopeId, LogSize, SeatId, ZoneId, ZoneSeq};
use std::collections::BTreeMap;

impl Authority {
    /// Applies an entry that was checked against this very state.
    pub fn apply(&mut self, checked: CheckedEntry) {
        let size = self.size().next();
        self.hashes.push(checked.hash);
        let (author, time) = (checked.entry.author, checked.entry.time);
        match checked.entry.body {
            // `check` refuses a second genesis.
            Body::Genesis(_) => {}
            Body::RootRotate(rotate) => self.replace_roots(&rotate),
            Body::AdminSet(set) => self.set_admin(&set),
            Body::DeviceAdd(add) => self.add_device(&add, size),
            Body::DeviceRevoke(revoke) => self.revoke_device(revoke, size),
            Body::Freeze(freeze) => self.set_frozen(freeze.device, Some(size)),
            Body::Unfreeze(unfreeze) => self.set_frozen(unfreeze.device, None),
            Body::SeatAdd(add) => {
                let seat =
                    SeatState { device: add.device, worker: add.worker, key: add.key, span: Span::starting(size) };
                self.seats.insert(hash::seat_id(add.device, add.worker, &add.key), seat);
            }
            Body::SeatRevoke(revoke) => self.end_seat(revoke.seat, size),
            Body::TeamSet(set) => self.make_team(&set),
            Body::TeamMember(member) => self.set_member(member, size),
            Body::ZoneCreate(create) => self.make_zone(create),
            Body::Grant(grant) => {
                self.grants.insert(grant.grant, GrantState { grant, span: Span::starting(size) });
            }
            Body::GrantEnd(end) => self.end_grant(end, size),
            Body::TeamEpoch(epoch) => {
                if let Some(team) = self.teams.get_mut(&epoch.team) {
                    team.epochs.push(epoch);
                    team.keyed_at = size;
                }
            }
            Body::ZoneEpoch(epoch) => {
                if let Some(zone) = self.zones.get_mut(&epoch.zone) {
                    zone.epochs.push(epoch);
                    zone.keyed_at.push(size);
                }
            }
            Body::Adopt(adopt) => {
                self.adopted.entry((adopt.zone, adopt.author)).or_default().extend(adopt.envelopes);
            }
            Body::Erase(erase) => self.erase(erase, size),
            Body::RestorePoint(point) => {
                self.restores.insert(point.store, point);
            }
            Body::EscrowOpen(open) => self.openings.push(EscrowOpening { at: size, time, author, open }),
            Body::Policy(policy) => self.policy = policy,
            Body::ServerKey(server) => self.server_key = server.key,
            Body::EscrowKey(escrow) => {
                if let Some(organisation) = self.organisations.get_mut(&escrow.organisation) {
                    (organisation.escrow, organisation.escrow_since) = (escrow.key, size);
                }
            }
        }
    }

    fn replace_roots(&mut self, rotate: &RootRotate) {
        self.roots = rotate.roots.iter().map(|root| (root_id(root), *root)).collect();
        self.threshold = rotate.threshold;
    }

    fn set_admin(&mut self, set: &AdminSet) {
        if let Some(organisation) = self.organisations.get_mut(&set.organisation) {
            match set.standing {
                Standing::Granted => organisation.admins.insert(set.device),
                Standing::Ended => organisation.admins.remove(&set.device),
            };
        }
    }

    fn add_device(&mut self, add: &DeviceAdd, size: LogSize) {
        self.device_keys.extend([add.sign.0, add.kem.0]);
        self.device_keys.extend(add.kem_restricted.map(|key| key.0));
        let device = DeviceState {
            organisation: add.organisation,
            kind: add.kind,
            sign: add.sign,
            kem: add.kem,
            kem_restricted: add.kem_restricted,
            not_after: add.not_after,
            added: size,
            frozen: None,
            revoked: None,
        };
        self.devices.insert(hash::device_id(&add.sign, &add.kem), device);
    }

    fn revoke_device(&mut self, revoke: DeviceRevoke, size: LogSize) {
        if let Some(device) = self.devices.get_mut(&revoke.device) {
            let cuts = revoke.cuts.into_iter().map(|cut| (cut.zone, cut)).collect();
            device.revoked = Some(Revocation { at: size, cuts });
            device.frozen = None;
        }
        self.organisations.values_mut().for_each(|o| {
            o.admins.remove(&revoke.device);
        });
        for team in self.teams.values_mut() {
            close(team.memberships.get_mut(&revoke.device), size);
        }
        for seat in self.seats.values_mut().filter(|seat| seat.device == revoke.device) {
            seat.span.until = seat.span.until.or(Some(size));
        }
    }

    fn set_frozen(&mut self, device: DeviceId, since: Option<LogSize>) {
        if let Some(device) = self.devices.get_mut(&device) {
            device.frozen = since;
        }
    }

    fn end_seat(&mut self, seat: SeatId, size: LogSize) {
        if let Some(seat) = self.seats.get_mut(&seat) {
            seat.span.until = seat.span.until.or(Some(size));
        }
    }

    fn make_team(&mut self, set: &TeamSet) {
        let team = TeamState {
            organisation: set.organisation,
            tier: set.tier,
            memberships: BTreeMap::new(),
            epochs: Vec::new(),
            keyed_at: LogSize(0),
            joining_wraps: BTreeMap::new(),
        };
        self.teams.insert(set.team, team);
    }

    fn set_member(&mut self, member: TeamMember, size: LogSize) {
        let Some(team) = self.teams.get_mut(&member.team) else { return };
        let spans = team.memberships.entry(member.device).or_default();
        match member.standing {
            Standing::Granted => spans.push(Span::starting(size)),
            Standing::Ended => close(Some(spans), size),
        }
        if let Some(wrap) = member.wrap {
            team.joining_wraps.insert(member.device, wrap);
        }
        if member.standing == Standing::Ended {
            let held: Vec<ZoneId> = self
                .grants
                .values()
                .filter(|g| g.grant.team == member.team && g.grant.rights.contains(Rights::WRITE) && g.span.is_open())
                .map(|g| g.grant.zone)
                .collect();
            let named =
                |zone| member.cuts.iter().find(|cut: &&Cut| cut.zone == zone).map(|cut| (cut.zseq, cut.envelope));
            for zone in held {
                self.cut_if_lost(zone, member.device, size, named(zone));
            }
        }
    }

    fn make_zone(&mut self, create: ZoneCreate) {
        if let Some(locator) = create.locator {
            self.locators.insert(locator_key_id(create.class, create.organisation), locator);
        }
        let zone = ZoneState {
            organisation: create.organisation,
            class: create.class,
            area: create.area,
            epochs: Vec::new(),
            keyed_at: Vec::new(),
        };
        self.zones.insert(create.zone, zone);
    }

    fn end_grant(&mut self, end: GrantEnd, size: LogSize) {
        let Some(grant) = self.grants.get_mut(&end.grant) else { return };
        grant.span.until = grant.span.until.or(Some(size));
        let (zone, team) = (grant.grant.zone, grant.grant.team);
        if !grant.grant.rights.contains(Rights::WRITE) {
            return;
        }
        let members: Vec<DeviceId> =
            self.teams.get(&team).map(|team| team.members().copied().collect()).unwrap_or_default();
        for device in members {
            let named = end.cuts.iter().find(|cut| cut.device == device).map(|cut| (cut.zseq, cut.envelope));
            self.cut_if_lost(zone, device, size, named);
        }
    }

    /// A device that has just lost its last right to write a zone wrote there up to its cut. Who holds the zone by another
    /// team or grant has lost nothing; nor has anybody in a drop-box zone, into which everybody seals by no grant.
    fn cut_if_lost(&mut self, zone: ZoneId, device: DeviceId, at: LogSize, last: Option<(ZoneSeq, EnvelopeId)>) {
        if self.zones.get(&zone).is_some_and(ZoneState::is_drop_box) {
            return;
        }
        let cuts = self.cuts.get(&(zone, device));
        let is_cut_here = cuts.and_then(|cuts| cuts.last()).is_some_and(|cut| cut.at == at);
        if !is_cut_here && !self.had_rights(device, zone, Rights::WRITE, at) {
            self.cuts.entry((zone, device)).or_default().push(WriteCut { at, last });
        }
    }

    fn erase(&mut self, erase: Erase, size: LogSize) {
        let (zone, document) = (erase.zone, erase.document);
        if erase.reason != EraseReason::Finish {
            self.erased.insert((zone, document), size);
        }
        self.erased_envelopes.extend(
            erase
                .envelopes
                .into_iter()
                .map(|one| (one.envelope, ErasedPlace { zone, document, author: one.author, zseq: one.zseq })),
        );
    }
}

fn close(spans: Option<&mut Vec<Span>>, at: LogSize) {
    for span in spans.into_iter().flatten().filter(|span| span.is_open()) {
        span.until = Some(at);
    }
}

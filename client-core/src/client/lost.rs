//! A device that is lost: what it could read, since when, and which keys are still owed because of it.

use std::collections::BTreeMap;

use doorstep_protocol::authority::state::Span;
use doorstep_protocol::authority::{Authority, Rights};
use doorstep_protocol::{Class, DeviceId, LogSize, Millis, ZoneId};

use super::partnership::Partnership;
use super::{ClientError, NameBook};
use crate::order::Order as _;
use crate::store::{documents, envelopes, log};

/// What a device could read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Exposure {
    /// The device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// Since when it is frozen, while it is.
    pub frozen_since: Option<Millis>,
    /// Since when it is revoked.
    pub revoked_since: Option<Millis>,
    /// When work of it last came to this desk, by this desk's clock. It may have spoken to the server since.
    pub last_work_came: Option<Millis>,
    /// The zones, by name.
    pub zones: Vec<ZoneExposure>,
}

/// What a device could read of a zone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ZoneExposure {
    /// The zone.
    pub zone: ZoneId,
    /// Its name.
    pub name: String,
    /// The class of its documents.
    pub class: Class,
    /// Whether it could be read at once, or behind the glass only.
    pub behind_glass: bool,
    /// Since when.
    pub since: Millis,
    /// Until when; still, when null.
    pub until: Option<Millis>,
    /// How many documents of the zone this desk holds: as many lay open at most; null where this desk does not read it.
    pub documents: Option<u64>,
    /// Whether it wrote there, as far as this desk knows.
    pub wrote: bool,
}

/// Keys that are owed, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct OwedRows {
    /// Teams.
    pub teams: Vec<String>,
    /// Zones.
    pub zones: Vec<String>,
}

impl OwedRows {
    /// Whether nothing is owed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.teams.is_empty() && self.zones.is_empty()
    }
}

/// Who holds a zone, and who uses it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AccessRow {
    /// The zone's name.
    pub zone: String,
    /// The class of its documents.
    pub class: Class,
    /// The team's name.
    pub team: String,
    /// What the team may do: `read`, `write`, `glass`.
    pub rights: Vec<&'static str>,
    /// Codes of the purposes.
    pub purposes: Vec<u16>,
    /// When the grant ends by itself.
    pub expires: Option<Millis>,
    /// The device's name.
    pub device: String,
    /// Its workers.
    pub workers: Vec<String>,
    /// When work of it in this zone last came to this desk.
    pub last_wrote: Option<Millis>,
}

/// A name out of a book, else the id.
pub(super) fn named(book: &BTreeMap<String, String>, id: impl ToString) -> String {
    let id = id.to_string();
    book.get(&id).cloned().unwrap_or(id)
}

/// Two stretches of the log as one, where they meet.
fn both(a: &Span, b: &Span) -> Option<Span> {
    let from = a.from.max(b.from);
    let until = match (a.until, b.until) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    };
    until.is_none_or(|until| from < until).then_some(Span { from, until })
}

/// The stretches during which a device could hold a zone, and whether behind the glass only.
fn held(authority: &Authority, device: DeviceId, zone: ZoneId) -> Vec<(Span, bool)> {
    let mut found = Vec::new();
    for grant in authority.grants_of(zone) {
        let read = grant.grant.rights.contains(Rights::READ);
        if !read && !grant.grant.rights.contains(Rights::GLASS) {
            continue;
        }
        let memberships = authority.teams().get(&grant.grant.team).and_then(|team| team.memberships.get(&device));
        for membership in memberships.into_iter().flatten() {
            found.extend(both(&grant.span, membership).map(|span| (span, !read)));
        }
    }
    found
}

impl Partnership<'_> {
    /// What a device could read, since when, and until when.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Device`].
    pub fn exposure(&self, of: DeviceId) -> Result<Exposure, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let authority = device.authority()?;
        let state = authority.devices().get(&of).ok_or(ClientError::NotFound { what: "device" })?;
        let reader = device.store().reader();
        let times = log::times(reader)?;
        let at = |size: LogSize| times.get(&size).copied().unwrap_or_default();
        let now = self.client.now();
        let mut zones = Vec::new();
        for (id, zone) in authority.zones() {
            let spans = held(authority, of, *id);
            let Some(since) = spans.iter().map(|(span, _)| span.from).min() else { continue };
            let open = spans.iter().any(|(span, _)| span.is_open());
            let until = if open { None } else { spans.iter().filter_map(|(span, _)| span.until).max() };
            let reads = authority.may_hold(device.id(), *id, now);
            zones.push(ZoneExposure {
                zone: *id,
                name: named(&names.zones, *id),
                class: zone.class,
                behind_glass: spans.iter().all(|(_, glass)| *glass),
                since: at(since),
                until: until.map(at),
                documents: if reads { Some(documents::count_in_zone(reader, *id)?) } else { None },
                wrote: envelopes::tail(reader, *id, of)?.is_some_and(|tail| tail.zseq.0 > 0),
            });
        }
        zones.order_by(|a, b| (&a.name, a.zone).cmp(&(&b.name, b.zone)));
        Ok(Exposure {
            device: of,
            name: names.device(of),
            frozen_since: state.frozen.map(at),
            revoked_since: state.revoked.as_ref().map(|revocation| at(revocation.at)),
            last_work_came: envelopes::last_arrived(reader, of, None)?,
            zones,
        })
    }

    /// The keys that are owed: somebody who may no longer read still has the current ones.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn owed_keys(&self) -> Result<OwedRows, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        Ok(rows_of(&device.authority()?.owed_keys(), &names))
    }

    /// Who holds which zone: every team that holds it, every device in the team, its workers, and when it last wrote there
    /// as far as this desk knows.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn access(&self) -> Result<Vec<AccessRow>, ClientError> {
        let names = self.client.directory().names()?;
        let device = self.client.lock();
        let authority = device.authority()?;
        let reader = device.store().reader();
        let mut rows = Vec::new();
        for grant in authority.grants().values().filter(|grant| grant.span.is_open()) {
            let (zone, team) = (grant.grant.zone, grant.grant.team);
            let Some(state) = authority.zones().get(&zone) else { continue };
            for member in authority.teams().get(&team).into_iter().flat_map(|team| team.members()) {
                let seats = authority.seats().values().filter(|seat| seat.device == *member && seat.span.is_open());
                rows.push(AccessRow {
                    zone: named(&names.zones, zone),
                    class: state.class,
                    team: named(&names.teams, team),
                    rights: rights_in_words(grant.grant.rights),
                    purposes: grant.grant.purposes.clone(),
                    expires: grant.grant.expires,
                    device: names.device(*member),
                    workers: seats.map(|seat| named(&names.workers, seat.worker)).collect(),
                    last_wrote: envelopes::last_arrived(reader, *member, Some(zone))?,
                });
            }
        }
        rows.order_by(|a, b| (&a.zone, &a.team, &a.device).cmp(&(&b.zone, &b.team, &b.device)));
        Ok(rows)
    }
}

/// Owed keys by name.
#[must_use]
pub(super) fn rows_of(owed: &doorstep_protocol::authority::OwedKeys, names: &NameBook) -> OwedRows {
    OwedRows {
        teams: owed.teams.iter().map(|team| named(&names.teams, *team)).collect(),
        zones: owed.zones.iter().map(|zone| named(&names.zones, *zone)).collect(),
    }
}

pub(super) fn rights_in_words(rights: Rights) -> Vec<&'static str> {
    [(Rights::READ, "read"), (Rights::WRITE, "write"), (Rights::GLASS, "glass")]
        .into_iter()
        .filter(|(right, _)| rights.contains(*right))
        .map(|(_, word)| word)
        .collect()
}

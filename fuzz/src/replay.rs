//! An input becomes entries that are appended to a small valid log: author (1) ‖ kind (1) ‖ length (u16) ‖ body.

use std::sync::LazyLock;

use doorstep_protocol::authority::{Authority, Body, SignedEntry};

use crate::harness::{Device, Log, Town};

static TOWN: LazyLock<Town> = LazyLock::new(Town::new);
/// Entries of one input: what takes longer than this finds nothing that a shorter one does not.
const ENTRIES_MAX: usize = 8;
const HEAD_BYTES: usize = 4;
const RAW: u8 = 0xff;

fn signed(log: &Log, author: u8, body: Body) -> SignedEntry {
    let town = &*TOWN;
    let devices: [&Device; 7] = [
        &town.council,
        &town.council_second,
        &town.fire,
        &town.tablet,
        &town.tablet_second,
        &town.engine,
        &town.stranger,
    ];
    match devices.get(usize::from(author % 9)) {
        Some(device) => log.by(device, body),
        None => log.by_some_roots(body, usize::from(author % 9) - 6),
    }
}

/// Appends what the input says, and holds: a refused entry changes nothing; an organisation that had an admin keeps one;
/// what was appended replays to the same state.
pub fn run(mut input: &[u8]) {
    let mut log = TOWN.log.clone();
    for _ in 0..ENTRIES_MAX {
        let Some((&[author, kind, high, low], rest)) = input.split_first_chunk::<HEAD_BYTES>() else { break };
        let length = usize::from(u16::from_be_bytes([high, low])).min(rest.len());
        let (body, rest) = rest.split_at(length);
        input = rest;
        let entry = if kind == RAW {
            SignedEntry { entry: body.to_vec().into(), signatures: Vec::new() }
        } else {
            let Ok(body) = Body::parse(kind, body) else { continue };
            signed(&log, author, body)
        };
        // `push` compares the states around a refusal.
        let _taken_or_not = log.push(entry);
        for (id, organisation) in log.state.organisations() {
            let had_admin = !TOWN.log.state.organisations()[id].admins.is_empty();
            assert!(!had_admin || !organisation.admins.is_empty(), "an organisation lost its last admin");
        }
    }
    if log.entries.len() > TOWN.log.entries.len() {
        assert_eq!(Authority::replay(&log.entries).as_ref(), Ok(&log.state));
    }
}

fn framed(author: u8, body: &Body) -> Vec<u8> {
    let bytes = body.to_bytes();
    [&[author, body.code()], &(bytes.len() as u16).to_be_bytes()[..], &bytes].concat()
}

/// Inputs whose entries are legal, or nearly.
#[must_use]
pub fn seeds() -> Vec<Vec<u8>> {
    use crate::harness::{CARE_TEAM, CLOSED_TEAM, COUNCIL, HOME_ZONE};
    use doorstep_protocol::authority::{AdminSet, DeviceRevoke, GrantEnd, RevokeReason, SeatAdd, Standing};
    use doorstep_protocol::{Class, GrantId, WorkerId, ZoneId};

    let town = &*TOWN;
    let log = &town.log;
    let revoke = |device: &Device| {
        Body::DeviceRevoke(DeviceRevoke { device: device.id, reason: RevokeReason::Lost, cuts: vec![] })
    };
    let key = crate::harness::public(&town.stranger.sign);
    let bodies = [
        (0, Body::DeviceAdd(town.stranger.add(log.partnership(), COUNCIL))),
        (0, revoke(&town.tablet)),
        (1, revoke(&town.council)),
        (8, Body::AdminSet(AdminSet { organisation: COUNCIL, device: town.tablet.id, standing: Standing::Granted })),
        (8, Body::AdminSet(AdminSet { organisation: COUNCIL, device: town.council.id, standing: Standing::Ended })),
        (0, Body::TeamMember(log.member(CARE_TEAM, town.engine.id, Standing::Granted))),
        (0, Body::TeamMember(log.member(CARE_TEAM, town.tablet.id, Standing::Ended))),
        (0, Body::TeamEpoch(log.team_epoch(CARE_TEAM))),
        (0, Body::ZoneEpoch(log.zone_epoch(HOME_ZONE))),
        (0, Body::ZoneCreate(log.zone_create(ZoneId([0x4f; 16]), COUNCIL, Class::Index))),
        (0, Body::Grant(log.grant_with_key(1, HOME_ZONE, CLOSED_TEAM))),
        (0, Body::GrantEnd(GrantEnd { grant: GrantId([0x63; 16]), cuts: Vec::new() })),
        (0, Body::SeatAdd(SeatAdd { device: town.tablet.id, worker: WorkerId([1; 16]), key })),
    ];
    let mut seeds: Vec<Vec<u8>> = bodies.iter().map(|(author, body)| framed(*author, body)).collect();
    seeds.push(seeds.concat());
    let raw = log.entries[3].entry.0.clone();
    seeds.push([&[0, RAW], &(raw.len() as u16).to_be_bytes()[..], &raw].concat());
    seeds
}

//! A partnership for tests: signed log entries, devices with keys, envelopes with zeros for ciphertext. Only headers of
//! wraps and envelopes mean anything to the server, so nothing needs to be sealed.

use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::{
    AdminSet, Adopt, Authority, Body, Cut, DeviceAdd, DeviceKind, DeviceRevoke, Entry, Erase, EraseReason,
    ErasedEnvelope, Freeze, Genesis, Grant, LocatorWrap, Organisation, OrganisationKind, RevokeReason, Rights,
    SignedEntry, Standing, TeamEpoch, TeamMember, TeamSet, TeamTier, Unfreeze, ZoneCreate, ZoneEpoch, ZoneTeamWrap,
    locator_key_id, possession_message, recipients_digest, root_id, wraps_digest,
};
use doorstep_protocol::envelope::{EnvelopeKind, HEADER_BYTES, Header, Keying, OVERHEAD_BYTES, envelope_id};
use doorstep_protocol::signature::signed_bytes;
use doorstep_protocol::wire::{Cursor, LogAppend, SyncRequest};
use doorstep_protocol::wrap::{
    KEY_WRAP_BYTES, KeyWrapHeader, KeyWrapPurpose, SEALED_WRAP_BYTES, SealedWrapHeader, SealedWrapPurpose,
};
use doorstep_protocol::{
    AreaId, Bytes, Class, DeviceId, Digest32, DocumentId, EnvelopeId, Epoch, GrantId, KemPublic, KeyCommitment,
    LogHash, LogSize, Millis, OrganisationId, PartnershipId, SignPublic, Signature, SignerId, TeamId, ZoneId, ZoneSeq,
    hash, label,
};
use ed25519_dalek::{Signer, SigningKey};

pub(crate) const NOW: Millis = Millis(1_790_000_000_000);
pub(crate) const COUNCIL: OrganisationId = OrganisationId([0xc0; 16]);
/// It owns nothing.
pub(crate) const LANDLORD: OrganisationId = OrganisationId([0xd0; 16]);
/// The padded plaintext of the shortest envelope.
const PADDED_BYTES: usize = 256;

/// A device with its keys and its place in each chain.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) sign: SigningKey,
    kem: KemPublic,
    tails: std::collections::BTreeMap<ZoneId, (ZoneSeq, EnvelopeId)>,
}

impl Device {
    fn new(seed: u8) -> Self {
        let sign = SigningKey::from_bytes(&[seed; 32]);
        let kem = KemPublic([seed.max(1); 32]);
        let id = hash::device_id(&SignPublic(sign.verifying_key().to_bytes()), &kem);
        Self { id, sign, kem, tails: Default::default() }
    }

    /// The same device in name, with another key.
    pub(crate) fn with_key(&self, sign: SigningKey) -> Self {
        Self { sign, ..self.clone() }
    }

    /// The same device with another end of its chain.
    pub(crate) fn with_tail(&self, zone: ZoneId, zseq: ZoneSeq, envelope: EnvelopeId) -> Self {
        let mut device = self.clone();
        device.tails.insert(zone, (zseq, envelope));
        device
    }

    fn public(&self) -> SignPublic {
        SignPublic(self.sign.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, label: &str, message: &[u8]) -> Signature {
        Signature(self.sign.sign(&signed_bytes(label, message)).to_bytes())
    }
}

/// A partnership and everything its admin knows.
pub(crate) struct Town {
    root: SigningKey,
    pub(crate) authority: Authority,
    pub(crate) entries: Vec<SignedEntry>,
    pub(crate) wraps: Vec<Bytes>,
    pub(crate) admin: Device,
    seeds: u8,
}

impl Town {
    /// Genesis, one organisation, its admin's device.
    pub(crate) fn new(server_key: SignPublic) -> Self {
        Self::with_nonce(server_key, 1)
    }

    pub(crate) fn with_nonce(server_key: SignPublic, nonce: u8) -> Self {
        let root = SigningKey::from_bytes(&[0xee; 32]);
        let genesis = Genesis {
            roots: vec![SignPublic(root.verifying_key().to_bytes())],
            threshold: 1,
            organisations: [(COUNCIL, OrganisationKind::Council, 9), (LANDLORD, OrganisationKind::Landlord, 10)]
                .map(|(id, kind, escrow)| Organisation { id, kind, escrow: KemPublic([escrow; 32]) })
                .into(),
            server_key,
            nonce: Digest32([nonce; 32]),
        };
        let partnership = doorstep_protocol::authority::partnership_id(&genesis);
        let entry = Entry {
            partnership,
            seq: LogSize(1),
            prev: LogHash::ZERO,
            time: NOW,
            author: root_id(&genesis.roots[0]),
            body: Body::Genesis(genesis),
        };
        let signed = signed_by(&root, entry.author, &entry);
        let authority = Authority::begin(&signed).expect("a sound genesis");
        let admin = Device::new(1);
        let mut town = Self { root, authority, entries: vec![signed], wraps: Vec::new(), admin, seeds: 1 };
        town.add(&town.admin.clone());
        let device = town.admin.id;
        town.by_root(Body::AdminSet(AdminSet { organisation: COUNCIL, device, standing: Standing::Granted }));
        town
    }

    pub(crate) fn id(&self) -> PartnershipId {
        self.authority.partnership()
    }

    pub(crate) fn by_root(&mut self, body: Body) {
        let root = self.root.clone();
        let id = root_id(&SignPublic(root.verifying_key().to_bytes()));
        self.push(&root, id, body);
    }

    pub(crate) fn by_admin(&mut self, body: Body) {
        let admin = self.admin.clone();
        self.push(&admin.sign, admin.id.into(), body);
    }

    fn push(&mut self, key: &SigningKey, author: SignerId, body: Body) {
        let (partnership, seq, prev) = (self.id(), self.authority.size().next(), self.authority.head());
        let signed = signed_by(key, author, &Entry { partnership, seq, prev, time: NOW, author, body });
        self.authority.append(&signed).expect("a town writes only what may stand");
        self.entries.push(signed);
    }

    fn add(&mut self, device: &Device) {
        self.add_until(device, COUNCIL, None);
    }

    fn add_until(&mut self, device: &Device, organisation: OrganisationId, not_after: Option<Millis>) {
        let (sign, kem, kem_restricted) = (device.public(), device.kem, None);
        let possession = device.sign(label::SIG_POSSESSION, &possession_message(self.id(), &sign, &kem, None));
        let kind = DeviceKind::Personal;
        self.by_root(Body::DeviceAdd(DeviceAdd {
            organisation,
            kind,
            sign,
            kem,
            not_after,
            possession,
            kem_restricted,
        }));
    }

    /// A device in no team.
    pub(crate) fn device(&mut self) -> Device {
        self.device_until(None)
    }

    pub(crate) fn device_until(&mut self, not_after: Option<Millis>) -> Device {
        self.seeds += 1;
        let device = Device::new(self.seeds);
        self.add_until(&device, COUNCIL, not_after);
        device
    }

    /// An admin of the other organisation.
    pub(crate) fn landlord(&mut self) -> Device {
        self.seeds += 1;
        let device = Device::new(self.seeds);
        self.add_until(&device, LANDLORD, None);
        let (organisation, standing) = (LANDLORD, Standing::Granted);
        self.by_root(Body::AdminSet(AdminSet { organisation, device: device.id, standing }));
        device
    }

    /// A team of these devices, with its first key.
    pub(crate) fn team(&mut self, team: u8, members: &[&Device]) -> TeamId {
        let team = TeamId([team; 16]);
        self.by_admin(Body::TeamSet(TeamSet { team, organisation: COUNCIL, tier: TeamTier::Ops }));
        for member in members {
            let device = member.id;
            self.by_admin(Body::TeamMember(TeamMember {
                team,
                device,
                standing: Standing::Granted,
                wrap: None,
                cuts: vec![],
            }));
        }
        self.team_epoch(team);
        team
    }

    /// The next key of a team.
    pub(crate) fn team_epoch(&mut self, team: TeamId) {
        let state = &self.authority.teams()[&team];
        let epoch = state.epoch().next();
        let members: Vec<DeviceId> = state.members().copied().collect();
        let wraps: Vec<Bytes> =
            members.iter().map(|m| self.sealed(SealedWrapPurpose::TeamToDevice, (team.0, epoch), m.0)).collect();
        let previous = (epoch > Epoch(1))
            .then(|| self.key_wrap(KeyWrapPurpose::PreviousTeam, (team.0, epoch), (team.0, Epoch(epoch.0 - 1))));
        self.by_admin(Body::TeamEpoch(TeamEpoch {
            team,
            epoch,
            commitment: self.commitment(),
            previous,
            recipients: recipients_digest(&members),
            wraps_root: wraps_digest(wraps.iter().map(|w| &w.0[..])),
            count: u32::try_from(members.len()).expect("few members"),
        }));
        self.wraps.extend(wraps);
    }

    /// A zone that a team may read and write, with its first key. The directory zone comes first.
    pub(crate) fn zone(&mut self, zone: u8, class: Class, team: TeamId) -> ZoneId {
        self.zone_with(zone, class, team, Rights::READ_WRITE)
    }

    pub(crate) fn zone_with(&mut self, zone: u8, class: Class, team: TeamId, rights: Rights) -> ZoneId {
        let zone = ZoneId([zone; 16]);
        let locator = match (self.authority.directory_zone(), self.authority.locator(class, COUNCIL)) {
            (Some(directory), None) if !matches!(class, Class::Directory | Class::Register | Class::Audit) => {
                let epoch = self.authority.zones()[&directory].epoch();
                let key = locator_key_id(class, COUNCIL);
                let wrap = self.key_wrap(KeyWrapPurpose::Locator, (directory.0, epoch), (key.0, Epoch(1)));
                Some(LocatorWrap { commitment: self.commitment(), wrap })
            }
            _ => None,
        };
        let area = AreaId([7; 16]);
        self.by_admin(Body::ZoneCreate(ZoneCreate { zone, organisation: COUNCIL, class, area, locator }));
        self.grant(zone, team, rights);
        let team_epoch = self.authority.teams()[&team].epoch();
        let wrap = self.key_wrap(KeyWrapPurpose::ZoneUnderTeam, (team.0, team_epoch), (zone.0, Epoch(1)));
        let escrow = self.sealed(SealedWrapPurpose::ZoneToEscrow, (zone.0, Epoch(1)), COUNCIL.0);
        self.by_admin(Body::ZoneEpoch(ZoneEpoch {
            zone,
            epoch: Epoch(1),
            commitment: self.commitment(),
            previous: None,
            wraps: vec![ZoneTeamWrap { team, team_epoch, wrap }],
            escrow,
            drop_box: (class == Class::Audit).then_some(KemPublic([8; 32])),
        }));
        zone
    }

    fn grant(&mut self, zone: ZoneId, team: TeamId, rights: Rights) {
        let mut grant = GrantId(zone.0);
        grant.0[0] ^= team.0[0];
        self.by_admin(Body::Grant(Grant {
            grant,
            zone,
            team,
            rights,
            purposes: vec![1],
            agreement: None,
            legal_power: 1,
            lawful_basis: 1,
            expires: None,
            wrap: None,
        }));
    }

    /// A device that is an admin beside the first.
    pub(crate) fn second_admin(&mut self) -> Device {
        let admin = self.device();
        let set = AdminSet { organisation: COUNCIL, device: admin.id, standing: Standing::Granted };
        self.by_root(Body::AdminSet(set));
        admin
    }

    /// Erases the document of these envelopes, as both admins say.
    pub(crate) fn erase(&mut self, second: &Device, zone: ZoneId, envelopes: &[&Bytes]) {
        self.erase_for(EraseReason::Request, second, zone, envelopes);
    }

    /// The same for a reason.
    pub(crate) fn erase_for(&mut self, reason: EraseReason, second: &Device, zone: ZoneId, envelopes: &[&Bytes]) {
        let mut named: Vec<ErasedEnvelope> = envelopes
            .iter()
            .map(|bytes| {
                let header = Header::parse(&bytes.0[..HEADER_BYTES]).expect("a header");
                ErasedEnvelope { envelope: id_of(bytes), author: header.author, zseq: header.zseq }
            })
            .collect();
        named.sort_by_key(|one| one.envelope);
        self.erase_named(reason, second, zone, named);
    }

    pub(crate) fn erase_named(
        &mut self,
        reason: EraseReason,
        second: &Device,
        zone: ZoneId,
        envelopes: Vec<ErasedEnvelope>,
    ) {
        let (partnership, seq, prev) = (self.id(), self.authority.size().next(), self.authority.head());
        let body = Body::Erase(Erase { zone, document: DocumentId([6; 16]), reason, envelopes });
        let first = self.admin.clone();
        let entry = Entry { partnership, seq, prev, time: NOW, author: first.id.into(), body };
        let bytes = entry.to_bytes();
        let digest = Entry::signing_digest(&bytes);
        let mut signatures: Vec<EntrySignature> = [&first, second]
            .map(|device| EntrySignature {
                signer: device.id.into(),
                signature: device.sign(label::SIG_LOG, &digest.0),
            })
            .into();
        signatures.sort_by_key(|signature| signature.signer);
        let signed = SignedEntry::new(bytes, signatures);
        self.authority.append(&signed).expect("a town writes only what may stand");
        self.entries.push(signed);
    }

    pub(crate) fn adopt(&mut self, zone: ZoneId, author: DeviceId, envelope: EnvelopeId) {
        self.by_admin(Body::Adopt(Adopt { zone, author, envelopes: vec![envelope] }));
    }

    /// The root key, and its id where a device's would stand.
    pub(crate) fn root(&self) -> Device {
        let id = root_id(&SignPublic(self.root.verifying_key().to_bytes()));
        Device { id: DeviceId(id.0), sign: self.root.clone(), ..self.admin.clone() }
    }

    pub(crate) fn freeze(&mut self, device: DeviceId) {
        self.by_admin(Body::Freeze(Freeze { device }));
    }

    pub(crate) fn unfreeze(&mut self, device: DeviceId) {
        self.by_admin(Body::Unfreeze(Unfreeze { device }));
    }

    pub(crate) fn revoke(&mut self, device: DeviceId, cuts: Vec<Cut>) {
        self.by_admin(Body::DeviceRevoke(DeviceRevoke { device, reason: RevokeReason::Lost, cuts }));
    }

    /// No key is used twice.
    fn commitment(&self) -> KeyCommitment {
        let mut commitment = [3; 32];
        commitment[..8].copy_from_slice(&self.authority.size().0.to_be_bytes());
        KeyCommitment(commitment)
    }

    fn sealed(&self, purpose: SealedWrapPurpose, (subject, epoch): ([u8; 16], Epoch), recipient: [u8; 16]) -> Bytes {
        let header = SealedWrapHeader { purpose, partnership: self.id(), subject, epoch, recipient };
        let mut wrap = header.to_bytes().to_vec();
        wrap.resize(SEALED_WRAP_BYTES, 0);
        Bytes(wrap)
    }

    fn key_wrap(
        &self,
        purpose: KeyWrapPurpose,
        (parent, parent_epoch): ([u8; 16], Epoch),
        (child, child_epoch): ([u8; 16], Epoch),
    ) -> Bytes {
        let partnership = self.id();
        let header = KeyWrapHeader { purpose, partnership, parent, child, parent_epoch, child_epoch };
        let mut wrap = header.to_bytes().to_vec();
        wrap.resize(KEY_WRAP_BYTES, 0);
        Bytes(wrap)
    }

    /// The whole log, to be brought to an empty store.
    pub(crate) fn bring(&self) -> LogAppend {
        LogAppend {
            partnership: self.id(),
            base_size: LogSize(0),
            base_head: LogHash::ZERO,
            entries: self.entries.clone(),
            wraps: self.wraps.clone(),
            whole: None,
        }
    }

    /// The entries after `size`, with the wraps from the `wrap`th on.
    pub(crate) fn since(&self, size: LogSize, wrap: usize) -> LogAppend {
        LogAppend {
            partnership: self.id(),
            base_size: size,
            base_head: self.authority.head_at(size).expect("a size the log had"),
            entries: self.entries[usize::try_from(size.0).expect("a short log")..].to_vec(),
            wraps: self.wraps[wrap..].to_vec(),
            whole: None,
        }
    }

    /// The header of a device's next envelope in a zone.
    pub(crate) fn header(&self, device: &Device, zone: ZoneId) -> Header {
        let (zseq, prev) = device.tails.get(&zone).copied().unwrap_or((ZoneSeq(0), EnvelopeId::ZERO));
        Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::ZoneKey,
            partnership: self.id(),
            zone,
            document: DocumentId([6; 16]),
            epoch: Epoch(1),
            author: device.id,
            zseq: zseq.next(),
            prev,
            log_size: self.authority.size(),
            log_head: self.authority.head(),
        }
    }

    /// A device's next envelope in a zone; its chain moves on.
    pub(crate) fn write(&self, device: &mut Device, zone: ZoneId) -> Bytes {
        self.write_long(device, zone, PADDED_BYTES)
    }

    pub(crate) fn write_long(&self, device: &mut Device, zone: ZoneId, padded_bytes: usize) -> Bytes {
        let header = self.header(device, zone);
        let bytes = seal(device, &header, padded_bytes);
        device.tails.insert(zone, (header.zseq, id_of(&bytes)));
        bytes
    }

    /// What a device asks that knows the whole log.
    pub(crate) fn request(&self, cursors: Vec<Cursor>, envelopes: Vec<Bytes>) -> SyncRequest {
        SyncRequest {
            log_size: self.authority.size(),
            log_head: self.authority.head(),
            cursors,
            envelopes,
            audit: Vec::new(),
            budget_bytes: 0,
        }
    }

    /// What a device asks that knows nothing.
    pub(crate) fn first_request() -> SyncRequest {
        SyncRequest {
            log_size: LogSize(0),
            log_head: LogHash::ZERO,
            cursors: Vec::new(),
            envelopes: Vec::new(),
            audit: Vec::new(),
            budget_bytes: 0,
        }
    }
}

/// An envelope with this header, signed by this device, with zeros for what would be sealed.
pub(crate) fn seal(device: &Device, header: &Header, padded_bytes: usize) -> Bytes {
    let mut bytes = header.to_bytes().to_vec();
    let sealed_bytes = OVERHEAD_BYTES - HEADER_BYTES - Signature::LEN + padded_bytes + header.drop_box_bytes();
    bytes.resize(HEADER_BYTES + sealed_bytes, 0);
    let id = envelope_id(&bytes);
    bytes.extend_from_slice(&device.sign(label::SIG_ENVELOPE, &id.0).0);
    Bytes(bytes)
}

pub(crate) fn id_of(envelope: &Bytes) -> EnvelopeId {
    envelope_id(&envelope.0[..envelope.0.len() - Signature::LEN])
}

fn signed_by(key: &SigningKey, signer: SignerId, entry: &Entry) -> SignedEntry {
    let bytes = entry.to_bytes();
    let digest = Entry::signing_digest(&bytes);
    let signature = Signature(key.sign(&signed_bytes(label::SIG_LOG, &digest.0)).to_bytes());
    SignedEntry::new(bytes, vec![EntrySignature { signer, signature }])
}

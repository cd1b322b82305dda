//! Admins who write any entry that the log allows: who revokes, ends, adopts and erases in tests of whose work counts.

use doorstep_client_core::device::{Device, RecordId};
use doorstep_client_core::partnership::{
    self, AcceptPlan, Engagement, FoundingPlan, Invitation, InvitePlan, JoinPlan, OrganisationPlan,
};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::Hazard;
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Reading, Uprn};
use doorstep_client_core::store::{Store, envelopes};
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::{
    AdminSet, Authority, Body, DeviceKind, Entry, OrganisationKind, SignedEntry, Standing, TeamTier, root_id,
};
use doorstep_protocol::{
    Class, DeviceId, EnvelopeId, Millis, OrganisationId, SignPublic, SignerId, WorkerId, ZoneId, label,
};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::town::{NOON, SERVER_URL};

const JOIN: JoinPlan = JoinPlan { kind: DeviceKind::Personal, kem_restricted: None };

/// A partnership whose whole log is here, and the secrets of everybody in it.
pub struct Clerk {
    /// The whole log.
    pub entries: Vec<SignedEntry>,
    /// What follows from it.
    pub authority: Authority,
    /// The two desks that are admins, then the tablets.
    blobs: Vec<Vec<u8>>,
    wraps: Vec<Vec<u8>>,
    invitation: Invitation,
    server_key: SignPublic,
}

impl Clerk {
    /// A council with two desks that are admins and so many tablets in its teams.
    ///
    /// # Panics
    /// When the log refuses what this says: then this is wrong.
    #[must_use]
    pub fn new(tablets: usize) -> Self {
        let rng = &mut ChaCha20Rng::seed_from_u64(5);
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let secrets = DeviceSecrets::make(rng);
        let mut blobs = vec![secrets.expose_bytes().to_vec()];
        let server_key = SigningKey::make(rng).public();
        let founding = partnership::found(&plan, &secrets, server_key, NOON, rng).expect("a plan that holds");
        let mut desk = Device::open(Store::in_memory().expect("memory"), secrets, rng).expect("a new device");
        partnership::settle(&mut desk, founding.partnership, &founding.written, (SERVER_URL, &server_key))
            .expect("its own log");
        let (mut entries, mut wraps) = (founding.written.entries.clone(), founding.written.wraps.clone());
        for number in 0..=tablets {
            let secrets = DeviceSecrets::make(rng);
            blobs.push(secrets.expose_bytes().to_vec());
            let mut tablet = Device::open(Store::in_memory().expect("memory"), secrets, rng).expect("a new device");
            let invitation = invite(&mut desk, rng).check(None, NOON).expect("a new one");
            let request = partnership::begin(&mut tablet, &invitation, &JOIN).expect("an invitation");
            let authority = desk.authority().expect("it is a member");
            let accept = AcceptPlan {
                organisation: *authority.organisations().keys().next().expect("one was founded"),
                // These tablets have no key that opens with a PIN.
                teams: authority
                    .teams_of(desk.id())
                    .filter(|(_, team)| team.tier == TeamTier::Ops)
                    .map(|(id, _)| *id)
                    .collect(),
                worker: WorkerId([number as u8 + 1; 16]),
                engagement: Engagement::Staff,
                not_after: None,
            };
            let written = partnership::accept(&mut desk, &request, &accept, NOON, rng).expect("a request that holds");
            partnership::take_written(&mut desk, &written).expect("its own entries");
            entries.extend(written.entries);
            wraps.extend(written.wraps);
        }
        let invitation = invite(&mut desk, rng);
        let authority = desk.authority().expect("it is a member").clone();
        let mut clerk = Self { entries, authority, blobs, wraps, invitation, server_key };
        let roots: Vec<SigningKey> = founding.kit.sheets().iter().map(|sheet| root_key(&sheet.root)).collect();
        let second = AdminSet { organisation: clerk.council(), device: clerk.id(1), standing: Standing::Granted };
        let signers: Vec<(SignerId, &SigningKey)> = roots
            .iter()
            .take(usize::from(founding.kit.threshold()))
            .map(|root| (root_id(&root.public()), root))
            .collect();
        clerk.push(Body::AdminSet(second), &signers);
        clerk
    }

    /// The same partnership, for another history.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            entries: self.entries.clone(),
            authority: self.authority.clone(),
            blobs: self.blobs.clone(),
            wraps: self.wraps.clone(),
            invitation: self.invitation.clone(),
            server_key: self.server_key,
        }
    }

    /// The one organisation.
    #[must_use]
    pub fn council(&self) -> OrganisationId {
        *self.authority.organisations().keys().next().expect("one was founded")
    }

    /// The zone of a class.
    #[must_use]
    pub fn zone(&self, class: Class) -> ZoneId {
        let mut zones = self.authority.zones().iter().filter(|(_, zone)| zone.class == class);
        *zones.next().expect("every class that this asks for was founded").0
    }

    /// Secrets of a device: 0 and 1 are the desks.
    #[must_use]
    pub fn secrets(&self, number: usize) -> DeviceSecrets {
        DeviceSecrets::from_bytes(&self.blobs[number]).expect("written by expose_bytes")
    }

    /// The id of a device: 0 and 1 are the desks.
    #[must_use]
    pub fn id(&self, number: usize) -> DeviceId {
        self.secrets(number).device()
    }

    /// A device on an empty store, with the whole log.
    #[must_use]
    pub fn device(&self, number: usize, rng: &mut ChaCha20Rng) -> Device {
        self.device_on(number, Store::in_memory().expect("memory"), self.entries.len(), rng)
    }

    /// A device on an empty store, with the first `size` entries of the log.
    #[must_use]
    pub fn device_on(&self, number: usize, store: Store, size: usize, rng: &mut ChaCha20Rng) -> Device {
        let mut device = Device::open(store, self.secrets(number), rng).expect("an empty store");
        let invitation = self.invitation.clone().check(None, NOON).expect("a new one");
        partnership::begin(&mut device, &invitation, &JOIN).expect("an invitation");
        device.take_log(&self.entries[..size], &self.wraps).expect("the log holds");
        device
    }

    /// The key that the genesis names.
    #[must_use]
    pub const fn server_key(&self) -> &SignPublic {
        &self.server_key
    }

    /// The first desk says it; an erasure the second one, too.
    pub fn says(&mut self, body: Body) {
        let (first, second) = (self.secrets(0), self.secrets(1));
        let mut signers = vec![(SignerId(first.device().0), first.sign.here().expect("a key in memory"))];
        if matches!(body, Body::Erase(_)) {
            signers.push((SignerId(second.device().0), second.sign.here().expect("a key in memory")));
        }
        self.push(body, &signers);
    }

    fn push(&mut self, body: Body, signers: &[(SignerId, &SigningKey)]) {
        let entry = Entry {
            partnership: self.authority.partnership(),
            seq: self.authority.size().next(),
            prev: self.authority.head(),
            time: NOON,
            author: signers[0].0,
            body,
        };
        let bytes = entry.to_bytes();
        let digest = Entry::signing_digest(&bytes);
        let one = |(signer, key): &(SignerId, &SigningKey)| EntrySignature {
            signer: *signer,
            signature: key.sign(label::SIG_LOG, &digest.0),
        };
        let signed = SignedEntry::new(bytes, signers.iter().map(one).collect());
        self.authority.append(&signed).expect("an entry that the log allows");
        self.entries.push(signed);
    }

    /// Hands a device the log as far as it goes.
    ///
    /// # Panics
    /// When the device does not take it.
    pub fn tell(&self, device: &mut Device) {
        device.take_log(&self.entries, &self.wraps).expect("the log holds");
    }
}

fn invite(desk: &mut Device, rng: &mut ChaCha20Rng) -> Invitation {
    partnership::invite(desk, &InvitePlan::IN_PERSON, NOON, rng).expect("it is a member").invitation
}

/// The root key on a sheet.
pub(crate) fn root_key(text: &str) -> SigningKey {
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    let bytes: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).expect("hexadecimal")).collect();
    SigningKey::from_seed(bytes.try_into().expect("32 bytes"))
}

/// A hazard with this note at this address.
///
/// # Panics
/// When the device refuses.
pub fn record(device: &mut Device, rng: &mut ChaCha20Rng, uprn: &str, note: &str) -> RecordId {
    let uprn: Uprn = uprn.parse().expect("digits");
    device
        .write(NOON, rng, |draft| {
            let record = draft.record_of_uprn(&uprn)?;
            let property =
                Property { uprn: Some(uprn.clone()), line: Some("1 High Street".into()), ..Property::default() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            let row = draft.row_id();
            let hazard = Hazard {
                scheme: Some(Scheme::Hhsrs2026),
                code: Some("1".into()),
                note: Some(note.into()),
                ..Hazard::default()
            };
            draft.edit(record, Class::Home, |edit| edit.create(row, &hazard))?;
            Ok(record)
        })
        .expect("it may write there")
}

/// The notes that a device shows for a home.
///
/// # Panics
/// When the device cannot read its store.
pub fn notes(device: &mut Device, record: RecordId) -> Vec<String> {
    let Some(home) = device.document_of(record, Class::Home).expect("its store") else { return Vec::new() };
    let Some(view) = device.view(home).expect("its store") else { return Vec::new() };
    let mut notes: Vec<String> =
        view.rows::<Hazard>(Reading::Shown).into_iter().filter_map(|seen| seen.value.note).collect();
    notes.sort();
    notes
}

/// Everything that a device keeps, in order of arrival, its own unsealed work sealed first. What was erased is left out.
///
/// # Panics
/// When the device cannot read its store.
pub fn everything(device: &mut Device, rng: &mut ChaCha20Rng) -> Vec<(EnvelopeId, Vec<u8>)> {
    while device.seal_pending(Millis(NOON.0 + 1), rng).expect("its own work") > 0 {}
    let kept = envelopes::page_after(device.store().reader(), 0, usize::MAX).expect("its store");
    let whole = kept.into_iter().filter(|kept| kept.bytes.len() > doorstep_protocol::envelope::HEADER_BYTES);
    whole.map(|kept| (kept.id, kept.bytes)).collect()
}

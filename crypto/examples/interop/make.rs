//! Makes cases from a seed: most of them open, every tenth is damaged and must be refused.

use doorstep_crypto::audit::{self, AuditKey};
use doorstep_crypto::invite::{InviteKey, derive_invite_key};
use doorstep_crypto::keys::{
    FileKey, InviteSecret, KemSecret, LocatorKey, SigningKey, TeamKey, ZoneKey, derive_drop_box,
};
use doorstep_crypto::local::{LocalKey, seal_local};
use doorstep_crypto::part::{PartKind, PartPlace, seal_part};
use doorstep_crypto::passphrase::{MEMORY_KIB_MIN, PassphraseCost, PassphraseSalt, derive_local_key};
use doorstep_crypto::pin::{PinPepper, make_pin_key};
use doorstep_crypto::shares::{SharePlan, make_shares};
use doorstep_crypto::words::OneTimePhrase;
use doorstep_crypto::wrap::{seal_invite, seal_to, wrap};
use doorstep_crypto::{envelope, locator};
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::feed::{FeedPoint, heads_digest};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    DeviceId, DocumentId, EnvelopeId, Epoch, FeedNumber, FileId, InviteId, LogHash, LogSize, PartnershipId, ZoneId,
    ZoneSeq, cbor, hash, label,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::json::{header_to_json, hex, key_wrap_to_json, sealed_wrap_to_json};
use crate::record::Item;

/// Cases whose key comes from a passphrase: Argon2id takes its time.
const PASSPHRASES_MAX: usize = 4;

/// The cheapest cost.
const CHEAP: PassphraseCost = PassphraseCost { memory_kib: MEMORY_KIB_MIN, passes: 1, lanes: 1 };

/// What the drawn parts of a case are good for.
const MADE: &str = "the parts of a made case are within every limit";

/// Makes cases; the same seed makes the same cases.
pub(crate) struct Maker(ChaCha20Rng);

impl Maker {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0.next_u64() % limit
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    fn data(&mut self, limit: u64) -> Vec<u8> {
        let mut data = vec![0; self.below(limit) as usize];
        self.0.fill_bytes(&mut data);
        data
    }

    fn ascii(&mut self, limit: u64) -> String {
        (0..=self.below(limit)).map(|_| char::from(b'!' + (self.below(94) as u8))).collect()
    }

    /// Numbers near the ends of their encodings.
    fn number(&mut self) -> u64 {
        let edge =
            [0, 23, 24, 255, 256, 65_535, 65_536, u64::from(u32::MAX), 1 << 32, u64::MAX][self.below(10) as usize];
        if self.below(2) == 0 { edge } else { self.0.next_u64() >> self.below(64) }
    }

    /// One case of this format.
    pub(crate) fn case(&mut self, format: &str, index: usize) -> Value {
        let mut case = match format {
            "envelope" => self.envelope(),
            "drop_box" => self.drop_box(index),
            "key_wrap" => self.key_wrap(index),
            "sealed_wrap" => self.sealed_wrap(index),
            "locator" => self.locator(),
            "feed" => self.feed(),
            "identity" => self.identity(),
            "record" => self.record(index),
            "local" => self.local(index),
            "shares" => self.shares(),
            "audit" => self.audit(index),
            "part" => self.part(),
            _ => self.invite(index),
        };
        case["format"] = json!(format);
        if case["expect"].is_null() {
            case["expect"] = json!("open");
            if let Some(bytes) = case["bytes"].as_str().filter(|_| index % 10 == 9) {
                let mut damaged = crate::json::from_hex(bytes).expect(MADE);
                let at = self.below(damaged.len() as u64) as usize;
                damaged[at] ^= 1 << self.below(8);
                case["bytes"] = json!(hex(&damaged));
                case["expect"] = json!("refuse");
            }
        }
        case
    }

    fn header(&mut self, keying: Keying) -> Header {
        let zseq = self.number().max(1);
        Header {
            kind: if self.below(2) == 0 { EnvelopeKind::Changes } else { EnvelopeKind::Snapshot },
            keying,
            partnership: PartnershipId(self.array()),
            zone: ZoneId(self.array()),
            document: DocumentId(self.array()),
            epoch: Epoch(self.0.next_u32()),
            author: DeviceId(self.array()),
            zseq: ZoneSeq(zseq),
            prev: if zseq == 1 { EnvelopeId::ZERO } else { EnvelopeId(self.array()) },
            log_size: LogSize(self.number()),
            log_head: LogHash(self.array()),
        }
    }

    fn envelope(&mut self) -> Value {
        let header = self.header(Keying::ZoneKey);
        let (zone_key, author, data) = (ZoneKey::make(&mut self.0), SigningKey::make(&mut self.0), self.data(3_000));
        let made = envelope::seal(&zone_key, &header, &data, &author, &mut self.0).expect(MADE);
        json!({
            "header": header_to_json(&header), "zone_key": hex(zone_key.expose_bytes()),
            "author_public": author.public(), "data": hex(&data), "id": made.id(), "bytes": hex(made.as_bytes()),
        })
    }

    /// Every second zone secret is derived from the zone's key.
    fn drop_box(&mut self, index: usize) -> Value {
        let header = self.header(Keying::DropBox);
        let zone_key = ZoneKey::make(&mut self.0);
        let derived = index % 2 == 1;
        let zone = if derived { derive_drop_box(&zone_key) } else { KemSecret::make(&mut self.0) };
        let (author, data) = (SigningKey::make(&mut self.0), self.data(1_000));
        let made = envelope::seal_drop_box(&zone.public(), &header, &data, &author, &mut self.0).expect(MADE);
        json!({
            "header": header_to_json(&header), "zone_secret": hex(zone.expose_bytes()),
            "zone_key": derived.then(|| hex(zone_key.expose_bytes())),
            "author_public": author.public(), "data": hex(&data), "id": made.id(), "bytes": hex(made.as_bytes()),
        })
    }

    fn key_wrap(&mut self, index: usize) -> Value {
        let header = |maker: &mut Self, purpose| KeyWrapHeader {
            purpose,
            partnership: PartnershipId(maker.array()),
            parent: maker.array(),
            child: maker.array(),
            parent_epoch: Epoch(maker.0.next_u32()),
            child_epoch: Epoch(maker.0.next_u32()),
        };
        let (team, zone, local) = (TeamKey::make(&mut self.0), ZoneKey::make(&mut self.0), LocalKey::make(&mut self.0));
        let (header, parent, child, made) = match index % 5 {
            0 => {
                let header = header(self, KeyWrapPurpose::ZoneUnderTeam);
                let made = wrap(&header, &team, &zone, &mut self.0);
                (header, *team.expose_bytes(), *zone.expose_bytes(), made)
            }
            1 => {
                let header = header(self, KeyWrapPurpose::PreviousTeam);
                let older = TeamKey::make(&mut self.0);
                let made = wrap(&header, &team, &older, &mut self.0);
                (header, *team.expose_bytes(), *older.expose_bytes(), made)
            }
            2 => {
                let header = header(self, KeyWrapPurpose::PreviousZone);
                let older = ZoneKey::make(&mut self.0);
                let made = wrap(&header, &zone, &older, &mut self.0);
                (header, *zone.expose_bytes(), *older.expose_bytes(), made)
            }
            3 => {
                let header = header(self, KeyWrapPurpose::DeviceLocal);
                let made = wrap(&header, &local, &team, &mut self.0);
                (header, *local.expose_bytes(), *team.expose_bytes(), made)
            }
            _ => {
                let header = header(self, KeyWrapPurpose::Locator);
                let key = LocatorKey::make(&mut self.0);
                let made = wrap(&header, &zone, &key, &mut self.0);
                (header, *zone.expose_bytes(), *key.expose_bytes(), made)
            }
        };
        json!({
            "header": key_wrap_to_json(&header), "parent_key": hex(&parent), "child_key": hex(&child),
            "commitment": hex(&hash::tagged(label::KEY_COMMITMENT, &[&child])), "bytes": hex(&made.expect(MADE)),
        })
    }

    fn sealed_wrap(&mut self, index: usize) -> Value {
        let recipient = KemSecret::make(&mut self.0);
        let invite = InviteSecret::make(&mut self.0);
        let (team, zone, audit) =
            (TeamKey::make(&mut self.0), ZoneKey::make(&mut self.0), KemSecret::make(&mut self.0));
        let purposes = [
            SealedWrapPurpose::TeamToDevice,
            SealedWrapPurpose::ZoneToEscrow,
            SealedWrapPurpose::Invite,
            SealedWrapPurpose::AuditToAuditor,
        ];
        let header = SealedWrapHeader {
            purpose: purposes[index % 4],
            partnership: PartnershipId(self.array()),
            subject: self.array(),
            epoch: Epoch(self.0.next_u32()),
            recipient: self.array(),
        };
        let public = recipient.public();
        let (key, made) = match header.purpose {
            SealedWrapPurpose::TeamToDevice => (*team.expose_bytes(), seal_to(&header, &public, &team, &mut self.0)),
            SealedWrapPurpose::ZoneToEscrow => (*zone.expose_bytes(), seal_to(&header, &public, &zone, &mut self.0)),
            SealedWrapPurpose::Invite => {
                (*team.expose_bytes(), seal_invite(&header, &public, &invite, &team, &mut self.0))
            }
            SealedWrapPurpose::AuditToAuditor => {
                (*audit.expose_bytes(), seal_to(&header, &public, &audit, &mut self.0))
            }
        };
        json!({
            "header": sealed_wrap_to_json(&header), "recipient_secret": hex(recipient.expose_bytes()),
            "invite": hex(invite.expose_bytes()), "key": hex(&key),
            "commitment": hex(&hash::tagged(label::KEY_COMMITMENT, &[&key])), "bytes": hex(&made.expect(MADE)),
        })
    }

    fn locator(&mut self) -> Value {
        let (key, class, id) = (LocatorKey::make(&mut self.0), self.ascii(20), self.ascii(254));
        let document = locator::locator(&key, &class, &id).expect(MADE);
        json!({ "key": hex(key.expose_bytes()), "class": class, "id": id, "document": document })
    }

    fn feed(&mut self) -> Value {
        let envelopes: Vec<EnvelopeId> = (0..self.below(20)).map(|_| EnvelopeId(self.array())).collect();
        let mut point = FeedPoint::START;
        let heads: Vec<_> = envelopes
            .iter()
            .map(|id| {
                point = point.then(*id);
                point.head
            })
            .collect();
        let feeds: Vec<(ZoneId, FeedPoint)> = (0..self.below(6))
            .map(|_| {
                let head = doorstep_protocol::FeedHead(self.array());
                (ZoneId(self.array()), FeedPoint { number: FeedNumber(self.number()), head })
            })
            .collect();
        json!({
            "envelopes": envelopes, "heads": heads, "digest": heads_digest(feeds.iter().map(|(zone, at)| (zone, at))),
            "feeds": feeds.iter().map(|(z, at)| json!([z, at.number.0, at.head])).collect::<Vec<_>>(),
        })
    }

    fn identity(&mut self) -> Value {
        let (sign, kem) = (SigningKey::make(&mut self.0), KemSecret::make(&mut self.0));
        let name = label::ALL[self.below(label::ALL.len() as u64) as usize];
        let message = self.data(200);
        json!({
            "seed": hex(sign.expose_seed()), "kem_secret": hex(kem.expose_bytes()), "sign_public": sign.public(),
            "kem_public": kem.public(), "device": hash::device_id(&sign.public(), &kem.public()), "label": name,
            "message": hex(&message), "signature": sign.sign(name, &message),
        })
    }

    fn item(&mut self, depth: u64) -> Item {
        match self.below(if depth < 3 { 6 } else { 4 }) {
            0 => Item::Number(self.number()),
            1 => Item::Bytes(self.data(300)),
            2 => {
                Item::Text(["", "cegin", "ystafell ymolchi", "Tŷ Gwyn", "\u{1f525}"][self.below(5) as usize].to_owned())
            }
            3 => Item::Null,
            _ => Item::Array((0..self.below(6)).map(|_| self.item(depth + 1)).collect()),
        }
    }

    /// Every second record is in a form that no reader may accept.
    fn record(&mut self, index: usize) -> Value {
        let item = Item::Array((0..1 + self.below(20)).map(|_| self.item(0)).collect());
        let right = cbor::encode(&item);
        let (expect, bytes) = match index % 10 {
            1 => ("refuse", [&right[..], &[0]].concat()),
            3 => ("refuse", [&[0x98, right[0] & 0x1f], &right[1..]].concat()),
            5 => ("refuse", [&[0x9f], &right[1..], &[0xff]].concat()),
            7 => ("refuse", vec![0x82, 0x18, 0x17, 0x00]),
            9 => ("refuse", [&[0x81][..], &[[0xa0, 0x20, 0xc0, 0xf4, 0xf7][index / 10 % 5]], &[0]].concat()),
            _ => ("open", right),
        };
        json!({ "item": item.to_json(), "expect": expect, "bytes": hex(&bytes) })
    }

    /// The first have a passphrase, as many after them a PIN and a pepper, the rest a kept key.
    fn local(&mut self, index: usize) -> Value {
        let (slot, data) = (self.ascii(30), self.data(2_000));
        let (key, passphrase, pepper) = if index < PASSPHRASES_MAX {
            let passphrase = self.ascii(40);
            let salt = PassphraseSalt::make(&mut self.0);
            (derive_local_key(&passphrase, salt, CHEAP).expect(MADE), json!(passphrase), Value::Null)
        } else if index < 2 * PASSPHRASES_MAX {
            // Neither one digit repeated nor a run.
            let pin = format!("13{:06}", self.below(1_000_000));
            let pepper = PinPepper::make(&mut self.0);
            let key = make_pin_key(&pin, &pepper, CHEAP, &mut self.0).expect(MADE);
            (key, json!(pin), json!(hex(pepper.expose_bytes())))
        } else {
            (LocalKey::make(&mut self.0), Value::Null, Value::Null)
        };
        let bytes = seal_local(&key, &slot, &data, &mut self.0).expect(MADE);
        json!({
            "key": hex(key.expose_bytes()), "passphrase": passphrase, "pepper": pepper, "slot": slot,
            "data": hex(&data), "bytes": hex(&bytes),
        })
    }

    /// The last part of a file, or its only one.
    fn part(&mut self) -> Value {
        let (key, file, count) = (FileKey::make(&mut self.0), FileId(self.array()), 1 + self.below(32) as u32);
        let (kind, code) = if self.below(2) == 0 { (PartKind::Original, 1) } else { (PartKind::Thumbnail, 2) };
        let data = [&[1], &self.data(3_000)[..]].concat();
        let made = seal_part(&key, PartPlace { file, kind, index: count - 1, count }, &data, &mut self.0).expect(MADE);
        json!({
            "key": hex(key.expose_bytes()), "file": file, "kind": code, "index": count - 1, "count": count,
            "data": hex(&data), "bytes": hex(&made),
        })
    }

    /// Every tenth has a changed MAC.
    fn audit(&mut self, index: usize) -> Value {
        let (start, header) = (AuditKey::make(&mut self.0), self.header(Keying::DropBox));
        let shown = hex(start.expose_bytes());
        let records: Vec<Vec<u8>> = (0..=self.below(5)).map(|_| self.data(300)).collect();
        let (mut key, mut macs) = (start, Vec::new());
        for record in &records {
            macs.push(audit::mac(&key, &header, record).0);
            key = key.evolve();
        }
        let expect = self.expect_changed(index, macs.last_mut().expect("at least one record"));
        json!({
            "start": shown, "header": header_to_json(&header), "expect": expect, "next": hex(key.expose_bytes()),
            "records": records.iter().map(|record| hex(record)).collect::<Vec<_>>(),
            "macs": macs.iter().map(|mac| hex(mac)).collect::<Vec<_>>(),
        })
    }

    /// The first are derived from words; every tenth has a changed MAC of its request.
    fn invite(&mut self, index: usize) -> Value {
        let invite = InviteId(self.array());
        let (key, words) = if index < PASSPHRASES_MAX {
            let words = OneTimePhrase::make(&mut self.0);
            (derive_invite_key(&words, invite, CHEAP).expect(MADE), json!(words.expose_text()))
        } else {
            (InviteKey::from_bytes(self.array()), Value::Null)
        };
        let (invitation, request) = (self.data(300), self.data(300));
        let mut request_mac = key.mac_request(&request).0;
        let expect = self.expect_changed(index, &mut request_mac);
        json!({
            "words": words, "invite": invite, "cost": [CHEAP.memory_kib, CHEAP.passes, CHEAP.lanes],
            "key": hex(key.expose_bytes()), "invitation": hex(&invitation), "request": hex(&request),
            "invitation_mac": hex(&key.mac_invitation(&invitation).0), "request_mac": hex(&request_mac),
            "expect": expect,
        })
    }

    /// Changes one bit of every tenth, and says what must become of it.
    fn expect_changed(&mut self, index: usize, mac: &mut [u8; 32]) -> &'static str {
        if index % 10 != 9 {
            return "open";
        }
        mac[self.below(32) as usize] ^= 1 << self.below(8);
        "refuse"
    }

    fn shares(&mut self) -> Value {
        let secret: [u8; 32] = self.array();
        let threshold = 2 + self.below(4) as u8;
        let plan = SharePlan { threshold, count: threshold + self.below(4) as u8 };
        let shares = make_shares(&secret, plan, &mut self.0).expect(MADE);
        let mut shown: Vec<String> = shares.iter().map(|share| hex(&*share.expose_bytes())).collect();
        shown.rotate_left(self.below(u64::from(plan.count)) as usize);
        json!({ "secret": hex(&secret), "threshold": threshold, "shares": shown })
    }
}

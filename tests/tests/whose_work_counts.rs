//! Random histories of whose work counts: backdating, a log that somebody withholds, newcomers, leavers who return, cuts, forks,
//! adoption and erasure.
//!
//! Thousands run over the one pure function that devices use, with real logs, against a model that knows nothing of its code.
//! A hundred and more run on real devices that are told and sent everything in different orders.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::device::Device;
use doorstep_client_core::replica::standings::{Verdict, standings};
use doorstep_client_core::store::envelopes::{self, Standing as Kept};
use doorstep_protocol::authority::{
    Adopt, Body, Cut, DeviceRevoke, Erase, EraseReason, ErasedEnvelope, RevokeReason, Standing, TeamMember,
};
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::wrap::{SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{Bytes, Class, DeviceId, DocumentId, EnvelopeId, LogSize, TeamId, ZoneId, ZoneSeq};
use doorstep_tests::clerk::{Clerk, everything, notes, record};
use doorstep_tests::sim::chance::Chance;
use doorstep_tests::town::NOON;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// Histories over the pure function.
const HISTORIES: u64 = 4_000;
/// Histories on real devices.
const DEVICE_HISTORIES: u64 = 120;
const AUTHORS: usize = 3;
const STEPS: u64 = 24;

/// What the model knows of an envelope.
#[derive(Clone, Debug)]
struct Written {
    id: EnvelopeId,
    author: usize,
    document: u64,
    header: Header,
}

/// The last envelope that counts, by counter and id.
type Last = Option<(u64, EnvelopeId)>;

/// What the model knows of an author: no log, no code of the product.
#[derive(Clone, Debug, Default)]
struct Author {
    /// From which size of the log on the author could write, and from which on no longer.
    could_write: Vec<(u64, Option<u64>)>,
    /// What was cut: at which size, the last that counts, and whether a later log size helps.
    cuts: Vec<(u64, Last, Loss)>,
    is_revoked: bool,
    has_forked: bool,
    /// How much of the log it has heard.
    heard: u64,
    written: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Right,
    Device,
}

struct History {
    clerk: Clerk,
    zone: ZoneId,
    team: TeamId,
    authors: Vec<Author>,
    written: Vec<Written>,
    adopted: BTreeSet<EnvelopeId>,
    erased: BTreeMap<u64, u64>,
    named: BTreeMap<EnvelopeId, (usize, u64)>,
}

fn document(number: u64) -> DocumentId {
    DocumentId([0xd0 + number as u8; 16])
}

impl History {
    fn new(clerk: &Clerk) -> Self {
        let clerk = clerk.fork();
        let zone = clerk.zone(Class::Home);
        let team = *clerk.authority.holders(zone).iter().next().expect("somebody holds it");
        let size = clerk.authority.size().0;
        let author = Author { could_write: vec![(size, None)], heard: size, ..Author::default() };
        Self {
            clerk,
            zone,
            team,
            authors: vec![author; AUTHORS],
            written: Vec::new(),
            adopted: BTreeSet::new(),
            erased: BTreeMap::new(),
            named: BTreeMap::new(),
        }
    }

    fn device(&self, author: usize) -> DeviceId {
        self.clerk.id(author + 2)
    }

    fn size(&self) -> u64 {
        self.clerk.authority.size().0
    }

    fn can_write(&self, author: usize) -> bool {
        self.authors[author].could_write.last().is_some_and(|(_, until)| until.is_none())
    }

    fn step(&mut self, chance: &mut Chance) {
        let author = chance.below(AUTHORS as u64) as usize;
        match chance.below(16) {
            0..=7 => self.write(author, chance, self.authors[author].written.len()),
            // Its disk was copied: it writes once more where it wrote before.
            8 if !self.authors[author].written.is_empty() => {
                self.authors[author].has_forked = true;
                let after = chance.below(self.authors[author].written.len() as u64) as usize;
                self.write(author, chance, after);
            }
            9 => self.authors[author].heard = self.size(),
            10 | 11 if self.can_write(author) => self.leave(author, chance),
            12 if !self.authors[author].is_revoked && !self.can_write(author) => self.come_back(author),
            13 if !self.authors[author].is_revoked && chance.happens(400) => self.revoke(author, chance),
            14 => self.adopt(author, chance),
            15 if chance.happens(300) => self.erase(chance),
            _ => {}
        }
    }

    fn write(&mut self, author: usize, chance: &mut Chance, after: usize) {
        let known = &self.authors[author];
        let prev = after.checked_sub(1).map(|at| self.written[known.written[at]].clone());
        // An author may claim to have heard less than it has, and never more.
        let (first, heard) = (known.could_write[0].0, known.heard);
        let log_size = LogSize(if chance.happens(250) { chance.between(first, heard) } else { heard });
        let document_number = chance.below(3);
        let header = Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::ZoneKey,
            partnership: self.clerk.authority.partnership(),
            zone: self.zone,
            document: document(document_number),
            epoch: self.clerk.authority.zones()[&self.zone].epoch(),
            author: self.device(author),
            zseq: prev.as_ref().map_or(ZoneSeq(1), |prev| prev.header.zseq.next()),
            prev: prev.map_or(EnvelopeId::ZERO, |prev| prev.id),
            log_size,
            log_head: self.clerk.authority.head_at(log_size).expect("it has heard it"),
        };
        let id = EnvelopeId([chance.bytes16(), chance.bytes16()].concat().try_into().expect("32"));
        self.authors[author].written.truncate(after);
        self.authors[author].written.push(self.written.len());
        self.written.push(Written { id, author, document: document_number, header });
    }

    /// The last that counts, as an admin names it: something that exists, or nothing.
    fn last(&self, author: usize, chance: &mut Chance) -> Option<(u64, EnvelopeId)> {
        let of: Vec<&Written> = self.written.iter().filter(|one| one.author == author).collect();
        if of.is_empty() || chance.happens(200) {
            return None;
        }
        let one = chance.pick(&of);
        Some((one.header.zseq.0, one.id))
    }

    fn named_cuts(&self, last: Option<(u64, EnvelopeId)>) -> Vec<Cut> {
        last.map(|(zseq, envelope)| Cut { zone: self.zone, zseq: ZoneSeq(zseq), envelope }).into_iter().collect()
    }

    fn leave(&mut self, author: usize, chance: &mut Chance) {
        let last = self.last(author, chance);
        let cuts = self.named_cuts(last);
        let device = self.device(author);
        self.clerk.says(Body::TeamMember(TeamMember {
            team: self.team,
            device,
            standing: Standing::Ended,
            wrap: None,
            cuts,
        }));
        self.lose(author, last, Loss::Right);
    }

    fn lose(&mut self, author: usize, last: Option<(u64, EnvelopeId)>, loss: Loss) {
        let at = self.size();
        let author = &mut self.authors[author];
        author.cuts.push((at, last, loss));
        if let Some((_, until @ None)) = author.could_write.last_mut() {
            *until = Some(at);
        }
    }

    fn come_back(&mut self, author: usize) {
        let device = self.device(author);
        let wrap = SealedWrapHeader {
            purpose: SealedWrapPurpose::TeamToDevice,
            partnership: self.clerk.authority.partnership(),
            subject: self.team.0,
            epoch: self.clerk.authority.teams()[&self.team].epoch(),
            recipient: device.0,
        };
        let wrap = Some(Bytes([&wrap.to_bytes()[..], &[0xdd; 80]].concat()));
        self.clerk.says(Body::TeamMember(TeamMember {
            team: self.team,
            device,
            standing: Standing::Granted,
            wrap,
            cuts: Vec::new(),
        }));
        let at = self.size();
        self.authors[author].could_write.push((at, None));
    }

    fn revoke(&mut self, author: usize, chance: &mut Chance) {
        let last = self.last(author, chance);
        let cuts = self.named_cuts(last);
        let device = self.device(author);
        self.clerk.says(Body::DeviceRevoke(DeviceRevoke { device, reason: RevokeReason::Lost, cuts }));
        self.authors[author].is_revoked = true;
        self.lose(author, last, Loss::Device);
    }

    fn adopt(&mut self, author: usize, chance: &mut Chance) {
        let of = self.written.iter().filter(|one| one.author == author);
        let some: BTreeSet<EnvelopeId> = of.filter(|_| chance.happens(300)).map(|one| one.id).collect();
        self.adopt_these(author, some);
    }

    fn adopt_these(&mut self, author: usize, some: BTreeSet<EnvelopeId>) {
        if !some.is_empty() {
            let body =
                Adopt { zone: self.zone, author: self.device(author), envelopes: some.iter().copied().collect() };
            self.clerk.says(Body::Adopt(body));
            self.adopted.extend(some);
        }
    }

    fn erase(&mut self, chance: &mut Chance) {
        let number = chance.below(3);
        let of: Vec<Written> = self.written.iter().filter(|one| one.document == number).cloned().collect();
        // Not every admin knows of everything.
        let known: Vec<&Written> = of.iter().filter(|_| chance.happens(700)).collect();
        let mut envelopes: Vec<ErasedEnvelope> = known
            .iter()
            .map(|one| ErasedEnvelope { envelope: one.id, author: one.header.author, zseq: one.header.zseq })
            .collect();
        envelopes.sort_by_key(|one| one.envelope);
        self.named.extend(known.iter().map(|one| (one.id, (one.author, one.header.zseq.0))));
        let body = Erase { zone: self.zone, document: document(number), reason: EraseReason::Request, envelopes };
        self.clerk.says(Body::Erase(body));
        self.erased.insert(number, self.size());
    }

    fn is_erased(&self, one: &Written) -> bool {
        self.named.contains_key(&one.id) || self.erased.get(&one.document).is_some_and(|at| one.header.log_size.0 < *at)
    }

    /// Whether right and cuts let an envelope count that stands in its chain.
    fn is_in_time(&self, one: &Written) -> bool {
        let (author, size) = (&self.authors[one.author], one.header.log_size.0);
        let could = author.could_write.iter().any(|(from, until)| *from <= size && until.is_none_or(|u| size < u));
        could
            && author.cuts.iter().all(|(at, last, loss)| {
                let is_concerned = *loss == Loss::Device || size < *at;
                let is_before = last
                    .is_some_and(|(zseq, id)| one.header.zseq.0 < zseq || (one.header.zseq.0 == zseq && one.id == id));
                !is_concerned || is_before
            })
    }

    /// The chain of an author, by hand: one step at a time, over everything there is.
    fn chain(&self, author: usize, here: &BTreeSet<EnvelopeId>) -> BTreeSet<EnvelopeId> {
        let known: Vec<&Written> =
            self.written.iter().filter(|one| one.author == author && here.contains(&one.id)).collect();
        let by_id = |id: EnvelopeId| known.iter().find(|one| one.id == id);
        let leads_to_a_cut = |id: EnvelopeId| {
            self.authors[author].cuts.iter().filter_map(|(_, last, _)| *last).any(|(_, mut at)| {
                loop {
                    if at == id {
                        break true;
                    }
                    match by_id(at) {
                        Some(one) => at = one.header.prev,
                        None => break false,
                    }
                }
            })
        };
        let (mut chain, mut last) = (BTreeSet::new(), (0, EnvelopeId::ZERO));
        loop {
            let follows = known.iter().filter(|one| {
                one.header.zseq.0 == last.0 + 1 && (one.header.prev == last.1 || self.named.contains_key(&one.id))
            });
            let gone = self.named.iter().filter(|(_, place)| **place == (author, last.0 + 1)).map(|(id, _)| *id);
            let next = follows.map(|one| one.id).chain(gone).min_by_key(|id| (!leads_to_a_cut(*id), *id));
            let Some(next) = next else { return chain };
            chain.insert(next);
            last = (last.0 + 1, next);
        }
    }

    fn counts(&self, here: &BTreeSet<EnvelopeId>) -> BTreeSet<EnvelopeId> {
        let mut counting = BTreeSet::new();
        for author in 0..AUTHORS {
            let chain = self.chain(author, here);
            for one in self.written.iter().filter(|one| one.author == author && here.contains(&one.id)) {
                let is_taken_in = self.adopted.contains(&one.id);
                if !self.is_erased(one) && (is_taken_in || chain.contains(&one.id) && self.is_in_time(one)) {
                    counting.insert(one.id);
                }
            }
        }
        counting
    }

    /// What the product says.
    fn found(&self, here: &BTreeSet<EnvelopeId>) -> BTreeSet<EnvelopeId> {
        let mut counting = BTreeSet::new();
        for author in 0..AUTHORS {
            let of = self.written.iter().filter(|one| one.author == author && here.contains(&one.id));
            let headers = of.map(|one| (one.id, one.header.clone())).collect();
            let decided = standings(&self.clerk.authority, (self.zone, self.device(author)), &headers);
            let counts = decided.places.iter().filter(|(_, place)| place.verdict == Verdict::Counts);
            counting.extend(counts.map(|(id, _)| *id));
        }
        counting
    }
}

#[test]
fn thousands_of_histories_are_as_a_simple_model_says() {
    let base = Clerk::new(AUTHORS);
    let (mut late, mut taken_in, mut gone, mut forked) = (0, 0, 0, 0);
    for seed in 0..HISTORIES {
        let mut chance = Chance::new(seed, 9);
        let mut history = History::new(&base);
        for _ in 0..STEPS {
            history.step(&mut chance);
        }
        let all: BTreeSet<EnvelopeId> = history.written.iter().map(|one| one.id).collect();
        // A replica may not have everything yet.
        let some: BTreeSet<EnvelopeId> = all.iter().filter(|_| chance.happens(800)).copied().collect();
        for here in [&all, &some] {
            assert_eq!(history.found(here), history.counts(here), "seed {seed}");
        }
        let found = history.found(&all);
        for one in &history.written {
            let is_erased = history.is_erased(one);
            let is_taken_in = history.adopted.contains(&one.id);
            let counts = found.contains(&one.id);
            assert!(!counts || !is_erased, "seed {seed}: {} is erased and counts", one.id);
            assert!(!counts || is_taken_in || history.is_in_time(one), "seed {seed}: {} is past a cut", one.id);
            // Who never wrote two in one place, and whose predecessors are all there, loses nothing from before a cut.
            if !history.authors[one.author].has_forked && !is_erased && history.is_in_time(one) {
                assert!(counts, "seed {seed}: {} is lost", one.id);
            }
            late += u64::from(!counts && !is_erased);
            taken_in += u64::from(counts && is_taken_in);
            gone += u64::from(is_erased);
        }
        forked += history.authors.iter().filter(|author| author.has_forked).count();
        for author in 0..AUTHORS {
            let of = history.written.iter().filter(|one| one.author == author).map(|one| one.id).collect();
            history.adopt_these(author, of);
        }
        let kept: BTreeSet<EnvelopeId> =
            history.written.iter().filter(|one| !history.is_erased(one)).map(|one| one.id).collect();
        assert_eq!(history.found(&all), kept, "seed {seed}: adopting all brings back all but what is erased");
    }
    // The histories are about something.
    assert!(late > 1_000 && taken_in > 1_000 && gone > 1_000 && forked > 500, "{late} {taken_in} {gone} {forked}");
}

/// What a device has in its documents, by envelope and by what it shows.
fn shown(
    device: &mut Device,
    homes: &[doorstep_client_core::device::RecordId],
) -> (BTreeSet<EnvelopeId>, Vec<Vec<String>>) {
    let kept = envelopes::page_after(device.store().reader(), 0, usize::MAX).expect("its store");
    let applied = kept.iter().filter(|one| one.standing == Kept::Applied).map(|one| one.id).collect();
    (applied, homes.iter().map(|home| notes(device, *home)).collect())
}

#[test]
fn devices_come_to_the_same_in_whatever_order_they_hear_and_receive() {
    let base = Clerk::new(AUTHORS);
    let uprns = ["100023336956", "100023336957"];
    let (mut taken_out, mut forks) = (0, 0);
    for seed in 0..DEVICE_HISTORIES {
        let mut chance = Chance::new(seed, 10);
        let rng = &mut ChaCha20Rng::seed_from_u64(seed);
        let mut clerk = base.fork();
        let mut tablets: Vec<Device> = (0..AUTHORS).map(|at| clerk.device(at + 2, rng)).collect();
        // A copy of the first tablet from when it was new: what both write stands in one place.
        tablets.push(clerk.device(2, rng));
        let mut homes = BTreeSet::new();
        let mut left = BTreeSet::new();
        for step in 0..chance.between(8, 16) {
            let at = chance.below(tablets.len() as u64) as usize;
            match chance.below(10) {
                // Who has heard of its revocation writes no more.
                0..=4 if !(at == AUTHORS && seed % 2 == 0) && tablets[at].seat().is_ok() => {
                    let uprn = *chance.pick(&uprns);
                    homes.insert(record(&mut tablets[at], rng, uprn, &format!("step {step} by {at}")));
                }
                5 | 6 => {
                    // One builds on what the other has; never a copy on its original, which would stop it.
                    let from = chance.below(AUTHORS as u64) as usize;
                    let file: Vec<Vec<u8>> = everything(&mut tablets[from], rng)
                        .into_iter()
                        .filter(|(_, bytes)| {
                            let author = Header::parse(bytes).expect("an envelope").author;
                            at != AUTHORS && (author != clerk.id(at + 2))
                        })
                        .map(|(_, bytes)| bytes)
                        .collect();
                    tablets[at].ingest_carried(file, NOON).expect("its store");
                }
                7 => clerk.tell(&mut tablets[at]),
                8 if at < AUTHORS && left.insert(at) => {
                    let sealed = everything(&mut tablets[at], rng);
                    let device = clerk.id(at + 2);
                    let mut cuts: BTreeMap<ZoneId, Cut> = BTreeMap::new();
                    for (envelope, bytes) in sealed {
                        let header = Header::parse(&bytes).expect("an envelope");
                        if header.author == device && chance.happens(700) {
                            cuts.insert(header.zone, Cut { zone: header.zone, zseq: header.zseq, envelope });
                        }
                    }
                    let cuts = cuts.into_values().collect();
                    clerk.says(Body::DeviceRevoke(DeviceRevoke { device, reason: RevokeReason::Lost, cuts }));
                }
                _ => {}
            }
        }
        let mut file: BTreeMap<EnvelopeId, Vec<u8>> = BTreeMap::new();
        for tablet in &mut tablets {
            file.extend(everything(tablet, rng));
        }
        let before_decisions = clerk.entries.len();
        decide(&mut clerk, &file, &mut chance);
        let homes: Vec<_> = homes.into_iter().collect();
        let mut replicas = Vec::new();
        for order in 0..3 {
            let mut order = Chance::new(seed * 3 + order, 11);
            let first = order.between(base.entries.len() as u64, clerk.entries.len() as u64) as usize;
            let mut desk = clerk.device_on((order.below(2)) as usize, store(), first, rng);
            let mut rest: Vec<(EnvelopeId, Vec<u8>)> = file.clone().into_iter().collect();
            for at in (1..rest.len()).rev() {
                rest.swap(at, order.below(at as u64 + 1) as usize);
            }
            let mut heard = first;
            while !rest.is_empty() {
                let some: Vec<Vec<u8>> =
                    rest.drain(..(order.between(1, 6) as usize).min(rest.len())).map(|(_, bytes)| bytes).collect();
                desk.ingest_carried(some, NOON).expect("its store");
                if order.happens(400) && heard < clerk.entries.len() {
                    heard = order.between(heard as u64 + 1, clerk.entries.len() as u64) as usize;
                    desk.take_log(&clerk.entries[..heard], &[]).expect("the log holds");
                }
            }
            clerk.tell(&mut desk);
            desk.ingest_carried(Vec::new(), NOON).expect("its store");
            let faults = desk.verify().expect("its store").faults;
            let tray = desk.tray().expect("its store");
            assert_eq!(faults, Vec::<String>::new(), "seed {seed}: {tray:?}");
            let found = shown(&mut desk, &homes);
            let rebuilt = desk.rebuild(NOON).expect("its store");
            assert!(rebuilt.differing.is_empty(), "seed {seed}: {rebuilt:?}");
            assert_eq!(shown(&mut desk, &homes), found, "seed {seed}: a rebuild makes something else");
            forks += desk.equivocations().expect("its store").len();
            taken_out += desk.late_work().expect("its store").len();
            replicas.push(found);
        }
        assert!(replicas.windows(2).all(|two| two[0] == two[1]), "seed {seed}: {replicas:#?}");
        assert!(clerk.entries.len() >= before_decisions);
    }
    assert!(taken_out > 50 && forks > 20, "{taken_out} {forks}");
}

fn store() -> doorstep_client_core::store::Store {
    doorstep_client_core::store::Store::in_memory().expect("memory")
}

/// Admins take some of it in, and erase a document.
fn decide(clerk: &mut Clerk, file: &BTreeMap<EnvelopeId, Vec<u8>>, chance: &mut Chance) {
    let mut slots: BTreeMap<(ZoneId, DeviceId), Vec<EnvelopeId>> = BTreeMap::new();
    for (id, bytes) in file {
        let header = Header::parse(bytes).expect("an envelope");
        if chance.happens(200) {
            slots.entry((header.zone, header.author)).or_default().push(*id);
        }
    }
    for ((zone, author), envelopes) in slots {
        if chance.happens(500) {
            clerk.says(Body::Adopt(Adopt { zone, author, envelopes }));
        }
    }
    let zone = clerk.zone(Class::Home);
    let of_home = file.iter().map(|(id, bytes)| (*id, Header::parse(bytes).expect("an envelope")));
    let of_home: Vec<(EnvelopeId, Header)> = of_home.filter(|(_, header)| header.zone == zone).collect();
    if chance.happens(300) && !of_home.is_empty() {
        let document = chance.pick(&of_home).1.document;
        let of_document = of_home.iter().filter(|(_, header)| header.document == document && chance.happens(700));
        let envelopes = of_document
            .map(|(envelope, header)| ErasedEnvelope { envelope: *envelope, author: header.author, zseq: header.zseq })
            .collect();
        clerk.says(Body::Erase(Erase { zone, document, reason: EraseReason::Mistake, envelopes }));
    }
}

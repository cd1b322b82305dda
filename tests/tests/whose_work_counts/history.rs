//! A history, and a model of whose work counts in it.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::replica::standings::{Verdict, standings};
use doorstep_protocol::authority::body::{Rights, recipients_digest};
use doorstep_protocol::authority::{
    Adopt, AuthorCut, Body, Cut, DeviceRevoke, Erase, EraseReason, ErasedEnvelope, Grant, GrantEnd, RevokeReason,
    Standing, TeamEpoch, TeamMember, ZoneEpoch, ZoneTeamWrap,
};
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    Bytes, Class, DeviceId, Digest32, DocumentId, EnvelopeId, Epoch, GrantId, KeyCommitment, LogSize, TeamId, ZoneId,
    ZoneSeq,
};
use doorstep_tests::clerk::Clerk;
use doorstep_tests::sim::chance::Chance;

/// Who writes.
pub(crate) const AUTHORS: usize = 3;

/// What the model knows of an envelope.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) id: EnvelopeId,
    pub(crate) author: usize,
    document: u64,
    header: Header,
}

/// The last envelope that counts, by counter and id.
type Last = Option<(u64, EnvelopeId)>;

/// What the model knows of an author: no log, no code of the product.
#[derive(Clone, Debug, Default)]
pub(crate) struct Author {
    /// From which size of the log on the author could write, and from which on no longer.
    could_write: Vec<(u64, Option<u64>)>,
    /// What was cut: at which size, the last that counts, and whether a later log size helps.
    cuts: Vec<(u64, Last, Loss)>,
    is_member: bool,
    is_revoked: bool,
    pub(crate) has_forked: bool,
    /// How much of the log it has heard.
    heard: u64,
    written: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Right,
    Device,
}

pub(crate) struct History {
    clerk: Clerk,
    zone: ZoneId,
    team: TeamId,
    /// Grants of the zone to the team that are open.
    grants: Vec<GrantId>,
    /// How often nobody of the team could write any more, because its last grant had ended.
    pub(crate) ended: u64,
    /// From which size of the log on the zone has had which key.
    epochs: Vec<(u64, Epoch)>,
    pub(crate) authors: Vec<Author>,
    pub(crate) written: Vec<Written>,
    pub(crate) adopted: BTreeSet<EnvelopeId>,
    erased: BTreeMap<u64, u64>,
    named: BTreeMap<EnvelopeId, (usize, u64)>,
}

fn commitment(chance: &mut Chance) -> KeyCommitment {
    KeyCommitment([chance.bytes16(), chance.bytes16()].concat().try_into().expect("32"))
}

fn document(number: u64) -> DocumentId {
    DocumentId([0xd0 + number as u8; 16])
}

impl History {
    pub(crate) fn new(clerk: &Clerk) -> Self {
        let clerk = clerk.fork();
        let zone = clerk.zone(Class::Home);
        let team = *clerk.authority.holders(zone).iter().next().expect("somebody holds it");
        let size = clerk.authority.size().0;
        let author = Author { could_write: vec![(size, None)], is_member: true, heard: size, ..Author::default() };
        assert_eq!(clerk.authority.holders(zone).len(), 1, "one team holds it, so that its grants decide");
        let grants = clerk.authority.grants().iter().filter(|(_, grant)| grant.grant.zone == zone);
        let grants = grants.map(|(id, _)| *id).collect();
        let epochs = vec![(0, clerk.authority.zones()[&zone].epoch())];
        Self {
            clerk,
            zone,
            team,
            grants,
            ended: 0,
            epochs,
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

    pub(crate) fn step(&mut self, chance: &mut Chance) {
        let author = chance.below(AUTHORS as u64) as usize;
        match chance.below(21) {
            0..=7 => self.write(author, chance, self.authors[author].written.len()),
            // Its disk was copied: it writes once more where it wrote before.
            8 if !self.authors[author].written.is_empty() => {
                self.authors[author].has_forked = true;
                let after = chance.below(self.authors[author].written.len() as u64) as usize;
                self.write(author, chance, after);
            }
            9 => self.authors[author].heard = self.size(),
            10 | 11 if self.authors[author].is_member => self.leave(author, chance),
            12 if !self.authors[author].is_revoked && !self.authors[author].is_member => self.come_back(author),
            13 if !self.authors[author].is_revoked && chance.happens(400) => self.revoke(author, chance),
            14 => self.adopt(author, chance),
            15 if chance.happens(300) => self.erase(chance),
            16 if !self.grants.is_empty() => self.end_a_grant(chance),
            17 | 18 if self.grants.len() < 2 => self.grant(chance),
            19 | 20 => self.rotate(chance),
            _ => {}
        }
    }

    fn write(&mut self, author: usize, chance: &mut Chance, after: usize) {
        let known = &self.authors[author];
        let prev = after.checked_sub(1).map(|at| self.written[known.written[at]].clone());
        // An author may claim to have heard less than it has, and never more.
        let (first, heard) = (known.could_write[0].0, known.heard);
        let log_size = LogSize(if chance.happens(250) { chance.between(first, heard) } else { heard });
        // Who claims to be older may have kept the older key, or give itself away by the newer one.
        let epoch = self.epoch_at(if chance.happens(500) { log_size.0 } else { heard });
        let document_number = chance.below(3);
        let header = Header {
            kind: EnvelopeKind::Changes,
            keying: Keying::ZoneKey,
            partnership: self.clerk.authority.partnership(),
            zone: self.zone,
            document: document(document_number),
            epoch,
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
        self.authors[author].is_member = false;
        // Whoever could not write has nothing to lose.
        if self.can_write(author) {
            self.lose(author, last, Loss::Right);
        }
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
        let epoch = self.team_epoch();
        let wrap = Some(self.sealed_wrap(SealedWrapPurpose::TeamToDevice, (self.team.0, epoch), device.0));
        self.clerk.says(Body::TeamMember(TeamMember {
            team: self.team,
            device,
            standing: Standing::Granted,
            wrap,
            cuts: Vec::new(),
        }));
        self.authors[author].is_member = true;
        if !self.grants.is_empty() {
            self.gain(author);
        }
    }

    fn gain(&mut self, author: usize) {
        let at = self.size();
        self.authors[author].could_write.push((at, None));
    }

    /// Ends a grant, and says of some authors up to where their work counts: of others of the team nothing does, if it was
    /// the last grant.
    fn end_a_grant(&mut self, chance: &mut Chance) {
        let grant = self.grants.remove(chance.below(self.grants.len() as u64) as usize);
        let named: Vec<Last> = (0..AUTHORS).map(|author| self.last(author, chance)).collect();
        let cut = |(author, last): (usize, &Last)| {
            let (zseq, envelope) = (*last)?;
            Some(AuthorCut { device: self.device(author), zseq: ZoneSeq(zseq), envelope })
        };
        let mut cuts: Vec<AuthorCut> = named.iter().enumerate().filter_map(cut).collect();
        cuts.sort_by_key(|cut| cut.device);
        self.clerk.says(Body::GrantEnd(GrantEnd { grant, cuts }));
        self.ended += u64::from(self.grants.is_empty());
        for (author, last) in named.into_iter().enumerate() {
            if self.grants.is_empty() && self.can_write(author) {
                self.lose(author, last, Loss::Right);
            }
        }
    }

    fn grant(&mut self, chance: &mut Chance) {
        let is_held = !self.grants.is_empty();
        if !is_held {
            self.rotate_team_if_owed(chance);
        }
        let mut grants = self.clerk.authority.grants().values().filter(|state| state.grant.zone == self.zone);
        let like = grants.next().expect("the founder granted it").grant.clone();
        let wrap = (!is_held).then(|| self.zone_under_team(self.zone_epoch()));
        let grant = GrantId(chance.bytes16());
        self.clerk.says(Body::Grant(Grant { grant, rights: Rights::READ_WRITE, wrap, ..like }));
        self.grants.push(grant);
        for author in (0..AUTHORS).filter(|_| !is_held) {
            if self.authors[author].is_member {
                self.gain(author);
            }
        }
    }

    /// The zone has a new key from now on, and the team, if somebody left who knew its old one.
    fn rotate(&mut self, chance: &mut Chance) {
        self.rotate_team_if_owed(chance);
        let (before, team) = (self.zone_epoch(), self.team);
        let epoch = before.next();
        let zone = &self.clerk.authority.zones()[&self.zone];
        let escrow = self.sealed_wrap(SealedWrapPurpose::ZoneToEscrow, (self.zone.0, epoch), zone.organisation.0);
        let wrap = ZoneTeamWrap { team, team_epoch: self.team_epoch(), wrap: self.zone_under_team(epoch) };
        self.clerk.says(Body::ZoneEpoch(ZoneEpoch {
            zone: self.zone,
            epoch,
            commitment: commitment(chance),
            previous: Some(self.key_wrap(KeyWrapPurpose::PreviousZone, (self.zone.0, epoch), (self.zone.0, before))),
            wraps: if self.grants.is_empty() { Vec::new() } else { vec![wrap] },
            escrow,
            drop_box: None,
        }));
        self.epochs.push((self.size(), epoch));
    }

    fn rotate_team_if_owed(&mut self, chance: &mut Chance) {
        let state = &self.clerk.authority.teams()[&self.team];
        if !state.owes_epoch() {
            return;
        }
        let (before, members) = (state.epoch(), state.members().copied().collect::<Vec<DeviceId>>());
        let epoch = before.next();
        self.clerk.says(Body::TeamEpoch(TeamEpoch {
            team: self.team,
            epoch,
            commitment: commitment(chance),
            previous: Some(self.key_wrap(KeyWrapPurpose::PreviousTeam, (self.team.0, epoch), (self.team.0, before))),
            recipients: recipients_digest(&members),
            wraps_root: Digest32([0; 32]),
            count: members.len() as u32,
        }));
    }

    fn team_epoch(&self) -> Epoch {
        self.clerk.authority.teams()[&self.team].epoch()
    }

    fn zone_epoch(&self) -> Epoch {
        self.epochs.last().expect("it was founded with a key").1
    }

    /// Whether an envelope is sealed under another key than the zone had when its author says it was written.
    pub(crate) fn is_of_another_key(&self, one: &Written) -> bool {
        self.epoch_at(one.header.log_size.0) != one.header.epoch
    }

    /// The key that the zone had at a size of the log.
    fn epoch_at(&self, size: u64) -> Epoch {
        self.epochs.iter().rev().find(|(from, _)| *from <= size).expect("it was founded with a key").1
    }

    /// Wraps as the log sees them: it reads whom they name, and never what is in them.
    fn sealed_wrap(&self, purpose: SealedWrapPurpose, (subject, epoch): ([u8; 16], Epoch), to: [u8; 16]) -> Bytes {
        let partnership = self.clerk.authority.partnership();
        let header = SealedWrapHeader { purpose, partnership, subject, epoch, recipient: to };
        Bytes([&header.to_bytes()[..], &[0xdd; 80]].concat())
    }

    fn key_wrap(&self, purpose: KeyWrapPurpose, parent: ([u8; 16], Epoch), child: ([u8; 16], Epoch)) -> Bytes {
        let (partnership, (parent, parent_epoch), (child, child_epoch)) =
            (self.clerk.authority.partnership(), parent, child);
        let header = KeyWrapHeader { purpose, partnership, parent, child, parent_epoch, child_epoch };
        Bytes([&header.to_bytes()[..], &[0xee; 112]].concat())
    }

    fn zone_under_team(&self, epoch: Epoch) -> Bytes {
        self.key_wrap(KeyWrapPurpose::ZoneUnderTeam, (self.team.0, self.team_epoch()), (self.zone.0, epoch))
    }

    fn revoke(&mut self, author: usize, chance: &mut Chance) {
        let last = self.last(author, chance);
        let cuts = self.named_cuts(last);
        let device = self.device(author);
        self.clerk.says(Body::DeviceRevoke(DeviceRevoke { device, reason: RevokeReason::Lost, cuts }));
        self.authors[author].is_revoked = true;
        self.authors[author].is_member = false;
        self.lose(author, last, Loss::Device);
    }

    fn adopt(&mut self, author: usize, chance: &mut Chance) {
        let of = self.written.iter().filter(|one| one.author == author);
        let some: BTreeSet<EnvelopeId> = of.filter(|_| chance.happens(300)).map(|one| one.id).collect();
        self.adopt_these(author, some);
    }

    pub(crate) fn adopt_these(&mut self, author: usize, some: BTreeSet<EnvelopeId>) {
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

    pub(crate) fn is_erased(&self, one: &Written) -> bool {
        self.named.contains_key(&one.id) || self.erased.get(&one.document).is_some_and(|at| one.header.log_size.0 < *at)
    }

    /// Whether right, key and cuts let an envelope count that stands in its chain.
    pub(crate) fn is_in_time(&self, one: &Written) -> bool {
        let (author, size) = (&self.authors[one.author], one.header.log_size.0);
        let could = author.could_write.iter().any(|(from, until)| *from <= size && until.is_none_or(|u| size < u));
        could
            && !self.is_of_another_key(one)
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

    pub(crate) fn counts(&self, here: &BTreeSet<EnvelopeId>) -> BTreeSet<EnvelopeId> {
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
    pub(crate) fn found(&self, here: &BTreeSet<EnvelopeId>) -> BTreeSet<EnvelopeId> {
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

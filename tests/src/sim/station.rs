//! The server of a run: the real relay over its real store, and how it ends and begins again.

use std::collections::BTreeMap;

use doorstep_protocol::wire::{ChallengeRequest, Frame, FrameDecoder, LogAppend, Receipt, SessionRequest, SyncRequest};
use doorstep_protocol::{Bytes, DeviceId, FeedNumber, LogHash, LogSize, Millis, Signature, StoreId, ZoneId, limits};
use doorstep_server::problem::Problem;
use doorstep_server::relay::{Caller, PartnershipPolicy, RelayPolicy, SyncAnswer};
use doorstep_server::session::TokenKind;
use doorstep_server::store::StoreIdentity;
use doorstep_server::{Relay, SqliteStore, Store};
use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::blow::{Fist, Harm};
use super::chance::Chance;
use super::mail::{Ask, CallId, Reply, SignedCall};
use crate::town::{Town, server_keys};

/// A receipt that the station gave, under which store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The store.
    pub identity: StoreIdentity,
    /// The receipt.
    pub receipt: Receipt,
}

/// What becomes of a request at once.
pub enum Handled {
    /// An answer.
    Reply(Reply),
    /// A stream has begun: ask for its pages.
    Stream,
    /// The program ended over it.
    Died,
}

struct Open {
    answer: SyncAnswer,
    decoder: FrameDecoder,
}

enum Program {
    Runs(Box<Relay<SqliteStore>>),
    Down(Connection),
    /// Only while it changes from one to the other.
    Between,
}

/// The server of a run.
pub struct Station {
    program: Program,
    identity: StoreIdentity,
    open: BTreeMap<CallId, Open>,
    fist: Fist,
    chance: Chance,
    backup: Option<Connection>,
    /// How far its clock is off, in milliseconds.
    pub clock_off_ms: i64,
    /// Every receipt it ever gave.
    pub given: Vec<Given>,
}

fn policy() -> RelayPolicy {
    RelayPolicy { partnerships: PartnershipPolicy::Any, ..RelayPolicy::default() }
}

impl Station {
    /// A server with the town's log.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed, 2);
        let store = SqliteStore::in_memory(StoreId(chance.bytes16())).expect("a store in memory");
        let identity = store.identity().expect("a new store says which it is");
        let fist = Fist::default();
        let store = store.with_fault_hook(fist.of_server());
        let relay = Relay::new(store, server_keys(), policy()).expect("a new store answers");
        relay.append(&Town::get().append()).expect("the town's log holds");
        Self {
            program: Program::Runs(Box::new(relay)),
            identity,
            open: BTreeMap::new(),
            fist,
            chance,
            backup: None,
            clock_off_ms: 0,
            given: Vec::new(),
        }
    }

    /// Where its blows wait.
    #[must_use]
    pub const fn fist(&self) -> &Fist {
        &self.fist
    }

    /// Which store it has.
    #[must_use]
    pub const fn identity(&self) -> StoreIdentity {
        self.identity
    }

    /// Whether it runs.
    #[must_use]
    pub const fn runs(&self) -> bool {
        matches!(self.program, Program::Runs(_))
    }

    fn clock(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_add_signed(self.clock_off_ms))
    }

    /// Takes a request. Nothing is answered while it is down.
    pub fn handle(&mut self, call: CallId, ask: &Ask, now: Millis) -> Option<Handled> {
        let now = self.clock(now);
        let nonce = self.chance.bytes16();
        let Program::Runs(relay) = &self.program else { return None };
        let done: Result<Handled, Problem> = match ask {
            Ask::Card => Ok(Handled::Reply(Reply::Message(relay.card(now).to_bytes()))),
            Ask::Append(bytes) => LogAppend::parse(bytes)
                .map_err(|_| Problem::Malformed)
                .and_then(|append| relay.append(&append))
                .map(|appended| Handled::Reply(Reply::Message(appended.to_bytes()))),
            Ask::Challenge(bytes) => ChallengeRequest::parse(bytes)
                .map_err(|_| Problem::Malformed)
                .map(|request| relay.challenge(&request, nonce, now))
                .map(|challenge| Handled::Reply(Reply::Message(challenge.to_bytes()))),
            Ask::Session(signed) => session(relay, signed, nonce, now),
            Ask::Sync(signed) => sync(relay, signed, now).map(|answer| {
                self.open.insert(call, Open { answer, decoder: FrameDecoder::default() });
                Handled::Stream
            }),
        };
        if self.dies() {
            return Some(Handled::Died);
        }
        Some(done.unwrap_or_else(|problem| Handled::Reply(Reply::Problem(problem))))
    }

    /// The next page of a stream; `None` at its end, or when the program has ended.
    pub fn page(&mut self, call: CallId, now: Millis) -> Option<Vec<u8>> {
        let now = self.clock(now);
        let Program::Runs(relay) = &self.program else { return None };
        let open = self.open.get_mut(&call)?;
        match relay.next_page(&mut open.answer, now) {
            Ok(Some(page)) => {
                open.decoder.push(&page);
                while let Ok(Some(frame)) = open.decoder.next_frame() {
                    if let Frame::Receipt(receipt) = frame {
                        self.given.push(Given { identity: self.identity, receipt });
                    }
                }
                Some(page)
            }
            Ok(None) | Err(_) => {
                self.open.remove(&call);
                None
            }
        }
    }

    /// Takes envelopes from a device as if it had sent them itself.
    ///
    /// # Panics
    /// When the station is down, or refuses the whole request.
    pub fn take_from(&mut self, device: DeviceId, envelopes: Vec<Vec<u8>>, now: Millis) {
        let Program::Runs(relay) = &self.program else { panic!("it is down") };
        let town = Town::get();
        let request = SyncRequest {
            log_size: LogSize(town.log.entries.len() as u64),
            log_head: town.log.entries.last().expect("a log has entries").hash(),
            cursors: Vec::new(),
            envelopes: envelopes.into_iter().map(Bytes).collect(),
            audit: Vec::new(),
            budget_bytes: limits::ANSWER_BYTES_MIN,
        };
        let caller = Caller::trusted(town.partnership, device);
        relay.sync(caller, &request, Signature::ZERO, now).expect("a request of the protocol");
    }

    /// Whether the log on disk ends with this.
    pub fn log_ends_with(&mut self, head: LogHash) -> bool {
        let runs = self.runs();
        let found = self.look(|store| store.log_head(Town::get().partnership));
        if !runs {
            self.stop();
        }
        found.is_ok_and(|(_, found)| found == head)
    }

    /// Takes what an admin's desk wrote; `None` when it is down or dies over it, before the desk hears.
    pub fn append(&mut self, append: &LogAppend) -> Option<Result<(), Problem>> {
        let Program::Runs(relay) = &self.program else { return None };
        let taken = relay.append(append).map(|_| ());
        if self.dies() { None } else { Some(taken) }
    }

    fn dies(&mut self) -> bool {
        let dead = self.fist.struck().is_some_and(|blow| blow.harm == Harm::Kills);
        if dead {
            self.stop();
        }
        dead
    }

    /// The program ends; the disk stays.
    pub fn stop(&mut self) {
        self.open.clear();
        self.program = match std::mem::replace(&mut self.program, Program::Between) {
            Program::Runs(relay) => Program::Down(relay.into_store().into_connection()),
            other => other,
        };
    }

    /// The program begins again on what is on disk.
    pub fn start(&mut self) {
        let program = std::mem::replace(&mut self.program, Program::Between);
        self.program = match program {
            Program::Down(connection) => self.on(connection),
            other => other,
        };
    }

    fn on(&mut self, connection: Connection) -> Program {
        let new_id = StoreId(self.chance.bytes16());
        let store = SqliteStore::from_connection(connection, new_id).expect("its own database opens");
        self.identity = store.identity().expect("a store says which it is");
        let store = store.with_fault_hook(self.fist.of_server());
        Program::Runs(Box::new(Relay::new(store, server_keys(), policy()).expect("its own store answers")))
    }

    /// Somebody takes a backup.
    pub fn back_up(&mut self) {
        self.stop();
        if let Program::Down(connection) = &self.program {
            self.backup = Some(copy(connection));
        }
        self.start();
    }

    /// The disk is lost: an empty store takes its place.
    pub fn wipe(&mut self) {
        self.stop();
        self.program = self.on(Connection::open_in_memory().expect("memory"));
    }

    /// The disk is lost and the backup put back: its restore epoch is raised, as the restore command does.
    pub fn restore(&mut self) {
        self.stop();
        let Some(backup) = &self.backup else { return };
        let restored = copy(backup);
        let raised = self.identity.restore_epoch.0 + 1;
        restored.execute("UPDATE meta SET restore_epoch = ?1", [raised]).expect("its own database");
        self.program = self.on(restored);
    }

    /// The disk is put back to the backup, and nobody says so: what a copied virtual machine does.
    pub fn roll_back_silently(&mut self) {
        self.stop();
        let Some(backup) = &self.backup else { return };
        let restored = copy(backup);
        self.program = self.on(restored);
    }

    /// Looks into the store, as if the program had stopped.
    pub fn look<T>(&mut self, look: impl FnOnce(&SqliteStore) -> T) -> T {
        self.stop();
        let Program::Down(connection) = std::mem::replace(&mut self.program, Program::Between) else {
            unreachable!("it was stopped above")
        };
        let store = SqliteStore::from_connection(connection, StoreId::ZERO).expect("its own database opens");
        let found = look(&store);
        self.program = self.on(store.into_connection());
        found
    }

    /// The ids of all envelopes of a feed with their numbers, as stored.
    #[must_use]
    pub fn numbers_of(given: &[Given], identity: StoreIdentity) -> BTreeMap<(ZoneId, FeedNumber), Receipt> {
        let of_store = given.iter().filter(|one| one.identity == identity);
        of_store.map(|one| ((one.receipt.zone, one.receipt.number), one.receipt.clone())).collect()
    }
}

fn session(relay: &Relay<SqliteStore>, signed: &SignedCall, nonce: [u8; 16], now: Millis) -> Result<Handled, Problem> {
    let claimed = signed.received().parse().map_err(|_| Problem::Malformed)?;
    let (caller, verified) = relay.authenticate(claimed, TokenKind::Challenge, now)?;
    verified.check_content(&signed.body).map_err(|_| Problem::Unauthorised)?;
    SessionRequest::parse(&signed.body).map_err(|_| Problem::Malformed)?;
    let answer = relay.open_session(caller, nonce, now)?;
    Ok(Handled::Reply(Reply::Message(answer.to_bytes())))
}

fn sync(relay: &Relay<SqliteStore>, signed: &SignedCall, now: Millis) -> Result<SyncAnswer, Problem> {
    let claimed = signed.received().parse().map_err(|_| Problem::Malformed)?;
    let (caller, verified) = relay.authenticate(claimed, TokenKind::Session, now)?;
    verified.check_content(&signed.body).map_err(|_| Problem::Unauthorised)?;
    let request = SyncRequest::parse(&signed.body).map_err(|_| Problem::Malformed)?;
    relay.sync(caller, &request, verified.signature(), now)
}

fn copy(from: &Connection) -> Connection {
    let mut to = Connection::open_in_memory().expect("memory");
    {
        let backup = Backup::new(from, &mut to).expect("two open databases");
        backup.run_to_completion(1_000, std::time::Duration::ZERO, None).expect("copied");
    }
    to
}

//! A tablet of a run: the real device over its real store, driven by the real machine. What a host app does between them
//! (send, wait, hand over what comes) is done here on virtual time.

use std::time::Duration;

use doorstep_client_core::device::{Answer, AnswerError, Device, Met};
use doorstep_client_core::replica::machine::{Effect, Event, Fault, Machine, Phase, Remaining, Stop};
use doorstep_client_core::store::Store;
use doorstep_client_core::store::meta::{self, StoreIdentity};
use doorstep_client_core::vault::DeviceSigner;
use doorstep_crypto::keys::Sign as _;
use doorstep_protocol::wire::frame::{Closing, Remainder};
use doorstep_protocol::wire::{
    Challenge, ChallengeRequest, Frame, FrameDecoder, ServerCard, SessionAnswer, SessionRequest,
};
use doorstep_protocol::{DeviceId, LogSize, Millis, Signature, limits};
use doorstep_server::problem::Problem;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::blow::{Fist, Harm};
use super::chance::Chance;
use super::mail::{Ask, Reply, Signed, SignedCall};
use crate::town::Town;

/// What a tablet wants of the world.
#[derive(Debug)]
pub enum Wish {
    /// Send this as its next call.
    Send(Box<Ask>),
    /// Come back with a tick at this moment.
    WakeAt(Millis),
    /// It has ended: a blow took it.
    Died,
}

struct Session {
    token: Vec<u8>,
    identity: StoreIdentity,
}

enum Stage {
    Challenge,
    Session,
    Card,
    /// Entries on their way to a server that lacks them; what was to be done follows.
    Append,
    /// Wraps on their way to a server that was brought the log by somebody who had only their own; those after this size follow.
    Wraps(LogSize),
    Exchange(Box<Exchange>),
}

struct Exchange {
    answer: Answer,
    decoder: FrameDecoder,
    closing: Option<Closing>,
}

enum Power {
    On(Box<Device>),
    Off(Box<Store>),
    /// Only while it changes from one to the other.
    Between,
}

/// A tablet of a run.
pub struct Tablet {
    power: Power,
    number: usize,
    id: DeviceId,
    key: DeviceSigner,
    machine: Machine,
    session: Option<Session>,
    stage: Option<Stage>,
    fist: Fist,
    chance: Chance,
    /// How far its wall clock is off, in milliseconds.
    pub clock_off_ms: i64,
    /// How often it was started.
    pub boots: u64,
    /// The number of its last call.
    pub calls: u64,
    /// How many bytes an answer may have.
    pub budget_bytes: u32,
}

impl Tablet {
    /// The resident of this number, on a new store.
    #[must_use]
    pub fn new(seed: u64, number: usize) -> Self {
        let town = Town::get();
        let mut chance = Chance::new(seed, 100 + number as u8);
        let store = Store::in_memory().expect("a store in memory");
        let device = match number {
            0 => town.desk(store, chance.rng()),
            _ => town.tablet(number, store, chance.rng()),
        };
        Self::with(number, device, chance)
    }

    /// A second tablet on a copy of this one's disk, with the same secrets: a cloned image, or one put back.
    ///
    /// # Panics
    /// When this one is off.
    #[must_use]
    pub fn copy(&self, seed: u64) -> Self {
        let Power::On(device) = &self.power else { panic!("only a tablet that is on is copied") };
        let mut image = Connection::open_in_memory().expect("memory");
        {
            let backup = Backup::new(device.store().reader(), &mut image).expect("two open databases");
            backup.run_to_completion(1_000, Duration::ZERO, None).expect("copied");
        }
        let store = Store::from_memory(image).expect("its own database");
        let mut chance = Chance::new(seed, 200 + self.number as u8);
        let secrets = Town::get().residents[self.number].secrets();
        let device = Device::open(store, secrets, chance.rng()).expect("its own store opens");
        Self::with(self.number, device, chance)
    }

    fn with(number: usize, mut device: Device, chance: Chance) -> Self {
        let town = Town::get();
        let fist = Fist::default();
        device.set_fault_hook(fist.of_device());
        Self {
            id: device.id(),
            power: Power::On(Box::new(device)),
            number,
            key: town.residents[number].secrets().sign,
            machine: Machine::default(),
            session: None,
            stage: None,
            fist,
            chance,
            clock_off_ms: 0,
            boots: 1,
            calls: 0,
            budget_bytes: limits::ANSWER_BYTES_DEFAULT,
        }
    }

    /// Who it is.
    #[must_use]
    pub const fn id(&self) -> DeviceId {
        self.id
    }

    /// Where its blows wait.
    #[must_use]
    pub const fn fist(&self) -> &Fist {
        &self.fist
    }

    /// What its machine is doing.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.machine.phase()
    }

    /// Its wall clock.
    #[must_use]
    pub const fn clock(&self, now: Millis) -> Millis {
        Millis(now.0.saturating_add_signed(self.clock_off_ms))
    }

    /// The device, unless it is off.
    pub fn device(&mut self) -> Option<&mut Device> {
        match &mut self.power {
            Power::On(device) => Some(device),
            _ => None,
        }
    }

    /// The device and the generator it draws from, unless it is off.
    pub fn device_and_chance(&mut self) -> Option<(&mut Device, &mut Chance)> {
        match &mut self.power {
            Power::On(device) => Some((device, &mut self.chance)),
            _ => None,
        }
    }

    /// It ends at once. What was committed stays.
    pub fn stop(&mut self) {
        self.session = None;
        self.stage = None;
        self.machine = Machine::default();
        self.power = match std::mem::replace(&mut self.power, Power::Between) {
            Power::On(device) => Power::Off(Box::new(device.into_store())),
            other => other,
        };
    }

    /// It begins again on what is on disk, under a new session.
    pub fn start(&mut self) {
        let Power::Off(store) = std::mem::replace(&mut self.power, Power::Between) else {
            unreachable!("only a stopped tablet is started")
        };
        let secrets = Town::get().residents[self.number].secrets();
        let mut device = Device::open(*store, secrets, self.chance.rng()).expect("its own store opens");
        device.set_fault_hook(self.fist.of_device());
        self.power = Power::On(Box::new(device));
        self.boots += 1;
    }

    /// Whether it runs.
    #[must_use]
    pub const fn runs(&self) -> bool {
        matches!(self.power, Power::On(_))
    }

    /// Whether a blow has just taken it. Asked after everything that may commit.
    pub fn dies(&mut self) -> bool {
        let dead = self.fist.struck().is_some_and(|blow| blow.harm == Harm::Kills);
        if dead {
            self.stop();
        }
        dead
    }

    /// Tells the machine what happened, and carries out what it says.
    pub fn tell(&mut self, event: Event, now: Millis) -> Vec<Wish> {
        let mut wishes = Vec::new();
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            // Timers run on the time since the host was started, which does not jump.
            for effect in self.machine.handle(self.chance.rng(), now, event) {
                let next = match effect {
                    Effect::OpenSession => self.ask_challenge(&mut wishes),
                    Effect::Exchange => self.exchange(now, &mut wishes),
                    Effect::BreakOff => {
                        self.stage = None;
                        None
                    }
                    Effect::WakeAt(at) => {
                        wishes.push(Wish::WakeAt(at));
                        None
                    }
                };
                events.extend(next);
            }
            if self.dies() {
                wishes.push(Wish::Died);
                return wishes;
            }
        }
        wishes
    }

    fn send(&mut self, stage: Stage, ask: Ask, wishes: &mut Vec<Wish>) {
        self.stage = Some(stage);
        self.calls += 1;
        wishes.push(Wish::Send(Box::new(ask)));
    }

    fn ask_challenge(&mut self, wishes: &mut Vec<Wish>) -> Option<Event> {
        self.session = None;
        let request = ChallengeRequest { partnership: Town::get().partnership, device: self.id };
        self.send(Stage::Challenge, Ask::Challenge(request.to_bytes()), wishes);
        None
    }

    fn exchange(&mut self, now: Millis, wishes: &mut Vec<Wish>) -> Option<Event> {
        let clock = self.clock(now);
        let Power::On(device) = &mut self.power else { return None };
        let Some(session) = &self.session else { return Some(Event::Failed(Fault::SessionEnded)) };
        let Ok(request) = device.sync_request(clock, self.chance.rng(), self.budget_bytes) else {
            return Some(Event::Failed(Fault::Storage));
        };
        let call = signed("/v1/sync", self.id, &self.key, &session.token, clock, request.to_bytes());
        let answer = Answer::new(call.signature(), Town::get().server_key, session.identity);
        let exchange = Exchange { answer, decoder: FrameDecoder::default(), closing: None };
        self.send(Stage::Exchange(Box::new(exchange)), Ask::Sync(call), wishes);
        None
    }

    /// Nothing came within the time a host waits.
    pub fn timed_out(&mut self, now: Millis) -> Vec<Wish> {
        if self.stage.take().is_none() {
            return Vec::new();
        }
        self.tell(Event::Failed(Fault::Offline), now)
    }

    /// Takes an answer, or a part of one, to its last call.
    pub fn take(&mut self, reply: Reply, now: Millis) -> Vec<Wish> {
        let mut wishes = Vec::new();
        let event = match (self.stage.take(), reply) {
            (None, _) => None,
            (Some(Stage::Exchange(exchange)), Reply::Part(bytes)) => self.take_part(exchange, &bytes, now),
            (Some(Stage::Exchange(exchange)), Reply::End) => self.take_end(*exchange, now, &mut wishes),
            (Some(stage), Reply::Problem(problem)) => self.take_problem(stage, &problem, &mut wishes),
            (Some(stage), Reply::Message(bytes)) => self.take_message(stage, &bytes, now, &mut wishes),
            (Some(_), Reply::Part(_) | Reply::End) => Some(Event::Failed(Fault::BadAnswer)),
        };
        if self.dies() {
            wishes.push(Wish::Died);
            return wishes;
        }
        if let Some(event) = event {
            wishes.extend(self.tell(event, now));
        }
        wishes
    }

    fn take_message(&mut self, stage: Stage, bytes: &[u8], now: Millis, wishes: &mut Vec<Wish>) -> Option<Event> {
        let clock = self.clock(now);
        match stage {
            Stage::Challenge => {
                let challenge = Challenge::parse(bytes).expect("the station speaks the protocol").challenge;
                let partnership = Town::get().partnership;
                let request = SessionRequest { partnership, device: self.id, challenge: challenge.clone() };
                let call = signed("/v1/session", self.id, &self.key, &challenge.0, clock, request.to_bytes());
                self.send(Stage::Session, Ask::Session(call), wishes);
                None
            }
            Stage::Session => {
                let answer = SessionAnswer::parse(bytes).expect("the station speaks the protocol");
                let Power::On(device) = &mut self.power else { return None };
                match device.meet(&answer) {
                    Ok(Met::Stop(stop)) => return Some(Event::Stopped(stop)),
                    Ok(Met::Known | Met::Another) => {}
                    Err(_) => return Some(Event::Failed(Fault::Storage)),
                }
                let identity = StoreIdentity { store: answer.store, restore_epoch: answer.restore_epoch };
                self.session = Some(Session { token: answer.session.0, identity });
                let lasts_ms = answer.expires.0.saturating_sub(answer.now.0);
                Some(Event::SessionOpened { expires: Millis(now.0 + lasts_ms) })
            }
            Stage::Card => {
                let card = ServerCard::parse(bytes).expect("the station speaks the protocol");
                let found = StoreIdentity { store: card.store, restore_epoch: card.restore_epoch };
                let Power::On(device) = &mut self.power else { return None };
                match meta::store_identity(device.store().reader()) {
                    // Another store: it may not know this partnership, or not all of its log.
                    Ok(known) if known != Some(found) => self.append_from(LogSize(0), wishes),
                    Ok(_) => Some(Event::Failed(Fault::SessionEnded)),
                    Err(_) => Some(Event::Failed(Fault::Storage)),
                }
            }
            // The server has what it lacked: the attempt begins anew.
            Stage::Append => self.ask_challenge_anew(wishes),
            Stage::Wraps(end) => self.bring_wraps(end, wishes),
            Stage::Exchange(_) => Some(Event::Failed(Fault::BadAnswer)),
        }
    }

    fn ask_challenge_anew(&mut self, wishes: &mut Vec<Wish>) -> Option<Event> {
        match self.machine.phase() {
            Phase::Opening => self.ask_challenge(wishes),
            _ => Some(Event::Failed(Fault::SessionEnded)),
        }
    }

    /// Brings the authority log from `base` on to a server that lacks it.
    fn append_from(&mut self, base: LogSize, wishes: &mut Vec<Wish>) -> Option<Event> {
        let Power::On(device) = &mut self.power else { return None };
        match device.held_log() {
            // A tablet that has not got the log yet waits until somebody who has it comes by.
            Ok(held) if held.is_empty() => Some(Event::Failed(Fault::SessionEnded)),
            Ok(held) => match held.append_after(base) {
                Some(append) => {
                    self.send(Stage::Append, Ask::Append(append.to_bytes()), wishes);
                    None
                }
                None => Some(Event::Failed(Fault::BadAnswer)),
            },
            Err(_) => Some(Event::Failed(Fault::Storage)),
        }
    }

    /// An exchange has come to its end: wraps that the server may lack are brought to it, those at `base` and later.
    fn bring_wraps(&mut self, base: LogSize, wishes: &mut Vec<Wish>) -> Option<Event> {
        let Power::On(device) = &mut self.power else { return None };
        let done = Some(Event::Exchanged { remaining: Remaining::Nothing });
        let brought = match device.wraps_to_bring() {
            Ok(None) => return done,
            Ok(Some(held)) => match held.wraps_after(base) {
                Some(append) => {
                    let end = LogSize(append.base_size.0 + append.entries.len() as u64);
                    self.send(Stage::Wraps(end), Ask::Append(append.to_bytes()), wishes);
                    return None;
                }
                None => device.set_wraps_brought(),
            },
            Err(error) => Err(error),
        };
        if brought.is_ok() { done } else { Some(Event::Failed(Fault::Storage)) }
    }

    fn take_problem(&mut self, stage: Stage, problem: &Problem, wishes: &mut Vec<Wish>) -> Option<Event> {
        match (stage, problem) {
            // A server that lost its log knows nobody: ask which store it is.
            (Stage::Session, Problem::Unauthorised) => {
                self.send(Stage::Card, Ask::Card, wishes);
                None
            }
            (Stage::Exchange(_), Problem::LogBehind { size }) | (Stage::Append, Problem::LogConflict { size }) => {
                self.append_from(*size, wishes)
            }
            (_, Problem::Unauthorised) => Some(Event::Failed(Fault::SessionEnded)),
            (_, Problem::Busy | Problem::Unavailable | Problem::Frozen | Problem::TooMany { .. }) => {
                Some(Event::Failed(Fault::Busy))
            }
            (_, Problem::LogFork) => Some(Event::Stopped(Stop::SplitView)),
            (_, Problem::Revoked | Problem::Ended) => Some(Event::Stopped(Stop::Refused)),
            _ => Some(Event::Failed(Fault::BadAnswer)),
        }
    }

    fn take_part(&mut self, mut exchange: Box<Exchange>, bytes: &[u8], now: Millis) -> Option<Event> {
        let clock = self.clock(now);
        let Power::On(device) = &mut self.power else { return None };
        exchange.decoder.push(bytes);
        loop {
            match exchange.decoder.next_frame() {
                Ok(Some(Frame::Closing(closing))) => exchange.closing = Some(closing),
                Ok(Some(frame)) => {
                    if let Err(error) = exchange.answer.frame(device, frame, clock) {
                        return Some(failed(&error));
                    }
                }
                Ok(None) => break,
                Err(_) => return Some(Event::Failed(Fault::BadAnswer)),
            }
        }
        self.stage = Some(Stage::Exchange(exchange));
        None
    }

    fn take_end(&mut self, exchange: Exchange, now: Millis, wishes: &mut Vec<Wish>) -> Option<Event> {
        let clock = self.clock(now);
        let Power::On(device) = &mut self.power else { return None };
        let Some(closing) = exchange.closing else { return Some(Event::Failed(Fault::BadAnswer)) };
        let digest = exchange.decoder.stream_digest();
        match exchange.answer.close(device, &closing, &digest, clock) {
            Ok(outcome) if outcome.remainder == Remainder::More => {
                Some(Event::Exchanged { remaining: Remaining::More })
            }
            Ok(_) => self.bring_wraps(LogSize(0), wishes),
            Err(error) => Some(failed(&error)),
        }
    }
}

const fn failed(error: &AnswerError) -> Event {
    match error {
        AnswerError::Device(_) => Event::Failed(Fault::Storage),
        AnswerError::OtherStore => Event::Failed(Fault::SessionEnded),
        AnswerError::Stop(stop) => Event::Stopped(*stop),
        _ => Event::Failed(Fault::BadAnswer),
    }
}

fn signed(
    path: &'static str,
    device: DeviceId,
    key: &DeviceSigner,
    session: &[u8],
    created: Millis,
    body: Vec<u8>,
) -> SignedCall {
    let by = Signed { partnership: Town::get().partnership, device, session, created };
    SignedCall::new(path, by, body, |base: &[u8]| -> Signature {
        key.try_sign_raw(base).expect("a key in memory signs")
    })
}

//! What travels in a run, and what the network makes of it.

use doorstep_client_core::replica::machine::Event as MachineEvent;

use super::{Event, World};
use crate::sim::mail::{Ask, CallId, Reply};
use crate::sim::oracle::Broken;
use crate::sim::station::Handled;
use crate::sim::tablet::Wish;

/// How long a host waits for the next part of an answer.
const PATIENCE_MS: u64 = 60_000;
/// How late a late message is at most.
const LATE_MS_MAX: u64 = 15 * 60_000;

impl World {
    pub(super) fn tell(&mut self, number: usize, event: MachineEvent) -> Result<(), Broken> {
        if !self.tablets[number].runs() {
            return Ok(());
        }
        let wishes = self.tablets[number].tell(event, self.now);
        self.grant(number, wishes)
    }

    fn grant(&mut self, number: usize, wishes: Vec<Wish>) -> Result<(), Broken> {
        for wish in wishes {
            match wish {
                Wish::Send(ask) => self.send(number, *ask),
                Wish::WakeAt(at) => {
                    let in_ms = at.0.saturating_sub(self.now.0);
                    let boot = self.tablets[number].boots;
                    self.after(in_ms, Event::Wake { tablet: number, boot });
                }
                Wish::Died => self.ended(number),
            }
        }
        match self.tablets[number].device() {
            Some(device) => self.cursors[number].watch(number, device),
            None => Ok(()),
        }
    }

    fn delay(&mut self) -> u64 {
        if !self.healed && self.net.happens(self.plan.weather.late) {
            return self.net.between(self.plan.weather.delay_ms_max, LATE_MS_MAX);
        }
        self.net.between(5, self.plan.weather.delay_ms_max)
    }

    fn mishap(&mut self, permille: u64) -> bool {
        let happens = !self.healed && self.net.happens(permille);
        self.counts.mistreated += u64::from(happens);
        happens
    }

    fn send(&mut self, number: usize, ask: Ask) {
        let call = CallId { tablet: number, number: self.tablets[number].calls, copy: 0 };
        self.trace.add(self.now, &format!("tablet {number} asks {}", ask.name()), ask.body());
        self.parts[number] = 0;
        self.after(PATIENCE_MS, Event::Patience(call, 0));
        let weather = self.plan.weather.clone();
        if !self.signal[number] || self.mishap(weather.lost) {
            return;
        }
        let delay = self.delay();
        if self.mishap(weather.doubled) {
            let (again, copy) = (self.delay(), CallId { copy: 1, ..call });
            self.after(again, Event::Arrive(copy, ask.clone()));
        }
        self.after(delay, Event::Arrive(call, ask));
    }

    pub(super) fn arrive(&mut self, call: CallId, ask: &Ask) {
        let Some(handled) = self.station.handle(call, ask, self.now) else { return };
        self.counts.arrived += 1;
        self.trace.add(self.now, &format!("station takes {} of {}", ask.name(), call.tablet), &[]);
        match handled {
            Handled::Died => self.station_ended(),
            Handled::Stream => self.page(call),
            Handled::Reply(reply) => {
                if !self.mishap(self.plan.weather.half_open) {
                    let delay = self.delay();
                    self.after(delay, Event::Reply(call, reply));
                }
            }
        }
    }

    /// Reads the next page of a stream, and sends it in parts, whole or cut.
    pub(super) fn page(&mut self, call: CallId) {
        let Some(mut page) = self.station.page(call, self.now) else {
            self.after(1, Event::Reply(call, Reply::End));
            return;
        };
        let weather = self.plan.weather.clone();
        if self.mishap(weather.half_open) {
            return;
        }
        let cut = self.mishap(weather.cut);
        if cut {
            let at = self.net.below(page.len() as u64 + 1) as usize;
            page.truncate(at);
        }
        // Parts of one answer keep their order, as on one connection.
        let mut delay = self.delay();
        let mut rest = page.as_slice();
        for _ in 0..self.net.between(1, 4) {
            let length = self.net.below(rest.len() as u64 + 1) as usize;
            let (part, left) = rest.split_at(length);
            rest = left;
            if !part.is_empty() {
                self.after(delay, Event::Reply(call, Reply::Part(part.to_vec())));
                delay += self.net.below(2_000);
            }
        }
        if !rest.is_empty() {
            self.after(delay, Event::Reply(call, Reply::Part(rest.to_vec())));
            delay += 1;
        }
        if cut {
            self.after(delay, Event::Reply(call, Reply::End));
        } else {
            self.after(delay, Event::Page(call));
        }
    }

    pub(super) fn reply(&mut self, call: CallId, reply: Reply) -> Result<(), Broken> {
        let number = call.tablet;
        let tablet = &mut self.tablets[number];
        if !tablet.runs() || tablet.calls != call.number || call.copy > 0 || !self.signal[number] {
            return Ok(());
        }
        self.trace.add(self.now, &format!("tablet {number} gets {}", reply.name()), reply.bytes());
        self.parts[number] += 1;
        let parts = self.parts[number];
        let wishes = self.tablets[number].take(reply, self.now);
        self.after(PATIENCE_MS, Event::Patience(call, parts));
        self.grant(number, wishes)
    }

    pub(super) fn patience(&mut self, call: CallId, parts: u64) -> Result<(), Broken> {
        let tablet = &mut self.tablets[call.tablet];
        if !tablet.runs() || tablet.calls != call.number || self.parts[call.tablet] != parts {
            return Ok(());
        }
        let wishes = tablet.timed_out(self.now);
        self.grant(call.tablet, wishes)
    }
}

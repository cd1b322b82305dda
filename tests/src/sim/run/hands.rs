//! What people do in a run: somebody records something, carries a file, decides something at the desk.

use doorstep_client_core::replica::machine::Event as MachineEvent;
use doorstep_client_core::store::envelopes;
use doorstep_protocol::envelope::HEADER_BYTES;

use super::World;
use crate::sim::office;
use crate::sim::oracle::Broken;
use crate::sim::plan::Decision;
use crate::sim::tablet::Tablet;
use crate::sim::work::Done;

/// Erasures that are finished at the desk in one round.
const ERASURES_MAX: usize = 8;

impl World {
    /// An admin decides something at the desk, which brings it to the server at once or not at all.
    pub(super) fn office(&mut self, decision: Decision) -> Result<(), Broken> {
        let now = self.now;
        // Whoever is gone cannot leave again.
        if matches!(decision, Decision::Revoke(number) | Decision::Leave(number) if self.gone.contains(&number)) {
            return Ok(());
        }
        let Some(desk) = self.tablets[0].device() else { return Ok(()) };
        let Some(decided) = office::decide(desk, decision, now, self.office.rng()) else { return Ok(()) };
        let was_up = self.station.runs();
        let appended = self.station.append(&office::append_of(&decided.written));
        self.trace.add(self.now, &format!("office {decision:?} {}", appended.is_some()), &[]);
        let died = appended.is_none() && was_up;
        if died {
            self.station_ended();
        }
        // A server that failed or ended over it may have it all the same; then the desk hears of it later.
        let head = decided.written.entries.last().map(doorstep_protocol::authority::SignedEntry::hash);
        let is_known =
            matches!(appended, Some(Ok(()))) || (was_up && head.is_some_and(|head| self.station.log_ends_with(head)));
        if !is_known {
            return Ok(());
        }
        self.counts.decided += 1;
        if let Some(number) = decided.leaver {
            self.gone.insert(number);
            self.counts.left += 1;
        }
        if let Some(erased) = decided.erased {
            self.work.erased.insert(erased);
            self.counts.erased += 1;
        }
        if decision == Decision::Adopt {
            self.counts.adopted += 1;
        }
        // As its command does, if it can.
        if let Some(desk) = self.tablets[0].device() {
            let taken = doorstep_client_core::partnership::take_written(desk, &decided.written);
            self.excused[0] |= taken.is_err();
        }
        if self.tablets[0].dies() {
            self.ended(0);
            return Ok(());
        }
        self.tell(0, MachineEvent::Wanted)
    }

    /// What the desk's to-do says of erasures is done. Returns how many there were.
    pub(super) fn finish_erasures(&mut self) -> Result<usize, Broken> {
        for finished in 0..ERASURES_MAX {
            let desk = self.tablets[0].device();
            if desk.is_none_or(|desk| desk.unfinished_erasures().is_ok_and(|unfinished| unfinished.is_empty())) {
                return Ok(finished);
            }
            self.office(Decision::Finish)?;
        }
        Ok(ERASURES_MAX)
    }

    /// Tablets that show work that was set aside and could be taken in.
    pub(super) fn who_has_late_work(&mut self) -> Vec<usize> {
        let gone = &self.gone;
        let staying = self.tablets.iter_mut().enumerate().filter(|(number, _)| !gone.contains(number));
        let has_late =
            |tablet: &mut Tablet| tablet.device().is_some_and(|d| d.late_work().is_ok_and(|late| !late.is_empty()));
        staying.filter_map(|(number, tablet)| has_late(tablet).then_some(number)).collect()
    }

    /// Somebody records something, and the app asks for an exchange.
    pub(super) fn record(&mut self, number: usize) -> Result<(), Broken> {
        let now = self.tablets[number].clock(self.now);
        let Some((device, own)) = self.tablets[number].device_and_chance() else { return Ok(()) };
        let done = self.work.one(number, device, own, &mut self.jobs, now);
        self.trace.add(self.now, &format!("tablet {number} job {done:?}"), &[]);
        match done {
            Done::Saved => self.counts.saved += 1,
            Done::Failed => {
                self.counts.not_saved += 1;
                self.excused[number] = true;
            }
            Done::Nothing => {}
        }
        if self.tablets[number].dies() {
            self.ended(number);
            return Ok(());
        }
        // Also a job that found nothing to do may have met a home on the way.
        if done != Done::Failed {
            return self.tell(number, MachineEvent::Wanted);
        }
        Ok(())
    }

    /// A carrier file: what one has, the other takes.
    pub(super) fn carry(&mut self, from: usize, to: usize) -> Result<(), Broken> {
        let now = self.tablets[from].clock(self.now);
        let Some((device, chance)) = self.tablets[from].device_and_chance() else { return Ok(()) };
        let sealed = device.authority().is_ok() && device.seal_pending(now, chance.rng()).is_ok();
        if self.tablets[from].dies() {
            self.ended(from);
            return Ok(());
        }
        let now = self.tablets[to].clock(self.now);
        let mut file: Vec<Vec<u8>> = match self.tablets[from].device() {
            Some(device) if sealed => envelopes::page_after(device.store().reader(), 0, usize::MAX)
                .map_err(|error| Broken(error.to_string()))?
                .into_iter()
                // Of what was erased there is mostly no more than a header.
                .filter(|kept| kept.bytes.len() > HEADER_BYTES)
                .map(|kept| kept.bytes)
                .collect(),
            _ => return Ok(()),
        };
        let Some(device) = self.tablets[to].device() else { return Ok(()) };
        if device.authority().is_err() {
            return Ok(());
        }
        // What is carried by hand comes in any order.
        if self.net.happens(500) {
            for at in (1..file.len()).rev() {
                file.swap(at, self.net.below(at as u64 + 1) as usize);
            }
        }
        let came = device.ingest_carried(file, now).map(|came| (came.applied, came.waiting)).ok();
        self.trace.add(self.now, &format!("tablet {to} is brought {came:?}"), &[]);
        if self.tablets[to].dies() {
            self.ended(to);
            return Ok(());
        }
        self.tell(to, MachineEvent::Wanted)
    }
}

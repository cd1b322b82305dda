//! The end: everything verified, where it is, and what to try next.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use doorstep_client_core::device::Device;
use doorstep_desk::context::HeldServer;
use doorstep_desk::render::words::grouped;

use super::{DESK, FLAT_UPRN, Flat, Town};
use crate::device::PASSPHRASE;
use crate::telling::Telling;
use crate::{Kept, StoryError, StoryOptions};

impl Town {
    pub(crate) fn verify(&self, telling: &mut Telling<'_>) -> Result<usize, StoryError> {
        telling
            .step("Everything checked", "every signature, chain and page on every device, and the server's feeds")?;
        let (mut envelopes, mut faults) = (0, 0);
        for device in &self.devices {
            let report = device.client.verify()?;
            envelopes += report.envelopes;
            faults += report.faults.len();
            for fault in &report.faults {
                telling.line(&format!("{}: {fault}", device.name))?;
            }
        }
        // Each device has recomputed the heads of the feeds that it reads: all must have seen the server say the same.
        let mut heads = BTreeSet::new();
        for device in &self.devices {
            let shared = device.client.device();
            let held = shared.lock().map_err(|_| StoryError::Broken("a device was left in the middle of something"))?;
            let device: &Device = &held;
            for (zone, position) in device.feeds() {
                if position.read != position.confirmed {
                    faults += 1;
                    telling.line(&format!("zone {zone}: read further than the server has signed for"))?;
                }
                heads.insert((*zone, position.read.number, position.read.head));
            }
        }
        let zones: BTreeSet<_> = heads.iter().map(|(zone, ..)| *zone).collect();
        if zones.len() != heads.len() {
            faults += 1;
            telling.line("two devices were shown two heads of one feed")?;
        }
        let verdict = if faults == 0 { "verify: OK" } else { "verify: FAULTS" };
        telling.line(&format!(
            "{verdict} ({} devices, {} envelopes, {} feeds with one head each)",
            self.devices.len(),
            grouped(envelopes),
            zones.len()
        ))?;
        Ok(faults)
    }

    pub(crate) fn close(
        self,
        telling: &mut Telling<'_>,
        options: &StoryOptions,
        _: &Flat,
        took: Duration,
    ) -> Result<(HeldServer, Kept), StoryError> {
        let folder = |name: &str| quoted(&self.data.join(name));
        let (desk, crew, surveyor) =
            (quoted(&self.devices[DESK].folder), folder("fire-tablet"), folder("surveyor-tablet"));
        let program = &options.program;
        telling.plain(&format!("\nTold in {:.1} s. Everything is in {}.", took.as_secs_f64(), self.data.display()))?;
        telling.plain("\nTry next, in this folder:")?;
        telling.plain(&format!("  export DOORSTEP_PASSPHRASE='{PASSPHRASE}'"))?;
        for line in [
            format!("{program} --folder {crew} firebox {FLAT_UPRN}"),
            format!("{program} --folder {desk} property show {FLAT_UPRN}"),
            format!(
                "{program} --folder {desk} conflicts resolve dwelling.main_exit --keep restricted --at {FLAT_UPRN}"
            ),
            format!("{program} --folder {surveyor} visit record --at {FLAT_UPRN} --alarm 'bedroom,smoke,tested'"),
            format!("{program} --folder {desk} verify"),
            format!("{program} --help"),
        ] {
            telling.plain(&format!("  {line}"))?;
        }
        telling.plain("To sync these, start the server again in another terminal (or tell the story with --stay):")?;
        telling.plain(&format!("  {program} serve --data {} --listen {}", folder("server"), self.server.address))?;
        telling.plain(&format!("  {program} --folder {desk} sync"))?;
        Ok((self.server, Kept { at: self.at, devices: self.devices }))
    }
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-:".contains(c));
    if plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

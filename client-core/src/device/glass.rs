//! Breaking the glass, with no signal: a record on this device's disk first, then the sealed document of one property, in
//! memory, for the policy's minutes.

use doorstep_protocol::authority::Rights;
use doorstep_protocol::{Class, DocumentId, EnvelopeId, Millis, ZoneId};
use rand_core::CryptoRng;

use super::audit::Guarded;
use super::restricted::{RestrictedError, SealedView, no_audit};
use super::{Device, RecordId};
use crate::audit::record::{INCIDENT_CHARS_MAX, TEXT_CHARS_MAX};
use crate::audit::{AuditEvent, GlassReason};
use crate::partnership::purpose;
use crate::store::seats::{self, GlassRow};

/// Fewest signs of the words that say why.
const TEXT_CHARS_MIN: usize = 5;

/// Why a glass stays whole, or shows nothing any more.
#[derive(Debug, thiserror::Error)]
pub enum GlassError {
    /// No grant lets this device break it.
    #[error("no grant lets this device break the glass here: ask the control room")]
    NotEntitled,
    /// The reason in words is missing or too long.
    #[error("say why in {TEXT_CHARS_MIN} to {TEXT_CHARS_MAX} characters: it is what the review reads")]
    Text,
    /// The incident's number is too long.
    #[error("an incident's number has at most {INCIDENT_CHARS_MAX} characters")]
    Incident,
    /// It was not broken.
    #[error("the glass of this home is whole: break it first")]
    Whole,
    /// Its time is over.
    #[error("the time behind this glass is over: break it again if you still need it")]
    Over,
}

/// Why a worker breaks a glass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlassPlea {
    /// The code.
    pub reason: GlassReason,
    /// In words.
    pub text: String,
    /// The number of the incident, where there is one.
    pub incident: Option<String>,
}

/// A glass that is broken now: a key behind it is handed out against this only. It names one document.
#[derive(Clone, Copy, Debug)]
pub struct BrokenGlass {
    row: GlassRow,
}

impl BrokenGlass {
    /// The record of its being broken.
    #[must_use]
    pub const fn record(&self) -> EnvelopeId {
        self.row.envelope
    }

    /// The sealed document behind it.
    #[must_use]
    pub const fn document(&self) -> DocumentId {
        self.row.document
    }

    /// Until when it shows.
    #[must_use]
    pub const fn until(&self) -> Millis {
        self.row.until
    }
}

impl Device {
    /// Breaks the glass of one property. The record is on disk when this returns; nothing is shown yet.
    ///
    /// # Errors
    /// [`RestrictedError`]; then the glass is whole.
    pub fn break_glass(
        &mut self,
        record: RecordId,
        plea: &GlassPlea,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<BrokenGlass, RestrictedError> {
        let text = plea.text.trim();
        if !(TEXT_CHARS_MIN..=TEXT_CHARS_MAX).contains(&text.chars().count()) {
            return Err(GlassError::Text.into());
        }
        let incident = plea.incident.as_deref().map(str::trim).filter(|incident| !incident.is_empty());
        if incident.is_some_and(|incident| incident.chars().count() > INCIDENT_CHARS_MAX) {
            return Err(GlassError::Incident.into());
        }
        let effective = self.may_show(now)?;
        if self.glass_zones(effective)?.is_empty() {
            return Err(GlassError::NotEntitled.into());
        }
        let document = self.closed_document(record, Class::Sealed, effective)?;
        let minutes = u64::from(self.authority()?.policy().glass_minutes);
        let until = Millis(effective.0.saturating_add(minutes * 60_000));
        let event = AuditEvent::GlassBroken {
            property: record.0,
            document,
            reason: plea.reason,
            text: text.to_owned(),
            incident: incident.map(ToOwned::to_owned),
            until,
        };
        let mut row = GlassRow { envelope: EnvelopeId::ZERO, property: record.0, document, until };
        let recorded = self
            .append_audit(event, now, rng, |transaction, envelope| {
                seats::add_glass(transaction, &GlassRow { envelope, ..row })
            })
            .map_err(no_audit)?;
        row.envelope = recorded.envelope();
        Ok(BrokenGlass { row })
    }

    /// Shows the sealed document behind a broken glass. That it was shown is on the audit chain, on disk, when this returns.
    ///
    /// # Errors
    /// [`RestrictedError`]; then nothing is shown.
    pub fn read_behind_glass(
        &mut self,
        record: RecordId,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<Guarded<SealedView>, RestrictedError> {
        let effective = self.may_show(now)?;
        let glass = self.broken_glass(record, effective)?;
        let zones = self.glass_zones(effective)?;
        if zones.is_empty() {
            return Err(GlassError::NotEntitled.into());
        }
        let event =
            AuditEvent::SealedRead { document: glass.document(), glass: glass.record(), purpose: purpose::EMERGENCY };
        let recorded = self.append_audit(event, now, rng, |_, _| Ok(())).map_err(no_audit)?;
        let key = |zone: ZoneId, epoch| {
            let held = self.keyring.zone(zone, epoch).or_else(|| self.keyring.behind_glass(zone, epoch, &glass));
            held.filter(|_| zones.contains(&zone))
        };
        let built = self.build(Class::Sealed, glass.document(), &key)?;
        if built.applied + built.left_out == 0 {
            return Err(RestrictedError::Nothing);
        }
        Ok(recorded.guard(built.view()))
    }

    /// Closes the glass of a property before its time.
    ///
    /// # Errors
    /// [`GlassError::Whole`] when none is broken, [`RestrictedError`].
    pub fn close_glass(
        &mut self,
        record: RecordId,
        now: Millis,
        rng: &mut impl CryptoRng,
    ) -> Result<(), RestrictedError> {
        let row = seats::open_glass(self.store.reader(), record.0)?.ok_or(GlassError::Whole)?;
        let event = AuditEvent::GlassClosed { glass: row.envelope };
        self.append_audit(event, now, rng, |transaction, _| seats::close_glass(transaction, record.0))
            .map_err(no_audit)?;
        Ok(())
    }

    fn broken_glass(&self, record: RecordId, now: Millis) -> Result<BrokenGlass, RestrictedError> {
        let row = seats::open_glass(self.store.reader(), record.0)?.ok_or(GlassError::Whole)?;
        if now > row.until {
            return Err(GlassError::Over.into());
        }
        Ok(BrokenGlass { row })
    }

    /// The sealed zones whose glass this device may break at `now`.
    fn glass_zones(&self, now: Millis) -> Result<Vec<ZoneId>, RestrictedError> {
        let authority = self.authority()?;
        let zones = authority.zones().iter().filter(|(id, zone)| {
            zone.class == Class::Sealed && authority.has_rights(self.id(), **id, Rights::GLASS, now)
        });
        Ok(zones.map(|(id, _)| *id).collect())
    }
}

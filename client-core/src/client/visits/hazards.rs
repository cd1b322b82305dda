//! A hazard that a visit found, recorded where it is: one of the common parts stands at the building, so that every home in it
//! shows it.

use doorstep_protocol::Class;
use rand_core::CryptoRng;

use super::due::Reviews;
use super::{PropertyRef, Visits, property_of};
use crate::client::ClientError;
use crate::device::{Draft, RecordId, WriteError};
use crate::records::home::{Hazard, Scope};
use crate::records::{Date, RowId, Uprn};
use crate::store::lists;

impl Visits<'_> {
    /// Records a hazard that was found at a home. Returns the property that it stands at, and its row.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field, the limit and the remedy.
    pub fn add_hazard(&self, home: RecordId, hazard: &Hazard) -> Result<(RecordId, RowId), ClientError> {
        self.client.write(|draft| {
            let place = place_of(draft, home, hazard.scope.as_ref())?;
            let mut hazard = hazard.clone();
            let (book, today) = (draft.device().book()?, Date::of(draft.now()));
            let list = hazard.scheme.as_ref().and_then(|scheme| book.codes(scheme.as_str(), &today));
            hazard.version = hazard.version.or(list.map(|(_, version)| version));
            Reviews::of(draft)?.hazard(&mut hazard);
            let row = draft.row_id();
            draft.edit(place, Class::Home, |edit| edit.create(row, &hazard))?;
            Ok((place, row))
        })
    }
}

/// Where a hazard of a scope stands: at the building, where a home names the one it is in.
fn place_of<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    home: RecordId,
    scope: Option<&Scope>,
) -> Result<RecordId, WriteError> {
    if !matches!(scope, Some(Scope::CommonPart | Scope::Building)) {
        return Ok(home);
    }
    let reader = draft.device().store().reader();
    let parent = lists::property_of(reader, home.0)?.and_then(|row| row.parent_uprn);
    let Some(uprn) = parent.and_then(|uprn| uprn.parse::<Uprn>().ok()) else { return Ok(home) };
    if let Some(known) = lists::properties_of_uprn(reader, uprn.as_str())?.first() {
        return Ok(RecordId(known.record));
    }
    // The building has not come to this device: its record has the same name everywhere.
    property_of(draft, &PropertyRef::Uprn(uprn))
}

//! Who may read a record, by the authority log as this device has it: what a visitor answers when a resident asks at the door.

use std::collections::BTreeMap;

use doorstep_protocol::authority::Rights;
use doorstep_protocol::{Class, Millis, OrganisationId, TeamId};

use super::ClientError;
use super::lost::named;
use super::partnership::Partnership;
use crate::device::RecordId;
use crate::order::Order as _;
use crate::store::documents;

/// A team that may read some of a record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReaderRow {
    /// The organisation's name.
    pub organisation: String,
    /// The organisation.
    pub of_organisation: OrganisationId,
    /// The team's name.
    pub team: String,
    /// The team.
    pub of_team: TeamId,
    /// What it may read, one or more grants with the same end.
    pub classes: Vec<Class>,
    /// Codes of the purposes, ascending.
    pub purposes: Vec<u16>,
    /// The last moment by itself; until somebody ends it, when null.
    pub until: Option<Millis>,
}

impl Partnership<'_> {
    /// Teams that may read what stands here of a home or a person now, with somebody in them, by organisation and team. What is sealed is not
    /// in it: every look at that is recorded by itself.
    ///
    /// # Errors
    /// [`ClientError::NotFound`] for a record of which nothing stands here; [`ClientError::Device`].
    pub fn readers(&self, record: RecordId) -> Result<Vec<ReaderRow>, ClientError> {
        let names = self.client.directory().names()?;
        let now = self.client.now();
        let device = self.client.lock();
        let authority = device.authority()?;
        let reader = device.store().reader();
        let mut rows: BTreeMap<(TeamId, Option<Millis>), ReaderRow> = BTreeMap::new();
        let documents = documents::of_record_all(reader, record.0)?;
        if documents.is_empty() {
            return Err(ClientError::NotFound { what: "record" });
        }
        for document in documents {
            let Some(zone) = documents::zone_of(reader, document)? else { continue };
            let Some(class) = authority.zones().get(&zone).map(|zone| zone.class) else { continue };
            let holds = authority.grants_of(zone).filter(|state| {
                let is_over = state.grant.expires.is_some_and(|last| last < now);
                state.span.is_open() && !is_over && state.grant.rights.contains(Rights::READ)
            });
            for grant in holds.map(|state| &state.grant) {
                let Some(team) = authority.teams().get(&grant.team) else { continue };
                if team.members().next().is_none() {
                    continue;
                }
                let row = rows.entry((grant.team, grant.expires)).or_insert_with(|| ReaderRow {
                    organisation: named(&names.organisations, team.organisation),
                    of_organisation: team.organisation,
                    team: named(&names.teams, grant.team),
                    of_team: grant.team,
                    classes: Vec::new(),
                    purposes: Vec::new(),
                    until: grant.expires,
                });
                row.classes.push(class);
                row.purposes.extend(&grant.purposes);
            }
        }
        let mut rows: Vec<ReaderRow> = rows.into_values().collect();
        for row in &mut rows {
            row.classes.order();
            row.classes.dedup();
            row.purposes.order();
            row.purposes.dedup();
        }
        rows.order_by(|a, b| (&a.organisation, &a.team, a.until).cmp(&(&b.organisation, &b.team, b.until)));
        Ok(rows)
    }
}

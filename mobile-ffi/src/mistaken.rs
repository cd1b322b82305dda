//! What was recorded by mistake: at the wrong home, of the wrong room, misread. It is taken back with a reason, stands in the history,
//! and can stand again.

use std::time::SystemTime;

use doorstep_client_core::client;
use doorstep_client_core::records::RowId as CoreRow;

use crate::error::DoorstepError;
use crate::ids::{DeviceId, RecordId, RowId};
use crate::measures::time;
use crate::person::People;
use crate::quiet::quiet;
use crate::visit::Visits;

/// Kinds of fact that can be taken back. Of a hazard a visitor says that it is resolved or disputed; any other fact is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum FactKind {
    /// An alarm.
    Alarm,
    /// A clutter rating.
    Clutter,
    /// A measurement.
    Measurement,
    /// A piece of equipment.
    Equipment,
    /// An adaptation.
    Adaptation,
}

/// A fact of a home.
#[derive(Clone, Debug, PartialEq, Eq, Hash, uniffi::Record)]
pub struct HomeFact {
    /// Its kind.
    pub kind: FactKind,
    /// Its row, as its page says.
    pub row: RowId,
}

/// A fact that was taken back.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct MistakenFact {
    /// The decision: what letting it stand names.
    pub decision: RowId,
    /// The fact.
    pub fact: HomeFact,
    /// What was wrong with it; none where its answer in a form was taken back.
    pub why: Option<String>,
    /// On which device it was taken back; none where that is not known.
    pub device: Option<DeviceId>,
    /// When, by that device's clock.
    pub at: Option<SystemTime>,
}

/// What was said that a person can do, and was taken back.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct MistakenAbility {
    /// The decision: what letting it stand names.
    pub decision: RowId,
    /// The row, as the page of the person said it.
    pub ability: RowId,
    /// What was wrong with it; none where its answer in a form was taken back.
    pub why: Option<String>,
    /// On which device it was taken back; none where that is not known.
    pub device: Option<DeviceId>,
    /// When, by that device's clock.
    pub at: Option<SystemTime>,
}

quiet!(MistakenFact, MistakenAbility);

#[uniffi::export]
impl Visits {
    /// Takes back a fact of a home that was recorded by mistake: no page shows it any more, and crews are told of it no more. Returns
    /// the decision, by which that is undone.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] without a reason, [`DoorstepError::NotHere`].
    pub fn take_back_fact(&self, record: RecordId, fact: HomeFact, why: &str) -> Result<RowId, DoorstepError> {
        let (record, row): (_, CoreRow) = (record.try_into()?, fact.row.try_into()?);
        let fact = (fact.kind.collection(), row);
        Ok(self.shared.write(|client| client.visits().take_back(record, fact, why))?.into())
    }

    /// Facts of a home that were taken back, the latest first.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn mistaken(&self, record: RecordId) -> Result<Vec<MistakenFact>, DoorstepError> {
        let record = record.try_into()?;
        let facts = self.shared.read(|client| client.visits().mistaken(record))?;
        Ok(facts.into_iter().filter_map(MistakenFact::shown).collect())
    }

    /// Undoes that: the fact stands after all.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`] for what is no decision of that kind that holds.
    pub fn let_stand(&self, record: RecordId, decision: RowId) -> Result<(), DoorstepError> {
        let (record, decision) = (record.try_into()?, decision.try_into()?);
        self.shared.write(|client| client.visits().let_stand(record, decision))
    }
}

#[uniffi::export]
impl People {
    /// Takes back what was said by mistake that a person can do: of somebody else, or misheard. Returns the decision, by which that is
    /// undone.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] without a reason, [`DoorstepError::NotHere`].
    pub fn take_back_ability(&self, person: RecordId, ability: RowId, why: &str) -> Result<RowId, DoorstepError> {
        let (person, ability) = (person.try_into()?, ability.try_into()?);
        Ok(self.shared.write(|client| client.people().take_back(person, ability, why))?.into())
    }

    /// What was taken back of what a person can do, the latest first.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn mistaken(&self, person: RecordId) -> Result<Vec<MistakenAbility>, DoorstepError> {
        let person = person.try_into()?;
        let facts = self.shared.read(|client| client.people().mistaken(person))?;
        Ok(facts.into_iter().map(Into::into).collect())
    }

    /// Undoes that: the person can do what was said after all.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`] for what is no decision of that kind that holds.
    pub fn let_stand(&self, person: RecordId, decision: RowId) -> Result<(), DoorstepError> {
        let (person, decision) = (person.try_into()?, decision.try_into()?);
        self.shared.write(|client| client.people().let_stand(person, decision))
    }
}

impl FactKind {
    const ALL: [Self; 5] = [Self::Alarm, Self::Clutter, Self::Measurement, Self::Equipment, Self::Adaptation];

    /// The collection of the record that such facts stand in.
    const fn collection(self) -> &'static str {
        match self {
            Self::Alarm => "alarms",
            Self::Clutter => "clutter",
            Self::Measurement => "measurements",
            Self::Equipment => "equipment",
            Self::Adaptation => "adaptations",
        }
    }

    fn of(collection: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.collection() == collection)
    }
}

impl MistakenFact {
    fn shown(fact: client::MistakenFact) -> Option<Self> {
        let kind = FactKind::of(&fact.collection)?;
        let MistakenAbility { decision, ability: row, why, device, at } = fact.into();
        Some(Self { decision, fact: HomeFact { kind, row }, why, device, at })
    }
}

impl From<client::MistakenFact> for MistakenAbility {
    fn from(fact: client::MistakenFact) -> Self {
        let who = fact.made.as_ref().and_then(|made| made.who);
        Self {
            decision: fact.decision.into(),
            ability: fact.row.into(),
            why: fact.why,
            device: who.map(|who| who.device.into()),
            at: fact.made.as_ref().map(|made| time(made.at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use doorstep_client_core::records::decisions::mistakable;
    use doorstep_client_core::records::home::Dwelling;
    use doorstep_client_core::records::{Class, Row};

    use super::*;

    #[test]
    fn whatever_can_be_taken_back_has_a_kind() {
        // What is known of the dwelling is no row: an app takes it back with the answer that said it.
        let rows = mistakable(Class::Home).iter().filter(|name| **name != Dwelling::COLLECTION);
        let without: Vec<_> = rows.filter(|name| FactKind::of(name).is_none()).collect();
        assert!(without.is_empty(), "{without:?}");
        assert_eq!(FactKind::of("hazards"), None);
    }
}

//! People: search, the page of one, new ones.

use std::sync::Arc;

use doorstep_client_core::client::{self, PersonInput};
use doorstep_client_core::records::{Reading, Seen, communication, function, identity};
use doorstep_client_core::store::lists;

use crate::error::DoorstepError;
use crate::found::RowFacts;
use crate::ids::RecordId;
use crate::measures::{Day, date};
use crate::open::Shared;
use crate::property::Delivery;
use crate::quiet::quiet;
use crate::words::{Channel, Constancy, Doing, Level, NeedKind, OccupancyKind};

/// People of a device.
#[derive(uniffi::Object)]
pub struct People {
    pub(crate) shared: Arc<Shared>,
}

/// A person in a list.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PersonLine {
    /// The person.
    pub record: RecordId,
    /// The name shown first.
    pub name: String,
    /// Date of birth.
    pub born: Option<Day>,
}

/// A number or address.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Contact {
    /// Channel.
    pub channel: Option<Channel>,
    /// Number or address.
    pub value: String,
    /// Whose it is.
    #[uniffi(default)]
    pub whose: Option<String>,
    /// When to use it, and when not.
    #[uniffi(default)]
    pub when: Option<String>,
    /// It may be used for this person without harm.
    #[uniffi(default)]
    pub safe: Option<bool>,
}

/// A communication need.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Need {
    /// What.
    pub kind: NeedKind,
    /// More.
    #[uniffi(default)]
    pub detail: Option<String>,
}

/// What a person can do.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Ability {
    /// What.
    pub what: Doing,
    /// How well.
    pub level: Level,
    /// How steadily.
    #[uniffi(default)]
    pub constancy: Option<Constancy>,
    /// More.
    #[uniffi(default)]
    pub detail: Option<String>,
}

/// What a person can do, as it is recorded.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AbilityRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// What they can do.
    pub ability: Ability,
}

/// Where a person lives, or lived.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Occupancy {
    /// The property; none for an address elsewhere.
    pub property: Option<RecordId>,
    /// The address elsewhere.
    pub address: Option<String>,
    /// Kind of address.
    pub kind: Option<OccupancyKind>,
}

/// A person who is not recorded yet.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct NewPerson {
    /// What the person wants to be called: always filled.
    pub preferred_name: String,
    /// Legal forename.
    #[uniffi(default)]
    pub forename: Option<String>,
    /// Legal surname.
    #[uniffi(default)]
    pub surname: Option<String>,
    /// Date of birth.
    #[uniffi(default)]
    pub born: Option<Day>,
    /// Numbers and addresses, in their order of preference.
    #[uniffi(default)]
    pub contacts: Vec<Contact>,
    /// Communication needs.
    #[uniffi(default)]
    pub needs: Vec<Need>,
    /// What they can do.
    #[uniffi(default)]
    pub abilities: Vec<Ability>,
    /// Where they live; at a visit, its home, where nothing is said.
    #[uniffi(default)]
    pub lives_at: Option<RecordId>,
}

/// What is known of a person.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct PersonPage {
    /// Their line in lists.
    pub line: PersonLine,
    /// Numbers and addresses, in their order of preference.
    pub contacts: Vec<Contact>,
    /// Where they live and lived; empty where that is protected.
    pub occupancies: Vec<Occupancy>,
    /// Whether where they live is protected.
    pub address_protected: bool,
    /// Communication needs.
    pub needs: Vec<Need>,
    /// What they can do.
    pub abilities: Vec<AbilityRow>,
    /// First language, BCP 47.
    pub language: Option<String>,
    /// Whether they need an interpreter; none where nobody said.
    pub interpreter: Option<bool>,
    /// How many fields are in dispute.
    pub conflicts: u64,
    /// How far this device's work on them has come.
    pub delivery: Delivery,
}

quiet!(PersonLine, Contact, Need, Ability, AbilityRow, Occupancy, NewPerson, PersonPage);

#[uniffi::export]
impl People {
    /// By name, best first, at most `limit`.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn find(&self, text: &str, limit: u32) -> Result<Vec<PersonLine>, DoorstepError> {
        let rows = self.shared.read(|client| client.people().find(text, limit as usize))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The page of a person.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn get(&self, record: RecordId) -> Result<PersonPage, DoorstepError> {
        let record = record.try_into()?;
        Ok(self.shared.read(|client| client.people().get(record, Reading::Cautious))?.into())
    }

    /// The one person that somebody means: by their record id, or a name that fits one.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`], [`DoorstepError::Ambiguous`].
    pub fn resolve(&self, text: &str) -> Result<RecordId, DoorstepError> {
        Ok(self.shared.read(|client| client.people().resolve(text))?.into())
    }

    /// Records a person.
    ///
    /// # Errors
    /// [`DoorstepError::Value`].
    pub fn record(&self, person: NewPerson) -> Result<RecordId, DoorstepError> {
        let input = person.try_into()?;
        Ok(self.shared.write(|client| client.people().record(&input))?.into())
    }
}

impl From<lists::PersonRow> for PersonLine {
    fn from(row: lists::PersonRow) -> Self {
        Self { record: row.record.into(), name: row.name, born: row.born.as_deref().and_then(Day::read) }
    }
}

impl TryFrom<NewPerson> for PersonInput {
    type Error = DoorstepError;

    fn try_from(new: NewPerson) -> Result<Self, DoorstepError> {
        let person = identity::Person {
            preferred_name: Some(new.preferred_name),
            forename: new.forename,
            surname: new.surname,
            born: date("born", new.born)?,
            ..identity::Person::default()
        };
        let lives_at: Option<doorstep_client_core::device::RecordId> =
            new.lives_at.map(TryInto::try_into).transpose()?;
        Ok(Self {
            person: Some(person),
            contacts: new.contacts.into_iter().zip(1..).map(contact).collect(),
            occupancies: lives_at.map(main_home).into_iter().collect(),
            needs: new.needs.into_iter().map(Into::into).collect(),
            abilities: new.abilities.into_iter().map(Into::into).collect(),
            ..Self::default()
        })
    }
}

fn contact((contact, preference): (Contact, i64)) -> identity::Contact {
    identity::Contact {
        channel: contact.channel.map(Into::into),
        value: Some(contact.value),
        whose: contact.whose,
        when: contact.when,
        safe: contact.safe,
        preference: Some(preference),
        ..identity::Contact::default()
    }
}

fn main_home(property: doorstep_client_core::device::RecordId) -> identity::Occupancy {
    identity::Occupancy {
        property: Some(property.0),
        kind: Some(identity::OccupancyKind::Main),
        ..identity::Occupancy::default()
    }
}

impl From<Need> for communication::Need {
    fn from(need: Need) -> Self {
        Self { kind: Some(need.kind.into()), detail: need.detail, ..Self::default() }
    }
}

impl From<Ability> for function::Ability {
    fn from(ability: Ability) -> Self {
        Self {
            what: Some(ability.what.into()),
            level: Some(ability.level.into()),
            constancy: ability.constancy.map(Into::into),
            detail: ability.detail,
            ..Self::default()
        }
    }
}

impl Contact {
    fn shown(of: identity::Contact) -> Option<Self> {
        let channel = of.channel.map(Into::into);
        Some(Self { channel, value: of.value?, whose: of.whose, when: of.when, safe: of.safe })
    }
}

impl Need {
    fn shown(of: communication::Need) -> Option<Self> {
        Some(Self { kind: of.kind?.into(), detail: of.detail })
    }
}

impl AbilityRow {
    fn shown(seen: Seen<function::Ability>) -> Option<Self> {
        let facts = RowFacts::of(&seen);
        let of = seen.value;
        let constancy = of.constancy.map(Into::into);
        let ability = Ability { what: of.what?.into(), level: of.level?.into(), constancy, detail: of.detail };
        Some(Self { facts, ability })
    }
}

impl From<identity::Occupancy> for Occupancy {
    fn from(of: identity::Occupancy) -> Self {
        Self { property: of.property.map(Into::into), address: of.address, kind: of.kind.map(Into::into) }
    }
}

impl From<client::PersonPage> for PersonPage {
    fn from(page: client::PersonPage) -> Self {
        let view = page.view;
        let language = view.language.map(|seen| seen.value);
        let person = view.person.map(|seen| seen.value);
        Self {
            line: page.row.into(),
            contacts: view.contacts.into_iter().filter_map(|seen| Contact::shown(seen.value)).collect(),
            occupancies: view.occupancies.into_iter().map(|seen| seen.value.into()).collect(),
            address_protected: person.is_some_and(|person| person.address_protected == Some(true)),
            needs: view.needs.into_iter().filter_map(|seen| Need::shown(seen.value)).collect(),
            abilities: view.abilities.into_iter().filter_map(AbilityRow::shown).collect(),
            interpreter: language.as_ref().and_then(|language| language.interpreter),
            language: language.and_then(|language| language.spoken),
            conflicts: view.conflicts.len() as u64,
            delivery: page.delivery.into(),
        }
    }
}

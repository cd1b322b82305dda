//! A property and the people in it, assembled from their documents for one screen.

use doorstep_protocol::Millis;

use super::communication::{Language, Need};
use super::firebox::{Building, FireboxView, firebox, live_flags};
use super::function::{Ability, Condition, Evacuation, Note};
use super::home::{Adaptation, Alarm, Alert, Clutter, Dwelling, Equipment, Hazard, Measurement, Scope, Visit};
use super::identity::{Contact, Occupancy, Person, address_is_protected};
use super::index::{Flag, FlagState, HistoryEvent, Property};
use super::network::{Consent, Household, Important, Member, Professional, Proxy};
use super::view::{Conflict, DocumentView, Reading, Seen, conflicts};
use super::words::Date;
use crate::order::Order as _;

/// The documents of one person that the reader holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct PersonSources<'a> {
    /// Class `identity`.
    pub identity: Option<&'a DocumentView>,
    /// Class `communication`.
    pub communication: Option<&'a DocumentView>,
    /// Class `function`.
    pub function: Option<&'a DocumentView>,
    /// Class `network`.
    pub network: Option<&'a DocumentView>,
}

/// The documents of one property that the reader holds, and of the people in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PropertySources<'a> {
    /// Class `index`.
    pub index: Option<&'a DocumentView>,
    /// Class `home`.
    pub home: Option<&'a DocumentView>,
    /// Class `fire`.
    pub fire: Option<&'a DocumentView>,
    /// The `home` document of the building: hazards that reach its homes are shown on every child.
    pub parent_home: Option<&'a DocumentView>,
    /// The building, as crews read of it.
    pub building: Option<Building<'a>>,
    /// The people.
    pub persons: &'a [PersonSources<'a>],
}

/// A flag and whether it holds today.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FlagLine {
    /// The flag.
    pub flag: Seen<Flag>,
    /// Whether it holds.
    pub state: FlagState,
}

/// A person as the home view shows them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PersonView {
    /// Who.
    pub person: Option<Seen<Person>>,
    /// How to reach them, in their order of preference.
    pub contacts: Vec<Seen<Contact>>,
    /// Where they live and lived.
    pub occupancies: Vec<Seen<Occupancy>>,
    /// Language.
    pub language: Option<Seen<Language>>,
    /// Communication needs.
    pub needs: Vec<Seen<Need>>,
    /// What they can do.
    pub abilities: Vec<Seen<Ability>>,
    /// Notes, the newest first.
    pub notes: Vec<Seen<Note>>,
    /// Conditions that a partner sent or the person named.
    pub conditions: Vec<Seen<Condition>>,
    /// The residential evacuation plan.
    pub evacuation: Option<Seen<Evacuation>>,
    /// Who lives there, in numbers.
    pub household: Option<Seen<Household>>,
    /// Others in the home.
    pub members: Vec<Seen<Member>>,
    /// People important to the person, in the order in which to try them.
    pub important: Vec<Seen<Important>>,
    /// Who may speak for the person.
    pub proxies: Vec<Seen<Proxy>>,
    /// Services that know the person, the latest first.
    pub professionals: Vec<Seen<Professional>>,
    /// What the person agreed to, the latest first.
    pub consents: Vec<Seen<Consent>>,
    /// Disputes in their documents.
    pub conflicts: Vec<Conflict>,
}

/// Everything about one property.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PropertyView {
    /// Which home.
    pub property: Option<Seen<Property>>,
    /// What happened to its identity.
    pub history: Vec<Seen<HistoryEvent>>,
    /// Flags that have not ended, lapsed ones included.
    pub flags: Vec<FlagLine>,
    /// The dwelling.
    pub dwelling: Option<Seen<Dwelling>>,
    /// Hazards, unresolved ones first.
    pub hazards: Vec<Seen<Hazard>>,
    /// Hazards of the building that reach every home in it.
    pub common_hazards: Vec<Seen<Hazard>>,
    /// Measurements: of each feature, room and quantity the latest first.
    pub measurements: Vec<Seen<Measurement>>,
    /// Equipment.
    pub equipment: Vec<Seen<Equipment>>,
    /// Adaptations.
    pub adaptations: Vec<Seen<Adaptation>>,
    /// Clutter, the latest first.
    pub clutter: Vec<Seen<Clutter>>,
    /// Alarms, the latest first.
    pub alarms: Vec<Seen<Alarm>>,
    /// Visits, the latest first.
    pub visits: Vec<Seen<Visit>>,
    /// Alerts of other systems.
    pub alerts: Vec<Seen<Alert>>,
    /// What the crew sees.
    pub firebox: FireboxView,
    /// The people.
    pub persons: Vec<PersonView>,
    /// Disputes in the documents of the property.
    pub conflicts: Vec<Conflict>,
}

/// Assembles a person.
#[must_use]
pub fn person(sources: &PersonSources<'_>, reading: Reading) -> PersonView {
    let (identity, communication, function) = (sources.identity, sources.communication, sources.function);
    let network = sources.network;
    let mut important: Vec<Seen<Important>> = network.map(|view| view.rows(reading)).unwrap_or_default();
    important.order_by_key(|seen| (seen.value.preference.unwrap_or(i64::MAX), seen.row));
    let mut professionals: Vec<Seen<Professional>> = network.map(|view| view.rows(reading)).unwrap_or_default();
    professionals.order_by_key(|seen| (std::cmp::Reverse(seen.value.last_involved.clone()), seen.row));
    let mut consents: Vec<Seen<Consent>> = network.map(|view| view.rows(reading)).unwrap_or_default();
    consents.order_by_key(|seen| (std::cmp::Reverse(seen.value.decided_at), seen.row));
    let mut contacts: Vec<Seen<Contact>> = identity.map(|view| view.rows(reading)).unwrap_or_default();
    contacts.order_by_key(|seen| (seen.value.preference.unwrap_or(i64::MAX), seen.row));
    let mut notes: Vec<Seen<Note>> = function.map(|view| view.rows(reading)).unwrap_or_default();
    notes.order_by_key(|seen| (std::cmp::Reverse(seen.value.observed_at), seen.row));
    PersonView {
        person: identity.and_then(|view| view.single(reading)),
        contacts,
        occupancies: identity
            .filter(|view| !address_is_protected(view))
            .map(|view| view.rows(reading))
            .unwrap_or_default(),
        language: communication.and_then(|view| view.single(reading)),
        needs: communication.map(|view| view.rows(reading)).unwrap_or_default(),
        abilities: function.map(|view| view.rows(reading)).unwrap_or_default(),
        notes,
        conditions: function.map(|view| view.rows(reading)).unwrap_or_default(),
        evacuation: function.and_then(|view| view.single(reading)),
        household: network.and_then(|view| view.single(reading)),
        members: network.map(|view| view.rows(reading)).unwrap_or_default(),
        important,
        proxies: network.map(|view| view.rows(reading)).unwrap_or_default(),
        professionals,
        consents,
        conflicts: [identity, communication, function, network].into_iter().flatten().flat_map(conflicts).collect(),
    }
}

/// Assembles a property. `now` decides what is lapsed and how old facts are.
#[must_use]
pub fn property(sources: &PropertySources<'_>, reading: Reading, now: Millis) -> PropertyView {
    let (index, home, fire) = (sources.index, sources.home, sources.fire);
    let today = Date::of(now);
    let mut hazards: Vec<Seen<Hazard>> = home.map(|view| view.rows(reading)).unwrap_or_default();
    hazards.order_by_key(hazard_order);
    let mut common: Vec<Seen<Hazard>> = sources.parent_home.map(|view| view.rows(reading)).unwrap_or_default();
    // Where nobody said how far it reaches, it is shown.
    common.retain(|seen| seen.value.scope.as_ref().is_none_or(Scope::reaches_homes));
    common.order_by_key(hazard_order);
    let mut measurements: Vec<Seen<Measurement>> = home.map(|view| view.rows(reading)).unwrap_or_default();
    measurements.order_by_key(|seen| {
        let of = &seen.value;
        (of.feature.clone(), of.room.clone(), of.quantity.clone(), std::cmp::Reverse(of.observed_at), seen.row)
    });
    let mut clutter: Vec<Seen<Clutter>> = home.map(|view| view.rows(reading)).unwrap_or_default();
    clutter.order_by_key(|seen| (std::cmp::Reverse(seen.value.observed_at), seen.row));
    let mut alarms: Vec<Seen<Alarm>> = home.map(|view| view.rows(reading)).unwrap_or_default();
    alarms.order_by_key(|seen| (std::cmp::Reverse(seen.value.observed_at), seen.row));
    let mut visits: Vec<Seen<Visit>> = home.map(|view| view.rows(reading)).unwrap_or_default();
    visits.order_by_key(|seen| (std::cmp::Reverse(seen.value.started_at), seen.row));
    PropertyView {
        property: index.and_then(|view| view.single(reading)),
        history: index.map(|view| view.rows(reading)).unwrap_or_default(),
        flags: index
            .map(|view| live_flags(view, &today))
            .unwrap_or_default()
            .into_iter()
            .map(|flag| FlagLine { state: flag.value.state(&today), flag })
            .collect(),
        dwelling: home.and_then(|view| view.single(reading)),
        hazards,
        common_hazards: common,
        measurements,
        equipment: home.map(|view| view.rows(reading)).unwrap_or_default(),
        adaptations: home.map(|view| view.rows(reading)).unwrap_or_default(),
        clutter,
        alarms,
        visits,
        alerts: home.map(|view| view.rows(reading)).unwrap_or_default(),
        firebox: firebox(fire, index, sources.building, now),
        persons: sources.persons.iter().map(|sources| person(sources, reading)).collect(),
        conflicts: [index, home, fire].into_iter().flatten().flat_map(conflicts).collect(),
    }
}

fn hazard_order(seen: &Seen<Hazard>) -> impl Ord + use<> {
    let is_resolved = seen.value.state == Some(super::home::HazardState::Resolved);
    (is_resolved, std::cmp::Reverse(seen.value.observed_at), seen.row)
}

//! What a crew reads at an address in two seconds: one line a question, each with its facts and their age. What nobody
//! recorded is *not known*, never *no*.

use std::collections::BTreeMap;

use doorstep_protocol::{DocumentId, Millis};

use super::fire::{Fact, FactKind};
use super::home::{Hazard, Scope};
use super::index::{Flag, FlagKind, FlagState};
use super::publish::RULES;
use super::row::Row as _;
use super::view::{DocumentView, Provenance, Reading, Seen};
use super::words::{Date, RowId};
use crate::order::Order as _;

/// The lines of the screen, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FireLine {
    /// People likely inside, and on which floor.
    PeopleInside,
    /// Who cannot leave unaided.
    CannotSelfEvacuate,
    /// Rescue with a hoist, a bariatric team, or somebody on powered equipment.
    Rescue,
    /// Oxygen, cylinders, ammunition, chemicals.
    OxygenAndCylinders,
    /// Clutter and blocked ways.
    ClutterAndRoutes,
    /// That a violence or animal marker exists.
    ViolenceOrDog,
    /// Alarms.
    Alarms,
    /// Telecare.
    Telecare,
    /// Sprinkler.
    Sprinkler,
    /// E-bikes and other batteries charging.
    EBikes,
    /// What may start or feed a fire.
    IgnitionAndFuel,
    /// Asbestos.
    Asbestos,
    /// How to get in, and that a key safe exists.
    AccessAndKeySafe,
    /// Whom to ask.
    Contact,
}

impl FireLine {
    /// Every line, in the order of the screen.
    pub const ALL: [Self; 14] = [
        Self::PeopleInside,
        Self::CannotSelfEvacuate,
        Self::Rescue,
        Self::OxygenAndCylinders,
        Self::ClutterAndRoutes,
        Self::ViolenceOrDog,
        Self::Alarms,
        Self::Telecare,
        Self::Sprinkler,
        Self::EBikes,
        Self::IgnitionAndFuel,
        Self::Asbestos,
        Self::AccessAndKeySafe,
        Self::Contact,
    ];

    /// The line in few words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PeopleInside => "People inside",
            Self::CannotSelfEvacuate => "Cannot self-evacuate",
            Self::Rescue => "Rescue",
            Self::OxygenAndCylinders => "Oxygen, cylinders",
            Self::ClutterAndRoutes => "Clutter, routes",
            Self::ViolenceOrDog => "Violence, dog",
            Self::Alarms => "Alarms",
            Self::Telecare => "Telecare",
            Self::Sprinkler => "Sprinkler",
            Self::EBikes => "E-bikes, batteries",
            Self::IgnitionAndFuel => "Ignition, fuel",
            Self::Asbestos => "Asbestos",
            Self::AccessAndKeySafe => "Access, key safe",
            Self::Contact => "Contact",
        }
    }

    /// The line of a kind of fact; kinds of a newer version stand under [`Self::Contact`]'s line, where nothing is missed.
    #[must_use]
    pub const fn of(kind: &FactKind) -> Self {
        match kind {
            FactKind::PeopleInside => Self::PeopleInside,
            FactKind::CannotSelfEvacuate => Self::CannotSelfEvacuate,
            FactKind::HoistRescue => Self::Rescue,
            FactKind::Oxygen | FactKind::Cylinders | FactKind::Explosives => Self::OxygenAndCylinders,
            FactKind::Clutter | FactKind::ExitBlocked => Self::ClutterAndRoutes,
            FactKind::ViolenceMarker | FactKind::DangerousAnimal => Self::ViolenceOrDog,
            FactKind::Alarms => Self::Alarms,
            FactKind::Telecare => Self::Telecare,
            FactKind::Sprinkler => Self::Sprinkler,
            FactKind::EBike => Self::EBikes,
            FactKind::Ignition | FactKind::Fuel => Self::IgnitionAndFuel,
            FactKind::Asbestos => Self::Asbestos,
            FactKind::Access | FactKind::KeySafe => Self::AccessAndKeySafe,
            FactKind::Contact | FactKind::Other(_) => Self::Contact,
        }
    }

    const fn of_flag(kind: &FlagKind) -> Option<Self> {
        Some(match kind {
            FlagKind::NoVisitAlone | FlagKind::AsbNoVisitAlone | FlagKind::DangerousAnimal => Self::ViolenceOrDog,
            FlagKind::AsbestosPresent => Self::Asbestos,
            FlagKind::RestrictedAccess | FlagKind::KeySafe => Self::AccessAndKeySafe,
            FlagKind::OxygenOnSite => Self::OxygenAndCylinders,
            FlagKind::CannotSelfEvacuate => Self::CannotSelfEvacuate,
            FlagKind::ContactForDetails => Self::Contact,
            FlagKind::OperativeGenderRestriction | FlagKind::RefusedAccess | FlagKind::Other(_) => return None,
        })
    }
}

/// What an entry rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A fact.
    Fact,
    /// The existence of a flag.
    Flag(FlagState),
}

/// One fact on a line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FireEntry {
    /// The kind of fact or flag.
    pub kind: String,
    /// In few words.
    pub words: String,
    /// Room or floor; of what the building has, the building, too.
    pub place: Option<String>,
    /// As of when; `None` if nobody said.
    pub as_of: Option<Millis>,
    /// How old that is, in milliseconds.
    pub age_ms: Option<u64>,
    /// People disagree; this is the more cautious word.
    pub is_disputed: bool,
    /// What it rests on.
    pub basis: Basis,
    /// The row of the fact or flag.
    pub row: RowId,
    /// Who published it.
    pub by: Option<Provenance>,
}

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FireboxView {
    /// Every line with its entries; an empty line is *not known*.
    pub lines: Vec<(FireLine, Vec<FireEntry>)>,
}

impl FireboxView {
    /// The entries of a line; empty is *not known*.
    #[must_use]
    pub fn line(&self, line: FireLine) -> &[FireEntry] {
        self.lines.iter().find(|(of, _)| *of == line).map_or(&[], |(_, entries)| entries)
    }
}

/// The building that a home is in, as far as its homes are told of it.
#[derive(Clone, Copy, Debug)]
pub struct Building<'a> {
    /// Its address in one line.
    pub address: &'a str,
    /// Its `fire` document.
    pub fire: Option<&'a DocumentView>,
}

/// Facts of a building that every home in it is told: of hazards that reach the homes, and of nobody who is recorded there.
fn facts_of_building(building: &Building<'_>) -> Vec<Seen<Fact>> {
    let mut facts = building.fire.map(live_facts).unwrap_or_default();
    facts.retain(|seen| {
        let fact = &seen.value;
        let rule = RULES.iter().find(|rule| fact.rule.as_deref() == Some(rule.name));
        let is_of_hazard = rule.is_some_and(|rule| rule.collection == Hazard::COLLECTION);
        is_of_hazard && fact.scope.as_ref().is_none_or(Scope::reaches_homes)
    });
    facts
}

/// Builds the screen from the documents `fire` and `index` of one property, and of the building that it is in.
#[must_use]
pub fn firebox(
    fire: Option<&DocumentView>,
    index: Option<&DocumentView>,
    building: Option<Building<'_>>,
    now: Millis,
) -> FireboxView {
    let mut by_line: BTreeMap<FireLine, Vec<FireEntry>> = BTreeMap::new();
    let facts = fire.map(live_facts).unwrap_or_default();
    for seen in &facts {
        let Some(kind) = &seen.value.kind else { continue };
        by_line.entry(FireLine::of(kind)).or_default().push(fact_entry(seen, kind, now));
    }
    if let Some(building) = &building {
        for seen in facts_of_building(building) {
            let Some(kind) = &seen.value.kind else { continue };
            let entry = fact_entry(&seen, kind, now);
            let place = entry.place.as_ref().map_or_else(String::new, |room| format!("{room}, "));
            let place = Some(format!("{place}{}", building.address));
            by_line.entry(FireLine::of(kind)).or_default().push(FireEntry { place, ..entry });
        }
    }
    let today = Date::of(now);
    for seen in index.map(|view| live_flags(view, &today)).unwrap_or_default() {
        let Some(kind) = &seen.value.kind else { continue };
        let Some(line) = FireLine::of_flag(kind) else { continue };
        // A flag published by the same rule from the same row as a fact adds nothing for the crew.
        let flag = &seen.value;
        let is_told = flag.rule.is_some()
            && facts.iter().any(|fact| {
                fact.value.rule == flag.rule
                    && fact.value.source_row == flag.source_row
                    && fact.value.source_document == flag.source_document
            });
        if !is_told {
            by_line.entry(line).or_default().push(flag_entry(&seen, kind, &today, now));
        }
    }
    let lines = FireLine::ALL
        .into_iter()
        .map(|line| {
            let mut entries = by_line.remove(&line).unwrap_or_default();
            // The newest first; the rest of the key makes the order the same everywhere.
            entries.order_by_key(|entry| {
                (std::cmp::Reverse(entry.as_of), entry.kind.clone(), entry.words.clone(), entry.row)
            });
            (line, entries)
        })
        .collect();
    FireboxView { lines }
}

/// What makes two rows the same publication: document, row and rule of the source; a row without a source stands for itself.
type Publication = (Option<DocumentId>, Option<RowId>, Option<String>, Option<RowId>);

/// The facts that stand, one for each source row and rule.
#[must_use]
pub fn live_facts(fire: &DocumentView) -> Vec<Seen<Fact>> {
    let mut standing: BTreeMap<Publication, Seen<Fact>> = BTreeMap::new();
    for seen in fire.rows::<Fact>(Reading::Cautious) {
        if seen.value.withdrawn_at.is_some() {
            continue;
        }
        let fact = &seen.value;
        // A fact that was recorded directly has no source and stands for itself.
        let own = if fact.source_row.is_none() { Some(seen.row) } else { None };
        let key = (fact.source_document, fact.source_row, fact.rule.clone(), own);
        let is_newer = standing.get(&key).is_none_or(|held| (fact.as_of, held.row) > (held.value.as_of, seen.row));
        if is_newer {
            standing.insert(key, seen);
        }
    }
    standing.into_values().collect()
}

/// The flags that have not ended, one for each source row and rule; lapsed ones included.
#[must_use]
pub fn live_flags(index: &DocumentView, today: &Date) -> Vec<Seen<Flag>> {
    let mut standing: BTreeMap<Publication, Seen<Flag>> = BTreeMap::new();
    for seen in index.rows::<Flag>(Reading::Cautious) {
        if seen.value.state(today) == FlagState::Ended {
            continue;
        }
        let flag = &seen.value;
        let own = if flag.source_row.is_none() { Some(seen.row) } else { None };
        standing.entry((flag.source_document, flag.source_row, flag.rule.clone(), own)).or_insert(seen);
    }
    standing.into_values().collect()
}

fn fact_entry(seen: &Seen<Fact>, kind: &FactKind, now: Millis) -> FireEntry {
    let fact = &seen.value;
    FireEntry {
        kind: kind.to_string(),
        words: fact.value.clone().unwrap_or_else(|| kind.to_string()),
        place: fact.place.clone(),
        as_of: fact.as_of,
        age_ms: fact.as_of.map(|at| now.0.saturating_sub(at.0)),
        // The same fact as of two moments: the earlier is told, and there is nothing to disagree on.
        is_disputed: seen.disputed.iter().any(|field| *field != "as_of"),
        basis: Basis::Fact,
        row: seen.row,
        by: seen.made.clone(),
    }
}

fn flag_entry(seen: &Seen<Flag>, kind: &FlagKind, today: &Date, now: Millis) -> FireEntry {
    let flag = &seen.value;
    let state = flag.state(today);
    let contact = flag.contact.as_deref().unwrap_or("the organisation that set it");
    let words = match state {
        FlagState::Lapsed => format!("{kind}: lapsed, ask {contact}"),
        _ => format!("{kind}: ask {contact}"),
    };
    let as_of = seen.made.as_ref().map(|by| by.at);
    FireEntry {
        kind: kind.to_string(),
        words,
        place: None,
        as_of,
        age_ms: as_of.map(|at| now.0.saturating_sub(at.0)),
        is_disputed: !seen.disputed.is_empty(),
        basis: Basis::Flag(state),
        row: seen.row,
        by: seen.made.clone(),
    }
}

//! Publishing, inside the draft that changes a source: what a crew must know, and that a flag exists, follow from it in the
//! same transaction, and are withdrawn with it.

use std::collections::BTreeSet;

use doorstep_protocol::{Class, DocumentId, ZoneId};
use rand_core::CryptoRng;

use super::protect::Lives;
use super::write::{Draft, WriteError};
use super::{DeviceError, RecordId};
use crate::records::identity::{OccupancyKind, Person, address_is_protected, open_places};
use crate::records::index::Flag;
use crate::records::publish::{self, Desired, Standing, Touches};
use crate::records::{Date, DocumentView, Reading, RowId, consent};
use crate::store::lists;

/// Classes of a person whose rows may call for facts.
const PERSON_SOURCES: [Class; 4] = [Class::Identity, Class::Communication, Class::Function, Class::Network];

/// What one source calls for at one property.
struct Target {
    property: RecordId,
    /// What published rows name as their source: the document, or what stands for it where nobody is named.
    source: DocumentId,
    /// The document itself.
    document: DocumentId,
    class: Class,
    desired: Vec<Desired>,
    naming: Naming,
}

/// Whether what stands at a property says of whom it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    /// By the source it names.
    Named,
    /// No more: rows that did are emptied of it.
    Forgotten,
}

impl<R: CryptoRng> Draft<'_, R> {
    /// Brings the published rows of every touched source up to date.
    pub(super) fn publish(&mut self) -> Result<(), WriteError> {
        self.move_protected()?;
        let touched = self.touched_sources();
        let mut targets = Vec::new();
        let mut people: BTreeSet<RecordId> = self.sealed_records(Class::Protected).collect();
        for (document, class, record) in touched {
            match (class, record) {
                (Class::Home, Some(property)) => {
                    let desired = self.desired(document)?;
                    targets.push(Target {
                        property,
                        source: document,
                        document,
                        class,
                        desired,
                        naming: Naming::Named,
                    });
                }
                (class, Some(person)) if PERSON_SOURCES.contains(&class) => {
                    people.insert(person);
                }
                _ => {}
            }
        }
        for person in people {
            self.targets_of_person(person, &mut targets)?;
        }
        targets.iter().try_for_each(|target| self.publish_one(target))
    }

    fn desired(&mut self, source: DocumentId) -> Result<Vec<Desired>, WriteError> {
        let today = Date::of(self.now());
        let view = self.device().view(source)?;
        let thresholds = self.device().book()?.publishing(&today);
        let desired = view.as_ref().map(|view| publish::published(view, &today, thresholds));
        // The lists are made from the same view when the draft is committed.
        if let Some(view) = view {
            self.keep_view(view);
        }
        Ok(desired.unwrap_or_default())
    }

    /// A person's facts stand at every property where the person lives, and are withdrawn where the person lived before.
    fn targets_of_person(&mut self, person: RecordId, targets: &mut Vec<Target>) -> Result<(), WriteError> {
        let today = Date::of(self.now());
        let before = lists::properties_of_person(self.device().store().reader(), person.0, today.as_str())?;
        let moved = self.moved.get(&person).cloned().unwrap_or_default();
        let identity = self.whole(person, Class::Identity)?;
        let now: BTreeSet<DocumentId> = identity.iter().flat_map(|view| homes(view, &today)).collect();
        let network = self.view_if_placed(person, Class::Network)?;
        // What somebody could do who has died, or does not want it told, is told to nobody.
        let is_silent = consent::is_withheld(network.as_ref(), &today) || identity.as_ref().is_some_and(has_died);
        let all: BTreeSet<DocumentId> =
            before.into_iter().chain(moved.iter().copied()).chain(now.iter().copied()).collect();
        let hidden = self.hidden_homes(person, identity.as_ref().is_some_and(address_is_protected))?;
        for class in PERSON_SOURCES {
            let Ok(document) = self.document_id(person, class) else { continue };
            let desired = match (class, &network) {
                (Class::Network, Some(network)) => consent::pointer(network, &today),
                (Class::Function, _) if is_silent => Vec::new(),
                _ => self.desired(document)?,
            };
            for property in &all {
                let desired = if now.contains(property) { desired.clone() } else { Vec::new() };
                let naming = if moved.contains(property) { Naming::Forgotten } else { Naming::Named };
                targets.push(Target {
                    property: RecordId(*property),
                    source: document,
                    document,
                    class,
                    desired,
                    naming,
                });
            }
            for home in &hidden {
                let source = self.device().unnamed_source(*home, class)?;
                let desired = match home.lives {
                    Lives::There => self.device().unnamed_desired(*home, &desired)?,
                    Lives::Elsewhere => Vec::new(),
                };
                let property = home.property;
                targets.push(Target { property, source, document, class, desired, naming: Naming::Named });
            }
        }
        Ok(())
    }

    fn publish_one(&mut self, target: &Target) -> Result<(), WriteError> {
        let fire = self.view_if_placed(target.property, Class::Fire)?;
        let index = self.view_if_placed(target.property, Class::Index)?;
        // A document that is not here calls for nothing, so that its zone is nobody's is written nowhere.
        let source_zone = self.device().load(target.document)?.map_or(ZoneId::ZERO, |loaded| loaded.zone);
        let log_size = self.device().authority()?.size();
        let today = Date::of(self.now());
        let months = self.device().book()?.thresholds(&today).flag_review_months;
        let flag = Flag { review_due: Some(today.months_later(months)), ..Flag::default() };
        let standing = Standing {
            source_class: target.class,
            source_document: target.source,
            source_zone,
            log_size,
            fire: fire.as_ref(),
            index: index.as_ref(),
            flag: &flag,
            now: self.now(),
        };
        let mut fresh: Vec<RowId> = (0..target.desired.len() * 2).map(|_| self.row_id()).collect();
        let plan = publish::plan(&target.desired, &standing, &mut || fresh.pop().unwrap_or(RowId::SINGLE));
        if plan.touches_fire() == Touches::Something {
            self.edit_if_placed(target.property, Class::Fire, |edit| plan.write_fire(edit))?;
        }
        if plan.touches_index() == Touches::Something {
            self.edit_if_placed(target.property, Class::Index, |edit| plan.write_index(edit))?;
        }
        match target.naming {
            Naming::Named => Ok(()),
            Naming::Forgotten => self.forget_source(target.property, target.source),
        }
    }

    fn view_if_placed(&mut self, record: RecordId, class: Class) -> Result<Option<DocumentView>, WriteError> {
        match self.view(record, class) {
            Err(WriteError::Device(DeviceError::NoZone { .. })) => Ok(None),
            other => other,
        }
    }

    /// A team without a grant for the target publishes nothing there: the table never widens a grant.
    fn edit_if_placed(
        &mut self,
        record: RecordId,
        class: Class,
        write: impl FnMut(&mut crate::records::Edit<'_, '_>) -> Result<(), crate::records::EditError>,
    ) -> Result<(), WriteError> {
        match self.edit(record, class, write) {
            Err(WriteError::Device(DeviceError::NoZone { .. })) => Ok(()),
            other => other,
        }
    }
}

fn has_died(identity: &DocumentView) -> bool {
    identity.single::<Person>(Reading::Cautious).is_some_and(|seen| seen.value.died.is_some())
}

/// Where a person lives on a day, as far as the open document says.
fn homes(identity: &DocumentView, today: &Date) -> Vec<DocumentId> {
    let mut places = open_places(identity, today);
    places.retain(|seen| seen.value.kind.as_ref().is_none_or(OccupancyKind::is_home));
    places.into_iter().filter_map(|seen| seen.value.property).collect()
}

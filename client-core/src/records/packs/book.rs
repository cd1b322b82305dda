//! The packs that a device knows: the shipped ones and those of its partnership, and which of them holds on a day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::check::parse;
use super::content::{Code, Codes, Content, Form, Holidays, Pack, Thresholds};
use super::{Published, shipped};
use crate::records::home::VisitKind;
use crate::records::value::FieldError;
use crate::records::{Date, DocumentView, Reading};

/// Where a version of a pack comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// With this program.
    Shipped,
    /// Published by the partnership.
    Published,
}

/// One version that is known here.
#[derive(Clone, Debug)]
struct Known {
    pack: Arc<Pack>,
    origin: Origin,
    is_withdrawn: bool,
}

/// Every pack by id and version.
#[derive(Clone, Debug, Default)]
pub struct Book {
    packs: BTreeMap<String, BTreeMap<i64, Known>>,
    /// Published versions that this program cannot read: they need a newer one.
    unreadable: BTreeSet<(String, i64)>,
}

impl Book {
    /// The shipped packs alone.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Book> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let mut book = Self::default();
            for (pack, _) in shipped() {
                book.put(pack.clone(), Origin::Shipped, false);
            }
            book
        })
    }

    /// The shipped packs and those published in the directory. What is published counts before what is shipped.
    #[must_use]
    pub fn with(published: &DocumentView) -> Self {
        let mut book = Self::shipped().clone();
        for seen in published.rows::<Published>(Reading::Shown) {
            let row = seen.value;
            let (Some(id), Some(version), Some(content)) = (row.pack, row.version, row.content) else { continue };
            match parse(&content) {
                Ok(pack) if pack.id == id && pack.version == version => {
                    book.put(pack, Origin::Published, row.withdrawn_at.is_some());
                }
                _ => {
                    book.unreadable.insert((id, version));
                }
            }
        }
        book
    }

    fn put(&mut self, pack: Pack, origin: Origin, is_withdrawn: bool) {
        let known = Known { pack: Arc::new(pack), origin, is_withdrawn };
        self.packs.entry(known.pack.id.clone()).or_default().insert(known.pack.version, known);
    }

    /// The version of a pack that holds on a day: the newest that has begun and was not withdrawn; where none has, the oldest
    /// that stands.
    #[must_use]
    pub fn current(&self, id: &str, today: &Date) -> Option<&Arc<Pack>> {
        let standing = || self.packs.get(id).into_iter().flat_map(BTreeMap::values).filter(|known| !known.is_withdrawn);
        let begun = standing().rfind(|known| known.pack.valid_from <= *today);
        begun.or_else(|| standing().next()).map(|known| &known.pack)
    }

    /// One version, withdrawn or not: what a row was recorded under.
    #[must_use]
    pub fn version(&self, id: &str, version: i64) -> Option<&Arc<Pack>> {
        self.packs.get(id)?.get(&version).map(|known| &known.pack)
    }

    /// Every version: the pack, where it comes from, and whether it was withdrawn.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<Pack>, Origin, bool)> {
        self.packs.values().flat_map(BTreeMap::values).map(|known| (&known.pack, known.origin, known.is_withdrawn))
    }

    /// Published versions that this program cannot read.
    #[must_use]
    pub const fn unreadable(&self) -> &BTreeSet<(String, i64)> {
        &self.unreadable
    }

    /// The code list of a scheme on a day.
    #[must_use]
    pub fn codes(&self, scheme: &str, today: &Date) -> Option<(&Codes, i64)> {
        match self.current(scheme, today)?.as_ref() {
            Pack { content: Content::Codes(codes), version, .. } => Some((codes, *version)),
            _ => None,
        }
    }

    /// What a code stands for, in the version it was recorded under; of a row without one, the oldest that has it.
    #[must_use]
    pub fn code(&self, scheme: &str, version: Option<i64>, code: &str) -> Option<&Code> {
        let versions = self.packs.get(scheme)?;
        let chosen = version.and_then(|version| versions.get(&version));
        chosen.into_iter().chain(versions.values()).find_map(|known| match &known.pack.content {
            Content::Codes(codes) => codes.codes.iter().find(|one| one.code == code),
            _ => None,
        })
    }

    /// That a list that is known here has the code, in any of its versions.
    ///
    /// # Errors
    /// Names the field `scheme` or `code`.
    pub fn check_code(&self, scheme: &str, code: &str) -> Result<(), FieldError> {
        if self.code(scheme, None, code).is_some() {
            return Ok(());
        }
        let mut lists = self.packs.get(scheme).into_iter().flat_map(BTreeMap::values).filter_map(|known| match &known
            .pack
            .content
        {
            Content::Codes(codes) => Some(codes),
            _ => None,
        });
        match lists.next_back().map(|list| (list.codes.len(), list.codes.first(), list.codes.last())) {
            Some((len, Some(first), Some(last))) => Err(FieldError::new(
                "code",
                format!("a code of {scheme}: {len} codes from {} to {}", first.code, last.code),
                "choose the hazard from the list",
            )),
            _ => Err(FieldError::new(
                "scheme",
                "a list of codes that this device knows",
                "choose one of `doorstep pack list`, or sync to get a new one",
            )),
        }
    }

    /// Forms for a kind of visit on a day.
    #[must_use]
    pub fn forms(&self, visit: &VisitKind, today: &Date) -> Vec<(&Arc<Pack>, &Form)> {
        let current = self.packs.keys().filter_map(|id| self.current(id, today));
        current
            .filter_map(|pack| match &pack.content {
                Content::Form(form) if form.visit == *visit => Some((pack, form)),
                _ => None,
            })
            .collect()
    }

    /// What the partnership has set for itself.
    #[must_use]
    pub fn thresholds(&self, today: &Date) -> Option<&Thresholds> {
        match &self.current("thresholds", today)?.content {
            Content::Thresholds(thresholds) => Some(thresholds),
            _ => None,
        }
    }

    /// What publishing goes by.
    #[must_use]
    pub fn publishing(&self, today: &Date) -> crate::records::Thresholds {
        self.thresholds(today)
            .map_or_else(Default::default, |set| crate::records::Thresholds { clutter_rating: set.clutter_rating })
    }

    /// The bank holidays of a nation: `england` or `wales`.
    #[must_use]
    pub fn holidays(&self, nation: &str, today: &Date) -> Option<&Holidays> {
        let current = self.packs.keys().filter_map(|id| self.current(id, today));
        current
            .filter_map(|pack| match &pack.content {
                Content::Holidays(holidays) if holidays.nation == nation => Some(holidays),
                _ => None,
            })
            .next()
    }
}

//! The packs that a device knows: the shipped ones and those of its partnership, and which of them holds on a day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::check::parse;
use super::content::{Area, AreaKind, Code, Codes, Content, Form, Holidays, Pack, PhotographPolicy, Thresholds};
use super::{Published, shipped};
use crate::records::clocks::Law;
use crate::records::home::VisitKind;
use crate::records::value::FieldError;
use crate::records::{Date, DocumentView, Postcode, Reading};

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

/// Whether a postcode begins so, by its whole outward part at least: `N17` and `N17 9` begin `N17 9LJ`, and `N1` does not.
fn begins(postcode: &Postcode, beginning: &str) -> bool {
    let rest = postcode.as_str().strip_prefix(beginning);
    rest.is_some_and(|rest| beginning.contains(' ') || rest.starts_with(' '))
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
    /// that stands. What a partnership has set for itself is not overruled by what a newer program ships.
    #[must_use]
    pub fn current(&self, id: &str, today: &Date) -> Option<&Arc<Pack>> {
        let versions = || self.packs.get(id).into_iter().flat_map(BTreeMap::values).filter(|known| !known.is_withdrawn);
        let is_set = |known: &Known| {
            let is_choice = matches!(known.pack.content, Content::Thresholds(_) | Content::Photographs(_));
            known.origin == Origin::Published && is_choice
        };
        let is_own = versions().any(is_set);
        let standing = || versions().filter(move |known| !is_own || known.origin == Origin::Published);
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

    /// What the partnership has set for itself; where it has set nothing, what is usual.
    #[must_use]
    pub fn thresholds(&self, today: &Date) -> Thresholds {
        match self.current("thresholds", today).map(|pack| &pack.content) {
            Some(Content::Thresholds(thresholds)) => thresholds.clone(),
            _ => Thresholds::default(),
        }
    }

    /// What is kept of photographs; where the partnership has set nothing, only the picture.
    #[must_use]
    pub fn photographs(&self, today: &Date) -> PhotographPolicy {
        match self.current("photographs", today).map(|pack| &pack.content) {
            Some(Content::Photographs(policy)) => policy.clone(),
            _ => PhotographPolicy::default(),
        }
    }

    /// What publishing goes by.
    #[must_use]
    pub fn publishing(&self, today: &Date) -> crate::records::Thresholds {
        crate::records::Thresholds { clutter_rating: self.thresholds(today).clutter_rating }
    }

    /// The law of a nation on a day. Where every version was withdrawn the shipped one holds: no deadline ends by silence.
    #[must_use]
    pub fn law(&self, nation: &str, today: &Date) -> Option<&Law> {
        let of_nation = |pack: &Pack| matches!(&pack.content, Content::Law(law) if law.nation == nation);
        let ids = || self.packs.iter().filter(|(_, versions)| versions.values().any(|known| of_nation(&known.pack)));
        let current = ids().find_map(|(id, _)| self.current(id, today));
        let any = || ids().find_map(|(_, versions)| versions.values().next_back()).map(|known| &known.pack);
        match &current.or_else(any)?.content {
            Content::Law(law) => Some(law),
            _ => None,
        }
    }

    /// The areas that a postcode is in, by kind: of several of a kind the one that names most of the postcode.
    #[must_use]
    pub fn areas_of(&self, postcode: &Postcode, today: &Date) -> Vec<&Area> {
        let mut found: BTreeMap<AreaKind, (usize, &Area)> = BTreeMap::new();
        for pack in self.packs.keys().filter_map(|id| self.current(id, today)) {
            let Content::Areas(areas) = &pack.content else { continue };
            for area in &areas.areas {
                let longest =
                    area.postcodes.iter().filter(|beginning| begins(postcode, beginning)).map(String::len).max();
                let Some(len) = longest else { continue };
                let known = found.entry(area.kind).or_insert((len, area));
                if len > known.0 {
                    *known = (len, area);
                }
            }
        }
        found.into_values().map(|(_, area)| area).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn book(packs: &[(&str, bool)]) -> Book {
        let mut book = Book::shipped().clone();
        for (text, is_withdrawn) in packs {
            book.put(parse(text).expect("a sound pack"), Origin::Published, *is_withdrawn);
        }
        book
    }

    #[test]
    fn a_home_is_in_the_area_that_names_most_of_its_postcode_one_of_each_kind() {
        let areas = r#"{"id":"areas","kind":"areas","version":1,"valid_from":"2026-01-01","title":{"en":"A","cy":"A"},"areas":[
            {"code":"W1","name":"Mill Ward","postcodes":["N17"]},
            {"code":"W2","name":"Alder Ward","postcodes":["N17 9L","N1"]},
            {"kind":"station-ground","code":"S1","name":"Hillford","postcodes":["N17 9LJ","N17"]}]}"#;
        let book = book(&[(areas, false)]);
        let of = |postcode: &str| -> Vec<(AreaKind, String)> {
            let postcode = postcode.parse().expect("a postcode");
            book.areas_of(&postcode, &day("2026-03-01")).iter().map(|area| (area.kind, area.code.clone())).collect()
        };
        let ground = (AreaKind::StationGround, "S1".to_owned());
        assert_eq!(of("N17 9LJ"), [(AreaKind::Ward, "W2".to_owned()), ground.clone()]);
        assert_eq!(of("N17 8AA"), [(AreaKind::Ward, "W1".to_owned()), ground]);
        assert_eq!(of("N1 7AA"), [(AreaKind::Ward, "W2".to_owned())]);
        assert_eq!(of("N18 1AA"), []);
    }

    #[test]
    fn a_law_holds_by_the_newest_version_that_has_begun_and_never_ends_by_silence() {
        let shipped = shipped().iter().find(|(pack, _)| pack.id == "awaabs-law-england").expect("it is shipped").1;
        let hours = |book: &Book, on: &str| book.law("england", &day(on)).map(|law| law.emergency_hours);
        assert_eq!(hours(Book::shipped(), "2026-01-01"), Some(24));
        assert_eq!(hours(Book::shipped(), "2020-01-01"), Some(24), "before its day the oldest stands");
        assert_eq!(Book::shipped().law("wales", &day("2026-01-01")), None);
        let next = shipped
            .replace("\"version\": 1", "\"version\": 2")
            .replace("\"valid_from\": \"2025-10-27\"", "\"valid_from\": \"2027-01-01\"")
            .replace("\"emergency_hours\": 24", "\"emergency_hours\": 12");
        let with_next = book(&[(&next, false)]);
        assert_eq!((hours(&with_next, "2026-12-31"), hours(&with_next, "2027-01-01")), (Some(24), Some(12)));
        let gone = book(&[(shipped, true), (&next, true)]);
        assert_eq!(hours(&gone, "2027-01-01"), Some(12), "no deadline ends because every version was withdrawn");
    }

    #[test]
    fn thresholds_are_those_of_the_pack_that_is_shipped_where_none_stands() {
        assert_eq!(Book::shipped().thresholds(&day("2026-03-01")), Thresholds::default());
        assert_eq!(Book::default().thresholds(&day("2026-03-01")), Thresholds::default());
    }

    #[test]
    fn what_a_partnership_has_set_is_not_overruled_by_a_newer_program() {
        let shipped = shipped().iter().find(|(pack, _)| pack.id == "thresholds").expect("it is shipped").1;
        let own = shipped.replace("\"clutter_rating\": 4", "\"clutter_rating\": 6");
        let mut book = book(&[(&own, false)]);
        let newer = shipped.replace("\"version\": 1", "\"version\": 2");
        book.put(parse(&newer).expect("a sound pack"), Origin::Shipped, false);
        assert_eq!(book.thresholds(&day("2026-03-01")).clutter_rating, 6);
    }
}

//! Schemes of hazard codes. A code carries its scheme: an inspection keeps the scheme it began with. The lists themselves are packs
//! ([`super::packs`]); these functions answer from the shipped ones, for places that hold no device.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::packs::{Book, Content, shipped};
use super::row::choice;
use super::value::FieldError;

choice! {
    /// A list of hazard codes: one of the shipped ones, or one that a partnership has published.
    open enum Scheme {
        /// England from 23 June 2026: 21 hazards.
        Hhsrs2026 = "hhsrs-2026",
        /// Earlier inspections, and Wales: 29 hazards.
        Hhsrs2005 = "hhsrs-2005",
        /// Home fire safety visit.
        FireV1 = "fire-v1",
        /// Occupational therapy home assessment.
        OtV1 = "ot-v1",
    }
}

/// A code and its English label.
pub type Code = (&'static str, &'static str);

/// The codes of a shipped scheme, in its own order; none for any other.
#[must_use]
pub fn codes(scheme: &Scheme) -> &'static [Code] {
    static LISTS: OnceLock<BTreeMap<&'static str, Vec<Code>>> = OnceLock::new();
    let lists = LISTS.get_or_init(|| {
        shipped()
            .iter()
            .filter_map(|(pack, _)| match &pack.content {
                Content::Codes(list) => {
                    let codes = list.codes.iter().map(|one| (one.code.as_str(), one.en.as_str())).collect();
                    Some((pack.id.as_str(), codes))
                }
                _ => None,
            })
            .collect()
    });
    lists.get(scheme.as_str()).map_or(&[], Vec::as_slice)
}

/// The English label of a code of a shipped scheme.
#[must_use]
pub fn label(scheme: &Scheme, code: &str) -> Option<&'static str> {
    codes(scheme).iter().find(|(known, _)| *known == code).map(|(_, label)| *label)
}

/// That a shipped scheme has the code.
///
/// # Errors
/// Names the field `code` or `scheme`.
pub fn check(scheme: &Scheme, code: &str) -> Result<(), FieldError> {
    Book::shipped().check_code(scheme.as_str(), code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole_and_without_repetition() {
        for (scheme, len) in
            [(Scheme::Hhsrs2026, 21), (Scheme::Hhsrs2005, 29), (Scheme::FireV1, 29), (Scheme::OtV1, 19)]
        {
            let unique: std::collections::BTreeSet<_> = codes(&scheme).iter().map(|(code, _)| code).collect();
            assert_eq!((codes(&scheme).len(), unique.len()), (len, len), "{scheme}");
        }
        assert!(check(&Scheme::Hhsrs2026, "29").is_err());
        assert!(check(&Scheme::Hhsrs2005, "29").is_ok());
    }
}

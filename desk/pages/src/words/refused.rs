//! What the device's core refuses, in Welsh. The core says in English which limit was met and what to do; a page in Welsh says the
//! same by this table. A test reads the core's own sentences and finds each of them here.

mod welsh;

pub use welsh::PHRASES;

/// A sentence of the core in Welsh; none for one that the core has not.
#[must_use]
pub fn in_welsh(text: &str) -> Option<String> {
    let exact = PHRASES.iter().find(|(english, _)| *english == text);
    if let Some((_, welsh)) = exact {
        return Some((*welsh).to_owned());
    }
    PHRASES.iter().filter(|(english, _)| english.contains("{}")).find_map(|(english, welsh)| {
        let filled = filling(english, text)?;
        // Before the first part there is nothing.
        let between = std::iter::once("").chain(filled);
        Some(between.zip(welsh.split("{}")).flat_map(|(filled, part)| [filled, part]).collect())
    })
}

/// What stands in the gaps of a sentence; `None` where it is another sentence.
fn filling<'t>(english: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = english.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut filled = Vec::new();
    let parts: Vec<&str> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        let end = if at + 1 == parts.len() { rest.strip_suffix(part)?.len() } else { rest.find(part)? };
        filled.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_core_fills_in_stands_in_the_welsh_sentence() {
        let said = |text: &str| in_welsh(text).unwrap_or_default();
        assert_eq!(said("at most 80 characters"), "hyd at 80 o nodau");
        assert_eq!(said("a whole number from 1 to 9"), "rhif cyfan o 1 i 9");
        assert_eq!(said("one of: low high "), "un o: low high ");
        assert_eq!(said("a code of ot-v1: 24 codes from floors to pets"), "cod o ot-v1: 24 o godau o floors i pets");
        assert_eq!(in_welsh("a sentence that the core never says"), None);
    }
}

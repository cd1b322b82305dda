//! A one-time phrase of six words, made to be read aloud over a bad telephone line: 64 random bits in words of the
//! mnemonicode list, which were chosen to be told apart by ear.

use core::fmt;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Words in a phrase.
pub const PHRASE_WORDS: usize = 6;
/// The words that phrases draw from: the list holds a few more at its end, which stand for remainders.
const LIST_WORDS: usize = 1_626;
/// Longest word of the list.
const WORD_BYTES_MAX: usize = 7;
/// Longest phrase in its one form.
const PHRASE_BYTES_MAX: usize = PHRASE_WORDS * (WORD_BYTES_MAX + 1);

// 64 random bits always fit, and each gives other words.
const _: () = assert!((LIST_WORDS as u128).pow(PHRASE_WORDS as u32) > u64::MAX as u128);
const _: () = {
    let mut words: &[&[u8]] = &mnemonic::MN_WORDS;
    assert!(words.len() >= LIST_WORDS);
    while let Some((word, rest)) = words.split_first() {
        assert!(word.len() <= WORD_BYTES_MAX && word.is_ascii());
        words = rest;
    }
};

/// Why a text is not a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// Fewer or more words than a phrase has.
    #[error("a phrase has {expected} words, this has {found}: enter all of them with a space between")]
    Count {
        /// Words found.
        found: usize,
        /// Words that a phrase has.
        expected: usize,
    },
    /// A word that is not in the list.
    #[error("word {position} is not one that a phrase can hold: ask for it again and have it spelt")]
    NotAWord {
        /// Which word, from 1.
        position: usize,
    },
}

/// Six words that two people share once. In its one form: lower case, one space between words.
pub struct OneTimePhrase(Zeroizing<String>);

impl fmt::Debug for OneTimePhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimePhrase(secret)")
    }
}

fn list() -> impl Iterator<Item = &'static str> {
    mnemonic::MN_WORDS.iter().take(LIST_WORDS).filter_map(|word| core::str::from_utf8(word).ok())
}

impl OneTimePhrase {
    /// Draws a new one: 64 random bits.
    #[must_use]
    pub fn make(rng: &mut impl CryptoRng) -> Self {
        let mut drawn = Zeroizing::new([0u8; 8]);
        rng.fill_bytes(drawn.as_mut_slice());
        Self::of_number(u64::from_be_bytes(*drawn))
    }

    /// The number in base 1626, its lowest digit first.
    fn of_number(mut number: u64) -> Self {
        let mut phrase = Self::empty();
        for _ in 0..PHRASE_WORDS {
            let digit = (number % LIST_WORDS as u64) as usize;
            number /= LIST_WORDS as u64;
            phrase.push(list().nth(digit).unwrap_or_default());
        }
        phrase
    }

    /// The one allocation is of the final size: growing would leave words behind in freed memory.
    fn empty() -> Self {
        Self(Zeroizing::new(String::with_capacity(PHRASE_BYTES_MAX)))
    }

    fn push(&mut self, word: &str) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.push_str(word);
    }

    /// Reads a phrase as people write it: capitals, spaces, hyphens, commas and line ends do not matter.
    ///
    /// # Errors
    /// [`PhraseError`]: how many words are missing, or which one is not in the list.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let words = || text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let found = words().count();
        if found != PHRASE_WORDS {
            return Err(PhraseError::Count { found, expected: PHRASE_WORDS });
        }
        let mut phrase = Self::empty();
        for (word, position) in words().zip(1..) {
            let known = list().find(|known| known.eq_ignore_ascii_case(word));
            phrase.push(known.ok_or(PhraseError::NotAWord { position })?);
        }
        Ok(phrase)
    }

    /// The words in their one form, for reading them aloud. Never log, print to a file or send them.
    #[must_use]
    pub fn expose_text(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn the_list_is_the_one_that_phrases_were_made_with() {
        let all = list().collect::<Vec<_>>().join(" ");
        assert_eq!(list().count(), LIST_WORDS);
        assert_eq!(list().collect::<std::collections::BTreeSet<_>>().len(), LIST_WORDS);
        assert_eq!(
            doorstep_protocol::hash::sha256(all.as_bytes()).to_string(),
            "b37c37bbfcd4299aa332b3d3faa7f4ceb5fa11b123c01b739bf0a1967d1b2e35"
        );
        assert_eq!(list().map(str::len).max(), Some(WORD_BYTES_MAX));
    }

    #[test]
    fn a_number_is_written_with_its_lowest_digit_first() {
        let words: Vec<_> = list().collect();
        let first = words[0];
        let text = |number| OneTimePhrase::of_number(number).expose_text().to_owned();
        assert_eq!(text(0), [first; 6].join(" "));
        assert_eq!(text(1), [words[1], first, first, first, first, first].join(" "));
        assert_eq!(text(1_626 + 5), [words[5], words[1], first, first, first, first].join(" "));
        assert_ne!(text(u64::MAX), text(u64::MAX - 1));
    }

    #[test]
    fn what_is_drawn_differs_and_uses_all_64_bits() {
        let mut rng = ChaCha20Rng::from_seed([1; 32]);
        let drawn: std::collections::BTreeSet<String> =
            (0..500).map(|_| OneTimePhrase::make(&mut rng).expose_text().to_owned()).collect();
        assert_eq!(drawn.len(), 500);
        // Every place of the phrase varies.
        for place in 0..PHRASE_WORDS {
            let at_place: std::collections::BTreeSet<&str> =
                drawn.iter().filter_map(|phrase| phrase.split(' ').nth(place)).collect();
            assert!(at_place.len() > 350, "place {place}: only {} words", at_place.len());
        }
    }

    #[test]
    fn the_wrong_number_of_words_is_said() {
        for (text, found) in [("", 0), ("  - ", 0), ("academy", 1), ("a b c d e f g", 7)] {
            let refused = PhraseError::Count { found, expected: PHRASE_WORDS };
            assert_eq!(OneTimePhrase::parse(text).err(), Some(refused), "{text}");
        }
    }

    #[test]
    fn a_word_that_is_not_in_the_list_is_named_by_its_place() {
        for (text, position) in [
            ("digital apolo aroma rival artist rebel", 2),
            ("digital apollo aroma rival artist rebél", 6),
            ("digita1 apollo aroma rival artist rebel", 1),
            // Words of three letters stand for remainders only.
            ("digital apollo ego rival artist rebel", 3),
        ] {
            assert_eq!(OneTimePhrase::parse(text).err(), Some(PhraseError::NotAWord { position }), "{text}");
        }
    }

    #[test]
    fn debug_and_errors_say_none_of_the_words() {
        let phrase = OneTimePhrase::parse("digital apollo aroma rival artist rebel").expect("six words");
        assert_eq!(format!("{phrase:?}"), "OneTimePhrase(secret)");
        let refused = OneTimePhrase::parse("digital apolo aroma rival artist rebel").expect_err("one is misspelt");
        assert!(!refused.to_string().contains("apolo"));
    }

    proptest! {
        #[test]
        fn every_number_reads_back_however_it_is_written(number in any::<u64>(), upper in any::<bool>(), between in "[ ,.\\n-]{1,3}") {
            let phrase = OneTimePhrase::of_number(number);
            let written = phrase.expose_text().replace(' ', &between);
            let written = if upper { written.to_uppercase() } else { written };
            let read = OneTimePhrase::parse(&format!(" {written}\n")).expect("as it was made");
            prop_assert_eq!(read.expose_text(), phrase.expose_text());
            prop_assert_eq!(phrase.0.capacity(), 48);
        }
    }
}

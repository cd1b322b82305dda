//! What the core refuses, in both languages: its own source is read for each sentence, so that a new one without Welsh fails here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use doorstep_pages::words::refused::{PHRASES, in_welsh};

/// Files whose refusals stand on no page: commands and founding read them, from files and sheets.
const NO_PAGE: [&str; 11] = [
    "client/glass/input.rs",
    "client/packs.rs",
    "client/partnership.rs",
    "partnership/escrow.rs",
    "partnership/found.rs",
    "partnership/kit.rs",
    "partnership/restore.rs",
    "partnership/roots.rs",
    "partnership/sheets.rs",
    "records/packs.rs",
    "records/packs/check.rs",
];

/// Where a refusal is put together of what its callers say: the calls are read instead.
const BY_CALLERS: [(&str, &str); 7] = [
    ("client/consents.rs", "refused("),
    ("client/protection.rs", "filled("),
    ("client/protection.rs", "let limit ="),
    ("client/visits/filling.rs", "whose("),
    ("records/packs/answered.rs", "refuse("),
    ("records/row.rs", "concat!("),
    ("records/words.rs", "word!("),
];

struct Source {
    name: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../client-core/src");
    let mut found: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the core's source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    let named = found.into_iter().filter_map(|path| {
        let name = path.strip_prefix(&root).ok()?.to_str()?.to_owned();
        let is_read = name.ends_with(".rs") && !name.ends_with("tests.rs") && !NO_PAGE.contains(&name.as_str());
        let text = std::fs::read_to_string(path).expect("a text");
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        is_read.then_some(Source { name, text })
    });
    named.collect()
}

/// The text from an opening bracket to the one that closes it, strings passed over.
fn within(text: &str) -> &str {
    let (mut depth, mut in_string, mut is_escaped) = (0usize, false, false);
    for (at, sign) in text.char_indices() {
        match sign {
            _ if is_escaped => is_escaped = false,
            '\\' if in_string => is_escaped = true,
            '"' => in_string = !in_string,
            '(' | '{' | '[' if !in_string => depth += 1,
            ')' | '}' | ']' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return &text[..at];
                }
            }
            _ => {}
        }
    }
    text
}

/// The strings of a piece of source, with `{}` for whatever is filled in.
fn strings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('"') {
        let mut signs = after.char_indices().scan(false, |is_escaped, (at, sign)| {
            let ends = sign == '"' && !*is_escaped;
            *is_escaped = sign == '\\' && !*is_escaped;
            Some((at, ends))
        });
        let end = signs.find(|(_, ends)| *ends).map_or(after.len(), |(at, _)| at);
        let mut plain = String::new();
        for (at, part) in after[..end].split('{').enumerate() {
            let kept = if at == 0 { part } else { part.split_once('}').map_or(part, |(_, kept)| kept) };
            plain.push_str(if at == 0 { "" } else { "{}" });
            plain.push_str(kept);
        }
        found.push(plain);
        rest = &after[(end + 1).min(after.len())..];
    }
    found
}

/// Sentences of refusals in one file: none that is one word, which is a field or a code.
fn sentences(source: &Source) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let callers = BY_CALLERS.iter().filter(|(name, _)| *name == source.name).map(|(_, call)| *call);
    let wanted = ["FieldError::new(", "FieldError {", "AdminError::Plan {"];
    for begin in wanted.into_iter().chain(callers) {
        for (at, _) in source.text.match_indices(begin) {
            let from = &source.text[at..];
            let piece = if begin.ends_with('=') {
                from.split(';').next().unwrap_or_default()
            } else {
                within(&from[begin.len() - 1..])
            };
            // The name of the field is no sentence.
            let said = piece.split("field: \"").map(|part| part.split_once("\",").map_or(part, |(_, rest)| rest));
            let whole = piece.contains("field: \"");
            found.extend(if whole { said.flat_map(strings).collect() } else { strings(piece) });
        }
    }
    // A limit that is named first, for the line's sake.
    if source.text.contains("FieldError") {
        for name in ["let limit = ", "let remedy = "] {
            let named = source.text.match_indices(name).map(|(at, _)| source.text[at..].split(";\n").next());
            found.extend(named.flatten().flat_map(strings));
        }
    }
    found.retain(|text| text.contains(' ') && text.chars().any(char::is_alphabetic));
    found
}

#[test]
fn whatever_the_core_refuses_is_said_in_welsh_too() {
    let mut said: BTreeSet<String> = BTreeSet::new();
    let mut missing = Vec::new();
    for source in sources() {
        let sentences = sentences(&source);
        missing.extend(
            sentences.iter().filter(|text| in_welsh(text).is_none()).map(|text| format!("{}: {text}", source.name)),
        );
        said.extend(sentences);
    }
    assert!(said.len() > 120, "the sentences of the core are found: {}", said.len());
    assert!(missing.is_empty(), "say these in Welsh, in `words/refused.rs`: {missing:#?}");
    let stale: Vec<&str> = PHRASES.iter().map(|(english, _)| *english).filter(|one| !is_said(one, &said)).collect();
    assert!(stale.is_empty(), "nobody says these any more: {stale:#?}");
}

/// Short ones stand in the source as parts of a sentence, or as one word.
fn is_said(phrase: &str, said: &BTreeSet<String>) -> bool {
    said.contains(phrase)
        || !phrase.contains(' ')
        || said.iter().any(|one| one.trim() == phrase.trim_end_matches("{}").trim())
}

#[test]
fn no_sentence_stands_twice_and_each_has_the_gaps_of_its_english() {
    let english: BTreeSet<&str> = PHRASES.iter().map(|(english, _)| *english).collect();
    assert_eq!(english.len(), PHRASES.len());
    for (english, welsh) in PHRASES {
        let gaps = |text: &str| text.matches("{}").count();
        assert_eq!(gaps(english), gaps(welsh), "{english}");
        assert!(!welsh.trim().is_empty() && english != welsh, "{english}");
    }
}

/// A call whose sentence is put together elsewhere is one that is known here.
#[test]
fn no_refusal_takes_its_sentence_from_where_nobody_looks() {
    for source in sources() {
        for (at, begin) in source.text.match_indices("FieldError::new(") {
            let arguments = within(&source.text[at + begin.len() - 1..]);
            let is_known = strings(arguments).iter().any(|text| text.contains(' '))
                || BY_CALLERS.iter().any(|(name, _)| *name == source.name)
                || source.name == "records/value.rs";
            assert!(is_known, "{}: where do the words come from? FieldError::new{arguments})", source.name);
        }
    }
}

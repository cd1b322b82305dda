//! Looks through files for words, byte by byte: what is not found is not there in clear. A control shows that it can find.

use std::fs;
use std::path::Path;

use crate::StoryError;

/// A folder of the story is no deeper.
const DEPTH_MAX: usize = 8;

/// What was looked through, and which words were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Files.
    pub files: usize,
    /// Bytes.
    pub bytes: u64,
    /// Words that were found.
    pub found: Vec<String>,
}

/// Looks through every file below `folder` for each of `words`, upper and lower case alike, as UTF-8 and as UTF-16.
///
/// # Errors
/// [`StoryError::File`].
pub fn folder(folder: &Path, words: &[String]) -> Result<Scan, StoryError> {
    let needles: Vec<(&String, Vec<Vec<u8>>)> = words.iter().map(|word| (word, forms(word))).collect();
    let mut scan = Scan::default();
    walk(folder, DEPTH_MAX, &mut |bytes| {
        scan.files += 1;
        scan.bytes += bytes.len() as u64;
        let lower = bytes.to_ascii_lowercase();
        for (word, forms) in &needles {
            if !scan.found.contains(word) && forms.iter().any(|form| contains(&lower, form)) {
                scan.found.push((*word).clone());
            }
        }
    })?;
    Ok(scan)
}

/// Whether these bytes stand in a file below `folder`: the control that the files are really read.
///
/// # Errors
/// [`StoryError::File`].
pub fn holds(folder: &Path, needle: &[u8]) -> Result<bool, StoryError> {
    let mut found = false;
    walk(folder, DEPTH_MAX, &mut |bytes| found |= contains(&bytes, needle))?;
    Ok(found)
}

fn forms(word: &str) -> Vec<Vec<u8>> {
    let lower = word.to_ascii_lowercase();
    let wide: Vec<u8> = lower.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![lower.into_bytes(), wide]
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return true };
    let mut from = 0;
    while let Some(at) = hay.get(from..).and_then(|tail| tail.iter().position(|byte| byte == first)) {
        let after = from + at + 1;
        if hay.get(after..).is_some_and(|tail| tail.starts_with(rest)) {
            return true;
        }
        from = after;
    }
    false
}

fn walk(path: &Path, depth: usize, read: &mut dyn FnMut(Vec<u8>)) -> Result<(), StoryError> {
    if depth == 0 {
        return Err(StoryError::Broken("a folder of the story is deeper than it should be"));
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), depth - 1, read)?;
        } else if kind.is_file() {
            read(fs::read(entry.path())?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case_and_in_both_encodings() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let below = folder.path().join("below");
        fs::create_dir(&below).expect("a folder");
        fs::write(below.join("a"), b"xx LANTERN row xx").expect("a file");
        let wide: Vec<u8> = "Okoro".encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(folder.path().join("b"), wide).expect("a file");
        let words = ["Lantern Row", "okoro", "absent"].map(str::to_owned);
        let scan = super::folder(folder.path(), &words).expect("a scan");
        assert_eq!((scan.files, scan.found.len()), (2, 2));
        assert!(!scan.found.contains(&"absent".to_owned()));
        assert!(
            holds(folder.path(), b"LANTERN").expect("a scan") && !holds(folder.path(), b"LANTERNS").expect("a scan")
        );
    }
}

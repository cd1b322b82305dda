//! The fenced examples of `docs/protocol.md`: read, written as hexadecimal, put in again.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Set to write the examples anew.
const WRITE: &str = "DOORSTEP_WRITE_EXAMPLES";

const HEX_DIGITS_PER_LINE: usize = 100;

/// A fenced block: what follows the backticks, and its lines.
pub(crate) struct Block {
    pub(crate) info: String,
    pub(crate) lines: Vec<String>,
}

pub(crate) fn blocks(document: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in document.lines() {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => {
                blocks.push(Block { info: info.to_owned(), lines: Vec::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => blocks.last_mut().expect("one is open").lines.push(line.to_owned()),
            (None, false) => {}
        }
    }
    assert!(!open, "a block is not closed");
    blocks
}

pub(crate) fn to_hex_lines(bytes: &[u8]) -> Vec<String> {
    let digits: Vec<char> = bytes.iter().flat_map(|byte| format!("{byte:02x}").chars().collect::<Vec<_>>()).collect();
    digits.chunks(HEX_DIGITS_PER_LINE).map(|line| line.iter().collect()).collect()
}

pub(crate) fn from_hex(lines: &[String]) -> Vec<u8> {
    let digits: Vec<u8> = lines
        .concat()
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).expect("a hexadecimal digit") as u8)
        .collect();
    assert_eq!(digits.len() % 2, 0, "half a byte");
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// Where the document is, seen from any package of the workspace.
fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.md")
}

pub(crate) fn document() -> String {
    std::fs::read_to_string(path()).expect("docs/protocol.md is there")
}

/// The document, its examples written anew first where that was asked for.
pub(crate) fn document_with(expected: &BTreeMap<String, Vec<String>>) -> String {
    let document = document();
    if std::env::var_os(WRITE).is_none() {
        return document;
    }
    let anew = write_anew(&document, expected);
    std::fs::write(path(), &anew).expect("docs/protocol.md can be written");
    anew
}

/// Holds that the document shows what the code makes.
pub(crate) fn shows(document: &str, expected: &BTreeMap<String, Vec<String>>) {
    let shown: BTreeMap<String, Vec<String>> =
        blocks(document).into_iter().map(|block| (block.info, block.lines)).collect();
    for (info, lines) in expected {
        let found = shown.get(info).unwrap_or_else(|| panic!("docs/protocol.md has no example `{info}`"));
        assert_eq!(found, lines, "the example `{info}` is not what the code makes");
    }
}

fn write_anew(document: &str, expected: &BTreeMap<String, Vec<String>>) -> String {
    let mut written = String::new();
    let mut skipping = false;
    for line in document.lines() {
        match (line.strip_prefix("```"), skipping) {
            (Some(""), true) => skipping = false,
            (Some(info), false) if expected.contains_key(info) => {
                written.push_str(line);
                written.push('\n');
                for example in &expected[info] {
                    written.push_str(example);
                    written.push('\n');
                }
                written.push_str("```\n");
                skipping = true;
                continue;
            }
            (_, true) => {}
            _ => {
                written.push_str(line);
                written.push('\n');
            }
        }
    }
    written
}

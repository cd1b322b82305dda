//! Mappings that cannot be used: each error names the file, the line, the key, the limit and the remedy.

use doorstep_desk::import::{ImportError, Mapping, Mode, SHIPPED};

use crate::desk::Desk;

const HEAD: &str = "mapping = 1\nname = 'x'\n[sources.homes]\nfile = 'homes.csv'\nkey = 'uprn'\n[sources.people]\nfile = 'people.csv'\n";
const FILES: &[(&str, &str)] =
    &[("homes.csv", "uprn,street\n1,High Street\n"), ("people.csv", "id,name,home\n1,Jo,1\n")];

fn refused(body: &str) -> String {
    match Desk::new().import(&format!("{HEAD}{body}"), FILES, Mode::DryRun) {
        Err(error @ ImportError::Mapping(_)) => error.to_string(),
        other => panic!("expected a fault of the mapping, got {other:?}"),
    }
}

fn says(body: &str, line: u64, words: &[&str]) {
    let text = refused(body);
    assert!(text.starts_with(&format!("mapping mapping.toml, line {line}")), "{text}");
    for word in words {
        assert!(text.contains(word), "{word} is not in: {text}");
    }
}

#[test]
fn a_mapping_that_is_no_toml_or_has_an_unknown_key_names_the_line() {
    says("records = ]", 8, &["see docs/import.md"]);
    says("[[records]]\nkind = 'property'\nfrom = 'homes'\nfeilds = {}\n", 11, &["feilds", "fields"]);
    says(
        "[[records]]\nkind = 'property'\nfrom = 'homes'\n[records.fields]\nuprn = { form = 'uprn' }\n",
        12,
        &["form", "from"],
    );
    says("[[records]]\nkind = 'property'\nfrom = 'homes'\n[records.fields]\nuprn = 3\n", 12, &["a column, or a table"]);
}

#[test]
fn a_mapping_of_another_version_is_refused() {
    let text = Mapping::parse("mapping = 2\nname = 'x'\nrecords = []\n[sources]\n", "m.toml").unwrap_err().to_string();
    assert!(text.starts_with("mapping m.toml, line 1, `mapping`: this program reads mappings of version 1"), "{text}");
}

#[test]
fn names_that_are_not_known_are_answered_with_those_that_are() {
    says("[[records]]\nkind = 'home'\nfrom = 'homes'\nfields = {}\n", 9, &["records[1].kind", "property", "occupancy"]);
    says("[[records]]\nkind = 'property'\nfrom = 'house'\nfields = {}\n", 10, &["`house`", "homes, people"]);
    let fields = |fields: &str| format!("[[records]]\nkind = 'property'\nfrom = 'homes'\n[records.fields]\n{fields}\n");
    says(&fields("uprn = 'uprn'\nroad = 'street'"), 13, &["records[1].road", "has no field `road`", "street"]);
    says(&fields("uprn = 'uprn'\nstreet = 'road'"), 13, &["`road`", "it has: street, uprn"]);
    says(&fields("uprn = 'uprn | shout'"), 12, &["`shout`", "number-as-code"]);
    says(&fields("uprn = 'uprn -> towns.name'"), 12, &["`towns`", "homes, people"]);
    says(&fields("uprn = 'uprn -> people.name'"), 12, &["has no `key`", "people(column)"]);
    says(&fields("uprn = 'uprn -> homes.name'"), 12, &["`name`", "it has"]);
    says(&fields("uprn = { from = 'uprn', is = '3' }"), 12, &["one of `from`, `text` and `is`"]);
    says(&fields("uprn = { is = '3', words = { a = 'b' } }"), 12, &["`words`"]);
    says(&fields("uprn = { text = 'plain' }"), 12, &["{column}"]);
    says(&fields("uprn = 'uprn'\nstreet = { from = 'street', when = { road = ['a'] } }"), 13, &["`road`"]);
}

#[test]
fn a_record_that_would_say_nothing_is_refused() {
    says("[[records]]\nkind = 'property'\nfrom = 'homes'\n[records.fields]\nstreet = 'street'\n", 8, &["needs `uprn`"]);
    says(
        "[[records]]\nkind = 'person'\nfrom = 'people'\n[records.fields]\nreference = 'id'\n",
        8,
        &["`preferred_name`"],
    );
    says(
        "[[records]]\nkind = 'alert'\nfrom = 'people'\ncodes = 'c'\n[records.fields]\ncode = 'id'\n",
        8,
        &["about a `person`"],
    );
    says(
        "[[records]]\nkind = 'alert'\nfrom = 'people'\n[records.fields]\ncode = 'id'\nperson = 'id'\n",
        8,
        &["has `codes`"],
    );
    let alert = "[[records]]\nkind = 'alert'\nfrom = 'people'\ncodes = 'c'\n[records.fields]\ncode = 'id'\nperson = 'id'\n[codes.c]\n";
    says(&format!("{alert}A = {{ flag = 'dragon' }}"), 16, &["codes.c.A", "key-safe"]);
    says(&format!("{alert}A = {{ flag = 'key-safe', note = 'x' }}"), 16, &["exactly one"]);
    says(&format!("{alert}A = {{ ability = 'walk' }}"), 16, &["`level`"]);
    says(&format!("{alert}A = {{ flag = 'key-safe', detail = 'x' }}"), 16, &["`detail`"]);
}

#[test]
fn a_mapping_reads_no_file_outside_its_folder() {
    for file in ["../secret.csv", "/etc/passwd", "", "a/../../b.csv"] {
        let text = format!(
            "mapping = 1\nname = 'x'\n[sources.a]\nfile = '{file}'\n[[records]]\nkind = 'property'\nfrom = 'a'\n[records.fields]\nuprn = 'u'\n"
        );
        let error = Mapping::parse(&text, "m.toml").unwrap_err().to_string();
        assert!(error.contains("a name inside the folder"), "{file}: {error}");
    }
}

#[test]
fn a_file_that_is_no_table_names_the_line_and_never_what_stands_in_it() {
    let mapping = "mapping = 1\nname = 'x'\n[sources.a]\nfile = 'a.csv'\n[[records]]\nkind = 'property'\nfrom = 'a'\n[records.fields]\nuprn = 'uprn'\n";
    let desk = Desk::new();
    let long = format!("uprn,s\n1,{}\n", "x".repeat(70_000));
    for (text, wanted) in [
        ("uprn,street\n1,Secret Street,3\n", "input a.csv, line 2: every row has 2 cells"),
        ("uprn,uprn\n", "input a.csv, line 1, `uprn`: a column has a name of its own"),
        ("", "input a.csv, line 1: the first line names"),
        (long.as_str(), "input a.csv, line 2, `s`: a cell has at most"),
    ] {
        let error = desk.import(mapping, &[("a.csv", text)], Mode::Write).unwrap_err().to_string();
        assert!(error.starts_with(wanted) && !error.contains("Secret"), "{error}");
    }
    let missing = desk.import(mapping, &[], Mode::Write).unwrap_err().to_string();
    assert!(missing.starts_with("input a.csv: the file is missing"), "{missing}");
}

#[test]
fn every_shipped_mapping_parses() {
    for (name, text) in SHIPPED {
        let mapping = Mapping::parse(text, name).unwrap();
        assert!(!mapping.name().is_empty());
    }
}

//! One case of every variant of every sealed format, written once by the second implementation and read for ever: see
//! `golden/cases.jsonl`. The reader is the one that trades with that implementation.

#[path = "../examples/interop/json.rs"]
#[allow(dead_code, reason = "the example also writes cases")]
mod json;
#[path = "../examples/interop/read.rs"]
mod read;
#[path = "../examples/interop/record.rs"]
mod record;

#[test]
fn every_variant_of_every_format_still_reads() {
    let cases: Vec<&str> = include_str!("golden/cases.jsonl").lines().collect();
    assert_eq!(cases.len(), 78);
    for (index, case) in cases.iter().enumerate() {
        assert_eq!(read::check(case), Ok(()), "case {index}");
    }
}

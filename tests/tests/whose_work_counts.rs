//! Random histories of whose work counts: backdating, a log that somebody withholds, newcomers, leavers who return, grants that
//! end and are given anew, new keys, cuts, forks, adoption and erasure.
//!
//! Thousands run over the one pure function that devices use, with real logs, against a model that knows nothing of its code.
//! A hundred and more run on real devices that are told and sent everything in different orders.

#[path = "whose_work_counts/devices.rs"]
mod devices;
#[path = "whose_work_counts/history.rs"]
mod history;

use std::collections::BTreeSet;

use doorstep_protocol::EnvelopeId;
use doorstep_tests::clerk::Clerk;
use doorstep_tests::sim::chance::Chance;
use history::{AUTHORS, History};

/// Histories over the pure function.
const HISTORIES: u64 = 4_000;
const STEPS: u64 = 32;

#[test]
fn thousands_of_histories_are_as_a_simple_model_says() {
    let base = Clerk::new(AUTHORS);
    let (mut late, mut taken_in, mut gone, mut forked) = (0, 0, 0, 0);
    let (mut ended, mut other_keys) = (0, 0);
    for seed in 0..HISTORIES {
        let mut chance = Chance::new(seed, 9);
        let mut history = History::new(&base);
        for _ in 0..STEPS {
            history.step(&mut chance);
        }
        let all: BTreeSet<EnvelopeId> = history.written.iter().map(|one| one.id).collect();
        // A replica may not have everything yet.
        let some: BTreeSet<EnvelopeId> = all.iter().filter(|_| chance.happens(800)).copied().collect();
        for here in [&all, &some] {
            assert_eq!(history.found(here), history.counts(here), "seed {seed}");
        }
        let found = history.found(&all);
        for one in &history.written {
            let is_erased = history.is_erased(one);
            let is_taken_in = history.adopted.contains(&one.id);
            let counts = found.contains(&one.id);
            assert!(!counts || !is_erased, "seed {seed}: {} is erased and counts", one.id);
            assert!(!counts || is_taken_in || history.is_in_time(one), "seed {seed}: {} is past a cut", one.id);
            // Who never wrote two in one place, and whose predecessors are all there, loses nothing from before a cut.
            if !history.authors[one.author].has_forked && !is_erased && history.is_in_time(one) {
                assert!(counts, "seed {seed}: {} is lost", one.id);
            }
            late += u64::from(!counts && !is_erased);
            taken_in += u64::from(counts && is_taken_in);
            gone += u64::from(is_erased);
            other_keys += u64::from(history.is_of_another_key(one));
        }
        ended += history.ended;
        forked += history.authors.iter().filter(|author| author.has_forked).count();
        for author in 0..AUTHORS {
            let of = history.written.iter().filter(|one| one.author == author).map(|one| one.id).collect();
            history.adopt_these(author, of);
        }
        let kept: BTreeSet<EnvelopeId> =
            history.written.iter().filter(|one| !history.is_erased(one)).map(|one| one.id).collect();
        assert_eq!(history.found(&all), kept, "seed {seed}: adopting all brings back all but what is erased");
    }
    // The histories are about something.
    assert!(late > 1_000 && taken_in > 1_000 && gone > 1_000 && forked > 500, "{late} {taken_in} {gone} {forked}");
    assert!(ended > 1_000 && other_keys > 300, "{ended} {other_keys}");
}

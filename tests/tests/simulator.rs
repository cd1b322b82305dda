//! The seeded simulator: five hundred runs, and a way to run one again.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `DOORSTEP_SEED` | the seed that `replay` runs |
//! | `DOORSTEP_SEEDS` | how many seeds `many_seeds` runs |
//! | `DOORSTEP_SEED_FIRST` | the first of them |

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use doorstep_tests::sim::run::{Counts, Failure, Outcome, run};
use doorstep_tests::sim::trace::Telling;

/// Runs in `scripts/test`.
const SEEDS: u64 = 500;
/// Devices in a run at most.
const TABLETS_MAX: usize = 5;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// One run with its own pool of one thread: the order of work is the same every time.
fn one(seed: u64, telling: Telling) -> Result<Outcome, Failure> {
    catch_unwind(AssertUnwindSafe(|| run(seed, TABLETS_MAX, telling))).unwrap_or_else(|panic| {
        let what = panic.downcast_ref::<String>().cloned();
        let what = what.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Failure { seed, what: what.unwrap_or_else(|| "a panic".to_owned()), story: String::new() })
    })
}

fn report(failure: &Failure) -> String {
    format!(
        "seed {} broke: {}\n{}replay it: DOORSTEP_SEED={} cargo test -p doorstep-tests --test simulator replay -- --nocapture",
        failure.seed, failure.what, failure.story, failure.seed
    )
}

/// Runs on a thread whose rayon work stays on it.
fn on_one_thread<T>(work: impl FnOnce() -> T) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    let _pool = pool.expect("a thread joins one pool");
    work()
}

#[test]
fn many_seeds() {
    let first = number("DOORSTEP_SEED_FIRST").unwrap_or(1);
    let count = number("DOORSTEP_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(first);
    let found: Mutex<(Counts, Vec<Failure>)> = Mutex::new((Counts::default(), Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                on_one_thread(|| {
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= first + count {
                            break;
                        }
                        let ran = one(seed, Telling::Quiet);
                        let mut found = found.lock().expect("no thread panics while it holds this");
                        match ran {
                            Ok(outcome) => found.0 = found.0.and(outcome.counts),
                            Err(failure) => {
                                eprintln!("{}\n", report(&failure));
                                found.1.push(failure);
                            }
                        }
                    }
                });
            });
        }
    });
    let (counts, failures) = found.into_inner().expect("no thread panicked");
    println!("{count} seeds: {counts:?}");
    let seeds: Vec<u64> = failures.iter().map(|failure| failure.seed).collect();
    assert!(failures.is_empty(), "{} of {count} seeds broke: {seeds:?}", failures.len());
    // A simulator in which nothing goes wrong shows nothing.
    if count >= SEEDS {
        assert!(counts.tablets_ended > count / 4 && counts.station_ended > count / 8, "{counts:?}");
        assert!(counts.left > count / 10 && counts.erased > count / 8 && counts.adopted > count / 20, "{counts:?}");
        assert!(counts.mistreated > count && counts.rows > count && counts.disputed > count / 8, "{counts:?}");
    }
}

#[test]
fn one_seed_is_one_run() {
    on_one_thread(|| {
        for seed in 1..=12 {
            let (first, second) = (one(seed, Telling::Quiet), one(seed, Telling::Quiet));
            match (first, second) {
                (Ok(first), Ok(second)) => assert_eq!(first, second, "seed {seed} ran differently the second time"),
                (Err(failure), _) | (_, Err(failure)) => panic!("{}", report(&failure)),
            }
        }
    });
}

#[test]
fn replay() {
    // Without a seed there is nothing to replay.
    let Some(seed) = number("DOORSTEP_SEED") else { return };
    on_one_thread(|| match one(seed, Telling::Aloud) {
        Ok(outcome) => println!("seed {seed} holds: {outcome:?}"),
        Err(failure) => panic!("{}", report(&failure)),
    });
}

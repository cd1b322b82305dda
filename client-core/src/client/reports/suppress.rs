//! Counts without small numbers: nobody can be found in them, and the rest does not give away what was left out.

/// Counts below this, and above nothing, are left out.
pub const SHOWN_MIN: u64 = 5;

/// Counts as they leave.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Suppressed {
    /// Each count, in the order given; `None` where it is left out.
    pub counts: Vec<Option<u64>>,
    /// Their sum; `None` where it would give away what is left out.
    pub total: Option<u64>,
}

/// Leaves out every count from 1 to 4. Where the total would tell them, it leaves out every count below twice that, and twice
/// that again, until it does not; where nothing is left, the total is left out too. What is left out is decided by the
/// threshold alone, never by which of two counts is the smaller: that would be one more thing told.
#[must_use]
pub fn suppress(counts: &[u64]) -> Suppressed {
    let total: u64 = counts.iter().sum();
    let has_small = counts.iter().any(|count| (1..SHOWN_MIN).contains(count));
    if !has_small {
        return Suppressed { counts: counts.iter().copied().map(Some).collect(), total: Some(total) };
    }
    let largest = counts.iter().copied().max().unwrap_or_default();
    let mut below = SHOWN_MIN;
    while !is_open(counts, below) && below <= largest {
        below = below.saturating_mul(2);
    }
    let shown = counts.iter().map(|count| (!(1..below).contains(count)).then_some(*count));
    Suppressed { counts: shown.collect(), total: is_open(counts, below).then_some(total) }
}

/// Whether the sum of the counts from 1 to below a threshold, which the total gives away, leaves each of them open.
fn is_open(counts: &[u64], below: u64) -> bool {
    let hidden: Vec<u64> = counts.iter().copied().filter(|count| (1..below).contains(count)).collect();
    let (len, sum) = (hidden.len() as u64, hidden.iter().sum::<u64>());
    // Were all of them one, or all of them the most that they can be, the sum would tell.
    len >= 2 && len < sum && sum < len.saturating_mul(below - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn one_small_count_takes_the_next_smallest_with_it() {
        let out = suppress(&[120, 3, 0, 17, 44]);
        assert_eq!(out, Suppressed { counts: vec![Some(120), None, Some(0), None, Some(44)], total: Some(184) });
        assert_eq!(suppress(&[5, 0, 9]), Suppressed { counts: vec![Some(5), Some(0), Some(9)], total: Some(14) });
        assert_eq!(suppress(&[1, 1]), Suppressed { counts: vec![None, None], total: None });
        assert_eq!(suppress(&[2]), Suppressed { counts: vec![None], total: None });
        assert_eq!(suppress(&[1, 1, 90]).counts, [None, None, None]);
        // The smaller of two that are alike would otherwise say which it is not.
        assert_eq!(suppress(&[8, 8, 4]), Suppressed { counts: vec![None, None, None], total: Some(20) });
        assert_eq!(suppress(&[]), Suppressed { counts: Vec::new(), total: Some(0) });
    }

    type Published = (Vec<Option<u64>>, Option<u64>);

    /// Every list of up to three counts: somebody who knows the rule, the shown counts and the total cannot tell any count
    /// that is left out, since another list gives the same.
    #[test]
    fn no_count_that_is_left_out_can_be_told() {
        for (len, count_max) in [(1, 60u64), (2, 45), (3, 22)] {
            // What each place can be, by what is published.
            let mut worlds: BTreeMap<Published, Vec<BTreeSet<u64>>> = BTreeMap::new();
            for number in 0..(count_max + 1).pow(len) {
                let counts: Vec<u64> =
                    (0..len).map(|place| number / (count_max + 1).pow(place) % (count_max + 1)).collect();
                let out = suppress(&counts);
                for (count, shown) in counts.iter().zip(&out.counts) {
                    assert!(shown.is_none_or(|shown| shown == *count && !(1..SHOWN_MIN).contains(&shown)));
                }
                let known =
                    worlds.entry((out.counts, out.total)).or_insert_with(|| vec![BTreeSet::new(); counts.len()]);
                known.iter_mut().zip(&counts).for_each(|(known, count)| {
                    known.insert(*count);
                });
            }
            for ((shown, total), known) in worlds {
                for (shown, known) in shown.iter().zip(&known) {
                    assert!(shown.is_some() || known.len() > 1, "{total:?} tells {known:?}");
                }
            }
        }
    }
}

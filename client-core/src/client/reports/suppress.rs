//! Counts without small numbers: nobody can be found in them, and the rest does not give away what was left out.

use std::collections::BTreeSet;

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

/// Leaves out every count from 1 to 4, and as many of the next smallest as it takes that the total does not give them away;
/// where there are not enough, the total is left out too.
#[must_use]
pub fn suppress(counts: &[u64]) -> Suppressed {
    let total: u64 = counts.iter().sum();
    let mut hidden: BTreeSet<usize> =
        counts.iter().enumerate().filter(|(_, count)| (1..SHOWN_MIN).contains(*count)).map(|(at, _)| at).collect();
    if hidden.is_empty() {
        return Suppressed { counts: counts.iter().copied().map(Some).collect(), total: Some(total) };
    }
    // Of those that stay, the smallest go first; of equals the first, so that the choice says nothing more.
    let mut others: Vec<usize> = (0..counts.len()).filter(|at| counts[*at] >= SHOWN_MIN).collect();
    others.sort_by_key(|at| (counts[*at], *at));
    let mut others = others.into_iter();
    let mut show_total = true;
    while !is_safe(counts, &hidden) {
        match others.next() {
            Some(next) => {
                hidden.insert(next);
            }
            None => {
                show_total = false;
                break;
            }
        }
    }
    let shown = counts.iter().enumerate().map(|(at, count)| (!hidden.contains(&at)).then_some(*count));
    Suppressed { counts: shown.collect(), total: show_total.then_some(total) }
}

/// Whether the sum of what is hidden, which the total gives away, leaves each hidden count open by at least as much as a small
/// number is wide.
fn is_safe(counts: &[u64], hidden: &BTreeSet<usize>) -> bool {
    let sum: u64 = hidden.iter().map(|at| counts[*at]).sum();
    // Each is at least one: nothing that is nothing is hidden.
    hidden.len() >= 2 && sum.saturating_sub(hidden.len() as u64) >= SHOWN_MIN - 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_small_count_takes_the_next_smallest_with_it() {
        let out = suppress(&[120, 3, 0, 17, 44]);
        assert_eq!(out, Suppressed { counts: vec![Some(120), None, Some(0), None, Some(44)], total: Some(184) });
        assert_eq!(suppress(&[5, 0, 9]), Suppressed { counts: vec![Some(5), Some(0), Some(9)], total: Some(14) });
        assert_eq!(suppress(&[1, 1]), Suppressed { counts: vec![None, None], total: None });
        assert_eq!(suppress(&[2]), Suppressed { counts: vec![None], total: None });
        assert_eq!(suppress(&[1, 1, 90]).counts, [None, None, None]);
        assert_eq!(suppress(&[4, 4]), Suppressed { counts: vec![None, None], total: Some(8) });
    }

    /// Every way in which the hidden counts can be what they are, as somebody knows who has read this file.
    fn consistent(out: &Suppressed) -> Vec<Vec<u64>> {
        let hidden: Vec<usize> = (0..out.counts.len()).filter(|at| out.counts[*at].is_none()).collect();
        let shown: u64 = out.counts.iter().flatten().sum();
        let most = out.total.map_or(9, |total| total - shown);
        let mut found = vec![Vec::new()];
        for _ in &hidden {
            found = found
                .into_iter()
                .flat_map(|some: Vec<u64>| {
                    (1..=most).map(move |next| some.iter().copied().chain([next]).collect::<Vec<u64>>())
                })
                .filter(|some| some.iter().sum::<u64>() <= most || out.total.is_none())
                .collect();
        }
        found.retain(|some| {
            let mut counts: Vec<u64> = out.counts.iter().map(|count| count.unwrap_or_default()).collect();
            hidden.iter().zip(some).for_each(|(at, count)| counts[*at] = *count);
            suppress(&counts) == *out
        });
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Somebody who knows the rule, the shown counts and the total cannot tell any hidden count.
        #[test]
        fn no_hidden_count_can_be_told(counts in prop::collection::vec(0..14u64, 1..5)) {
            let out = suppress(&counts);
            for (count, shown) in counts.iter().zip(&out.counts) {
                prop_assert!(shown.is_none_or(|shown| shown == *count && !(1..SHOWN_MIN).contains(&shown)));
            }
            let worlds = consistent(&out);
            prop_assert!(!worlds.is_empty(), "the truth is one of them");
            for at in 0..worlds[0].len() {
                let values: BTreeSet<u64> = worlds.iter().map(|world| world[at]).collect();
                prop_assert!(values.len() > 1, "{counts:?} gives {out:?}, which tells {values:?}");
            }
        }
    }
}

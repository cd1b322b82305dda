//! Putting lists in order, with one compiled copy of the sort for all of them. The standard library compiles its own, some kilobytes, anew
//! for every type of row and key, and this crate has seventy such lists; a phone loads them all. They are short lists.

use std::cmp::Ordering;

/// A list that is put in order in place; rows that compare as equal stay as they stood.
pub(crate) trait Order<T> {
    /// As `sort_by`.
    fn order_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// As `sort_by_key`.
    fn order_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.order_by(|a, b| key(a).cmp(&key(b)));
    }

    /// As `sort`.
    fn order(&mut self)
    where
        T: Ord,
    {
        self.order_by(T::cmp);
    }
}

impl<T> Order<T> for [T] {
    fn order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let mut from = positions(self.len(), &mut |a, b| compare(&self[a], &self[b]));
        for start in 0..self.len() {
            // Follows what moves into each other's place until it comes round.
            let mut at = start;
            while from[at] != start {
                let next = from[at];
                self.swap(at, next);
                from[at] = at;
                at = next;
            }
            from[at] = at;
        }
    }
}

/// At each place, where in the list the row stands that belongs there.
fn positions(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut from: Vec<usize> = (0..count).collect();
    from.sort_by(|a, b| compare(*a, *b));
    from
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_come_out_as_the_standard_library_sorts_them(rows: Vec<(u8, u16)>) {
            let (mut ours, mut expected) = (rows.clone(), rows);
            ours.order_by_key(|row| row.0);
            expected.sort_by_key(|row| row.0);
            prop_assert_eq!(&ours, &expected);
            ours.order_by(|a, b| b.cmp(a));
            expected.sort_by(|a, b| b.cmp(a));
            prop_assert_eq!(&ours, &expected);
            ours.order();
            expected.sort();
            prop_assert_eq!(&ours, &expected);
        }
    }
}

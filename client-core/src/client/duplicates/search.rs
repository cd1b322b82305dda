//! Candidates: pairs that share what two records of one thing would share. Every list that is walked has a limit.

use std::collections::{BTreeMap, BTreeSet};

use super::{Likeness, TwinKey, TwinKind, TwinPair};
use crate::client::ClientError;
use crate::device::{Device, RecordId};
use crate::order::Order as _;
use crate::records::RowId;
use crate::records::hazard_codes::{self, Scheme};
use crate::store::desk::{self, DeskList, Listed, Settled};
use crate::store::lists::{self, PropertyRow};

/// Keys that several people share, looked at, at most.
const KEYS_MAX: usize = 4_000;
/// People who share one key, at most: a key that more share, such as an office's telephone, says nothing.
const PEOPLE_OF_KEY_MAX: usize = 8;
/// Pairs of one kind at most.
const PAIRS_MAX: usize = 2_000;
/// Homes without a UPRN that are looked at, at most.
const PROVISIONAL_MAX: usize = 1_000;
/// Homes of one postcode that are compared, at most.
const OF_POSTCODE_MAX: usize = 120;
/// Homes found by words of an address that are compared, at most.
const OF_WORDS_MAX: usize = 20;
/// Candidates for one home at most.
const OF_HOME_MAX: usize = 3;
/// Words of an address that two homes share of all they have, at least, in hundredths.
const ALIKE_PER_CENT_MIN: usize = 30;

pub(super) fn candidates(device: &Device, settled: Settled<'_>, kind: TwinKind) -> Result<Vec<TwinPair>, ClientError> {
    let decided = decided(settled)?;
    let mut pairs = match kind {
        TwinKind::Hazards => hazards(device, settled)?,
        TwinKind::People => people(device, settled)?,
        TwinKind::Properties => properties(device, settled)?,
    };
    pairs.retain(|pair| !decided.contains(&pair.key.listed()));
    Ok(pairs)
}

fn decided(settled: Settled<'_>) -> Result<BTreeSet<String>, ClientError> {
    let pairs = desk::page(settled, DeskList::Pair, 0, super::PAIRS_MAX)?;
    Ok(pairs.into_iter().map(|listed| listed.row.key).collect())
}

/// The label of a code as lists key it.
fn label_of(key: &str) -> String {
    let label = key.split_once(' ').and_then(|(scheme, code)| hazard_codes::label(&Scheme::from_code(scheme), code));
    label.map_or_else(|| key.to_owned(), str::to_owned)
}

fn hazards(device: &Device, settled: Settled<'_>) -> Result<Vec<TwinPair>, ClientError> {
    let reader = device.store().reader();
    let mut pairs = Vec::new();
    for (Listed { document, record, row }, other) in desk::hazard_pairs(settled, PAIRS_MAX)? {
        let address = match record {
            Some(record) => lists::property_of(reader, record)?.map(|row| row.address),
            None => None,
        };
        let title = format!("{}: {}", address.unwrap_or_else(|| "home".to_owned()), label_of(&row.key));
        pairs.push(TwinPair {
            key: TwinKey::Hazards { document, a: RowId(row.row), b: RowId(other) },
            left: title.clone(),
            right: title,
            alike: vec![Likeness::CodeAndRoom],
        });
    }
    Ok(pairs)
}

fn likeness(key: &str) -> Likeness {
    match key.split(' ').next().unwrap_or_default() {
        "reference" => Likeness::Reference,
        "born" => Likeness::BornAndSurname,
        "phone" => Likeness::Phone,
        "email" => Likeness::Email,
        _ => Likeness::Name,
    }
}

fn people(device: &Device, settled: Settled<'_>) -> Result<Vec<TwinPair>, ClientError> {
    let reader = device.store().reader();
    let mut alike: BTreeMap<(RecordId, RecordId), BTreeSet<Likeness>> = BTreeMap::new();
    for key in desk::shared_keys(settled, DeskList::PersonKey, PEOPLE_OF_KEY_MAX, KEYS_MAX)? {
        let of_key = desk::of_key(settled, DeskList::PersonKey, &key, PEOPLE_OF_KEY_MAX)?;
        for (at, one) in of_key.iter().enumerate() {
            for other in of_key.get(at + 1..).unwrap_or_default() {
                let pair = (RecordId(one.document), RecordId(other.document));
                alike.entry(pair).or_default().insert(likeness(&key));
            }
        }
        if alike.len() >= PAIRS_MAX {
            break;
        }
    }
    let mut pairs = Vec::new();
    for ((a, b), alike) in alike {
        let (Some(left), Some(right)) = (lists::person_of(reader, a.0)?, lists::person_of(reader, b.0)?) else {
            continue;
        };
        // A household shares a telephone, and a name is often shared: not by people born on different days.
        let is_weak = !alike.contains(&Likeness::Reference) && !alike.contains(&Likeness::BornAndSurname);
        let born_apart = left.born.is_some() && right.born.is_some() && left.born != right.born;
        if is_weak && born_apart {
            continue;
        }
        let words = |row: &lists::PersonRow| match &row.born {
            Some(born) => format!("{}, born {born}", row.name),
            None => row.name.clone(),
        };
        let key = TwinKey::People { a, b };
        pairs.push(TwinPair { key, left: words(&left), right: words(&right), alike: alike.into_iter().collect() });
    }
    pairs.order_by(|a, b| {
        (std::cmp::Reverse(a.alike.len()), &a.alike, a.key).cmp(&(std::cmp::Reverse(b.alike.len()), &b.alike, b.key))
    });
    Ok(pairs)
}

fn properties(device: &Device, settled: Settled<'_>) -> Result<Vec<TwinPair>, ClientError> {
    let reader = device.store().reader();
    let mut pairs: Vec<(usize, TwinPair)> = Vec::new();
    for Listed { document, row, .. } in desk::page(settled, DeskList::Provisional, 0, PROVISIONAL_MAX)? {
        let by_postcode = !row.key.is_empty();
        let near: Vec<PropertyRow> = if by_postcode {
            lists::properties_of_postcode(reader, &row.key, OF_POSTCODE_MAX)?
        } else {
            lists::find_properties(reader, &row.data, OF_WORDS_MAX)?
        };
        let words = words(&row.data);
        let mut fitting: Vec<(usize, PropertyRow)> = near
            .into_iter()
            .filter(|known| known.uprn.is_some() && known.record != document)
            .filter_map(|known| Some((alike_per_cent(&words, &self::words(&known.address))?, known)))
            .filter(|(per_cent, _)| *per_cent >= ALIKE_PER_CENT_MIN)
            .collect();
        fitting.order_by_key(|(per_cent, known)| (std::cmp::Reverse(*per_cent), known.record));
        for (per_cent, known) in fitting.into_iter().take(OF_HOME_MAX) {
            let why = if by_postcode { Likeness::PostcodeAndAddress } else { Likeness::Address };
            let key = TwinKey::Properties { provisional: RecordId(document), known: RecordId(known.record) };
            let (left, right) = (row.data.clone(), known.address);
            pairs.push((per_cent, TwinPair { key, left, right, alike: vec![why] }));
        }
    }
    pairs.order_by_key(|(per_cent, pair)| (std::cmp::Reverse(*per_cent), pair.key));
    Ok(pairs.into_iter().map(|(_, pair)| pair).take(PAIRS_MAX).collect())
}

fn words(address: &str) -> BTreeSet<String> {
    let parts = address.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(str::to_lowercase).collect()
}

/// How much of two addresses is the same, in hundredths; `None` where their numbers differ.
fn alike_per_cent(a: &BTreeSet<String>, b: &BTreeSet<String>) -> Option<usize> {
    let numbers = |words: &BTreeSet<String>| -> BTreeSet<String> {
        words.iter().filter(|word| word.starts_with(|c: char| c.is_ascii_digit())).cloned().collect()
    };
    let (of_a, of_b) = (numbers(a), numbers(b));
    if !of_a.is_empty() && !of_b.is_empty() && of_a.is_disjoint(&of_b) {
        return None;
    }
    let all = a.union(b).count();
    (all > 0).then(|| a.intersection(b).count() * 100 / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_alike_by_their_words_and_never_with_other_numbers() {
        let like = |a: &str, b: &str| alike_per_cent(&words(a), &words(b));
        assert_eq!(like("7 Alder Street", "7, alder street"), Some(100));
        assert_eq!(like("7 Alder Street", "9 Alder Street"), None);
        assert_eq!(like("Flat 2, 7 Alder St", "7 Alder Street").map(|per_cent| per_cent >= 30), Some(true));
        assert_eq!(like("", ""), None);
        assert!(like("The Old Mill", "7 Alder Street").unwrap() < ALIKE_PER_CENT_MIN);
    }
}

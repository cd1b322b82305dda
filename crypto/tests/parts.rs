//! What must hold for the parts of a file: they read back at their own place under their own key, and nowhere else.

use doorstep_crypto::keys::FileKey;
use doorstep_crypto::part::{PartError, PartKind, PartPlace, blob_id, open_part, part_count, seal_part};
use doorstep_protocol::FileId;
use doorstep_protocol::limits::{FILE_PARTS_MAX, PART_DATA_BYTES, PART_SEALED_BYTES_MAX, PART_SEALED_BYTES_MIN};
use proptest::prelude::*;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn place(index: u32, count: u32) -> PartPlace {
    PartPlace { file: FileId([3; 16]), kind: PartKind::Original, index, count }
}

#[test]
fn only_the_last_part_may_be_short_and_none_is_empty() {
    let key = FileKey::make(&mut rng(1));
    let seal = |place, bytes: usize| seal_part(&key, place, &vec![7; bytes], &mut rng(2)).map(|sealed| sealed.len());
    assert_eq!(seal(place(0, 2), PART_DATA_BYTES), Ok(PART_SEALED_BYTES_MAX));
    assert_eq!(seal(place(1, 2), PART_DATA_BYTES), Ok(PART_SEALED_BYTES_MAX));
    assert_eq!(seal(place(1, 2), 1), Ok(PART_SEALED_BYTES_MIN));
    for (at, bytes) in
        [(place(0, 2), PART_DATA_BYTES - 1), (place(0, 1), 0), (place(0, 1), PART_DATA_BYTES + 1), (place(0, 2), 1)]
    {
        assert_eq!(seal(at, bytes), Err(PartError::Length { found_bytes: bytes }), "{at:?}");
    }
    for (index, count) in [(0, 0), (1, 1), (FILE_PARTS_MAX, FILE_PARTS_MAX), (0, FILE_PARTS_MAX + 1), (u32::MAX, 2)] {
        assert_eq!(seal(place(index, count), 1), Err(PartError::Place { index, count }));
        assert_eq!(open_part(&key, place(index, count), &[0; 400]), Err(PartError::Place { index, count }));
    }
}

#[test]
fn a_short_part_sealed_as_the_last_is_refused_before_the_last() {
    let key = FileKey::make(&mut rng(1));
    let sealed = seal_part(&key, place(1, 2), b"short", &mut rng(2)).expect("the last part");
    assert_eq!(open_part(&key, place(1, 2), &sealed).as_deref().map(Vec::as_slice), Ok(&b"short"[..]));
    assert_eq!(open_part(&key, place(1, 3), &sealed), Err(PartError::OtherKey));
}

#[test]
fn a_file_has_as_many_parts_as_its_bytes_need() {
    let most = PART_DATA_BYTES * FILE_PARTS_MAX as usize;
    for (bytes, parts) in [
        (0, None),
        (1, Some(1)),
        (PART_DATA_BYTES, Some(1)),
        (PART_DATA_BYTES + 1, Some(2)),
        (most, Some(FILE_PARTS_MAX)),
        (most + 1, None),
        (usize::MAX, None),
    ] {
        assert_eq!(part_count(bytes), parts, "{bytes}");
    }
}

#[test]
fn other_lengths_than_a_part_has_are_refused_before_anything_else() {
    let key = FileKey::make(&mut rng(1));
    for bytes in [0, 1, PART_SEALED_BYTES_MIN - 1, PART_SEALED_BYTES_MAX + 1] {
        assert_eq!(open_part(&key, place(0, 1), &vec![0; bytes]), Err(PartError::Length { found_bytes: bytes }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_part_reads_back_at_its_own_place_only(
        data in prop::collection::vec(any::<u8>(), 1..3_000),
        (index, count) in (1u32..=8).prop_map(|count| (count - 1, count)),
        seed in any::<u8>(),
    ) {
        let key = FileKey::make(&mut rng(seed));
        let at = place(index, count);
        let sealed = seal_part(&key, at, &data, &mut rng(seed ^ 1)).expect("the last part");
        prop_assert_eq!(&**open_part(&key, at, &sealed).expect("its own place"), &data);
        let elsewhere = [
            PartPlace { index: index + 1, count: count + 1, ..at },
            PartPlace { count: count + 1, ..at },
            PartPlace { kind: PartKind::Thumbnail, ..at },
            PartPlace { file: FileId([4; 16]), ..at },
        ];
        for other in elsewhere {
            prop_assert_eq!(open_part(&key, other, &sealed), Err(PartError::OtherKey));
        }
        let other_key = FileKey::make(&mut rng(seed ^ 2));
        prop_assert_eq!(open_part(&other_key, at, &sealed), Err(PartError::OtherKey));
    }

    #[test]
    fn a_part_with_one_bit_changed_or_cut_is_refused_and_has_another_name(
        data in prop::collection::vec(any::<u8>(), 1..600),
        bit in any::<prop::sample::Index>(),
        cut in 1usize..64,
    ) {
        let key = FileKey::make(&mut rng(5));
        let sealed = seal_part(&key, place(0, 1), &data, &mut rng(6)).expect("one part");
        let mut flipped = sealed.clone();
        let bit = bit.index(flipped.len() * 8);
        flipped[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(open_part(&key, place(0, 1), &flipped).is_err());
        prop_assert!(open_part(&key, place(0, 1), &sealed[..sealed.len() - cut]).is_err());
        prop_assert!(open_part(&key, place(0, 1), &[&sealed[..], &[0]].concat()).is_err());
        prop_assert_ne!(blob_id(&flipped), blob_id(&sealed));
    }

    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(open_part(&FileKey::make(&mut rng(7)), place(0, 1), &bytes).is_err());
    }
}

//! Padmé: a plaintext's length is rounded so that at most `log log` bits of it show, at a cost of 12 % at most.

use doorstep_protocol::envelope::{DROP_BOX_BYTES, OVERHEAD_BYTES, PADDED_BYTES_MIN};
use doorstep_protocol::limits::ENVELOPE_BYTES_MAX;
use zeroize::Zeroizing;

/// The length before the data.
const LENGTH_BYTES: usize = 4;

/// The longest data that one envelope seals: the longest padded plaintext whose envelope keeps the limit.
pub const DATA_BYTES_MAX: usize = {
    let room = ENVELOPE_BYTES_MAX - OVERHEAD_BYTES - DROP_BOX_BYTES;
    // Below the room, the padded lengths of the room's own order of magnitude are multiples of this.
    let step = padme_step(room);
    room / step * step - LENGTH_BYTES
};

const _: () = assert!(padme(LENGTH_BYTES + DATA_BYTES_MAX) + OVERHEAD_BYTES + DROP_BOX_BYTES <= ENVELOPE_BYTES_MAX);
const _: () = assert!(padme(LENGTH_BYTES + DATA_BYTES_MAX + 1) + OVERHEAD_BYTES > ENVELOPE_BYTES_MAX);

/// `2^(E−S)` with `E = ⌊log2 L⌋` and `S = ⌊log2 E⌋+1`, for lengths over the minimum.
const fn padme_step(length: usize) -> usize {
    let exponent = length.ilog2();
    1 << (exponent - (exponent.ilog2() + 1))
}

/// The padded length of `length` bytes: at least [`PADDED_BYTES_MIN`].
#[must_use]
pub const fn padme(length: usize) -> usize {
    if length <= PADDED_BYTES_MIN {
        return PADDED_BYTES_MIN;
    }
    // A length near the end of the address space cannot be padded; it exceeds every limit as it is.
    match length.checked_next_multiple_of(padme_step(length)) {
        Some(padded) => padded,
        None => usize::MAX,
    }
}

/// `u32(len) ‖ data ‖ zeros`, or nothing when the data is longer than [`DATA_BYTES_MAX`].
pub(crate) fn pad(data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if data.len() > DATA_BYTES_MAX {
        return None;
    }
    let length = u32::try_from(data.len()).ok()?;
    let padded_bytes = padme(LENGTH_BYTES + data.len());
    // The one allocation is of the final size: growing would leave plaintext behind in freed memory.
    let mut padded = Zeroizing::new(Vec::with_capacity(padded_bytes));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(data);
    padded.resize(padded_bytes, 0);
    Some(padded)
}

/// The data of a padded plaintext, or nothing when it is not exactly what [`pad`] makes.
pub(crate) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_BYTES>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (data, zeros) = rest.split_at_checked(length)?;
    let canonical = length <= DATA_BYTES_MAX
        && padded.len() == padme(LENGTH_BYTES + length)
        && zeros.iter().fold(0, |seen, byte| seen | byte) == 0;
    canonical.then_some(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_reads_back_and_other_forms_are_refused() {
        for length in [0, 1, 251, 252, 253, 300, 4_093, 65_000, DATA_BYTES_MAX] {
            let data: Vec<u8> = (0..length).map(|i| (i % 251) as u8 | 1).collect();
            let padded = pad(&data).expect("within the limit");
            assert_eq!(unpad(&padded), Some(&data[..]));
            // One byte more or less, a set bit in the zeros, another length: none of them is what `pad` makes.
            assert_eq!(unpad(&[&padded[..], &[0]].concat()), None, "{length}");
            assert_eq!(unpad(&padded[..padded.len() - 1]), None, "{length}");
            if padded.len() > length + 4 {
                let mut marked = padded.to_vec();
                *marked.last_mut().expect("not empty") = 1;
                assert_eq!(unpad(&marked), None, "{length}");
                // Two equal marks are still marks.
                if let Some([.., before, last]) = marked.get_mut(length + 4..) {
                    (*before, *last) = (1, 1);
                    assert_eq!(unpad(&marked), None, "{length}");
                }
            }
            let mut longer = padded.to_vec();
            longer[..4].copy_from_slice(&u32::MAX.to_be_bytes());
            assert_eq!(unpad(&longer), None, "{length}");
        }
        assert!(pad(&vec![0; DATA_BYTES_MAX + 1]).is_none());
        assert_eq!(unpad(&[0; 3]), None);
    }

    #[test]
    fn an_envelope_holds_as_much_as_the_papers_say() {
        assert_eq!(DATA_BYTES_MAX, 1_032_188);
        // Growing would leave plaintext behind in freed memory.
        for length in [0, 300, 5_000] {
            let padded = pad(&vec![1; length]).expect("within the limit");
            assert_eq!(padded.capacity(), padded.len());
        }
    }

    #[test]
    fn padding_costs_at_most_an_eighth_and_never_shrinks() {
        let mut previous = 0;
        for length in 1..70_000 {
            let padded = padme(length);
            assert!(padded >= length && padded >= previous, "{length}");
            assert!(padded == PADDED_BYTES_MIN || (padded - length) * 8 < length, "{length}");
            previous = padded;
        }
        assert_eq!(padme(usize::MAX), usize::MAX);
    }
}

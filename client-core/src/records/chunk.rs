//! What is checked on raw Automerge bytes before Automerge sees them: its decoder inflates without a cap, expands runs
//! without a cap, and reads a change whose checksum is wrong.

/// The longest raw change that is read or written.
pub const CHANGE_BYTES_MAX: usize = 512 * 1024;
/// Operations in one change.
pub const CHANGE_OPS_MAX: u64 = 16_384;
/// Changes that one change may directly follow.
pub const CHANGE_DEPS_MAX: u64 = 256;

const _: () = assert!(CHANGE_BYTES_MAX < doorstep_protocol::limits::ENVELOPE_BYTES_MAX);

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Bytes of magic and checksum.
const CHECKSUM_END: usize = 8;
const COLUMN_DEFLATED: u64 = 0b1000;
/// The column of a change that says what each operation does, one entry an operation.
const COLUMN_ACTION: u64 = 0x42;
/// The column of a change that says how many earlier operations each operation follows.
const COLUMN_PREDECESSORS: u64 = 0x70;
const COLUMNS_MAX: u64 = 64;
const ACTORS_MAX: u64 = 65_536;

/// Why raw bytes were not handed to Automerge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkRefused {
    /// Not Automerge bytes, or cut short, or with something after the end.
    #[error("not one whole Automerge chunk")]
    Malformed,
    /// A compressed change: it could inflate to anything.
    #[error("a compressed change is not accepted")]
    Compressed,
    /// A bundle: marked experimental upstream.
    #[error("a bundle is not accepted")]
    Bundle,
    /// A whole document where a change was expected, or the reverse.
    #[error("the chunk is of another kind than expected here")]
    OtherKind,
    /// Longer, or with more operations or dependencies, than any change this version writes.
    #[error("the chunk passes a limit of {limit}")]
    TooLarge {
        /// The limit, in bytes, operations or dependencies.
        limit: u64,
    },
    /// The bytes do not match their own checksum.
    #[error("the checksum does not match")]
    Checksum,
}

/// Walks bytes; every step may end early.
struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    fn take(&mut self, len: u64) -> Result<&'a [u8], ChunkRefused> {
        let len = usize::try_from(len).map_err(|_| ChunkRefused::Malformed)?;
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(ChunkRefused::Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number in LEB128; for a signed one, its bits before sign extension and how many there are.
    fn leb(&mut self) -> Result<(u64, u32, bool), ChunkRefused> {
        let mut number = 0u64;
        for at in 0..10 {
            let byte = *self.take(1)?.first().ok_or(ChunkRefused::Malformed)?;
            let shift = at * 7;
            number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok((number, shift + 7, byte & 0x40 != 0));
            }
        }
        Err(ChunkRefused::Malformed)
    }

    fn unsigned(&mut self) -> Result<u64, ChunkRefused> {
        Ok(self.leb()?.0)
    }

    fn signed(&mut self) -> Result<i64, ChunkRefused> {
        let (number, bits, negative) = self.leb()?;
        let extended = if negative && bits < 64 { number | (u64::MAX << bits) } else { number };
        Ok(i64::from_ne_bytes(extended.to_ne_bytes()))
    }

    fn skip_prefixed(&mut self) -> Result<(), ChunkRefused> {
        let len = self.unsigned()?;
        self.take(len).map(|_| ())
    }

    fn count(&mut self, limit: u64) -> Result<u64, ChunkRefused> {
        let count = self.unsigned()?;
        if count > limit { Err(ChunkRefused::TooLarge { limit }) } else { Ok(count) }
    }

    /// Specifications and lengths of columns.
    fn columns(&mut self) -> Result<Vec<(u64, u64)>, ChunkRefused> {
        let count = self.count(COLUMNS_MAX)?;
        (0..count).map(|_| Ok((self.unsigned()?, self.unsigned()?))).collect()
    }
}

fn body(raw: &[u8], kind: u8) -> Result<Walk<'_>, ChunkRefused> {
    let mut walk = Walk { rest: raw };
    if walk.take(4)? != MAGIC {
        return Err(ChunkRefused::Malformed);
    }
    walk.take(4)?;
    match walk.take(1)? {
        [found] if *found == kind => {}
        [2] => return Err(ChunkRefused::Compressed),
        [3] => return Err(ChunkRefused::Bundle),
        [0 | 1] => return Err(ChunkRefused::OtherKind),
        _ => return Err(ChunkRefused::Malformed),
    }
    let len = walk.unsigned()?;
    if len != walk.rest.len() as u64 {
        return Err(ChunkRefused::Malformed);
    }
    Ok(walk)
}

/// Entries of a run-length column of numbers, and their sum; stops at the limit.
fn run_lengths(column: &[u8]) -> Result<(u64, u64), ChunkRefused> {
    let mut walk = Walk { rest: column };
    let (mut entries, mut sum) = (0u64, 0u64);
    while !walk.rest.is_empty() {
        let (run, each_is_written) = match walk.signed()? {
            0 => {
                entries = entries.saturating_add(walk.unsigned()?);
                continue;
            }
            run if run > 0 => (run.unsigned_abs(), false),
            literal => (literal.unsigned_abs(), true),
        };
        if run > CHANGE_OPS_MAX {
            return Err(ChunkRefused::TooLarge { limit: CHANGE_OPS_MAX });
        }
        entries = entries.saturating_add(run);
        for _ in 0..if each_is_written { run } else { 1 } {
            let number = walk.unsigned()?;
            sum = sum.saturating_add(if each_is_written { number } else { number.saturating_mul(run) });
        }
        if entries > CHANGE_OPS_MAX {
            break;
        }
    }
    Ok((entries, sum))
}

/// That `raw` is exactly one uncompressed change within the limits.
pub(crate) fn check_change(raw: &[u8]) -> Result<(), ChunkRefused> {
    if raw.len() > CHANGE_BYTES_MAX {
        return Err(ChunkRefused::TooLarge { limit: CHANGE_BYTES_MAX as u64 });
    }
    let mut walk = body(raw, 1)?;
    let deps = walk.count(CHANGE_DEPS_MAX)?;
    walk.take(deps * 32)?;
    walk.skip_prefixed()?;
    walk.unsigned()?;
    walk.unsigned()?;
    walk.signed()?;
    walk.skip_prefixed()?;
    for _ in 0..walk.count(ACTORS_MAX)? {
        walk.skip_prefixed()?;
    }
    // The data of the columns lies after all their specifications, in the same order.
    for (spec, len) in walk.columns()? {
        if spec & COLUMN_DEFLATED != 0 {
            return Err(ChunkRefused::Compressed);
        }
        let column = walk.take(len)?;
        let counted = match spec {
            COLUMN_ACTION => run_lengths(column)?.0,
            COLUMN_PREDECESSORS => run_lengths(column)?.1,
            _ => 0,
        };
        if counted > CHANGE_OPS_MAX {
            return Err(ChunkRefused::TooLarge { limit: CHANGE_OPS_MAX });
        }
    }
    Ok(())
}

/// That the checksum in the header is the start of the hash that Automerge computed over the rest.
pub(crate) fn check_checksum(raw: &[u8], hash: &[u8; 32]) -> Result<(), ChunkRefused> {
    if raw.get(MAGIC.len()..CHECKSUM_END) == hash.get(..CHECKSUM_END - MAGIC.len()) {
        Ok(())
    } else {
        Err(ChunkRefused::Checksum)
    }
}

/// That `bytes` is exactly one document whose columns are all uncompressed, within `limit_bytes`.
pub(crate) fn check_document(bytes: &[u8], limit_bytes: usize) -> Result<(), ChunkRefused> {
    if bytes.len() > limit_bytes {
        return Err(ChunkRefused::TooLarge { limit: limit_bytes as u64 });
    }
    let mut walk = body(bytes, 0)?;
    for _ in 0..walk.count(ACTORS_MAX)? {
        walk.skip_prefixed()?;
    }
    let heads = walk.count(ACTORS_MAX)?;
    walk.take(heads * 32)?;
    for _ in 0..2 {
        if walk.columns()?.iter().any(|(spec, _)| spec & COLUMN_DEFLATED != 0) {
            return Err(ChunkRefused::Compressed);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leb(mut number: u64, out: &mut Vec<u8>) {
        loop {
            let byte = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                return out.push(byte);
            }
            out.push(byte | 0x80);
        }
    }

    /// A change with these columns, laid out by hand.
    fn change(columns: &[(u64, &[u8])]) -> Vec<u8> {
        let mut inner = vec![0, 1, 9, 1, 1, 0, 0, 0];
        leb(columns.len() as u64, &mut inner);
        for (spec, data) in columns {
            leb(*spec, &mut inner);
            leb(data.len() as u64, &mut inner);
        }
        columns.iter().for_each(|(_, data)| inner.extend_from_slice(data));
        let mut raw = MAGIC.to_vec();
        raw.extend_from_slice(&[0, 0, 0, 0, 1]);
        leb(inner.len() as u64, &mut raw);
        raw.extend_from_slice(&inner);
        raw
    }

    #[test]
    fn a_run_of_a_thousand_million_operations_in_six_bytes_is_counted_and_not_expanded() {
        let too_large = Err(ChunkRefused::TooLarge { limit: CHANGE_OPS_MAX });
        // Signed LEB128 of 2^30, then the repeated entry.
        let run = [0x80, 0x80, 0x80, 0x80, 0x04, 0x01];
        assert_eq!(check_change(&change(&[(COLUMN_ACTION, &run)])), too_large);
        // A run of nulls, counted by itself.
        let nulls = [0x00, 0x80, 0x80, 0x80, 0x80, 0x04];
        assert_eq!(check_change(&change(&[(COLUMN_ACTION, &nulls)])), too_large);
        // One operation that claims to follow 2^30 others.
        let predecessors = [0x01, 0x80, 0x80, 0x80, 0x80, 0x04];
        assert_eq!(check_change(&change(&[(COLUMN_PREDECESSORS, &predecessors)])), too_large);
        // The same number of operations as literals would be longer than any change; three are fine.
        assert_eq!(check_change(&change(&[(COLUMN_ACTION, &[0x03, 0x01])])), Ok(()));
        assert_eq!(check_change(&change(&[(COLUMN_ACTION, &[0x7d, 1, 4, 1])])), Ok(()));
    }

    #[test]
    fn a_deflated_column_a_cut_and_a_tail_are_refused() {
        let whole = change(&[(COLUMN_ACTION, &[0x03, 0x01])]);
        assert_eq!(check_change(&change(&[(COLUMN_ACTION | COLUMN_DEFLATED, &[1])])), Err(ChunkRefused::Compressed));
        for len in 0..whole.len() {
            assert!(check_change(&whole[..len]).is_err(), "{len}");
        }
        let mut longer = whole;
        longer.push(0);
        assert_eq!(check_change(&longer), Err(ChunkRefused::Malformed));
    }
}

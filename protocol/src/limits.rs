//! Every limit, with its unit in its name, and what must hold between them.

/// The longest envelope.
pub const ENVELOPE_BYTES_MAX: usize = 1024 * 1024;
/// The longest body of one sync request.
pub const SYNC_REQUEST_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Envelopes in one sync request.
pub const SYNC_REQUEST_ENVELOPES_MAX: usize = 4_096;
/// Zones whose cursors one request may name.
pub const ZONES_PER_DEVICE_MAX: usize = 512;
/// What an answer may hold when the client names no budget.
pub const ANSWER_BYTES_DEFAULT: u32 = 8 * 1024 * 1024;
/// The largest budget a client may name.
pub const ANSWER_BYTES_MAX: u32 = 32 * 1024 * 1024;
/// The smallest budget a client may name: one envelope always fits.
pub const ANSWER_BYTES_MIN: u32 = 2 * 1024 * 1024;
/// The longest frame of an answer.
pub const FRAME_BYTES_MAX: usize = ENVELOPE_BYTES_MAX + 64;
/// The longest body of a log append.
pub const LOG_APPEND_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The longest entry of the authority log.
pub const LOG_ENTRY_BYTES_MAX: usize = 256 * 1024;
/// Entries in one append.
pub const LOG_APPEND_ENTRIES_MAX: usize = 1_024;
/// Signatures on one entry.
pub const LOG_SIGNATURES_MAX: usize = 16;
/// Root keys of a partnership.
pub const ROOT_KEYS_MAX: usize = 16;
/// Organisations of a partnership.
pub const ORGANISATIONS_MAX: usize = 256;
/// Devices of a partnership.
pub const DEVICES_MAX: usize = 100_000;
/// Seats of a partnership, ended ones too.
pub const SEATS_MAX: usize = 1_000_000;
/// Teams of a partnership.
pub const TEAMS_MAX: usize = 10_000;
/// Zones of a partnership.
pub const ZONES_MAX: usize = 100_000;
/// Grants of a partnership, ended ones too.
pub const GRANTS_MAX: usize = 1_000_000;
/// Members of one team.
pub const TEAM_MEMBERS_MAX: usize = 10_000;
/// Teams that may hold one zone.
pub const ZONE_TEAMS_MAX: usize = 256;
/// Wraps that come with one append.
pub const APPEND_WRAPS_MAX: usize = 10_000;
/// Zones in which one entry names the last envelope that counts.
pub const CUTS_MAX: usize = 2_048;
/// Devices of which the end of a grant names the last envelope that counts.
pub const GRANT_END_CUTS_MAX: usize = 3_500;
/// Envelopes that one entry takes in.
pub const ADOPT_ENVELOPES_MAX: usize = 2_048;
/// Envelopes that one entry erases.
pub const ERASE_ENVELOPES_MAX: usize = 3_000;
/// Zones that one opening of an escrow key names.
pub const ESCROW_OPEN_ZONES_MAX: usize = 4_096;
/// The longest page of the inbox.
pub const INBOX_PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Envelopes that one revoked device may leave in the inbox.
pub const INBOX_DEVICE_ENVELOPES_MAX: u64 = 4_096;
/// Bytes that one revoked device may leave in the inbox.
pub const INBOX_DEVICE_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Bytes that the inbox of a partnership holds.
pub const INBOX_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// The longest lease of worker-locked keys: two weeks.
pub const LEASE_HOURS_MAX: u16 = 14 * 24;
/// The longest that broken glass shows sealed detail.
pub const GLASS_MINUTES_MAX: u16 = 240;
/// The longest that a device may be silent before it is an alarm.
pub const SILENT_DAYS_MAX: u16 = 90;
/// A batch of changes inflates to no more than this.
pub const BATCH_INFLATED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// A document inflates to no more than this.
pub const DOCUMENT_INFLATED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Changes in one batch.
pub const BATCH_CHANGES_MAX: usize = 16_384;
/// Heads that a payload may name.
pub const PAYLOAD_HEADS_MAX: usize = 256;
/// What one part of a file holds; every part but the last holds exactly so much. With its length before it a whole part is
/// 256 KiB, and needs no padding.
pub const PART_DATA_BYTES: usize = 256 * 1024 - 4;
/// The longest sealed part: the padded data, salt, commitment and tag.
pub const PART_SEALED_BYTES_MAX: usize = 256 * 1024 + 80;
/// The shortest sealed part.
pub const PART_SEALED_BYTES_MIN: usize = 256 + 80;
/// Parts of one file.
pub const FILE_PARTS_MAX: u32 = 32;
/// Claims in one request.
pub const CLAIMS_MAX: usize = 64;
/// Parts that one claim names: the original and the thumbnail of a photograph.
pub const CLAIM_BLOBS_MAX: usize = 2 * FILE_PARTS_MAX as usize;
/// Parts that the claims of one request name together.
pub const CLAIM_REQUEST_BLOBS_MAX: usize = 1_024;
/// The longest body of a claim.
pub const CLAIM_REQUEST_BYTES_MAX: usize = 64 * 1024;
/// Parts that one document may claim.
pub const DOCUMENT_BLOBS_MAX: u64 = 8_192;
/// Parts of a partnership that were claimed and have not come.
pub const AWAITED_BLOBS_MAX: u64 = 262_144;
/// For so long a claim waits for its part; then it lapses, and is made again by the device that brings the part.
pub const CLAIM_WAITS_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1_000;

const _: () = assert!(ENVELOPE_BYTES_MAX < SYNC_REQUEST_BYTES_MAX);
const _: () = assert!(FRAME_BYTES_MAX > ENVELOPE_BYTES_MAX);
const _: () = assert!(ANSWER_BYTES_MIN as usize > FRAME_BYTES_MAX);
const _: () = assert!(ANSWER_BYTES_MIN < ANSWER_BYTES_DEFAULT && ANSWER_BYTES_DEFAULT < ANSWER_BYTES_MAX);
const _: () = assert!(ROOT_KEYS_MAX <= LOG_SIGNATURES_MAX);
const _: () = assert!(LOG_ENTRY_BYTES_MAX < LOG_APPEND_BYTES_MAX);
const _: () = assert!(BATCH_INFLATED_BYTES_MAX < DOCUMENT_INFLATED_BYTES_MAX);
const _: () = assert!(ENVELOPE_BYTES_MAX + 1024 < INBOX_PAGE_BYTES_MAX);
const _: () = assert!(INBOX_DEVICE_BYTES_MAX < INBOX_BYTES_MAX);
const _: () = assert!(PART_SEALED_BYTES_MIN < PART_SEALED_BYTES_MAX && PART_DATA_BYTES < PART_SEALED_BYTES_MAX);
const _: () =
    assert!(CLAIM_BLOBS_MAX <= CLAIM_REQUEST_BLOBS_MAX && CLAIM_REQUEST_BLOBS_MAX as u64 <= DOCUMENT_BLOBS_MAX);
const _: () = assert!(CLAIM_REQUEST_BLOBS_MAX * 34 + CLAIMS_MAX * 40 < CLAIM_REQUEST_BYTES_MAX);

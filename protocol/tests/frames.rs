//! A streamed answer: frames cut anywhere, kinds and lengths that are refused, the closing signature, checkpoints.

#[path = "support/make.rs"]
mod make;

use doorstep_protocol::cbor::{self, Bytes};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::signature::{self, SignatureError};
use doorstep_protocol::wire::checkpoint::CheckpointError;
use doorstep_protocol::wire::frame::{Closing, FRAME_HEADER_BYTES, Remainder, closing_digest};
use doorstep_protocol::wire::{Checkpoint, Frame, FrameDecoder, FrameError, SignedCheckpoint};
use doorstep_protocol::{Digest32, FeedNumber, SignPublic, Signature, hash, label, limits};
use ed25519_dalek::{Signer, SigningKey};
use make::of_seed;
use proptest::prelude::*;

fn server() -> (SigningKey, SignPublic) {
    let key = SigningKey::from_bytes(&[8; 32]);
    let public = SignPublic(key.verifying_key().to_bytes());
    (key, public)
}

fn sign(key: &SigningKey, label: &str, message: &[u8]) -> Signature {
    Signature(key.sign(&signature::signed_bytes(label, message)).to_bytes())
}

/// Some frames without a closing one.
fn frames(seed: u64, count: u64) -> Vec<Frame> {
    (0..)
        .map(|n| of_seed(seed.wrapping_mul(1_000).wrapping_add(n)))
        .filter(|f| !matches!(f, Frame::Closing(_)))
        .take(count as usize)
        .collect()
}

fn read_all(decoder: &mut FrameDecoder) -> Result<Vec<Frame>, FrameError> {
    let mut frames = Vec::new();
    while let Some(frame) = decoder.next_frame()? {
        frames.push(frame);
    }
    Ok(frames)
}

#[test]
fn a_stream_cut_at_any_byte_gives_the_same_frames_and_digest() {
    for seed in 0..20 {
        let sent = frames(seed, 6);
        let stream: Vec<u8> = sent.iter().flat_map(Frame::to_bytes).collect();
        for cut in 0..=stream.len() {
            let mut decoder = FrameDecoder::default();
            decoder.push(&stream[..cut]);
            let mut got = read_all(&mut decoder).expect("nothing is wrong so far");
            decoder.push(&stream[cut..]);
            got.extend(read_all(&mut decoder).expect("nothing is wrong"));
            assert_eq!(got, sent, "seed {seed}, cut at {cut}");
            assert_eq!(decoder.stream_digest(), hash::sha256(&stream));
        }
    }
}

proptest! {
    #[test]
    fn a_stream_in_any_pieces_gives_the_same_frames(seed: u64, sizes in prop::collection::vec(1usize..90, 1..40)) {
        let sent = frames(seed, 8);
        let stream: Vec<u8> = sent.iter().flat_map(Frame::to_bytes).collect();
        let (mut decoder, mut got, mut rest) = (FrameDecoder::default(), Vec::new(), &stream[..]);
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            decoder.push(piece);
            got.extend(read_all(&mut decoder).expect("nothing is wrong"));
            rest = after;
        }
        prop_assert_eq!(got, sent);
        prop_assert_eq!(decoder.stream_digest(), hash::sha256(&stream));
    }
}

#[test]
fn a_whole_frame_is_given_as_soon_as_it_is_there_and_not_before() {
    let frame: Frame = frames(3, 1).remove(0);
    let bytes = frame.to_bytes();
    let mut decoder = FrameDecoder::default();
    for byte in &bytes[..bytes.len() - 1] {
        decoder.push(&[*byte]);
        assert_eq!(decoder.next_frame(), Ok(None));
        assert_eq!(decoder.stream_digest(), hash::sha256(&[]));
    }
    decoder.push(&bytes[bytes.len() - 1..]);
    assert_eq!(decoder.next_frame(), Ok(Some(frame)));
    assert_eq!(decoder.next_frame(), Ok(None));
}

#[test]
fn a_frame_longer_than_the_limit_is_refused_before_its_payload_comes() {
    let mut decoder = FrameDecoder::default();
    let found_bytes = limits::FRAME_BYTES_MAX + 1;
    decoder.push(&[&[7], &(found_bytes as u32).to_be_bytes()[..]].concat());
    let expected = FrameError::Length { found_bytes, limit_bytes: limits::FRAME_BYTES_MAX };
    assert_eq!(decoder.next_frame(), Err(expected.clone()));
    assert_eq!(decoder.next_frame(), Err(expected), "what cannot be read is not skipped");
    let longest = Frame::Envelope(vec![1; limits::FRAME_BYTES_MAX]);
    let mut decoder = FrameDecoder::default();
    decoder.push(&longest.to_bytes());
    assert_eq!(decoder.next_frame(), Ok(Some(longest)));
}

#[test]
fn unknown_kinds_and_wrong_lengths_are_refused() {
    let read = |kind: u8, payload: &[u8]| {
        let mut decoder = FrameDecoder::default();
        decoder.push(&[&[kind], &(payload.len() as u32).to_be_bytes()[..], payload].concat());
        decoder.next_frame()
    };
    for kind in (0..=255).filter(|kind| !(1..=11).contains(kind)) {
        assert_eq!(read(kind, &[]), Err(FrameError::Kind(kind)));
    }
    for length in [0, 139, 141] {
        assert_eq!(read(3, &vec![0; length]), Err(FrameError::Fixed(3)));
    }
    for length in [0, 31, 33] {
        assert_eq!(read(8, &vec![0; length]), Err(FrameError::Fixed(8)));
        assert_eq!(read(11, &vec![0; length]), Err(FrameError::Fixed(11)));
    }
    for kind in [1, 2, 4, 5, 6, 9, 10] {
        assert!(matches!(read(kind, &[0xf6]), Err(FrameError::Form(_))), "kind {kind}");
        assert!(matches!(read(kind, &[]), Err(FrameError::Form(_))), "kind {kind}");
    }
}

#[test]
fn each_frame_has_its_kind_and_length_before_it() {
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let frame: Frame = of_seed(seed);
        let bytes = frame.to_bytes();
        kinds.insert(bytes[0]);
        let length = u32::from_be_bytes(bytes[1..FRAME_HEADER_BYTES].try_into().expect("four bytes"));
        assert_eq!(length as usize, bytes.len() - FRAME_HEADER_BYTES);
        if let Frame::Envelope(envelope) = &frame {
            assert_eq!(Frame::envelope_bytes(envelope), bytes);
        }
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), (1..=11).collect::<Vec<_>>());
}

fn closed_stream(sent: &[Frame], request: &Signature, remainder: Remainder) -> (Vec<u8>, Closing) {
    let mut stream: Vec<u8> = sent.iter().flat_map(Frame::to_bytes).collect();
    let digest = closing_digest(request, &hash::sha256(&stream), remainder);
    let closing = Closing { remainder, signature: sign(&server().0, label::SIG_ANSWER, &digest.0) };
    stream.extend(Frame::Closing(closing.clone()).to_bytes());
    (stream, closing)
}

#[test]
fn the_closing_frame_signs_all_frames_before_it_and_the_request() {
    let request = Signature([1; 64]);
    let sent = frames(5, 6);
    let (stream, closing) = closed_stream(&sent, &request, Remainder::More);
    let mut decoder = FrameDecoder::default();
    decoder.push(&stream);
    let got = read_all(&mut decoder).expect("well formed");
    assert_eq!(got.last(), Some(&Frame::Closing(closing.clone())));
    let (key, digest) = (server().1, decoder.stream_digest());
    assert_eq!(closing.verify(&key, &request, &digest), Ok(()));
    // Another request, another stream, another end, another server.
    assert_eq!(closing.verify(&key, &Signature([2; 64]), &digest), Err(SignatureError::Refused));
    assert_eq!(closing.verify(&key, &request, &hash::sha256(&stream)), Err(SignatureError::Refused));
    let all = Closing { remainder: Remainder::Nothing, ..closing.clone() };
    assert_eq!(all.verify(&key, &request, &digest), Err(SignatureError::Refused));
    let other = SignPublic(SigningKey::from_bytes(&[9; 32]).verifying_key().to_bytes());
    assert_eq!(closing.verify(&other, &request, &digest), Err(SignatureError::Refused));
}

#[test]
fn an_answer_with_a_frame_left_out_or_moved_does_not_close() {
    let request = Signature([1; 64]);
    let sent = frames(6, 5);
    let (_, closing) = closed_stream(&sent, &request, Remainder::Nothing);
    let mut moved = sent.clone();
    moved.swap(1, 3);
    for other in [&sent[1..], &sent[..4], &moved] {
        let mut decoder = FrameDecoder::default();
        decoder.push(&other.iter().flat_map(Frame::to_bytes).collect::<Vec<u8>>());
        read_all(&mut decoder).expect("well formed");
        assert!(closing.verify(&server().1, &request, &decoder.stream_digest()).is_err());
    }
}

#[test]
fn nothing_comes_after_the_closing_frame() {
    let (stream, _) = closed_stream(&frames(7, 2), &Signature([1; 64]), Remainder::Nothing);
    let mut decoder = FrameDecoder::default();
    decoder.push(&stream);
    read_all(&mut decoder).expect("well formed");
    let digest = decoder.stream_digest();
    decoder.push(&frames(8, 1)[0].to_bytes());
    assert_eq!(decoder.next_frame(), Err(FrameError::AfterClosing));
    assert_eq!(decoder.stream_digest(), digest);
}

// Checkpoints.

fn signed_checkpoint(bytes: Vec<u8>) -> SignedCheckpoint {
    let digest = Checkpoint::signing_digest(&bytes);
    let signature = sign(&server().0, label::SIG_CHECKPOINT, &digest.0);
    SignedCheckpoint { checkpoint: Bytes(bytes), signature }
}

#[test]
fn a_checkpoint_is_believed_when_the_server_signed_it() {
    let checkpoint = Checkpoint { version: 1, ..of_seed(1) };
    let signed = signed_checkpoint(cbor::encode(&checkpoint));
    assert_eq!(signed.verify(&server().1), Ok(checkpoint));
    let other = SignPublic(SigningKey::from_bytes(&[9; 32]).verifying_key().to_bytes());
    assert_eq!(signed.verify(&other), Err(CheckpointError::Signature(SignatureError::Refused)));
    for at in 0..signed.checkpoint.0.len() {
        let mut changed = signed.clone();
        changed.checkpoint.0[at] ^= 1;
        assert!(matches!(changed.verify(&server().1), Err(CheckpointError::Signature(_))), "byte {at}");
    }
    // A signature for another purpose is none.
    let digest: Digest32 = Checkpoint::signing_digest(&signed.checkpoint.0);
    let answer = SignedCheckpoint { signature: sign(&server().0, label::SIG_ANSWER, &digest.0), ..signed };
    assert!(answer.verify(&server().1).is_err());
}

#[test]
fn a_checkpoint_of_another_version_or_form_is_refused_even_when_signed() {
    let checkpoint = Checkpoint { version: 2, ..of_seed(1) };
    let signed = signed_checkpoint(cbor::encode(&checkpoint));
    assert_eq!(signed.verify(&server().1), Err(CheckpointError::Version(2)));
    let trailing = [cbor::encode(&Checkpoint { version: 1, ..checkpoint }), vec![0]].concat();
    assert!(matches!(signed_checkpoint(trailing).verify(&server().1), Err(CheckpointError::Form(_))));
}

#[test]
fn a_checkpoint_of_as_many_zones_as_a_device_may_read_fits_its_limit() {
    let point = FeedPoint { number: FeedNumber(u64::MAX), ..of_seed::<FeedPoint>(1) };
    let zone = |n| doorstep_protocol::authority::ZoneFeedPoint { zone: of_seed(n), point };
    let changed = (0..limits::ZONES_PER_DEVICE_MAX as u64).map(zone).collect();
    let most = u64::MAX;
    let checkpoint = Checkpoint {
        version: 1,
        time: doorstep_protocol::Millis(most),
        log_size: doorstep_protocol::LogSize(most),
        changed,
        ..of_seed(1)
    };
    assert_eq!(SignedCheckpoint::BYTES_MAX, 33_280);
    let frame = Frame::Checkpoint(signed_checkpoint(cbor::encode(&checkpoint)));
    let mut decoder = FrameDecoder::default();
    decoder.push(&frame.to_bytes());
    assert_eq!(decoder.next_frame(), Ok(Some(frame.clone())));
    let Frame::Checkpoint(signed) = frame else { unreachable!("it was just made") };
    assert_eq!(signed.verify(&server().1), Ok(checkpoint));
}

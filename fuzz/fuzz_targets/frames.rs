//! A stream gives the same frames, digest and end however it is cut: the first byte says into pieces of what length.
#![no_main]

use doorstep_protocol::Digest32;
use doorstep_protocol::wire::{Frame, FrameDecoder, FrameError};

fn read(pieces: &mut dyn Iterator<Item = &[u8]>) -> (Vec<Frame>, Result<(), FrameError>, Digest32) {
    let mut decoder = FrameDecoder::default();
    let mut frames = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.next_frame() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(error) => return (frames, Err(error), decoder.stream_digest()),
            }
        }
    }
    (frames, Ok(()), decoder.stream_digest())
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((length, stream)) = input.split_first() else { return };
    let whole = read(&mut std::iter::once(stream));
    let cut = read(&mut stream.chunks(usize::from(*length).max(1)));
    assert_eq!(whole, cut);
    let written: Vec<u8> = whole.0.iter().flat_map(Frame::to_bytes).collect();
    assert!(stream.starts_with(&written));
});

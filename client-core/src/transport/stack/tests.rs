//! What an app may hand over, and what becomes of more than that.

use futures_util::StreamExt;

use super::*;

/// Hands over what it was told to.
struct App(Box<dyn Fn(StackUpload, StackAnswer) -> Result<(), StackFailure> + Send + Sync>);

impl HttpStack for App {
    fn send(&self, request: StackRequest, upload: StackUpload, answer: StackAnswer) -> Result<(), StackFailure> {
        assert_eq!((request.method.as_str(), request.body_bytes), ("POST", 100_000));
        assert!(request.url.starts_with("http://127.0.0.1:1/v1/sync"), "{}", request.url);
        (self.0)(upload, answer)
    }
}

/// The head, and every piece until the end.
async fn answered(
    hands: impl Fn(StackUpload, StackAnswer) -> Result<(), StackFailure> + Send + Sync + 'static,
) -> Result<(u16, Vec<Result<usize, TransportError>>), TransportError> {
    let address =
        ServerAddress::parse("http://127.0.0.1:1", super::super::PlainHttp::LoopbackOnly).expect("an address");
    let stack = Stack::new(Arc::new(App(Box::new(hands))), address);
    let response = stack.send(stack.request("POST", "/v1/sync"), vec![7; 100_000]).await?;
    let status = response.status().as_u16();
    let pieces = response.into_body().map(|piece| piece.map(|bytes| bytes.len())).collect().await;
    assert_eq!(stack.traffic().requests, 1);
    Ok((status, pieces))
}

fn ok(answer: &StackAnswer) {
    assert_eq!(answer.head(200, &[("content-type".into(), "x".into())]), Flow::More);
}

#[tokio::test]
async fn an_upload_is_pulled_in_pieces_and_an_answer_pushed_in_pieces() {
    let came = answered(|upload, answer| {
        let mut pulled = 0;
        loop {
            let piece = upload.next(30_000);
            if piece.is_empty() {
                break;
            }
            pulled += piece.len();
        }
        assert_eq!(pulled, 100_000);
        ok(&answer);
        assert_eq!(answer.head(200, &[]), Flow::Stop, "a second head is none");
        assert_eq!(answer.push(Bytes::from_static(b"abc")), Flow::More);
        // From a thread of the app's own, after the call.
        std::thread::spawn(move || {
            assert_eq!(answer.push(Bytes::from_static(b"de")), Flow::More);
            answer.finish();
            assert_eq!(answer.push(Bytes::from_static(b"late")), Flow::Stop);
        });
        Ok(())
    });
    assert_eq!(came.await, Ok((200, vec![Ok(3), Ok(2)])));
}

#[tokio::test]
async fn what_breaks_off_is_no_end() {
    let broken = TransportError::Offline { stage: Stage::Answer };
    let dropped = answered(|_, answer| {
        ok(&answer);
        answer.push(Bytes::from_static(b"abc"));
        Ok(())
    });
    assert_eq!(dropped.await, Ok((200, vec![Ok(3), Err(broken.clone())])));
    let failed = answered(|_, answer| {
        ok(&answer);
        answer.fail();
        Ok(())
    });
    assert_eq!(failed.await, Ok((200, vec![Err(broken)])));
    let nothing = answered(|_, _| Ok(())).await;
    assert_eq!(nothing, Err(TransportError::Offline { stage: Stage::Request }));
    let offline = answered(|_, _| Err(StackFailure::Offline)).await;
    assert_eq!(offline, Err(TransportError::Offline { stage: Stage::Request }));
    let certificate = answered(|_, _| Err(StackFailure::Certificate)).await;
    assert_eq!(certificate, Err(Misbehaved::Certificate.into()));
}

#[tokio::test]
async fn an_answer_has_limits_wherever_it_comes_from() {
    let long = answered(|_, answer| {
        ok(&answer);
        assert_eq!(answer.push(Bytes::from(vec![0; PIECE_BYTES_MAX + 1])), Flow::Stop);
        Ok(())
    });
    let (_, pieces) = long.await.expect("a head");
    assert_eq!(pieces[0], Err(Misbehaved::TooLong { limit_bytes: PIECE_BYTES_MAX }.into()));
    let many = answered(|_, answer| {
        let headers = vec![("x".to_owned(), "y".to_owned()); HEADERS_MAX + 1];
        assert_eq!(answer.head(200, &headers), Flow::Stop);
        Ok(())
    });
    assert!(matches!(many.await, Err(TransportError::Misbehaved(Misbehaved::TooLong { .. }))));
    let odd = answered(|_, answer| {
        answer.head(99, &[]);
        Ok(())
    });
    assert_eq!(odd.await, Err(Misbehaved::Status { status: 99 }.into()));
}

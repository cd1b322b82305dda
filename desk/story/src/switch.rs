//! A network that can be switched off: the transport of a device refuses every exchange, as it does without signal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use doorstep_client_core::transport::{
    FrameStream, NoticeStream, SignedRequest, Stage, Traffic, Transport, TransportError,
};
use doorstep_pages::{Signal, SignalIs};
use doorstep_protocol::wire::{Challenge, ChallengeRequest, LogAppend, LogAppended, ServerCard, SessionAnswer};

/// Whether there is signal.
#[derive(Clone, Debug)]
pub struct Switch(Arc<AtomicBool>);

impl Switch {
    /// A network that is there.
    #[must_use]
    pub fn on() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// From now on nothing gets through.
    pub fn cut(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    /// From now on it is there again.
    pub fn mend(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether there is signal.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    fn check(&self) -> Result<(), TransportError> {
        if self.0.load(Ordering::SeqCst) { Ok(()) } else { Err(TransportError::Offline { stage: Stage::Connect }) }
    }
}

impl Signal for Switch {
    fn is_on(&self) -> bool {
        Self::is_on(self)
    }

    fn set(&self, to: SignalIs) {
        match to {
            SignalIs::On => self.mend(),
            SignalIs::Cut => self.cut(),
        }
    }
}

/// A transport behind a switch.
pub struct Switched<T> {
    /// The way to the server.
    pub inner: T,
    /// Whether it can be gone.
    pub switch: Switch,
}

impl<T: Transport> Transport for Switched<T> {
    async fn card(&self) -> Result<ServerCard, TransportError> {
        self.switch.check()?;
        self.inner.card().await
    }

    async fn append_log(&self, append: &LogAppend) -> Result<LogAppended, TransportError> {
        self.switch.check()?;
        self.inner.append_log(append).await
    }

    async fn challenge(&self, asks: &ChallengeRequest) -> Result<Challenge, TransportError> {
        self.switch.check()?;
        self.inner.challenge(asks).await
    }

    async fn open_session(&self, request: SignedRequest) -> Result<SessionAnswer, TransportError> {
        self.switch.check()?;
        self.inner.open_session(request).await
    }

    async fn exchange(&self, request: SignedRequest) -> Result<FrameStream, TransportError> {
        self.switch.check()?;
        self.inner.exchange(request).await
    }

    async fn message(&self, request: SignedRequest, limit_bytes: usize) -> Result<Vec<u8>, TransportError> {
        self.switch.check()?;
        self.inner.message(request, limit_bytes).await
    }

    async fn watch(&self, request: SignedRequest) -> Result<NoticeStream, TransportError> {
        self.switch.check()?;
        self.inner.watch(request).await
    }

    fn traffic(&self) -> Traffic {
        self.inner.traffic()
    }
}

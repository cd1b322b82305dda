//! Opening a session, and what to do when the server does not know this device: an outsider is told nothing, so a server that
//! was wiped and a server that never heard of this device look the same.

use doorstep_crypto::keys::Sign as _;
use doorstep_protocol::Millis;
use doorstep_protocol::wire::{ChallengeRequest, SessionRequest};

use super::offer::Offered;
use super::report::{Step, Trouble};
use super::{Round, Session, Syncer};
use crate::device::Met;
use crate::replica::machine::Event;
use crate::store::meta::{self, StoreIdentity};
use crate::transport::{Endpoint, SignedRequest, Signer, Transport, TransportError};

/// Sessions refused in a row before this device stops asking by itself.
pub const REFUSALS_MAX: u32 = 3;

impl<T: Transport + 'static> Syncer<T> {
    pub(super) async fn open_session(&mut self, round: &mut Round<'_>) -> Result<Event, Trouble> {
        round.tell(Step::Opening);
        self.session = None;
        match self.try_open().await {
            Err(Trouble::Transport(TransportError::SessionEnded)) => {}
            other => return other,
        }
        match self.introduce_again(round).await? {
            Offered::Entries => match self.try_open().await {
                Err(Trouble::Transport(TransportError::SessionEnded)) => Err(self.refused_again()),
                other => other,
            },
            Offered::NoneHeld => Err(Trouble::NotKnownYet),
            Offered::NoneMissing => Err(self.refused_again()),
        }
    }

    fn refused_again(&mut self) -> Trouble {
        self.refusals += 1;
        if self.refusals >= REFUSALS_MAX { Trouble::NotServed } else { TransportError::SessionEnded.into() }
    }

    async fn try_open(&mut self) -> Result<Event, Trouble> {
        let asks = ChallengeRequest { partnership: self.partnership, device: self.me };
        let challenge = self.transport.challenge(&asks).await?.challenge;
        let body = SessionRequest { partnership: self.partnership, device: self.me, challenge: challenge.clone() };
        let request = self.sign(Endpoint::Session, challenge.0, body.to_bytes()).await?;
        let answer = self.transport.open_session(request).await?;
        let asked = self.clock.monotonic();
        let expires = Millis(asked.0.saturating_add(answer.expires.0.saturating_sub(answer.now.0)));
        let identity = StoreIdentity { store: answer.store, restore_epoch: answer.restore_epoch };
        let token = answer.session.0.clone();
        let met = self
            .with_device(move |device| {
                let met = device.meet(&answer);
                if met.is_err() {
                    device.reload()?;
                }
                met
            })
            .await??;
        if let Met::Stop(stop) = met {
            return Err(stop.into());
        }
        self.refusals = 0;
        self.session = Some(Session { token, identity });
        Ok(Event::SessionOpened { expires })
    }

    /// Signs with the device's key, for as long as that takes.
    pub(super) async fn sign(
        &self,
        endpoint: Endpoint,
        session: Vec<u8>,
        body: Vec<u8>,
    ) -> Result<SignedRequest, Trouble> {
        let (partnership, me, now) = (self.partnership, self.me, self.clock.wall());
        self.with_device(move |device| {
            let signer = Signer { partnership, device: me, session: &session };
            let signed = SignedRequest::try_sign(endpoint, signer, body, now, |b| device.secrets.sign.try_sign_raw(b));
            signed.map_err(|error| Trouble::Device(error.into()))
        })
        .await?
    }

    /// Brings the authority log to a server that may have lost it. A store that was met before and is still the same one
    /// has lost nothing: then it is this device that it does not serve.
    async fn introduce_again(&mut self, round: &mut Round<'_>) -> Result<Offered, Trouble> {
        let card = self.transport.card().await?;
        let stated = StoreIdentity { store: card.store, restore_epoch: card.restore_epoch };
        let known = self
            .with_device(|device| {
                meta::store_identity(device.store().reader()).map_err(crate::device::DeviceError::from)
            })
            .await??;
        if known == Some(stated) {
            return Ok(Offered::NoneMissing);
        }
        self.offer_log(doorstep_protocol::LogSize(0), round).await
    }
}

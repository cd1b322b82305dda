//! The way to the server, in the background: the device stays in sync while its pages are open, and an admin's errands go the
//! same way, one after the other.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use doorstep_client_core::client::{Clock as _, SystemClock};
use doorstep_client_core::farewell::{self, Mark, NO_HOOK};
use doorstep_client_core::partnership::{
    self, AcceptPlan, EnrolmentRequest, ErasePlan, GrantPlan, Rotated, SeatRequest,
};
use doorstep_client_core::sync::{Enrolled, OfficeError, SyncReport, SyncStatus, Syncer, Waker};
use doorstep_client_core::transport::{Refused, Transport};
use doorstep_client_core::vault::KeyVault;
use doorstep_protocol::authority::{Adopt, RevokeReason, TeamTier};
use doorstep_protocol::wire::InboxItem;
use doorstep_protocol::{DeviceId, GrantId, InboxNumber, OrganisationId, TeamId, WorkerId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

/// Errands that wait at once.
const ERRANDS_MAX: usize = 16;

/// What an admin's desk does beside syncing.
#[derive(Debug)]
pub enum Errand {
    /// Catch up now.
    Sync,
    /// Stop a device from being served.
    Freeze(DeviceId),
    /// Serve it again.
    Unfreeze(DeviceId),
    /// End a device and replace every key that it had.
    End(DeviceId, RevokeReason),
    /// What revoked devices left at the server.
    Inbox,
    /// Let late work count.
    Adopt(Vec<Adopt>),
    /// Take items away from the server.
    ClearInbox(Vec<InboxNumber>),
    /// Take a device into teams and out of others, in one step.
    ChangeTeams {
        /// The device.
        device: DeviceId,
        /// Teams that it joins.
        joined: Vec<TeamId>,
        /// Teams that it leaves.
        left: Vec<TeamId>,
    },
    /// Make a team of an organisation.
    CreateTeam {
        /// The organisation.
        organisation: OrganisationId,
        /// How its keys open.
        tier: TeamTier,
    },
    /// Let a team into a zone.
    GiveGrant(GrantPlan),
    /// End that.
    EndGrant(GrantId),
    /// Seat a worker on the device that asked for it.
    Seat(Box<SeatRequest>, WorkerId),
    /// Let a worker try the PIN again.
    SeatAgain(DeviceId, WorkerId),
    /// End a worker's seats on a device.
    EndSeats(DeviceId, WorkerId),
    /// Bring a new device in.
    Enrol(Box<EnrolmentRequest>, Box<AcceptPlan>),
    /// Sign what another admin proposes to erase: then it is erased.
    SignErasure(Box<ErasePlan>),
}

/// What an errand came to.
#[derive(Debug)]
pub enum Done {
    /// It is done.
    Plainly,
    /// How catching up went.
    Synced(Box<SyncReport>),
    /// A device is ended.
    Ended(Rotated),
    /// What waits.
    Inbox(Vec<InboxItem>),
    /// A team is made.
    Team(TeamId),
    /// A device is a member.
    Enrolled(Enrolled),
}

/// Why an errand came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ErrandError {
    /// The server, the log or the device.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// This program is closing, or has too much to do.
    #[error("this device is not connected")]
    Gone,
}

type Job = (Errand, oneshot::Sender<Result<Done, OfficeError>>);

/// The way to the server.
pub struct Network {
    jobs: mpsc::Sender<Job>,
    waker: Waker,
    status: watch::Receiver<SyncStatus>,
    revoked: Arc<AtomicBool>,
    cancel: CancellationToken,
}

/// What a device does that was revoked, once it has handed over what it had not sent.
pub type Leave = Box<dyn FnOnce(Mark) + Send>;

impl Network {
    /// Stays in sync from now on, on `runtime`, until this is dropped.
    #[must_use]
    pub fn start<T: Transport + Send + Sync + 'static>(
        runtime: &tokio::runtime::Handle,
        syncer: Syncer<T>,
        leave: Leave,
    ) -> Self {
        let (jobs, heard) = mpsc::channel(ERRANDS_MAX);
        let cancel = CancellationToken::new();
        let revoked = Arc::new(AtomicBool::new(false));
        let network = Self {
            jobs,
            waker: syncer.waker(),
            status: syncer.status(),
            revoked: revoked.clone(),
            cancel: cancel.clone(),
        };
        runtime.spawn(stay(syncer, heard, cancel, revoked, leave));
        network
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> SyncStatus {
        self.status.borrow().clone()
    }

    /// There is something to send, or signal again.
    pub fn wake(&self) {
        self.waker.wake();
    }

    /// Whether this device was revoked: it has nothing to show any more.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.revoked.load(Ordering::SeqCst)
    }

    /// Does an errand and waits for it. Not for a thread of the runtime.
    ///
    /// # Errors
    /// [`ErrandError`].
    pub fn run(&self, errand: Errand) -> Result<Done, ErrandError> {
        let (answer, done) = oneshot::channel();
        self.jobs.try_send((errand, answer)).map_err(|_| ErrandError::Gone)?;
        Ok(done.blocking_recv().map_err(|_| ErrandError::Gone)??)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

async fn stay<T: Transport + Send + Sync + 'static>(
    mut syncer: Syncer<T>,
    mut jobs: mpsc::Receiver<Job>,
    cancel: CancellationToken,
    revoked: Arc<AtomicBool>,
    leave: Leave,
) {
    while !cancel.is_cancelled() {
        let pause = cancel.child_token();
        let mut is_revoked = false;
        let job = {
            let mut progress = |_: &_| {};
            let mut told = |report: &SyncReport| is_revoked |= report.denied == Some(Refused::Revoked);
            let mut running = std::pin::pin!(syncer.run(&pause, &mut progress, &mut told));
            tokio::select! {
                biased;
                () = &mut running => None,
                job = jobs.recv() => {
                    // What was begun is brought to an end before the errand has its turn.
                    pause.cancel();
                    running.await;
                    job
                }
            }
        };
        if is_revoked {
            match syncer.take_leave().await {
                Ok(mark) => {
                    revoked.store(true, Ordering::SeqCst);
                    leave(mark);
                    return;
                }
                // Handing over goes on when somebody asks again.
                Err(error) => tracing::warn!(%error, "this device could not take its leave"),
            }
        }
        let job = match job {
            Some(job) => job,
            // It has stopped: a person has to decide. It tries again when somebody asks.
            None if !cancel.is_cancelled() => tokio::select! {
                () = cancel.cancelled() => return,
                job = jobs.recv() => match job {
                    Some(job) => job,
                    None => return,
                },
            },
            None => return,
        };
        let (errand, answer) = job;
        // Nobody may wait any more: what was asked for is done all the same.
        let _unread = answer.send(perform(&mut syncer, errand, &cancel).await);
    }
}

async fn perform<T: Transport + Send + Sync + 'static>(
    syncer: &mut Syncer<T>,
    errand: Errand,
    cancel: &CancellationToken,
) -> Result<Done, OfficeError> {
    Ok(match errand {
        Errand::Sync => Done::Synced(Box::new(syncer.sync_once(cancel, &mut |_| {}).await)),
        Errand::Freeze(device) => {
            syncer.freeze(device, cancel).await?;
            Done::Plainly
        }
        Errand::Unfreeze(device) => {
            syncer.append(cancel, move |desk, now, _| Ok((partnership::unfreeze(desk, device, now)?, ()))).await?;
            Done::Plainly
        }
        Errand::End(device, reason) => {
            if reason == RevokeReason::Lost {
                // Frozen first, as an entry of its own: that needs nothing but a signature.
                syncer.freeze(device, cancel).await?;
            }
            Done::Ended(syncer.revoke(device, reason, cancel).await?)
        }
        Errand::Inbox => Done::Inbox(syncer.inbox(cancel).await?),
        Errand::Adopt(adopts) => {
            syncer.append(cancel, move |desk, now, _| Ok((partnership::adopt(desk, &adopts, now)?, ()))).await?;
            Done::Plainly
        }
        Errand::ClearInbox(numbers) => {
            syncer.clear_inbox(numbers, cancel).await?;
            Done::Plainly
        }
        Errand::ChangeTeams { device, joined, left } => Done::Ended(
            syncer
                .append(cancel, move |desk, now, rng| {
                    partnership::change_teams(desk, device, (&joined, &left), now, rng)
                })
                .await?,
        ),
        Errand::CreateTeam { organisation, tier } => Done::Team(
            syncer
                .append(cancel, move |desk, now, rng| {
                    partnership::create_team(desk, (organisation, tier), &[], now, rng)
                })
                .await?,
        ),
        Errand::GiveGrant(plan) => {
            syncer.append(cancel, move |desk, now, rng| partnership::give_grant(desk, &plan, now, rng)).await?;
            Done::Plainly
        }
        Errand::EndGrant(grant) => Done::Ended(
            syncer.append(cancel, move |desk, now, rng| partnership::end_grant(desk, grant, now, rng)).await?,
        ),
        Errand::Seat(request, worker) => {
            syncer
                .append(cancel, move |desk, now, _| Ok((partnership::seat(desk, &request, worker, now)?, ())))
                .await?;
            Done::Plainly
        }
        Errand::SeatAgain(device, worker) => {
            syncer
                .append(cancel, move |desk, now, rng| {
                    Ok((partnership::seat_again(desk, device, worker, now, rng)?, ()))
                })
                .await?;
            Done::Plainly
        }
        Errand::EndSeats(device, worker) => {
            syncer
                .append(cancel, move |desk, now, _| Ok((partnership::end_seats(desk, device, worker, now)?, ())))
                .await?;
            Done::Plainly
        }
        Errand::Enrol(request, plan) => Done::Enrolled(syncer.enrol(*request, *plan, cancel).await?),
        Errand::SignErasure(plan) => {
            syncer.append(cancel, move |desk, _, _| Ok((partnership::sign_erasure(desk, &plan)?, ()))).await?;
            Done::Plainly
        }
    })
}

/// Wipes a revoked device: keys and files first, then the receipt to the server. It runs on a thread of its own, since the
/// receipt needs a runtime and nobody waits for it.
#[must_use]
pub fn wiping<T, V>(folder: &Path, vault: V, transport: T) -> Leave
where
    T: Transport + Send + Sync + 'static,
    V: KeyVault + 'static,
{
    let folder = folder.to_owned();
    Box::new(move |mark: Mark| {
        std::thread::spawn(move || {
            let now = SystemClock.now();
            if let Err(error) =
                farewell::begin(&folder, &mark, NO_HOOK).and_then(|()| farewell::wipe(&folder, &vault, NO_HOOK))
            {
                // The next start goes on with it.
                tracing::error!(%error, "this device was ended and is not wiped to its end: start it again");
                return;
            }
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            if let Err(error) = runtime.block_on(farewell::finish((&folder, &vault), &transport, &mark, now, NO_HOOK)) {
                tracing::warn!(%error, "the server was not told that this device is wiped: start it again");
            }
        });
    })
}

//! The way to the server: a small runtime, the transport that believes the pinned key, and one catch-up with progress.

use std::future::Future;

use doorstep_client_core::client::Client;
use doorstep_client_core::device::Device;
use doorstep_client_core::partnership::{self, AdminError, Written};
use doorstep_client_core::replica::machine::{Fault, Stop};
use doorstep_client_core::sync::{End, OfficeError, OfficeRandomness, SetUpError, Step, SyncReport, Syncer, Trouble};
use doorstep_client_core::transport::{Connection, HttpTransport, Refused, ServerAddress, Transport};
use doorstep_protocol::Millis;
use doorstep_protocol::wire::ServerCard;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::failure::{Blame, DeskError};
use crate::screen::Progress;

/// Runs asynchronous work to its end.
///
/// # Errors
/// [`DeskError::Bug`] when the system gives no runtime.
pub fn block_on<F: Future>(work: F) -> Result<F::Output, DeskError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| DeskError::Bug(format!("no runtime ({:?})", error.kind()).into()))?;
    Ok(runtime.block_on(work))
}

/// A connection to a server at an address as a person writes it.
///
/// # Errors
/// [`DeskError::Address`], [`DeskError::Trust`].
pub fn connect(context: &Context, address: &str) -> Result<Connection, DeskError> {
    let address = ServerAddress::parse(address, context.plain_http())?;
    Ok(Connection::new(address, &context.trust()?)?)
}

/// Asks an unknown server who it is.
///
/// # Errors
/// [`DeskError::Transport`].
pub fn introduce(connection: &Connection) -> Result<ServerCard, DeskError> {
    Ok(block_on(connection.introduce())??)
}

/// The transport to the server that this device was enrolled with.
///
/// # Errors
/// [`DeskError::Client`] before enrolment.
pub fn transport(context: &Context, client: &Client) -> Result<HttpTransport, DeskError> {
    let server = client.partnership().server()?;
    Ok(connect(context, &server.url)?.trusting(server.key))
}

/// The driver of this device.
///
/// # Errors
/// [`DeskError`].
pub fn syncer(context: &Context, client: &Client) -> Result<Syncer<HttpTransport>, DeskError> {
    Syncer::over_http(client.device(), &context.trust()?, context.plain_http()).map_err(|error| match error {
        SetUpError::Device(error) => DeskError::Client(error.into()),
        SetUpError::Address(error) => DeskError::Address(error),
        SetUpError::Trust(error) => DeskError::Trust(error),
    })
}

/// Catches up once, saying on standard error how far it is. Ctrl-C breaks off; what was taken stays.
///
/// # Errors
/// [`DeskError`] when it could not begin; how it ended is in the report.
pub fn sync_once(context: &Context, client: &Client) -> Result<SyncReport, DeskError> {
    let report = block_on(async {
        let mut syncer = syncer(context, client)?;
        let cancel = cancel_on_interrupt();
        Ok::<_, DeskError>(run_once(&mut syncer, &cancel).await)
    })??;
    match report.denied {
        Some(Refused::Revoked) => Err(crate::leave::take(context, client)?),
        _ => Ok(report),
    }
}

/// Catches up once with a driver.
pub async fn run_once<T: Transport + 'static>(syncer: &mut Syncer<T>, cancel: &CancellationToken) -> SyncReport {
    let mut progress = Progress::of("syncing");
    let mut tell = |at: &doorstep_client_core::sync::Progress| match at.step {
        Step::Receiving | Step::Exchanged => progress.at(at.received, None),
        Step::Opening | Step::OfferingLog | Step::Sending => progress.at(at.sent, Some(at.sent + at.to_send)),
    };
    syncer.sync_once(cancel, &mut tell).await
}

/// Writes to the partnership's log what `make` makes of it as it is, and brings it to the server.
///
/// # Errors
/// [`DeskError`]; what the server did not take is nowhere.
pub fn append<R: Send + 'static>(
    context: &Context,
    client: &Client,
    make: impl Fn(&Device, Millis, &mut OfficeRandomness) -> Result<(Written, R), AdminError> + Send + Sync + 'static,
) -> Result<R, DeskError> {
    let office =
        async |syncer: &mut Syncer<HttpTransport>, cancel: &CancellationToken| syncer.append(cancel, make).await;
    at_the_office(context, client, office)
}

/// Does something that an admin's desk does beside syncing.
///
/// # Errors
/// [`DeskError`].
pub fn at_the_office<R>(
    context: &Context,
    client: &Client,
    work: impl AsyncFnOnce(&mut Syncer<HttpTransport>, &CancellationToken) -> Result<R, OfficeError>,
) -> Result<R, DeskError> {
    block_on(async {
        let mut syncer = syncer(context, client)?;
        let cancel = cancel_on_interrupt();
        work(&mut syncer, &cancel).await.map_err(of_office)
    })?
}

fn of_office(error: OfficeError) -> DeskError {
    let message = error.to_string();
    match error {
        OfficeError::Admin(error) => match partnership::remedy(&error) {
            Some(remedy) => DeskError::Stopped(format!("{error}; {remedy}").into()),
            None => DeskError::Client(error.into()),
        },
        OfficeError::NotInSync(report) => match judge(&report) {
            Err(error) => error,
            Ok(()) => DeskError::NotSynced { blame: Blame::Offline, message },
        },
        OfficeError::Trouble(Trouble::Transport(error)) => error.into(),
        OfficeError::Trouble(Trouble::Device(error)) => DeskError::Client(error.into()),
        OfficeError::Trouble(_) => DeskError::NotSynced { blame: Blame::Faults, message },
        OfficeError::NotKnown | OfficeError::Moving => DeskError::NotSynced { blame: Blame::Offline, message },
    }
}

/// A token that the first Ctrl-C cancels.
#[must_use]
pub fn cancel_on_interrupt() -> CancellationToken {
    let cancel = CancellationToken::new();
    let pressed = cancel.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            pressed.cancel();
        }
    });
    cancel
}

/// What a catch-up that did not catch up means for the exit code.
///
/// # Errors
/// [`DeskError::NotSynced`].
pub fn judge(report: &SyncReport) -> Result<(), DeskError> {
    let blame = match report.end {
        End::CaughtUp => return Ok(()),
        End::Cancelled | End::OutOfTime => Blame::Offline,
        End::Waiting { fault: Fault::Storage, .. } => Blame::Store,
        End::Waiting { .. } => Blame::Offline,
        End::Stopped { stop: Stop::Cloned } => Blame::Store,
        End::Stopped { stop: Stop::SplitView } => Blame::Faults,
        End::Stopped { stop: Stop::Refused | Stop::Incompatible } => Blame::Refused,
    };
    let message = match &report.message {
        Some(message) => format!("no sync: {message}"),
        None => "no sync: broken off; what is recorded is kept".to_owned(),
    };
    Err(DeskError::NotSynced { blame, message })
}

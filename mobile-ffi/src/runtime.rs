//! The threads that sync: two, made when they are first needed, for the life of the program. What runs on them for a device ends when
//! that device is shut down; what somebody has stopped waiting for is told to stop, and stops where nothing is half done.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::error::DoorstepError;

/// Threads for what waits for the network; what blocks has threads of its own.
const WORKERS: usize = 2;
/// Threads for what blocks, at most: each holds a device for a moment, or waits for the app's own HTTP.
const BLOCKING_MAX: usize = 16;

/// The runtime of this program.
///
/// # Errors
/// [`DoorstepError::Storage`] when the system gives no threads.
pub(crate) fn runtime() -> Result<&'static Runtime, DoorstepError> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .max_blocking_threads(BLOCKING_MAX)
        .thread_name("doorstep")
        .enable_all()
        .build();
    let made = made.map_err(|error| DoorstepError::Storage {
        reason: format!("the system gives no threads ({:?})", error.kind()),
        remedy: "close other programs, and try again".to_owned(),
    })?;
    // Whoever comes second drops his own, on which nothing runs.
    if let Err(second) = RUNTIME.set(made) {
        second.shutdown_background();
    }
    RUNTIME.get().ok_or_else(interrupted)
}

/// Runs work on the threads of the library and waits for it, on whatever executor the caller has. The work goes on if nobody waits any
/// more: it is told to stop by its own token.
///
/// # Errors
/// [`DoorstepError::Storage`] when it did not come to its end.
pub(crate) async fn run<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T, DoorstepError> {
    runtime()?.spawn(work).await.map_err(|_| interrupted())
}

fn interrupted() -> DoorstepError {
    DoorstepError::Storage {
        reason: "this was interrupted".to_owned(),
        remedy: "nothing saved before is lost; try again".to_owned(),
    }
}

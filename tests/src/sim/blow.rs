//! Blows: the nth commit from now fails, or takes its program with it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doorstep_client_core::store as client;
use doorstep_server::store as server;

/// On which side of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Nothing of it is stored.
    Before,
    /// All of it is stored, and nobody is told.
    After,
}

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// The program ends there.
    Kills,
    /// The commit reports a failure, and the program goes on.
    Fails,
}

/// One blow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blow {
    /// Commits that still succeed.
    pub spares: u64,
    /// Which side.
    pub side: Side,
    /// What it does.
    pub harm: Harm,
}

#[derive(Default)]
struct State {
    armed: Option<Blow>,
    struck: Option<Blow>,
}

/// Where a side's blow waits. Shared with the hook in its store.
#[derive(Clone, Default)]
pub struct Fist(Arc<Mutex<State>>);

impl Fist {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next blow.
    pub fn arm(&self, blow: Blow) {
        self.state().armed = Some(blow);
    }

    /// No blow any more.
    pub fn disarm(&self) {
        self.state().armed = None;
    }

    /// The blow that has struck since this was last asked.
    #[must_use]
    pub fn struck(&self) -> Option<Blow> {
        self.state().struck.take()
    }

    fn strikes(&self, side: Side) -> bool {
        let mut state = self.state();
        let Some(blow) = &mut state.armed else { return false };
        if blow.side != side {
            return false;
        }
        if blow.spares > 0 {
            blow.spares -= 1;
            return false;
        }
        state.struck = state.armed.take();
        true
    }

    /// The hook of a device's store.
    #[must_use]
    pub fn of_device(&self) -> client::FaultHook {
        let fist = self.clone();
        Arc::new(move |point| {
            let side = if point == client::CommitPoint::Before { Side::Before } else { Side::After };
            if fist.strikes(side) { client::Fault::Fail } else { client::Fault::None }
        })
    }

    /// The hook of a server's store.
    #[must_use]
    pub fn of_server(&self) -> server::FaultHook {
        let fist = self.clone();
        Arc::new(move |point| {
            let side = if point == server::CommitPoint::Before { Side::Before } else { Side::After };
            if fist.strikes(side) { server::Fault::Fail } else { server::Fault::None }
        })
    }
}

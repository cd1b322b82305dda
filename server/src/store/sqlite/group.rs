//! One writer, many callers: whoever comes while a transaction is being written waits in a queue, and the next
//! transaction takes the whole queue. One `fsync` makes many requests durable, and nobody is answered before it.
//!
//! There is no thread of its own: the caller who finds nobody writing writes for all who wait, and hands on to the first of
//! those who came meanwhile. A single thread therefore sees plain, repeatable calls.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use doorstep_protocol::{BlobId, InboxNumber, PartnershipId};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::domain::append::CheckedAppend;
use crate::store::{
    AppendOutcome, ClaimJob, ClaimOutcome, CommitPoint, Fault, FaultHook, InboxJob, InboxOutcome, PartJob, PartOutcome,
    PushJob, PushOutcome, StoreError,
};

use super::{feed, inbox, lock, log, parts, schema};

/// Requests in one transaction.
const GROUP_JOBS_MAX: usize = 256;

/// Something to write.
pub(super) enum Job {
    Append(Arc<CheckedAppend>),
    Push(PushJob),
    Keep(InboxJob),
    Clear(PartnershipId, Vec<InboxNumber>),
    Claim(ClaimJob),
    Part(PartJob),
    Forget(Vec<(PartnershipId, BlobId)>),
}

/// What became of it.
pub(super) enum JobOutcome {
    Append(AppendOutcome),
    Push(PushOutcome),
    Keep(InboxOutcome),
    Cleared,
    Claim(ClaimOutcome),
    Part(PartOutcome),
    Forgotten,
}

enum Wake {
    /// Another caller wrote it.
    Done(Result<JobOutcome, StoreError>),
    /// It is your turn to write, for yourself and all behind you.
    Lead,
}

struct Ticket {
    job: Job,
    wake: SyncSender<Wake>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Ticket>,
    /// Whether somebody is writing.
    led: bool,
}

/// The connection that writes, and those who wait for it.
pub(super) struct GroupWriter {
    connection: Mutex<Connection>,
    queue: Mutex<Queue>,
    fault_hook: Option<FaultHook>,
    /// Erased bytes may still stand in the write-ahead log, because a reader was in its way.
    owes_rinse: AtomicBool,
}

impl GroupWriter {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection: Mutex::new(connection),
            queue: Mutex::default(),
            fault_hook: None,
            owes_rinse: AtomicBool::new(false),
        }
    }

    pub(super) fn set_fault_hook(&mut self, hook: FaultHook) {
        self.fault_hook = Some(hook);
    }

    pub(super) fn into_connection(self) -> Connection {
        self.connection.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The connection, for reads where there is no other.
    pub(super) fn with_connection<T>(
        &self,
        read: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        read(&mut lock(&self.connection))
    }

    /// Has a job written, and returns once it is durable.
    pub(super) fn submit(&self, job: Job) -> Result<JobOutcome, StoreError> {
        // One message at most is sent before the receiver acts, so sending never blocks the leader.
        let (wake, woken) = sync_channel(2);
        let lead = {
            let mut queue = lock(&self.queue);
            queue.waiting.push_back(Ticket { job, wake });
            !std::mem::replace(&mut queue.led, true)
        };
        if !lead {
            match woken.recv().map_err(|_| StoreError::WriterGone)? {
                Wake::Done(outcome) => return outcome,
                Wake::Lead => {}
            }
        }
        self.lead(&woken)
    }

    fn lead(&self, own: &Receiver<Wake>) -> Result<JobOutcome, StoreError> {
        // Also when a panic passes through here, the next in the queue is woken.
        let _hand_on = HandOn(&self.queue);
        let group: Vec<Ticket> = {
            let mut queue = lock(&self.queue);
            let count = queue.waiting.len().min(GROUP_JOBS_MAX);
            queue.waiting.drain(..count).collect()
        };
        let (jobs, wakes): (Vec<Job>, Vec<SyncSender<Wake>>) = group.into_iter().map(|t| (t.job, t.wake)).unzip();
        match self.write(&jobs) {
            Ok(outcomes) => {
                for (wake, outcome) in wakes.iter().zip(outcomes) {
                    // A caller that is gone needs no answer: what it sent is durable.
                    let _gone = wake.try_send(Wake::Done(Ok(outcome)));
                }
            }
            Err(error) => {
                let shared = Arc::new(error);
                for wake in &wakes {
                    let _gone = wake.try_send(Wake::Done(Err(StoreError::Backend(Box::new(Shared(shared.clone()))))));
                }
            }
        }
        // The leader stands first in its own group.
        match own.try_recv() {
            Ok(Wake::Done(outcome)) => outcome,
            _ => Err(StoreError::WriterGone),
        }
    }

    fn write(&self, jobs: &[Job]) -> Result<Vec<JobOutcome>, StoreError> {
        let mut connection = lock(&self.connection);
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outcomes = jobs.iter().map(|job| write_one(&tx, job)).collect::<Result<Vec<_>, _>>()?;
        self.fault(CommitPoint::Before)?;
        tx.commit()?;
        self.rinse(&connection, &outcomes);
        self.fault(CommitPoint::After)?;
        Ok(outcomes)
    }

    /// After an erasure the write-ahead log is emptied into the file, where erased bytes are overwritten.
    fn rinse(&self, connection: &Connection, outcomes: &[JobOutcome]) {
        let erased = |outcome: &JobOutcome| {
            matches!(outcome, JobOutcome::Append(AppendOutcome::Appended { freed_bytes: 1.. }) | JobOutcome::Cleared)
        };
        if outcomes.iter().any(erased) || self.owes_rinse.load(Ordering::Relaxed) {
            // What was committed stands, whatever becomes of this: it is tried again after the next write.
            self.owes_rinse.store(!schema::rinse(connection).unwrap_or(false), Ordering::Relaxed);
        }
    }

    fn fault(&self, point: CommitPoint) -> Result<(), StoreError> {
        match self.fault_hook.as_ref().map(|hook| hook(point)) {
            Some(Fault::Fail) => Err(StoreError::Injected(point)),
            Some(Fault::None) | None => Ok(()),
        }
    }
}

fn write_one(tx: &Transaction<'_>, job: &Job) -> Result<JobOutcome, StoreError> {
    match job {
        Job::Append(append) => log::append(tx, append).map(JobOutcome::Append),
        Job::Push(push) => feed::push(tx, push).map(JobOutcome::Push),
        Job::Keep(job) => inbox::keep(tx, job).map(JobOutcome::Keep),
        Job::Clear(partnership, numbers) => inbox::clear(tx, *partnership, numbers).map(|()| JobOutcome::Cleared),
        Job::Claim(job) => parts::claim(tx, job).map(JobOutcome::Claim),
        Job::Part(job) => parts::keep(tx, job).map(JobOutcome::Part),
        Job::Forget(gone) => parts::forget(tx, gone).map(|()| JobOutcome::Forgotten),
    }
}

/// One failure, told to all whose work was in the transaction.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Shared(Arc<StoreError>);

struct HandOn<'a>(&'a Mutex<Queue>);

impl Drop for HandOn<'_> {
    fn drop(&mut self) {
        let mut queue = lock(self.0);
        while let Some(next) = queue.waiting.front() {
            if next.wake.try_send(Wake::Lead).is_ok() {
                return;
            }
            // Its caller is gone: nobody would lead.
            queue.waiting.pop_front();
        }
        queue.led = false;
    }
}

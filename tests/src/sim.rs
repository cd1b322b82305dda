//! The seeded simulator: one thread, virtual time, no sockets, no sleeps.
//!
//! Real devices over real stores, each driven by the real machine, and the real relay over its real store; between them a
//! network that delays, loses, doubles, reorders and cuts. Any side ends at any commit and begins again on what is on
//! disk; clocks jump; the server's disk is lost or put back. All of it follows from one seed: [`plan::Plan::draw`] says
//! what will happen, [`run::run`] makes it happen, [`oracle`] says whether it was right.
//!
//! | file | is |
//! | --- | --- |
//! | [`chance`] | the draws |
//! | [`plan`] | what will happen |
//! | [`mail`] | what travels |
//! | [`office`] | what admins decide: leavers, lost tablets, late work, erasures |
//! | [`tablet`] | a device with its machine, and what a host app does between them |
//! | [`station`] | the server |
//! | [`blow`] | commits that fail or kill |
//! | [`work`] | what workers record |
//! | [`run`] | the loop |
//! | [`oracle`] | what must hold during a run and at its end |
//! | [`trace`] | what happened, as a digest |

pub mod blow;
pub mod chance;
pub mod mail;
pub mod office;
pub mod oracle;
pub mod plan;
pub mod run;
pub mod station;
pub mod tablet;
pub mod trace;
pub mod work;

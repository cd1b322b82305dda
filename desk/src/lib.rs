//! The desk: the command `doorstep`, for officers at a desk, for tablets without a screen of their own, and for scripts.
//!
//! A desk is a device like any other: it holds keys and records, the server holds neither. Every command works on one device
//! folder; only what an admin writes, `sync` and `watch` talk to a server.
//!
//! | room | is |
//! | --- | --- |
//! | [`cli`] | the list of commands, and the way from arguments to an exit code |
//! | [`command`] | one file for each command: what it does |
//! | [`import`] | other systems' files by a mapping |
//! | [`render`] | one file for each page: how it is shown to a person |
//! | [`context`] | what every command has at hand |
//! | [`failure`] | errors by who can mend them, with their exit codes |
//! | [`qr`] | codes: drawn on a screen, read from a picture |
//! | [`screen`], [`passphrase`], [`link`] | output, the passphrase, the way to the server |
//! | [`leave`] | what a revoked device does: hand over, wipe, say so |
//! | [`named`] | what people name, found by its name or its id |
//!
//! # JSON
//!
//! With `--json` a command prints one document; `watch` and `bench` print one object a line, `import` one a line for each row.
//! Names of fields are stable: new ones may come, none goes or changes its meaning. Ids are lower-case hexadecimal, moments
//! milliseconds since 1970, days `YYYY-MM-DD`. An error is `{"error": {"code", "blame", "message"}}` on standard error.
//!
//! | command | prints |
//! | --- | --- |
//! | `init` | `partnership, device, server, server_key, server_has_log, kit_file, kit` |
//! | `enrol invite`, `request`, `accept` | `id, invitation, expires, words` · `device, request` · `device, name, worker, organisation, teams, not_after, finished_earlier_run` |
//! | `enrol list`, `cancel` | list of `id, way, engagement, made, expires, state` · `cancelled` |
//! | `find`, `property list` | list of `record, uprn, parent_uprn, address, postcode, flags` |
//! | `find --people`, `person find` | list of `record, name, born` |
//! | `property show` | `record, row, view, people, children, delivery`; `view` by section, each row `row, value, disputed, made` |
//! | `property add`, `person record` | `record` · `records` |
//! | `person show` | `record, row, view, delivery` |
//! | `visit record`, `visit list`, `visit codes` | lists of `property, visit, people` · `visit, property, uprn, address, kind, state, started` · `scheme, code, label` |
//! | `firebox` | `record, row, view`; `view.lines` is a list of `[line, entries]` in the order of the screen |
//! | `conflicts list`, `resolve` | list of `record, title, class, document, path, values, cautious` · `record, field, kept` |
//! | `desk` | one line: `address, link` |
//! | `sync`, `watch` | `end, message, sent, refused, received, applied, set_aside, to_send, waiting, requests, up_bytes, down_bytes …` |
//! | `status` | `device, name, partnership, server, log_entries, time_over`, and how it stands |
//! | `tray` | list of `envelope, device, standing, reason, arrived, bytes` |
//! | `carrier export`, `import` | `envelopes, bytes` · `log_entries, envelopes, applied, known, waiting, set_aside` |
//! | `rebuild`, `verify` | `documents, applied, unsealed_changes, differing` · `log_entries, envelopes, chains, documents, faults` |
//! | `devices`, `teams` | lists of `device, name, kind, organisation, workers, teams, revoked, not_after, this_device` · `team, name, organisation, organisation_name, tier, members, zones` |
//! | `devices name` | `device, name, workers` |
//! | `device freeze`, `unfreeze` | `device, frozen` |
//! | `device lost`, `retire`, `exposure` | `device, teams, zones, owed, alarms, exposure` · `device, name, frozen_since, revoked_since, last_work_came, zones` |
//! | `keys owed`, `rotate` | `teams, zones` (names) · `teams, zones` (how many), `owed` |
//! | `late list` | list of `number, device, arrived, what, zone, document, envelope, bytes` |
//! | `late adopt`, `dismiss` | `adopted, dismissed, unknown` |
//! | `team create`; `add`, `remove`, `move`, `leave` | `team, name`; `device, joined, left, teams, zones, owed` |
//! | `grant give`, `end`, `list` | `grant` · `grant, zones, owed` · list of `grant, zone, class, team, rights, purposes, legal_power, lawful_basis, expires` |
//! | `zone` | `zone, name` |
//! | `access` | list of `zone, class, team, rights, purposes, expires, device, workers, last_wrote` |
//! | `admin`, `policy` | `entries` |
//! | `escrow drill`, `open` | list of `organisation, holds, zones` · `teams, zones, owed` |
//! | `recover` | `partnership, device` |
//! | `erase propose`, `sign` | `proposal, envelopes` · `document, envelopes` |
//! | `hold`, `retention due` | list of `record, reference` · list of `record, address, class, last_visit, years, held` |
//! | `glass …` | nothing: what is sealed is shown on a screen only |
//! | `audit verify`, `tasks`, `review` | what was found at every device's chain · glasses to be looked at · `reviewed` |
//! | `restored` | `store, restore_epoch` |
//! | `renew-kit` | `teams, zones` (names of owed keys) |
//! | `bench` | `name, n, value, unit, floor, ratio` |
//!
//! ```
//! let code = doorstep_desk::cli::run(["doorstep", "visit", "template"].map(Into::into), None);
//! assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::SUCCESS));
//! ```

pub mod cli;
pub mod command;
pub mod context;
pub mod failure;
pub mod import;
pub mod leave;
pub mod link;
pub mod named;
pub mod passphrase;
pub mod qr;
pub mod render;
pub mod screen;

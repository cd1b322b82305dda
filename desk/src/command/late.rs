//! `doorstep late`: what revoked devices had not sent, and what came to this desk and does not count. It counts only once
//! somebody takes it in.

use std::collections::BTreeSet;

use doorstep_client_core::client::{Client, LateItem};
use doorstep_client_core::device::LateWork;
use doorstep_client_core::partnership::{self, adoptions};
use doorstep_protocol::{InboxNumber, ZoneId};

use crate::command::tray::why_aside;
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::named::Named;
use crate::render::table::table;
use crate::render::words::{count, grouped, moment};
use crate::screen::Tone;

const EXAMPLES: &str = "\
Examples:
  doorstep late list
  doorstep late adopt 12 13          it counts from now on, and goes to everybody who reads these records
  doorstep late adopt --all          all that waits at the server
  doorstep late adopt --from 'OT tablet'   what of this device came here, by a carrier file or too late, and does not count
  doorstep late dismiss 14           it is taken away from the server for good

What a lost device had recorded and not sent waits here: the device cannot put it into a record any more. Look at
when it was lost and when this was written before you take it in.";

/// What revoked devices had not sent
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Show what waits for a decision
    List,
    /// Take it in: it counts from now on
    Adopt(AdoptArgs),
    /// Take it away for good
    Dismiss(Which),
}

/// Which items.
#[derive(clap::Args)]
pub struct Which {
    /// Numbers, as `doorstep late list` shows them
    #[arg(value_name = "NUMBER", required_unless_present = "all")]
    numbers: Vec<u64>,
    /// All of them
    #[arg(long, conflicts_with = "numbers")]
    all: bool,
}

/// What is taken in.
#[derive(clap::Args)]
pub struct AdoptArgs {
    /// Numbers, as `doorstep late list` shows them
    #[arg(value_name = "NUMBER", required_unless_present_any = ["all", "from"])]
    numbers: Vec<u64>,
    /// All that waits at the server
    #[arg(long, conflicts_with = "numbers")]
    all: bool,
    /// What of this device is here and does not count
    #[arg(long, value_name = "DEVICE", conflicts_with_all = ["numbers", "all"])]
    from: Option<String>,
}

#[derive(serde::Serialize)]
struct Listed<'l> {
    /// At the server.
    inbox: &'l [LateItem],
    /// On this desk.
    here: &'l [LateWork],
}

#[derive(serde::Serialize)]
struct Decided {
    adopted: usize,
    dismissed: usize,
    /// Numbers that were asked for and are not there.
    unknown: Vec<u64>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    let items = items(context, &client)?;
    match command {
        Command::List => list(context, &client, &items),
        Command::Adopt(AdoptArgs { from: Some(device), .. }) => adopt_from(context, &client, device),
        Command::Adopt(args) => adopt(context, &client, chosen(items, &args.numbers, args.all)),
        Command::Dismiss(which) => dismiss(context, &client, chosen(items, &which.numbers, which.all)),
    }
}

/// What waits at the server, as this desk can read it.
fn items(context: &Context, client: &Client) -> Result<Vec<LateItem>, DeskError> {
    let came = link::at_the_office(context, client, async |syncer, cancel| syncer.inbox(cancel).await)?;
    Ok(client.partnership().late_items(came)?)
}

fn list(context: &Context, client: &Client, items: &[LateItem]) -> Result<(), DeskError> {
    let names = Named::of(client)?;
    let here = client.late_work()?;
    context.screen.show(&Listed { inbox: items, here: &here }, |_| {
        if items.is_empty() && here.is_empty() {
            return "Nothing waits: no revoked device has left anything.\n".to_owned();
        }
        let mut text = String::new();
        if !items.is_empty() {
            let rows: Vec<Vec<String>> = items.iter().map(|item| item_cells(&names, item)).collect();
            text.push_str(&table(&["number", "came", "from", "zone", "bytes", "what"], &rows));
        }
        if !here.is_empty() {
            let rows: Vec<Vec<String>> = here.iter().map(|work| work_cells(&names, work)).collect();
            text.push_str("On this desk, and in no record:\n");
            text.push_str(&table(&["came", "from", "zone", "batches", "why"], &rows));
            text.push_str("Next: `doorstep late adopt --from DEVICE`.\n");
        }
        text
    })
}

fn item_cells(names: &Named, item: &LateItem) -> Vec<String> {
    vec![
        item.number.to_string(),
        moment(item.arrived),
        names.book().device(item.device),
        item.zone.map_or_else(String::new, |zone| zone_name(names, zone)),
        grouped(item.bytes),
        item.what.words().to_owned(),
    ]
}

fn work_cells(names: &Named, work: &LateWork) -> Vec<String> {
    vec![
        moment(work.last_arrived),
        names.book().device(work.author),
        zone_name(names, work.zone),
        grouped(work.envelopes.len() as u64),
        why_aside(work.why).to_owned(),
    ]
}

fn zone_name(names: &Named, zone: ZoneId) -> String {
    names.book().zones.get(&zone.to_string()).cloned().unwrap_or_else(|| zone.to_string())
}

/// Items, and numbers that were asked for and are not there.
type Chosen = (Vec<LateItem>, Vec<u64>);

fn chosen(items: Vec<LateItem>, numbers: &[u64], all: bool) -> Chosen {
    let wanted: BTreeSet<u64> = numbers.iter().copied().collect();
    let known: BTreeSet<u64> = items.iter().map(|item| item.number).collect();
    let unknown = wanted.difference(&known).copied().collect();
    (items.into_iter().filter(|item| all || wanted.contains(&item.number)).collect(), unknown)
}

fn adopt_from(context: &Context, client: &Client, device: &str) -> Result<(), DeskError> {
    let author = Named::of(client)?.device(device)?;
    let here: Vec<LateWork> = client.late_work()?.into_iter().filter(|work| work.author == author).collect();
    let each = |work: &LateWork| {
        let (zone, author) = (work.zone, work.author);
        work.envelopes.iter().map(move |envelope| (zone, author, *envelope)).collect::<Vec<_>>()
    };
    let adopts = adoptions(here.iter().flat_map(each));
    let adopted = here.iter().map(|work| work.envelopes.len()).sum();
    if !adopts.is_empty() {
        link::append(context, client, move |desk, now, _| Ok((partnership::adopt(desk, &adopts, now)?, ())))?;
        link::judge(&link::sync_once(context, client)?)?;
    }
    decided(context, &Decided { adopted, dismissed: 0, unknown: Vec::new() })
}

fn adopt(context: &Context, client: &Client, (chosen, unknown): Chosen) -> Result<(), DeskError> {
    let (envelopes, others): (Vec<LateItem>, Vec<LateItem>) =
        chosen.into_iter().partition(|item| item.envelope.is_some() && item.zone.is_some());
    let adopts = adoptions(envelopes.iter().filter_map(|item| Some((item.zone?, item.device, item.envelope?))));
    if !adopts.is_empty() {
        link::append(context, client, move |desk, now, _| Ok((partnership::adopt(desk, &adopts, now)?, ())))?;
    }
    // On this desk's disk, and in its outbox, before the server's copy goes.
    let numbers: Vec<InboxNumber> = envelopes.iter().chain(&others).map(|item| InboxNumber(item.number)).collect();
    let adopted = envelopes.len();
    client.partnership().take_late(envelopes)?;
    link::judge(&link::sync_once(context, client)?)?;
    if !numbers.is_empty() {
        link::at_the_office(context, client, async |syncer, cancel| syncer.clear_inbox(numbers.clone(), cancel).await)?;
    }
    decided(context, &Decided { adopted, dismissed: others.len(), unknown })
}

fn dismiss(context: &Context, client: &Client, (chosen, unknown): Chosen) -> Result<(), DeskError> {
    let numbers: Vec<InboxNumber> = chosen.iter().map(|item| InboxNumber(item.number)).collect();
    let dismissed = numbers.len();
    if !numbers.is_empty() {
        link::at_the_office(context, client, async |syncer, cancel| syncer.clear_inbox(numbers.clone(), cancel).await)?;
    }
    decided(context, &Decided { adopted: 0, dismissed, unknown })
}

fn decided(context: &Context, data: &Decided) -> Result<(), DeskError> {
    context.screen.show(data, |colours| {
        let mut text = String::new();
        if data.adopted > 0 {
            let words =
                format!("{} taken in: it counts.", count(data.adopted as u64, "batch of work", "batches of work"));
            text.push_str(&format!("{}\n", colours.paint(Tone::Good, &words)));
        }
        if data.dismissed > 0 {
            text.push_str(&format!("{} taken away.\n", count(data.dismissed as u64, "item", "items")));
        }
        for number in &data.unknown {
            text.push_str(&format!("{number} is not there: somebody may have decided already.\n"));
        }
        if text.is_empty() {
            text.push_str("Nothing waits.\n");
        }
        text
    })
}

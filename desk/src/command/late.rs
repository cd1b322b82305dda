//! `doorstep late`: what revoked devices had not sent. It counts only once somebody takes it in.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::client::{Client, LateItem};
use doorstep_client_core::partnership;
use doorstep_protocol::authority::Adopt;
use doorstep_protocol::{EnvelopeId, InboxNumber, ZoneId, limits};

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
  doorstep late adopt --all
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
    Adopt(Which),
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
        Command::Adopt(which) => adopt(context, &client, items, which),
        Command::Dismiss(which) => dismiss(context, &client, items, which),
    }
}

/// What waits at the server, as this desk can read it.
fn items(context: &Context, client: &Client) -> Result<Vec<LateItem>, DeskError> {
    let came = link::at_the_office(context, client, async |syncer, cancel| syncer.inbox(cancel).await)?;
    Ok(client.partnership().late_items(came)?)
}

fn list(context: &Context, client: &Client, items: &[LateItem]) -> Result<(), DeskError> {
    let names = Named::of(client)?;
    context.screen.show(&items, |_| {
        if items.is_empty() {
            return "Nothing waits: no revoked device has left anything.\n".to_owned();
        }
        let rows: Vec<Vec<String>> = items
            .iter()
            .map(|item| {
                let zone = item.zone.map_or_else(String::new, |zone| {
                    names.book().zones.get(&zone.to_string()).cloned().unwrap_or_else(|| zone.to_string())
                });
                vec![
                    item.number.to_string(),
                    moment(item.arrived),
                    names.book().device(item.device),
                    zone,
                    grouped(item.bytes),
                    item.what.words().to_owned(),
                ]
            })
            .collect();
        table(&["number", "came", "from", "zone", "bytes", "what"], &rows)
    })
}

fn chosen(items: Vec<LateItem>, which: &Which) -> (Vec<LateItem>, Vec<u64>) {
    let wanted: BTreeSet<u64> = which.numbers.iter().copied().collect();
    let known: BTreeSet<u64> = items.iter().map(|item| item.number).collect();
    let unknown = wanted.difference(&known).copied().collect();
    (items.into_iter().filter(|item| which.all || wanted.contains(&item.number)).collect(), unknown)
}

fn adopt(context: &Context, client: &Client, items: Vec<LateItem>, which: &Which) -> Result<(), DeskError> {
    let (chosen, unknown) = chosen(items, which);
    let (envelopes, others): (Vec<LateItem>, Vec<LateItem>) =
        chosen.into_iter().partition(|item| item.envelope.is_some() && item.zone.is_some());
    let mut by_author: BTreeMap<(ZoneId, doorstep_protocol::DeviceId), BTreeSet<EnvelopeId>> = BTreeMap::new();
    for item in &envelopes {
        if let (Some(zone), Some(envelope)) = (item.zone, item.envelope) {
            by_author.entry((zone, item.device)).or_default().insert(envelope);
        }
    }
    let adopts: Vec<Adopt> = by_author
        .into_iter()
        .flat_map(|((zone, author), envelopes)| {
            let envelopes: Vec<EnvelopeId> = envelopes.into_iter().collect();
            envelopes
                .chunks(limits::ADOPT_ENVELOPES_MAX)
                .map(|some| Adopt { zone, author, envelopes: some.to_vec() })
                .collect::<Vec<_>>()
        })
        .collect();
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

fn dismiss(context: &Context, client: &Client, items: Vec<LateItem>, which: &Which) -> Result<(), DeskError> {
    let (chosen, unknown) = chosen(items, which);
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

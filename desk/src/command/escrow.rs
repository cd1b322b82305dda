//! `doorstep escrow`, `doorstep admin`, `doorstep policy`, `doorstep renew-kit`: what needs sheets of the recovery kit.

use std::path::PathBuf;

use doorstep_client_core::client::{Client, OwedRows};
use doorstep_client_core::partnership::{self, Escrows, RootKeys, Sample, Sheets, ZoneDrill};
use doorstep_protocol::OrganisationId;
use doorstep_protocol::authority::{EscrowPurpose, LateWork, Policy, Standing};
use zeroize::Zeroizing;

use super::device::owed;
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::named::Named;
use crate::render::table::table;
use crate::render::words::count;
use crate::screen::Tone;

/// The longest file of sheets.
const SHEETS_BYTES_MAX: u64 = 256 * 1024;

const EXAMPLES: &str = "\
Examples:
  doorstep escrow drill --sheet sheet-1.txt --sheet sheet-3.txt      once a year: does the kit still open everything?
  doorstep escrow open  --sheet sheet-1.txt --sheet sheet-3.txt      this desk has lost keys: get them back

Both stand in the partnership's log before anything is opened, for everybody to see. A drill keeps nothing.";

/// Prove that the kit opens everything, or get keys back with it
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Try, in memory, to reach everything by the kit
    Drill(DrillArgs),
    /// Get back keys that this desk has lost
    Open(SheetArgs),
}

/// Sheets of the recovery kit.
#[derive(clap::Args)]
pub struct SheetArgs {
    /// A file with one or more sheets of the recovery kit, as they were printed; again for more
    #[arg(long = "sheet", value_name = "FILE", required = true)]
    sheets: Vec<PathBuf>,
}

/// A drill.
#[derive(clap::Args)]
pub struct DrillArgs {
    #[command(flatten)]
    sheets: SheetArgs,
    /// One organisation [default: every one that owns zones]
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
}

/// Who is an admin
#[derive(clap::Subcommand)]
pub enum AdminCommand {
    /// Make a desk an admin of organisations
    Add(AdminArgs),
    /// End an admin
    End(AdminArgs),
}

/// An admin.
#[derive(clap::Args)]
pub struct AdminArgs {
    /// The desk
    #[arg(value_name = "DEVICE")]
    device: String,
    /// The organisation; again for more
    #[arg(long, value_name = "NAME", required = true)]
    organisation: Vec<String>,
    #[command(flatten)]
    sheets: SheetArgs,
}

/// The partnership's rules.
#[derive(clap::Args)]
pub struct PolicyArgs {
    #[command(flatten)]
    sheets: SheetArgs,
    /// What becomes of what a revoked device had not sent: held for a person to decide, or refused
    #[arg(long, value_enum, value_name = "RULE")]
    late_work: Option<LateRule>,
    /// For how many hours without contact worker-locked keys open
    #[arg(long, value_name = "HOURS")]
    lease_hours: Option<u16>,
    /// For how many minutes one breaking of the glass shows sealed detail
    #[arg(long, value_name = "MINUTES")]
    glass_minutes: Option<u16>,
    /// After how many days of silence a device is an alarm
    #[arg(long, value_name = "DAYS")]
    silent_days: Option<u16>,
}

/// What becomes of what a revoked device had not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LateRule {
    /// It is held for a person to decide
    Held,
    /// It is not taken
    Refused,
}

/// The rules that hold now.
#[derive(serde::Serialize)]
struct Rules {
    late_work: &'static str,
    lease_hours: u16,
    glass_minutes: u16,
    silent_days: u16,
}

/// A new kit.
#[derive(clap::Args)]
pub struct KitArgs {
    #[command(flatten)]
    sheets: SheetArgs,
    /// Write the new kit to this new file, readable by you alone
    #[arg(long, value_name = "FILE")]
    kit_file: PathBuf,
}

#[derive(serde::Serialize)]
struct Drilled {
    organisation: String,
    holds: bool,
    zones: Vec<ZoneDrill>,
}

#[derive(serde::Serialize)]
struct Regained {
    teams: usize,
    zones: usize,
    owed: OwedRows,
}

#[derive(serde::Serialize)]
struct Done {
    entries: &'static str,
}

/// Reads sheets and checks that they are this partnership's.
///
/// # Errors
/// [`DeskError::File`], [`DeskError::Client`].
pub fn read_sheets(args: &SheetArgs) -> Result<Sheets, DeskError> {
    let mut text = Zeroizing::new(String::new());
    for path in &args.sheets {
        let unreadable = |error: std::io::Error| DeskError::file(path, format!("cannot be read ({:?})", error.kind()));
        if std::fs::metadata(path).map_err(unreadable)?.len() > SHEETS_BYTES_MAX {
            return Err(DeskError::file(path, "is longer than a kit: is this the right file?"));
        }
        text.push_str(&Zeroizing::new(std::fs::read_to_string(path).map_err(unreadable)?));
        text.push('\n');
    }
    Sheets::read(&text).map_err(|error| DeskError::Client(error.into()))
}

/// The root keys on sheets.
///
/// # Errors
/// [`DeskError::File`], [`DeskError::Client`].
pub fn roots(client: &Client, args: &SheetArgs) -> Result<RootKeys, DeskError> {
    Ok(client.partnership().roots_of(read_sheets(args)?)?)
}

fn escrows(args: &SheetArgs) -> Result<Escrows, DeskError> {
    let (_, shares) = read_sheets(args)?.into_parts();
    Escrows::put_together(shares).map_err(|error| DeskError::Client(error.into()))
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    match command {
        Command::Drill(args) => drill(context, &client, args),
        Command::Open(args) => open(context, &client, args),
    }
}

fn drill(context: &Context, client: &Client, args: &DrillArgs) -> Result<(), DeskError> {
    let names = Named::of(client)?;
    let wanted: Vec<OrganisationId> = match &args.organisation {
        Some(name) => vec![names.organisation(name)?],
        None => client.partnership().owners()?,
    };
    // The sheets are read first: an opening that cannot take place is not written.
    let escrows = escrows(&args.sheets)?;
    let mut drilled = Vec::new();
    for organisation in wanted {
        link::append(context, client, move |desk, now, _| {
            let zones = partnership::owned_zones(desk, organisation)?;
            Ok((partnership::open_escrow(desk, (organisation, EscrowPurpose::Drill), zones, now)?, ()))
        })?;
        let zones = client.partnership().drill(organisation, &escrows)?;
        let name = names.book().organisations.get(&organisation.to_string()).cloned();
        let holds = zones.iter().all(ZoneDrill::holds);
        drilled.push(Drilled { organisation: name.unwrap_or_else(|| organisation.to_string()), holds, zones });
    }
    context.screen.show(&drilled, |colours| {
        let mut text = String::new();
        for one in &drilled {
            let (tone, words) = if one.holds {
                (Tone::Good, "the kit opens everything")
            } else {
                (
                    Tone::Warning,
                    "THE KIT DOES NOT OPEN EVERYTHING: renew it with `doorstep renew-kit`, and tell an admin",
                )
            };
            text.push_str(&format!("{}: {}\n", one.organisation, colours.paint(tone, words)));
            let rows: Vec<Vec<String>> = one
                .zones
                .iter()
                .map(|zone| {
                    let sample = match zone.sample {
                        Sample::NoneHere => "nothing here to try",
                        Sample::Opened => "opens",
                        Sample::NotOpened => "DOES NOT OPEN",
                    };
                    let name = names.book().zones.get(&zone.zone.to_string()).cloned();
                    let name = name.unwrap_or_else(|| zone.zone.to_string());
                    vec![name, format!("{} of {}", zone.opened, zone.epochs), sample.to_owned()]
                })
                .collect();
            text.push_str(&table(&["zone", "keys", "a record of it"], &rows));
        }
        text.push_str("Nothing of it was kept.\n");
        text
    })?;
    let failed = drilled.iter().filter(|one| !one.holds).count();
    if failed == 0 { Ok(()) } else { Err(DeskError::Faults { count: failed }) }
}

fn open(context: &Context, client: &Client, args: &SheetArgs) -> Result<(), DeskError> {
    let escrows = escrows(args)?;
    let rotated = link::append(context, client, move |desk, now, rng| partnership::regain(desk, &escrows, now, rng))?;
    let data = Regained { teams: rotated.teams, zones: rotated.zones, owed: client.partnership().owed_keys()? };
    context.screen.show(&data, |colours| {
        let words = format!(
            "{} and {} have new keys, and this desk holds them.",
            count(data.teams as u64, "team", "teams"),
            count(data.zones as u64, "zone", "zones")
        );
        format!("{}\n{}", colours.paint(Tone::Good, &words), owed(&data.owed, colours))
    })?;
    link::judge(&link::sync_once(context, client)?)
}

/// Makes or ends an admin.
///
/// # Errors
/// [`DeskError`].
pub fn admin(context: &Context, command: &AdminCommand) -> Result<(), DeskError> {
    let client = context.open()?;
    let names = Named::of(&client)?;
    let (args, standing, words) = match command {
        AdminCommand::Add(args) => (args, Standing::Granted, "It is an admin."),
        AdminCommand::End(args) => (args, Standing::Ended, "It is no admin any more."),
    };
    let device = names.device(&args.device)?;
    let organisations = args.organisation.iter().map(|name| names.organisation(name)).collect::<Result<Vec<_>, _>>()?;
    let roots = roots(&client, &args.sheets)?;
    link::append(context, &client, move |desk, now, _| {
        Ok((partnership::set_admin(desk, &roots, (device, &organisations), standing, now)?, ()))
    })?;
    context.screen.show(&Done { entries: "AdminSet" }, |colours| format!("{}\n", colours.paint(Tone::Good, words)))
}

/// Sets the partnership's rules; what is not named stays as it is.
///
/// # Errors
/// [`DeskError`].
pub fn policy(context: &Context, args: &PolicyArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let roots = roots(&client, &args.sheets)?;
    let late_work = args.late_work.map(|rule| match rule {
        LateRule::Held => LateWork::Held,
        LateRule::Refused => LateWork::Refused,
    });
    let (lease, glass, silent) = (args.lease_hours, args.glass_minutes, args.silent_days);
    let policy = link::append(context, &client, move |desk, now, _| {
        let before = desk.authority()?.policy();
        let policy = Policy {
            late_work: late_work.unwrap_or(before.late_work),
            lease_hours: lease.unwrap_or(before.lease_hours),
            glass_minutes: glass.unwrap_or(before.glass_minutes),
            silent_days: silent.unwrap_or(before.silent_days),
        };
        let rules = Rules {
            late_work: if policy.late_work == LateWork::Held { "held" } else { "refused" },
            lease_hours: policy.lease_hours,
            glass_minutes: policy.glass_minutes,
            silent_days: policy.silent_days,
        };
        Ok((partnership::set_policy(desk, &roots, policy, now)?, rules))
    })?;
    context.screen.show(&policy, |colours| {
        format!(
            "{}\n  late work of a revoked device   {}\n  a lease without contact         {} hours\n  a broken glass shows for        {} minutes\n  silence is an alarm after       {} days\n",
            colours.paint(Tone::Good, "The rules are set."),
            policy.late_work,
            policy.lease_hours,
            policy.glass_minutes,
            policy.silent_days
        )
    })
}

/// Makes new root and escrow keys, and prints the new kit.
///
/// # Errors
/// [`DeskError`].
pub fn renew(context: &Context, args: &KitArgs) -> Result<(), DeskError> {
    use std::io::Write;
    let client = context.open()?;
    let roots = roots(&client, &args.sheets)?;
    let book = Named::of(&client)?.book().clone();
    // The file is made first, and each kit is in it before the log is: a kit that cannot be kept is never put in force.
    let file = std::sync::Mutex::new(super::init::new_private_file(&args.kit_file)?);
    let path = args.kit_file.clone();
    let made = link::append(context, &client, move |desk, now, rng| {
        let name =
            |id: OrganisationId| book.organisations.get(&id.to_string()).cloned().unwrap_or_else(|| id.to_string());
        let (written, (kit, _)) = partnership::renew_kit(desk, &roots, &name, now, rng)?;
        let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let kept = file.write_all(crate::render::kit::kit(&kit).as_bytes()).and_then(|()| file.sync_all());
        kept.map_err(|_| partnership::AdminError::Plan {
            field: "--kit-file",
            remedy: "the kit cannot be written there",
        })?;
        Ok((written, ()))
    });
    if let Err(error) = made {
        // Whether the log has the new keys may not be known: then the kit stays.
        if !matches!(error, DeskError::NotSynced { .. } | DeskError::Transport(_)) {
            let _gone = std::fs::remove_file(&path);
        }
        return Err(error);
    }
    let owed_keys = client.partnership().owed_keys()?;
    context.screen.show(&owed_keys, |colours| {
        let words = format!("The new kit is in {}.", args.kit_file.display());
        format!(
            "{}\nLock its sheets away apart, then destroy the old ones: they open nothing new.\n{}",
            colours.paint(Tone::Good, &words),
            owed(&owed_keys, colours)
        )
    })
}

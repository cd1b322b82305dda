//! `doorstep init`: a partnership, with this desk as its first device.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use doorstep_client_core::client::{Client, Founded};
use doorstep_client_core::partnership::{FoundingPlan, OrganisationPlan};
use doorstep_client_core::sync::End;
use doorstep_client_core::transport::{Transport, TransportError};
use doorstep_protocol::authority::OrganisationKind;
use doorstep_protocol::{PartnershipId, SignPublic};
use zeroize::Zeroizing;

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::render::kit;
use crate::screen::{Form, Tone};

/// The longest plan.
const PLAN_BYTES_MAX: u64 = 64 * 1024;
/// Organisations of one partnership at its founding.
const ORGANISATIONS_MAX: usize = 32;
/// The longest name, as the directory has it.
const NAME_CHARS_MAX: usize = 100;

const EXAMPLES: &str = "\
Example:
  doorstep init --server http://127.0.0.1:8470 \\
      --organisation 'council=Hillford Council' --organisation 'fire=Hillford Fire and Rescue' \\
      --organisation 'landlord=Mill Homes' --area 'Mill Ward' --desk 'Front desk' --worker 'Ros Adeyemi' \\
      --kit-file recovery-kit.txt

The same as a plan (--plan plan.toml):
  area = \"Mill Ward\"
  desk = \"Front desk\"
  worker = \"Ros Adeyemi\"
  [[organisations]]
  name = \"Hillford Council\"
  kind = \"council\"          # council, fire, landlord, health, other

What happens next: lock the recovery kit away, import homes (`doorstep import --help`), bring in tablets
(`doorstep enrol invite`).";

/// Makes a partnership: its organisations, teams, zones and keys, with this desk as its first device.
///
/// The first organisation owns the shared records. The server at --server must be running; it is told who may write, never
/// what is written. A recovery kit is printed once, or written to --kit-file.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The server's address
    #[arg(long, value_name = "URL")]
    server: String,
    /// The server's key, as the server printed it at its start: nobody can then stand in for it
    #[arg(long, value_name = "HEX")]
    server_key: Option<SignPublic>,
    /// The plan as a TOML file, instead of the options below
    #[arg(long, value_name = "FILE", conflicts_with_all = ["organisation", "area", "desk", "worker"])]
    plan: Option<PathBuf>,
    /// An organisation as KIND=NAME; KIND is council, fire, landlord, health or other. The first owns the records
    #[arg(long, value_name = "KIND=NAME", required_unless_present = "plan")]
    organisation: Vec<String>,
    /// Name of the area that the records are for
    #[arg(long, value_name = "NAME", required_unless_present = "plan")]
    area: Option<String>,
    /// Name of this desk
    #[arg(long, value_name = "NAME", default_value = "Desk")]
    desk: String,
    /// Name of who works at it
    #[arg(long, value_name = "NAME", required_unless_present = "plan")]
    worker: Option<String>,
    /// Write the recovery kit to this new file, readable by you alone, instead of printing it
    #[arg(long, value_name = "FILE")]
    kit_file: Option<PathBuf>,
}

/// `init` in JSON.
#[derive(serde::Serialize)]
struct Made<'a> {
    partnership: PartnershipId,
    device: doorstep_protocol::DeviceId,
    server: &'a str,
    server_key: SignPublic,
    /// The server has the authority log; else `doorstep sync` brings it.
    server_has_log: bool,
    /// Where the recovery kit was written, if it was.
    kit_file: Option<&'a Path>,
    /// The recovery kit, if it was not written to a file.
    kit: Option<&'a str>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`]; when the server refuses the partnership, nothing is left behind.
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let plan = plan(args)?;
    context.check_vacant()?;
    let connection = link::connect(context, &args.server)?;
    let card = link::introduce(&connection)?;
    if let Some(expected) = args.server_key
        && expected != card.server_key
    {
        return Err(DeskError::input(
            "--server-key",
            "the server at this address has another key",
            "compare it with what the server printed at its start; do not go on until you know why",
        ));
    }
    let kit_path = args.kit_file.clone().or_else(|| ask_for_kit_file(context));
    // The file is made first: a kit that cannot be kept is not made.
    let kit_file = kit_path.as_deref().map(new_private_file).transpose()?;
    let undo = Undo { folder: context.folder(), kit: kit_path.as_deref(), folder_was_there: context.folder().exists() };
    let client = context.create().inspect_err(|_| undo.kit_only())?;
    let url = connection.address().to_string();
    let founded = client.partnership().found(&plan, &url, &card.server_key).map_err(DeskError::from);
    let founded = founded.and_then(|founded| {
        let text = kit::kit(&founded.kit);
        if let (Some(mut file), Some(path)) = (kit_file, kit_path.as_deref()) {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(|error| DeskError::file(path, format!("the kit cannot be written ({:?})", error.kind())))?;
        }
        Ok((founded, text))
    });
    let (founded, text) = match founded {
        Ok(made) => made,
        Err(error) => {
            drop(client);
            undo.all();
            return Err(error);
        }
    };
    let appended = link::block_on(connection.trusting(card.server_key).append_log(&founded.append))?;
    if let Err(error @ (TransportError::Refused(_) | TransportError::LogFork | TransportError::LogConflict { .. })) =
        &appended
    {
        // The server will never take it: better no device than one that belongs to nothing.
        drop(client);
        undo.all();
        return Err(error.clone().into());
    }
    show(
        context,
        &client,
        &Shown {
            founded: &founded,
            url: &url,
            key: card.server_key,
            kit: &text,
            path: kit_path.as_deref(),
            has_log: appended.is_ok(),
        },
    )?;
    appended?;
    let report = link::sync_once(context, &client)?;
    if report.end == End::CaughtUp { Ok(()) } else { link::judge(&report) }
}

struct Shown<'a> {
    founded: &'a Founded,
    url: &'a str,
    key: SignPublic,
    kit: &'a Zeroizing<String>,
    path: Option<&'a Path>,
    has_log: bool,
}

fn show(context: &Context, client: &Client, shown: &Shown<'_>) -> Result<(), DeskError> {
    let data = Made {
        partnership: shown.founded.partnership,
        device: client.id(),
        server: shown.url,
        server_key: shown.key,
        server_has_log: shown.has_log,
        kit_file: shown.path,
        kit: if shown.path.is_none() { Some(shown.kit.as_str()) } else { None },
    };
    context.screen.show(&data, |colours| {
        let mut text = String::new();
        if shown.path.is_none() {
            text.push_str(shown.kit);
        }
        text.push_str(&format!(
            "{}\n",
            colours.paint(Tone::Good, &format!("Partnership {} is made.", data.partnership))
        ));
        text.push_str(&format!("  server      {}\n", data.server));
        text.push_str(&format!("  server key  {}\n", data.server_key));
        text.push_str("              compare it with what the server printed at its start\n");
        text.push_str(&format!("  this desk   {}\n", context.folder().display()));
        match shown.path {
            Some(path) => text.push_str(&format!("  kit         {}\n\n", path.display())),
            None => text.push('\n'),
        }
        text.push_str(&colours.paint(
            Tone::Warning,
            "The recovery kit is the only way back if every desk is lost, and it is shown once: print it, lock its\n\
             sheets away in different places, and delete every copy on this machine.",
        ));
        text.push('\n');
        if !shown.has_log {
            text.push_str("The server does not have it yet: run `doorstep sync` when there is a connection.\n");
        }
        text.push_str("\nNext: import homes (`doorstep import --help`), bring in tablets (`doorstep enrol invite`).\n");
        text
    })
}

fn plan(args: &Args) -> Result<FoundingPlan, DeskError> {
    let plan = match &args.plan {
        Some(path) => read_plan(path)?,
        None => FoundingPlan {
            organisations: args.organisation.iter().map(|text| organisation(text)).collect::<Result<_, _>>()?,
            area: args.area.clone().unwrap_or_default(),
            desk: args.desk.clone(),
            worker: args.worker.clone().unwrap_or_default(),
        },
    };
    let names = plan.organisations.iter().map(|one| ("organisation", &one.name));
    let names = names.chain([("area", &plan.area), ("desk", &plan.desk), ("worker", &plan.worker)]);
    for (field, name) in names {
        if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(DeskError::input(field, "a name of 1 to 100 characters", "write it as people say it"));
        }
    }
    if plan.organisations.is_empty() || plan.organisations.len() > ORGANISATIONS_MAX {
        return Err(DeskError::input("organisation", "1 to 32 organisations", "name each with its kind"));
    }
    Ok(plan)
}

fn organisation(text: &str) -> Result<OrganisationPlan, DeskError> {
    let wrong = || {
        DeskError::input(
            "--organisation",
            "is KIND=NAME with the kind council, fire, landlord, health or other",
            "write it like 'council=Hillford Council'",
        )
    };
    let (kind, name) = text.split_once('=').ok_or_else(wrong)?;
    let kind = match kind.trim() {
        "council" => OrganisationKind::Council,
        "fire" => OrganisationKind::Fire,
        "landlord" => OrganisationKind::Landlord,
        "health" => OrganisationKind::Health,
        "other" => OrganisationKind::Other,
        _ => return Err(wrong()),
    };
    Ok(OrganisationPlan { name: name.trim().to_owned(), kind })
}

fn read_plan(path: &Path) -> Result<FoundingPlan, DeskError> {
    let unreadable =
        |error: std::io::Error| DeskError::file(path, format!("the plan cannot be read ({:?})", error.kind()));
    if std::fs::metadata(path).map_err(unreadable)?.len() > PLAN_BYTES_MAX {
        return Err(DeskError::file(path, "a plan has at most 64 KiB: is this the right file?"));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
        DeskError::file(path, format!("line {line}: {}; see `doorstep init --help`", error.message()))
    })
}

fn ask_for_kit_file(context: &Context) -> Option<PathBuf> {
    let asks = context.screen.form == Form::Text && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !asks {
        return None;
    }
    eprint!("Write the recovery kit to a new file (its path), or print it here (just Enter)? ");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).ok()?;
    let path = line.trim();
    if path.is_empty() { None } else { Some(PathBuf::from(path)) }
}

pub(super) fn new_private_file(path: &Path) -> Result<File, DeskError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            DeskError::file(path, "exists already: name a new file for the recovery kit")
        }
        kind => DeskError::file(path, format!("the recovery kit cannot be written there ({kind:?})")),
    })
}

/// Takes back what a founding that came to nothing has made; only what it made itself.
struct Undo<'a> {
    folder: &'a Path,
    kit: Option<&'a Path>,
    folder_was_there: bool,
}

impl Undo<'_> {
    fn kit_only(&self) {
        if let Some(kit) = self.kit {
            let _gone = std::fs::remove_file(kit);
        }
    }

    fn all(&self) {
        self.kit_only();
        crate::context::remove_new_device(self.folder);
        if !self.folder_was_there {
            // Only if nothing else is in it.
            let _gone = std::fs::remove_dir(self.folder);
        }
    }
}

//! `doorstep grant` and `doorstep zone`: which team holds which zone, what for, on what footing, until when.

use doorstep_client_core::client::{Client, OwedRows};
use doorstep_client_core::partnership::{self, GrantPlan, Names, law, purpose};
use doorstep_protocol::authority::Rights;
use doorstep_protocol::{Class, GrantId, ZoneId};

use super::device::owed;
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::named::Named;
use crate::render::table::table;
use crate::render::words::moment;
use crate::screen::Tone;

const EXAMPLES: &str = "\
Examples:
  doorstep grant give --zone 'home of Mill Ward' --team 'North team' --right read --right write \\
      --purpose prevention --power care-act --until 2027-03-31
  doorstep grant list
  doorstep grant end GRANT

Only the organisation that owns a zone lets others in. A team that is let in gets what was written before, too.";

/// Which team holds which zone, what for, on what footing, until when
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Let a team into a zone
    Give(GiveArgs),
    /// End a grant; the zone gets a new key in the same step
    End(EndArgs),
    /// List grants
    List,
}

/// A grant to be.
#[derive(clap::Args)]
pub struct GiveArgs {
    /// The zone
    #[arg(long, value_name = "ZONE")]
    zone: String,
    /// The team
    #[arg(long, value_name = "TEAM")]
    team: String,
    #[command(flatten)]
    footing: Footing,
}

/// What a grant is for.
#[derive(clap::Args)]
pub struct Footing {
    /// What the team may do; again for more
    #[arg(long, value_enum, default_values = ["read", "write"])]
    right: Vec<Right>,
    /// What for; again for more
    #[arg(long, value_enum, default_value = "prevention")]
    purpose: Vec<Purpose>,
    /// The law that lets the data be shared
    #[arg(long, value_enum, default_value = "care-act")]
    power: Power,
    /// The sharing agreement: its digest in the register
    #[arg(long, value_name = "HEX")]
    agreement: Option<doorstep_protocol::Digest32>,
    /// The last day on which it holds
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
}

/// What a team may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Right {
    /// Read
    Read,
    /// Write
    Write,
    /// Hold sealed detail, and open it by breaking the glass
    Glass,
}

/// What a grant is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Purpose {
    /// Prevention in the home
    Prevention,
    /// Housing condition and repair
    HousingCondition,
    /// Response to an incident
    Emergency,
}

/// The law that lets data be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Power {
    /// Care Act 2014
    CareAct,
    /// Fire and Rescue Services Act 2004
    FireServicesAct,
    /// Housing Act 2004
    HousingAct,
}

/// A grant that ends.
#[derive(clap::Args)]
pub struct EndArgs {
    /// The grant, as `doorstep grant list` shows it
    #[arg(value_name = "GRANT")]
    grant: GrantId,
}

/// A zone to be.
#[derive(clap::Args)]
pub struct ZoneArgs {
    /// The organisation that owns it
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// What its documents hold: index, home, fire, sealed, identity, communication, function, network, health-id, protected …
    #[arg(long, value_name = "CLASS")]
    class: Class,
    /// Its area
    #[arg(long, value_name = "AREA")]
    area: String,
    /// Its name [default: CLASS of AREA]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Teams that hold it from the start
    #[arg(long, value_name = "TEAM")]
    team: Vec<String>,
    #[command(flatten)]
    footing: Footing,
}

#[derive(serde::Serialize)]
struct Given {
    grant: GrantId,
}

#[derive(serde::Serialize)]
struct Ended {
    grant: GrantId,
    zones: usize,
    owed: OwedRows,
}

#[derive(serde::Serialize)]
struct Made {
    zone: ZoneId,
    name: String,
}

fn plan(footing: &Footing, zone: ZoneId, team: doorstep_protocol::TeamId) -> Result<GrantPlan, DeskError> {
    let rights = footing.right.iter().fold(0, |bits, right| {
        bits | match right {
            Right::Read => Rights::READ.0,
            Right::Write => Rights::WRITE.0,
            Right::Glass => Rights::GLASS.0,
        }
    });
    let purposes = footing.purpose.iter().map(|purpose| match purpose {
        Purpose::Prevention => purpose::PREVENTION,
        Purpose::HousingCondition => purpose::HOUSING_CONDITION,
        Purpose::Emergency => purpose::EMERGENCY,
    });
    let legal_power = match footing.power {
        Power::CareAct => law::CARE_ACT,
        Power::FireServicesAct => law::FIRE_SERVICES_ACT,
        Power::HousingAct => law::HOUSING_ACT,
    };
    Ok(GrantPlan {
        zone,
        team,
        rights: Rights(rights),
        purposes: purposes.collect(),
        agreement: footing.agreement,
        legal_power,
        lawful_basis: law::PUBLIC_TASK,
        expires: footing.until.as_deref().map(super::enrol::choose::end_of_day).transpose()?,
    })
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    match command {
        Command::Give(args) => give(context, &client, args),
        Command::End(args) => end(context, &client, args.grant),
        Command::List => list(context, &client),
    }
}

fn give(context: &Context, client: &Client, args: &GiveArgs) -> Result<(), DeskError> {
    let names = Named::of(client)?;
    let plan = plan(&args.footing, names.zone(&args.zone)?, names.team(&args.team)?)?;
    let grant = link::append(context, client, move |desk, now, rng| partnership::give_grant(desk, &plan, now, rng))?;
    context.screen.show(&Given { grant }, |colours| {
        let words = format!("{} holds {}.", args.team, args.zone);
        format!("{}\n  grant  {grant}\n", colours.paint(Tone::Good, &words))
    })
}

fn end(context: &Context, client: &Client, grant: GrantId) -> Result<(), DeskError> {
    let rotated = link::append(context, client, move |desk, now, rng| partnership::end_grant(desk, grant, now, rng))?;
    let data = Ended { grant, zones: rotated.zones, owed: client.partnership().owed_keys()? };
    context.screen.show(&data, |colours| {
        format!("{}\n{}", colours.paint(Tone::Good, "The grant has ended."), owed(&data.owed, colours))
    })
}

fn list(context: &Context, client: &Client) -> Result<(), DeskError> {
    let rows = client.partnership().grants()?;
    context.screen.show(&rows, |_| {
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let until = row.expires.map_or_else(|| "no end".to_owned(), moment);
                vec![row.zone.clone(), row.team.clone(), row.rights.join(" "), until, row.grant.to_string()]
            })
            .collect();
        if cells.is_empty() {
            "No grant holds.\n".to_owned()
        } else {
            table(&["zone", "team", "may", "until", "grant"], &cells)
        }
    })
}

/// Makes a zone.
///
/// # Errors
/// [`DeskError`].
pub fn create_zone(context: &Context, args: &ZoneArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let names = Named::of(&client)?;
    let place = (names.organisation(&args.organisation)?, args.class, names.area(&args.area)?);
    let grants = args
        .team
        .iter()
        .map(|team| plan(&args.footing, ZoneId::ZERO, names.team(team)?))
        .collect::<Result<Vec<_>, _>>()?;
    let zone =
        link::append(context, &client, move |desk, now, rng| partnership::create_zone(desk, place, &grants, now, rng))?;
    let name = args.name.clone().unwrap_or_else(|| format!("{} of {}", args.class, args.area));
    let mut new = Names::default();
    new.zones.insert(zone, name.clone());
    client.directory().set(&new)?;
    context.screen.show(&Made { zone, name: name.clone() }, |colours| {
        format!("{}\n", colours.paint(Tone::Good, &format!("{name} is made.")))
    })?;
    link::judge(&link::sync_once(context, &client)?)
}

//! `doorstep enrol accept`: the desk takes a request, and the device becomes a member.

use doorstep_client_core::client::{Client, ClientError};
use doorstep_client_core::partnership::{AcceptPlan, AcceptedBefore, AdminError, Engagement, EnrolmentRequest};
use doorstep_client_core::transport::Transport;
use doorstep_protocol::{DeviceId, Millis, OrganisationId, WorkerId};

use super::choose;
use super::handed::Handed;
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::render::words::moment;
use crate::screen::Tone;

/// Accepts a request and tells the server. Needs a connection.
///
/// When the connection fails in between, the same command finishes what it began.
#[derive(clap::Args)]
#[command(after_help = super::EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    handed: Handed,
    /// Name of the device, as people will read it
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Name of the worker who uses it
    #[arg(long, value_name = "NAME")]
    worker: String,
    /// The worker's id, for a second device of the same worker
    #[arg(long, value_name = "HEX")]
    worker_id: Option<WorkerId>,
    /// The organisation it belongs to
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// Teams it joins [default: the organisation's field team]; every device also joins Everyone
    #[arg(long, value_name = "NAME")]
    team: Vec<String>,
    /// The last day on which it is served, for volunteers and temporary staff
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
    /// It is for a volunteer, who needs --until and never gets sealed detail
    #[arg(long)]
    volunteer: bool,
}

#[derive(serde::Serialize)]
struct Accepted {
    device: DeviceId,
    name: String,
    worker: WorkerId,
    organisation: OrganisationId,
    teams: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<Millis>,
    /// Whether an earlier run had brought it to the server already.
    finished_earlier_run: bool,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let request = EnrolmentRequest::from_text(&args.handed.read()?)
        .map_err(|error| ClientError::from(AdminError::Enrol(error)))?;
    let not_after = args.until.as_deref().map(choose::end_of_day).transpose()?;
    let engagement = if args.volunteer { Engagement::Volunteer } else { Engagement::Staff };
    choose::check_name("--name", &args.name)?;
    choose::check_name("--worker", &args.worker)?;
    let client = context.open()?;
    let organisation = choose::organisation(&client, &args.organisation)?;
    let teams = choose::teams(&client.partnership().teams()?, organisation, &args.team, engagement)?;
    // What others wrote to the log meanwhile comes first, else the server would refuse ours as out of step; and it may be
    // this very request, whose answer was lost.
    link::judge(&link::sync_once(context, &client)?)?;
    let before = client.partnership().accepted_before(&request)?;
    let worker = match &before {
        Some(before) => finish(&client, before)?,
        None => {
            let worker = args.worker_id.map_or_else(choose::new_worker, Ok)?;
            let teams = teams.iter().map(|(id, _)| *id).collect();
            let plan = AcceptPlan { organisation, teams, worker, engagement, not_after };
            append(context, &client, &request, &plan)?;
            worker
        }
    };
    client.partnership().name((request.device(), &args.name), (worker, &args.worker))?;
    let data = Accepted {
        device: request.device(),
        name: args.name.clone(),
        worker,
        organisation,
        teams: teams.into_iter().map(|(_, name)| name).collect(),
        not_after,
        finished_earlier_run: before.is_some(),
    };
    context.screen.show(&data, |colours| {
        let mut text = colours.paint(Tone::Good, &format!("{} is enrolled.", data.name));
        text.push('\n');
        if data.finished_earlier_run {
            text.push_str(
                "  The server had it from an earlier run; its name is set now, its teams are those of then.\n",
            );
        } else {
            text.push_str(&format!("  teams   {}\n", data.teams.join(", ")));
        }
        text.push_str(&format!("  worker  {} ({})\n", args.worker, data.worker));
        if let Some(last) = data.not_after {
            text.push_str(&format!("  until   {}\n", moment(last)));
        }
        text.push_str("\nNext, at the device:  doorstep --folder DIR sync\n");
        text
    })?;
    // The names go up at once, so that nobody meets a device without one.
    link::judge(&link::sync_once(context, &client)?)
}

fn append(context: &Context, client: &Client, request: &EnrolmentRequest, plan: &AcceptPlan) -> Result<(), DeskError> {
    let (written, append) = client.partnership().accept(request, plan)?;
    link::block_on(link::transport(context, client)?.append_log(&append))??;
    Ok(client.partnership().take(&written)?)
}

/// A device that the server has and that nobody has named is what a run left that was broken off.
fn finish(client: &Client, before: &AcceptedBefore) -> Result<WorkerId, DeskError> {
    let names = client.directory().names()?;
    match names.devices.get(&before.device.to_string()) {
        None => Ok(before.worker),
        Some(name) => Err(DeskError::Stopped(
            format!("this request was accepted already: the device is {name} (see `doorstep devices`)").into(),
        )),
    }
}

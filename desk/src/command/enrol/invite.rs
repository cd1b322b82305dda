//! `doorstep enrol invite`, `list` and `cancel`: what the desk hands out, and what it remembers of it.

use std::path::PathBuf;

use doorstep_client_core::partnership::{Engagement, InvitePlan, InviteRow, InviteState, Way};
use doorstep_protocol::{InviteId, Millis};

use super::handed::{Shown, check_new};
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;
use crate::render::words::moment;
use crate::screen::Tone;

/// Shows an invitation for one device, as a code and as text.
#[derive(clap::Args)]
#[command(after_help = super::EXAMPLES)]
pub struct Args {
    /// The worker is not here: six words go with the invitation, to be read out over the telephone
    #[arg(long)]
    remote: bool,
    /// It is for a volunteer: until an end date, and never with sealed detail
    #[arg(long)]
    volunteer: bool,
    /// How long it holds, such as 30m, 12h or 3d [default: 15m, remote 7d; at most 1d, remote 30d]
    #[arg(long, value_name = "TIME")]
    valid_for: Option<String>,
    /// Also write the code as a picture
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
}

#[derive(serde::Serialize)]
struct Data<'a> {
    id: InviteId,
    invitation: String,
    expires: Millis,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a str>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    check_new(args.png.as_deref())?;
    let plan = InvitePlan {
        way: if args.remote { Way::Remote } else { Way::InPerson },
        engagement: if args.volunteer { Engagement::Volunteer } else { Engagement::Staff },
        valid_ms: args.valid_for.as_deref().map(span_ms).transpose()?,
    };
    let invited = context.open()?.partnership().invite(&plan)?;
    let invitation = &invited.invitation;
    let data = Data {
        id: invitation.id,
        invitation: invitation.to_text(),
        expires: invitation.expires,
        words: invited.words.as_ref().map(|words| words.expose_text()),
    };
    let shown = Shown::of(&data.invitation, args.png.as_deref())?;
    context.screen.show(&data, |colours| {
        let mut text = format!("{}\n{}\n\n", shown.to_terminal(args.png.as_deref()), data.invitation);
        text.push_str(&format!("For one device, until {}.\n", moment(data.expires)));
        if let Some(words) = data.words {
            text.push_str(&format!(
                "Send the text by any post. Then ring the worker, be sure of the voice, and read out these six words, which\n\
                 are shown once and must not be sent with the text:\n\n    {}\n\n",
                colours.paint(Tone::Heading, words)
            ));
        }
        text.push_str(
            "Next, at the new device:\n  doorstep --folder DIR enrol request --picture PHOTO    or    --text THE-TEXT-ABOVE\n",
        );
        text
    })
}

pub(super) fn list(context: &Context) -> Result<(), DeskError> {
    let rows = context.open()?.partnership().invitations()?;
    context.screen.show(&rows, |_| {
        if rows.is_empty() {
            return "no invitations: `doorstep enrol invite` makes one\n".to_owned();
        }
        let line = |row: &InviteRow| {
            let state = match row.state {
                InviteState::Waits => "waits",
                InviteState::Used => "used",
                InviteState::Expired => "expired",
                InviteState::Void => "VOID: requests did not know the words",
            };
            let way = match row.way {
                Way::InPerson => "in person",
                Way::Remote => "remote",
            };
            let engagement = match row.engagement {
                Engagement::Staff => "staff",
                Engagement::Volunteer => "volunteer",
            };
            vec![row.id.to_string(), way.into(), engagement.into(), moment(row.made), moment(row.expires), state.into()]
        };
        table(&["invitation", "way", "for", "made", "until", "state"], &rows.iter().map(line).collect::<Vec<_>>())
    })
}

pub(super) fn cancel(context: &Context, invitation: InviteId) -> Result<(), DeskError> {
    #[derive(serde::Serialize)]
    struct Cancelled {
        cancelled: InviteId,
    }
    context.open()?.partnership().cancel_invitation(invitation)?;
    context.screen.show(&Cancelled { cancelled: invitation }, |_| "The invitation is cancelled.\n".to_owned())
}

/// `30m`, `12h`, `3d` in milliseconds.
fn span_ms(text: &str) -> Result<u64, DeskError> {
    let wrong =
        || DeskError::input("--valid-for", "a number of minutes, hours or days", "write it like 30m, 12h or 3d");
    let text = text.trim();
    let unit = match text.chars().last() {
        Some('m') => 60_000,
        Some('h') => 60 * 60_000,
        Some('d') => 24 * 60 * 60_000,
        _ => return Err(wrong()),
    };
    let number: u32 = text.get(..text.len() - 1).and_then(|number| number.parse().ok()).ok_or_else(wrong)?;
    Ok(u64::from(number) * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_their_unit_and_not_without() {
        let read = |text| span_ms(text).ok();
        assert_eq!([read("15m"), read(" 2h"), read("7d")], [Some(900_000), Some(7_200_000), Some(604_800_000)]);
        for text in ["", "m", "15", "15 minutes", "-1h", "1.5h", "99999999999d", "ü"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

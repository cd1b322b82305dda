//! `doorstep pack`: code lists, forms, thresholds and bank holidays, by version.

use std::path::PathBuf;

use doorstep_client_core::client::{PackRow, PackStanding};
use doorstep_client_core::records::clocks::{Fixing, Law};
use doorstep_client_core::records::packs::{AnswerKind, Area, Content, Keep, Pack, Question};

use crate::command::input;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;

const EXAMPLES: &str = "\
Examples:
  doorstep pack list
  doorstep pack show form-safe-and-well
  doorstep pack show hhsrs-2026 --json > hhsrs.json      then edit it, raise its version, and:
  doorstep pack publish hhsrs.json
  doorstep pack publish --shipped                        after an update: what the partnership does not have yet
  doorstep pack withdraw hhsrs-2026 2 --why 'code 22 was a mistake'

What happens next: every device uses the newest version that has begun once it has synced. What was recorded under an older one
is still read by that.";

/// Code lists, forms, thresholds, bank holidays
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Every pack and version that this device knows
    List,
    /// What stands in a pack
    Show(ShowArgs),
    /// Publish a pack from its file to every device of the partnership
    Publish(PublishArgs),
    /// End the use of a version: what was recorded under it stays readable
    Withdraw(WithdrawArgs),
}

/// Shows a pack; with --json, as its file is written.
#[derive(clap::Args)]
pub struct ShowArgs {
    /// The pack, as `doorstep pack list` names it
    pack: String,
    /// A version [default: the one in use today]
    #[arg(long, value_name = "NUMBER")]
    at: Option<i64>,
    /// In Welsh
    #[arg(long)]
    welsh: bool,
}

/// Publishes a pack from its file.
#[derive(clap::Args)]
pub struct PublishArgs {
    /// The file, JSON
    #[arg(required_unless_present = "shipped")]
    file: Option<PathBuf>,
    /// What this program ships and the partnership does not have yet: after an update
    #[arg(long, conflicts_with = "file")]
    shipped: bool,
}

/// Withdraws a published version.
#[derive(clap::Args)]
pub struct WithdrawArgs {
    /// The pack
    pack: String,
    /// Its version
    version: i64,
    /// Why
    #[arg(long)]
    why: String,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    match command {
        Command::List => {
            let rows = client.packs().list()?;
            context.screen.show_list(&rows, || list(&rows))
        }
        Command::Show(args) => {
            let pack = client.packs().get(&args.pack, args.at)?;
            context.screen.show(pack.as_ref(), |_| page(&pack, args.welsh))
        }
        Command::Publish(PublishArgs { file: None, .. }) => {
            let published = client.packs().publish_shipped()?;
            context.screen.show(&published, |_| match published {
                0 => "The partnership has every pack that this program ships.\n".to_owned(),
                count => format!(
                    "{} published; it goes up with the next `doorstep sync`\n",
                    crate::render::words::count(count as u64, "pack is", "packs are")
                ),
            })
        }
        Command::Publish(PublishArgs { file: Some(file), .. }) => {
            let pack = client.packs().publish(&input::text(file)?)?;
            context.screen.show(pack.as_ref(), |_| {
                let (id, version, from) = (&pack.id, pack.version, &pack.valid_from);
                format!("{id} version {version} is published and in use from {from}; it goes up with the next `doorstep sync`")
            })
        }
        Command::Withdraw(args) => {
            client.packs().withdraw(&args.pack, args.version, &args.why)?;
            context.screen.show(&args.pack, |_| {
                format!("{} version {} is withdrawn; it goes up with the next `doorstep sync`", args.pack, args.version)
            })
        }
    }
}

fn list(rows: &[PackRow]) -> String {
    let standing = |row: &PackRow| match row.standing {
        PackStanding::Current => "in use",
        PackStanding::Superseded => "a newer one is in use",
        PackStanding::ToCome => "not begun",
        PackStanding::Withdrawn => "withdrawn",
        PackStanding::Unreadable => "needs a newer doorstep",
    };
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let from = row.valid_from.as_ref().map_or_else(String::new, ToString::to_string);
            let version = row.version.to_string();
            vec![row.id.clone(), version, from, standing(row).to_owned(), row.title.clone()]
        })
        .collect();
    table(&["pack", "version", "from", "standing", "title"], &lines)
}

fn page(pack: &Pack, welsh: bool) -> String {
    let words = |en: &str, cy: &str| if welsh { cy.to_owned() } else { en.to_owned() };
    let title = words(&pack.title.en, &pack.title.cy);
    let head = format!("{title}\n{} version {}, from {}\n\n", pack.id, pack.version, pack.valid_from);
    let body = match &pack.content {
        Content::Codes(codes) => {
            let rows: Vec<Vec<String>> =
                codes.codes.iter().map(|one| vec![one.code.clone(), words(&one.en, &one.cy)]).collect();
            table(&["code", "means"], &rows)
        }
        Content::Form(form) => questions(&form.questions, welsh),
        Content::Instrument(instrument) => {
            format!("{}\n\n{}", instrument.licence, questions(&instrument.questions, welsh))
        }
        Content::Holidays(holidays) => {
            let rows: Vec<Vec<String>> =
                holidays.days.iter().map(|one| vec![one.day.to_string(), words(&one.en, &one.cy)]).collect();
            table(&["day", "name"], &rows)
        }
        Content::Areas(areas) => {
            let row = |one: &Area| {
                vec![one.kind.words().to_owned(), one.code.clone(), one.name.clone(), one.postcodes.join(", ")]
            };
            let rows: Vec<Vec<String>> = areas.areas.iter().map(row).collect();
            table(&["area", "code", "name", "postcodes"], &rows)
        }
        Content::Law(law) => law_page(law),
        Content::Photographs(policy) => {
            let position = if policy.position == Keep::Keep { "kept, and shown" } else { "left out" };
            table(&["of a photograph", "is"], &[vec!["where it was taken".to_owned(), position.to_owned()]])
        }
        Content::Thresholds(set) => table(
            &["threshold", "value"],
            &[
                vec!["crews are told of clutter from".to_owned(), set.clutter_rating.to_string()],
                vec!["flags are looked at after (months)".to_owned(), set.flag_review_months.to_string()],
                vec!["and at the latest after (months)".to_owned(), set.flag_review_months_max.to_string()],
                vec!["evacuation plans after (months)".to_owned(), set.evacuation_review_months.to_string()],
                vec!["open hazards after (months)".to_owned(), set.hazard_review_months.to_string()],
                vec!["facts are shown as old after (months)".to_owned(), set.fact_stale_months.to_string()],
            ],
        ),
    };
    head + &body
}

fn law_page(law: &Law) -> String {
    let phases: Vec<Vec<String>> = law
        .phases
        .iter()
        .map(|phase| {
            let day = if phase.day == Fixing::Fixed { "" } else { " at the earliest" };
            let codes = phase.codes.iter().map(|(scheme, codes)| {
                let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
                format!("{scheme} {}", codes.join(" "))
            });
            let emergencies = phase.emergencies.then(|| "emergencies of every kind".to_owned());
            let reaches: Vec<String> = emergencies.into_iter().chain(codes).collect();
            vec![phase.name.clone(), format!("{}{day}", phase.from), reaches.join("; ")]
        })
        .collect();
    let periods = [
        ("emergency: investigate and make safe (hours)", law.emergency_hours),
        ("investigate (working days)", law.investigate_working_days),
        ("written summary (working days)", law.summary_working_days),
        ("make safe (working days)", law.make_safe_working_days),
        ("start the work that lasts (weeks)", law.supplementary_weeks),
    ];
    let periods: Vec<Vec<String>> =
        periods.iter().map(|(what, period)| vec![(*what).to_owned(), period.to_string()]).collect();
    format!(
        "{}\n\n{}\n{}",
        law.source,
        table(&["phase", "from", "reaches"], &phases),
        table(&["deadline", "within"], &periods)
    )
}

fn questions(questions: &[Question], welsh: bool) -> String {
    let rows: Vec<Vec<String>> = questions
        .iter()
        .map(|question| {
            let kind = match &question.answer {
                AnswerKind::YesNo => "yes, no".to_owned(),
                AnswerKind::Whole { min, max, unit } => {
                    let unit = unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
                    format!("{min} to {max}{unit}")
                }
                AnswerKind::Choice { options, .. } => {
                    options.iter().map(|option| option.code.as_str()).collect::<Vec<_>>().join(", ")
                }
                AnswerKind::Day => "YYYY-MM-DD".to_owned(),
                AnswerKind::Text => "words".to_owned(),
            };
            let mut asked = if welsh { question.text.cy.clone() } else { question.text.en.clone() };
            if question.rooms {
                asked.push_str(if welsh { " (fesul ystafell)" } else { " (each room)" });
            }
            vec![question.id.clone(), asked, kind]
        })
        .collect();
    table(&["question", "asks", "answer"], &rows)
}

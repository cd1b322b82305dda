//! The frame of every page: who and where one is, how sync stands, and the switches.

pub mod code;
pub mod facts;
pub mod filter;
pub mod form;
pub mod plain;
pub mod shaped;

use doorstep_client_core::sync::Activity;
use doorstep_protocol::Millis;
use maud::{DOCTYPE, Markup, html};

use crate::ask::{Ask, Light, Looks, TOKEN_FIELD};
use crate::assets;
use crate::house::House;
use crate::words::{Arg, Language, Speech};

/// Where a page belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// What is to do.
    Home,
    /// Search.
    Search,
    /// Visits.
    Visits,
    /// Values that disagree.
    Reconcile,
    /// To whom something was disclosed.
    Register,
    /// What leaves this device.
    Reports,
    /// What revoked devices left.
    Late,
    /// Devices, teams, grants, access.
    Devices,
    /// Who read what.
    Audit,
    /// Sync and health.
    Health,
}

const TABS: [(Tab, &str, &str); 10] = [
    (Tab::Home, "/", "tab-home"),
    (Tab::Search, "/search", "tab-search"),
    (Tab::Visits, "/visits", "tab-visits"),
    (Tab::Reconcile, "/reconcile", "tab-reconcile"),
    (Tab::Register, "/register", "tab-register"),
    (Tab::Reports, "/reports", "tab-reports"),
    (Tab::Late, "/late", "tab-late"),
    (Tab::Devices, "/devices", "tab-devices"),
    (Tab::Audit, "/audit", "tab-audit"),
    (Tab::Health, "/health", "tab-health"),
];

/// What only a desk keeps.
const OF_DESKS: [Tab; 2] = [Tab::Register, Tab::Reports];

/// A page of the device.
#[must_use]
pub fn page(ask: &Ask, tab: Option<Tab>, title: &str, body: Markup) -> Markup {
    let speech = ask.speech();
    let title = if ask.fields.is_sound() { title.to_owned() } else { speech.tell("title-error", "title", title) };
    let who = ask.house.who();
    document(
        ask.looks,
        &title,
        html! {
            a.skip href="#main" { (speech.say("skip")) }
            header.top {
                a.brand href="/" { img src=(assets::MARK.path()) alt="" width="32" height="32"; span { (speech.say("name")) } }
                p.who { strong { (who.worker) } span { (who.device) } }
                (status(ask))
            }
            nav.tabs aria-label=(speech.say("nav")) {
                ul {
                    @for (of, href, label) in TABS.into_iter().filter(|(of, ..)| who.is_desk || !OF_DESKS.contains(of)) {
                        li { a href=(href) aria-current=[(tab == Some(of)).then_some("page")] { (speech.say(label)) } }
                    }
                }
            }
            main id="main" tabindex="-1" {
                @if let Some(notice) = &ask.notice {
                    p.notice role="status" { (speech.message(notice)) }
                }
                (body)
            }
            footer.foot {
                (switches(ask))
                form method="post" action="/leave" { (token(ask)) button.quiet { (speech.say("leave")) } }
            }
        },
    )
}

/// The whole document around a body.
#[must_use]
pub fn document(looks: Looks, title: &str, body: Markup) -> Markup {
    let speech = looks.speech;
    html! {
        (DOCTYPE)
        html lang=(speech.language.tag()) data-light=(looks.light.as_str()) {
            head {
                meta charset="utf-8";
                title { (title) " · " (speech.say("name")) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content=(match looks.light { Light::Auto => "light dark", Light::Day => "light", Light::Night => "dark" });
                link rel="stylesheet" href=(assets::STYLE.path());
                link rel="icon" href=(assets::MARK.path()) type="image/svg+xml";
                script src=(assets::SCRIPT.path()) defer {}
            }
            body { (body) }
        }
    }
}

/// The hidden token of a form.
#[must_use]
pub fn token(ask: &Ask) -> Markup {
    html! { input type="hidden" name=(TOKEN_FIELD) value=(ask.token); }
}

fn switches(ask: &Ask) -> Markup {
    let speech = ask.speech();
    html! {
        form.switch method="post" action="/looks" {
            (token(ask))
            input type="hidden" name="back" value=(ask.path);
            fieldset {
                legend { (speech.say("language")) }
                @for language in [Language::English, Language::Welsh] {
                    button name="language" value=(language.tag()) lang=(language.tag())
                        aria-pressed=(if speech.language == language { "true" } else { "false" })
                        { (speech.say(match language { Language::English => "language-english", Language::Welsh => "language-welsh" })) }
                }
            }
            fieldset {
                legend { (speech.say("light")) }
                @for (light, label) in [(Light::Auto, "light-auto"), (Light::Day, "light-day"), (Light::Night, "light-night")] {
                    button name="light" value=(light.as_str()) aria-pressed=(if ask.looks.light == light { "true" } else { "false" })
                        { (speech.say(label)) }
                }
            }
        }
    }
}

/// How sync stands, in words, with the switch for the signal where there is one. The script fetches it anew.
#[must_use]
pub fn status(ask: &Ask) -> Markup {
    let speech = ask.speech();
    let stand = Stand::of(&ask.house, speech, ask.now());
    html! {
        div.status id="status" data-live="/status" {
            a class={"pill " (stand.tone)} href="/health" {
                span.dot aria-hidden="true" {}
                span { (stand.words) }
            }
            @if let Some(signal) = &ask.house.signal {
                form method="post" action="/signal" {
                    (token(ask))
                    input type="hidden" name="back" value=(if ask.path == "/status" { "/" } else { &ask.path });
                    @if signal.is_on() {
                        button.signal name="signal" value="cut" { (speech.say("signal-cut")) }
                    } @else {
                        button.signal.cut name="signal" value="on" { (speech.say("signal-on")) }
                    }
                }
            }
        }
    }
}

/// How sync stands.
pub struct Stand {
    /// In one line.
    pub words: String,
    /// `good`, `busy`, `waiting` or `alarm`.
    pub tone: &'static str,
}

impl Stand {
    /// Of this device, now.
    #[must_use]
    pub fn of(house: &House, speech: Speech, now: Millis) -> Self {
        let unsent = house.unsent_homes();
        let Some(network) = &house.network else {
            return Self { words: speech.tell("status-no-network", "n", unsent), tone: "waiting" };
        };
        let status = network.status();
        let contact = status.caught_up.map_or_else(|| speech.say("contact-none"), |at| speech.moment(at, now));
        let with = |id: &str| speech.tell_all(id, &[("n", Arg::from(unsent)), ("contact", Arg::Text(contact.clone()))]);
        match status.activity {
            Activity::Stopped { .. } => Self { words: speech.say("status-stopped"), tone: "alarm" },
            Activity::Waiting { .. } if unsent == 0 => Self { words: with("status-offline"), tone: "waiting" },
            Activity::Waiting { .. } => Self { words: with("status-offline-unsent"), tone: "waiting" },
            Activity::Opening | Activity::Exchanging => Self { words: speech.say("status-syncing"), tone: "busy" },
            Activity::Resting if unsent > 0 => Self { words: with("status-unsent"), tone: "waiting" },
            Activity::Resting => Self { words: with("status-good"), tone: "good" },
        }
    }
}

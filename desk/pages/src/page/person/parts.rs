//! What can be recorded of a person, part by part: which row it is, and how each of its fields is asked for. The fields of a form
//! are those of the row, under names that have labels.

use doorstep_client_core::records::communication::{NeedKind, ShareScope};
use doorstep_client_core::records::function::{Constancy, Doing, Level, NoteKind, SaidBy};
use doorstep_client_core::records::identity::Channel;
use doorstep_client_core::records::network::{ProxyEvidence, ProxyKind, Relation};

/// How a field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line, of so many characters at most.
    Line(usize),
    /// Some lines.
    Lines(usize),
    /// One of a few codes: the family of their words, and the codes.
    Chips(&'static str, &'static [&'static str]),
    /// One of many codes.
    Select(&'static str, &'static [&'static str]),
    /// A whole number within limits.
    Figure(i64, i64),
    /// A day.
    Day,
    /// Yes, no, or neither: not known.
    YesNo,
}

/// Whether a part can do without a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It cannot.
    Needed,
    /// It can.
    Optional,
}

/// A field of a form, and the field of the row behind it.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// Its name in the form; `field-<name>` is its label.
    pub name: &'static str,
    /// Its name in the row.
    pub field: &'static str,
    /// How it is asked for.
    pub kind: Kind,
    /// Whether it must be filled.
    pub need: Need,
}

const fn needed(name: &'static str, field: &'static str, kind: Kind) -> Input {
    Input { name, field, kind, need: Need::Needed }
}

const fn may(name: &'static str, field: &'static str, kind: Kind) -> Input {
    Input { name, field, kind, need: Need::Optional }
}

/// A part of what is known of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Who they are.
    Person,
    /// How to reach them.
    Contact,
    /// Their language.
    Language,
    /// What they need so that they understand and are understood.
    Need,
    /// What they can do.
    Ability,
    /// A note, on mental capacity for one decision among others.
    Note,
    /// Who lives there, in numbers.
    Household,
    /// Somebody else in the home.
    Member,
    /// Somebody important to them.
    Important,
    /// Somebody who may speak for them.
    Proxy,
    /// A service that knows them.
    Professional,
}

impl Part {
    /// All.
    pub const ALL: [Self; 11] = [
        Self::Person,
        Self::Contact,
        Self::Language,
        Self::Need,
        Self::Ability,
        Self::Note,
        Self::Household,
        Self::Member,
        Self::Important,
        Self::Proxy,
        Self::Professional,
    ];

    /// As addresses have it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Contact => "contact",
            Self::Language => "language",
            Self::Need => "need",
            Self::Ability => "ability",
            Self::Note => "note",
            Self::Household => "household",
            Self::Member => "member",
            Self::Important => "important",
            Self::Proxy => "proxy",
            Self::Professional => "professional",
        }
    }

    /// The message that names it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Person => "part-person",
            Self::Contact => "part-contact",
            Self::Language => "part-language",
            Self::Need => "part-need",
            Self::Ability => "part-ability",
            Self::Note => "part-note",
            Self::Household => "part-household",
            Self::Member => "part-member",
            Self::Important => "part-important",
            Self::Proxy => "part-proxy",
            Self::Professional => "part-professional",
        }
    }

    /// Whether a person has one of it and no more: it is changed, not added to.
    #[must_use]
    pub const fn is_single(self) -> bool {
        matches!(self, Self::Person | Self::Language | Self::Household)
    }

    /// Its fields, in the order of the form.
    #[must_use]
    pub const fn inputs(self) -> &'static [Input] {
        use Kind::{Chips, Day, Figure, Line, Lines, Select, YesNo};
        match self {
            Self::Person => {
                const {
                    &[
                        needed("preferred_name", "preferred_name", Line(200)),
                        may("forename", "forename", Line(120)),
                        may("middle_names", "middle_names", Line(200)),
                        may("surname", "surname", Line(120)),
                        may("title", "title", Line(40)),
                        may("pronouns", "pronouns", Line(60)),
                        may("born", "born", Day),
                    ]
                }
            }
            Self::Contact => {
                const {
                    &[
                        needed("channel", "channel", Chips("channel", Channel::CODES)),
                        needed("contact_value", "value", Line(200)),
                        may("whose", "whose", Line(120)),
                        may("purpose", "purpose", Line(120)),
                        may("preference", "preference", Figure(1, 99)),
                        may("contact_when", "when", Line(200)),
                        may("contact_safe", "safe", YesNo),
                        may("ended_on", "ended_on", Day),
                    ]
                }
            }
            Self::Language => {
                const {
                    &[
                        may("spoken", "spoken", Select("tongue", TONGUES)),
                        may("written", "written", Select("tongue", TONGUES)),
                        may("interpreter", "interpreter", YesNo),
                        may("interpreter_language", "interpreter_language", Line(60)),
                    ]
                }
            }
            Self::Need => {
                const {
                    &[
                        needed("need_kind", "kind", Chips("need-kind", NeedKind::CODES)),
                        may("detail", "detail", Line(500)),
                        may("share", "share", Chips("share", ShareScope::CODES)),
                        may("from", "from", Day),
                        may("to", "to", Day),
                    ]
                }
            }
            Self::Ability => {
                const {
                    &[
                        needed("doing", "what", Chips("doing", Doing::CODES)),
                        needed("level", "level", Chips("level", Level::CODES)),
                        may("constancy", "constancy", Chips("constancy", Constancy::CODES)),
                        may("said_by", "said_by", Chips("said-by", SaidBy::CODES)),
                        may("detail", "detail", Lines(1_000)),
                        may("from", "from", Day),
                        may("to", "to", Day),
                    ]
                }
            }
            Self::Note => {
                const {
                    &[
                        needed("note_kind", "kind", Chips("note-kind", NoteKind::CODES)),
                        needed("note_text", "text", Lines(4_000)),
                        may("capacity_decision", "decision", Line(300)),
                        may("support", "support", Lines(1_000)),
                        may("assessed_by", "assessed_by", Line(120)),
                    ]
                }
            }
            Self::Household => {
                const {
                    &[
                        may("adults", "adults", Figure(0, 100)),
                        may("children", "children", Figure(0, 100)),
                        may("lives_alone", "lives_alone", YesNo),
                        may("live_in_carer", "live_in_carer", YesNo),
                        may("pets", "pets", Line(200)),
                        may("note", "note", Lines(1_000)),
                    ]
                }
            }
            Self::Member => {
                const {
                    &[
                        may("name", "name", Line(200)),
                        needed("relation", "relation", Chips("relation", Relation::CODES)),
                        may("born_year", "born_year", Figure(1880, 2200)),
                        may("note", "note", Line(500)),
                        may("from", "from", Day),
                        may("to", "to", Day),
                    ]
                }
            }
            Self::Important => {
                const {
                    &[
                        needed("name", "name", Line(200)),
                        may("relation", "relation", Chips("relation", Relation::CODES)),
                        may("phone", "phone", Line(60)),
                        may("email", "email", Line(200)),
                        may("emergency_contact", "emergency_contact", YesNo),
                        may("key_holder", "key_holder", YesNo),
                        may("next_of_kin", "next_of_kin", YesNo),
                        may("main_carer", "main_carer", YesNo),
                        may("preference", "preference", Figure(1, 99)),
                        may("told", "told", YesNo),
                        may("note", "note", Line(500)),
                        may("ended_on", "ended_on", Day),
                    ]
                }
            }
            Self::Proxy => {
                const {
                    &[
                        needed("name", "name", Line(200)),
                        needed("proxy_kind", "kind", Select("proxy-kind", ProxyKind::CODES)),
                        needed("proxy_scope", "scope", Line(500)),
                        needed("proxy_evidence", "evidence", Chips("proxy-evidence", ProxyEvidence::CODES)),
                        may("reference", "reference", Line(120)),
                        may("checked_on", "checked_on", Day),
                        may("reach", "contact", Line(200)),
                        may("from", "from", Day),
                        may("until", "until", Day),
                        may("ended_on", "ended_on", Day),
                    ]
                }
            }
            Self::Professional => {
                const {
                    &[
                        needed("service", "service", Line(120)),
                        may("their_role", "role", Line(120)),
                        may("name", "name", Line(200)),
                        may("reach", "contact", Line(200)),
                        may("last_involved", "last_involved", Day),
                        may("ended_on", "ended_on", Day),
                    ]
                }
            }
        }
    }
}

/// Languages that are offered; any other that is recorded stays.
const TONGUES: &[&str] = &["en", "cy", "pl", "ur", "bn", "ar", "so", "tr", "ro", "pa", "bfi"];

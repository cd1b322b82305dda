//! Which of several concurrent values is the more cautious, as one table.
//!
//! Visitors and crews are shown the more cautious value until somebody reconciles it, and are told that it is disputed. The
//! back office sees all values. A field without a rule shows what Automerge shows, marked as disputed all the same.

use doorstep_protocol::Class;

use super::value::Value;

/// How the values of a field compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caution {
    /// No order: the value that Automerge shows.
    Unordered,
    /// These codes, the most cautious first; a code of a newer version before all.
    Ranked(&'static [&'static str]),
    /// The largest number or latest day.
    Highest,
    /// The smallest number or earliest day.
    Lowest,
    /// Yes before no.
    Yes,
    /// No before yes.
    No,
    /// The field marks an end: not ended before ended. Two endings are no dispute.
    StillOpen,
    /// What protects somebody: yes before no, and a day before none, for everybody until a person reverses it knowingly.
    Protects,
    /// The field marks an end that holds against whoever did not know of it: ended before not ended. Two endings are no
    /// dispute: the earlier counts.
    EndHolds,
    /// The earliest moment, or smallest number, holds for everybody and never moves later: no dispute, no choice.
    EarliestHolds,
}

const EXITS: Caution = Caution::Ranked(&["blocked", "restricted", "clear"]);

const RULES: &[(Class, &str, &str, Caution)] = &[
    (Class::Index, "property", "standing", Caution::Ranked(&["standing"])),
    (Class::Index, "flags", "ended_at", Caution::StillOpen),
    (Class::Index, "flags", "expires", Caution::Highest),
    (Class::Index, "flags", "review_due", Caution::Lowest),
    (Class::Index, "flags", "person_told", Caution::No),
    (Class::Index, "flags", "source_log", Caution::EarliestHolds),
    (Class::Home, "dwelling", "main_exit", EXITS),
    (Class::Home, "dwelling", "telecare", Caution::Ranked(&["none", "present", "linked-to-detection"])),
    (Class::Home, "dwelling", "sprinkler", Caution::Ranked(&["absent", "present"])),
    (Class::Home, "dwelling", "people_inside", Caution::Highest),
    (Class::Home, "dwelling", "floor", Caution::Highest),
    (Class::Home, "dwelling", "storeys", Caution::Highest),
    (Class::Home, "dwelling", "lift", Caution::No),
    (Class::Home, "dwelling", "key_safe", Caution::No),
    (Class::Home, "hazards", "severity", Caution::Ranked(&["emergency", "high", "medium", "low"])),
    (Class::Home, "hazards", "scope", Caution::Ranked(&["building", "common-part", "curtilage", "street", "dwelling"])),
    (Class::Home, "hazards", "state", Caution::Ranked(&["open", "disputed", "action-agreed", "made-safe", "resolved"])),
    (Class::Home, "hazards", "confidence", Caution::Ranked(&["sure", "likely", "unsure"])),
    (Class::Home, "hazards", "aware_at", Caution::EarliestHolds),
    (Class::Home, "hazards", "observed_at", Caution::Lowest),
    (Class::Home, "hazards", "review_due", Caution::Lowest),
    (Class::Home, "hazards", "investigated_at", Caution::Lowest),
    (Class::Home, "hazards", "safety_work_identified_at", Caution::Lowest),
    (Class::Home, "equipment", "state", Caution::Ranked(&["faulty", "in-use", "not-in-use", "removed"])),
    (Class::Home, "equipment", "safe_load_kg", Caution::Lowest),
    (Class::Home, "equipment", "service_due", Caution::Lowest),
    (
        Class::Home,
        "adaptations",
        "status",
        Caution::Ranked(&["declined", "removed", "recommended", "agreed", "ordered", "installed"]),
    ),
    (Class::Home, "clutter", "rating", Caution::Highest),
    (Class::Home, "clutter", "anchored", Caution::No),
    (Class::Home, "clutter", "exit", EXITS),
    (Class::Home, "alarms", "state", Caution::Ranked(&["faulty", "none", "present", "tested", "replaced"])),
    (Class::Home, "alarms", "expires", Caution::Lowest),
    (Class::Home, "visits", "state", Caution::Ranked(&["draft", "returned", "submitted", "reconciled"])),
    (Class::Home, "alerts", "ended_on", Caution::StillOpen),
    (Class::Fire, "facts", "withdrawn_at", Caution::StillOpen),
    (Class::Fire, "facts", "as_of", Caution::Lowest),
    (Class::Fire, "facts", "source_log", Caution::EarliestHolds),
    (Class::Identity, "person", "died", Caution::Protects),
    (Class::Identity, "person", "address_protected", Caution::Protects),
    (Class::Identity, "contacts", "safe", Caution::No),
    (Class::Identity, "occupancies", "to", Caution::StillOpen),
    (Class::Identity, "occupancies", "moved", Caution::Protects),
    (Class::Identity, "contacts", "ended_on", Caution::StillOpen),
    (Class::Communication, "language", "interpreter", Caution::Yes),
    (Class::Communication, "needs", "share", Caution::Ranked(&["recorder-only", "care", "everyone"])),
    (Class::Communication, "needs", "to", Caution::StillOpen),
    (Class::Function, "abilities", "level", Caution::Ranked(&["cannot", "with-help", "with-equipment", "independent"])),
    (Class::Function, "abilities", "constancy", Caution::Ranked(&["fluctuating", "temporary", "constant"])),
    (Class::Function, "abilities", "to", Caution::StillOpen),
    (Class::Function, "abilities", "certainty", Caution::Ranked(&["sure", "likely", "unsure"])),
    (Class::Function, "conditions", "to", Caution::StillOpen),
    (
        Class::Function,
        "evacuation",
        "assistance",
        Caution::Ranked(&["several-or-equipment", "one-person", "warning", "none"]),
    ),
    (Class::Function, "evacuation", "floor", Caution::Highest),
    (Class::Function, "evacuation", "ended_on", Caution::StillOpen),
    (Class::Network, "household", "adults", Caution::Highest),
    (Class::Network, "household", "children", Caution::Highest),
    (Class::Network, "people", "ended_on", Caution::StillOpen),
    (Class::Network, "professionals", "ended_on", Caution::StillOpen),
    // Whose right to speak is in doubt does not speak.
    (Class::Network, "proxies", "ended_on", Caution::EndHolds),
    (Class::Network, "proxies", "until", Caution::Lowest),
    (
        Class::Network,
        "proxies",
        "evidence",
        Caution::Ranked(&["proxy-said", "person-said", "document-seen", "register-checked"]),
    ),
    (Class::Network, "consents", "decision", Caution::Ranked(&["refused", "given"])),
    (Class::Network, "consents", "withdrawn_at", Caution::EndHolds),
    (Class::Network, "consents", "expires", Caution::Lowest),
    (Class::HealthId, "number", "status", Caution::Ranked(&["05", "04", "03", "02", "06", "08", "07", "01"])),
    (Class::Protected, "concerns", "ended_on", Caution::StillOpen),
    (Class::Protected, "concerns", "review_on", Caution::Lowest),
    (Class::Protected, "links", "to", Caution::StillOpen),
    (Class::Sealed, "violence", "ended_on", Caution::StillOpen),
    (Class::Sealed, "violence", "review_on", Caution::Lowest),
    (Class::Sealed, "entries", "ended_on", Caution::StillOpen),
    (Class::Sealed, "pointers", "ended_on", Caution::StillOpen),
    (Class::Sealed, "reasons", "ended_on", Caution::StillOpen),
    (
        Class::Register,
        "disclosures",
        "decision",
        Caution::Ranked(&["refused", "withdrawn", "pending", "partly-given", "given"]),
    ),
    (Class::Register, "allocations", "ended_on", Caution::EndHolds),
    (Class::Register, "allocations", "good_until", Caution::Lowest),
    (Class::Register, "agreements", "ended_on", Caution::EndHolds),
    (Class::Register, "agreements", "until", Caution::Lowest),
    (Class::Register, "requests", "due", Caution::Lowest),
    (
        Class::Register,
        "requests",
        "state",
        Caution::Ranked(&["open", "in-progress", "waiting", "refused", "answered", "withdrawn"]),
    ),
];

/// Every field that has a rule.
pub fn ruled() -> impl Iterator<Item = (Class, &'static str, &'static str)> {
    RULES.iter().map(|(class, collection, field, _)| (*class, *collection, *field))
}

/// The rule of a field.
#[must_use]
pub fn rule(class: Class, collection: &str, field: &str) -> Caution {
    RULES
        .iter()
        .find(|(of, section, name, _)| *of == class && *section == collection && *name == field)
        .map_or(Caution::Unordered, |(.., caution)| *caution)
}

impl Caution {
    /// The most cautious of `values`, which come in the order that Automerge shows them.
    #[must_use]
    pub fn most_cautious<'v>(self, values: impl Iterator<Item = &'v Value> + Clone) -> Option<&'v Value> {
        let said = values.clone().filter(|value| value.is_said());
        let first = values.clone().next();
        match self {
            Self::Unordered => first,
            Self::Ranked(order) => said
                .min_by_key(|value| {
                    let code = value.as_text().unwrap_or_default();
                    // 0 is left for codes of a newer version.
                    order.iter().position(|known| *known == code).map_or(0, |at| at + 1)
                })
                .or(first),
            Self::Highest => said.max().or(first),
            Self::Lowest | Self::EarliestHolds | Self::EndHolds => said.min().or(first),
            Self::Protects => said.clone().find(|value| **value == Value::Truth(true)).or_else(|| said.min()).or(first),
            Self::Yes => said.max().or(first),
            Self::No => said.min().or(first),
            Self::StillOpen => {
                let mut all = values;
                all.find(|value| !value.is_said()).or_else(|| said.max()).or(first)
            }
        }
    }

    /// Whether the same value holds for visitors and for the back office.
    #[must_use]
    pub const fn holds_for_everybody(self) -> bool {
        matches!(self, Self::EarliestHolds | Self::EndHolds | Self::Protects)
    }

    /// Whether concurrent values are a dispute that somebody has to settle.
    #[must_use]
    pub fn is_dispute<'v>(self, mut values: impl Iterator<Item = &'v Value>) -> bool {
        let Some(first) = values.next() else { return false };
        match self {
            Self::EarliestHolds | Self::EndHolds => false,
            Self::StillOpen => values.any(|value| value.is_said() != first.is_said()),
            _ => values.any(|value| value != first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Collections as _;

    #[test]
    fn every_rule_names_a_collection_of_its_class() {
        for (class, collection, field, _) in RULES {
            assert!(class.container(collection).is_some(), "{class}/{collection}/{field}");
        }
    }

    #[test]
    fn a_code_of_a_newer_version_is_shown_before_the_known_ones() {
        let values = [Value::Text("high".into()), Value::Text("extreme".into())];
        let severity = rule(Class::Home, "hazards", "severity");
        assert_eq!(severity.most_cautious(values.iter()), Some(&values[1]));
    }

    #[test]
    fn an_ending_yields_to_still_open() {
        let values = [Value::Moment(doorstep_protocol::Millis(5)), Value::Cleared];
        assert_eq!(Caution::StillOpen.most_cautious(values.iter()), Some(&Value::Cleared));
        assert!(Caution::StillOpen.is_dispute(values.iter()));
        let both = [Value::Moment(doorstep_protocol::Millis(5)), Value::Moment(doorstep_protocol::Millis(6))];
        assert!(!Caution::StillOpen.is_dispute(both.iter()));
    }
}

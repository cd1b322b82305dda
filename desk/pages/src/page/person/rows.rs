//! The rows of a person in words, one line each.

use doorstep_client_core::records::Date;
use doorstep_client_core::records::function::{Condition, Note};
use doorstep_client_core::records::identity::Contact;
use doorstep_client_core::records::network::{Consent, Household, Important, Member, Professional, Proxy};

use crate::view::facts::join;
use crate::words::Speech;

fn until(speech: Speech, day: Option<&Date>) -> Option<String> {
    day.map(|day| speech.tell("ended-on", "day", speech.day(day.as_str())))
}

/// A way to reach somebody.
pub(super) fn contact(speech: Speech, row: &Contact) -> String {
    join([
        row.channel.as_ref().map(|code| speech.code("channel", code.as_str())),
        row.value.clone(),
        row.whose.clone(),
        row.purpose.clone(),
        row.when.clone(),
        (row.safe == Some(false)).then(|| speech.say("contact-not-safe")),
        until(speech, row.ended_on.as_ref()),
    ])
}

/// Who lives there, in numbers.
pub(super) fn household(speech: Speech, row: &Household) -> String {
    join([
        row.adults.map(|count| speech.tell("household-adults", "n", count)),
        row.children.map(|count| speech.tell("household-children", "n", count)),
        (row.lives_alone == Some(true)).then(|| speech.say("household-alone")),
        (row.live_in_carer == Some(true)).then(|| speech.say("household-carer")),
        row.pets.clone(),
        row.note.clone(),
    ])
}

/// Somebody else in the home.
pub(super) fn member(speech: Speech, row: &Member) -> String {
    join([
        row.name.clone(),
        row.relation.as_ref().map(|code| speech.code("relation", code.as_str())),
        row.born_year.map(|year| speech.tell("born-on", "day", year.to_string())),
        row.note.clone(),
        until(speech, row.to.as_ref()),
    ])
}

/// Somebody important to the person.
pub(super) fn important(speech: Speech, row: &Important) -> String {
    let role = |holds: Option<bool>, id: &str| (holds == Some(true)).then(|| speech.say(id));
    join([
        row.name.clone(),
        row.relation.as_ref().map(|code| speech.code("relation", code.as_str())),
        role(row.emergency_contact, "role-emergency"),
        role(row.key_holder, "role-key"),
        role(row.next_of_kin, "role-next-of-kin"),
        role(row.main_carer, "role-carer"),
        row.phone.clone(),
        row.email.clone(),
        row.note.clone(),
        until(speech, row.ended_on.as_ref()),
    ])
}

/// Somebody who may speak for the person; who may no longer is said to.
pub(super) fn proxy(speech: Speech, row: &Proxy, today: &Date) -> String {
    join([
        row.name.clone(),
        (!row.holds(today)).then(|| speech.say("proxy-over")),
        row.kind.as_ref().map(|code| speech.code("proxy-kind", code.as_str())),
        row.scope.as_ref().map(|scope| speech.tell("proxy-about", "scope", scope.as_str())),
        row.evidence.as_ref().map(|code| speech.code("proxy-evidence", code.as_str())),
        row.contact.clone(),
        row.until.as_ref().map(|day| speech.tell("proxy-until", "day", speech.day(day.as_str()))),
    ])
}

/// A service that knows the person.
pub(super) fn professional(speech: Speech, row: &Professional) -> String {
    join([
        row.service.clone(),
        row.role.clone(),
        row.name.clone(),
        row.contact.clone(),
        row.last_involved.as_ref().map(|day| speech.tell("last-involved", "day", speech.day(day.as_str()))),
        until(speech, row.ended_on.as_ref()),
    ])
}

/// A condition, with who says so.
pub(super) fn condition(speech: Speech, row: &Condition) -> String {
    join([
        row.name.clone(),
        row.snomed.clone(),
        row.said_by.as_ref().map(|code| speech.code("condition-source", code.as_str())),
        row.certainty.as_ref().map(|code| speech.code("confidence", code.as_str())),
        until(speech, row.to.as_ref()),
    ])
}

/// A note.
pub(super) fn note(speech: Speech, row: &Note) -> String {
    join([
        row.kind.as_ref().map(|code| speech.code("note-kind", code.as_str())),
        row.decision.clone(),
        row.text.clone(),
        row.support.clone(),
        row.assessed_by.clone(),
    ])
}

/// What the person was asked: how, by which wording, and whom to ask instead.
pub(super) fn consent(speech: Speech, row: &Consent) -> String {
    let answer = match (&row.withdrawn_at, &row.decision) {
        (Some(_), _) => Some(speech.say("agreement-withdrawn")),
        (None, decision) => decision.as_ref().map(|code| speech.code("consent-decision", code.as_str())),
    };
    join([
        row.scope.as_ref().map(|code| speech.code("consent-scope", code.as_str())),
        answer,
        row.method.as_ref().map(|code| speech.code("consent-method", code.as_str())),
        row.wording.as_ref().map(|wording| speech.tell("consent-wording", "wording", wording.as_str())),
        row.evidence.clone(),
        row.expires.as_ref().map(|day| speech.tell("consent-until", "day", speech.day(day.as_str()))),
        row.contact.as_ref().map(|contact| speech.tell("flag-ask-only", "contact", contact.as_str())),
        row.withdrawn_by.as_ref().map(|who| speech.tell("consent-withdrawn-by", "who", who.as_str())),
    ])
}

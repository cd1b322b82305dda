//! Rows of the class `network`: who lives there, who matters to the person, who may speak for them, who knows them, and what
//! they agreed to.

use doorstep_protocol::Millis;

use super::Source;
use super::row::{choice, row};
use super::value::FieldError;
use super::words::{Date, RowId};

row! {
    /// Who lives in the home, in numbers: names are optional and stand in the members.
    struct Household in Network "household" Edited {
        /// Grown-ups, the person included.
        adults: i64 [Within(0, 100)],
        /// Children.
        children: i64 [Within(0, 100)],
        /// The person lives alone.
        lives_alone: bool,
        /// Somebody who cares for the person lives in.
        live_in_carer: bool,
        /// Pets, in words.
        pets: String [Chars(200)],
        /// More.
        note: String [Chars(1_000)],
        /// When it was seen or said.
        observed_at: Millis,
        /// How it is known.
        source: Source,
    }
}

choice! {
    /// What somebody is to the person.
    enum Relation {
        /// Husband, wife, partner.
        Partner = "partner",
        /// Parent.
        Parent = "parent",
        /// Son or daughter.
        Child = "child",
        /// Brother or sister.
        Sibling = "sibling",
        /// Another relative.
        Relative = "relative",
        /// Friend.
        Friend = "friend",
        /// Neighbour.
        Neighbour = "neighbour",
        /// Carer.
        Carer = "carer",
        /// Lodger or flatmate.
        Lodger = "lodger",
        /// Something else: see the note.
        Unlisted = "unlisted",
    }
}

row! {
    /// Somebody else in the home.
    struct Member in Network "members" Edited {
        /// The name, if the person wants it recorded.
        name: String [Chars(200)],
        /// What they are to the person.
        relation: Relation,
        /// Year of birth, or about.
        born_year: i64 [Within(1880, 2200)],
        /// More: what a visitor must know.
        note: String [Chars(500)],
        /// Since when.
        from: Date,
        /// Until when.
        to: Date,
        /// How it is known.
        source: Source,
    }
}

row! {
    /// Somebody important to the person.
    struct Important in Network "people" Edited, check(important_can_be_named) {
        /// The name.
        name: String [Chars(200)],
        /// What they are to the person.
        relation: Relation,
        /// Telephone number.
        phone: String [Chars(60)],
        /// Email.
        email: String [Chars(200)],
        /// To be called in an emergency.
        emergency_contact: bool,
        /// Holds a key.
        key_holder: bool,
        /// Next of kin, in the person's own words.
        next_of_kin: bool,
        /// Cares for the person more than others do.
        main_carer: bool,
        /// Order in which to try them, 1 first.
        preference: i64 [Within(1, 99)],
        /// When they can be reached, and more.
        note: String [Chars(500)],
        /// They know that they are recorded here.
        told: bool,
        /// Until when.
        ended_on: Date,
        /// How it is known.
        source: Source,
    }
}

fn important_can_be_named(row: &Important) -> Result<(), FieldError> {
    if row.name.is_some() || row.relation.is_some() {
        return Ok(());
    }
    Err(FieldError::new("name", "somebody important has a name or a relation", "say who it is"))
}

choice! {
    /// What lets somebody speak for the person.
    enum ProxyKind {
        /// Lasting power of attorney, health and welfare.
        AttorneyWelfare = "attorney-welfare",
        /// Lasting power of attorney, property and money.
        AttorneyProperty = "attorney-property",
        /// Deputy of the court, welfare.
        DeputyWelfare = "deputy-welfare",
        /// Deputy of the court, property and money.
        DeputyProperty = "deputy-property",
        /// Appointee for benefits.
        Appointee = "appointee",
        /// Advocate.
        Advocate = "advocate",
        /// Parent of a child.
        ParentalResponsibility = "parental-responsibility",
        /// The person asked them to, in their own words.
        Informal = "informal",
    }
}

choice! {
    /// What was seen that proves it.
    enum ProxyEvidence {
        /// The paper itself, registered or sealed by the court.
        DocumentSeen = "document-seen",
        /// The register of the public guardian was asked.
        RegisterChecked = "register-checked",
        /// The person said so.
        PersonSaid = "person-said",
        /// Nothing: the proxy said so.
        ProxySaid = "proxy-said",
    }
}

row! {
    /// Somebody who may speak for the person: about what, on what evidence, until when.
    struct Proxy in Network "proxies" Edited, check(proxy_is_whole) {
        /// The name.
        name: String [Chars(200)],
        /// What lets them.
        kind: ProxyKind,
        /// About what.
        scope: String [Chars(500)],
        /// What proves it.
        evidence: ProxyEvidence,
        /// Reference of the paper or of the register.
        reference: String [Chars(120)],
        /// When the evidence was looked at.
        checked_on: Date,
        /// How to reach them.
        contact: String [Chars(200)],
        /// Since when.
        from: Date,
        /// Until when it holds, as far as is known.
        until: Date,
        /// When it ended.
        ended_on: Date,
        /// How it is known.
        source: Source,
    }
}

fn proxy_is_whole(row: &Proxy) -> Result<(), FieldError> {
    if row.name.is_some() && row.kind.is_some() && row.scope.is_some() && row.evidence.is_some() {
        return Ok(());
    }
    Err(FieldError::new(
        "scope",
        "a proxy has a name, a kind, a scope and evidence",
        "say who speaks, by what right, about what, and what you saw of it",
    ))
}

impl Proxy {
    /// Whether somebody may speak for the person on a day, as far as this row says.
    #[must_use]
    pub fn holds(&self, today: &Date) -> bool {
        let is_over = |day: &Option<Date>| day.as_ref().is_some_and(|day| day < today);
        !is_over(&self.until) && !is_over(&self.ended_on) && self.from.as_ref().is_none_or(|day| day <= today)
    }
}

row! {
    /// A service that knows the person: the index card that teams who share care ask for.
    struct Professional in Network "professionals" Edited, check(professional_is_of_a_service) {
        /// The service.
        service: String [Chars(120)],
        /// Their role.
        role: String [Chars(120)],
        /// The name.
        name: String [Chars(200)],
        /// How to reach them.
        contact: String [Chars(200)],
        /// When they were last involved.
        last_involved: Date,
        /// Until when.
        ended_on: Date,
        /// How it is known.
        source: Source,
    }
}

fn professional_is_of_a_service(row: &Professional) -> Result<(), FieldError> {
    if row.service.is_some() {
        return Ok(());
    }
    Err(FieldError::new("service", "names the service", "say which service knows the person"))
}

choice! {
    /// What is agreed to, or not.
    enum ConsentScope {
        /// What the person can do is told to fire crews and visitors of the fire service.
        ShareWithFire = "share-with-fire",
        /// The four facts of a personal emergency evacuation plan go to the fire authority.
        EvacuationPlan = "evacuation-plan",
        /// Told to the landlord.
        ShareWithLandlord = "share-with-landlord",
        /// Told to health services.
        ShareWithHealth = "share-with-health",
        /// Told to charities and volunteers.
        ShareWithVolunteers = "share-with-volunteers",
        /// Told to the person's carer or family.
        ShareWithFamily = "share-with-family",
        /// Photographs of the home.
        Photographs = "photographs",
        /// Being called or written to afterwards.
        FollowUpContact = "follow-up-contact",
    }
}

choice! {
    /// How somebody answered.
    enum ConsentDecision {
        /// Agreed.
        Given = "given",
        /// Did not agree.
        Refused = "refused",
    }
}

choice! {
    /// How it was asked and answered.
    enum ConsentMethod {
        /// In speech, face to face.
        Spoken = "spoken",
        /// By telephone.
        Phone = "phone",
        /// On paper, signed.
        Signed = "signed",
        /// On a screen.
        Electronic = "electronic",
        /// By a proxy who may.
        Proxy = "proxy",
    }
}

row! {
    /// What the person agreed to or refused: never both, and a withdrawal stands beside what it ends.
    struct Consent in Network "consents" Edited, check(consent_is_whole) {
        /// To what.
        scope: ConsentScope,
        /// The answer.
        decision: ConsentDecision,
        /// When it was given.
        decided_at: Millis,
        /// How.
        method: ConsentMethod,
        /// The proxy who answered, by row.
        proxy: RowId,
        /// What shows it: where the paper is, who was there.
        evidence: String [Chars(500)],
        /// The wording that was read out: its name and version.
        wording: String [Chars(120)],
        /// Whom to ask instead, where it was refused or withdrawn: never a dead end.
        contact: String [Chars(200)],
        /// Until when it was given.
        expires: Date,
        /// When it was withdrawn.
        withdrawn_at: Millis,
        /// How it was withdrawn.
        withdrawn_how: ConsentMethod,
        /// Who wrote the withdrawal down, in what role.
        withdrawn_by: String [Chars(120)],
        /// How it is known.
        source: Source,
        /// The visit; of somebody whose address is protected it is not said.
        visit: RowId,
        /// The refusal or withdrawal that this yes knew of, by row: a yes that did not know of it does not undo it.
        after: RowId,
    }
}

fn consent_is_whole(row: &Consent) -> Result<(), FieldError> {
    if row.scope.is_none() || row.decision.is_none() || row.decided_at.is_none() || row.method.is_none() {
        return Err(FieldError::new(
            "decision",
            "consent says to what, the answer, when and how",
            "fill in scope, decision, time and method",
        ));
    }
    if row.method == Some(ConsentMethod::Proxy) && row.proxy.is_none() {
        return Err(FieldError::new(
            "proxy",
            "names the proxy who answered",
            "record the proxy first, and choose them",
        ));
    }
    if row.decision == Some(ConsentDecision::Given) && row.wording.is_none() {
        return Err(FieldError::new(
            "wording",
            "names the wording that was agreed to",
            "say which wording was read out",
        ));
    }
    if row.decision == Some(ConsentDecision::Refused) && row.contact.is_none() {
        return Err(FieldError::new(
            "contact",
            "a refusal says whom to ask instead",
            "name a person or a desk, so that nobody stands before a closed door",
        ));
    }
    Ok(())
}

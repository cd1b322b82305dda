//! People: every part of what is known, changed and emptied; what they agreed to, refused and took back.

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::Reading;
use doorstep_client_core::records::consent::Agreement;
use doorstep_client_core::records::network::ConsentScope;
use doorstep_protocol::authority::OrganisationKind;

use super::served::{Visitor, served, served_by};

/// What is typed into a form, by field.
type Typed = &'static [(&'static str, &'static str)];

fn somebody(visitor: &Visitor<'_>) -> (String, RecordId) {
    let home = visitor.served.record;
    let path = visitor.post(&format!("/home/{home}/person"), &[("preferred_name", "Mrs Quill")]).location();
    let record = path.trim_start_matches("/person/").parse().expect("a person");
    (path, record)
}

#[test]
fn every_part_can_be_recorded_and_is_shown() {
    let served = served();
    let visitor = served.visitor();
    let (person, _) = somebody(&visitor);
    let parts: [(&str, Typed, &str); 10] = [
        (
            "contact",
            &[("channel", "mobile"), ("contact_value", "07700 900001"), ("contact_safe", "no")],
            "not safe to use",
        ),
        ("language", &[("spoken", "cy"), ("interpreter", "yes")], "speaks Welsh"),
        ("need", &[("need_kind", "time-to-door"), ("share", "everyone")], "time to come to the door"),
        ("ability", &[("doing", "stairs"), ("level", "cannot"), ("said_by", "person")], "stairs: cannot"),
        (
            "note",
            &[("note_kind", "capacity"), ("note_text", "understood"), ("capacity_decision", "a hoist")],
            "a hoist",
        ),
        ("household", &[("adults", "2"), ("live_in_carer", "no"), ("pets", "a cat")], "2 grown-ups"),
        ("member", &[("name", "Tom"), ("relation", "child")], "son or daughter"),
        ("important", &[("name", "Ann Hart"), ("key_holder", "yes"), ("phone", "020 7946 0001")], "holds a key"),
        (
            "proxy",
            &[
                ("name", "Ann"),
                ("proxy_kind", "informal"),
                ("proxy_scope", "letters"),
                ("proxy_evidence", "person-said"),
            ],
            "about letters",
        ),
        ("professional", &[("service", "Falls team"), ("last_involved", "2026-03-09")], "last involved 9 March 2026"),
    ];
    for (part, fields, shown) in parts {
        let to = visitor.post(&format!("{person}/part/{part}"), fields).location();
        assert_eq!(to, person, "{part}");
        let html =
            visitor.page(&person).replace("<strong>", "").replace("</strong>", "").replace("<span class=\"rest\">", "");
        assert!(html.contains(shown), "{part}: {shown}: {html}");
    }
    let home = visitor.page(&format!("/home/{}", served.record));
    assert!(home.contains("time to come to the door"), "what to know before speaking to them");
}

#[test]
fn what_is_missing_or_does_not_fit_stands_at_its_field() {
    let served = served();
    let visitor = served.visitor();
    let (person, _) = somebody(&visitor);
    const LONG: &str = concat!(
        "a telephone number that somebody wrote down as a whole sentence, with everything that came to their mind while ",
        "they stood in the hall and looked for a pen, and with the hours at which nobody is in, which belong elsewhere"
    );
    let cases: [(&str, Typed, &[&str]); 8] = [
        ("person", &[("preferred_name", ""), ("born", "long ago")], &["preferred_name", "born"]),
        ("contact", &[("contact_value", LONG)], &["channel", "contact_value"]),
        ("language", &[], &["spoken"]),
        ("need", &[("need_kind", "a-new-code"), ("from", "soon")], &["need_kind", "from"]),
        ("ability", &[("doing", "stairs")], &["level"]),
        ("note", &[("note_kind", "capacity"), ("note_text", "said yes")], &["capacity_decision"]),
        ("household", &[("adults", "some")], &["adults"]),
        ("proxy", &[("name", "Ann")], &["proxy_kind", "proxy_scope", "proxy_evidence"]),
    ];
    for (part, fields, wrong) in cases {
        let refused = visitor.post(&format!("{person}/part/{part}"), fields);
        let html = refused.text();
        assert_eq!(refused.status, 422, "{part}: {html}");
        for field in wrong {
            assert!(
                html.contains(&format!("href=\"#f-{field}\"")) && html.contains(&format!("id=\"f-{field}\"")),
                "{part}: {field}: {html}"
            );
        }
        for (_, typed) in fields.iter().filter(|(name, _)| !["need_kind", "note_kind", "doing"].contains(name)) {
            assert!(html.contains(typed), "{part}: what was typed is kept");
        }
    }
    assert_eq!(visitor.get(&format!("{person}/part/nothing")).status, 404);
}

#[test]
fn a_row_is_changed_and_a_field_that_is_emptied_is_emptied() {
    let served = served();
    let visitor = served.visitor();
    let (person, record) = somebody(&visitor);
    visitor
        .post(
            &format!("{person}/part/important"),
            &[("name", "Ann Hart"), ("phone", "020 7946 0001"), ("key_holder", "yes")],
        )
        .location();
    let row = served.client.people().get(record, Reading::Shown).expect("the person").view.important[0].row;
    let at = format!("{person}/part/important/{row}");
    let form = visitor.page(&at);
    assert!(form.contains("value=\"Ann Hart\"") && form.contains("value=\"020 7946 0001\""), "{form}");
    visitor.post(&at, &[("name", "Ann Hart"), ("phone", ""), ("key_holder", "no")]).location();
    let page = served.client.people().get(record, Reading::Shown).expect("the person");
    let [seen] = page.view.important.as_slice() else { panic!("one: {:?}", page.view.important) };
    assert_eq!((seen.value.phone.as_deref(), seen.value.key_holder), (None, Some(false)));
    let nobody = format!("{person}/part/important/00000000000000000000000000000001");
    assert_eq!(visitor.get(&nobody).status, 404);
}

#[test]
fn an_answer_is_given_refused_and_taken_back_and_whom_to_ask_stays() {
    let served = served();
    let visitor = served.visitor();
    let (person, record) = somebody(&visitor);
    let at = format!("{person}/consent/share-with-fire");
    let standing = || {
        let page = served.client.consents().of(record).expect("what they agreed to");
        let of_fire = |one: &&doorstep_client_core::client::ConsentStanding| one.scope == ConsentScope::ShareWithFire;
        page.standings.iter().find(of_fire).expect("every scope is there").standing.clone()
    };
    for (fields, wrong) in [
        (&[("consent_decision", "given"), ("consent_method", "spoken")][..], "wording"),
        (&[("consent_decision", "refused"), ("consent_method", "spoken")][..], "consent_contact"),
        (&[("consent_decision", "given"), ("consent_method", "proxy"), ("wording", "sharing 1")][..], "consent_method"),
        (&[("wording", "sharing 1")][..], "consent_decision"),
    ] {
        let refused = visitor.post(&at, fields);
        assert_eq!(refused.status, 422, "{wrong}: {}", refused.text());
        assert!(refused.text().contains(&format!("href=\"#f-{wrong}\"")), "{wrong}: {}", refused.text());
    }
    let given = [("consent_decision", "given"), ("consent_method", "spoken"), ("wording", "sharing 1")];
    assert_eq!(visitor.post(&at, &given).location(), format!("{person}/consents"));
    assert_eq!(standing().agreement, Agreement::Given);
    assert!(visitor.page(&person).contains("wording sharing 1"));

    let nobody = visitor.post(&format!("{at}/withdraw"), &[("withdrawn_how", "phone"), ("withdrawn_by", "Ada, OT")]);
    assert!(nobody.status == 422 && nobody.text().contains("href=\"#f-consent_contact\""), "{}", nobody.text());
    let end = [("withdrawn_how", "phone"), ("withdrawn_by", "Ada, OT"), ("consent_contact", "duty desk")];
    assert_eq!(visitor.post(&format!("{at}/withdraw"), &end).location(), format!("{person}/consents"));
    assert_eq!(standing().agreement, Agreement::Withdrawn);
    let page = visitor.page(&format!("{person}/consents"));
    assert!(page.contains("taken back") && page.contains("ask duty desk"), "{page}");
    let welsh = visitor.page_in_welsh(&format!("{person}/consents"));
    assert!(welsh.contains("tynnwyd yn ôl") && welsh.contains("holwch duty desk"), "{welsh}");
    assert_eq!(visitor.post(&format!("{at}/withdraw"), &end).status, 422, "there is no yes left to take back");
    assert_eq!(visitor.get(&format!("{person}/consent/share-with-everybody")).status, 404);
}

#[test]
fn what_opens_with_a_worker_stands_on_no_page_of_a_person_and_asks_why_first() {
    let served = served();
    let visitor = served.visitor();
    let (person, _) = somebody(&visitor);
    for (what, field, wrong, said) in [
        ("nhs-number", "nhs_number", "943 476 5918", "Ten digits, the last of which fits the others."),
        ("protected-notes", "protected_note", "", "Fill this in."),
    ] {
        let html = visitor.page(&person);
        assert!(html.contains(&format!("href=\"{person}/{what}\"")), "{what}: {html}");
        let page = visitor.page(&format!("{person}/{what}"));
        assert!(page.contains("Why do you look?") && page.contains("is recorded before it is shown"), "{page}");
        let unsaid = visitor.post(&format!("{person}/{what}/open"), &[]);
        assert!(unsaid.status == 422 && unsaid.text().contains("href=\"#f-look_purpose\""), "{}", unsaid.text());
        let write = if what == "nhs-number" { "set" } else { "note" };
        let refused = visitor.post(&format!("{person}/{what}/{write}"), &[(field, wrong)]);
        let html = refused.text();
        assert!(refused.status == 422 && html.contains(said) && html.contains(&format!("id=\"f-{field}\"")), "{html}");
        assert!(html.contains(wrong), "what was typed is kept");
    }
    // This desk has never met its server: what opens with a worker stays shut, and says why.
    let shut = visitor.post(&format!("{person}/nhs-number/open"), &[("look_purpose", "prevention")]);
    assert!(shut.status == 422 && shut.text().contains("The firebox goes on working"), "{}", shut.text());
}

#[test]
fn a_desk_of_a_fire_service_has_no_page_for_nhs_numbers() {
    let served = served_by(OrganisationKind::Fire);
    let visitor = served.visitor();
    let (person, _) = somebody(&visitor);
    assert!(!visitor.page(&person).contains("nhs-number"));
    for (way, path) in [("open", "look_purpose"), ("set", "nhs_number"), ("trace", "traced_status")] {
        let answer = visitor.post(&format!("{person}/nhs-number/{way}"), &[(path, "")]);
        assert_eq!(answer.status, 404, "{way}");
    }
    assert_eq!(visitor.get(&format!("{person}/nhs-number")).status, 404);
}

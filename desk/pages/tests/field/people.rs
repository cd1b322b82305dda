//! People: every part of what is known, changed and emptied; what they agreed to, refused and took back.

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::Reading;

use super::served::{Visitor, served};

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

//! What the pages say: nothing missing, nothing left over, the same in both languages, and nothing said outside the catalogues.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use doorstep_client_core::audit::{GlassReason, ReviewOutcome};
use doorstep_client_core::client::reports::{CountOf, TABLES};
use doorstep_client_core::records::clocks::StepKind;
use doorstep_client_core::records::decisions::DecisionKind;
use doorstep_client_core::records::hazard_codes::{Scheme, codes};
use doorstep_client_core::records::{self, Class, Row};
use doorstep_pages::page::property::family;
use doorstep_pages::page::reports::preview::FOR_PROGRAMS;
use doorstep_pages::words::{ENGLISH, Language, Speech, WELSH};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement, Resource, VariantKey};
use fluent_syntax::parser::parse;

mod catalogue {
    mod refused;
}

/// The placeholders of a message.
type Placeholders = BTreeSet<String>;

fn catalogue(text: &str) -> BTreeMap<String, (Placeholders, Vec<Vec<String>>)> {
    let resource =
        parse(text.to_owned()).unwrap_or_else(|(_, errors)| panic!("the catalogue does not parse: {errors:?}"));
    let Resource { body } = resource;
    let mut messages = BTreeMap::new();
    for entry in body {
        let Entry::Message(message) = entry else { continue };
        let (mut names, mut plurals) = (BTreeSet::new(), Vec::new());
        let pattern = message.value.expect("every message has words");
        gather(&pattern.elements, &mut names, &mut plurals);
        let held = messages.insert(message.id.name.clone(), (names, plurals));
        assert!(held.is_none(), "{} stands twice", message.id.name);
    }
    messages
}

fn gather(elements: &[PatternElement<String>], names: &mut Placeholders, plurals: &mut Vec<Vec<String>>) {
    for element in elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                names.insert(id.name.clone());
            }
            Expression::Inline(other) => panic!("only placeholders stand in messages: {other:?}"),
            Expression::Select { selector, variants } => {
                let InlineExpression::VariableReference { id } = selector else { panic!("a plural is of a number") };
                names.insert(id.name.clone());
                let forms = variants.iter().map(|variant| match &variant.key {
                    VariantKey::Identifier { name } => name.clone(),
                    VariantKey::NumberLiteral { value } => value.clone(),
                });
                plurals.push(forms.collect());
                variants.iter().for_each(|variant| gather(&variant.value.elements, names, plurals));
            }
        }
    }
}

/// The files of this package's source.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).expect("the source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("text");
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
                files.push((path, lines.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    assert!(files.len() > 20, "the source is found");
    files
}

/// String literals with the sign before each.
fn literals(code: &str) -> Vec<(char, String)> {
    let mut found = Vec::new();
    let signs: Vec<char> = code.chars().collect();
    let (mut at, mut before) = (0, ' ');
    while at < signs.len() {
        match signs[at] {
            // A sign in quotes: 'x', '\n', '"'.
            '\'' if signs.get(at + 2) == Some(&'\'') => at += 2,
            '\'' if signs.get(at + 1) == Some(&'\\') && signs.get(at + 3) == Some(&'\'') => at += 3,
            '"' => {
                let mut text = String::new();
                at += 1;
                while at < signs.len() && signs[at] != '"' {
                    if signs[at] == '\\' {
                        at += 1;
                    }
                    text.extend(signs.get(at));
                    at += 1;
                }
                found.push((before, text));
            }
            sign if !sign.is_whitespace() => before = sign,
            _ => {}
        }
        at += 1;
    }
    found
}

/// Families of codes with all of their codes: messages that the source names by their family only.
fn families() -> Vec<(&'static str, Vec<String>)> {
    use records::{
        communication, fire, function, health_id, home, identity, index, network, protected, register, sealed,
    };
    let of = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    let mut families = vec![
        ("tenure", of(home::Tenure::CODES)),
        ("exit-state", of(home::ExitState::CODES)),
        ("telecare", of(home::Telecare::CODES)),
        ("scope", of(home::Scope::CODES)),
        ("severity", of(home::Severity::CODES)),
        ("hazard-state", of(home::HazardState::CODES)),
        ("method", of(home::Method::CODES)),
        ("equipment-kind", of(home::EquipmentKind::CODES)),
        ("equipment-state", of(home::EquipmentState::CODES)),
        ("adaptation-status", of(home::AdaptationStatus::CODES)),
        ("room-kind", of(home::RoomKind::CODES)),
        ("alarm-kind", of(home::AlarmKind::CODES)),
        ("alarm-state", of(home::AlarmState::CODES)),
        ("visit-kind", of(home::VisitKind::CODES)),
        ("outcome", of(home::Outcome::CODES)),
        ("visit-state", of(home::VisitState::CODES)),
        ("flag-kind", of(index::FlagKind::CODES)),
        ("flag-subject", of(index::FlagSubject::CODES)),
        ("flag-end", of(index::EndReason::CODES)),
        ("challenge", of(index::Challenge::CODES)),
        ("standing", of(index::Standing::CODES)),
        ("history-kind", of(index::HistoryKind::CODES)),
        ("fact-kind", of(fire::FactKind::CODES)),
        ("band", of(home::Band::CODES)),
        ("channel", of(identity::Channel::CODES)),
        ("occupancy-kind", of(identity::OccupancyKind::CODES)),
        ("occupancy-role", of(identity::OccupancyRole::CODES)),
        ("need-kind", of(communication::NeedKind::CODES)),
        ("doing", of(function::Doing::CODES)),
        ("level", of(function::Level::CODES)),
        ("constancy", of(function::Constancy::CODES)),
        ("note-kind", of(function::NoteKind::CODES)),
        ("said-by", of(function::SaidBy::CODES)),
        ("condition-source", of(function::ConditionSource::CODES)),
        ("share", of(communication::ShareScope::CODES)),
        ("relation", of(network::Relation::CODES)),
        ("proxy-kind", of(network::ProxyKind::CODES)),
        ("proxy-evidence", of(network::ProxyEvidence::CODES)),
        ("consent-scope", of(network::ConsentScope::CODES)),
        ("consent-means", of(network::ConsentScope::CODES)),
        ("consent-decision", of(network::ConsentDecision::CODES)),
        ("consent-method", of(network::ConsentMethod::CODES)),
        ("agreement", of(&["not-asked", "given", "expired", "refused", "withdrawn"])),
        ("hazard-now", of(home::HazardState::CODES)),
        ("answer", of(&["yes", "no"])),
        ("purpose", of(&["prevention", "housing", "emergency"])),
        ("trace-status", of(health_id::TraceStatus::CODES)),
        ("concern-kind", of(protected::ConcernKind::CODES)),
        ("source", of(records::Source::CODES)),
        ("confidence", of(records::Confidence::CODES)),
        ("presence", of(records::Presence::CODES)),
        ("scheme", of(Scheme::CODES)),
        ("violence-kind", of(sealed::ViolenceKind::CODES)),
        ("pointer-kind", of(sealed::PointerKind::CODES)),
        ("glass-reason", GlassReason::ALL.iter().map(|one| one.as_str().to_owned()).collect()),
        ("review", ReviewOutcome::ALL.iter().map(|one| one.as_str().to_owned()).collect()),
        ("class", Class::ALL.iter().map(|class| class.as_str().to_owned()).collect()),
        ("step-kind", of(StepKind::CODES)),
        ("decision-kind", of(DecisionKind::CODES)),
        ("disclosure-decision", of(register::DisclosureDecision::CODES)),
        ("identity-check", of(register::IdentityCheck::CODES)),
        ("allocation-end", of(register::AllocationEnd::CODES)),
        ("relationship", of(&["holds", "stale", "not-yet", "ended", "person-died"])),
        ("request-kind", of(register::RequestKind::CODES)),
        ("request-state", of(register::RequestState::CODES)),
        ("assistance", of(function::Assistance::CODES)),
        ("report", CountOf::ALL.iter().map(|one| one.as_str().to_owned()).collect()),
        ("column", columns()),
        ("month", (1..=12).map(|month: u8| month.to_string()).collect()),
    ];
    for scheme in [Scheme::Hhsrs2026, Scheme::Hhsrs2005, Scheme::FireV1, Scheme::OtV1] {
        let of_scheme = codes(&scheme).iter().map(|(code, _)| format!("{scheme}-{code}"));
        families.push(("hazard", of_scheme.collect()));
    }
    let mut fields: BTreeSet<&str> = BTreeSet::new();
    let mut collections = Vec::new();
    macro_rules! rows {
        ($($row:ty),+ $(,)?) => {$(
            fields.extend(<$row as Row>::FIELDS);
            collections.push(<$row as Row>::COLLECTION.to_owned());
        )+};
    }
    rows!(
        home::Dwelling,
        home::Hazard,
        home::Measurement,
        home::Equipment,
        home::Adaptation,
        home::Clutter,
        home::Alarm,
        home::Visit,
        home::Alert,
        index::Property,
        index::HistoryEvent,
        index::Flag,
        identity::Person,
        identity::Contact,
        identity::Occupancy,
        communication::Language,
        communication::Need,
        function::Ability,
        function::Note,
        function::Evacuation,
        function::Condition,
        home::Assessment,
        records::answers::Answer,
        records::clocks::Step,
        records::decisions::Decision,
        records::photograph::Photograph,
        network::Household,
        network::Member,
        network::Important,
        network::Proxy,
        network::Professional,
        network::Consent,
        register::Disclosure,
        register::Request,
    );
    collections.push(fire::Fact::COLLECTION.to_owned());
    families.push(("field", fields.into_iter().map(str::to_owned).collect()));
    families.push(("collection", collections));
    families
}

/// The columns of every report that a person is shown.
fn columns() -> Vec<String> {
    let all: BTreeSet<&str> = TABLES.iter().flat_map(|table| table.columns).map(|column| column.name).collect();
    all.into_iter().filter(|name| !FOR_PROGRAMS.contains(name)).map(str::to_owned).collect()
}

/// Messages whose codes come from elsewhere: alarms and reasons by their names in the code, tongues by their tags, fields of
/// forms by their names.
const OPEN_FAMILIES: [&str; 20] = [
    "todo",
    "clock-rule",
    "clock-state",
    "clock-doubt",
    "clock-stopped",
    "alike",
    "audit-alarm",
    "audit-event",
    "tray",
    "tongue",
    "said",
    "right",
    "report",
    "read-how",
    "grant-purpose",
    "legal-power",
    "erase-reason",
    "due-when",
    "sync-trouble",
    "twins",
];

#[test]
fn both_languages_say_the_same_things() {
    let (english, welsh) = (catalogue(ENGLISH), catalogue(WELSH));
    let missing: Vec<&String> = english.keys().filter(|id| !welsh.contains_key(*id)).collect();
    let beyond: Vec<&String> = welsh.keys().filter(|id| !english.contains_key(*id)).collect();
    assert!(missing.is_empty() && beyond.is_empty(), "not in Welsh: {missing:?}; not in English: {beyond:?}");
    for (id, (names, _)) in &english {
        assert_eq!(names, &welsh[id].0, "{id}: other placeholders");
    }
}

#[test]
fn plurals_have_forms_that_their_language_knows() {
    let check = |text: &str, known: &[&str]| {
        let mut forms_seen = BTreeSet::new();
        for (id, (_, plurals)) in catalogue(text) {
            for forms in plurals {
                assert!(forms.iter().any(|form| form == "other"), "{id}");
                assert!(forms.iter().all(|form| known.contains(&form.as_str())), "{id}: {forms:?}");
                forms_seen.extend(forms);
            }
        }
        assert_eq!(forms_seen.len(), known.len(), "{forms_seen:?}");
    };
    check(ENGLISH, &["one", "other"]);
    check(WELSH, &["zero", "one", "two", "few", "many", "other"]);
    let welsh = Speech::of(Language::Welsh);
    let said = [0u64, 1, 2, 3, 4, 6].map(|count| welsh.tell("found-homes", "n", count));
    assert_eq!(said, ["0 cartref", "1 cartref", "2 gartref", "3 chartref", "4 cartref", "6 chartref"]);
}

#[test]
fn every_code_of_the_record_and_every_field_of_a_dwelling_has_words() {
    let messages = catalogue(ENGLISH);
    let mut missing = Vec::new();
    let whole = families().into_iter().filter(|(family, _)| *family != "field" && *family != "collection");
    // Of fields those that are shown one by one; any other without words yet is shown by its name.
    let dwelling = records::home::Dwelling::FIELDS.iter().map(|field| (*field).to_owned()).collect();
    for (family, codes) in whole.chain([("field", dwelling)]) {
        missing.extend(codes.iter().map(|code| format!("{family}-{code}")).filter(|id| !messages.contains_key(id)));
    }
    assert!(missing.is_empty(), "say these in both catalogues: {missing:?}");
}

#[test]
fn nothing_is_said_that_is_not_in_the_catalogue_and_nothing_stands_there_for_nobody() {
    let messages = catalogue(ENGLISH);
    let mut used: BTreeSet<String> = BTreeSet::new();
    for (path, code) in sources() {
        for (_, text) in literals(&code) {
            if messages.contains_key(&text) {
                used.insert(text.clone());
            }
            // A field of a form is named by its name.
            let field = format!("field-{text}");
            if messages.contains_key(&field) {
                used.insert(field);
            }
        }
        for call in [".say(\"", ".tell(\"", ".tell_all(\"", "Message::new(\""] {
            for (at, _) in code.match_indices(call) {
                let id: String = code[at + call.len()..].chars().take_while(|sign| *sign != '"').collect();
                assert!(messages.contains_key(&id), "{}: there is no message {id}", path.display());
            }
        }
    }
    for (family, codes) in families() {
        used.extend(codes.iter().map(|code| format!("{family}-{code}")));
    }
    let is_open = |id: &str| OPEN_FAMILIES.iter().any(|family| id.starts_with(&format!("{family}-")));
    let unused: Vec<&String> = messages.keys().filter(|id| !used.contains(*id) && !is_open(id)).collect();
    assert!(unused.is_empty(), "said nowhere: {unused:?}");
}

#[test]
fn no_words_stand_in_a_page_itself() {
    let mut found = Vec::new();
    for (path, code) in sources() {
        let is_page =
            path.components().any(|part| matches!(part.as_os_str().to_str(), Some("page" | "view" | "street.rs")))
                || path.ends_with("view.rs");
        if !is_page {
            continue;
        }
        for (before, literal) in literals(&code) {
            let text = without_placeholders(&literal);
            // What stands behind = is an attribute; signs and numbers are no words.
            let words: Vec<&str> =
                text.split(|sign: char| !sign.is_alphabetic()).filter(|word| word.len() > 1).collect();
            let is_sentence = words.len() > 1 && text.contains(' ');
            let is_name = text.chars().next().is_some_and(char::is_uppercase) && words.len() == 1 && text.len() > 1;
            if before != '=' && (is_sentence || is_name) && !NOT_SAID.contains(&text.as_str()) {
                found.push(format!("{}: {text}", path.file_name().unwrap_or_default().to_string_lossy()));
            }
        }
    }
    assert!(found.is_empty(), "these belong in the catalogues: {found:#?}");
}

/// What `format!` fills in is no literal.
fn without_placeholders(text: &str) -> String {
    let mut depth = 0;
    text.chars()
        .filter(|sign| {
            depth += i32::from(*sign == '{');
            let is_inside = depth > 0;
            depth -= i32::from(*sign == '}');
            !is_inside
        })
        .collect()
}

/// What stands in pages and is not said by them: words that devices publish, and attributes.
const NOT_SAID: [&str; 10] = [
    "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=",
    "the organisation that set it",
    "main way out ",
    "missing or faulty: ",
    "light dark",
    "M hv1h-z",
    "text/csv; charset=utf-8",
    "application/jsonl; charset=utf-8",
    "lapsed, ",
    "ask ",
];

#[test]
fn every_code_that_the_history_can_show_has_words_in_both_languages() {
    /// Classes whose changes everybody who may look at a home or a person is shown.
    const SHOWN: [Class; 7] = [
        Class::Index,
        Class::Home,
        Class::Fire,
        Class::Identity,
        Class::Communication,
        Class::Function,
        Class::Network,
    ];
    let catalogues = [catalogue(ENGLISH), catalogue(WELSH)];
    let (mut coded, mut missing) = (0, Vec::new());
    for row in records::rows::catalogue().iter().filter(|row| SHOWN.iter().any(|class| (row.is_in)(*class))) {
        // A unit is its own word: mm.
        for field in row.fields.iter().filter(|field| !field.codes().is_empty() && field.name != "unit") {
            coded += 1;
            let Some(family) = family(row.collection, field.name) else {
                missing.push(format!("{} {}", row.collection, field.name));
                continue;
            };
            let ids = field.codes().iter().map(|code| format!("{family}-{}", code.to_lowercase()));
            missing.extend(ids.filter(|id| catalogues.iter().any(|messages| !messages.contains_key(id))));
        }
    }
    assert!(missing.is_empty(), "shown by their bare code: {missing:?}");
    assert!(coded > 50, "the record has codes: {coded}");
    assert_eq!(family("hazards", "note"), None);
}

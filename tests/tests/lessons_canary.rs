//! Lessons 27 and 31: after a whole run over real files and a real server, nothing that was recorded stands anywhere in
//! clear, nor as a hash that a table of all UPRNs or postcodes would turn back.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use doorstep_client_core::client::{Client, PersonInput, PropertyRef, SystemClock, VisitInput};
use doorstep_client_core::partnership::{AcceptPlan, Engagement, FoundingPlan, InvitePlan, OrganisationPlan};
use doorstep_client_core::records::home::{Hazard, Severity};
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Uprn, hazard_codes::Scheme};
use doorstep_client_core::store::envelopes;
use doorstep_client_core::sync::{End, Progress, Syncer};
use doorstep_client_core::transport::{Connection, HttpTransport, PlainHttp, ServerAddress, Transport, Trust};
use doorstep_client_core::vault::MemoryVault;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind};
use doorstep_protocol::{SignPublic, WorkerId, hash};
use doorstep_server::{Config, Server};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::layer::SubscriberExt as _;

/// What is recorded, with its SHA-1 and MD5 as anybody computes them (`printf %s … | sha1sum`).
const CANARIES: [(&str, &str, &str); 4] = [
    ("199912345678", "dcffd23af4bffedbcee6c2911b4d4f524cc8457b", "79c87d6dda198a58057fd715fb4b5bbd"),
    ("ZE9 9ZZ", "a85b998cfd45244a29e3cd15b035abcfb405ea9a", "efe10c117b8ab5e98da9b6d4ce2207b8"),
    ("ZE99ZZ", "132921474716759222ec5db82a40b93e3f6a7323", "0a96cdff055e28dde55dc3a2b68c53a4"),
    ("Wilhelmina Oystercatcher", "5d6c7ec50d0a68099aa2f9c0795e44e84ff14153", "0d5acd0b31cf064eed2a19ae8400c120"),
];
/// Longer words, which are looked for as they stand.
const WORDS: [&str; 4] =
    ["Oystercatcher", "17 Pelican Crescent", "keeps a parrot called Beaufort", "Constable Duckworth"];

/// Every line that any part of the program logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Needle {
    what: String,
    bytes: Vec<u8>,
}

fn needles() -> Vec<Needle> {
    let mut needles = Vec::new();
    let mut add = |what: String, bytes: Vec<u8>| needles.push(Needle { what, bytes });
    for (word, sha1, md5) in CANARIES {
        let sha256 = hash::sha256(word.as_bytes());
        for (kind, digest) in [("SHA-256", sha256.to_string()), ("SHA-1", sha1.to_owned()), ("MD5", md5.to_owned())] {
            let raw: Vec<u8> = (0..digest.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&digest[at..at + 2], 16).expect("hexadecimal"))
                .collect();
            // A truncated hash is turned back as easily.
            add(format!("{kind} of {word}"), raw[..12].to_vec());
            add(format!("{kind} of {word} in hexadecimal"), digest.as_bytes()[..24].to_vec());
        }
    }
    for word in CANARIES.iter().map(|(word, ..)| *word).chain(WORDS) {
        add(format!("{word} as text"), word.to_ascii_lowercase().into_bytes());
        add(format!("{word} as UTF-16"), word.to_ascii_lowercase().encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    let uprn: u64 = CANARIES[0].0.parse().expect("digits");
    add("the UPRN as a number".to_owned(), uprn.to_be_bytes()[2..].to_vec());
    add("the UPRN as a number, little end first".to_owned(), uprn.to_le_bytes()[..6].to_vec());
    needles
}

fn found_in(bytes: &[u8], needles: &[Needle]) -> Vec<String> {
    let lower = bytes.to_ascii_lowercase();
    let holds = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).any(|window| window == needle);
    needles
        .iter()
        .filter(|needle| holds(bytes, &needle.bytes) || holds(&lower, &needle.bytes))
        .map(|needle| needle.what.clone())
        .collect()
}

/// Looks through every file of a folder. Returns what was found, by file, and how many bytes were read.
fn scan(folder: &Path, needles: &[Needle]) -> (Vec<String>, usize) {
    let (mut found, mut read) = (Vec::new(), 0);
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            let (inside, bytes) = scan(&path, needles);
            found.extend(inside);
            read += bytes;
        } else {
            let bytes = fs::read(&path).expect("a file");
            read += bytes.len();
            found.extend(found_in(&bytes, needles).into_iter().map(|what| format!("{}: {what}", path.display())));
        }
    }
    (found, read)
}

fn transport(url: &str, key: SignPublic) -> HttpTransport {
    let address = ServerAddress::parse(url, PlainHttp::LoopbackOnly).expect("a local address");
    Connection::new(address, &Trust::Public).expect("a client").trusting(key)
}

async fn sync(client: &Client) {
    let mut syncer = Syncer::over_http(client.device(), &Trust::Public, PlainHttp::LoopbackOnly).expect("enrolled");
    let report = syncer.sync_once(&CancellationToken::new(), &mut |_: &Progress| {}).await;
    assert_eq!(report.end, End::CaughtUp, "{report:?}");
}

fn visit(client: &Client) {
    let uprn: Uprn = CANARIES[0].0.parse().expect("digits");
    let property = Property {
        uprn: Some(uprn.clone()),
        line: Some(WORDS[1].into()),
        postcode: Some(CANARIES[1].0.parse().expect("a postcode")),
        ..Property::default()
    };
    client.properties().add(&property).expect("saved");
    let mut visit = VisitInput::to(PropertyRef::Uprn(uprn));
    visit.visit.visitor = Some(WORDS[3].into());
    visit.hazards.push(Hazard {
        scheme: Some(Scheme::Hhsrs2026),
        code: Some("1".into()),
        severity: Some(Severity::High),
        note: Some(WORDS[2].into()),
        ..Hazard::default()
    });
    visit.people.push(PersonInput {
        person: Some(Person { preferred_name: Some(CANARIES[3].0.into()), ..Person::default() }),
        ..PersonInput::default()
    });
    client.visits().record(&visit).expect("saved");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lesson_27_and_31_nothing_recorded_stands_anywhere_in_clear_or_hashed() {
    let log = Log::default();
    let writer = log.clone();
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
    let everything = tracing_subscriber::registry().with(tracing_subscriber::filter::LevelFilter::TRACE).with(layer);
    tracing_subscriber::util::SubscriberInitExt::try_init(everything).expect("this program's only subscriber");

    let folder = tempfile::tempdir().expect("a temporary folder");
    let (at_server, at_desk, at_tablet) =
        (folder.path().join("server"), folder.path().join("desk"), folder.path().join("tablet"));
    let mut config = Config::in_folder(&at_server);
    config.listen = "127.0.0.1:0".parse().expect("an address");
    let running = Server::start(config).expect("it starts");
    let url = format!("http://{}", running.address());
    let key = running.server_key();
    let http = transport(&url, key);

    let desk = Client::create(&at_desk, &MemoryVault::default(), Arc::new(SystemClock)).expect("a new device");
    let plan = FoundingPlan {
        organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
        area: "Ward".into(),
        desk: "Desk".into(),
        worker: WORDS[3].into(),
    };
    let founded = desk.partnership().found(&plan, &url, &key).expect("founded");
    http.append_log(&founded.append).await.expect("the server takes it");
    let keystore = MemoryVault::default();
    let tablet = Client::create(&at_tablet, &keystore, Arc::new(SystemClock)).expect("a new device");
    let invitation = desk.partnership().invite(&InvitePlan::IN_PERSON).expect("a member").invitation;
    let invitation = invitation.check(None, tablet.now()).expect("a new one");
    let request = tablet.partnership().begin(&invitation, DeviceKind::Personal).expect("an invitation");
    let (organisation, teams) = {
        let device = desk.device();
        let device = device.lock().expect("no panic while holding it");
        let authority = device.authority().expect("a member");
        let organisation = *authority.organisations().keys().next().expect("one was founded");
        (organisation, authority.teams().keys().copied().collect())
    };
    let accept =
        AcceptPlan { organisation, teams, worker: WorkerId([9; 16]), engagement: Engagement::Staff, not_after: None };
    let (written, append) = desk.partnership().accept(&request, &accept).expect("a request that holds");
    http.append_log(&append).await.expect("the server takes it");
    desk.partnership().take(&written).expect("its own entries");

    sync(&desk).await;
    sync(&tablet).await;
    visit(&tablet);
    let needles = needles();
    // While files are open their write-ahead logs hold what was last written.
    let (found, _) = scan(folder.path(), &needles);
    assert_eq!(found, Vec::<String>::new(), "before it was sent");
    sync(&tablet).await;
    sync(&desk).await;
    assert_eq!(desk.people().find("Wilhelmina", 5).expect("it answers").len(), 1, "it was recorded and has arrived");
    assert_eq!(desk.properties().find(CANARIES[1].0, 5).expect("it answers").len(), 1);
    let (found, read) = scan(folder.path(), &needles);
    assert_eq!(found, Vec::<String>::new(), "while everything runs");
    assert!(read > 100_000, "files were read: {read} bytes");

    // The control: what is sealed is found where it is, so files are really read.
    let sealed = {
        let device = tablet.device();
        let device = device.lock().expect("no panic while holding it");
        let kept = envelopes::page_after(device.store().reader(), 0, 1_000).expect("its own store");
        kept.last().expect("something was sealed").bytes.clone()
    };
    let control = [Needle { what: "an envelope".into(), bytes: sealed[sealed.len() - 24..].to_vec() }];
    let (seen, _) = scan(&at_server, &control);
    assert!(!seen.is_empty(), "the server's files hold the envelope as it was sent");
    assert_eq!(scan(&at_tablet, &control).0, Vec::<String>::new(), "a device's file is encrypted as a whole");
    let clear = format!("{} {} {}", CANARIES[0].0, CANARIES[0].1, CANARIES[3].0);
    assert!(found_in(clear.as_bytes(), &needles).len() >= 4, "and what is in clear is found");

    drop((desk, tablet));
    running.stop();
    let (found, _) = scan(folder.path(), &needles);
    assert_eq!(found, Vec::<String>::new(), "after everything has stopped");
    let logged = log.0.lock().expect("no panic while writing").clone();
    assert!(logged.len() > 1_000, "it logged: {} bytes", logged.len());
    assert_eq!(found_in(&logged, &needles), Vec::<String>::new(), "in the logs");
}

//! A desk with a real server: what its pages write goes there over a socket, and comes to other devices the same way.

use std::sync::Arc;

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::partnership::{
    self, EnrolmentRequest, FoundingPlan, Invitation, OrganisationPlan, RootKeys, Sheets,
};
use doorstep_client_core::sync::{End, OfficeError, Syncer};
use doorstep_client_core::transport::{HttpTransport, PlainHttp, Trust};
use doorstep_client_core::vault::FileVault;
use doorstep_protocol::TeamId;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind, Standing};
use doorstep_server::{Config, Running, Server};
use tokio_util::sync::CancellationToken;

use crate::served::Served;

/// A server, and a desk that has founded a partnership on it and shows its pages.
pub(crate) struct Town {
    pub(crate) desk: Client,
    pub(crate) served: Served,
    kit: String,
    folder: tempfile::TempDir,
    _server: Running,
}

/// Another device, and where its secrets live.
pub(crate) struct Other {
    pub(crate) client: Client,
    pub(crate) vault: FileVault,
}

impl Town {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::in_folder(folder.path().join("server")) };
        let server = Server::start(config).expect("a server");
        let Other { client: desk, vault } = device(&folder, "desk");
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Quillbrook".to_owned(), kind: OrganisationKind::Council }],
            area: "Lantern Ward".to_owned(),
            desk: "desk".to_owned(),
            worker: "Ros Adeyemi".to_owned(),
        };
        let url = format!("http://{}", server.address());
        let founded = desk.partnership().found(&plan, &url, &server.server_key()).expect("a partnership");
        let sheets = founded.kit.sheets().iter();
        let roots: String = sheets.map(|sheet| format!("{}\n", sheet.root.as_str())).collect();
        let kit = format!("Partnership {}\n{roots}", founded.partnership);
        let served = Served::connected(desk.clone(), Some(Box::new(vault)));
        Self { desk, served, kit, folder, _server: server }
    }

    /// The desk has sent what it has and taken what is there: what opens with a worker opens from then on. While the desk still does so
    /// by itself the page says that there is no connection just now, and is asked again.
    #[track_caller]
    pub(crate) fn in_sync(&self) {
        const ASKED_MAX: usize = 50;
        let browser = self.served.browser();
        let mut asked = (0..ASKED_MAX).map(|_| browser.send("/health/sync", &[]).main().contains("In sync."));
        assert!(asked.any(|is_in_sync| is_in_sync), "the desk does not come in sync");
    }

    /// A device that belongs to nothing yet.
    pub(crate) fn device(&self, name: &str) -> Other {
        device(&self.folder, name)
    }

    /// A device that was brought in by the desk's pages, and has caught up.
    pub(crate) fn enrolled(&self, name: &str, kind: DeviceKind, worker: &str) -> Other {
        self.enrolled_in(name, kind, worker, &[])
    }

    /// The same in these teams.
    pub(crate) fn enrolled_in(&self, name: &str, kind: DeviceKind, worker: &str, teams: &[TeamId]) -> Other {
        let other = self.device(name);
        let request = self.request(&other, kind);
        let organisation = self.organisation();
        let browser = self.served.browser();
        let teams: Vec<String> = teams.iter().map(ToString::to_string).collect();
        let mut fields = vec![
            ("enrol_request", request.as_str()),
            ("new_device", name),
            ("worker_name", worker),
            ("of_organisation", organisation.as_str()),
            ("invite_for", "staff"),
        ];
        fields.extend(teams.iter().map(|team| ("in_teams", team.as_str())));
        browser.send("/enrol/accept", &fields).says(&["is a member. It is ready once it has synced.", name]);
        caught_up(&other.client);
        other
    }

    /// What a device answers to an invitation of the desk's page.
    pub(crate) fn request(&self, other: &Other, kind: DeviceKind) -> String {
        let shown = self.served.browser().post("/enrol", &[("invite_way", "in-person"), ("invite_for", "staff")]);
        assert_eq!(shown.status, 200, "{}", shown.main());
        let (_, after) = shown.body.split_once("readonly>").expect("the invitation as text");
        let text = after.split('<').next().unwrap_or_default().trim();
        let invitation = Invitation::from_text(text).expect("its text").check(None, self.desk.now()).expect("in time");
        let request: EnrolmentRequest = other.client.partnership().begin(&invitation, kind).expect("a request");
        request.to_text()
    }

    pub(crate) fn organisation(&self) -> String {
        self.desk.partnership().teams().expect("teams")[0].organisation.to_string()
    }

    /// Makes a device an admin, with the recovery kit.
    pub(crate) fn make_admin(&self, other: &Other) {
        let sheets = Sheets::read(&self.kit).expect("the sheets");
        let roots: RootKeys = self.desk.partnership().roots_of(sheets).expect("the roots");
        let organisation = self.desk.partnership().teams().expect("teams")[0].organisation;
        let device = other.client.id();
        at_the_office(&self.desk, async |syncer| {
            let make = move |desk: &_, now, _: &mut _| {
                Ok((partnership::set_admin(desk, &roots, (device, &[organisation]), Standing::Granted, now)?, ()))
            };
            syncer.append(&CancellationToken::new(), make).await
        })
        .expect("the roots allow it");
    }
}

fn device(folder: &tempfile::TempDir, name: &str) -> Other {
    let folder = folder.path().join(name);
    let vault = FileVault::new(&folder.join("keys.sealed"), "correct horse battery".to_owned().into());
    let client = Client::create(&folder, &vault, Arc::new(SystemClock)).expect("a device");
    Other { client, vault }
}

/// Does something at the server for a device.
pub(crate) fn at_the_office<R>(
    client: &Client,
    work: impl AsyncFnOnce(&mut Syncer<HttpTransport>) -> Result<R, OfficeError>,
) -> Result<R, OfficeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut syncer =
            Syncer::over_http(client.device(), &Trust::Public, PlainHttp::LoopbackOnly).expect("a way there");
        work(&mut syncer).await
    })
}

/// A device sends what it has and takes what is there.
#[track_caller]
pub(crate) fn caught_up(client: &Client) {
    let report =
        at_the_office(client, async |syncer| Ok(syncer.sync_once(&CancellationToken::new(), &mut |_| {}).await));
    let report = report.expect("it always reports");
    assert_eq!(report.end, End::CaughtUp, "{report:?}");
}

//! The other side: a server, and the desk that founds the partnership and accepts tablets. The desk is another program, so it is not
//! behind the bindings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::partnership::{
    AcceptPlan, Engagement, EnrolmentRequest, FoundingPlan, InvitePlan, OrganisationPlan,
};
use doorstep_client_core::sync::{SyncReport, Syncer};
use doorstep_client_core::transport::{Connection, HttpTransport, PlainHttp, ServerAddress, Transport, Trust};
use doorstep_client_core::vault::MemoryVault;
use doorstep_mobile_ffi::{DeviceKind, Doorstep, KeyVault, Network, SyncEnd};
use doorstep_protocol::WorkerId;
use doorstep_protocol::authority::OrganisationKind;
use doorstep_server::{Config, Running, Server};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::pocket::Pocket;

/// The council, whose the sealed detail is.
pub(crate) const COUNCIL: &str = "Council";
/// The fire service, whose crews break the glass.
pub(crate) const FIRE: &str = "Fire service";

/// The team that every device is in.
const EVERYONE: &str = "Everyone";

/// A server with a partnership on it, and a folder for everything.
pub(crate) struct Town {
    pub(crate) client: Client,
    pub(crate) transport: HttpTransport,
    folder: TempDir,
    _server: Running,
}

impl Town {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::in_folder(folder.path().join("server")) };
        let server = Server::start(config).unwrap();
        let url = format!("http://{}", server.address());
        let home = folder.path().join("desk");
        let client = Client::create(&home, &MemoryVault::default(), Arc::new(SystemClock)).unwrap();
        let address = ServerAddress::parse(&url, PlainHttp::LoopbackOnly).unwrap();
        let connection = Connection::new(address, &Trust::Public).unwrap();
        let key = connection.introduce().await.unwrap().server_key;
        let plan = FoundingPlan {
            organisations: vec![
                OrganisationPlan { name: COUNCIL.into(), kind: OrganisationKind::Council },
                OrganisationPlan { name: FIRE.into(), kind: OrganisationKind::Fire },
            ],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let founded = client.partnership().found(&plan, &url, &key).unwrap();
        let transport = connection.trusting(key);
        transport.append_log(&founded.append).await.unwrap();
        Self { client, transport, folder, _server: server }
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn invitation(&self, plan: &InvitePlan) -> (String, Option<String>) {
        let invited = self.client.partnership().invite(plan).unwrap();
        (invited.invitation.to_text(), invited.words.map(|words| words.expose_text().to_owned()))
    }

    pub(crate) async fn accept(&self, request: &str, organisation: &str, worker: u8) {
        let partnership = self.client.partnership();
        let mut teams = partnership.teams().unwrap();
        let of = teams.iter().find(|team| team.organisation_name == organisation).unwrap().organisation;
        teams.retain(|team| team.name == EVERYONE || team.organisation == of);
        let plan = AcceptPlan {
            organisation: of,
            teams: teams.iter().map(|team| team.team).collect(),
            worker: WorkerId([worker; 16]),
            engagement: Engagement::Staff,
            not_after: None,
        };
        let request = EnrolmentRequest::from_text(request).unwrap();
        let (written, append) = partnership.accept(&request, &plan).unwrap();
        self.transport.append_log(&append).await.unwrap();
        partnership.take(&written).unwrap();
    }

    /// A tablet of the council that was enrolled in person and has caught up.
    pub(crate) async fn tablet(&self, name: &str, worker: u8) -> Arc<Doorstep> {
        self.tablet_with(name, worker, Arc::new(Pocket::default()), None).await
    }

    /// One with a keystore of its own, or with HTTP of its own.
    pub(crate) async fn tablet_with(
        &self,
        name: &str,
        worker: u8,
        vault: Arc<dyn KeyVault>,
        network: Option<Network>,
    ) -> Arc<Doorstep> {
        let tablet = Doorstep::create(text(&self.at(name)), vault, network).unwrap();
        self.enrol(&tablet, COUNCIL, worker).await;
        tablet
    }

    /// A tablet of a fire crew.
    pub(crate) async fn crew(&self, name: &str, worker: u8) -> Arc<Doorstep> {
        let tablet = Doorstep::create(text(&self.at(name)), Arc::new(Pocket::default()), None).unwrap();
        self.enrol(&tablet, FIRE, worker).await;
        tablet
    }

    async fn enrol(&self, tablet: &Doorstep, organisation: &str, worker: u8) {
        let (invitation, _) = self.invitation(&InvitePlan::IN_PERSON);
        let request = tablet.enrolment().begin(&invitation, DeviceKind::Personal).unwrap();
        self.accept(&request, organisation, worker).await;
        caught_up(tablet).await;
    }

    /// The desk's driver.
    pub(crate) fn syncer(&self) -> Syncer<HttpTransport> {
        Syncer::over_http(self.client.device(), &Trust::Public, PlainHttp::LoopbackOnly).unwrap()
    }

    /// The desk catches up.
    pub(crate) async fn sync(&self) -> SyncReport {
        self.syncer().sync_once(&CancellationToken::new(), &mut |_| {}).await
    }
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

pub(crate) async fn caught_up(tablet: &Doorstep) {
    let report = tablet.sync(None, None).await.unwrap();
    assert_eq!(report.end, SyncEnd::CaughtUp, "{report:?}");
}

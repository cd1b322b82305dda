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
use doorstep_client_core::vault::{Keystore as _, KeystoreVault};
use doorstep_mobile_ffi::{DeviceKind, Doorstep, Network, SyncEnd};
use doorstep_protocol::WorkerId;
use doorstep_protocol::authority::OrganisationKind;
use doorstep_server::{Config, Running, Server};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::pocket::{CorePocket, Pocket};

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
        let vault = KeystoreVault::new(&home.join("keys"), Arc::new(CorePocket::default()));
        assert!(vault.keystore().destroy().is_ok());
        let client = Client::create(&home, &vault, Arc::new(SystemClock)).unwrap();
        let address = ServerAddress::parse(&url, PlainHttp::LoopbackOnly).unwrap();
        let connection = Connection::new(address, &Trust::Public).unwrap();
        let key = connection.introduce().await.unwrap().server_key;
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
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

    pub(crate) async fn accept(&self, request: &str, worker: u8) {
        let partnership = self.client.partnership();
        let teams = partnership.teams().unwrap();
        let plan = AcceptPlan {
            organisation: teams[0].organisation,
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

    /// A tablet that was enrolled in person and has caught up.
    pub(crate) async fn tablet(&self, name: &str, worker: u8) -> Arc<Doorstep> {
        self.tablet_by(name, worker, None).await
    }

    pub(crate) async fn tablet_by(&self, name: &str, worker: u8, network: Option<Network>) -> Arc<Doorstep> {
        let tablet = Doorstep::create(text(&self.at(name)), Arc::new(Pocket::default()), network).unwrap();
        let (invitation, _) = self.invitation(&InvitePlan::IN_PERSON);
        let request = tablet.enrolment().begin(&invitation, DeviceKind::Personal).unwrap();
        self.accept(&request, worker).await;
        caught_up(&tablet).await;
        tablet
    }

    /// The desk catches up.
    pub(crate) async fn sync(&self) -> SyncReport {
        let mut syncer = Syncer::over_http(self.client.device(), &Trust::Public, PlainHttp::LoopbackOnly).unwrap();
        syncer.sync_once(&CancellationToken::new(), &mut |_| {}).await
    }
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

pub(crate) async fn caught_up(tablet: &Doorstep) {
    let report = tablet.sync(None, None).await.unwrap();
    assert_eq!(report.end, SyncEnd::CaughtUp, "{report:?}");
}

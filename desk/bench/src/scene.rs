//! The setting of a measurement: a partnership, its devices in real folders, homes with what is recorded in them.

use std::path::Path;
use std::sync::Arc;

use doorstep_client_core::client::{Client, ClientError, PersonInput, SystemClock};
use doorstep_client_core::partnership::{
    AcceptPlan, AdminError, Engagement, FoundingPlan, InvitePlan, OrganisationPlan,
};
use doorstep_client_core::records::communication::Language;
use doorstep_client_core::records::function::{Ability, Doing, Level};
use doorstep_client_core::records::home::{Dwelling, Hazard, Severity};
use doorstep_client_core::records::identity::{Occupancy, OccupancyKind, Person};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Uprn, hazard_codes::Scheme};
use doorstep_client_core::sync::{End, SyncReport, Syncer};
use doorstep_client_core::transport::{Connection, HttpTransport, PlainHttp, ServerAddress, Transport, Trust};
use doorstep_client_core::vault::MemoryVault;
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind};
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::{Class, SignPublic, WorkerId};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::BenchError;

/// A device and the runtime its sync runs on.
pub(crate) struct Stage {
    pub runtime: Runtime,
}

impl Stage {
    pub(crate) fn new() -> Result<Self, BenchError> {
        Ok(Self { runtime: tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()? })
    }

    pub(crate) fn syncer(&self, client: &Client) -> Result<Syncer<HttpTransport>, BenchError> {
        Syncer::over_http(client.device(), &Trust::default(), PlainHttp::LoopbackOnly)
            .map_err(|error| BenchError::Sync(error.to_string()))
    }

    /// Catches up until everything is here and sent.
    pub(crate) fn sync(&self, syncer: &mut Syncer<HttpTransport>) -> Result<SyncReport, BenchError> {
        let cancel = CancellationToken::new();
        let report = self.runtime.block_on(syncer.sync_once(&cancel, &mut |_| {}));
        match report.end {
            End::CaughtUp => Ok(report),
            other => Err(BenchError::Sync(format!("{other:?}: {}", report.message.unwrap_or_default()))),
        }
    }

    fn append(&self, url: &str, key: SignPublic, append: &LogAppend) -> Result<(), BenchError> {
        let failed = |error: String| BenchError::Sync(error);
        let address = ServerAddress::parse(url, PlainHttp::LoopbackOnly).map_err(|e| failed(e.to_string()))?;
        let connection = Connection::new(address, &Trust::default()).map_err(|e| failed(e.to_string()))?;
        let transport = connection.trusting(key);
        self.runtime.block_on(transport.append_log(append)).map_err(|e| failed(e.to_string()))?;
        Ok(())
    }
}

/// The key of a server that nobody runs.
pub(crate) fn nobody() -> SignPublic {
    SigningKey::make(&mut doorstep_client_core::randomness::os()).public()
}

/// A new device in a folder.
pub(crate) fn device(folder: &Path) -> Result<Client, BenchError> {
    Ok(Client::create(folder, &MemoryVault::default(), Arc::new(SystemClock))?)
}

/// Founds a partnership that no server knows.
pub(crate) fn found_alone(folder: &Path, url: &str, key: &SignPublic) -> Result<(Client, LogAppend), BenchError> {
    let desk = device(folder)?;
    let plan = FoundingPlan {
        organisations: vec![
            OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council },
            OrganisationPlan { name: "Fire service".into(), kind: OrganisationKind::Fire },
        ],
        area: "Ward".into(),
        desk: "Desk".into(),
        worker: "Officer".into(),
    };
    let founded = desk.partnership().found(&plan, url, key)?;
    Ok((desk, founded.append))
}

/// Founds a partnership and brings it to a server.
pub(crate) fn found(stage: &Stage, folder: &Path, url: &str, key: &SignPublic) -> Result<Client, BenchError> {
    let (desk, append) = found_alone(folder, url, key)?;
    stage.append(url, *key, &append)?;
    Ok(desk)
}

/// Brings a further device in.
pub(crate) fn enrol(stage: &Stage, desk: &Client, folder: &Path, number: u8) -> Result<Client, BenchError> {
    let client = device(folder)?;
    enrol_device(stage, desk, &client, number)?;
    Ok(client)
}

/// Brings a device in that is there already.
pub(crate) fn enrol_device(stage: &Stage, desk: &Client, client: &Client, number: u8) -> Result<(), BenchError> {
    let invited = desk.partnership().invite(&InvitePlan::IN_PERSON)?;
    let invitation = invited.invitation.check(None, client.now());
    let invitation = invitation.map_err(|error| ClientError::from(AdminError::from(error)))?;
    let request = client.partnership().begin(&invitation, DeviceKind::Personal)?;
    let teams = desk.partnership().teams()?;
    let organisation = teams.first().map(|team| team.organisation).ok_or(BenchError::Setting("no team"))?;
    let plan = AcceptPlan {
        organisation,
        teams: teams.iter().map(|team| team.team).collect(),
        worker: WorkerId([number; 16]),
        engagement: Engagement::Staff,
        not_after: None,
    };
    let (written, append) = desk.partnership().accept(&request, &plan)?;
    let server = desk.partnership().server()?;
    stage.append(&server.url, server.key, &append)?;
    desk.partnership().take(&written)?;
    Ok(())
}

/// A home of the setting.
pub(crate) fn property(number: usize) -> Property {
    const STREETS: [&str; 8] = [
        "Alder Street",
        "Birch Road",
        "Cedar Lane",
        "Dogwood Close",
        "Elder Way",
        "Fir Terrace",
        "Gorse Hill",
        "Hazel Row",
    ];
    let uprn = 990_000_000_000 + number;
    Property {
        uprn: uprn.to_string().parse::<Uprn>().ok(),
        number: Some((number / STREETS.len() + 1).to_string()),
        street: Some(STREETS[number % STREETS.len()].to_owned()),
        town: Some("Testham".to_owned()),
        postcode: format!("ZZ{} {}AA", number % 90 + 10, number / 90 % 10).parse().ok(),
        ..Property::default()
    }
}

/// Records homes, one `index` document each.
pub(crate) fn homes(client: &Client, count: usize) -> Result<(), BenchError> {
    let all: Vec<Property> = (0..count).map(property).collect();
    client.properties().add_many(&all, &mut |_| {})?;
    Ok(())
}

/// A hazard of the setting.
pub(crate) fn hazard(number: usize) -> Hazard {
    Hazard {
        scheme: Some(Scheme::Hhsrs2026),
        code: Some((number % 21 + 1).to_string()),
        room: Some("kitchen".to_owned()),
        severity: Some(Severity::Medium),
        note: Some(format!(
            "Observation {number}: the worktop edge is loose beside the cooker and the light does not reach it."
        )),
        ..Hazard::default()
    }
}

/// Records a home with a person in it: six compartments, about forty fields.
pub(crate) fn full_home(client: &Client, number: usize) -> Result<(), BenchError> {
    let home = property(number);
    let record = client.properties().add(&home)?;
    let hazards: Vec<Hazard> = (0..5).map(hazard).collect();
    client.write(|draft| {
        let rows: Vec<_> = hazards.iter().map(|hazard| (draft.row_id(), hazard.clone())).collect();
        draft.edit(record, Class::Home, |edit| {
            edit.put(&Dwelling {
                storeys: Some(2),
                floor: Some(0),
                bedrooms: Some(3),
                construction: Some("brick cavity".into()),
                heating: Some("gas boiler".into()),
                ..Dwelling::default()
            })?;
            rows.iter().try_for_each(|(row, hazard)| edit.create(*row, hazard))
        })
    })?;
    client.people().record(&PersonInput {
        person: Some(Person {
            preferred_name: Some(format!("Resident {number}")),
            forename: Some("Resident".into()),
            surname: Some(number.to_string()),
            ..Person::default()
        }),
        occupancies: vec![Occupancy {
            property: Some(record.0),
            kind: Some(OccupancyKind::Main),
            ..Occupancy::default()
        }],
        language: Some(Language { spoken: Some("en".into()), ..Language::default() }),
        abilities: vec![Ability { what: Some(Doing::Stairs), level: Some(Level::Cannot), ..Ability::default() }],
        ..PersonInput::default()
    })?;
    Ok(())
}

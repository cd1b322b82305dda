//! After the story: the desk and the three tablets, each as a page in the browser, with a switch for its signal. Cut the
//! signal, record something on two of them, bring it back: they diverge and merge before your eyes.

use std::io::Write;
use std::sync::Arc;

use doorstep_client_core::client::SealedInput;
use doorstep_client_core::records::Date;
use doorstep_client_core::records::sealed::{Entry, Violence, ViolenceKind};
use doorstep_desk::link;
use doorstep_pages::network::wiping;
use doorstep_pages::street::{Neighbour, Street};
use doorstep_pages::{Network, Pages, Setup};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::chapters::{CREW, DESK, FLAT_UPRN};
use crate::{Kept, StoryError};

/// The PIN of the fire tablet. It protects nothing: it is printed.
pub const PIN: &str = "4826";

/// Serves every device until Ctrl-C.
///
/// # Errors
/// [`StoryError`].
pub fn serve(out: &mut dyn Write, mut kept: Kept) -> Result<(), StoryError> {
    seal(&kept)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let cancel = CancellationToken::new();
        let (mut neighbours, mut served) = (Vec::new(), Vec::new());
        for device in &mut kept.devices {
            // The story's runtime has gone, and its connections with it.
            device.connect(&kept.at)?;
            let syncer = device.take_syncer().ok_or(StoryError::Broken("a device has no way to its server"))?;
            let leave = wiping(&device.folder, device.vault(), kept.at.transport()?);
            let setup = Setup {
                client: device.client.clone(),
                vault: Some(Box::new(device.vault())),
                network: Some(Network::start(&Handle::current(), syncer, leave)),
                signal: Some(Arc::new(device.switch.clone())),
            };
            let pages = Pages::bind(setup, 0).await?;
            neighbours.push(Neighbour { name: device.name.to_owned(), house: pages.house() });
            served.push(tokio::spawn(pages.serve(cancel.clone())));
        }
        let street = Street::bind(neighbours, 0).await?;
        writeln!(
            out,
            "\nThe four devices, each as a page with a switch for its signal (the link works once, for an hour):"
        )?;
        writeln!(out, "\n  {}\n", street.start_link()?)?;
        writeln!(
            out,
            "Try it: cut the signal of two tablets, record something at {FLAT_UPRN} on both, bring it back."
        )?;
        writeln!(out, "The fire tablet's PIN is {PIN}: break the glass at that address. Ctrl-C ends everything.")?;
        out.flush()?;
        let stop = link::cancel_on_interrupt();
        let streets = tokio::spawn(street.serve(cancel.clone()));
        stop.cancelled().await;
        cancel.cancel();
        for page in served {
            page.await.map_err(|_| StoryError::Broken("a device's pages did not end"))??;
        }
        streets.await.map_err(|_| StoryError::Broken("the index did not end"))??;
        Ok(())
    })
}

/// Something behind the glass, and a PIN for the crew that may break it.
fn seal(kept: &Kept) -> Result<(), StoryError> {
    let (Some(desk), Some(crew)) = (kept.devices.get(DESK), kept.devices.get(CREW)) else {
        return Err(StoryError::Broken("a device is missing"));
    };
    crew.client.seats().set_pin(&crew.vault(), PIN)?;
    let flat = desk.client.properties().resolve(FLAT_UPRN)?;
    let review_on: Option<Date> = "2027-05-01".parse().ok();
    let input = SealedInput {
        violence: vec![Violence {
            kind: Some(ViolenceKind::Threats),
            detail: Some("a visitor to the flat has threatened staff on the landing".to_owned()),
            precaution: Some("call on arrival, do not wait in the stairwell".to_owned()),
            review_on,
            ..Violence::default()
        }],
        entries: vec![Entry {
            place: Some("left of the entrance, knee height".to_owned()),
            code: Some("C4179Y".to_owned()),
            ..Entry::default()
        }],
        pointers: Vec::new(),
    };
    desk.client.glass().seal(flat, &input)?;
    Ok(())
}

//! What the three visits became: the desk's page, the crew's page, and that all devices show the same.

use doorstep_client_core::records::firebox::FireLine;
use doorstep_client_core::records::{Class, DocumentView, Reading};
use doorstep_desk::render;
use doorstep_desk::screen::Colours;

use super::{CREW, DESK, Flat, Town};
use crate::StoryError;
use crate::telling::Telling;

impl Town {
    pub(crate) fn desk_page(&self, telling: &mut Telling<'_>, flat: &Flat) -> Result<usize, StoryError> {
        telling.step("The flat, as the desk sees it", "all three visits in one record; each fact with who and when")?;
        let desk = &self.devices[DESK].client;
        let names = desk.directory().names()?;
        let page = desk.properties().get(flat.record, Reading::Shown)?;
        let home = desk.document(flat.record, Class::Home)?;
        telling.page(&render::property::page(&page, home.as_ref(), &names, Reading::Shown, Colours::Off))?;
        if page.view.visits.len() != 3 {
            return Err(StoryError::Broken("not all three visits are in the record"));
        }
        telling.step("Where the visits disagree", "no value is thrown away: an officer sees both, and decides")?;
        let mut conflicts = desk.conflicts().list()?;
        conflicts.retain(|item| item.record == Some(flat.record));
        telling.page(&render::conflicts::page(&conflicts, Colours::Off))?;
        Ok(conflicts.len())
    }

    pub(crate) fn crew_page(&self, telling: &mut Telling<'_>, flat: &Flat) -> Result<bool, StoryError> {
        telling.step(
            "The same flat, as a fire crew sees it",
            "two seconds: the more cautious value, and that it is disputed",
        )?;
        let crew = &self.devices[CREW].client;
        let page = crew.firebox().open(flat.record)?;
        telling.page(&render::firebox::page(&page, &crew.directory().names()?, Colours::Off))?;
        let routes = page.view.line(FireLine::ClutterAndRoutes);
        let warned = routes.iter().any(|entry| entry.words.contains("restricted") && entry.is_disputed);
        if !warned {
            return Err(StoryError::Broken("the crew is not told that the way out is disputed"));
        }
        if page.view.line(FireLine::CannotSelfEvacuate).is_empty() {
            return Err(StoryError::Broken("the crew is not told that somebody cannot use the stairs"));
        }
        Ok(warned)
    }

    pub(crate) fn compare(&self, telling: &mut Telling<'_>, flat: &Flat) -> Result<usize, StoryError> {
        telling
            .step("Four devices, one truth", "the same envelopes make the same page, to the last field and author")?;
        let mut alike = 0;
        let wanted = self.views(DESK, flat)?;
        for (at, device) in self.devices.iter().enumerate() {
            let views = self.views(at, flat)?;
            // A landlord's tablet has no key for what a tenant can do: it has no such document at all.
            let missing: Vec<&str> = views
                .iter()
                .zip(&wanted)
                .filter(|((_, mine), (_, desk))| mine.is_none() && desk.is_some())
                .map(|((class, _), _)| class.as_str())
                .collect();
            let differ = views.iter().zip(&wanted).any(|((_, mine), (_, desk))| mine.is_some() && mine != desk);
            if differ {
                return Err(StoryError::Broken("two devices with the same envelopes show different pages"));
            }
            alike += 1;
            let held = views.iter().filter(|(_, view)| view.is_some()).count();
            let without = match missing.as_slice() {
                [] => String::new(),
                classes => format!("; no key for: {} (not granted to a landlord)", classes.join(", ")),
            };
            telling.line(&format!("{:<16}{held} documents equal the desk's{without}", device.name))?;
        }
        Ok(alike)
    }

    /// The documents of the flat and its tenant on a device.
    fn views(&self, at: usize, flat: &Flat) -> Result<Vec<(Class, Option<DocumentView>)>, StoryError> {
        let client = &self.devices[at].client;
        let of_flat = [Class::Index, Class::Home, Class::Fire].map(|class| (flat.record, class));
        let of_tenant = [Class::Identity, Class::Communication, Class::Function].map(|class| (flat.tenant, class));
        let all = of_flat.into_iter().chain(of_tenant);
        all.map(|(record, class)| Ok((class, client.document(record, class)?))).collect()
    }
}

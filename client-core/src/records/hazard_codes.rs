//! Code lists of hazards. A code carries its scheme: an inspection keeps the scheme it began with.
//!
//! The labels are short and our own; the law and the licensed instruments have their own wording. Numbers of the statutory
//! lists follow DOMAIN §3 and are data: a correction is a change of a table.

use super::row::choice;
use super::value::FieldError;

choice! {
    /// A list of hazard codes.
    enum Scheme {
        /// England from 23 June 2026: 21 hazards.
        Hhsrs2026 = "hhsrs-2026",
        /// Earlier inspections, and Wales: 29 hazards.
        Hhsrs2005 = "hhsrs-2005",
        /// Home fire safety visit.
        FireV1 = "fire-v1",
        /// Occupational therapy home assessment.
        OtV1 = "ot-v1",
    }
}

/// A code and its label.
pub type Code = (&'static str, &'static str);

const HHSRS_2026: &[Code] = &[
    ("1", "Falls on the level"),
    ("2", "Falls on stairs"),
    ("3", "Falls between levels"),
    ("4", "Fire and explosions"),
    ("5", "Flames and hot surfaces"),
    ("6", "Collisions, entrapment, ergonomics"),
    ("7", "Structural collapse, falling elements"),
    ("8", "Electrical hazards"),
    ("9", "Excess cold"),
    ("10", "Radiation"),
    ("11", "Damp and mould"),
    ("12", "Lead"),
    ("13", "Indoor air pollutants"),
    ("14", "Excess heat"),
    ("15", "Asbestos and MMF"),
    ("16", "Domestic hygiene"),
    ("17", "Water supply"),
    ("18", "Crowding and space"),
    ("19", "Entry by intruders"),
    ("20", "Noise"),
    ("21", "Lighting and views"),
];

const HHSRS_2005: &[Code] = &[
    ("1", "Damp and mould"),
    ("2", "Excess cold"),
    ("3", "Excess heat"),
    ("4", "Asbestos and MMF"),
    ("5", "Biocides"),
    ("6", "Carbon monoxide, combustion products"),
    ("7", "Lead"),
    ("8", "Radiation"),
    ("9", "Uncombusted fuel gas"),
    ("10", "Volatile organic compounds"),
    ("11", "Crowding and space"),
    ("12", "Entry by intruders"),
    ("13", "Lighting"),
    ("14", "Noise"),
    ("15", "Hygiene, pests, refuse"),
    ("16", "Food safety"),
    ("17", "Personal hygiene, drainage"),
    ("18", "Water supply"),
    ("19", "Falls at baths"),
    ("20", "Falls on the level"),
    ("21", "Falls on stairs"),
    ("22", "Falls between levels"),
    ("23", "Electrical hazards"),
    ("24", "Fire"),
    ("25", "Flames and hot surfaces"),
    ("26", "Collision and entrapment"),
    ("27", "Explosions"),
    ("28", "Position of amenities"),
    ("29", "Structural collapse, falling elements"),
];

const FIRE_V1: &[Code] = &[
    ("smoking", "Smoking materials"),
    ("scorch-marks", "Scorch marks"),
    ("home-oxygen", "Home oxygen"),
    ("emollient-creams", "Paraffin-based creams"),
    ("airflow-mattress", "Airflow mattress"),
    ("incontinence-products", "Incontinence products stored"),
    ("cannot-escape", "Cannot escape unaided"),
    ("cannot-call", "Cannot call for help"),
    ("hearing", "Cannot hear an alarm"),
    ("sight", "Poor sight"),
    ("cooking-cognition", "Forgets while cooking"),
    ("sedation", "Alcohol, drugs, sedating medicine"),
    ("smoke-alarm", "Smoke alarm missing or faulty"),
    ("heat-alarm", "Heat alarm missing or faulty"),
    ("telecare-unlinked", "Telecare not linked to detection"),
    ("clutter", "Clutter"),
    ("exit-blocked", "Way out blocked"),
    ("portable-heater", "Portable heater"),
    ("candles", "Candles"),
    ("e-bike", "E-bike or e-scooter charging"),
    ("unattended-cooking", "Cooking left alone"),
    ("overloaded-sockets", "Overloaded sockets"),
    ("previous-fire", "Previous fire"),
    ("arson-threat", "Threat of deliberate fire"),
    ("hoist-rescue", "Rescue needs hoist or bariatric team"),
    ("ventilator", "Ventilator"),
    ("gas-cylinders", "Gas cylinders"),
    ("explosives", "Ammunition or chemicals"),
    ("dangerous-dog", "Dangerous dog"),
];

const OT_V1: &[Code] = &[
    ("floors", "Floors and walkways"),
    ("mats", "Loose mats"),
    ("bed-transfer", "Getting in and out of bed"),
    ("chair-transfer", "Getting up from a chair"),
    ("toilet-transfer", "Getting on and off the toilet"),
    ("bath-transfer", "Getting in and out of the bath"),
    ("shower-transfer", "Getting in and out of the shower"),
    ("grab-rails", "Grab rails"),
    ("stair-rails", "Stair rails"),
    ("stair-edges", "Stair edges"),
    ("lighting", "Lighting"),
    ("switches", "Reach of switches"),
    ("kitchen-reach", "Kitchen reach"),
    ("carrying", "Carrying"),
    ("entrance-steps", "Entrance steps"),
    ("paths", "Paths"),
    ("thresholds", "Thresholds"),
    ("footwear", "Footwear"),
    ("pets", "Pets underfoot"),
];

/// The codes of a scheme, in its own order; none for a scheme of a newer version.
#[must_use]
pub const fn codes(scheme: &Scheme) -> &'static [Code] {
    match scheme {
        Scheme::Hhsrs2026 => HHSRS_2026,
        Scheme::Hhsrs2005 => HHSRS_2005,
        Scheme::FireV1 => FIRE_V1,
        Scheme::OtV1 => OT_V1,
        Scheme::Other(_) => &[],
    }
}

/// The label of a code; `None` where this version does not know it.
#[must_use]
pub fn label(scheme: &Scheme, code: &str) -> Option<&'static str> {
    codes(scheme).iter().find(|(known, _)| *known == code).map(|(_, label)| *label)
}

/// That the scheme has the code.
///
/// # Errors
/// Names the field `code` or `scheme`.
pub fn check(scheme: &Scheme, code: &str) -> Result<(), FieldError> {
    if label(scheme, code).is_some() {
        return Ok(());
    }
    let all = codes(scheme);
    match (all.first(), all.last()) {
        (Some((first, _)), Some((last, _))) => Err(FieldError::new(
            "code",
            format!("a code of {scheme}: {} codes from {first} to {last}", all.len()),
            "choose the hazard from the list",
        )),
        // The scheme itself is refused by its own check when it is newly written; a row of a newer version may keep it.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole_and_without_repetition() {
        for (scheme, len) in
            [(Scheme::Hhsrs2026, 21), (Scheme::Hhsrs2005, 29), (Scheme::FireV1, 29), (Scheme::OtV1, 19)]
        {
            let unique: std::collections::BTreeSet<_> = codes(&scheme).iter().map(|(code, _)| code).collect();
            assert_eq!((codes(&scheme).len(), unique.len()), (len, len), "{scheme}");
        }
        assert!(check(&Scheme::Hhsrs2026, "29").is_err());
        assert!(check(&Scheme::Hhsrs2005, "29").is_ok());
    }
}

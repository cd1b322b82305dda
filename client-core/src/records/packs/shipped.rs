//! The packs that come with this program, in our own words.

use std::sync::OnceLock;

use super::check::parse;
use super::content::Pack;

const FILES: [&str; 17] = [
    include_str!("../../../packs/hhsrs-2026.json"),
    include_str!("../../../packs/hhsrs-2005.json"),
    include_str!("../../../packs/fire-v1.json"),
    include_str!("../../../packs/ot-v1.json"),
    include_str!("../../../packs/communication-needs.json"),
    include_str!("../../../packs/thresholds.json"),
    include_str!("../../../packs/photographs.json"),
    include_str!("../../../packs/bank-holidays-england.json"),
    include_str!("../../../packs/bank-holidays-wales.json"),
    include_str!("../../../packs/awaabs-law-england.json"),
    include_str!("../../../packs/form-safe-and-well.json"),
    include_str!("../../../packs/form-ot-assessment.json"),
    include_str!("../../../packs/form-adaptation.json"),
    include_str!("../../../packs/form-hhsrs-inspection-2026.json"),
    include_str!("../../../packs/form-hhsrs-inspection-2005.json"),
    include_str!("../../../packs/form-stock-condition.json"),
    include_str!("../../../packs/form-follow-up.json"),
];

/// Each shipped pack with its file.
pub fn shipped() -> &'static [(Pack, &'static str)] {
    static SHIPPED: OnceLock<Vec<(Pack, &'static str)>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        // A form is checked against the code lists, which therefore come first and are read without it.
        FILES.iter().filter_map(|file| parse(file).ok().map(|pack| (pack, *file))).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::{Date, Weekday};

    use super::*;
    use crate::records::packs::{Content, PackError};

    #[test]
    fn every_file_is_a_sound_pack() {
        for file in FILES {
            assert_eq!(parse(file).map(|_| ()), Ok(()));
        }
        let ids: BTreeSet<&str> = shipped().iter().map(|(pack, _)| pack.id.as_str()).collect();
        assert_eq!(ids.len(), FILES.len());
        for (id, len) in
            [("hhsrs-2026", 21), ("hhsrs-2005", 29), ("fire-v1", 29), ("ot-v1", 19), ("communication-needs", 20)]
        {
            let codes = shipped().iter().find_map(|(pack, _)| match &pack.content {
                Content::Codes(codes) if pack.id == id => Some(codes.codes.len()),
                _ => None,
            });
            assert_eq!(codes, Some(len), "{id}");
        }
        // Each kind of visit has a form.
        for kind in crate::records::home::VisitKind::CODES {
            let has = |pack: &Pack| matches!(&pack.content, Content::Form(form) if form.visit.as_str() == *kind);
            assert!(shipped().iter().any(|(pack, _)| has(pack)), "{kind}");
        }
        // The needs are those that rows can hold.
        let needs = shipped().iter().find_map(|(pack, _)| match &pack.content {
            Content::Codes(codes) if pack.id == "communication-needs" => Some(codes),
            _ => None,
        });
        let needs: Vec<&str> = needs.expect("shipped").codes.iter().map(|code| code.code.as_str()).collect();
        assert_eq!(needs, crate::records::communication::NeedKind::CODES);
    }

    /// Easter Sunday, by the calendar's own rule.
    fn easter(year: i16) -> Date {
        let year = i32::from(year);
        let (a, b, c) = (year % 19, year / 100, year % 100);
        let (d, e) = (b / 4, b % 4);
        let g = (8 * b + 13) / 25;
        let h = (19 * a + b - d - g + 15) % 30;
        let (i, k) = (c / 4, c % 4);
        let l = (32 + 2 * e + 2 * i - h - k) % 7;
        let m = (a + 11 * h + 22 * l) / 451;
        let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
        Date::new(year as i16, month as i8, day as i8).expect("a day")
    }

    fn is_weekend(day: Date) -> bool {
        matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// The days of a year by the rules: what falls on a weekend moves to the next day that is free.
    fn by_rule(year: i16) -> BTreeSet<String> {
        let day = |month, day| Date::new(year, month, day).expect("a day");
        let plus = |date: Date, days: i64| date.checked_add(jiff::Span::new().days(days)).expect("a day");
        let monday = |mut date: Date, step: i64| {
            while date.weekday() != Weekday::Monday {
                date = plus(date, step);
            }
            date
        };
        let mut days = vec![
            plus(easter(year), -2),
            plus(easter(year), 1),
            monday(day(5, 1), 1),
            monday(day(5, 31), -1),
            monday(day(8, 31), -1),
        ];
        for fixed in [day(1, 1), day(12, 25), day(12, 26)] {
            let mut free = fixed;
            while is_weekend(free) || days.contains(&free) {
                free = plus(free, 1);
            }
            days.push(free);
        }
        days.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn bank_holidays_are_what_the_rules_make_of_each_year() {
        for nation in ["england", "wales"] {
            let days = shipped().iter().find_map(|(pack, _)| match &pack.content {
                Content::Holidays(holidays) if holidays.nation == nation => Some(holidays),
                _ => None,
            });
            let listed: BTreeSet<String> = days.expect("shipped").days.iter().map(|one| one.day.to_string()).collect();
            let expected: BTreeSet<String> = (2025..=2028).flat_map(by_rule).collect();
            assert_eq!(listed, expected, "{nation}");
            assert_eq!(listed.len(), 32);
        }
    }

    #[test]
    fn a_pack_with_a_mistake_is_refused_where_the_mistake_is() {
        let codes = r#"{"id":"a","kind":"codes","version":1,"valid_from":"2026-01-01","title":{"en":"A","cy":"A"},"codes":[{"code":"x","en":"X","cy":"X"}]}"#;
        assert!(parse(codes).is_ok());
        let form = r#"{"id":"f","kind":"form","version":1,"valid_from":"2026-01-01","title":{"en":"F","cy":"F"},"visit":"follow-up","questions":[{"id":"q","text":{"en":"Q","cy":"Q"},"answer":{"type":"yes-no"},"fills":[{"row":"hazards","when":["yes"],"set":{"scheme":"fire-v1","code":"candles"}}]}]}"#;
        assert_eq!(parse(form).map(|_| ()), Ok(()));
        for (text, from, to, place) in [
            (codes, r#""kind":"codes""#, r#""kind":"lists""#, "kind"),
            (codes, r#""version":1"#, r#""version":0"#, "version"),
            (codes, r#""id":"a""#, r#""id":"A b""#, "id"),
            (codes, r#""cy":"A""#, r#""cy":" ""#, "title.cy"),
            (codes, r#""codes":[{"#, r#""codes":[{"note":"n","#, "codes[0].note"),
            (codes, r#"}]}"#, r#"},{"code":"x","en":"Y","cy":"Y"}]}"#, "codes[1]"),
            (codes, r#""title""#, r#""tilte""#, "line 1"),
            (form, r#""when":["yes"]"#, r#""when":["maybe"]"#, "questions[0].fills[0].when"),
            (form, r#""row":"hazards""#, r#""row":"hazard""#, "questions[0].fills[0]"),
            (form, r#""scheme":"fire-v1""#, r#""schema":"fire-v1""#, "questions[0].fills[0]"),
            (form, r#""id":"q""#, r#""id":"q","when":{"question":"p","is":["yes"]}"#, "questions[0].when"),
        ] {
            let wrong = text.replacen(from, to, 1);
            assert_ne!(wrong, text);
            match parse(&wrong) {
                Err(PackError { place: found, .. }) => assert_eq!(found, place),
                Ok(_) => panic!("{place} was taken"),
            }
        }
    }
}

//! A room is one room, whatever language it was chosen or written in.

use doorstep_client_core::records::home::Clutter;
use doorstep_client_core::records::{Class, Reading, RowId};

use super::forms::{answer, question};
use super::served::served;
use super::visits::begin;

#[test]
fn a_room_chosen_on_the_english_page_and_on_the_welsh_one_is_one_room() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "safe-and-well");
    answer(&visitor, &visit, "clutter", &[("room", "kitchen"), ("answer", "5")]);
    answer(&visitor.in_welsh(), &visit, "clutter", &[("room", "kitchen"), ("answer", "7")]);
    // Typed in Welsh, too; what nobody listed stays as it was typed.
    answer(&visitor.in_welsh(), &visit, "clutter", &[("room_other", "Cegin"), ("answer", "8")]);
    answer(&visitor.in_welsh(), &visit, "clutter", &[("room_other", "Llofft gefn"), ("answer", "2")]);
    let ratings = || {
        let home = served.client.properties().get(served.record, Reading::Shown).expect("the home");
        let rows = home.view.clutter.into_iter().map(|seen| (seen.value.room.unwrap_or_default(), seen.value.rating));
        let mut rows: Vec<_> = rows.collect();
        rows.sort();
        rows
    };
    assert_eq!(ratings(), [("Llofft gefn".to_owned(), Some(2)), ("kitchen".to_owned(), Some(8))]);
    let (english, welsh) = (visitor.page(&format!("{visit}/form")), visitor.page_in_welsh(&format!("{visit}/form")));
    assert!(question(&english, "clutter").contains("kitchen: <strong>8"), "{english}");
    assert!(question(&welsh, "clutter").contains("cegin: <strong>8"), "{welsh}");
    let home = visitor.page_in_welsh(&format!("/home/{}", served.record));
    assert!(home.contains("cegin") && !home.contains("kitchen"), "{home}");
}

#[test]
fn a_room_that_an_earlier_version_wrote_in_welsh_is_still_the_same_room() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "safe-and-well");
    let row = visit.rsplit('/').next().and_then(|row| row.parse::<RowId>().ok()).expect("a visit");
    let older = Clutter { room: Some("cegin".to_owned()), rating: Some(4), visit: Some(row), ..Clutter::default() };
    let saved = served.client.write(|draft| {
        let fresh = draft.row_id();
        draft.edit(served.record, Class::Home, |edit| edit.create(fresh, &older))
    });
    saved.expect("a rating of an earlier version");
    answer(&visitor, &visit, "clutter", &[("room", "kitchen"), ("answer", "6")]);
    let home = served.client.properties().get(served.record, Reading::Shown).expect("the home");
    let rows: Vec<_> = home.view.clutter.iter().map(|seen| (seen.value.room.as_deref(), seen.value.rating)).collect();
    assert_eq!(rows, [(Some("kitchen"), Some(6))], "rated anew, not beside");
}

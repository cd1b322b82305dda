//! Photographs, taken in by plain forms.

use doorstep_client_core::client::Held;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

use super::served::{Part, Visitor, served};
use super::visits::begin;

/// A small picture as a camera writes it, with a comment that must not get through.
fn picture() -> Vec<u8> {
    let image = RgbImage::from_fn(400, 300, |x, _| if x < 200 { Rgb([250, 10, 10]) } else { Rgb([10, 10, 250]) });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&image).expect("small");
    let comment = b"CANARY IN A COMMENT";
    let length = u16::try_from(comment.len() + 2).expect("short").to_be_bytes();
    [&bytes[..2], &[0xff, 0xfe], &length[..], comment, &bytes[2..]].concat()
}

fn take(visitor: &Visitor<'_>, path: &str, more: &[(&str, Part<'_>)], file: &[u8]) -> super::served::Answer {
    let token = visitor.token.clone();
    let mut parts = vec![("token", Part::Text(&token))];
    for (name, part) in more {
        parts.push((
            name,
            match part {
                Part::Text(text) => Part::Text(text),
                Part::File(bytes) => Part::File(bytes),
            },
        ));
    }
    parts.push(("photo", Part::File(file)));
    visitor.upload(path, &parts)
}

#[test]
fn a_photograph_is_taken_at_a_visit_and_shown_where_it_belongs() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "stock-condition");
    let about = [("photo_note", Part::Text("damp by the window")), ("room", Part::Text("bedroom"))];
    let taken = take(&visitor, &format!("{visit}/photo"), &about, &picture());
    assert_eq!(taken.location(), visit);

    let rows = served.client.photographs().list(served.record).expect("photographs");
    let [row] = rows.as_slice() else { panic!("one photograph: {rows:?}") };
    assert_eq!(
        (row.original, row.note.as_deref(), row.room.as_deref()),
        (Held::Here, Some("damp by the window"), Some("bedroom"))
    );
    let at = format!("/photograph/{}/{}", served.record, row.row);
    for page in [visit.clone(), format!("/home/{}", served.record), format!("/home/{}/photographs", served.record)] {
        let html = visitor.page(&page);
        assert!(html.contains(&format!("src=\"{at}/small\"")), "{page}: {html}");
        assert!(html.contains("not sent yet"), "{page} says how far it is");
    }
    let small = visitor.get(&format!("{at}/small"));
    assert_eq!((small.status, small.header("content-type").as_deref()), (200, Some("image/jpeg")));
    assert_eq!(small.header("cache-control").as_deref(), Some("no-store"));
    let whole = visitor.get(&format!("{at}/whole"));
    assert!(whole.body.starts_with(b"\xff\xd8\xff"), "a JPEG file");
    let text = String::from_utf8_lossy(&whole.body).into_owned();
    assert!(!text.contains("CANARY"), "nothing of the file but its pixels gets through");
    assert!(visitor.page(&at).contains(&format!("src=\"{at}/whole\"")));
    // Nobody outside sees it.
    assert_eq!(served.send(&format!("GET {at}/small"), &[served.host()], b"").status, 403);
}

#[test]
fn what_is_no_photograph_is_said_at_the_field_and_the_words_beside_it_stay() {
    let served = served();
    let visitor = served.visitor();
    let path = format!("/home/{}/photographs", served.record);
    let words = [("photo_note", Part::Text("the crack above the door"))];
    for (file, said) in [
        (&b""[..], "Take a photograph, or choose one."),
        (&b"GIF89a no photograph"[..], "JPEG, PNG and WebP files are taken"),
        (&picture()[..60], "does not read as a picture"),
        (&vec![0xff; doorstep_client_core::photograph::FILE_BYTES_MAX + 1][..], "at most 40 MB"),
    ] {
        let refused = take(&visitor, &path, &words, file);
        let html = refused.text();
        assert_eq!(refused.status, 422, "{said}: {html}");
        assert!(html.contains("href=\"#f-photo\"") && html.contains("id=\"e-photo\"") && html.contains(said), "{html}");
        assert!(html.contains("the crack above the door"), "what was typed is kept");
    }
    assert!(served.client.photographs().list(served.record).expect("a list").is_empty(), "nothing was saved");
}

#[test]
fn a_form_with_a_file_is_taken_with_its_token_first_and_where_files_belong_only() {
    let served = served();
    let visitor = served.visitor();
    let (path, file, token) = (format!("/home/{}/photographs", served.record), picture(), visitor.token.clone());
    let last = visitor.upload(&path, &[("photo", Part::File(&file)), ("token", Part::Text(&token))]);
    assert_eq!(last.status, 403, "the token comes first");
    let other = visitor.upload(&path, &[("token", Part::Text("00")), ("photo", Part::File(&file))]);
    assert_eq!(other.status, 403, "another token");
    let elsewhere = visitor.upload("/search", &[("token", Part::Text(&token)), ("search", Part::Text("lantern"))]);
    assert_eq!(elsewhere.status, 403, "a page that takes no file reads no such form");
    assert!(served.client.photographs().list(served.record).expect("a list").is_empty());
}

#[test]
fn a_hazard_is_three_taps_and_a_photograph_in_one_form() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "hhsrs-inspection");
    let taps =
        [("room", Part::Text("bathroom")), ("hazard_scope", Part::Text("dwelling")), ("severity", Part::Text("high"))];
    let broken = take(&visitor, &format!("{visit}/hazard/hhsrs-2026/11"), &taps, b"no picture");
    assert_eq!(broken.status, 422);
    assert!(broken.text().contains("id=\"e-photo\""), "{}", broken.text());
    assert!(!visitor.page(&visit).contains("Damp and mould, bathroom"), "nothing is saved with a broken photograph");

    let saved = take(&visitor, &format!("{visit}/hazard/hhsrs-2026/11"), &taps, &picture());
    assert_eq!(saved.location(), visit);
    let rows = served.client.photographs().list(served.record).expect("photographs");
    let [row] = rows.as_slice() else { panic!("one photograph: {rows:?}") };
    let hazard = row.hazard.expect("it shows the hazard");
    let home = visitor.page(&format!("/home/{}", served.record));
    let (_, after) = home.split_once("Damp and mould").expect("the hazard");
    assert!(
        after.split("</li>").next().is_some_and(|line| line.contains("/small")),
        "its picture stands below it: {after}"
    );
    // Another of the same hazard, later.
    let again = take(&visitor, &format!("{visit}/photo/{hazard}"), &[], &picture());
    assert_eq!(again.location(), visit);
    let rows = served.client.photographs().list(served.record).expect("photographs");
    assert_eq!(rows.iter().filter(|row| row.hazard == Some(hazard)).count(), 2);
    assert!(rows.iter().all(|row| row.room.as_deref() == Some("bathroom")), "the room is the hazard's: {rows:?}");
}

#[test]
fn a_picture_that_is_not_here_is_said_to_be_and_is_asked_for() {
    let served = served();
    let visitor = served.visitor();
    let path = format!("/home/{}/photographs", served.record);
    assert_eq!(take(&visitor, &path, &[], &picture()).location(), path);
    let row = served.client.photographs().list(served.record).expect("photographs")[0].row;
    // The folder lost its parts, as on a device that has the record and not the pictures.
    let folder = served.client.folder().join(doorstep_client_core::photograph::PARTS_FOLDER);
    std::fs::remove_dir_all(&folder).expect("the folder of parts");
    let at = format!("/photograph/{}/{row}", served.record);
    assert_eq!(visitor.get(&format!("{at}/whole")).status, 404);
    assert_eq!(visitor.get(&at).status, 200, "the page still opens");
    assert_eq!(visitor.post(&format!("{at}/want"), &[]).location(), at);
    assert_eq!(
        visitor.get("/photograph/00000000000000000000000000000000/00000000000000000000000000000000").status,
        404
    );
}

//! Photographs on the command line: taken in, listed, saved at another device.

use crate::place::{Place, UPRN};

/// The smallest picture worth the name.
fn picture(place: &Place, name: &str) -> String {
    let image = image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8 * 4, y as u8 * 6, 90]));
    let path = place.path(name);
    image.save(&path).expect("a picture is written");
    path.display().to_string()
}

#[test]
fn a_photograph_is_taken_in_at_a_tablet_and_saved_at_the_desk() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Hillford Council");
    place.run("tablet", &["sync"]).ok();
    place.run("tablet", &["property", "add", "--uprn", UPRN, "--line", "7 Alder Street"]).ok();
    let file = picture(&place, "window.png");
    let words = ["photo", "add", UPRN, &file, "--room", "kitchen", "--note", "mould", "--json"];
    let added = place.run("tablet", &words).ok().json();
    let id = added["photograph"].as_str().expect("an id").to_owned();
    let listed = place.run("tablet", &["photo", "list", UPRN]).ok().out;
    assert!(listed.contains("kitchen") && listed.contains("mould") && listed.contains("not sent yet"), "{listed}");
    place.run("tablet", &["sync"]).ok();
    let synced = place.run("desk", &["sync"]).ok().out;
    assert!(synced.contains("parts of photographs came"), "{synced}");
    let listed = place.run("desk", &["photo", "list", UPRN]).ok().out;
    assert!(listed.contains("thumbnail on this device") && listed.contains("mould"), "{listed}");

    let target = place.path("saved.jpg").display().to_string();
    place.run("desk", &["photo", "save", UPRN, &id[..8], &target]).fails(3, &["not here yet", "sync"]);
    place.run("desk", &["sync"]).ok();
    place.run("desk", &["photo", "save", UPRN, &id[..8], &target]).ok();
    let saved = image::open(&target).expect("a JPEG file");
    assert_eq!((saved.width(), saved.height()), (60, 40));
    place.run("desk", &["photo", "save", UPRN, &id, &target]).fails(2, &["there already"]);
    let shown = place.run("desk", &["photo", "list", UPRN, "--json"]).ok().json();
    assert_eq!(shown["photographs"][0]["original"], "here");

    place.run("tablet", &["photo", "add", UPRN, "nowhere.jpg"]).fails(2, &["no such file"]);
    let text = place.path("text.jpg");
    std::fs::write(&text, b"no picture").expect("written");
    place.run("tablet", &["photo", "add", UPRN, &text.display().to_string()]).fails(2, &["JPEG, PNG and WebP"]);
    place.run("tablet", &["photo", "add", UPRN, &file, "--hazard", "00ff"]).fails(3, &["hazard"]);
}

/// How many files there are under a folder.
fn files(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.expect("an entry").path()).map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[test]
fn an_erased_home_takes_its_photographs_along_on_every_device_and_at_the_server() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Hillford Council");
    place.run("tablet", &["sync"]).ok();
    let added = place.run("tablet", &["property", "add", "--uprn", UPRN, "--line", "7 Alder Street", "--json"]);
    let record = added.ok().json()["record"].as_str().expect("an id").to_owned();
    let file = picture(&place, "window.png");
    place.run("tablet", &["photo", "add", UPRN, &file]).ok();
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["sync"]).ok();
    let folders = ["tablet/parts", "desk/parts", "server/parts"].map(|name| place.path(name));
    assert_eq!(folders.each_ref().map(|folder| files(folder)), [2, 1, 2], "both forms, the thumbnail, both forms");
    place.run("desk", &["admin", "add", "tablet", "--organisation", "Hillford Council", "--sheet", "kit.txt"]).ok();
    let propose = ["erase", "propose", &record, "--class", "home", "--reason", "request"];
    let text = place.run("desk", &propose).ok().out;
    place.write("proposal.txt", &text);
    place.run("tablet", &["erase", "sign", "--file", "proposal.txt"]).ok();
    place.run("tablet", &["sync"]).ok();
    place.run("desk", &["sync"]).ok();
    assert_eq!(folders.each_ref().map(|folder| files(folder)), [0, 0, 0], "nothing of it is left");
    assert!(place.run("desk", &["photo", "list", UPRN]).ok().out.contains("No photographs"));
    place.run("desk", &["verify"]).ok();
}

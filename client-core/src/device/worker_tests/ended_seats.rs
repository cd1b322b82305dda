//! What was recorded under a seat and sealed after its end: set aside the same way everywhere, and back once it is taken in.

use doorstep_protocol::authority::Adopt;

use super::*;
use crate::records::view::Seen;
use crate::replica::reader::SetAside;

const SECOND: WorkerId = WorkerId([8; 16]);

impl Scene {
    /// The tablet hears what the desk's log says.
    fn tell(&mut self) {
        self.tablet.take_log(&log::entries(self.desk.store().reader()).unwrap(), &[]).unwrap();
    }

    /// A clutter that the crew meets.
    fn crew_writes(&mut self) {
        self.tablet
            .write(NOW, &mut self.rng, |draft| {
                let row = draft.row_id();
                let fact = Fact { kind: Some(FactKind::Clutter), as_of: Some(NOW), ..Fact::default() };
                draft.edit(self.record, Class::Fire, |edit| edit.create(row, &fact))
            })
            .unwrap();
    }

    fn end_seats(&mut self, worker: WorkerId) {
        let written = partnership::end_seats(&self.desk, self.tablet.id(), worker, NOW).unwrap();
        partnership::take_written(&mut self.desk, &written).unwrap();
        self.tell();
    }

    /// What the tablet holds goes to the desk, whatever becomes of it there.
    fn hand_over(&mut self) {
        let all = envelopes::page_after(self.tablet.store().reader(), 0, 10_000).unwrap();
        self.desk.ingest_carried(all.into_iter().map(|kept| kept.bytes).collect(), NOW).unwrap();
    }

    /// Facts in the home's `fire` on the desk and on the tablet, which hold together.
    fn facts(&mut self) -> [usize; 2] {
        [&mut self.desk, &mut self.tablet].map(|device| {
            assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
            let fire = device.document_of(self.record, Class::Fire).unwrap().unwrap();
            device.view(fire).unwrap().unwrap().rows::<Fact>(Reading::Shown).len()
        })
    }

    /// An admin at the desk takes in what is late because of the seat.
    fn take_in(&mut self) {
        let late = self.desk.late_work().unwrap();
        assert!(!late.is_empty() && late.iter().all(|work| work.why == SetAside::SeatEnded), "{late:?}");
        let adopts: Vec<Adopt> = late
            .into_iter()
            .map(|work| Adopt { zone: work.zone, author: work.author, envelopes: work.envelopes })
            .collect();
        let written = partnership::adopt(&self.desk, &adopts, NOW).unwrap();
        partnership::take_written(&mut self.desk, &written).unwrap();
        self.tell();
    }
}

/// The author had taken it in, and everybody else had set it aside.
#[test]
fn own_work_sealed_after_its_seat_has_ended_is_set_aside_by_its_author_too() {
    let mut scene = Scene::new();
    scene.crew_writes();
    scene.end_seats(WorkerId([9; 16]));
    assert_eq!(scene.facts(), [1, 2], "until it is sealed it is shown to who recorded it");
    scene.tablet.seal_pending(NOW, &mut scene.rng).unwrap();
    scene.hand_over();
    assert_eq!(scene.facts(), [1, 1]);
    assert_eq!(scene.tablet.owed().unwrap().unsealed_changes, 0);
    assert!(!scene.tablet.is_unlocked(), "nothing waits for the worker's keys any more");
    scene.take_in();
    assert_eq!(scene.facts(), [2, 2]);
    assert!(scene.desk.late_work().unwrap().is_empty() && scene.tablet.late_work().unwrap().is_empty());
    scene.tablet.rebuild(NOW).unwrap();
    assert_eq!(scene.facts(), [2, 2]);
}

/// It had waited for ever: the tablet was restarted before it was locked, and the PIN opens nothing any more.
#[test]
fn what_a_worker_left_unsealed_is_sealed_by_the_device_once_the_seat_has_ended() {
    let mut scene = Scene::new();
    let key = scene.tablet.add_pin_seat("7319", CHEAP, NOW, &mut scene.rng).unwrap();
    let request = partnership::SeatRequest::of(&scene.tablet, key).unwrap();
    let written = partnership::seat(&scene.desk, &request, SECOND, NOW).unwrap();
    partnership::take_written(&mut scene.desk, &written).unwrap();
    scene.tell();
    let seats = scene.tablet.pin_seats().unwrap();
    let second = seats.iter().find(|seat| seat.worker == Some(SECOND)).unwrap().seat.unwrap();
    scene.tablet.unlock(Some(second), "7319", NOW, &mut scene.rng).unwrap();
    scene.crew_writes();
    let secrets = DeviceSecrets::from_bytes(&scene.tablet.secrets.expose_bytes()).unwrap();
    let store = std::mem::replace(&mut scene.tablet, Scene::before_pin(&mut scene.rng).tablet).into_store();
    scene.tablet = Device::open(store, secrets, &mut scene.rng).unwrap();
    scene.tablet.seal_pending(NOW, &mut scene.rng).unwrap();
    assert_eq!(scene.tablet.owed().unwrap().unsealed_changes, 1, "while the seat holds, only its worker signs");
    scene.end_seats(SECOND);
    scene.tablet.seal_pending(NOW, &mut scene.rng).unwrap();
    assert_eq!(scene.tablet.owed().unwrap().unsealed_changes, 0);
    assert!(scene.tablet.pin_seats().unwrap().iter().all(|seat| seat.seat != Some(second)));
    scene.hand_over();
    assert_eq!(scene.facts(), [1, 1], "it does not count by itself");
    scene.take_in();
    assert_eq!(scene.facts(), [2, 2]);
    let fire = scene.desk.document_of(scene.record, Class::Fire).unwrap().unwrap();
    let rows = scene.desk.view(fire).unwrap().unwrap().rows::<Fact>(Reading::Shown);
    let whose = |row: &Seen<Fact>| row.made.as_ref().and_then(|made| made.who.as_ref()?.seat);
    assert!(rows.iter().any(|row| whose(row) == Some(second)), "it stays its worker's");
}

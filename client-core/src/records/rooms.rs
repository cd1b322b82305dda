//! Rooms of a home, each by one word, in whatever language or spelling it was recorded: what is noted as *cegin* is in the kitchen.
//! A room that stands here is written by its English words; any other stays as it was typed.

/// A room that most homes have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its code, as forms name it.
    pub code: &'static str,
    /// Its English words: as the record holds it.
    pub en: &'static str,
    /// Its Welsh words.
    pub cy: &'static str,
}

const fn room(code: &'static str, en: &'static str, cy: &'static str) -> Room {
    Room { code, en, cy }
}

/// Rooms that most homes have.
pub const ROOMS: [Room; 8] = [
    room("hall", "hall", "cyntedd"),
    room("living-room", "living room", "ystafell fyw"),
    room("kitchen", "kitchen", "cegin"),
    room("bedroom", "bedroom", "ystafell wely"),
    room("bathroom", "bathroom", "ystafell ymolchi"),
    room("stairs", "stairs", "grisiau"),
    room("outside", "outside", "y tu allan"),
    room("whole-home", "whole home", "y cartref cyfan"),
];

/// Letters and digits alone, in small letters: what two spellings of a name have in common.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The room that is meant, where it is one of [`ROOMS`]: by its code or its words in either language.
#[must_use]
pub fn known(text: &str) -> Option<&'static Room> {
    let meant = plain(text);
    ROOMS.iter().find(|room| [room.code, room.en, room.cy].iter().any(|word| plain(word) == meant))
}

/// A room as the record holds it.
#[must_use]
pub fn as_recorded(text: &str) -> &str {
    known(text).map_or(text, |room| room.en)
}

/// Whether two rows are about one room.
#[must_use]
pub fn is_same(a: Option<&str>, b: Option<&str>) -> bool {
    let meant = |room: Option<&str>| room.map(|room| plain(as_recorded(room))).filter(|room| !room.is_empty());
    meant(a) == meant(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_one_room_in_every_language_and_spelling() {
        for (a, b) in [("kitchen", "cegin"), ("living-room", "Living room"), ("Ystafell Fyw", "living room")] {
            assert!(is_same(Some(a), Some(b)), "{a} {b}");
            assert_eq!(as_recorded(a), as_recorded(b));
        }
        assert!(!is_same(Some("kitchen"), Some("back kitchen")));
        assert!(!is_same(Some("kitchen"), None));
        assert!(is_same(None, Some(" ")));
        assert_eq!(as_recorded("Box room"), "Box room", "what nobody listed stays as it was typed");
    }

    #[test]
    fn no_word_means_two_rooms() {
        for room in &ROOMS {
            for word in [room.code, room.en, room.cy] {
                assert_eq!(known(word), Some(room));
            }
        }
    }
}

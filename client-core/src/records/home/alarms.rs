//! Alarms, and rooms that were looked for one in vain.

use doorstep_protocol::Millis;

use crate::records::Source;
use crate::records::row::{choice, row};
use crate::records::value::FieldError;
use crate::records::words::{Date, RowId};

choice! {
    /// Kind of alarm.
    enum AlarmKind {
        /// Smoke.
        Smoke = "smoke",
        /// Heat.
        Heat = "heat",
        /// Carbon monoxide.
        CarbonMonoxide = "carbon-monoxide",
    }
}

choice! {
    /// What was found or done.
    enum AlarmState {
        /// Looked for, none.
        None = "none",
        /// There, not tested.
        Present = "present",
        /// There and tested.
        Tested = "tested",
        /// Replaced or newly fitted.
        Replaced = "replaced",
        /// There and not working.
        Faulty = "faulty",
    }
}

row! {
    /// An alarm, or the lack of one, in one room.
    struct Alarm in Home "alarms" Edited, check(alarm_is_named) {
        /// Room.
        room: String [Chars(80)],
        /// Its kind.
        kind: AlarmKind,
        /// What was found or done.
        state: AlarmState,
        /// When.
        observed_at: Millis,
        /// When it must be replaced.
        expires: Date,
        /// More.
        note: String [Chars(500)],
        /// How it is known.
        source: Source,
        /// The visit.
        visit: RowId,
    }
}

fn alarm_is_named(alarm: &Alarm) -> Result<(), FieldError> {
    if alarm.kind.is_none() || alarm.state.is_none() {
        return Err(FieldError::new("state", "an alarm has a kind and a state", "say which alarm and what you found"));
    }
    Ok(())
}

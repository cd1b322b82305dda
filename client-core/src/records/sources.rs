//! How somebody came to know what a row says: shared by the rows of every class.

use super::row::choice;

choice! {
    /// How the recorder knows.
    enum Source {
        /// Seen by the recorder.
        Observed = "observed",
        /// Told by the resident.
        ToldByResident = "told-by-resident",
        /// Told by somebody else.
        ToldByOther = "told-by-other",
        /// Taken over from another system.
        Imported = "imported",
    }
}

choice! {
    /// How sure the recorder is.
    enum Confidence {
        /// No doubt.
        Sure = "sure",
        /// More likely than not.
        Likely = "likely",
        /// To be checked.
        Unsure = "unsure",
    }
}

choice! {
    /// Whether something is there.
    enum Presence {
        /// It is there.
        Present = "present",
        /// It was looked for and is not there.
        Absent = "absent",
    }
}

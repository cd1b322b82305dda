//! What joins a person's documents to a home: the visit that a row names. Whoever reads a home reads its visits there, so for
//! somebody whose address is protected no row names one, neither where it is written nor where it is shown.

use doorstep_protocol::Class;

use super::view::DocumentView;

/// The field of a row that names the visit it is of.
pub const VISIT: &str = "visit";

/// Whether rows about a person stand in a class that may name a visit.
#[must_use]
pub const fn may_name_visits(class: Class) -> bool {
    matches!(class, Class::Function | Class::Network)
}

/// Whether rows name the visit that they are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visits {
    /// They do.
    #[default]
    Named,
    /// They do not: where the person lives is protected.
    LeftOut,
}

/// Whether any row of a view names a visit, be it in a value that is in dispute.
#[must_use]
pub fn names_a_visit(view: &DocumentView) -> bool {
    let rows = view.sections.values().flat_map(|section| section.rows.values().chain(section.mistaken.values()));
    rows.filter_map(|row| row.fields.get(VISIT)).flat_map(|field| &field.values).any(|said| said.value.is_said())
}

/// Takes the visits out of a view.
pub fn hide_visits(view: &mut DocumentView) {
    for section in view.sections.values_mut() {
        for row in section.rows.values_mut().chain(section.mistaken.values_mut()) {
            row.fields.remove(VISIT);
        }
    }
}

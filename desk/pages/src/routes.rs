//! Every address, on one page. Records are named by their ids; a name, a postcode or a UPRN is in no address.

use std::sync::Arc;

use axum::Router;

use crate::ask::{show, take, take_with_file};
use crate::house::House;
use crate::page::{
    audit, devices, firebox, glass, health, home, late, looks, person, photographs, property, reconcile, search,
    timeline, todo, unlock, visit,
};

/// The pages.
pub fn pages() -> Router<Arc<House>> {
    Router::new()
        .route("/", show(home::show))
        .route("/search", show(search::show).merge(take(search::find)))
        .route("/search/part", take(search::part))
        .route("/home/{record}", show(property::show))
        .route("/timeline/{record}", show(timeline::show))
        .route("/todo/{kind}", show(todo::show))
        .route("/visit/{record}/{row}/review", take(visit::review::decide))
        .route("/reconcile/undo", take(reconcile::undo))
        .route("/person/{record}", show(person::show))
        .route("/person/{record}/part/{what}", show(person::edit::show).merge(take(person::edit::save)))
        .route("/person/{record}/part/{what}/{row}", show(person::edit::show).merge(take(person::edit::save)))
        .route("/person/{record}/nhs-number", show(person::guarded::health::show))
        .route("/person/{record}/nhs-number/open", take(person::guarded::health::open))
        .route("/person/{record}/nhs-number/set", take(person::guarded::health::set))
        .route("/person/{record}/nhs-number/trace", take(person::guarded::health::trace))
        .route("/person/{record}/protected-notes", show(person::guarded::protected::show))
        .route("/person/{record}/protected-notes/open", take(person::guarded::protected::open))
        .route("/person/{record}/protected-notes/note", take(person::guarded::protected::add_note))
        .route("/person/{record}/protected-notes/concern", take(person::guarded::protected::add_concern))
        .route("/person/{record}/consents", show(person::consent::show))
        .route("/person/{record}/consent/{scope}", show(person::consent::ask_for).merge(take(person::consent::record)))
        .route(
            "/person/{record}/consent/{scope}/withdraw",
            show(person::consent::ask_end).merge(take(person::consent::withdraw)),
        )
        .route("/home/{record}/person", show(person::edit::show_new).merge(take(person::edit::add_new)))
        .route("/home/{record}/photographs", show(photographs::list).merge(take_with_file(photographs::add)))
        .route("/photograph/{record}/{row}", show(photographs::show))
        .route("/photograph/{record}/{row}/small", show(photographs::small_file))
        .route("/photograph/{record}/{row}/whole", show(photographs::whole_file))
        .route("/photograph/{record}/{row}/want", take(photographs::want))
        .route("/firebox/{record}", show(firebox::show))
        .route("/glass/{record}", show(glass::show).merge(take(glass::break_it)))
        .route("/glass/{record}/open", show(glass::behind))
        .route("/glass/{record}/close", take(glass::close))
        .route("/visits", show(visit::list))
        .route("/visit/new", show(visit::start::elsewhere).merge(take(visit::start::begin_elsewhere)))
        .route("/home/{record}/visit", show(visit::start::show).merge(take(visit::start::begin)))
        .route("/visit/{record}/{row}", show(visit::show))
        .route("/visit/{record}/{row}/note", take(visit::finish::keep_note))
        .route("/visit/{record}/{row}/finish", take(visit::finish::finish))
        .route("/visit/{record}/{row}/hazards", show(visit::hazard::list))
        .route(
            "/visit/{record}/{row}/hazard/{scheme}/{code}",
            show(visit::hazard::show).merge(take_with_file(visit::hazard::add)),
        )
        .route("/visit/{record}/{row}/again/{hazard}", show(visit::again::show).merge(take(visit::again::save)))
        .route("/visit/{record}/{row}/form", show(visit::questions::show).merge(take(visit::questions::choose_form)))
        .route("/visit/{record}/{row}/form/{question}", take(visit::questions::answer))
        .route(
            "/visit/{record}/{row}/photo",
            show(photographs::take::at_visit).merge(take_with_file(photographs::take::add_at_visit)),
        )
        .route(
            "/visit/{record}/{row}/photo/{hazard}",
            show(photographs::take::at_visit).merge(take_with_file(photographs::take::add_at_visit)),
        )
        .route("/visit/{record}/{row}/add/{what}", show(visit::rows::show).merge(take(visit::rows::add)))
        .route("/reconcile", show(reconcile::show).merge(take(reconcile::choose)))
        .route("/late", show(late::show).merge(take(late::decide)))
        .route("/devices", show(devices::show))
        .route("/devices/access", show(devices::access))
        .route("/device/{device}", show(devices::one))
        .route("/device/{device}/freeze", take(devices::freeze))
        .route("/device/{device}/unfreeze", take(devices::unfreeze))
        .route("/device/{device}/lost", show(devices::ask_lost).merge(take(devices::end)))
        .route("/audit", show(audit::show).merge(take(audit::review)))
        .route("/health", show(health::show))
        .route("/health/sync", take(health::sync))
        .route("/health/verify", take(health::verify))
        .route("/unlock", show(unlock::show).merge(take(unlock::unlock)))
        .route("/unlock/pin", take(unlock::choose_pin))
        .route("/lock", take(unlock::lock))
        .route("/status", show(looks::status))
        .route("/looks", take(looks::set))
        .route("/signal", take(looks::signal))
        .route("/leave", take(looks::leave))
}

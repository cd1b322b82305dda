//! Every address, on one page. Records are named by their ids; a name, a postcode or a UPRN is in no address.

use std::sync::Arc;

use axum::Router;

use crate::ask::{show, take, take_with_file};
use crate::house::House;
use crate::page::{
    audit, clocks, devices, enrol, firebox, glass, health, home, keeping, late, looks, mistaken, person, photographs,
    places, property, reconcile, register, reports, search, teams, timeline, todo, twins, unlock, visit,
};

/// The pages.
pub fn pages() -> Router<Arc<House>> {
    field().merge(office()).merge(partnership())
}

/// What is found, recorded and settled about homes and people.
fn field() -> Router<Arc<House>> {
    Router::new()
        .route("/", show(home::show))
        .route("/search", show(search::show).merge(take(search::find)))
        .route("/search/part", take(search::part))
        .route("/home/{record}", show(property::show))
        .route("/timeline/{record}", show(timeline::show))
        .route("/todo/{kind}", show(todo::show).merge(take(todo::narrow)))
        .route("/visit/{record}/{row}/review", take(visit::review::decide))
        .route("/home/{record}/mistakes", show(mistaken::list))
        .route("/home/{record}/mistakes/undo", take(mistaken::undo))
        .route("/home/{record}/mistakes/dwelling/{field}", show(mistaken::show).merge(take(mistaken::take_back)))
        .route("/home/{record}/mistakes/{collection}/{row}", show(mistaken::show).merge(take(mistaken::take_back)))
        .route("/person/{record}/mistakes", show(mistaken::list))
        .route("/person/{record}/mistakes/undo", take(mistaken::undo))
        .route("/person/{record}/mistakes/{collection}/{row}", show(mistaken::show).merge(take(mistaken::take_back)))
        .route("/person/{record}", show(person::show))
        .route("/person/{record}/part/{what}", show(person::edit::show).merge(take(person::edit::save)))
        .route("/person/{record}/part/{what}/{row}", show(person::edit::show).merge(take(person::edit::save)))
        .route("/person/{record}/questions", show(person::questions::list))
        .route("/person/{record}/questions/{form}", show(person::questions::show))
        .route("/person/{record}/questions/{form}/{question}", take(person::questions::answer))
        .route("/person/{record}/nhs-number", show(person::guarded::health::show))
        .route("/person/{record}/nhs-number/open", take(person::guarded::health::open))
        .route("/person/{record}/nhs-number/set", take(person::guarded::health::set))
        .route("/person/{record}/nhs-number/trace", take(person::guarded::health::trace))
        .route("/person/{record}/protected-notes", show(person::guarded::protected::show))
        .route("/person/{record}/protected-notes/open", take(person::guarded::protected::open))
        .route("/person/{record}/protected-notes/note", take(person::guarded::protected::add_note))
        .route("/person/{record}/protected-notes/place", take(person::guarded::places::add))
        .route(
            "/person/{record}/protected-notes/place/{row}",
            show(person::guarded::places::show_out).merge(take(person::guarded::places::end)),
        )
        .route("/person/{record}/protected-notes/concern", take(person::guarded::protected::add_concern))
        .route("/person/{record}/protection", show(person::protection::show).merge(take(person::protection::begin)))
        .route("/person/{record}/protection/end", take(person::protection::end))
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
        .route("/places", show(places::areas))
        .route("/places/{area}", show(places::streets))
        .route("/places/street/{record}", show(places::street))
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

/// What the back office looks at and decides.
fn office() -> Router<Arc<House>> {
    Router::new()
        .route("/reconcile", show(reconcile::show).merge(take(reconcile::choose)))
        .route("/reconcile/list", take(reconcile::narrow))
        .route("/reconcile/undo", take(reconcile::undo))
        .route(
            "/reconcile/{document}/{collection}/{row}/{field}",
            show(reconcile::dispute::show).merge(take(reconcile::dispute::decide)),
        )
        .route("/twins/{kind}/{a}/{b}", show(twins::show).merge(take(twins::decide)))
        .route("/twins/hazards/{document}/{a}/{b}", show(twins::show).merge(take(twins::decide)))
        .route("/clocks/{record}/{hazard}", show(clocks::show).merge(take(clocks::record)))
        .route("/register", show(register::show))
        .route("/register/list", take(register::narrow))
        .route("/register/ask", show(register::asked::show).merge(take(register::asked::take)))
        .route("/register/ask/{record}", show(register::asked::show).merge(take(register::asked::take)))
        .route("/register/request", show(register::request::show_new).merge(take(register::request::take)))
        .route(
            "/register/request/{document}/{row}",
            show(register::request::show).merge(take(register::request::answer)),
        )
        .route("/register/agreements", show(register::agreements::show))
        .route("/register/agreements/new", show(register::agreements::show_new).merge(take(register::agreements::take)))
        .route(
            "/register/agreements/{document}/{row}",
            show(register::agreements::one).merge(take(register::agreements::end)),
        )
        .route("/register/allocations", show(register::allocations::show))
        .route("/register/allocations/list", take(register::allocations::narrow))
        .route(
            "/register/allocations/new",
            show(register::allocations::show_new).merge(take(register::allocations::take)),
        )
        .route(
            "/register/allocations/new/{record}",
            show(register::allocations::show_new).merge(take(register::allocations::take)),
        )
        .route(
            "/register/allocations/{document}/{row}",
            show(register::allocations::one).merge(take(register::allocations::end)),
        )
        .route("/register/{document}/{row}", show(register::decided::show).merge(take(register::decided::decide)))
        .route("/reports", show(reports::show).merge(take(reports::choose)))
        .route("/reports/{what}", show(reports::preview::show))
        .route("/reports/{what}/{of}", show(reports::preview::show))
        .route("/reports/{what}/{of}/{row}", show(reports::preview::show))
        .route("/files/{form}/{what}", show(reports::preview::file))
        .route("/files/{form}/{what}/{of}", show(reports::preview::file))
        .route("/files/{form}/{what}/{of}/{row}", show(reports::preview::file))
        .route("/keeping", show(keeping::show))
        .route("/keeping/hold", take(keeping::hold))
        .route("/keeping/hold/end", take(keeping::end_hold))
        .route("/keeping/propose", take(keeping::propose))
        .route("/keeping/finish", take(keeping::finish))
        .route("/keeping/sign", take(keeping::sign))
        .route("/late", show(late::show).merge(take(late::decide)))
        .route("/audit", show(audit::show).merge(take(audit::review)))
}

/// Devices, workers, teams, and what teams are let into.
fn partnership() -> Router<Arc<House>> {
    Router::new()
        .route("/devices", show(devices::show))
        .route("/devices/access", show(devices::access))
        .route("/device/{device}", show(devices::one))
        .route("/device/{device}/freeze", take(devices::freeze))
        .route("/device/{device}/unfreeze", take(devices::unfreeze))
        .route("/device/{device}/lost", show(devices::ask_lost).merge(take(devices::end)))
        .route("/device/{device}/seat", take(devices::seats::decide))
        .route("/seats/accept", show(devices::seats::show_accept).merge(take(devices::seats::accept)))
        .route("/enrol", show(enrol::show).merge(take(enrol::invite)))
        .route("/enrol/cancel", take(enrol::cancel))
        .route("/enrol/accept", show(enrol::show_accept).merge(take(enrol::accept)))
        .route("/teams/new", show(teams::show_new).merge(take(teams::create)))
        .route("/team/{team}", show(teams::show))
        .route("/team/{team}/join", take(teams::join_team))
        .route("/team/{team}/leave", take(teams::leave_team))
        .route("/team/{team}/move", take(teams::move_on))
        .route("/team/{team}/grant", show(teams::grant::show).merge(take(teams::grant::give)))
        .route("/grant/end", take(teams::grant::end))
}

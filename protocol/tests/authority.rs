//! The authority log through its public face: every rule by name, and random histories against a simple model.

#[path = "authority/harness.rs"]
mod harness;
#[path = "authority/model.rs"]
mod model;
#[path = "authority/rules_of_form.rs"]
mod rules_of_form;
#[path = "authority/rules_of_keys.rs"]
mod rules_of_keys;
#[path = "authority/rules_of_loss.rs"]
mod rules_of_loss;
#[path = "authority/rules_of_people.rs"]
mod rules_of_people;
#[path = "authority/rules_of_rights.rs"]
mod rules_of_rights;
#[path = "authority/rules_of_roots.rs"]
mod rules_of_roots;

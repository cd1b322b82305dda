//! The back office through the real router, on a desk with a tablet beside it: lists, disputes, pairs, clocks, the register,
//! reports, places, members, what is kept; and what its pages write to a real server.

#[path = "field/served.rs"]
#[allow(dead_code)]
mod served;

mod office {
    pub(crate) mod browser;
    pub(crate) mod clocks;
    pub(crate) mod connected;
    pub(crate) mod disputes;
    pub(crate) mod keeping;
    pub(crate) mod lists;
    pub(crate) mod members;
    pub(crate) mod place;
    pub(crate) mod places;
    pub(crate) mod protected;
    pub(crate) mod register;
    pub(crate) mod reports;
    pub(crate) mod twins;
    pub(crate) mod written;
}

//! When what is recorded is looked at again: after the months that the partnership has set, and no later than its limit.

use rand_core::CryptoRng;

use crate::device::{Draft, WriteError};
use crate::records::function::Evacuation;
use crate::records::home::{Hazard, HazardState};
use crate::records::index::Flag;
use crate::records::packs::Thresholds;
use crate::records::{Date, FieldError};

/// The partnership's months, counted from today.
pub(in crate::client) struct Reviews {
    set: Thresholds,
    today: Date,
}

impl Reviews {
    /// As the packs of this device have them.
    pub(in crate::client) fn of<R: CryptoRng>(draft: &mut Draft<'_, R>) -> Result<Self, WriteError> {
        let today = Date::of(draft.now());
        Ok(Self { set: draft.device().book()?.thresholds(&today), today })
    }

    /// A flag with a day of review.
    pub(in crate::client) fn flag(&self, flag: &Flag) -> Result<Flag, FieldError> {
        let usual = self.today.months_later(self.set.flag_review_months);
        let review_due = flag.review_due.clone().unwrap_or(usual);
        within(&review_due, &self.today, self.set.flag_review_months_max)?;
        Ok(Flag { review_due: Some(review_due), ..flag.clone() })
    }

    /// A hazard that is not gone gets a day of review.
    pub(in crate::client) fn hazard(&self, hazard: &mut Hazard) {
        if hazard.state != Some(HazardState::Resolved) {
            let usual = || self.today.months_later(self.set.hazard_review_months);
            hazard.review_due.get_or_insert_with(usual);
        }
    }

    /// An evacuation plan with a day of review, counted from the day on which it was agreed.
    pub(in crate::client) fn evacuation(&self, plan: &Evacuation) -> Result<Evacuation, FieldError> {
        let from = plan.agreed_on.as_ref().unwrap_or(&self.today);
        let usual = from.months_later(self.set.evacuation_review_months);
        let review_due = plan.review_due.clone().unwrap_or(usual);
        within(&review_due, from, self.set.evacuation_review_months)?;
        Ok(Evacuation { review_due: Some(review_due), ..plan.clone() })
    }
}

fn within(due: &Date, from: &Date, months_max: i64) -> Result<(), FieldError> {
    if *due <= from.months_later(months_max) {
        return Ok(());
    }
    Err(FieldError::new(
        "review_due",
        format!("at most {months_max} months on, as this partnership has set it"),
        "choose an earlier day, or leave it out; it can be set anew at the review",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn reviews() -> Reviews {
        let set = Thresholds { flag_review_months: 3, flag_review_months_max: 9, ..Thresholds::default() };
        Reviews { set, today: day("2026-08-31") }
    }

    #[test]
    fn a_flag_is_looked_at_again_after_the_months_of_the_partnership_and_never_past_its_limit() {
        let flag = |due: Option<&str>| Flag { review_due: due.map(day), ..Flag::default() };
        let due = |given| reviews().flag(&flag(given)).map(|flag| flag.review_due.expect("it has one").to_string());
        assert_eq!(due(None).as_deref(), Ok("2026-11-30"), "the last day of a month that has no 31st");
        assert_eq!(due(Some("2027-05-31")).as_deref(), Ok("2027-05-31"));
        let refused = due(Some("2027-06-01")).expect_err("it is past the limit");
        assert_eq!((refused.field.as_ref(), refused.limit.contains("9 months")), ("review_due", true));
    }

    #[test]
    fn what_is_gone_is_not_looked_at_again() {
        let mut open = Hazard::default();
        reviews().hazard(&mut open);
        assert_eq!(open.review_due, Some(day("2027-02-28")));
        let mut gone = Hazard { state: Some(HazardState::Resolved), ..Hazard::default() };
        reviews().hazard(&mut gone);
        assert_eq!(gone.review_due, None);
    }

    #[test]
    fn an_evacuation_plan_is_reviewed_within_its_months_of_being_agreed() {
        let plan = |due: Option<&str>| Evacuation {
            agreed_on: Some(day("2026-03-01")),
            review_due: due.map(day),
            ..Evacuation::default()
        };
        let due = |given| reviews().evacuation(&plan(given)).map(|plan| plan.review_due);
        assert_eq!(due(None), Ok(Some(day("2027-03-01"))));
        assert!(due(Some("2027-03-02")).is_err());
    }
}

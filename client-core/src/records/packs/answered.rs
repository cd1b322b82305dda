//! A filled-in form: whether its answers fit their questions, and which rows follow from them.

use super::content::{AnswerKind, Form, Question, Subject};
use super::fill::{Filled, FilledRow, fill};
use crate::records::answers::Answer;
use crate::records::value::FieldError;

/// Whether a visit with a form is at its end: then what is required has an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// The visit is done.
    Done,
    /// It is done where nobody is known to live: what is asked about a person has nobody to be about.
    DoneAboutNobody,
    /// It is not, or only in part.
    Partial,
}

/// That every answer fits its question, and nothing that is required is missing.
///
/// # Errors
/// Names the question, the limit and the remedy.
pub fn check_answers(form: &Form, answers: &[Answer], completeness: Completeness) -> Result<(), FieldError> {
    for answer in answers {
        let id = answer.question.as_deref().unwrap_or_default();
        let question = form.questions.iter().find(|question| question.id == id).ok_or_else(|| {
            FieldError::new("question", "a question of the form", "see `doorstep pack show` for the form's questions")
        })?;
        fits(question, answer)?;
    }
    if completeness == Completeness::Partial {
        return Ok(());
    }
    let is_answered = |id: &str| answers.iter().any(|answer| answer.question.as_deref() == Some(id));
    let is_due = |one: &Question| {
        let has_subject = completeness == Completeness::Done || one.about == Subject::Home;
        one.required && has_subject && is_asked(one, answers)
    };
    match form.questions.iter().find(|one| is_due(one) && !is_answered(&one.id)) {
        None => Ok(()),
        Some(question) => Err(FieldError {
            field: question.id.clone().into(),
            limit: "a visit that is done has an answer to this".into(),
            remedy: "answer it, or record the visit as partial".into(),
        }),
    }
}

/// Gives each answer the kind of value that its question asks for, where that loses nothing: a code that was typed as a word, a
/// figure without its unit.
pub fn conform(form: &Form, answers: &mut [Answer]) {
    for answer in answers {
        let id = answer.question.as_deref().unwrap_or_default();
        let Some(question) = form.questions.iter().find(|question| question.id == id) else { continue };
        let word = match (answer.truth, answer.whole, &answer.day) {
            (Some(true), ..) => Some("yes".to_owned()),
            (Some(false), ..) => Some("no".to_owned()),
            (None, Some(whole), _) => Some(whole.to_string()),
            (None, None, Some(day)) => Some(day.to_string()),
            (None, None, None) => answer.choice.clone().or_else(|| answer.text.clone()),
        };
        let Some(word) = word else { continue };
        let bare = Answer { truth: None, whole: None, choice: None, day: None, text: None, ..answer.clone() };
        let conformed = match &question.answer {
            AnswerKind::YesNo => match word.as_str() {
                "yes" => Answer { truth: Some(true), ..bare },
                "no" => Answer { truth: Some(false), ..bare },
                _ => continue,
            },
            AnswerKind::Whole { unit, .. } => match word.parse() {
                Ok(whole) => Answer { whole: Some(whole), unit: bare.unit.clone().or_else(|| unit.clone()), ..bare },
                Err(_) => continue,
            },
            AnswerKind::Choice { .. } => Answer { choice: Some(word), ..bare },
            AnswerKind::Day => match word.parse() {
                Ok(day) => Answer { day: Some(day), ..bare },
                Err(_) => continue,
            },
            AnswerKind::Text => Answer { text: Some(word), ..bare },
        };
        *answer = conformed;
    }
}

/// Whether a question is asked, given the answers to those before it.
#[must_use]
pub fn is_asked(question: &Question, answers: &[Answer]) -> bool {
    question.when.as_ref().is_none_or(|when| {
        let of_other = answers.iter().filter(|answer| answer.question.as_deref() == Some(when.question.as_str()));
        of_other.filter_map(super::fill::code).any(|code| code.split(',').any(|one| when.is.iter().any(|is| is == one)))
    })
}

fn fits(question: &Question, answer: &Answer) -> Result<(), FieldError> {
    let refuse = |limit: String| {
        Err(FieldError {
            field: question.id.clone().into(),
            limit: limit.into(),
            remedy: "answer as the form asks".into(),
        })
    };
    if question.rooms && answer.room.is_none() {
        return refuse("is asked for a room: name it".to_owned());
    }
    match &question.answer {
        AnswerKind::YesNo if answer.truth.is_none() => refuse("yes or no".to_owned()),
        AnswerKind::Whole { min, max, .. } if !answer.whole.is_some_and(|whole| (*min..=*max).contains(&whole)) => {
            refuse(format!("a whole number from {min} to {max}"))
        }
        AnswerKind::Whole { unit, .. } if answer.unit.is_some() && answer.unit != *unit => {
            refuse(unit.as_ref().map_or("a figure without a unit".to_owned(), |unit| format!("a figure in {unit}")))
        }
        AnswerKind::Choice { options, several } => {
            let chosen: Vec<&str> = answer.choice.as_deref().unwrap_or_default().split(',').collect();
            let are_known = chosen.iter().all(|code| options.iter().any(|option| option.code == *code));
            if are_known && (*several || chosen.len() == 1) {
                return Ok(());
            }
            let codes = options.iter().map(|option| option.code.as_str()).collect::<Vec<_>>().join(", ");
            refuse(if *several { format!("any of {codes}") } else { format!("one of {codes}") })
        }
        AnswerKind::Day if answer.day.is_none() => refuse("a date as YYYY-MM-DD".to_owned()),
        AnswerKind::Text if answer.text.is_none() => refuse("words".to_owned()),
        _ => Ok(()),
    }
}

/// The rows that follow from the answers of a form, in the order of the answers.
#[must_use]
pub fn rows_of(form: &Form, answers: &[Answer]) -> Vec<FilledRow> {
    let of = |answer: &Answer| {
        let id = answer.question.as_deref();
        form.questions.iter().find(|question| Some(question.id.as_str()) == id)
    };
    answers
        .iter()
        .filter_map(|answer| Some((of(answer)?, answer)))
        .flat_map(|(question, answer)| question.fills.iter().map(move |one| fill(one, answer)))
        .filter_map(|filled| match filled {
            Filled::Row(row) => Some(row),
            Filled::Nothing | Filled::Refused(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Date;
    use crate::records::home::VisitKind;
    use crate::records::packs::Book;

    fn form() -> Form {
        let today: Date = "2026-11-22".parse().expect("a day");
        Book::shipped().forms(&VisitKind::SafeAndWell, &today)[0].1.clone()
    }

    fn yes_no(question: &str, truth: bool) -> Answer {
        Answer { question: Some(question.into()), truth: Some(truth), ..Answer::default() }
    }

    fn choice(question: &str, room: &str, code: &str) -> Answer {
        Answer {
            question: Some(question.into()),
            room: Some(room.into()),
            choice: Some(code.into()),
            ..Answer::default()
        }
    }

    #[test]
    fn answers_become_the_rows_that_a_crew_reads() {
        let answers = [
            choice("smoke-alarm", "hall", "none"),
            yes_no("smoking", true),
            yes_no("candles", false),
            choice("way-out", "", "blocked"),
        ];
        let rows = rows_of(&form(), &answers);
        let alarms =
            rows.iter().filter(|row| matches!(row, FilledRow::Alarm(alarm) if alarm.room.as_deref() == Some("hall")));
        assert_eq!(alarms.count(), 1);
        let hazards: Vec<&str> = rows
            .iter()
            .filter_map(|row| match row {
                FilledRow::Hazard(hazard) => hazard.code.as_deref(),
                _ => None,
            })
            .collect();
        assert_eq!(hazards, ["smoking", "exit-blocked"]);
        assert_eq!(rows.iter().filter(|row| matches!(row, FilledRow::Dwelling(_))).count(), 1);
    }

    #[test]
    fn a_word_becomes_the_kind_of_value_that_its_question_asks_for() {
        let mut answers = [
            Answer { choice: Some("yes".into()), truth: None, ..yes_no("smoking", true) },
            Answer { question: Some("clutter".into()), text: Some("4".into()), ..Answer::default() },
            yes_no("advice", true),
            Answer { question: Some("clutter".into()), text: Some("four".into()), ..Answer::default() },
        ];
        conform(&form(), &mut answers);
        assert_eq!(answers[0].truth, Some(true));
        assert_eq!(answers[0].choice, None);
        assert_eq!((answers[1].whole, &answers[1].text), (Some(4), &None));
        assert_eq!(answers[2].text.as_deref(), Some("yes"));
        assert_eq!(answers[3].text.as_deref(), Some("four"), "what does not fit is left to be refused");
    }

    #[test]
    fn an_answer_that_does_not_fit_is_refused_by_the_name_of_its_question() {
        let form = form();
        let whole = |question: &str, whole| Answer {
            question: Some(question.into()),
            room: Some("hall".into()),
            whole: Some(whole),
            ..Answer::default()
        };
        for (answer, field) in [
            (yes_no("no-such-question", true), "question"),
            (whole("clutter", 10), "clutter"),
            (whole("smoking", 1), "smoking"),
            (choice("smoke-alarm", "hall", "gone"), "smoke-alarm"),
            (Answer { room: None, ..choice("smoke-alarm", "", "none") }, "smoke-alarm"),
        ] {
            let refused = check_answers(&form, &[answer], Completeness::Partial).expect_err(field);
            assert_eq!(refused.field, field);
        }
        let some = [choice("smoke-alarm", "hall", "tested"), choice("way-out", "hall", "clear")];
        assert!(check_answers(&form, &some, Completeness::Partial).is_ok());
        assert_eq!(check_answers(&form, &some, Completeness::Done).expect_err("one is missing").field, "escape");
        let all = [&some[..], &[yes_no("escape", true)]].concat();
        assert!(check_answers(&form, &all, Completeness::Done).is_ok());
    }
}

//! Answers of a visit: each names its question, the form and the form's version, so that an old visit reads as it was asked. Those
//! about a person stand in the class `function` of that person, so that who reads a home does not read them.

use doorstep_protocol::Class;

use super::Source;
use super::home::Unit;
use super::row::row;
use super::value::FieldError;
use super::words::{Date, RowId};

row! {
    /// An answer to one question of a form. One of the typed values is filled; none where the answer was taken back: then it is
    /// not known.
    struct Answer in Home "answers" Edited, check(answer_has_one_value), shared(holds_answers) {
        /// The visit; of somebody whose address is protected it is not said.
        visit: RowId,
        /// The form: the id of its pack.
        form: String [Chars(60)],
        /// The version of the form.
        version: i64 [Within(1, 1_000_000)],
        /// The question within the form.
        question: String [Chars(60)],
        /// Room, where the question is asked for several.
        room: String [Chars(80)],
        /// Yes or no.
        truth: bool,
        /// A figure, in the unit.
        whole: i64 [Within(-1_000_000_000, 1_000_000_000)],
        /// The unit of the figure.
        unit: Unit,
        /// The code of a choice; of several, the codes in the order of the form with commas between.
        choice: String [Chars(600)],
        /// A day.
        day: Date,
        /// Words.
        text: String [Chars(4_000)],
        /// How it is known.
        source: Source,
    }
}

impl Answer {
    /// The fields of typed values that are filled.
    #[must_use]
    pub fn filled(&self) -> Vec<&'static str> {
        let fields = [
            ("truth", self.truth.is_some()),
            ("whole", self.whole.is_some()),
            ("choice", self.choice.is_some()),
            ("day", self.day.is_some()),
            ("text", self.text.is_some()),
        ];
        fields.into_iter().filter(|(_, is_filled)| *is_filled).map(|(name, _)| name).collect()
    }

    /// Whether the question is answered: an answer that was taken back is none.
    #[must_use]
    pub fn says_something(&self) -> bool {
        !self.filled().is_empty()
    }
}

/// Whether documents of a class hold answers.
const fn holds_answers(class: Class) -> bool {
    matches!(class, Class::Home | Class::Function)
}

fn answer_has_one_value(answer: &Answer) -> Result<(), FieldError> {
    if answer.form.is_none() || answer.version.is_none() || answer.question.is_none() {
        return Err(FieldError::new(
            "question",
            "an answer names its form, the form's version and the question",
            "answer a question of a form",
        ));
    }
    if answer.filled().len() > 1 {
        return Err(FieldError::new(
            "text",
            "an answer holds one value: truth, whole, choice, day or text",
            "fill in the one that the question asks for",
        ));
    }
    Ok(())
}

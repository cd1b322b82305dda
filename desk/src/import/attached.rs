//! What a row of a file says that stands in no open row: an NHS number, which is sealed at once, and a photograph, whose picture is a
//! file of its own. Both are taken once their person or home is there.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use serde_json::{Map, Value};

use doorstep_client_core::client::{Client, ClientError, NumberTaken, PhotographInput};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::photograph::Picture;
use doorstep_client_core::records::health_id::HealthNumber;
use doorstep_client_core::records::{FieldError, Row, Uprn};

use super::error::{ImportError, Reason};
use super::fact::Target;
use super::field::FILE;
use super::mapping::Differs;
use super::report::{Mode, Outcome, Remark, ReportLine};
use super::source::Input;

/// One row's word that stands in no open row.
#[derive(Debug)]
pub(super) struct Attached {
    target: Target,
    what: What,
    differs: Differs,
    line: usize,
}

#[derive(Debug)]
enum What {
    Number(HealthNumber),
    Photograph { file: String, about: PhotographInput },
}

/// Why a row is not taken, or what became of it.
enum Fate {
    Refused(Reason),
    Is(Outcome),
    /// What is here stays.
    Kept,
}

impl Attached {
    /// An NHS number of a person.
    pub(super) fn number(
        person: String,
        number: HealthNumber,
        differs: Differs,
        line: usize,
    ) -> Result<Self, FieldError> {
        number.entries().into_iter().try_for_each(|entry| entry.checked)?;
        number.check()?;
        Ok(Self { target: Target::Person(person), what: What::Number(number), differs, line })
    }

    /// A photograph of a home. A mapping may come from somebody else: it reads what is in the folder it is given, and nothing
    /// beside it.
    pub(super) fn photograph(
        property: Uprn,
        mut fields: Map<String, Value>,
        differs: Differs,
        line: usize,
    ) -> Result<Self, Reason> {
        let file = match fields.remove(FILE) {
            Some(Value::String(file)) => file.replace('\\', "/"),
            _ => return Err(Reason::new("a photograph names its file", "fill the cell")),
        };
        if !Path::new(&file).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(Reason::new("a file inside the folder", "leave out `..`, `/` at the front and drive letters"));
        }
        let mut about: PhotographInput = serde_json::from_value(Value::Object(fields)).map_err(|_| {
            Reason::new("the fields make a photograph", "look for a value that its field does not take")
        })?;
        about.reference = Some(file.clone());
        Ok(Self { target: Target::Property(property), what: What::Photograph { file, about }, differs, line })
    }

    fn fate(&self, client: &Client, input: &Input, mode: Mode, to_be: &BTreeSet<Target>) -> Result<Fate, ClientError> {
        let (known, what) = match &self.target {
            Target::Property(uprn) => (client.properties().of_uprn(uprn)?, "property"),
            Target::Person(reference) => (client.people().of_reference(reference)?, "person"),
        };
        if known.is_none() && (mode == Mode::Write || !to_be.contains(&self.target)) {
            let limit = format!("there is no such {what} here, nor was one taken from these files");
            return Ok(Fate::Refused(Reason::new(limit, "import it with them, or before")));
        }
        match &self.what {
            What::Number(number) => self.number_fate(client, known, number, mode),
            What::Photograph { file, about } => photograph_fate(client, input, known, (file, about), mode),
        }
    }

    fn number_fate(
        &self,
        client: &Client,
        known: Option<RecordId>,
        number: &HealthNumber,
        mode: Mode,
    ) -> Result<Fate, ClientError> {
        if !client.health().is_kept_here()? {
            let limit = "this device is in no team that keeps NHS numbers";
            return Ok(Fate::Refused(Reason::new(
                limit,
                "import them at a desk that is: of a council or a health service",
            )));
        }
        match client.health().check() {
            Ok(()) => {}
            Err(ClientError::Restricted(error)) => {
                return Ok(Fate::Refused(Reason::new(error.to_string(), "then import once more")));
            }
            Err(other) => return Err(other),
        }
        // Whether one is here is known to whoever reads it, on the record; a dry run does not.
        let (Some(person), Mode::Write) = (known, mode) else { return Ok(Fate::Is(Outcome::Taken)) };
        if self.differs == Differs::Replace {
            client.health().set(person, number)?;
            return Ok(Fate::Is(Outcome::Taken));
        }
        Ok(match client.health().fill(person, number)? {
            NumberTaken::Written => Fate::Is(Outcome::Taken),
            NumberTaken::Same => Fate::Is(Outcome::AlreadyThere),
            NumberTaken::Kept => Fate::Kept,
        })
    }
}

fn photograph_fate(
    client: &Client,
    input: &Input,
    known: Option<RecordId>,
    (file, about): (&str, &PhotographInput),
    mode: Mode,
) -> Result<Fate, ClientError> {
    if let Some(home) = known {
        let here = client.photographs().list(home)?;
        if here.iter().any(|row| row.reference.as_deref() == Some(file)) {
            return Ok(Fate::Is(Outcome::AlreadyThere));
        }
    }
    let bytes = match input.read(file) {
        Ok(bytes) => bytes,
        Err(ImportError::Input(fault)) => return Ok(Fate::Refused(fault.reason)),
        Err(ImportError::Client(error)) => return Err(error),
        Err(_) => return Ok(Fate::Refused(Reason::new("the file cannot be read", "check the folder"))),
    };
    let added = match (known, mode) {
        (Some(home), Mode::Write) => client.photographs().add(home, &bytes, about).map(|_| ()),
        _ => Picture::from_file(&bytes).map(|_| ()).map_err(ClientError::from),
    };
    match added {
        Ok(()) => Ok(Fate::Is(Outcome::Taken)),
        Err(ClientError::Picture(error)) => {
            Ok(Fate::Refused(Reason::new(error.to_string(), "take it out, or correct the file")))
        }
        Err(other) => Err(other),
    }
}

/// Takes what stands in no open row, after the rows. `to_be` are the people and homes that a dry run would have made.
pub(super) fn take(
    client: &Client,
    input: &Input,
    attached: &[Attached],
    mode: Mode,
    to_be: &BTreeSet<Target>,
    lines: &mut [ReportLine],
) -> Result<(), ClientError> {
    for one in attached {
        let fate = one.fate(client, input, mode, to_be)?;
        let Some(told) = lines.get_mut(one.line) else { continue };
        match fate {
            Fate::Is(outcome) => told.outcome = outcome,
            Fate::Kept => {
                told.outcome = Outcome::AlreadyThere;
                let why = "this device says something else, which was kept".to_owned();
                told.remarks.push(Remark { column: "number".to_owned(), why });
            }
            Fate::Refused(reason) => {
                told.outcome = Outcome::NotTaken;
                told.why = Some(reason.to_string());
            }
        }
    }
    Ok(())
}

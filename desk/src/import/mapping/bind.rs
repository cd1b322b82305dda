//! A mapping against its files: every source and column that it names is there, and what is looked up is made ready.

use std::collections::{BTreeMap, BTreeSet};

use super::{Mapping, ValueRule, list};
use crate::import::error::{ImportError, Reason};
use crate::import::expression::Expression;
use crate::import::source::Source;

/// Columns that a mapping uses, by source.
pub(in crate::import) type Used = BTreeMap<String, BTreeSet<String>>;

impl Mapping {
    /// Checks every name against the files, and makes them ready for look-ups. Returns the columns that are used.
    pub(in crate::import) fn bind(&self, sources: &mut BTreeMap<String, Source>) -> Result<Used, ImportError> {
        let mut used = Used::new();
        let mut lookups: BTreeSet<(String, String)> = BTreeSet::new();
        for (name, rule) in &self.sources {
            let named = rule.not_taken.keys().chain(&rule.key);
            for column in named {
                self.check_column(sources, name, column, rule.at)?;
            }
        }
        for record in &self.records {
            let of_record = record.when.iter().map(|condition| (&condition.expression, record.at));
            let of_fields = record.fields.values().flat_map(|field| {
                let conditions = field.when.iter().map(|condition| &condition.expression);
                let value: Vec<&Expression> = match &field.value {
                    ValueRule::From(expression) => vec![expression],
                    ValueRule::Text(template) => template.expressions().collect(),
                    ValueRule::Is(_) => Vec::new(),
                };
                conditions.chain(value).map(|expression| (expression, field.at)).collect::<Vec<_>>()
            });
            for (expression, at) in of_record.chain(of_fields) {
                self.check_column(sources, &record.from, &expression.first.column, at)?;
                used.entry(record.from.clone()).or_default().insert(expression.first.column.clone());
                for hop in &expression.hops {
                    let source = sources.get(&hop.source).ok_or_else(|| {
                        let limit = format!("there is no source `{}`", hop.source);
                        self.fault(at, None, Reason::new(limit, list(&self.sources)))
                    })?;
                    let key = hop.key.as_ref().or(source.key.as_ref()).ok_or_else(|| {
                        let limit = format!("source `{}` has no `key`", hop.source);
                        let remedy = format!("give it one, or write `{}(column).…`", hop.source);
                        self.fault(at, None, Reason::new(limit, remedy))
                    })?;
                    for column in [key, &hop.step.column] {
                        self.check_column(sources, &hop.source, column, at)?;
                        used.entry(hop.source.clone()).or_default().insert(column.clone());
                    }
                    lookups.insert((hop.source.clone(), key.clone()));
                }
            }
        }
        for (source, column) in lookups {
            if let Some(source) = sources.get_mut(&source) {
                source.index(&column, &self.nulls);
            }
        }
        Ok(used)
    }

    fn check_column(
        &self,
        sources: &BTreeMap<String, Source>,
        source: &str,
        column: &str,
        at: usize,
    ) -> Result<(), ImportError> {
        let Some(held) = sources.get(source) else {
            return Ok(());
        };
        if held.columns.contains_key(column) {
            return Ok(());
        }
        let columns: Vec<&str> = held.columns.keys().map(String::as_str).collect();
        let reason = Reason::new(
            format!("`{}` has no column of this name", held.file),
            format!("it has: {}", columns.join(", ")),
        );
        Err(self.fault(at, Some(column), reason))
    }
}

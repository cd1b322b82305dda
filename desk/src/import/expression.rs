//! Expressions: where a value comes from. `column`, `column | transform`, and through other files
//! `column -> source.column` (by the key of the source) or `column -> source(key column).column`.

use super::error::Reason;
use super::transform::Transform;

/// Files an expression passes through at most.
const HOPS_MAX: usize = 8;
/// Transforms on one column at most.
const TRANSFORMS_MAX: usize = 8;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) first: Step,
    pub(super) hops: Vec<Hop>,
}

/// A column and what is done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) column: String,
    pub(super) transforms: Vec<Transform>,
}

/// On through the row of another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) source: String,
    /// The column that is looked up; the key of the source when absent.
    pub(super) key: Option<String>,
    pub(super) step: Step,
}

impl Expression {
    pub(super) fn parse(text: &str) -> Result<Self, Reason> {
        let mut parts = text.split("->");
        let first = Step::parse(parts.next().unwrap_or_default())?;
        let hops = parts.map(Hop::parse).collect::<Result<Vec<_>, _>>()?;
        if hops.len() > HOPS_MAX {
            return Err(Reason::new(format!("at most {HOPS_MAX} `->`"), "join the files before the import"));
        }
        Ok(Self { first, hops })
    }
}

impl Step {
    fn parse(text: &str) -> Result<Self, Reason> {
        let mut parts = text.split('|').map(str::trim);
        let column = parts.next().unwrap_or_default().to_owned();
        if column.is_empty() {
            return Err(Reason::new("a column has a name", "write `column`, then `| transform` or `-> source.column`"));
        }
        let transforms = parts.map(str::parse).collect::<Result<Vec<_>, _>>()?;
        if transforms.len() > TRANSFORMS_MAX {
            return Err(Reason::new(format!("at most {TRANSFORMS_MAX} transforms"), "leave some out"));
        }
        Ok(Self { column, transforms })
    }
}

impl Hop {
    fn parse(text: &str) -> Result<Self, Reason> {
        let refused = || Reason::new("after `->` comes `source.column` or `source(key).column`", "name the source");
        let (head, rest) = match (text.find('('), text.find('.')) {
            (Some(open), dot) if dot.is_none_or(|dot| open < dot) => {
                let close = text.find(").").filter(|close| *close > open).ok_or_else(refused)?;
                ((&text[..open], Some(text[open + 1..close].trim().to_owned())), &text[close + 2..])
            }
            (_, Some(dot)) => ((&text[..dot], None), &text[dot + 1..]),
            _ => return Err(refused()),
        };
        let source = head.0.trim().to_owned();
        if source.is_empty() || head.1.as_ref().is_some_and(String::is_empty) {
            return Err(refused());
        }
        Ok(Self { source, key: head.1, step: Step::parse(rest)? })
    }
}

/// A text with values in it: `tenant/{tenant_id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) pieces: Vec<Piece>,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it stands.
    Words(String),
    /// A value; where it is missing, the whole template is.
    Value(Expression),
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, Reason> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let close = rest[open..].find('}').map(|at| open + at);
            let close =
                close.ok_or_else(|| Reason::new("a `{` has its `}`", "close it, or use `is` for plain words"))?;
            if open > 0 {
                pieces.push(Piece::Words(rest[..open].to_owned()));
            }
            pieces.push(Piece::Value(Expression::parse(&rest[open + 1..close])?));
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::Value(_))) {
            return Err(Reason::new("`text` holds at least one `{column}`", "use `is` for plain words"));
        }
        Ok(Self { pieces })
    }

    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value(expression) => Some(expression),
            Piece::Words(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_goes_through_files_by_key_or_by_a_named_column() {
        let text = "type_id | number-as-code -> type.code -> list(name).text | lower";
        let expression = Expression::parse(text).unwrap();
        assert_eq!(expression.first.transforms, [Transform::NumberAsCode]);
        let hops: Vec<_> = expression
            .hops
            .iter()
            .map(|hop| (hop.source.as_str(), hop.key.as_deref(), hop.step.column.as_str()))
            .collect();
        assert_eq!(hops, [("type", None, "code"), ("list", Some("name"), "text")]);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for bad in ["", " | lower", "a -> b", "a -> .b", "a -> b(.c", "a -> b().c", "a ->", "a | shout", "a -> b.c | x"]
        {
            assert!(Expression::parse(bad).is_err(), "{bad}");
        }
        let long = ["a.b"; HOPS_MAX + 2].join("->");
        assert!(Expression::parse(&long).is_err());
    }

    #[test]
    fn a_template_holds_words_and_values() {
        let template = Template::parse("x/{a}/{b | lower}").unwrap();
        assert_eq!(template.pieces.len(), 4);
        for bad in ["plain", "{a", "{}"] {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
    }
}

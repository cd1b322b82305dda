//! Finding rows and fields inside an Automerge document, so that nothing written over a key hides what stood there.

use std::collections::BTreeMap;

use automerge::{ChangeHash, ObjId, ObjType, ROOT, ReadDoc, Value as Held, ValueRef};

use super::class::{Collections as _, Container, Shape};
use super::genesis;
use super::late;
use super::value::Value;
use doorstep_protocol::Class;

/// The longest name of a collection or field that is read.
pub(crate) const NAME_CHARS_MAX: usize = 64;

/// One of the values that a field has, with the operation that set it.
pub(crate) type Held1 = (Value, ObjId);

/// The maps that hold a collection: the fixed one first, whatever was written over its key, then concurrent ones.
pub(crate) fn collection_objects(document: &impl ReadDoc, class: Class, name: &str) -> Vec<ObjId> {
    let position = class.containers().and_then(|all| all.iter().position(|container| container.name == name));
    let mut objects: Vec<ObjId> = match position {
        Some(position) => vec![genesis::container_object(position)],
        // One that came later is there once somebody has used it.
        None => late::object(class, name).filter(|object| document.object_type(object).is_ok()).into_iter().collect(),
    };
    for (value, id) in document.get_all(ROOT, name).unwrap_or_default() {
        if matches!(value, Held::Object(ObjType::Map)) && !objects.contains(&id) {
            objects.push(id);
        }
    }
    objects
}

/// The maps that hold one row: more than one only where two devices made the same row id.
pub(crate) fn row_objects(document: &impl ReadDoc, collections: &[ObjId], shape: Shape, key: &str) -> Vec<ObjId> {
    match shape {
        Shape::Single => collections.to_vec(),
        Shape::Rows => collections
            .iter()
            .flat_map(|collection| document.get_all(collection, key).unwrap_or_default())
            .filter(|(value, _)| matches!(value, Held::Object(ObjType::Map)))
            .map(|(_, id)| id)
            .collect(),
    }
}

/// Every value of one field over the maps of its row, the one that Automerge shows first.
pub(crate) fn field_values(document: &impl ReadDoc, rows: &[ObjId], field: &str) -> Vec<Held1> {
    let mut values = Vec::new();
    for row in rows {
        // `get_all` ends with the winner.
        for (value, id) in document.get_all(row, field).unwrap_or_default().into_iter().rev() {
            values.push((Value::from_automerge(&value), id));
        }
    }
    values
}

/// Every value that one field had just after a change, over the maps of its row.
pub(crate) fn field_values_at(document: &impl ReadDoc, rows: &[ObjId], field: &str, change: ChangeHash) -> Vec<Value> {
    let at = |row| document.get_all_at(row, field, &[change]).unwrap_or_default();
    rows.iter().flat_map(at).map(|(value, _)| Value::from_automerge(&value)).collect()
}

/// Every field of a row with all its values, the shown one first.
pub(crate) fn row_fields(document: &impl ReadDoc, rows: &[ObjId]) -> BTreeMap<String, Vec<Held1>> {
    let mut fields: BTreeMap<String, Vec<Held1>> = BTreeMap::new();
    for row in rows {
        for item in document.map_range(row, ..) {
            if item.key.len() > NAME_CHARS_MAX {
                continue;
            }
            let values = fields.entry(item.key.as_ref().to_owned()).or_default();
            if item.conflict {
                for (value, id) in document.get_all(row, item.key.as_ref()).unwrap_or_default().into_iter().rev() {
                    values.push((Value::from_automerge(&value), id));
                }
            } else {
                values.push((Value::from_ref(&item.value), item.id()));
            }
        }
    }
    fields
}

/// Every row of a collection, by key, with the maps that hold it.
pub(crate) fn rows(document: &impl ReadDoc, collections: &[ObjId]) -> BTreeMap<String, Vec<ObjId>> {
    let mut rows: BTreeMap<String, Vec<ObjId>> = BTreeMap::new();
    for collection in collections {
        for item in document.map_range(collection, ..) {
            let objects = rows.entry(item.key.as_ref().to_owned()).or_default();
            if item.conflict {
                let all = document.get_all(collection, item.key.as_ref()).unwrap_or_default();
                objects.extend(
                    all.into_iter()
                        .rev()
                        .filter(|(value, _)| matches!(value, Held::Object(ObjType::Map)))
                        .map(|(_, id)| id),
                );
            } else if matches!(item.value, ValueRef::Object(ObjType::Map)) {
                objects.push(item.id());
            }
        }
    }
    rows.retain(|_, objects| !objects.is_empty());
    rows
}

/// The names of all collections: those of the class first, then those of a newer version.
pub(crate) fn collection_names(document: &impl ReadDoc, class: Class) -> Vec<(String, Shape)> {
    let known: Vec<Container> =
        class.containers().unwrap_or_default().iter().chain(class.late_containers()).copied().collect();
    let mut names: Vec<(String, Shape)> = known.iter().map(|c| (c.name.to_owned(), c.shape)).collect();
    for item in document.map_range(ROOT, ..) {
        let name = item.key.as_ref();
        let is_map = matches!(item.value, ValueRef::Object(ObjType::Map));
        if !is_map || name.len() > NAME_CHARS_MAX || known.iter().any(|container| container.name == name) {
            continue;
        }
        // A newer version's collection: rows if its entries are maps, else one row.
        let object = item.id();
        let has_rows = document.map_range(&object, ..).any(|entry| matches!(entry.value, ValueRef::Object(_)));
        names.push((name.to_owned(), if has_rows { Shape::Rows } else { Shape::Single }));
    }
    names
}

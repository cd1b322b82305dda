//! Any record of the wire: unsigned numbers, bytes, text, arrays, null.

use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode, Encoder};
use serde_json::{Value, json};

use crate::json::{from_hex, hex};

/// Arrays within arrays.
const DEPTH_MAX: usize = 16;

/// A record of no particular shape.
pub(crate) enum Item {
    Number(u64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Item>),
    Null,
}

impl Item {
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Number(number) => json!({ "number": number }),
            Self::Bytes(bytes) => json!({ "bytes": hex(bytes) }),
            Self::Text(text) => json!({ "text": text }),
            Self::Array(items) => json!({ "array": items.iter().map(Self::to_json).collect::<Vec<_>>() }),
            Self::Null => Value::Null,
        }
    }

    pub(crate) fn from_json(json: &Value) -> Result<Self, String> {
        if json.is_null() {
            Ok(Self::Null)
        } else if let Some(number) = json["number"].as_u64() {
            Ok(Self::Number(number))
        } else if let Some(text) = json["text"].as_str() {
            Ok(Self::Text(text.to_owned()))
        } else if let Some(bytes) = json["bytes"].as_str() {
            Ok(Self::Bytes(from_hex(bytes)?))
        } else if let Some(items) = json["array"].as_array() {
            Ok(Self::Array(items.iter().map(Self::from_json).collect::<Result<_, _>>()?))
        } else {
            Err("not an item of a record".to_owned())
        }
    }
}

impl<C> Encode<C> for Item {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Number(number) => e.u64(*number)?.ok(),
            Self::Bytes(bytes) => e.bytes(bytes)?.ok(),
            Self::Text(text) => e.str(text)?.ok(),
            Self::Array(items) => {
                e.array(items.len() as u64)?;
                items.iter().try_for_each(|item| item.encode(e, context))
            }
            Self::Null => e.null()?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for Item {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        decode_item(d, 0)
    }
}

fn decode_item(d: &mut Decoder<'_>, depth: usize) -> Result<Item, minicbor::decode::Error> {
    if depth > DEPTH_MAX {
        return Err(minicbor::decode::Error::message("too deep"));
    }
    match d.datatype()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => Ok(Item::Number(d.u64()?)),
        Type::Bytes => Ok(Item::Bytes(d.bytes()?.to_vec())),
        Type::String => Ok(Item::Text(d.str()?.to_owned())),
        Type::Null => d.null().map(|()| Item::Null),
        Type::Array => {
            let mut items = Vec::new();
            for _ in 0..d.array()?.unwrap_or(0) {
                items.push(decode_item(d, depth + 1)?);
            }
            Ok(Item::Array(items))
        }
        other => Err(minicbor::decode::Error::type_mismatch(other)),
    }
}

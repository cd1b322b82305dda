//! A form that carries a file: read part by part, within limits. The token of its session comes first, so that nothing of a
//! form from elsewhere is kept. A file that is too long is read to its end and thrown away: its page can then say so, and
//! what was typed beside it stays.

use axum::body::Body;
use doorstep_client_core::photograph::FILE_BYTES_MAX;
use multer::{Constraints, Field, Multipart, SizeLimit};

use crate::ask::TOKEN_FIELD;
use crate::fields::{FORM_BYTES_MAX, Fields, Upload};

/// What a browser may send at most, the file that is too long and everything around it included.
const BODY_BYTES_MAX: usize = 5 * FILE_BYTES_MAX;
/// Parts of one form, files among them.
const PARTS_MAX: usize = 100;

const _: () = assert!(FORM_BYTES_MAX < FILE_BYTES_MAX && FILE_BYTES_MAX < BODY_BYTES_MAX);

/// Why a form that carries a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Its first part is not the token of the session.
    Stale,
    /// It holds more than any form does.
    TooLarge,
    /// It is cut short, or no such form.
    Broken,
}

impl From<multer::Error> for Unread {
    fn from(error: multer::Error) -> Self {
        match error {
            multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => Self::TooLarge,
            _ => Self::Broken,
        }
    }
}

/// The boundary that a request names, if its form may carry files.
#[must_use]
pub fn boundary(content_type: &str) -> Option<String> {
    multer::parse_boundary(content_type).ok()
}

/// Reads the form.
///
/// # Errors
/// [`Unread`]: nothing of it is kept.
pub async fn read(body: Body, boundary: String, is_token: impl Fn(&str) -> bool) -> Result<Fields, Unread> {
    let limit = SizeLimit::new().whole_stream(BODY_BYTES_MAX as u64);
    let mut form = Multipart::with_constraints(body.into_data_stream(), boundary, Constraints::new().size_limit(limit));
    let (mut values, mut uploads, mut text_bytes) = (Vec::new(), Vec::new(), 0);
    let mut parts = 0;
    while let Some(field) = form.next_field().await? {
        parts += 1;
        if parts > PARTS_MAX {
            return Err(Unread::TooLarge);
        }
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            if parts == 1 {
                return Err(Unread::Stale);
            }
            // A field that nobody chose a file for comes with an empty one.
            let upload = file(field).await?;
            if upload != Upload::File(bytes::Bytes::new()) {
                uploads.push((name, upload));
            }
            continue;
        }
        let value = text(field, &mut text_bytes).await?;
        if parts == 1 && !(name == TOKEN_FIELD && is_token(&value)) {
            return Err(Unread::Stale);
        }
        values.push((name, value));
    }
    Ok(Fields::of_parts(values, uploads))
}

async fn text(mut field: Field<'_>, read_bytes: &mut usize) -> Result<String, Unread> {
    let mut held = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        *read_bytes += chunk.len();
        if *read_bytes > FORM_BYTES_MAX {
            return Err(Unread::TooLarge);
        }
        held.extend_from_slice(&chunk);
    }
    String::from_utf8(held).map_err(|_| Unread::Broken)
}

async fn file(mut field: Field<'_>) -> Result<Upload, Unread> {
    let (mut held, mut found_bytes) = (Vec::new(), 0usize);
    while let Some(chunk) = field.chunk().await? {
        found_bytes += chunk.len();
        if found_bytes <= FILE_BYTES_MAX {
            held.extend_from_slice(&chunk);
        } else {
            held = Vec::new();
        }
    }
    Ok(if found_bytes <= FILE_BYTES_MAX { Upload::File(held.into()) } else { Upload::TooLong { found_bytes } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Body {
        let mut whole = Vec::new();
        for (name, file, held) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            whole.extend_from_slice(
                format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes(),
            );
            whole.extend_from_slice(held);
            whole.extend_from_slice(b"\r\n");
        }
        whole.extend_from_slice(b"--cut--\r\n");
        Body::from(whole)
    }

    fn read_now(body: Body) -> Result<Fields, Unread> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(read(body, "cut".to_owned(), |token| token == "mine"))
    }

    #[test]
    fn fields_and_files_come_apart_and_a_file_that_nobody_chose_is_none() {
        let parts: [(&str, Option<&str>, &[u8]); 5] = [
            ("token", None, b"mine"),
            ("photo", Some(""), b""),
            ("photo_file", Some("damp.jpg"), b"\xff\xd8\xff"),
            ("note", None, "by the window\r\nCyffordd – ŵ".as_bytes()),
            ("room", None, b"kitchen"),
        ];
        let fields = read_now(form(&parts)).expect("a form");
        assert_eq!(fields.typed("note"), "by the window\nCyffordd – ŵ");
        assert_eq!(fields.typed("room"), "kitchen");
        assert_eq!(fields.upload(&["photo"]), None);
        let chosen = fields.upload(&["photo", "photo_file"]).expect("the one that was chosen");
        assert_eq!(*chosen, Upload::File(bytes::Bytes::from_static(b"\xff\xd8\xff")));
    }

    #[test]
    fn nothing_is_read_before_the_token() {
        let file: (&str, Option<&str>, &[u8]) = ("photo", Some("a.jpg"), b"picture");
        for parts in [
            vec![file, ("token", None, b"mine".as_slice())],
            vec![("token", None, b"theirs".as_slice()), file],
            vec![("note", None, b"mine".as_slice()), ("token", None, b"mine".as_slice())],
            vec![("token", Some("token.txt"), b"mine".as_slice())],
        ] {
            assert_eq!(read_now(form(&parts)).err(), Some(Unread::Stale));
        }
    }

    #[test]
    fn a_file_that_is_too_long_is_said_to_be_and_what_was_typed_stays() {
        let long = vec![7u8; FILE_BYTES_MAX + 1];
        let parts: [(&str, Option<&str>, &[u8]); 3] =
            [("token", None, b"mine"), ("photo", Some("long.jpg"), &long), ("note", None, b"damp")];
        let fields = read_now(form(&parts)).expect("a form");
        assert_eq!(fields.upload(&["photo"]), Some(&Upload::TooLong { found_bytes: long.len() }));
        assert_eq!(fields.typed("note"), "damp");
        let typed = vec![b'x'; FORM_BYTES_MAX + 1];
        let parts: [(&str, Option<&str>, &[u8]); 2] = [("token", None, b"mine"), ("note", None, &typed)];
        assert_eq!(read_now(form(&parts)).err(), Some(Unread::TooLarge), "text has the limit of every form");
    }

    #[test]
    fn what_is_cut_short_or_no_text_is_refused() {
        let cut = Body::from("--cut\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nmine");
        assert_eq!(read_now(cut).err(), Some(Unread::Broken));
        let parts: [(&str, Option<&str>, &[u8]); 2] = [("token", None, b"mine"), ("note", None, b"\xff\xfe")];
        assert_eq!(read_now(form(&parts)).err(), Some(Unread::Broken));
        assert_eq!(boundary("application/x-www-form-urlencoded"), None);
        assert_eq!(boundary("multipart/form-data; boundary=cut").as_deref(), Some("cut"));
    }
}

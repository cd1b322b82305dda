//! The browser in front of a desk: what it opens, sends and reads.

use crate::served::{Answer, Served, Visitor};

/// A browser in front of the pages.
pub(crate) struct Browser<'s>(Visitor<'s>);

impl Served {
    /// A browser that has gone in.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser(self.visitor())
    }
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: u16,
    answer: Answer,
    pub(crate) body: String,
}

impl Page {
    fn of(answer: Answer) -> Self {
        Self { status: answer.status, body: answer.text(), answer }
    }

    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.answer.header(name)
    }

    /// Whether every one of these stands on the page.
    #[track_caller]
    pub(crate) fn says(&self, wanted: &[&str]) {
        for text in wanted {
            assert!(self.body.contains(text), "{text} is not on this page ({}):\n{}", self.status, self.main());
        }
    }

    /// Whether none of these does.
    #[track_caller]
    pub(crate) fn keeps_quiet_about(&self, unwanted: &[&str]) {
        for text in unwanted {
            assert!(!self.main().contains(text), "{text} is on this page:\n{}", self.main());
        }
    }

    /// What stands between the frame's header and footer.
    pub(crate) fn main(&self) -> &str {
        let from = self.body.find("<main").unwrap_or_default();
        let to = self.body.find("</main>").unwrap_or(self.body.len());
        &self.body[from..to]
    }

    /// The error at a field.
    pub(crate) fn error_at(&self, field: &str) -> Option<&str> {
        let after = self.body.split_once(&format!("id=\"e-{field}\">"))?.1;
        after.split('<').next()
    }

    /// The first address on the page that begins so.
    #[track_caller]
    pub(crate) fn link(&self, begins: &str) -> String {
        let at = self.main().split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let found = at.into_iter().find(|href| href.starts_with(begins));
        found.unwrap_or_else(|| panic!("no link to {begins} on this page:\n{}", self.main())).to_owned()
    }
}

impl Browser<'_> {
    pub(crate) fn get(&self, path: &str) -> Page {
        Page::of(self.0.get(path))
    }

    /// A page that is there.
    #[track_caller]
    pub(crate) fn open(&self, path: &str) -> Page {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.main());
        page
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        Page::of(self.0.post(path, fields))
    }

    /// A form that is taken: the page that it leads to. No address holds anything that was typed.
    #[track_caller]
    pub(crate) fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields);
        assert_eq!(answer.status, 303, "{path}: {}", answer.main());
        let to = answer.header("location").expect("a way on");
        assert!(to.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte)), "{to}");
        self.open(&to)
    }

    /// A form that is not taken.
    #[track_caller]
    pub(crate) fn send_badly(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields);
        assert_eq!(answer.status, 422, "{path}: {}", answer.main());
        answer
    }
}

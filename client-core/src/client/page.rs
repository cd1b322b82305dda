//! A window of a long list.

/// Rows of a page at most.
pub const PAGE_ROWS_MAX: usize = 200;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Page {
    /// Rows before it.
    pub offset: usize,
    /// Rows in it, at most [`PAGE_ROWS_MAX`].
    pub limit: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self { offset: 0, limit: 50 }
    }
}

impl Page {
    /// As many rows from the first as a page can have.
    pub const FIRST: Self = Self { offset: 0, limit: PAGE_ROWS_MAX };

    pub(super) fn limit(self) -> usize {
        self.limit.min(PAGE_ROWS_MAX)
    }

    pub(super) fn of<T>(self, rows: Vec<T>) -> Paged<T> {
        Window::from(self).of(rows)
    }
}

/// Which part of a list is made: of a page, or the whole of it, where it is looked through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) offset: usize,
    pub(super) limit: usize,
}

impl From<Page> for Window {
    fn from(page: Page) -> Self {
        Self { offset: page.offset, limit: page.limit() }
    }
}

impl Window {
    pub(super) fn of<T>(self, rows: Vec<T>) -> Paged<T> {
        let total = rows.len() as u64;
        Paged { total, rows: rows.into_iter().skip(self.offset).take(self.limit).collect() }
    }
}

/// A page with how many rows the whole list has.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Paged<T> {
    /// Rows of the whole list.
    pub total: u64,
    /// Those of the page.
    pub rows: Vec<T>,
}

//! How the story is written down: numbered steps, each with one line of what it shows.

use std::io::{self, Write};

/// Signs of a line.
const WIDTH: usize = 100;

/// Writes the story.
pub(crate) struct Telling<'w> {
    out: &'w mut dyn Write,
    step: usize,
}

impl<'w> Telling<'w> {
    pub(crate) fn new(out: &'w mut dyn Write) -> Self {
        Self { out, step: 0 }
    }

    /// Begins a step: its title, and what it shows in one line.
    pub(crate) fn step(&mut self, title: &str, shows: &str) -> io::Result<()> {
        self.step += 1;
        let head = format!("── {} · {title} ", self.step);
        let rule = WIDTH.saturating_sub(head.chars().count());
        writeln!(self.out, "\n{head}{}", "─".repeat(rule.max(3)))?;
        writeln!(self.out, "   shows: {shows}\n")?;
        self.out.flush()
    }

    /// A line.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "   {text}")?;
        self.out.flush()
    }

    /// A page of another part, indented by a bar.
    pub(crate) fn page(&mut self, text: &str) -> io::Result<()> {
        for line in text.lines() {
            writeln!(self.out, "{}", format!("   │ {line}").trim_end())?;
        }
        self.out.flush()
    }

    /// Plain text, not indented.
    pub(crate) fn plain(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }
}

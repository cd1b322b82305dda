//! Draws a code: half blocks for a terminal, a black and white PNG for a file.

use std::io::{Cursor, IsTerminal};

use image::{GrayImage, ImageFormat, Luma};
use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};

use super::QUIET_MODULES;

/// The widest code, with its quiet zone, that a terminal of 80 columns shows.
const COLUMNS_MAX: usize = 80;
/// Pixels a side of one module in a picture: large enough for a printer and for a second screen.
const MODULE_PIXELS: u32 = 8;

/// Who says what is black and what is white in a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The code sets both colours itself, so that it is black on white in a dark window and in a light one.
    Set,
    /// Plain characters in the window's own colours, light being what is drawn: right in a dark window.
    Window,
}

impl Ink {
    /// For standard output. A terminal is told the colours even where decoration is unwanted: here they are what is read.
    #[must_use]
    pub fn of_stdout() -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if std::io::stdout().is_terminal() && !is_dumb { Self::Set } else { Self::Window }
    }
}

/// A module, or a place in the quiet zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Module {
    Dark,
    Light,
}

/// A code: a square of dark and light modules.
pub struct Code {
    width: usize,
    modules: Vec<Module>,
}

impl Code {
    /// The code of a text; `None` when no code holds so much.
    ///
    /// It mends up to 15 % of damage where the code then still fits a terminal of 80 columns, else 7 %.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let sturdy = QrCode::with_error_correction_level(text, EcLevel::M).ok();
        let code = match sturdy {
            Some(code) if code.width() + 2 * QUIET_MODULES <= COLUMNS_MAX => code,
            _ => QrCode::with_error_correction_level(text, EcLevel::L).ok()?,
        };
        let module = |colour: Color| if colour == Color::Dark { Module::Dark } else { Module::Light };
        Some(Self { width: code.width(), modules: code.to_colors().into_iter().map(module).collect() })
    }

    /// Columns it takes in a terminal; it takes half as many rows.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.width + 2 * QUIET_MODULES
    }

    /// The module at a place counted with the quiet zone; past the edge all is light.
    fn at(&self, column: usize, row: usize) -> Module {
        let inside = |place: usize| place.checked_sub(QUIET_MODULES).filter(|at| *at < self.width);
        match (inside(column), inside(row)) {
            (Some(column), Some(row)) => self.modules.get(row * self.width + column).copied().unwrap_or(Module::Light),
            _ => Module::Light,
        }
    }

    /// As text: each character holds two modules, one above the other.
    #[must_use]
    pub fn to_terminal(&self, ink: Ink) -> String {
        const BLACK_ON_WHITE: &str = "\u{1b}[38;5;16;48;5;231m";
        const AS_BEFORE: &str = "\u{1b}[0m";
        let drawn = match ink {
            Ink::Set => Module::Dark,
            Ink::Window => Module::Light,
        };
        let mut text = String::new();
        for row in (0..self.columns()).step_by(2) {
            if ink == Ink::Set {
                text.push_str(BLACK_ON_WHITE);
            }
            text.extend((0..self.columns()).map(|column| {
                match (self.at(column, row) == drawn, self.at(column, row + 1) == drawn) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                }
            }));
            if ink == Ink::Set {
                text.push_str(AS_BEFORE);
            }
            text.push('\n');
        }
        text
    }

    /// As a picture of one byte a pixel.
    #[must_use]
    pub fn to_picture(&self) -> GrayImage {
        let side = u32::try_from(self.columns()).unwrap_or(0) * MODULE_PIXELS;
        GrayImage::from_fn(side, side, |x, y| {
            let place = |pixel: u32| (pixel / MODULE_PIXELS) as usize;
            match self.at(place(x), place(y)) {
                Module::Dark => Luma([0]),
                Module::Light => Luma([255]),
            }
        })
    }

    /// As a PNG file.
    #[must_use]
    pub fn to_png(&self) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        self.to_picture().write_to(&mut file, ImageFormat::Png).expect("a grey picture in memory is always a PNG");
        file.into_inner()
    }
}

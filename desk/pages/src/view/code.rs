//! A text as a square code that another device photographs: drawn as one path, black on white by day and by night.

use maud::{Markup, html};
use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};

/// The light margin that readers need, in modules.
const QUIET_MODULES: usize = 4;

/// The code of a text, with what it is in words; nothing where no code holds so much.
#[must_use]
pub fn square(text: &str, label: &str) -> Markup {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .or_else(|_| QrCode::with_error_correction_level(text, EcLevel::L));
    let Ok(code) = code else { return html! {} };
    let side = code.width() + 2 * QUIET_MODULES;
    html! {
        svg.code viewBox={"0 0 " (side) " " (side)} role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect.light width=(side) height=(side) {}
            path.dark d=(path(&code)) {}
        }
    }
}

/// A run of dark modules after the other.
fn path(code: &QrCode) -> String {
    let width = code.width();
    let mut path = String::new();
    for (row, colours) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        for run in colours.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (x, y) = (column + QUIET_MODULES, row + QUIET_MODULES);
                path.push_str(&format!("M{x} {y}h{len}v1h-{len}z", len = run.len()));
            }
            column += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_in_the_path_once() {
        let code = QrCode::with_error_correction_level("DOORSTEP", EcLevel::M).unwrap();
        let dark = code.to_colors().iter().filter(|colour| **colour == Color::Dark).count();
        let path = path(&code);
        let runs = path.split('M').filter(|run| !run.is_empty());
        let drawn: usize = runs.map(|run| run.split(['h', 'v']).nth(1).unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(drawn, dark);
        assert!(square("DOORSTEP", "a code").into_string().contains("aria-label=\"a code\""));
        assert!(square(&"x".repeat(10_000), "too long").into_string().is_empty());
    }
}

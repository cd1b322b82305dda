//! A figure: a value beside its floor, and how values of many runs become one.

use std::time::{Duration, Instant};

/// One measured figure.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// Documents, runs, bytes or watchers it was measured over.
    pub n: u64,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// The floor in the same unit; `None` where there is none.
    pub floor: Option<f64>,
    /// Value by floor; for a rate, floor by value turned over (value by floor too: more is better).
    pub ratio: Option<f64>,
}

/// The head of the table.
pub(crate) const HEAD: &str = "measurement                      n         value unit              floor    ratio";

impl Figure {
    /// A figure with its floor.
    pub fn new(name: &str, n: usize, value: f64, unit: &'static str, floor: Option<f64>) -> Self {
        let ratio = floor.filter(|floor| *floor > 0.0).map(|floor| value / floor);
        Self { name: name.to_owned(), n: n as u64, value, unit, floor, ratio }
    }

    /// A line of the table.
    pub fn row(&self) -> String {
        let optional = |number: Option<f64>, digits: usize| {
            number.map_or_else(|| "–".to_owned(), |number| format!("{number:.digits$}"))
        };
        format!(
            "{:<26} {:>8} {:>13.3} {:<10} {:>12} {:>8}",
            self.name,
            self.n,
            self.value,
            self.unit,
            optional(self.floor, 3),
            optional(self.ratio, 2)
        )
    }
}

/// How long `work` takes, and what it returns.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let result = work();
    (begun.elapsed(), result)
}

/// The middle of many durations, in milliseconds.
pub(crate) fn median_ms(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |middle| middle.as_secs_f64() * 1_000.0)
}

/// Milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

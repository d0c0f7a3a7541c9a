//! Where a ticket stands, in few words: for lists, bars and filters.

use aftercare_engine::definition::process::Category;
use aftercare_engine::statechart::{Configuration, State, Statechart};

/// Paths of the active states, one space between.
pub fn states(chart: &Statechart, configuration: &Configuration) -> String {
    chart.leaves(configuration).join(" ")
}

/// The furthest of the active states.
pub fn progress(chart: &Statechart, configuration: &Configuration) -> Option<i64> {
    nearest(chart, configuration, |state| state.progress).into_iter().max().map(i64::from)
}

/// Open as soon as we have to act anywhere, waiting as soon as anybody has to.
pub fn category(chart: &Statechart, configuration: &Configuration) -> Option<String> {
    let rank = |category: &Category| match category {
        Category::Open => 0,
        Category::Waiting => 1,
        Category::Cancelled => 2,
        Category::Done => 3,
    };
    let category = nearest(chart, configuration, |state| state.category).into_iter().min_by_key(rank)?;
    let word = match category {
        Category::Open => "open",
        Category::Waiting => "waiting",
        Category::Cancelled => "cancelled",
        Category::Done => "done",
    };
    Some(word.to_owned())
}

/// For each active atomic or final state, what it or its nearest ancestor says.
fn nearest<T>(
    chart: &Statechart,
    configuration: &Configuration,
    says: impl Fn(&State) -> Option<T>,
) -> Vec<T> {
    let leaves = chart.leaves(configuration);
    let at = |path: &str| {
        let id = chart.state_at(path)?;
        std::iter::once(id).chain(chart.ancestors(id)).find_map(|id| says(chart.state(id)))
    };
    leaves.iter().filter_map(|path| at(path)).collect()
}

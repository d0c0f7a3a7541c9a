//! Where the states of a diagram stand and how the ways run: in layers from the beginning downwards, whole numbers
//! of pixels, the same for the same chart.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Value, json};

/// A state as it is drawn.
pub struct Node {
    pub title: String,
    pub active: bool,
    pub visited: bool,
    pub next: bool,
    pub is_end: bool,
}

/// From one state to another, by their places in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub from: usize,
    pub to: usize,
}

/// Widest row, height of a state, room between states and between rows.
const WIDE: i32 = 560;
const HIGH: i32 = 30;
const ASIDE: i32 = 14;
const BELOW: i32 = 34;
/// Longest title that is shown whole, in letters.
const LETTERS: usize = 26;

/// A state's place.
#[derive(Clone, Copy, Debug)]
struct Spot {
    x: i32,
    y: i32,
    wide: i32,
    row: usize,
}

/// The picture: its size, states and ways.
pub fn drawn(nodes: &[Node], ways: &BTreeSet<Way>, begin: &BTreeSet<usize>) -> Value {
    let rows = rows(nodes, &layers(nodes.len(), ways, begin));
    let widths: Vec<i32> = rows.iter().map(|row| width(nodes, row)).collect();
    let wide = widths.iter().copied().max().unwrap_or_default();
    let mut spots: BTreeMap<usize, Spot> = BTreeMap::new();
    let mut y = 4;
    for (at, (row, own)) in rows.iter().zip(&widths).enumerate() {
        let mut x = (wide - own) / 2 + ASIDE;
        for place in row {
            let Some(node) = nodes.get(*place) else { continue };
            let wide = length(&node.title);
            spots.insert(*place, Spot { x, y, wide, row: at });
            x += wide + ASIDE;
        }
        y += HIGH + BELOW;
    }
    let states = spots.iter().filter_map(|(place, spot)| Some(state(nodes.get(*place)?, *spot)));
    let lines = ways.iter().filter_map(|way| line(nodes, *way, *spots.get(&way.from)?, *spots.get(&way.to)?));
    json!({
        "width": wide + 2 * ASIDE,
        "height": y - BELOW + 6,
        "states": states.collect::<Vec<_>>(),
        "ways": lines.collect::<Vec<_>>(),
    })
}

/// How many steps each state is from the beginning; what no way leads to stands last.
fn layers(count: usize, ways: &BTreeSet<Way>, begin: &BTreeSet<usize>) -> Vec<usize> {
    let mut found: BTreeMap<usize, usize> = begin.iter().map(|at| (*at, 0)).collect();
    let mut open: VecDeque<usize> = begin.iter().copied().collect();
    while let Some(at) = open.pop_front() {
        let layer = found.get(&at).copied().unwrap_or_default();
        for way in ways.iter().filter(|way| way.from == at) {
            if let Entry::Vacant(place) = found.entry(way.to) {
                place.insert(layer + 1);
                open.push_back(way.to);
            }
        }
    }
    let last = found.values().max().map_or(0, |last| last + 1);
    (0..count).map(|at| found.get(&at).copied().unwrap_or(last)).collect()
}

/// The layers in rows that are no wider than the page.
fn rows(nodes: &[Node], layers: &[usize]) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for layer in 0..=layers.iter().copied().max().unwrap_or_default() {
        let mut row: Vec<usize> = Vec::new();
        for (place, _) in layers.iter().enumerate().filter(|(_, one)| **one == layer) {
            row.push(place);
            if width(nodes, &row) > WIDE && row.len() > 1 {
                let over = row.pop();
                rows.push(std::mem::take(&mut row));
                row.extend(over);
            }
        }
        if !row.is_empty() {
            rows.push(row);
        }
    }
    rows
}

fn width(nodes: &[Node], row: &[usize]) -> i32 {
    row.iter().filter_map(|place| nodes.get(*place)).map(|node| length(&node.title) + ASIDE).sum()
}

/// About how wide a title is with its box. Letters of China are twice as wide as others.
fn length(title: &str) -> i32 {
    let letters = title.chars().take(LETTERS).map(|letter| if letter >= '\u{2e80}' { 14 } else { 8 });
    (letters.sum::<i32>() + 22).max(64)
}

fn state(node: &Node, spot: Spot) -> Value {
    let whole = node.title.chars().count() <= LETTERS;
    let short: String = node.title.chars().take(LETTERS - 1).collect();
    let class = match node {
        Node { active: true, .. } => "is-active",
        Node { next: true, .. } => "is-next",
        Node { visited: true, .. } => "is-visited",
        _ => "",
    };
    json!({
        "x": spot.x, "y": spot.y, "wide": spot.wide, "high": HIGH,
        "text_x": spot.x + spot.wide / 2, "text_y": spot.y + HIGH / 2 + 5,
        "title": node.title, "text": if whole { node.title.clone() } else { format!("{short}…") },
        "class": class, "end": node.is_end,
    })
}

/// A way as a curve: downwards from foot to head, else around the side.
fn line(nodes: &[Node], way: Way, from: Spot, to: Spot) -> Option<Value> {
    let (here, there) = (nodes.get(way.from)?, nodes.get(way.to)?);
    let (ax, bx) = (from.x + from.wide / 2, to.x + to.wide / 2);
    let is_back = to.row <= from.row;
    let path = if is_back {
        let (ay, by) = (from.y + HIGH, to.y + HIGH);
        let low = ay.max(by) + BELOW / 2;
        format!("M{ax} {ay}C{ax} {low} {bx} {low} {bx} {by}")
    } else {
        let (ay, by) = (from.y + HIGH, to.y - 5);
        let middle = (ay + by) / 2;
        format!("M{ax} {ay}C{ax} {middle} {bx} {middle} {bx} {by}")
    };
    let was = |node: &Node| node.visited || node.active;
    let class = if here.active && there.next {
        "is-next"
    } else if is_back {
        "is-back"
    } else if was(here) && was(there) {
        "is-visited"
    } else {
        ""
    };
    Some(json!({"path": path, "class": class, "arrow": !is_back, "x": bx, "y": to.y}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(title: &str) -> Node {
        Node { title: title.into(), active: false, visited: false, next: false, is_end: false }
    }

    #[test]
    fn states_stand_in_the_order_of_the_ways_and_never_over_each_other() {
        let nodes: Vec<Node> = (0..12).map(|n| node(&format!("a rather long title {n}"))).collect();
        let ways: BTreeSet<Way> = (0..11).map(|from| Way { from: from / 3, to: from + 1 }).collect();
        let drawn = drawn(&nodes, &ways, &BTreeSet::from([0]));
        let states = drawn["states"].as_array().unwrap();
        assert_eq!((states.len(), drawn["ways"].as_array().unwrap().len()), (12, 11));
        let number = |state: &Value, name: &str| state[name].as_i64().unwrap();
        assert!(number(&states[0], "y") < number(&states[1], "y"));
        assert!(number(&states[1], "y") < number(&states[4], "y"));
        for (at, one) in states.iter().enumerate() {
            assert!(
                number(one, "x") >= 0 && number(one, "x") + number(one, "wide") <= number(&drawn, "width")
            );
            for other in &states[at + 1..] {
                let beside = number(one, "x") + number(one, "wide") <= number(other, "x")
                    || number(other, "x") + number(other, "wide") <= number(one, "x");
                assert!(beside || number(one, "y") != number(other, "y"), "{one} {other}");
            }
        }
    }

    #[test]
    fn a_way_back_ends_no_search_for_the_beginning() {
        let ways = BTreeSet::from([Way { from: 0, to: 1 }, Way { from: 1, to: 0 }]);
        assert_eq!(layers(3, &ways, &BTreeSet::from([0])), [0, 1, 2]);
    }
}

//! Who suits a request best, with the reasons: experience with the model, how much somebody has to do, and own people
//! first where the house pays (SY-16, SY-21 to SY-24). Points only order people; a person decides.

use serde_json::{Value, json};

use crate::http::pages::format::Writing;

/// What weighs most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    #[default]
    Balanced,
    Experience,
    Speed,
}

impl Wish {
    pub const ALL: [Self; 3] = [Self::Balanced, Self::Experience, Self::Speed];

    pub fn name(self) -> &'static str {
        match self {
            Self::Balanced => "balanced",
            Self::Experience => "experience",
            Self::Speed => "speed",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.name() == name)
    }

    /// What experience and free hands count.
    fn weights(self) -> (i64, i64) {
        match self {
            Self::Balanced => (2, 2),
            Self::Experience => (4, 1),
            Self::Speed => (1, 4),
        }
    }
}

/// Somebody who can be sent.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub name: String,
    pub full_name: String,
    pub is_internal: bool,
    /// Requests brought to an end about the model, and about its category.
    pub of_model: i64,
    pub of_category: i64,
    /// Requests in hand.
    pub open: i64,
}

/// A candidate with points.
#[derive(Debug)]
pub struct Ranked {
    pub candidate: Candidate,
    pub points: i64,
    own_first: bool,
}

/// Cases after which more of them say nothing new.
const ENOUGH: i64 = 10;
/// What own people get ahead where the house pays: more than all else can weigh.
const OWN: i64 = 200;

/// The best first; of equals, by name.
pub fn ranked(candidates: Vec<Candidate>, is_covered: bool, wish: Wish) -> Vec<Ranked> {
    let (experience, free) = wish.weights();
    let points = |one: &Candidate| {
        let known = 2 * one.of_model.min(ENOUGH) + one.of_category.min(ENOUGH);
        let hands = 3 * (ENOUGH - one.open.min(ENOUGH));
        let own = if is_covered && one.is_internal { OWN } else { 0 };
        experience * known + free * hands + own
    };
    let mut all: Vec<Ranked> = candidates
        .into_iter()
        .map(|candidate| Ranked {
            points: points(&candidate),
            own_first: is_covered && candidate.is_internal,
            candidate,
        })
        .collect();
    all.sort_by(|one, other| {
        other.points.cmp(&one.points).then(one.candidate.name.cmp(&other.candidate.name))
    });
    all
}

impl Ranked {
    /// In words, for the page.
    pub fn told(&self, writing: &Writing) -> Value {
        let one = &self.candidate;
        let mut reasons = Vec::new();
        let count = |key: &str, count: i64| writing.digits(&writing.text(key, &[("a", count.to_string())]));
        if self.own_first {
            reasons.push(writing.text("suits-own", &[]));
        }
        if one.of_model > 0 {
            reasons.push(count("suits-model", one.of_model));
        }
        if one.of_category > one.of_model {
            reasons.push(count("suits-category", one.of_category));
        }
        reasons.push(count("suits-open", one.open));
        let unknown = one.of_category == 0;
        json!({
            "name": one.name, "full_name": one.full_name, "points": self.points, "reasons": reasons,
            "warning": unknown.then(|| writing.text("suits-new", &[])),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, is_internal: bool, of_model: i64, open: i64) -> Candidate {
        let (name, full_name) = (name.to_owned(), name.to_owned());
        Candidate { name, full_name, is_internal, of_model, of_category: of_model, open }
    }

    fn first(is_covered: bool, wish: Wish) -> String {
        let people =
            vec![person("expert", false, 9, 8), person("free", false, 1, 0), person("own", true, 0, 9)];
        ranked(people, is_covered, wish).remove(0).candidate.name
    }

    /// SY-24: the same people, another wish, another one first.
    #[test]
    fn what_is_wished_for_decides_between_the_expert_and_whoever_is_free() {
        assert_eq!(first(false, Wish::Experience), "expert");
        assert_eq!(first(false, Wish::Speed), "free");
    }

    /// SY-16: under warranty, own people first.
    #[test]
    fn where_the_house_pays_its_own_people_come_first() {
        for wish in Wish::ALL {
            assert_eq!(first(true, wish), "own");
        }
    }
}

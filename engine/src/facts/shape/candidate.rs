//! What is known about somebody who could be sent: the facts on which the rule of dispatch decides.

use super::{Entry, Kind, e};

pub const CANDIDATE: &[Entry] = &[
    e("name", Kind::Text, "sign-in name; always present"),
    e("role", Kind::Text, "the role in which he would be in charge; always present"),
    e("kind", Kind::Text, "`internal`, `authorised`, `provider`"),
    e(
        "level",
        Kind::Int,
        "highest level of his skills for the model or its category; 0 without one; always present",
    ),
    e("lapsed_on", Kind::Date, "last day of his certificate for it, when none holds any more"),
    e("of_model", Kind::Int, "requests about the model that he has brought to an end; always present"),
    e("of_category", Kind::Int, "the same for the whole category; always present"),
    e("open", Kind::Int, "requests in his hands; always present"),
    e("planned", Kind::Int, "his jobs on the day that is wanted; always present"),
    e("free_hours", Kind::Decimal, "working hours that are left of that day; always present"),
    e("conflict", Kind::Bool, "has another job at the moment that is wanted; always present"),
    e(
        "free_at",
        Kind::Time,
        "first moment from the wanted one, or from now, at which he can begin; always present",
    ),
    e("wait_hours", Kind::Int, "whole hours until then; always present"),
    e("near", Kind::Bool, "the customer lives where he works; empty: one of the two is not known"),
    e("hourly_cost", Kind::Money, "what an hour of his work costs us"),
];

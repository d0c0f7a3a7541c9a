//! Laying the user's tree over a fragment's: the user wins, maps are merged, lists are joined.

use super::{Node, NodeValue, Sp};

/// Keys under which a single value means a list of one, so that two of them make a list of two.
const LISTS: &[&str] = &["entry", "exit", "always", "on_done", "actions"];

/// `over` laid over `base`.
pub(super) fn nodes(base: Node, over: Node) -> Node {
    match (base.value, over.value) {
        (NodeValue::Map(mut entries), NodeValue::Map(over_entries)) => {
            for (key, value) in over_entries {
                entry(&mut entries, key, value);
            }
            // An empty map of the user's has nothing to point at: the fragment's place says more.
            Node { place: over.place, value: NodeValue::Map(entries) }
        }
        (NodeValue::List(mut items), NodeValue::List(more)) => {
            items.extend(more);
            Node { place: over.place, value: NodeValue::List(items) }
        }
        // A key without a value, as in `repairing:`, only says that the state is there.
        (value, NodeValue::Null) => Node { place: base.place, value },
        (_, value) => Node { place: over.place, value },
    }
}

fn entry(entries: &mut Vec<(Sp<String>, Node)>, key: Sp<String>, value: Node) {
    let Some((_, present)) = entries.iter_mut().find(|(name, _)| name.value == key.value) else {
        entries.push((key, value));
        return;
    };
    let place = present.place;
    let base = std::mem::replace(present, Node { place, value: NodeValue::Null });
    *present = if LISTS.contains(&key.value.as_str()) {
        nodes(listed(base), listed(value))
    } else {
        nodes(base, value)
    };
}

fn listed(node: Node) -> Node {
    match node.value {
        NodeValue::List(_) => node,
        NodeValue::Null => Node { place: node.place, value: NodeValue::List(Vec::new()) },
        _ => Node { place: node.place, value: NodeValue::List(vec![node]) },
    }
}

/// Lays what stands under a key over `base`.
pub(super) fn under_key(entries: &mut Vec<(Sp<String>, Node)>, key: &str, base: Node) {
    match entries.iter_mut().find(|(name, _)| name.value == key) {
        Some((_, present)) => {
            let place = present.place;
            let over = std::mem::replace(present, Node { place, value: NodeValue::Null });
            *present = nodes(base, over);
        }
        None => entries.push((Sp::new(key.to_owned(), base.place), base)),
    }
}

//! What an address asks for, so that every view of the board is a link.

use std::collections::BTreeMap;

use poem::Request;

/// What the address asks for, by name. Empty values do not count.
pub struct Query(pub BTreeMap<String, String>);

impl Query {
    pub fn of(request: &Request) -> Self {
        Self::written(request.uri().query().unwrap_or_default())
    }

    /// What stands behind the `?` of an address.
    pub fn written(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self(pairs.filter(|(_, value)| !value.trim().is_empty()).collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// The same address with one thing changed; none: left out.
    pub fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut pairs = self.0.clone();
        pairs.remove("after");
        pairs.remove(name);
        if let Some(value) = value {
            pairs.insert(name.to_owned(), value.to_owned());
        }
        Self(pairs).address()
    }
}

impl Query {
    /// The board with this view.
    pub fn address(&self) -> String {
        let query = self.text();
        if query.is_empty() { "/tickets".to_owned() } else { format!("/tickets?{query}") }
    }

    /// As it stands behind the question mark.
    pub fn text(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    pub fn with_after(mut self, after: &str) -> String {
        self.0.insert("after".into(), after.to_owned());
        self.0.insert("view".into(), "table".into());
        self.address()
    }

    pub fn with_two(&self, one: &str, value: &str, other: &str, second: &str) -> String {
        let mut all = self.0.clone();
        all.insert(one.to_owned(), value.to_owned());
        Self(all).with(other, Some(second))
    }
}

//! The five routes of a register, from its path and its entry.

/// Declares `$api` with list, show, add, change and remove under `$path`, and which field is the entry's key.
macro_rules! register {
    ($(#[$about:meta])* $api:ident, $entry:ident by $key:ident, $path:literal, $item:literal, $write:ident) => {
        impl super::entry::Keyed for $entry {
            fn key(&self) -> &str {
                &self.$key
            }

            fn version(&self) -> Option<i64> {
                self.version
            }
        }

        $(#[$about])*
        pub struct $api(pub crate::app::App);

        #[poem_openapi::OpenApi(tag = "crate::http::api::Tag::Registers")]
        impl $api {
            /// A piece of the list, in the order of the keys
            #[oai(path = $path, method = "get")]
            async fn list(
                &self,
                who: crate::http::signed_in::SignedIn,
                /// Part of the key or a name
                search: poem_openapi::param::Query<Option<String>>,
                /// The `next` of the piece before
                after: poem_openapi::param::Query<Option<String>>,
                /// 1 to 200, 50 if left out
                limit: poem_openapi::param::Query<Option<u64>>,
            ) -> Result<
                crate::http::shown::Shown<super::list::Page<$entry>>,
                crate::http::problem::Problem,
            > {
                let asked = super::list::Asked { search: search.0, after: after.0, limit: limit.0 };
                super::list::list::<$entry>(&self.0, &who, asked).await
            }

            /// One entry
            #[oai(path = $item, method = "get")]
            async fn show(
                &self,
                who: crate::http::signed_in::SignedIn,
                key: poem_openapi::param::Path<String>,
            ) -> Result<crate::http::shown::Shown<$entry>, crate::http::problem::Problem> {
                super::show::show::<$entry>(&self.0, &who, &key.0).await
            }

            /// A new entry
            #[oai(path = $path, method = "post")]
            async fn add(
                &self,
                who: crate::http::signed_in::SignedIn,
                #[oai(name = "Idempotency-Key")] once: crate::http::idempotency_key::IdempotencyKey,
                body: crate::http::body::Body<$entry>,
            ) -> Result<crate::http::once::Answer<$entry>, crate::http::problem::Problem> {
                who.may(&self.0, aftercare_engine::definition::messages::Permission::$write)?;
                let request = once.request(&who.caller, &body.hash);
                super::add::add(&self.0, &who, body, request).await
            }

            /// Replaces an entry; `version` is the one you saw
            #[oai(path = $item, method = "put")]
            async fn change(
                &self,
                who: crate::http::signed_in::SignedIn,
                key: poem_openapi::param::Path<String>,
                #[oai(name = "Idempotency-Key")] once: crate::http::idempotency_key::IdempotencyKey,
                body: crate::http::body::Body<$entry>,
            ) -> Result<crate::http::once::Answer<$entry>, crate::http::problem::Problem> {
                who.may(&self.0, aftercare_engine::definition::messages::Permission::$write)?;
                let request = once.request(&who.caller, &body.hash);
                super::change::change(&self.0, &who, key.0, body, request).await
            }

            /// Takes out an entry that nothing refers to
            #[oai(path = $item, method = "delete")]
            async fn remove(
                &self,
                who: crate::http::signed_in::SignedIn,
                key: poem_openapi::param::Path<String>,
                /// The version you saw
                version: poem_openapi::param::Query<i64>,
                #[oai(name = "Idempotency-Key")] once: crate::http::idempotency_key::IdempotencyKey,
            ) -> Result<crate::http::once::Answer<serde_json::Value>, crate::http::problem::Problem> {
                who.may(&self.0, aftercare_engine::definition::messages::Permission::$write)?;
                let request = once.request(&who.caller, &version.0.to_string());
                super::remove::remove::<$entry>(&self.0, &who, key.0, version.0, request).await
            }
        }
    };
}

pub(super) use register;

//! Deployed bundles: each file's text once, under its hash.
//!
//! If we die while deploying, the old bundle stays in service.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::{Store, StoreError, chain, setting};
use crate::entity::{blob, bundle, bundle_file};

/// Setting that names the bundle in service.
const CURRENT: &str = "bundle";
/// Setting that says who put it there.
const PUT_BY: &str = "bundle_put_by";

impl Store {
    /// Hash of the bundle in service.
    pub async fn current_bundle(&self) -> Result<Option<String>, StoreError> {
        self.setting(CURRENT).await
    }

    /// All that have been in service, newest first.
    pub async fn bundles(&self) -> Result<Vec<bundle::Model>, StoreError> {
        let all = bundle::Entity::find().order_by_desc(bundle::Column::DeployedAt);
        Ok(all.all(&self.readers).await?)
    }

    /// Who put the bundle in service there.
    pub async fn bundle_put_by(&self) -> Result<Option<String>, StoreError> {
        self.setting(PUT_BY).await
    }

    /// The files of a bundle, in the order of their paths.
    pub async fn bundle_files(&self, hash: &str) -> Result<Vec<(String, String)>, StoreError> {
        let files = bundle_file::Entity::find()
            .filter(bundle_file::Column::Bundle.eq(hash))
            .order_by_asc(bundle_file::Column::Path)
            .all(&self.readers)
            .await?;
        let hashes: Vec<&str> = files.iter().map(|file| file.blob.as_str()).collect();
        let mut texts = BTreeMap::new();
        for some in hashes.chunks(500) {
            let blobs = blob::Entity::find().filter(blob::Column::Hash.is_in(some.to_vec()));
            texts.extend(blobs.all(&self.readers).await?.into_iter().map(|blob| (blob.hash, blob.body)));
        }
        files
            .into_iter()
            .map(|file| {
                let text = texts.get(&file.blob).cloned();
                text.map(|text| (file.path, text)).ok_or_else(|| {
                    StoreError::corrupt("bundle", format!("a text of bundle {hash} is missing"))
                })
            })
            .collect()
    }

    /// Keeps a bundle and puts it into service.
    pub async fn deploy_bundle(
        &self,
        hash: &str,
        files: Vec<(String, String)>,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (hash, by) = (hash.to_owned(), by.to_owned());
        self.write(move |tx| Box::pin(async move { put(tx, &hash, files, &by, at).await })).await
    }
}

/// Keeps a bundle and names it as the one in service.
pub async fn put(
    tx: &DatabaseTransaction,
    hash: &str,
    files: Vec<(String, String)>,
    by: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let new = bundle::ActiveModel {
        hash: Set(hash.to_owned()),
        deployed_at: Set(at),
        deployed_by: Set(by.to_owned()),
        label: Set(None),
    };
    let known = OnConflict::column(bundle::Column::Hash).do_nothing().to_owned();
    bundle::Entity::insert(new).on_conflict(known).exec_without_returning(tx).await?;
    let mut rows = Vec::with_capacity(files.len());
    for (path, text) in files {
        let blob = chain::hash(&text);
        let known = OnConflict::column(blob::Column::Hash).do_nothing().to_owned();
        let new = blob::ActiveModel { hash: Set(blob.clone()), body: Set(text) };
        blob::Entity::insert(new).on_conflict(known).exec_without_returning(tx).await?;
        rows.push(bundle_file::ActiveModel {
            bundle: Set(hash.to_owned()),
            path: Set(path),
            blob: Set(blob),
        });
    }
    let known =
        OnConflict::columns([bundle_file::Column::Bundle, bundle_file::Column::Path]).do_nothing().to_owned();
    for some in rows.chunks(200) {
        let insert = bundle_file::Entity::insert_many(some.to_vec()).on_conflict(known.clone());
        insert.exec_without_returning(tx).await?;
    }
    setting::set(tx, PUT_BY, by).await?;
    setting::set(tx, CURRENT, hash).await
}

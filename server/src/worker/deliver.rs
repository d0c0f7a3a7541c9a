//! Delivers what the outbox holds: claims, sends, notes. One slow gateway never holds up another.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{IDLE, TROUBLE, backoff, rest, token};
use crate::app::App;
use crate::entity::outbox;
use crate::gateway::{Failure, Gateways, Parcel};
use crate::store::StoreError;
use crate::store::outbox::Delivered;

/// Deliveries in hand at the same time.
const IN_HAND: usize = 32;
/// How long it lets parcels gather after it has taken all there were: steps share the writer with its notes.
const GATHER: Duration = Duration::from_millis(50);
/// Tries after which a parcel is dead.
const TRIES: i64 = 14;

/// Delivers with certain gateways.
#[derive(Clone)]
pub struct Courier {
    app: App,
    gateways: Arc<Gateways>,
}

/// What one round has claimed.
struct Claimed {
    claim: String,
    /// For the gateways, each to be noted by itself.
    rows: Vec<outbox::Model>,
    /// How many have stayed with us.
    kept: u64,
}

pub(super) async fn run(app: App, gateways: Arc<Gateways>, stop: CancellationToken) {
    let courier = Courier::new(app, gateways);
    let mut in_hand = JoinSet::new();
    while !stop.is_cancelled() {
        while in_hand.try_join_next().is_some() {}
        let most = IN_HAND - in_hand.len().min(IN_HAND);
        let pause = match courier.claim(most).await {
            Ok(Claimed { rows, kept: 0, .. }) if rows.is_empty() => IDLE,
            Ok(Claimed { claim, rows, .. }) => {
                let is_all = rows.len() < most;
                for row in rows {
                    let (courier, claim) = (courier.clone(), claim.clone());
                    in_hand.spawn(async move { courier.deliver(row, &claim).await });
                }
                if is_all { GATHER } else { continue }
            }
            Err(error) => {
                tracing::warn!(%error, "the outbox cannot be read");
                TROUBLE
            }
        };
        if rest(&stop, pause).await {
            break;
        }
    }
    in_hand.join_all().await;
}

impl Courier {
    pub fn new(app: App, gateways: Arc<Gateways>) -> Self {
        Self { app, gateways }
    }

    /// Notes what no gateway takes, then claims what is due, after giving up claims that have run out.
    async fn claim(&self, most: usize) -> Result<Claimed, StoreError> {
        let store = &self.app.store;
        let (now, claim) = (self.app.clock.now(), token());
        let mut kept = 0;
        if most > 0 && store.has_outbox_work(now).await? {
            kept = store.keep_outbox(self.gateways.kept(), now).await?;
        }
        if most == 0 || !store.has_outbox_work(now).await? {
            return Ok(Claimed { claim, rows: Vec::new(), kept });
        }
        store.expire_outbox(now, Gateways::repeatable()).await?;
        let rows = store.claim_outbox(&claim, now, u64::try_from(most).unwrap_or(1)).await?;
        Ok(Claimed { claim, rows, kept })
    }

    /// Delivers all that is due now, one round after the other; for commands and tests.
    pub async fn deliver_due(&self) -> Result<usize, StoreError> {
        let mut count = 0;
        loop {
            let Claimed { claim, rows, kept } = self.claim(IN_HAND).await?;
            if rows.is_empty() && kept == 0 {
                return Ok(count);
            }
            count += rows.len() + usize::try_from(kept).unwrap_or_default();
            for row in rows {
                self.deliver(row, &claim).await;
            }
        }
    }

    /// One try.
    pub async fn deliver(&self, row: outbox::Model, claim: &str) {
        let parcel = Parcel {
            id: row.effect.clone(),
            channel: row.channel.clone(),
            to: row.recipient.clone(),
            to_name: row.recipient_name.clone(),
            subject: row.subject.clone().unwrap_or_default(),
            body: row.body.clone(),
            at: row.created_at,
        };
        let result = self.gateways.deliver(&parcel).await;
        let now = self.app.clock.now();
        let delivered = match result {
            Ok(reference) => Delivered::Sent(reference),
            Err(Failure::Again { error, after }) if row.attempt < TRIES => {
                let after = after.and_then(|after| TimeDelta::from_std(after).ok());
                let wait = backoff::wait(row.attempt, backoff::chance());
                Delivered::Again { at: now + after.map_or(wait, |after| after.max(wait)), error }
            }
            Err(Failure::Uncertain(error))
                if row.attempt < TRIES && Gateways::repeatable().contains(&row.channel.as_str()) =>
            {
                Delivered::Again { at: now + backoff::wait(row.attempt, backoff::chance()), error }
            }
            Err(Failure::Uncertain(error)) => Delivered::Uncertain { error },
            Err(Failure::Again { error, .. } | Failure::Never(error)) => Delivered::Dead { error },
        };
        match self.note(&row, claim, delivered).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(effect = %row.effect, "a delivery came back after its claim had run out")
            }
            Err(error) => tracing::warn!(effect = %row.effect, %error, "a delivery could not be noted"),
        }
    }
    /// Notes what became of a try. What has left and is not noted leaves once more when the claim has run out: as long
    /// as it holds, a store that is out of reach is asked again.
    async fn note(&self, row: &outbox::Model, claim: &str, delivered: Delivered) -> Result<bool, StoreError> {
        loop {
            let now = self.app.clock.now();
            let is_held = row.lease_until.is_some_and(|until| now < until);
            match self.app.store.note_outbox(row, claim, delivered.clone(), now).await {
                Err(error) if is_held && error.is_passing() => tokio::time::sleep(IDLE).await,
                noted => return noted,
            }
        }
    }
}

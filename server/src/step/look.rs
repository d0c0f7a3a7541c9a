//! A ticket with its chart, configuration and facts, as one actor finds it now.

use std::sync::Arc;

use aftercare_engine::definition::process::Subject;
use aftercare_engine::facts::{Actor, Map};
use aftercare_engine::statechart::configuration::Stored;
use aftercare_engine::statechart::{Configuration, Statechart};
use aftercare_engine::step::Reason;

use super::Opening;
use crate::app::App;
use crate::catalog::Version;
use crate::entity;
use crate::facts::{Assembled, Moment, agency_code, assemble};
use crate::store::step::{Numbering, UNNAMED};
use crate::store::{Store, StoreError, chain};

/// Series of the tracking codes in the company file.
const SERIES: &str = "tracking_code";

/// Everything that deciding takes.
pub struct Look {
    /// The store as it was when this was looked up.
    pub store: Store,
    pub version: Arc<Version>,
    pub chart: Arc<Statechart>,
    pub configuration: Configuration,
    pub ticket: entity::ticket::Model,
    pub branch: Arc<entity::branch::Model>,
    pub assembled: Assembled,
    /// The form as it was sent.
    pub data: Map,
    /// The timer that brings the event.
    pub fired: Option<String>,
}

impl App {
    /// The ticket as this actor finds it; nothing when there is none.
    pub async fn look(&self, actor: Actor, code: &str, data: Map) -> Result<Option<Box<Look>>, StoreError> {
        match self.store.ticket(code).await? {
            Some(ticket) => Ok(Some(self.look_at(actor, ticket, data).await?)),
            None => Ok(None),
        }
    }

    /// A ticket that has just been read.
    pub async fn look_at(
        &self,
        actor: Actor,
        ticket: entity::ticket::Model,
        data: Map,
    ) -> Result<Box<Look>, StoreError> {
        let store = self.store.as_of_now().await?;
        let version = self.catalog.version(&ticket.bundle).await?;
        let chart = version.chart(&ticket.process).cloned();
        let chart =
            chart.ok_or_else(|| StoreError::corrupt("process", format!("`{}` is gone", ticket.process)))?;
        let stored: Stored = serde_json::from_str(&ticket.configuration)
            .map_err(|error| StoreError::corrupt("configuration", error))?;
        let configuration = Configuration::restore(&chart, &stored)
            .map_err(|error| StoreError::corrupt("configuration", error))?;
        let branch = store.branch(&ticket.branch).await?;
        let branch = branch.ok_or_else(|| StoreError::corrupt("branch", &ticket.branch))?;
        let moment = Moment {
            // History never runs backwards, whatever the machine's clock does.
            now: self.clock.now().max(ticket.updated_at),
            by: actor,
            data: data.clone(),
            version: &version,
            chart: &chart,
            ticket: &ticket,
            branch: &branch,
            home: &self.config.home(),
            opened_as: None,
        };
        let assembled = assemble(&store, moment).await?;
        let fired = None;
        Ok(Box::new(Look { store, version, chart, configuration, ticket, branch, assembled, data, fired }))
    }
}

/// A ticket that is about to be opened; or what is missing for that.
pub(super) async fn opening(
    app: &App,
    actor: &Actor,
    opening: &Opening,
) -> Result<Result<Box<Look>, Reason>, StoreError> {
    let version = app.catalog.current();
    let Some(chart) = version.chart(&opening.process).cloned() else {
        return Ok(Err(Reason::new("unknown_process").field("process")));
    };
    let store = app.store.as_of_now().await?;
    let Some(branch) = store.branch(&opening.branch).await? else {
        return Ok(Err(Reason::new("unknown_branch").field("branch")));
    };
    let mut ticket = blank(opening, &version, &branch, actor, app.clock.now());
    if let Some(missing) = subject(&store, opening, &chart, &mut ticket).await? {
        return Ok(Err(missing));
    }
    let moment = Moment {
        now: ticket.opened_at,
        by: actor.clone(),
        data: opening.data.clone(),
        version: &version,
        chart: &chart,
        ticket: &ticket,
        branch: &branch,
        home: &app.config.home(),
        opened_as: opening.parent.as_ref().map(|opener| opener.name.as_str()),
    };
    let assembled = assemble(&store, moment).await?;
    let (configuration, data, fired) = (Configuration::default(), opening.data.clone(), None);
    let look = Look { store, version, chart, configuration, ticket, branch, assembled, data, fired };
    Ok(Ok(Box::new(look)))
}

/// Fills in what the ticket is about.
async fn subject(
    store: &Store,
    opening: &Opening,
    chart: &Statechart,
    ticket: &mut entity::ticket::Model,
) -> Result<Option<Reason>, StoreError> {
    if let Some(serial) = &opening.device {
        let Some(subject) = store.subject(serial).await? else {
            return Ok(Some(Reason::new("unknown_device").field("device").with("serial", serial.as_str())));
        };
        ticket.product_category = subject.product.map(|product| product.category.clone());
        ticket.product = Some(subject.device.product);
        ticket.customer = opening.customer.clone().or(subject.device.owner);
        ticket.device = Some(subject.device.serial);
    } else if chart.subject == Some(Subject::Device) {
        return Ok(Some(Reason::new("device_is_looked_up").field("device")));
    }
    if let Some(code) = &mut ticket.customer {
        let Some(known) = store.customer(code).await? else {
            return Ok(Some(Reason::new("unknown_customer").field("customer").with("code", code.as_str())));
        };
        // Whoever has become part of another one asks as that one.
        *code = known.customer.merged_into.clone().unwrap_or_else(|| code.clone());
    }
    if let Some(code) = &ticket.agency
        && store.agency(code).await?.is_none()
    {
        return Ok(Some(Reason::new("unknown_agency").field("agency").with("code", code.as_str())));
    }
    let agency = agency_code(ticket, &opening.data, chart);
    if chart.subject == Some(Subject::Party) && ticket.customer.is_none() && agency.is_none() {
        return Ok(Some(Reason::new("party_is_looked_up").field("customer")));
    }
    Ok(None)
}

fn blank(
    opening: &Opening,
    version: &Version,
    branch: &entity::branch::Model,
    actor: &Actor,
    now: chrono::DateTime<chrono::Utc>,
) -> entity::ticket::Model {
    entity::ticket::Model {
        code: UNNAMED.into(),
        process: opening.process.clone(),
        bundle: version.hash().to_owned(),
        revision: 0,
        configuration: String::new(),
        fields: "{}".into(),
        decided: "{}".into(),
        timers: "{}".into(),
        states: String::new(),
        progress: None,
        category: None,
        finished: false,
        lines: 0,
        gross: 0,
        paid: 0,
        channel: opening.channel.clone(),
        shop: branch.shop.clone(),
        branch: branch.code.clone(),
        customer: opening.customer.clone(),
        device: None,
        product: None,
        product_category: None,
        technician: None,
        agency: opening.agency.clone(),
        partner: None,
        opened_at: now,
        opened_by: actor.name.clone(),
        due_at: None,
        closed_at: None,
        updated_at: now,
        head: chain::START.into(),
        parent: opening.parent.as_ref().map(|opener| opener.ticket.clone()),
        children: 0,
    }
}

impl Look {
    /// How the ticket gets its tracking code.
    pub(super) fn tracking_code(&self) -> Numbering {
        crate::effects::numbering(&self.version, &self.branch, SERIES, self.assembled.facts.now)
    }
}

//! From files to a bundle, stage by stage, collecting what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Bundle, LoadedProcess, hash};
use crate::company::Company;
use crate::compile::compile;
use crate::deadline::Calendar;
use crate::definition::books::{AccountsFile, VoucherTemplate};
use crate::definition::closing::ClosingFile;
use crate::definition::company::{CalendarFile, CompanyFile};
use crate::definition::export::ExportFile;
use crate::definition::fragments::Fragments;
use crate::definition::messages::{Messages, Reasons, Roles};
use crate::definition::node::Node;
use crate::definition::report::ReportFile;
use crate::definition::rule_tests::RuleTests;
use crate::definition::run::RunFile;
use crate::definition::scenario::{Given, Givens, Scenario, Scenarios};
use crate::definition::shape::{self, Parameters};
use crate::definition::{Process, Table, texts};
use crate::diagnostic::{Diagnostic, Place, SourceId, Sources, Sp};
use crate::export::Layout;
use crate::interface::Interface;
use crate::ledger::{Accounts, Template};
use crate::library::Library;
use crate::message::Templates;
use crate::report::Report;
use crate::rules::Rules;
use crate::run::{Closing, Run};
use crate::schema::{self, KINDS, Kind};

pub(super) fn bundle(files: Vec<(String, String)>, lenient: bool) -> (Bundle, Vec<Diagnostic>) {
    let mut reader = Reader { lenient, ..Reader::default() };
    for (path, text) in files {
        reader.sources.add(path, text);
    }
    reader.parse();
    reader.fragments();
    reader.library();
    reader.processes();
    reader.scenarios();
    reader.finish()
}

#[derive(Default)]
struct Reader {
    lenient: bool,
    sources: Sources,
    /// Files by the key of their kind, in the order of their paths.
    files: BTreeMap<&'static str, Vec<(SourceId, Node)>>,
    schemas: BTreeMap<&'static str, serde_json::Value>,
    fragments: Fragments,
    library: Library,
    processes: BTreeMap<String, LoadedProcess>,
    scenarios: Vec<Scenario>,
    givens: Table<Given>,
    rule_tests: Vec<RuleTests>,
    found: Vec<Diagnostic>,
}

impl Reader {
    fn parse(&mut self) {
        let mut parsed = Vec::new();
        for (source, path, text) in self.sources.iter() {
            if path.ends_with(".yaml") || path.ends_with(".yml") {
                parsed.push((source, Node::read(source, text)));
            }
        }
        for (source, result) in parsed {
            let node = match result {
                Ok(node) => node,
                Err(unreadable) => {
                    self.found.push(*unreadable);
                    continue;
                }
            };
            match schema::kind_of(&node) {
                Some(kind) => self.files.entry(kind.key).or_default().push((source, node)),
                None => self.found.push(unknown_kind(source, &node)),
            }
        }
    }

    /// Compares a file with the schema of its kind; true if it can be read further.
    fn fits(&mut self, kind: &'static str, node: &Node, parameters: Parameters) -> bool {
        let schema = self.schemas.entry(kind).or_insert_with(|| {
            KINDS.iter().find(|known| known.key == kind).map_or(serde_json::Value::Bool(true), Kind::schema)
        });
        let wrong = shape::compare(node, schema, parameters);
        let fits = wrong.is_empty();
        self.found.extend(wrong);
        fits
    }

    fn fragments(&mut self) {
        for (_, node) in self.files.remove("fragment").unwrap_or_default() {
            // A fragment with mistakes is still known: its users must not be told that there is none.
            self.fits("fragment", &node, Parameters::Open);
            self.found.extend(self.fragments.add(&node));
            let title = node.get("title").and_then(|title| title.to().ok());
            self.library.texts.extend(title.map(|title| texts::of_fragment(&title, node.place)));
        }
    }

    /// The typed files of a kind.
    fn typed<T: serde::de::DeserializeOwned>(&mut self, kind: &'static str) -> Vec<T> {
        let mut read = Vec::new();
        for (_, node) in self.files.remove(kind).unwrap_or_default() {
            if !self.fits(kind, &node, Parameters::None) {
                continue;
            }
            match node.to::<T>() {
                Ok(typed) => read.push(typed),
                Err(wrong) => self.found.push(*wrong),
            }
        }
        read
    }

    fn rules(&mut self) {
        let files: Vec<(SourceId, &str)> = self
            .sources
            .iter()
            .filter(|(_, path, _)| path.ends_with(".rhai"))
            .map(|(source, _, text)| (source, text))
            .collect();
        let (rules, wrong) = Rules::compile(&files, &self.sources);
        self.library.rules = rules;
        self.found.extend(wrong);
    }

    fn library(&mut self) {
        self.rules();
        let messages = self.typed::<Messages>("messages").into_iter().map(|file| file.messages).collect();
        let reasons = self.typed::<Reasons>("reasons").into_iter().map(|file| file.reasons).collect();
        let roles = self.typed::<Roles>("roles").into_iter().map(|file| file.roles).collect();
        self.books();
        self.library.messages = self.joined("message", messages);
        self.library.reasons = self.joined("reason", reasons);
        self.library.roles = self.joined("role", roles);
        let (templates, wrong) =
            Templates::compile(&self.library.messages, &self.library.reasons, self.library.zone());
        self.library.templates = templates;
        self.found.extend(wrong);
    }

    /// The company, its calendars and its accounts.
    fn books(&mut self) {
        for file in self.typed::<CompanyFile>("company") {
            if self.library.company.is_some() {
                self.found.push(Diagnostic::error("AC0004", file.company.place, "there are two companies"));
            }
            self.library.texts.push(texts::of_company(&file));
            let company = Company::compile(&file);
            self.library.company = self.kept(company).or(self.library.company.take());
        }
        for file in self.typed::<CalendarFile>("calendar") {
            self.library.texts.extend(texts::of_calendar(&file));
            let calendar = Calendar::compile(&file);
            if let Some(calendar) = self.kept(calendar) {
                let (name, place) = (file.calendar.value, file.calendar.place);
                if self.library.calendars.insert(name.clone(), Arc::new(calendar)).is_some() {
                    let message = format!("there are two calendars `{name}`");
                    self.found.push(Diagnostic::error("AC0004", place, message));
                }
            }
        }
        let charts = self.typed::<AccountsFile>("accounts").into_iter().map(|file| file.accounts).collect();
        let accounts = self.joined("account", charts);
        self.library.texts.extend(accounts.iter().map(|(code, account)| texts::of_account(code, account)));
        if !accounts.is_empty() {
            let accounts = Accounts::compile(&AccountsFile { accounts });
            self.library.accounts = self.kept(accounts).unwrap_or_default();
        }
        self.vouchers();
    }

    /// Voucher templates, against the accounts and the company's money. Without these nothing can be said.
    fn vouchers(&mut self) {
        let templates = self.typed::<VoucherTemplate>("voucher");
        self.library.texts.extend(templates.iter().flat_map(texts::of_voucher));
        let accounts = std::mem::take(&mut self.library.accounts);
        if let Some(company) = &self.library.company {
            let books = company.books(&accounts);
            for definition in &templates {
                let name = &definition.voucher;
                if let Some(first) = self.library.vouchers.get(&name.value) {
                    self.found.push(twice("voucher", name, first.place, &self.sources));
                    continue;
                }
                match Template::compile(definition, &books, &self.sources) {
                    Ok(template) => _ = self.library.vouchers.insert(name.value.clone(), Arc::new(template)),
                    Err(wrong) => self.found.extend(wrong),
                }
            }
        }
        self.library.accounts = accounts;
        self.exports();
        self.runs();
        self.closings();
    }

    /// Reports, against the processes and what the vouchers post.
    fn reports(&mut self, files: &[ReportFile], library: &Library) -> BTreeMap<String, Arc<Report>> {
        let mut reports: BTreeMap<String, Arc<Report>> = BTreeMap::new();
        for file in files {
            if let Some(first) = reports.get(&file.report.value) {
                self.found.push(twice("report", &file.report, first.place, &self.sources));
                continue;
            }
            let report = Report::compile(file, &self.processes, library);
            if let Some(report) = self.kept(report) {
                reports.insert(file.report.value.clone(), Arc::new(report));
            }
        }
        reports
    }

    fn exports(&mut self) {
        for file in self.typed::<ExportFile>("export") {
            self.library.texts.extend(texts::of_export(&file));
            if let Some(first) = self.library.exports.get(&file.export.value) {
                self.found.push(twice("export", &file.export, first.place, &self.sources));
                continue;
            }
            if let Some(layout) = self.kept(Layout::compile(&file)) {
                self.library.exports.insert(file.export.value, Arc::new(layout));
            }
        }
    }

    /// Runs, against everything else.
    fn runs(&mut self) {
        for file in self.typed::<RunFile>("run") {
            if let Some(first) = self.library.runs.get(&file.run.value) {
                self.found.push(twice("run", &file.run, first.place, &self.sources));
                continue;
            }
            let run = Run::compile(&file, &self.library);
            if let Some(run) = self.kept(run) {
                self.library.runs.insert(file.run.value, Arc::new(run));
            }
        }
    }

    /// Closings stand among the runs, so they share their names.
    fn closings(&mut self) {
        for file in self.typed::<ClosingFile>("closing") {
            let name = &file.closing;
            let run = self.library.runs.get(&name.value).map(|run| run.place);
            let first = run.or_else(|| Some(self.library.closings.get(&name.value)?.place));
            if let Some(first) = first {
                self.found.push(twice("run", name, first, &self.sources));
                continue;
            }
            let closing = Closing::compile(&file, &self.library.accounts, &self.sources);
            if let Some(closing) = self.kept(closing) {
                self.library.closings.insert(file.closing.value, Arc::new(closing));
            }
        }
    }

    /// What could be compiled; what could not is noted.
    fn kept<T>(&mut self, result: Result<T, Vec<Diagnostic>>) -> Option<T> {
        result.map_err(|wrong| self.found.extend(wrong)).ok()
    }

    /// One table out of those of several files; a name stands in one of them only.
    fn joined<T>(&mut self, what: &str, tables: Vec<Table<T>>) -> Table<T> {
        let mut joined: Vec<(Sp<String>, T)> = Vec::new();
        for (name, value) in tables.into_iter().flat_map(|table| table.0) {
            match joined.iter().find(|(known, _)| *known == name) {
                Some((known, _)) => self.found.push(twice(what, &name, known.place, &self.sources)),
                None => joined.push((name, value)),
            }
        }
        Table(joined)
    }

    fn processes(&mut self) {
        let fragment_files: BTreeMap<String, SourceId> =
            self.fragments.names().map(|name| (name.value.clone(), name.place.source)).collect();
        let mut used = BTreeSet::new();
        for (source, node) in self.files.remove("process").unwrap_or_default() {
            let merged = self.fragments.merge(node);
            let complete = merged.found.is_empty();
            self.found.extend(merged.found);
            let of_process = merged.used.iter().filter_map(|name| fragment_files.get(name).copied());
            let parts: BTreeSet<SourceId> = of_process.chain([source]).collect();
            used.extend(merged.used);
            if !(self.fits("process", &merged.node, Parameters::None) && complete) {
                continue;
            }
            match merged.node.to::<Process>() {
                Ok(definition) => self.process(source, definition, &parts),
                Err(wrong) => self.found.push(*wrong),
            }
        }
        for name in self.fragments.names().filter(|name| !used.contains(&name.value)) {
            self.found.push(
                Diagnostic::warning(
                    "AC0006",
                    name.place,
                    format!("no process uses the fragment `{}`", name.value),
                )
                .label("used nowhere"),
            );
        }
    }

    fn scenarios(&mut self) {
        self.scenarios = self.typed::<Scenario>("scenario");
        let several = self.typed::<Scenarios>("scenarios");
        self.scenarios.extend(several.into_iter().flat_map(|file| file.scenarios));
        self.scenarios.sort_by_key(|scenario| scenario.scenario.place);
        self.rule_tests = self.typed::<RuleTests>("rule_tests");
        let givens = self.typed::<Givens>("givens").into_iter().map(|file| file.givens).collect();
        self.givens = self.joined("given", givens);
    }

    fn process(&mut self, source: SourceId, definition: Process, parts: &BTreeSet<SourceId>) {
        let path = self.sources.path(source);
        let stem = path.rsplit('/').next().unwrap_or(path);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_owned();
        let name = definition.process.clone().unwrap_or_else(|| Sp::new(stem.clone(), start_of(source)));
        if definition.process.is_none() && !self.lenient {
            self.found.push(
                Diagnostic::error("AC0012", name.place, "the key `process` is missing")
                    .help(format!("begin the file with `process: {stem}`")),
            );
        }
        if name.value != stem && !self.lenient {
            self.found.push(
                Diagnostic::warning(
                    "AC0005",
                    name.place,
                    format!("process `{}` stands in another file", name.value),
                )
                .help(format!("call the file `{}.yaml`", name.value)),
            );
        }
        if let Some(first) = self.processes.get(&name.value) {
            let known = start_of(first.source);
            self.found.push(twice("process", &name, known, &self.sources));
            return;
        }
        let hash = hash::of(parts.iter().map(|id| (self.sources.path(*id), self.sources.text(*id))));
        let definition = Arc::new(definition);
        self.processes.insert(name.value, LoadedProcess { source, definition, chart: None, hash });
    }

    fn finish(mut self) -> (Bundle, Vec<Diagnostic>) {
        let seen =
            self.processes.iter().map(|(name, process)| (name.clone(), Interface::of(&process.definition)));
        self.library.interfaces = seen.collect();
        let reports = self.typed::<ReportFile>("report");
        self.library.texts.extend(reports.iter().flat_map(texts::of_report));
        let library = Arc::new(std::mem::take(&mut self.library));
        for process in self.processes.values_mut() {
            let (chart, found) = compile(&process.definition, &library, &self.sources, self.lenient);
            process.chart = chart.map(Arc::new);
            self.found.extend(found);
        }
        let reports = self.reports(&reports, &library);
        let hash = hash::of(self.sources.iter().map(|(_, path, text)| (path, text)));
        in_order(&mut self.found);
        let bundle = Bundle {
            sources: self.sources,
            library,
            reports,
            processes: self.processes,
            scenarios: self.scenarios,
            givens: self.givens,
            rule_tests: self.rule_tests,
            hash,
        };
        (bundle, self.found)
    }
}

/// By file and line, and each finding once: a fragment's mistake shows in every process that uses it.
pub(crate) fn in_order(found: &mut Vec<Diagnostic>) {
    found.sort_by(|a, b| (a.place, a.code, &a.message).cmp(&(b.place, b.code, &b.message)));
    found.dedup();
}

fn start_of(source: SourceId) -> Place {
    Place { source, line: 1, column: 1, start: 0, len: 1 }
}

fn twice(what: &str, name: &Sp<String>, first: Place, sources: &Sources) -> Diagnostic {
    Diagnostic::error("AC0004", name.place, format!("there are two {what}s `{}`", name.value))
        .label("the second one")
        .help(format!("the first one is at {}:{}", sources.path(first.source), first.line))
}

fn unknown_kind(source: SourceId, node: &Node) -> Diagnostic {
    let known = KINDS.iter().map(|kind| kind.key);
    let place = node.entries().first().map_or(start_of(source), |(key, _)| key.place);
    let first = node.entries().first().map_or("", |(key, _)| key.value.as_str());
    Diagnostic::error("AC0003", place, "the file is of no known kind")
        .label("no key here tells what it is")
        .nearest("top key", first, known)
}

// What could not be sent because there was no network: steps, pictures and notes are shown where they are waiting, and
// sent again under their own keys, so that each is done once. One that is refused meanwhile stays until its author has
// seen why.

const STEPS = "steps";
const PAUSE = 3000;
/** A line may be open and dead: then the next try is as good as this one. */
const LONGEST = 120000;
const box = document.querySelector("#queue");
const own = document.body.dataset.user;

async function kept() {
  const cache = await caches.open(STEPS);
  const keys = (await cache.keys()).filter((key) => new URL(key.url).pathname.startsWith("/kept/"));
  const all = await Promise.all(keys.map(async (key) => ({ key, ...(await (await cache.match(key)).json()) })));
  return all.filter((one) => !one.by || one.by === own).sort((one, other) => one.at - other.at);
}

async function put(one, changes) {
  const { key, ...rest } = { ...one, ...changes };
  await (await caches.open(STEPS)).put(key, new Response(JSON.stringify(rest)));
}

const bodyOf = (one) => one.key.url.replace("/kept/", "/body/");

async function drop(one) {
  const cache = await caches.open(STEPS);
  await cache.delete(one.key);
  await cache.delete(bodyOf(one));
}

/** The form as it was filled, with the token of the session that is now. */
async function typed(one) {
  const body = await (await caches.open(STEPS)).match(bodyOf(one));
  const fields = await body.formData();
  const token = document.querySelector("[name=csrf]")?.value;
  if (token) fields.set("csrf", token);
  return fields;
}

const hasFile = (fields) => [...fields.values()].some((value) => value instanceof File);
const asSent = (fields) => (hasFile(fields) ? fields : new URLSearchParams([...fields]));

/** What the server will say again however often it is asked; to sign in, to wait and to come back later are not. */
const isFinal = (status) => status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status);

/** True: it is done, or will never be done as it is. */
async function send(one) {
  const body = asSent(await typed(one));
  const answer = await fetch(one.url, { method: "POST", body, signal: AbortSignal.timeout(LONGEST) });
  if (answer.redirected && new URL(answer.url).pathname !== "/sign-in") {
    await drop(one);
    return true;
  }
  if (isFinal(answer.status)) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const why = [...page.querySelectorAll("#refusal li, .lone p:not([aria-hidden])")].map((line) => line.textContent.trim());
    await put(one, { why: why.filter(Boolean).slice(0, 4) });
    return true;
  }
  return false;
}

async function line(one) {
  const item = document.createElement("li");
  const title = document.querySelector(`form[action="${one.url}"] button`)?.textContent.trim();
  const text = document.createElement("p");
  const code = document.createElement("bdi");
  code.textContent = decodeURIComponent(one.url.split("/")[2]);
  text.append(code, title ? ` · ${title}` : "", " – ", one.why ? box.dataset.refused : box.dataset.waits);
  item.append(text);
  if (one.why) {
    const why = document.createElement("p");
    why.textContent = one.why.join(" ");
    // The same form once more, so that its page comes back with all that was typed and the reasons beside it.
    const form = document.createElement("form");
    form.method = "post";
    form.action = one.url;
    const fields = await typed(one);
    if (hasFile(fields)) form.enctype = "multipart/form-data";
    for (const [name, value] of fields) form.append(field(name, value));
    const button = document.createElement("button");
    button.textContent = box.dataset.open;
    form.append(button);
    form.addEventListener("submit", () => drop(one));
    item.append(why, form);
  }
  return item;
}

function field(name, value) {
  const input = document.createElement("input");
  if (value instanceof File) {
    const files = new DataTransfer();
    files.items.add(value);
    Object.assign(input, { type: "file", hidden: true, name, files: files.files });
  } else Object.assign(input, { type: "hidden", name, value });
  return input;
}

async function show() {
  const all = await kept();
  box.hidden = all.length === 0;
  box.querySelector("ul").replaceChildren(...(await Promise.all(all.map(line))));
  for (const form of document.querySelectorAll("form[action*='/steps/']")) {
    const isWaiting = all.some((one) => !one.why && one.url.includes("/steps/") && one.url.split("/")[2] === new URL(form.action).pathname.split("/")[2]);
    for (const button of form.querySelectorAll("button")) button.disabled = isWaiting;
  }
  return all;
}

let isBusy = false;
async function go() {
  if (isBusy) return;
  isBusy = true;
  let isChanged = false;
  try {
    for (const one of (await kept()).filter((one) => !one.why)) {
      if (!one.by) await put(one, { by: own });
      isChanged = (await send(one)) || isChanged;
    }
  } catch {
    // Still no network.
  } finally {
    isBusy = false;
  }
  if (isChanged && !(await kept()).some((one) => one.why)) location.reload();
  else await show();
}

/** A page that was kept says so. Its keys were for one use, and it may be opened many times. */
function tellOld() {
  const since = document.body.dataset.kept;
  if (since === undefined) return;
  for (const once of document.querySelectorAll("[name=once]")) once.value = crypto.randomUUID();
  const text = document.createElement("p");
  text.className = "notice warn";
  text.setAttribute("role", "status");
  const when = since ? new Date(since).toLocaleString(document.documentElement.lang) : "";
  text.textContent = [document.body.dataset.old, when].join(" ");
  box.after(text);
}

if (box && own && "caches" in window && document.querySelector('.nav a[href="/my-day"]')) {
  navigator.serviceWorker?.register("/worker.js").then(async () => {
    const worker = (await navigator.serviceWorker.ready).active;
    const files = performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname);
    const pages = [...document.querySelectorAll('.job h2 a[href^="/tickets/"]')].map((link) => link.pathname);
    const isDay = location.pathname === "/my-day" && document.body.dataset.kept === undefined;
    const day = isDay ? [location.pathname, ...new Set(pages)] : [];
    const all = [...day, ...[...document.querySelectorAll('main a[href^="/tickets/"]')].map((link) => link.pathname)];
    worker.postMessage({ keep: [...files.filter((path) => path.startsWith("/assets/")), ...day], day: isDay && all });
    document.documentElement.dataset.worker = navigator.serviceWorker.controller ? "yes" : "soon";
  });
  navigator.serviceWorker?.addEventListener("controllerchange", () => (document.documentElement.dataset.worker = "yes"));
  const asked = document.querySelector(location.hash || "#none");
  if (asked?.matches("details")) asked.open = true;
  tellOld();
  show().then((all) => {
    if (all.length === 0) return;
    // What waits is not to be cleared away because the telephone is full.
    navigator.storage?.persist?.();
    go();
  });
  window.addEventListener("online", go);
  setInterval(async () => (await kept()).some((one) => !one.why) && go(), PAUSE);
}

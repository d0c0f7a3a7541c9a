// Steps that could not be sent because there was no network: shown where they are waiting, sent again under their
// own keys, so that each is taken once. One that is refused meanwhile stays until its author has seen why.

const STEPS = "steps";
const PAUSE = 3000;
const box = document.querySelector("#queue");
const own = document.body.dataset.user;

async function kept() {
  const cache = await caches.open(STEPS);
  const all = await Promise.all(
    (await cache.keys()).map(async (key) => ({ key, ...(await (await cache.match(key)).json()) })),
  );
  return all.filter((one) => !one.by || one.by === own).sort((one, other) => one.at - other.at);
}

async function put(one, changes) {
  const { key, ...rest } = { ...one, ...changes };
  await (await caches.open(STEPS)).put(key, new Response(JSON.stringify(rest)));
}

const drop = async (one) => (await caches.open(STEPS)).delete(one.key);

/** The form as it was filled, with the token of the session that is now. */
function typed(one) {
  const fields = new URLSearchParams(one.body);
  const token = document.querySelector("[name=csrf]")?.value;
  if (token) fields.set("csrf", token);
  return fields;
}

/** What the server will say again however often it is asked; to sign in, to wait and to come back later are not. */
const isFinal = (status) => status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status);

/** True: it is done, or will never be done as it is. */
async function send(one) {
  const answer = await fetch(one.url, { method: "POST", body: typed(one) });
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

function line(one) {
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
    for (const [name, value] of typed(one)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    const button = document.createElement("button");
    button.textContent = box.dataset.open;
    form.append(button);
    form.addEventListener("submit", () => drop(one));
    item.append(why, form);
  }
  return item;
}

async function show() {
  const all = await kept();
  box.hidden = all.length === 0;
  box.querySelector("ul").replaceChildren(...all.map(line));
  for (const form of document.querySelectorAll("form[action*='/steps/']")) {
    const isWaiting = all.some((one) => !one.why && one.url.split("/")[2] === new URL(form.action).pathname.split("/")[2]);
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

if (box && own && "caches" in window && document.querySelector('.nav a[href="/my-day"]')) {
  navigator.serviceWorker?.register("/worker.js").then(async () => {
    const worker = (await navigator.serviceWorker.ready).active;
    const files = performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname);
    const pages = [...document.querySelectorAll('.job h2 a[href^="/tickets/"]')].map((link) => link.pathname);
    const here = location.pathname === "/my-day" ? [location.pathname] : [];
    worker.postMessage({ keep: [...files.filter((path) => path.startsWith("/assets/")), ...here, ...new Set(pages)] });
    document.documentElement.dataset.worker = navigator.serviceWorker.controller ? "yes" : "soon";
  });
  navigator.serviceWorker?.addEventListener("controllerchange", () => (document.documentElement.dataset.worker = "yes"));
  const asked = document.querySelector(location.hash || "#none");
  if (asked?.matches("details")) asked.open = true;
  show().then((all) => all.length && go());
  window.addEventListener("online", go);
  setInterval(async () => (await kept()).some((one) => !one.why) && go(), PAUSE);
}

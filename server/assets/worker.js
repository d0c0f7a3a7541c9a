// For a bad network: keeps the pages of somebody's day so that they open without one, and every step, picture and note
// that could not be sent. It decides nothing: what is kept is sent again by the page (queue.js), under the key that it
// had.

const PAGES = "pages";
const FILES = "files";
const STEPS = "steps";

/** How long a page that is kept waits for a newer one, and a deed for its answer: a line may be open and dead. */
const PATIENCE = 6000;
const ANSWER = 30000;
/** Bytes a millisecond of the slowest line on which a picture still gets through. */
const SLOWEST = 20;

const isFile = (url) => url.pathname.startsWith("/assets/");
const isPage = (url) => url.pathname === "/my-day" || /^\/tickets\/[^/]+$/.test(url.pathname);
const isDeed = (url) => /^\/tickets\/[^/]+\/(steps\/[^/]+|files|notes|tasks)$/.test(url.pathname);
const late = (time) => new Promise((_, give) => setTimeout(() => give(new Error("late")), time));

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep: addresses = [], day } = event.data;
  event.waitUntil(Promise.allSettled([...addresses.map(fetchAndKeep), day && forgetBut(day)]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const isGoing = request.mode === "navigate";
  if (request.method === "GET" && isFile(url)) event.respondWith(file(request));
  else if (request.method === "GET" && isGoing && isPage(url)) event.respondWith(page(request));
  else if (request.method === "POST" && isGoing && isDeed(url)) event.respondWith(deed(request));
  else if (url.pathname === "/sign-out") event.waitUntil(caches.delete(PAGES));
});

const copyOf = (url) => caches.match(url.pathname, { cacheName: isFile(url) ? FILES : PAGES });

async function fetchAndKeep(address) {
  const url = new URL(address, self.location.origin);
  if (isFile(url) && (await copyOf(url))) return;
  const signal = AbortSignal.timeout(ANSWER);
  await keep(address, await fetch(address, { headers: { Accept: "text/html" }, signal }));
}

async function keep(address, answer) {
  if (!answer.ok || answer.redirected) return;
  const url = new URL(address, self.location.origin);
  const cache = await caches.open(isFile(url) ? FILES : PAGES);
  await cache.put(url.pathname, answer.clone());
}

/** Pages of what is no longer in hand hold names and addresses: they do not stay on the telephone. */
async function forgetBut(day) {
  const cache = await caches.open(PAGES);
  for (const key of await cache.keys()) if (!day.includes(new URL(key.url).pathname)) await cache.delete(key);
}

/** A file never changes under its address: the copy that is kept is as good as a new one. */
async function file(request) {
  const kept = await copyOf(new URL(request.url));
  if (kept) return kept;
  const answer = await fetch(request);
  await keep(request.url, answer);
  return answer;
}

/** A line that is dead is given up, so that the next try begins anew and does not wait for this one. */
async function page(request) {
  const kept = await copyOf(new URL(request.url));
  const patience = kept ? { signal: AbortSignal.timeout(PATIENCE) } : {};
  try {
    const answer = await fetch(new Request(request, { ...patience, cache: "no-store" }));
    await keep(request.url, answer);
    return answer;
  } catch {
    return kept ? old(kept) : Response.error();
  }
}

/** A page that was kept says since when. */
async function old(kept) {
  const html = (await kept.text()).replace("<body", `<body data-kept="${kept.headers.get("Date") ?? ""}"`);
  return new Response(html, { headers: kept.headers });
}

async function deed(request) {
  const url = new URL(request.url);
  const body = await request.clone().blob();
  const type = request.headers.get("Content-Type") ?? "application/x-www-form-urlencoded";
  const sent = fetch(request);
  sent.catch(() => {});
  try {
    return await Promise.race([sent, late(ANSWER + body.size / SLOWEST)]);
  } catch {
    const whole = () => new Response(body, { headers: { "Content-Type": type } });
    const typed = await whole().formData();
    const cache = await caches.open(STEPS);
    // What was done comes first: a note of something that is not there would be of no use.
    await cache.put(`/body/${typed.get("once")}`, whole());
    await cache.put(`/kept/${typed.get("once")}`, new Response(JSON.stringify({ url: url.pathname, at: Date.now() })));
    const back = typed.get("back") ?? url.pathname.split("/").slice(0, 3).join("/");
    return Response.redirect(new URL(back, self.location.origin), 303);
  }
}

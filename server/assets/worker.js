// For a bad network: keeps the pages of somebody's day so that they open without one, and every step that could not
// be sent. It decides nothing: what is kept is sent again by the page (queue.js), under the key that it had.

const PAGES = "pages";
const FILES = "files";
const STEPS = "steps";

const isFile = (url) => url.pathname.startsWith("/assets/");
const isPage = (url) => url.pathname === "/my-day" || /^\/tickets\/[^/]+$/.test(url.pathname);
const isStep = (url) => /^\/tickets\/[^/]+\/steps\/[^/]+$/.test(url.pathname);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const addresses = event.data.keep ?? [];
  event.waitUntil(Promise.allSettled(addresses.map(fetchAndKeep)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const isGoing = request.mode === "navigate";
  if (request.method === "GET" && isFile(url)) event.respondWith(file(request));
  else if (request.method === "GET" && isGoing && isPage(url)) event.respondWith(page(request));
  else if (request.method === "POST" && isGoing && isStep(url)) event.respondWith(step(request));
  else if (url.pathname === "/sign-out") event.waitUntil(caches.delete(PAGES));
});

async function fetchAndKeep(address) {
  await keep(address, await fetch(address, { headers: { Accept: "text/html" } }));
}

async function keep(address, answer) {
  if (!answer.ok || answer.redirected) return;
  const url = new URL(address, self.location.origin);
  const cache = await caches.open(isFile(url) ? FILES : PAGES);
  await cache.put(url.pathname, answer.clone());
}

/** A file never changes under its address: an old copy is as good as a new one, and a new one is kept. */
async function file(request) {
  const kept = await caches.match(new URL(request.url).pathname, { cacheName: FILES });
  const fresh = fetch(request).then(async (answer) => {
    await keep(request.url, answer);
    return answer;
  });
  if (!kept) return fresh;
  fresh.catch(() => {});
  return kept;
}

async function page(request) {
  try {
    const answer = await fetch(request);
    await keep(request.url, answer);
    return answer;
  } catch {
    return (await caches.match(new URL(request.url).pathname, { cacheName: PAGES })) ?? Response.error();
  }
}

async function step(request) {
  const url = new URL(request.url);
  const body = await request.clone().text();
  try {
    return await fetch(request);
  } catch {
    const typed = new URLSearchParams(body);
    const cache = await caches.open(STEPS);
    const kept = { url: url.pathname, body, at: Date.now() };
    await cache.put(`/kept/${typed.get("once")}`, new Response(JSON.stringify(kept)));
    const back = typed.get("back") ?? url.pathname.replace(/\/steps\/.*/, "");
    return Response.redirect(new URL(back, self.location.origin), 303);
  }
}

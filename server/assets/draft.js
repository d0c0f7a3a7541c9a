// What is typed into a form is kept in the browser until the form has been sent, so that a closed tab, a lost
// connection or somebody else's quicker step costs nothing. A draft is its writer's, about one ticket or device; what
// comes back says so, and signing out takes all drafts with it.

const KEPT_DAYS = 14;
const PICTURES = "drafts";
const name = (form) => `draft:${document.body.dataset.user ?? ""}/${form.dataset.draft}`;

function fields(form) {
  return [...form.elements].filter((field) => field.name.startsWith("f:") && field.type !== "file");
}

/** Pictures are too large for where the words are kept. */
const isPicture = (field) => field.type === "hidden" && "caches" in window && field.closest("[data-sign], [data-shoot]");
const place = (form, field) => `/draft/${encodeURIComponent(name(form))}/${encodeURIComponent(field.name)}`;

async function keepPicture(form, field) {
  const cache = await caches.open(PICTURES);
  if (field.value) await cache.put(place(form, field), new Response(field.value));
  else await cache.delete(place(form, field));
}

async function restorePicture(form, field) {
  await isReady;
  const kept = await (await caches.open(PICTURES)).match(place(form, field));
  if (!kept || field.value) return;
  field.value = await kept.text();
  field.dispatchEvent(new Event("restored"));
}

async function forgetPictures(draft) {
  if (!("caches" in window)) return;
  const cache = await caches.open(PICTURES);
  const own = draft ? `/draft/${encodeURIComponent(draft)}/` : "/draft/";
  for (const key of await cache.keys()) if (new URL(key.url).pathname.startsWith(own)) await cache.delete(key);
}

function keep(form) {
  const typed = {};
  for (const field of fields(form)) {
    if (isPicture(field)) {
      if (field.value) typed[field.name] = "";
    } else if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) typed[`${field.name}=${field.value}`] = true;
    } else if (field.value) typed[field.name] = field.value;
  }
  try {
    if (Object.keys(typed).length) localStorage.setItem(name(form), JSON.stringify({ at: Date.now(), typed }));
    else localStorage.removeItem(name(form));
  } catch {
    // A browser that keeps nothing keeps no drafts either.
  }
}

function restore(form) {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(name(form)));
  } catch {
    return;
  }
  if (!kept || Date.now() - kept.at > KEPT_DAYS * 86400000) return;
  let restored = false;
  for (const field of fields(form)) {
    if (isPicture(field)) {
      restorePicture(form, field);
      restored ||= field.name in kept.typed;
    } else if (field.type === "checkbox" || field.type === "radio") {
      if (!kept.typed[`${field.name}=${field.value}`] || field.checked) continue;
      field.checked = restored = true;
    } else if (!field.value && kept.typed[field.name]) {
      field.value = kept.typed[field.name];
      field.dispatchEvent(new Event("restored"));
      restored = true;
    }
  }
  if (restored) tell(form);
}

function tell(form) {
  const line = document.createElement("p");
  line.className = "field-help";
  line.setAttribute("role", "status");
  line.textContent = document.body.dataset.restored ?? "";
  form.prepend(line);
}

async function forgetOne(draft) {
  localStorage.removeItem(draft);
  await forgetPictures(draft);
}

function forget() {
  const drafts = Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
  for (const key of drafts) localStorage.removeItem(key);
  forgetPictures();
}

// The form came back if it was refused; otherwise its draft has done its work.
const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
const isRefused = document.querySelector("#refusal, .notice.bad");
const isReady = sent && !isRefused ? forgetOne(sent) : undefined;
if (sent && isRefused) document.querySelector("#refusal")?.focus();

for (const form of document.querySelectorAll("form[data-draft]")) {
  restore(form);
  form.addEventListener("submit", () => sessionStorage.setItem("sent", name(form)));
}
document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", forget);
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.draft) return;
  keep(form);
  if (isPicture(event.target)) keepPicture(form, event.target);
});

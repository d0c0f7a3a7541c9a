// Live pages: when the server says that something has changed, the page is asked for anew and the parts that differ
// are put in. A part in which somebody is typing stays as it is; a line at the foot offers to show the change.

const root = document.querySelector("[data-live]");
const texts = { changed: document.body.dataset.changed, show: document.body.dataset.show };

/** Whether somebody has something open or typed in there. */
function isInUse(part) {
  if (part.contains(document.activeElement) && document.activeElement !== document.body) return true;
  return [...part.querySelectorAll("form[data-draft]")].some((form) => {
    const details = form.closest("details");
    return (!details || details.open) && isTyped(form);
  });
}

function isTyped(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || !field.name) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected);
    return field.value !== field.defaultValue;
  });
}

/** The page that shows this: a step that was refused is shown under its own address, which nobody can ask for. */
const own = () => location.href.replace(/\/steps\/[^/?#]+/, "");

async function fetchPage() {
  const answer = await fetch(own(), { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return undefined;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Comparable text of a part: tokens that differ in every answer do not count. */
function essence(part) {
  const copy = part.cloneNode(true);
  for (const field of copy.querySelectorAll('[name="csrf"], [name="once"]')) field.remove();
  for (const details of copy.querySelectorAll("details[open]")) details.removeAttribute("open");
  return copy.innerHTML;
}

async function refresh(force) {
  const page = await fetchPage();
  if (!page) return;
  let left = false;
  const fresh = [...page.querySelectorAll("[data-part]")];
  for (const part of fresh) {
    const old = root.querySelector(`[data-part="${part.dataset.part}"]`);
    if (old && essence(old) !== essence(part)) {
      if (!force && isInUse(old)) left = true;
      else old.replaceWith(document.importNode(part, true));
    }
  }
  const known = [...root.querySelectorAll("[data-part]")].map((part) => part.dataset.part);
  if (fresh.some((part) => !known.includes(part.dataset.part))) left = true;
  if (left) tell();
}

function tell() {
  if (document.querySelector(".told")) return;
  const line = document.createElement("div");
  line.className = "told";
  line.setAttribute("role", "status");
  line.append(texts.changed ?? "");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = texts.show ?? "";
  button.addEventListener("click", () => location.assign(own()));
  line.append(button);
  document.body.append(line);
}

if (root) {
  let waiting;
  const source = new EventSource(root.dataset.live);
  source.addEventListener("open", () => (root.dataset.listens = "yes"));
  source.addEventListener("message", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh(false), 120);
  });
  window.addEventListener("pagehide", () => source.close());
}

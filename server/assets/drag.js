// Dragging, where there is a pointer that drags: a card to a group of the board, a request to an hour of somebody's
// day. Nothing is decided here: the page that opens asks the same form as always.

let dragged;

document.addEventListener("dragstart", (event) => {
  const one = event.target.closest?.("[data-code]");
  if (!one) return;
  dragged = one;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", one.dataset.code);
  document.body.classList.add("is-dragging");
});

document.addEventListener("dragend", () => {
  dragged = undefined;
  document.body.classList.remove("is-dragging");
  for (const one of document.querySelectorAll(".is-target")) one.classList.remove("is-target");
});

function target(event) {
  if (!dragged) return undefined;
  const place = event.target.closest?.(dragged.matches(".chip") ? "td[data-hour]" : "[data-group]");
  return place && !place.contains(dragged) ? place : undefined;
}

document.addEventListener("dragover", (event) => {
  const place = target(event);
  for (const one of document.querySelectorAll(".is-target")) if (one !== place) one.classList.remove("is-target");
  if (!place) return;
  event.preventDefault();
  place.classList.add("is-target");
});

document.addEventListener("drop", (event) => {
  const place = target(event);
  if (!place) return;
  event.preventDefault();
  const { code } = dragged.dataset;
  if (place.dataset.group) toGroup(code, place.dataset.group);
  else toHour(dragged.dataset, place.dataset);
});

/** The steps that lead there; the only one that asks nothing is taken at once. */
async function toGroup(code, group) {
  const address = `/tickets/${code}/moves/${group}`;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const only = page.querySelector("form[data-only]");
  if (!only) {
    location.assign(address);
    return;
  }
  const form = document.importNode(only, true);
  form.hidden = true;
  form.querySelector("[name=back]").value = location.pathname + location.search;
  document.body.append(form);
  form.requestSubmit();
}

/** The form of the assignment with person, day and hour in it. */
function toHour(request, place) {
  const typed = new URLSearchParams({ step: request.event, [request.person]: place.person });
  if (request.moment) {
    typed.set(`${request.moment}:date`, place.day);
    typed.set(`${request.moment}:time`, `${place.hour.padStart(2, "0")}:00`);
  }
  location.assign(`/tickets/${request.code}?${typed}#step-${request.event}`);
}

for (const one of document.querySelectorAll(".columns .card[data-code], .waiting .chip[data-code]")) one.draggable = true;
new MutationObserver(() => {
  for (const one of document.querySelectorAll(".columns .card:not([draggable]), .waiting .chip:not([draggable])")) one.draggable = true;
}).observe(document.body, { childList: true, subtree: true });

// How many are chosen.
const chosen = document.querySelector("#chosen");
const ticks = () => [...document.querySelectorAll("input[form=chosen]")];
function count() {
  const boxes = ticks().filter((box) => box.checked);
  const text = chosen.querySelector("[data-count]");
  text.dataset.none ??= text.textContent;
  text.textContent = boxes.length ? text.dataset.count.replace("%", boxes.length.toLocaleString(document.documentElement.lang)) : text.dataset.none;
  chosen.classList.toggle("has-some", boxes.length > 0);
}
if (chosen) {
  document.addEventListener("change", (event) => event.target.matches("input[form=chosen]") && count());
  window.addEventListener("pageshow", count);
  const all = chosen.querySelector("[data-tick-all]");
  if (all) {
    all.addEventListener("change", () => {
      for (const box of ticks()) box.checked = all.firstElementChild.checked;
      count();
    });
  }
}

document.querySelector("[data-print]")?.addEventListener("click", () => print());

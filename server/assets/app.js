// What every page does a little better with scripts. Without them everything works as well. Pictures come before drafts:
// they name the fields that a draft fills again.

import "./days.js";
import "./pictures.js";
import "./draft.js";
import "./drag.js";
import "./drawing.js";
import "./import.js";
import "./live.js";
import "./queue.js";
import "./scan.js";

// A menu closes when one goes elsewhere.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  // `/` goes to the search, as people are used to.
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const find = document.querySelector(".find input");
    if (find) {
      event.preventDefault();
      find.focus();
    }
  }
});

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

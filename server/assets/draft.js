// What is typed into a form is kept in the browser until the form has been sent, so that a closed tab, a lost
// connection or somebody else's quicker step costs nothing. A draft is its writer's, about one ticket or device; what
// comes back says so, and signing out takes all drafts with it.

const KEPT_DAYS = 14;
const name = (form) => `draft:${document.body.dataset.user ?? ""}/${form.dataset.draft}`;

function fields(form) {
  return [...form.elements].filter((field) => field.name.startsWith("f:") && field.type !== "file");
}

function keep(form) {
  const typed = {};
  for (const field of fields(form)) {
    if (field.type === "checkbox" || field.type === "radio") {
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
    if (field.type === "checkbox" || field.type === "radio") {
      if (!kept.typed[`${field.name}=${field.value}`] || field.checked) continue;
      field.checked = restored = true;
    } else if (!field.value && kept.typed[field.name]) {
      field.value = kept.typed[field.name];
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

function forget() {
  const drafts = Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
  for (const key of drafts) localStorage.removeItem(key);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  restore(form);
  form.addEventListener("submit", () => sessionStorage.setItem("sent", name(form)));
}
document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", forget);
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft) keep(form);
});

// The form came back if it was refused; otherwise its draft has done its work.
const sent = sessionStorage.getItem("sent");
if (sent) {
  sessionStorage.removeItem("sent");
  if (!document.querySelector("#refusal, .notice.bad")) localStorage.removeItem(sent);
  else document.querySelector("#refusal")?.focus();
}

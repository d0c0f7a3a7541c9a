// A file of any size comes into a register. The server looks through it, writes it whole or not at all, and tells how
// far it is. Without scripts a table is pasted instead.

const form = document.querySelector("[data-import]");

function fill(text, values) {
  return text.replace(/\{(\w)\}/g, (_, name) => Number(values[name]).toLocaleString(document.documentElement.lang));
}

function show(report, done) {
  const place = form.querySelector("[data-report]");
  const notice = document.createElement("section");
  notice.className = `notice ${report.wrong ? "bad" : "good"}`;
  const told = document.createElement("div");
  const title = document.createElement("b");
  const counts = { a: report.added, b: report.changed, c: report.unchanged };
  title.textContent = report.wrong
    ? fill(form.dataset.mistakes, { a: report.wrong })
    : `${done ? `${form.dataset.done} ` : ""}${fill(form.dataset.clean, counts)}`;
  told.append(title);
  const list = document.createElement("ul");
  for (const one of report.errors.slice(0, 100)) {
    const item = document.createElement("li");
    const line = one.line ? `${fill(form.dataset.line, { a: one.line })} · ${one.column ?? ""}: ` : "";
    item.textContent = `${line}${one.message} ${one.found ?? ""}`;
    list.append(item);
  }
  if (report.errors.length) told.append(list);
  notice.append(told);
  place.replaceChildren(notice);
}

function complain(text) {
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.textContent = text;
  form.querySelector("[data-report]").replaceChildren(notice);
}

function advance({ lines, percent }) {
  form.querySelector("progress").value = percent;
  form.querySelector("[data-lines]").textContent = fill(form.dataset.lines, { a: lines });
}

// The events of a stream, one by one.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let left = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (left + value).split("\n\n");
    left = blocks.pop();
    for (const block of blocks) {
      const said = (name) => block.split("\n").find((line) => line.startsWith(name))?.slice(name.length).trim();
      if (said("data:")) yield [said("event:"), JSON.parse(said("data:"))];
    }
  }
}

async function send(deed) {
  const [file] = form.querySelector("input[type=file]").files;
  const query = new URLSearchParams({ file: file.name, ...(deed === "look" && { preview: "true" }) });
  const sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const response = await fetch(`${form.dataset.import}?${query}`, {
    method: "POST",
    headers: {
      Accept: "text/event-stream",
      "Accept-Language": document.documentElement.lang,
      "Content-Type": file.name.endsWith(".xlsx") ? sheet : "text/csv",
      "X-Requested-With": "page",
    },
    body: file,
  });
  if (!response.ok) return complain((await response.json()).detail);
  for await (const [kind, told] of events(response)) {
    if (kind === "progress") advance(told);
    else if (kind === "report") show(told, deed === "write");
    else if (told.report) show(told.report, false);
    else complain(told.detail);
  }
}

if (form) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [buttons, far] = [form.querySelectorAll("button"), form.querySelector("[data-far]")];
    for (const button of buttons) button.disabled = true;
    far.hidden = false;
    advance({ lines: 0, percent: 0 });
    try {
      await send(event.submitter?.value ?? "look");
    } catch {
      complain(form.dataset.lost);
    }
    far.hidden = true;
    for (const button of buttons) button.disabled = false;
  });
}

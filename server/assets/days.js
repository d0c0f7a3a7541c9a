// A calendar beside each field for a day, in the reader's calendar. Without it the field takes what is typed, in either
// calendar and with any digits; what the calendar writes is the same text. Which day is which the browser itself knows.

const root = document.documentElement;
const { pick, earlier, later, digits } = document.body.dataset;
const DAY = 86400000;
const KEYS = { ArrowUp: -7, ArrowDown: 7, ArrowLeft: -1, ArrowRight: 1 };

/** Year, month and day of a moment in a calendar, as numbers. Days are counted at noon in UTC. */
function parts(moment, calendar) {
  const format = new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, { timeZone: "UTC", year: "numeric", month: "numeric", day: "numeric" });
  const found = {};
  for (const { type, value } of format.formatToParts(moment)) found[type] = Number.parseInt(value, 10);
  return found;
}

const firstOfMonth = (moment, calendar) => moment - (parts(moment, calendar).day - 1) * DAY;
const written = (text) => (digits === "persian" ? text.replace(/\d/g, (one) => "۰۱۲۳۴۵۶۷۸۹"[one]) : text);
const latin = (text) => text.replace(/[۰-۹]/g, (one) => "۰۱۲۳۴۵۶۷۸۹".indexOf(one)).replace(/[٠-٩]/g, (one) => "٠١٢٣٤٥٦٧٨٩".indexOf(one));
const two = (number) => String(number).padStart(2, "0");

function today() {
  const now = new Date();
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate(), 12);
}

/** The day that stands in a field, if it is one of this calendar. */
function typed(text, calendar) {
  const [year, month, day] = latin(text.trim()).split(/[-/.]/).map(Number);
  if (!year || !month || !day) return undefined;
  if (calendar === "gregory") return year > 1700 ? Date.UTC(year, month - 1, day, 12) : undefined;
  // From a day near by to the one that is meant: a year has at most 366 days.
  let moment = Date.UTC(year + 621, 2, 21, 12) + ((month - 1) * 30 + day - 1) * DAY;
  for (let tries = 0; tries < 12; tries += 1) {
    const at = parts(moment, calendar);
    const away = (year - at.year) * 365 + (month - at.month) * 30 + (day - at.day);
    if (away === 0) return moment;
    moment += away * DAY;
  }
  return undefined;
}

function text(moment, calendar) {
  const { year, month, day } = parts(moment, calendar);
  return written([year, two(month), two(day)].join(calendar === "gregory" ? "-" : "/"));
}

/** The calendar of one field. */
class Days {
  constructor(field) {
    this.field = field;
    this.calendar = field.dataset.day === "jalali" ? "persian" : "gregory";
    this.locale = `${root.lang}-u-ca-${this.calendar}-nu-${digits === "persian" ? "arabext" : "latn"}`;
    this.weekStart = this.calendar === "persian" ? 6 : 1;
    const around = document.createElement("span");
    around.className = "day-field";
    field.replaceWith(around);
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "quiet day-open";
    this.button.setAttribute("aria-label", pick);
    this.button.setAttribute("aria-expanded", "false");
    this.button.innerHTML = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/></svg>';
    this.button.addEventListener("click", () => (this.box ? this.close() : this.open()));
    around.append(field, this.button);
  }

  open() {
    this.at = typed(this.field.value, this.calendar) ?? today();
    this.box = document.createElement("div");
    this.box.className = "day-box";
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-label", pick);
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.field.parentElement.append(this.box);
    this.button.setAttribute("aria-expanded", "true");
    this.draw();
    this.away = (event) => !this.field.parentElement.contains(event.target) && this.close(false);
    document.addEventListener("pointerdown", this.away);
  }

  close(back = true) {
    this.box?.remove();
    this.box = undefined;
    document.removeEventListener("pointerdown", this.away);
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  draw() {
    const { calendar, locale, at } = this;
    const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
    const first = firstOfMonth(at, calendar);
    const begin = first - ((new Date(first).getUTCDay() - this.weekStart + 7) % 7) * DAY;
    const { month } = parts(at, calendar);
    const head = document.createElement("div");
    head.className = "day-head";
    const title = document.createElement("b");
    title.setAttribute("aria-live", "polite");
    title.textContent = format({ year: "numeric", month: "long" }).format(at);
    head.append(this.turn(-1, earlier), title, this.turn(1, later));
    const table = document.createElement("table");
    const names = table.createTHead().insertRow();
    for (let n = 0; n < 7; n += 1) {
      const name = document.createElement("th");
      name.scope = "col";
      name.textContent = format({ weekday: "narrow" }).format(begin + n * DAY);
      name.abbr = format({ weekday: "long" }).format(begin + n * DAY);
      names.append(name);
    }
    const body = table.createTBody();
    for (let week = begin; week === begin || parts(week, calendar).month === month; week += 7 * DAY) {
      const row = body.insertRow();
      for (let n = 0; n < 7; n += 1) this.day(row.insertCell(), week + n * DAY, month, format);
    }
    this.box.replaceChildren(head, table);
    this.box.querySelector('[tabindex="0"]')?.focus();
  }

  day(cell, moment, month, format) {
    const at = parts(moment, this.calendar);
    if (at.month !== month) return;
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = moment === this.at ? 0 : -1;
    button.textContent = written(String(at.day));
    button.setAttribute("aria-label", format({ dateStyle: "full" }).format(moment));
    if (moment === typed(this.field.value, this.calendar)) button.setAttribute("aria-pressed", "true");
    if (moment === today()) button.setAttribute("aria-current", "date");
    button.addEventListener("click", () => this.choose(moment));
    cell.append(button);
  }

  turn(by, label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.setAttribute("aria-label", label);
    button.textContent = (by < 0) === (root.dir === "rtl") ? "›" : "‹";
    button.addEventListener("click", () => this.month(by));
    return button;
  }

  month(by) {
    const first = firstOfMonth(this.at, this.calendar);
    this.at = firstOfMonth(first + (by < 0 ? -2 : 33) * DAY, this.calendar);
    this.draw();
  }

  pressed(event) {
    const turns = root.dir === "rtl" && (event.key === "ArrowLeft" || event.key === "ArrowRight") ? -1 : 1;
    if (event.key === "Escape") this.close();
    else if (event.key === "PageUp") this.month(-1);
    else if (event.key === "PageDown") this.month(1);
    else if (KEYS[event.key]) {
      this.at += KEYS[event.key] * turns * DAY;
      this.draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(moment) {
    this.field.value = text(moment, this.calendar);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.close(false);
    this.field.focus();
  }
}

if (pick) for (const field of document.querySelectorAll("input[data-day]")) new Days(field);

// Arrows, circles, lines and words on a picture. What is drawn lies in marks until it is kept, so that each can be taken
// back; the picture that comes of it is a new one.

const LONGEST = 2000;
const COLOURS = { red: "#d22", yellow: "#fc0", blue: "#06c" };

class Drawing {
  constructor(form) {
    this.form = form;
    this.picture = form.querySelector("img.draw-on");
    this.button = form.querySelector("button.main");
    this.marks = [];
    const ready = () => this.begin();
    if (this.picture.complete && this.picture.naturalWidth) ready();
    else this.picture.addEventListener("load", ready, { once: true });
  }

  begin() {
    const { naturalWidth: width, naturalHeight: height } = this.picture;
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    this.canvas = document.createElement("canvas");
    this.canvas.className = "draw-on";
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", this.picture.alt);
    this.pen = this.canvas.getContext("2d");
    this.size = Math.max(this.canvas.width, this.canvas.height) / 160;
    this.picture.replaceWith(this.canvas);
    for (const tools of this.form.querySelectorAll(".draw-tools")) tools.hidden = false;
    this.form.querySelector(".draw-back").addEventListener("click", () => this.change(() => this.marks.pop()));
    this.canvas.addEventListener("pointerdown", (event) => this.down(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.up());
    this.form.addEventListener("submit", () => this.keep());
    this.draw();
  }

  place(event) {
    const at = this.canvas.getBoundingClientRect();
    const across = (event.clientX - at.left) / at.width;
    const down = (event.clientY - at.top) / at.height;
    return [across * this.canvas.width, down * this.canvas.height];
  }

  down(event) {
    event.preventDefault();
    const chosen = (name) => this.form.querySelector(`[name=${name}]:checked`).value;
    const at = this.place(event);
    const words = this.form.querySelector(".draw-words input");
    const mark = { tool: chosen("tool"), colour: COLOURS[chosen("colour")], points: [at, at], words: words.value.trim() };
    if (mark.tool === "words" && !mark.words) {
      words.focus();
      return;
    }
    this.canvas.setPointerCapture?.(event.pointerId);
    this.drawn = mark;
    this.change(() => this.marks.push(mark));
  }

  move(event) {
    if (!this.drawn) return;
    const at = this.place(event);
    if (this.drawn.tool === "line") this.drawn.points.push(at);
    else this.drawn.points[this.drawn.tool === "words" ? 0 : 1] = at;
    this.draw();
  }

  up() {
    this.drawn = undefined;
  }

  change(how) {
    how();
    this.button.disabled = this.marks.length === 0;
    this.draw();
  }

  draw() {
    const { pen, canvas } = this;
    pen.drawImage(this.picture, 0, 0, canvas.width, canvas.height);
    pen.lineCap = pen.lineJoin = "round";
    // A light edge keeps each mark visible on a dark picture.
    for (const mark of this.marks) {
      for (const [colour, width] of [["rgb(255 255 255 / 75%)", this.size * 1.8], [mark.colour, this.size]]) {
        pen.strokeStyle = pen.fillStyle = colour;
        pen.lineWidth = width;
        this[mark.tool](mark, colour === mark.colour);
      }
    }
  }

  line({ points }) {
    this.pen.beginPath();
    points.forEach(([x, y], at) => (at ? this.pen.lineTo(x, y) : this.pen.moveTo(x, y)));
    this.pen.stroke();
  }

  arrow({ points: [[x, y], [toX, toY]] }) {
    const angle = Math.atan2(toY - y, toX - x);
    const head = (turn) => [toX - Math.cos(angle + turn) * this.size * 6, toY - Math.sin(angle + turn) * this.size * 6];
    this.line({ points: [[x, y], [toX, toY]] });
    this.line({ points: [head(0.5), [toX, toY], head(-0.5)] });
  }

  circle({ points: [[x, y], [toX, toY]] }) {
    this.pen.beginPath();
    this.pen.ellipse((x + toX) / 2, (y + toY) / 2, Math.abs(toX - x) / 2, Math.abs(toY - y) / 2, 0, 0, 2 * Math.PI);
    this.pen.stroke();
  }

  words({ points: [[x, y]], words }, isInside) {
    this.pen.font = `600 ${this.size * 6}px system-ui, sans-serif`;
    this.pen.textAlign = "center";
    if (isInside) this.pen.fillText(words, x, y);
    else this.pen.strokeText(words, x, y);
  }

  keep() {
    this.form.elements.picture.value = this.canvas.toDataURL("image/jpeg", 0.88);
  }
}

for (const form of document.querySelectorAll("form[data-drawing]")) new Drawing(form);

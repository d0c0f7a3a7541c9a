// Pictures that a step asks for: a signature drawn with a finger, and what the camera has taken. Both become the text of
// a hidden field, so that they are kept as a draft and wait for the network with the rest of the form.

const LONGEST = 1600;

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A surface to sign on; below it stand the name that was typed and the moment. */
function signs(box) {
  const canvas = box.querySelector("canvas");
  const field = box.querySelector("input[type=hidden]");
  const name = box.querySelector(".sign-name");
  const pen = canvas.getContext("2d");
  let lines = [];
  let isDrawing = false;

  const place = (event) => {
    const at = canvas.getBoundingClientRect();
    return [((event.clientX - at.left) * canvas.width) / at.width, ((event.clientY - at.top) * canvas.height) / at.height];
  };

  function draw() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = "#123";
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    for (const line of lines) {
      pen.beginPath();
      line.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (line.length === 1) pen.lineTo(line[0][0] + 0.1, line[0][1]);
      pen.stroke();
    }
    if (name.value.trim()) {
      pen.fillStyle = "#345";
      pen.font = "22px system-ui, sans-serif";
      pen.textAlign = "center";
      const when = new Date().toLocaleString(document.documentElement.lang);
      pen.fillText(`${name.value.trim()} · ${when}`, canvas.width / 2, canvas.height - 14, canvas.width - 20);
    }
  }

  function keep() {
    draw();
    put(field, lines.length || name.value.trim() ? canvas.toDataURL("image/png") : "");
  }

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    isDrawing = true;
    lines.push([place(event)]);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDrawing) return;
    lines.at(-1).push(place(event));
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (isDrawing) keep();
      isDrawing = false;
    });
  }
  name.addEventListener("change", keep);
  box.querySelector(".sign-clear").addEventListener("click", () => {
    lines = [];
    name.value = "";
    keep();
  });
  draw();
  restore(field, (picture) => pen.drawImage(picture, 0, 0, canvas.width, canvas.height));
}

/** What was kept, or came back with a form that was refused, is shown again. */
function restore(field, show) {
  field.addEventListener("restored", () => restore(field, show), { once: true });
  if (!field.value.startsWith("data:image/")) return;
  const picture = new Image();
  picture.addEventListener("load", () => show(picture));
  picture.src = field.value;
}

/** The camera, or a picture that is there: made smaller before it is kept. */
function shoots(box) {
  const file = box.querySelector("input[type=file]");
  const field = box.querySelector("input[type=hidden]");
  const shown = box.querySelector("img");
  const show = (source) => {
    shown.src = source;
    shown.hidden = !source;
  };
  // The text goes instead of the file.
  field.name = file.name;
  file.removeAttribute("name");
  file.required = file.required && !field.value;
  file.form.enctype = "application/x-www-form-urlencoded";
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    const picture = await createImageBitmap(chosen);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const text = canvas.toDataURL("image/jpeg", 0.82);
    show(text);
    put(field, text);
  });
  restore(field, (picture) => {
    file.required = false;
    show(picture.src);
  });
}

for (const box of document.querySelectorAll("[data-sign]")) signs(box);
for (const box of document.querySelectorAll("[data-shoot]")) shoots(box);

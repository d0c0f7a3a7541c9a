// Scanning a serial with the camera, where the browser can read codes itself. Elsewhere the button never appears, and
// a scanner that types works as always.

/** What a read code is for: a search is made at once, a part is ticked in the van or named in the first empty row. */
const uses = {
  "": (form, code) => {
    form.querySelector("[name=q]").value = code;
    form.requestSubmit();
  },
  part: (form, code) => {
    const inVan = [...form.querySelectorAll(".van input[type=checkbox]")].find((box) => box.value === code);
    if (inVan) {
      inVan.checked = true;
      inVan.closest(".van-part").querySelector("input.input").focus();
    } else {
      const empty = [...form.querySelectorAll(".rows input[name$=':code']")].find((field) => !field.value);
      if (empty) {
        empty.value = code;
        empty.focus();
      }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  },
};

async function scan(button) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const detector = new window.BarcodeDetector();
  const frame = document.createElement("div");
  frame.className = "scanner";
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
  const line = document.createElement("p");
  line.textContent = button.dataset.hint;
  const stop = Object.assign(document.createElement("button"), { type: "button", textContent: button.dataset.stop });
  frame.append(video, line, stop);
  document.body.append(frame);
  let isOver = false;
  const end = () => {
    isOver = true;
    for (const track of stream.getTracks()) track.stop();
    frame.remove();
    button.focus();
  };
  stop.addEventListener("click", end);
  frame.addEventListener("keydown", (event) => event.key === "Escape" && end());
  stop.focus();
  await video.play();
  while (!isOver) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found) {
      end();
      // A label of ours holds an address: its last part is what is looked for.
      uses[button.dataset.scan](button.form, found.rawValue.split("/").pop());
    }
    await new Promise((resume) => setTimeout(resume, 120));
  }
}

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  for (const button of document.querySelectorAll("[data-scan]")) {
    button.hidden = false;
    button.addEventListener("click", () => scan(button).catch(() => (button.hidden = true)));
  }
}

// Scanning a serial with the camera, where the browser can read codes itself. Elsewhere the button never appears, and
// a scanner that types works as always.

const button = document.querySelector("[data-scan]");

async function scan() {
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
      const field = button.form.querySelector("[name=q]");
      // A label of ours holds an address: its last part is what is looked for.
      field.value = found.rawValue.split("/").pop();
      button.form.requestSubmit();
    }
    await new Promise((resume) => setTimeout(resume, 120));
  }
}

if (button && "BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  button.addEventListener("click", () => scan().catch(() => (button.hidden = true)));
}

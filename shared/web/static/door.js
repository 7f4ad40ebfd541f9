// Reads tickets with the camera and shows what the server says. Without it the typed code works alone.

const OUT_OF_SIGHT = 1500;
const TRIES = 4;
const MOST_PIXELS = 600;

const camera = document.getElementById("kamera");
const video = document.getElementById("video");
const button = document.getElementById("kamera-schalter");
const hint = document.getElementById("kamera-hinweis");
const form = document.getElementById("eingabe");
const result = document.getElementById("ergebnis");

let scanner = null;
let queue = Promise.resolve();
let waiting = 0;
let seen = { code: "", at: 0 };

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function say(headline, sentence) {
  const box = document.createElement("div");
  box.className = "verdict verdict--yellow";
  for (const [kind, text] of [["headline", headline], ["sentence", sentence]]) {
    const line = document.createElement("p");
    line.className = `verdict__${kind}`;
    line.textContent = text;
    box.append(line);
  }
  result.replaceChildren(box);
}

function show(html) {
  const part = new DOMParser().parseFromString(html, "text/html");
  result.replaceChildren(...part.body.childNodes);
}

// The scan keeps its id through all tries, so that the guest is admitted once and not "already in".
async function check(code, scanId) {
  const body = new URLSearchParams(new FormData(form));
  body.set("shown", code);
  body.set("scan_id", scanId);
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.status === 401 || answer.status === 403) {
        say("Bitte neu anmelden", "Ihre Anmeldung ist abgelaufen. Laden Sie diese Seite neu.");
        return;
      }
      if (answer.ok || answer.status === 422) {
        show(await answer.text());
        return;
      }
    } catch {
      // The network is away: said below, and tried again.
    }
    say("Keine Verbindung", `Der Scan wird wiederholt (${attempt} von ${TRIES}).`);
    await pause(1000 * attempt);
  }
  say("Nicht geprüft", "Es gibt gerade keine Verbindung. Bitte scannen Sie die Karte gleich noch einmal.");
}

// What is typed is always checked, one after the other.
function take(code) {
  waiting += 1;
  queue = queue.then(() => check(code, newId())).finally(() => {
    waiting -= 1;
  });
}

// The camera sees a card many times a second. It counts again only after it was out of sight, so that a
// copy that the next guest holds up is checked, and not taken for the card that was just admitted.
function see(code) {
  const now = Date.now();
  const isStillThere = code === seen.code && now - seen.at < OUT_OF_SIGHT;
  if (waiting && !isStillThere) {
    return;
  }
  seen = { code, at: now };
  if (!isStillThere) {
    take(code);
  }
}

// The square in the middle, which is all that the page shows; the scanner by itself reads only two thirds of it.
function shownPart(film) {
  const side = Math.min(film.videoWidth, film.videoHeight);
  const pixels = Math.min(side, MOST_PIXELS);
  return {
    x: Math.round((film.videoWidth - side) / 2),
    y: Math.round((film.videoHeight - side) / 2),
    width: side,
    height: side,
    downScaledWidth: pixels,
    downScaledHeight: pixels,
  };
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function switchCamera() {
  if (scanner) {
    scanner.destroy();
    scanner = null;
    video.hidden = true;
    button.firstElementChild.textContent = "Kamera einschalten";
    return;
  }
  try {
    const { default: QrScanner } = await import(camera.dataset.scanner);
    video.hidden = false;
    scanner = new QrScanner(video, (found) => see(found.data), {
      returnDetailedScanResult: true,
      preferredCamera: "environment",
      calculateScanRegion: shownPart,
    });
    // Said before the scanner first draws, so that the browser keeps every frame where it is read.
    scanner.$canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    await scanner.start();
    button.firstElementChild.textContent = "Kamera ausschalten";
    hint.textContent = "";
  } catch {
    scanner?.destroy();
    scanner = null;
    video.hidden = true;
    hint.textContent = "Die Kamera lässt sich nicht öffnen. Bitte erlauben Sie den Zugriff, oder tippen Sie den Code ein.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = form.elements.namedItem("shown");
  const typed = field.value.trim();
  if (typed) {
    take(typed);
  }
  field.value = "";
  field.focus();
});

if (navigator.mediaDevices?.getUserMedia) {
  camera.hidden = false;
  button.addEventListener("click", switchCamera);
}

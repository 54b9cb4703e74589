// ------------------------------------------------------------------------------------------------------- behaviour

const page = { language: navigator.language.startsWith("zh") ? "zh" : "en", answer: null, status: () => "" };

function texts() {
  return TEXTS[page.language];
}

function show() {
  document.documentElement.lang = texts().lang;
  document.title = texts().title;
  for (const place of document.querySelectorAll("[data-text]")) {
    place.textContent = texts()[place.dataset.text];
  }
  document.getElementById("language").lang = TEXTS[page.language === "en" ? "zh" : "en"].lang;
  document.getElementById("status").textContent = page.status();
  document.body.classList.toggle("answered", page.answer !== null);
  document.getElementById("answer").replaceChildren(...(page.answer === null ? [] : answerParts(page.answer)));
}

/** Return {label, file} for each file that is chosen; the form asks for a bundle and a policy. */
function chosenFiles() {
  const chosen = ["bundle", "policy", "trust"].map((label) => ({ label, file: document.getElementById(label).files[0] }));
  return chosen.filter(({ file }) => file !== undefined);
}

async function readFile({ label, file }) {
  return { label, name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

async function hashFile({ label, name, bytes }) {
  return { label, name, sha256: hex(await sha256(bytes)) };
}

/** Verify what is chosen, and return the answer or the reason why there is none. */
async function verifyChosen() {
  try {
    const read = await Promise.all(chosenFiles().map(readFile));
    const bytesOf = (label) => read.find((one) => one.label === label)?.bytes ?? null;
    const report = await verifyBundle(bytesOf("bundle"), bytesOf("policy"), bytesOf("trust"));
    const files = await Promise.all(read.map(hashFile));
    return { answer: { report, files }, status: () => "" };
  } catch (error) {
    return { answer: null, status: () => noAnswer(error) };
  }
}

function noAnswer(error) {
  if (error instanceof EngineUnfit || error instanceof LedgerError) {
    return `${error instanceof EngineUnfit ? texts().unfit : texts().badPolicy} ${texts().finding(error.message)}`;
  }
  // A file that was moved or has changed since it was chosen is the browser's DOMException; all else is a mistake here.
  return `${error instanceof DOMException ? texts().unreadable : texts().bug} ${error}`;
}

async function run(event) {
  event.preventDefault();
  const button = document.getElementById("verify");
  button.disabled = true;
  Object.assign(page, { answer: null, status: () => texts().verifying });
  show();
  Object.assign(page, await verifyChosen());
  button.disabled = false;
  document.getElementById("files").open = page.answer === null;
  show();
  document.getElementById("verdict")?.focus();
}

document.getElementById("choose").addEventListener("submit", run);
document.getElementById("language").addEventListener("click", () => {
  page.language = page.language === "en" ? "zh" : "en";
  show();
});
// What is folded on the screen would be missing on paper, and nobody could tell. Afterwards it is folded again.
window.addEventListener("beforeprint", () => {
  for (let folded = closed(); folded.length > 0; folded = closed()) {
    for (const details of folded) {
      details.open = true;
      details.dataset.printed = "";
      details.dispatchEvent(new Event("toggle")); // the browser's own comes later than the print
    }
  }
});
window.addEventListener("afterprint", () => {
  for (const details of document.querySelectorAll("#answer details[data-printed]")) {
    details.open = false;
    delete details.dataset.printed;
  }
});

function closed() {
  return document.querySelectorAll("#answer details:not([open])");
}

show();

// The scan field: a keyboard-wedge scanner types into it and ends with Enter. It always has the focus.

const TWICE = 500;

/** Take what is scanned. take: called with each text; composing: called where an input method swallowed the Enter. */
export function scans(field, take, composing) {
  let last = { text: "", at: -TWICE };
  let taking = Promise.resolve();

  const scanned = (text) => {
    const at = performance.now();
    const twice = text === last.text && at - last.at < TWICE;
    last = { text, at };
    if (!twice) taking = taking.then(() => take(text));
  };

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // The Enter with which an input method ends its composition is none of the scanner's.
    if (event.isComposing || event.keyCode === 229) return composing();
    event.preventDefault();
    const text = field.value.trim();
    field.value = "";
    if (text) scanned(text);
  });

  field.addEventListener("paste", (event) => {
    const lines = event.clipboardData.getData("text").split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    for (const line of lines) taking = taking.then(() => take(line));
  });

  // Whoever presses a button or clicks beside everything goes on scanning.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a, input, select, textarea, summary, label, dialog")) field.focus();
  });
  addEventListener("focus", () => document.activeElement === document.body && field.focus());
  field.focus();
}

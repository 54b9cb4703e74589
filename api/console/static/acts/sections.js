// The sections of a page on which somebody signs: the one that is there to be read gets the focus.

const at = (id) => document.getElementById(id);

/** Show a section, and go there. */
export function show(id) {
  at(id).hidden = false;
  at(id).focus();
}

/** Show why it does not go on. */
export function fail(words) {
  at("why").textContent = words;
  show("failed");
}

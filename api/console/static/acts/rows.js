// The list of the bench: what was scanned, newest first, each with what became of it, and what one can do about it.

const at = (id) => document.getElementById(id);

/** The locale whose days and hours are written as on every page, 2026-11-27 13:00:00, in whatever language that is. */
export const AS_ON_PAGES = "sv";

export const word = (name) => at("words").querySelector(`[data-word="${name}"]`)?.textContent ?? name;

export const filled = (name, values) => word(name).replace(/\{(\w+)\}/g, (_, one) => values[one]);

function made(name, words, classes) {
  const one = document.createElement(name);
  if (words) one.textContent = words;
  if (classes) one.className = classes;
  return one;
}

/** Return the marks of a state: a sign, and the words for it; never colour alone. */
const MARKS = { recorded: ["✓", "green"], waits: ["…", "blue"], refused: ["✗", "red"], left: ["…", "blue"] };

const controls = () => [...at("list").querySelectorAll("li :is(select, button, a)")];
const keyOf = (one) => `${one.closest("li").dataset.id} ${one.dataset.rule ?? one.textContent}`;

/** Show entries; what was chosen in one, and the focus, stay. act: called with a name and an entry when somebody presses what is offered. */
export function list(entries, act) {
  const chosen = new Map(controls().map((one) => [keyOf(one), one.value]));
  const focused = at("list").contains(document.activeElement) ? keyOf(document.activeElement) : undefined;
  const ours = entries.filter((one) => MARKS[one.state]);
  at("list").replaceChildren(...ours.map((one) => row(one, act)));
  for (const one of controls()) {
    if (one.dataset.rule) one.value = chosen.get(keyOf(one)) ?? "";
    if (keyOf(one) === focused) one.focus();
  }
}

function row(entry, act) {
  const [sign, colour] = MARKS[entry.state];
  const one = made("li", "", `console-scan console-scan--${entry.state}`);
  one.dataset.id = entry.id;
  const mark = made("span", sign, "console-scan__mark");
  mark.setAttribute("aria-hidden", "true");
  const said = made("div");
  const first = made("p", `${entry.about} `, "console-said");
  first.append(made("strong", word(entry.state), `govuk-tag govuk-tag--${colour}`));
  said.append(first, made("p", new Date(entry.at).toLocaleTimeString(AS_ON_PAGES), "console-small"));
  if (entry.state === "recorded") said.lastChild.append(" · ", link(`/entries/${entry.position}`, filled("position", entry)));
  if (entry.state === "waits" && entry.why) said.append(made("p", entry.why, "console-small"));
  if (entry.state === "refused") said.append(...refused(entry, act));
  else if (entry.state === "left") said.append(made("p", filled("left-for", entry), "console-small"), link("/inbox", word("inbox")));
  else said.append(button("undo", entry, act));
  one.append(mark, said);
  return one;
}

function link(address, words) {
  const one = made("a", words, "govuk-link");
  one.href = address;
  return one;
}

function button(name, entry, act, classes = "govuk-button--secondary") {
  const one = made("button", word(name), `govuk-button ${classes} console-button`);
  one.type = "button";
  one.setAttribute("aria-label", `${word(name)}: ${entry.about}`);
  one.addEventListener("click", () => act(name, entry));
  return one;
}

function* refused(entry, act) {
  if (!entry.breaches.length) yield made("p", entry.why, "console-small");
  yield* broken(entry.breaches, new Set(entry.breaches.map((one) => one.rule)));
  const row = made("div", "", "govuk-button-group");
  if (entry.breaches.length) row.append(button("acknowledge", entry, act, "govuk-button--warning"));
  row.append(button("discard", entry, act));
  yield row;
}

/** Yield what is broken, by which clause, and for each of some rules what asks why it is broken knowingly. */
export function* broken(breaches, rules) {
  for (const one of breaches) {
    yield made("p", `${one.rule} – ${one.problem}`, "console-said");
    const known = one.reason ? ` · ${one.reason}` : "";
    yield made("p", `${word("clause")}: ${one.clause || word("own-setting")}${known}`, "console-small");
  }
  for (const rule of rules) {
    const asked = made("label", `${filled("because", { rule })} `, "govuk-label");
    const reason = at("reasons").content.firstElementChild.cloneNode(true);
    reason.dataset.rule = rule;
    asked.append(reason);
    yield asked;
  }
}

/** Return the reasons that somebody chose for breaches; undefined where one is not chosen. */
export function reasons(within) {
  const asked = [...within.querySelectorAll("select[data-rule]")];
  if (asked.some((one) => !one.value)) return undefined;
  return asked.map((one) => ({ rule: one.dataset.rule, reason: one.value }));
}

/** Return the reasons that somebody chose for the breaches of an entry; undefined where one is not chosen. */
export const chosen = (entry) => reasons(at("list").querySelector(`[data-id="${entry.id}"]`));

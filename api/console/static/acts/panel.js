// What the bench shows beside its list: what is picked and said, what is gathered, and what is still missing.

import * as gathered from "./gathered.js";
import * as known from "./known.js";
import { filled, word } from "./rows.js";
import { chosen } from "./sticky.js";

export const PLACED = ["store", "move", "return"];
export const CHOICES = ["place", "project", "purpose", "activity", "quantity", "receiver", "giver", "packaging", "documents", "ground", "sound"];
export const NEEDS = {
  receive: ["place", "documents"], store: ["place"], move: ["place"], return: ["place"],
  "check-out": ["place", "project"], use: ["place", "project", "purpose", "activity"],
  "hand-over": ["receiver", "packaging"], accept: ["packaging"],
};
const MAY = { use: ["quantity"], "hand-over": ["place"], accept: ["giver"] };
const at = (id) => document.getElementById(id);

/** Offer what may be chosen, and keep what is. */
export function options(id, pairs) {
  const before = at(id).value;
  const [none] = at(id).options;
  at(id).replaceChildren(none, ...pairs.map(([value, text]) => new Option(text, value)));
  at(id).value = before;
}

/** Show everything as it is now. */
export function show() {
  const sticky = chosen();
  const { act } = sticky;
  for (const one of document.querySelectorAll("[data-act]")) one.setAttribute("aria-pressed", String(one.dataset.act === act));
  for (const name of CHOICES) {
    const field = at(name);
    if (sticky[name] !== undefined) field.value = sticky[name];
    const asked = ["ground", "sound", ...(NEEDS[act] ?? []), ...(MAY[act] ?? [])].includes(name);
    field.closest(".govuk-form-group").hidden = !asked;
  }
  at("next").hidden = !PLACED.includes(act);
  at("next-position").textContent = sticky.position ?? word("scan-position");
  gathering();
}

function gathering() {
  const begun = gathered.GATHERS.includes(chosen().act) ? gathered.current() : undefined;
  at("gathering").hidden = !begun;
  if (!begun) return;
  const number = Object.keys(begun.found).length;
  const total = begun.expected.length;
  at("gathered-count").textContent = total ? filled("of", { number, total }) : filled("things", { number });
  at("gathered").replaceChildren(...Object.entries(begun.found).map(([id, code]) => {
    const row = document.createElement("li");
    row.append(`✓ ${known.called(id)} `);
    if (begun.act === "receive") {
      const select = at("conditions-of").content.firstElementChild.cloneNode(true);
      select.value = code;
      select.setAttribute("aria-label", `${word("condition")}: ${known.called(id)}`);
      select.addEventListener("change", () => gathered.condition(select.value, id));
      row.append(select);
    }
    const out = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button govuk-button--secondary console-button", textContent: word("drop") });
    out.setAttribute("aria-label", `${word("drop")}: ${known.called(id)}`);
    out.addEventListener("click", async () => { await gathered.drop(id); show(); at("scan").focus(); });
    row.append(" ", out);
    return row;
  }).reverse());
  const absent = gathered.missing();
  at("missing").hidden = !absent.length || !begun.consignment;
  at("missing-list").textContent = absent.slice(0, 40).map(known.called).join(" · ");
  at("missing-count").textContent = filled("some-missing", { number: absent.length });
}

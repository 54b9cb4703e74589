// What the bench shows beside its list: what is picked and said, what is gathered, and what is still missing.

import { amount } from "./amounts.js";
import * as gathered from "./gathered.js";
import * as known from "./known.js";
import { filled, word } from "./rows.js";
import { chosen } from "./sticky.js";
import { hide } from "./together.js";

export const PLACED = ["store", "move", "return"];
/** Acts that two persons sign: told before they are signed, and left for the second one. */
export const TWO = ["count", "dispose"];
export const CHOICES = [
  ...["place", "project", "purpose", "activity", "quantity", "loss", "residual", "receiver", "giver", "packaging", "documents"],
  ...["disposal", "method", "indicator", "equipment", "cycle", "evidence", "second", "ground", "sound"],
];
export const NEEDS = {
  receive: ["place", "documents"], store: ["place"], move: ["place"], return: ["place"],
  "check-out": ["place", "project"], use: ["place", "project", "purpose", "activity"],
  "hand-over": ["receiver", "packaging"], accept: ["packaging"], aliquot: ["place", "quantity"], pool: ["place", "quantity"],
  count: ["place", "second"], dispose: ["place", "method", "indicator", "second"],
};
const MAY = {
  use: ["quantity"], "hand-over": ["place"], accept: ["giver"], aliquot: ["loss", "residual"], pool: ["loss"], count: ["quantity"],
  dispose: ["quantity", "disposal", "equipment", "cycle", "evidence"],
};
/** Things that are told one by one. */
const MOST_TOLD = 40;
const AMOUNTS = ["quantity", "loss", "residual"];
const at = (id) => document.getElementById(id);

/** Return what things are called, the first of them one by one, in the order in which people count. */
export function listed(ids) {
  const first = known.inOrder(ids).slice(0, MOST_TOLD).map(known.called).join(" · ");
  return ids.length > MOST_TOLD ? filled("and-more", { first, number: ids.length - MOST_TOLD }) : first;
}

/** Return what is asked for with an act. */
const asks = (act) => [...(NEEDS[act] ?? []), ...(MAY[act] ?? [])];

/** Return what is said as an amount and is none; undefined: nothing. */
export function noAmount() {
  const said = chosen();
  return AMOUNTS.filter((one) => asks(said.act).includes(one)).map((one) => said[one]).find((one) => one && !amount(one));
}

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
    field.value = sticky[name] ?? "";
    field.closest(".govuk-form-group").hidden = !["ground", "sound", ...asks(act)].includes(name);
  }
  at("evidence-of").hidden = !asks(act).includes("evidence") || !crypto.subtle;
  at("next").hidden = !PLACED.includes(act);
  at("next-position").textContent = sticky.position ?? word("scan-position");
  const stands = sticky.position && known.occupant(sticky.place, sticky.position);
  at("next-taken").textContent = stands ? filled("taken-by", { text: stands.name }) : "";
  gathering();
}

/** Show what is gathered, where it is for the act that is picked here. */
export function gathering() {
  const begun = gathered.current();
  const other = begun ? undefined : gathered.unsigned();
  at("elsewhere").hidden = !other;
  at("elsewhere").textContent = other ? filled("begun", { act: word(other) }) : "";
  at("gathering").hidden = !begun;
  if (!begun) return;
  at("gathered-count").textContent = filled(...gathered.heading());
  const beside = gathered.beside();
  at("gathered-beside").textContent = beside ? filled(...beside) : "";
  at("done").textContent = word(TWO.includes(begun.act) ? "tell-first" : "sign-scanned");
  at("everywhere").hidden = begun.act !== "count" || begun.within !== undefined;
  at("fresh").hidden = begun.act !== "pool" || Boolean(begun.naming);
  at("gathered").replaceChildren(...gathered.lines().map(([id, text, value]) => {
    const row = document.createElement("li");
    row.append(`✓ ${text} `);
    if (gathered.hasConditions()) {
      const select = at("conditions-of").content.firstElementChild.cloneNode(true);
      select.value = value;
      select.disabled = Boolean(begun.signed);
      select.setAttribute("aria-label", `${word("condition")}: ${text}`);
      select.addEventListener("change", () => gathered.condition(select.value, id));
      row.append(select);
    }
    if (begun.signed) return row;
    const out = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button govuk-button--secondary console-button", textContent: word("drop") });
    out.setAttribute("aria-label", `${word("drop")}: ${text}`);
    out.addEventListener("click", async () => { await gathered.drop(id); hide(); show(); at("scan").focus(); });
    row.append(" ", out);
    return row;
  }).reverse());
  const absent = gathered.missing();
  at("missing").hidden = !absent.length;
  at("missing-list").textContent = listed(absent);
  at("missing-count").textContent = filled("some-missing", { number: absent.length });
}

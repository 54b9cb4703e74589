// What the bench shows of what it keeps and knows: the list, what waits to be sent, who works there, and what can be chosen.

import { closed, queued } from "./keeping.js";
import * as known from "./known.js";
import { listed, options, show } from "./panel.js";
import { away } from "./queue.js";
import { AS_ON_PAGES, filled, list, word } from "./rows.js";
import * as sticky from "./sticky.js";

const at = (id) => document.getElementById(id);

/** Show the list and what waits. answer: called with a name and an entry when somebody presses what is offered. */
export async function refresh(answer) {
  const waiting = await queued();
  const ended = await closed();
  await known.settle(waiting, ended);
  const before = ended.filter((one) => one.state === "recorded" || one.state === "left").sort((one, other) => (one.id < other.id ? 1 : -1));
  list([...waiting.reverse(), ...before.slice(0, 60)].map(named), answer);
  const unsent = waiting.filter((one) => one.state === "waits");
  const oldest = unsent.at(-1);
  at("unsent").textContent = oldest
    ? filled("unsent", { number: unsent.length, time: new Date(oldest.at).toLocaleTimeString(AS_ON_PAGES) })
    : word("all-sent");
  const refused = waiting.filter((one) => one.state === "refused").length;
  at("refused-count").textContent = refused === 0 ? "" : filled("refused-count", { number: refused });
  at("away").hidden = !away;
  at("export").hidden = !waiting.length;
  URL.revokeObjectURL(at("export").href);
  at("export").href = URL.createObjectURL(new Blob(waiting.map((one) => `${one.statement}\n`), { type: "application/jsonl" }));
}

/** Return an entry with what the service says of it in names. */
function named(entry) {
  const breaches = entry.breaches?.map((one) => ({ ...one, problem: found(one) }));
  return { ...entry, ...(entry.why && { why: known.named(entry.why) }), ...(breaches && { breaches }) };
}

/** Return what a breach says was found, and of which things where it does not say that itself. */
function found({ problem, subjects = [] }) {
  const told = known.named(problem);
  const things = subjects.filter((one) => known.thingOf(one));
  return !things.length || things.some((one) => problem.includes(one)) ? told : filled("found", { text: told, list: listed(things) });
}

/** Ask the service what is here. */
export async function learn() {
  const found = await known.ask();
  at("stranger").hidden = found !== "stranger";
  await fill();
}

/** Show what is known, and what may be chosen by it. */
export async function fill() {
  const who = known.who();
  at("who").textContent = who ? `${who.called} · ${who.person}` : "";
  at("asked").textContent = who ? filled("known", { items: who.items.length, time: new Date(who.asked).toLocaleString(AS_ON_PAGES) }) : word("nothing-known");
  at("more").hidden = !who?.more;
  at("skew").hidden = Math.abs(who?.skew ?? 0) < 60;
  options("place", who?.places ?? []);
  options("second", (who?.colleagues ?? []).map((one, _, all) => [one.key, personOf(one, all)]));
  options("disposal", (who?.disposals ?? []).map((one) => [one.id, one.name]));
  const parties = (who?.parties ?? []).map((one) => [one.id, one.name]).sort((one, other) => one[1].localeCompare(other[1]));
  options("receiver", parties);
  options("giver", parties);
  if (!sticky.chosen().place && who?.places.length === 1) await sticky.change({ place: who.places[0][0] });
  show();
}

/** Return what a colleague is called; who has several keys, by the key too. */
const personOf = ({ person, key }, all) =>
  all.filter((one) => one.person === person).length > 1 ? `${person} (${key.slice(0, 8)})` : person;

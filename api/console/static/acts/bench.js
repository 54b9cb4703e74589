// The bench: an act is picked or its card scanned, then things are scanned; each scan is answered loudly, and signed at once.

import { isKept } from "../keys.js";
import * as gathered from "./gathered.js";
import { closed, queued, trim } from "./keeping.js";
import * as known from "./known.js";
import { keepPage } from "./offline.js";
import { away, onChange, send, settle, state } from "./queue.js";
import { CHOICES, NEEDS, options, PLACED, show } from "./panel.js";
import { chosen, filled, list, word } from "./rows.js";
import { scans } from "./scanning.js";
import * as sticky from "./sticky.js";
import { tell } from "./telling.js";

const at = (id) => document.getElementById(id);
const POSITION = /^(?=.{1,100}$)[0-9A-Za-z][\w.-]*(?:\/[0-9A-Za-z][\w.-]*)+$/;
const CARD = /^ACT ([A-Z]+(?:[- ][A-Z]+)*)$/i;

async function keepSticky(what) {
  await sticky.change(what);
  show();
}

async function pick(act) {
  if (!known.who()?.acts[act]?.roles.length) return tell(false, "no-role", { act: word(act) });
  const begun = gathered.current();
  if (begun && begun.act !== act && Object.keys(begun.found).length) return tell(false, "begun", { act: word(begun.act) });
  if (gathered.GATHERS.includes(act)) {
    if (begun?.act !== act) await gathered.begin(act);
  } else await gathered.forget();
  await keepSticky({ act, position: undefined });
  tell(true, "picked", { act: word(act) });
}

/** Take a scan; whatever goes wrong is told, and the next scan is taken. */
async function taken(text) {
  try {
    await take(text);
  } catch (error) {
    unkept(error);
  }
}

function unkept(error) {
  const full = /quota/i.test(`${error?.name}${error?.message}`);
  tell(false, error?.message === "no-key" ? "no-key" : full ? "full" : "not-kept", { error: error?.message });
}

async function take(text) {
  const card = CARD.exec(text)?.[1].toLowerCase().replace(" ", "-");
  if (card) return command(card);
  const { act } = sticky.chosen();
  if (!act) return tell(false, "no-act");
  const lacking = NEEDS[act].find((one) => !sticky.chosen()[one]);
  if (lacking) return tell(false, "lacking", { field: word(lacking) });
  if (gathered.GATHERS.includes(act)) {
    const { good, name, values } = await gathered.gather(text);
    tell(good, name, values);
    return show();
  }
  const found = known.meant(text, "item");
  if (!found.length && PLACED.includes(act) && POSITION.test(text)) {
    await keepSticky({ position: text });
    return tell(true, "position-set", { text });
  }
  if (found.length !== 1) return tell(false, found.length ? "several" : "unknown", { text });
  const { quantity } = sticky.chosen();
  if (act === "use" && quantity && !amount(quantity).quantity) return tell(false, "bad-amount", { text: quantity });
  if (PLACED.includes(act) && !sticky.chosen().position) return tell(false, "no-position", { text });
  await one(act, found[0]);
}

async function command(card) {
  if (NEEDS[card]) return pick(card);
  if (card === "done" && gathered.current()) return done();
  const condition = at("conditions-of").content.querySelector(`[value="${card}"]`);
  if (gathered.current()?.act === "receive" && condition) {
    const { last } = gathered.current();
    if (!last) return tell(false, "no-last");
    await gathered.condition(card);
    tell(true, "condition-set", { text: known.called(last), condition: condition.textContent });
    return show();
  }
  tell(false, "no-card", { text: card });
}

/** Sign one act about one item. */
async function one(act, item) {
  const { place, position, project, purpose, activity, quantity } = sticky.chosen();
  const placed = { site: place, items: [{ item: item.id, place: position }] };
  const bodies = {
    store: () => placed, move: () => placed, return: () => placed,
    "check-out": () => ({ site: place, items: [item.id], project }),
    use: () => ({ item: item.id, laboratory: place, project, purpose, activity, ...amount(quantity) }),
  };
  const where = PLACED.includes(act) ? ` → ${position}` : "";
  if (!(await stated(act, bodies[act](), `${word(act)}: ${item.name}${where}`))) return;
  tell(true, "signed", { text: `${word(act)} ${item.name}${where}` });
  if (PLACED.includes(act)) await keepSticky({ position: following(position) });
}

function amount(written) {
  const [, value, unit] = /^\s*([0-9]+(?:\.[0-9]+)?)\s*(\S+)\s*$/.exec(written ?? "") ?? [];
  return value ? { quantity: { value, unit } } : {};
}

/** Return the position behind another one; undefined where its last step ends in no number. */
function following(position) {
  const [, before, number] = /^(.*?)(\d+)$/.exec(position) ?? [];
  return number && `${before}${String(Number(number) + 1).padStart(number.length, "0")}`;
}

/** Sign a statement and keep it; returns whether it is kept. What is not kept is not told as done. */
async function stated(act, body, about, acknowledges) {
  const { kind, roles } = known.who().acts[act];
  const role = roles.includes("laboratory") ? "laboratory" : roles[0];
  try {
    await state({ act, kind, role, body, ...(acknowledges?.length ? { acknowledges } : {}) }, known.who(), about);
    return true;
  } catch (error) {
    unkept(error);
    return false;
  }
}

async function done(absent) {
  const begun = gathered.current();
  const number = Object.keys(begun.found).length;
  if (!number && !absent) return tell(false, "nothing");
  const lacking = NEEDS[begun.act].find((name) => !sticky.chosen()[name]);
  if (lacking) return tell(false, "lacking", { field: word(lacking) });
  if (gathered.missing().length && absent === undefined) return tell(false, "some-missing", { number: gathered.missing().length });
  const about = `${word(begun.act)}: ${filled("things", { number })}${begun.name ? ` · ${begun.name}` : ""}`;
  if (!(await stated(begun.act, gathered.body(sticky.chosen(), absent), about))) return;
  await gathered.begin(begun.act);
  tell(true, "signed", { text: about });
  show();
}

async function answer(name, entry) {
  if (name === "discard") await settle(entry, "discarded");
  if (name === "undo") {
    const done = await stated("void", { statement: entry.id, ground: sticky.chosen().ground ?? "wrong-item" }, `${word("undo")}: ${entry.about}`);
    if (done) tell(true, "signed", { text: `${word("undo")}: ${entry.about}` });
  }
  if (name === "acknowledge") {
    const reasons = chosen(entry);
    if (!reasons) return tell(false, "no-reason");
    const before = entry.said.acknowledges ?? [];
    if (await stated(entry.said.act, entry.said.body, entry.about, [...before, ...reasons])) await settle(entry, "replaced");
  }
  at("scan").focus();
}

async function refresh() {
  const waiting = await queued();
  const before = (await closed()).filter((one) => one.state === "recorded").sort((one, other) => (one.id < other.id ? 1 : -1));
  list([...waiting.reverse(), ...before.slice(0, 60)], answer);
  const unsent = waiting.filter((one) => one.state === "waits");
  const oldest = unsent.at(-1);
  at("unsent").textContent = oldest
    ? filled("unsent", { number: unsent.length, time: new Date(oldest.at).toLocaleTimeString(document.documentElement.lang) })
    : word("all-sent");
  const refused = waiting.filter((one) => one.state === "refused").length;
  at("refused-count").textContent = refused === 0 ? "" : filled("refused-count", { number: refused });
  at("away").hidden = !away;
  at("export").hidden = !waiting.length;
  URL.revokeObjectURL(at("export").href);
  at("export").href = URL.createObjectURL(new Blob(waiting.map((one) => `${one.statement}\n`), { type: "application/jsonl" }));
}

async function learn() {
  const found = await known.ask();
  at("stranger").hidden = found !== "stranger";
  await fill();
}

/** Show what is known, and what may be chosen by it. */
async function fill() {
  const who = known.who();
  at("who").textContent = who ? `${who.called} · ${who.person}` : "";
  at("asked").textContent = who ? filled("known", { items: who.items.length, time: new Date(who.asked).toLocaleString(document.documentElement.lang) }) : word("nothing-known");
  at("more").hidden = !who?.more;
  at("skew").hidden = Math.abs(who?.skew ?? 0) < 60;
  options("place", who?.places ?? []);
  const parties = (who?.parties ?? []).map((one) => [one.id, one.name]).sort((one, other) => one[1].localeCompare(other[1]));
  options("receiver", parties);
  options("giver", parties);
  if (!sticky.chosen().place && who?.places.length === 1) await keepSticky({ place: who.places[0][0] });
  show();
}

async function begin() {
  await sticky.recall();
  await known.recall();
  await gathered.recall();
  for (const one of document.querySelectorAll("[data-act]")) one.addEventListener("click", () => pick(one.dataset.act).then(() => at("scan").focus()));
  for (const name of CHOICES) at(name).addEventListener("change", () => keepSticky({ [name]: at(name).value.trim() || undefined }));
  at("done").addEventListener("click", () => done());
  at("absent").addEventListener("click", () => done(true));
  at("without").addEventListener("click", () => done(false));
  at("learn").addEventListener("click", () => learn().then(() => at("scan").focus()));
  onChange(refresh);
  scans(at("scan"), taken, () => tell(false, "composing"));
  at("kept").textContent = word((await isKept()) ? "kept" : "loose");
  await trim(500);
  await fill();
  await refresh();
  await learn();
  if (location.hash && NEEDS[location.hash.slice(1)]) await pick(location.hash.slice(1));
  await refresh();
  at("bench").dataset.ready = "yes";
  send();
  at("newer").hidden = !(await keepPage(at("bench").dataset.version, async () => !(await queued()).length && !Object.keys(gathered.current()?.found ?? {}).length));
}

await begin();

// The bench: an act is picked or its card scanned, then things are scanned; each scan is answered loudly, and signed at once.

import { isKept } from "../keys.js";
import { onChange } from "./changes.js";
import * as finishing from "./finishing.js";
import * as gathered from "./gathered.js";
import { queued, trim } from "./keeping.js";
import { fill, learn, refresh } from "./knowing.js";
import * as known from "./known.js";
import { keepPage } from "./offline.js";
import { CHOICES, gathering, NEEDS, noAmount, PLACED, show } from "./panel.js";
import { send, settle } from "./queue.js";
import { chosen, word } from "./rows.js";
import { scans } from "./scanning.js";
import { one, stated, unkept } from "./stating.js";
import * as sticky from "./sticky.js";
import { tell } from "./telling.js";
import * as together from "./together.js";

const at = (id) => document.getElementById(id);
const CARD = /^ACT ([A-Z]+(?:[- ][A-Z]+)*)$/i;

async function keepSticky(what) {
  await sticky.change(what);
  show();
}

async function pick(act) {
  if (!known.who()?.acts[act]?.roles.length) return tell(false, "no-role", { act: word(act) });
  await gathered.recall();
  const gathers = gathered.GATHERS.includes(act);
  if (gathers ? !(await gathered.begin(act)) : gathered.unsigned()) return tell(false, "begun", { act: word(gathered.unsigned()) });
  together.hide();
  await sticky.pick(act);
  show();
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

async function take(text) {
  const card = CARD.exec(text)?.[1].toLowerCase().replace(" ", "-");
  if (card) return command(card);
  const { act } = sticky.chosen();
  if (!act) return tell(false, "no-act");
  const lacking = NEEDS[act].find((one) => !sticky.chosen()[one]);
  if (lacking) return tell(false, "lacking", { field: word(lacking) });
  const wrong = noAmount();
  if (wrong) return tell(false, "bad-amount", { text: wrong });
  if (gathered.GATHERS.includes(act)) return took(await gathered.gather(act, text));
  const found = known.meant(text, "item");
  const places = PLACED.includes(act);
  if (!found.length && places && known.isPosition(text)) return goesTo(text);
  if (found.length !== 1) return tell(false, found.length ? "several" : "unknown", { text });
  const { place, position, sure } = sticky.chosen();
  if (places && !position) return tell(false, "no-position", { text });
  const stands = places && !sure && known.occupant(place, position, found[0].id);
  if (stands) return tell(false, "not-free", { text: position, other: stands.name });
  await one(act, found[0]);
  show();
}

/** Tell what became of a scan that is gathered; what was told to be signed is another thing by now. */
function took({ good, name, values }) {
  together.hide();
  tell(good, name, values);
  show();
  if (name === "is-signed") finishing.resume();
}

/** Show what another tab has gathered. What was told here to be signed is another thing by now. */
async function takeUp() {
  if (!(await gathered.recall())) return;
  together.hide();
  gathering();
}

/** Take a position that was scanned. That something stands there is told before it is used; scanning it says that it is meant. */
async function goesTo(text) {
  await keepSticky({ position: text, sure: true });
  const stands = known.occupant(sticky.chosen().place, text);
  tell(!stands, stands ? "position-taken" : "position-set", { text, other: stands?.name });
}

async function command(card) {
  if (NEEDS[card]) return pick(card);
  if (card === "done" && gathered.current()) return finishing.done();
  if (card === "new" && gathered.current()?.act === "pool") return finishing.fresh();
  if (card === "all" && gathered.current()?.act === "count") return finishing.everywhere();
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
    await stated(entry.said.act, entry.said.body, entry.about, { acknowledges: [...before, ...reasons], replaces: entry });
  }
  at("scan").focus();
}

async function begin() {
  await sticky.recall();
  await known.recall();
  await gathered.recall();
  for (const one of document.querySelectorAll("[data-act]")) one.addEventListener("click", () => pick(one.dataset.act).then(() => at("scan").focus()));
  for (const name of CHOICES) at(name).addEventListener("change", () => keepSticky({ [name]: at(name).value.trim() || undefined }));
  at("done").addEventListener("click", () => finishing.done());
  at("absent").addEventListener("click", () => finishing.done(true));
  at("without").addEventListener("click", () => finishing.done(false));
  at("anew").addEventListener("click", () => finishing.anew());
  at("fresh").addEventListener("click", () => finishing.fresh());
  at("everywhere").addEventListener("click", () => finishing.everywhere());
  at("sign").addEventListener("click", () => finishing.signTogether().catch(unkept));
  at("tell-again").addEventListener("click", () => finishing.tellAgain());
  at("change").addEventListener("click", () => together.hide());
  at("learn").addEventListener("click", () => learn().then(() => at("scan").focus()));
  at("take-over").addEventListener("click", () => finishing.takeOver());
  onChange(() => takeUp().then(() => refresh(answer)));
  scans(at("scan"), taken, () => tell(false, "composing"));
  at("kept").textContent = word((await isKept()) ? "kept" : "loose");
  await trim(500);
  await fill();
  await refresh(answer);
  await finishing.older();
  await learn();
  if (location.hash && NEEDS[location.hash.slice(1)]) await pick(location.hash.slice(1));
  await refresh(answer);
  if (gathered.signedOf()) finishing.resume();
  at("bench").dataset.ready = "yes";
  send();
  at("newer").hidden = !(await keepPage(at("bench").dataset.version, async () => !(await queued()).length && !gathered.isBegun()));
}

await begin();

// Statements of the bench: what is scanned is signed and kept, and what becomes of things by it is noted.

import { amount, into, left, shown } from "./amounts.js";
import * as known from "./known.js";
import { PLACED } from "./panel.js";
import { state } from "./queue.js";
import { word } from "./rows.js";
import { change, chosen } from "./sticky.js";
import { tell } from "./telling.js";
import { shownAs, unfit } from "./things.js";

/** Tell that something was not kept, and why. */
export function unkept(error) {
  const full = /quota/i.test(`${error?.name}${error?.message}`);
  const name = ["no-key", "list-changed"].find((one) => one === error?.message) ?? (full ? "full" : "not-kept");
  tell(false, name, { error: error?.message });
}

/** Sign one act about one item. */
export async function one(act, item) {
  const { place, position, project, purpose, activity, quantity } = chosen();
  const placed = { site: place, items: [{ item: item.id, place: position }] };
  const taken = act === "use" ? amount(quantity) : undefined;
  if (!(await isMeant(item, taken))) return;
  const bodies = {
    store: () => placed, move: () => placed, return: () => placed,
    "check-out": () => ({ site: place, items: [item.id], project }),
    use: () => ({ item: item.id, laboratory: place, project, purpose, activity, ...(taken ? { quantity: taken } : {}) }),
  };
  const where = PLACED.includes(act) ? ` → ${position}` : taken ? ` · ${shownAs(taken, item.amount)}` : "";
  const entry = await stated(act, bodies[act](), `${word(act)}: ${item.name}${where}`);
  if (!entry) return;
  tell(true, "signed", { text: `${word(act)} ${item.name}${where}` });
  if (PLACED.includes(act)) await known.note(entry.id, [{ ...item, site: place, place: position, out: false }]);
  if (act === "check-out") await known.note(entry.id, [{ ...item, place: null, out: true }]);
  if (taken) await known.note(entry.id, [{ ...item, amount: left(item.amount, taken) ?? null }]);
  // It is signed and kept: that there is no room for the next position is no reason to scan it again.
  if (PLACED.includes(act)) await change({ position: following(position), sure: undefined }).catch(() => {});
}

/** Say whether an amount is one of a thing, and meant as it counts there: in another unit that is told before the first is signed. */
async function isMeant(item, taken) {
  const wrong = unfit(item, taken);
  if (wrong) return tell(false, wrong.name, wrong.values);
  const unit = item.amount?.unit;
  const counts = `${taken?.unit} ${unit}`;
  if (!taken || !unit || unit === taken.unit || counts === chosen().counts) return true;
  await change({ counts });
  return tell(false, "counts-as", { text: item.name, said: shown(taken), amount: shown(into(taken, unit)) });
}

/** Return the position behind another one; undefined where its last step ends in no number. */
function following(position) {
  const [, before, number] = /^(.*?)(\d+)$/.exec(position) ?? [];
  return number && `${before}${String(Number(number) + 1).padStart(number.length, "0")}`;
}

/** Return the role in which an act is stated. */
export const roleIn = (act) => {
  const { roles } = known.who().acts[act];
  return roles.includes("laboratory") ? "laboratory" : roles[0];
};

/** Sign a statement and keep it; returns its entry, or undefined where it is not kept. What is not kept is not told as done.
 *
 * acknowledges: why breaches are acknowledged; instead: what ends with it, as ``add`` takes it. */
export async function stated(act, body, about, { acknowledges = [], ...instead } = {}) {
  const { kind } = known.who().acts[act];
  const said = { act, kind, role: roleIn(act), body, ...(acknowledges.length ? { acknowledges } : {}) };
  try {
    return await state(said, known.who(), about, instead);
  } catch (error) {
    unkept(error);
    return undefined;
  }
}

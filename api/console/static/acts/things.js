// What a scan means to an act that gathers: one thing, or why it is none.

import { alike, into, left, shown } from "./amounts.js";
import { meant } from "./known.js";

export const bad = (name, values) => ({ good: false, name, values });

/** Return the thing that a text means, or what is to be said of it. fits: which things the act takes; others: what is said of the rest. */
export function thing(text, begun, fits = () => true, others = "unexpected") {
  const found = meant(text, "item");
  const ours = found.filter(fits);
  if (!found.length) return { told: bad("unknown", { text }) };
  if (!ours.length) return { told: bad(others, { text }) };
  if (ours.length > 1) return { told: bad("several", { text }) };
  if (begun.found[ours[0].id]) return { told: bad("again", { text: ours[0].name }) };
  return { one: ours[0] };
}

/** Return what a thing is gathered with, as a change of what is begun. */
export const gatheredAs = (begun, id, value) => ({ found: { ...begun.found, [id]: value }, last: id });

export const numberOf = (begun) => Object.keys(begun.found).length;

/** Return what is said of an amount that is none of a thing; undefined: it may be, as far as this bench knows.
 *
 * most: whether it is to be no more than the thing holds. */
export function unfit(one, quantity, { most = false } = {}) {
  const held = one?.amount;
  if (!held || !quantity) return undefined;
  const values = { text: one.name, said: shown(quantity), unit: held.unit };
  if (!alike(quantity.unit, held.unit)) return bad("other-unit", { ...values, other: quantity.unit });
  if (!into(quantity, held.unit)) return bad("too-fine", values);
  return most && left(held, quantity) === null ? bad("too-much", values) : undefined;
}

/** Return an amount as it is signed, and where a thing is recorded in another unit, as much in that. */
export function shownAs(quantity, held) {
  const counted = held && held.unit !== quantity.unit && into(quantity, held.unit);
  return counted ? `${shown(quantity)} = ${shown(counted)}` : shown(quantity);
}

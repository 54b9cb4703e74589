// What a scan means to an act that gathers: one thing, or why it is none.

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

// Counting what stands somewhere, and destroying things: what is scanned is one statement, which a second person signs too.

import { amount } from "./amounts.js";
import { called, containerOf, thingOf } from "./known.js";
import { bad, gatheredAs, numberOf, shownAs, thing, unfit } from "./things.js";

const EVERYWHERE = "";
const line = (id, quantity) => (quantity.value ? `${called(id)} · ${shownAs(quantity, thingOf(id)?.amount)}` : called(id));
const measured = ({ quantity }) => amount(quantity) ?? {};

/** Return what the record has at a place: within a container, or all of it. */
function begins(place, within, expected) {
  const values = { text: within, total: expected.length };
  return { good: true, name: within === EVERYWHERE ? "counts-all" : "counts", values, next: { place, within, expected } };
}

/** Count: a container, then each thing that stands in it. What the record has elsewhere is told, and counted as found. */
export const count = {
  line,
  heading: (begun) =>
    begun.within === undefined ? ["scan-container", {}] : ["found-of", { number: numberOf(begun), total: begun.expected.length, text: begun.within }],
  beside(begun) {
    const elsewhere = Object.keys(begun.found).filter((id) => !begun.expected.includes(id));
    const others = [...elsewhere.map((id) => `${called(id)} (${thingOf(id)?.place ?? "–"})`), ...(begun.strange ?? []).map((one) => `${one} (?)`)];
    return others.length ? ["unexpected-there", { number: others.length, list: others.join(" · ") }] : undefined;
  },
  everywhere: ({ place }) => begins(place, EVERYWHERE, containerOf(place, EVERYWHERE)),
  take(text, begun, said) {
    if (begun.within === undefined) {
      const expected = containerOf(said.place, text);
      return expected ? begins(said.place, text, expected) : bad("no-container", { text });
    }
    const { told, one } = thing(text, begun);
    if (told?.name === "unknown") {
      const strange = [...new Set([...(begun.strange ?? []), text])];
      return { ...bad("stranger-there", { text }), next: { strange } };
    }
    const wrong = told ?? unfit(one, amount(said.quantity));
    if (wrong) return wrong;
    const next = gatheredAs(begun, one.id, measured(said));
    if (!begun.expected.includes(one.id)) return { ...bad("elsewhere", { text: one.name, place: one.place ?? "–" }), next };
    const done = begun.expected.filter((id) => next.found[id]).length;
    return { good: true, name: "found-there", values: { text: one.name, done, total: begun.expected.length }, next };
  },
  stated(begun, _, missing) {
    const there = Object.entries(begun.found).map(([item, quantity]) => ({ item, present: true, ...(quantity.value ? { counted: quantity } : {}) }));
    return { body: { site: begun.place, items: [...there, ...missing.map((item) => ({ item, present: false }))] } };
  },
};

/** Destroy: each thing, all of it or an amount; how, and by which approved case, is said beside. */
export const dispose = {
  line,
  heading: (begun) => ["things", { number: numberOf(begun) }],
  take(text, begun, said) {
    const { told, one } = thing(text, begun);
    const wrong = told ?? unfit(one, amount(said.quantity), { most: true });
    if (wrong) return wrong;
    const next = gatheredAs(begun, one.id, measured(said));
    return { good: true, name: "gathered", values: { text: one.name, done: numberOf(next) }, next };
  },
  stated(begun, { place, method, indicator, disposal, equipment, cycle, evidence }) {
    const items = Object.entries(begun.found).map(([item, quantity]) => ({ item, ...(quantity.value ? { quantity } : {}) }));
    const beside = Object.entries({ case: disposal, equipment, cycle, evidence }).filter(([, said]) => said);
    return { body: { laboratory: place, items, method, indicator, ...Object.fromEntries(beside) } };
  },
};

// New tubes: one thing is divided into several, or several are joined into one. What is made and lost is what there was.

import { amount, left, shown, sum } from "./amounts.js";
import { called, keyOf, meant, thingOf } from "./known.js";
import { bad, gatheredAs, numberOf, shownAs, thing, unfit } from "./things.js";

const LABEL = /^[^\s:](?:[^:\u0000-\u001f]{0,98}[^\s:])?$/u;
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Return a fresh id of an item, as the ledger makes them: 130 random bits. */
const newId = () => `item:${Array.from(crypto.getRandomValues(new Uint8Array(26)), (one) => LETTERS[one % 32]).join("")}`;

/** Return the label that a new tube gets, or what is said of one that it cannot get. */
function label(text, borne) {
  if (!LABEL.test(text)) return { told: bad("no-label", { text }) };
  if (meant(text, "item").length || borne.some((one) => keyOf(one) === keyOf(text))) return { told: bad("label-taken", { text }) };
  return { text: text.replace(/\s+/g, " ") };
}

const lossOf = ({ loss }, unit) => (loss ? amount(loss) : { value: "0", unit });
const made = (id, name, place, quantity) => ({ id, name, keys: [keyOf(name), id], site: place, place: null, out: false, amount: quantity });

/** Return what stays in the tube that is divided: what is said, or what it held without the rest; null where that is too much. */
function residual(begun, said) {
  if (said.residual) return amount(said.residual);
  const children = Object.values(begun.found).map((one) => one.quantity);
  const gone = children.length ? sum([...children, lossOf(said, children[0].unit)]) : undefined;
  return gone && left(thingOf(begun.parent)?.amount, gone);
}

/** Aliquot: what is divided, then the label of each new tube. */
export const aliquot = {
  heading: (begun) =>
    begun.parent ? ["dividing", { text: called(begun.parent), number: numberOf(begun) }] : ["scan-parent", {}],
  line: (_, { label: name, quantity }, { parent }) => `${name} · ${shownAs(quantity, thingOf(parent)?.amount)}`,
  beside(begun, said) {
    if (!begun.parent) return undefined;
    const [held, stays] = [thingOf(begun.parent)?.amount, residual(begun, said)];
    return ["balance", { held: held ? shown(held) : "?", left: stays ? shown(stays) : "?" }];
  },
  take(text, begun, said) {
    if (!begun.parent) {
      const { told, one } = thing(text, begun);
      return told ?? { good: true, name: "divides", values: { text: one.name }, next: { parent: one.id, last: one.id } };
    }
    const { told, text: name } = label(text, Object.values(begun.found).map((one) => one.label));
    if (told) return told;
    const quantity = amount(said.quantity);
    const wrong = unfit(thingOf(begun.parent), quantity);
    if (wrong) return wrong;
    const next = gatheredAs(begun, newId(), { label: name, quantity });
    return { good: true, name: "new-tube", values: { text: name, amount: shown(quantity), number: numberOf(next) }, next };
  },
  stated(begun, said) {
    const stays = residual(begun, said);
    if (stays === null) return { problem: bad("too-much", { text: called(begun.parent) }) };
    if (!stays) return { problem: bad("lacking-residual", {}) };
    const children = Object.entries(begun.found).map(([item, { label: name, quantity }]) => ({ item, quantity, label: name }));
    const loss = lossOf(said, children[0].quantity.unit);
    const held = thingOf(begun.parent)?.amount;
    const total = sum([...children.map((one) => one.quantity), loss, stays]);
    if (!total) return { problem: bad("units-differ", {}) };
    const rest = held && left(held, total);
    if (rest === null || (rest && rest.value !== "0"))
      return { problem: bad("sum-differs", { text: called(begun.parent), held: shown(held), total: shown(total) }) };
    return { body: { parent: begun.parent, laboratory: said.place, children, residual: stays, loss } };
  },
  became: ({ parent, laboratory, children, residual: stays }) => [
    { ...thingOf(parent), amount: stays },
    ...children.map((one) => made(one.item, one.label, laboratory, one.quantity)),
  ],
};

/** Pool: what goes in, the amount of each; then, behind a card, the label of the new tube. */
export const pool = {
  heading: (begun) =>
    begun.naming ? ["scan-new", {}] : begun.output ? ["pooled", { text: begun.output, number: numberOf(begun) }] : ["things", { number: numberOf(begun) }],
  line: (id, quantity) => `${called(id)} · ${shownAs(quantity, thingOf(id)?.amount)}`,
  take(text, begun, said) {
    if (begun.naming) {
      const { told, text: name } = label(text, []);
      return told ?? { good: true, name: "pool-named", values: { text: name }, next: { output: name, naming: false } };
    }
    const { told, one } = thing(text, begun, () => true);
    if (told) return told;
    const quantity = amount(said.quantity);
    const wrong = unfit(one, quantity, { most: true });
    if (wrong) return wrong;
    const next = gatheredAs(begun, one.id, quantity);
    return { good: true, name: "into-pool", values: { text: one.name, amount: shown(quantity), number: numberOf(next) }, next };
  },
  stated(begun, said) {
    if (!begun.output) return { problem: bad("lacking-new", {}) };
    const inputs = Object.entries(begun.found).map(([item, quantity]) => ({ item, quantity }));
    if (inputs.length < 2) return { problem: bad("too-few", {}) };
    const joined = sum(inputs.map((one) => one.quantity));
    const loss = lossOf(said, inputs[0].quantity.unit);
    const quantity = joined && left(joined, loss);
    if (!quantity || quantity.value === "0") return { problem: bad("units-differ", {}) };
    return { body: { inputs, laboratory: said.place, output: { item: newId(), quantity, label: begun.output }, loss } };
  },
  became: ({ inputs, laboratory, output }) => [
    ...inputs.map(({ item, quantity }) => ({ ...thingOf(item), amount: left(thingOf(item)?.amount, quantity) ?? null })),
    made(output.item, output.label, laboratory, output.quantity),
  ],
};

// What is received of a consignment, handed over, or accepted: each thing once, and one statement of all.

import { meant } from "./known.js";
import { bad, gatheredAs, numberOf, thing } from "./things.js";

const heading = (begun) =>
  begun.expected.length ? ["of", { number: numberOf(begun), total: begun.expected.length }] : ["things", { number: numberOf(begun) }];

function take(text, begun, name, fits) {
  const { told, one } = thing(text, begun, fits);
  if (told) return told;
  const next = gatheredAs(begun, one.id, "intact");
  return { good: true, name, values: { text: one.name, done: numberOf(next), total: begun.expected.length }, next };
}

function consignment(text) {
  const found = meant(text, "consignment");
  if (found.length !== 1) return bad(found.length ? "several" : "no-consignment", { text });
  const [{ id, name, items }] = found;
  return { good: true, name: "expects", values: { text: name, total: items.length }, next: { consignment: id, name, expected: items } };
}

/** Receive: a consignment, then what came of it, each in its condition. */
export const receive = {
  conditions: true,
  heading,
  take: (text, begun) =>
    begun.consignment ? take(text, begun, "received-so", (one) => begun.expected.includes(one.id)) : consignment(text),
  stated(begun, { place, documents }, missing) {
    const lines = [...Object.entries(begun.found), ...missing.map((item) => [item, "missing"])];
    const items = lines.map(([item, condition]) => ({ item, condition }));
    return { body: { consignment: begun.consignment, laboratory: place, items, documents } };
  },
};

const counted = (begun, packaging) => ({ items: Object.keys(begun.found), count: numberOf(begun), packaging });

export const handOver = {
  heading,
  take: (text, begun) => take(text, begun, "gathered"),
  stated: (begun, { packaging, receiver, place }) => ({
    body: { ...counted(begun, packaging), receiver, ...(place ? { site: place } : {}) },
  }),
};

export const accept = {
  heading,
  take: (text, begun) => take(text, begun, "gathered"),
  stated: (begun, { packaging, giver }) => ({ body: { ...counted(begun, packaging), ...(giver ? { giver } : {}) } }),
};

// Acts that are one statement about many things: what is scanned for it is gathered, and kept, until somebody is done.

import { get, put } from "./keeping.js";
import { called, meant } from "./known.js";

export const GATHERS = ["receive", "hand-over", "accept"];

let begun;

export const current = () => begun;

/** Take up what was begun on this device. */
export async function recall() {
  begun = (await get("begun")) ?? undefined;
}

async function keep(what) {
  begun = what;
  await put("begun", what ?? null);
}

export const forget = () => keep(undefined);

/** Begin to gather for an act; what was gathered for another one is told by the caller first. */
export const begin = (act) => keep({ act, consignment: undefined, expected: [], found: {}, last: undefined });

/** Take a scan. Returns what is to be said of it: whether it is good, a word, and what goes into the word. */
export async function gather(text) {
  if (begun.act === "receive" && !begun.consignment) return consignment(text);
  const found = meant(text, "item");
  const ours = begun.act === "receive" ? found.filter((one) => begun.expected.includes(one.id)) : found;
  if (!found.length) return { good: false, name: "unknown", values: { text } };
  if (!ours.length) return { good: false, name: "unexpected", values: { text } };
  if (ours.length > 1) return { good: false, name: "several", values: { text } };
  const [{ id, name }] = ours;
  if (begun.found[id]) return { good: false, name: "again", values: { text: name } };
  await keep({ ...begun, found: { ...begun.found, [id]: "intact" }, last: id });
  return { good: true, name: begun.act === "receive" ? "count" : "gathered", values: counted() };
}

async function consignment(text) {
  const found = meant(text, "consignment");
  if (found.length !== 1) return { good: false, name: found.length ? "several" : "no-consignment", values: { text } };
  await keep({ ...begun, consignment: found[0].id, name: found[0].name, expected: found[0].items });
  return { good: true, name: "expects", values: { text: found[0].name, total: found[0].items.length } };
}

const counted = () => ({ text: called(begun.last), done: Object.keys(begun.found).length, total: begun.expected.length });

/** Say of the item that was scanned last in what condition it is. */
export async function condition(code, id = begun.last) {
  if (id) await keep({ ...begun, found: { ...begun.found, [id]: code } });
}

/** Take an item out again that nobody has signed for. */
export async function drop(id) {
  const { [id]: _, ...found } = begun.found;
  await keep({ ...begun, found, last: undefined });
}

export const missing = () => begun.expected.filter((id) => !begun.found[id]);

/** Return the body of the statement. absent: whether what was not scanned is stated to be missing. */
export function body(sticky, absent) {
  const items = Object.keys(begun.found);
  const { place, packaging, receiver, giver, documents } = sticky;
  if (begun.act === "receive") {
    const lines = items.map((item) => ({ item, condition: begun.found[item] }));
    if (absent) lines.push(...missing().map((item) => ({ item, condition: "missing" })));
    return { consignment: begun.consignment, laboratory: place, items: lines, documents };
  }
  const counted = { items, count: items.length, packaging };
  if (begun.act === "hand-over") return { ...counted, receiver, ...(place ? { site: place } : {}) };
  return { ...counted, ...(giver ? { giver } : {}) };
}

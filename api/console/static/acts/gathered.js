// Acts that are one statement about several things: what is scanned for it is gathered, and kept, until somebody is done.

import { count, dispose } from "./counting.js";
import { aliquot, pool } from "./dividing.js";
import { get, put } from "./keeping.js";
import { called } from "./known.js";
import { accept, handOver, receive } from "./receiving.js";
import { chosen } from "./sticky.js";

const OF = { receive, "hand-over": handOver, accept, aliquot, pool, count, dispose };

export const GATHERS = Object.keys(OF);

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
export const begin = (act) => keep({ act, expected: [], found: {} });

/** Take a scan. Returns what is to be said of it: whether it is good, a word, and what goes into the word. */
export const gather = (text) => taken(OF[begun.act].take(text, begun, chosen()));

/** Count all that the record has at the place. */
export const everywhere = () => taken(OF[begun.act].everywhere(chosen()));

async function taken({ next, ...said }) {
  if (next) await keep({ ...begun, ...next });
  return said;
}

/** Let the next scan be the label of the new tube. */
export const name = () => keep({ ...begun, naming: true });

/** Say of the item that was scanned last in what condition it is. */
export async function condition(code, id = begun.last) {
  if (id) await keep({ ...begun, found: { ...begun.found, [id]: code } });
}

/** Take an item out again that nobody has signed for. */
export async function drop(id) {
  const { [id]: _, ...found } = begun.found;
  await keep({ ...begun, found, last: undefined });
}

/** Return whether anything is begun that would be lost. */
export const isBegun = () => Boolean(begun && (Object.keys(begun.found).length || begun.parent || begun.within !== undefined));

export const missing = () => begun.expected.filter((id) => !begun.found[id]);

export const hasConditions = () => Boolean(OF[begun.act].conditions);
export const heading = () => OF[begun.act].heading(begun);
export const beside = () => OF[begun.act].beside?.(begun, chosen());

/** Return what is gathered, each by its id with the words for it. */
export function lines() {
  const line = OF[begun.act].line ?? called;
  return Object.entries(begun.found).map(([id, value]) => [id, line(id, value), value]);
}

/** Return the body of the statement, or the problem for which there is none. absent: whether what was not scanned is stated as missing. */
export const stated = (absent) => OF[begun.act].stated(begun, chosen(), absent ? missing() : []);

/** Return what becomes of things by the statement, as far as this bench knows. */
export const became = (body) => OF[begun.act].became?.(body) ?? [];

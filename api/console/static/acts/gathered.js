// Acts that are one statement about several things: what is scanned for it is gathered, and kept, until somebody is done.
//
// The list is one for all tabs of this browser. Each scan is put into it as it is kept by then, in one transaction; who signs
// it signs what they were shown, or nothing where it is another one by now. It ends in the transaction that keeps what was
// signed, so that a browser that is killed has either the one or the other.

import { changedHere } from "./changes.js";
import { count, dispose } from "./counting.js";
import { aliquot, pool } from "./dividing.js";
import { alter, Changed, get, note } from "./keeping.js";
import { called } from "./known.js";
import { accept, handOver, receive } from "./receiving.js";
import { word } from "./rows.js";
import { chosen } from "./sticky.js";
import { bad } from "./things.js";

const OF = { receive, "hand-over": handOver, accept, aliquot, pool, count, dispose };
const LIST = "list";
/** Under which an older version of this page kept what it had gathered, each of its tabs over what the others had. */
const OLDER = "begun";
const NONE = { revision: 0 };

export const GATHERS = Object.keys(OF);

let list = NONE;
/** What this tab alone is asked for: the thing that it scanned last, and whether its next scan is the label of a new tube. */
let here = {};
let older;

/** Return what is gathered for the act that is picked here; undefined: nothing was begun for it. */
export const current = () => (list.act && list.act === chosen().act ? { ...list, ...here } : undefined);

/** Return the act for which things are gathered and not left yet; undefined: for none. */
export const unsigned = () => (anything(list) ? list.act : undefined);

/** Take up what is kept; returns whether it is another list than the one that is shown. */
export async function recall() {
  const kept = (await get(LIST)) ?? NONE;
  // What this tab has changed meanwhile is newer than what was asked for before.
  if (kept.revision <= list.revision) return false;
  list = kept;
  return true;
}

const anything = (one) => Boolean(one?.act && (one.signed || Object.keys(one.found).length));
const fresh = (act) => ({ act, expected: [], found: {} });
const after = (kept, next) => ({ ...next, revision: kept.revision + 1 });

/** Change the list as it is kept by now. change: returns what it is then; the same: it stays as it is. */
async function keep(change) {
  [list] = await alter([LIST], (kept = NONE) => {
    const next = change(kept);
    return [next === kept ? kept : after(kept, next)];
  });
  changedHere();
}

/** Return what ends the list that is shown, for ``add`` and ``note`` of what is kept. Throws where another one is kept. */
function ending(next) {
  const { revision } = list;
  return [[LIST], (kept = NONE) => {
    if (kept.revision !== revision) throw new Changed();
    return [after(kept, next)];
  }];
}

/** Begin to gather for an act, or go on; returns whether it is begun. Not where things are gathered for another one. */
export async function begin(act) {
  await keep((kept) => (kept.act === act || anything(kept) ? kept : fresh(act)));
  here = {};
  return list.act === act;
}

/** Take a scan for an act. Returns what is to be said of it: whether it is good, a word, and what goes into the word. */
export const gather = (act, text) => taken(act, (begun) => OF[act].take(text, begun, chosen()));

/** Count all that the record has at the place. */
export const everywhere = () => taken("count", () => OF.count.everywhere(chosen()));

async function taken(act, take) {
  let said;
  await keep((kept) => {
    const begun = kept.act === act ? kept : fresh(act);
    if (begun !== kept && anything(kept)) said = bad("begun", { act: word(kept.act) });
    else said = kept.signed ? bad("is-signed", {}) : take({ ...begun, ...here });
    const { last, naming, ...next } = said.next ?? {};
    return said.next ? { ...begun, ...next } : kept;
  });
  const { next, ...told } = said;
  if (next) here = { last: next.last ?? here.last, naming: next.naming ?? here.naming };
  return told;
}

/** Let the next scan be the label of the new tube. */
export function name() {
  here = { ...here, naming: true };
}

/** Say of the item that was scanned last in what condition it is. */
export const condition = (code, id = here.last) =>
  keep((kept) => (kept.found?.[id] && !kept.signed ? { ...kept, found: { ...kept.found, [id]: code } } : kept));

/** Take an item out again that nobody has signed for. */
export async function drop(id) {
  await keep((kept) => {
    if (!kept.found?.[id] || kept.signed) return kept;
    const { [id]: _, ...found } = kept.found;
    return { ...kept, found };
  });
  if (here.last === id) here = {};
}

/** Forget what is gathered: nobody has signed it. Throws where another tab has changed it meanwhile. */
export async function anew() {
  [list] = await alter(...ending(fresh(list.act)));
  here = {};
  changedHere();
}

/** Return with what the list ends that is shown, once a statement of it is kept; ``ended`` is called behind that. */
export const end = () => ending(fresh(list.act));

/** Show what is kept behind the end of the list. */
export async function ended() {
  here = {};
  await recall();
  changedHere();
}

/** Return what was signed of the list and is not left for the second person yet; undefined: nothing. */
export const signedOf = () => list.signed;

/** Keep what was signed of the list until it is left for the second person. Throws where another tab has changed the list. */
export async function sign(signed) {
  [list] = await alter(...ending({ ...list, signed }));
  changedHere();
}

/** Begin anew behind what is left for the second person; entry: how that is kept. */
export async function left(entry) {
  await note(entry, [[LIST], (kept = NONE) => [kept.signed?.entry.id === entry.id ? after(kept, fresh(kept.act)) : kept]]);
  await ended();
}

/** Return what an older version of this page has gathered; undefined: nothing. */
export async function recallOlder() {
  const kept = await get(OLDER);
  older = anything(kept) ? kept : undefined;
  return older;
}

/** Go on with what an older version of this page has gathered. Returns whether so; not where things are gathered here. */
export async function takeOver() {
  [list] = await alter([LIST, OLDER], (kept = NONE, before) => {
    if (anything(kept) || !anything(before)) return [kept, before];
    const { last, naming, ...gathered } = before;
    return [after(kept, gathered), null];
  });
  changedHere();
  return !(await recallOlder());
}

/** Return whether anything is begun that would be lost. */
export const isBegun = () => Boolean(list.act && (anything(list) || list.parent || list.within !== undefined));

export const missing = () => list.expected.filter((id) => !list.found[id]);

export const hasConditions = () => Boolean(OF[list.act].conditions);
export const heading = () => OF[list.act].heading(current());
export const beside = () => OF[list.act].beside?.(list, chosen());

/** Return what is gathered, each by its id with the words for it. */
export function lines() {
  const line = OF[list.act].line ?? called;
  return Object.entries(list.found).map(([id, value]) => [id, line(id, value, list), value]);
}

/** Return the body of the statement, or the problem for which there is none. absent: whether what was not scanned is stated as missing. */
export const stated = (absent) => OF[list.act].stated(list, chosen(), absent ? missing() : []);

/** Return what becomes of things by the statement of an act, as far as this bench knows. */
export const became = (act, body) => OF[act].became?.(body) ?? [];

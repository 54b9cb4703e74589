// What the bench knows by heart: asked for with the session, and kept for when there is no network.
//
// The first time all of it comes, a page of things at a time; after that only what changed since.

import { get, put } from "./keeping.js";

const MOST = 20000;
let known;
let byKey = new Map();

/** Return what a scanned or typed text is looked for by. */
export const keyOf = (text) =>
  text.normalize("NFKC").replace(/\s+/g, " ").replace(/[‐-―−]/g, "-").trim().toLowerCase();

/** Return what is known; undefined where nothing ever was. */
export const who = () => known;

/** Take up what was kept. */
export async function recall() {
  take(await get("known"));
}

/** Ask anew; returns "known", "stranger" where nobody has signed in, "away" where nobody answers. */
export async function ask() {
  // In this page's language, whatever the cookie says: a page that the browser has kept sets none.
  const lang = document.documentElement.lang.slice(0, 2);
  try {
    const said = (known?.lang === lang && (await since(lang))) || (await all(lang));
    const skew = Math.round((Date.now() - Date.parse(said.now)) / 1000);
    take({ ...said, lang, asked: new Date().toISOString(), skew });
    await put("known", known);
    return "known";
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof Refused)) throw error;
    return error.status === 401 ? "stranger" : "away";
  }
}

class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

async function asked(lang, parameters) {
  const answer = await fetch(`/bench/known?${new URLSearchParams({ lang, ...parameters })}`);
  if (!answer.ok) throw new Refused(answer.status);
  return answer.json();
}

/** Return everything, as of the position at which its first page was made: what changed meanwhile comes next time. */
async function all(lang) {
  const said = await asked(lang, {});
  let { next } = said;
  const items = [...said.items];
  while (next && items.length < MOST) {
    const page = await asked(lang, { after: next });
    items.push(...page.items);
    next = page.next;
  }
  return { ...said, items: [...new Map(items.map((one) => [one.id, one])).values()], more: Boolean(next) };
}

/** Return what is known with what changed since it was asked for; undefined where all has to be asked for again. */
async function since(lang) {
  const { again, gone, ...said } = await asked(lang, { since: known.position });
  if (again || said.party !== known.party || said.log !== known.log) return undefined;
  const left = new Set(gone);
  for (const name of ["parties", "consignments", "items"]) {
    const changed = new Map(said[name].map((one) => [one.id, one]));
    said[name] = [...known[name].filter((one) => !left.has(one.id) && !changed.has(one.id)), ...changed.values()];
  }
  return { ...known, ...said };
}

function take(said) {
  known = said;
  byKey = new Map();
  for (const [sort, list] of [["item", said?.items ?? []], ["consignment", said?.consignments ?? []]]) {
    for (const one of list) {
      for (const key of one.keys) byKey.set(key, [...(byKey.get(key) ?? []), { sort, ...one }]);
    }
  }
}

/** Return what a text means: one thing, several, or none. */
export function meant(text, sort) {
  const key = keyOf(text);
  return (byKey.get(key) ?? byKey.get(text.trim()) ?? []).filter((one) => one.sort === sort);
}

/** Return what an item is called. */
export const called = (id) => (byKey.get(id) ?? []).find((one) => one.sort === "item" && one.id === id)?.name ?? id;

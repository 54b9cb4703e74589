// What the bench knows by heart: asked for with the session, and kept for when there is no network.

import { get, put } from "./keeping.js";

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
  let answer;
  try {
    // In this page's language, whatever the cookie says: a page that the browser has kept sets none.
    answer = await fetch(`/bench/known?lang=${document.documentElement.lang.slice(0, 2)}`);
  } catch {
    return "away";
  }
  if (answer.status === 401) return "stranger";
  if (!answer.ok) return "away";
  const said = await answer.json();
  const skew = Math.round((Date.now() - Date.parse(said.now)) / 1000);
  take({ ...said, asked: new Date().toISOString(), skew });
  await put("known", known);
  return "known";
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

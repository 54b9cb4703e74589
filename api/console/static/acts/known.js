// What the bench knows by heart: asked for with the session, and kept for when there is no network.
//
// The first time all of it comes, a page of things at a time; after that only what changed since.

import { alter, closed as ended, get, put, queued } from "./keeping.js";

const MOST = 20000;
/** What a bench of this version has to know; what an older one kept is asked for anew. */
const FORM = 2;
const ZEROS = /(?<![0-9])0+(?=[0-9])/g;
/** An id in what the service says; that of a key has nothing that it is called. */
const ID = /(?:item|approval|consignment|party|site|case|permit):[0-9A-Za-z](?:[0-9A-Za-z-]{0,62}[0-9A-Za-z])?/g;
const POSITION = /^(?=.{1,100}$)[0-9A-Za-z][\w.-]*(?:\/[0-9A-Za-z][\w.-]*)+$/;
let known;
let things = new Map();
let goods = new Map();
let byKey = new Map();
/** What becomes of things by what was signed here, by statement, for as long as the service has not told it. */
let ours = [];

/** Return what a scanned or typed text is looked for by. */
export const keyOf = (text) =>
  text.normalize("NFKC").replace(/\s+/g, " ").replace(/[‐-―−]/g, "-").trim().toLowerCase();

/** Return what a storage position is told apart by. */
const placeKey = (text) => text.replace(ZEROS, "").toLowerCase();

export const isPosition = (text) => POSITION.test(text);

/** Return what is known; undefined where nothing ever was. */
export const who = () => known;

/** Take up what was kept. What was noted of statements that the list has no more stands in the log. */
export async function recall() {
  ours = (await get("ours")) ?? [];
  const listed = new Set([...(await queued()), ...(await ended())].map((one) => one.id));
  const gone = new Set(ours.map((one) => one.statement).filter((one) => !listed.has(one)));
  if (gone.size) [ours] = await alter(["ours"], (kept) => [kept.filter((one) => !gone.has(one.statement))]);
  take(await get("known"));
}

/** Note what becomes of things by a statement that is signed and kept. */
export async function note(statement, rows) {
  if (!rows.length) return;
  ours = [...ours, { statement, rows }];
  rows.forEach(learned);
  // What was signed is kept already: where there is no room for this, the bench knows less after it is opened again.
  await alter(["ours"], (kept = []) => [[...kept, { statement, rows }]]).catch(() => {});
}

/** Take up what was noted in other tabs, and forget what was of statements that are refused, undone, or told of by the service.
 *
 * queue, closed: as they are kept. */
export async function settle(queue, closed) {
  const undone = [...queue, ...closed].filter((one) => one.said.act === "void").map((one) => one.said.body.statement);
  const told = closed.filter((one) => one.state !== "recorded" || one.position <= known?.position);
  const over = new Set([...undone, ...[...queue.filter((one) => one.state !== "waits"), ...told].map((one) => one.id)]);
  const stands = ({ statement }) => !over.has(statement);
  let kept = (await get("ours")) ?? [];
  if (!kept.every(stands)) [kept] = await alter(["ours"], (before) => [before.filter(stands)]);
  const here = new Set(ours.map((one) => one.statement));
  const elsewhere = kept.filter((one) => !here.has(one.statement));
  if (!elsewhere.length && ours.every(stands)) return;
  ours = [...ours.filter(stands), ...elsewhere];
  take(known);
}

/** Ask anew; returns "known", "stranger" where nobody has signed in, "away" where nobody answers. */
export async function ask() {
  // In this page's language, whatever the cookie says: a page that the browser has kept sets none.
  const lang = document.documentElement.lang.slice(0, 2);
  try {
    const said = (known?.lang === lang && known.form === FORM && (await since(lang))) || (await all(lang));
    const skew = Math.round((Date.now() - Date.parse(said.now)) / 1000);
    take({ ...said, form: FORM, lang, asked: new Date().toISOString(), skew });
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
  things = new Map();
  goods = new Map((said?.consignments ?? []).map((one) => [one.id, one]));
  byKey = new Map();
  for (const one of goods.values()) index("consignment", one);
  for (const one of [...(said?.items ?? []), ...ours.flatMap(({ rows }) => rows)]) learned(one);
}

/** Take in what is known of a thing, over what was known before. */
function learned(one) {
  if (!things.has(one.id)) index("item", one);
  things.set(one.id, one);
}

function index(sort, { id, keys }) {
  for (const key of keys) byKey.set(key, [...(byKey.get(key) ?? []), { sort, id }]);
}

/** Return what a text means: one thing, several, or none. */
export function meant(text, sort) {
  const found = byKey.get(keyOf(text)) ?? byKey.get(text.trim()) ?? [];
  return found.filter((one) => one.sort === sort).map(({ id }) => (sort === "item" ? things : goods).get(id));
}

/** Return what is known of an item; undefined: nothing. */
export const thingOf = (id) => things.get(id);

/** Return what an item is called. */
export const called = (id) => things.get(id)?.name ?? id;

/** Return what the service says, with each id by what it is called here; an id of what is not known here stays. */
export function named(text) {
  const own = known && [known.party, known.called];
  const names = new Map([...(known?.parties ?? []).map(({ id, name }) => [id, name]), ...(known?.places ?? []), ...(own ? [own] : [])]);
  return text.replace(ID, (id) => things.get(id)?.name ?? goods.get(id)?.name ?? names.get(id) ?? id);
}

/** Return ids in the order in which people count what these are called. */
export const inOrder = (ids) => [...ids].sort((one, other) => called(one).localeCompare(called(other), undefined, { numeric: true }));

/** Return another thing that stands in a position of a place, as far as this bench knows; undefined: none. */
export const occupant = (place, position, id) =>
  [...things.values()].find((one) => one.site === place && one.id !== id && one.place && placeKey(one.place) === placeKey(position));

/** Return the ids of what stands at a place within a container, "" for all of it; undefined where there is no such container. */
export function containerOf(place, within) {
  const key = placeKey(within);
  const stands = (one) => one.place && (placeKey(one.place) === key || placeKey(one.place).startsWith(`${key}/`));
  const found = [...things.values()].filter((one) => one.site === place && !one.out && (within === "" || stands(one)));
  return found.length || within === "" || isPosition(within) ? found.map((one) => one.id) : undefined;
}

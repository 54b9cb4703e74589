// What the bench keeps in the browser: the queue of what is signed and not recorded yet, what it knows, what is begun.
//
// A statement is kept before it is shown as signed: what is on the list survives the browser. The form of the database is
// never changed: a bench that needs another one opens another one, and leaves this one to be sent.

const NAME = "vialog-bench";
const STORES = ["queue", "kept", "closed"];

/** Another tab has changed what somebody was shown. */
export class Changed extends Error {
  constructor() {
    super("list-changed");
  }
}

function opened() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      const database = opening.result;
      database.createObjectStore("queue", { keyPath: "number", autoIncrement: true }).createIndex("id", "id", { unique: true });
      database.createObjectStore("closed", { keyPath: "id" });
      database.createObjectStore("kept");
    };
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => done(opening.result);
  });
}

/** Do something in one transaction, written through to the disk; returns what was asked for. */
async function within(mode, act) {
  const database = await opened();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(STORES, mode, { durability: "strict" });
      let why;
      const stop = (error) => {
        why = error;
        transaction.abort();
      };
      const asked = act(Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)])), stop);
      transaction.oncomplete = () => done(asked?.result);
      transaction.onabort = () => failed(why ?? transaction.error ?? new Error("QuotaExceededError"));
      transaction.onerror = () => {};
    });
  } finally {
    database.close();
  }
}

export const get = (name) => within("readonly", ({ kept }) => kept.get(name));

export const put = (name, value) => within("readwrite", ({ kept }) => kept.put(value, name));

/** Change what is kept under some names by what is there now: no other tab comes between.
 *
 * change: returns what is kept then, for each name, of what is there; where it throws, nothing is changed. */
export const alter = (names, change) => within("readwrite", ({ kept }, stop) => altered(kept, names, change, stop));

function altered(kept, names, change, stop) {
  const asked = names.map((name) => kept.get(name));
  const done = {};
  asked.at(-1).onsuccess = () => {
    try {
      done.result = change(...asked.map((one) => one.result));
    } catch (error) {
      return stop(error);
    }
    names.forEach((name, at) => kept.put(done.result[at], name));
  };
  return done;
}

/** Add a signed statement to the queue, and the number of the next one on this device, together or not at all.
 *
 * gathered: names, and what becomes of what is kept under them, as ``alter`` takes both: the list that it was made of.
 * replaces: what was refused, and comes off the queue for it. Throws Changed where another tab took that off meanwhile. */
export const add = (entry, next, { gathered, replaces } = {}) =>
  within("readwrite", ({ queue, kept, closed }, stop) => {
    kept.put(next, "sequence");
    if (gathered) altered(kept, ...gathered, stop);
    if (replaces) {
      queue.getKey(replaces.number).onsuccess = ({ target }) => (target.result === undefined ? stop(new Changed()) : undefined);
      queue.delete(replaces.number);
      closed.put({ ...replaces, state: "replaced" });
    }
    return queue.add(entry);
  });

export const queued = () => within("readonly", ({ queue }) => queue.getAll());

export const change = (entry) => within("readwrite", ({ queue }) => queue.put(entry));

/** Take an entry off the queue: what became of it stands among what is closed. */
export const close = (entry) =>
  within("readwrite", ({ queue, closed }) => {
    closed.put(entry);
    return queue.delete(entry.number);
  });

/** Keep what became of something that was never on the queue. gathered: as for ``add``. */
export const note = (entry, gathered) =>
  within("readwrite", ({ closed, kept }, stop) => {
    altered(kept, ...gathered, stop);
    return closed.put(entry);
  });

export const closed = () => within("readonly", ({ closed }) => closed.getAll());

/** Forget all but the newest of what is closed: it stands in the log. */
export const trim = (most) =>
  within("readwrite", ({ closed }) => {
    const asked = closed.getAllKeys();
    asked.onsuccess = () => asked.result.slice(0, -most).forEach((id) => closed.delete(id));
  });

// The queue: what was scanned is signed at once and kept, and sent in order, each until the service has answered it.
//
// One tab signs at a time and one tab sends at a time (Web Locks). A statement's own id says whether it is recorded
// already, so it may be sent again after an answer that was lost. One that is refused stands beside and holds nobody up.

import { storedKey } from "../keys.js";
import { changed } from "./changes.js";
import { add, change, close, get, queued } from "./keeping.js";
import { payload } from "./making.js";
import { handIn, signed } from "./statement.js";

const FIRST = 2000;
const MOST = 60000;
let wait = FIRST;
let timer;
let asked = false;
export let away = !navigator.onLine;

/** Sign what is said and keep it; it is on the queue when this returns, and nothing is where it throws.
 *
 * instead: what ends with it, as ``add`` takes it. */
export async function state(said, who, about, instead) {
  const entry = await navigator.locks.request("vialog-bench-sign", async () => {
    const key = await storedKey();
    if (key?.thumbprint !== who.key) throw new Error("no-key");
    const { device, next } = (await get("sequence")) ?? { device: `bench-${crypto.randomUUID().slice(0, 8)}`, next: 1 };
    const { value, bytes } = payload(said, who, { device, seq: next, offline: away || !navigator.onLine });
    const statement = await signed(key, bytes);
    const made = { id: value.id, at: value.occurred_at, said, about, statement, state: "waits", attempts: 0 };
    await add(made, { device, next: next + 1 }, instead);
    return made;
  });
  changed();
  send();
  return entry;
}

/** Send what waits, the oldest first; later again where nobody answers. */
export async function send() {
  if (asked) return; // whoever waits for the lock already looks at the queue once it has it
  asked = true;
  clearTimeout(timer);
  await navigator.locks.request("vialog-bench-send", async () => {
    asked = false;
    for (let waiting; (waiting = (await queued()).find((one) => one.state === "waits")); ) {
      if (!(await sent(waiting))) {
        timer = setTimeout(send, wait);
        wait = Math.min(MOST, wait * 2);
        return;
      }
      wait = FIRST;
    }
  });
}

/** Send one; returns whether the service said what becomes of it. */
async function sent(entry) {
  let answer;
  try {
    answer = await handIn(entry.statement);
  } catch {
    answer = { status: 0, said: {} };
  }
  const { status, said } = answer;
  away = status === 0;
  const later = away || status >= 500 || status === 408 || status === 429;
  if (status === 200 || status === 201) {
    await close({ ...entry, state: "recorded", position: said.position });
  } else if (!later) {
    await change({ ...entry, state: "refused", why: said.detail ?? said.title, breaches: said.breaches ?? [] });
  } else {
    await change({ ...entry, attempts: entry.attempts + 1, why: said.detail ?? said.title ?? "" });
  }
  changed();
  return !later;
}

/** Take something that was refused off the queue. became: what is to be remembered of it. */
export async function settle(entry, became) {
  await close({ ...entry, state: became });
  changed();
}

addEventListener("online", () => {
  wait = FIRST;
  send();
});

// Statements of the bench, made and signed here: their form is that of docs/formats.md, and the service judges them.

import { hex } from "../keys.js";

const now = () => new Date();

/** Return a new id of a statement: a UUID of version 7 (RFC 9562 5.7). */
function newId(when) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = when.getTime();
  for (let at = 0; at < 6; at += 1) bytes[at] = Math.floor(time / 2 ** (8 * (5 - at))) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Return what is signed. said: kind, role, body, and what else is said; who: as the bench knows them; queued: its place in
 * the queue of this device, where it has one; second: who of the same party signs it too. */
export function payload(said, who, queued, second) {
  const when = now();
  const { key, alg, party, person, log } = who;
  const { device, seq, offline } = queued ?? {};
  const signs = (by, meaning) => ({ key: by.key, alg: by.alg, party, person: by.person, role: said.role, meaning });
  const value = {
    v: 1,
    log,
    id: newId(when),
    kind: said.kind,
    occurred_at: when.toISOString().replace("Z", "000Z"),
    signers: [signs({ key, alg, person }, "performed"), ...(second ? [signs(second, "witnessed")] : [])],
    capture: queued ? { mode: offline ? "offline" : "bench", device, seq } : { mode: "bench" },
    ...(said.acknowledges ? { acknowledges: said.acknowledges } : {}),
    body: said.body,
  };
  return { value, bytes: new TextEncoder().encode(JSON.stringify(value)) };
}

// An act that two persons sign: the service tells it, its bytes are shown and signed here, and it waits for the second person.
//
// Telling needs the network, since who signs next signs the same bytes and has to be told the same breaches. What was
// scanned stays gathered until it is left for them.

import { storedKey } from "../keys.js";
import { goesOn } from "./leaving.js";
import { payload } from "./making.js";
import { broken, reasons, word } from "./rows.js";
import { digest, leaveHere, list, signed } from "./statement.js";

const at = (id) => document.getElementById(id);
let asked;

/** Take away what was told: what is gathered is another thing by now. */
export function hide() {
  asked = undefined;
  at("together").hidden = true;
  at("open").hidden = true;
}

/** Have an act told, and show it. said: kind, role and body; who, second: who signs. Returns why nothing is shown; undefined: it is. */
export async function propose(said, who, second) {
  hide();
  const { bytes } = payload(said, who, undefined, second);
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  let answer;
  let told;
  try {
    answer = await fetch("/bench/told", { method: "POST", headers, body: bytes });
    told = await answer.json();
  } catch {
    return ["needs-network", {}];
  }
  if (answer.status === 401) return ["needs-session", {}];
  if (!answer.ok) return ["not-told", { why: told.detail ?? told.title }];
  asked = { said, who, second, bytes, open: told.open };
  await show(told);
  return undefined;
}

async function show(told) {
  const ready = !told.refused && !told.open;
  at("told-sentence").textContent = told.sentence;
  at("told-signers").textContent = told.signers.join(" · ");
  at("told-refused").textContent = told.refused;
  const open = new Set(told.breaches.filter((one) => !one.reason).map((one) => one.rule));
  at("told-breaches").replaceChildren(...broken(told.breaches, open));
  at("facts").replaceChildren();
  if (ready) list(at("facts"), JSON.parse(new TextDecoder().decode(asked.bytes)));
  at("digest").textContent = ready ? (await digest(asked.bytes)).match(/.{8}/g).join(" ") : "";
  at("told-bytes").hidden = !ready;
  at("tell-again").hidden = !open.size || Boolean(told.refused);
  at("sign").hidden = !ready;
  at("together").hidden = false;
  at("together").scrollIntoView({ block: "nearest" });
}

/** Have it told again, with the reasons for which its breaches are acknowledged. Returns as propose. */
export async function again() {
  const given = reasons(at("told-breaches"));
  if (!given) return ["no-reason", {}];
  const { said, who, second } = asked;
  return propose({ ...said, acknowledges: [...(said.acknowledges ?? []), ...given] }, who, second);
}

/** Sign what is shown, and leave it for the second person.
 *
 * keep: called with what is signed before it leaves this browser; left: once it waits for them, or is saved for them. Throws as
 * keep does; then nothing has left. */
export async function sign(keep, left) {
  const key = await storedKey();
  if (key?.thumbprint !== asked.who.key) return ["no-key", {}];
  const { bytes, said, second } = asked;
  const read = JSON.parse(new TextDecoder().decode(bytes));
  const entry = { id: read.id, at: read.occurred_at, said, state: "left", person: second.person };
  const kept = { statement: await signed(key, bytes), read, entry };
  await keep(kept);
  hide();
  try {
    await leaveHere(kept.statement);
  } catch (error) {
    waits(kept, left);
    return ["not-left", { error: error.message || word("needs-network") }];
  }
  await left(entry);
  return undefined;
}

/** Show how what was signed goes on. left: as of ``sign``. */
export const waits = ({ statement, read, entry }, left) => goesOn(statement, { said: read }, () => left(entry));

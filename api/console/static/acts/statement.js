// A statement in the browser: its bytes are read, shown and signed here. Nothing else than what is shown is signed.

import { base64, fromBase64, hex, pae, signature } from "../keys.js";

export const TYPE = "application/vnd.vialog.statement+json";

const text = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** Return a payload's bytes with what they say. Throws where they are no text. */
export function read(written) {
  const bytes = fromBase64(written);
  return { bytes, said: JSON.parse(text(bytes)), shown: text(bytes) };
}

/** Return the SHA-256 of what a key signs for a payload. */
export const digest = async (bytes) => hex(await crypto.subtle.digest("SHA-256", pae(TYPE, bytes)));

/** Return at which place among the signers of a payload a key stands; -1: at none. */
export const placeOf = (said, key) => said.signers.findIndex((one) => one.key === key.thumbprint);

/** Say whether a payload is for this log, and names this key first among its signers, or at another place. */
export const isMine = (said, log, key, place = 0) =>
  said.log === log && said.signers[place]?.key === key.thumbprint && said.signers[place].alg === key.alg;

/** Yield each value of a payload with where it stands, in its order. */
function* facts(value, path = "") {
  if (value === null || typeof value !== "object") {
    yield [path, String(value)];
    return;
  }
  for (const [name, one] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path} ${Number(name) + 1}` : path ? `${path} · ${name}` : name;
    yield* facts(one, place);
  }
}

/** Show each value that a payload says in a list of terms, what happened before who says it. */
export function list(into, { body, acknowledges, kind, occurred_at, signers, ...rest }) {
  const said = { kind, body, occurred_at, ...(acknowledges && { acknowledges }), signers, ...rest };
  rows(into, facts(said));
}

/** Show names with what belongs to them in a list of terms. */
export function rows(into, pairs) {
  for (const [place, value] of pairs) {
    const row = into.appendChild(document.createElement("div"));
    row.className = "govuk-summary-list__row";
    for (const [name, words] of [["dt", place], ["dd", value]]) {
      const cell = row.appendChild(document.createElement(name));
      cell.className = `govuk-summary-list__${name === "dt" ? "key" : "value"}`;
      cell.textContent = words;
    }
  }
}

/** Return the name and the words of each disclosure. Throws where one is none whose digest stands in what is signed. */
export async function disclosed(said, disclosures) {
  const url = (bytes) => base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return Promise.all(disclosures.map(async (one) => {
    const found = url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(one)));
    if (!said._sd?.includes(found)) throw new Error("a disclosure that is not of this statement");
    const [, name, words] = JSON.parse(text(fromBase64(one.replace(/-/g, "+").replace(/_/g, "/"))));
    return [name, String(words)];
  }));
}

/** Return a signed statement as it is handed in. before: the signatures that others have made. */
export async function signed(key, bytes, before = [], disclosures = []) {
  const order = JSON.parse(text(bytes)).signers.map((one) => one.key);
  const place = (one) => order.indexOf(one.keyid);
  const signatures = [...before, await signature(key, TYPE, bytes)].sort((one, other) => place(one) - place(other));
  const envelope = { payload: base64(bytes), payloadType: TYPE, signatures };
  return JSON.stringify({ envelope, disclosures });
}

/** Leave a statement that lacks signatures on the service, for the inboxes of those who sign it. Throws where it is not kept. */
export async function leaveHere(statement) {
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  const answer = await fetch("/v1/open-statements", { method: "POST", headers, body: statement });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail ?? said.title);
}

/** Hand a signed statement in. Returns the status, and what is answered; throws where nothing is. */
export async function handIn(statement) {
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  const answer = await fetch("/v1/statements", { method: "POST", headers, body: statement, credentials: "omit" });
  const said = await answer.json();
  if (answer.ok) remember(said.position);
  return { status: answer.status, said };
}

/** Keep for a minute up to where something was just recorded, so that the pages that come next have it. */
export function remember(position) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `vialog-recorded=${position}; Path=/; Max-Age=60; SameSite=Strict${secure}`;
}

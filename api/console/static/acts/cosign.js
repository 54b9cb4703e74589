// The next signature under a statement that was left open: the same bytes, told and shown again, signed by another key.

import { able, keyAmong } from "../keys.js";
import { NotSigned } from "../outside.js";
import { goesOn } from "./leaving.js";
import { fail, show } from "./sections.js";
import { digest, disclosed, handIn, isMine, list, placeOf, read, rows, signed, TYPE } from "./statement.js";

const at = (id) => document.getElementById(id);
let key;
let left;
let disclosures;
let payload;

/** Open a statement that somebody left. written: as a file holds it. */
async function open(written) {
  for (const id of ["failed", "cosigning", "open", "recorded"]) at(id).hidden = true;
  try {
    ({ envelope: left, disclosures = [] } = JSON.parse(written));
    payload = read(left.payload);
    const unsigned = payload.said.signers.map((one) => one.key).filter((one) => !left.signatures.some(({ keyid }) => keyid === one));
    key = able() ? await keyAmong(unsigned) : undefined;
    const place = key ? placeOf(payload.said, key) : -1;
    if (left.payloadType !== TYPE || place < 0 || !isMine(payload.said, at("cosigning").dataset.log, key, place)) throw new Error();
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/cosign", { method: "POST", headers, body: written });
    const told = await answer.json();
    if (!answer.ok) return fail(told.detail ?? told.title);
    if (told.refused || told.open) return fail(told.refused || told.breaches.map((one) => `${one.rule}: ${one.problem}`).join("; "));
    await tell(told);
  } catch {
    fail(at("why-other").textContent);
  }
}

at("file").addEventListener("change", async () => open((await at("file").files[0].text()).trim()));

if (location.hash) {
  const answer = await fetch(`/v1/open-statements/${location.hash.slice(1)}`);
  const found = await answer.json();
  if (answer.ok) await open(JSON.stringify(found.submission));
  else fail(found.detail ?? found.title);
}

async function tell(told) {
  at("sentence").textContent = told.sentence;
  at("said").textContent = told.sentence;
  at("signers").textContent = told.signers.join(" · ");
  at("broken").hidden = !told.breaches.length;
  at("breaches").replaceChildren(...told.breaches.map((one) => {
    const row = document.createElement("li");
    row.textContent = `${one.rule} – ${one.problem} · ${one.clause} · ${one.reason}`;
    return row;
  }));
  at("names").replaceChildren(...told.names.map(([ident, name]) => {
    const row = document.createElement("li");
    row.textContent = `${name} · ${ident}`;
    return row;
  }));
  at("facts").replaceChildren();
  at("disclosed").replaceChildren();
  rows(at("disclosed"), await disclosed(payload.said, disclosures));
  list(at("facts"), payload.said);
  at("digest").textContent = (await digest(payload.bytes)).match(/.{8}/g).join(" ");
  show("cosigning");
}

at("sign").addEventListener("click", async () => {
  at("failed").hidden = true;
  try {
    const statement = await signed(key, payload.bytes, left.signatures, disclosures);
    if (left.signatures.length + 1 < payload.said.signers.length) {
      at("cosigning").hidden = true;
      return goesOn(statement, payload);
    }
    const { status, said } = await handIn(statement);
    if (status !== 200 && status !== 201) return fail(said.detail ?? said.title);
    at("cosigning").hidden = true;
    at("position").textContent = said.position;
    at("entry").href = `/entries/${said.position}`;
    show("recorded");
  } catch (error) {
    fail(error instanceof NotSigned ? error.message : at("why-lost").textContent);
  }
});

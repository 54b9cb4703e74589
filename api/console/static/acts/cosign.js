// The second signature under a statement that was left open: the same bytes, told and shown again, signed by another key.

import { able, storedKey } from "../keys.js";
import { digest, handIn, isMine, list, read, signed, TYPE } from "./statement.js";

const at = (id) => document.getElementById(id);
let key;
let left;
let payload;

function show(id) {
  at(id).hidden = false;
  at(id).focus();
}

function fail(words) {
  at("why").textContent = words;
  show("failed");
}

at("file").addEventListener("change", async () => {
  for (const id of ["failed", "cosigning", "recorded"]) at(id).hidden = true;
  try {
    const written = (await at("file").files[0].text()).trim();
    left = JSON.parse(written).envelope;
    payload = read(left.payload);
    key = able() ? await storedKey() : undefined;
    const waits = left.payloadType === TYPE && left.signatures.length === payload.said.signers.length - 1;
    if (!waits || !key || !isMine(payload.said, at("cosigning").dataset.log, key, left.signatures.length)) throw new Error();
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/cosign", { method: "POST", headers, body: written });
    const told = await answer.json();
    if (!answer.ok) return fail(told.detail ?? told.title);
    if (told.refused || told.open) return fail(told.refused || told.breaches.map((one) => `${one.rule}: ${one.problem}`).join("; "));
    await tell(told);
  } catch {
    fail(at("why-other").textContent);
  }
});

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
  list(at("facts"), payload.said);
  at("digest").textContent = (await digest(payload.bytes)).match(/.{8}/g).join(" ");
  show("cosigning");
}

at("sign").addEventListener("click", async () => {
  at("failed").hidden = true;
  try {
    const { status, said } = await handIn(await signed(key, payload.bytes, left.signatures));
    if (status !== 200 && status !== 201) return fail(said.detail ?? said.title);
    at("cosigning").hidden = true;
    at("position").textContent = said.position;
    at("entry").href = `/entries/${said.position}`;
    show("recorded");
  } catch {
    fail(at("why-lost").textContent);
  }
});

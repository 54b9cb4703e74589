// One act: what its bytes say is shown, and they are signed when that is meant, by the key of the sign-in.

import { able, keyAmong } from "../keys.js";
import { NotSigned } from "../outside.js";
import { goesOn } from "./leaving.js";
import { show } from "./sections.js";
import { digest, disclosed, handIn, isMine, list, read, rows, signed, TYPE } from "./statement.js";

const at = (id) => document.getElementById(id);
const signing = at("signing");
let key;
let payload;
let disclosures = [];
let statement;

async function begin() {
  payload = read(signing.dataset.payload);
  key = able() ? await keyAmong(payload.said.signers.map((one) => one.key)) : undefined;
  if (!key) return show("no-key");
  const found = await digest(payload.bytes);
  const right = signing.dataset.type === TYPE && found === signing.dataset.digest;
  if (!right || !isMine(payload.said, signing.dataset.log, key)) return show("other");
  disclosures = JSON.parse(signing.dataset.disclosures);
  try {
    rows(at("disclosed").querySelector("dl"), await disclosed(payload.said, disclosures));
  } catch {
    return show("other");
  }
  at("disclosed").hidden = !disclosures.length;
  list(at("facts"), payload.said);
  at("bytes").textContent = payload.shown;
  at("digest").textContent = found.match(/.{8}/g).join(" ");
  signing.hidden = false;
}

at("sign")?.addEventListener("click", async () => {
  at("failed").hidden = true;
  at("why").textContent = "";
  at("sign").disabled = true;
  try {
    statement ??= await signed(key, payload.bytes, [], disclosures);
    if (payload.said.signers.length > 1) {
      signing.hidden = true;
      return goesOn(statement, payload);
    }
    const { status, said } = await handIn(statement);
    if (status === 200 || status === 201) {
      signing.hidden = true;
      at("position").textContent = said.position;
      at("entry").href = `/entries/${said.position}`;
      return show("recorded");
    }
    at("why").textContent = said.detail ?? said.title;
  } catch (error) {
    at("why").textContent = error instanceof NotSigned ? error.message : at("why-lost").textContent;
  }
  at("sign").disabled = false;
  show("failed");
});

if (signing) await begin();

// One act: what its bytes say is shown, and they are signed when that is meant. The key that signs is this browser's.

import { able, storedKey } from "../keys.js";
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
  key = able() ? await storedKey() : undefined;
  payload = read(signing.dataset.payload);
  const asked = payload.said.signers.map((one) => one.key);
  if (!key || !asked.includes(key.thumbprint)) return show("no-key");
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
  at("sign").disabled = true;
  statement ??= await signed(key, payload.bytes, [], disclosures);
  if (payload.said.signers.length > 1) {
    signing.hidden = true;
    return goesOn(statement, payload);
  }
  try {
    const { status, said } = await handIn(statement);
    if (status === 200 || status === 201) {
      signing.hidden = true;
      at("position").textContent = said.position;
      at("entry").href = `/entries/${said.position}`;
      return show("recorded");
    }
    at("why").textContent = said.detail ?? said.title;
  } catch {
    at("why").textContent = at("why-lost").textContent;
  }
  at("sign").disabled = false;
  show("failed");
});

if (signing) await begin();

// One act: what its bytes say is shown, and they are signed when that is meant. The key that signs is this browser's.

import { able, storedKey } from "../keys.js";
import { digest, facts, handIn, isMine, read, signed, TYPE } from "./statement.js";

const at = (id) => document.getElementById(id);
const signing = at("signing");
let key;
let payload;
let statement;

function show(id) {
  at(id).hidden = false;
  at(id).focus();
}

/** Show each value that the bytes say, what happened before who says it. */
function list({ body, acknowledges, kind, occurred_at, signers, ...rest }) {
  const said = { kind, body, occurred_at, ...(acknowledges && { acknowledges }), signers, ...rest };
  for (const [place, value] of facts(said)) {
    const row = at("facts").appendChild(document.createElement("div"));
    row.className = "govuk-summary-list__row";
    for (const [name, words] of [["dt", place], ["dd", value]]) {
      const cell = row.appendChild(document.createElement(name));
      cell.className = `govuk-summary-list__${name === "dt" ? "key" : "value"}`;
      cell.textContent = words;
    }
  }
}

async function begin() {
  key = able() ? await storedKey() : undefined;
  payload = read(signing.dataset.payload);
  const asked = payload.said.signers.map((one) => one.key);
  if (!key || !asked.includes(key.thumbprint)) return show("no-key");
  const found = await digest(payload.bytes);
  const right = signing.dataset.type === TYPE && found === signing.dataset.digest;
  if (!right || !isMine(payload.said, signing.dataset.log, key)) return show("other");
  list(payload.said);
  at("bytes").textContent = payload.shown;
  at("digest").textContent = found.match(/.{8}/g).join(" ");
  signing.hidden = false;
}

at("sign")?.addEventListener("click", async () => {
  at("failed").hidden = true;
  at("sign").disabled = true;
  statement ??= await signed(key, payload.bytes);
  try {
    const { status, said } = await handIn(statement);
    if (status === 200 || status === 201) {
      signing.hidden = true;
      at("position").textContent = said.position;
      at("entry").href += said.position;
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

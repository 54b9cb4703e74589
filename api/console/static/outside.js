// A key outside the browser: its program, `vialog sign`, runs on this machine, tells there what it is asked to sign, and asks.
//
// What answers is not trusted: it is whatever program listens there. It is sent what is to be signed; a signature counts only
// once the service has verified it.

/** As in api/signer/address.py; no page's policy lets it connect to anything else but its own origin. */
const ADDRESS = "http://127.0.0.1:8093";

const words = () => document.getElementById("outside-words").dataset;

/** Nothing was signed. Its message says why, in the words of the page. */
export class NotSigned extends Error {}

async function asked(path, options = {}) {
  let answer;
  try {
    answer = await fetch(ADDRESS + path, { ...options, credentials: "omit", cache: "no-store", redirect: "error" });
  } catch {
    throw new NotSigned(words().absent);
  }
  if (answer.status === 409) throw new NotSigned(words().declined);
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new NotSigned(words().refused.replace("{why}", said.detail ?? answer.status));
  return said;
}

/** Return what is public of the keys that are open there. Throws NotSigned. */
export async function openKeys() {
  const { keys } = await asked("/keys");
  const right = Array.isArray(keys) && keys.every(({ thumbprint, alg, spki }) =>
    /^[0-9a-f]{64}$/.test(thumbprint) && ["ed25519", "es256"].includes(alg) && typeof spki === "string");
  if (!right) throw new NotSigned(words().absent);
  return keys.map(({ thumbprint, alg, spki }) => ({ thumbprint, alg, spki, outside: true }));
}

/** Return a signature in base64, once its person has agreed in the terminal. payload: base64. Throws NotSigned. */
export async function signedOutside(key, payloadType, payload) {
  const waiting = document.getElementById("outside-asks");
  waiting.hidden = false;
  try {
    const body = JSON.stringify({ key: key.thumbprint, payload, payloadType });
    const { sig } = await asked("/sign", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (typeof sig !== "string") throw new NotSigned(words().absent);
    return sig;
  } finally {
    waiting.hidden = true;
  }
}

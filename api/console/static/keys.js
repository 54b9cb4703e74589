// The key of this browser: made here, kept in IndexedDB, and never readable, not even by this page. Or one outside of it, of
// which only what is public is known here, and which its own program signs with.
// What is signed has the same forms as in the program: docs/formats.md, sections 6 and 26.

import { signedOutside } from "./outside.js";

const NAME = "vialog-keys";
const HALF = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const KINDS = {
  ed25519: { make: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  es256: { make: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
};

export const able = () => Boolean(globalThis.isSecureContext && globalThis.indexedDB && crypto.subtle);

export const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

export const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Make a key, Ed25519 where this browser has it, keep it, and say whether the browser promises to. */
export async function makeKey() {
  const [alg, pair] = await generated();
  const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
  const thumbprint = hex(await crypto.subtle.digest("SHA-256", spki));
  const key = { thumbprint, alg, spki: base64(spki), privateKey: pair.privateKey, made: new Date().toISOString() };
  await within("readwrite", (keys) => keys.put(key, "mine"));
  if (navigator.storage?.persist) await navigator.storage.persist();
  return key;
}

async function generated() {
  try {
    return ["ed25519", await crypto.subtle.generateKey(KINDS.ed25519.make, false, ["sign", "verify"])];
  } catch {
    return ["es256", await crypto.subtle.generateKey(KINDS.es256.make, false, ["sign", "verify"])];
  }
}

/** Return the key, or undefined. */
export const storedKey = () => within("readonly", (keys) => keys.get("mine"));

/** Remove the key for good. */
export const forgetKey = () => within("readwrite", (keys) => keys.delete("mine"));

/** Return what is public of the key outside the browser that was chosen, or undefined. */
export const outsideKey = () => within("readonly", (keys) => keys.get("outside"));

/** Choose a key outside the browser, as ``openKeys`` gives it. */
export const useOutside = (key) => within("readwrite", (keys) => keys.put(key, "outside"));

/** Choose none outside the browser. */
export const leaveOutside = () => within("readwrite", (keys) => keys.delete("outside"));

/** Return the key of this browser or the one outside of it, whichever is among some thumbprints; undefined: neither. */
export const keyAmong = async (thumbprints) =>
  [await storedKey(), await outsideKey()].find((one) => one && thumbprints.includes(one.thumbprint));

/** Say whether the browser promised not to remove it by itself. */
export const isKept = async () => Boolean(navigator.storage?.persisted && (await navigator.storage.persisted()));

/** Return what a key signs for a payload of a type: DSSE's encoding of both. */
export function pae(payloadType, payload) {
  const head = new TextEncoder().encode(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `);
  return new Uint8Array([...head, ...payload]);
}

/** Return the signature over a payload of a type. Throws NotSigned where a key outside the browser does not sign it. */
export async function signature(key, payloadType, payload) {
  if (key.outside) return { keyid: key.thumbprint, sig: await signedOutside(key, payloadType, base64(payload)) };
  const message = pae(payloadType, payload);
  const signed = new Uint8Array(await crypto.subtle.sign(KINDS[key.alg].sign, key.privateKey, message));
  return { keyid: key.thumbprint, sig: base64(key.alg === "es256" ? lowered(signed) : signed) };
}

/** Return r and s of an ECDSA signature with the lower of the two values that s may have. */
function lowered(signed) {
  const s = BigInt(`0x${hex(signed.slice(32))}`);
  if (s <= HALF) return signed;
  const low = (ORDER - s).toString(16).padStart(64, "0");
  return new Uint8Array([...signed.slice(0, 32), ...low.match(/../g).map((byte) => parseInt(byte, 16))]);
}

function within(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("keys", mode);
      const asked = act(transaction.objectStore("keys"));
      transaction.oncomplete = () => {
        opening.result.close();
        done(asked.result);
      };
      transaction.onerror = () => failed(transaction.error);
    };
  });
}

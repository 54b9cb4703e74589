// ------------------------------------------------------------------------------------------- 3, 9, 10: signatures

// WebCrypto verifies; what it leaves open is checked before.

const ED25519_NAME = { name: "Ed25519" };
const P256_NAME = { name: "ECDSA", namedCurve: "P-256" };
const ES256_NAME = { name: "ECDSA", hash: "SHA-256" };

/** Return a public key for WebCrypto, or null when it finds that the raw bytes are none. */
async function importKey(bytes, algorithm) {
  try {
    return await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
  } catch {
    return null; // checkEngine has shown that the engine knows the algorithm, so it is the key's fault
  }
}

async function verifyEd25519(encoded, message, signature) {
  const key = await importKey(encoded, ED25519_NAME);
  return key !== null && crypto.subtle.verify(ED25519_NAME, key, signature, message);
}

/** Refuse to verify in an engine that cannot: a missing algorithm must never look like a bad signature. */
async function checkEngine() {
  if (globalThis.crypto?.subtle === undefined) {
    throw new EngineUnfit("this browser offers no WebCrypto here");
  }
  // The first test of RFC 8032 section 7.1: the empty message.
  const key = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const signature = fromHex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  );
  const changed = signature.slice();
  changed[0] ^= 1;
  // By the same key over the same message, with a point of order 8 added to R: only the equation times 8 holds.
  const loose = fromHex(
    "cdbc161be64c4302f56443ff29ccf36a2075be1a1fa67ff126b56315f5681c38" +
      "14ed73aaa30af58e9420df3468288232be67aa0f3367f2ff0c5d1551c0e4bc08",
  );
  const given = [signature, changed, loose];
  const verified = await Promise.all(given.map((one) => verifyEd25519(key, new Uint8Array(0), one)));
  if (verified.join() !== "true,false,false") {
    throw new EngineUnfit("this browser's WebCrypto does not verify Ed25519, or not strictly");
  }
  // What composes only since Unicode 13.0, and a mark that is put in order only since 14.0.
  if ("\u{11935}\u{11930}a\u0301\u1dfa".normalize("NFC") !== "\u{11938}\u00e1\u1dfa") {
    throw new EngineUnfit("this browser does not normalise text as Unicode 14.0 does");
  }
}

// ------------------------------------------------------------------------------------------------- 4, 6: the tree

// RFC 6962 section 2.1: leaf = SHA-256(00, entry), node = SHA-256(01, left, right).

function leafHash(entry) {
  return sha256(Uint8Array.of(0), entry);
}

/** Check that a leaf hash stands at an index of the tree with some size and root. RFC 9162 2.1.3.2. */
async function checkInclusion(leaf, index, size, proof, root) {
  if (index < 0 || index >= size) {
    throw new IntegrityFailed(`inclusion proof: leaf ${index} is not in a tree of ${size} leaves`);
  }
  const path = inclusionPath(index, size);
  if (proof.length !== path.length) {
    throw new IntegrityFailed(`inclusion proof: ${proof.length} hashes where ${path.length} are needed`);
  }
  if ([leaf, root, ...proof].some((hash) => hash.length !== HASH_SIZE)) {
    throw new IntegrityFailed(`inclusion proof: a hash is not ${HASH_SIZE} bytes long`);
  }
  let reached = leaf;
  for (const [at, given] of proof.entries()) {
    reached = path[at] === "left" ? await nodeHash(given, reached) : await nodeHash(reached, given);
  }
  if (!equalBytes(reached, root)) {
    throw new IntegrityFailed(`inclusion proof: leaf ${index} does not lead to the root of ${size} leaves`);
  }
}

/** Return on which side of the path to a leaf each sibling stands, the leaf's own sibling first. */
function inclusionPath(index, size) {
  const sides = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    let middle = 1; // the largest power of two smaller than the number of leaves
    while (middle * 2 < end - start) {
      middle *= 2;
    }
    if (index < start + middle) {
      sides.push("right");
      end = start + middle;
    } else {
      sides.push("left");
      start += middle;
    }
  }
  return sides.reverse();
}

function nodeHash(left, right) {
  return sha256(Uint8Array.of(1), left, right);
}

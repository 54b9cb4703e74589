// ----------------------------------------------------------------------------------------- 3 checkpoint: its text

// Three lines: the log's origin, the number of its leaves, the root over them.

const HASH_SIZE = 32;
const EMPTY_ROOT = fromHex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"); // SHA-256 of nothing

function decodeCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] !== "") {
    throw new Malformed("TLOG-03", "$", "not exactly three lines, each with its newline");
  }
  if (!isKeyName(lines[0])) {
    throw new Malformed("TLOG-03", "origin", "not a key name");
  }
  const size = readNumber(lines[1], "TLOG-03", "size");
  const root = readBase64(lines[2], "TLOG-03", "root", HASH_SIZE);
  if (size === 0n && !equalBytes(root, EMPTY_ROOT)) {
    throw new Malformed("TLOG-03", "root", "not the root of the empty tree");
  }
  return { origin: lines[0], size, root };
}

// ----------------------------------------------------------------------------------------------- 3 checkpoint: keys

// A key of a log or a witness is one line: name "+" hex of the key id "+" base64(type, public key).

const ED25519 = 0x01;
const ED25519_COSIGNATURE = 0x04;
const ML_DSA_44 = 0x06;
const PUBLIC_KEY_SIZE = { [ED25519]: 32, [ED25519_COSIGNATURE]: 32, [ML_DSA_44]: 1312 };

/** Say whether a text can name a key: 1 to 255 bytes, no white space, no control character, no plus. */
function isKeyName(name) {
  // White space is spelled out: what \s means differs between languages.
  const unfit = /[\u0000-\u0020+\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
  const bytes = utf8(name).length;
  return !unfit.test(name) && bytes > 0 && bytes <= 255;
}

async function parseVkey(text) {
  const [name, id, ...rest] = text.split("+");
  const encoded = rest.join("+");
  if (!isKeyName(name) || encoded === "") {
    throw new Malformed("TLOG-02", "vkey", "not a name, a key id and a key with a plus between");
  }
  const raw = readBase64(encoded, "TLOG-02", "vkey");
  if (PUBLIC_KEY_SIZE[raw[0]] === undefined) {
    throw new Malformed("TLOG-02", "vkey", "the signature type is none of 01, 04 and 06");
  }
  if (raw.length - 1 !== PUBLIC_KEY_SIZE[raw[0]]) {
    throw new Malformed("TLOG-02", "vkey", "the public key has the wrong length for its type");
  }
  const keyId = hex((await sha256(utf8(`${name}\n`), raw)).subarray(0, 4));
  if (keyId !== id) {
    throw new Malformed("TLOG-02", "vkey", "the key id is not that of the name and key");
  }
  const key = { name, type: raw[0], public: raw.slice(1), id: keyId };
  try {
    admitNoteKey(key);
  } catch (error) {
    throw error instanceof NotTrusted ? new Malformed("TLOG-02", "vkey", error.problem) : error;
  }
  return key;
}

/** Refuse a key with which others than its holder can sign, or that verifiers read differently. */
function admitNoteKey(key) {
  if (key.type !== ML_DSA_44) {
    checkEd25519Point(key.public);
  } else if (weightOfT1(key.public.subarray(32)) < LEAST_T1) {
    throw new NotTrusted("TLOG-02", "the numbers t1 of the key are so small that anybody can sign");
  }
}

const LEAST_T1 = 1 << 17;

/**
 * Return how far the 1024 numbers t1 of an ML-DSA-44 key are from 0, all together; 1023 stands for -1, since 1023 * 2^13
 * is that to the modulus. With all of them near 0 a signature of z = 0 passes, and nobody needs the secret; those of an
 * honest key add up to twice the least that is asked, give or take 5,000. FIPS 204 algorithms 3 and 8.
 */
function weightOfT1(bytes) {
  return unpack(bytes, 10)
    .flat()
    .reduce((sum, number) => sum + Math.min(number, 1023 - number), 0);
}

// ----------------------------------------------------------------------------------------------- 3 checkpoint: note

// A signed note: a text, a blank line, and lines "— name base64(key id, signature)".

const MAX_NOTE = 1000000;
const MAX_SIGNATURES = 100;
const DASH = "\u2014 ";

function parseNote(data) {
  if (data.length > MAX_NOTE) {
    throw new Malformed("TLOG-01", "$", `larger than ${MAX_NOTE} bytes`);
  }
  const text = decodeUtf8(data);
  if (text === null || /[\u0000-\u0009\u000b-\u001f]/.test(text)) {
    throw new Malformed("TLOG-01", "$", "not UTF-8, or a control character other than newline");
  }
  const blank = text.lastIndexOf("\n\n");
  if (blank < 0) {
    throw new Malformed("TLOG-01", "$", "no blank line before the signatures");
  }
  const lines = text.slice(blank + 2).split("\n");
  if (lines.pop() !== "" || lines.length === 0 || lines.length > MAX_SIGNATURES) {
    const problem = `not 1 to ${MAX_SIGNATURES} signature lines, each with its newline`;
    throw new Malformed("TLOG-01", "signatures", problem);
  }
  return { text: text.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line, at) {
  const member = `signatures[${at}]`;
  const [, name, encoded] = new RegExp(`^${DASH}([^ ]*) (.*)$`, "s").exec(line) ?? [];
  if (name === undefined || !isKeyName(name)) {
    throw new Malformed("TLOG-01", member, "not a dash, a key name and a signature with one space between");
  }
  const raw = readBase64(encoded, "TLOG-01", member);
  if (raw.length <= 4) {
    throw new Malformed("TLOG-01", member, "too short for a key id and a signature");
  }
  return { name, id: hex(raw.subarray(0, 4)), signature: raw.subarray(4) };
}

/** Return {key, time} for each signature of a known key; time in POSIX seconds, a BigInt, null where none is stated. */
async function verifiedSignatures(note, keys) {
  const signed = [];
  for (const line of note.signatures) {
    const key = keys.find((one) => one.name === line.name && one.id === line.id);
    if (key !== undefined) {
      signed.push({ key, time: await verifyNoteSignature(key, note.text, line.signature) });
    }
  }
  if (signed.length === 0) {
    throw new NotTrusted("TLOG-12", "no known key has signed the note");
  }
  return signed;
}

/** Return the time that a signature over a note's text states; raises NotTrusted when it does not verify. */
async function verifyNoteSignature(key, text, signature) {
  const what = `the ${key.type === ED25519 ? "signature" : "cosignature"} of ${key.name}`;
  const plain = key.type === ED25519;
  const time = plain ? 0n : bigEndian(signature.subarray(0, 8));
  const verifies = plain
    ? await verifyNoteEd25519(key.public, utf8(text), signature)
    : await verifyCosignature(key, text, time, signature.subarray(8));
  if (!verifies) {
    throw new NotTrusted("TLOG-11", `${what} does not verify`);
  }
  if (time >= LIMIT) {
    throw new NotTrusted("TLOG-11", `${what} states a time of 2^63 or above`);
  }
  return time === 0n ? null : time;
}

/** Say whether an Ed25519 signature counts, by the same strict reading as a statement's. */
async function verifyNoteEd25519(encoded, message, signature) {
  return signature.length === 64 && ed25519Fault(signature) === null && verifyEd25519(encoded, message, signature);
}

async function verifyCosignature(key, text, time, signature) {
  if (key.type === ED25519_COSIGNATURE) {
    return verifyNoteEd25519(key.public, utf8(`cosignature/v1\ntime ${time}\n${text}`), signature);
  }
  try {
    return verifyMlDsa44(key.public, subtreeMessage(key.name, decodeCheckpoint(text), time), signature);
  } catch (error) {
    if (error instanceof Malformed) {
      return false; // the text is not that of a checkpoint, so no such cosignature can be over it
    }
    throw error;
  }
}

/** Return what an ML-DSA-44 cosignature signs. */
function subtreeMessage(name, checkpoint, time) {
  const short = (text) => concat(Uint8Array.of(utf8(text).length), utf8(text));
  return concat(
    ...[utf8("subtree/v1\n\0"), short(name), u64(time), short(checkpoint.origin)],
    ...[u64(0), u64(checkpoint.size), checkpoint.root],
  );
}

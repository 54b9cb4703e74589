// ----------------------------------------------------------------------------------------------------------- bytes

const UTF8 = new TextEncoder();

function utf8(text) {
  return UTF8.encode(text);
}

/** Return the text of some UTF-8 bytes, a byte order mark kept; null when they are not UTF-8. */
function decodeUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Return the text of some ASCII bytes; null when they are not ASCII. */
function decodeAscii(bytes) {
  return bytes.every((byte) => byte < 0x80) ? decodeUtf8(bytes) : null;
}

function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function equalBytes(one, other) {
  if (one.buffer === other.buffer && one.byteOffset === other.byteOffset && one.length === other.length) {
    return true; // the same place in memory
  }
  let at = one.length === other.length ? 0 : -1;
  while (at >= 0 && at < one.length && one[at] === other[at]) {
    at += 1;
  }
  return at === one.length;
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Return the whole number that some bytes write, the first byte being the highest. */
function bigEndian(bytes) {
  return BigInt(`0x${hex(bytes) || "0"}`);
}

function littleEndian(bytes) {
  return bigEndian(bytes.slice().reverse());
}

/** Return the 8 bytes of a number from 0 to 2^64 - 1, the highest first. */
function u64(number) {
  return fromHex(BigInt(number).toString(16).padStart(16, "0"));
}

function encodeBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return btoa(text);
}

/** Return the bytes of a base64 text in its one spelling (RFC 4648 section 4); null of any other text. */
function decodeBase64(text) {
  // atob forgives white space and missing padding, so what it reads is written again and compared.
  if (text.length % 4 !== 0 || !/^[0-9A-Za-z+/]*={0,2}$/.test(text)) {
    return null;
  }
  const padding = text.endsWith("==") ? 2 : Number(text.endsWith("="));
  const chars = atob(text);
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = chars.charCodeAt(at);
  }
  return btoa(chars) === text ? bytes : null;
}

function encodeBase64url(bytes) {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Return the bytes of a base64url text in its one spelling without padding; null of any other text. */
function decodeBase64url(text) {
  if (!/^[0-9A-Za-z_-]*$/.test(text)) {
    return null;
  }
  const padded = text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return decodeBase64(padded);
}

/** Return the SHA-256 of some parts, joined. What is short is hashed here: WebCrypto takes its time for each call. */
async function sha256(...parts) {
  const message = parts.length === 1 ? parts[0] : concat(...parts);
  return message.length <= 256 ? shortSha256(message) : new Uint8Array(await crypto.subtle.digest("SHA-256", message));
}

const SHA256_START = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
);
const SHA256_ROUNDS = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

/** Return the SHA-256 of a short message. FIPS 180-4 section 6.2. */
function shortSha256(message) {
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  const state = SHA256_START.slice();
  for (let at = 0; at < padded.length; at += 64) {
    compressBlock(state, view, at);
  }
  const hash = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => hash.setInt32(4 * place, word));
  return new Uint8Array(hash.buffer);
}

function compressBlock(state, view, at) {
  const turn = (word, by) => (word >>> by) | (word << (32 - by));
  const words = new Int32Array(64);
  for (let t = 0; t < 16; t += 1) {
    words[t] = view.getInt32(at + 4 * t);
  }
  for (let t = 16; t < 64; t += 1) {
    const [x, y] = [words[t - 15], words[t - 2]];
    const schedule = (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    words[t] = words[t - 16] + words[t - 7] + schedule;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t += 1) {
    const chosen = (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g));
    const most = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    const sum = h + chosen + SHA256_ROUNDS[t] + words[t];
    [h, g, f, e] = [g, f, e, (d + sum) | 0];
    [d, c, b, a] = [c, b, a, (sum + most) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place] += word));
}

const LIMIT = 1n << 63n;

/** Return the number, a BigInt, that a decimal text writes: no leading zero, below 2^63. */
function readNumber(text, rule, member) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text) || BigInt(text) >= LIMIT) {
    throw new Malformed(rule, member, "not a decimal number below 2^63 without leading zeros");
  }
  return BigInt(text);
}

/** Return the bytes that a base64 text writes; length: how many they must be, null for any number. */
function readBase64(text, rule, member, length = null) {
  const bytes = decodeBase64(text);
  if (bytes === null) {
    throw new Malformed(rule, member, "not the one base64 spelling of its bytes");
  }
  if (length !== null && bytes.length !== length) {
    throw new Malformed(rule, member, `${bytes.length} bytes where ${length} are expected`);
  }
  return bytes;
}

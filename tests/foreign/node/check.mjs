// Verifies and makes checkpoints' signatures with Node's own crypto (OpenSSL), from C2SP's texts alone. A job is read as
// JSON from standard input, and its result written as JSON to standard output:
//
//   {do: "verify", note, vkeys}               -> the verified signatures, each {name, type, time}
//   {do: "sign", text, origin, witness, time} -> {note, vkeys}: both sign in their two ways, each with a fresh key
//   {do: "public", pem, passphrase, type}     -> the raw public key of an encrypted key file, in base64
//
// It ends with an error when a known key's signature does not verify.
import crypto from "node:crypto";
import fs from "node:fs";

const ED25519 = 1;
const ED25519_COSIGNATURE = 4;
const ML_DSA_44 = 6;

// What stands before the raw key in a SubjectPublicKeyInfo: RFC 8410, RFC 9881.
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");
const ML_DSA_44_SPKI = Buffer.from("30820532300b06096086480165030403110382052100", "hex");
const spkiOf = (type) => (type === ML_DSA_44 ? ML_DSA_44_SPKI : ED25519_SPKI);

const base64 = (text) => Buffer.from(text, "base64");

function u64(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(number));
  return bytes;
}

function short(text) {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
}

function keyId(name, type, raw) {
  const bytes = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([type]), raw]);
  return crypto.createHash("sha256").update(bytes).digest().subarray(0, 4);
}

function message(name, type, text, time) {
  const [origin, size, root] = text.split("\n");
  switch (type) {
    case ED25519:
      return Buffer.from(text);
    case ED25519_COSIGNATURE:
      return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
    case ML_DSA_44:
      return Buffer.concat([
        Buffer.from("subtree/v1\n\0"), short(name), u64(time), short(origin), u64(0), u64(size), base64(root),
      ]);
    default:
      throw new Error(`an unknown type: ${type}`);
  }
}

function readVkey(vkey) {
  const [name, id, encoded] = vkey.match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/).slice(1);
  const [type, raw] = [base64(encoded)[0], base64(encoded).subarray(1)];
  if (!keyId(name, type, raw).equals(Buffer.from(id, "hex"))) {
    throw new Error(`the key id is not that of ${name}`);
  }
  const key = crypto.createPublicKey({ key: Buffer.concat([spkiOf(type), raw]), format: "der", type: "spki" });
  return { name, id, type, key };
}

function verify({ note, vkeys }) {
  const end = note.lastIndexOf("\n\n") + 1;
  const text = note.slice(0, end);
  const known = vkeys.map(readVkey);
  const verified = [];
  for (const line of note.slice(end + 1).trimEnd().split("\n")) {
    const [, name, encoded] = line.match(/^\u2014 (\S+) (\S+)$/);
    const id = base64(encoded).subarray(0, 4).toString("hex");
    const rest = base64(encoded).subarray(4);
    const found = known.find((one) => one.name === name && one.id === id);
    if (!found) {
      continue;
    }
    const stamped = found.type !== ED25519;
    const time = stamped ? Number(rest.readBigUInt64BE()) : null;
    const signature = stamped ? rest.subarray(8) : rest;
    if (!crypto.verify(null, message(name, found.type, text, time), found.key, signature)) {
      throw new Error(`the signature of ${name} does not verify`);
    }
    verified.push({ name, type: found.type, time });
  }
  return verified;
}

function rawPublic(key, type) {
  return crypto.createPublicKey(key).export({ format: "der", type: "spki" }).subarray(spkiOf(type).length);
}

function signLine(name, type, text, time) {
  const { privateKey } = crypto.generateKeyPairSync(type === ML_DSA_44 ? "ml-dsa-44" : "ed25519");
  const raw = rawPublic(privateKey, type);
  const signature = crypto.sign(null, message(name, type, text, time), privateKey);
  const id = keyId(name, type, raw);
  const stamp = type === ED25519 ? Buffer.alloc(0) : u64(time);
  return {
    line: `\u2014 ${name} ${Buffer.concat([id, stamp, signature]).toString("base64")}\n`,
    vkey: `${name}+${id.toString("hex")}+${Buffer.concat([Buffer.from([type]), raw]).toString("base64")}`,
  };
}

function sign({ text, origin, witness, time }) {
  const lines = [
    signLine(origin, ED25519, text, time),
    signLine(origin, ML_DSA_44, text, time),
    signLine(witness, ED25519_COSIGNATURE, text, time),
    signLine(witness, ML_DSA_44, text, time),
  ];
  return { note: `${text}\n${lines.map(({ line }) => line).join("")}`, vkeys: lines.map(({ vkey }) => vkey) };
}

function publicOf({ pem, passphrase, type }) {
  return rawPublic(crypto.createPrivateKey({ key: pem, passphrase }), type).toString("base64");
}

const JOBS = { verify, sign, public: publicOf };
const job = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(JOBS[job.do](job)));

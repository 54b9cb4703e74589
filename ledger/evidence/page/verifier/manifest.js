// ------------------------------------------------------------------------------------------------------ 2 manifest

const FORMAT = "vialog-evidence/2";
const ANSWERED = "vialog-evidence/3"; // with a claimed answer
const IN_PART = "vialog-evidence/4"; // something is withheld, with or without an answer
const NO_FORMAT = `is not ${FORMAT}, ${ANSWERED} or ${IN_PART}`;
const MAX_POSITION = 1e15 - 1;
const LOG_NAME = /^[0-9A-Za-z][0-9A-Za-z._~:/-]{0,127}$/;
const SHA256_HEX = /^[0-9a-f]{64}$/;
const WHY = ["subject", "ancestor", "approval", "consignment", "permit", "party", "site", "key", "answer"];
const MANIFEST_MEMBERS = ["format", "log", "size", "subject", "entries", "complete", "status", "disclosures"];
const MANIFEST_LISTS = 6;

/** Raise for a manifest of a later format, whatever else its bundle holds. */
function checkFormat(data) {
  const [, said] = /^\{"format":"([a-z/0-9-]{1,64})"/.exec(decodeAscii(data.subarray(0, 128)) ?? "") ?? [];
  const newer = newerFormat(said ?? "", IN_PART);
  if (newer !== "") {
    throw new Malformed("EVD-04", "$.format", NO_FORMAT, newer);
  }
}

/** Return what a manifest claims; nothing of it is checked. */
function parseManifest(data) {
  // Counted before they are made: a few megabytes of brackets become hundreds of objects.
  if (countBytes(data, 0x7b) > MAX_FILES + 1 || countBytes(data, 0x5b) > MANIFEST_LISTS) {
    throw new Malformed("EVD-04", "$", `has more than ${MANIFEST_LISTS} lists, or more than ${MAX_FILES} objects in them`);
  }
  const text = decodeAscii(data);
  const value = parseAsciiJson(text);
  const inPart = value instanceof Map && value.get("format") === IN_PART;
  const said = readMembers(value, "$", [...MANIFEST_MEMBERS, ...(inPart ? ["withheld", "part", "answered"] : [])]);
  if (![FORMAT, ANSWERED, IN_PART].includes(said.get("format"))) {
    throw new Malformed("EVD-04", "$.format", NO_FORMAT);
  }
  const size = readPosition(said.get("size"), "$.size", MAX_POSITION);
  const manifest = {
    format: said.get("format"),
    log: readForm(said.get("log"), "$.log", "EVD-04", LOG_NAME, "the origin of a log"),
    size,
    subject: readTag(said.get("subject"), "$.subject"),
    entries: readItems(said, "entries").map(([one, member]) => readListed(one, member, size)),
    complete: readItems(said, "complete").map(([one, member]) => readTag(one, member)),
    status: readItems(said, "status").map(([one, member]) => readTag(one, member)),
    disclosures: readItems(said, "disclosures").map(([one, member]) => readListedDisclosure(one, member, size)),
  };
  if (inPart) {
    manifest.withheld = readItems(said, "withheld").map(([one, member]) => readListedWithheld(one, member, size));
    manifest.part = readItems(said, "part").map(([one, member]) => readTag(one, member));
    manifest.answered = said.get("answered") === true;
  }
  checkAscending("entries", manifest.entries, (one, next) => one.position < next.position);
  checkAscending("withheld", withheldOf(manifest), (one, next) => one.position < next.position);
  checkAscending("part", partOf(manifest), (one, next) => one < next);
  checkAscending("complete", manifest.complete, (one, next) => one < next);
  checkAscending("status", manifest.status, (one, next) => one < next);
  checkSaidOnce(manifest);
  if (!isAnswered(manifest) && manifest.entries.some((one) => one.why === "answer")) {
    throw new Malformed("EVD-04", "$.entries", "one is there for an answer, and there is none");
  }
  checkAscending("disclosures", manifest.disclosures, (one, next) =>
    one.position === next.position ? one.digest < next.digest : one.position < next.position,
  );
  // JSON.parse forgives; here the text is compared with the one way to write what was read.
  if ((inPart && withheldOf(manifest).length + partOf(manifest).length === 0) || JSON.stringify(manifest) !== text) {
    throw new Malformed("EVD-04", "$", "is not written in its one form: member order, white space or escapes");
  }
  return manifest;
}

/** Say whether a bundle claims an answer; whether it follows from the events is not checked here. */
function isAnswered({ format, answered }) {
  return format === ANSWERED || answered === true;
}

/** Return the entries that a bundle withholds, {position, leaf} each. */
function withheldOf({ withheld = [] }) {
  return withheld;
}

/** Return the tags of which a bundle shows a part, and claims nothing. */
function partOf({ part = [] }) {
  return part;
}

/** Return what a bundle withholds in words: how many entries, at which positions, and of which subjects it shows a part. */
function withheldWords(manifest) {
  const [positions, part] = [withheldOf(manifest).map(({ position }) => position), partOf(manifest)];
  const at = positions.length > 0 ? ` at position ${few(positions)}` : "";
  return `entries: ${positions.length}${at}${part.length > 0 ? `; shown in part: ${few(part)}` : ""}`;
}

/** Refuse what is said of a tag or a position twice: nothing is here and withheld, or complete and in part. */
function checkSaidOnce(manifest) {
  const [complete, here] = [new Set(manifest.complete), new Set(manifest.entries.map(({ position }) => position))];
  if (manifest.status.some((tag) => complete.has(tag))) {
    throw new Malformed("EVD-04", "$.status", "names a tag that is complete");
  }
  if (partOf(manifest).some((tag) => complete.has(tag) || manifest.status.includes(tag))) {
    throw new Malformed("EVD-04", "$.part", "names a tag that is complete or of status");
  }
  if (withheldOf(manifest).some(({ position }) => here.has(position))) {
    throw new Malformed("EVD-04", "$.withheld", "names an entry that is here");
  }
}

function countBytes(bytes, byte) {
  let count = 0;
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) {
    count += 1;
  }
  return count;
}

function parseAsciiJson(text) {
  try {
    return withMaps(JSON.parse(text ?? ""));
  } catch {
    throw new Malformed("EVD-04", "$", "is not JSON in ASCII");
  }
}

/** Return what JSON.parse gave with a Map for each object, as deep as a manifest goes. */
function withMaps(value, depth = 0) {
  if (typeof value !== "object" || value === null || depth > 3) {
    return value;
  }
  const inner = (one) => withMaps(one, depth + 1);
  return Array.isArray(value)
    ? value.map(inner)
    : new Map(Object.entries(value).map(([name, one]) => [name, inner(one)]));
}

function readItems(said, name) {
  return readArray(said.get(name), `$.${name}`, 0, MAX_FILES).map((one, index) => [one, `$.${name}[${index}]`]);
}

function readListed(value, member, size) {
  const said = readMembers(value, member, ["position", "sha256", "why"]);
  const words = "a SHA-256 in 64 lower-case hex digits";
  return {
    position: readPosition(said.get("position"), `${member}.position`, size - 1),
    sha256: readForm(said.get("sha256"), `${member}.sha256`, "EVD-04", SHA256_HEX, words),
    why: readChoice(said.get("why"), `${member}.why`, "EVD-04", WHY),
  };
}

function readListedDisclosure(value, member, size) {
  const said = readMembers(value, member, ["position", "digest"]);
  const words = "a digest in 43 characters of base64url";
  return {
    position: readPosition(said.get("position"), `${member}.position`, size - 1),
    digest: readForm(said.get("digest"), `${member}.digest`, "EVD-04", /^[0-9A-Za-z_-]{43}$/, words),
  };
}

function readListedWithheld(value, member, size) {
  const said = readMembers(value, member, ["position", "leaf"]);
  const words = "a leaf hash in 64 lower-case hex digits";
  return {
    position: readPosition(said.get("position"), `${member}.position`, size - 1),
    leaf: readForm(said.get("leaf"), `${member}.leaf`, "EVD-04", SHA256_HEX, words),
  };
}

function readPosition(value, member, most) {
  const position = readCount(value, member);
  if (position < 1 || position > most) {
    throw new Malformed("EVD-04", member, `is not between 1 and ${most}`);
  }
  return position;
}

function readTag(value, member) {
  const text = readText(value, member);
  if (!isTag(text)) {
    throw new Malformed("EVD-04", member, "is not the id of a subject");
  }
  return text;
}

function checkAscending(name, items, isBefore) {
  if (items.some((one, at) => at > 0 && !isBefore(items[at - 1], one))) {
    throw new Malformed("EVD-04", `$.${name}`, "is not in ascending order, each once");
  }
}

/** Refuse a bundle that does not hold exactly the evidence that its manifest lists. */
function checkListed(manifest, files) {
  const listed = new Set([
    ...ALWAYS,
    ...manifest.entries.map((one) => entryName(one.position)),
    ...[...manifest.complete, ...manifest.status].map((_, at) => indexName(at + 1)),
    ...manifest.status.map((_, at) => statusProofName(at + 1)),
    ...manifest.disclosures.map((one) => disclosureName(one.digest)),
    ...(isAnswered(manifest) ? [ANSWER] : []),
  ]);
  const missing = [...listed].sort().find((name) => !files.has(name));
  if (missing !== undefined) {
    throw new Malformed("EVD-03", missing, "is listed and not there");
  }
  const foreign = [...files.keys()].find((name) => !listed.has(name) && !FOR_PEOPLE.test(name));
  if (foreign !== undefined) {
    throw new Malformed("EVD-03", foreign, "is there and not listed");
  }
}

// ---------------------------------------------------------------------------------------------- 2 inclusion proofs

// Each hash once, and for each entry which of them prove it.

const PROOFS_HEADER = "vialog-inclusion-proofs/1";

const HASH_LINE = 45; // bytes of a hash in base64, and the newline
const MAX_HASHES = 63;

/** Return the proofs of a file, a Map from position to hashes in base64, ascending. */
function decodeProofs(data) {
  const [header, counted] = [0, 1].map((line) => decodeAscii(lineOf(data, line)));
  if (header !== PROOFS_HEADER || !counted?.startsWith("hashes ")) {
    const problem = `does not begin with ${PROOFS_HEADER} and the number of hashes`;
    throw new Malformed("EVD-05", "$", problem, newerFormat(header ?? "", PROOFS_HEADER));
  }
  const count = Number(readNumber(counted.slice("hashes ".length), "EVD-05", "hashes"));
  const rest = data.subarray(header.length + counted.length + 2);
  if (count * HASH_LINE > rest.length) {
    throw new Malformed("EVD-05", "hashes", "are fewer than it says");
  }
  return readProofs(rest.subarray(count * HASH_LINE), readHashes(rest.subarray(0, count * HASH_LINE)));
}

/** Return a line of some bytes, the first one being 0, without its newline. */
function lineOf(data, number) {
  let start = 0;
  for (let skipped = 0; skipped < number; skipped += 1) {
    start = data.indexOf(10, start) + 1 || data.length;
  }
  const end = data.indexOf(10, start);
  return data.subarray(start, end < 0 ? data.length : end);
}

/** Return the hashes that some lines write, in base64: all of one length, no two alike. */
function readHashes(block) {
  const hashes = [];
  for (let at = 0; at < block.length; at += HASH_LINE) {
    const line = block.subarray(at, at + HASH_LINE);
    const text = decodeAscii(line.at(-1) === 10 ? line.subarray(0, -1) : line) ?? "";
    readBase64(text, "EVD-05", `hashes[${hashes.length}]`, 32);
    hashes.push(text);
  }
  if (new Set(hashes).size !== hashes.length) {
    throw new Malformed("EVD-05", "hashes", "one stands there twice");
  }
  return hashes;
}

/** Return the proofs that lines write, by ascending position; they use all hashes, each first in its turn. */
function readProofs(block, hashes) {
  if (countBytes(block, 10) > MAX_FILES + 1 || block.at(-1) !== 10) {
    throw new Malformed("EVD-05", "$", `more than ${MAX_FILES + 1} proofs, or none, or no newline at the end`);
  }
  const proofs = new Map();
  let [last, used] = [-1, 0];
  for (const line of splitLines(block.subarray(0, -1))) {
    const [position, ...places] = readPlaces(line);
    for (const place of places) {
      if (place > used || place >= hashes.length) {
        throw new Malformed("EVD-05", `position ${position}`, "names a hash that is not there, or out of its turn");
      }
      used = Math.max(used, place + 1);
    }
    if (position <= last) {
      throw new Malformed("EVD-05", `position ${position}`, "is not behind the one before it");
    }
    last = position;
    proofs.set(position, places.map((place) => hashes[place]));
  }
  if (used !== hashes.length) {
    throw new Malformed("EVD-05", "hashes", "one is never used");
  }
  return proofs;
}

function readPlaces(line) {
  if (countBytes(line, 32) > MAX_HASHES) {
    throw new Malformed("EVD-05", "proof", `of more than ${MAX_HASHES} hashes`);
  }
  return (decodeAscii(line) ?? "").split(" ").map((word) => Number(readNumber(word, "EVD-05", "proof")));
}

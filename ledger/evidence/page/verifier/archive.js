// ------------------------------------------------------------------------------------------------------ 1 form: zip

// The zip of a bundle has one form: sorted names, nothing compressed, nothing before, between or after. To read: take
// records from the front, write the archive of what was found, and compare. So two readers cannot see different files
// in one archive, and nothing can be hidden in it.

const MAX_ARCHIVE = 1 << 28;
const MAX_FILES = 65535;
const RECORD = 30;
const DAY = 33; // 1980-01-01
const VERSION = 10;
const MADE_BY = 788;
const ORDINARY = 2175008768; // an ordinary file that its owner writes and all may read

/** Return the bytes of some little-endian numbers, each given as [bytes, value]. */
function pack(...fields) {
  return Uint8Array.from(fields.flatMap(([size, value]) => [0, 8, 16, 24].slice(0, size).map((by) => value >>> by)));
}

/** Yield what the archive of some files consists of, piece by piece. files: each {data, crc}, by its name. */
function* archivePieces(files) {
  const names = [...files.keys()].sort();
  if (names.length > MAX_FILES || !names.every((name) => /^[!-~]{1,200}$/.test(name))) {
    throw new Malformed("EVD-01", "$", `more than ${MAX_FILES} files, or a name that is not printable ASCII`);
  }
  const listings = [];
  let at = 0;
  for (const name of names) {
    const { data, crc } = files.get(name);
    const written = utf8(name);
    const common = [[4, crc], [4, data.length], [4, data.length], [2, written.length], [2, 0]];
    const head = pack([4, 0x04034b50], [2, VERSION], [2, 0], [2, 0], [2, 0], [2, DAY], ...common);
    yield* [head, written, data];
    listings.push(
      pack([4, 0x02014b50], [2, MADE_BY], [2, VERSION], [2, 0], [2, 0], [2, 0], [2, DAY], ...common),
      pack([2, 0], [2, 0], [2, 0], [4, ORDINARY], [4, at]),
      written,
    );
    at += head.length + written.length + data.length;
  }
  yield* listings;
  const listed = listings.reduce((sum, part) => sum + part.length, 0);
  yield pack([4, 0x06054b50], [2, 0], [2, 0], [2, names.length], [2, names.length], [4, listed], [4, at], [2, 0]);
}

/** Return the files of an archive by their names, in ascending order: parts of its bytes, so that none is held twice. */
function readArchive(data) {
  if (data.length > MAX_ARCHIVE) {
    throw new Malformed("EVD-01", "$", `larger than ${MAX_ARCHIVE} bytes`);
  }
  const files = readRecords(data);
  let at = 0;
  for (const piece of archivePieces(files)) {
    if (!equalBytes(data.subarray(at, at + piece.length), piece)) {
      at = -1;
      break;
    }
    at += piece.length;
  }
  if (at !== data.length) {
    const problem = "not a zip in the one form: sorted names, nothing compressed, nothing between";
    throw new Malformed("EVD-01", "$", problem);
  }
  return new Map([...files].map(([name, file]) => [name, file.data]));
}

/** Return what each record holds, {data, crc} by its name, from the front on until one is out of order or too many. */
function readRecords(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const files = new Map();
  let [at, last] = [0, ""];
  while (at + RECORD <= data.length && view.getUint32(at, true) === 0x04034b50 && files.size <= MAX_FILES) {
    const crc = view.getUint32(at + 14, true);
    const start = at + RECORD;
    const named = start + view.getUint16(at + 26, true);
    at = named + view.getUint32(at + 22, true);
    const name = decodeAscii(data.subarray(start, named)) ?? "\ufffd";
    if (files.size > 0 && name <= last) {
      break;
    }
    last = name;
    if (view.getUint16(start - RECORD + 6, true) || view.getUint16(start - RECORD + 8, true)) {
      const problem = "it was packed anew, compressed or in another way: ask for the file as it was made";
      throw new Malformed("EVD-01", JSON.stringify(name), problem);
    }
    const content = data.subarray(named, at);
    if (crc32(content) !== crc) {
      throw new Malformed("EVD-01", JSON.stringify(name), "its bytes are not those of its check sum");
    }
    files.set(name, { data: content, crc });
  }
  return files;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return crc;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at += 1) {
    crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ bytes[at]) & 0xff];
  }
  return (crc ^ 0xffffffff) >>> 0;
}

// --------------------------------------------------------------------------------------------------- 1 form: names

const ALWAYS = ["README.md", "checkpoint", "inclusion.proofs", "manifest.json", "report.md", "state.entry"];
const FOR_PEOPLE = /^(?:verify\.html|schemas\/[a-z]+(?:[.-][a-z]+)*-[1-9][0-9]{0,3}\.json)$/;
const ANSWER = "answer.json";
const EVIDENCE =
  /^(?:entries\/[1-9][0-9]{0,14}\.entry|(?:index|status)\/[1-9][0-9]{0,14}\.proof|disclosures\/[0-9A-Za-z_-]{43}\.disclosure|answer\.json)$/;

function entryName(position) {
  return `entries/${position}.entry`;
}

function indexName(number) {
  return `index/${number}.proof`;
}

function statusProofName(number) {
  return `status/${number}.proof`;
}

function disclosureName(digest) {
  return `disclosures/${digest}.disclosure`;
}

function checkNames(files) {
  for (const name of files.keys()) {
    if (!ALWAYS.includes(name) && !FOR_PEOPLE.test(name) && !EVIDENCE.test(name)) {
      throw new Malformed("EVD-02", name, "is not a file of a bundle; policy and trust are the verifier's own");
    }
  }
  const missing = ALWAYS.find((name) => !files.has(name));
  if (missing !== undefined) {
    throw new Malformed("EVD-02", missing, "is missing");
  }
}

// How many bytes a file of the evidence has at most, by its name or its folder's: nothing larger is read.
const LIMITS = new Map([
  ["manifest.json", 10000000],
  ["inclusion.proofs", 24000000],
  ["checkpoint", 1000000],
  ["state.entry", 60000],
  ["entries", 60000],
  ["index", 20000],
  ["status", 20000],
  ["disclosures", 80000],
  [ANSWER, 10000000],
]);
const ALL_INDEX_PROOFS = 8000000; // together: each of their lines costs a hash

function checkSizes(files) {
  for (const [name, { length }] of files) {
    const limit = LIMITS.get(name.split("/")[0]);
    if (limit !== undefined && length > limit) {
      throw new Malformed("EVD-20", name, `has ${length} bytes, more than ${limit}`);
    }
  }
  const proofs = [...files].filter(([name]) => /^(?:index|status)\//.test(name));
  const indexed = proofs.reduce((sum, [, { length }]) => sum + length, 0);
  if (indexed > ALL_INDEX_PROOFS) {
    throw new Malformed("EVD-20", "index", `has ${indexed} bytes in all, more than ${ALL_INDEX_PROOFS}`);
  }
}

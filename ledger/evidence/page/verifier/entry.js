// --------------------------------------------------------------------------------------------------- 4, 5: entries

const MAX_ENTRY = 60000;
const ENTRY_HEADER = new RegExp(
  "^vialog-entry/3\nposition ([1-9][0-9]{0,15})\nrecorded ([^\n]*)\n" +
    "rules (none|[a-z0-9-]+/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9a-f]{64})\n" +
    "tags((?: [!-~]+)*)\nstatus((?: [!-~]+)*)\nbreaches ([ -~]*)((?:\n[^\n]+)*)$",
);
const ENTRY_LINES = ["position", "recorded", "rules", "tags", "status", "breaches"];
const ENTRY_FORMAT = "vialog-entry/3";
const OLDER_FORMAT = "it was written in a form before vialog-entry/3, which this version does not read";

/** Return the parts of an entry in its one form. */
function parseEntry(written) {
  if (written.length > MAX_ENTRY) {
    throw new Malformed("ENT-01", "$", `the entry has ${written.length} bytes; at most ${MAX_ENTRY} are allowed`);
  }
  const blank = written.findIndex((byte, at) => byte === 10 && written[at + 1] === 10);
  const header = blank < 0 ? null : decodeAscii(written.subarray(0, blank));
  checkEntryFormat(written);
  const [, position, recorded, rules, tagged, ruling, told, beyond] = ENTRY_HEADER.exec(header ?? "") ?? [];
  if (position === undefined) {
    throw new Malformed("ENT-03", "$", "the header does not have its seven lines in their one form");
  }
  const later = beyond.split("\n").slice(1);
  if (!later.every((line) => /^[a-z]{1,32}(?: [!-~]+)*$/.test(line) && !ENTRY_LINES.includes(line.split(" ")[0]))) {
    throw new Malformed("ENT-03", "$", "a line of the header cannot be read");
  }
  // The writer gives six digits of a second.
  if (!isTime(recorded) || !/\.\d{6}Z$/.test(recorded)) {
    throw new Malformed("ENT-03", "$", "the time is not in its one form");
  }
  // Of what nothing judged the tags are whatever words its writer calls so.
  const [tags, status] = [tagged, ruling].map((line) => line.split(" ").slice(1));
  const isOfForm = rules === "none" ? (tag) => /^[!-~]+$/.test(tag) : isTag;
  if (!tags.every(isOfForm) || !status.every((tag) => tags.includes(tag))) {
    throw new Malformed("ENT-02", "$", "the header names what is no tag, in its status one not borne, or no edition");
  }
  if ([tags, status].some((line) => line.some((tag, at) => at > 0 && line[at - 1] >= tag))) {
    throw new Malformed("ENT-03", "$", "the tags are not sorted, each once");
  }
  const breaches = parseBreaches(told, tags);
  const data = written.subarray(blank + 2);
  const [borne, ruled] = [new Set(tags), new Set(status)];
  return { position: Number(position), recorded, rules, tags: borne, status: ruled, data, breaches, later };
}

/** Raise for an entry of another form than the one known here, by its first line. */
function checkEntryFormat(written) {
  const end = written.indexOf(10);
  const first = decodeAscii(written.subarray(0, end < 0 ? 64 : Math.min(end, 64))) ?? "";
  const version = Number(/^vialog-entry\/([1-9][0-9]{0,8})$/.exec(first)?.[1] ?? 3);
  if (version < 3) {
    throw new Malformed("ENT-05", "$", OLDER_FORMAT);
  }
  if (version > 3) {
    throw new Malformed("ENT-03", "$", `is not of the form ${ENTRY_FORMAT}`, newerFormat(first, ENTRY_FORMAT));
  }
}

/** Return the breaches of a header in their one form: {rule, runs, subjects, parameters}, the last a Map. */
function parseBreaches(told, tags) {
  if (told === "[]") {
    return [];
  }
  try {
    const listed = parseStrict(Uint8Array.from(told, (one) => one.charCodeAt(0)));
    const breaches = Array.isArray(listed) ? listed.map((one) => readBreach(one, tags)) : null;
    if (breaches !== null && writeBreaches(breaches) === told) {
      return breaches;
    }
  } catch (error) {
    if (!(error instanceof Malformed)) {
      throw error;
    }
  }
  throw new Malformed("ENT-03", "$", "the breaches are not in their one form");
}

function readBreach(said, tags) {
  const [rule, parameters, runs] = ["rule", "parameters", "subjects"].map((name) => said?.get?.(name));
  const read = said instanceof Map && said.size === 3 && parameters instanceof Map && Array.isArray(runs);
  if (!read || !/^[A-Z]{1,8}-[0-9]{2,3}$/.test(rule)) {
    throw new Malformed("ENT-03", "$", "a breach has exactly parameters, rule and subjects");
  }
  for (const [name, value] of parameters) {
    const list = Array.isArray(value) && value.every((one) => typeof one === "string");
    if (!/^[a-z]+(?:_[a-z]+)*$/.test(name) || !(list || value === null || ["number", "string"].includes(typeof value))) {
      throw new Malformed("ENT-03", "$", "a parameter is a whole number, a text, a list of texts or null");
    }
  }
  const subjects = [];
  let before = -1;
  for (const run of runs) {
    const [first, last] = Array.isArray(run) && run.length === 2 ? run : [];
    if (!(Number.isInteger(first) && Number.isInteger(last) && before + 1 < first && first <= last && last <= tags.length)) {
      throw new Malformed("ENT-03", "$", "subjects are runs of places among the tags");
    }
    subjects.push(...tags.slice(first - 1, last));
    before = last;
  }
  return { rule, runs, subjects, parameters };
}

/** Write breaches in the one form in which a header has them. */
function writeBreaches(breaches) {
  const written = breaches.map(({ rule, runs, parameters }) => {
    const given = [...parameters.keys()].sort().map((name) => `"${name}":${asciiJson(parameters.get(name))}`);
    return `{"parameters":{${given.join()}},"rule":"${rule}","subjects":${asciiJson(runs)}}`;
  });
  return `[${written.join()}]`;
}

/** Return JSON without white space; all but the characters from space to tilde of a text is escaped. */
function asciiJson(value) {
  if (Array.isArray(value)) {
    return `[${value.map(asciiJson).join()}]`;
  }
  if (typeof value !== "string") {
    return String(value);
  }
  const escaped = value.replace(/[^ -~]|["\\]/g, (one) =>
    one === '"' || one === "\\" ? `\\${one}` : `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}

// What sentences about breaches are made of: ledger/words, put here by scripts/seal_page.
const NO_RULES = "none"; // what a state entry names as its rule pack, and nothing else does

/** Return what is said of an entry with a header line of a later program; "" of one without. */
function newerLine({ later }) {
  const [name] = (later[0] ?? "").split(" ");
  return name === "" ? "" : `the header line ${name}; it knows ${ENTRY_FORMAT} up to the line ${ENTRY_LINES.at(-1)}`;
}

const STATE_LINE = new RegExp(
  '^\\{"index_root":"([0-9A-Za-z+/]{43}=)","size":(0|[1-9][0-9]{0,18}),"names":(0|[1-9][0-9]{0,18})' +
    ',"published":(0|[1-9][0-9]{0,18}),"note":"([0-9A-Za-z+/]{43}=)"\\}$',
);
const NO_NOTE = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; // SHA-256 of nothing: no checkpoint was published before

/** Return what a state entry says of the entries before it. */
function stateOf(entry) {
  if (entry.rules !== NO_RULES || entry.tags.size > 0 || entry.breaches.length > 0) {
    throw new Malformed("ENT-04", "$", "a state entry is judged by no rules and has neither tags nor breaches");
  }
  const [, root, size, names, published, note] = STATE_LINE.exec(decodeAscii(entry.data) ?? "") ?? [];
  if (root === undefined) {
    throw new Malformed("ENT-04", "$", "not the one line of a state entry");
  }
  const state = {
    indexRoot: readBase64(root, "ENT-04", "$.index_root"),
    size: readNumber(size, "ENT-04", "$.size"),
    names: readNumber(names, "ENT-04", "$.names"),
  };
  readBase64(note, "ENT-04", "$.note");
  const before = readNumber(published, "ENT-04", "$.published");
  if (before > state.size || (before === 0n && note !== NO_NOTE)) {
    throw new Malformed("ENT-04", "$.published", "names what cannot have been published before");
  }
  if (state.size !== BigInt(entry.position - 1)) {
    throw new Malformed("ENT-04", "$.size", `${size} where ${entry.position - 1} entries stand before it`);
  }
  return state;
}

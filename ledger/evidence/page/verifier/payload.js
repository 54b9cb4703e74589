// -------------------------------------------------------------------------------------------- 7 statement: payload

const SD_ALGORITHM = "sha-256";
const MOST_TAGS = 1000;
const REQUIRED = ["v", "log", "id", "kind", "occurred_at", "signers", "capture", "body"];
const OPTIONAL = ["seen", "reason", "acknowledges", "corrects", "_sd", "_sd_alg"];
const PAYLOAD_PARTS = {
  signers: ["key", "alg", "party", "person", "role", "meaning"],
  capture: ["mode", "device", "seq", "source"],
  seen: ["size", "root"],
  acknowledges: ["rule", "reason"],
};
const KIND = /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*\/[1-9][0-9]*$/;
const CODE = /^(?=.{1,64}$)[a-z]+(?:-[a-z]+)*$/;
const CODE_WORDS = "a code of lower-case words and hyphens";
const MEANINGS = ["performed", "witnessed", "approved", "received", "handed-over", "confirmed", "enrolled"];
const CAPTURE_MODES = ["bench", "import", "api", "device", "offline"];

/**
 * Return what a payload says as far as it is known here: optional members that are not are left out, and the first of them
 * is named in ``later``, "" where there is none.
 */
function readKnown(data) {
  const value = parseStrict(data);
  try {
    return payloadOf(value, value);
  } catch (error) {
    if (!(error instanceof Malformed && error.message.startsWith("STM-17") && error.newer !== "")) {
      throw error;
    }
    return { ...payloadOf(knownPart(value), value), later: error.newer };
  }
}

/** Return a payload without the members that are not known here. */
function knownPart(value) {
  if (!(value instanceof Map)) {
    return value;
  }
  const known = [...value].filter(([name]) => REQUIRED.includes(name) || OPTIONAL.includes(name));
  return new Map(known.map(([name, one]) => [name, name in PAYLOAD_PARTS ? knownMembers(one, PAYLOAD_PARTS[name]) : one]));
}

function knownMembers(value, names) {
  if (Array.isArray(value)) {
    return value.map((one) => knownMembers(one, names));
  }
  return value instanceof Map ? new Map([...value].filter(([name]) => names.includes(name))) : value;
}

/** Return what a payload says; of the right form, and nothing more is known about it. */
function readPayload(data) {
  const value = parseStrict(data);
  return payloadOf(value, value);
}

/** Return what a payload says. known: the part of it that is known here; value: all of it. */
function payloadOf(known, value) {
  const v = known instanceof Map && known.has("v") ? known.get("v") : 1;
  if (v !== 1) {
    // first of all: what the other members are depends on it
    const newer = typeof v === "number" && v > 1 ? `a payload of version ${v}; it knows up to 1` : "";
    throw new Malformed("STM-30", "$.v", "is not 1", newer);
  }
  const said = readMembers(known, "$", REQUIRED, OPTIONAL, { grows: true });
  const given = (name, read) => (said.has(name) ? read(said.get(name)) : null);
  return {
    log: readForm(said.get("log"), "$.log", "STM-31", LOG_NAME, "the origin of a log"),
    id: readStatementId(said.get("id"), "$.id"),
    kind: readForm(said.get("kind"), "$.kind", "STM-33", KIND, "a kind like item.received/1"),
    occurredAt: readTime(said.get("occurred_at"), "$.occurred_at"),
    signers: readSigners(said.get("signers")),
    capture: readCapture(said.get("capture")),
    seen: given("seen", readSeen),
    reason: given("reason", (value) => readForm(value, "$.reason", "STM-39", CODE, CODE_WORDS)),
    acknowledges: given("acknowledges", readAcknowledges) ?? [],
    corrects: given("corrects", (value) => readStatementId(value, "$.corrects")),
    body: readBody(said.get("body")),
    sd: readDigests(said),
    tags: tagsOf(value),
    later: "",
  };
}

/** Return a body: an object without a null, so that what is left out is left out in one way. */
function readBody(value) {
  const body = readObject(value, "$.body");
  const found = nullIn(body, []);
  if (found !== null) {
    throw new Malformed("STM-19", memberPath("$.body", found), "is null: a member that says nothing is left out");
  }
  return body;
}

/** Return the steps to the first null in a value, in the order written; null when there is none. */
function nullIn(value, steps) {
  if (value === null) {
    return steps;
  }
  const inner = value instanceof Map || Array.isArray(value) ? value.entries() : [];
  for (const [step, one] of inner) {
    const found = nullIn(one, [...steps, step]);
    if (found !== null) {
      return found;
    }
  }
  return null;
}

/** Return every id that stands anywhere in a value as the whole of a text, that of a permit in its members alone. */
function tagsOf(value) {
  const tags = new Set();
  const pending = [value];
  while (pending.length > 0) {
    const one = pending.pop();
    if (typeof one === "string" && isTag(one) && !one.startsWith("permit:")) {
      tags.add(one);
    } else if (one instanceof Map || Array.isArray(one)) {
      pending.push(...one.values());
    }
    if (one instanceof Map) {
      permitsIn(one).forEach((tag) => tags.add(tag));
    }
  }
  if (tags.size > MOST_TAGS) {
    throw new Malformed("STM-49", "$", `names ${tags.size} different ids, more than ${MOST_TAGS}`);
  }
  return tags;
}

/** Return the ids of permits in the members of an object that hold one, or a list of them. */
function permitsIn(said) {
  const named = [said.get("permit"), said.get("permits")].flat();
  return named.filter((one) => typeof one === "string" && one.startsWith("permit:") && isTag(one));
}

function readStatementId(value, member) {
  return readForm(value, member, "STM-32", STATEMENT_ID, "a UUID of version 7 in lower case");
}

function readTime(value, member) {
  const text = readText(value, member);
  if (!isTime(text)) {
    throw new Malformed("STM-34", member, "a time is written like 2026-11-21T08:30:00Z, in UTC");
  }
  return text;
}

function readSigners(value) {
  const listed = readArray(value, "$.signers", 1, MOST_SIGNATURES);
  const signers = listed.map((one, at) => readSigner(one, `$.signers[${at}]`));
  const again = signers.findIndex((signer, at) => signers.slice(0, at).some((one) => one.key === signer.key));
  if (again >= 0) {
    throw new Malformed("STM-41", `$.signers[${again}].key`, "signs a second time");
  }
  return signers;
}

function readSigner(value, member) {
  const said = readMembers(value, member, PAYLOAD_PARTS.signers, [], { grows: true });
  const person = /^[a-z0-9][a-z0-9-]{0,31}$/;
  return {
    key: readForm(said.get("key"), `${member}.key`, "STM-35", THUMBPRINT, THUMBPRINT_WORDS),
    alg: readChoice(said.get("alg"), `${member}.alg`, "STM-36", ["ed25519", "es256"]),
    party: readParty(said.get("party"), `${member}.party`),
    person: readForm(said.get("person"), `${member}.person`, "STM-38", person, "a pseudonymous code like t-07"),
    role: readForm(said.get("role"), `${member}.role`, "STM-39", CODE, CODE_WORDS),
    meaning: readChoice(said.get("meaning"), `${member}.meaning`, "STM-40", MEANINGS),
  };
}

function readParty(value, member) {
  const text = readText(value, member);
  if (!isTag(text) || !text.startsWith("party:")) {
    throw new Malformed("STM-37", member, "is not the id of a party");
  }
  return text;
}

function readCapture(value) {
  const said = readMembers(value, "$.capture", ["mode"], PAYLOAD_PARTS.capture, { grows: true });
  if (said.has("seq") && !said.has("device")) {
    throw new Malformed("STM-43", "$.capture.seq", "counts the statements of a device that is not named");
  }
  const device = new RegExp(`^${NAME}$`);
  const mode = readChoice(said.get("mode"), "$.capture.mode", "STM-42", CAPTURE_MODES);
  if (said.has("device")) {
    readForm(said.get("device"), "$.capture.device", "STM-43", device, "the name of a device");
  }
  if (said.has("seq")) {
    readCount(said.get("seq"), "$.capture.seq");
  }
  if (said.has("source")) {
    readForm(said.get("source"), "$.capture.source", "STM-50", /^[0-9a-f]{64}$/, "a SHA-256, 64 lower-case hex digits");
  }
  return {
    mode,
    device: said.get("device") ?? null,
    seq: said.get("seq") ?? null,
    source: said.get("source") ?? null,
  };
}

function readSeen(value) {
  const said = readMembers(value, "$.seen", PAYLOAD_PARTS.seen, [], { grows: true });
  const size = readCount(said.get("size"), "$.seen.size");
  const root = decodeBase64(readText(said.get("root"), "$.seen.root"));
  if (root?.length !== HASH_SIZE) {
    throw new Malformed("STM-45", "$.seen.root", "is not 32 bytes in canonical base64");
  }
  return { size, root };
}

function readAcknowledges(value) {
  const read = readArray(value, "$.acknowledges", 1, 64).map((one, at) => readAcknowledgement(one, at));
  const again = read.findIndex((one, at) => read.slice(0, at).some((other) => other.rule === one.rule));
  if (again >= 0) {
    throw new Malformed("STM-46", `$.acknowledges[${again}].rule`, "is acknowledged twice");
  }
  return read;
}

function readAcknowledgement(value, at) {
  const member = `$.acknowledges[${at}]`;
  const said = readMembers(value, member, PAYLOAD_PARTS.acknowledges, [], { grows: true });
  return {
    rule: readForm(said.get("rule"), `${member}.rule`, "STM-46", /^[A-Z]{1,8}-[0-9]{2,3}$/, "a rule like CUS-07"),
    reason: readForm(said.get("reason"), `${member}.reason`, "STM-39", CODE, CODE_WORDS),
  };
}

function readDigests(said) {
  if (!said.has("_sd") && !said.has("_sd_alg")) {
    return [];
  }
  if (!said.has("_sd") || said.get("_sd_alg") !== SD_ALGORITHM) {
    throw new Malformed("STM-48", "$._sd_alg", `is not ${SD_ALGORITHM} beside _sd`);
  }
  const digests = readArray(said.get("_sd"), "$._sd", 1, MOST_TAGS).map((one, at) => readDigest(one, `$._sd[${at}]`));
  const unsorted = digests.findIndex((one, at) => at > 0 && digests[at - 1] >= one);
  if (unsorted >= 0) {
    throw new Malformed("STM-47", `$._sd[${unsorted}]`, "is not after the one before it");
  }
  return digests;
}

function readDigest(value, member) {
  const text = readText(value, member);
  if (decodeBase64url(text)?.length !== HASH_SIZE) {
    throw new Malformed("STM-47", member, "is not a SHA-256 in canonical base64url");
  }
  return text;
}

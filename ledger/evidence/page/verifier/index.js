// ------------------------------------------------------------------------------------------ 11 completeness: index

// The index tells of each name how many events it has and their running hash. A name is a tag, or "status" and a tag:
//
//     key     = SHA-256("vialog/tag/1" newline, tag), of a status SHA-256("vialog/status/1" newline, tag)
//     chain_k = SHA-256(04, chain_(k-1), u64be(position_k), leaf_k)       chain_0 is 32 zero bytes
//     leaf    = SHA-256(02, key, u64be(count), chain)
//     node    = SHA-256(03, left, right)                                  of no keys 32 zero bytes

const INDEX_HEADER = "vialog-index-proof/2";
const MAX_INDEX_PROOF = 20000;
const KEY_BITS = 256;
const EMPTY = new Uint8Array(HASH_SIZE);

/** Return {name, state, other, siblings}; state is the name's, other what another key's leaf says, or null. */
function decodeIndexProof(data) {
  const text = data.length > MAX_INDEX_PROOF ? null : decodeAscii(data);
  const [header, nameLine, ending, ...siblings] = (text ?? "").split("\n");
  if (header !== INDEX_HEADER || siblings.pop() !== "" || siblings.length > KEY_BITS) {
    const problem = `not ${INDEX_HEADER}, a name, an ending and at most ${KEY_BITS} hashes`;
    throw new Malformed("TLOG-09", "$", problem, newerFormat(header, INDEX_HEADER));
  }
  const [, word, tag] = /^(tag|status) (.*)$/s.exec(nameLine) ?? [];
  if (word === undefined || !isTag(tag)) {
    throw new Malformed("TLOG-09", "name", "not tag or status, and the id of a subject");
  }
  const hashes = siblings.map((line, at) => readBase64(line, "TLOG-09", `siblings[${at}]`, HASH_SIZE));
  return { name: word === "tag" ? tag : statusName(tag), ...decodeEnding(ending.split(" ")), siblings: hashes };
}

function decodeEnding([word, ...rest]) {
  if (word === "present" && rest.length === 2) {
    return { state: decodeTagState(...rest), other: null };
  }
  if (word === "absent" && rest.length === 0) {
    return { state: null, other: null };
  }
  if (word === "absent" && rest.length === 3) {
    const key = readBase64(rest[0], "TLOG-09", "ending.key", HASH_SIZE);
    return { state: null, other: { key, state: decodeTagState(rest[1], rest[2]) } };
  }
  throw new Malformed("TLOG-09", "ending", "neither present nor absent with its words");
}

function decodeTagState(count, chain) {
  const state = {
    count: readNumber(count, "TLOG-09", "ending.count"),
    chain: readBase64(chain, "TLOG-09", "ending.chain", HASH_SIZE),
  };
  if (state.count === 0n) {
    throw new Malformed("TLOG-09", "ending.count", "a leaf has at least one event");
  }
  return state;
}

function keyBit(key, depth) {
  return (key[depth >> 3] >> (7 - (depth & 7))) & 1;
}

/** Return the name of a subject's status; a tag has no space in it, so this is no tag. */
function statusName(tag) {
  return `status ${tag}`;
}

function indexKey(name) {
  const [kind, tag] = name.startsWith("status ") ? ["status", name.slice("status ".length)] : ["tag", name];
  return sha256(utf8(`vialog/${kind}/1\n`), utf8(tag));
}

/** Return the name's state in the index with some root. name: the one asked about, never the proof's own. */
async function checkIndexProof(proof, name, root) {
  if (proof.name !== name) {
    throw new IntegrityFailed(`index proof: about ${proof.name} and not about ${name}`);
  }
  const key = await indexKey(name);
  let reached = await endingHash(proof, key);
  let depth = proof.siblings.length;
  for (const given of proof.siblings) {
    depth -= 1;
    const [left, right] = keyBit(key, depth) ? [given, reached] : [reached, given];
    reached = await sha256(Uint8Array.of(3), left, right);
  }
  if (!equalBytes(reached, root)) {
    throw new IntegrityFailed(`index proof of ${name}: does not lead to the root of the index`);
  }
  return proof.state ?? { count: 0n, chain: EMPTY };
}

async function endingHash(proof, key) {
  if (proof.state !== null) {
    return indexLeafHash(key, proof.state);
  }
  if (proof.other === null) {
    return EMPTY;
  }
  const other = proof.other.key;
  if (equalBytes(other, key) || proof.siblings.some((_, at) => keyBit(other, at) !== keyBit(key, at))) {
    throw new IntegrityFailed(`index proof of ${proof.name}: the other key is not on the name's path`);
  }
  return indexLeafHash(other, proof.other.state);
}

function indexLeafHash(key, state) {
  return sha256(Uint8Array.of(2), key, u64(state.count), state.chain);
}

/** Check that some events, each {position, leaf} and oldest first, are all that the index knows of a name. */
async function checkComplete(proof, name, events, root) {
  const known = await checkIndexProof(proof, name, root);
  if (BigInt(events.length) !== known.count) {
    const problem = `the log knows ${known.count} events, ${events.length} are here`;
    throw new IntegrityFailed(`index proof of ${name}: ${problem}`);
  }
  let chain = EMPTY;
  for (const { position, leaf } of events) {
    chain = await sha256(Uint8Array.of(4), chain, u64(position), leaf);
  }
  if (!equalBytes(chain, known.chain)) {
    throw new IntegrityFailed(`index proof of ${name}: the ${events.length} events are not those of the log`);
  }
  return known;
}

// -------------------------------------------------------------------------------- 11 completeness: what rests on what

// By kind the members of a body that name what is made, and of what.
const MADE = {
  "item.aliquoted/1": ["children", "parent"],
  "item.derived/1": ["outputs", "inputs"],
  "item.pooled/1": ["output", "inputs"],
  "item.propagated/1": ["outputs", "seed"],
};
const LISTED = "item.listed/1";

/** Return what a statement says an item comes from: parents, or consignment and approval; nothing of another one. */
function origins({ kind, body }, item) {
  if (kind === LISTED) {
    return itemsIn(body.get("items")).includes(item) ? idsAmong([body.get("consignment"), body.get("approval")]) : [];
  }
  const [made, of] = (Object.hasOwn(MADE, kind) ? MADE[kind] : []).map((name) => itemsIn(body.get(name)));
  return made !== undefined && made.includes(item) && !of.includes(item) ? of : [];
}

/** Return the ids of items in a member of a body: an id, an object with one, or a list of such. */
function itemsIn(value) {
  const listed = Array.isArray(value) ? value : [value];
  return idsAmong(listed.map((one) => (one instanceof Map ? one.get("item") : one)));
}

function idsAmong(values) {
  return values.filter((one) => typeof one === "string" && isTag(one));
}

/** Return the tags whose entries rest on something as those of complete ones do, and as those of status do. */
function claimedOrPart(manifest) {
  const part = partOf(manifest);
  const isItem = (tag) => tag.startsWith("item:");
  return {
    complete: [...manifest.complete, ...part.filter(isItem)],
    status: [...manifest.status, ...part.filter((tag) => !isItem(tag))],
  };
}

/** Return the tags of which a bundle has to claim something because it holds an entry; payload is null of one unread. */
function restsOn(entry, payload, manifest) {
  const { subject } = manifest;
  const { complete, status } = claimedOrPart(manifest);
  const ofType = (type) => [...entry.tags].filter((tag) => tag.startsWith(`${type}:`));
  const isListed = (tag) => complete.includes(tag) || status.includes(tag);
  const isOfGoods = [...entry.status].some((tag) => tag.startsWith("consignment:") && isListed(tag));
  const isListedHere = (tag) => complete.includes(tag) || (status.includes(tag) && entry.status.has(tag));
  const isPermitted = [...entry.tags].some((tag) => /^(?:item|approval|permit):/.test(tag) && isListedHere(tag));
  const named = [entry.tags.has(subject) ? ofType("site") : [], isOfGoods ? ofType("approval") : []];
  named.push(isPermitted ? ofType("permit") : []);
  if (payload !== null) {
    named.push(payload.signers.map((signer) => signer.party));
    named.push(...complete.filter((tag) => entry.tags.has(tag)).map((item) => origins(payload, item)));
  }
  return named.flat();
}

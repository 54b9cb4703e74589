// ------------------------------------------------------------------------------------------------------- the steps

const BEYOND = [
  ["rules", "whether the acts kept the regulation, and whether their signers' roles allowed them"],
  ["bodies", "whether each kind is one, and each body of its form; replaying the log shows it"],
  ["derived tags", "which approvals and consignments an entry's items came in under; replaying the log shows it"],
  ["times", "when the acts took place: that is their signers' claim; recorded is the ledger's"],
  ["world", "whether what was signed is true of the samples"],
  ["texts", "report.md, README.md, the schemas and verify.html: whoever made the bundle wrote them"],
];

const FEW = 12; // so many tags are named, others counted
/** Return some words one after the other; of many the first ones, the others counted. */
function few(words) {
  return words.slice(0, FEW).join(", ") + (words.length > FEW ? ` and ${words.length - FEW} more` : "");
}

const SKEW = 60n; // seconds that a log's time may lie behind its quorum's, and nobody's clock is called wrong

const FATAL = {
  [Check.FORM]: "bundle",
  [Check.MANIFEST]: "bundle",
  [Check.CHECKPOINT]: "checkpoint",
  [Check.STATE]: "state",
};

function claimOf(about, verdict, words, facts = {}) {
  return { about, verdict, check: null, words, facts, beyond: false };
}

function failedClaim(about, failed) {
  return { about, verdict: Verdict.FAILED, check: failed.check, words: failed.words, facts: {}, beyond: false };
}

/** Return the claim of something that no bundle can show. */
function beyondClaim(about, words, facts = {}) {
  return { ...claimOf(about, Verdict.NOT_CHECKED, words, facts), beyond: true };
}

/** Return what a step claims, or that it failed; only a failed check is answered, a bug is thrown on. */
async function claimOrFailure(about, step) {
  try {
    return await step();
  } catch (error) {
    if (error instanceof CheckFailed) {
      return failedClaim(about, error);
    }
    if (error instanceof NotChecked) {
      return claimOf(about, Verdict.NOT_CHECKED, error.message, error.facts);
    }
    throw error;
  }
}

function reportOf(claims, opened = null, events = null) {
  const found = new Set(claims.filter((claim) => !claim.beyond).map((claim) => claim.verdict));
  const verdict = WORST.find((one) => found.has(one)) ?? Verdict.KNOWN;
  const [manifest, checkpoint] = [opened?.manifest ?? null, opened?.witnessed.checkpoint ?? null];
  const subject = manifest?.subject ?? null;
  return { verdict, exit: EXITS[verdict], subject, claims, manifest, checkpoint, events };
}

async function verifyBundle(bundle, policy, trust = null) {
  await checkEngine();
  // 0 policy and trust
  const toBytes = (given) => (typeof given === "string" ? utf8(given) : given);
  const believed = await parsePolicy(toBytes(policy));
  const trusted = parseTrust(toBytes(trust ?? ""));
  let opened;
  try {
    opened = await openBundle(bundle, believed);
  } catch (error) {
    if (error instanceof CheckFailed) {
      return reportOf([failedClaim(FATAL[error.check], error)]);
    }
    if (error instanceof NotChecked) {
      const facts = { ...error.facts, stopped: error.check };
      return reportOf([claimOf(FATAL[error.check], Verdict.NOT_CHECKED, error.message, facts)]);
    }
    throw error;
  }
  const verification = new Verification(opened, trusted);
  return reportOf(await verification.claims(), opened, verification.shown());
}

/** Steps 1 to 4: behind them is known what exactly the events must stand under. */
async function openBundle(data, policy) {
  // 1 form
  const files = await asking(Check.FORM, () => {
    const read = readArchive(data);
    checkFormat(read.get("manifest.json") ?? new Uint8Array()); // first: a later format may name other files
    checkNames(read);
    checkSizes(read);
    return read;
  });
  // 2 manifest
  const [manifest, proofs] = await asking(Check.MANIFEST, () => openManifest(files));
  // 3 checkpoint
  const witnessed = await asking(Check.CHECKPOINT, async () => {
    const found = await evaluatePolicy(policy, files.get("checkpoint"));
    const { origin, size } = found.checkpoint;
    if (origin !== manifest.log || size !== BigInt(manifest.size)) {
      throw new IntegrityFailed(`it is of ${origin} at ${size}, not what the manifest says`);
    }
    return found;
  });
  // 4 state
  const state = await asking(Check.STATE, async () => {
    const written = files.get("state.entry");
    const entry = parseEntry(written);
    const newer = newerLine(entry);
    if (newer !== "") {
      throw new Malformed("ENT-03", "$", "the header has a line which does not belong there", newer);
    }
    const [size, proof] = [manifest.size, proofs.get(manifest.size).map(decodeBase64)];
    await checkInclusion(await leafHash(written), size - 1, size, proof, witnessed.checkpoint.root);
    if (entry.position !== size) {
      throw new IntegrityFailed(`it says position ${entry.position}, not ${size}`);
    }
    return { ...stateOf(entry), recorded: entry.recorded };
  });
  return { files, manifest, proofs, witnessed, state };
}

function openManifest(files) {
  const manifest = parseManifest(files.get("manifest.json"));
  checkListed(manifest, files);
  const proofs = decodeProofs(files.get("inclusion.proofs"));
  const proven = [...manifest.entries, ...withheldOf(manifest)].map(({ position }) => position);
  const needed = [...proven.sort((one, other) => one - other), manifest.size];
  if (needed.join(" ") !== [...proofs.keys()].join(" ")) {
    const problem = "does not hold one proof for each entry and the state entry";
    throw new Malformed("EVD-03", "inclusion.proofs", problem);
  }
  return [manifest, proofs];
}

/**
 * Steps 5 to 14 over an opened bundle. By position, held: entries behind step 5; payloads: behind step 7; events:
 * behind all. By tag, leftOut: of those of status, how many events are not here.
 */
class Verification {
  constructor(opened, trust) {
    this.opened = opened;
    this.keyring = new Keyring(trust, opened.manifest);
    this.statements = new Map();
    this.held = new Map();
    this.payloads = new Map();
    this.events = new Map();
    this.disclosed = new Map();
    this.leftOut = new Map();
    this.before = "";
    this.tagging = new Tagging(opened.manifest);
    this.unread = null; // the first entry of a later form, whose tags are not known
    this.left = new Set();
  }

  async claims() {
    const claims = [this.checkpointClaim(), ...this.recordedClaims(), this.stateClaim()];
    const { entries } = this.opened.manifest;
    const hashed = await inBatches(entries, (listed) => this.hash(listed));
    for (const [at, listed] of entries.entries()) {
      const about = `event ${listed.position}`;
      claims.push(await claimOrFailure(about, () => this.event(about, listed, hashed[at])));
    }
    for (const listed of withheldOf(this.opened.manifest)) {
      const about = `withheld ${listed.position}`;
      claims.push(await claimOrFailure(about, () => this.withheld(about, listed)));
    }
    const [complete, disclosed] = [await this.completeness(), await this.disclosures()];
    const found = [...claims, ...complete, ...disclosed];
    return [...found, ...this.answer(found), ...this.beyond()];
  }

  checkpointClaim() {
    const { checkpoint, witnesses, quorumTime, replayed } = this.opened.witnessed;
    const facts = { origin: checkpoint.origin, size: checkpoint.size, witnesses, by: writePosix(quorumTime), replayed };
    const words = `${facts.origin} at ${facts.size} entries`;
    const witnessed =
      facts.by === null
        ? "; the policy asks for no witness"
        : `, cosigned by ${witnesses.join(", ")}`;
    const mirrored = `; replayed by ${replayed.join(", ") || "no mirror"}`;
    return claimOf("checkpoint", Verdict.KNOWN, words + witnessed + mirrored, facts);
  }

  // 3 checkpoint
  recordedClaims() {
    const { quorumTime } = this.opened.witnessed;
    if (quorumTime === null) {
      return [];
    }
    const facts = { by: writePosix(quorumTime), recorded: this.opened.state.recorded };
    const words = `not after ${facts.by}, by the clocks of those who cosigned`;
    if (posixMicroseconds(facts.recorded) <= (quorumTime + SKEW) * 1000000n) {
      return [claimOf("recorded", Verdict.KNOWN, words, { ...facts, agree: true })];
    }
    const problem = `${words}; but the log says ${facts.recorded}: one of the clocks is wrong`;
    return [claimOf("recorded", Verdict.NOT_CHECKED, problem, { ...facts, agree: false })];
  }

  stateClaim() {
    const { size } = this.opened.state;
    return claimOf("state", Verdict.KNOWN, `it gives the index over the ${size} entries before it`, { size });
  }

  /**
   * Hash an entry's bytes for step 5, and up to the root for step 6. WebCrypto answers each call late, so many entries are
   * hashed at once; what is not included is found here and told when its turn comes.
   */
  async hash({ position }) {
    const { files, manifest, proofs, witnessed } = this.opened;
    const written = files.get(entryName(position));
    const [digest, leaf] = await Promise.all([sha256(written), leafHash(written)]);
    const { root } = witnessed.checkpoint;
    const included = checkInclusion(leaf, position - 1, manifest.size, proofs.get(position).map(decodeBase64), root);
    const missing = await included.then(
      () => null,
      (error) => error,
    );
    return { written, digest, leaf, missing };
  }

  /** Step 6 for an entry that is withheld: that it stands there is all that can be said of it. */
  async withheld(about, { position, leaf }) {
    const { manifest, proofs, witnessed } = this.opened;
    const [hashes, { root }] = [proofs.get(position).map(decodeBase64), witnessed.checkpoint];
    await asking(Check.INCLUSION, () => checkInclusion(fromHex(leaf), position - 1, manifest.size, hashes, root));
    const words = "an entry with the hash that is listed stands there; what it says, and about what, is withheld";
    return claimOf(about, Verdict.NOT_CHECKED, words);
  }

  /** Steps 5 to 10 and 13 for one event; raises CheckFailed. */
  async event(about, listed, hashed) {
    // 5 entry
    const held = await this.entry(listed, hashed);
    this.held.set(listed.position, held);
    this.before = held.entry.recorded;
    // 6 inclusion
    await asking(Check.INCLUSION, () => checkIncluded(hashed));
    // 7 statement
    const said = await this.said(held.entry);
    this.payloads.set(listed.position, said.payload);
    // 8 tags
    await asking(Check.TAGS, () => {
      this.tagging.check(said.payload, held.entry);
      checkAcknowledged(said.payload, held.entry);
    });
    const newer = newerIn(said, held.entry);
    // 9 key
    const allowed = await asking(Check.KEY, () => this.allow(said.payload, listed.position, newer));
    // 10 signature
    await asking(Check.SIGNATURE, () => checkSignatures(said.envelope, allowed.keys));
    this.keyring.take(allowed, listed.position);
    if (newer !== "") {
      this.keyring.doubt(said.payload, listed.position);
    }
    // 13 trust
    const parties = said.payload.signers.map((one) => one.party);
    const unknown = said.payload.signers.filter((one) => !this.keyring.knows(one)).map((one) => one.party);
    const strangers = [...new Set(unknown)].sort();
    const known = strangers.length > 0 ? Verdict.UNKNOWN : Verdict.KNOWN;
    const verdict = newer === "" ? known : Verdict.NOT_CHECKED;
    this.events.set(listed.position, { payload: said.payload, verdict });
    const { kind } = said.payload;
    const isReplayed = this.opened.witnessed.replayed.length > 0;
    const words = [
      `${kind} signed by ${parties.join(", ")}`,
      isReplayed ? "" : ", whose keys nobody but the operator says were not revoked before",
      strangers.length > 0 ? `; not known: ${strangers.join(", ")}` : "",
    ];
    const signed = words.join("");
    const all = newer === "" ? signed : `${tooOld(newer)}. What it knows holds: ${signed}`;
    return claimOf(about, verdict, all, { kind, parties, strangers, isReplayed, newer });
  }

  /** Step 5; of bytes of a later form nothing but step 6 can be asked. */
  async entry(listed, hashed) {
    try {
      return await asking(Check.ENTRY, () => this.hold(listed, hashed));
    } catch (error) {
      if (error instanceof NotChecked) {
        await asking(Check.INCLUSION, () => checkIncluded(hashed));
        this.leave(listed.position);
        this.unread ??= listed.position;
      }
      throw error;
    }
  }

  /** Step 7. */
  async said(entry) {
    try {
      return await asking(Check.STATEMENT, () => this.read(entry));
    } catch (error) {
      if (error instanceof NotChecked) {
        this.leave(entry.position);
      }
      throw error;
    }
  }

  /** Remember that an event cannot be read here: what it says of keys and disclosures is not known. */
  leave(position) {
    this.left.add(position);
    this.keyring.leave(position);
    this.tagging.leave(position);
  }

  /** Return what the keyring allows; an event whose keys could not be checked is kept as such, and said to be. */
  async allow(payload, position, newer) {
    try {
      return await this.keyring.allow(payload, position);
    } catch (error) {
      if (!(error instanceof NotChecked)) {
        throw error;
      }
      this.events.set(position, { payload, verdict: Verdict.NOT_CHECKED });
      throw newer === "" ? error : new NotChecked(tooOld(newer), { newer });
    }
  }

  hold(listed, { written, digest, leaf }) {
    if (hex(digest) !== listed.sha256) {
      throw new IntegrityFailed("its SHA-256 is not the one that the manifest lists");
    }
    const entry = parseEntry(written);
    if (entry.position !== listed.position) {
      throw new Malformed("EVD-07", "position", `it is the entry of position ${entry.position}`);
    }
    if (entry.recorded < this.before) {
      throw new Malformed("EVD-07", "recorded", "it was recorded before the entry in front of it");
    }
    if (entry.recorded > this.opened.state.recorded) {
      throw new Malformed("EVD-07", "recorded", "it was recorded after the state entry behind it");
    }
    if (entry.rules === NO_RULES) {
      throw new Malformed("EVD-07", "rules", "nothing was judged: it is no event");
    }
    return { entry, leaf };
  }

  read(entry) {
    const envelope = parseEnvelope(entry.data);
    const payload = readKnown(envelope.payload);
    if (payload.log !== this.opened.manifest.log) {
      throw new Malformed("EVD-08", "$.log", `it is a statement for the log ${payload.log}`);
    }
    const before = this.statements.get(payload.id);
    if (before !== undefined) {
      throw new Malformed("EVD-08", "$.id", `it is recorded at position ${before} already`);
    }
    this.statements.set(payload.id, entry.position);
    if (payload.signers.map((one) => one.key).join() !== envelope.signatures.map((one) => one.keyid).join()) {
      throw new Malformed("STM-25", "envelope.signatures", "are not those of the signers, in their order");
    }
    return { envelope, payload };
  }

  // 11 completeness
  async completeness() {
    const { complete, status } = this.opened.manifest;
    const counting = this.counting();
    const whole = complete.map((tag, at) => [`tag ${tag}`, () => this.whole(tag, at + 1, counting)]);
    const ruled = status.map((tag, at) => [statusName(tag), () => this.status(tag, at + 1, counting)]);
    const checked = await inBatches([...whole, ...ruled], ([about, check]) => {
      return claimOrFailure(about, async () => this.here(about, await asking(Check.COMPLETENESS, check)));
    });
    const part = partOf(this.opened.manifest).map((tag) => {
      const count = (counting.get(tag) ?? []).length;
      const words = `${count} of its events are here; what else is recorded about it, if anything, is withheld`;
      return claimOf(`part ${tag}`, Verdict.NOT_CHECKED, words, { count });
    });
    return [...this.unclaimed(), ...checked, ...part];
  }

  /** Return a failure for whatever the bundle has to claim something of, and does not. */
  unclaimed() {
    const { manifest } = this.opened;
    const { subject } = manifest;
    const { complete, status } = claimedOrPart(manifest);
    const failures = [];
    if (!manifest.complete.includes(subject)) {
      failures.push([`tag ${subject}`, "the bundle does not claim to be complete about its own subject"]);
    }
    const asked = [...this.held].flatMap(([at, { entry }]) => restsOn(entry, this.payloads.get(at) ?? null, manifest));
    for (const tag of [...new Set(asked)].sort()) {
      const isItem = tag.startsWith("item:");
      if (!complete.includes(tag) && isItem) {
        const words = "EVD-22: manifest: an item is made of it, and the bundle does not claim to hold all of its events";
        failures.push([`tag ${tag}`, words]);
      } else if (!complete.includes(tag) && !status.includes(tag)) {
        failures.push([statusName(tag), "EVD-22: manifest: the bundle's subject rests on it, and the bundle claims nothing of it"]);
      }
    }
    return failures.map(([about, words]) => failedClaim(about, new CheckFailed(Check.COMPLETENESS, words)));
  }

  async whole(tag, number, counting) {
    const { count } = await this.known(indexName(number), tag, counting.get(tag) ?? []);
    return { count, isStatus: false };
  }

  async status(tag, number, counting) {
    const { files, state, manifest } = this.opened;
    const name = statusName(tag);
    const known = await this.known(statusProofName(number), name, counting.get(name) ?? []);
    const proof = decodeIndexProof(files.get(indexName(manifest.complete.length + number)));
    const { count } = await checkIndexProof(proof, tag, state.indexRoot);
    const held = BigInt((counting.get(tag) ?? []).length);
    if (held > count) {
      throw new IntegrityFailed(`index proof of ${tag}: the log knows ${count} events, ${held} are here`);
    }
    if (held < count) {
      this.leftOut.set(tag, { events: count - held, of: count });
    }
    return { count: known.count, isStatus: true };
  }

  /** Return what an index proof that holds shows: as much as those vouch for who say what the index is. */
  here(about, { count, isStatus }) {
    const { replayed } = this.opened.witnessed;
    const upTo = this.opened.manifest.size - 1;
    const facts = { count, upTo, replayed, isKey: about.startsWith("tag key:") };
    const events = `its ${count} events${isStatus ? " that establish, limit or end it" : ""}`;
    const words = `${events} up to ${upTo} are here`;
    if (replayed.length > 0) {
      return claimOf(about, Verdict.KNOWN, `${words} and none is missing: replayed by ${replayed.join(", ")}`, facts);
    }
    const missing = facts.isKey ? "none is missing, no revocation either," : "none is missing";
    const alone = `that ${missing} is the operator's word alone: no mirror that replays the log vouches for it`;
    return claimOf(about, Verdict.NOT_CHECKED, `${words}; ${alone}`, facts);
  }

  /** Return what the index knows under a name, once its events are those of the bundle. */
  async known(file, name, events) {
    const [proof, root] = [decodeIndexProof(this.opened.files.get(file)), this.opened.state.indexRoot];
    try {
      return await checkComplete(proof, name, events, root);
    } catch (error) {
      if (this.unread === null || !(error instanceof LedgerError)) {
        throw error;
      }
      const { count } = await checkIndexProof(proof, name, root);
      const problem = `event ${this.unread} cannot be read here, and may be one of its ${count} events`;
      throw new NotChecked(problem, { hidden: this.unread, count });
    }
  }

  /** Return of each name of the index the entries that count under it by their headers. */
  counting() {
    const found = new Map();
    for (const [position, { entry, leaf }] of this.held) {
      for (const name of [...entry.tags, ...[...entry.status].map(statusName)]) {
        found.has(name) || found.set(name, []);
        found.get(name).push({ position, leaf });
      }
    }
    return found;
  }

  // 12 disclosure
  async disclosures() {
    const claims = [];
    for (const listed of this.opened.manifest.disclosures) {
      const about = `disclosure ${listed.digest}`;
      claims.push(await claimOrFailure(about, () => this.disclosure(about, listed)));
    }
    return claims;
  }

  async disclosure(about, { position, digest }) {
    const disclosed = await asking(Check.DISCLOSURE, () => this.disclose(position, digest));
    this.disclosed.set(position, [...(this.disclosed.get(position) ?? []), disclosed]);
    const facts = { name: disclosed.name, position };
    return claimOf(about, this.events.get(position).verdict, `${facts.name} of event ${position}`, facts);
  }

  async disclose(position, digest) {
    const name = disclosureName(digest);
    const event = this.events.get(position);
    if (this.left.has(position)) {
      throw new NotChecked(`its event ${position} cannot be read here`, { hidden: position });
    }
    if (event === undefined) {
      throw new IntegrityFailed(`its event ${position} is not in the bundle, or failed`);
    }
    const text = decodeAscii(this.opened.files.get(name));
    if (text === null) {
      throw new Malformed("STM-60", name, "is not ASCII");
    }
    if (encodeBase64url(await sha256(utf8(text))) !== digest || !event.payload.sd.includes(digest)) {
      throw new IntegrityFailed(`its digest does not stand in the payload of event ${position}`);
    }
    const disclosed = readDisclosure(text, name);
    if ((this.disclosed.get(position) ?? []).some((other) => other.name === disclosed.name)) {
      const problem = `discloses ${disclosed.name} of event ${position}, which is disclosed already`;
      throw new Malformed("STM-64", name, problem);
    }
    return disclosed;
  }

  // 15 answer: for showing, its facts are the answer that is claimed and the rows that follow, null where there are none
  answer(found) {
    if (!isAnswered(this.opened.manifest)) {
      return [];
    }
    const { words, verdict, ...facts } = answers.checkAnswer(this, found);
    const claim = claimOf("answer", verdict, words, facts);
    return [verdict === Verdict.FAILED ? { ...claim, check: Check.ANSWER } : claim];
  }

  // 14 not checked
  beyond() {
    const { complete, status, size } = this.opened.manifest;
    const listed = new Set([...complete, ...status, ...partOf(this.opened.manifest)]);
    const claims = BEYOND.map(([about, words]) => beyondClaim(about, words));
    if (this.leftOut.size > 0) {
      claims.push(this.leftOutClaim());
    }
    const borne = new Set([...this.held.values()].flatMap(({ entry }) => [...entry.tags]));
    const others = [...borne].filter((tag) => !listed.has(tag)).sort();
    if (others.length > 0) {
      const facts = { tags: others.slice(0, FEW).join(", "), more: Math.max(others.length - FEW, 0) };
      claims.push(beyondClaim("other subjects", `whether more is recorded about ${few(others)}`, facts));
    }
    const words = `what was recorded after position ${size}`;
    return [...claims, beyondClaim("later", words, { size })];
  }

  /** Return what the bundle leaves out of subjects whose status alone it shows. */
  leftOutClaim() {
    const sorted = [...this.leftOut].sort(([one], [other]) => (one < other ? -1 : 1));
    const counted = few(sorted.map(([tag, { events, of }]) => `${events} of ${of} events of ${tag}`));
    const approvals = sorted.map(([tag]) => tag).filter((tag) => tag.startsWith("approval:"));
    const words = `what else was done under a subject whose status alone is here: ${counted}`;
    const balance = approvals.length > 0 ? `; and so what is left on ${few(approvals)}` : "";
    const facts = { leftOut: sorted.map(([tag, found]) => ({ tag, ...found })), approvals };
    return beyondClaim("left out", words + balance, facts);
  }

  /** Return the events for showing, in their order; payload is null of one that failed: nothing it says is shown. */
  shown() {
    const { entries, subject } = this.opened.manifest;
    return entries.map(({ position, sha256, why }) => {
      const entry = this.held.get(position)?.entry ?? null;
      const { payload = null, verdict = Verdict.FAILED } = this.events.get(position) ?? {};
      const [recorded, rules, tags] = payload === null ? [null, "", []] : [entry.recorded, entry.rules, [...entry.tags]];
      const isOfSubject = entry === null ? why === "subject" : entry.tags.has(subject);
      const disclosed = this.disclosed.get(position) ?? [];
      const breaches = payload === null ? [] : this.told(entry, payload);
      const shown = { position, why, verdict, recorded, rules, tags, payload, isOfSubject, disclosed, breaches };
      return payload === null ? shown : { ...shown, proof: this.proof(position, sha256) };
    });
  }

  /** Return what proves that an entry stands in the log: the hashes of its bytes, and those that lead to the root. */
  proof(position, sha256) {
    return { sha256, leaf: hex(this.held.get(position).leaf), hashes: this.opened.proofs.get(position) };
  }

  /** Return the breaches of an entry that concern what the bundle lists of goods and cases, with why its signers went on. */
  told(entry, payload) {
    const { complete, status } = this.opened.manifest;
    const listed = [...complete, ...status, ...partOf(this.opened.manifest)].filter((tag) => !/^(?:party|site):/.test(tag));
    const asked = new Set(listed.filter((tag) => entry.tags.has(tag)));
    const reasons = new Map(payload.acknowledges.map((one) => [one.rule, one.reason]));
    const concerns = ({ subjects }) => (subjects.length === 0 ? asked.size > 0 : subjects.some((tag) => asked.has(tag)));
    const concerned = entry.breaches.filter(concerns);
    return concerned.map((one) => ({ ...one, reason: reasons.get(one.rule) }));
  }
}

/** Return what of an event is not known here, though the rest may be checked; "" where all of it is. */
function newerIn({ payload }, entry) {
  const line = newerLine(entry);
  if (line !== "") {
    return line;
  }
  if (!isKeyRecord(payload.kind)) {
    return payload.later || newerAbout(payload.kind);
  }
  const known = KEY_RECORDS[payload.kind];
  if (known === undefined) {
    return `the key record ${payload.kind}; it knows up to ${OPENED}, ${ENROLLED} and ${REVOKED}`;
  }
  const further = [...payload.body.keys()].find((name) => !known.includes(name));
  if (payload.later !== "" || further === undefined) {
    return payload.later;
  }
  return `the member ${memberPath("$.body", [further])}, which it does not know`;
}

/** Return what an act answers to each of some items; it is begun on many at once, and on few enough for the memory. */
async function inBatches(items, act) {
  const answers = [];
  for (let at = 0; at < items.length; at += 256) {
    answers.push(...(await Promise.all(items.slice(at, at + 256).map(act))));
  }
  return answers;
}

function checkIncluded({ missing }) {
  if (missing !== null) {
    throw missing;
  }
}

/** Step 8 beside the tags: what the header tells of breaches the signers acknowledge. */
function checkAcknowledged(payload, { breaches }) {
  const acknowledged = new Set(payload.acknowledges.map((one) => one.rule));
  const unknown = breaches.find((one) => !acknowledged.has(one.rule));
  if (unknown !== undefined) {
    throw new Malformed("ENT-06", "breaches", `the signers do not acknowledge a breach of ${unknown.rule}`);
  }
}

async function checkSignatures(envelope, keys) {
  const message = signedBytes(envelope.payload);
  for (const [at, key] of keys.entries()) {
    await verifySignature(key, message, envelope.signatures[at].sig);
  }
}

/** Return the microseconds since 1970, a BigInt, of a time in the one form of an entry. */
function posixMicroseconds(time) {
  return BigInt(Date.parse(`${time.slice(0, 19)}Z`)) * 1000n + BigInt(time.slice(20, 26));
}

/** Return POSIX seconds, a BigInt, as a time in UTC; null of null. */
function writePosix(seconds) {
  if (seconds === null) {
    return null;
  }
  if (seconds > 253402300799n) {
    return `${seconds} seconds after 1970`; // behind the year 9999: a witness may state any number
  }
  return new Date(Number(seconds) * 1000).toISOString().replace("Z", "000Z");
}

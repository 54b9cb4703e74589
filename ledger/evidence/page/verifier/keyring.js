// ---------------------------------------------------------------------------------------- 9 key: what each may sign

// Decided by positions alone, never by clocks: a key may sign from the position after its enrolment, and in the
// enrolment itself, up to the position of its revocation. The operator is the party that opened the log. What voids or
// corrects an enrolment or a revocation changes nothing here. Of other kinds that begin with "log." or "key." nobody
// knows here what they say of keys.

const OPENED = "log.opened/1";
const ENROLLED = "key.enrolled/1";
const REVOKED = "key.revoked/1";
/** The statements that say which keys may sign, as far as they are known here, with the members of their bodies. */
const KEY_RECORDS = {
  [OPENED]: ["party", "name", "name_zh", "key", "spki", "alg", "person"],
  [ENROLLED]: ["key", "spki", "alg", "party", "person"],
  [REVOKED]: ["key", "ground"],
};

/** Say whether statements of a kind say which keys may sign, later ones too. */
function isKeyRecord(kind) {
  return /^(?:log|key)\./.test(kind) && kind !== "log.state/1";
}


/** The keys known at a position; events are taken in by ascending positions. */
class Keyring {
  constructor(trust, manifest) {
    this.trust = trust;
    this.complete = new Set(manifest.complete);
    this.part = new Set(partOf(manifest));
    this.records = new Map();
    this.revoked = new Map();
    this.rooted = new Set();
    this.operator = null;
    this.unread = new Map();
    this.allUnread = null;
  }

  /** Return the key of each signer, the key that the event brings, and the thumbprint that it revokes. */
  async allow(payload, position) {
    this.noteUnread(payload, position);
    const brought = await this.brought(payload, position);
    const revoked = payload.kind === REVOKED ? readRevoked(payload) : null;
    const unread = payload.signers.filter((signer) => this.doubtOf(signer) !== null);
    if (brought !== null && unread.length === 0) {
      this.checkEnrolment(payload, brought);
    }
    const known = payload.signers.filter((signer) => !unread.includes(signer));
    const keys = known.map((signer) => this.keyOf(signer, position, brought));
    if (unread.length > 0) {
      const { words, facts } = this.doubtOf(unread[0]);
      this.doubt(payload, position);
      throw new NotChecked(words, facts);
    }
    return { keys, brought, revoked };
  }

  /** Take in what an event says of keys, once its signatures are verified with the keys that allow answered. */
  take({ brought, revoked }, position) {
    if (brought !== null) {
      this.records.set(brought.key.thumbprint, brought);
      this.operator ??= brought.party;
      if (this.isRooted(brought)) {
        this.rooted.add(brought.key.thumbprint);
      }
    }
    if (revoked !== null && !this.revoked.has(revoked)) {
      this.revoked.set(revoked, position);
    }
  }

  /** 13 trust: say whether the verifier knows whose key a signer's is, by the trust that it brought. */
  knows(signer) {
    return this.rooted.has(signer.key) || this.trust.keys.get(signer.key) === signer.party;
  }

  isRooted(record) {
    const opened = record.enroller === record.key.thumbprint;
    return (opened ? this.trust.roots : this.rooted).has(record.enroller);
  }

  /** Remember which keys an event may say something of that is unknown here: another kind, or another member. */
  noteUnread(payload, position) {
    const { kind, body, later } = payload;
    const known = KEY_RECORDS[kind] ?? [];
    if (isKeyRecord(kind) && (later !== "" || [...body.keys()].some((name) => !known.includes(name)))) {
      this.doubt(payload, position);
    }
  }

  /** Remember that an event is not checked: if it says which keys may sign, it may say something of them. */
  doubt({ kind, tags }, position) {
    if (!isKeyRecord(kind)) {
      return;
    }
    for (const tag of [...tags].filter((one) => one.startsWith("key:"))) {
      const thumbprint = tag.slice("key:".length);
      this.unread.set(thumbprint, this.unread.get(thumbprint) ?? position);
    }
    if (kind.startsWith("log.")) {
      this.leave(position);
    }
  }

  /** Remember that what stands at a position cannot be read here: it may say something of any key. */
  leave(position) {
    this.allUnread ??= position;
  }

  /** Return {words, facts}: why nobody knows here what may be said of a signer's key; null where it is known. */
  doubtOf({ key }) {
    if (this.part.has(`key:${key}`)) {
      const words = `what is recorded of the key ${key} is withheld in part, its revocation perhaps`;
      return { words, facts: { withheldOf: key } };
    }
    const unread = this.unread.get(key) ?? this.allUnread;
    const words = `event ${unread} is not checked, and may say something of the key ${key}`;
    return unread === null ? null : { words, facts: { unread, key } };
  }

  keyOf(signer, position, brought) {
    const record = this.records.get(signer.key) ?? (brought?.key.thumbprint === signer.key ? brought : undefined);
    if (record === undefined) {
      throw new NotTrusted("EVD-13", `no event before it in the bundle enrols the key ${signer.key}`);
    }
    if (record.party !== signer.party || record.person !== signer.person || record.key.alg !== signer.alg) {
      const problem = `the key ${signer.key} is of ${record.party} ${record.person}, not of the signer`;
      throw new NotTrusted("EVD-13", problem);
    }
    if (this.revoked.has(signer.key) && this.revoked.get(signer.key) < position) {
      throw new NotTrusted("EVD-14", `the key ${signer.key} was revoked at position ${this.revoked.get(signer.key)}`);
    }
    if (!this.complete.has(`key:${signer.key}`)) {
      throw new NotTrusted("EVD-15", `the history of the key ${signer.key} is not claimed to be complete`);
    }
    return record.key;
  }

  /** Return the key that an event of the form of an enrolment names; null of one that enrols none. */
  async brought(payload, position) {
    if (payload.kind !== OPENED && payload.kind !== ENROLLED) {
      return null;
    }
    const record = await readKeyRecord(payload);
    const holder = payload.signers.at(-1);
    const thumbprint = record.key.thumbprint;
    if (payload.kind === OPENED && (position !== 1 || payload.signers.length !== 1)) {
      throw new NotTrusted("EVD-11", `a log is opened by one signer at position 1, not at ${position}`);
    }
    if (payload.kind === ENROLLED && payload.signers.length !== 2) {
      throw new NotTrusted("EVD-12", "an enrolment has two signers, the second being the key itself");
    }
    if (holder.key !== thumbprint || holder.party !== record.party || holder.person !== record.person) {
      throw new NotTrusted("EVD-12", `the key ${thumbprint} does not sign its own enrolment`);
    }
    return record;
  }

  checkEnrolment(payload, record) {
    const { thumbprint } = record.key;
    if (this.records.has(thumbprint)) {
      throw new NotTrusted("EVD-12", `the key ${thumbprint} is enrolled already`);
    }
    const enroller = payload.signers[0].party;
    if (payload.kind === ENROLLED && ![this.operator, record.party].includes(enroller)) {
      throw new NotTrusted("EVD-16", `${enroller} may not enrol a key of ${record.party}`);
    }
  }
}

async function readKeyRecord(payload) {
  const names = ["key", "spki", "alg", "party", "person"];
  const [key, spki, alg, party, person] = names.map((name) => readText(payload.body.get(name), `$.body.${name}`));
  const bytes = decodeBase64(spki);
  if (bytes === null) {
    throw new NotTrusted("EVD-12", "the key is not in canonical base64");
  }
  const admitted = await admitKey(bytes, alg);
  if (key !== `key:${admitted.thumbprint}`) {
    throw new NotTrusted("EVD-12", `the key enrolled is ${admitted.thumbprint}, and not the ${key} that it says`);
  }
  return { key: admitted, party, person, enroller: payload.signers[0].key };
}

function readRevoked(payload) {
  const key = readText(payload.body.get("key"), "$.body.key");
  if (!key.startsWith("key:") || !isTag(key)) {
    throw new NotTrusted("EVD-10", "the revocation names no key");
  }
  return key.slice("key:".length);
}

// --------------------------------------------------------------------------------------------------- 10 signature

/** The encodings that R must not be: small order, not reduced, or minus zero; each y with both signs. */
const UNFIT_R = new Set(
  [...SMALL_ORDER_Y, ...Array.from({ length: 19 }, (_, above) => PRIME + BigInt(above))].flatMap((y) =>
    [y, y | (1n << 255n)].map((number) => number.toString(16).padStart(64, "0")),
  ),
);

async function verifySignature(key, message, signature) {
  if (signature.length !== 64) {
    throw new NotTrusted("KEY-10", `the signature has ${signature.length} bytes, not 64`);
  }
  const [check, name] = key.alg === "ed25519" ? [checkEd25519Form, ED25519_NAME] : [checkEs256Form, ES256_NAME];
  check(signature);
  if (key.loaded === null || !(await crypto.subtle.verify(name, key.loaded, signature, message))) {
    throw new NotTrusted("KEY-15", `the signature does not verify with key ${key.thumbprint}`);
  }
}

function checkEd25519Form(signature) {
  const fault = ed25519Fault(signature);
  if (fault !== null) {
    throw new NotTrusted(...fault);
  }
}

/** Return the rule that the form of a signature of 64 bytes breaks, and how; null of the form that counts. */
function ed25519Fault(signature) {
  if (littleEndian(signature.subarray(32)) >= ORDER) {
    return ["KEY-11", "S is not less than the group's order"];
  }
  return UNFIT_R.has(hex(signature.slice(0, 32).reverse())) ? ["KEY-12", "R is of small order or not canonical"] : null;
}

function checkEs256Form(signature) {
  const [r, s] = [bigEndian(signature.subarray(0, 32)), bigEndian(signature.subarray(32))];
  if (r === 0n || r >= P256_ORDER || s === 0n || s >= P256_ORDER) {
    throw new NotTrusted("KEY-13", "r or s is out of range");
  }
  if (s > P256_ORDER / 2n) {
    throw new NotTrusted("KEY-14", "s is the higher of its two values");
  }
}

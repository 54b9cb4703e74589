// ----------------------------------------------------------------------------------------- 0 files written by hand

// Policy and trust: one rule a line, whatever editor wrote it. Nothing is signed over these files, so they may be
// written in several ways; what is not read is named with its cause, for such a file looks right on the screen.

/** Yield [where, words] for each line that says something; where is like "line 7". */
function* readRules(data, rule, most) {
  if (data.length > most) {
    throw new Malformed(rule, "$", `larger than ${most} bytes`);
  }
  const [first, second, third] = data;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new Malformed(rule, "$", "is UTF-16: save it as UTF-8");
  }
  const lines = splitLines(first === 0xef && second === 0xbb && third === 0xbf ? data.subarray(3) : data);
  for (const [at, line] of lines.entries()) {
    const where = `line ${at + 1}`;
    const words = readWords(line.at(-1) === 13 ? line.subarray(0, -1) : line, where, rule);
    if (words.length > 0) {
      yield [where, words];
    }
  }
}

/** Return the parts of some bytes between newlines: bytes, because each line is decoded for itself. */
function splitLines(data) {
  const lines = [];
  let start = 0;
  for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
    lines.push(data.subarray(start, end));
    start = end + 1;
  }
  return [...lines, data.subarray(start)];
}

function readWords(line, where, rule) {
  const control = line.find((byte) => (byte < 32 && byte !== 9) || byte === 127);
  if (control !== undefined) {
    const causes = { 0: "a zero byte, as UTF-16 has them: save it as UTF-8", 13: "a carriage return ends no line" };
    throw new Malformed(rule, where, causes[control] ?? "a control character other than tab");
  }
  if (line.find((byte) => byte !== 32 && byte !== 9) === 35) {
    return []; // a comment, be it UTF-8 or not
  }
  const text = decodeUtf8(line);
  if (text === null) {
    throw new Malformed(rule, where, "not UTF-8");
  }
  const [odd] = text.match(/[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/) ?? [];
  if (odd !== undefined) {
    throw new Malformed(rule, where, `${codePoint(odd)} stands where only spaces and tabs separate words`);
  }
  return text.match(/[^ \t]+/g) ?? [];
}

// --------------------------------------------------------------------------------------------- 3 checkpoint: policy

// Which logs and which quorum of witnesses the verifier believes, and which of these replay what they cosign:
//
//     log <vkey> [<url>]
//     witness <name> <vkey> [<url>]
//     mirror <name> <vkey> [<url>]          a witness that has replayed the log
//     group <name> all|any|<k> <member>...
//     quorum <name>|none                    exactly once
//     replayed <name>                       at most once; left out: any mirror

const MAX_POLICY = 1000000;
const MOST_KEYS = 256;
const MOST_NESTED = 32;
const NO_QUORUM = "none";

async function parsePolicy(data) {
  const reader = new PolicyReader();
  for (const [where, words] of readRules(data, "TLOG-07", MAX_POLICY)) {
    await reader.read(where, words);
  }
  return reader.policy();
}

/** Reads a policy line by line; what it holds is what the lines above have defined. */
class PolicyReader {
  constructor() {
    this.logs = [];
    this.witnesses = new Map();
    this.mirrors = new Set();
    this.groups = new Map();
    this.depths = new Map();
    this.quorum = null;
    this.replayed = null;
    this.grouped = new Set();
    this.keys = [];
  }

  async read(where, words) {
    const [rule, name] = words;
    if (rule === "log" && (words.length === 2 || words.length === 3)) {
      this.logs.push(await this.key(where, name, [ED25519, ML_DSA_44]));
    } else if ((rule === "witness" || rule === "mirror") && (words.length === 3 || words.length === 4)) {
      this.checkNew(where, name);
      this.witnesses.set(name, await this.key(where, words[2], [ED25519_COSIGNATURE, ML_DSA_44]));
      if (rule === "mirror") {
        this.mirrors.add(name);
      }
    } else if (rule === "group" && words.length >= 4) {
      this.checkNew(where, name);
      this.groups.set(name, this.group(where, words[2], words.slice(3)));
      this.depths.set(name, this.depth(where, words.slice(3)));
    } else if (rule === "quorum" && words.length === 2) {
      this.setQuorum(where, name);
    } else if (rule === "replayed" && words.length === 2) {
      this.setReplayed(where, name);
    } else {
      throw new Malformed("TLOG-07", where, "not a log, witness, mirror, group, quorum or replayed with its words");
    }
  }

  policy() {
    if (this.quorum === null) {
      throw new Malformed("TLOG-07", "$", "no quorum line");
    }
    const quorum = this.quorum === NO_QUORUM ? null : this.quorum;
    const { logs, witnesses, groups, mirrors, replayed } = this;
    return { logs, witnesses, groups, quorum, mirrors, replayed };
  }

  async key(where, vkey, types) {
    if (this.keys.length === MOST_KEYS) {
      throw new Malformed("TLOG-07", where, `more than ${MOST_KEYS} keys`);
    }
    const key = await parseVkey(vkey).catch((error) => {
      throw error instanceof Malformed ? new Malformed("TLOG-07", where, error.problem) : error;
    });
    if (!types.includes(key.type)) {
      throw new Malformed("TLOG-07", where, "a key of this type does not sign in this role");
    }
    // Two keys under one name and id could be told apart by no signature line; a log's own key is no witness.
    const same = (one) => equalBytes(one.public, key.public) || (one.name === key.name && one.id === key.id);
    if (this.keys.some(same)) {
      throw new Malformed("TLOG-07", where, "the public key, or its name and id, stands on a line above");
    }
    this.keys.push(key);
    return key;
  }

  isDefined(name) {
    return this.witnesses.has(name) || this.groups.has(name);
  }

  checkNew(where, name) {
    if (name === NO_QUORUM || this.isDefined(name)) {
      throw new Malformed("TLOG-07", where, `the name ${name} is taken`);
    }
  }

  group(where, threshold, members) {
    for (const member of members) {
      if (!this.isDefined(member)) {
        throw new Malformed("TLOG-07", where, `no line above defines ${member}`);
      }
      if (this.grouped.has(member)) {
        throw new Malformed("TLOG-07", where, `${member} is a member already`);
      }
      this.grouped.add(member);
    }
    return { threshold: this.threshold(where, threshold, members.length), members };
  }

  /** Return how deep groups stand inside a group, itself counted. */
  depth(where, members) {
    const depth = 1 + members.reduce((most, member) => Math.max(most, this.depths.get(member) ?? 0), 0);
    if (depth > MOST_NESTED) {
      throw new Malformed("TLOG-07", where, `groups stand inside each other more than ${MOST_NESTED} deep`);
    }
    return depth;
  }

  threshold(where, text, members) {
    if (text === "all" || text === "any") {
      return text === "all" ? members : 1;
    }
    if (!/^[1-9][0-9]{0,5}$/.test(text) || Number(text) > members) {
      throw new Malformed("TLOG-07", where, `the threshold is not all, any or a number from 1 to ${members}`);
    }
    return Number(text);
  }

  setQuorum(where, name) {
    if (this.quorum !== null) {
      throw new Malformed("TLOG-07", where, "a second quorum line");
    }
    if (name !== NO_QUORUM && !this.isDefined(name)) {
      throw new Malformed("TLOG-07", where, `no line above defines ${name}`);
    }
    this.quorum = name;
  }

  setReplayed(where, name) {
    if (this.replayed !== null) {
      throw new Malformed("TLOG-07", where, "a second replayed line");
    }
    if (!this.isDefined(name)) {
      throw new Malformed("TLOG-07", where, `no line above defines ${name}`);
    }
    if (!this.replays(name)) {
      throw new Malformed("TLOG-07", where, `${name} is no mirror, or has a member that is none`);
    }
    this.replayed = name;
  }

  replays(name) {
    const group = this.groups.get(name);
    return group === undefined ? this.mirrors.has(name) : group.members.every((member) => this.replays(member));
  }
}

/** Return what a policy believes of a signed checkpoint: the checkpoint, who cosigned, the quorum's time, who replayed. */
async function evaluatePolicy(policy, data) {
  const note = parseNote(data);
  const signed = await verifiedSignatures(note, [...policy.logs, ...policy.witnesses.values()]);
  const checkpoint = decodeCheckpoint(note.text);
  const signers = new Set(signed.map((one) => one.key));
  if (!policy.logs.some((log) => signers.has(log) && log.name === checkpoint.origin)) {
    throw new NotTrusted("TLOG-13", `no log of the policy has signed as ${checkpoint.origin}`);
  }
  const times = witnessTimes(policy, signed);
  const quorumTime = policy.quorum === null ? null : timeOf(policy, policy.quorum, times);
  if (policy.quorum !== null && quorumTime === null) {
    const by = [...times.keys()].join(", ") || "none";
    const remedy = "this tells of no change: ask for the same under a checkpoint that the quorum cosigned";
    throw new NotTrusted("TLOG-14", `the quorum ${policy.quorum} is not met; cosigned by: ${by}; ${remedy}`);
  }
  return { checkpoint, witnesses: [...times.keys()].sort(byCodePoint), quorumTime, replayed: replayedBy(policy, times) };
}

/** Return the mirrors that have replayed, when as many have as the policy asks for; else nobody. */
function replayedBy(policy, times) {
  const isMet = policy.replayed === null || timeOf(policy, policy.replayed, times) !== null;
  return isMet ? [...policy.mirrors].filter((name) => times.has(name)).sort() : [];
}

/** Order two texts by their code points, as UTF-8 does and as the units of UTF-16 do not. */
function byCodePoint(one, other) {
  return hex(utf8(one)) < hex(utf8(other)) ? -1 : 1;
}

/** Return the earliest time that each witness states, by the policy's name of it. */
function witnessTimes(policy, signed) {
  const times = new Map();
  for (const [name, key] of policy.witnesses) {
    const stated = signed.filter((one) => one.key === key && one.time !== null).map((one) => one.time);
    if (stated.length > 0) {
      times.set(name, stated.reduce((least, time) => (time < least ? time : least)));
    }
  }
  return times;
}

/** Return when a witness or a group was met: of a group the k-th smallest time of its members; null: it is not met. */
function timeOf(policy, name, times) {
  const group = policy.groups.get(name);
  if (group === undefined) {
    return times.get(name) ?? null;
  }
  const reached = group.members.map((member) => timeOf(policy, member, times)).filter((time) => time !== null);
  reached.sort((one, other) => (one < other ? -1 : 1));
  return reached[group.threshold - 1] ?? null;
}

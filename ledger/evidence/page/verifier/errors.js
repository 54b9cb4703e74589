// ---------------------------------------------------------------------------------------------------------- errors

/** The root of all answers about what was handed in; anything else that is thrown is a bug. */
class LedgerError extends Error {}

/** The bytes are not what the format asks for. */
class Malformed extends LedgerError {
  /** newer: where they may be of a later form, what they hold and what this page knows; "" where they are wrong. */
  constructor(rule, member, problem, newer = "") {
    super(`${rule}: ${member}: ${problem}`);
    this.problem = problem;
    this.newer = newer;
  }
}

/** A signature does not verify, or its key is not one that may speak. */
class NotTrusted extends LedgerError {
  constructor(rule, problem) {
    super(`${rule}: ${problem}`);
    this.problem = problem;
  }
}

/** Bytes contradict themselves, a proof or a promise. */
class IntegrityFailed extends LedgerError {}

/** This engine lacks something that verifying needs; no verdict is given. */
class EngineUnfit extends Error {}

/** A check failed: what is checked is not carried further. Never leaves the verifier. */
class CheckFailed extends Error {
  constructor(check, words) {
    super(words);
    this.check = check;
    this.words = words;
  }
}

/** What is claimed could not be checked. Never leaves the verifier. */
class NotChecked extends Error {
  /** check: at which check; null where it is not asked. */
  constructor(words, facts, check = null) {
    super(words);
    this.facts = facts;
    this.check = check;
  }
}

/** Return what is said of bytes of a later form than this page knows. */
function tooOld(newer) {
  return `this reader is too old: ${newer}`;
}

/** Return what is said of the name of a format: "" unless it is a later version of a known one, name and number. */
function newerFormat(said, known) {
  const [, name, number] = /^([a-z-]+)\/([1-9][0-9]{0,8})$/.exec(said) ?? [];
  const [knownName, knownNumber] = known.split("/");
  const isLater = name === knownName && Number(number) > Number(knownNumber);
  return isLater ? `the form ${said}; it knows up to ${known}` : "";
}

/** Ask one check: whatever answer about the bundle comes out of it is the check's failure; a bug stays a bug. */
async function asking(check, ask) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Malformed && error.newer !== "") {
      throw new NotChecked(tooOld(error.newer), { newer: error.newer }, check);
    }
    throw error instanceof LedgerError ? new CheckFailed(check, error.message) : error;
  }
}

// ------------------------------------------------------------------------------------------------------- 8 tags

// As far as the bundle shows, the tags of an entry are those that follow: the ids of its payload, and what the statement
// bears that it corrects or voids. Which approvals and consignments follow from items is left open.

const VOIDED = "statement.voided/1";
const DERIVED = /^(?:approval|consignment):/;

/** The tags of a bundle's statements; entries are checked by ascending position. */
class Tagging {
  constructor(manifest) {
    this.complete = new Set(manifest.complete);
    this.status = new Set(manifest.status);
    this.part = new Set(partOf(manifest));
    this.said = new Map();
    this.left = 0;
  }

  /** Check the tags of the next entry, and take its statement in, whether or not they hold. */
  check(payload, entry) {
    const { tags } = entry;
    const isLater = newerAbout(payload.kind) !== "";
    if (isLater) {
      this.leave(entry.position);
    }
    const { target, isTold } = isLater ? { target: null, isTold: false } : this.target(payload);
    this.said.set(payload.id, { entry, rewritten: false });
    const reasons = new Set([...payload.tags, ...(target?.tags ?? [])]);
    const unnamed = [...payload.tags].filter((tag) => !tags.has(tag)).sort();
    if (unnamed.length > 0) {
      throw new Malformed("EVD-09", "tags", `the header leaves out ${unnamed.join(", ")}`);
    }
    const missing = [...reasons].filter((tag) => !tags.has(tag)).sort();
    if (missing.length > 0) {
      throw new Malformed("EVD-17", "tags", `the statement that it names bears ${missing.join(", ")} too`);
    }
    const uncounted = [...(target?.status ?? [])].filter((tag) => !entry.status.has(tag)).sort();
    if (uncounted.length > 0) {
      throw new Malformed("EVD-21", "status", `the statement that it names counts for ${uncounted.join(", ")}`);
    }
    const others = isTold ? withoutReason(tags, reasons) : [];
    if (others.length > 0) {
      throw new Malformed("EVD-17", "tags", `there is no reason for ${others.join(", ")}`);
    }
    if (!this.isWhole(entry) && ![...tags].some((tag) => this.part.has(tag))) {
      const problem = "it bears no complete tag of the manifest's, and counts for no status that it lists";
      throw new Malformed("EVD-18", "tags", problem);
    }
  }

  /** Say whether whatever rewrites an entry has to be here. */
  isWhole({ tags, status }) {
    return [...tags].some((tag) => this.complete.has(tag)) || [...status].some((tag) => this.status.has(tag));
  }

  /** Remember that what stands at a position cannot be read here: it may correct or void whatever stands above. */
  leave(position) {
    this.left = position;
  }

  /** Return the entry whose tags and status a payload takes over, or null, and whether the bundle shows that it is all. */
  target(payload) {
    const named = rewritten(payload);
    if (named === null) {
      return { target: null, isTold: true };
    }
    const said = this.said.get(named);
    // An earlier rewriting of what is not listed, or in part, may have been left out: then this takes nothing over.
    if (said === undefined || !this.isWhole(said.entry)) {
      return { target: null, isTold: false };
    }
    const wasRewritten = said.rewritten;
    said.rewritten = true;
    if (!wasRewritten && said.entry.position < this.left) {
      return { target: null, isTold: false }; // what cannot be read in between may have rewritten it
    }
    return { target: wasRewritten ? null : said.entry, isTold: true };
  }
}

/** Return what is said of a kind unknown here that says something of another statement; "" of any other kind. */
function newerAbout(kind) {
  if (kind === VOIDED || !kind.startsWith("statement.")) {
    return "";
  }
  return `the kind ${kind}, which says something of another statement; it knows up to ${VOIDED}`;
}

/** Return the id of the statement that a payload corrects or voids; null when it says of none. */
function rewritten({ kind, body, corrects }) {
  const named = kind === VOIDED ? body.get("statement") : corrects;
  return typeof named === "string" ? named : null;
}

function withoutReason(tags, reasons) {
  const isOfItems = [...reasons].some((tag) => tag.startsWith("item:"));
  return [...tags].filter((tag) => !reasons.has(tag) && !(isOfItems && DERIVED.test(tag))).sort();
}

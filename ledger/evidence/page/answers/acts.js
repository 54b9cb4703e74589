  // Acts are statements that are on record: {position, ident, kind, at, party, received, body, replaces, tags, rules}. position:
  // where one counts. at: when it occurred, in UTC with six digits of a second, so that texts sort as instants.

  const VOIDING = "statement.voided/1";

  /** A body is not of the form that the table reads, which no ledger would have recorded. */
  class Unreadable extends Error {
    constructor(position) {
      super(`event ${position}`);
      this.position = position;
    }
  }

  /** An answer rests on what the table does not say; the message says which answer that is. */
  class Beyond extends Error {}

  function sixDigits(text) {
    const [second, fraction = ""] = text.slice(0, -1).split(".");
    return `${second}.${fraction.padEnd(6, "0")}Z`;
  }

  function actOf(entry, payload) {
    const voided = payload.kind === VOIDING ? payload.body.get("statement") : payload.corrects;
    return {
      ...deedOf(payload),
      position: entry.position,
      ident: payload.id,
      replaces: typeof voided === "string" ? voided : null,
      tags: [...entry.tags],
      rules: entry.rules,
    };
  }

  /** Return what the table reads of a statement. */
  function deedOf({ kind, occurredAt, signers, body }) {
    const received = signers.filter((one) => one.meaning === "received").map((one) => one.party);
    return { kind, at: sixDigits(occurredAt), party: signers[0].party, received, body };
  }

  /** Return the acts that count now: of corrections in the place of what they correct, without what was voided. */
  function countingOf(acts) {
    const [slots, places] = [[], new Map()];
    for (const act of acts) {
      const slot = act.replaces === null ? undefined : places.get(act.replaces);
      if (slot !== undefined && act.kind !== VOIDING) {
        slots[slot] = slots[slot] === null ? null : { ...act, position: slots[slot].position };
        places.set(act.ident, slot);
        continue;
      }
      if (slot !== undefined) {
        slots[slot] = null;
      }
      places.set(act.ident, slots.length);
      slots.push(act);
    }
    return slots.filter((act) => act !== null && act.kind !== VOIDING);
  }

  /** Order places, {at, position}, as acts are ordered. */
  function byPlace(one, other) {
    return one.at < other.at ? -1 : one.at > other.at ? 1 : one.position - other.position;
  }

  const typeOf = (tag) => tag.slice(0, tag.indexOf(":"));

  /** Return each of some texts once, sorted by code points. */
  const sortedOnce = (texts) => [...new Set(texts)].sort(byCodePoint);


  // When a term ends, by the edition of the rules that holds for what is owed. Instants are texts in UTC with six digits of a
  // second, as acts have them; a local day ends by the edition's own clock.

  const LAST_INSTANT = "9999-12-31T23:59:59.999999Z";
  const LAST_DAY = Date.parse("9999-12-31T00:00:00Z");
  const DAY_LENGTH = 86_400_000;

  /** The editions that had begun at an instant. without: those that are not taken into account. */
  class BegunEditions {
    constructor(now, without) {
      Object.assign(this, { now, without });
    }

    /** Return what is known of an edition that an entry names; null: it had not begun, or is not known. */
    named(name) {
      const found = Object.hasOwn(EFFECTS_TABLE.editions, name) ? EFFECTS_TABLE.editions[name] : null;
      const hasBegun = found !== null && found.since <= localDay(this.now, found.minutes);
      return hasBegun && !this.without.includes(name) ? found : null;
    }

    /** Return the edition whose term holds: the opener's, or a later one that says it reaches what was open then. */
    holding(term, { under, at, ended }) {
      let found = this.named(under);
      const all = Object.keys(EFFECTS_TABLE.editions).map((name) => this.named(name)).filter((one) => one !== null);
      for (const one of all.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0))) {
        if (found !== null && one.jurisdiction === found.jurisdiction && one.since > found.since) {
          const begins = endOfDay(Date.parse(`${one.since}T00:00:00Z`) - DAY_LENGTH, one);
          const openThen = at <= begins && (ended === null || ended > begins);
          found = one.reaches.includes(term) && openThen ? one : found;
        }
      }
      return found;
    }
  }

  /** Return the last instant at which something is still in time. */
  function deadlineOf(start, [length, unit], edition) {
    if (unit === "hours") {
      const end = new Date(Date.parse(`${start.slice(0, 19)}Z`) + length * 3_600_000);
      return end.getUTCFullYear() > 9999 ? LAST_INSTANT : `${end.toISOString().slice(0, 19)}${start.slice(19)}`;
    }
    const first = Date.parse(`${localDay(start, edition.minutes)}T00:00:00Z`);
    return endOfDay(unit === "calendar days" ? first + length * DAY_LENGTH : monthsLater(first, length), edition);
  }

  /** Return the last instant of a local day; none is after the year 9999. day: its midnight, as milliseconds. */
  function endOfDay(day, { minutes }) {
    const second = new Date(day + DAY_LENGTH - 1000 - minutes * 60_000);
    return second.getUTCFullYear() > 9999 ? LAST_INSTANT : `${second.toISOString().slice(0, 19)}.999999Z`;
  }

  /** Return a day of a body. */
  function dayIn(text, act) {
    if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text) || !isTime(`${text}T00:00:00Z`)) {
      throw new Unreadable(act.position);
    }
    return Date.parse(`${text}T00:00:00Z`);
  }

  /** Return the day of the same number some months later, or that month's last day. */
  function monthsLater(first, months) {
    const day = new Date(first);
    const month = day.getUTCFullYear() * 12 + day.getUTCMonth() + months;
    const lastOf = new Date(first);
    lastOf.setUTCFullYear(Math.floor(month / 12), (month % 12) + 1, 0);
    const found = lastOf.setUTCDate(Math.min(day.getUTCDate(), lastOf.getUTCDate()));
    return Math.min(found, LAST_DAY);
  }

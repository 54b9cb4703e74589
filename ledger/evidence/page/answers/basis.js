  // Which subjects an answer rests on: all acts of each of these are needed. A walk over whatever was ever said.

  const NEEDS = {
    ancestors: (subject, told) => {
      const items = new LineageWalk(told).upwards([subject]);
      const goods = new Set([...items, ...beside(items, told, ["approval", "consignment", "permit"])]);
      return new Set([...goods, ...beside(goods, told, ["case"])]);
    },
    balance: lineageOf,
    "custody-chain": (subject, told) => {
      const items = new LineageWalk(told).upwards([subject]);
      return new Set([...items, ...beside(items, told, ["consignment"])]);
    },
    descendants: lineageOf,
    owed: matterOf,
    whereabouts: (subject) => new Set([subject]),
  };

  /** Return all that was made of something, and what that was made of besides. */
  function lineageOf(subject, told) {
    const walk = new LineageWalk(told);
    return new Set([...walk.upwards(walk.downwards(subject)), subject]);
  }

  /** Return a subject, what it was made of, and the approvals and consignments that any of these came in under. */
  function matterOf(subject, told) {
    const found = new Set();
    let further = [subject];
    while (further.some((tag) => !found.has(tag))) {
      further.forEach((tag) => found.add(tag));
      const held = new Map([...found].flatMap((tag) => told.about(tag)).map((act) => [act.position, act]));
      const ordered = [...held.keys()].sort((one, other) => one - other).map((position) => held.get(position));
      further = cameUnder(new ActRecord(ordered, found), subject);
    }
    return found;
  }

  function cameUnder(record, subject) {
    if (typeOf(subject) === "consignment") {
      return [subject, ...record.now(subject).approvals];
    }
    if (typeOf(subject) !== "item" || !record.steps(subject).some(({ now }) => now.known)) {
      return [subject];
    }
    const named = record.lineage(subject).flatMap(({ id, approval, consignment }) => [id, approval, consignment]);
    return [subject, ...named.filter((tag) => tag !== null)];
  }

  /** A walk down and up: what each act says that items come from is looked at once, however many it names. */
  class LineageWalk {
    constructor(told) {
      this.told = told;
      this.looked = new Map();
    }

    downwards(subject) {
      return walked([subject], (tag) => this.of(tag, "made"));
    }

    upwards(tags) {
      return walked(tags, (tag) => this.of(tag, "origins").filter((one) => typeOf(one) === "item"));
    }

    of(tag, way) {
      return this.told.about(tag).flatMap((act) => this.look(act)[way].get(tag) ?? []);
    }

    /** Return of an act by item its origins, and by origin what was made of it. */
    look(act) {
      if (!this.looked.has(act.position)) {
        const items = act.tags.filter((one) => typeOf(one) === "item");
        const origins = new Map(items.map((item) => [item, originOf(item, act)]));
        const made = new Map();
        for (const [item, found] of origins) {
          for (const one of found) {
            made.has(one) || made.set(one, []);
            made.get(one).push(item);
          }
        }
        this.looked.set(act.position, { origins, made });
      }
      return this.looked.get(act.position);
    }
  }

  function walked(tags, further) {
    const found = new Set();
    const pending = [...tags];
    while (pending.length > 0) {
      const tag = pending.pop();
      if (!found.has(tag)) {
        found.add(tag);
        pending.push(...further(tag));
      }
    }
    return found;
  }

  /** Return what an act says that an item comes from: parents, or consignment and approval. */
  function originOf(item, act) {
    const { known, parents, consignment, approval } = after(freshOf(item), act);
    return known ? [...parents, consignment, approval].filter((one) => one !== null) : [];
  }

  function beside(whole, told, types) {
    const named = [...whole].flatMap((tag) => told.about(tag)).flatMap(({ tags }) => tags);
    return named.filter((tag) => types.includes(typeOf(tag)) && !whole.has(tag));
  }

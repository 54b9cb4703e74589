  // What some acts add up to: each subject in the order in which its acts count, now and as it was at a place.

  const BY_POSITION = ["approval", "permit"]; // what the log alone orders; everything else goes by when its acts occurred

  class ActRecord {
    /** acts: oldest first. whole: a Set of the subjects of which these are all. */
    constructor(acts, whole) {
      this.acts = acts;
      this.counting = countingOf(acts);
      this.byStatement = new Map(this.counting.map((act) => [act.ident, act]));
      this.of = new Map();
      this.known = new Map();
      for (const act of acts) {
        for (const tag of act.tags.filter((one) => whole.has(one))) {
          this.of.has(tag) || this.of.set(tag, []);
          this.of.get(tag).push(act);
        }
      }
    }

    /** Return the subjects of a type that something is told of, sorted. */
    ofType(type) {
      return sortedOnce([...this.of.keys()].filter((tag) => typeOf(tag) === type));
    }

    /** Return the acts of a subject in the order in which they count, {act, before, now}. */
    steps(tag) {
      if (!this.known.has(tag)) {
        let state = freshOf(tag);
        const steps = sequenceOf(tag, this.of.get(tag) ?? []).map((act) => {
          const before = state;
          state = after(before, act);
          return { act, before, now: state };
        });
        this.known.set(tag, steps);
      }
      return this.known.get(tag);
    }

    /** Return what a subject is now. */
    now(tag) {
      return this.steps(tag).at(-1)?.now ?? freshOf(tag);
    }

    /** Return what a subject was at a place, by all that is told of it now. */
    at(tag, place) {
      const counts = (act) => (after(freshOf(tag), act).known ? act.position < place.position : byPlace(act, place) < 0);
      return sequenceOf(tag, this.of.get(tag) ?? []).filter(counts).reduce(after, freshOf(tag));
    }

    /** Return an item and all that it was made of, each once, nearest first. place: as for at; null: now. */
    lineage(item, place = null) {
      const found = new Map();
      const pending = [item];
      for (const one of pending) {
        if (!found.has(one)) {
          found.set(one, place === null ? this.now(one) : this.at(one, place));
          pending.push(...found.get(one).parents);
        }
      }
      return [...found.values()];
    }

    /** Return by item, itself and all that it was made of, until when what happened to it counts; null: always. */
    ancestry(item) {
      const [seen, until] = [new Set(), new Map()];
      const pending = [[item, null]];
      for (const [one, made] of pending) {
        const step = `${one} ${made}`;
        if (!seen.has(step)) {
          seen.add(step);
          const state = this.now(one);
          pending.push(...state.parents.map((parent) => [parent, state.made_at]));
          const earlier = until.has(one) ? until.get(one) : made;
          until.set(one, made === null || earlier === null ? null : made > earlier ? made : earlier);
        }
      }
      return until;
    }
  }

  /** Return the acts of a subject that count now: what brings it into being first, then the others in their order. */
  function sequenceOf(tag, acts) {
    const counting = countingOf(acts);
    const begins = (act) => after(freshOf(tag), act).known;
    const others = counting.filter((act) => !begins(act));
    return [...counting.filter(begins), ...(BY_POSITION.includes(typeOf(tag)) ? others : others.sort(byPlace))];
  }

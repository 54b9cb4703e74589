
  // What is owed in a matter, by the table of duties: what its acts open, pause, move, meet and let lapse. An obligation:
  // {id, duty, step, key, concerns, debtor, creditor, due, until, pauses, met, lapsed}; due: {written, at}, or null; the other instants
  // as acts have theirs, or null. A step: {act, before, now, rules}; rules: the edition that its first words came under.

  const DUTY_TABLE = EFFECTS_TABLE.duties;

  /** Return the obligations of a matter, in the order in which they were opened. */
  function owedOf(asked) {
    const of = typeOf(asked.subject);
    const rules = new Map(asked.counting.acts.map((act) => [act.position, act.rules]));
    const steps = asked.counting.steps(asked.subject).map((step) => ({ ...step, rules: rules.get(step.act.position) }));
    for (const one of DUTY_TABLE.elsewhere[of]) {
      stopWhere(one, one.own ? steps.some((step) => takesStep(one, step, null, asked)) : isAmong(asked, one.kinds));
    }
    const found = Object.entries(DUTY_TABLE[of]).flatMap(([id, duty]) => owedBy(asked, id, duty, steps));
    const order = (one, other) =>
      one.step.act.position - other.step.act.position || byCodePoint(one.id, other.id) || byCodePoint(one.key, other.key);
    return found.sort(order);
  }

  function stopWhere({ says }, isSo) {
    if (isSo) {
      throw new Beyond(`owed ${says}`);
    }
  }

  function isAmong({ counting }, kinds) {
    return counting.counting.some(({ kind }) => kinds.includes(kind));
  }

  /** Say whether anything here was at some time made of, or came in under, what is not among the subjects here. */
  function wasOfMore({ whole, counting }) {
    const states = [...whole].flatMap((tag) => counting.steps(tag).map(({ now }) => now));
    return states.some((state) => cameOf(state).some((tag) => tag !== null && !whole.has(tag)));
  }

  function cameOf(state) {
    if (typeOf(state.id) === "item") {
      return [...state.parents, state.consignment, state.approval];
    }
    return typeOf(state.id) === "consignment" ? [...state.approvals] : [];
  }

  /** Return the obligations of one duty that the acts of a subject open. */
  function owedBy(asked, id, duty, steps) {
    const editions = new BegunEditions(asked.now, asked.without);
    const found = [];
    for (const step of steps) {
      for (const one of found.filter(({ met, lapsed }) => met === null && lapsed === null)) {
        takeStep(one, step, asked, editions);
      }
      if (isPart("opens", duty, step, null, asked) && isLaw(duty, editions.named(step.rules))) {
        found.push(...openedBy(id, duty, step, editions));
      }
    }
    if (found.length > 0 && duty.unless !== undefined) {
      stopWhere(duty.unless, isAmong(asked, duty.unless.kinds) || wasOfMore(asked));
    }
    for (const one of found) {
      const edition = editionFor(one, asked);
      const term = edition?.terms[duty.term];
      if (one.due === null && term !== undefined) {
        const at = deadlineOf(one.step.act.at, term, edition);
        one.due = { written: moment(at), at };
      }
    }
    return found;
  }

  function isPart(part, duty, step, owed, asked) {
    return (duty[part] ?? []).some((when) => takesStep(when, step, owed, asked));
  }

  function isLaw({ law }, edition) {
    return law === undefined || edition?.terms[law]?.[0] === true;
  }

  function openedBy(id, duty, step, editions) {
    const first = (part) => (duty[part] ?? []).map((source) => owedValue(source, step, null)).find((one) => one) ?? null;
    const until = duty.until === undefined ? null : endBy(duty.until, step, editions);
    const owed = {
      ...{ id, duty, step, pauses: [], met: null, lapsed: null, until },
      key: duty.key === undefined ? "" : String(owedValue(duty.key, step, null)),
      concerns: (duty.concerns ?? []).map((source) => String(owedValue(source, step, null))),
      ...{ debtor: first("debtor"), creditor: first("creditor"), due: statedBy(duty, step, editions) },
    };
    return duty.until !== undefined && until === null ? [] : [owed];
  }

  /** Return the date that a statement says, or to which something holds by it; null: there is none. */
  function statedBy(duty, step, editions) {
    if (duty.due !== undefined) {
      const text = owedValue(duty.due, step, null);
      return text === null ? null : instantParts(text, step.act);
    }
    const at = duty.ends === undefined ? null : endBy(duty.ends, step, editions);
    return at === null ? null : { written: moment(at), at };
  }

  /** Return the last instant of a day; null: there is none, or whose day it is is not known. */
  function endBy(source, step, editions) {
    const [day, edition] = [owedValue(source, step, null), editions.named(step.rules)];
    return day === null || edition === null ? null : endOfDay(dayIn(day, step.act), edition);
  }

  /** Let an act do to an obligation what its duty says. */
  function takeStep(one, step, asked, editions) {
    const { at, kind } = step.act;
    if (isPart("closes", one.duty, step, one, asked)) {
      one.met = at;
    } else if (isPart("lapses", one.duty, step, one, asked)) {
      one.lapsed = at;
    }
    const last = one.pauses.at(-1);
    if (last !== undefined && last.ended === null) {
      last.ended = one.met !== null || one.lapsed !== null ? at : null;
    } else if (isPart("pauses", one.duty, step, one, asked)) {
      one.pauses.push({ begun: at, ended: null });
    }
    if ((one.duty.moves ?? []).includes(kind)) {
      one.due = statedBy(one.duty, step, editions) ?? one.due;
    }
  }

  /** Return the edition that holds for an obligation: the opener's, or a later one that reaches it. */
  function editionFor({ duty, step, met, lapsed }, asked) {
    const editions = new BegunEditions(asked.now, asked.without);
    const opened = { under: step.rules, at: step.act.at, ended: met ?? lapsed };
    return duty.term === undefined ? editions.named(step.rules) : editions.holding(duty.term, opened);
  }

  /** Return the kinds of which some acts are. */
  function kindsIn(whens) {
    const linked = ({ links }) => (links === undefined ? [] : DUTY_TABLE.links[links]);
    return whens.flatMap((when) => [...(when.kinds ?? []), ...linked(when)].filter((one) => !(when.except ?? []).includes(one)));
  }

  /** Say whether an act is one that a part of the table means. */
  function takesStep(when, step, owed, asked) {
    if (!kindsIn([when]).includes(step.act.kind)) {
      return false;
    }
    const value = (source) => owedValue(source, step, owed);
    const all = (part, holds) => Object.entries(when[part] ?? {}).every(([source, wanted]) => holds(value(source), wanted));
    const meets = (one, source) => ((other) => (Array.isArray(other) ? other.includes(one) : one === other))(value(source));
    return (
      (when.names === undefined || namesSubject(when.names, step.act, asked.subject)) &&
      all("if", (one, wanted) => one === wanted) &&
      all("not", (one, wanted) => one !== wanted) &&
      all("among", (one, wanted) => wanted.includes(one)) &&
      all("outside", (one, wanted) => !wanted.includes(one)) &&
      all("same", meets) &&
      all("other", (one, source) => !meets(one, source)) &&
      (when.has ?? []).every((source) => value(source) !== null) &&
      (when.lacks ?? []).every((source) => value(source) === null) &&
      (when.changes === undefined || when.changes.some((name) => step.before[name] !== step.now[name])) &&
      (when.any === undefined || isAny(when.any, step, value, asked))
    );
  }

  /** Say whether a member names the subject: itself, in a list, or in rows. */
  function namesSubject(member, { body }, subject) {
    return entriesOf(body.get(member)).some((one) => one === subject || (one instanceof Map && one.get("item") === subject));
  }

  /** Say whether of some subjects one had a field, as the record was right after the act. */
  function isAny({ of, field }, { act }, value, { counting }) {
    return value(of).some((tag) => counting.at(tag, { at: act.at, position: act.position + 1 })[field] !== null);
  }

  function owedValue(source, step, owed) {
    const [where, name] = source.split(".");
    switch (where) {
      case "body":
        return step.act.body.get(name) ?? null;
      case "before":
        return step.before[name];
      case "after":
        return step.now[name];
      case "owed":
        return owed[name];
      default:
        return step.act.party;
    }
  }

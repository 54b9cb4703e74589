  // The lines of an approval.

  // Of an approval: by number {product, approved, committed, factors}; committed in the approved unit.

  function linesOf(step, state, act, row) {
    const { body } = act;
    if (step.grant !== undefined) {
      state.lines = new Map(objectsIn(body.get(step.grant), act).map((one) => [one.get("line"), grantedLine(one, act)]));
    }
    for (const one of step.amend === undefined ? [] : objectsIn(body.get(step.amend), act)) {
      withLine(state, one.get("line"), { approved: neededIn(one.get("quantity"), act) });
    }
    if (step.convert) {
      const unit = String(body.get("unit"));
      const one = into({ number: UNIT, unit: baseOf(unit) }, unit).number;
      withLine(state, body.get("line"), { factor: [baseOf(unit), times(one, numberIn(body.get("factor"), act))] });
    }
    if (step.commit && row instanceof Map) {
      withLine(state, row.get("line"), { released: neededIn(row.get("quantity"), act) });
    }
    return state;
  }

  function objectsIn(value, act) {
    const found = entriesOf(value);
    if (!found.every((one) => one instanceof Map)) {
      throw new Unreadable(act.position);
    }
    return found;
  }

  function grantedLine(row, act) {
    if (!Number.isInteger(row.get("line")) || typeof row.get("name_en") !== "string") {
      throw new Unreadable(act.position);
    }
    const approved = neededIn(row.get("quantity"), act);
    return { product: row.get("name_en"), approved, committed: ZERO, factors: new Map() };
  }

  /** Change a line of an approval, of which the state is not shared yet; nothing where it has no such line. */
  function withLine(state, number, { approved = null, factor = null, released = null }) {
    const before = state.lines.get(number);
    if (before === undefined) {
      return;
    }
    const line = { ...before, factors: new Map([...before.factors, ...(factor === null ? [] : [factor])]) };
    const { unit } = line.approved;
    if (approved !== null) {
      line.approved = alike(approved.unit, unit) ? into(approved, unit) : approved;
    }
    const counted = released === null ? null : countedIn(line, released);
    if (counted !== null) {
      line.committed = plus(line.committed, counted);
    }
    state.lines = new Map([...state.lines, [number, line]]);
  }

  /** Return an amount in the approved unit of a line; null where nobody has stated the conversion. */
  function countedIn({ approved, factors }, amount) {
    if (alike(amount.unit, approved.unit)) {
      return into(amount, approved.unit).number;
    }
    const factor = factors.get(baseOf(amount.unit));
    return factor === undefined ? null : times(into(amount, baseOf(amount.unit)).number, factor);
  }

  // The table executed: what an act makes of a subject. An act that does not concern one returns the very same state.

  const FRESH = {
    item: {
      ...{ known: false, consignment: null, approval: null, line: null, origin: null, parents: [], status: "expected" },
      ...{ label: null, lot: null, donor: null, quantity: null, custodian: null, giver: null, receiver: null, offered: null },
      ...{ site: null, place: null, checked_out: null, holds: [], ordered: null, excursion: null, seals: [], made_at: null, permits: [] },
    },
    approval: { known: false, lines: new Map(), applicant: null, valid_to: null, since: null, follow_up: null },
    consignment: {
      ...{ known: false, carriers: [], applicant: null, consignee: null, destination: null, approvals: [] },
      ...{ released: null, declared: null },
    },
    permit: { known: false, scheme: null },
  };
  const LISTS = ["parents", "seals", "carriers", "approvals"];
  const ON_THE_WAY = ["expected", "received", "missing"];
  const TAKEN_OUT = { giver: null, receiver: null, offered: null, site: null, place: null, checked_out: null };

  const freshOf = (tag) => ({ id: tag, ...FRESH[typeOf(tag)] });

  /** Return a subject after an act; the same one where the act does not concern it. */
  function after(state, act) {
    const of = typeOf(state.id);
    const steps = EFFECTS_TABLE[of] ?? {};
    for (const step of Object.hasOwn(steps, act.kind) ? steps[act.kind] : []) {
      let isTaken = false;
      for (const row of rowsNaming(step, of, state.id, act)) {
        if (holds(step, state, act, row)) {
          state = stepped(step, state, act, row);
          isTaken = true;
        }
        if (!step.each) {
          break;
        }
      }
      if (isTaken && step.last) {
        break;
      }
    }
    return state;
  }

  /** Return a subject after a statement; as it was where its body is not of its form. */
  function evolved(state, payload) {
    try {
      return after(state, deedOf(payload));
    } catch (error) {
      if (error instanceof Unreadable) {
        return state;
      }
      throw error;
    }
  }

  /** Return what a member names: of a list each, else itself. */
  function entriesOf(value) {
    return Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
  }

  function rowsNaming(step, of, ident, { body }) {
    const all = step.on.flatMap((name) => entriesOf(body.get(name)));
    return all.filter((one) => one === ident || (one instanceof Map && one.get(of) === ident));
  }

  function holds(step, state, act, row) {
    const wanted = Object.entries(step.if ?? {});
    return (
      wanted.every(([source, value]) => valueOf(source, state, act, row) === value) &&
      (step.lacks ?? []).every((source) => valueOf(source, state, act, row) === null) &&
      (step.has ?? []).every((source) => valueOf(source, state, act, row) !== null) &&
      Object.entries(step.not_before ?? {}).every(([source, other]) => {
        const [one, earlier] = [source, other].map((each) => String(valueOf(each, state, act, row) ?? ""));
        return one >= earlier;
      }) &&
      (step.received_by === undefined || act.received.includes(valueOf(step.received_by, state, act, row))) &&
      (!step.outside || isOutside(act))
    );
  }

  /** Say whether a record of temperatures leaves the range that was agreed. */
  function isOutside(act) {
    const [low, high, minimum, maximum] = ["low", "high", "minimum", "maximum"].map((name) => degrees(act, name));
    const isCold = low !== null && minimum !== null && compared(minimum, low) < 0n;
    return isCold || (high !== null && maximum !== null && compared(maximum, high) > 0n);
  }

  function degrees(act, name) {
    const text = act.body.get(name) ?? null;
    if (text === null) {
      return null;
    }
    if (typeof text !== "string") {
      throw new Unreadable(act.position);
    }
    const number = numberIn(text.replace(/^-/, ""), act);
    return text.startsWith("-") ? minus(ZERO, number) : number;
  }

  function numberIn(text, act) {
    const number = readRatio(text);
    if (number === null) {
      throw new Unreadable(act.position);
    }
    return number;
  }

  /** Return what a value of the table is; null: nothing. */
  function valueOf(source, state, act, row) {
    if (source === "" || source.startsWith("=")) {
      return source.slice(1) || null;
    }
    const [where, name] = source.split(".");
    switch (where) {
      case "body":
        return act.body.get(name) ?? null;
      case "row":
        return row instanceof Map ? (row.get(name) ?? null) : null;
      case "state":
        return state[name];
      case "ids":
        return entriesOf(act.body.get(name)).map((one) => (one instanceof Map ? (one.get("item") ?? null) : one));
      case "approvals":
        return sortedOnce(entriesOf(act.body.get(name)).filter((one) => one instanceof Map).map((one) => String(one.get("approval"))));
      case "time":
        return act.at;
      default:
        return act.party;
    }
  }

  /** Return a subject after a step that is taken for a row: each part of it in this order. */
  function stepped(step, state, act, row) {
    const of = (field, source) => fieldOf(field, valueOf(source, made, act, row), act);
    const made = step.begin ? { ...freshOf(state.id), known: true } : { ...state };
    if (step.take !== undefined) {
      const isOnItsWay = ON_THE_WAY.includes(made.status);
      Object.assign(made, TAKEN_OUT, { custodian: of("custodian", step.take) }, isOnItsWay ? { status: "in-transit" } : {});
    }
    if (step.less !== undefined) {
      Object.assign(made, lessOf(made, of("quantity", step.less)));
    }
    const measured = step.measure === undefined ? null : of("quantity", step.measure);
    if (measured !== null) {
      made.quantity = recordedAs(made, measured);
    }
    if (step.divide !== undefined) {
      Object.assign(made, dividedOf(made, step.divide, act));
    }
    const set = Object.entries(step.set ?? {}).map(([field, source]) => [field, of(field, source)]);
    Object.assign(made, Object.fromEntries(set));
    for (const [field, source] of Object.entries(step.keep ?? {})) {
      if (valueOf(source, made, act, row) !== null) {
        made[field] = of(field, source);
      }
    }
    for (const [field, source] of Object.entries(step.add ?? {})) {
      made[field] = sortedOnce([...made[field], of("", source) ?? ""]);
    }
    if (step.empties && made.quantity !== null && made.quantity.number.n <= 0n) {
      made.status = "depleted";
    }
    return heldOf(step, linesOf(step, made, act, row), act, row);
  }

  /** Return a value as a field of a subject holds it. */
  function fieldOf(field, value, act) {
    if (field === "quantity") {
      return value !== null && Object.hasOwn(value, "number") ? value : amountIn(value, act);
    }
    if (LISTS.includes(field)) {
      const found = value ?? [];
      if (Array.isArray(found) && found.every((one) => typeof one === "string")) {
        return found;
      }
    } else if (value === null || (field === "line" ? Number.isInteger(value) : typeof value === "string")) {
      return value;
    }
    throw new Unreadable(act.position);
  }

  function amountIn(value, act) {
    if (value === null || value === undefined) {
      return null;
    }
    if (!(value instanceof Map) || typeof value.get("unit") !== "string") {
      throw new Unreadable(act.position);
    }
    return { number: numberIn(value.get("value"), act), unit: value.get("unit") };
  }

  function neededIn(value, act) {
    const amount = amountIn(value, act);
    if (amount === null) {
      throw new Unreadable(act.position);
    }
    return amount;
  }

  /** Return an amount in the unit in which an item's is recorded, if it is of its dimension. */
  function recordedAs({ quantity }, amount) {
    return quantity !== null && alike(quantity.unit, amount.unit) ? into(amount, quantity.unit) : amount;
  }

  /** Return what is left of an item after some was taken; null: nobody measured it, and what is left is unknown. */
  function lessOf({ quantity, status }, amount) {
    const isKnown = amount !== null && quantity !== null && alike(quantity.unit, amount.unit);
    const number = isKnown ? minus(quantity.number, into(amount, quantity.unit).number) : null;
    const isGone = isKnown && number.n <= 0n;
    return { quantity: isKnown ? { number, unit: quantity.unit } : null, status: isGone ? "depleted" : status };
  }

  /** Return what was divided: with what its signers say is left, and no more than what was made of it leaves. */
  function dividedOf(state, { parts, loss, residual }, act) {
    const made = entriesOf(act.body.get(parts)).filter((one) => one instanceof Map);
    const taken = [...made.map((one) => one.get("quantity")), act.body.get(loss)];
    const { quantity: left } = taken.reduce((one, part) => ({ ...one, ...lessOf(one, amountIn(part, act)) }), state);
    let rest = recordedAs(state, neededIn(act.body.get(residual), act));
    if (left !== null && alike(left.unit, rest.unit) && compared(rest.number, into(left, rest.unit).number) > 0n) {
      rest = left;
    }
    return { quantity: rest, status: rest.number.n <= 0n ? "depleted" : state.status };
  }

  function heldOf(step, state, act, row) {
    for (const part of ["hold", "free"].filter((one) => step[one] !== undefined)) {
      const ground = step[part].map((source) => valueOf(source, state, act, row)).join("");
      const others = state.holds.filter((one) => one !== ground);
      state.holds = sortedOnce(part === "hold" ? [...others, ground] : others);
    }
    if (step.let_go !== undefined) {
      const by = valueOf(step.let_go, state, act, row);
      state.holds = state.holds.filter((one) => one.split("/")[0] !== by);
    }
    return state;
  }

  // The balance of an approval: each change of an item's amount is booked under what its act was, or where the item is away, in
  // the shares of the lines that the item came in under; its own, or of an aliquot and a pool those of what they were made of, by
  // amount.

  const SAME_SUBSTANCE = ["item.aliquoted/1", "item.pooled/1"];
  const HERE = ["expected", "in-transit", "received"];
  const NOT_RECEIVED = ["expected", "in-transit"];
  const PARTS = ["in_transit", "in_use"]; // of what is on hand; what is in neither is at rest
  const FLOWS = [
    ...["listed", "used", "sampled", "sold", "disposed", "returned", "re_exported", "missing", "lost", "processed"],
    "adjusted",
  ];

  function balance({ subject, counting, earlier }) {
    const books = new LineBooks(counting, earlier === 1 ? firstBookings : bookings);
    const why = whyOf(bornBy(counting, subject));
    const mine = [...books.rows.values()].filter(({ approval }) => approval === subject);
    const order = (one, other) => one.line - other.line || byCodePoint(one.base, other.base);
    const rows = mine.sort(order).map((row) => ({ ...books.told(row), why }));
    return earlier === null ? rows : rows.map(({ in_transit: _, in_use: __, ...row }) => row); // they came with the third form
  }

  class LineBooks {
    constructor(record, booked) {
      Object.assign(this, { record, booked });
      this.rows = new Map();
      const items = record.ofType("item");
      const changed = items.flatMap((tag) => record.steps(tag).map(({ act, before, now }) => ({ ident: act.ident, tag, before, now })));
      const told = new Map(record.acts.map((act) => [act.ident, act]));
      this.shares = sharesOf(record.counting, changed);
      const order = (one, other) => {
        const places = told.get(one.ident).position - told.get(other.ident).position;
        return places || (one.tag < other.tag ? -1 : 1);
      };
      for (const one of [...changed].sort(order)) {
        this.book(told.get(one.ident).kind, one);
      }
      items.forEach((tag) => this.stand(record.now(tag)));
    }

    sharesIn(item) {
      return this.shares.get(item) ?? new Map();
    }

    book(kind, { tag, before, now }) {
      const quantity = now.quantity ?? before.quantity;
      for (const [flow, gone] of quantity === null ? [] : this.booked(kind, before, now)) {
        const number = flow === "listed" ? minus(ZERO, gone) : gone;
        for (const [key, { share }] of this.sharesIn(tag)) {
          const row = this.row(key, quantity.unit);
          row[flow] = plus(row[flow], into({ number: times(share, number), unit: baseOf(quantity.unit) }, row.unit).number);
        }
      }
    }

    stand(item) {
      const { id, quantity, status } = item;
      for (const [key, { share }] of quantity === null ? [] : this.sharesIn(id)) {
        const row = this.row(key, quantity.unit);
        const here = HERE.includes(status) ? into(quantity, row.unit).number : ZERO;
        for (const part of ["on_hand", ...standsAs(item)]) {
          row[part] = plus(row[part], times(share, here));
        }
      }
    }

    row(key, unit) {
      const [approval, number] = key.split(" ");
      const place = `${key} ${baseOf(unit)}`;
      if (!this.rows.has(place)) {
        const line = this.line(approval, Number(number));
        const own = line === null || !alike(unit, line.approved.unit) ? unit : line.approved.unit;
        const amounts = Object.fromEntries(["on_hand", ...PARTS, ...FLOWS].map((name) => [name, ZERO]));
        this.rows.set(place, { approval, line: Number(number), base: baseOf(unit), unit: own, ...amounts });
      }
      return this.rows.get(place);
    }

    line(approval, number) {
      return this.record.now(approval).lines.get(number) ?? null;
    }

    /** Return a line as it is told, with what its approval says of it. */
    told(row) {
      const line = this.line(row.approval, row.line);
      const factor = line === null ? null : countedIn(line, { number: UNIT, unit: row.unit });
      const isKnown = factor !== null && factor.n !== 0n;
      const written = isKnown ? over(line.committed, factor) : null;
      const amounts = ["on_hand", ...PARTS, ...FLOWS].map((name) => [name, writeRatio(row[name])]);
      return {
        line: row.line,
        product: line?.product ?? "",
        unit: row.unit,
        approved: writeRatio(isKnown ? over(line.approved.number, factor) : null),
        written_off: writeRatio(written),
        ...Object.fromEntries(amounts),
        difference: writeRatio(isKnown ? minus(written, row.listed) : null),
      };
    }
  }

  /** Return which part of what is on hand an item is in that is there, besides that which is at rest. */
  function standsAs({ status, receiver, checked_out: out }) {
    const isOnItsWay = NOT_RECEIVED.includes(status) || receiver !== null;
    return isOnItsWay ? ["in_transit"] : out === null ? [] : ["in_use"];
  }

  /** Return what went out of an item by an act, [flow, amount] each, in base units: first of where it is away, then the rest. */
  function bookings(kind, before, now) {
    const away = Object.entries(EFFECTS_TABLE.away).map(([status, flow]) => {
      return [flow, minus(heldAs(now, [status]), heldAs(before, [status]))];
    });
    const gone = minus(heldAs(before, HERE), heldAs(now, HERE));
    const rest = away.reduce((left, [, number]) => minus(left, number), gone);
    return [...away, [EFFECTS_TABLE.flows[kind] ?? "adjusted", rest]].filter(([, number]) => number.n !== 0n);
  }

  /** Return the same as answers of the first form tell it: what was missing stays so. */
  function firstBookings(kind, before, now) {
    const gone = minus(heldAs(before, HERE), heldAs(now, HERE));
    const flows = { ...EFFECTS_TABLE.flows, ...EFFECTS_TABLE.first_flows };
    return gone.n === 0n ? [] : [[flows[kind] ?? (now.status === "missing" ? "missing" : "adjusted"), gone]];
  }

  /** Return by item what of it came in under each line: by "approval line", {share}. Parents come before what is made of them. */
  function sharesOf(acts, changed) {
    const shares = new Map();
    const of = new Map(acts.map(({ ident }) => [ident, []]));
    changed.forEach((one) => of.get(one.ident)?.push(one));
    for (const act of acts) {
      const items = of.get(act.ident).filter(({ tag }) => act.tags.includes(tag));
      for (const { tag, before, now } of items.filter((one) => one.now.known && !one.before.known)) {
        shares.set(tag, sharesAtBirth(act.kind, now, items.filter((one) => now.parents.includes(one.tag)), shares));
      }
    }
    return shares;
  }

  function sharesAtBirth(kind, born, parents, shares) {
    if (born.approval !== null && born.line !== null) {
      return new Map([[`${born.approval} ${born.line}`, { share: UNIT }]]);
    }
    const given = new Map();
    let whole = ZERO;
    for (const { tag, before, now } of SAME_SUBSTANCE.includes(kind) ? parents : []) {
      const amount = minus(amountOfItem(before), amountOfItem(now));
      whole = plus(whole, amount);
      for (const [key, { share }] of shares.get(tag) ?? []) {
        given.set(key, plus(given.get(key) ?? ZERO, times(share, amount)));
      }
    }
    return new Map(whole.n === 0n ? [] : [...given].map(([key, amount]) => [key, { share: over(amount, whole) }]));
  }

  function amountOfItem({ quantity }) {
    return quantity === null ? ZERO : into(quantity, baseOf(quantity.unit)).number;
  }

  function heldAs(item, statuses) {
    return item.known && statuses.includes(item.status) ? amountOfItem(item) : ZERO;
  }

  // The answers: from what is asked, {subject, whole, acts, counting, later, now, until}, to rows as answer.json writes them.
  // acts: up to the position that is asked for; counting: the record of those that happened in time; later: behind it.

  const CONSENT = "consent";
  const OFFERED = ["custody.handed-over/1", "transfer.sent/1"];
  const TAKEN = ["custody.accepted/1", "item.received/1", "transfer.received/1"];
  const OF_CUSTODY = [...OFFERED, ...TAKEN, "custody.refused/1"];

  const QUESTIONS = { ancestors, balance, "custody-chain": custodyChain, descendants, owed, whereabouts };
  const ASKED_ABOUT = {
    ancestors: ["item"],
    balance: ["approval"],
    "custody-chain": ["item"],
    descendants: ["item", "approval", "consignment"],
    owed: ["item", "approval", "consignment"],
    whereabouts: ["item"],
  };

  function whereabouts({ subject, acts, counting, later, now, until, earlier }) {
    const last = counting.steps(subject).filter((step) => step.before !== step.now).at(-1)?.act ?? null;
    const by = until ?? now;
    const stood = (told) => {
      const mine = sequenceOf(subject, told.filter(({ tags }) => tags.includes(subject)));
      const state = mine.filter(({ at }) => at <= by).reduce(after, freshOf(subject));
      return state.known ? state : null;
    };
    const row = (state, known, act) => ({ item: subject, known, ...placeOf(state), why: whyOf(act) });
    const [then, today] = [stood(acts), stood([...acts, ...later])];
    const differs = today !== null && (then === null || isMoved(then, today));
    const since = differs && earlier === null ? toldSince(subject, acts, later, by) : null; // by the first form it named none
    return [...(then === null ? [] : [row(then, "then", last)]), ...(differs ? [row(today, "now", since)] : [])];
  }

  /** Return the last act behind the position that corrects or voids, or put the item elsewhere in time. */
  function toldSince(subject, acts, later, by) {
    const steps = new ActRecord([...acts, ...later], new Set([subject])).steps(subject);
    const moving = steps.filter((step) => isMoved(step.before, step.now) && step.act.at <= by).map(({ act }) => act.ident);
    const says = ({ tags, replaces, ident }) => tags.includes(subject) && (replaces !== null || moving.includes(ident));
    return later.filter(says).at(-1) ?? null;
  }

  /** Say whether an item is told to be elsewhere, or to be at all. */
  function isMoved(before, now) {
    return ["known", "label", "status", "site", "place", "custodian"].some((name) => before[name] !== now[name]);
  }

  function placeOf({ status, site, place, custodian }) {
    return { status, site, place, holder: custodian };
  }

  function descendants({ subject, counting, narrowed }) {
    const of = typeOf(subject) === "item" ? "id" : typeOf(subject);
    const rows = counting.ofType("item").map((tag) => {
      const item = counting.now(tag);
      const roots = counting.lineage(tag).filter((one) => one[of] === subject && isOf(one, narrowed)).map(({ id }) => id);
      const row = { item: tag, parents: item.parents, roots, ...placeOf(item), why: whyOf(bornBy(counting, tag)) };
      return item.known && roots.length > 0 ? row : null;
    });
    return rows.filter((row) => row !== null);
  }

  /** Say whether an item is of the lot and the donor that are asked for: a lot as people tell it apart. */
  function isOf(item, { lot = null, donor = null }) {
    const toldApart = (text) => [...text].map((one) => EFFECTS_TABLE.alike[one] ?? one).join("");
    const sameLot = lot === null || (item.lot !== null && toldApart(item.lot) === toldApart(lot));
    return sameLot && (donor === null || donor === item.donor);
  }

  /** Return what an item was made of; where no consent was ever withdrawn, which may reach an item in many ways. */
  function ancestors({ subject, counting }) {
    const known = counting.lineage(subject).filter((one) => one.known);
    return known.map(({ id, parents, origin, approval, line, consignment, permits }) => {
      const consents = permits.filter((one) => counting.now(one).scheme === CONSENT);
      const came = { item: id, parents, origin, approval, line, consignment };
      return { ...came, consents, withdrawn: [], why: whyOf(bornBy(counting, id)) };
    });
  }

  function bornBy(record, tag) {
    return record.steps(tag).find(({ now }) => now.known)?.act ?? null;
  }

  function custodyChain({ subject, counting }) {
    const told = [...counting.ancestry(subject)].flatMap(([item, last]) => {
      const steps = counting.steps(item).filter(({ act }) => last === null || act.at <= last);
      return steps.map((step) => ({ item, ...step }));
    });
    told.sort((one, other) => byPlace(one.act, other.act));
    const links = told.map((one) => linkOf(counting, one)).filter((row) => row !== null);
    const measured = told.filter(({ act }) => act.kind === "temperature.recorded/1").map((one) => measuredOf(counting, one));
    const rows = [...links, ...measured];
    const order = ([at, row]) => ({ at, position: row.why.position ?? 0 });
    const byItem = (one, other) => (one[1].item === other[1].item ? 0 : one[1].item < other[1].item ? -1 : 1);
    rows.sort((one, other) => byPlace(order(one), order(other)) || byItem(one, other));
    return rows.map(([, row]) => row);
  }

  /** Return a link of the chain with its instant; null: the act is none. */
  function linkOf(record, { item, act, before, now }) {
    const { kind, body } = act;
    const names = entriesOf(body.get("items")).map((one) => (one instanceof Map ? one.get("item") : one));
    const isNamed = OF_CUSTODY.includes(kind) && names.includes(item);
    if (!isNamed && before.custodian === now.custodian) {
      return null;
    }
    const [giver, taker] = isNamed ? sidesOf(act, before) : [before.custodian, now.custodian];
    const gap = isNamed && isGap(record, item, act, before);
    const temperature = body.get("temperature") ?? null;
    const row = {
      item,
      kind,
      at: moment(act.at),
      giver,
      taker,
      has: now.custodian,
      site: TAKEN.includes(kind) ? now.site : (body.get("site") ?? null),
      gap,
      seals: sortedOnce(before.seals),
      seen: seenOf(act, item),
      temperature: temperature === null ? [] : [temperature],
      why: whyOf(record.byStatement.get(act.ident) ?? null, gap ? "CUS-09" : null),
    };
    return [act.at, row];
  }

  function sidesOf({ kind, body, party }, before) {
    return OFFERED.includes(kind) ? [party, body.get("receiver") ?? null] : [body.get("giver") || before.giver, party];
  }

  function seenOf({ kind, body }, item) {
    if (kind === "item.received/1") {
      const mine = entriesOf(body.get("items")).filter((one) => one instanceof Map && one.get("item") === item);
      return mine.map((one) => one.get("seal") ?? null).filter((seal) => seal !== null);
    }
    return [...(body.get("seals") ?? [])].sort(byCodePoint);
  }

  /** Say whether a party takes an item that nobody had handed over to it. */
  function isGap(record, item, act, before) {
    if (!TAKEN.includes(act.kind) || before.custodian === act.party) {
      return false;
    }
    const found = record.at(item, act);
    if (found.receiver === act.party) {
      const giver = act.kind === "custody.accepted/1" ? (act.body.get("giver") ?? null) : null;
      return giver !== null && giver !== found.giver;
    }
    if (found.custodian !== null) {
      return true;
    }
    const roots = record.lineage(item, act).filter((one) => one.parents.length === 0 && one.consignment !== null);
    const carriers = roots.flatMap(({ consignment }) => record.at(consignment, act).carriers);
    return carriers.length > 0 && !carriers.includes(act.party);
  }

  function measuredOf(record, { item, act }) {
    const ended = instantParts(act.body.get("end"), act);
    const nobody = { giver: null, taker: null, has: null, site: null, gap: false, seals: [], seen: [] };
    const temperature = [act.body.get("minimum"), act.body.get("maximum")];
    const why = whyOf(record.byStatement.get(act.ident) ?? null, isOutside(act) ? "CAR-07" : null);
    return [ended.at, { item, kind: act.kind, at: ended.written, ...nobody, temperature, why }];
  }

  /** Return why a row is there: by an act, which broke a rule or none; null: it names no act. */
  function whyOf(act, rule = null) {
    const [clause, confidence] = rule === null ? ["", null] : EFFECTS_TABLE.rules[rule];
    const by = { position: act?.position ?? null, kind: act?.kind ?? null, at: act === null ? null : moment(act.at) };
    return { rests: rule, clause, confidence, edition: "", ...by, since: null, due: null, closed_by: [] };
  }

  /** Return the instant of an act as rows write it: without a fraction of a second that is nothing. */
  function moment(at) {
    return at.replace(".000000Z", "Z");
  }

  const IN_BODIES = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/;

  /** Return an instant of a body: as rows write it, in its own zone, and as acts have theirs, at. */
  function instantParts(text, act) {
    const [, second, digits = "", zone] = (typeof text === "string" ? IN_BODIES.exec(text) : null) ?? [];
    if (second === undefined || !isTime(`${second}Z`)) {
      throw new Unreadable(act.position);
    }
    const [fraction, isUniversal] = [digits.padEnd(6, "0"), zone === "Z" || zone.slice(1) === "00:00"];
    const [hours, minutes] = isUniversal ? [0, 0] : [Number(zone.slice(1, 3)), Number(zone.slice(4))];
    const off = (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes);
    const universal = new Date(Date.parse(`${second}Z`) - off * 60000);
    const year = universal.getUTCFullYear();
    if (hours > 23 || minutes > 59 || year < 1 || year > 9999) {
      throw new Unreadable(act.position);
    }
    const told = /^0*$/.test(fraction) ? "" : `.${fraction}`;
    return {
      written: second + told + (isUniversal ? "Z" : zone),
      at: `${universal.toISOString().slice(0, 19)}.${fraction}Z`,
    };
  }

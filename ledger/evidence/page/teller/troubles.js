// -------------------------------------------------------------------------------------------------------- troubles

// What went wrong with a bundle's subject; as ledger/evidence/report/troubles.py.

/**
 * Return the statements that say so, as they count now, in the order of the acts. Each is {at, beside}: its position, and
 * the facts that are told with it.
 */
function troublesOf(known) {
  const found = known.events.filter((event) => concernsSubject(known, event) && isTrouble(event.payload));
  const inOrder = found.sort((one, other) => byAct(inPlace(one), inPlace(other)));
  return inOrder.map((event) => ({ at: event.at, beside: besideOf(known, event) }));
}

function concernsSubject(known, { tags, payload }) {
  const items = listOf(payload.body.get("items"));
  const isMeant = items.length === 0 || items.some((one) => known.roots.has(one));
  const isOfGoods = tags.some((tag) => known.approvals.includes(tag) || known.consignments.includes(tag));
  return tags.includes(known.subject) || (isOfGoods && isMeant);
}

function isTrouble({ kind, body }) {
  if (kind === "item.received/1") {
    return rowsOf(body.get("items")).some((row) => row.get("condition") !== "intact");
  }
  return kind === "temperature.recorded/1" ? leftRange(body) : WORDS.trouble.includes(kind);
}

/** Return what is told with a trouble: its end, or that none is here; what it says of the subject itself. */
function besideOf(known, event) {
  const { kind, body } = event.payload;
  const facts = [];
  if (Object.hasOwn(WORDS.ends, kind)) {
    const ends = endsOf(known, event).map((one) => factSaid("ended", one, [], []));
    facts.push(...(ends.length === 0 ? [plainFact("unended", {})] : ends));
  }
  if (kind === "item.received/1") {
    facts.push(...receivedFacts(known, body));
  } else if (isItem(known) && !event.tags.includes(known.subject) && listOf(body.get("items")).length === 0) {
    facts.push(plainFact("unnamed", {}));
  }
  return facts;
}

function isItem({ subject }) {
  return subject.startsWith("item:");
}

function plainFact(name, members) {
  return { name, values: some(members), at: [], tags: [] };
}

/** Return what ended a trouble: of an item the first that is about it. */
function endsOf(known, event) {
  const [kind, members] = WORDS.ends[event.payload.kind];
  const found = known.events.filter((one) => {
    const { kind: other, body } = one.payload;
    const isMate = other === kind && members.every((name) => body.get(name) === event.payload.body.get(name));
    const isLater = isMate && byAct(inPlace(one), inPlace(event)) > 0;
    return isLater && concernsSubject(known, one) && body.get("decision") !== "quarantine";
  });
  const told = found.sort((one, other) => byAct(inPlace(one), inPlace(other)));
  return isItem(known) ? told.slice(0, 1) : told;
}

/** Return how the subject itself arrived, among all that came with it. */
function receivedFacts({ subject }, body) {
  const rows = rowsOf(body.get("items"));
  const mine = rows.filter((row) => row.get("item") === subject).slice(0, 1);
  const conditions = rows.map((row) => row.get("condition"));
  const counts = [...new Set(conditions)].sort().map((condition) => {
    return some({ condition, number: conditions.filter((one) => one === condition).length });
  });
  return mine.map((row) => plainFact("received", { subject, condition: row.get("condition"), number: rows.length, counts }));
}

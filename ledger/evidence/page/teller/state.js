// ----------------------------------------------------------------------------------------------------------- state

// What matters most about a bundle's subject as it is now; as ledger/evidence/report/state.py.

/** Return how an item stands, and the approvals that do not hold; of one that is unknown there is nothing. */
function standingFacts(known) {
  const item = known.items.get(known.subject);
  const decided = approvalsOf(known).flatMap((approval) => decisionsOn(known, approval).slice(-1).map((one) => [approval, one]));
  const lapsed = decided.filter(([, { payload }]) => DECIDED[payload.kind] !== undefined);
  return [
    ...(item === undefined || !item.known ? [] : itemStands(known, item)),
    ...lapsed.map(([approval, event]) => {
      const values = { approval, status: DECIDED[event.payload.kind], ...statedBy(event) };
      return { name: "state_approval", values: some(values), at: [event.at], tags: [approval] };
    }),
  ];
}

function itemStands(known, item) {
  const { id: subject, status, custodian } = item;
  if (WORDS.gone.includes(status)) {
    return [sinceFact(known, "state_ended", { subject, status }, (one) => one.status)];
  }
  const values = some({ subject, status, custodian, quantity: amountOf(item) });
  return [
    { name: "state_live", values, at: known.newest, tags: [subject] },
    ...item.holds.map((ground) => sinceFact(known, "state_held", { holds: [holdOf(ground)] }, ({ holds }) => holds.includes(ground))),
    ...(isWarm(item) ? [sinceFact(known, "state_warm", {}, isWarm)] : []),
  ];
}

/** Return a fact with the statement that brought it about: the last one with which the item became so. */
function sinceFact({ subject, all, newest }, name, values, of) {
  const last = changesOf(subject, all).filter(([, before, after]) => of(before) !== of(after)).at(-1);
  if (last === undefined) {
    return { name, values: some(values), at: newest, tags: [subject] };
  }
  const [event] = last;
  const more = { kind: event.payload.kind, ...statedBy(event) };
  return { name, values: some({ ...values, ...more }), at: [event.at], tags: [subject] };
}

function statedBy({ payload }) {
  return { authority: valuesOf(payload).get("authority"), occurred_at: payload.occurredAt };
}

// -------------------------------------------------------------------------------------------------- contradictions

// Where statements about a bundle's subject do not agree; as ledger/evidence/report/contradictions.py.

const SEEN = ["count", "packaging"];

/** Return each statement that others contradict, with those: receipts first, and then what changed hands. */
function contradictionsOf(known) {
  const about = (kind) => known.events.filter(({ tags, payload }) => payload.kind === kind && tags.includes(known.subject));
  const [given, accepted] = [about("custody.handed-over/1"), about("custody.accepted/1")];
  const receipts = about("item.received/1").flatMap((receipt) => {
    const rows = rowsOf(receipt.payload.body.get("items"));
    const missing = [...new Set(rows.filter((row) => row.get("condition") === "missing").map((row) => row.get("item")))];
    const first = saying(receipt, { received: rows.length - missing.length, number: rows.length });
    return contradicted(first, missing.length === 0 ? [] : asIfWhole(known, [given, accepted], receipt, missing));
  });
  const hands = given.flatMap((one) => {
    const answers = accepted.filter((other) => isAnswer(one, other)).sort((left, right) => byAct(inPlace(left), inPlace(right)));
    const others = answers.slice(0, 1).filter((other) => SEEN.some((name) => seenIn(one, name) !== seenIn(other, name)));
    return contradicted(counted(one), others.map(counted));
  });
  return [...receipts, ...hands];
}

function contradicted(first, others) {
  const at = [...new Set([first, ...others].map((one) => one.get("at")))].sort(byNumber);
  return others.length === 0 ? [] : [{ name: "contradiction", values: some({ first, others }), at, tags: [] }];
}

function saying({ at, payload }, more) {
  return some({ by: payload.signers[0].party, at, ...more });
}

function counted(event) {
  return saying(event, Object.fromEntries(SEEN.map((name) => [name, seenIn(event, name)])));
}

function seenIn({ payload }, name) {
  return payload.body.get(name);
}

/** Return what is stated besides as if nothing were missing: when it came into these hands, of the papers, and later. */
function asIfWhole({ events }, [given, accepted], receipt, missing) {
  const { body, signers } = receipt.payload;
  const [by] = signers;
  const isWhole = (event) => {
    const items = new Set(textsIn(event));
    return missing.every((id) => items.has(id)) && seenIn(event, "count") === items.size;
  };
  const taken = [
    ...given.filter(({ payload }) => payload.body.get("receiver") === by.party),
    ...accepted.filter(({ payload }) => payload.signers[0].party === by.party),
  ];
  const declared = events.filter((event) => {
    const items = textsIn(event);
    const isSame = event.payload.body.get("consignment") === body.get("consignment");
    const isAll = items.length === 0 || missing.some((id) => items.includes(id));
    return event.payload.kind === "destination.declared/1" && isSame && isAll;
  });
  return [
    ...taken.filter(isWhole).map(counted),
    ...(body.get("documents") === "match" ? [saying(receipt, { documents: true })] : []),
    ...declared.map((event) => saying(event, { consignment: body.get("consignment") })),
  ];
}

function isAnswer(given, taken) {
  const [from, to] = [given, taken].map(({ payload }) => payload.signers[0].party);
  const isMeant = given.payload.body.get("receiver") === to && taken.payload.body.get("giver") === from;
  const [mine, theirs] = [given, taken].map((event) => [...new Set(textsIn(event))].sort().join(" "));
  return isMeant && mine === theirs && byAct(inPlace(taken), inPlace(given)) > 0;
}

function textsIn({ payload }) {
  return listOf(payload.body.get("items")).filter((one) => typeof one === "string");
}

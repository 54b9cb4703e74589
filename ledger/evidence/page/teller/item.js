// ------------------------------------------------------------------------------------------------ what an item is now

// What an item is after each act, as far as it is told: the effects of ledger/domain, kind by kind. They are total:
// whatever a body holds, there is a state. What an effect does not change, it leaves as it is.

const NO_ITEM = Object.freeze({
  known: false,
  consignment: null,
  approval: null,
  line: null,
  parents: [],
  status: "expected",
  quantity: null,
  custodian: null,
  receiver: null, // to whom it is offered
  site: null,
  place: null,
  checkedOut: null,
  holds: [], // grounds, ascending
  ordered: null,
  excursion: false, // whether an excursion of temperature is not cleared
});

/** Return what an item is by its events, {position, payload, tags}, oldest first; as ledger/domain/fold.py does. */
function itemNow(id, events) {
  return sequenceOf(id, events).reduce((item, { payload }) => evolve(item, payload), { ...NO_ITEM, id });
}

/** Return the events of an item that count now, in the order in which they count. */
function sequenceOf(id, events) {
  const mine = effective(events.filter(({ tags }) => tags.includes(id)));
  const begins = (event) => evolve({ ...NO_ITEM, id }, event.payload).known;
  return [...mine.filter(begins), ...mine.filter((event) => !begins(event)).sort(byAct)];
}

/** Return these events, each with what the item was before it and is after it. */
function changesOf(id, events) {
  let after = { ...NO_ITEM, id };
  return sequenceOf(id, events).map((event) => {
    const before = after;
    after = evolve(before, event.payload);
    return [event, before, after];
  });
}

function evolve(item, payload) {
  return Object.hasOwn(EFFECTS, payload.kind) ? EFFECTS[payload.kind](item, payload) : item;
}

/** By kind what an act makes of an item. Kinds that are not here change nothing that is told of one. */
const EFFECTS = {
  "item.listed/1": (item, { body }) => {
    const at = ["consignment", "approval", "line"].map((name) => [name, body.get(name) ?? null]);
    return begun(item, body.get("items"), () => Object.fromEntries(at));
  },
  "consignment.certified/1": (item, { body }) => {
    return begun(item, body.get("items"), () => ({ consignment: body.get("consignment") ?? null }));
  },
  "item.collected/1": (item, said) => begun(item, said.body.get("items"), () => onRecord(said, "laboratory")),
  "stock.opened/1": (item, said) => {
    return begun(item, said.body.get("items"), (row) => ({ ...onRecord(said, "site"), place: row.get("place") ?? null }));
  },
  "item.aliquoted/1": (item, said) => (item.id === said.body.get("parent") ? divided(item, said.body) : made(item, said)),
  "item.derived/1": (item, said) => made(lessPortions(item, said.body.get("inputs")), said),
  "item.pooled/1": (item, said) => made(lessPortions(item, said.body.get("inputs")), said),
  "item.propagated/1": (item, said) => made(lessPortions(item, said.body.get("seed")), said),
  "consignment.sampled/1": (item, { body }) => lessPortions(item, body.get("samples")),
  "consignment.held/1": named((item, { body }) => held(item, groundOf(body))),
  "consignment.hold-lifted/1": named((item, { body }) => freed(item, groundOf(body))),
  "return.ordered/1": named((item, { body }) => ({ ...held(item, body.get("case")), ordered: body.get("case") })),
  "destruction.ordered/1": named((item, { body }) => ({ ...held(item, body.get("case")), ordered: body.get("case") })),
  "return.executed/1": named((item, { body }) => dealtWith(item, body, "returned")),
  "destruction.executed/1": named((item, { body }) => dealtWith(item, body, "disposed")),
  "recall.ordered/1": recalled,
  "recall.extended/1": recalled,
  "recall.lifted/1": named((item, { body }) => letGo(item, body.get("case"))),
  "legal-hold.placed/1": named((item, { body }) => held(item, `${body.get("case")}/keep`)),
  "legal-hold.lifted/1": named((item, { body }) => letGo(item, body.get("case"))),
  "consent.withdrawn/1": named((item, { body }) => held(item, `${body.get("case")}/${body.get("dispose") ? "destroy" : "hold"}`)),
  "supervision.visited/1": (item, { body }) => lessPortions(item, body.get("samples")),
  "sale.recorded/1": (item, { body }) => lessPortions(item, body.get("portions")),
  "temperature.recorded/1": named((item, { body }) => (leftRange(body) ? { ...item, excursion: true } : item)),
  "excursion.dispositioned/1": named((item, { body }) => decided(item, body.get("decision"))),
  "custody.handed-over/1": named((item, { body, signers }) => {
    const receiver = body.get("receiver");
    const offered = { ...item, receiver, place: null };
    const isSigned = signers.some((one) => one.meaning === "received" && one.party === receiver);
    return isSigned ? taken(offered, receiver) : offered;
  }),
  "custody.accepted/1": named((item, { signers }) => taken(item, signers[0].party)),
  "custody.refused/1": named((item) => ({ ...item, receiver: null })),
  "item.received/1": (item, { body, signers }) => {
    const row = rowOf(body.get("items"), item.id);
    if (row === undefined) {
      return item;
    }
    if (row.get("condition") === "missing") {
      return { ...item, status: "missing" };
    }
    const measured = readAmount(row.get("quantity"));
    const quantity = measured === null ? item.quantity : asRecorded(item, measured);
    return { ...taken(item, signers[0].party), status: "received", site: body.get("laboratory"), quantity };
  },
  "item.stored/1": stored,
  "item.moved/1": stored,
  "item.returned/1": stored,
  "item.checked-out/1": named((item, { signers }) => ({ ...item, place: null, checkedOut: signers[0].party })),
  "transfer.sent/1": named((item) => ({ ...item, ...NOWHERE, status: "in-transit" })),
  "transfer.received/1": named((item, { body, signers }) => {
    return { ...taken(item, signers[0].party), status: "received", site: body.get("site") };
  }),
  "item.used/1": (item, { body }) => (item.id === body.get("item") ? less(item, readAmount(body.get("quantity"))) : item),
  "loss.reported/1": named((item) => ({ ...item, status: "lost", place: null })),
  "incident.closed/1": (item, { body }) => {
    const isFound = item.status === "lost" && listOf(body.get("found")).includes(item.id);
    return isFound ? { ...item, status: isEmpty(item) ? "depleted" : "received" } : item;
  },
  "item.destroyed/1": (item, { body }) => {
    const row = rowOf(body.get("items"), item.id);
    return row === undefined || body.get("indicator") === "failed" ? item : destroyed(item, row);
  },
  "waste.handed-over/1": named((item, { body }) => {
    return { ...item, ...NOWHERE, custodian: body.get("contractor"), receiver: null };
  }),
  "waste.certified/1": named((item) => ({ ...less(item, item.quantity), status: "disposed" })),
  "item.re-exported/1": named((item) => {
    return { ...item, ...NOWHERE, status: "re-exported", custodian: null, receiver: null };
  }),
};

const NOWHERE = Object.freeze({ site: null, place: null, checkedOut: null });
const EXCURSION = "excursion";

function listOf(value) {
  return Array.isArray(value) ? value : [];
}

/** Return the rows in a member of a body: of a list of objects all, an object itself. */
function rowsOf(value) {
  return (Array.isArray(value) ? value : [value]).filter((one) => one instanceof Map);
}

function rowOf(value, id) {
  return rowsOf(value).find((row) => row.get("item") === id);
}

/** Return an effect on the items that a body names, and none on others. */
function named(effect) {
  return (item, payload) => (listOf(payload.body.get("items")).includes(item.id) ? effect(item, payload) : item);
}

/** Return the item as one row brings it into being; the item as it is where none does. */
function begun(item, rows, more) {
  const row = rowOf(rows, item.id);
  const quantity = row === undefined ? null : readAmount(row.get("quantity"));
  return row === undefined ? item : { ...NO_ITEM, id: item.id, known: true, quantity, ...more(row) };
}

function onRecord({ body, signers }, member) {
  return { status: "received", custodian: signers[0].party, site: body.get(member) ?? null };
}

/** Return the item as made of others, or as it is. */
function made(item, said) {
  const [rows, of] = MADE[said.kind].map((name) => said.body.get(name));
  return begun(item, rows, () => ({ ...onRecord(said, "laboratory"), parents: parentsIn(of) }));
}

/** Return the ids of what an item was made of, in the order of the statement. */
function parentsIn(value) {
  return (Array.isArray(value) ? value : [value]).map((one) => (one instanceof Map ? one.get("item") : one));
}

function held(item, ground) {
  return { ...item, holds: [...new Set([...item.holds, ground])].sort() };
}

function freed(item, ground) {
  return { ...item, holds: item.holds.filter((one) => one !== ground) };
}

/** Return the item as held by a recall, if it is named as recalled or as a pool mate. */
function recalled(item, { body }) {
  const isNamed = [...listOf(body.get("items")), ...listOf(body.get("mates"))].includes(item.id);
  return isNamed ? held(item, `${body.get("case")}/${body.get("asked")}`) : item;
}

/** Return the item without the words of a case among its holds. */
function letGo(item, by) {
  return { ...item, holds: item.holds.filter((one) => split(one, "/")[0] !== by) };
}

function groundOf(body) {
  return `${body.get("consignment")}/${body.get("ground")}`;
}

function dealtWith(item, body, status) {
  return { ...freed(item, body.get("case")), status, ordered: null, place: null, checkedOut: null };
}

function decided(item, decision) {
  if (decision === "quarantine") {
    return { ...held(item, EXCURSION), excursion: true };
  }
  return { ...freed(item, EXCURSION), excursion: decision === "discard" };
}

/** Say whether a record of temperature tells that the agreed range was left. */
function leftRange(body) {
  const [low, high, minimum, maximum] = ["low", "high", "minimum", "maximum"].map((name) => celsius(body.get(name)));
  return (low !== null && minimum < low) || (high !== null && maximum > high);
}

function celsius(text) {
  const [, sign, value] = /^(-?)(.*)$/s.exec(written(text));
  const number = readDecimal(value);
  return number === null ? null : sign === "-" ? -number : number;
}

/** Return an item that another party has taken: out of every place, and on its way until it is received again. */
function taken(item, party) {
  const isOnItsWay = ["expected", "received", "missing"].includes(item.status);
  return { ...item, ...NOWHERE, custodian: party, receiver: null, status: isOnItsWay ? "in-transit" : item.status };
}

function stored(item, { body }) {
  const row = rowOf(body.get("items"), item.id);
  return row === undefined ? item : { ...item, site: body.get("site"), place: row.get("place") ?? null, checkedOut: null };
}

// Amounts: what is left of an item.

function isEmpty({ quantity }) {
  return quantity !== null && quantity.number <= 0n;
}

/** Return an amount in the unit in which an item's is recorded, if it is of its dimension. */
function asRecorded({ quantity }, amount) {
  return quantity !== null && isAlike(quantity.unit, amount.unit) ? inUnit(amount, quantity.unit) : amount;
}

/** Return an item after some of it was taken; null: nobody measured it, and what is left is unknown. */
function less(item, amount) {
  const { quantity } = item;
  const isKnown = amount !== null && quantity !== null && isAlike(quantity.unit, amount.unit);
  const rest = isKnown ? { unit: quantity.unit, number: quantity.number - inUnit(amount, quantity.unit).number } : null;
  return { ...item, quantity: rest, status: isEmpty({ quantity: rest }) ? "depleted" : item.status };
}

function lessPortions(item, portions) {
  const mine = rowsOf(portions).filter((row) => row.get("item") === item.id);
  return mine.reduce((one, row) => less(one, readAmount(row.get("quantity"))), item);
}

/** Return what was divided with the residual that its signers stated, and no more than is left by what was made. */
function divided(item, body) {
  const parts = [...rowsOf(body.get("children")).map((row) => row.get("quantity")), body.get("loss")];
  const after = parts.reduce((one, part) => less(one, readAmount(part)), item).quantity;
  const stated = readAmount(body.get("residual"));
  const residual = stated === null ? null : asRecorded(item, stated);
  const isMore = after !== null && residual !== null && isAlike(after.unit, residual.unit) && residual.number > after.number;
  const quantity = isMore ? after : residual;
  return { ...item, quantity, status: isEmpty({ quantity }) ? "depleted" : item.status };
}

function destroyed(item, row) {
  const [isWhole, amount] = [!row.has("quantity"), readAmount(row.get("quantity"))];
  const rest = less(item, isWhole ? item.quantity : amount);
  const isGone = isWhole || rest.status === "depleted";
  return { ...rest, place: null, ...(isGone ? { status: "disposed", checkedOut: null } : {}) };
}

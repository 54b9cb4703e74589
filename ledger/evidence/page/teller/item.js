// ------------------------------------------------------------------------------------------------ what an item is now

// What an item is after each act, by the table of effects (answers). An act whose body is not of its form changes nothing.

const EXCURSION = "excursion";

/** Return what an item is by its events, {position, payload, tags}, oldest first; as ledger/domain/fold.py does. */
function itemNow(id, events) {
  return sequenceOf(id, events).reduce((item, { payload }) => answers.evolved(item, payload), answers.freshOf(id));
}

/** Return the events of an item that count now, in the order in which they count. */
function sequenceOf(id, events) {
  const mine = effective(events.filter(({ tags }) => tags.includes(id)));
  const begins = (event) => answers.evolved(answers.freshOf(id), event.payload).known;
  return [...mine.filter(begins), ...mine.filter((event) => !begins(event)).sort(byAct)];
}

/** Return these events, each with what the item was before it and is after it. */
function changesOf(id, events) {
  let after = answers.freshOf(id);
  return sequenceOf(id, events).map((event) => {
    const before = after;
    after = answers.evolved(before, event.payload);
    return [event, before, after];
  });
}

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

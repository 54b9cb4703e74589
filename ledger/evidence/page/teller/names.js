// ----------------------------------------------------------------------------------------------------------- names

/**
 * Return {called, lots} of some events, each {position, payload} and oldest first: what people call each id that they
 * name in a language, the positions of the statements, and which label an item bore before another one; and the lot of
 * an item. Corrections and voidings are taken in.
 */
function namesOf(events) {
  const given = new Map();
  const labels = new Map();
  const told = effective(events).filter(({ payload }) => Object.hasOwn(WORDS.given, payload.kind));
  const isRenaming = ({ payload }) => payload.kind === WORDS.relabelled;
  const renaming = told.filter(isRenaming).sort(byAct);
  for (const { payload } of [...told.filter((one) => !isRenaming(one)), ...renaming]) {
    for (const [id, sort, name] of namesGiven(payload)) {
      given.set(id, (given.get(id) ?? new Map()).set(sort, name));
      if (sort === "label") {
        labels.set(id, [...(labels.get(id) ?? []), name]);
      }
    }
  }
  const nameIn = (id, language) => {
    const sort = WORDS.calledBy[language].find((one) => given.get(id)?.has(one));
    return sort === undefined ? null : given.get(id).get(sort);
  };
  const places = new Map(events.map(({ position, payload }) => [payload.id, String(position)]));
  const before = (id) => {
    const [item, label] = split(id.slice(BEFORE.length), "/");
    const known = labels.get(item) ?? [];
    const at = known.includes(label) ? known.indexOf(label) : known.length;
    return at === 0 ? null : known[at - 1];
  };
  return {
    called: (id, language) => (id.startsWith(BEFORE) ? before(id) : (nameIn(id, language) ?? places.get(id) ?? null)),
    lots: (id) => given.get(id)?.get("lot") ?? null,
  };
}

/** Return [id, sort of name, name] for each name that a statement gives. */
function namesGiven({ kind, body }) {
  return WORDS.given[kind].flatMap(({ subject, rows, names }) => {
    const held = rows === "" ? body : body.get(rows);
    const listed = (Array.isArray(held) ? held : [held]).filter((row) => row instanceof Map);
    const named = listed.flatMap((row) => names.map(([sort, member]) => [row.get(subject), sort, row.get(member)]));
    return named.filter(([id, , name]) => typeof id === "string" && typeof name === "string");
  });
}

/** Return the name of an agent in a language, by the catalogue of an edition of rules; null where it has none. */
function agentName(code, rules, language) {
  const catalogue = Object.hasOwn(WORDS.editions, rules) ? WORDS.agents[WORDS.editions[rules].agents] : {};
  return Object.hasOwn(catalogue, code) ? catalogue[code][language] : null;
}

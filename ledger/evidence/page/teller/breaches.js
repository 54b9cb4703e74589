// -------------------------------------------------------------------------------------------------------- breaches

const FIRST_SUBJECTS = 3;

/** Return what is wrong, without rule, clause and subjects: ids as they are, and times in UTC. */
function breachSentence(breach, language) {
  return tellBreach(breach, language, (name, value) => plainValue(name, value, language));
}

/**
 * Return what is wrong and with which subjects, with the names and in the local time of a reader. body: of the statement,
 * which names the subjects in an order of its own.
 */
function breachTold(breach, reader, body = null) {
  const { form } = WORDS[reader.language];
  const told = tellBreach(breach, reader.language, (name, value) => toldValue(name, value, reader));
  const places = new Map([...new Set(idsIn(body))].map((id, place) => [id, place]));
  const placeOf = (id) => places.get(id) ?? places.size;
  const named = [...breach.subjects].sort((one, other) => placeOf(one) - placeOf(other));
  const first = named.slice(0, FIRST_SUBJECTS).map((one) => nameOf(one, reader)).join(form.between);
  const more = breach.subjects.length - FIRST_SUBJECTS;
  const subjects = more > 0 ? put(form.more, { first, more }) : first;
  return first === "" ? told : put(form.about, { sentence: told, subjects });
}

/** Return the ids that stand in a value, in its order. */
function idsIn(value) {
  if (typeof value === "string") {
    return isTag(value) ? [value] : [];
  }
  const inner = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : [];
  return inner.flatMap(idsIn);
}

/** Return a breach by its sentence; one that does not fit the words, such as one of a later log, by what it gives. */
function tellBreach({ rule, parameters }, language, tell) {
  const { form, breach } = WORDS[language];
  const told = new Map();
  for (const [name, value] of [...parameters].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const one = (each) => tell(name, each);
    const many = Array.isArray(value) ? value.map(one).join(form.between) || form.none : null;
    told.set(name, many ?? (value === null ? form.unknown : one(value)));
  }
  const template = Object.hasOwn(breach, rule) ? breach[rule] : "";
  const names = new Set([...template.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name));
  if (template === "" || names.size !== told.size || [...told.keys()].some((name) => !names.has(name))) {
    return [...told].map(([name, value]) => `${name} ${value}`).join(form.between);
  }
  return put(template, Object.fromEntries(told));
}

function sortOf(name) {
  return Object.hasOwn(WORDS.parameters, name) ? WORDS.parameters[name] : "text";
}

function plainValue(name, value, language) {
  const text = String(value);
  if (sortOf(name) === "code") {
    const table = WORDS[language].code[WORDS.tables[name] ?? name] ?? {};
    return Object.hasOwn(table, text) ? table[text] : unworded(text, language);
  }
  return sortOf(name) === "instant" && isTime(text) ? text.replace("T", " ").replace(/\.0+Z$/, "Z") : text;
}

function toldValue(name, value, reader) {
  const [sort, text] = [sortOf(name), String(value)];
  if (sort === "id" && isTag(text)) {
    return nameOf(text, reader);
  }
  if (sort === "code") {
    return codeWord(name === "agents" ? "agent" : (WORDS.tables[name] ?? name), text, reader);
  }
  if (sort === "instant" && isTime(text)) {
    return zoned(readInstant(text), reader, true);
  }
  if (sort === "quantity") {
    const [amount, unit = ""] = split(text, " ");
    return amountWords(amount, unit, reader);
  }
  return typeof value === "number" ? text : reader.quote(text);
}

/** Return [clause, whether it was read in the legal text] that a breach rests on; rules: of its entry. */
function groundsOf({ rule, parameters }, rules) {
  if (!Object.hasOwn(WORDS.clauses, rule)) {
    return ["", false];
  }
  const { own: said, by, editions } = WORDS.clauses[rule];
  const given = by.map((name) => new Map(parameters).get(name) ?? "");
  const other = given.map((value) => (typeof value === "number" ? "*" : value));
  const found = Object.hasOwn(editions, rules) ? editions[rules] : {};
  const key = [given, other].map((one) => one.join("/")).find((one) => Object.hasOwn(found, one));
  return key === undefined ? said : found[key];
}

/** Return a clause as it is cited in a language. */
function clauseWords(clause, language) {
  const { clause: words } = WORDS[language];
  return Object.hasOwn(words, clause) ? words[clause] : clause;
}

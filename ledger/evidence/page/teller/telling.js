// ------------------------------------------------------------------------------------------------------- sentences

const BEFORE = "before:"; // how what is asked begins that is the label which an item bore before another one
const MOST = 4; // of longer lists the first three values are told, and how many more there are

/** Return what a statement says, with its time. said: a payload. */
function sentence(said, reader) {
  const time = zoned(readInstant(said.occurredAt), reader);
  return put(WORDS[reader.language].form.dated, { time, sentence: deed(said, reader) });
}

/** Return what a statement says, without its time. */
function deed(said, reader) {
  return deedItself(said, reader) + after(said, reader);
}

function deedItself(said, reader) {
  const { sentence: sentences, form } = WORDS[reader.language];
  const values = valuesFor(said, reader);
  const text = Object.hasOwn(sentences, said.kind) ? sentences[said.kind] : form.kind;
  return fill(readTemplate(text), (place) => tellPlace(place, values, reader), form.unknown);
}

/** Return what a statement corrects, and why, as it stands behind its sentence; "" where it corrects nothing. */
function after(said, reader) {
  const values = valuesOf(said);
  return fill(readTemplate(WORDS[reader.language].form.after), (place) => tellPlace(place, values, reader), "");
}

/** Return what templates name, with what the reader's names know of it beside the body. */
function valuesFor(said, reader) {
  const values = valuesOf(said);
  if (said.kind !== WORDS.relabelled) {
    return values;
  }
  const before = reader.names(`${BEFORE}${written(values.get("item"))}/${written(values.get("label"))}`);
  return before === null ? values : new Map([...values, ["before", before]]);
}

/**
 * Return what a correction changes: the parts of both sentences, and the times, that differ; and why.
 * before: the statement that it takes the place of.
 */
function change(before, later, reader) {
  const { form } = WORDS[reader.language];
  const partsOf = (said) => [zoned(readInstant(said.occurredAt), reader), ...deedItself(said, reader).split(form.part)];
  const [old, now] = [before, later].map(partsOf);
  const without = (mine, other) => mine.filter((one) => !other.includes(one)).join(form.part) || form.none;
  return put(form.changed, { old: without(old, now), new: without(now, old) }) + after(later, reader);
}

/** Return what templates name: the members of the body, who says it, and who else signs. */
function valuesOf({ kind, body, signers, corrects, reason }) {
  const by = signers[0].party;
  const reference = body.get("reference");
  const authority = reference instanceof Map ? reference.get("issued_by") : null;
  const isNothing = !authority || authority.length === 0 || authority.size === 0;
  const signed = signers.map(({ party, meaning }) => new Map(Object.entries({ party, meaning })));
  const more = { by, authority: isNothing ? by : authority, signers: signed, kind, corrects, reason };
  return new Map([...body, ...Object.entries(more)]);
}

/** Return a place in words, or null where there is nothing to tell. */
function tellPlace({ sigil, path, word }, values, reader) {
  const found = path.length === 0 ? [values] : valuesAt(path, values);
  if (found.length === 0) {
    return null;
  }
  switch (sigil) {
    case "#":
      return String(found.length);
    case "!":
      return "";
    case "?": {
      const isNumber = found.length === 1 && ["number", "boolean"].includes(typeof found[0]);
      const [single, many = ""] = split(word, "/");
      return (isNumber ? Number(found[0]) : found.length) === 1 ? single : many;
    }
    case "+":
      return tellSum(found, reader);
  }
  const mine = path.length === 0 || reader.about === "" ? found : valuesAt(path, values, reader.about);
  if (sigil === "@") {
    return tellParts(mine, found, WORDS[reader.language].part[word], reader);
  }
  const tell = sigil === "=" ? (value) => reader.quote(written(value)) : (value) => tellValue(value, word, reader);
  return tellList(mine, found.length, tell, reader);
}

/** Return each value told by a template of its own; those that lack what it tells are passed over. */
function tellParts(mine, found, text, reader) {
  const template = readTemplate(text);
  const tell = (value) => {
    const values = value instanceof Map ? value : new Map();
    return fillOrNull(template, (place) => tellPlace(place, values, reader));
  };
  const [whole, number] = [mine, found].map((rows) => rows.filter((one) => tell(one) !== null));
  return tellList(whole, number.length, tell, reader);
}

function tellValue(value, table, reader) {
  if (value instanceof Map) {
    return amountWords(written(value.get("value")), written(value.get("unit")), reader);
  }
  const text = written(value);
  if (table !== "") {
    return codeWord(table, text, reader);
  }
  if (isTag(text) || STATEMENT_ID.test(text)) {
    return nameOf(text, reader);
  }
  const instant = readInstant(text);
  return instant === null ? reader.quote(text) : zoned(instant, reader);
}

/** Return the sum of amounts, for each unit; null if one is none. */
function tellSum(found, reader) {
  const sums = new Map();
  for (const one of found) {
    const number = one instanceof Map ? readDecimal(written(one.get("value"))) : null;
    if (number === null) {
      return null;
    }
    const unit = written(one.get("unit"));
    sums.set(unit, (sums.get(unit) ?? 0n) + number);
  }
  const tell = ([unit, number]) => amountWords(writeDecimal(number), unit, reader);
  return tellList([...sums], sums.size, tell, reader);
}

/**
 * Return values as one text: all of four, and of more the first three, and how many more there are. Where the one is told
 * that the reader asks about, that it is among them.
 */
function tellList(told, number, tell, reader) {
  if (told.length === 0) {
    return null;
  }
  const { form } = WORDS[reader.language];
  if (told.length < number && told.length === 1) {
    return put(form.among, { first: tell(told[0]) });
  }
  const texts = (told.length <= MOST ? told : told.slice(0, MOST - 1)).map(tell);
  if (number > texts.length) {
    return put(form.more, { first: texts.join(form.between), more: number - texts.length });
  }
  return texts.length > 1 ? texts.slice(0, -1).join(form.between) + form.last + texts.at(-1) : texts[0];
}

/**
 * Return what an id is called: its name, with what it is, or the id where it has none. Of a key, its beginning. The id of
 * a paper or a matter says in words what it is, and then what stands behind its colon.
 */
function nameOf(id, reader) {
  const name = reader.names(id);
  const short = id.replace(/^(key:[0-9a-f]{8})[0-9a-f]{56}$/, "$1…");
  const type = STATEMENT_ID.test(id) ? "statement" : split(id, ":")[0];
  if (name === null && !WORDS.saidTypes.includes(type)) {
    return short;
  }
  return put(WORDS[reader.language].named[type], { name: reader.quote(name ?? split(short, ":")[1]), id: short });
}

/** Return what a code of a table means; one of a party's own is said to be that, another without a word stands. */
function codeWord(table, code, reader) {
  const { unit, code: tables } = WORDS[reader.language];
  if (table === "unit") {
    return Object.hasOwn(unit, code) ? split(unit[code], "/")[0] : reader.quote(split(code, "/")[0]);
  }
  if (table === "agent") {
    return reader.names(`agent:${code}`) ?? unworded(code, reader.language, reader.quote);
  }
  const words = Object.hasOwn(tables, table) ? tables[table] : {};
  return Object.hasOwn(words, code) ? words[code] : unworded(code, reader.language, reader.quote);
}

/** Return a code that the table has no word for: one of a party's own is said to be that. quote: marks it. */
function unworded(code, language, quote = (text) => text) {
  return code.startsWith(WORDS.own) ? put(WORDS[language].form.own, { code: quote(code) }) : quote(code);
}

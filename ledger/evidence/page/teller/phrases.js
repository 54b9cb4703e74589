// ------------------------------------------------------------------------------------------------- findings in Chinese

// What the verifier finds is an English text, made where it is found. Here it is told by the phrases that leave the least
// of it untold; as ledger/words/phrasebook.py tells it on the command line.

const PHRASE_PLACE = /\{([a-z_0-9]+)(?::([a-z_-]+))?\}/g;
const AMOUNT_TEXT = /^([0-9]+(?:\.[0-9]+)?) (\S+)$/;
const LIST_ITEM = /^(?:([0-9]+)(?: to ([0-9]+))?|[a-z]+:[^\s,]+|--[^\s,]+|"[^"]*")$/; // what of a list may be anything but words
const BETWEEN = /, (?=(?:[^"]*"[^"]*")*[^"]*$)/; // what stands between two of a list, outside of quotes
const DEEPEST = 60; // how deep phrases may stand in phrases
const BOOKS = new Map();

/** Return a text of the program in a language that there are phrases in; what fits none as it is. */
function phraseTold(text, language) {
  if (!BOOKS.has(language)) {
    BOOKS.set(language, bookOf(WORDS.phrases[language] ?? {}, language));
  }
  const book = BOOKS.get(language);
  book.told.clear();
  return text.split("\n").map((line) => tellLine(book, line)).join("\n");
}

/** Return what failed a check: the rule and the member as they are, and the problem by its phrase. */
function findingTold(words, language) {
  const [, place, problem] = /^((?:[A-Z]{2,8}-[0-9]{2,3}: )?(?:[^\s:]+: )?)(.*)$/s.exec(words);
  return place.replaceAll(": ", WORDS[language].form.rule) + phraseTold(problem, language);
}

function bookOf(rows, language) {
  const phrases = Object.entries(rows).map(([english, other]) => phraseOf(english, other));
  const isWhole = ({ names }) => names.length === 0;
  const sorted = phrases.filter((one) => !isWhole(one)).sort((one, two) => {
    return two.isJoint - one.isJoint || two.own - one.own || one.words.length - two.words.length;
  });
  return { whole: new Map(phrases.filter(isWhole).map((one) => [one.english, one.other])), phrases: sorted, language, told: new Map() };
}

function phraseOf(english, other) {
  const shape = english.replace(PHRASE_PLACE, "\0").split("\0");
  const names = [...english.matchAll(PHRASE_PLACE)].map(([, name]) => name);
  const words = shape.filter((one) => one !== "");
  const own = words.join("").length;
  const isJoint = !/[A-Za-z]/.test(words.join(""));
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  let [form, before] = [escaped(shape[0]), shape[0].at(-1) ?? " "];
  names.forEach((name, at) => {
    const some = WORDS.bare.includes(name.replace(/[_0-9]+$/, "")) ? "\\S" : ".";
    form += `(${some}${before === " " ? "+" : "*"}?)${escaped(shape[at + 1])}`;
    before = shape[at + 1].at(-1) ?? "}";
  });
  return { english, other, names, words, own, isJoint, form: new RegExp(`^(?:${form})$`) };
}

function tellLine(book, line) {
  const core = line.replace(/^ +| +$/g, "");
  const told = tellPhrase(book, core, 0);
  return told === null ? line : " ".repeat(line.length - line.replace(/^ +/, "").length) + told.text;
}

/**
 * Return {text, own}: a text told by the phrase that leaves the least of it untold, of equals by one that joins, else by
 * that with more words; and how many of its characters are the program's own. null where it fits none.
 */
function tellPhrase(book, text, depth) {
  const key = `${depth} ${text}`;
  if (!book.told.has(key)) {
    book.told.set(key, bestPhrase(book, text, depth));
  }
  return book.told.get(key);
}

function bestPhrase(book, text, depth) {
  if (book.whole.has(text)) {
    return { text: book.whole.get(text), own: text.length };
  }
  const found = book.phrases.map((phrase) => fillPhrase(book, phrase, text, depth)).filter((told) => told !== null);
  return found.reduce((best, told) => (best === null || told.own > best.own ? told : best), null);
}

/** Return a phrase with what a text has in its places; null where it does not fit, or only joins what is not told. */
function fillPhrase(book, phrase, text, depth) {
  const match = phrase.words.every((words) => text.includes(words)) ? phrase.form.exec(text) : null;
  if (match === null) {
    return null;
  }
  const values = new Map(phrase.names.map((name, at) => [name, match[at + 1]]));
  const places = new Map();
  for (const [place, name, table = ""] of phrase.other.matchAll(PHRASE_PLACE)) {
    places.set(place, placeTold(book, values.get(name), table, depth + 1));
  }
  const told = [...places.values()];
  if (phrase.isJoint && told.some((one) => one.text.includes(" ") && one.own === 0)) {
    return null;
  }
  return { text: phrase.other.replace(PHRASE_PLACE, (place) => places.get(place).text), own: phrase.own + ownOf(told) };
}

function placeTold(book, value, table, depth) {
  const { unit, code, form } = WORDS[book.language];
  if (table === "unit") {
    return { text: split(unit[value] ?? value, "/")[0], own: 0 };
  }
  if (table === "listed") {
    const some = value.split(BETWEEN).map((one) => placeTold(book, one, "", depth));
    return { text: some.map(({ text }) => text).join(form.between), own: ownOf(some) };
  }
  if (table !== "" && table !== "phrase") {
    return { text: value.split(", ").map((one) => code[table]?.[one] ?? unworded(one, book.language)).join(form.between), own: 0 };
  }
  const listed = value.split(BETWEEN).map((one) => LIST_ITEM.exec(one));
  if ((listed.length > 1 || value.includes(" to ")) && listed.every((one) => one !== null)) {
    const spanned = ([whole, first, last]) => (last === undefined ? whole : put(form.span, { first, last }));
    return { text: listed.map(spanned).join(form.between), own: listed.length - 1 };
  }
  const amount = AMOUNT_TEXT.exec(value);
  if (amount !== null && Object.hasOwn(unit, amount[2])) {
    const told = amountWords(amount[1], amount[2], { language: book.language, quote: (text) => text });
    return { text: told, own: amount[2].length };
  }
  const isPhrase = depth < DEEPEST && (value.includes(" ") || table !== "");
  return (isPhrase ? tellPhrase(book, value.replace(/^ +| +$/g, ""), depth) : null) ?? { text: value, own: 0 };
}

function ownOf(told) {
  return told.reduce((sum, one) => sum + one.own, 0);
}

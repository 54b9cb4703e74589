// ------------------------------------------------------------------------------------------------- findings in Chinese

// What the verifier finds is an English text, made where it is found. Here it is told by the phrase that it fits with the
// most of its own words; as ledger/words/phrasebook.py tells it on the command line.

const PHRASE_PLACE = /\{([a-z_0-9]+)(?::([a-z_]+))?\}/g;
const AMOUNT_TEXT = /^([0-9]+(?:\.[0-9]+)?) (\S+)$/;
const BOOKS = new Map();

/** Return a text of the program in a language that there are phrases in; what fits none as it is. */
function phraseTold(text, language) {
  if (!BOOKS.has(language)) {
    BOOKS.set(language, bookOf(WORDS.phrases[language] ?? {}, language));
  }
  const book = BOOKS.get(language);
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
  const sorted = phrases.filter((one) => !isWhole(one)).sort((one, two) => two.own - one.own || one.words.length - two.words.length);
  return { whole: new Map(phrases.filter(isWhole).map((one) => [one.english, one.other])), phrases: sorted, language };
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
  const told = tellPhrase(book, core);
  return told === null ? line : " ".repeat(line.length - line.replace(/^ +/, "").length) + told;
}

function tellPhrase(book, text) {
  if (book.whole.has(text)) {
    return book.whole.get(text);
  }
  for (const phrase of book.phrases) {
    const told = fillPhrase(book, phrase, text);
    if (told !== null) {
      return told;
    }
  }
  return null;
}

/** Return a phrase with what a text has in its places; null where it does not fit, or only joins what is not told. */
function fillPhrase(book, phrase, text) {
  const match = phrase.words.every((words) => text.includes(words)) ? phrase.form.exec(text) : null;
  if (match === null) {
    return null;
  }
  const values = new Map(phrase.names.map((name, at) => [name, match[at + 1]]));
  if (phrase.isJoint && [...values.values()].some((value) => value.includes(" ") && placeTold(book, value, "") === value)) {
    return null;
  }
  return phrase.other.replace(PHRASE_PLACE, (_, name, table = "") => placeTold(book, values.get(name), table));
}

function placeTold(book, value, table) {
  const { unit, code, form } = WORDS[book.language];
  if (table === "unit") {
    return split(unit[value] ?? value, "/")[0];
  }
  if (table !== "" && table !== "phrase") {
    return value.split(", ").map((one) => code[table]?.[one] ?? one).join(form.between);
  }
  const amount = AMOUNT_TEXT.exec(value);
  if (amount !== null && Object.hasOwn(unit, amount[2])) {
    return amountWords(amount[1], amount[2], { language: book.language, quote: (text) => text });
  }
  return (value.includes(" ") || table !== "" ? tellPhrase(book, value.replace(/^ +| +$/g, "")) : null) ?? value;
}
